//! Who may do what: one table, asked inside every command and query.
//!
//! Scope is always a unit's subtree. Two rules stand above every role: an accused person, and whoever holds a role over
//! or under the accused unit's own line, has no right at all on that case; and nobody acts on their own work (the
//! latter is asked by the step itself, which knows who did what). "Hide" must answer exactly as if the thing did not
//! exist.

use crate::{
    actor::{Actor, Doer, Role},
    ids::{MemberId, UnitId},
};

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each name says what it is; the table below says who")]
pub enum Action {
    ViewUnit,
    CreateUnit,
    EditUnit,
    MoveUnit,
    CloseUnit,
    SucceedUnit,
    ListMembers,
    ViewMember,
    CreateMember,
    EditMember,
    MoveMember,
    ShowMember,
    HandOverMember,
    CloseMember,
    ViewAccount,
    IssueAccountLink,
    RevokeAccountLink,
    RemoveSecondFactor,
    ListRoleGrants,
    ViewRoleGrant,
    GrantRole,
    EndRoleGrant,
    NameDeputy,
    ListComplaints,
    ViewComplaint,
    RegisterComplaint,
    AcceptComplaint,
    NotAcceptComplaint,
    AssignComplaint,
    DraftReply,
    ApproveReply,
    ReturnReply,
    SendReply,
    MessageComplainant,
    ConcludeComplaint,
    WithdrawComplaint,
    NameAccused,
    ReferComplaint,
    MergeComplaint,
    ClassifyComplaint,
    ObjectToDispatch,
    HoldClock,
    AskExtension,
    DecideExtension,
    NoteProgress,
    AttachToComplaint,
    SuperviseComplaint,
    MarkEmergency,
    AppealCard,
    DecideCard,
    OpenIdentity,
    FindByPhone,
    AnswerOpening,
    HoldIdentity,
    ImportComplaints,
    ImportUnits,
    ImportMembers,
    ReadStatistics,
    ViewSettings,
    EditSettings,
    EditCategories,
    ReadTemplates,
    EditTemplates,
    ReadEvents,
    ReadEventDetails,
    VerifyLog,
}

use Role::{
    Admin, AuditAdmin, CampaignOffice, Handler, Inspector, Leader, Member, SecurityAdmin, Supervisor, UnitHead,
};

/// The roles that look into the cases of their subtree.
pub const CASE_READERS: &[Role] = &[Handler, UnitHead, Leader, CampaignOffice, Inspector];

/// The roles that look into the members of their subtree; inspectors, since they name the accused, and security
/// administrators, since they name who gets a role.
pub const MEMBER_READERS: &[Role] = &[Admin, UnitHead, Inspector, SecurityAdmin];

/// The roles that look into who holds which role in their subtree.
pub const GRANT_READERS: &[Role] = &[SecurityAdmin, Admin, AuditAdmin, UnitHead];

/// The roles that look into the event log of their subtree.
pub const EVENT_READERS: &[Role] = &[Inspector, AuditAdmin];

/// Those of them who are told what stands in an event beside what happened, when, to what and by whom.
pub const EVENT_DETAIL_READERS: &[Role] = &[Inspector];

/// Everybody who signs in, whatever the role.
const ANYBODY: &[Role] = &[
    Member,
    Handler,
    UnitHead,
    Leader,
    CampaignOffice,
    Inspector,
    Supervisor,
    Admin,
    SecurityAdmin,
    AuditAdmin,
];

/// Action, the roles that may do it in the open, the roles that may do it on a sealed case.
pub const RIGHTS: &[(Action, &[Role], &[Role])] = &[
    (Action::ViewUnit, ANYBODY, &[]),
    (Action::CreateUnit, &[Admin], &[]),
    (Action::EditUnit, &[Admin], &[]),
    (Action::MoveUnit, &[Admin], &[]),
    (Action::CloseUnit, &[Admin], &[]),
    // Over the one that closes and each of those that go on.
    (Action::SucceedUnit, &[Admin], &[]),
    (Action::ListMembers, MEMBER_READERS, &[]),
    (Action::ViewMember, MEMBER_READERS, &[]),
    (Action::CreateMember, &[Admin], &[]),
    (Action::EditMember, &[Admin], &[]),
    (Action::MoveMember, &[Admin], &[]),
    (Action::ShowMember, &[UnitHead, Admin], &[]),
    // Each case by the right to assign it, each turn of duty by that to change the settings.
    (Action::HandOverMember, &[UnitHead, Inspector, Admin], &[]),
    (Action::CloseMember, &[Admin], &[]),
    (Action::ViewAccount, &[SecurityAdmin], &[]),
    (Action::IssueAccountLink, &[SecurityAdmin], &[]),
    (Action::RevokeAccountLink, &[SecurityAdmin], &[]),
    (Action::RemoveSecondFactor, &[SecurityAdmin], &[]),
    (Action::ListRoleGrants, GRANT_READERS, &[]),
    (Action::ViewRoleGrant, GRANT_READERS, &[]),
    (Action::GrantRole, &[SecurityAdmin], &[]),
    (Action::EndRoleGrant, &[SecurityAdmin], &[]),
    // A head for a role of their own only.
    (Action::NameDeputy, &[SecurityAdmin, UnitHead], &[]),
    (Action::ListComplaints, CASE_READERS, &[Inspector]),
    (Action::ViewComplaint, CASE_READERS, &[Inspector]),
    (Action::RegisterComplaint, &[Handler, CampaignOffice], &[Inspector]),
    (Action::AcceptComplaint, &[Handler, CampaignOffice], &[Inspector]),
    (Action::NotAcceptComplaint, &[Handler, CampaignOffice], &[Inspector]),
    (Action::AssignComplaint, &[UnitHead, CampaignOffice], &[Inspector]),
    (Action::DraftReply, &[Handler], &[Inspector]),
    (Action::ApproveReply, &[UnitHead], &[Inspector]),
    (Action::ReturnReply, &[UnitHead], &[Inspector]),
    (Action::SendReply, &[Handler, UnitHead], &[Inspector]),
    (Action::MessageComplainant, &[Handler], &[Inspector]),
    (Action::ConcludeComplaint, &[Handler, UnitHead], &[Inspector]),
    (Action::WithdrawComplaint, &[Handler, CampaignOffice], &[Inspector]),
    (Action::NameAccused, &[Inspector], &[Inspector]),
    (Action::ReferComplaint, &[Handler, CampaignOffice], &[Inspector]),
    (Action::MergeComplaint, &[Handler, CampaignOffice], &[Inspector]),
    (Action::ClassifyComplaint, &[Handler, CampaignOffice], &[Inspector]),
    // A sealed case is dispatched to nobody.
    (Action::ObjectToDispatch, &[Handler, UnitHead], &[]),
    (Action::HoldClock, &[Handler, UnitHead], &[Inspector]),
    (Action::AskExtension, &[Handler], &[Inspector]),
    (Action::DecideExtension, &[UnitHead, Leader], &[Inspector]),
    (Action::NoteProgress, &[Handler, UnitHead], &[Inspector]),
    (Action::AttachToComplaint, &[Handler, UnitHead], &[Inspector]),
    (Action::SuperviseComplaint, &[Leader, CampaignOffice], &[Inspector]),
    (
        Action::MarkEmergency,
        &[Handler, UnitHead, CampaignOffice],
        &[Inspector],
    ),
    (Action::AppealCard, &[UnitHead], &[Inspector]),
    (Action::DecideCard, &[Leader, CampaignOffice], &[Inspector]),
    // Whoever asks and whoever answers are two people: see `identity`.
    (Action::OpenIdentity, &[Inspector], &[Inspector]),
    // At the root alone, whose desk hears from the whole county; each over the cases that these roles show.
    (Action::FindByPhone, &[Inspector, CampaignOffice], &[Inspector]),
    (Action::AnswerOpening, &[Inspector], &[Inspector]),
    (Action::HoldIdentity, &[Inspector], &[Inspector]),
    (Action::ImportComplaints, &[CampaignOffice], &[]),
    (Action::ImportUnits, &[Admin], &[]),
    (Action::ImportMembers, &[Admin], &[]),
    (Action::ViewSettings, ANYBODY, &[]),
    (Action::EditSettings, &[Admin], &[]),
    (Action::EditCategories, &[Admin], &[]),
    (Action::ReadTemplates, CASE_READERS, &[]),
    (Action::EditTemplates, &[UnitHead, CampaignOffice], &[]),
    (Action::ReadStatistics, CASE_READERS, &[Inspector]),
    // An administrator of the log learns nothing of a sealed case, not even that there is one.
    (Action::ReadEvents, EVENT_READERS, EVENT_DETAIL_READERS),
    (Action::ReadEventDetails, EVENT_DETAIL_READERS, EVENT_DETAIL_READERS),
    (Action::VerifyLog, EVENT_READERS, &[]),
];

/// What the action is wanted on. A path goes from the root unit to the unit itself.
#[derive(Clone, Copy, Debug)]
pub enum Resource<'a> {
    /// No particular thing: a list, which is scoped by itself, or something of the whole county.
    Any,
    /// A unit, or what belongs to it.
    Unit {
        /// From the root to the unit.
        path: &'a [UnitId],
    },
    /// A member.
    Member {
        /// Who it is: everybody sees their own record.
        member: MemberId,
        /// From the root to the home unit.
        path: &'a [UnitId],
    },
    /// A role that somebody holds at a unit.
    RoleGrant {
        /// From the root to the unit.
        path: &'a [UnitId],
        /// Who holds it: everybody sees their own.
        member: MemberId,
        /// Whose deputy the holder is by it: that person sees it, and ends it on coming back.
        acting_for: Option<MemberId>,
    },
    /// A complaint that comes in by telephone, at the counter, on paper: it is taken down wherever somebody has a desk,
    /// whichever unit it is about.
    NewComplaint {
        /// It will be known to the root's inspectors only; they take it down, too.
        is_sealed: bool,
    },
    /// A complaint.
    Complaint {
        /// From the root to the unit that holds the case.
        path: &'a [UnitId],
        /// Only the root's inspectors know of it.
        is_sealed: bool,
        /// The caller is accused in it, or stands in the accused unit's line.
        is_excluded: bool,
    },
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Go on.
    Allow,
    /// The caller may know that the thing exists, but not do this.
    Deny,
    /// The caller may not know that the thing exists.
    Hide,
}

/// The roles that may do `action`, in the open or in the sealed lane.
#[must_use]
pub fn roles_for(action: Action, is_sealed: bool) -> &'static [Role] {
    RIGHTS
        .iter()
        .find(|(known, _, _)| *known == action)
        .map_or(&[], |(_, open, sealed)| if is_sealed { sealed } else { open })
}

/// Whether `actor` may do `action` on `resource`.
#[must_use]
pub fn permit(actor: &Actor, action: Action, resource: Resource<'_>) -> Access {
    match resource {
        Resource::Any => {
            let open = roles_for(action, false);
            allow_or(actor.holds(open), Access::Deny)
        }
        // Units are published: whoever is signed in may know of each.
        Resource::Unit { path } => allow_or(
            action == Action::ViewUnit || actor.holds_over(roles_for(action, false), path),
            Access::Deny,
        ),
        Resource::Member { member, path } => {
            let is_own_record = member == actor.member;
            let sees = is_own_record || actor.holds_over(roles_for(Action::ViewMember, false), path);
            match (sees, action) {
                (false, _) => Access::Hide,
                (true, Action::ViewMember) => Access::Allow,
                (true, _) => allow_or(actor.holds_over(roles_for(action, false), path), Access::Deny),
            }
        }
        Resource::RoleGrant {
            path,
            member,
            acting_for,
        } => {
            let is_own = member == actor.member;
            let is_stood_in_for = acting_for == Some(actor.member);
            let holds = |action| actor.holds_over(roles_for(action, false), path);
            let may = match action {
                Action::EndRoleGrant => holds(action) || is_stood_in_for,
                Action::NameDeputy => actor.holds_over(&[SecurityAdmin], path) || (is_own && holds(action)),
                action => holds(action),
            };
            let sees = is_own || is_stood_in_for || holds(Action::ViewRoleGrant);
            match (sees, action) {
                (false, _) => Access::Hide,
                (true, Action::ViewRoleGrant) => Access::Allow,
                (true, _) => allow_or(may, Access::Deny),
            }
        }
        Resource::NewComplaint { is_sealed } => {
            let sealed = is_sealed && holds_at_root(actor, roles_for(action, true));
            allow_or(sealed || actor.holds(roles_for(action, false)), Access::Deny)
        }
        Resource::Complaint {
            path,
            is_sealed,
            is_excluded,
        } => {
            let may = |action| {
                let roles = roles_for(action, is_sealed);
                if is_sealed {
                    holds_at_root(actor, roles)
                } else {
                    actor.holds_over(roles, path)
                }
            };
            if is_excluded || !may(Action::ViewComplaint) {
                Access::Hide
            } else {
                allow_or(may(action), Access::Deny)
            }
        }
    }
}

/// Who it is that does `action` on `resource`, which is permitted: the actor by their own right, or else as the deputy of
/// the one by whose role it is.
#[must_use]
pub fn doer(actor: &Actor, action: Action, resource: Resource<'_>) -> Doer {
    Doer {
        member: actor.member,
        acting_for: actor.acting_for(|actor| permit(actor, action, resource) == Access::Allow),
    }
}

/// Sealed cases are for those who hold the role over the whole county, not over a part of it.
fn holds_at_root(actor: &Actor, roles: &[Role]) -> bool {
    actor
        .grants
        .iter()
        .any(|grant| roles.contains(&grant.role) && grant.unit == actor.region)
}

/// Whether the actor sees sealed cases at all.
#[must_use]
pub fn sees_sealed(actor: &Actor) -> bool {
    holds_at_root(actor, roles_for(Action::ViewComplaint, true))
}

/// Whether the actor sees sealed cases by one of these roles.
#[must_use]
pub fn sees_sealed_by(actor: &Actor, roles: &[Role]) -> bool {
    let sealed = roles_for(Action::ViewComplaint, true);
    holds_at_root(
        actor,
        &roles
            .iter()
            .copied()
            .filter(|role| sealed.contains(role))
            .collect::<Vec<_>>(),
    )
}

fn allow_or(condition: bool, otherwise: Access) -> Access {
    if condition { Access::Allow } else { otherwise }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        actor::Grant,
        ids::{AccountId, SessionId},
    };

    fn unit(n: u128) -> UnitId {
        UnitId(Uuid::from_u128(n))
    }

    fn actor(role: Role, at: UnitId) -> Actor {
        Actor {
            region: unit(1),
            member: MemberId(Uuid::from_u128(9)),
            account: AccountId(Uuid::from_u128(9)),
            session: SessionId(Uuid::from_u128(9)),
            home_unit: at,
            branch: None,
            grants: vec![Grant::own(role, at), Grant::own(Member, at)],
            stands_for: Vec::new(),
        }
    }

    fn case<'a>(path: &'a [UnitId], is_sealed: bool, is_excluded: bool) -> Resource<'a> {
        Resource::Complaint {
            path,
            is_sealed,
            is_excluded,
        }
    }

    #[test]
    fn every_action_has_a_row() {
        // An exhaustive match: a new action does not compile until somebody looked here.
        for (action, open, _) in RIGHTS {
            assert!(!open.is_empty(), "{action:?} can be done by nobody");
        }
        let mut seen: Vec<Action> = RIGHTS.iter().map(|row| row.0).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), RIGHTS.len(), "an action has two rows");
    }

    #[test]
    fn scope_is_the_subtree() {
        let own = [unit(1), unit(2)];
        let child = [unit(1), unit(2), unit(4)];
        let sibling = [unit(1), unit(3)];
        let parent = [unit(1)];
        let handler = actor(Handler, unit(2));
        let ask = |path: &[UnitId]| permit(&handler, Action::AcceptComplaint, case(path, false, false));
        assert_eq!(
            [ask(&own), ask(&child), ask(&sibling), ask(&parent)],
            [Access::Allow, Access::Allow, Access::Hide, Access::Hide]
        );
    }

    #[test]
    fn a_seen_case_denies_what_the_role_may_not() {
        let path = [unit(1), unit(2)];
        let handler = actor(Handler, unit(2));
        assert_eq!(
            permit(&handler, Action::ApproveReply, case(&path, false, false)),
            Access::Deny
        );
    }

    #[test]
    fn sealed_cases_exist_for_the_roots_inspectors_only() {
        let path = [unit(1), unit(2)];
        for role in Role::ALL {
            let expected = if role == Inspector { Access::Allow } else { Access::Hide };
            assert_eq!(
                permit(&actor(role, unit(1)), Action::ViewComplaint, case(&path, true, false)),
                expected,
                "{role:?}"
            );
        }
        assert_eq!(
            permit(
                &actor(Inspector, unit(2)),
                Action::ViewComplaint,
                case(&path, true, false)
            ),
            Access::Hide
        );
    }

    #[test]
    fn inspectors_take_down_reports_only() {
        let ask = |role, at, is_sealed| {
            let resource = Resource::NewComplaint { is_sealed };
            permit(&actor(role, at), Action::RegisterComplaint, resource)
        };
        for role in Role::ALL {
            let has_desk = matches!(role, Handler | CampaignOffice);
            assert_eq!(ask(role, unit(2), false) == Access::Allow, has_desk, "{role:?}");
            assert_eq!(ask(role, unit(2), true) == Access::Allow, has_desk, "{role:?}");
            let has_lane = has_desk || role == Inspector;
            assert_eq!(ask(role, unit(1), true) == Access::Allow, has_lane, "{role:?}");
        }
    }

    #[test]
    fn the_accused_has_no_right_whatever_the_role() {
        let path = [unit(1), unit(2)];
        for role in Role::ALL {
            for (action, _, _) in RIGHTS {
                for is_sealed in [false, true] {
                    let answer = permit(&actor(role, unit(1)), *action, case(&path, is_sealed, true));
                    assert_eq!(answer, Access::Hide, "{role:?} {action:?}");
                }
            }
        }
    }

    fn grant_of(n: u128, path: &[UnitId], acting_for: Option<u128>) -> Resource<'_> {
        Resource::RoleGrant {
            path,
            member: MemberId(Uuid::from_u128(n)),
            acting_for: acting_for.map(|n| MemberId(Uuid::from_u128(n))),
        }
    }

    #[test]
    fn roles_are_given_and_ended_by_security_administrators_over_the_unit() {
        let own = [unit(1), unit(2)];
        let sibling = [unit(1), unit(3)];
        for role in Role::ALL {
            let by = actor(role, unit(2));
            let gives = permit(&by, Action::GrantRole, Resource::Unit { path: &own });
            let ends = permit(&by, Action::EndRoleGrant, grant_of(7, &own, None));
            let sees = permit(&by, Action::ViewRoleGrant, grant_of(7, &own, None));
            assert_eq!(gives == Access::Allow, role == SecurityAdmin, "{role:?}");
            assert_eq!(ends == Access::Allow, role == SecurityAdmin, "{role:?}");
            assert_eq!(sees == Access::Allow, GRANT_READERS.contains(&role), "{role:?}");
            assert_eq!(
                permit(&by, Action::EndRoleGrant, grant_of(7, &sibling, None)),
                Access::Hide
            );
            // Everybody sees their own, and those of their deputies, which they end.
            let mine = grant_of(9, &sibling, None);
            assert_eq!(permit(&by, Action::ViewRoleGrant, mine), Access::Allow);
            assert_eq!(permit(&by, Action::EndRoleGrant, mine), Access::Deny);
            assert_eq!(
                permit(&by, Action::EndRoleGrant, grant_of(7, &sibling, Some(9))),
                Access::Allow
            );
        }
    }

    #[test]
    fn a_head_names_a_deputy_for_their_own_role_only() {
        let own = [unit(1), unit(2)];
        let ask = |role, n| permit(&actor(role, unit(2)), Action::NameDeputy, grant_of(n, &own, None));
        assert_eq!(ask(UnitHead, 9), Access::Allow);
        assert_eq!(ask(UnitHead, 7), Access::Deny);
        assert_eq!(ask(Handler, 9), Access::Deny);
        assert_eq!(ask(SecurityAdmin, 7), Access::Allow);
    }

    #[test]
    fn a_deputy_acts_for_the_holder_only_where_no_own_role_does() {
        let holder = MemberId(Uuid::from_u128(7));
        let path = [unit(1), unit(2)];
        let mut by = actor(Handler, unit(2));
        by.grants.push(crate::actor::Grant {
            acting_for: Some(holder),
            ..Grant::own(UnitHead, unit(2))
        });
        let acts = |action| doer(&by, action, case(&path, false, false)).acting_for;
        assert_eq!(acts(Action::ApproveReply), Some(holder));
        assert_eq!(acts(Action::AcceptComplaint), None, "as a handler");
        assert_eq!(acts(Action::SendReply), None, "handlers and heads may");
    }

    #[test]
    fn administrators_never_see_a_case() {
        let path = [unit(1), unit(2)];
        for role in [Admin, SecurityAdmin, AuditAdmin, Member, Supervisor] {
            assert_eq!(
                permit(&actor(role, unit(1)), Action::ViewComplaint, case(&path, false, false)),
                Access::Hide
            );
            assert_eq!(
                permit(&actor(role, unit(1)), Action::ListComplaints, Resource::Any),
                Access::Deny
            );
            assert_eq!(
                permit(&actor(role, unit(1)), Action::ReadStatistics, Resource::Any),
                Access::Deny
            );
        }
    }
}
