//! What the staff do with a case. Each step loads, asks the policy, checks the version, asks the domain, saves.

use liangnuo_domain::{
    CategoryId, ComplaintId, Doer, Invalid, MessageId, Refusal, ReplyId, Timestamp, UnitId,
    clocks::Rules,
    complaints::{self, Complaint, Kind, Question, ReplyParts, Step, Verb, Watch},
    policy::{Action, Resource},
};
use sea_orm::EntityTrait;

use super::{CaseDetail, duplicates, rows};
use crate::{
    callers::Caller,
    db::Store,
    entity::categories,
    error::StoreError,
    idempotency::{IdempotencyKey, Replay},
    ids::Ids,
    names::unit_path,
    tx::{By, Tx},
};

/// A step of one case with what a member said with it. The steps that look at more than the case itself, and those that
/// write a message, are commands of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the verbs of the domain with their arguments")]
pub enum CaseStep {
    Accept,
    NotAccept {
        reason: String,
        where_to_go: Option<String>,
    },
    Refer {
        reason: String,
        where_to_go: String,
    },
    Unmerge,
    Classify {
        kind: Kind,
        category: Option<CategoryId>,
    },
    Object {
        reason: String,
    },
    Draft {
        parts: ReplyParts,
        submit: bool,
    },
    Approve {
        send: bool,
    },
    Return {
        reason: String,
    },
    Reply,
    Resume,
    AskExtension {
        days: u32,
        reason: String,
    },
    Extend,
    RefuseExtension {
        reason: String,
    },
    AskLongerHold {
        days: u32,
        reason: String,
    },
    GrantLongerHold,
    RefuseLongerHold {
        reason: String,
    },
    Note {
        note: String,
    },
    /// Where it does not say after how many days it wants reports, the county's setting does.
    Supervise(Watch),
    Report {
        report: String,
    },
    LiftSupervision {
        reason: String,
    },
    MarkEmergency {
        reason: String,
    },
    Conclude {
        reason: Option<String>,
    },
    Withdraw {
        reason: String,
    },
}

impl CaseStep {
    /// The verb of the state machine.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        match self {
            Self::Accept => Verb::Accept,
            Self::NotAccept { .. } => Verb::NotAccept,
            Self::Refer { .. } => Verb::Refer,
            Self::Unmerge => Verb::Unmerge,
            Self::Classify { .. } => Verb::Classify,
            Self::Object { .. } => Verb::Object,
            Self::Draft { submit: false, .. } => Verb::Draft,
            Self::Draft { submit: true, .. } => Verb::Submit,
            Self::Approve { .. } => Verb::Approve,
            Self::Return { .. } => Verb::Return,
            Self::Reply => Verb::Reply,
            Self::Resume => Verb::Resume,
            Self::AskExtension { .. } => Verb::AskExtension,
            Self::Extend => Verb::Extend,
            Self::RefuseExtension { .. } => Verb::RefuseExtension,
            Self::AskLongerHold { .. } => Verb::AskLongerHold,
            Self::GrantLongerHold => Verb::GrantLongerHold,
            Self::RefuseLongerHold { .. } => Verb::RefuseLongerHold,
            Self::Note { .. } => Verb::Note,
            Self::Supervise(_) => Verb::Supervise,
            Self::Report { .. } => Verb::Report,
            Self::LiftSupervision { .. } => Verb::LiftSupervision,
            Self::MarkEmergency { .. } => Verb::MarkEmergency,
            Self::Conclude { .. } => Verb::Conclude,
            Self::Withdraw { .. } => Verb::Withdraw,
        }
    }

    /// The right that a member needs for the step.
    ///
    /// # Errors
    /// [`StoreError::Bug`] for a verb that is the complainant's alone: none of these.
    fn action(&self) -> Result<Action, StoreError> {
        self.verb()
            .action()
            .ok_or(StoreError::Bug("a step of the staff has no right"))
    }

    /// Asks the domain.
    fn decide(self, case: &Complaint, by: Doer, rules: &Rules, ids: &Ids, now: Timestamp) -> Result<Step, Refusal> {
        match self {
            Self::Accept => complaints::accept(case, now),
            Self::NotAccept { reason, where_to_go } => {
                complaints::not_accept(case, &reason, where_to_go.as_deref(), now)
            }
            Self::Refer { reason, where_to_go } => complaints::refer(case, &reason, &where_to_go, now),
            Self::Unmerge => complaints::unmerge(case, now),
            Self::Classify { kind, category } => complaints::classify(case, kind, category),
            Self::Object { reason } => complaints::object(case, &reason, rules, now),
            Self::Draft { parts, submit } => complaints::draft_reply(case, parts, submit, by, now),
            Self::Approve { send: false } => complaints::approve(case, by, now),
            Self::Approve { send: true } => {
                let approved = complaints::approve(case, by, now)?;
                let mut sent = complaints::send_reply(&approved.next, ReplyId(ids.v4()), now)?;
                sent.events.splice(0..0, approved.events);
                Ok(sent)
            }
            Self::Return { reason } => complaints::return_draft(case, &reason, now),
            Self::Reply => complaints::send_reply(case, ReplyId(ids.v4()), now),
            Self::Resume => complaints::resume(case, now),
            Self::AskExtension { days, reason } => complaints::ask_extension(case, days, &reason, by, rules, now),
            Self::Extend => complaints::extend(case, by, rules, now),
            Self::RefuseExtension { reason } => complaints::refuse_extension(case, &reason, by, now),
            Self::AskLongerHold { days, reason } => complaints::ask_longer_hold(case, days, &reason, by, rules, now),
            Self::GrantLongerHold => complaints::grant_longer_hold(case, by, rules, now),
            Self::RefuseLongerHold { reason } => complaints::refuse_longer_hold(case, &reason, by, now),
            Self::Note { note } => complaints::note(case, &note),
            Self::Supervise(watch) => {
                let report_days = watch.report_days.or(Some(rules.settings.supervision_report_days));
                complaints::supervise(case, &Watch { report_days, ..watch }, by.member, now)
            }
            Self::Report { report } => complaints::report(case, &report, now),
            Self::LiftSupervision { reason } => complaints::lift_supervision(case, &reason),
            Self::MarkEmergency { reason } => complaints::mark_emergency(case, &reason),
            Self::Conclude { reason } => complaints::conclude(case, reason.as_deref(), rules, now),
            Self::Withdraw { reason } => complaints::withdraw(case, Some(&reason), true, now),
        }
    }
}

/// Loads a case for a change: hidden from whoever may not see it, refused to whoever may not do this, and stale if it
/// has changed since it was read. In this order, so that a stale version tells nothing to a stranger.
pub(crate) async fn open_case(
    tx: &mut Tx,
    caller: &Caller,
    id: ComplaintId,
    action: Action,
    expected: i64,
) -> Result<(Complaint, Doer), StoreError> {
    let complaint = rows::load_visible(tx.conn(), &caller.visible, id.0)
        .await?
        .ok_or(StoreError::NotFound)?;
    let path = unit_path(tx.conn(), complaint.region, complaint.unit).await?;
    let doer = tx.must(caller, action, here(&path, &complaint))?;
    if complaint.version != expected {
        return Err(StoreError::Stale {
            current: complaint.version,
        });
    }
    Ok((complaint, doer))
}

/// A case that the caller may see, as the policy is asked about it.
pub(super) const fn here<'a>(path: &'a [UnitId], complaint: &Complaint) -> Resource<'a> {
    Resource::Complaint {
        path,
        is_sealed: complaint.is_sealed,
        is_excluded: false,
    }
}

impl Store {
    /// One step of one case by a member.
    ///
    /// # Errors
    /// Not found, forbidden, stale, refused by the state machine, fields that can't be taken.
    pub async fn step_case(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        step: CaseStep,
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let by = caller.clone();
        let rules = self.rules(caller.actor.region).await?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (before, doer) = open_case(&mut tx, &by, id, step.action()?, expected).await?;
            if let CaseStep::Classify {
                category: Some(category),
                ..
            } = &step
            {
                check_category(&tx, &before, *category).await?;
            }
            let step = step.decide(&before, doer, &rules, tx.ids(), now)?;
            duplicates::save(&mut tx, &rules, &before, &step).await?;
            tx.commit().await
        })
        .await?;
        self.case(&caller, id, now).await
    }

    /// Asks the complainant for something and holds the clock for up to so many days. Once for each idempotency key.
    ///
    /// # Errors
    /// As [`Store::step_case`].
    #[expect(clippy::too_many_arguments, reason = "a message, and what every step has")]
    pub async fn hold_case(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        question: String,
        days: u32,
        key: IdempotencyKey,
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let by = caller.clone();
        let rules = self.rules(caller.actor.region).await?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let message = MessageId(tx.ids().v4());
            if let Replay::Done(_) = key.claim(&tx, message.0).await? {
                return tx.rollback().await;
            }
            let (before, _) = open_case(&mut tx, &by, id, Action::HoldClock, expected).await?;
            let question = Question {
                id: message,
                body: &question,
                days,
                by: by.actor.member,
            };
            let step = complaints::wait(&before, question, &rules, now)?;
            duplicates::save(&mut tx, &rules, &before, &step).await?;
            tx.commit().await
        })
        .await?;
        self.case(&caller, id, now).await
    }

    /// Writes to the complainant, once for each idempotency key.
    ///
    /// # Errors
    /// As [`Store::step_case`], or a text that can't be taken.
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
        let rules = self.rules(caller.actor.region).await?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let message = MessageId(tx.ids().v4());
            if let Replay::Done(_) = key.claim(&tx, message.0).await? {
                return tx.rollback().await;
            }
            let (before, _) = open_case(&mut tx, &by, id, Action::MessageComplainant, expected).await?;
            let step = complaints::message(&before, &body, message, by.actor.member, now)?;
            duplicates::save(&mut tx, &rules, &before, &step).await?;
            tx.commit().await
        })
        .await?;
        self.case(&caller, id, now).await
    }
}

/// A category that cases can have now.
async fn check_category(tx: &Tx, case: &Complaint, category: CategoryId) -> Result<(), StoreError> {
    let found = categories::Entity::find_by_id((case.region.0, category.0))
        .one(tx.conn())
        .await?
        .filter(|row| row.closed_at.is_none());
    if found.is_some() || case.category == Some(category) {
        return Ok(());
    }
    Err(Invalid::one(
        "/category_id",
        "unknown_category",
        "找不到这个分类，请重新选择。",
        "There is no such category. Choose another one.",
    )
    .into())
}
