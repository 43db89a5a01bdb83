//! Cases on the wire.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use liangnuo_domain::{
    MemberId, Timestamp, UnitId,
    clocks::Due,
    complaints::{self, Draft, Message, Rating, Sender, SentReply},
};
use liangnuo_persistence::{
    complaints::{Assignee, CaseDetail, CaseSummary},
    events::Recorded,
    names::{MemberName, UnitName},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    language::Language,
    paging::page,
    v1::common::{
        ClockCounts, ComplaintAction, ComplaintChannel, ComplaintClock, ComplaintKind, ComplaintPhase, ComplaintState,
        MemberRef, UnitRef, instant,
    },
};

/// A case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintSummary {
    /// Its id.
    pub id: Uuid,
    /// The number for people.
    #[schema(example = "2026-000123-K")]
    pub number: String,
    /// What is wanted.
    pub kind: ComplaintKind,
    /// How it came in.
    pub channel: ComplaintChannel,
    /// Where it stands.
    pub state: ComplaintState,
    /// How it stands against its clock.
    pub phase: ComplaintPhase,
    /// In one line.
    pub title: String,
    /// The unit that holds it.
    pub unit: UnitRef,
    /// Who handles it.
    #[schema(required)]
    pub handler: Option<MemberRef>,
    /// The day it came in.
    pub received_on: NaiveDate,
    /// The last instant at which it is on time.
    #[schema(required)]
    pub due_at: Option<DateTime<Utc>>,
    /// The last day on which it is on time.
    #[schema(required)]
    pub due_on: Option<NaiveDate>,
    /// The due date lies in a year whose calendar is not published yet.
    pub due_is_provisional: bool,
    /// When it was first answered.
    #[schema(required)]
    pub replied_at: Option<DateTime<Utc>>,
    /// How the complainant rated the answer: 5 to 1.
    #[schema(required, minimum = 1, maximum = 5)]
    pub satisfaction: Option<i32>,
    /// No contact data were left.
    pub is_anonymous: bool,
    /// For inspectors only.
    pub is_sealed: bool,
    /// Counts the changes; the ETag is `"v<version>"`.
    pub version: i64,
}

impl From<CaseSummary> for ComplaintSummary {
    fn from(case: CaseSummary) -> Self {
        Self {
            due_is_provisional: case.due_is_provisional(),
            id: case.id.0,
            number: case.number,
            kind: case.kind.into(),
            channel: case.channel.into(),
            state: case.state.into(),
            phase: case.phase.into(),
            title: case.title,
            unit: case.unit.into(),
            handler: case.handler.map(Into::into),
            received_on: case.received_at.day(),
            due_at: case.due_at.map(instant),
            due_on: case.due_at.map(Timestamp::day),
            replied_at: case.replied_at.map(instant),
            satisfaction: case.satisfaction.map(i32::from),
            is_anonymous: case.is_anonymous,
            is_sealed: case.is_sealed,
            version: case.version,
        }
    }
}

page! {
    /// A page of cases.
    ComplaintPage of ComplaintSummary
}

/// What the complainant thinks of the answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintRating {
    /// 5 very satisfied, 4 satisfied, 3 fairly satisfied, 2 not satisfied, 1 not satisfied at all.
    #[schema(minimum = 1, maximum = 5)]
    pub level: i32,
    /// In words.
    #[schema(required)]
    pub comment: Option<String>,
    /// On which day.
    pub rated_on: NaiveDate,
}

impl From<Rating> for ComplaintRating {
    fn from(rating: Rating) -> Self {
        Self {
            level: i32::from(rating.level),
            comment: rating.comment,
            rated_on: rating.at.day(),
        }
    }
}

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

/// A case with all that belongs to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Complaint {
    /// Its id.
    pub id: Uuid,
    /// The number for people.
    #[schema(example = "2026-000123-K")]
    pub number: String,
    /// What is wanted.
    pub kind: ComplaintKind,
    /// How it came in.
    pub channel: ComplaintChannel,
    /// Where it stands.
    pub state: ComplaintState,
    /// How it stands against its clock.
    pub phase: ComplaintPhase,
    /// In one line.
    pub title: String,
    /// In full, in the complainant's words.
    pub body: String,
    /// The unit that holds it.
    pub unit: UnitRef,
    /// The unit it is about.
    #[schema(required)]
    pub about_unit: Option<UnitRef>,
    /// Who handles it.
    #[schema(required)]
    pub handler: Option<MemberRef>,
    /// The category.
    #[schema(required)]
    pub category_id: Option<Uuid>,
    /// The ledger it was imported from.
    #[schema(required)]
    pub source: Option<String>,
    /// Its number in that ledger.
    #[schema(required)]
    pub external_ref: Option<String>,
    /// Contact data were left. They are not shown here.
    pub has_contact: bool,
    /// No contact data were left.
    pub is_anonymous: bool,
    /// For inspectors only.
    pub is_sealed: bool,
    /// The day it came in.
    pub received_on: NaiveDate,
    /// When it came in; null if it is anonymous.
    #[schema(required)]
    pub received_at: Option<DateTime<Utc>>,
    /// When it was taken.
    #[schema(required)]
    pub accepted_at: Option<DateTime<Utc>>,
    /// When it was first answered.
    #[schema(required)]
    pub replied_at: Option<DateTime<Utc>>,
    /// When it was concluded; null if it ended otherwise or not yet.
    #[schema(required)]
    pub concluded_at: Option<DateTime<Utc>>,
    /// The last instant at which it is on time.
    #[schema(required)]
    pub due_at: Option<DateTime<Utc>>,
    /// The last day on which it is on time.
    #[schema(required)]
    pub due_on: Option<NaiveDate>,
    /// The due date lies in a year whose calendar is not published yet.
    pub due_is_provisional: bool,
    /// How the due date was computed.
    #[schema(required)]
    pub due: Option<ComplaintDue>,
    /// Why it was not taken.
    #[schema(required)]
    pub not_accepted_reason: Option<String>,
    /// Where to go instead.
    #[schema(required)]
    pub where_to_go: Option<String>,
    /// Why it was withdrawn.
    #[schema(required)]
    pub withdrawn_reason: Option<String>,
    /// What was said when it was concluded.
    #[schema(required)]
    pub concluded_reason: Option<String>,
    /// How the complainant rated the answer: 5 to 1.
    #[schema(required, minimum = 1, maximum = 5)]
    pub satisfaction: Option<i32>,
    /// What the complainant thinks of the answer.
    #[schema(required)]
    pub rating: Option<ComplaintRating>,
    /// The reply that is being written.
    #[schema(required)]
    pub draft: Option<ReplyDraft>,
    /// The answers that went out.
    pub replies: Vec<StaffComplaintReply>,
    /// What was written to and fro.
    pub messages: Vec<StaffComplaintMessage>,
    /// Everything that happened, oldest first.
    pub timeline: Vec<ComplaintStep>,
    /// Who is accused; for inspectors only, else empty.
    pub accused: Vec<AccusedRef>,
    /// What the caller may do now.
    pub allowed_actions: Vec<ComplaintAction>,
    /// What the caller's role would permit, with the reason why not now.
    pub refused_actions: Vec<RefusedAction>,
    /// Counts the changes; the ETag is `"v<version>"`.
    pub version: i64,
}

/// Looks up names; what can't be found stays without one.
struct Names<'a> {
    units: &'a HashMap<UnitId, UnitName>,
    members: &'a HashMap<MemberId, MemberName>,
}

impl Names<'_> {
    fn unit(&self, id: UnitId) -> Option<UnitRef> {
        self.units.get(&id).cloned().map(Into::into)
    }

    /// A unit that a foreign key vouches for.
    fn known_unit(&self, id: UnitId) -> UnitRef {
        self.unit(id).unwrap_or_else(|| UnitRef {
            id: id.0,
            name: id.to_string(),
            name_en: None,
        })
    }

    fn member(&self, id: MemberId) -> Option<MemberRef> {
        self.members.get(&id).cloned().map(Into::into)
    }

    fn draft(&self, draft: Draft) -> ReplyDraft {
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

    fn reply(&self, reply: SentReply) -> StaffComplaintReply {
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

    fn message(&self, message: Message) -> StaffComplaintMessage {
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

    fn step(&self, event: Recorded, is_anonymous: bool) -> ComplaintStep {
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

impl Complaint {
    /// A case in a language.
    #[must_use]
    pub fn new(detail: CaseDetail, language: Language) -> Self {
        use complaints::State;
        let case = detail.complaint;
        let names = Names {
            units: &detail.units,
            members: &detail.members,
        };
        let reason_in = |state: State| case.ended_reason.clone().filter(|_| case.state == state);
        let is_anonymous = case.is_anonymous;
        let rated_at = case.rating.as_ref().map(|rating| rating.at);
        let (source, external_ref) = detail.source.unzip();
        let accused_members = detail.accused_members.iter().map(|id| AccusedRef {
            member: names.member(*id),
            unit: None,
        });
        let accused_units = detail.accused_units.iter().map(|id| AccusedRef {
            member: None,
            unit: names.unit(*id),
        });
        Self {
            accused: accused_members.chain(accused_units).collect(),
            not_accepted_reason: reason_in(State::NotAccepted),
            withdrawn_reason: reason_in(State::Withdrawn),
            concluded_reason: reason_in(State::Concluded),
            unit: names.known_unit(case.unit),
            about_unit: case.about.and_then(|id| names.unit(id)),
            handler: case.handler.and_then(|id| names.member(id)),
            draft: case.draft.map(|draft| names.draft(draft)),
            replies: detail.replies.into_iter().map(|reply| names.reply(reply)).collect(),
            messages: detail
                .messages
                .into_iter()
                .map(|message| names.message(message))
                .collect(),
            timeline: detail
                .events
                .into_iter()
                .map(|event| names.step(event, is_anonymous))
                .collect(),
            allowed_actions: detail.allowed.verbs.into_iter().map(Into::into).collect(),
            refused_actions: detail
                .allowed
                .refused
                .into_iter()
                .map(|refused| {
                    let message = refused.why.message();
                    RefusedAction {
                        action: refused.verb.into(),
                        code: refused.why.code().to_owned(),
                        detail: if language == Language::Chinese {
                            message.zh
                        } else {
                            message.en
                        },
                    }
                })
                .collect(),
            satisfaction: case.rating.as_ref().map(|rating| i32::from(rating.level)),
            rating: case.rating.map(Into::into),
            id: case.id.0,
            number: case.number,
            kind: case.kind.into(),
            channel: case.channel.into(),
            state: case.state.into(),
            phase: detail.phase.into(),
            title: case.title,
            body: case.body,
            category_id: case.category.map(|id| id.0),
            source,
            external_ref,
            has_contact: detail.has_contact,
            is_anonymous,
            is_sealed: case.is_sealed,
            received_on: case.received_at.day(),
            received_at: (!is_anonymous).then(|| instant(case.received_at)),
            accepted_at: case.accepted_at.map(instant),
            replied_at: case.replied_at.map(instant),
            concluded_at: case
                .ended_at
                .filter(|at| case.state == State::Concluded && !(is_anonymous && rated_at == Some(*at)))
                .map(instant),
            due_at: detail.due.map(|due| instant(due.at())),
            due_on: detail.due.map(|due| due.due_on),
            due_is_provisional: detail.due.is_some_and(|due| due.is_provisional),
            due: detail.due.map(Into::into),
            where_to_go: case.where_to_go,
            version: case.version,
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

/// Somebody who can be given a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssigneeItem {
    /// Their id.
    pub id: Uuid,
    /// In Chinese.
    pub name: String,
    /// In Latin letters.
    #[schema(required)]
    pub name_en: Option<String>,
    /// Where they belong.
    pub unit: UnitRef,
    /// How many open cases they have.
    pub open_cases: i64,
}

impl From<Assignee> for AssigneeItem {
    fn from(assignee: Assignee) -> Self {
        Self {
            id: assignee.member.id.0,
            name: assignee.member.name,
            name_en: assignee.member.name_en,
            unit: assignee.unit.into(),
            open_cases: assignee.open_cases,
        }
    }
}

/// Those who can be given a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssigneeList {
    /// By name.
    pub items: Vec<AssigneeItem>,
}
