//! The originals of pictures: what a camera wrote into them tells who, where and when, so they open as an identity does.

use liangnuo_domain::{AttachmentId, OpeningId, RegionId, Timestamp, complaints::Complaint, policy::Action};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType},
};
use uuid::Uuid;

use super::{here, load, record_reading};
use crate::{
    attachments::{SUBJECT, of_case},
    callers::Caller,
    db::Store,
    entity::{
        attachments::{Column, Entity, Model},
        complaint_contacts, complaints,
    },
    error::StoreError,
    join::{join, join_in_order},
    names::unit_path,
    tx::{By, Tx},
    vault::files::{Part, file_key},
};

/// The pictures of a case whose original was kept.
pub(super) fn of(case: &Complaint) -> Condition {
    of_case(case.region, case.id).add(Column::OriginalObject.is_not_null())
}

/// Whether a case has a picture whose original was kept.
pub(super) async fn has_originals(tx: &Tx, case: &Complaint) -> Result<bool, StoreError> {
    Ok(Entity::find().filter(of(case)).count(tx.conn()).await? > 0)
}

/// The pictures of a case whose original was kept, until the transaction ends.
pub(super) async fn lock(tx: &Tx, case: &Complaint) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find()
        .filter(of(case))
        .lock(LockType::Update)
        .all(tx.conn())
        .await?)
}

/// Keeps no original of the case any more; what can be seen of its pictures stays.
pub(super) async fn forget(tx: &Tx, case: &Complaint) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::OriginalObject, Expr::value(None::<Uuid>))
        .filter(of(case))
        .exec(tx.conn())
        .await?;
    Ok(())
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
        caller.must_somewhere(Action::OpenIdentity)?;
        let row = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::Member(caller.actor.member), now).await?;
                let (opening, case) = load(&tx, &caller, id).await?;
                let path = unit_path(tx.conn(), case.region, case.unit).await?;
                tx.must(&caller, Action::OpenIdentity, here(&path, &case))?;
                let row = Entity::find_by_id((case.region.0, file.0))
                    .filter(of(&case))
                    .filter(Column::State.eq("ready"))
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

    /// Cases, of children or of others, that ended so long ago and have an original that nobody holds.
    pub(super) async fn originals_past_their_time(
        &self,
        region: RegionId,
        is_minor: bool,
        over: Timestamp,
        most: u64,
    ) -> Result<Vec<Uuid>, StoreError> {
        let ended = [
            (complaints::Column::RegionId, Column::RegionId),
            (complaints::Column::Id, Column::SubjectId),
        ];
        let held = [
            (complaint_contacts::Column::RegionId, Column::RegionId),
            (complaint_contacts::Column::ComplaintId, Column::SubjectId),
        ];
        let kept = join_in_order(Entity::find(), complaints::Entity, ended);
        Ok(join(kept, complaint_contacts::Entity, held)
            .select_only()
            .column(Column::SubjectId)
            .distinct()
            .filter(Column::RegionId.eq(region.0))
            .filter(Column::SubjectKind.eq(SUBJECT))
            .filter(Column::OriginalObject.is_not_null())
            .filter(complaint_contacts::Column::HeldAt.is_null())
            .filter(if is_minor {
                complaint_contacts::Column::Guardian.is_not_null()
            } else {
                complaint_contacts::Column::Guardian.is_null()
            })
            .filter(complaints::Column::EndedAt.lt(over.micros()))
            .limit(most)
            .into_tuple()
            .all(self.read())
            .await?)
    }
}
