//! Units: the tree, kept as parent links and as a closure table that every scope is asked of.

mod lists;
mod rows;
mod succession;

pub use lists::{UnitFilter, UnitVerb, UnitView};
pub(crate) use rows::{all, hold_all_open, hold_open, insert_many, load, lock_tree, relocate_closure, update};
pub(crate) use succession::successor_names;
pub use succession::{Succeeded, Succession};

use liangnuo_domain::{
    Invalid, RegionId, Timestamp, UnitId,
    complaints::State,
    policy::{Action, Resource},
    units::{self as rules, Unit, UnitFields, UnitKind},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, sea_query::LockType};

use crate::{
    callers::Caller,
    db::Store,
    entity::{complaints, members, units},
    error::StoreError,
    idempotency::{IdempotencyKey, Replay},
    names::unit_path,
    tx::{By, Tx},
};

/// Loads a unit for a change: permitted, and in the version that the caller read. In this order, so that a stale version
/// tells nothing to a stranger.
async fn open_unit(
    tx: &mut Tx,
    caller: &Caller,
    id: UnitId,
    action: Action,
    expected: i64,
) -> Result<Unit, StoreError> {
    let region = caller.actor.region;
    let unit = load(tx.conn(), region, id).await?.ok_or(StoreError::NotFound)?;
    let path = unit_path(tx.conn(), region, id).await?;
    tx.must(caller, action, Resource::Unit { path: &path })?;
    if unit.version != expected {
        return Err(StoreError::Stale { current: unit.version });
    }
    Ok(unit)
}

/// The unit that another one shall stand under, and its path.
async fn new_parent(tx: &Tx, region: RegionId, id: UnitId) -> Result<(Unit, Vec<UnitId>), StoreError> {
    let unknown = || {
        Invalid::one(
            "/parent_id",
            "unknown_unit",
            "找不到上级单位。",
            "There is no such parent unit.",
        )
    };
    let unit = load(tx.conn(), region, id).await?.ok_or_else(unknown)?;
    Ok((unit, unit_path(tx.conn(), region, id).await?))
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
                lock_tree(&tx, region).await?;
                let (above, path) = new_parent(&tx, region, parent).await?;
                tx.must(&by, Action::CreateUnit, Resource::Unit { path: &path })?;
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
            let before = open_unit(&mut tx, &by, id, Action::EditUnit, expected).await?;
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
            let before = open_unit(&mut tx, &by, id, Action::MoveUnit, expected).await?;
            let (above, path) = new_parent(&tx, before.region, parent).await?;
            // Moving gives the unit away as much as it takes it in: the right is needed on both ends.
            tx.must(&by, Action::MoveUnit, Resource::Unit { path: &path })?;
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
            let before = open_unit(&mut tx, &by, id, Action::CloseUnit, expected).await?;
            let holds = holds_anything(&tx, &before).await?;
            let (next, events) = rules::close(&before, &reason, holds, now)?;
            update(&mut tx, &before, &next, &events).await?;
            tx.commit().await
        })
        .await?;
        self.unit(&caller, id).await
    }
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
