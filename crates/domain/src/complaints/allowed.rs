//! What a caller may do now: the same rules as the steps, asked beforehand, so that no client needs a copy of them.

use super::{Complaint, Draft, State, Verb, steps};
use crate::{
    actor::Actor,
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
            Self::Add | Self::Rate => None,
        }
    }
}

/// What `actor` may do with the case now.
#[must_use]
pub fn allowed(case: CaseView<'_>, actor: &Actor) -> Allowed {
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
        match guard(complaint, verb, actor) {
            None => out.verbs.push(verb),
            Some(why) => out.refused.push(Refused { verb, why }),
        }
    }
    out
}

/// What stands in the way of a verb beside state and role; `None` if nothing does.
fn guard(complaint: &Complaint, verb: Verb, actor: &Actor) -> Option<Refusal> {
    // The steps decide; the texts that a person still has to write are not asked for here.
    let at = complaint.received_at;
    match verb {
        Verb::Approve if is_approved(complaint.draft.as_ref()) => Some(Refusal::NotReady(crate::error::Message::new(
            "这份答复已经批准。",
            "This reply has been approved already.",
        ))),
        Verb::Approve => steps::approve(complaint, actor.member, at).err(),
        Verb::Reply => steps::send_reply(complaint, crate::ids::ReplyId(complaint.id.0), at).err(),
        Verb::Conclude if complaint.state == State::Accepted => steps::conclude(complaint, None, at).err(),
        Verb::Accept
        | Verb::NotAccept
        | Verb::Assign
        | Verb::Draft
        | Verb::Submit
        | Verb::Return
        | Verb::Message
        | Verb::Add
        | Verb::Rate
        | Verb::Conclude
        | Verb::Withdraw
        | Verb::NameAccused => None,
    }
}

fn is_approved(draft: Option<&Draft>) -> bool {
    draft.is_some_and(|draft| draft.approved_by.is_some())
}

impl Complaint {
    /// What the complainant may do now, by receipt code.
    #[must_use]
    pub fn allowed_to_complainant(&self, now: Timestamp) -> Vec<Verb> {
        let mut verbs = Vec::new();
        if self.state.takes(Verb::Add) {
            verbs.push(Verb::Add);
        }
        if steps::can_rate(self, now).is_ok() {
            verbs.push(Verb::Rate);
        }
        if self.state.takes(Verb::Withdraw) {
            verbs.push(Verb::Withdraw);
        }
        verbs
    }
}
