//! What others do about a case than the one who handles it: supervision, alarm, notes.

use super::{not_ready, ready, reason};
use crate::{
    complaints::{Complaint, Event, Step, Supervision, Verb},
    error::{Invalid, Refusal},
    ids::MemberId,
    time::{Day, Timestamp},
};

/// A step of the work is noted, for the staff alone; of a case under supervision, this is the report.
///
/// # Errors
/// [`Refusal::WrongState`], or a text that is missing.
pub fn note(complaint: &Complaint, text: &str) -> Result<Step, Refusal> {
    ready(complaint, Verb::Note)?;
    let note = reason("/note", text)?;
    Ok(Step::of(complaint.clone(), vec![Event::Noted { note }]))
}

/// A leader puts the case under supervision, perhaps with a date of its own: a stricter one than the clocks' then binds.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] if it is under supervision; a reason that is missing, a date that has
/// passed.
pub fn supervise(
    complaint: &Complaint,
    why: &str,
    due_on: Option<Day>,
    by: MemberId,
    at: Timestamp,
) -> Result<Step, Refusal> {
    ready(complaint, Verb::Supervise)?;
    if complaint.supervision.is_some() {
        return Err(not_ready(
            "这件来件已在督办中。",
            "The case is under supervision already.",
        ));
    }
    let mut found = Invalid::default();
    let why = found.take(reason("/reason", why));
    if due_on.is_some_and(|day| day < at.day() || (day - at.day()).num_days() > 366) {
        found.take::<()>(Err(Invalid::one(
            "/due_on",
            "out_of_range",
            "办结日期应在今天到一年之内。",
            "The date lies between today and a year from now.",
        )));
    }
    found.finish()?;
    let why = why.unwrap_or_default();
    let next = Complaint {
        supervision: Some(Supervision {
            by,
            reason: why.clone(),
            since: at,
            due_on,
        }),
        ..complaint.clone()
    };
    Ok(Step::of(next, vec![Event::Supervised { reason: why, due_on }]))
}

/// The supervision is over.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] if there is none; a reason that is missing.
pub fn lift_supervision(complaint: &Complaint, why: &str) -> Result<Step, Refusal> {
    ready(complaint, Verb::LiftSupervision)?;
    if complaint.supervision.is_none() {
        return Err(not_ready("这件来件没有在督办。", "The case is not under supervision."));
    }
    let why = reason("/reason", why)?;
    let next = Complaint {
        supervision: None,
        ..complaint.clone()
    };
    Ok(Step::of(next, vec![Event::SupervisionLifted { reason: why }]))
}

/// Somebody is in danger: those on duty are alerted at once.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] if it is marked; a reason that is missing.
pub fn mark_emergency(complaint: &Complaint, why: &str) -> Result<Step, Refusal> {
    ready(complaint, Verb::MarkEmergency)?;
    if complaint.is_emergency {
        return Err(not_ready(
            "这件来件已标为紧急。",
            "The case is marked as an emergency already.",
        ));
    }
    let why = reason("/reason", why)?;
    let next = Complaint {
        is_emergency: true,
        ..complaint.clone()
    };
    Ok(Step::of(next, vec![Event::EmergencyMarked { reason: why }]))
}
