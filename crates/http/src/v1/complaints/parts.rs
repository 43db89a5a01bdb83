//! What a case is made of, on the wire.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use liangnuo_domain::{
    MemberId, UnitId,
    clocks::{Clock, Rung},
    complaints::{Draft, Extension, LongerHold, Message, Redo, Sender, SentReply, Supervision},
};
use liangnuo_persistence::{
    complaints::CaseName,
    events::Recorded,
    names::{MemberName, UnitName},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::v1::common::{ClockCounts, ComplaintAction, ComplaintClock, MemberRef, UnitRef, instant, mirror};

/// The reply that is being written.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplyDraft {
    /// What the complainant asked, in the unit's words.
    pub request: String,
    /// What was found.
    pub facts: String,
    /// What is decided and done.
    pub decision: String,
    /// The rule, standard or pledge that it rests on.
    pub basis: String,
    /// Handed to the head.
    pub is_submitted: bool,
    /// Approved by the head.
    pub is_approved: bool,
    /// Who wrote it last.
    #[schema(required)]
    pub drafted_by: Option<MemberRef>,
    /// Who approved it.
    #[schema(required)]
    pub approved_by: Option<MemberRef>,
    /// Why the head gave it back.
    #[schema(required)]
    pub returned_reason: Option<String>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// An answer that went out.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffComplaintReply {
    /// Its id.
    pub id: Uuid,
    /// The whole text.
    pub body: String,
    /// What the complainant asked; null for an imported answer.
    #[schema(required)]
    pub request: Option<String>,
    /// What was found.
    #[schema(required)]
    pub facts: Option<String>,
    /// What is decided and done.
    #[schema(required)]
    pub decision: Option<String>,
    /// What it rests on.
    #[schema(required)]
    pub basis: Option<String>,
    /// Which unit answers.
    pub unit: UnitRef,
    /// On which day.
    pub replied_on: NaiveDate,
    /// Who wrote it.
    #[schema(required)]
    pub drafted_by: Option<MemberRef>,
    /// Who approved it.
    #[schema(required)]
    pub approved_by: Option<MemberRef>,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageSender {
    /// The complainant.
    Complainant,
    /// A member.
    Staff,
}

/// A message between the complainant and the staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffComplaintMessage {
    /// Its id.
    pub id: Uuid,
    /// Who wrote it.
    pub from: MessageSender,
    /// Which member, if one did.
    #[schema(required)]
    pub by: Option<MemberRef>,
    /// The text.
    pub body: String,
    /// On which day.
    pub on: NaiveDate,
}

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepActor {
    /// A member.
    Member,
    /// The complainant.
    Complainant,
    /// The product itself.
    System,
}

/// Something that happened to a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintStep {
    /// The event's id.
    pub id: Uuid,
    /// What happened, such as `accepted`.
    #[schema(example = "accepted")]
    pub action: String,
    /// Who.
    pub by_kind: StepActor,
    /// Which member, if one did.
    #[schema(required)]
    pub by: Option<MemberRef>,
    /// Whose deputy that member was in doing it: it was done in their name.
    #[schema(required)]
    pub acting_for: Option<MemberRef>,
    /// To which unit, of an assignment.
    #[schema(required)]
    pub unit: Option<UnitRef>,
    /// To which handler, of an assignment.
    #[schema(required)]
    pub handler: Option<MemberRef>,
    /// On which day.
    pub on: NaiveDate,
    /// A date that goes with it: until when the clock is held, by when the supervision wants it done, of which date a
    /// reminder was, to which date a due date moved.
    #[schema(required)]
    pub until: Option<NaiveDate>,
    /// How many days were asked for or given.
    #[schema(required)]
    pub days: Option<i32>,
    /// What these days are.
    #[schema(required)]
    pub counts: Option<ClockCounts>,
    /// Which rung of the ladder a reminder was.
    #[schema(required)]
    pub rung: Option<ReminderRung>,
    /// Of an assignment that settled an objection: whether the unit was right.
    #[schema(required)]
    pub objection_upheld: Option<bool>,
    /// When; null where it would tell when an anonymous complainant was online.
    #[schema(required)]
    pub at: Option<DateTime<Utc>>,
    /// The reason or note that was given.
    #[schema(required)]
    pub note: Option<String>,
}

mirror! {
    /// What happens, one after the other, when a case is not done in time.
    ReminderRung = Rung { DueSoon, YellowCard, RedCard, CircularNotice }
}

/// A request for more time.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintExtension {
    /// On which clock.
    pub clock: ComplaintClock,
    /// How much, in what the clock counts.
    pub days: i32,
    /// Why.
    pub reason: String,
    /// Who asked.
    #[schema(required)]
    pub asked_by: Option<MemberRef>,
    /// On which day.
    pub asked_on: NaiveDate,
    /// Whether it was given; null while it waits for a decision.
    #[schema(required)]
    pub is_granted: Option<bool>,
}

/// A request for more days of waiting for the complainant.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintLongerHold {
    /// How many.
    pub days: i32,
    /// Why.
    pub reason: String,
    /// Who asked.
    #[schema(required)]
    pub asked_by: Option<MemberRef>,
    /// On which day.
    pub asked_on: NaiveDate,
    /// Whether they were given; null while the request waits for a decision.
    #[schema(required)]
    pub is_granted: Option<bool>,
}

/// A leader has the case under supervision.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintSupervision {
    /// Who.
    #[schema(required)]
    pub by: Option<MemberRef>,
    /// Why.
    pub reason: String,
    /// Since which day.
    pub since: NaiveDate,
    /// By when it is to be done, if a date was set.
    #[schema(required)]
    pub due_on: Option<NaiveDate>,
    /// After how many working days a report is due at the latest; null where only news is to be reported.
    #[schema(required)]
    pub report_days: Option<i32>,
    /// By when the next report is due.
    #[schema(required)]
    pub report_due_on: Option<NaiveDate>,
    /// The reports since it began, the newest first.
    pub reports: Vec<SupervisionReport>,
}

/// What the supervisor was told.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupervisionReport {
    /// Who reported.
    #[schema(required)]
    pub by: Option<MemberRef>,
    /// When.
    pub at: DateTime<Utc>,
    /// How far the work had come.
    pub report: String,
}

/// The complainant was not satisfied, and the case is done again.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintRedo {
    /// On which day it was asked for.
    pub asked_on: NaiveDate,
    /// Why, in the complainant's words.
    pub reason: String,
    /// Who does not write the next answer, since they wrote the last one.
    #[schema(required)]
    pub not_by: Option<MemberRef>,
}

/// A case by number.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintRef {
    /// Its id.
    pub id: Uuid,
    /// The number for people.
    #[schema(example = "2026-000123-K")]
    pub number: String,
    /// In one line.
    pub title: String,
}

impl From<CaseName> for ComplaintRef {
    fn from(case: CaseName) -> Self {
        Self {
            id: case.id,
            number: case.number,
            title: case.title,
        }
    }
}

/// Somebody who is accused.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccusedRef {
    /// A person.
    #[schema(required)]
    pub member: Option<MemberRef>,
    /// Or a unit.
    #[schema(required)]
    pub unit: Option<UnitRef>,
}

/// A step within the caller's role that something else stands in the way of.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedAction {
    /// The step.
    pub action: ComplaintAction,
    /// The code of the problem that it would meet.
    #[schema(example = "own_work")]
    pub code: String,
    /// Why, in the language asked for.
    pub detail: String,
}

/// Why contact data are kept although their time may be over.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityHold {
    /// Who said so.
    #[schema(required)]
    pub by: Option<MemberRef>,
    /// Since which day.
    pub since: NaiveDate,
    /// Why.
    pub reason: String,
}

/// Looks up names; what can't be found stays without one.
pub(super) struct Names<'a> {
    pub(super) units: &'a HashMap<UnitId, UnitName>,
    pub(super) members: &'a HashMap<MemberId, MemberName>,
}

impl Names<'_> {
    pub(super) fn unit(&self, id: UnitId) -> Option<UnitRef> {
        self.units.get(&id).cloned().map(Into::into)
    }

    /// A unit that a foreign key vouches for.
    pub(super) fn known_unit(&self, id: UnitId) -> UnitRef {
        self.unit(id).unwrap_or_else(|| UnitRef {
            id: id.0,
            name: id.to_string(),
            name_en: None,
        })
    }

    pub(super) fn identity_hold(&self, hold: liangnuo_persistence::identity::IdentityHold) -> IdentityHold {
        IdentityHold {
            by: self.member(hold.by),
            since: hold.at.day(),
            reason: hold.reason,
        }
    }

    pub(super) fn member(&self, id: MemberId) -> Option<MemberRef> {
        self.members.get(&id).cloned().map(Into::into)
    }

    pub(super) fn draft(&self, draft: Draft) -> ReplyDraft {
        ReplyDraft {
            request: draft.parts.request,
            facts: draft.parts.facts,
            decision: draft.parts.decision,
            basis: draft.parts.basis,
            is_submitted: draft.is_submitted,
            is_approved: draft.approved_by.is_some(),
            drafted_by: self.member(draft.drafted_by),
            approved_by: draft.approved_by.and_then(|id| self.member(id)),
            returned_reason: draft.returned_reason,
            updated_at: instant(draft.updated_at),
        }
    }

    pub(super) fn reply(&self, reply: SentReply) -> StaffComplaintReply {
        let (request, facts, decision, basis) = match reply.parts {
            Some(parts) => (
                Some(parts.request),
                Some(parts.facts),
                Some(parts.decision),
                Some(parts.basis),
            ),
            None => (None, None, None, None),
        };
        StaffComplaintReply {
            id: reply.id.0,
            body: reply.body,
            request,
            facts,
            decision,
            basis,
            unit: self.known_unit(reply.unit),
            replied_on: reply.at.day(),
            drafted_by: reply.drafted_by.and_then(|id| self.member(id)),
            approved_by: reply.approved_by.and_then(|id| self.member(id)),
        }
    }

    pub(super) fn extension(&self, extension: &Extension) -> ComplaintExtension {
        ComplaintExtension {
            clock: extension.clock.into(),
            days: i32::try_from(extension.days).unwrap_or(i32::MAX),
            reason: extension.reason.clone(),
            asked_by: self.member(extension.asked_by),
            asked_on: extension.asked_at.day(),
            is_granted: extension.decision.as_ref().map(|decision| decision.is_granted),
        }
    }

    pub(super) fn longer_hold(&self, longer: &LongerHold) -> ComplaintLongerHold {
        ComplaintLongerHold {
            days: i32::try_from(longer.days).unwrap_or(i32::MAX),
            reason: longer.reason.clone(),
            asked_by: self.member(longer.asked_by),
            asked_on: longer.asked_at.day(),
            is_granted: longer.decision.as_ref().map(|decision| decision.is_granted),
        }
    }

    pub(super) fn supervision(
        &self,
        supervision: Supervision,
        report_due_on: Option<NaiveDate>,
        events: &[Recorded],
    ) -> ComplaintSupervision {
        let since = supervision.since;
        let reports = events
            .iter()
            .rev()
            .filter(|event| event.action == "complaints.reported" && event.at >= since)
            .map(|event| SupervisionReport {
                by: event.actor.and_then(|id| self.member(MemberId(id))),
                at: instant(event.at),
                report: event
                    .detail
                    .get("note")
                    .and_then(|note| note.as_str())
                    .unwrap_or_default()
                    .to_owned(),
            });
        ComplaintSupervision {
            report_days: supervision.report_days.and_then(|days| i32::try_from(days).ok()),
            report_due_on,
            reports: reports.collect(),
            by: self.member(supervision.by),
            reason: supervision.reason,
            since: supervision.since.day(),
            due_on: supervision.due_on,
        }
    }

    pub(super) fn redo(&self, redo: Redo) -> ComplaintRedo {
        ComplaintRedo {
            asked_on: redo.asked_at.day(),
            reason: redo.reason,
            not_by: redo.not_by.and_then(|id| self.member(id)),
        }
    }

    pub(super) fn message(&self, message: Message) -> StaffComplaintMessage {
        let (from, by) = match message.from {
            Sender::Complainant => (MessageSender::Complainant, None),
            Sender::Staff(member) => (MessageSender::Staff, self.member(member)),
        };
        StaffComplaintMessage {
            id: message.id.0,
            from,
            by,
            body: message.body,
            on: message.at.day(),
        }
    }

    pub(super) fn step(&self, event: Recorded, is_anonymous: bool) -> ComplaintStep {
        let by_kind = match event.actor_kind.as_str() {
            "member" => StepActor::Member,
            "complainant" => StepActor::Complainant,
            _ => StepActor::System,
        };
        let text = |name: &str| {
            event
                .detail
                .get(name)
                .and_then(|value| value.as_str())
                .map(str::to_owned)
        };
        let action = event.action.rsplit('.').next().unwrap_or_default().to_owned();
        let is_assignment = action == "assigned";
        // When an anonymous complainant sat at a screen is nobody's business.
        let is_hidden = is_anonymous && by_kind == StepActor::Complainant;
        ComplaintStep {
            id: event.id,
            by_kind,
            by: event.actor.and_then(|id| self.member(MemberId(id))),
            acting_for: event.acting_for.and_then(|id| self.member(MemberId(id))),
            unit: text("unit")
                .filter(|_| is_assignment)
                .and_then(|id| self.unit(id.parse().ok()?)),
            handler: text("handler")
                .filter(|_| is_assignment)
                .and_then(|id| self.member(id.parse().ok()?)),
            until: ["until", "due_on", "to"]
                .into_iter()
                .find_map(|name| text(name)?.parse().ok()),
            days: event
                .detail
                .get("days")
                .and_then(|days| i32::try_from(days.as_i64()?).ok()),
            counts: text("clock")
                .and_then(|code| Clock::from_code(&code))
                .map(|clock| clock.counts().into()),
            rung: text("rung").and_then(|code| Rung::from_code(&code)).map(Into::into),
            objection_upheld: event
                .detail
                .get("objection_upheld")
                .and_then(serde_json::Value::as_bool),
            on: event.at.day(),
            at: (!is_hidden).then(|| instant(event.at)),
            note: text("reason").or_else(|| text("note")),
            action,
        }
    }
}
