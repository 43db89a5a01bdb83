//! What a case is made of, on the wire.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use liangnuo_domain::{
    MemberId, UnitId,
    clocks::Due,
    complaints::{Draft, Message, Sender, SentReply},
};
use liangnuo_persistence::{
    events::Recorded,
    names::{MemberName, UnitName},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::v1::common::{ClockCounts, ComplaintAction, ComplaintClock, MemberRef, UnitRef, instant};

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
    /// To which unit, of an assignment.
    #[schema(required)]
    pub unit: Option<UnitRef>,
    /// To which handler, of an assignment.
    #[schema(required)]
    pub handler: Option<MemberRef>,
    /// On which day.
    pub on: NaiveDate,
    /// When; null where it would tell when an anonymous complainant was online.
    #[schema(required)]
    pub at: Option<DateTime<Utc>>,
    /// The reason or note that was given.
    #[schema(required)]
    pub note: Option<String>,
}

/// A date with how it was computed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintDue {
    /// Which clock.
    pub clock: ComplaintClock,
    /// The day of the event that started it; counting begins the day after.
    pub starts_on: NaiveDate,
    /// What is counted.
    pub counts: ClockCounts,
    /// How many.
    pub days: i32,
    /// The end fell on a day off and moved to the next working day.
    pub rolled_forward: bool,
    /// The last day.
    pub due_on: NaiveDate,
    /// The calendar of that year is not published yet.
    pub is_provisional: bool,
}

impl From<Due> for ComplaintDue {
    fn from(due: Due) -> Self {
        let (days, counts) = due.clock.length();
        Self {
            clock: due.clock.into(),
            starts_on: due.starts_on,
            counts: counts.into(),
            days: i32::try_from(days).unwrap_or(i32::MAX),
            rolled_forward: due.rolled_forward,
            due_on: due.due_on,
            is_provisional: due.is_provisional,
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
        // When an anonymous complainant sat at a screen is nobody's business; the event's own id holds the time, too.
        let is_hidden = is_anonymous && by_kind == StepActor::Complainant;
        ComplaintStep {
            id: if is_hidden { opaque(event.id) } else { event.id },
            by_kind,
            by: event.actor.and_then(|id| self.member(MemberId(id))),
            unit: text("unit")
                .filter(|_| is_assignment)
                .and_then(|id| self.unit(id.parse().ok()?)),
            handler: text("handler")
                .filter(|_| is_assignment)
                .and_then(|id| self.member(id.parse().ok()?)),
            on: event.at.day(),
            at: (!is_hidden).then(|| instant(event.at)),
            note: text("reason").or_else(|| text("note")),
            action,
        }
    }
}

/// The same for the same id, and nothing can be read from it.
fn opaque(id: Uuid) -> Uuid {
    let mut bytes = [0; 16];
    bytes
        .iter_mut()
        .zip(Sha256::digest(id.as_bytes()))
        .for_each(|(byte, hashed)| *byte = hashed);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
