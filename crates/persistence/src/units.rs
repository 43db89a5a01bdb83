//! Units: the tree, kept as parent links and as a closure table that every scope is asked of.

use std::collections::HashMap;

use liangnuo_domain::{
    RegionId, Timestamp, UnitId,
    complaints::State,
    policy::{Action, Resource},
    text,
    units::{self as rules, Event, Unit, UnitFields, UnitKind},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LikeExpr, LockType},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    callers::Caller,
    complaints::escape_like,
    db::Store,
    entity::{complaints, members, unit_closure, units},
    error::StoreError,
    events::{NewEvent, Subject},
    idempotency::{IdempotencyKey, Replay},
    names::{UnitName, unit_path},
    page::{self, Key, Page, PageRequest, Sort},
    tx::{By, Tx},
    visible::below,
};

/// A unit with its place in the tree and what the caller may do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitView {
    /// The unit.
    pub unit: Unit,
    /// From the root to the parent.
    pub path: Vec<UnitName>,
    /// What the caller may do now.
    pub allowed: Vec<UnitVerb>,
}

/// What can be done with a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitVerb {
    /// Change its fields.
    Edit,
    /// Move it under another unit.
    Move,
    /// Close it.
    Close,
    /// Create a unit below it.
    CreateChild,
}

/// What a list of units is narrowed down to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitFilter {
    /// Part of the name, in either language.
    pub q: Option<String>,
    /// This kind.
    pub kind: Option<UnitKind>,
    /// Directly below this unit.
    pub parent: Option<UnitId>,
    /// Closed ones too.
    pub include_closed: bool,
}

fn to_domain(row: units::Model) -> Result<Unit, StoreError> {
    Ok(Unit {
        id: UnitId(row.id),
        region: UnitId(row.region_id),
        parent: row.parent_id.map(UnitId),
        kind: UnitKind::from_code(&row.kind).ok_or(StoreError::Inconsistent {
            table: "units",
            column: "kind",
        })?,
        fields: UnitFields {
            name: row.name,
            name_en: row.name_en,
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
    text::fold(&format!(
        "{}\n{}",
        fields.name,
        fields.name_en.as_deref().unwrap_or_default()
    ))
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
        name: Set(fields.name.clone()),
        name_en: Set(fields.name_en.clone()),
        head: Set(fields.head.clone()),
        hotline: Set(fields.hotline.clone()),
        address: Set(fields.address.clone()),
        opening_hours: Set(fields.opening_hours.clone()),
        search_text: Set(search_text(fields)),
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

/// Waits until nobody else changes the shape of the county's tree, and keeps it so until the transaction ends. Paths
/// that were read before would otherwise be out of date when they are written: two units could be moved below each
/// other. SQLite has one writer anyway.
async fn lock_tree(tx: &Tx, region: RegionId) -> Result<(), StoreError> {
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

/// Writes new units, parents before children, with their place in the closure. `above` gives the path of each parent
/// that is not among them.
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
            .map_err(taken_name)?;
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

fn taken_name(error: sea_orm::DbErr) -> StoreError {
    if StoreError::is_unique_violation(&error) {
        StoreError::Taken { pointer: "/name" }
    } else {
        error.into()
    }
}

fn record(tx: &mut Tx, unit: &Unit, event: &Event) {
    let detail = match event {
        Event::Created => json!({"kind": unit.kind.code(), "parent": unit.parent}),
        Event::Edited { fields } => json!({"fields": fields}),
        Event::Moved { from, to } => json!({"from": from, "to": to}),
        Event::Closed { reason } => json!({"reason": reason}),
    };
    tx.record(NewEvent::new(
        unit.region,
        Subject::Units,
        unit.id.0,
        event.code(),
        detail,
    ));
}

/// Saves a changed unit by compare-and-set.
async fn update(tx: &mut Tx, before: &Unit, next: &Unit, events: &[Event]) -> Result<(), StoreError> {
    let mut row = changeable(next);
    row.version = Set(before.version + 1);
    let changed = units::Entity::update_many()
        .set(row)
        .filter(units::Column::RegionId.eq(before.region.0))
        .filter(units::Column::Id.eq(before.id.0))
        .filter(units::Column::Version.eq(before.version))
        .exec(tx.conn())
        .await
        .map_err(taken_name)?;
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

/// Loads a unit for a change: permitted, and in the version that the caller read.
async fn open_unit(
    tx: &Tx,
    caller: &Caller,
    id: UnitId,
    action: Action,
    expected: i64,
) -> Result<(Unit, Vec<UnitId>), StoreError> {
    let region = caller.actor.region;
    let unit = load(tx.conn(), region, id).await?.ok_or(StoreError::NotFound)?;
    let path = unit_path(tx.conn(), region, id).await?;
    caller.must(action, Resource::Unit { path: &path })?;
    if unit.version != expected {
        return Err(StoreError::Stale { current: unit.version });
    }
    Ok((unit, path))
}

impl Store {
    /// Creates a unit below another one.
    ///
    /// # Errors
    /// Not found, forbidden, a parent that can't hold it, a name that is taken there, fields that can't be taken.
    pub async fn create_unit(
        &self,
        caller: Caller,
        key: IdempotencyKey,
        parent: UnitId,
        kind: UnitKind,
        fields: UnitFields,
        now: Timestamp,
    ) -> Result<(UnitView, bool), StoreError> {
        let by = caller.clone();
        let (id, is_replay) = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
                let id = UnitId(tx.ids().v7(now));
                if let Replay::Done(known) = key.claim(&tx, id.0).await? {
                    tx.rollback().await?;
                    return Ok((UnitId(known), true));
                }
                let region = by.actor.region;
                let unknown = || {
                    liangnuo_domain::Invalid::one(
                        "/parent_id",
                        "unknown_unit",
                        "找不到上级单位。",
                        "There is no such parent unit.",
                    )
                };
                lock_tree(&tx, region).await?;
                let above = load(tx.conn(), region, parent).await?.ok_or_else(unknown)?;
                let path = unit_path(tx.conn(), region, parent).await?;
                by.must(Action::CreateUnit, Resource::Unit { path: &path })?;
                rules::can_hold(&above)?;
                let fields = fields.parse()?;
                let unit = Unit {
                    id,
                    region,
                    parent: Some(parent),
                    kind,
                    fields,
                    closed_at: None,
                    version: 1,
                };
                insert_many(&mut tx, std::slice::from_ref(&unit), now).await?;
                tx.commit().await?;
                Ok((id, false))
            })
            .await?;
        Ok((self.unit(&caller, id).await?, is_replay))
    }

    /// Changes a unit's fields. `patch` makes the new ones out of the old.
    ///
    /// # Errors
    /// Not found, forbidden, stale, a closed unit, fields that can't be taken.
    pub async fn edit_unit(
        &self,
        caller: Caller,
        id: UnitId,
        expected: i64,
        patch: impl FnOnce(UnitFields) -> UnitFields + Send + 'static,
        now: Timestamp,
    ) -> Result<UnitView, StoreError> {
        let by = caller.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (before, _) = open_unit(&tx, &by, id, Action::EditUnit, expected).await?;
            let fields = patch(before.fields.clone()).parse()?;
            let (next, events) = rules::edit(&before, fields)?;
            if events.is_empty() {
                return tx.rollback().await;
            }
            update(&mut tx, &before, &next, &events).await?;
            tx.commit().await
        })
        .await?;
        self.unit(&caller, id).await
    }

    /// Moves a unit, with all below it, under another one.
    ///
    /// # Errors
    /// Not found, forbidden, stale, a parent below itself or one that can't hold it.
    pub async fn move_unit(
        &self,
        caller: Caller,
        id: UnitId,
        expected: i64,
        parent: UnitId,
        now: Timestamp,
    ) -> Result<UnitView, StoreError> {
        let by = caller.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            lock_tree(&tx, by.actor.region).await?;
            let (before, _) = open_unit(&tx, &by, id, Action::MoveUnit, expected).await?;
            let unknown = || {
                liangnuo_domain::Invalid::one(
                    "/parent_id",
                    "unknown_unit",
                    "找不到上级单位。",
                    "There is no such parent unit.",
                )
            };
            let above = load(tx.conn(), before.region, parent).await?.ok_or_else(unknown)?;
            let path = unit_path(tx.conn(), before.region, parent).await?;
            // Moving gives the unit away as much as it takes it in: the right is needed on both ends.
            by.must(Action::MoveUnit, Resource::Unit { path: &path })?;
            let (next, events) = rules::relocate(&before, &above, &path)?;
            if events.is_empty() {
                return tx.rollback().await;
            }
            update(&mut tx, &before, &next, &events).await?;
            relocate_closure(&tx, before.region, id, &path).await?;
            tx.commit().await
        })
        .await?;
        self.unit(&caller, id).await
    }

    /// Closes a unit for good.
    ///
    /// # Errors
    /// Not found, forbidden, stale, or it still holds open units, members or cases.
    pub async fn close_unit(
        &self,
        caller: Caller,
        id: UnitId,
        expected: i64,
        reason: String,
        now: Timestamp,
    ) -> Result<UnitView, StoreError> {
        let by = caller.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            lock_tree(&tx, by.actor.region).await?;
            let (before, _) = open_unit(&tx, &by, id, Action::CloseUnit, expected).await?;
            let holds = holds_anything(&tx, &before).await?;
            let (next, events) = rules::close(&before, &reason, holds, now)?;
            update(&mut tx, &before, &next, &events).await?;
            tx.commit().await
        })
        .await?;
        self.unit(&caller, id).await
    }

    /// One unit.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn unit(&self, caller: &Caller, id: UnitId) -> Result<UnitView, StoreError> {
        let unit = load(self.read(), caller.actor.region, id)
            .await?
            .ok_or(StoreError::NotFound)?;
        self.with_paths(Some(caller), vec![unit])
            .await?
            .pop()
            .ok_or(StoreError::NotFound)
    }

    /// One open unit, as the public sees it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an unknown or a closed unit.
    pub async fn public_unit(&self, region: RegionId, id: UnitId) -> Result<UnitView, StoreError> {
        let unit = load(self.read(), region, id)
            .await?
            .filter(|unit| unit.closed_at.is_none());
        let unit = unit.ok_or(StoreError::NotFound)?;
        self.with_paths(None, vec![unit])
            .await?
            .pop()
            .ok_or(StoreError::NotFound)
    }

    /// A page of units by name.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`].
    pub async fn list_units(
        &self,
        region: RegionId,
        caller: Option<&Caller>,
        filter: UnitFilter,
        request: &PageRequest,
    ) -> Result<Page<UnitView>, StoreError> {
        let mut select = units::Entity::find().filter(units::Column::RegionId.eq(region.0));
        if let Some(q) = filter.q.as_deref().map(text::fold).filter(|q| !q.trim().is_empty()) {
            let pattern = format!("%{}%", escape_like(q.trim()));
            select = select.filter(units::Column::SearchText.like(LikeExpr::new(pattern).escape('\\')));
        }
        if let Some(kind) = filter.kind {
            select = select.filter(units::Column::Kind.eq(kind.code()));
        }
        if let Some(parent) = filter.parent {
            select = select.filter(units::Column::ParentId.eq(parent.0));
        }
        if !filter.include_closed {
            select = select.filter(units::Column::ClosedAt.is_null());
        }
        let sort = Sort {
            column: units::Column::Name,
            id: units::Column::Id,
            is_descending: false,
        };
        let key = |row: &units::Model| (Key::Text(row.name.clone()), row.id);
        let page = page::fetch(self.read(), select, request, sort, &filter, key, to_domain).await?;
        let found = page.items.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(Page {
            items: self.with_paths(caller, found).await?,
            next_cursor: page.next_cursor,
            total: page.total,
        })
    }

    /// How many open units stand directly below this one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn children_count(&self, region: RegionId, id: UnitId) -> Result<u64, StoreError> {
        Ok(units::Entity::find()
            .filter(units::Column::RegionId.eq(region.0))
            .filter(units::Column::ParentId.eq(id.0))
            .filter(units::Column::ClosedAt.is_null())
            .count(self.read())
            .await?)
    }

    /// The county of the public pages: the configured one, or the only one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn public_region(&self, configured: Option<UnitId>) -> Result<Option<Unit>, StoreError> {
        let mut roots = units::Entity::find().filter(units::Column::ParentId.is_null());
        if let Some(id) = configured {
            roots = roots.filter(units::Column::Id.eq(id.0));
        }
        let mut found = roots.limit(2).all(self.read()).await?;
        match (found.pop(), found.is_empty()) {
            (Some(row), true) => to_domain(row).map(Some),
            _ => Ok(None),
        }
    }

    /// Adds the path and what the caller may do, for a page of units in two queries.
    async fn with_paths(&self, caller: Option<&Caller>, found: Vec<Unit>) -> Result<Vec<UnitView>, StoreError> {
        let Some(region) = found.first().map(|unit| unit.region) else {
            return Ok(Vec::new());
        };
        let rows = unit_closure::Entity::find()
            .filter(unit_closure::Column::RegionId.eq(region.0))
            .filter(unit_closure::Column::DescendantId.is_in(found.iter().map(|unit| unit.id.0)))
            .order_by_desc(unit_closure::Column::Depth)
            .all(self.read())
            .await?;
        let mut paths: HashMap<Uuid, Vec<UnitId>> = HashMap::new();
        for row in rows {
            paths
                .entry(row.descendant_id)
                .or_default()
                .push(UnitId(row.ancestor_id));
        }
        let names = self
            .unit_names(region, paths.values().flatten().copied().collect::<Vec<_>>())
            .await?;
        Ok(found
            .into_iter()
            .map(|unit| {
                let path = paths.remove(&unit.id.0).unwrap_or_default();
                let allowed = caller.map(|caller| allowed(caller, &unit, &path)).unwrap_or_default();
                let above = path
                    .iter()
                    .filter(|id| **id != unit.id)
                    .filter_map(|id| names.get(id).cloned())
                    .collect();
                UnitView {
                    unit,
                    path: above,
                    allowed,
                }
            })
            .collect())
    }
}

/// What a caller may do with a unit now.
fn allowed(caller: &Caller, unit: &Unit, path: &[UnitId]) -> Vec<UnitVerb> {
    if unit.closed_at.is_some() {
        return Vec::new();
    }
    let is_root = unit.parent.is_none();
    [
        (UnitVerb::Edit, Action::EditUnit, true),
        (UnitVerb::Move, Action::MoveUnit, !is_root),
        (UnitVerb::Close, Action::CloseUnit, !is_root),
        (UnitVerb::CreateChild, Action::CreateUnit, rules::can_hold(unit).is_ok()),
    ]
    .into_iter()
    .filter(|(_, action, is_possible)| *is_possible && caller.must(*action, Resource::Unit { path }).is_ok())
    .map(|(verb, _, _)| verb)
    .collect()
}

/// Takes a subtree out of its old place and puts it below the end of `path`.
async fn relocate_closure(tx: &Tx, region: RegionId, id: UnitId, path: &[UnitId]) -> Result<(), StoreError> {
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

/// Whether a unit holds open units, members or cases. Nothing comes in until the transaction ends.
async fn holds_anything(tx: &Tx, unit: &Unit) -> Result<bool, StoreError> {
    units::Entity::find_by_id((unit.region.0, unit.id.0))
        .lock(LockType::NoKeyUpdate)
        .one(tx.conn())
        .await?;
    let open_units = units::Entity::find()
        .filter(units::Column::RegionId.eq(unit.region.0))
        .filter(units::Column::ParentId.eq(unit.id.0))
        .filter(units::Column::ClosedAt.is_null())
        .limit(1)
        .one(tx.conn())
        .await?;
    let open_members = members::Entity::find()
        .filter(members::Column::RegionId.eq(unit.region.0))
        .filter(
            Condition::any()
                .add(members::Column::UnitId.eq(unit.id.0))
                .add(members::Column::BranchId.eq(unit.id.0)),
        )
        .filter(members::Column::ClosedAt.is_null())
        .limit(1)
        .one(tx.conn())
        .await?;
    let open_states = State::ALL
        .iter()
        .filter(|state| !state.is_ended())
        .map(|state| state.code());
    let open_case = complaints::Entity::find()
        .filter(complaints::Column::RegionId.eq(unit.region.0))
        .filter(complaints::Column::UnitId.eq(unit.id.0))
        .filter(complaints::Column::State.is_in(open_states))
        .limit(1)
        .one(tx.conn())
        .await?;
    Ok(open_units.is_some() || open_members.is_some() || open_case.is_some())
}
