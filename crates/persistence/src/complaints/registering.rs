//! What a member types in for somebody who called, came, wrote a letter or an e-mail: the same case as the public files,
//! with the member as its actor.

use std::sync::Arc;

use liangnuo_domain::{
    ComplaintId, RegionId, Timestamp, UnitId,
    complaints::{self, Arrival, Kind, Step},
    policy::{Action, Resource},
};

use super::{
    filing::{Filed, NewCase, check_place},
    rows, save,
};
use crate::{
    callers::Caller,
    db::Store,
    error::StoreError,
    idempotency::{IdempotencyKey, Replay},
    names::unit_path,
    notices,
    tx::Tx,
};

/// A case that a member took down, now or by the same request before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// What the complainant is told.
    pub filed: Filed,
    /// The case's version, if the member may open it: neither a report nor a case held outside their scope.
    pub version: Option<i64>,
}

impl Store {
    /// Takes a case down for somebody: rights, idempotency, number, row, parts, events in one transaction.
    ///
    /// The case goes to the unit it is about if the caller sees that unit's cases, else to the root's desk, which knows
    /// whose it is: nobody puts work on the desk of a unit that is none of theirs.
    ///
    /// # Errors
    /// Forbidden, [`StoreError::KeyReused`], fields that can't be taken.
    pub async fn register_complaint(
        &self,
        caller: Caller,
        new: NewCase,
        arrival: Arrival,
        key: IdempotencyKey,
        now: Timestamp,
    ) -> Result<Registered, StoreError> {
        let region = caller.actor.region;
        let is_sealed = new.filing.kind == Kind::Report;
        // Before a number is taken.
        let doer = caller.must(Action::RegisterComplaint, Resource::NewComplaint { is_sealed })?;
        let number = self.next_number(region, now.year()).await?;
        let rules = self.rules(region).await?;
        let known_rules = Arc::clone(&rules);
        let by = caller.clone();
        let outcome = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(doer.into(), now).await?;
                if let Replay::Done(id) = key.claim(&tx, new.id.0).await? {
                    tx.rollback().await?;
                    return Ok(Err(ComplaintId(id)));
                }
                let about = check_place(&tx, region, &new.filing).await?;
                let desk = desk_for(&tx, &by, region, about).await?;
                let filed = complaints::register(new.filing, arrival, new.id, region, desk, number)?;
                let step = Step {
                    next: filed.next.promised(&known_rules),
                    ..filed
                };
                let beside = save::Beside {
                    receipt_hash: new.receipt_hash,
                    contact: new.contact,
                    contact_erased_at: None,
                    author_hash: None,
                };
                save::insert(&mut tx, &known_rules, &step, beside).await?;
                notices::tell(&tx, &step.next, &step, tx.by(), now).await?;
                tx.commit().await?;
                Ok(Ok(step.next))
            })
            .await?;
        let filed = self.filed(region, outcome, &rules).await?;
        let seen = rows::load_visible(self.read(), &caller.visible, filed.id.0).await?;
        Ok(Registered {
            version: seen.map(|case| case.version),
            filed,
        })
    }
}

/// Who holds the case first.
async fn desk_for(tx: &Tx, by: &Caller, region: RegionId, about: UnitId) -> Result<UnitId, StoreError> {
    let path = unit_path(tx.conn(), region, about).await?;
    let resource = Resource::Complaint {
        path: &path,
        is_sealed: false,
        is_excluded: false,
    };
    let is_within = by.must(Action::ViewComplaint, resource).is_ok();
    Ok(if is_within { about } else { region })
}
