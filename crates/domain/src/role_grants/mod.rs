//! Role grants: who holds which role where, from when to when, and who stands in for whom.
//!
//! The rules are those of `docs/adr/0015-role-grants-and-deputies.md`. A deputy's grant is a grant of the same role at the
//! same unit to somebody else, which names the grant that it stands in for and never outlives it.

mod term;

pub use term::{GrantState, Term};

use crate::{
    actor::{Doer, Role},
    error::{FieldError, Invalid, Message, Refusal},
    ids::{MemberId, RegionId, RoleGrantId, UnitId},
    policy::CASE_READERS,
    text,
    time::{Day, Timestamp},
};
use term::later;

/// Days that a deputy stands in: an absence, not an appointment.
pub const LONGEST_DEPUTY: u64 = 184;

/// A role that a member holds at a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleGrant {
    /// Its id.
    pub id: RoleGrantId,
    /// The county.
    pub region: RegionId,
    /// Who holds it.
    pub member: MemberId,
    /// Over which unit's subtree.
    pub unit: UnitId,
    /// What may be done.
    pub role: Role,
    /// From when to when.
    pub term: Term,
    /// Why it was given; none for those that a county began with.
    pub reason: Option<String>,
    /// Who gave it; none for those that a county began with.
    pub granted_by: Option<MemberId>,
    /// Why it was ended before its time.
    pub end_reason: Option<String>,
    /// Whose place it takes, if it is a deputy's.
    pub deputy_for: Option<StandIn>,
    /// Counts the changes.
    pub version: i64,
}

/// The grant for which a deputy stands in, and its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandIn {
    /// The grant.
    pub grant: RoleGrantId,
    /// Who holds it.
    pub holder: MemberId,
}

/// What somebody asks for who gives a role, or names a deputy for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGrant {
    /// To whom.
    pub member: MemberId,
    /// The first day; from now on if left out.
    pub starts_on: Option<Day>,
    /// The last day; no end if left out.
    pub ends_on: Option<Day>,
    /// Why.
    pub reason: String,
}

/// What happened to a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A role was given.
    Granted,
    /// A deputy was named.
    Deputised,
    /// It was ended before its time; with the one that it stood in for, where no reason is given.
    Ended {
        /// Why.
        reason: Option<String>,
    },
}

impl Event {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Deputised => "deputised",
            Self::Ended { .. } => "ended",
        }
    }
}

/// What must not come together in one person: the work on cases, the keeping of the system and its accounts, and the audit
/// of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Duty {
    Cases,
    System,
    Audit,
}

impl Role {
    fn duty(self) -> Option<Duty> {
        match self {
            Self::Admin | Self::SecurityAdmin => Some(Duty::System),
            Self::AuditAdmin => Some(Duty::Audit),
            // Supervisors see the cases that are handed to them.
            Self::Supervisor => Some(Duty::Cases),
            role if CASE_READERS.contains(&role) => Some(Duty::Cases),
            _ => None,
        }
    }

    /// Whether one person may hold both roles at once.
    #[must_use]
    pub fn goes_with(self, other: Self) -> bool {
        match (self.duty(), other.duty()) {
            (Some(mine), Some(theirs)) => mine == theirs,
            _ => true,
        }
    }

    /// Whether it can be given to a member: everybody is a member at home, and integrators are programs with a key.
    #[must_use]
    pub const fn is_grantable(self) -> bool {
        !matches!(self, Self::Member | Self::Integrator)
    }

    /// Whether it makes sense over the whole county only: sealed cases and the event log belong to no part of it.
    #[must_use]
    pub const fn is_of_the_county(self) -> bool {
        matches!(self, Self::Inspector | Self::AuditAdmin)
    }
}

/// What a role is called.
#[must_use]
pub fn word(role: Role) -> Message {
    let (zh, en) = match role {
        Role::Member => ("成员", "member"),
        Role::Handler => ("投诉受理岗", "handler"),
        Role::UnitHead => ("单位负责人", "head of unit"),
        Role::Leader => ("局领导", "leader"),
        Role::CampaignOffice => ("创先争优办", "campaign office"),
        Role::Inspector => ("纪检督查", "inspector"),
        Role::Supervisor => ("监督员", "supervisor"),
        Role::Admin => ("系统管理员", "system administrator"),
        Role::SecurityAdmin => ("安全管理员", "security administrator"),
        Role::AuditAdmin => ("审计管理员", "audit administrator"),
        Role::Integrator => ("接口账号", "integrator"),
    };
    Message::new(zh, en)
}

/// Whether a role can be given at a unit.
///
/// # Errors
/// `not_grantable`, `county_only`.
pub fn check_place(role: Role, unit: UnitId, region: RegionId) -> Result<(), Invalid> {
    if !role.is_grantable() {
        return Err(Invalid::one(
            "/role",
            "not_grantable",
            "这一角色不授予成员：人人都是本单位成员，接口账号只用密钥。",
            "This role is given to no member: everybody is a member at home, and integrators have keys.",
        ));
    }
    if role.is_of_the_county() && unit != region {
        return Err(Invalid::one(
            "/unit_id",
            "county_only",
            "这一角色只设在教育局（全县）：密件和日志不分单位。",
            "This role is held over the whole county only: sealed cases and the log belong to no part of it.",
        ));
    }
    Ok(())
}

/// Checks that `role` can come to `member` beside what they hold: `held` are their grants that are not over.
fn check_beside(role: Role, unit: UnitId, term: Term, held: &[RoleGrant]) -> Result<(), Refusal> {
    let at_once = || held.iter().filter(|grant| grant.term.overlaps(term));
    if at_once().any(|grant| grant.role == role && grant.unit == unit) {
        return Err(Refusal::AlreadyGranted { role });
    }
    match at_once().find(|grant| !grant.role.goes_with(role)) {
        Some(grant) => Err(Refusal::RolesApart {
            held: grant.role,
            wanted: role,
        }),
        None => Ok(()),
    }
}

/// Nobody gives a role to themselves or takes one from themselves, nor does a deputy that of the one they stand in for.
fn not_own(by: Doer, member: MemberId) -> Result<(), Refusal> {
    if by.is_one_with(Doer::own(member)) {
        return Err(Refusal::OwnRoles);
    }
    Ok(())
}

fn reason(raw: &str) -> Result<String, Invalid> {
    text::parse("/reason", raw, text::prose(2, 500))
}

/// Where a role is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The county.
    pub region: RegionId,
    /// The unit.
    pub unit: UnitId,
    /// The role.
    pub role: Role,
}

/// A role is given. `held` are the member's grants that are not over.
///
/// # Errors
/// Fields that can't be taken; [`Refusal::OwnRoles`], [`Refusal::AlreadyGranted`], [`Refusal::RolesApart`].
pub fn grant(
    id: RoleGrantId,
    place: Place,
    new: &NewGrant,
    held: &[RoleGrant],
    by: Doer,
    now: Timestamp,
) -> Result<(RoleGrant, Event), Refusal> {
    let Place { region, unit, role } = place;
    let mut found = Invalid::default();
    found.take(check_place(role, unit, region));
    let term = found.take(Term::parse(new.starts_on, new.ends_on, now));
    let reason = found.take(reason(&new.reason));
    let Some((term, reason)) = term.zip(reason).filter(|_| found.0.is_empty()) else {
        return Err(found.into());
    };
    not_own(by, new.member)?;
    check_beside(role, unit, term, held)?;
    let grant = RoleGrant {
        id,
        region,
        member: new.member,
        unit,
        role,
        term,
        reason: Some(reason),
        granted_by: Some(by.member),
        end_reason: None,
        deputy_for: None,
        version: 1,
    };
    Ok((grant, Event::Granted))
}

/// A grant that a county begins with: given by nobody, for no reason that is written down, and without an end.
#[must_use]
pub const fn first(id: RoleGrantId, member: MemberId, place: Place, from: Timestamp) -> RoleGrant {
    RoleGrant {
        id,
        region: place.region,
        member,
        unit: place.unit,
        role: place.role,
        term: Term { from, to: None },
        reason: None,
        granted_by: None,
        end_reason: None,
        deputy_for: None,
        version: 1,
    }
}

/// Why no deputy can be named for a grant now; `None` if one can.
#[must_use]
pub fn no_deputy(holder: &RoleGrant, now: Timestamp) -> Option<Refusal> {
    if holder.deputy_for.is_some() {
        return Some(Refusal::NotReady(Message::new(
            "代理的角色不能再请人代理；请为原任职人另行指定代理人。",
            "A deputy has no deputy. Name another one for the holder.",
        )));
    }
    over(holder, now)
}

fn over(grant: &RoleGrant, now: Timestamp) -> Option<Refusal> {
    (grant.term.state(now) == GrantState::Ended).then(|| Refusal::WrongState {
        is: GrantState::Ended.code(),
        wanted: vec![GrantState::Future.code(), GrantState::InForce.code()],
    })
}

/// A deputy is named for the holder of a grant, for a time with an end. `held` are the deputy's grants that are not over.
///
/// # Errors
/// As [`grant`]; [`Refusal::WrongState`] for a grant that is over, [`Refusal::NotReady`] for one that is a deputy's.
pub fn name_deputy(
    id: RoleGrantId,
    holder: &RoleGrant,
    new: &NewGrant,
    held: &[RoleGrant],
    by: Doer,
    now: Timestamp,
) -> Result<(RoleGrant, Event), Refusal> {
    let mut found = Invalid::default();
    let term = found.take(Term::parse(new.starts_on, new.ends_on, now));
    let reason = found.take(reason(&new.reason));
    if let Some(fault) = term.and_then(|term| beyond(term, holder)) {
        found.0.push(fault);
    }
    let Some((term, reason)) = term.zip(reason).filter(|_| found.0.is_empty()) else {
        return Err(found.into());
    };
    if let Some(refusal) = no_deputy(holder, now) {
        return Err(refusal);
    }
    not_own(by, new.member)?;
    check_beside(holder.role, holder.unit, term, held)?;
    let grant = RoleGrant {
        id,
        region: holder.region,
        member: new.member,
        unit: holder.unit,
        role: holder.role,
        term,
        reason: Some(reason),
        granted_by: Some(by.member),
        end_reason: None,
        deputy_for: Some(StandIn {
            grant: holder.id,
            holder: holder.member,
        }),
        version: 1,
    };
    Ok((grant, Event::Deputised))
}

/// What is wrong with a deputy's term beside that of the holder.
fn beyond(term: Term, holder: &RoleGrant) -> Option<FieldError> {
    let fault = |pointer: &str, code, zh: &str, en: &str| FieldError {
        pointer: pointer.to_owned(),
        code,
        detail: Message::new(zh, en),
    };
    let Some(to) = term.to else {
        return Some(fault(
            "/ends_on",
            "required",
            "代理要有结束日期。",
            "A deputy's time has an end.",
        ));
    };
    if term.from < holder.term.from {
        return Some(fault(
            "/starts_on",
            "before_holder",
            "代理不能早于原任职人任职开始。",
            "A deputy can't begin before the holder does.",
        ));
    }
    if holder.term.to.is_some_and(|end| to > end) {
        return Some(fault(
            "/ends_on",
            "beyond_holder",
            "代理不能晚于原任职人任职结束。",
            "A deputy can't go on after the holder's time.",
        ));
    }
    if to > Timestamp::start_of(later(term.from.day(), LONGEST_DEPUTY)) {
        return Some(fault(
            "/ends_on",
            "too_far",
            "一次代理最多184天；更久请直接授予角色。",
            "A deputy stands in for 184 days at most. For longer, grant the role.",
        ));
    }
    None
}

/// A grant is ended now, and with it those of its deputies. `is_last` says that no other security administrator of the
/// whole county would be left.
///
/// # Errors
/// A reason that is missing; [`Refusal::WrongState`], [`Refusal::OwnRoles`], [`Refusal::LastSecurityAdmin`].
pub fn end(
    grant: &RoleGrant,
    why: &str,
    by: Doer,
    is_last: bool,
    now: Timestamp,
) -> Result<(RoleGrant, Event), Refusal> {
    if let Some(refusal) = over(grant, now) {
        return Err(refusal);
    }
    let why = reason(why)?;
    not_own(by, grant.member)?;
    if is_last {
        return Err(Refusal::LastSecurityAdmin);
    }
    let next = RoleGrant {
        term: grant.term.cut(now),
        end_reason: Some(why.clone()),
        ..grant.clone()
    };
    Ok((next, Event::Ended { reason: Some(why) }))
}

/// A grant ends together with what it hangs on: the one that a deputy stands in for, or the member who leaves. `None` where
/// it is over already.
#[must_use]
pub fn end_along(grant: &RoleGrant, at: Timestamp) -> Option<(RoleGrant, Event)> {
    let term = grant.term.cut(at);
    (term != grant.term).then(|| {
        let next = RoleGrant { term, ..grant.clone() };
        (next, Event::Ended { reason: None })
    })
}

/// Whether a grant is one of those of which a county must keep one: a security administrator of the whole county, by their
/// own right and without an end.
#[must_use]
pub fn keeps_the_keys(grant: &RoleGrant) -> bool {
    grant.role == Role::SecurityAdmin
        && grant.unit == grant.region
        && grant.deputy_for.is_none()
        && grant.term.to.is_none()
}

#[cfg(test)]
mod tests;
