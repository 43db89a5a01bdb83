//! What a caller may do now: the same rules as the steps, asked beforehand, so that no client needs a copy of them.

use super::{Complaint, Draft, ReplyParts, Step, Verb, steps};
use crate::{
    actor::{Actor, Doer},
    clocks::Rules,
    error::Refusal,
    ids::UnitId,
    policy::{self, Access, Action, Resource},
    time::Timestamp,
};

/// A complaint as a caller stands to it.
#[derive(Clone, Copy, Debug)]
pub struct CaseView<'a> {
    /// The case.
    pub complaint: &'a Complaint,
    /// From the root to the unit that holds it.
    pub path: &'a [UnitId],
    /// The caller is accused in it, or stands in the accused unit's line.
    pub is_excluded: bool,
}

/// A step that the caller's role would allow, but something else does not yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The step.
    pub verb: Verb,
    /// Why not now.
    pub why: Refusal,
}

/// What a caller may do now, and what only something else stands in the way of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Possible now.
    pub verbs: Vec<Verb>,
    /// Within the role, but not now.
    pub refused: Vec<Refused>,
}

impl Verb {
    /// The right that a member needs for the verb; none for what only complainants do.
    #[must_use]
    pub const fn action(self) -> Option<Action> {
        match self {
            Self::Accept => Some(Action::AcceptComplaint),
            Self::NotAccept => Some(Action::NotAcceptComplaint),
            Self::Assign => Some(Action::AssignComplaint),
            Self::Draft | Self::Submit => Some(Action::DraftReply),
            Self::Approve => Some(Action::ApproveReply),
            Self::Return => Some(Action::ReturnReply),
            Self::Reply => Some(Action::SendReply),
            Self::Message => Some(Action::MessageComplainant),
            Self::Conclude => Some(Action::ConcludeComplaint),
            Self::Withdraw => Some(Action::WithdrawComplaint),
            Self::NameAccused => Some(Action::NameAccused),
            Self::Refer => Some(Action::ReferComplaint),
            Self::Merge | Self::Unmerge => Some(Action::MergeComplaint),
            Self::Classify => Some(Action::ClassifyComplaint),
            Self::Object => Some(Action::ObjectToDispatch),
            Self::Wait | Self::Resume => Some(Action::HoldClock),
            Self::AskExtension | Self::AskLongerHold => Some(Action::AskExtension),
            Self::Extend | Self::RefuseExtension | Self::GrantLongerHold | Self::RefuseLongerHold => {
                Some(Action::DecideExtension)
            }
            Self::Note | Self::Report => Some(Action::NoteProgress),
            Self::Attach => Some(Action::AttachToComplaint),
            Self::Supervise | Self::LiftSupervision => Some(Action::SuperviseComplaint),
            Self::MarkEmergency => Some(Action::MarkEmergency),
            Self::Add | Self::Rate | Self::Redo | Self::ReplyAlong => None,
        }
    }
}

/// What `actor` may do with the case now.
#[must_use]
pub fn allowed(case: CaseView<'_>, actor: &Actor, rules: &Rules, now: Timestamp) -> Allowed {
    let complaint = case.complaint;
    let resource = Resource::Complaint {
        path: case.path,
        is_sealed: complaint.is_sealed,
        is_excluded: case.is_excluded,
    };
    let mut out = Allowed::default();
    for verb in Verb::ALL.iter().copied() {
        let Some(action) = verb.action() else { continue };
        if policy::permit(actor, action, resource) != Access::Allow || !complaint.state.takes(verb) {
            continue;
        }
        let by = policy::doer(actor, action, resource);
        match guard(complaint, verb, by, rules, now) {
            None => out.verbs.push(verb),
            Some(why) => out.refused.push(Refused { verb, why }),
        }
    }
    out
}

/// What stands in the way of a verb beside state and role; `None` if nothing does.
fn guard(complaint: &Complaint, verb: Verb, by: Doer, rules: &Rules, now: Timestamp) -> Option<Refusal> {
    // The steps decide; the texts that a person still has to write are not asked for here.
    match verb {
        Verb::Approve if is_approved(complaint.draft.as_ref()) => Some(Refusal::NotReady(crate::error::Message::new(
            "这份答复已经批准。",
            "This reply has been approved already.",
        ))),
        Verb::Approve => steps::approve(complaint, by, now).err(),
        Verb::Reply => steps::send_reply(complaint, crate::ids::ReplyId(complaint.id.0), now).err(),
        Verb::Conclude => steps::can_conclude(complaint, rules, now).err(),
        Verb::NotAccept => unless_text_is_missing(steps::not_accept(complaint, PLACEHOLDER, None, now)),
        Verb::Wait if complaint.hold_days_left(rules) == 0 => Some(steps::no_days_to_wait(rules)),
        Verb::Draft | Verb::Submit => steps::draft_reply(complaint, ReplyParts::default(), false, by, now)
            .err()
            .filter(|refusal| *refusal == Refusal::OwnWork),
        Verb::Object => steps::can_object(complaint, rules, now).err(),
        Verb::AskExtension => steps::can_extend(complaint, rules, now).err(),
        Verb::Extend => steps::extend(complaint, by, rules, now).err(),
        Verb::RefuseExtension => unless_text_is_missing(steps::refuse_extension(complaint, PLACEHOLDER, by, now)),
        Verb::AskLongerHold => steps::can_ask_longer_hold(complaint, rules).err(),
        Verb::GrantLongerHold => steps::grant_longer_hold(complaint, by, rules, now).err(),
        Verb::RefuseLongerHold => unless_text_is_missing(steps::refuse_longer_hold(complaint, PLACEHOLDER, by, now)),
        Verb::Supervise => {
            let watch = steps::Watch {
                reason: PLACEHOLDER.to_owned(),
                ..steps::Watch::default()
            };
            unless_text_is_missing(steps::supervise(complaint, &watch, by.member, now))
        }
        Verb::Report => unless_text_is_missing(steps::report(complaint, PLACEHOLDER, now)),
        Verb::LiftSupervision => unless_text_is_missing(steps::lift_supervision(complaint, PLACEHOLDER)),
        Verb::MarkEmergency => unless_text_is_missing(steps::mark_emergency(complaint, PLACEHOLDER)),
        Verb::Accept
        | Verb::Refer
        | Verb::Merge
        | Verb::Unmerge
        | Verb::Classify
        | Verb::Assign
        | Verb::Return
        | Verb::ReplyAlong
        | Verb::Message
        | Verb::Wait
        | Verb::Resume
        | Verb::Note
        | Verb::Attach
        | Verb::Add
        | Verb::Rate
        | Verb::Redo
        | Verb::Withdraw
        | Verb::NameAccused => None,
    }
}

/// Stands for the text that a person will write.
const PLACEHOLDER: &str = "……";

fn unless_text_is_missing(step: Result<Step, Refusal>) -> Option<Refusal> {
    step.err().filter(|refusal| !matches!(refusal, Refusal::Invalid(_)))
}

fn is_approved(draft: Option<&Draft>) -> bool {
    draft.is_some_and(|draft| draft.approved_by.is_some())
}

impl Complaint {
    /// What the complainant may do now, by receipt code.
    #[must_use]
    pub fn allowed_to_complainant(&self, rules: &Rules, now: Timestamp) -> Vec<Verb> {
        let may = |verb: Verb| match verb {
            Verb::Rate => steps::can_rate(self, rules, now).is_ok(),
            Verb::Redo => steps::can_redo(self, rules, now).is_ok(),
            verb => self.state.takes(verb),
        };
        [Verb::Add, Verb::Rate, Verb::Redo, Verb::Withdraw]
            .into_iter()
            .filter(|verb| may(*verb))
            .collect()
    }
}
