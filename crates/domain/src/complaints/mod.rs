//! Complaints: what they are, and the steps they may take.

mod allowed;
mod contact;
mod event;
pub mod number;
mod pace;
pub mod similar;
pub mod state;
mod steps;

pub use allowed::{Allowed, CaseView, Refused, allowed};
pub use contact::{Contact, Guardian, Relation, normal_phone};
pub use event::Event;
pub use pace::{Along, Decision, Extension, Hold, LongerHold, Missed, Pace, RatingTold, Redo, Supervision, Wake};
pub use state::{Channel, Kind, State, Verb, transitions};
pub use steps::*;

use crate::{
    actor::Doer,
    error::Invalid,
    ids::{CategoryId, ComplaintId, MemberId, MessageId, RegionId, ReplyId, UnitId},
    text,
    time::{MICROS_PER_DAY, Timestamp},
};

/// Characters of a title, at most.
pub const TITLE_MAX: usize = 100;
/// Characters of a text, at most.
pub const BODY_MAX: usize = 20_000;
/// Characters of a reason or comment, at most.
pub const REASON_MAX: usize = 2_000;

/// What a complainant files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// What is wanted.
    pub kind: Kind,
    /// How it came in.
    pub channel: Channel,
    /// In one line.
    pub title: String,
    /// In full.
    pub body: String,
    /// The unit it is about, if the complainant named one.
    pub about: Option<UnitId>,
    /// The category, if known.
    pub category: Option<CategoryId>,
    /// Whether contact data were left.
    pub is_anonymous: bool,
    /// It is a hotline's order: the hotline's clock runs on it, too.
    pub is_order: bool,
}

impl Filing {
    /// Checks the texts.
    ///
    /// # Errors
    /// Every field that can't be taken.
    pub fn parse(
        kind: Kind,
        channel: Channel,
        title: &str,
        body: &str,
        about: Option<UnitId>,
        category: Option<CategoryId>,
        is_anonymous: bool,
    ) -> Result<Self, Invalid> {
        let mut found = Invalid::default();
        let title = found.take(text::parse("/title", title, text::line(1, TITLE_MAX)));
        let body = found.take(text::parse("/body", body, text::prose(1, BODY_MAX)));
        found.finish()?;
        Ok(Self {
            kind,
            channel,
            title: title.unwrap_or_default(),
            body: body.unwrap_or_default(),
            about,
            category,
            is_anonymous,
            is_order: channel == Channel::Phone,
        })
    }
}

/// The four parts that a reply holds: what was asked, what was found, what is done, and on what basis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyParts {
    /// What the complainant asked, in the unit's words.
    pub request: String,
    /// What was found.
    pub facts: String,
    /// What is decided and done.
    pub decision: String,
    /// The rule, standard or pledge that it rests on.
    pub basis: String,
}

impl ReplyParts {
    /// Checks a draft; `complete` asks that no part is blank.
    ///
    /// # Errors
    /// Every part that can't be taken.
    pub fn parse(request: &str, facts: &str, decision: &str, basis: &str, complete: bool) -> Result<Self, Invalid> {
        let limits = text::prose(usize::from(complete), 10_000);
        let mut found = Invalid::default();
        let request = found.take(text::parse("/request", request, limits));
        let facts = found.take(text::parse("/facts", facts, limits));
        let decision = found.take(text::parse("/decision", decision, limits));
        let basis = found.take(text::parse("/basis", basis, limits));
        found.finish()?;
        Ok(Self {
            request: request.unwrap_or_default(),
            facts: facts.unwrap_or_default(),
            decision: decision.unwrap_or_default(),
            basis: basis.unwrap_or_default(),
        })
    }

    /// The whole reply as one text.
    #[must_use]
    pub fn body(&self) -> String {
        [&self.request, &self.facts, &self.decision, &self.basis]
            .map(String::as_str)
            .join("\n\n")
    }
}

/// The reply that is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its text.
    pub parts: ReplyParts,
    /// Who wrote it last.
    pub drafted_by: MemberId,
    /// Whose deputy that member was in writing it.
    pub drafted_for: Option<MemberId>,
    /// Who else wrote at it before, since the last answer: what they wrote may still be in it.
    pub earlier_authors: Vec<Doer>,
    /// Handed to the head.
    pub is_submitted: bool,
    /// Who approved it.
    pub approved_by: Option<MemberId>,
    /// Why the head gave it back.
    pub returned_reason: Option<String>,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Draft {
    /// Whose work it is: everybody's who wrote at it, the last one first.
    pub fn authors(&self) -> impl Iterator<Item = Doer> {
        let last = Doer {
            member: self.drafted_by,
            acting_for: self.drafted_for,
        };
        std::iter::once(last).chain(self.earlier_authors.iter().copied())
    }

    /// Those who wrote at it before somebody who does so now.
    #[must_use]
    fn authors_before(&self, by: Doer) -> Vec<Doer> {
        let mut earlier: Vec<Doer> = Vec::new();
        for author in self.authors() {
            if author != by && !earlier.contains(&author) {
                earlier.push(author);
            }
        }
        earlier
    }
}

/// What the complainant thinks of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// 5 very satisfied, 4 satisfied, 3 fairly satisfied, 2 not satisfied, 1 not satisfied at all.
    pub level: i16,
    /// In words.
    pub comment: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl Rating {
    /// Whether the answer was good enough to conclude the case.
    #[must_use]
    pub const fn is_satisfied(&self) -> bool {
        self.level >= 3
    }
}

/// A complaint as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Its id.
    pub id: ComplaintId,
    /// The county.
    pub region: RegionId,
    /// The number for people.
    pub number: String,
    /// What is wanted.
    pub kind: Kind,
    /// How it came in.
    pub channel: Channel,
    /// Where it stands.
    pub state: State,
    /// Known to the root's inspectors only.
    pub is_sealed: bool,
    /// No contact data were left.
    pub is_anonymous: bool,
    /// A hotline's order: the hotline's clock runs on it, too.
    pub is_order: bool,
    /// Somebody is in danger.
    pub is_emergency: bool,
    /// The unit it is about.
    pub about: Option<UnitId>,
    /// The unit that holds it now.
    pub unit: UnitId,
    /// The member who handles it.
    pub handler: Option<MemberId>,
    /// The category.
    pub category: Option<CategoryId>,
    /// In one line.
    pub title: String,
    /// In full.
    pub body: String,
    /// When it came in.
    pub received_at: Timestamp,
    /// When it was taken.
    pub accepted_at: Option<Timestamp>,
    /// When it was last given to a unit.
    pub assigned_at: Option<Timestamp>,
    /// The unit's objection was turned down: it does not object again.
    pub is_dispatch_final: bool,
    /// When it was first answered.
    pub replied_at: Option<Timestamp>,
    /// When it was last answered.
    pub last_replied_at: Option<Timestamp>,
    /// When the work ended.
    pub ended_at: Option<Timestamp>,
    /// Why it ended that way, in the words of who ended it.
    pub ended_reason: Option<String>,
    /// Where to go instead, when it was not taken.
    pub where_to_go: Option<String>,
    /// The reply that is being written.
    pub draft: Option<Draft>,
    /// What the complainant thinks of the answer.
    pub rating: Option<Rating>,
    /// The case that is answered for this one, too.
    pub duplicate_of: Option<ComplaintId>,
    /// A leader has it under supervision.
    pub supervision: Option<Supervision>,
    /// The complainant was not satisfied, and it is done again.
    pub redo: Option<Redo>,
    /// What held, extended or bound its clocks.
    pub pace: Pace,
    /// Counts the changes.
    pub version: i64,
}

impl Complaint {
    /// Microseconds from receipt to the first answer. Of an anonymous complaint in whole days: with the moment of the
    /// answer, anything finer would tell when the complainant sat at a screen.
    #[must_use]
    pub fn reply_micros(&self) -> Option<i64> {
        let replied_at = self.replied_at?;
        Some(if self.is_anonymous {
            (replied_at.day() - self.received_at.day()).num_days() * MICROS_PER_DAY
        } else {
            replied_at.micros() - self.received_at.micros()
        })
    }
}

/// A reply that goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentReply {
    /// Its id.
    pub id: ReplyId,
    /// Its parts; an imported reply has none.
    pub parts: Option<ReplyParts>,
    /// The whole text.
    pub body: String,
    /// Which unit answers.
    pub unit: UnitId,
    /// Who wrote it.
    pub drafted_by: Option<MemberId>,
    /// Who approved it.
    pub approved_by: Option<MemberId>,
    /// When it went out.
    pub at: Timestamp,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The complainant.
    Complainant,
    /// A member.
    Staff(MemberId),
}

/// A message between the complainant and the staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Who wrote it.
    pub from: Sender,
    /// The text.
    pub body: String,
    /// When.
    pub at: Timestamp,
}

/// What a step leads to. Nothing of it is true before it is saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The complaint after the step.
    pub next: Complaint,
    /// What happened.
    pub events: Vec<Event>,
    /// The reply that went out, if one did.
    pub reply: Option<SentReply>,
    /// The message that was written, if one was.
    pub message: Option<Message>,
}

impl Step {
    /// A step without reply or message. What ends a case ends its supervision, too, and says so.
    fn of(mut next: Complaint, mut events: Vec<Event>) -> Self {
        if next.state.is_ended() && next.supervision.take().is_some() {
            next.pace.report_missed = None;
            events.push(Event::SupervisionEnded);
        }
        Self {
            next,
            events,
            reply: None,
            message: None,
        }
    }
}
