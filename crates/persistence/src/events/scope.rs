//! Which events exist for a caller, as a condition that every query of the log must be given.
//!
//! An event stands in the log of the unit that held the thing when it happened, and of the units above. Of a case it is
//! shown on top of that to those alone who may know of the case now: a case that left the subtree, was sealed, or shuts
//! the caller out takes all its events with it.

use liangnuo_domain::{
    Actor, RegionId, Role, UnitId,
    events::{Action, Subject},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, SelectStatement, SubQueryStatement},
};

use crate::{
    entity::{complaints, events},
    visible::{Visible, below},
};

/// The events that a caller may know of by some of their roles.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    region: RegionId,
    units: Vec<UnitId>,
    cases: Visible,
}

impl Scope {
    /// What these roles show an actor.
    pub(super) fn of(actor: &Actor, roles: &[Role]) -> Self {
        Self {
            region: actor.region,
            units: actor.units_of(roles),
            cases: Visible::by(actor, roles),
        }
    }

    /// The units whose subtrees it is; none for all of the county.
    pub(super) fn units(&self) -> Option<&[UnitId]> {
        (!self.units.contains(&self.region)).then_some(self.units.as_slice())
    }

    /// The condition on `events` rows.
    pub(super) fn condition(&self) -> Condition {
        // What is the county's as a whole has no unit: said, since neither "in" nor "not in" holds of nothing.
        let places = self.units().map(|units| {
            Condition::all()
                .add(events::Column::UnitId.is_not_null())
                .add(events::Column::UnitId.in_subquery(below(self.region, units)))
        });
        self.anywhere().add_option(places)
    }

    /// The condition on `events` rows without the places, for those that are picked by their places already.
    pub(super) fn anywhere(&self) -> Condition {
        Condition::all()
            .add(events::Column::RegionId.eq(self.region.0))
            .add(self.of_known_cases())
    }

    /// Whether an event that `wider` shows is one of these, as an expression on `events` rows.
    pub(super) fn has(&self, wider: &Self) -> Expr {
        if self.units.is_empty() {
            Expr::Constant(false.into())
        } else if self.units == wider.units {
            Expr::Constant(true.into())
        } else {
            self.condition().into()
        }
    }

    /// The condition on `complaints` rows.
    pub(super) fn cases(&self) -> Condition {
        self.cases.condition()
    }

    /// Of no case, or of one that may be known.
    fn of_known_cases(&self) -> Condition {
        let of_no_case = events::Column::SubjectKind.ne(Subject::Complaints.code());
        if self.cases.is_all() {
            // The few from which the caller is shut out: no case is looked at.
            let others = events::Column::SubjectId.not_in_subquery(self.cases.accused_in());
            return Condition::any().add(of_no_case).add(others);
        }
        // A value and not EXISTS: beside an "or", PostgreSQL would answer that by reading all cases at once.
        let case = Expr::from(SubQueryStatement::SelectStatement(self.case_of_the_event()));
        let mut known = Condition::all().add(case.is_not_null());
        if !self.cases.sees_sealed() {
            known = known.add(events::Column::Action.ne(Action::ACCUSED_NAMED.code()));
        }
        Condition::any().add(of_no_case).add(known)
    }

    fn case_of_the_event(&self) -> SelectStatement {
        complaints::Entity::find()
            .select_only()
            .expr(Expr::val(1))
            .filter(self.cases.condition())
            .filter(
                Expr::col((complaints::Entity, complaints::Column::Id))
                    .equals((events::Entity, events::Column::SubjectId)),
            )
            .into_query()
    }
}
