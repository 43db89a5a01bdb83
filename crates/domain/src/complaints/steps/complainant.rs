//! What the complainant does, and what is written to and fro.

use chrono::Datelike;

use super::{not_ready, optional_reason, ready, reason};
use crate::{
    clocks::Rules,
    complaints::{BODY_MAX, Complaint, Event, Message, Rating, Redo, Sender, State, Step, Verb},
    error::{Invalid, Refusal},
    ids::{MemberId, MessageId},
    text,
    time::Timestamp,
};

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
        duplicate_of: None,
        ..complaint.clone()
    };
    Ok(Step::of(next, vec![Event::Withdrawn { reason: why }]))
}

pub(super) fn write(body: &str, id: MessageId, from: Sender, at: Timestamp) -> Result<Message, Invalid> {
    let body = text::parse("/body", body, text::prose(1, BODY_MAX / 4))?;
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

/// The complainant adds something. If that was waited for, the clock runs again.
///
/// # Errors
/// [`Refusal::WrongState`], or a text that can't be taken.
pub fn add(complaint: &Complaint, body: &str, id: MessageId, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Add)?;
    let message = write(body, id, Sender::Complainant, at)?;
    let mut events = vec![Event::Added { message: id }];
    let mut next = complaint.clone();
    if complaint.state == State::Waiting {
        let resumed = super::resume(complaint, at)?;
        next = resumed.next;
        events.extend(resumed.events);
    }
    Ok(Step {
        next,
        events,
        reply: None,
        message: Some(message),
    })
}

/// The complainant rates the answer, once, within the days set for it. A satisfied one concludes the case.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] when it was rated before or the time is over; a level out of range.
pub fn rate(
    complaint: &Complaint,
    level: i16,
    comment: Option<&str>,
    rules: &Rules,
    at: Timestamp,
) -> Result<Step, Refusal> {
    can_rate(complaint, rules, at)?;
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
    Ok(Step::of(next, events))
}

/// Whether the answer can be rated now.
///
/// # Errors
/// As [`rate`].
pub(in crate::complaints) fn can_rate(complaint: &Complaint, rules: &Rules, at: Timestamp) -> Result<(), Refusal> {
    ready(complaint, Verb::Rate)?;
    if complaint.rating.is_some() {
        return Err(not_ready(
            "这次答复已经评价过了。",
            "This answer has been rated already.",
        ));
    }
    within_rating_time(complaint, rules, at)
}

fn within_rating_time(complaint: &Complaint, rules: &Rules, at: Timestamp) -> Result<(), Refusal> {
    let Some(ends_at) = complaint.rating_ends_at(rules) else {
        return Err(not_ready("还没有答复。", "There is no answer yet."));
    };
    if at <= ends_at {
        return Ok(());
    }
    let day = ends_at.day();
    Err(not_ready(
        &format!("评价和要求重办截止到{}年{}月{}日。", day.year(), day.month(), day.day()),
        &format!(
            "The answer could be rated, or asked to be done again, until {}.",
            day.format("%-d %B %Y")
        ),
    ))
}

/// The complainant is not satisfied: the case is done again, once, by another handler; also one that was closed before the
/// time to ask for it was over.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] when it was done again before, was rated as satisfying, or the time is
/// over; a reason that is missing.
pub fn redo(
    complaint: &Complaint,
    why: &str,
    not_by: Option<MemberId>,
    rules: &Rules,
    at: Timestamp,
) -> Result<Step, Refusal> {
    can_redo(complaint, rules, at)?;
    let why = reason("/reason", why)?;
    let next = Complaint {
        state: State::Redoing,
        handler: None,
        ended_at: None,
        ended_reason: None,
        // The next answer is rated by itself; what was thought of this one stays in the log.
        rating: None,
        redo: Some(Redo {
            asked_at: at,
            reason: why,
            not_by,
        }),
        ..complaint.clone()
    };
    Ok(Step::of(next, vec![Event::RedoAsked]))
}

/// Whether the case can be asked to be done again now.
///
/// # Errors
/// As [`redo`].
pub(in crate::complaints) fn can_redo(complaint: &Complaint, rules: &Rules, at: Timestamp) -> Result<(), Refusal> {
    ready(complaint, Verb::Redo)?;
    if complaint.redo.is_some() {
        return Err(not_ready(
            "这件来件已经重办过一次。",
            "The case has been done again already.",
        ));
    }
    if complaint.rating.as_ref().is_some_and(Rating::is_satisfied) {
        return Err(not_ready(
            "您已评价为满意，不能再要求重办。",
            "The answer was rated as satisfying.",
        ));
    }
    within_rating_time(complaint, rules, at)
}
