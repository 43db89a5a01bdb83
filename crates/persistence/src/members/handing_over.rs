//! What a member who leaves is responsible for, and how it goes to somebody else.

use liangnuo_domain::{
    Invalid, MemberId, Timestamp, UnitId,
    members::{self as rules, Event, Member},
    policy::{Action, GRANT_READERS, Resource},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, sea_query::LockType};

use super::{MemberView, close_record, load, open_member, update};
use crate::{
    callers::Caller,
    complaints::{self, CasesHandedOver},
    db::Store,
    entity::{members, role_grants as grants},
    error::StoreError,
    names::unit_path,
    role_grants::{HeldRole, in_force},
    settings::{self, Turns},
    tx::{By, Tx},
};

/// What a member holds, as far as the caller may know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// Open cases.
    pub cases: u64,
    /// Open cases that the caller does not see; told to who may close the record, for these stand in the way of it.
    pub other_cases: Option<u64>,
    /// Open cases that the member supervises.
    pub supervised_cases: u64,
    /// Roles in force.
    pub roles: Vec<HeldRole>,
    /// How many deputies stand in for the member now; told to who looks after roles.
    pub deputies: Option<u64>,
    /// Turns of duty that are not over.
    pub duty_turns: usize,
    /// The record's version.
    pub version: i64,
}

/// What is handed over, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// Who takes over.
    pub to: MemberId,
    /// Why; stands with each case, too.
    pub reason: String,
    /// Whether the record is closed with it, if nothing stands in the way.
    pub closes_record: bool,
    /// Whether to look only: everything is tried and nothing is kept.
    pub is_dry_run: bool,
}

/// Why something else than a case stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptBack {
    /// The caller has no right to it.
    NotYours,
    /// The other one can't have it.
    NotAble,
    /// Open cases that are left stand in the way.
    OpenCases,
}

/// What came of a hand-over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOver {
    /// Cases that the caller sees.
    pub cases: CasesHandedOver,
    /// Open cases that the caller does not see, which stay; told as in [`Holdings`].
    pub other_cases: Option<u64>,
    /// Turns of duty, and why they stay if they do.
    pub duty_turns: (usize, Option<KeptBack>),
    /// Whether the record was closed; why not, if it was to be.
    pub record: Result<bool, KeptBack>,
}

fn unknown() -> StoreError {
    Invalid::one(
        "/to_member_id",
        "unknown_member",
        "找不到这位成员，或不在您的管理范围内。",
        "There is no such member, or they are outside your scope.",
    )
    .into()
}

/// Somebody who has not left and whom the caller may know of. They do not leave until the transaction ends.
async fn hold_successor(tx: &Tx, caller: &Caller, id: MemberId) -> Result<(), StoreError> {
    let row = members::Entity::find_by_id((caller.actor.region.0, id.0))
        .lock(LockType::Share)
        .one(tx.conn())
        .await?
        .filter(|row| row.closed_at.is_none())
        .ok_or_else(unknown)?;
    let path = unit_path(tx.conn(), caller.actor.region, UnitId(row.unit_id)).await?;
    let member = Resource::Member {
        member: id,
        path: &path,
    };
    caller.must(Action::ViewMember, member).map_err(|_hidden| unknown())?;
    Ok(())
}

/// Whether the caller may close the record, and so learns of whatever stands in the way.
fn may_close(caller: &Caller, member: MemberId, path: &[UnitId]) -> bool {
    caller
        .must(Action::CloseMember, Resource::Member { member, path })
        .is_ok()
}

impl Store {
    /// What a member holds.
    ///
    /// # Errors
    /// Not found, forbidden.
    pub async fn holdings(&self, caller: &Caller, id: MemberId, now: Timestamp) -> Result<Holdings, StoreError> {
        let region = caller.actor.region;
        let member = load(self.read(), region, id).await?.ok_or(StoreError::NotFound)?;
        let path = unit_path(self.read(), region, member.unit).await?;
        let resource = Resource::Member {
            member: id,
            path: &path,
        };
        caller.must(Action::HandOverMember, resource)?;
        let cases = complaints::seen_of(self.read(), &caller.visible, id).await?;
        let other_cases = if may_close(caller, id, &path) {
            let all = complaints::all_of(self.read(), region, id).await?;
            Some(all.saturating_sub(cases))
        } else {
            None
        };
        let deputies = if caller.actor.holds_over(GRANT_READERS, &path) {
            let standing_in = grants::Entity::find()
                .filter(grants::Column::RegionId.eq(region.0))
                .filter(grants::Column::ActingFor.eq(id.0))
                .filter(in_force(now));
            Some(standing_in.count(self.read()).await?)
        } else {
            None
        };
        let mut roles = self.held_roles(caller, &[id.0], now).await?;
        Ok(Holdings {
            cases,
            other_cases,
            supervised_cases: complaints::supervised_by(self.read(), &caller.visible, id).await?,
            roles: roles.remove(&id.0).unwrap_or_default(),
            deputies,
            duty_turns: settings::turns_of(self.read(), region, id, now.day()).await?,
            version: member.version,
        })
    }

    /// Gives what a member is responsible for to somebody else, and closes the record if that is wanted, in one transaction.
    /// What can't be given stays, and is told. Roles are given to nobody: they end with the record.
    ///
    /// # Errors
    /// Not found, forbidden, stale, a closed record, somebody unknown; what closing is refused for.
    pub async fn hand_over_member(
        &self,
        caller: Caller,
        id: MemberId,
        expected: i64,
        wanted: HandOver,
        now: Timestamp,
    ) -> Result<(HandedOver, MemberView), StoreError> {
        let by = caller.clone();
        let rules = self.rules(caller.actor.region).await?;
        let done = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
                let (before, _) = open_member(&mut tx, &by, id, Action::HandOverMember, expected).await?;
                let reason = rules::hand_over(&before, wanted.to, &wanted.reason)?;
                // Until the transaction ends, nobody gives the member another case.
                members::Entity::find_by_id((before.region.0, id.0))
                    .lock(LockType::NoKeyUpdate)
                    .one(tx.conn())
                    .await?;
                hold_successor(&tx, &by, wanted.to).await?;
                let path = unit_path(tx.conn(), before.region, before.unit).await?;
                let pair = (id, wanted.to);
                let cases = complaints::hand_over(&mut tx, &by, &rules, pair, &reason).await?;
                let duty_turns = hand_over_turns(&mut tx, &by, pair).await?;
                let left = complaints::all_of(tx.conn(), before.region, id).await?;
                let others = left.saturating_sub(u64::try_from(cases.kept.len()).unwrap_or(u64::MAX));
                let other_cases = may_close(&by, id, &path).then_some(others);
                let has_moved = !cases.moved.is_empty() || matches!(duty_turns, (1.., None));
                let handed = has_moved.then(|| Event::HandedOver {
                    to: wanted.to,
                    cases: cases.moved.len(),
                    reason: reason.clone(),
                });
                let record = if wanted.closes_record {
                    finish(&mut tx, &by, (&before, &path), handed, (&reason, left)).await?
                } else {
                    leave_open(&mut tx, &before, handed).await?;
                    Ok(false)
                };
                let done = HandedOver {
                    cases,
                    other_cases,
                    duty_turns,
                    record,
                };
                if wanted.is_dry_run || !tx.has_events() {
                    tx.rollback().await?;
                } else {
                    tx.commit().await?;
                }
                Ok(done)
            })
            .await?;
        self.forget_rules(caller.actor.region);
        Ok((done, self.member(&caller, id, now).await?))
    }
}

async fn hand_over_turns(
    tx: &mut Tx,
    caller: &Caller,
    (from, to): (MemberId, MemberId),
) -> Result<(usize, Option<KeptBack>), StoreError> {
    let (turns, outcome) = settings::hand_over_duty(tx, caller, from, to).await?;
    let kept = match outcome {
        Turns::Passed => None,
        Turns::NotYours => Some(KeptBack::NotYours),
        Turns::NotAble => Some(KeptBack::NotAble),
    };
    Ok((turns, kept))
}

async fn leave_open(tx: &mut Tx, before: &Member, handed: Option<Event>) -> Result<(), StoreError> {
    match handed {
        Some(event) => update(tx, before, before, &[event]).await,
        None => Ok(()),
    }
}

/// Closes the record, unless open cases are left.
async fn finish(
    tx: &mut Tx,
    caller: &Caller,
    (before, path): (&Member, &[UnitId]),
    handed: Option<Event>,
    (reason, left): (&str, u64),
) -> Result<Result<bool, KeptBack>, StoreError> {
    let resource = Resource::Member {
        member: before.id,
        path,
    };
    let doer = tx.must(caller, Action::CloseMember, resource)?;
    if left > 0 {
        leave_open(tx, before, handed).await?;
        return Ok(Err(KeptBack::OpenCases));
    }
    close_record(tx, before, (reason, left), doer, handed).await?;
    Ok(Ok(true))
}
