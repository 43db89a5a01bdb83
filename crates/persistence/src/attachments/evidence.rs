//! What members attach to a case they work on, and remove again: evidence, for the staff alone.

use liangnuo_domain::{
    AttachmentId, ComplaintId, Timestamp,
    attachments::{Media, nothing_to_attach},
    complaints::{self, Complaint},
    policy::Action,
};
use sea_orm::{EntityTrait, QueryFilter, QuerySelect, sea_query::LockType};

use super::{AttachmentList, Claim, bind, rows, uploads::delete};
use crate::{
    callers::Caller,
    complaints::{open_case, save},
    db::Store,
    entity::{attachments::Entity, complaints as table},
    error::StoreError,
    idempotency::{IdempotencyKey, Replay},
    tx::{By, Tx},
};

impl Store {
    /// Attaches files that the caller sent to a case: all of them or none. What it has then; `true` if the same request was done
    /// before.
    ///
    /// # Errors
    /// Not found, forbidden, stale, an ended case, no file, a file that is not there or not the caller's, too many of them.
    pub async fn attach(
        &self,
        caller: Caller,
        (case, expected): (ComplaintId, i64),
        claims: Vec<Claim>,
        key: IdempotencyKey,
        now: Timestamp,
    ) -> Result<(AttachmentList, bool), StoreError> {
        let by = caller.clone();
        let is_replay = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
                if let Replay::Done(_) = key.claim(&tx, case.0).await? {
                    tx.rollback().await?;
                    return Ok(true);
                }
                let case = locked(&mut tx, &by, case, expected).await?;
                if claims.is_empty() {
                    return Err(nothing_to_attach().into());
                }
                bind(&mut tx, &case, &claims, Some(by.actor.member)).await?;
                tx.commit().await?;
                Ok(false)
            })
            .await?;
        Ok((self.attachments(&caller, case).await?, is_replay))
    }

    /// Removes a file that the caller attached; its content is gone then. What the case has left.
    ///
    /// # Errors
    /// Not found, forbidden, stale, an ended case, another's file, a reason that is missing.
    pub async fn remove_attachment(
        &self,
        caller: Caller,
        (case, expected): (ComplaintId, i64),
        file: AttachmentId,
        reason: String,
        now: Timestamp,
    ) -> Result<AttachmentList, StoreError> {
        let by = caller.clone();
        let gone = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
                let case = locked(&mut tx, &by, case, expected).await?;
                let row = Entity::find_by_id((case.region.0, file.0))
                    .filter(rows::of_case(case.region, case.id))
                    .lock(LockType::Update)
                    .one(tx.conn())
                    .await?
                    .ok_or(StoreError::NotFound)?;
                if row.uploaded_by != Some(by.actor.member.0) {
                    return Err(StoreError::Forbidden);
                }
                let kind = rows::media(&row)?.map(Media::kind);
                let step = complaints::remove_attachment(&case, (file, kind), &reason)?;
                delete(&tx, &row).await?;
                save::record(&mut tx, &step);
                tx.commit().await?;
                Ok(row)
            })
            .await?;
        self.delete_objects(&gone).await;
        self.attachments(&caller, case).await
    }
}

/// A case to attach files to, which waits for whoever attaches some at this moment: together they are not too many.
async fn locked(tx: &mut Tx, caller: &Caller, id: ComplaintId, expected: i64) -> Result<Complaint, StoreError> {
    table::Entity::find_by_id((caller.actor.region.0, id.0))
        .lock(LockType::Update)
        .one(tx.conn())
        .await?;
    let (case, _) = open_case(tx, caller, id, Action::AttachToComplaint, expected).await?;
    Ok(case)
}
