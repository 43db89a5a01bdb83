//! A case as its complainant sees it: what happened, what comes next, the conversation, the answer.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use liangnuo_domain::{
    MemberId, UnitId,
    complaints::{Sender, State, Verb},
    identity::OpeningCategory,
};
use liangnuo_persistence::{attachments::Attachment, complaints::Tracked, events::Recorded, identity::Opened};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    language::Language,
    v1::{
        attachments::{AttachmentRefusal, AttachmentState},
        common::{ComplaintAction, ComplaintKind, ComplaintState, UnitRef},
        complaints::{ComplaintRating, ComputedDue, MessageSender},
        identity_openings::IdentityOpeningCategory,
    },
};

/// What became of a case, in the public's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrackedAction {
    Received,
    Accepted,
    NotAccepted,
    Assigned,
    Handling,
    ReplyDrafted,
    Replied,
    Rated,
    Concluded,
    Withdrawn,
    Message,
    Referred,
    Merged,
    Held,
    Resumed,
    Extended,
    RedoAsked,
    DueMoved,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrackedStep {
    /// What.
    pub action: TrackedAction,
    /// On which day.
    pub on: NaiveDate,
    /// To which unit the case went.
    #[schema(required)]
    pub unit: Option<UnitRef>,
    /// A date that goes with it: until when we wait for an answer, to which date the due date moved.
    #[schema(required)]
    pub until: Option<NaiveDate>,
    /// Why, of an extension.
    #[schema(required)]
    pub reason: Option<String>,
}

/// A message between the complainant and the staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintMessage {
    /// Its id.
    pub id: Uuid,
    /// Who wrote it.
    pub from: MessageSender,
    /// The text.
    pub body: String,
    /// On which day.
    pub on: NaiveDate,
}

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintReply {
    /// The whole text.
    pub body: String,
    /// What was asked, in the unit's words; null for an imported answer.
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
}

/// That somebody of the inspectors read who filed the case.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrackedIdentityOpening {
    /// On which day.
    pub on: NaiveDate,
    /// Why.
    pub category: IdentityOpeningCategory,
    /// How many people read it on that day for that reason. A second person approved each.
    pub people: i64,
}

/// By day and reason, in the order of time.
fn identity_openings(opened: &[Opened]) -> Vec<TrackedIdentityOpening> {
    let mut days: Vec<(NaiveDate, OpeningCategory, BTreeSet<MemberId>)> = Vec::new();
    for Opened { at, category, by } in opened {
        let known = days.iter_mut().find(|(on, why, _)| *on == at.day() && why == category);
        match known {
            Some((_, _, people)) => {
                people.insert(*by);
            }
            None => days.push((at.day(), *category, BTreeSet::from([*by]))),
        }
    }
    let told = |(on, category, people): (NaiveDate, OpeningCategory, BTreeSet<MemberId>)| TrackedIdentityOpening {
        on,
        category: category.into(),
        people: i64::try_from(people.len()).unwrap_or(i64::MAX),
    };
    days.into_iter().map(told).collect()
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// Somebody looks whether the case can be taken.
    Screening,
    /// The complainant is asked something; the clock is held until they answer.
    YourAnswer,
    /// The case goes to a unit.
    Assignment,
    /// The unit looks into it.
    Handling,
    /// The head reads the answer.
    Approval,
    /// The complainant may rate the answer.
    Rating,
    /// Nothing: it is over.
    None,
}

/// A case as its complainant sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrackedComplaint {
    /// The number for people.
    pub number: String,
    /// What is wanted.
    pub kind: ComplaintKind,
    /// Where it stands.
    pub state: ComplaintState,
    /// In one line.
    pub title: String,
    /// In full.
    pub body: String,
    /// The unit that holds it.
    pub unit: UnitRef,
    /// The day it came in.
    pub received_on: NaiveDate,
    /// By when the next answer is due.
    #[schema(required)]
    pub due_on: Option<NaiveDate>,
    /// The calendar of that year is not published yet; the date never moves earlier.
    pub due_is_provisional: bool,
    /// How the date was computed: what a page needs to count the days again, and a sentence in the language asked for.
    #[schema(required)]
    pub due: Option<ComputedDue>,
    /// Until when we wait for the complainant's answer; the clock is held so long.
    #[schema(required)]
    pub held_until: Option<NaiveDate>,
    /// The last day on which the answer can be rated or asked to be done again.
    #[schema(required)]
    pub rating_until: Option<NaiveDate>,
    /// Somebody may be in danger: the page shows whom to call.
    pub is_emergency: bool,
    /// Why it went to another organ.
    #[schema(required)]
    pub referred_reason: Option<String>,
    /// What the complainant may do now.
    pub allowed_actions: Vec<ComplaintAction>,
    /// What happened, oldest first.
    pub timeline: Vec<TrackedStep>,
    /// What was written to and fro.
    pub messages: Vec<ComplaintMessage>,
    /// The last answer.
    #[schema(required)]
    pub reply: Option<ComplaintReply>,
    /// Why it was not taken.
    #[schema(required)]
    pub not_accepted_reason: Option<String>,
    /// Where to go instead.
    #[schema(required)]
    pub where_to_go: Option<String>,
    /// What the complainant thinks of the answer.
    #[schema(required)]
    pub rating: Option<ComplaintRating>,
    /// What comes next.
    pub next_step: NextStep,
    /// When contact data that were left were read, oldest first; never by whom.
    pub identity_openings: Vec<TrackedIdentityOpening>,
    /// On which day contact data that were left were erased, since their time was over.
    #[schema(required)]
    pub contact_erased_on: Option<NaiveDate>,
    /// The files that the complainant sent.
    pub attachments: Vec<TrackedAttachment>,
}

/// A file that the complainant sent. Its content is not given back.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrackedAttachment {
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub state: AttachmentState,
    /// Why it can't be taken.
    #[schema(required)]
    pub refusal: Option<AttachmentRefusal>,
    /// Its bytes.
    pub size: i64,
    /// On which day it came.
    pub on: NaiveDate,
}

impl From<Attachment> for TrackedAttachment {
    fn from(file: Attachment) -> Self {
        Self {
            id: file.id.0,
            name: file.name,
            state: file.state.into(),
            refusal: file.refusal.map(Into::into),
            size: file.size,
            on: file.at.day(),
        }
    }
}

fn public_action(event: &Recorded) -> Option<TrackedAction> {
    Some(match event.action.rsplit('.').next()? {
        "received" | "imported" => TrackedAction::Received,
        "accepted" => TrackedAction::Accepted,
        "not_accepted" => TrackedAction::NotAccepted,
        "assigned" => TrackedAction::Assigned,
        "drafted" => TrackedAction::Handling,
        "submitted" => TrackedAction::ReplyDrafted,
        "replied" => TrackedAction::Replied,
        "rated" => TrackedAction::Rated,
        "concluded" => TrackedAction::Concluded,
        "withdrawn" => TrackedAction::Withdrawn,
        "messaged" | "added" => TrackedAction::Message,
        "referred" => TrackedAction::Referred,
        "merged" => TrackedAction::Merged,
        "held" => TrackedAction::Held,
        "resumed" => TrackedAction::Resumed,
        "extended" => TrackedAction::Extended,
        "redo_asked" => TrackedAction::RedoAsked,
        "due_moved" => TrackedAction::DueMoved,
        // What happens between a writer and the head, and who is accused, is not for the outside.
        _ => return None,
    })
}

fn date(event: &Recorded, name: &str) -> Option<NaiveDate> {
    event.detail.get(name)?.as_str()?.parse().ok()
}

const fn next_step(state: State) -> NextStep {
    match state {
        State::Received => NextStep::Screening,
        State::Accepted => NextStep::Assignment,
        State::Waiting => NextStep::YourAnswer,
        State::Assigned | State::InHandling | State::Objected | State::Redoing | State::Duplicate | State::Sealed => {
            NextStep::Handling
        }
        State::ReplyDrafted => NextStep::Approval,
        State::Replied => NextStep::Rating,
        State::NotAccepted
        | State::Referred
        | State::Concluded
        | State::ReviewRequested
        | State::Reviewed
        | State::RereviewRequested
        | State::Final
        | State::Withdrawn => NextStep::None,
    }
}

impl TrackedComplaint {
    pub(super) fn new(tracked: Tracked, language: Language) -> Self {
        let case = tracked.complaint;
        let name = |id: UnitId| tracked.units.get(&id).cloned().map(UnitRef::from);
        let mut timeline: Vec<TrackedStep> = Vec::new();
        for event in &tracked.events {
            let Some(action) = public_action(event) else { continue };
            let is_repeat = matches!(action, TrackedAction::Handling | TrackedAction::ReplyDrafted)
                && timeline.iter().any(|step| step.action == action);
            if is_repeat {
                continue;
            }
            let unit = event
                .detail
                .get("unit")
                .and_then(|id| id.as_str()?.parse().ok())
                .and_then(name);
            timeline.push(TrackedStep {
                action,
                on: event.at.day(),
                unit: unit.filter(|_| action == TrackedAction::Assigned),
                until: date(event, "until").or_else(|| date(event, "to")),
                // Of an extension the complainant is told why; other reasons are between the staff.
                reason: event
                    .detail
                    .get("reason")
                    .and_then(|reason| reason.as_str())
                    .filter(|_| action == TrackedAction::Extended)
                    .map(str::to_owned),
            });
        }
        let reply = tracked.replies.into_iter().next_back().map(|reply| {
            let (request, facts, decision, basis) = match reply.parts {
                Some(parts) => (
                    Some(parts.request),
                    Some(parts.facts),
                    Some(parts.decision),
                    Some(parts.basis),
                ),
                None => (None, None, None, None),
            };
            ComplaintReply {
                body: reply.body,
                request,
                facts,
                decision,
                basis,
                unit: name(reply.unit).unwrap_or_else(|| tracked.unit.clone().into()),
                replied_on: reply.at.day(),
            }
        });
        let messages = tracked.messages.into_iter().map(|message| ComplaintMessage {
            id: message.id.0,
            from: match message.from {
                Sender::Complainant => MessageSender::Complainant,
                Sender::Staff(_) => MessageSender::Staff,
            },
            body: message.body,
            on: message.at.day(),
        });
        let has_rated = case.rating.is_some();
        let is_open = case.state == State::Replied || tracked.allowed.contains(&Verb::Redo);
        Self {
            identity_openings: identity_openings(&tracked.opened),
            attachments: tracked.attachments.into_iter().map(Into::into).collect(),
            contact_erased_on: tracked.erased_at.map(liangnuo_domain::Timestamp::day),
            allowed_actions: tracked.allowed.into_iter().map(Into::into).collect(),
            referred_reason: case.ended_reason.clone().filter(|_| case.state == State::Referred),
            held_until: case
                .open_hold()
                .filter(|_| case.state == State::Waiting)
                .map(|hold| hold.until),
            rating_until: tracked
                .rating_ends_at
                .filter(|_| is_open)
                .map(liangnuo_domain::Timestamp::day),
            is_emergency: case.is_emergency,
            due: tracked.due.map(|due| ComputedDue::new(due, language)),
            not_accepted_reason: case.ended_reason.filter(|_| case.state == State::NotAccepted),
            where_to_go: case.where_to_go,
            number: case.number,
            kind: case.kind.into(),
            state: case.state.into(),
            title: case.title,
            body: case.body,
            unit: tracked.unit.into(),
            received_on: case.received_at.day(),
            due_on: tracked.due.map(|due| due.due_on),
            due_is_provisional: tracked.due.is_some_and(|due| due.is_provisional),
            timeline,
            messages: messages.collect(),
            reply,
            rating: case.rating.map(Into::into),
            next_step: if has_rated {
                NextStep::None
            } else {
                next_step(case.state)
            },
        }
    }
}
