//! Who acts: a member with the roles granted to them, each over one unit's subtree.

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, MemberId, RegionId, SessionId, UnitId};

/// A role, granted at a unit and valid for the subtree below it. The codes are kept names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Any member of a unit; everybody who signs in has it at their home unit.
    Member,
    /// A unit's window or complaint desk.
    Handler,
    /// Head of a unit, or secretary of a branch.
    UnitHead,
    /// A leader of the bureau.
    Leader,
    /// The campaign office: the county's desk for cases, standards and publication.
    CampaignOffice,
    /// Discipline and supervision: sealed cases and the event log.
    Inspector,
    /// A lay supervisor.
    Supervisor,
    /// System administrator: units, members, settings; never the text of a case.
    Admin,
    /// Administrator of accounts, grants and keys.
    SecurityAdmin,
    /// Administrator of the event log.
    AuditAdmin,
    /// A program with an API key.
    Integrator,
}

impl Role {
    /// Every role, in the order of `rights.md`.
    pub const ALL: [Self; 11] = [
        Self::Member,
        Self::Handler,
        Self::UnitHead,
        Self::Leader,
        Self::CampaignOffice,
        Self::Inspector,
        Self::Supervisor,
        Self::Admin,
        Self::SecurityAdmin,
        Self::AuditAdmin,
        Self::Integrator,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Handler => "handler",
            Self::UnitHead => "unit_head",
            Self::Leader => "leader",
            Self::CampaignOffice => "campaign_office",
            Self::Inspector => "inspector",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
            Self::SecurityAdmin => "security_admin",
            Self::AuditAdmin => "audit_admin",
            Self::Integrator => "integrator",
        }
    }

    /// The role of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether the role stands in the line of command over cases, so that holding it over or under an accused unit
    /// takes away every right on the case. Inspectors stand outside the line: somebody must be able to look.
    #[must_use]
    pub const fn is_in_line(self) -> bool {
        match self {
            Self::Handler | Self::UnitHead | Self::Leader | Self::CampaignOffice | Self::Supervisor => true,
            Self::Member
            | Self::Inspector
            | Self::Admin
            | Self::SecurityAdmin
            | Self::AuditAdmin
            | Self::Integrator => false,
        }
    }
}

/// A role at a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grant {
    /// What may be done.
    pub role: Role,
    /// Over which unit's subtree.
    pub unit: UnitId,
    /// The holder whose deputy this one is by it; none for a role of one's own.
    pub acting_for: Option<MemberId>,
}

impl Grant {
    /// A role of one's own.
    #[must_use]
    pub const fn own(role: Role, unit: UnitId) -> Self {
        Self {
            role,
            unit,
            acting_for: None,
        }
    }
}

/// Who does something, and in whose place, where the right comes by being somebody's deputy alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doer {
    /// Who.
    pub member: MemberId,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_for: Option<MemberId>,
}

impl Doer {
    /// Somebody who acts by their own right.
    #[must_use]
    pub const fn own(member: MemberId) -> Self {
        Self {
            member,
            acting_for: None,
        }
    }

    /// Whether what is done by the one is the other's own work: the same person did it, or stood in for that person.
    #[must_use]
    pub fn is_one_with(self, other: Self) -> bool {
        let names = |who: Self| [Some(who.member), who.acting_for].into_iter().flatten();
        names(self).any(|mine| names(other).any(|theirs| mine == theirs))
    }
}

/// Somebody whose deputy the actor is, with what shuts that person out of cases: it shuts the deputy out, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Who.
    pub member: MemberId,
    /// Where that person belongs.
    pub home_unit: UnitId,
    /// Their party branch, if any.
    pub branch: Option<UnitId>,
    /// The units at which they hold a role in the line of command now.
    pub line: Vec<UnitId>,
}

/// A signed-in member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The county.
    pub region: RegionId,
    /// The member.
    pub member: MemberId,
    /// The account that signed in.
    pub account: AccountId,
    /// The session.
    pub session: SessionId,
    /// Where the member belongs.
    pub home_unit: UnitId,
    /// The member's party branch, if any.
    pub branch: Option<UnitId>,
    /// The roles in force now.
    pub grants: Vec<Grant>,
    /// Those whose deputy the member is now.
    pub stands_for: Vec<Principal>,
}

impl Actor {
    /// The same member with their own roles, and of those that they hold as a deputy only `principal`'s.
    fn limited_to(&self, principal: Option<MemberId>) -> Self {
        let kept = |grant: &&Grant| grant.acting_for.is_none() || grant.acting_for == principal;
        Self {
            grants: self.grants.iter().filter(kept).copied().collect(),
            ..self.clone()
        }
    }

    /// For whom the member does what only some of their roles let them do: nobody, if their own do; else the one by whose
    /// role it is possible. `may` tells whether an actor may do it.
    pub(crate) fn acting_for(&self, may: impl Fn(&Self) -> bool) -> Option<MemberId> {
        let mut principals: Vec<MemberId> = self.grants.iter().filter_map(|grant| grant.acting_for).collect();
        principals.sort_unstable();
        principals.dedup();
        if principals.is_empty() || may(&self.limited_to(None)) {
            return None;
        }
        principals
            .into_iter()
            .find(|principal| may(&self.limited_to(Some(*principal))))
    }

    /// Whether one of `roles` is held over the unit at the end of `path` (root first, the unit itself last).
    #[must_use]
    pub fn holds_over(&self, roles: &[Role], path: &[UnitId]) -> bool {
        self.grants
            .iter()
            .any(|grant| roles.contains(&grant.role) && path.contains(&grant.unit))
    }

    /// Whether one of `roles` is held anywhere.
    #[must_use]
    pub fn holds(&self, roles: &[Role]) -> bool {
        self.grants.iter().any(|grant| roles.contains(&grant.role))
    }

    /// The units at which one of `roles` is held.
    #[must_use]
    pub fn units_of(&self, roles: &[Role]) -> Vec<UnitId> {
        let mut units: Vec<UnitId> = self
            .grants
            .iter()
            .filter(|grant| roles.contains(&grant.role))
            .map(|grant| grant.unit)
            .collect();
        units.sort_unstable();
        units.dedup();
        units
    }
}
