//! Units as rows, with their place in the closure.

use std::collections::{HashMap, HashSet};

use liangnuo_domain::{
    RegionId, Timestamp, UnitId, pinyin, text,
    units::{Event, Unit, UnitFields, UnitKind},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::LockType,
};
use serde_json::json;

use crate::{
    entity::{unit_closure, units},
    error::StoreError,
    events::{NewEvent, Subject},
    names::unit_path,
    tx::Tx,
    visible::below,
};

pub(super) fn to_domain(row: units::Model) -> Result<Unit, StoreError> {
    Ok(Unit {
        id: UnitId(row.id),
        region: UnitId(row.region_id),
        parent: row.parent_id.map(UnitId),
        kind: UnitKind::from_code(&row.kind).ok_or(StoreError::Inconsistent {
            table: "units",
            column: "kind",
        })?,
        fields: UnitFields {
            code: row.code,
            name: row.name,
            name_en: row.name_en,
            reading: row.reading,
            head: row.head,
            hotline: row.hotline,
            address: row.address,
            opening_hours: row.opening_hours,
        },
        closed_at: row.closed_at.map(Timestamp::from_micros),
        version: row.version,
    })
}

fn search_text(fields: &UnitFields) -> String {
    let words = [Some(&fields.name), fields.name_en.as_ref(), fields.code.as_ref()];
    text::fold(&words.map(|word| word.map_or("", String::as_str)).join("\n"))
}

fn row_of(unit: &Unit, created_at: Timestamp) -> units::ActiveModel {
    units::ActiveModel {
        region_id: Set(unit.region.0),
        id: Set(unit.id.0),
        kind: Set(unit.kind.code().to_owned()),
        created_at: Set(created_at.micros()),
        ..changeable(unit)
    }
}

fn changeable(unit: &Unit) -> units::ActiveModel {
    let fields = &unit.fields;
    units::ActiveModel {
        parent_id: Set(unit.parent.map(|id| id.0)),
        code: Set(fields.code.clone()),
        name: Set(fields.name.clone()),
        name_en: Set(fields.name_en.clone()),
        head: Set(fields.head.clone()),
        hotline: Set(fields.hotline.clone()),
        address: Set(fields.address.clone()),
        opening_hours: Set(fields.opening_hours.clone()),
        search_text: Set(search_text(fields)),
        reading: Set(fields.reading.clone()),
        readings: Set(Some(pinyin::lines(&fields.name, fields.reading.as_deref()))),
        closed_at: Set(unit.closed_at.map(Timestamp::micros)),
        version: Set(unit.version),
        ..units::ActiveModel::default()
    }
}

pub(crate) async fn load(
    conn: &impl ConnectionTrait,
    region: RegionId,
    id: UnitId,
) -> Result<Option<Unit>, StoreError> {
    units::Entity::find_by_id((region.0, id.0))
        .one(conn)
        .await?
        .map(to_domain)
        .transpose()
}

/// The whole tree: all that is open, and what is closed as far as it has a code.
pub(crate) async fn all(conn: &impl ConnectionTrait, region: RegionId) -> Result<Vec<Unit>, StoreError> {
    let rows = units::Entity::find()
        .filter(units::Column::RegionId.eq(region.0))
        .filter(
            Condition::any()
                .add(units::Column::ClosedAt.is_null())
                .add(units::Column::Code.is_not_null()),
        )
        .all(conn)
        .await?;
    rows.into_iter().map(to_domain).collect()
}

/// Waits until nobody else changes the shape of the county's tree, and keeps it so until the transaction ends. Paths
/// that were read before would otherwise be out of date when they are written: two units could be moved below each
/// other. SQLite has one writer anyway.
pub(crate) async fn lock_tree(tx: &Tx, region: RegionId) -> Result<(), StoreError> {
    units::Entity::find_by_id((region.0, region.0))
        .lock(LockType::NoKeyUpdate)
        .one(tx.conn())
        .await?;
    Ok(())
}

/// The unit if it is open; it can't be closed until the transaction ends. Whatever is put into a unit asks this first.
pub(crate) async fn hold_open(tx: &Tx, region: RegionId, id: UnitId) -> Result<Option<Unit>, StoreError> {
    let row = units::Entity::find_by_id((region.0, id.0))
        .lock(LockType::Share)
        .one(tx.conn())
        .await?;
    let unit = row.map(to_domain).transpose()?;
    Ok(unit.filter(|unit| unit.closed_at.is_none()))
}

/// Those of these units that are open; they can't be closed until the transaction ends.
pub(crate) async fn hold_all_open(tx: &Tx, region: RegionId, ids: &[UnitId]) -> Result<HashSet<UnitId>, StoreError> {
    let mut open = HashSet::new();
    for chunk in ids.chunks(1_000) {
        let rows = units::Entity::find()
            .filter(units::Column::RegionId.eq(region.0))
            .filter(units::Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .filter(units::Column::ClosedAt.is_null())
            // In one order, so that two batches don't wait for each other in a circle.
            .order_by_asc(units::Column::Id)
            .lock(LockType::Share)
            .all(tx.conn())
            .await?;
        open.extend(rows.into_iter().map(|row| UnitId(row.id)));
    }
    Ok(open)
}

/// Writes new units, parents before children, with their place in the closure.
pub(crate) async fn insert_many(tx: &mut Tx, new: &[Unit], at: Timestamp) -> Result<(), StoreError> {
    let mut paths: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
    let mut closure = Vec::new();
    for unit in new {
        let mut path = match unit.parent {
            None => Vec::new(),
            Some(parent) => match paths.get(&parent) {
                Some(path) => path.clone(),
                None => unit_path(tx.conn(), unit.region, parent).await?,
            },
        };
        path.push(unit.id);
        for (depth, ancestor) in path.iter().rev().enumerate() {
            closure.push(closure_row(unit.region, *ancestor, unit.id, depth));
        }
        paths.insert(unit.id, path);
    }
    for chunk in new.chunks(500) {
        let rows = chunk.iter().map(|unit| row_of(unit, at));
        units::Entity::insert_many(rows)
            .exec_without_returning(tx.conn())
            .await
            .map_err(taken)?;
    }
    for chunk in closure.chunks(2_000) {
        unit_closure::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx.conn())
            .await?;
    }
    for unit in new {
        record(tx, unit, &Event::Created);
    }
    Ok(())
}

fn closure_row(region: RegionId, ancestor: UnitId, descendant: UnitId, depth: usize) -> unit_closure::ActiveModel {
    unit_closure::ActiveModel {
        region_id: Set(region.0),
        ancestor_id: Set(ancestor.0),
        descendant_id: Set(descendant.0),
        depth: Set(i32::try_from(depth).unwrap_or(i32::MAX)),
    }
}

/// The field that another open unit has the same of.
fn taken(error: sea_orm::DbErr) -> StoreError {
    if !StoreError::is_unique_violation(&error) {
        return error.into();
    }
    // PostgreSQL names the index, SQLite the column.
    let said = error.to_string();
    let is_code = said.contains("units_open_codes") || said.contains("units.code");
    StoreError::Taken {
        pointer: if is_code { "/code" } else { "/name" },
    }
}

pub(super) fn record(tx: &mut Tx, unit: &Unit, event: &Event) {
    let detail = match event {
        Event::Created => json!({"kind": unit.kind.code(), "parent": unit.parent}),
        Event::Edited { fields } => json!({"fields": fields}),
        Event::Moved { from, to } => json!({"from": from, "to": to}),
        Event::Succeeded {
            successors,
            counts,
            reason,
            ..
        } => json!({
            "successors": successors,
            "moved_units": counts.units,
            "moved_members": counts.members,
            "cases": counts.cases,
            "reason": reason,
        }),
        Event::Closed { reason } => json!({"reason": reason}),
    };
    tx.record(NewEvent::new(unit.region, Subject::Units, unit.id.0, event.code(), detail).in_unit(unit.id));
}

/// Saves a changed unit by compare-and-set.
pub(crate) async fn update(tx: &mut Tx, before: &Unit, next: &Unit, events: &[Event]) -> Result<(), StoreError> {
    let mut row = changeable(next);
    row.version = Set(before.version + 1);
    let changed = units::Entity::update_many()
        .set(row)
        .filter(units::Column::RegionId.eq(before.region.0))
        .filter(units::Column::Id.eq(before.id.0))
        .filter(units::Column::Version.eq(before.version))
        .exec(tx.conn())
        .await
        .map_err(taken)?;
    if changed.rows_affected != 1 {
        return Err(StoreError::Stale {
            current: before.version + 1,
        });
    }
    for event in events {
        record(tx, next, event);
    }
    Ok(())
}

/// Takes a subtree out of its old place and puts it below the end of `path`.
pub(crate) async fn relocate_closure(tx: &Tx, region: RegionId, id: UnitId, path: &[UnitId]) -> Result<(), StoreError> {
    use unit_closure::{Column, Entity};
    // Everything from above the subtree into it goes; what is inside it stays.
    Entity::delete_many()
        .filter(Column::RegionId.eq(region.0))
        .filter(Column::DescendantId.in_subquery(below(region, &[id])))
        .filter(Column::AncestorId.not_in_subquery(below(region, &[id])))
        .exec(tx.conn())
        .await?;
    let inside = Entity::find()
        .filter(Column::RegionId.eq(region.0))
        .filter(Column::AncestorId.eq(id.0))
        .all(tx.conn())
        .await?;
    let mut rows = Vec::with_capacity(inside.len() * path.len());
    for row in &inside {
        for (above, ancestor) in path.iter().rev().enumerate() {
            let depth = above + 1 + usize::try_from(row.depth).unwrap_or(0);
            rows.push(closure_row(region, *ancestor, UnitId(row.descendant_id), depth));
        }
    }
    for chunk in rows.chunks(2_000) {
        Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}
