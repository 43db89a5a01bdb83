//! What becomes of a file that is whole: it is looked at and kept, or refused; where there is a scanner, it waits for that.

use liangnuo_domain::{
    Timestamp,
    attachments::{AttachmentState, FileId, FileRefusal, Media},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use uuid::Uuid;

use super::{rows, uploads::delete_pieces};
use crate::{
    db::Store,
    entity::{
        attachment_pieces,
        attachments::{Column, Entity, Model},
        complaints,
    },
    error::StoreError,
    events::{NewEvent, Subject},
    tx::{By, Tx, Unlogged},
    vault::files::{FileKey, Part, file_key},
};

/// What is kept of a file.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// What it is.
    pub media: Media,
    /// Its content.
    pub content: Vec<u8>,
    /// Width and height of a picture.
    pub pixels: Option<(u32, u32)>,
    /// The file as it came, where that is something else and shall be kept.
    pub original: Option<Vec<u8>>,
}

impl std::fmt::Debug for KeptFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("KeptFile").field(&self.media).finish()
    }
}

/// What the scanner says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scan {
    /// It found nothing.
    Clean,
    /// It found something.
    Infected,
    /// It did not answer: the file waits on.
    Silent,
}

/// A file that waits for the scanner.
#[derive(Clone, PartialEq, Eq)]
pub struct ToScan {
    /// Everything that is kept of it.
    pub contents: Vec<Vec<u8>>,
    /// How often the scanner did not answer.
    pub scans: i32,
}

impl std::fmt::Debug for ToScan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ToScan")
            .field("scans", &self.scans)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// The bytes of a file that is whole and was not looked at, and whether they shall be kept as they are; `None` for any other.
    ///
    /// # Errors
    /// When the database does not answer; pieces that were tampered with.
    pub async fn file_to_check(&self, file: FileId) -> Result<Option<(Vec<u8>, bool)>, StoreError> {
        let Some(row) = self.row_in(file, AttachmentState::Processing).await? else {
            return Ok(None);
        };
        let key = file_key(self.read(), self.vault(), &row).await?;
        let pieces = attachment_pieces::Entity::find()
            .filter(attachment_pieces::Column::RegionId.eq(file.region.0))
            .filter(attachment_pieces::Column::AttachmentId.eq(file.id.0))
            .order_by_asc(attachment_pieces::Column::Position)
            .all(self.read())
            .await?;
        let mut content = Vec::new();
        for piece in pieces {
            content.extend(key.open(Part::Piece(piece.position), &piece.content)?);
        }
        Ok(Some((content, row.keeps_original)))
    }

    /// Keeps what was made of a file, or writes down why it can't be taken. What came in pieces is gone then. `is_scanned`: it
    /// waits for the scanner before anybody may read it.
    ///
    /// # Errors
    /// [`StoreError::Objects`] if it can't be kept: the file stays whole and is looked at again.
    pub async fn settle_file(
        &self,
        file: FileId,
        outcome: Result<KeptFile, FileRefusal>,
        is_scanned: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(row) = self.row_in(file, AttachmentState::Processing).await? else {
            return Ok(());
        };
        let next = match outcome {
            Ok(kept) => {
                let key = file_key(self.read(), self.vault(), &row).await?;
                let state = if is_scanned {
                    AttachmentState::Quarantined
                } else {
                    AttachmentState::Ready
                };
                let object = self.put_sealed(&key, Part::Content, &kept.content).await?;
                let original = match &kept.original {
                    Some(original) => Some(self.put_sealed(&key, Part::Original, original).await?),
                    None => None,
                };
                let side = |side: u32| i32::try_from(side).ok();
                Model {
                    state: state.code().to_owned(),
                    media: Some(kept.media.code().to_owned()),
                    content_size: i64::try_from(kept.content.len()).ok(),
                    width: kept.pixels.and_then(|(width, _)| side(width)),
                    height: kept.pixels.and_then(|(_, height)| side(height)),
                    object: Some(object),
                    original_object: original,
                    ..row
                }
            }
            Err(refusal) => Model {
                state: AttachmentState::Refused.code().to_owned(),
                refusal: Some(refusal.code().to_owned()),
                ..row
            },
        };
        let is_kept = self.write_settled(next.clone(), AttachmentState::Processing, now).await;
        // Taken back meanwhile, settled by another process, or not written at all.
        if !matches!(is_kept, Ok(true)) {
            self.delete_objects(&next).await;
        }
        is_kept.map(|_| ())
    }

    async fn put_sealed(&self, key: &FileKey, part: Part, content: &[u8]) -> Result<Uuid, StoreError> {
        let name = self.ids().v4();
        self.objects().put(name, key.seal(self.ids(), part, content)?).await?;
        Ok(name)
    }

    /// A file that waits for the scanner; `None` for any other.
    ///
    /// # Errors
    /// When database or store do not answer.
    pub async fn file_to_scan(&self, file: FileId) -> Result<Option<ToScan>, StoreError> {
        let Some(row) = self.row_in(file, AttachmentState::Quarantined).await? else {
            return Ok(None);
        };
        let key = file_key(self.read(), self.vault(), &row).await?;
        let mut contents = Vec::new();
        for (object, part) in [(row.object, Part::Content), (row.original_object, Part::Original)] {
            if let Some(object) = object {
                contents.push(self.fetch(&key, object, part).await?);
            }
        }
        Ok(Some(ToScan {
            contents,
            scans: row.scans,
        }))
    }

    /// The content of an object that a row names.
    ///
    /// # Errors
    /// When the store does not answer; an object that is not there or was tampered with.
    pub(super) async fn fetch(&self, key: &FileKey, object: Uuid, part: Part) -> Result<Vec<u8>, StoreError> {
        let sealed = self.objects().get(object).await?;
        key.open(part, &sealed.ok_or(rows::inconsistent("object"))?)
    }

    /// Writes down what the scanner said. What it found something in is erased at once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn settle_scan(&self, file: FileId, scan: Scan, now: Timestamp) -> Result<(), StoreError> {
        let Some(row) = self.row_in(file, AttachmentState::Quarantined).await? else {
            return Ok(());
        };
        let before = row.clone();
        let next = match scan {
            Scan::Clean => Model {
                state: AttachmentState::Ready.code().to_owned(),
                ..row
            },
            Scan::Infected => Model {
                state: AttachmentState::Infected.code().to_owned(),
                object: None,
                original_object: None,
                ..row
            },
            Scan::Silent => Model {
                scans: row.scans.saturating_add(1),
                ..row
            },
        };
        let is_written = self.write_settled(next, AttachmentState::Quarantined, now).await?;
        if is_written && scan == Scan::Infected {
            self.delete_objects(&before).await;
        }
        Ok(())
    }

    async fn row_in(&self, file: FileId, state: AttachmentState) -> Result<Option<Model>, StoreError> {
        Ok(Entity::find_by_id((file.region.0, file.id.0))
            .filter(Column::State.eq(state.code()))
            .one(self.read())
            .await?)
    }

    /// Writes a row that was in a state, if it still is.
    async fn write_settled(&self, next: Model, was: AttachmentState, now: Timestamp) -> Result<bool, StoreError> {
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            let changed = Entity::update_many()
                .col_expr(Column::State, Expr::value(next.state.clone()))
                .col_expr(Column::Refusal, Expr::value(next.refusal.clone()))
                .col_expr(Column::Media, Expr::value(next.media.clone()))
                .col_expr(Column::ContentSize, Expr::value(next.content_size))
                .col_expr(Column::Width, Expr::value(next.width))
                .col_expr(Column::Height, Expr::value(next.height))
                .col_expr(Column::Object, Expr::value(next.object))
                .col_expr(Column::OriginalObject, Expr::value(next.original_object))
                .col_expr(Column::Scans, Expr::value(next.scans))
                .filter(Column::RegionId.eq(next.region_id))
                .filter(Column::Id.eq(next.id))
                .filter(Column::State.eq(was.code()))
                .exec(tx.conn())
                .await?;
            if changed.rows_affected != 1 {
                tx.rollback().await?;
                return Ok(false);
            }
            if was == AttachmentState::Processing {
                delete_pieces(&tx, &next).await?;
            }
            if note(&mut tx, &next).await? {
                tx.commit().await?;
            } else {
                tx.commit_unlogged(Unlogged::Uploads).await?;
            }
            Ok(true)
        })
        .await
    }
}

/// Notes in the log of the case that a file is gone that was attached to it. Read within the transaction: it may have been
/// attached a moment ago.
async fn note(tx: &mut Tx, settled: &Model) -> Result<bool, StoreError> {
    let code = match rows::state(settled)? {
        AttachmentState::Refused => "attachment_refused",
        AttachmentState::Infected => "attachment_infected",
        _ => return Ok(false),
    };
    let row = Entity::find_by_id((settled.region_id, settled.id))
        .one(tx.conn())
        .await?;
    let Some(case) = row.and_then(|row| row.subject_id) else {
        return Ok(false);
    };
    let held = complaints::Entity::find_by_id((settled.region_id, case))
        .one(tx.conn())
        .await?;
    let unit = held.ok_or(rows::inconsistent("subject_id"))?.unit_id;
    let region = rows::id_of(settled).region;
    let detail = serde_json::json!({"refusal": settled.refusal});
    tx.record(NewEvent::new(region, Subject::Complaints, case, code, detail).in_unit(liangnuo_domain::UnitId(unit)));
    Ok(true)
}
