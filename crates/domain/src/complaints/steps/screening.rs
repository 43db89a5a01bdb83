//! The first steps: whether a case is taken, where it goes, and what it is.

use super::{not_ready, optional_reason, ready, reason};
use crate::{
    clocks::Rules,
    complaints::{Channel, Complaint, Event, Kind, State, Step, Verb},
    error::{Invalid, Refusal},
    ids::{CategoryId, MemberId, UnitId},
    time::Timestamp,
};

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
    Ok(Step::of(next, vec![Event::Accepted]))
}

/// The case is not taken, with the reason and, where one is known, the place to go instead.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] once it was taken; a reason that is missing.
pub fn not_accept(complaint: &Complaint, why: &str, where_to_go: Option<&str>, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::NotAccept)?;
    if complaint.accepted_at.is_some() {
        return Err(not_ready(
            "这件来件已经受理，不能再不予受理。",
            "The case was taken already.",
        ));
    }
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
    Ok(Step::of(next, vec![Event::NotAccepted { reason: why }]))
}

/// The case goes to another organ that is in charge of it; the complainant is told where.
///
/// # Errors
/// [`Refusal::WrongState`], or a reason or place that is missing.
pub fn refer(complaint: &Complaint, why: &str, to: &str, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Refer)?;
    let mut found = Invalid::default();
    let why = found.take(reason("/reason", why));
    let to = found.take(reason("/where_to_go", to));
    found.finish()?;
    let why = why.unwrap_or_default();
    let next = Complaint {
        state: State::Referred,
        ended_at: Some(at),
        ended_reason: Some(why.clone()),
        where_to_go: to,
        ..complaint.clone()
    };
    Ok(Step::of(next, vec![Event::Referred { reason: why }]))
}

/// The case says the same as another one, the lead: it is answered with it. Where that one is taken, so is this one from now
/// on: its complainant is told.
///
/// # Errors
/// [`Refusal::WrongState`]; a lead that is this case, is a duplicate itself, is over, or lies in the other lane.
pub fn merge(complaint: &Complaint, lead: &Complaint, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Merge)?;
    let fits = lead.id != complaint.id
        && lead.region == complaint.region
        && lead.is_sealed == complaint.is_sealed
        && lead.duplicate_of.is_none()
        && lead.state.is_clocked();
    if !fits {
        return Err(Invalid::one(
            "/lead_id",
            "not_a_lead",
            "只能并入另一件还没有答复、本身没有被合并的来件。",
            "A case is merged into another one that is not answered yet and not merged itself.",
        )
        .into());
    }
    let mut next = Complaint {
        state: State::Duplicate,
        duplicate_of: Some(lead.id),
        draft: None,
        ..complaint.clone()
    };
    // What was bound to it is bound to the lead now.
    next.pace.along = None;
    let mut events = vec![Event::Merged { into: lead.id }];
    if lead.accepted_at.is_some() && complaint.accepted_at.is_none() {
        next.accepted_at = Some(at);
        events.push(Event::Accepted);
    }
    Ok(Step::of(next, events))
}

/// The case is answered on its own again.
///
/// # Errors
/// [`Refusal::WrongState`].
pub fn unmerge(complaint: &Complaint, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Unmerge)?;
    let next = Complaint {
        state: State::Accepted,
        // It may have been merged before anybody took it.
        accepted_at: complaint.accepted_at.or(Some(at)),
        duplicate_of: None,
        ..complaint.clone()
    };
    Ok(Step::of(next, vec![Event::Unmerged]))
}

/// The case gets another kind or category. A report stays one, and nothing else becomes one: who knows of it hangs on
/// that.
///
/// # Errors
/// [`Refusal::WrongState`], or a kind that can't be had.
pub fn classify(complaint: &Complaint, kind: Kind, category: Option<CategoryId>) -> Result<Step, Refusal> {
    ready(complaint, Verb::Classify)?;
    if (kind == Kind::Report) != (complaint.kind == Kind::Report) {
        return Err(Invalid::one(
            "/kind",
            "report_stays",
            "举报件的类型不能改，其他来件也不能改为举报；涉及人员的请由纪检人员指明被举报人。",
            "A report stays a report, and nothing else becomes one; inspectors name the accused instead.",
        )
        .into());
    }
    let next = Complaint {
        kind,
        category,
        ..complaint.clone()
    };
    Ok(Step::of(next, vec![Event::Classified { kind, category }]))
}

/// The case is given to a unit, and perhaps to one of its handlers. Settles an objection: for the unit if the case goes
/// elsewhere, against it if it stays, and then for good. One that was objected to before anybody took it is taken with that.
///
/// # Errors
/// [`Refusal::WrongState`]; a sealed case leaves the root for nobody; whoever wrote the answer that did not satisfy does
/// not write the next one.
pub fn assign(
    complaint: &Complaint,
    unit: UnitId,
    handler: Option<MemberId>,
    note: Option<&str>,
    at: Timestamp,
) -> Result<Step, Refusal> {
    ready(complaint, Verb::Assign)?;
    if complaint.is_sealed && unit != complaint.region {
        return Err(not_ready(
            "举报件只能由纪检人员办理，不能转交单位。",
            "A report stays with the inspectors; it can't be given to a unit.",
        ));
    }
    not_the_last_author(complaint, handler)?;
    let note = optional_reason("/note", note)?;
    let is_elsewhere = unit != complaint.unit;
    let is_objected = complaint.state == State::Objected;
    let next = Complaint {
        state: if complaint.state == State::Redoing {
            State::Redoing
        } else {
            State::Assigned
        },
        unit,
        handler,
        accepted_at: complaint.accepted_at.or(Some(at)),
        // Within the unit it is handed on, and the unit has it for as long as before.
        assigned_at: if is_elsewhere { Some(at) } else { complaint.assigned_at },
        is_dispatch_final: !is_elsewhere && (is_objected || complaint.is_dispatch_final),
        ..complaint.clone()
    };
    let assigned = Event::Assigned {
        unit,
        handler,
        note,
        objection_upheld: is_objected.then_some(is_elsewhere),
    };
    let taken = complaint.accepted_at.is_none().then_some(Event::Accepted);
    Ok(Step::of(next, taken.into_iter().chain([assigned]).collect()))
}

/// Another handler of the same unit takes the case over as it stands: its state, its dates and its draft stay. Unlike
/// [`assign`] in every state in which somebody is still responsible.
///
/// # Errors
/// [`Refusal::WrongState`] for a case that has ended; whoever wrote the answer that did not satisfy does not write the next
/// one.
pub fn hand_over(complaint: &Complaint, to: MemberId, note: &str) -> Result<Step, Refusal> {
    if complaint.state.is_ended() {
        let open = State::ALL.iter().filter(|state| !state.is_ended());
        return Err(Refusal::WrongState {
            is: complaint.state.code(),
            wanted: open.map(|state| state.code()).collect(),
        });
    }
    not_the_last_author(complaint, Some(to))?;
    let next = Complaint {
        handler: Some(to),
        ..complaint.clone()
    };
    let assigned = Event::Assigned {
        unit: complaint.unit,
        handler: Some(to),
        note: optional_reason("/reason", Some(note))?,
        objection_upheld: None,
    };
    Ok(Step::of(next, vec![assigned]))
}

/// The case goes on in the unit that came in the place of its own, as it stands. Whoever handled it goes on with it if they
/// may handle cases there.
#[must_use]
pub fn succeed(complaint: &Complaint, unit: UnitId, may_go_on: bool, note: &str) -> Step {
    let handler = complaint.handler.filter(|_| may_go_on);
    let next = Complaint {
        unit,
        handler,
        ..complaint.clone()
    };
    let assigned = Event::Assigned {
        unit,
        handler,
        note: Some(note.to_owned()),
        objection_upheld: None,
    };
    Step::of(next, vec![assigned])
}

/// Whoever wrote the answer that did not satisfy does not write the next one.
fn not_the_last_author(complaint: &Complaint, handler: Option<MemberId>) -> Result<(), Invalid> {
    if handler.is_none() || handler != complaint.redo.as_ref().and_then(|redo| redo.not_by) {
        return Ok(());
    }
    Err(Invalid::one(
        "/handler_id",
        "needs_another_handler",
        "投诉人对这位同事的答复不满意，请换一位办理人员。",
        "The complainant was not satisfied with this member's answer. Choose another handler.",
    ))
}

/// The unit says that the case is not its own, whether it was given to it or came in there: within five working days of
/// getting it, of an order's dispatch within a day.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] when the time is over or an objection was turned down before; a reason
/// that is missing.
pub fn object(complaint: &Complaint, why: &str, rules: &Rules, at: Timestamp) -> Result<Step, Refusal> {
    can_object(complaint, rules, at)?;
    let why = reason("/reason", why)?;
    let next = Complaint {
        state: State::Objected,
        draft: None,
        ..complaint.clone()
    };
    Ok(Step::of(next, vec![Event::Objected { reason: why }]))
}

/// Whether the unit can object now.
///
/// # Errors
/// As [`object`].
pub fn can_object(complaint: &Complaint, rules: &Rules, at: Timestamp) -> Result<(), Refusal> {
    ready(complaint, Verb::Object)?;
    if complaint.unit == complaint.region {
        return Err(not_ready(
            "这件来件没有交办给单位。",
            "The case was not given to a unit.",
        ));
    }
    if complaint.is_dispatch_final {
        return Err(not_ready(
            "异议已经处理过：本件仍由本单位办理。",
            "An objection was turned down: the case stays with this unit.",
        ));
    }
    let days = rules.settings.object_days;
    let reached_at = complaint.reached_at();
    // 错派工单 go back within a day: the hotline sent it, or an office sent it on. A call that the unit itself took is none.
    let is_sent = complaint.assigned_at.is_some() || complaint.channel == Channel::Import;
    let within_a_day = complaint.is_order && is_sent;
    let ends_at = if within_a_day {
        reached_at.plus_seconds(86_400)
    } else {
        Timestamp::end_of(rules.calendar.add_working_days(reached_at.day(), days))
    };
    if at <= ends_at {
        return Ok(());
    }
    Err(if within_a_day {
        not_ready(
            "热线工单的异议要在交办后24小时内提出。",
            "A wrong hotline order goes back within 24 hours.",
        )
    } else {
        not_ready(
            &format!("异议要在收到后{days}个工作日内提出。"),
            &format!("A unit objects within {days} working days of getting the case."),
        )
    })
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
    let is_merged = complaint.state == State::Duplicate;
    let next = Complaint {
        is_sealed: true,
        state: if is_merged { State::Accepted } else { complaint.state },
        duplicate_of: None,
        unit: complaint.region,
        // Whoever handled it may work beside the accused; an inspector takes over, or gives it to another one.
        handler: complaint.handler.filter(|_| complaint.is_sealed),
        ..complaint.clone()
    };
    Ok(Step::of(next, vec![Event::AccusedNamed { members, units }]))
}
