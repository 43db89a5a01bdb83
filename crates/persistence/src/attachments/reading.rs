//! What is attached to a case, for who may read the case; its content is given out once the reading is in the log.

use std::collections::HashMap;

use liangnuo_domain::{
    AttachmentId, ComplaintId, MemberId, RegionId, Timestamp, UnitId,
    attachments::{AttachmentState, Media, saved_name},
    complaints::Complaint,
    events::Subject,
    policy::{Action, Resource},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use super::{Attachment, rows};
use crate::{
    callers::Caller,
    complaints::rows as cases,
    db::Store,
    entity::attachments::{Column, Entity, Model},
    error::StoreError,
    events::NewEvent,
    names::MemberName,
    tx::By,
    vault::files::{Part, file_key},
};

/// What is attached to a case, in the order in which it was.
#[derive(Clone, Debug, Default)]
pub struct AttachmentList {
    /// The files.
    pub files: Vec<Attachment>,
    /// Names of the members who attached some.
    pub members: HashMap<MemberId, MemberName>,
}

/// The content of a file.
#[derive(Clone, PartialEq, Eq)]
pub struct FileContent {
    /// What it is called where it is saved.
    pub name: String,
    /// What it is.
    pub media: Media,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl std::fmt::Debug for FileContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("FileContent").field(&self.media).finish()
    }
}

impl Store {
    /// What is attached to a case.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is no such case, or the caller may not know of it.
    pub async fn attachments(&self, caller: &Caller, case: ComplaintId) -> Result<AttachmentList, StoreError> {
        let case = self.case_to_read(caller, case).await?;
        let files = self.attachments_of(case.region, case.id).await?;
        let by = files.iter().filter_map(|file| file.uploaded_by);
        let members = self.member_names(case.region, by.collect::<Vec<_>>()).await?;
        Ok(AttachmentList { files, members })
    }

    /// What is attached to a case that the caller was shown.
    pub(crate) async fn attachments_of(
        &self,
        region: RegionId,
        case: ComplaintId,
    ) -> Result<Vec<Attachment>, StoreError> {
        let rows = Entity::find()
            .filter(rows::of_case(region, case))
            .order_by_asc(Column::Position)
            .order_by_asc(Column::Id)
            .all(self.read())
            .await?;
        let mut files = Vec::with_capacity(rows.len());
        for row in rows {
            let name = file_key(self.read(), self.vault(), &row).await?.name(&row)?;
            files.push(rows::attachment(&row, name)?);
        }
        Ok(files)
    }

    /// How many files of the caller's county wait for the scanner. Asked by whoever keeps the county's settings.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`].
    pub async fn files_waiting(&self, caller: &Caller) -> Result<i64, StoreError> {
        caller.must_edit_settings()?;
        let waiting = Entity::find()
            .filter(Column::RegionId.eq(caller.actor.region.0))
            .filter(Column::State.eq(AttachmentState::Quarantined.code()))
            .count(self.read())
            .await?;
        Ok(i64::try_from(waiting).unwrap_or(i64::MAX))
    }

    /// The content of a file of a case. That it was read is in the log before anything is given out, once an hour for each member.
    ///
    /// # Errors
    /// Not found, also while it waits for the scanner; [`StoreError::Objects`] when it can't be fetched.
    pub async fn read_attachment(
        &self,
        caller: &Caller,
        case: ComplaintId,
        id: AttachmentId,
        now: Timestamp,
    ) -> Result<FileContent, StoreError> {
        let case = self.case_to_read(caller, case).await?;
        let row = Entity::find_by_id((case.region.0, id.0))
            .filter(rows::of_case(case.region, case.id))
            .filter(Column::State.eq(AttachmentState::Ready.code()))
            .one(self.read())
            .await?
            .ok_or(StoreError::NotFound)?;
        let key = file_key(self.read(), self.vault(), &row).await?;
        let object = row.object.ok_or(rows::inconsistent("object"))?;
        let content = self.fetch(&key, object, Part::Content).await?;
        let media = rows::media(&row)?.ok_or(rows::inconsistent("media"))?;
        self.note_reading(caller.actor.member, &case, &row, media, now).await?;
        Ok(FileContent {
            name: saved_name(&key.name(&row)?, media),
            media,
            content,
        })
    }

    async fn case_to_read(&self, caller: &Caller, id: ComplaintId) -> Result<Complaint, StoreError> {
        let case = cases::load_visible(self.read(), &caller.visible, id.0).await?;
        let case = case.ok_or(StoreError::NotFound)?;
        let line = self.unit_line(case.region, case.unit).await?;
        let path: Vec<UnitId> = line.iter().map(|unit| unit.id).collect();
        let resource = Resource::Complaint {
            path: &path,
            is_sealed: case.is_sealed,
            is_excluded: false,
        };
        caller.must(Action::ViewComplaint, resource)?;
        Ok(case)
    }

    async fn note_reading(
        &self,
        member: MemberId,
        case: &Complaint,
        row: &Model,
        media: Media,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let detail = json!({"attachment": row.id, "file_kind": media.kind().code()});
        let event = NewEvent::new(case.region, Subject::Complaints, case.id.0, "attachment_read", detail);
        let event = NewEvent {
            once: Some(reading_id(member, row.id, now)),
            ..event.in_unit(case.unit)
        };
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(member), now).await?;
            tx.record(event);
            tx.commit().await
        })
        .await
    }
}

/// The same for every reading of a file by a member within an hour: a page that is opened again is no further event.
fn reading_id(member: MemberId, file: Uuid, now: Timestamp) -> Uuid {
    const MICROS_PER_HOUR: i64 = 3_600_000_000;
    let hour = now.micros().div_euclid(MICROS_PER_HOUR) * MICROS_PER_HOUR;
    let hash = Sha256::new().chain_update(member.0).chain_update(file).finalize();
    let mut rest = [0; 10];
    rest.iter_mut().zip(hash).for_each(|(byte, hashed)| *byte = hashed);
    Builder::from_unix_timestamp_millis(u64::try_from(hour / 1_000).unwrap_or(0), &rest).into_uuid()
}
