//! The steps: each takes a complaint and gives the next one with what happened, or refuses and changes nothing.

mod complainant;
mod following;
mod holding;
mod oversight;
mod pacing;
mod registering;
mod replying;
mod screening;

pub use complainant::{add, message, rate, redo, withdraw};
pub(super) use complainant::{can_rate, can_redo};
pub use following::{bind, concerns_followers, follow};
pub(super) use holding::no_days_to_wait;
pub use holding::{
    Question, ask_longer_hold, can_ask_longer_hold, grant_longer_hold, refuse_longer_hold, resume, wait,
};
pub use oversight::{Watch, attach, lift_supervision, mark_emergency, note, remove_attachment, report, supervise};
pub use pacing::{ask_extension, can_extend, extend, lapse, miss_report, refuse_extension, remind};
pub use registering::{Arrival, register};
pub(super) use replying::can_conclude;
pub use replying::{approve, conclude, draft_reply, reply_along, return_draft, send_reply};
pub use screening::{
    accept, assign, can_object, classify, hand_over, merge, name_accused, not_accept, object, refer, succeed, unmerge,
};

use super::{Complaint, Event, Filing, Kind, Pace, REASON_MAX, SentReply, State, Step, Verb, Wake};
use crate::{
    clocks::Rules,
    error::{self, Invalid, Refusal},
    ids::{ComplaintId, RegionId, UnitId},
    text,
    time::Timestamp,
};

/// Refuses a verb that does not lead on from the complaint's state.
fn ready(complaint: &Complaint, verb: Verb) -> Result<(), Refusal> {
    if complaint.state.takes(verb) {
        return Ok(());
    }
    Err(Refusal::WrongState {
        is: complaint.state.code(),
        wanted: State::before(verb).into_iter().map(State::code).collect(),
    })
}

fn not_ready(zh: &str, en: &str) -> Refusal {
    Refusal::NotReady(error::Message::new(zh, en))
}

fn reason(pointer: &str, raw: &str) -> Result<String, Invalid> {
    text::parse(pointer, raw, text::prose(2, REASON_MAX))
}

fn optional_reason(pointer: &str, raw: Option<&str>) -> Result<Option<String>, Invalid> {
    text::parse_optional(pointer, raw, text::prose(1, REASON_MAX))
}

/// A complaint comes in. `desk` is the unit that holds it first: the one it is about, or the root.
#[must_use]
pub fn file(filing: Filing, id: ComplaintId, region: RegionId, desk: UnitId, number: String, at: Timestamp) -> Step {
    let is_sealed = filing.kind == Kind::Report;
    let next = Complaint {
        id,
        region,
        number,
        kind: filing.kind,
        channel: filing.channel,
        state: State::Received,
        is_sealed,
        is_anonymous: filing.is_anonymous,
        is_order: filing.is_order,
        is_emergency: false,
        about: filing.about,
        // A report stands in no unit's list: the root holds it.
        unit: if is_sealed { region } else { desk },
        handler: None,
        category: filing.category,
        title: filing.title,
        body: filing.body,
        received_at: at,
        accepted_at: None,
        assigned_at: None,
        is_dispatch_final: false,
        replied_at: None,
        last_replied_at: None,
        ended_at: None,
        ended_reason: None,
        where_to_go: None,
        draft: None,
        rating: None,
        duplicate_of: None,
        supervision: None,
        redo: None,
        pace: Pace::default(),
        version: 1,
    };
    let mut events = vec![Event::Received];
    if let Some(unit) = filing.about.filter(|unit| is_sealed && *unit != region) {
        // The unit a report is about is accused from the first moment on. Not the root: its inspectors must look.
        events.push(Event::AccusedNamed {
            members: Vec::new(),
            units: vec![unit],
        });
    }
    Step::of(next, events)
}

/// A row of a ledger comes in: with a reply it is concluded, without one it waits at the desk. What was late before it
/// came in reminds nobody of that now.
#[must_use]
pub fn import(filed: Step, reply: Option<SentReply>, rules: &Rules, now: Timestamp) -> Step {
    let mut next = filed.next;
    let mut events = vec![Event::Imported];
    events.extend(
        filed
            .events
            .into_iter()
            .filter(|event| matches!(event, Event::AccusedNamed { .. })),
    );
    next.pace.reached_at = Some(now);
    if let Some(reply) = &reply {
        next.state = State::Concluded;
        next.accepted_at = Some(next.received_at);
        next.replied_at = Some(reply.at);
        next.last_replied_at = Some(reply.at);
        next.ended_at = Some(reply.at);
    }
    if let Some(Wake::Remind(rung)) = next.wake(rules, now) {
        next.pace.rung = Some(rung);
    }
    Step {
        next,
        events,
        reply,
        message: None,
    }
}

#[cfg(test)]
mod tests;
