//! The steps: each takes a complaint and gives the next one with what happened, or refuses and changes nothing.

use super::{
    Complaint, Draft, Event, Filing, Kind, Message, RATING_DAYS, REASON_MAX, Rating, ReplyParts, Sender, SentReply,
    State, Step, Verb,
};
use crate::{
    error::{self, Invalid, Refusal},
    ids::{ComplaintId, MemberId, MessageId, RegionId, ReplyId, UnitId},
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

fn step(next: Complaint, events: Vec<Event>) -> Step {
    Step {
        next,
        events,
        reply: None,
        message: None,
    }
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
        about: filing.about,
        // A report stands in no unit's list: the root holds it.
        unit: if is_sealed { region } else { desk },
        handler: None,
        category: filing.category,
        title: filing.title,
        body: filing.body,
        received_at: at,
        accepted_at: None,
        replied_at: None,
        ended_at: None,
        ended_reason: None,
        where_to_go: None,
        draft: None,
        rating: None,
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
    step(next, events)
}

/// A row of a ledger comes in: with a reply it is concluded, without one it waits at the desk.
#[must_use]
pub fn import(filed: Step, reply: Option<SentReply>) -> Step {
    let mut next = filed.next;
    let mut events = vec![Event::Imported];
    events.extend(
        filed
            .events
            .into_iter()
            .filter(|event| matches!(event, Event::AccusedNamed { .. })),
    );
    if let Some(reply) = &reply {
        next.state = State::Concluded;
        next.accepted_at = Some(next.received_at);
        next.replied_at = Some(reply.at);
        next.ended_at = Some(reply.at);
    }
    Step {
        next,
        events,
        reply,
        message: None,
    }
}

/// The case is taken.
///
/// # Errors
/// [`Refusal::WrongState`].
pub fn accept(complaint: &Complaint, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Accept)?;
    let next = Complaint {
        state: State::Accepted,
        accepted_at: Some(at),
        ..complaint.clone()
    };
    Ok(step(next, vec![Event::Accepted]))
}

/// The case is not taken, with the reason and, where one is known, the place to go instead.
///
/// # Errors
/// [`Refusal::WrongState`], or a reason that is missing.
pub fn not_accept(complaint: &Complaint, why: &str, where_to_go: Option<&str>, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::NotAccept)?;
    let mut found = Invalid::default();
    let why = found.take(reason("/reason", why));
    let where_to_go = found.take(optional_reason("/where_to_go", where_to_go)).flatten();
    found.finish()?;
    let why = why.unwrap_or_default();
    let next = Complaint {
        state: State::NotAccepted,
        ended_at: Some(at),
        ended_reason: Some(why.clone()),
        where_to_go,
        ..complaint.clone()
    };
    Ok(step(next, vec![Event::NotAccepted { reason: why }]))
}

/// The case is given to a unit, and perhaps to one of its handlers.
///
/// # Errors
/// [`Refusal::WrongState`]; a sealed case leaves the root for nobody.
pub fn assign(
    complaint: &Complaint,
    unit: UnitId,
    handler: Option<MemberId>,
    note: Option<&str>,
) -> Result<Step, Refusal> {
    ready(complaint, Verb::Assign)?;
    if complaint.is_sealed && unit != complaint.region {
        return Err(Refusal::NotReady(error::Message::new(
            "举报件只能由纪检人员办理，不能转交单位。",
            "A report stays with the inspectors; it can't be given to a unit.",
        )));
    }
    let note = optional_reason("/note", note)?;
    let next = Complaint {
        state: State::Assigned,
        unit,
        handler,
        ..complaint.clone()
    };
    Ok(step(next, vec![Event::Assigned { unit, handler, note }]))
}

/// A reply is written: kept as a draft, or handed to the head. Either takes back an earlier approval.
///
/// # Errors
/// [`Refusal::WrongState`], or a part that can't be taken.
pub fn draft_reply(
    complaint: &Complaint,
    parts: ReplyParts,
    submit: bool,
    by: MemberId,
    at: Timestamp,
) -> Result<Step, Refusal> {
    ready(complaint, if submit { Verb::Submit } else { Verb::Draft })?;
    let draft = Draft {
        parts,
        drafted_by: by,
        is_submitted: submit,
        approved_by: None,
        returned_reason: None,
        updated_at: at,
    };
    let next = Complaint {
        state: if submit { State::ReplyDrafted } else { State::InHandling },
        handler: complaint.handler.or(Some(by)),
        draft: Some(draft),
        ..complaint.clone()
    };
    Ok(step(next, vec![if submit { Event::Submitted } else { Event::Drafted }]))
}

/// The draft that was handed in; without one there is nothing to approve.
fn submitted(complaint: &Complaint) -> Result<&Draft, Refusal> {
    complaint
        .draft
        .as_ref()
        .filter(|draft| draft.is_submitted)
        .ok_or_else(|| {
            Refusal::NotReady(error::Message::new(
                "还没有送审的答复稿。",
                "No reply has been handed in yet.",
            ))
        })
}

/// The head approves the reply.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::OwnWork`] for the one who wrote it.
pub fn approve(complaint: &Complaint, by: MemberId, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Approve)?;
    let draft = submitted(complaint)?;
    if draft.drafted_by == by {
        return Err(Refusal::OwnWork);
    }
    let draft = Draft {
        approved_by: Some(by),
        updated_at: at,
        ..draft.clone()
    };
    Ok(step(
        Complaint {
            draft: Some(draft),
            ..complaint.clone()
        },
        vec![Event::Approved],
    ))
}

/// The head gives the reply back.
///
/// # Errors
/// [`Refusal::WrongState`], or a reason that is missing.
pub fn return_draft(complaint: &Complaint, why: &str, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Return)?;
    let draft = submitted(complaint)?;
    let why = reason("/reason", why)?;
    let draft = Draft {
        is_submitted: false,
        approved_by: None,
        returned_reason: Some(why.clone()),
        updated_at: at,
        ..draft.clone()
    };
    let next = Complaint {
        state: State::InHandling,
        draft: Some(draft),
        ..complaint.clone()
    };
    Ok(step(next, vec![Event::Returned { reason: why }]))
}

/// The approved reply goes out.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] before the head has approved it.
pub fn send_reply(complaint: &Complaint, id: ReplyId, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Reply)?;
    let draft = submitted(complaint)?;
    if draft.approved_by.is_none() {
        return Err(Refusal::NotReady(error::Message::new(
            "答复要先由负责人批准，才能发出。",
            "The head approves a reply before it goes out.",
        )));
    }
    let reply = SentReply {
        id,
        parts: Some(draft.parts.clone()),
        body: draft.parts.body(),
        unit: complaint.unit,
        drafted_by: Some(draft.drafted_by),
        approved_by: draft.approved_by,
        at,
    };
    let next = Complaint {
        state: State::Replied,
        replied_at: complaint.replied_at.or(Some(at)),
        draft: None,
        ..complaint.clone()
    };
    Ok(Step {
        next,
        events: vec![Event::Replied { reply: id }],
        reply: Some(reply),
        message: None,
    })
}

/// The case is closed by the staff. A praise needs no reply; a case whose complainant is not satisfied needs a reason.
///
/// # Errors
/// [`Refusal::WrongState`], [`Refusal::NotReady`] before a reply, or a reason that is missing.
pub fn conclude(complaint: &Complaint, why: Option<&str>, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Conclude)?;
    if complaint.state == State::Accepted && complaint.kind != Kind::Praise {
        return Err(Refusal::NotReady(error::Message::new(
            "先答复，再办结；只有表扬可以不答复直接办结。",
            "Answer first, then conclude; only praise can be concluded without an answer.",
        )));
    }
    let is_unsatisfied = complaint.rating.as_ref().is_some_and(|rating| !rating.is_satisfied());
    let why = if is_unsatisfied {
        Some(reason("/reason", why.unwrap_or_default())?)
    } else {
        optional_reason("/reason", why)?
    };
    let next = Complaint {
        state: State::Concluded,
        ended_at: Some(at),
        ended_reason: why.clone(),
        ..complaint.clone()
    };
    Ok(step(next, vec![Event::Concluded { reason: why }]))
}

/// The complainant takes the complaint back, or a member does so on their wish.
///
/// # Errors
/// [`Refusal::WrongState`], or a reason that is too long; `must_say_why` asks for one.
pub fn withdraw(complaint: &Complaint, why: Option<&str>, must_say_why: bool, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Withdraw)?;
    let why = if must_say_why {
        Some(reason("/reason", why.unwrap_or_default())?)
    } else {
        optional_reason("/reason", why)?
    };
    let next = Complaint {
        state: State::Withdrawn,
        ended_at: Some(at),
        ended_reason: why.clone(),
        draft: None,
        ..complaint.clone()
    };
    Ok(step(next, vec![Event::Withdrawn { reason: why }]))
}

fn write(body: &str, id: MessageId, from: Sender, at: Timestamp) -> Result<Message, Invalid> {
    let body = text::parse("/body", body, text::prose(1, super::BODY_MAX / 4))?;
    Ok(Message { id, from, body, at })
}

/// The staff write to the complainant.
///
/// # Errors
/// [`Refusal::WrongState`], or a text that can't be taken.
pub fn message(complaint: &Complaint, body: &str, id: MessageId, by: MemberId, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Message)?;
    let message = write(body, id, Sender::Staff(by), at)?;
    let events = vec![Event::Messaged { message: id }];
    Ok(Step {
        next: complaint.clone(),
        events,
        reply: None,
        message: Some(message),
    })
}

/// The complainant adds something.
///
/// # Errors
/// [`Refusal::WrongState`], or a text that can't be taken.
pub fn add(complaint: &Complaint, body: &str, id: MessageId, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Add)?;
    let message = write(body, id, Sender::Complainant, at)?;
    let events = vec![Event::Added { message: id }];
    Ok(Step {
        next: complaint.clone(),
        events,
        reply: None,
        message: Some(message),
    })
}

/// The complainant rates the answer, once, within fifteen days. A satisfied one concludes the case.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] when it was rated before or the time is over; a level out of range.
pub fn rate(complaint: &Complaint, level: i16, comment: Option<&str>, at: Timestamp) -> Result<Step, Refusal> {
    can_rate(complaint, at)?;
    let mut found = Invalid::default();
    if !(1..=5).contains(&level) {
        found.take::<()>(Err(Invalid::one(
            "/level",
            "out_of_range",
            "请从五个等级中选一个（1 到 5）。",
            "Choose one of the five levels, 1 to 5.",
        )));
    }
    let comment = found.take(optional_reason("/comment", comment)).flatten();
    found.finish()?;
    let rating = Rating { level, comment, at };
    let mut events = vec![Event::Rated { level }];
    let mut next = complaint.clone();
    if rating.is_satisfied() && next.state == State::Replied {
        next.state = State::Concluded;
        next.ended_at = Some(at);
        events.push(Event::Concluded { reason: None });
    }
    next.rating = Some(rating);
    Ok(step(next, events))
}

/// Whether the answer can be rated now.
///
/// # Errors
/// As [`rate`].
pub(super) fn can_rate(complaint: &Complaint, at: Timestamp) -> Result<(), Refusal> {
    ready(complaint, Verb::Rate)?;
    let Some(replied_at) = complaint.replied_at else {
        return Err(Refusal::NotReady(error::Message::new(
            "还没有答复。",
            "There is no answer yet.",
        )));
    };
    if complaint.rating.is_some() {
        return Err(Refusal::NotReady(error::Message::new(
            "这次答复已经评价过了。",
            "This answer has been rated already.",
        )));
    }
    if at > replied_at.plus_seconds(RATING_DAYS * 86_400) {
        return Err(Refusal::NotReady(error::Message::new(
            "答复满15天后不能再评价。",
            "An answer can be rated within 15 days.",
        )));
    }
    Ok(())
}

/// The accused are named: the case goes to the root's inspectors, and out of every list of a unit. The accused, and
/// whoever stands in an accused unit's line, have no right on it, not even as inspectors. A draft goes with it.
///
/// # Errors
/// [`Refusal::WrongState`], or nobody named.
pub fn name_accused(complaint: &Complaint, members: Vec<MemberId>, units: Vec<UnitId>) -> Result<Step, Refusal> {
    ready(complaint, Verb::NameAccused)?;
    if members.is_empty() && units.is_empty() {
        return Err(Invalid::one(
            "/member_ids",
            "required",
            "请至少指明一位人员或一个单位。",
            "Name at least one person or unit.",
        )
        .into());
    }
    let next = Complaint {
        is_sealed: true,
        unit: complaint.region,
        // Whoever handled it may work beside the accused; an inspector takes over, or gives it to another one.
        handler: complaint.handler.filter(|_| complaint.is_sealed),
        ..complaint.clone()
    };
    Ok(step(next, vec![Event::AccusedNamed { members, units }]))
}

#[cfg(test)]
#[path = "steps_tests.rs"]
mod tests;
