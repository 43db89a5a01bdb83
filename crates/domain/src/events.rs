//! The event log: everything that is ever logged, as one closed list. What is not on it can't be written.

use crate::codes::codes;

/// What happened to something: the plural name of the resource and the past tense, such as `complaints.accepted`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Action {
    subject: Subject,
    code: &'static str,
}

macro_rules! logged {
    ($($(#[$doc:meta])* $subject:ident = $name:literal { $($code:literal),+ $(,)? })+) => {
        codes! {
            /// What kind of thing an event is about: the plural name of the resource, also the first part of the action.
            Subject { $($(#[$doc])* $subject = $name),+ }
        }

        impl Action {
            /// Everything that is logged.
            pub const ALL: &'static [Self] = &[
                $($(Self { subject: Subject::$subject, code: concat!($name, ".", $code) }),+),+
            ];
        }
    };
}

logged! {
    /// An account, with which a member signs in.
    Accounts = "accounts" { "created", "password_changed", "session_ended", "other_sessions_ended", "link_issued", "link_revoked",
        "password_reset", "second_factor_enrolled", "second_factor_turned_off", "second_factor_removed",
        "recovery_codes_made", "recovery_code_used", "provider_tied", "provider_untied",
    }
    /// The calendar of working days.
    Calendars = "calendars" { "loaded", "amended" }
    /// A category of cases.
    Categories = "categories" { "created", "edited", "closed", "reopened" }
    /// A case.
    Complaints = "complaints" {
        "received", "imported", "amended", "accepted", "not_accepted", "assigned", "drafted", "submitted", "approved",
        "returned", "replied", "messaged", "added", "rated", "concluded", "withdrawn", "referred", "merged", "unmerged",
        "classified", "objected", "held", "resumed", "extension_asked", "extended", "extension_refused", "noted",
        "longer_hold_asked", "longer_hold_granted", "longer_hold_refused", "supervised", "reported", "report_missed",
        "supervision_lifted", "supervision_ended", "emergency_marked", "redo_asked", "reminded", "card_appealed",
        "card_upheld", "card_lifted", "notice_issued", "notice_dropped", "due_moved", "due_bound", "accused_named", "read",
        "identity_asked", "identity_approved", "identity_refused", "identity_withdrawn", "identity_read",
        "identity_held", "identity_released", "identity_erased", "originals_erased", "attached", "attachment_removed", "attachment_read", "attachment_refused",
        "attachment_infected",
    }
    /// A list that somebody took out.
    Exports = "exports" { "begun", "made" }
    /// A ledger that is taken in.
    Imports = "imports" { "requested", "finished" }
    /// A verification of this log.
    LogVerifications = "log_verifications" { "requested", "finished" }
    /// A member.
    Members = "members" { "created", "edited", "moved", "card_changed", "handed_over", "closed" }
    /// That somebody looked for the cases of a telephone number.
    PhoneLookUps = "phone_look_ups" { "made" }
    /// A template of a text.
    ReplyTemplates = "reply_templates" { "created", "edited", "closed" }
    /// A role that a member holds somewhere.
    RoleGrants = "role_grants" { "granted", "deputised", "ended" }
    /// A member's saved view of the queue.
    SavedViews = "saved_views" { "saved", "deleted" }
    /// The county's settings.
    Settings = "settings" { "changed" }
    /// A unit.
    Units = "units" { "created", "edited", "moved", "merged", "split", "closed" }
    /// A key that contact data are sealed with.
    VaultKeys = "vault_keys" { "made", "retired" }
}

impl Action {
    /// That somebody opened a case. It changes nothing of the case: whoever follows one does not get to see it.
    pub const READ: Self = Self {
        subject: Subject::Complaints,
        code: "complaints.read",
    };

    /// That somebody read a file that is attached to a case.
    pub const FILE_READ: Self = Self {
        subject: Subject::Complaints,
        code: "complaints.attachment_read",
    };

    /// That the accused of a case were named: for those who name them.
    pub const ACCUSED_NAMED: Self = Self {
        subject: Subject::Complaints,
        code: "complaints.accused_named",
    };

    /// Whether it is about who filed a case: for those who may open that.
    #[must_use]
    pub fn is_of_identity(self) -> bool {
        self.code.starts_with("complaints.identity_")
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// What it is about.
    #[must_use]
    pub const fn subject(self) -> Subject {
        self.subject
    }

    /// The action of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.code == code)
    }

    /// What happened to such a thing, by the past tense alone.
    #[must_use]
    pub fn of(subject: Subject, past_tense: &str) -> Option<Self> {
        Self::of_subject(subject).find(|action| {
            action
                .code
                .strip_prefix(subject.code())
                .and_then(|rest| rest.strip_prefix('.'))
                == Some(past_tense)
        })
    }

    /// Everything that can happen to such a thing.
    pub fn of_subject(subject: Subject) -> impl Iterator<Item = Self> {
        Self::ALL
            .iter()
            .copied()
            .filter(move |action| action.subject == subject)
    }
}

codes! {
    /// Who did something.
    ActorKind {
        /// A member.
        Member = "member",
        /// Somebody of the public. Staff learn the day on which they did it, and not the moment.
        Complainant = "complainant",
        /// The product itself.
        System = "system",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_begin_with_what_they_are_about() {
        let codes: BTreeSet<&str> = Action::ALL.iter().map(|action| action.code()).collect();
        assert_eq!(codes.len(), Action::ALL.len());
        for action in Action::ALL {
            let (subject, past_tense) = action.code().split_once('.').unwrap();
            assert_eq!(Subject::from_code(subject), Some(action.subject()));
            assert_eq!(Action::of(action.subject(), past_tense), Some(*action));
            assert_eq!(Action::from_code(action.code()), Some(*action));
        }
        assert!(
            Subject::ALL
                .iter()
                .all(|subject| Action::of_subject(*subject).count() > 0)
        );
    }

    #[test]
    fn what_is_not_on_the_list_is_no_action() {
        assert_eq!(Action::of(Subject::Units, "painted"), None);
        assert_eq!(Action::from_code("units"), None);
        assert!(
            Action::ALL.contains(&Action::READ)
                && Action::ALL.contains(&Action::FILE_READ)
                && Action::ALL.contains(&Action::ACCUSED_NAMED)
        );
    }
}
