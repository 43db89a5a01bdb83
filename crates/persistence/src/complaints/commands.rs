//! What the staff do with a complaint. Each command loads, asks the policy, checks the version, asks the domain, saves.

use liangnuo_domain::{
    ComplaintId, Invalid, MemberId, MessageId, Refusal, ReplyId, Role, Timestamp, UnitId,
    complaints::{self, Complaint, ReplyParts, Step},
    policy::{Action, Resource},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::LockType};

use super::{CaseDetail, rows, save};
use crate::{
    callers::Caller,
    db::Store,
    entity::{complaint_accused, members, role_grants},
    error::StoreError,
    idempotency::{IdempotencyKey, Replay},
    names::unit_path,
    tx::{By, Tx},
    units,
    visible::above,
};

/// Loads a case for a change: hidden from whoever may not see it, refused to whoever may not do this, and stale if it
/// has changed since it was read. In this order, so that a stale version tells nothing to a stranger.
async fn open_case(
    tx: &Tx,
    caller: &Caller,
    id: ComplaintId,
    action: Action,
    expected: i64,
) -> Result<Complaint, StoreError> {
    let region = caller.actor.region;
    let complaint = rows::load_visible(tx.conn(), &caller.visible, id.0)
        .await?
        .ok_or(StoreError::NotFound)?;
    let path = unit_path(tx.conn(), region, complaint.unit).await?;
    caller.must(
        action,
        Resource::Complaint {
            path: &path,
            is_sealed: complaint.is_sealed,
            is_excluded: false,
        },
    )?;
    if complaint.version != expected {
        return Err(StoreError::Stale {
            current: complaint.version,
        });
    }
    Ok(complaint)
}

impl Store {
    /// One step of one case by a member.
    async fn take_step<F>(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        action: Action,
        now: Timestamp,
        decide: F,
    ) -> Result<CaseDetail, StoreError>
    where
        F: FnOnce(&Complaint, &crate::ids::Ids) -> Result<Step, Refusal> + Send + 'static,
    {
        let by = caller.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let before = open_case(&tx, &by, id, action, expected).await?;
            let step = decide(&before, tx.ids())?;
            save::update(&mut tx, &before, &step, None, None).await?;
            tx.commit().await
        })
        .await?;
        self.case(&caller, id, now).await
    }

    /// Accepts a case.
    ///
    /// # Errors
    /// As every command: not found, forbidden, stale, refused by the state machine.
    pub async fn accept_case(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let decide = move |case: &Complaint, _: &_| complaints::accept(case, now);
        self.take_step(caller, id, expected, Action::AcceptComplaint, now, decide)
            .await
    }

    /// Does not accept a case, with the reason.
    ///
    /// # Errors
    /// As [`Store::accept_case`], or a reason that is missing.
    pub async fn not_accept_case(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        reason: String,
        where_to_go: Option<String>,
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let decide = move |case: &Complaint, _: &_| complaints::not_accept(case, &reason, where_to_go.as_deref(), now);
        self.take_step(caller, id, expected, Action::NotAcceptComplaint, now, decide)
            .await
    }

    /// Gives a case to a unit, and perhaps to one of its handlers.
    ///
    /// # Errors
    /// As [`Store::accept_case`]; a unit outside the caller's scope, or a member who handles nothing there or must not
    /// know of the case, can't be named.
    pub async fn assign_case(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        to: Assignment,
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let by = caller.clone();
        let visible_before = self.case(&caller, id, now).await;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let before = open_case(&tx, &by, id, Action::AssignComplaint, expected).await?;
            check_assignment(&tx, &by, &before, &to, now).await?;
            let step = complaints::assign(&before, to.unit, to.handler, to.note.as_deref())?;
            save::update(&mut tx, &before, &step, None, None).await?;
            tx.commit().await
        })
        .await?;
        match self.case(&caller, id, now).await {
            // A case that was given away beyond the caller's scope is shown once more as it was, without actions.
            Err(StoreError::NotFound) => visible_before.map(CaseDetail::given_away),
            other => other,
        }
    }

    /// Keeps a draft of the reply, or hands it to the head.
    ///
    /// # Errors
    /// As [`Store::accept_case`], or a part that can't be taken.
    pub async fn draft_reply(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        parts: ReplyParts,
        submit: bool,
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let by = caller.actor.member;
        let decide = move |case: &Complaint, _: &_| complaints::draft_reply(case, parts, submit, by, now);
        self.take_step(caller, id, expected, Action::DraftReply, now, decide)
            .await
    }

    /// Approves the reply, and sends it at once if `send`.
    ///
    /// # Errors
    /// As [`Store::accept_case`]; nobody approves their own reply.
    pub async fn approve_reply(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        send: bool,
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let by = caller.actor.member;
        let decide = move |case: &Complaint, ids: &crate::ids::Ids| {
            let approved = complaints::approve(case, by, now)?;
            if !send {
                return Ok(approved);
            }
            let mut sent = complaints::send_reply(&approved.next, ReplyId(ids.v4()), now)?;
            sent.events.splice(0..0, approved.events);
            Ok(sent)
        };
        self.take_step(caller, id, expected, Action::ApproveReply, now, decide)
            .await
    }

    /// Gives the reply back to its writer.
    ///
    /// # Errors
    /// As [`Store::accept_case`], or a reason that is missing.
    pub async fn return_reply(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        reason: String,
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let decide = move |case: &Complaint, _: &_| complaints::return_draft(case, &reason, now);
        self.take_step(caller, id, expected, Action::ReturnReply, now, decide)
            .await
    }

    /// Sends the approved reply.
    ///
    /// # Errors
    /// As [`Store::accept_case`]; not before the head has approved it.
    pub async fn send_reply(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let decide =
            move |case: &Complaint, ids: &crate::ids::Ids| complaints::send_reply(case, ReplyId(ids.v4()), now);
        self.take_step(caller, id, expected, Action::SendReply, now, decide)
            .await
    }

    /// Concludes a case.
    ///
    /// # Errors
    /// As [`Store::accept_case`]; not before an answer.
    pub async fn conclude_case(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        reason: Option<String>,
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let decide = move |case: &Complaint, _: &_| complaints::conclude(case, reason.as_deref(), now);
        self.take_step(caller, id, expected, Action::ConcludeComplaint, now, decide)
            .await
    }

    /// Takes a case back on the complainant's wish.
    ///
    /// # Errors
    /// As [`Store::accept_case`], or a reason that is missing.
    pub async fn withdraw_case(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        reason: String,
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let decide = move |case: &Complaint, _: &_| complaints::withdraw(case, Some(&reason), true, now);
        self.take_step(caller, id, expected, Action::WithdrawComplaint, now, decide)
            .await
    }

    /// Writes to the complainant, once for each idempotency key.
    ///
    /// # Errors
    /// As [`Store::accept_case`], or a text that can't be taken.
    pub async fn message_complainant(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        body: String,
        key: IdempotencyKey,
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let by = caller.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let message = MessageId(tx.ids().v4());
            if let Replay::Done(_) = key.claim(&tx, message.0).await? {
                return tx.rollback().await;
            }
            let before = open_case(&tx, &by, id, Action::MessageComplainant, expected).await?;
            let step = complaints::message(&before, &body, message, by.actor.member, now)?;
            save::update(&mut tx, &before, &step, None, None).await?;
            tx.commit().await
        })
        .await?;
        self.case(&caller, id, now).await
    }

    /// Names the accused.
    ///
    /// # Errors
    /// As [`Store::accept_case`]; unknown persons or units.
    pub async fn name_accused(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        accused: (Vec<MemberId>, Vec<UnitId>),
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let by = caller.clone();
        let visible_before = self.case(&caller, id, now).await;
        self.write(move |writer| async move {
            let (member_ids, unit_ids) = accused;
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let before = open_case(&tx, &by, id, Action::NameAccused, expected).await?;
            check_accused(&tx, &before, &member_ids, &unit_ids).await?;
            let step = complaints::name_accused(&before, member_ids, unit_ids)?;
            save::update(&mut tx, &before, &step, None, None).await?;
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
    let holders = role_grants::Entity::find()
        .select_only()
        .column(role_grants::Column::MemberId)
        .filter(role_grants::Column::RegionId.eq(case.region.0))
        .filter(role_grants::Column::Role.eq(role.code()))
        .filter(role_grants::Column::UnitId.in_subquery(above(case.region, &[unit])))
        .filter(role_grants::Column::ValidFrom.lte(now.micros()))
        .filter(
            Condition::any()
                .add(role_grants::Column::ValidTo.is_null())
                .add(role_grants::Column::ValidTo.gt(now.micros())),
        )
        .into_query();
    let accused = complaint_accused::Entity::find()
        .select_only()
        .column(complaint_accused::Column::SubjectId)
        .filter(complaint_accused::Column::RegionId.eq(case.region.0))
        .filter(complaint_accused::Column::ComplaintId.eq(case.id.0))
        .into_query();
    Condition::all()
        .add(members::Column::RegionId.eq(case.region.0))
        .add(members::Column::ClosedAt.is_null())
        .add(members::Column::Id.in_subquery(holders))
        .add(members::Column::Id.not_in_subquery(accused))
}

async fn check_assignment(
    tx: &Tx,
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
    if unit.is_none() || by.must(Action::AssignComplaint, target).is_err() {
        return Err(Invalid::one(
            "/unit_id",
            "unknown_unit",
            "找不到这个单位，或它不在您的管理范围内。",
            "There is no such unit, or it is outside your scope.",
        )
        .into());
    }
    let Some(handler) = to.handler else { return Ok(()) };
    // Whoever leaves at this moment either has left, or finds this case in their hands.
    let able = members::Entity::find()
        .filter(members::Column::Id.eq(handler.0))
        .filter(can_be_given(case, to.unit, now))
        .lock(LockType::Share)
        .one(tx.conn())
        .await?;
    if able.is_some() {
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

async fn check_accused(
    tx: &Tx,
    case: &Complaint,
    member_ids: &[MemberId],
    unit_ids: &[UnitId],
) -> Result<(), StoreError> {
    for (at, id) in member_ids.iter().enumerate() {
        if members::Entity::find_by_id((case.region.0, id.0))
            .one(tx.conn())
            .await?
            .is_none()
        {
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
