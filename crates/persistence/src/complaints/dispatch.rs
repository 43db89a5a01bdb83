//! Who a case is given to, and who must not know of it.

use liangnuo_domain::{
    ComplaintId, Invalid, MemberId, Role, Timestamp, UnitId,
    complaints::{self, Complaint},
    policy::{Action, Resource},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::LockType};

use super::{CaseDetail, duplicates, save, steps::open_case};
use crate::{
    callers::Caller,
    db::Store,
    entity::{complaint_accused, members, role_grants},
    error::StoreError,
    names::unit_path,
    role_grants::in_force,
    tx::{By, Tx},
    units,
    visible::above,
};

impl Store {
    /// Gives a case to a unit, and perhaps to one of its handlers.
    ///
    /// # Errors
    /// As [`Store::step_case`]; a unit outside the caller's scope, or a member who handles nothing there or must not
    /// know of the case, can't be named.
    pub async fn assign_case(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        to: Assignment,
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let visible_before = self.case(&caller, id, now).await;
        self.give(&caller, id, expected, to, now).await?;
        match self.case(&caller, id, now).await {
            // A case that was given away beyond the caller's scope is shown once more as it was, without actions.
            Err(StoreError::NotFound) => visible_before.map(CaseDetail::given_away),
            other => other,
        }
    }

    async fn give(
        &self,
        caller: &Caller,
        id: ComplaintId,
        expected: i64,
        to: Assignment,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let by = caller.clone();
        let rules = self.rules(caller.actor.region).await?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (before, _) = open_case(&mut tx, &by, id, Action::AssignComplaint, expected).await?;
            check_assignment(&mut tx, &by, &before, &to, now).await?;
            let step = complaints::assign(&before, to.unit, to.handler, to.note.as_deref(), now)?;
            save::update(&mut tx, &rules, &before, &step).await?;
            tx.commit().await?;
            Ok(before.version + 1)
        })
        .await
    }

    /// Gives many cases to a unit, each by itself and in the version that was read: what became of each, in their order.
    /// One that can't be given does not hold up the others.
    pub async fn assign_cases(
        &self,
        caller: &Caller,
        cases: Vec<(ComplaintId, i64)>,
        to: &Assignment,
        now: Timestamp,
    ) -> Vec<(ComplaintId, Result<i64, StoreError>)> {
        let mut done = Vec::with_capacity(cases.len());
        for (id, expected) in cases {
            done.push((id, self.give(caller, id, expected, to.clone(), now).await));
        }
        done
    }

    /// Names the accused.
    ///
    /// # Errors
    /// As [`Store::step_case`]; unknown persons or units.
    pub async fn name_accused(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        accused: (Vec<MemberId>, Vec<UnitId>),
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let by = caller.clone();
        let rules = self.rules(caller.actor.region).await?;
        let visible_before = self.case(&caller, id, now).await;
        self.write(move |writer| async move {
            let (member_ids, unit_ids) = accused;
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (before, _) = open_case(&mut tx, &by, id, Action::NameAccused, expected).await?;
            check_accused(&tx, &by, &before, &member_ids, &unit_ids).await?;
            let step = complaints::name_accused(&before, member_ids, unit_ids)?;
            duplicates::save(&mut tx, &rules, &before, &step).await?;
            tx.commit().await
        })
        .await?;
        match self.case(&caller, id, now).await {
            Err(StoreError::NotFound) => visible_before.map(CaseDetail::given_away),
            other => other,
        }
    }
}

/// To whom a case goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The unit.
    pub unit: UnitId,
    /// One of its handlers.
    pub handler: Option<MemberId>,
    /// What the one who assigns wants to say.
    pub note: Option<String>,
}

/// The members who can be given a case at a unit: its handlers and those of the units above it, for a sealed case the
/// inspectors; never one who has left or is accused in it.
pub(super) fn can_be_given(case: &Complaint, unit: UnitId, now: Timestamp) -> Condition {
    let role = if case.is_sealed { Role::Inspector } else { Role::Handler };
    let accused = complaint_accused::Entity::find()
        .select_only()
        .column(complaint_accused::Column::SubjectId)
        .filter(complaint_accused::Column::RegionId.eq(case.region.0))
        .filter(complaint_accused::Column::ComplaintId.eq(case.id.0))
        .into_query();
    let holders = role_grants::Entity::find()
        .select_only()
        .column(role_grants::Column::MemberId)
        .filter(role_grants::Column::RegionId.eq(case.region.0))
        .filter(role_grants::Column::Role.eq(role.code()))
        .filter(role_grants::Column::UnitId.in_subquery(above(case.region, &[unit])))
        .filter(in_force(now))
        // Whoever stands in for the accused handles nothing in their place.
        .filter(
            Condition::any()
                .add(role_grants::Column::ActingFor.is_null())
                .add(role_grants::Column::ActingFor.not_in_subquery(accused.clone())),
        )
        .into_query();
    Condition::all()
        .add(members::Column::RegionId.eq(case.region.0))
        .add(members::Column::ClosedAt.is_null())
        .add(members::Column::Id.in_subquery(holders))
        .add(members::Column::Id.not_in_subquery(accused))
}

async fn check_assignment(
    tx: &mut Tx,
    by: &Caller,
    case: &Complaint,
    to: &Assignment,
    now: Timestamp,
) -> Result<(), StoreError> {
    let region = case.region;
    let unit = units::hold_open(tx, region, to.unit).await?;
    let path = unit_path(tx.conn(), region, to.unit).await?;
    let target = Resource::Complaint {
        path: &path,
        is_sealed: case.is_sealed,
        is_excluded: false,
    };
    if unit.is_none() || tx.must(by, Action::AssignComplaint, target).is_err() {
        return Err(Invalid::one(
            "/unit_id",
            "unknown_unit",
            "找不到这个单位，或它不在您的管理范围内。",
            "There is no such unit, or it is outside your scope.",
        )
        .into());
    }
    let Some(handler) = to.handler else { return Ok(()) };
    if is_able(tx, case, to.unit, handler, now).await? {
        return Ok(());
    }
    Err(Invalid::one(
        "/handler_id",
        "not_a_handler",
        "这位成员不是该单位的办理人员。",
        "This member does not handle cases of that unit.",
    )
    .into())
}

/// Whether a member can be given a case at a unit. Whoever leaves at this moment either has left, or finds the case in their
/// hands.
pub(super) async fn is_able(
    tx: &Tx,
    case: &Complaint,
    unit: UnitId,
    handler: MemberId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let able = members::Entity::find()
        .filter(members::Column::Id.eq(handler.0))
        .filter(can_be_given(case, unit, now))
        .lock(LockType::Share)
        .one(tx.conn())
        .await?;
    Ok(able.is_some())
}

/// Those who can be named: any unit but the root, and the members that the caller may know of.
async fn check_accused(
    tx: &Tx,
    by: &Caller,
    case: &Complaint,
    member_ids: &[MemberId],
    unit_ids: &[UnitId],
) -> Result<(), StoreError> {
    for (at, id) in member_ids.iter().enumerate() {
        let known = members::Entity::find_by_id((case.region.0, id.0))
            .one(tx.conn())
            .await?;
        let Some(known) = known else {
            return Err(unknown(format!("/member_ids/{at}")));
        };
        let path = unit_path(tx.conn(), case.region, UnitId(known.unit_id)).await?;
        let member = Resource::Member {
            member: *id,
            path: &path,
        };
        if by.must(Action::ViewMember, member).is_err() {
            return Err(unknown(format!("/member_ids/{at}")));
        }
    }
    for (at, id) in unit_ids.iter().enumerate() {
        // The root's inspectors must be able to look, so the root itself is never an accused unit.
        let is_root = *id == case.region;
        if is_root || units::load(tx.conn(), case.region, *id).await?.is_none() {
            return Err(unknown(format!("/unit_ids/{at}")));
        }
    }
    Ok(())
}

fn unknown(pointer: String) -> StoreError {
    Invalid::one(pointer, "unknown", "找不到这一项。", "There is no such person or unit.").into()
}
