//! Holding a clock while the complainant is asked: by the days that a county gives, by more of them if a head gives those,
//! and never by more than the county's bound.

use chrono::Days;

use super::{complainant::write, not_ready, ready, reason};
use crate::{
    actor::Doer,
    clocks::Rules,
    complaints::{Complaint, Decision, Event, Hold, LongerHold, Sender, State, Step, Verb},
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
}

/// No day is left: more are asked for first.
pub(in crate::complaints) fn no_days_to_wait(rules: &Rules) -> Refusal {
    let days = rules.settings.hold_days;
    not_ready(
        &format!("等待补充累计最多{days}天，已经用完；更长要先申请，由负责人批准。"),
        &format!("A case waits {days} days in all, and none is left; ask the head for more first."),
    )
}

/// The complainant is asked for something, and the clock held until they answer, for so many days at most: those that are
/// left of what the county gives and a head has added.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] when no day is left; a text or a number of days that can't be taken.
pub fn wait(complaint: &Complaint, question: Question<'_>, rules: &Rules, at: Timestamp) -> Result<Step, Refusal> {
    let Question { id, body, days, by } = question;
    ready(complaint, Verb::Wait)?;
    let left = complaint.hold_days_left(rules);
    if left == 0 {
        return Err(no_days_to_wait(rules));
    }
    let mut found = Invalid::default();
    let message = found.take(write(body, id, Sender::Staff(by), at));
    if days == 0 || days > left {
        let all = complaint.hold_days(rules);
        found.take::<()>(Err(Invalid::one(
            "/days",
            "out_of_range",
            format!("等待补充累计最多{all}天，还可以等{left}天；更长要先申请，由负责人批准。"),
            format!("A case waits {all} days in all, of which {left} are left; ask the head for more first."),
        )));
    }
    found.finish()?;
    let until = at
        .day()
        .checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(at.day());
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

/// How many more days of waiting can be asked for now, at most.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] while a request waits, or when the county's bound is reached.
pub fn can_ask_longer_hold(complaint: &Complaint, rules: &Rules) -> Result<u32, Refusal> {
    ready(complaint, Verb::AskLongerHold)?;
    if complaint.open_longer_hold().is_some() {
        return Err(not_ready(
            "已有一份延长等待的申请在等待批准。",
            "A request for a longer wait waits for a decision.",
        ));
    }
    let longest = rules.settings.longest_hold_days;
    let more = longest.saturating_sub(complaint.hold_days(rules));
    if more == 0 {
        return Err(not_ready(
            &format!("等待补充连同批准延长的，累计最多{longest}天，不能再延长。"),
            &format!("A case waits {longest} days in all, with what a head may add; there are no more."),
        ));
    }
    Ok(more)
}

/// A handler asks for more days of waiting.
///
/// # Errors
/// As [`can_ask_longer_hold`]; a reason that is missing, or too many days.
pub fn ask_longer_hold(
    complaint: &Complaint,
    days: u32,
    why: &str,
    by: Doer,
    rules: &Rules,
    at: Timestamp,
) -> Result<Step, Refusal> {
    let most = can_ask_longer_hold(complaint, rules)?;
    let mut found = Invalid::default();
    let why = found.take(reason("/reason", why));
    if days == 0 || days > most {
        found.take::<()>(Err(Invalid::one(
            "/days",
            "out_of_range",
            format!("可以再申请1到{most}天。"),
            format!("From 1 to {most} more days can be asked for."),
        )));
    }
    found.finish()?;
    let why = why.unwrap_or_default();
    let mut next = complaint.clone();
    // A refused request makes room for the next one: what became of it stays in the log.
    next.pace.longer_holds.retain(LongerHold::is_granted);
    next.pace.longer_holds.push(LongerHold {
        days,
        reason: why.clone(),
        asked_by: by.member,
        asked_for: by.acting_for,
        asked_at: at,
        decision: None,
    });
    Ok(Step::of(next, vec![Event::LongerHoldAsked { days, reason: why }]))
}

/// The open request for more days of waiting, which somebody else than `by` has made.
fn asked_by_another(complaint: &Complaint, verb: Verb, by: Doer) -> Result<&LongerHold, Refusal> {
    ready(complaint, verb)?;
    let Some(longer) = complaint.open_longer_hold() else {
        return Err(not_ready(
            "没有等待批准的延长等待申请。",
            "No request for a longer wait waits.",
        ));
    };
    if by.is_one_with(longer.asker()) {
        return Err(Refusal::OwnWork);
    }
    Ok(longer)
}

fn decided(complaint: &Complaint, is_granted: bool, by: Doer, at: Timestamp) -> Complaint {
    let mut next = complaint.clone();
    if let Some(longer) = next.pace.longer_holds.last_mut() {
        longer.decision = Some(Decision {
            by: by.member,
            at,
            is_granted,
        });
    }
    next
}

/// The head gives the days that were asked for. A hold that is on lasts so much longer; else they are there for the next
/// question.
///
/// # Errors
/// [`Refusal::NotReady`] without a request, or when the county has meanwhile set a bound below it; [`Refusal::OwnWork`] for
/// the one who asked, the one for whom it was asked, and whoever stands in for either.
pub fn grant_longer_hold(complaint: &Complaint, by: Doer, rules: &Rules, at: Timestamp) -> Result<Step, Refusal> {
    let longer = asked_by_another(complaint, Verb::GrantLongerHold, by)?;
    let (days, why) = (longer.days, longer.reason.clone());
    if complaint.hold_days(rules) + days > rules.settings.longest_hold_days {
        return Err(not_ready(
            "批准后会超过累计等待的上限；请不同意这份申请。",
            "With these days the case would wait for longer than the bound; refuse the request.",
        ));
    }
    let mut next = decided(complaint, true, by, at);
    let mut until = None;
    if let Some(hold) = next.pace.holds.last_mut()
        && complaint.state == State::Waiting
        && hold.ended_at.is_none()
    {
        hold.until = hold
            .until
            .checked_add_days(Days::new(u64::from(days)))
            .unwrap_or(hold.until);
        until = Some(hold.until);
    }
    let event = Event::LongerHoldGranted {
        days,
        reason: why,
        until,
    };
    Ok(Step::of(next, vec![event]))
}

/// The head does not give them.
///
/// # Errors
/// As [`grant_longer_hold`], or a reason that is missing.
pub fn refuse_longer_hold(complaint: &Complaint, why: &str, by: Doer, at: Timestamp) -> Result<Step, Refusal> {
    asked_by_another(complaint, Verb::RefuseLongerHold, by)?;
    let why = reason("/reason", why)?;
    Ok(Step::of(
        decided(complaint, false, by, at),
        vec![Event::LongerHoldRefused { reason: why }],
    ))
}
