//! Files on their way: announced, sent piece by piece, taken back.

use liangnuo_domain::{
    AttachmentId, Invalid, MemberId, RegionId, Timestamp,
    attachments::{AttachedBy, AttachmentState, FileId, PIECE_MAX, UNBOUND_MAX},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::{TOPIC, Upload, rows};
use crate::{
    complaints::Proof,
    db::Store,
    entity::{
        attachment_pieces,
        attachments::{ActiveModel, Column, Entity, Model},
    },
    error::StoreError,
    idempotency::{IdempotencyKey, Replay},
    tx::{By, Tx, Unlogged},
    vault::{self, files::Part},
};

/// A file that is announced.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// Its id, made beforehand since its token follows from it.
    pub id: AttachmentId,
    /// The county.
    pub region: RegionId,
    /// The hash of its token.
    pub token_hash: Vec<u8>,
    /// The member who announces it; nobody of the public.
    pub uploaded_by: Option<MemberId>,
    /// What it is called.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// The file as it came is kept, too.
    pub keeps_original: bool,
}

impl Store {
    /// Announces a file. `true` beside it if the same request was done before. A proof of work is asked of the public.
    ///
    /// # Errors
    /// [`StoreError::ChallengeSpent`], [`StoreError::KeyReused`], [`StoreError::Busy`] while too much belongs to nothing.
    pub async fn begin_upload(
        &self,
        new: NewUpload,
        key: IdempotencyKey,
        proof: Option<Proof>,
        now: Timestamp,
    ) -> Result<(Upload, bool), StoreError> {
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            let file = FileId {
                region: new.region,
                id: new.id,
            };
            if let Replay::Done(known) = key.claim(&tx, new.id.0).await? {
                tx.rollback().await?;
                let row = Entity::find_by_id((file.region.0, known))
                    .one(writer.store().read())
                    .await?;
                return Ok((rows::upload(&row.ok_or(StoreError::NotFound)?)?, true));
            }
            if new.uploaded_by.is_none() {
                Proof::spend(proof, &tx).await?;
            }
            check_room(&tx, &new).await?;
            let row = insert(&tx, file, new).await?;
            tx.commit_unlogged(Unlogged::Uploads).await?;
            Ok((rows::upload(&row)?, false))
        })
        .await
    }

    /// Where a file on its way stands.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for any other token, and once it is attached to something or has expired.
    pub async fn upload(&self, file: FileId, token_hash: &[u8], now: Timestamp) -> Result<Upload, StoreError> {
        let row = Entity::find()
            .filter(rows::held(file, token_hash, now))
            .one(self.read())
            .await?;
        rows::upload(&row.ok_or(StoreError::NotFound)?)
    }

    /// Takes a piece of a file that begins at an offset. With the last one the file is whole, and the outbox has it looked at.
    ///
    /// # Errors
    /// Not found; [`StoreError::Offset`] if the piece begins anywhere but where the file ends so far; more bytes than announced.
    pub async fn keep_piece(
        &self,
        file: FileId,
        token_hash: Vec<u8>,
        offset: i64,
        piece: Vec<u8>,
        now: Timestamp,
    ) -> Result<Upload, StoreError> {
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            let row = rows::lock(&tx, file, &token_hash).await?;
            if row.received != offset || row.state != AttachmentState::Receiving.code() {
                return Err(StoreError::Offset { is: row.received });
            }
            let received = row.received + i64::try_from(piece.len()).unwrap_or(i64::MAX);
            if piece.is_empty() || piece.len() > PIECE_MAX || received > row.size {
                return Err(too_long().into());
            }
            let key = vault::files::file_key(tx.conn(), tx.vault(), &row).await?;
            let kept = attachment_pieces::ActiveModel {
                region_id: Set(file.region.0),
                attachment_id: Set(file.id.0),
                position: Set(offset),
                content: Set(key.seal(tx.ids(), Part::Piece(offset), &piece)?),
            };
            attachment_pieces::Entity::insert(kept)
                .exec_without_returning(tx.conn())
                .await?;
            let is_whole = received == row.size;
            let next = if is_whole {
                AttachmentState::Processing
            } else {
                AttachmentState::Receiving
            };
            Entity::update_many()
                .col_expr(Column::Received, Expr::value(received))
                .col_expr(Column::State, Expr::value(next.code()))
                .filter(Column::RegionId.eq(file.region.0))
                .filter(Column::Id.eq(file.id.0))
                .exec(tx.conn())
                .await?;
            if is_whole {
                tx.deliver(file.region, TOPIC, file.id.0);
            }
            let after = Model {
                received,
                state: next.code().to_owned(),
                ..row
            };
            tx.commit_unlogged(Unlogged::Uploads).await?;
            rows::upload(&after)
        })
        .await
    }

    /// Takes a file back that belongs to nothing yet.
    ///
    /// # Errors
    /// Not found.
    pub async fn discard_upload(&self, file: FileId, token_hash: Vec<u8>, now: Timestamp) -> Result<(), StoreError> {
        let gone = self
            .write(move |writer| async move {
                let tx = writer.begin_write(By::System, now).await?;
                let row = rows::lock(&tx, file, &token_hash).await?;
                delete(&tx, &row).await?;
                tx.commit_unlogged(Unlogged::Uploads).await?;
                Ok(row)
            })
            .await?;
        self.delete_objects(&gone).await;
        Ok(())
    }

    /// Deletes the objects of a row that is gone.
    pub(super) async fn delete_objects(&self, row: &Model) {
        self.delete_unnamed([row.object, row.original_object].into_iter().flatten())
            .await;
    }

    /// Deletes objects that no row names any more. What can't be deleted now is left to the sweep.
    pub(crate) async fn delete_unnamed(&self, objects: impl Iterator<Item = Uuid>) {
        for object in objects {
            let _ = self.objects().delete(object).await;
        }
    }
}

fn too_long() -> Invalid {
    Invalid::one(
        "",
        "too_large",
        "传来的内容与文件大小不符，或一次传得太多。",
        "These are more bytes than the file was announced with, or than are taken at once.",
    )
}

/// What strangers can fill is not what the staff need.
async fn check_room(tx: &Tx, new: &NewUpload) -> Result<(), StoreError> {
    let unbound: Option<Option<i64>> = Entity::find()
        .select_only()
        .column_as(Expr::col(Column::Size).sum().cast_as("BIGINT"), "bytes")
        .filter(Column::SubjectId.is_null())
        .filter(rows::is_staffs(new.uploaded_by.is_some()))
        .into_tuple()
        .one(tx.conn())
        .await?;
    let unbound = u64::try_from(unbound.flatten().unwrap_or(0)).unwrap_or(0);
    if unbound + new.size > UNBOUND_MAX {
        return Err(StoreError::Busy(DbErr::Custom(
            "too many files belong to nothing".to_owned(),
        )));
    }
    Ok(())
}

async fn insert(tx: &Tx, file: FileId, new: NewUpload) -> Result<Model, StoreError> {
    let wrapping = vault::newest(tx).await?;
    let (key, row_key) = wrapping.new_file_key(tx.ids(), file)?;
    let source = match new.uploaded_by {
        Some(_) => AttachedBy::Staff,
        None => AttachedBy::Complainant,
    };
    let row = Model {
        region_id: file.region.0,
        id: file.id.0,
        subject_kind: None,
        subject_id: None,
        position: 0,
        source: source.code().to_owned(),
        uploaded_by: new.uploaded_by.map(|member| member.0),
        token_hash: Some(new.token_hash),
        state: AttachmentState::Receiving.code().to_owned(),
        refusal: None,
        size: i64::try_from(new.size).unwrap_or(i64::MAX),
        received: 0,
        media: None,
        content_size: None,
        width: None,
        height: None,
        name: key.seal(tx.ids(), Part::Name, new.name.as_bytes())?,
        row_key,
        key_id: wrapping.id(),
        keeps_original: new.keeps_original,
        object: None,
        original_object: None,
        scans: 0,
        created_at: tx.now().micros(),
    };
    let written = ActiveModel::from(row.clone()).reset_all();
    Entity::insert(written).exec_without_returning(tx.conn()).await?;
    Ok(row)
}

/// Deletes a row with its pieces.
pub(super) async fn delete(tx: &Tx, row: &Model) -> Result<(), StoreError> {
    delete_pieces(tx, row).await?;
    Entity::delete_by_id((row.region_id, row.id)).exec(tx.conn()).await?;
    Ok(())
}

pub(super) async fn delete_pieces(tx: &Tx, row: &Model) -> Result<(), StoreError> {
    attachment_pieces::Entity::delete_many()
        .filter(attachment_pieces::Column::RegionId.eq(row.region_id))
        .filter(attachment_pieces::Column::AttachmentId.eq(row.id))
        .exec(tx.conn())
        .await?;
    Ok(())
}
