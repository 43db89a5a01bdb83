//! Giving a clock more time, and what the product does when a time has come.

use super::{not_ready, ready, reason};
use crate::{
    actor::Doer,
    clocks::{Due, Rules, Rung},
    complaints::{Complaint, Decision, Event, Extension, Missed, State, Step, Verb},
    error::{Invalid, Refusal},
    time::Timestamp,
};

/// The clock that can be given more time now, and how much at most: of those that law or the hotline gave and that can be
/// extended the strictest. A date that a leader set may come before it, and stays as it is; so may that of a case which is
/// answered with this one, and moves along with it.
///
/// # Errors
/// [`Refusal::NotReady`] where no clock that runs can be extended, each was extended before or is late, or a request
/// waits.
pub fn can_extend(complaint: &Complaint, rules: &Rules, at: Timestamp) -> Result<(Due, u32), Refusal> {
    ready(complaint, Verb::AskExtension)?;
    if complaint.open_extension().is_some() {
        return Err(not_ready(
            "已有一份延期申请在等待批准。",
            "A request for more time waits for a decision.",
        ));
    }
    let longest = |due: Due| due.clock.longest_extension(&rules.settings).filter(|days| *days > 0);
    let extendable: Vec<(Due, u32)> = complaint
        .dues(rules)
        .into_iter()
        .filter_map(|due| Some((due, longest(due)?)))
        .collect();
    if extendable.is_empty() {
        return Err(not_ready(
            "现在的期限不能延长。",
            "The clock that runs can't be extended.",
        ));
    }
    let is_extended = |due: Due| {
        let mut granted = complaint.pace.extensions.iter().filter(|e| e.is_granted());
        granted.any(|extension| extension.clock == due.clock)
    };
    let mut open = extendable.into_iter().filter(|(due, _)| !is_extended(*due)).peekable();
    if open.peek().is_none() {
        return Err(not_ready("期限只能延长一次。", "A clock is extended once."));
    }
    open.find(|(due, _)| at <= due.at()).ok_or_else(|| {
        not_ready(
            "已经超期，不能再延期。",
            "The case is late; more time is asked for before that.",
        )
    })
}

/// A handler asks for more time.
///
/// # Errors
/// As [`can_extend`]; a reason that is missing, or too many days.
pub fn ask_extension(
    complaint: &Complaint,
    days: u32,
    why: &str,
    by: Doer,
    rules: &Rules,
    at: Timestamp,
) -> Result<Step, Refusal> {
    let (due, longest) = can_extend(complaint, rules, at)?;
    let mut found = Invalid::default();
    let why = found.take(reason("/reason", why));
    if days == 0 || days > longest {
        found.take::<()>(Err(Invalid::one(
            "/days",
            "out_of_range",
            format!("可以延长1到{longest}天（按该期限的计算方式）。"),
            format!("From 1 to {longest} days can be added, in what the clock counts."),
        )));
    }
    found.finish()?;
    let why = why.unwrap_or_default();
    let mut next = complaint.clone();
    // A refused request makes room for the next one: what became of it stays in the log.
    next.pace.extensions.retain(|e| e.clock != due.clock);
    next.pace.extensions.push(Extension {
        clock: due.clock,
        days,
        reason: why.clone(),
        asked_by: by.member,
        asked_for: by.acting_for,
        asked_at: at,
        decision: None,
    });
    let event = Event::ExtensionAsked {
        clock: due.clock,
        days,
        reason: why,
    };
    Ok(Step::of(next, vec![event]))
}

/// The open request for more time, which somebody else than `by` has made.
fn asked_by_another(complaint: &Complaint, verb: Verb, by: Doer) -> Result<&Extension, Refusal> {
    ready(complaint, verb)?;
    let Some(extension) = complaint.open_extension() else {
        return Err(not_ready("没有等待批准的延期申请。", "No request for more time waits."));
    };
    if by.is_one_with(extension.asker()) {
        return Err(Refusal::OwnWork);
    }
    Ok(extension)
}

fn decided(complaint: &Complaint, is_granted: bool, by: Doer, at: Timestamp) -> Complaint {
    let mut next = complaint.clone();
    if let Some(extension) = next.pace.extensions.last_mut() {
        extension.decision = Some(Decision {
            by: by.member,
            at,
            is_granted,
        });
    }
    next
}

/// The head gives the time that was asked for; the complainant is told why.
///
/// # Errors
/// [`Refusal::NotReady`] without a request, or once the clock has run out: what is late is not made timely afterwards.
/// [`Refusal::OwnWork`] for the one who asked, the one for whom it was asked, and whoever stands in for either.
pub fn extend(complaint: &Complaint, by: Doer, rules: &Rules, at: Timestamp) -> Result<Step, Refusal> {
    let extension = asked_by_another(complaint, Verb::Extend, by)?;
    let dues = complaint.dues(rules);
    let runs = dues.iter().find(|due| due.clock == extension.clock);
    if runs.is_none_or(|due| at > due.at()) {
        return Err(not_ready(
            "期限已经过了，不能再批准延期；请不同意这份申请。",
            "The clock has run out, so no time can be added; refuse the request.",
        ));
    }
    let event = Event::Extended {
        clock: extension.clock,
        days: extension.days,
        reason: extension.reason.clone(),
    };
    Ok(Step::of(decided(complaint, true, by, at), vec![event]))
}

/// The head does not give it.
///
/// # Errors
/// As [`extend`], or a reason that is missing.
pub fn refuse_extension(complaint: &Complaint, why: &str, by: Doer, at: Timestamp) -> Result<Step, Refusal> {
    asked_by_another(complaint, Verb::RefuseExtension, by)?;
    let why = reason("/reason", why)?;
    Ok(Step::of(
        decided(complaint, false, by, at),
        vec![Event::ExtensionRefused { reason: why }],
    ))
}

/// The time to rate is over: the case is concluded by itself.
///
/// # Errors
/// [`Refusal::WrongState`].
pub fn lapse(complaint: &Complaint, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Conclude)?;
    let next = Complaint {
        state: State::Concluded,
        ended_at: Some(at),
        ..complaint.clone()
    };
    Ok(Step::of(next, vec![Event::Concluded { reason: None }]))
}

/// A rung of the ladder is reached. `None` where no clock runs.
#[must_use]
pub fn remind(complaint: &Complaint, rung: Rung, rules: &Rules) -> Option<Step> {
    let due_on = complaint.due(rules)?.due_on;
    let mut next = complaint.clone();
    next.pace.rung = Some(rung);
    Some(Step::of(next, vec![Event::Reminded { rung, due_on }]))
}

/// A report to the supervisor is missing. `None` where none is wanted.
#[must_use]
pub fn miss_report(complaint: &Complaint, missed: Missed, rules: &Rules) -> Option<Step> {
    let due_on = complaint.report_due_on(rules)?;
    let mut next = complaint.clone();
    next.pace.report_missed = Some(missed);
    Some(Step::of(next, vec![Event::ReportMissed { missed, due_on }]))
}
