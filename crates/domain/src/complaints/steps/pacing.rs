//! Holding a clock, giving it more time, and what the product does when a time has come.

use super::{complainant::write, not_ready, ready, reason};
use crate::{
    clocks::{Clock, Due, Rules, Rung},
    complaints::{Complaint, Decision, Event, Extension, Hold, Sender, State, Step, Verb},
    error::{Invalid, Refusal},
    ids::{MemberId, MessageId},
    time::Timestamp,
};

/// What a complainant is asked, and for how long the clock is held for the answer.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The message that asks.
    pub id: MessageId,
    /// What is asked.
    pub body: &'a str,
    /// For how many days at most.
    pub days: u32,
    /// Who asks.
    pub by: MemberId,
    /// Whether that is the head, who may go beyond the days that are set.
    pub is_head: bool,
}

/// The complainant is asked for something, and the clock held until they answer, for so many days at most. Only the head
/// may go beyond the days that are set for all holds together.
///
/// # Errors
/// [`Refusal::WrongState`]; a text or a number of days that can't be taken.
pub fn wait(complaint: &Complaint, question: Question<'_>, rules: &Rules, at: Timestamp) -> Result<Step, Refusal> {
    let Question {
        id,
        body,
        days,
        by,
        is_head,
    } = question;
    ready(complaint, Verb::Wait)?;
    let used: u32 = complaint.pace.holds.iter().map(Hold::length).sum();
    let left = rules.settings.hold_days.saturating_sub(used);
    // A head may go beyond, but not without end.
    let most = if is_head { left.max(30) } else { left };
    let mut found = Invalid::default();
    let message = found.take(write(body, id, Sender::Staff(by), at));
    if days == 0 || days > most {
        found.take::<()>(Err(Invalid::one(
            "/days",
            "out_of_range",
            format!(
                "等待补充累计最多{}天，还可以等{most}天；更长要由负责人办理。",
                rules.settings.hold_days
            ),
            format!(
                "A case waits {} days in all, of which {most} are left; only the head may give more.",
                rules.settings.hold_days
            ),
        )));
    }
    found.finish()?;
    let until = at.plus_seconds(i64::from(days) * 86_400).day();
    let mut next = Complaint {
        state: State::Waiting,
        handler: complaint.handler.or(Some(by)),
        ..complaint.clone()
    };
    next.pace.holds.push(Hold {
        from: at,
        until,
        ended_at: None,
        by,
    });
    Ok(Step {
        next,
        events: vec![Event::Held { message: id, until }],
        reply: None,
        message,
    })
}

/// The clock runs again: the complainant answered, the time for it is over, or a member does not wait any longer.
///
/// # Errors
/// [`Refusal::WrongState`].
pub fn resume(complaint: &Complaint, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Resume)?;
    let mut next = Complaint {
        state: State::InHandling,
        ..complaint.clone()
    };
    if let Some(hold) = next.pace.holds.last_mut() {
        hold.ended_at = Some(at);
    }
    Ok(Step::of(next, vec![Event::Resumed]))
}

/// The clock that can be given more time now, and how much at most.
///
/// # Errors
/// [`Refusal::NotReady`] where the binding clock can't be extended, was extended before, is late, or a request waits.
pub fn can_extend(complaint: &Complaint, rules: &Rules, at: Timestamp) -> Result<(Due, u32), Refusal> {
    ready(complaint, Verb::AskExtension)?;
    if complaint.open_extension().is_some() {
        return Err(not_ready(
            "已有一份延期申请在等待批准。",
            "A request for more time waits for a decision.",
        ));
    }
    // The date of a case that is answered along moves with it.
    let own = complaint
        .dues(rules)
        .into_iter()
        .find(|due| due.clock != Clock::Duplicate);
    let longest = own.and_then(|due| {
        Some((
            due,
            due.clock.longest_extension(&rules.settings).filter(|days| *days > 0)?,
        ))
    });
    let Some((due, longest)) = longest else {
        return Err(not_ready(
            "现在的期限不能延长。",
            "The clock that runs can't be extended.",
        ));
    };
    if complaint
        .pace
        .extensions
        .iter()
        .any(|e| e.clock == due.clock && e.is_granted())
    {
        return Err(not_ready("期限只能延长一次。", "A clock is extended once."));
    }
    if at > due.at() {
        return Err(not_ready(
            "已经超期，不能再延期。",
            "The case is late; more time is asked for before that.",
        ));
    }
    Ok((due, longest))
}

/// A handler asks for more time.
///
/// # Errors
/// As [`can_extend`]; a reason that is missing, or too many days.
pub fn ask_extension(
    complaint: &Complaint,
    days: u32,
    why: &str,
    by: MemberId,
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
        asked_by: by,
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
fn asked_by_another(complaint: &Complaint, verb: Verb, by: MemberId) -> Result<&Extension, Refusal> {
    ready(complaint, verb)?;
    let Some(extension) = complaint.open_extension() else {
        return Err(not_ready("没有等待批准的延期申请。", "No request for more time waits."));
    };
    if extension.asked_by == by {
        return Err(Refusal::OwnWork);
    }
    Ok(extension)
}

fn decided(complaint: &Complaint, is_granted: bool, by: MemberId, at: Timestamp) -> Complaint {
    let mut next = complaint.clone();
    if let Some(extension) = next.pace.extensions.last_mut() {
        extension.decision = Some(Decision { by, at, is_granted });
    }
    next
}

/// The head gives the time that was asked for; the complainant is told why.
///
/// # Errors
/// [`Refusal::NotReady`] without a request, or once the clock has run out: what is late is not made timely afterwards.
/// [`Refusal::OwnWork`] for the one who asked.
pub fn extend(complaint: &Complaint, by: MemberId, rules: &Rules, at: Timestamp) -> Result<Step, Refusal> {
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
pub fn refuse_extension(complaint: &Complaint, why: &str, by: MemberId, at: Timestamp) -> Result<Step, Refusal> {
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
