//! Which step is told to whom, and as what.

use liangnuo_domain::{
    MemberId, Role,
    clocks::Rung,
    complaints::{Complaint, Event, Missed},
};

use super::NoticeKind;

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// Whoever handles the case; where nobody does yet, the handlers of its unit, or else the campaign office.
    Handlers,
    /// One member.
    Member(MemberId),
    /// Those who hold the role at the case's unit or, where nobody does, at the nearest one above.
    Nearest(Role),
    /// The same without some members: nobody is asked about their own work.
    NearestBut(Role, Vec<MemberId>),
    /// Those who hold the role anywhere above the case's unit.
    Above(Role),
    /// Those who are on duty today and may see the case.
    OnDuty,
    /// Whoever has the case under supervision, if somebody has; where they may not supervise it any more, those who may.
    Supervisor,
}

/// Who is told of an event, and as what.
pub(super) fn audiences(event: &Event, before: &Complaint, next: &Complaint) -> Option<(NoticeKind, Vec<Audience>)> {
    use Audience::{Above, Handlers, Member, Nearest, NearestBut, OnDuty, Supervisor};
    let asked_by = || {
        let asked = next.pace.extensions.last()?;
        Some(vec![Member(asked.asked_by), Supervisor])
    };
    Some(match event {
        Event::Received => (NoticeKind::NewCase, vec![Handlers]),
        Event::Withdrawn { .. } => (NoticeKind::Withdrawn, vec![Handlers]),
        Event::Submitted => {
            let authors = next.draft.as_ref()?.authors().map(|author| author.member).collect();
            (NoticeKind::Submitted, vec![NearestBut(Role::UnitHead, authors)])
        }
        Event::Assigned { .. } => (NoticeKind::Assigned, vec![Handlers]),
        Event::Returned { .. } => (
            NoticeKind::Returned,
            vec![Member(before.draft.as_ref().map(|draft| draft.drafted_by)?)],
        ),
        Event::Added { .. } => (NoticeKind::ComplainantWrote, vec![Handlers]),
        Event::Rated { level } if *level < 3 => (NoticeKind::RatedUnsatisfied, vec![Handlers]),
        Event::Objected { .. } => (NoticeKind::Objected, vec![Above(Role::CampaignOffice), Supervisor]),
        Event::ExtensionAsked { .. } | Event::LongerHoldAsked { .. } => {
            (NoticeKind::ExtensionAsked, vec![Nearest(Role::UnitHead), Supervisor])
        }
        Event::Extended { .. } | Event::ExtensionRefused { .. } => (NoticeKind::ExtensionDecided, asked_by()?),
        Event::LongerHoldGranted { .. } | Event::LongerHoldRefused { .. } => {
            let asked = next.pace.longer_holds.last()?;
            (NoticeKind::ExtensionDecided, vec![Member(asked.asked_by)])
        }
        Event::Supervised { .. } => (NoticeKind::Supervised, vec![Handlers, Nearest(Role::UnitHead)]),
        Event::EmergencyMarked { .. } => (
            NoticeKind::Emergency,
            vec![
                OnDuty,
                Handlers,
                Nearest(Role::UnitHead),
                Above(Role::CampaignOffice),
                Above(Role::Leader),
            ],
        ),
        Event::RedoAsked => (NoticeKind::RedoAsked, vec![Nearest(Role::UnitHead), Supervisor]),
        Event::Replied { .. } => (NoticeKind::Replied, vec![Supervisor]),
        Event::Reported { .. } => (NoticeKind::Reported, vec![Supervisor]),
        Event::ReportMissed { missed, .. } => (NoticeKind::ReportMissing, owing(*missed)),
        Event::SupervisionLifted { .. } => (NoticeKind::SupervisionLifted, vec![Handlers, Nearest(Role::UnitHead)]),
        Event::SupervisionEnded => (NoticeKind::SupervisionEnded, vec![Supervisor]),
        Event::CardAppealed { .. } => (
            NoticeKind::CardAppealed,
            vec![Above(Role::CampaignOffice), Above(Role::Leader), Supervisor],
        ),
        Event::CardDecided { appealed_by, .. } => (
            NoticeKind::CardDecided,
            appealed_by
                .map(Member)
                .into_iter()
                .chain([Handlers, Nearest(Role::UnitHead), Supervisor])
                .collect(),
        ),
        // Whoever may not answer, since one of the two acts for the other, is told by the page.
        Event::IdentityAsked { .. } => (NoticeKind::IdentityAsked, vec![Above(Role::Inspector)]),
        Event::IdentityAnswered { asked_by, .. } => (NoticeKind::IdentityAnswered, vec![Member(*asked_by)]),
        Event::Reminded { rung, .. } => reminded(*rung),
        _ => return None,
    })
}

/// Who is told that a report is missing: those who owe it, and in the end the one who waits for it.
fn owing(missed: Missed) -> Vec<Audience> {
    use Audience::{Handlers, Nearest, Supervisor};
    let mut told = vec![Handlers, Nearest(Role::UnitHead)];
    told.extend((missed == Missed::ToSupervisor).then_some(Supervisor));
    told
}

fn reminded(rung: Rung) -> (NoticeKind, Vec<Audience>) {
    use Audience::{Above, Handlers, Nearest, Supervisor};
    let head = Nearest(Role::UnitHead);
    let office = Above(Role::CampaignOffice);
    match rung {
        Rung::DueSoon => (NoticeKind::DueSoon, vec![Handlers]),
        Rung::YellowCard => (NoticeKind::YellowCard, vec![Handlers, head, Supervisor]),
        Rung::RedCard => (NoticeKind::RedCard, vec![Handlers, head, office, Supervisor]),
        Rung::CircularNotice => (
            NoticeKind::CircularNotice,
            vec![head, office, Above(Role::Leader), Supervisor],
        ),
    }
}
