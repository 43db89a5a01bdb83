//! The answer: written, approved by the head, sent; and the end of the case.

use chrono::Datelike;

use super::{can_rate, can_redo, not_ready, optional_reason, ready, reason};
use crate::{
    actor::Doer,
    clocks::Rules,
    complaints::{Complaint, Draft, Event, Kind, ReplyParts, SentReply, State, Step, Verb},
    error::Refusal,
    ids::ReplyId,
    time::Timestamp,
};

/// A reply is written: kept as a draft, or handed to the head. Either takes back an earlier approval.
///
/// # Errors
/// [`Refusal::WrongState`], or a part that can't be taken.
pub fn draft_reply(
    complaint: &Complaint,
    parts: ReplyParts,
    submit: bool,
    by: Doer,
    at: Timestamp,
) -> Result<Step, Refusal> {
    ready(complaint, if submit { Verb::Submit } else { Verb::Draft })?;
    // 一次重办由另一人办理: whoever did not satisfy the complainant does not answer again, nor does their deputy for them.
    let not_by = complaint.redo.as_ref().and_then(|redo| redo.not_by);
    if not_by.is_some_and(|not_by| by.is_one_with(Doer::own(not_by))) {
        return Err(Refusal::OwnWork);
    }
    let draft = Draft {
        parts,
        drafted_by: by.member,
        drafted_for: by.acting_for,
        earlier_authors: complaint
            .draft
            .as_ref()
            .map_or_else(Vec::new, |draft| draft.authors_before(by)),
        is_submitted: submit,
        approved_by: None,
        returned_reason: None,
        updated_at: at,
    };
    let next = Complaint {
        state: if submit { State::ReplyDrafted } else { State::InHandling },
        handler: complaint.handler.or(Some(by.member)),
        draft: Some(draft),
        ..complaint.clone()
    };
    Ok(Step::of(
        next,
        vec![if submit { Event::Submitted } else { Event::Drafted }],
    ))
}

/// The draft that was handed in; without one there is nothing to approve.
fn submitted(complaint: &Complaint) -> Result<&Draft, Refusal> {
    complaint
        .draft
        .as_ref()
        .filter(|draft| draft.is_submitted)
        .ok_or_else(|| not_ready("还没有送审的答复稿。", "No reply has been handed in yet."))
}

/// The head approves the reply.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::OwnWork`] for everybody who wrote at it, those for whom it was written, and whoever
/// stands in for any of them.
pub fn approve(complaint: &Complaint, by: Doer, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Approve)?;
    let draft = submitted(complaint)?;
    if draft.authors().any(|author| by.is_one_with(author)) {
        return Err(Refusal::OwnWork);
    }
    let draft = Draft {
        approved_by: Some(by.member),
        updated_at: at,
        ..draft.clone()
    };
    Ok(Step::of(
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
    Ok(Step::of(next, vec![Event::Returned { reason: why }]))
}

/// The approved reply goes out.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] before the head has approved it.
pub fn send_reply(complaint: &Complaint, id: ReplyId, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Reply)?;
    let draft = submitted(complaint)?;
    if draft.approved_by.is_none() {
        return Err(not_ready(
            "答复要先由负责人批准，才能发出。",
            "The head approves a reply before it goes out.",
        ));
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
        last_replied_at: Some(at),
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

/// A duplicate is answered with the case that leads it: in the same words, at the same time.
///
/// # Errors
/// [`Refusal::WrongState`].
pub fn reply_along(complaint: &Complaint, lead: &SentReply, id: ReplyId) -> Result<Step, Refusal> {
    ready(complaint, Verb::ReplyAlong)?;
    let next = Complaint {
        state: State::Replied,
        accepted_at: complaint.accepted_at.or(Some(lead.at)),
        replied_at: complaint.replied_at.or(Some(lead.at)),
        last_replied_at: Some(lead.at),
        ..complaint.clone()
    };
    Ok(Step {
        next,
        events: vec![Event::Replied { reply: id }],
        reply: Some(SentReply { id, ..lead.clone() }),
        message: None,
    })
}

/// Whether the staff can close the case now: nothing of it may be left for the complainant to say.
///
/// # Errors
/// As [`conclude`].
pub(in crate::complaints) fn can_conclude(complaint: &Complaint, rules: &Rules, at: Timestamp) -> Result<(), Refusal> {
    ready(complaint, Verb::Conclude)?;
    if complaint.state == State::Accepted && complaint.kind != Kind::Praise {
        return Err(not_ready(
            "先答复，再办结；只有表扬可以不答复直接办结。",
            "Answer first, then conclude; only praise can be concluded without an answer.",
        ));
    }
    let is_open = can_rate(complaint, rules, at).is_ok() || can_redo(complaint, rules, at).is_ok();
    let Some(until) = complaint.rating_ends_on(rules).filter(|_| is_open) else {
        return Ok(());
    };
    Err(not_ready(
        &format!(
            "投诉人到{}年{}月{}日还可以评价或要求重办，到期自动办结。",
            until.year(),
            until.month(),
            until.day()
        ),
        &format!(
            "Until {} the complainant can rate the answer or ask for it to be done again; then the case is concluded by \
             itself.",
            until.format("%-d %B %Y")
        ),
    ))
}

/// The case is closed by the staff: praise, which needs no reply, or a case whose complainant has nothing left to say about
/// the answer; one who is not satisfied is given a reason. What nobody rates is concluded by the product.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] before a reply, or while it can be rated or done again; a reason that is
/// missing.
pub fn conclude(complaint: &Complaint, why: Option<&str>, rules: &Rules, at: Timestamp) -> Result<Step, Refusal> {
    can_conclude(complaint, rules, at)?;
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
    Ok(Step::of(next, vec![Event::Concluded { reason: why }]))
}
