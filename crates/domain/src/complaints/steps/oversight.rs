//! What others do about a case than the one who handles it: supervision, alarm, notes.

use super::{not_ready, ready, reason};
use crate::{
    attachments::AttachmentKind,
    complaints::{Complaint, Event, Step, Supervision, Verb},
    error::{Invalid, Refusal},
    ids::{AttachmentId, MemberId},
    time::{Day, Timestamp},
};

/// Days between the reports to a supervisor, at most.
const REPORT_DAYS_MAX: u32 = 30;

/// What a supervisor asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// Why.
    pub reason: String,
    /// By when it is to be done.
    pub due_on: Option<Day>,
    /// After how many working days a report is due, at the latest: none or zero where only news is to be reported.
    pub report_days: Option<u32>,
}

/// A step of the work is noted, for the staff alone.
///
/// # Errors
/// [`Refusal::WrongState`], or a text that is missing.
pub fn note(complaint: &Complaint, text: &str) -> Result<Step, Refusal> {
    ready(complaint, Verb::Note)?;
    let note = reason("/note", text)?;
    Ok(Step::of(complaint.clone(), vec![Event::Noted { note }]))
}

/// Files are attached; the case stays as it is.
///
/// # Errors
/// [`Refusal::WrongState`].
pub fn attach(complaint: &Complaint, files: usize) -> Result<Step, Refusal> {
    ready(complaint, Verb::Attach)?;
    Ok(Step::of(complaint.clone(), vec![Event::Attached { files }]))
}

/// A file that a member attached by mistake is removed.
///
/// # Errors
/// [`Refusal::WrongState`], or a reason that is missing.
pub fn remove_attachment(
    complaint: &Complaint,
    (attachment, kind): (AttachmentId, Option<AttachmentKind>),
    why: &str,
) -> Result<Step, Refusal> {
    ready(complaint, Verb::Attach)?;
    let reason = reason("/reason", why)?;
    let event = Event::AttachmentRemoved {
        attachment,
        kind,
        reason,
    };
    Ok(Step::of(complaint.clone(), vec![event]))
}

/// The supervisor is told how far the work has come. The next report counts from now.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] if nobody supervises the case; a text that is missing.
pub fn report(complaint: &Complaint, text: &str, at: Timestamp) -> Result<Step, Refusal> {
    ready(complaint, Verb::Report)?;
    let Some(supervision) = &complaint.supervision else {
        return Err(not_ready("这件来件没有在督办。", "The case is not under supervision."));
    };
    let text = reason("/report", text)?;
    let mut next = Complaint {
        supervision: Some(Supervision {
            reported_at: Some(at),
            ..supervision.clone()
        }),
        ..complaint.clone()
    };
    next.pace.report_missed = None;
    Ok(Step::of(next, vec![Event::Reported { report: text }]))
}

/// A leader puts the case under supervision, perhaps with a date of its own: a stricter one than the clocks' then binds.
/// From the first state on: a case that nobody takes needs it most.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::NotReady`] if it is under supervision; a reason that is missing, a date that has
/// passed, too many days between reports.
pub fn supervise(complaint: &Complaint, watch: &Watch, by: MemberId, at: Timestamp) -> Result<Step, Refusal> {
    let Watch {
        reason: why,
        due_on,
        report_days,
    } = watch;
    let (due_on, report_days) = (*due_on, report_days.filter(|days| *days > 0));
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
    if report_days.is_some_and(|days| days > REPORT_DAYS_MAX) {
        found.take::<()>(Err(Invalid::one(
            "/report_days",
            "out_of_range",
            format!("请填0到{REPORT_DAYS_MAX}之间的数。"),
            format!("Give a number from 0 to {REPORT_DAYS_MAX}."),
        )));
    }
    found.finish()?;
    let why = why.unwrap_or_default();
    let mut next = Complaint {
        supervision: Some(Supervision {
            by,
            reason: why.clone(),
            since: at,
            due_on,
            report_days,
            reported_at: None,
        }),
        ..complaint.clone()
    };
    next.pace.report_missed = None;
    let event = Event::Supervised {
        reason: why,
        due_on,
        report_days,
    };
    Ok(Step::of(next, vec![event]))
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
    let mut next = Complaint {
        supervision: None,
        ..complaint.clone()
    };
    next.pace.report_missed = None;
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
