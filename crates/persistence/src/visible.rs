//! What a caller may see of the complaints, as a condition that every finder of complaints must be given.
//!
//! Three things make it up: the subtrees of the caller's roles, the sealed lane for the root's inspectors, and the
//! exclusion set: whoever is accused, or stands in an accused unit's line, sees nothing of the case, at any list, count,
//! search, export or figure.

use liangnuo_domain::{
    Actor, RegionId, Role, UnitId,
    policy::{self, CASE_READERS},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, IntoColumnRef, Query, SelectStatement},
};
use uuid::Uuid;

use crate::entity::{complaint_accused, complaints, unit_closure};

/// The scope of a caller over complaints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visible {
    region: RegionId,
    units: Vec<UnitId>,
    sees_sealed: bool,
    exclusion: Exclusion,
}

/// On which cases the caller has no right, whatever the role.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Exclusion {
    /// The caller, and those whose deputy the caller is: what shuts them out shuts the deputy out, too.
    people: Vec<Uuid>,
    /// Units where a role in the line of command is held: units over and under them are its line.
    line: Vec<UnitId>,
    /// Home unit and branch: units over them are the caller's own line. The county's root is no one's accused unit.
    home: Vec<UnitId>,
}

impl Visible {
    /// The scope of an actor.
    #[must_use]
    pub fn to(actor: &Actor) -> Self {
        let mut line: Vec<UnitId> = actor
            .grants
            .iter()
            .filter(|grant| grant.role.is_in_line())
            .map(|grant| grant.unit)
            .chain(
                actor
                    .stands_for
                    .iter()
                    .flat_map(|principal| principal.line.iter().copied()),
            )
            .collect();
        line.sort_unstable();
        line.dedup();
        Self {
            region: actor.region,
            units: actor.units_of(CASE_READERS),
            sees_sealed: policy::sees_sealed(actor),
            exclusion: Exclusion {
                people: std::iter::once(actor.member)
                    .chain(actor.stands_for.iter().map(|principal| principal.member))
                    .map(|member| member.0)
                    .collect(),
                line,
                home: std::iter::once((actor.home_unit, actor.branch))
                    .chain(
                        actor
                            .stands_for
                            .iter()
                            .map(|principal| (principal.home_unit, principal.branch)),
                    )
                    .flat_map(|(home, branch)| std::iter::once(home).chain(branch))
                    .collect(),
            },
        }
    }

    /// The scope of an actor by some of their roles alone. From what an actor is shut out follows from all of them.
    #[must_use]
    pub fn by(actor: &Actor, roles: &[Role]) -> Self {
        Self {
            units: actor.units_of(roles),
            sees_sealed: policy::sees_sealed_by(actor, roles),
            ..Self::to(actor)
        }
    }

    /// What the public may know of: no sealed case, and no person who could be accused.
    pub(crate) fn public(region: RegionId) -> Self {
        Self {
            region,
            units: vec![region],
            sees_sealed: false,
            exclusion: Exclusion {
                people: vec![Uuid::nil()],
                line: Vec::new(),
                home: Vec::new(),
            },
        }
    }

    /// The county.
    #[must_use]
    pub const fn region(&self) -> RegionId {
        self.region
    }

    /// The units whose subtrees are all that can be seen; none where that is the whole county, or more than subtrees.
    pub(crate) fn units_if_not_all(&self) -> Option<&[UnitId]> {
        (!self.sees_sealed && !self.units.contains(&self.region)).then_some(self.units.as_slice())
    }

    /// The condition on `complaints` rows.
    pub(crate) fn condition(&self) -> Condition {
        let accusation = Expr::from(self.accusation());
        self.in_scope()
            .add(Condition::any().add(accuses().not()).add(accusation.is_null()))
    }

    /// That the case whose id stands in a column of another table can be seen. A subquery, not a join: a database would rather begin
    /// with all cases than with the newest rows of that table.
    pub(crate) fn case(&self, id: impl IntoColumnRef) -> Expr {
        let own = complaints::Entity::find()
            .select_only()
            .column(complaints::Column::Id)
            .filter(Expr::col((complaints::Entity, complaints::Column::Id)).equals(id))
            .filter(self.condition());
        Expr::exists(own.into_query())
    }

    /// The condition on the `complaints` rows that would be in scope, if the caller were not accused in them or stood in
    /// an accused unit's line.
    pub(crate) fn excluded(&self) -> Condition {
        self.in_scope()
            .add(accuses())
            .add(complaints::Column::Id.in_subquery(self.accused_in()))
    }

    /// The cases from which the caller is shut out, whether in scope or not: from the accusations to the cases, since there
    /// are few of the former.
    pub(crate) fn accused_in(&self) -> SelectStatement {
        complaint_accused::Entity::find()
            .select_only()
            .column(complaint_accused::Column::ComplaintId)
            .filter(self.accused_here())
            .into_query()
    }

    /// Whether every case of the county is in scope, but for those from which the caller is shut out.
    pub(crate) fn is_all(&self) -> bool {
        self.sees_sealed && self.units.contains(&self.region)
    }

    /// Whether sealed cases count.
    pub(crate) const fn sees_sealed(&self) -> bool {
        self.sees_sealed
    }

    /// The units whose open cases are in scope; `None` for all.
    pub(crate) fn units(&self) -> Option<SelectStatement> {
        (!self.units.contains(&self.region)).then(|| below(self.region, &self.units))
    }

    fn in_scope(&self) -> Condition {
        let all = Condition::all().add(complaints::Column::RegionId.eq(self.region.0));
        let units = self.units();
        // Where nothing is left out nothing is asked: a condition that is always true misleads the database.
        if self.sees_sealed && units.is_none() {
            return all;
        }
        let mut open = Condition::all().add(complaints::Column::IsSealed.eq(false));
        if let Some(units) = units {
            open = open.add(complaints::Column::UnitId.in_subquery(units));
        }
        let mut lane = Condition::any().add(open);
        if self.sees_sealed {
            lane = lane.add(complaints::Column::IsSealed.eq(true));
        }
        all.add(lane)
    }

    /// One accusation that shuts the caller out. A value instead of `EXISTS`: of that PostgreSQL may begin with all accusations
    /// there are.
    fn accusation(&self) -> SelectStatement {
        Query::select()
            .expr(Expr::val(1))
            .from(complaint_accused::Entity)
            .cond_where(self.accused_here())
            .and_where(
                Expr::col((complaint_accused::Entity, complaint_accused::Column::ComplaintId))
                    .equals((complaints::Entity, complaints::Column::Id)),
            )
            .limit(1)
            .to_owned()
    }

    fn accused_here(&self) -> Condition {
        let Exclusion { people, line, home } = &self.exclusion;
        let mut subject = Condition::any().add(complaint_accused::Column::SubjectId.is_in(people.iter().copied()));
        if !line.is_empty() {
            subject = subject
                .add(complaint_accused::Column::SubjectId.in_subquery(below(self.region, line)))
                .add(complaint_accused::Column::SubjectId.in_subquery(above(self.region, line)));
        }
        subject = subject.add(complaint_accused::Column::SubjectId.in_subquery(above(self.region, home)));
        Condition::all()
            .add(complaint_accused::Column::RegionId.eq(self.region.0))
            .add(subject)
    }
}

/// That somebody is accused in a case, as its index has it. Nearly all cases are asked no further.
fn accuses() -> Expr {
    Expr::col((complaints::Entity, complaints::Column::HasAccused)).eq(Expr::Constant(true.into()))
}

/// The units at or below any of `units`.
pub(crate) fn below(region: RegionId, units: &[UnitId]) -> SelectStatement {
    unit_closure::Entity::find()
        .select_only()
        .column(unit_closure::Column::DescendantId)
        .filter(unit_closure::Column::RegionId.eq(region.0))
        .filter(unit_closure::Column::AncestorId.is_in(units.iter().map(|unit| unit.0)))
        .into_query()
}

/// The units at or above any of `units`.
pub(crate) fn above(region: RegionId, units: &[UnitId]) -> SelectStatement {
    unit_closure::Entity::find()
        .select_only()
        .column(unit_closure::Column::AncestorId)
        .filter(unit_closure::Column::RegionId.eq(region.0))
        .filter(unit_closure::Column::DescendantId.is_in(units.iter().map(|unit| unit.0)))
        .into_query()
}
