//! A unit is merged into another one or split up among several: all that it holds goes there in one transaction, and it closes.

use std::collections::{HashMap, HashSet};

use liangnuo_domain::{
    Invalid, MemberId, RegionId, Timestamp, UnitId,
    policy::{Action, Resource},
    succession::{self as rules, Counts, Division, Kind, Successor, Wanted},
    units::{Event, Unit, UnitKind},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::LockType,
};

use super::{UnitView, hold_open, holds_anything, load, lock_tree, open_unit, relocate_closure, rows, update};
use crate::{
    callers::Caller,
    complaints,
    db::Store,
    entity::{
        unit_successors::{ActiveModel, Column, Entity},
        units,
    },
    error::StoreError,
    members,
    names::{UnitName, unit_path},
    role_grants,
    tx::{By, Tx},
};

/// One unit that came in the place of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    /// The other unit.
    pub unit: UnitName,
    /// In which way.
    pub kind: Kind,
    /// When.
    pub at: Timestamp,
}

/// What came of a succession.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succeeded {
    /// What each successor has now, in the order of the request.
    pub successors: Vec<(UnitName, Counts)>,
    /// Open cases that are nobody's now, since who handled them handles nothing at the successor.
    pub cases_without_handler: usize,
    /// Roles at the unit that end with it: nobody gets them at the successor.
    pub ended_roles: usize,
}

impl Store {
    /// Merges a unit into another one, or splits it up among several, and closes it. Open cases, members and the units below it go
    /// to the successors; what has ended stays its own. A dry run does all of it and keeps nothing.
    ///
    /// # Errors
    /// Not found, forbidden on any of the units, stale; a successor that can't take it, parts that it does not hold.
    pub async fn succeed_unit(
        &self,
        caller: Caller,
        id: UnitId,
        expected: i64,
        wanted: Wanted,
        is_dry_run: bool,
        now: Timestamp,
    ) -> Result<(Succeeded, UnitView), StoreError> {
        let by = caller.clone();
        let done = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
                lock_tree(&tx, by.actor.region).await?;
                let before = open_unit(&mut tx, &by, id, Action::SucceedUnit, expected).await?;
                // Nothing comes in until the transaction ends.
                units::Entity::find_by_id((before.region.0, id.0))
                    .lock(LockType::NoKeyUpdate)
                    .one(tx.conn())
                    .await?;
                let done = carry_out(&mut tx, &by, &before, &wanted).await?;
                if is_dry_run {
                    tx.rollback().await?;
                } else {
                    tx.commit().await?;
                }
                Ok(done)
            })
            .await?;
        Ok((done, self.unit(&caller, id).await?))
    }

    /// Which units came in the place of some, and in whose place some came.
    pub(super) async fn successions(
        &self,
        region: RegionId,
        found: &[Unit],
    ) -> Result<(Successions, Successions), StoreError> {
        let closed: Vec<_> = found.iter().filter(|unit| unit.closed_at.is_some()).collect();
        let mut rows = Vec::new();
        for (column, ids) in [
            (Column::UnitId, closed.iter().map(|unit| unit.id.0).collect::<Vec<_>>()),
            (Column::SuccessorId, found.iter().map(|unit| unit.id.0).collect()),
        ] {
            if ids.is_empty() {
                continue;
            }
            let select = Entity::find()
                .filter(Column::RegionId.eq(region.0))
                .filter(column.is_in(ids))
                .order_by_asc(Column::At)
                .order_by_asc(Column::UnitId)
                .order_by_asc(Column::SuccessorId);
            rows.extend(select.all(self.read()).await?.into_iter().map(|row| (column, row)));
        }
        let others = rows
            .iter()
            .flat_map(|(_, row)| [UnitId(row.unit_id), UnitId(row.successor_id)]);
        let names = self.unit_names(region, others.collect::<Vec<_>>()).await?;
        let (mut successors, mut predecessors) = (Successions::new(), Successions::new());
        for (column, row) in rows {
            let (list, of, other) = match column {
                Column::UnitId => (&mut successors, row.unit_id, row.successor_id),
                _ => (&mut predecessors, row.successor_id, row.unit_id),
            };
            let kind = Kind::from_code(&row.kind).ok_or(StoreError::Inconsistent {
                table: "unit_successors",
                column: "kind",
            })?;
            let Some(unit) = names.get(&UnitId(other)).cloned() else {
                continue;
            };
            list.entry(UnitId(of)).or_default().push(Succession {
                unit,
                kind,
                at: Timestamp::from_micros(row.at),
            });
        }
        Ok((successors, predecessors))
    }
}

/// By unit.
pub(super) type Successions = HashMap<UnitId, Vec<Succession>>;

/// The names of the units that came in a unit's place.
pub(crate) async fn successor_names(
    conn: &impl ConnectionTrait,
    region: RegionId,
    id: UnitId,
) -> Result<Vec<String>, StoreError> {
    let ids: Vec<uuid::Uuid> = Entity::find()
        .select_only()
        .column(Column::SuccessorId)
        .filter(Column::RegionId.eq(region.0))
        .filter(Column::UnitId.eq(id.0))
        .into_tuple()
        .all(conn)
        .await?;
    let rows = units::Entity::find()
        .filter(units::Column::RegionId.eq(region.0))
        .filter(units::Column::Id.is_in(ids))
        .order_by_asc(units::Column::Name)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

async fn carry_out(tx: &mut Tx, by: &Caller, before: &Unit, wanted: &Wanted) -> Result<Succeeded, StoreError> {
    let at = (before.region, before.id);
    let successors = hold_successors(tx, by, before.region, wanted).await?;
    let children = children_of(tx, before).await?;
    let division = rules::divide(before, wanted, &successors, !children.is_empty())?;
    let held = members::hold_all_of(tx, before.region, before.id).await?;
    check_parts(wanted, &children, &held)?;
    check_names(tx, before, wanted, &children, &division).await?;

    // First of all, so that a unit from below it may have its name.
    update(tx, before, &rules::close(before, tx.now()), &[]).await?;
    let ended_roles = role_grants::end_all_at(tx, before.region, before.id).await?;
    let mut counts: HashMap<UnitId, Counts> = HashMap::new();
    for child in &children {
        let to = division.of_unit(child.id);
        place_below(tx, child, to).await?;
        counts.entry(to).or_default().units += 1;
    }
    let moved = if before.kind == UnitKind::Branch {
        members::change_branch(tx, at, &division).await?
    } else {
        HashMap::new()
    };
    for (to, number) in moved
        .into_iter()
        .chain(members::succeed(tx, at, &held, &division).await?)
    {
        counts.entry(to).or_default().members += number;
    }
    let cases = complaints::succeed(tx, at, &division).await?;
    for (to, number) in cases.to {
        counts.entry(to).or_default().cases += number;
    }
    complaints::accuse_successors(tx, at, &wanted.successors).await?;
    if holds_anything(tx, before).await? {
        return Err(StoreError::Bug("a unit that is succeeded holds something"));
    }
    note(tx, before, wanted, &counts, division.reason).await?;
    Ok(Succeeded {
        successors: successors
            .into_iter()
            .map(|Successor { unit, .. }| {
                let counts = counts.get(&unit.id).copied().unwrap_or_default();
                let name = UnitName {
                    id: unit.id,
                    name: unit.fields.name,
                    name_en: unit.fields.name_en,
                };
                (name, counts)
            })
            .collect(),
        cases_without_handler: cases.without_handler,
        ended_roles,
    })
}

/// The units that go on, each of which the caller may give something to. They do not close until the transaction ends.
async fn hold_successors(
    tx: &mut Tx,
    by: &Caller,
    region: RegionId,
    wanted: &Wanted,
) -> Result<Vec<Successor>, StoreError> {
    let mut successors = Vec::with_capacity(wanted.successors.len());
    for (at, id) in wanted.successors.iter().enumerate() {
        let unit = match hold_open(tx, region, *id).await? {
            Some(unit) => unit,
            None => load(tx.conn(), region, *id).await?.ok_or_else(|| {
                Invalid::one(
                    rules::pointer(wanted.kind, at),
                    "unknown_unit",
                    "找不到这个单位。",
                    "There is no such unit.",
                )
            })?,
        };
        let path = unit_path(tx.conn(), region, *id).await?;
        tx.must(by, Action::SucceedUnit, Resource::Unit { path: &path })?;
        successors.push(Successor { unit, path });
    }
    Ok(successors)
}

/// The open units directly below. They stay as they are until the transaction ends.
async fn children_of(tx: &Tx, unit: &Unit) -> Result<Vec<Unit>, StoreError> {
    units::Entity::find()
        .filter(units::Column::RegionId.eq(unit.region.0))
        .filter(units::Column::ParentId.eq(unit.id.0))
        .filter(units::Column::ClosedAt.is_null())
        .order_by_asc(units::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx.conn())
        .await?
        .into_iter()
        .map(rows::to_domain)
        .collect()
}

/// Whether what is given to one successor by name is the unit's.
fn check_parts(wanted: &Wanted, children: &[Unit], members: &[MemberId]) -> Result<(), Invalid> {
    let children: HashSet<UnitId> = children.iter().map(|unit| unit.id).collect();
    let members: HashSet<&MemberId> = members.iter().collect();
    let mut found = Invalid::default();
    let strangers = wanted
        .units
        .iter()
        .enumerate()
        .filter(|(_, (id, _))| !children.contains(id));
    for (at, _) in strangers {
        found.take::<()>(Err(Invalid::one(
            format!("/units/{at}/unit_id"),
            "unknown_unit",
            "它不是这个单位的直接下级。",
            "It does not stand directly below the unit.",
        )));
    }
    let strangers = wanted
        .members
        .iter()
        .enumerate()
        .filter(|(_, (id, _))| !members.contains(id));
    for (at, _) in strangers {
        found.take::<()>(Err(Invalid::one(
            format!("/members/{at}/member_id"),
            "unknown_member",
            "这位成员不在这个单位。",
            "This member does not belong to the unit.",
        )));
    }
    found.finish()
}

/// Under one parent no two open units have the same name.
async fn check_names(
    tx: &Tx,
    unit: &Unit,
    wanted: &Wanted,
    children: &[Unit],
    division: &Division,
) -> Result<(), StoreError> {
    for (at, successor) in wanted.successors.iter().enumerate() {
        let names = children
            .iter()
            .filter(|child| division.of_unit(child.id) == *successor)
            .map(|child| child.fields.name.as_str());
        let taken = units::Entity::find()
            .filter(units::Column::RegionId.eq(unit.region.0))
            .filter(units::Column::ParentId.eq(successor.0))
            .filter(units::Column::ClosedAt.is_null())
            .filter(units::Column::Id.ne(unit.id.0))
            .filter(units::Column::Name.is_in(names))
            .order_by_asc(units::Column::Name)
            .limit(1)
            .one(tx.conn())
            .await?;
        if let Some(taken) = taken {
            let name = taken.name;
            return Err(Invalid::one(
                rules::pointer(wanted.kind, at),
                "name_taken",
                format!("两边都有下级“{name}”，请先给其中一个改名。"),
                format!("Both have a unit \"{name}\" below them. Rename one of the two first."),
            )
            .into());
        }
    }
    Ok(())
}

async fn place_below(tx: &mut Tx, child: &Unit, to: UnitId) -> Result<(), StoreError> {
    let Some(from) = child.parent else { return Ok(()) };
    let next = Unit {
        parent: Some(to),
        ..child.clone()
    };
    update(tx, child, &next, &[Event::Moved { from, to }]).await?;
    let path = unit_path(tx.conn(), child.region, to).await?;
    relocate_closure(tx, child.region, child.id, &path).await
}

/// Keeps who came in the unit's place, and notes what happened to it.
async fn note(
    tx: &mut Tx,
    unit: &Unit,
    wanted: &Wanted,
    counts: &HashMap<UnitId, Counts>,
    reason: String,
) -> Result<(), StoreError> {
    let at = tx.now().micros();
    let rows = wanted.successors.iter().map(|successor| ActiveModel {
        region_id: Set(unit.region.0),
        unit_id: Set(unit.id.0),
        successor_id: Set(successor.0),
        kind: Set(wanted.kind.code().to_owned()),
        at: Set(at),
    });
    Entity::insert_many(rows.collect::<Vec<_>>())
        .exec_without_returning(tx.conn())
        .await?;
    let all = counts.values().fold(Counts::default(), |sum, one| Counts {
        units: sum.units + one.units,
        members: sum.members + one.members,
        cases: sum.cases + one.cases,
    });
    let event = Event::Succeeded {
        kind: wanted.kind,
        successors: wanted.successors.clone(),
        counts: all,
        reason,
    };
    rows::record(tx, unit, &event);
    Ok(())
}
