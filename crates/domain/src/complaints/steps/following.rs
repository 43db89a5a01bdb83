//! What happens to cases with the one that they are answered with, and to that one with them.

use super::{reply_along, unmerge};
use crate::{
    clocks::Rules,
    complaints::{Along, Complaint, Event, Extension, State, Step},
    error::Refusal,
    ids::ReplyId,
    time::Timestamp,
};

/// Whether a step of a case can lead to something for those that are answered with it.
#[must_use]
pub fn concerns_followers(before: &Complaint, step: &Step) -> bool {
    step.reply.is_some()
        || step.next.state == State::Duplicate
        || is_gone(before, step)
        || is_taken(before, step)
        || extension(step).is_some()
}

/// What a step of the lead leads to for a case that is answered with it, if anything.
///
/// # Errors
/// As the steps themselves.
pub fn follow(
    follower: &Complaint,
    (before, step): (&Complaint, &Step),
    reply: ReplyId,
    rules: &Rules,
    at: Timestamp,
) -> Result<Option<Step>, Refusal> {
    if follower.state != State::Duplicate {
        return Ok(None);
    }
    let next = &step.next;
    Ok(if let Some(sent) = &step.reply {
        Some(reply_along(follower, sent, reply)?)
    } else if let (State::Duplicate, Some(lead)) = (next.state, next.duplicate_of) {
        (follower.duplicate_of != Some(lead)).then(|| {
            let next = Complaint {
                duplicate_of: Some(lead),
                ..follower.clone()
            };
            Step::of(next, vec![Event::Merged { into: lead }])
        })
    } else if is_gone(before, step) {
        Some(unmerge(follower, at)?)
    } else if let Some(extension) = extension(step) {
        extend_along(follower, extension, rules)
    } else if is_taken(before, step) {
        accept_along(follower, at)
    } else {
        None
    })
}

/// The lead with the strictest date of those that are answered with it; `None` if it has that already.
#[must_use]
pub fn bind(lead: &Complaint, along: Option<Along>, rules: &Rules) -> Option<Step> {
    let along = along.filter(|_| lead.state.is_clocked());
    if along == lead.pace.along {
        return None;
    }
    let mut next = lead.clone();
    next.pace.along = along;
    let date = |case: &Complaint| case.due(rules).map(|due| due.due_on);
    let told = lead.told_due().map(|(_, day)| day).or_else(|| date(lead));
    let moved = told.zip(date(&next)).filter(|(from, to)| from != to);
    let events = moved.map(|(from, to)| Event::DueBound { from, to });
    Some(Step::of(next, events.into_iter().collect()))
}

/// The lead has left the desk without an answer, or the sight of those who merged into it.
fn is_gone(before: &Complaint, step: &Step) -> bool {
    matches!(step.next.state, State::NotAccepted | State::Referred | State::Withdrawn)
        || (step.next.is_sealed && !before.is_sealed)
}

const fn is_taken(before: &Complaint, step: &Step) -> bool {
    step.next.accepted_at.is_some() && before.accepted_at.is_none()
}

fn extension(step: &Step) -> Option<&Extension> {
    let is_extended = step.events.iter().any(|event| matches!(event, Event::Extended { .. }));
    step.next.pace.extensions.last().filter(|_| is_extended)
}

/// The lead is taken, and with it a case that was not yet: its complainant is told.
fn accept_along(follower: &Complaint, at: Timestamp) -> Option<Step> {
    follower.accepted_at.is_none().then(|| {
        let next = Complaint {
            accepted_at: Some(at),
            ..follower.clone()
        };
        Step::of(next, vec![Event::Accepted])
    })
}

/// The lead was given more time, and with it the case: its complainant is told why, too. A clock that does not run on that
/// case, or was extended already, is left alone.
fn extend_along(follower: &Complaint, extension: &Extension, rules: &Rules) -> Option<Step> {
    let runs = follower.dues(rules).iter().any(|due| due.clock == extension.clock);
    let was_extended = follower
        .pace
        .extensions
        .iter()
        .any(|e| e.clock == extension.clock && e.is_granted());
    (runs && !was_extended).then(|| {
        let mut next = follower.clone();
        next.pace.extensions.push(extension.clone());
        let event = Event::Extended {
            clock: extension.clock,
            days: extension.days,
            reason: extension.reason.clone(),
        };
        Step::of(next, vec![event])
    })
}
