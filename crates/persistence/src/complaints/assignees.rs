//! To whom a case can be given, and how much they have to do.

use std::collections::HashMap;

use liangnuo_domain::{
    ComplaintId, MemberId, Timestamp, UnitId,
    policy::{Action, Resource},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use super::dispatch::can_be_given;
use crate::{
    callers::Caller,
    db::Store,
    entity::{
        complaints::{Column, Entity},
        members,
    },
    error::StoreError,
    names::{MemberName, UnitName, unit_path},
};

/// Somebody who can be given a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignee {
    /// Who.
    pub member: MemberName,
    /// Where they belong.
    pub unit: UnitName,
    /// How many open cases they have.
    pub open_cases: i64,
    /// They wrote the answer that did not satisfy: the case is done again by somebody else.
    pub is_barred: bool,
}

/// The states in which nothing more happens, as the index over open cases has them.
pub(super) const IS_OPEN: &str = "state NOT IN ('not_accepted', 'referred', 'concluded', 'final', 'withdrawn')";

impl Store {
    /// Who can be given cases of a unit: its handlers, and those of the units above it. Empty for a unit outside the
    /// caller's scope.
    ///
    /// # Errors
    /// As [`Store::case`]; [`StoreError::Forbidden`] for who may not assign.
    pub async fn assignees(
        &self,
        caller: &Caller,
        id: ComplaintId,
        unit: UnitId,
        now: Timestamp,
    ) -> Result<Vec<Assignee>, StoreError> {
        let case = self.case(caller, id, now).await?.complaint;
        let region = caller.actor.region;
        let path = unit_path(self.read(), region, unit).await?;
        caller.must(
            Action::AssignComplaint,
            Resource::Complaint {
                path: &path,
                is_sealed: case.is_sealed,
                is_excluded: false,
            },
        )?;
        let rows = members::Entity::find()
            .filter(can_be_given(&case, unit, now))
            .order_by_asc(members::Column::Name)
            .limit(100)
            .all(self.read())
            .await?;
        let units = self
            .unit_names(region, rows.iter().map(|row| UnitId(row.unit_id)))
            .await?;
        let open = self
            .open_cases_of(caller, rows.iter().map(|row| MemberId(row.id)).collect())
            .await?;
        let barred = case.redo.as_ref().and_then(|redo| redo.not_by);
        let mut found: Vec<Assignee> = rows
            .into_iter()
            .filter_map(|row| {
                let id = MemberId(row.id);
                Some(Assignee {
                    is_barred: barred == Some(id),
                    unit: units.get(&UnitId(row.unit_id))?.clone(),
                    open_cases: open.get(&id).copied().unwrap_or(0),
                    member: MemberName {
                        id,
                        name: row.name,
                        name_en: row.name_en,
                    },
                })
            })
            .collect();
        // Whoever can't be chosen is not offered first.
        found.sort_by_key(|assignee| assignee.is_barred);
        Ok(found)
    }

    /// How many open cases members have, of those that the caller may see.
    async fn open_cases_of(
        &self,
        caller: &Caller,
        members: Vec<MemberId>,
    ) -> Result<HashMap<MemberId, i64>, StoreError> {
        let rows: Vec<(Option<Uuid>, i64)> = Entity::find()
            .filter(caller.visible.condition())
            .filter(Column::HandlerId.is_in(members.iter().map(|id| id.0)))
            .filter(Expr::cust(IS_OPEN))
            .select_only()
            .column(Column::HandlerId)
            .column_as(Column::Id.count(), "open_cases")
            .group_by(Column::HandlerId)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(rows
            .into_iter()
            .filter_map(|(id, count)| Some((MemberId(id?), count)))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use liangnuo_domain::complaints::State;

    use super::*;

    #[test]
    fn open_is_what_is_not_ended() {
        let ended = State::ALL.iter().filter(|state| state.is_ended());
        let ended: Vec<String> = ended.map(|state| format!("'{}'", state.code())).collect();
        assert_eq!(IS_OPEN, format!("state NOT IN ({})", ended.join(", ")));
    }
}
