//! The originals of pictures: what a camera wrote into them tells who, where and when, so they open as an identity does.

use liangnuo_domain::{AttachmentId, OpeningId, Timestamp, complaints::Complaint, policy::Action};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{here, load, record_reading};
use crate::{
    attachments::SUBJECT,
    callers::Caller,
    db::Store,
    entity::attachments,
    error::StoreError,
    names::unit_path,
    tx::{By, Tx},
    vault::files::{Part, file_key},
};

/// Whether a case has a picture whose original was kept.
pub(super) async fn has_originals(tx: &Tx, case: &Complaint) -> Result<bool, StoreError> {
    use attachments::Column;
    let kept = attachments::Entity::find()
        .filter(Column::RegionId.eq(case.region.0))
        .filter(Column::SubjectKind.eq(SUBJECT))
        .filter(Column::SubjectId.eq(case.id.0))
        .filter(Column::OriginalObject.is_not_null())
        .count(tx.conn())
        .await?;
    Ok(kept > 0)
}

impl Store {
    /// The original of a picture of a case, by a request about the case that was approved: its name and its bytes. Nothing is
    /// returned before the reading is in the log.
    ///
    /// # Errors
    /// Not found, forbidden, not approved, not theirs, past its time; [`StoreError::Objects`] when it can't be fetched.
    pub async fn read_original(
        &self,
        caller: Caller,
        id: OpeningId,
        file: AttachmentId,
        now: Timestamp,
    ) -> Result<(String, Vec<u8>), StoreError> {
        use attachments::Column;
        caller.must_somewhere(Action::OpenIdentity)?;
        let row = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::Member(caller.actor.member), now).await?;
                let (opening, case) = load(&tx, &caller, id).await?;
                let path = unit_path(tx.conn(), case.region, case.unit).await?;
                tx.must(&caller, Action::OpenIdentity, here(&path, &case))?;
                let row = attachments::Entity::find_by_id((case.region.0, file.0))
                    .filter(Column::SubjectKind.eq(SUBJECT))
                    .filter(Column::SubjectId.eq(case.id.0))
                    .filter(Column::State.eq("ready"))
                    .filter(Column::OriginalObject.is_not_null())
                    .one(tx.conn())
                    .await?
                    .ok_or(StoreError::NotFound)?;
                let next = opening.read(caller.actor.member, now)?;
                record_reading(&mut tx, &case, &next).await?;
                tx.commit().await?;
                Ok(row)
            })
            .await?;
        let key = file_key(self.read(), self.vault(), &row).await?;
        let object = row.original_object.ok_or(StoreError::NotFound)?;
        let sealed = self.objects().get(object).await?.ok_or(StoreError::Inconsistent {
            table: "attachments",
            column: "original_object",
        })?;
        Ok((key.name(&row)?, key.open(Part::Original, &sealed)?))
    }
}
