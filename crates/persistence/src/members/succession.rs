//! The members of a unit that closes go on in those that come in its place, many at once.

use std::collections::HashMap;

use liangnuo_domain::{
    MemberId, RegionId, UnitId,
    members::{Event, Member},
    succession::Division,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType},
};
use uuid::Uuid;

use super::{posts, rows};
use crate::{
    entity::members::{Column, Entity},
    error::StoreError,
    tx::Tx,
};

/// Members of one statement.
const CHUNK: usize = 500;

/// The ids of the members of a unit who have not left. They do not leave until the transaction ends.
pub(crate) async fn hold_all_of(tx: &Tx, region: RegionId, unit: UnitId) -> Result<Vec<MemberId>, StoreError> {
    hold(tx, region, Column::UnitId, unit).await
}

async fn hold(tx: &Tx, region: RegionId, column: Column, of: UnitId) -> Result<Vec<MemberId>, StoreError> {
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::RegionId.eq(region.0))
        .filter(column.eq(of.0))
        .filter(Column::ClosedAt.is_null())
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate)
        .into_tuple()
        .all(tx.conn())
        .await?;
    Ok(ids.into_iter().map(MemberId).collect())
}

/// Who goes where.
fn by_successor(members: &[MemberId], division: &Division) -> HashMap<UnitId, Vec<Uuid>> {
    let mut by_unit: HashMap<UnitId, Vec<Uuid>> = HashMap::new();
    for id in members {
        by_unit.entry(division.of_member(*id)).or_default().push(id.0);
    }
    by_unit
}

/// Moves members of a unit to its successors; each holds the post of the same name there. How many went where.
pub(crate) async fn succeed(
    tx: &mut Tx,
    (region, from): (RegionId, UnitId),
    members: &[MemberId],
    division: &Division,
) -> Result<HashMap<UnitId, usize>, StoreError> {
    let mut done: HashMap<UnitId, usize> = HashMap::new();
    for (to, ids) in by_successor(members, division) {
        for chunk in ids.chunks(CHUNK) {
            set(tx, region, chunk, Column::UnitId, to).await?;
            let moved = of_ids(tx, region, chunk).await?;
            posts::end_all(tx, region, chunk).await?;
            posts::fill(tx, &moved, tx.now()).await?;
            for member in &moved {
                rows::record(tx, member, &Event::Moved { from, to });
            }
        }
        done.insert(to, ids.len());
    }
    Ok(done)
}

/// Has the members of a branch that closes belong to the one in its place.
pub(crate) async fn change_branch(
    tx: &mut Tx,
    (region, from): (RegionId, UnitId),
    division: &Division,
) -> Result<HashMap<UnitId, usize>, StoreError> {
    let members = hold(tx, region, Column::BranchId, from).await?;
    let mut done: HashMap<UnitId, usize> = HashMap::new();
    for (to, ids) in by_successor(&members, division) {
        for chunk in ids.chunks(CHUNK) {
            set(tx, region, chunk, Column::BranchId, to).await?;
            let fields = Event::Edited {
                fields: vec!["branch_id"],
            };
            for member in of_ids(tx, region, chunk).await? {
                rows::record(tx, &member, &fields);
            }
        }
        done.insert(to, ids.len());
    }
    Ok(done)
}

async fn set(tx: &Tx, region: RegionId, ids: &[Uuid], column: Column, to: UnitId) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(column, Expr::value(to.0))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::RegionId.eq(region.0))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

async fn of_ids(tx: &Tx, region: RegionId, ids: &[Uuid]) -> Result<Vec<Member>, StoreError> {
    let mut held = posts::holdings(tx.conn(), region, ids).await?;
    let rows = Entity::find()
        .filter(Column::RegionId.eq(region.0))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(Column::Id)
        .all(tx.conn())
        .await?;
    let members = rows.into_iter().map(|row| {
        let holding = held.remove(&row.id);
        rows::to_domain(row, holding)
    });
    Ok(members.collect())
}
