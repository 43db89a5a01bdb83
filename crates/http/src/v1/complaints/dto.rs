//! Cases on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use liangnuo_domain::{
    Timestamp,
    complaints::{self, Rating},
};
use liangnuo_persistence::complaints::{Assignee, CaseDetail, CaseSummary, SimilarCase};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::due::ComplaintDue;
use super::parts::{
    AccusedRef, ComplaintExtension, ComplaintLongerHold, ComplaintRedo, ComplaintRef, ComplaintStep,
    ComplaintSupervision, IdentityHold, Names, RefusedAction, ReplyDraft, StaffComplaintMessage, StaffComplaintReply,
};
use crate::{
    language::Language,
    paging::page,
    v1::cards::ComplaintCard,
    v1::common::{
        ComplaintAction, ComplaintChannel, ComplaintClock, ComplaintKind, ComplaintPhase, ComplaintState, MemberRef,
        UnitRef, instant,
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
    /// Somebody is in danger.
    pub is_emergency: bool,
    /// A leader has it under supervision.
    pub is_supervised: bool,
    /// By when the next report to the supervisor is due, where reports are wanted at intervals.
    #[schema(required)]
    pub report_due_on: Option<NaiveDate>,
    /// It is done again for a complainant who was not satisfied.
    pub is_redone: bool,
    /// Counts the changes; the ETag is `"v<version>"`.
    pub version: i64,
}

impl From<CaseSummary> for ComplaintSummary {
    fn from(case: CaseSummary) -> Self {
        Self {
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
            due_is_provisional: case.due_is_provisional,
            is_anonymous: case.is_anonymous,
            is_sealed: case.is_sealed,
            is_emergency: case.is_emergency,
            is_supervised: case.is_supervised,
            report_due_on: case.report_due_at.map(Timestamp::day),
            is_redone: case.is_redone,
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
    /// There are contact data. They are not shown here: see `identity-openings`.
    pub has_contact: bool,
    /// The complainant is under 14. False for who neither handles the case nor may open who filed it, and once the contact data
    /// are erased.
    pub is_minor: bool,
    /// Why contact data are kept although their time may be over; for inspectors only.
    #[schema(required)]
    pub identity_hold: Option<IdentityHold>,
    /// On which day contact data were erased since their time was over.
    #[schema(required)]
    pub contact_erased_on: Option<NaiveDate>,
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
    /// How the due date was computed: the strictest clock binds.
    #[schema(required)]
    pub due: Option<ComplaintDue>,
    /// The other clocks that run.
    pub other_dues: Vec<ComplaintDue>,
    /// Until when the clock is held at most, while the complainant is asked.
    #[schema(required)]
    pub held_until: Option<NaiveDate>,
    /// Days for which the complainant can still be asked, with those that the head has added.
    pub hold_days_left: i32,
    /// How many more of them can be asked for; null if none can now.
    #[schema(required)]
    pub longer_hold_days: Option<i32>,
    /// The last request for them.
    #[schema(required)]
    pub longer_hold: Option<ComplaintLongerHold>,
    /// Days that can be added to a clock, to `extension_clock`; null if no clock can be extended now.
    #[schema(required)]
    pub extension_days: Option<i32>,
    /// The clock that can be given more time now: not always the one that binds, since a supervision may come before it.
    #[schema(required)]
    pub extension_clock: Option<ComplaintClock>,
    /// The last request for more time.
    #[schema(required)]
    pub extension: Option<ComplaintExtension>,
    /// Who has it under supervision.
    #[schema(required)]
    pub supervision: Option<ComplaintSupervision>,
    /// The complainant was not satisfied, and it is done again.
    #[schema(required)]
    pub redo: Option<ComplaintRedo>,
    /// The case that answers for this one.
    #[schema(required)]
    pub duplicate_of: Option<ComplaintRef>,
    /// The cases that are answered with this one.
    pub duplicates: Vec<ComplaintRef>,
    /// A hotline's order: its clock runs, too.
    pub is_order: bool,
    /// Somebody is in danger.
    pub is_emergency: bool,
    /// Why it went to another organ.
    #[schema(required)]
    pub referred_reason: Option<String>,
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
    /// The cards that were given when it was late, oldest first.
    pub cards: Vec<ComplaintCard>,
    /// How many files are attached to it: see `list_attachments`.
    pub attachment_count: i64,
    /// The original of a picture among them was kept: it opens as an identity does.
    pub has_originals: bool,
    /// Who is accused; for inspectors only, else empty.
    pub accused: Vec<AccusedRef>,
    /// What the caller may do now.
    pub allowed_actions: Vec<ComplaintAction>,
    /// What the caller's role would permit, with the reason why not now.
    pub refused_actions: Vec<RefusedAction>,
    /// Counts the changes; the ETag is `"v<version>"`.
    pub version: i64,
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
        let mut dues = detail.dues.into_iter();
        let due = dues.next();
        let along = case.pace.along.map(|along| along.complaint.0);
        let along = detail.duplicates.iter().find(|one| Some(one.id) == along).cloned();
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
            referred_reason: reason_in(State::Referred),
            held_until: case
                .open_hold()
                .filter(|_| case.state == State::Waiting)
                .map(|hold| hold.until),
            extension: case.pace.extensions.last().map(|extension| names.extension(extension)),
            supervision: case
                .supervision
                .map(|supervision| names.supervision(supervision, detail.report_due_on, &detail.events)),
            redo: case.redo.map(|redo| names.redo(redo)),
            duplicate_of: detail.lead.map(Into::into),
            duplicates: detail.duplicates.into_iter().map(Into::into).collect(),
            is_order: case.is_order,
            is_emergency: case.is_emergency,
            hold_days_left: i32::try_from(detail.limits.hold_days_left).unwrap_or(i32::MAX),
            longer_hold_days: detail.limits.longer_hold_days.and_then(|days| i32::try_from(days).ok()),
            longer_hold: case.pace.longer_holds.last().map(|longer| names.longer_hold(longer)),
            extension_days: detail.limits.extension.and_then(|(_, days)| i32::try_from(days).ok()),
            extension_clock: detail.limits.extension.map(|(clock, _)| clock.into()),
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
            cards: detail.cards.into_iter().map(Into::into).collect(),
            attachment_count: detail.attachments,
            has_originals: detail.has_originals,
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
            is_minor: detail.is_minor,
            identity_hold: detail.identity_hold.map(|hold| names.identity_hold(hold)),
            contact_erased_on: detail.erased_at.map(liangnuo_domain::Timestamp::day),
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
            due_at: due.map(|due| instant(due.at())),
            due_on: due.map(|due| due.due_on),
            due_is_provisional: due.is_some_and(|due| due.is_provisional),
            due: due.map(|due| ComplaintDue::new(due, along.as_ref(), language)),
            other_dues: dues
                .map(|due| ComplaintDue::new(due, along.as_ref(), language))
                .collect(),
            where_to_go: case.where_to_go,
            version: case.version,
        }
    }
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
    /// They wrote the answer that did not satisfy, so that they can't be given the case again; listed last.
    pub is_barred: bool,
}

impl From<Assignee> for AssigneeItem {
    fn from(assignee: Assignee) -> Self {
        Self {
            id: assignee.member.id.0,
            name: assignee.member.name,
            name_en: assignee.member.name_en,
            unit: assignee.unit.into(),
            open_cases: assignee.open_cases,
            is_barred: assignee.is_barred,
        }
    }
}

/// Those who can be given a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssigneeList {
    /// By name.
    pub items: Vec<AssigneeItem>,
}

/// A case that may say the same as another one, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarComplaint {
    /// The case.
    pub complaint: ComplaintSummary,
    /// Words that stand in both, the longest first.
    #[schema(max_items = 5)]
    pub shared_words: Vec<String>,
    /// Held by the same unit, or about the same one.
    pub is_same_unit: bool,
    /// In the same category.
    pub is_same_category: bool,
    /// Came in on the same day.
    pub is_same_day: bool,
    /// The other one can be merged into it: it is not answered yet.
    pub can_lead: bool,
}

impl From<SimilarCase> for SimilarComplaint {
    fn from(similar: SimilarCase) -> Self {
        Self {
            complaint: similar.case.into(),
            shared_words: similar.shared_words,
            is_same_unit: similar.is_same_unit,
            is_same_category: similar.is_same_category,
            is_same_day: similar.is_same_day,
            can_lead: similar.can_lead,
        }
    }
}

/// Cases that may say the same as another one.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarComplaints {
    /// The most similar first.
    pub items: Vec<SimilarComplaint>,
}
