//! Role grants as rows.

use liangnuo_domain::{
    MemberId, RegionId, Role, RoleGrantId, Timestamp, UnitId,
    role_grants::{Event, RoleGrant, StandIn, Term},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::LockType,
};
use serde_json::json;

use crate::{
    entity::role_grants::{ActiveModel, Column, Entity, Model},
    error::StoreError,
    events::{NewEvent, Subject},
    tx::Tx,
};

/// The grants that count at an instant.
pub(crate) fn in_force(now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::ValidFrom.lte(now.micros()))
        .add(not_over(now))
}

/// The grants that count at an instant or later.
pub(crate) fn not_over(now: Timestamp) -> Condition {
    Condition::any()
        .add(Column::ValidTo.is_null())
        .add(Column::ValidTo.gt(now.micros()))
}

/// The roles that a member holds at an instant, also as somebody's deputy.
pub(crate) async fn roles_in_force(
    conn: &impl ConnectionTrait,
    region: RegionId,
    member: MemberId,
    now: Timestamp,
) -> Result<Vec<Role>, StoreError> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(region.0))
        .filter(Column::MemberId.eq(member.0))
        .filter(in_force(now))
        .all(conn)
        .await?;
    rows.iter().map(role_of).collect()
}

/// The role of a row.
pub(crate) fn role_of(row: &Model) -> Result<Role, StoreError> {
    Role::from_code(&row.role).ok_or(StoreError::Inconsistent {
        table: "role_grants",
        column: "role",
    })
}

pub(super) fn to_domain(row: Model) -> Result<RoleGrant, StoreError> {
    let stands_in = row.deputy_for.zip(row.acting_for);
    Ok(RoleGrant {
        role: role_of(&row)?,
        id: RoleGrantId(row.id),
        region: UnitId(row.region_id),
        member: MemberId(row.member_id),
        unit: UnitId(row.unit_id),
        term: Term {
            from: Timestamp::from_micros(row.valid_from),
            to: row.valid_to.map(Timestamp::from_micros),
        },
        reason: row.reason,
        granted_by: row.granted_by.map(MemberId),
        end_reason: row.end_reason,
        deputy_for: stands_in.map(|(grant, holder)| StandIn {
            grant: RoleGrantId(grant),
            holder: MemberId(holder),
        }),
        version: row.version,
    })
}

fn row(grant: &RoleGrant) -> ActiveModel {
    ActiveModel {
        region_id: Set(grant.region.0),
        id: Set(grant.id.0),
        member_id: Set(grant.member.0),
        unit_id: Set(grant.unit.0),
        role: Set(grant.role.code().to_owned()),
        valid_from: Set(grant.term.from.micros()),
        valid_to: Set(grant.term.to.map(Timestamp::micros)),
        deputy_for: Set(grant.deputy_for.map(|of| of.grant.0)),
        acting_for: Set(grant.deputy_for.map(|of| of.holder.0)),
        reason: Set(grant.reason.clone()),
        granted_by: Set(grant.granted_by.map(|id| id.0)),
        end_reason: Set(grant.end_reason.clone()),
        version: Set(grant.version),
    }
}

pub(super) async fn load(
    conn: &impl ConnectionTrait,
    region: RegionId,
    id: RoleGrantId,
) -> Result<Option<RoleGrant>, StoreError> {
    let row = Entity::find_by_id((region.0, id.0)).one(conn).await?;
    row.map(to_domain).transpose()
}

/// Loads a grant that nobody else changes until the transaction ends.
pub(super) async fn hold(tx: &Tx, region: RegionId, id: RoleGrantId) -> Result<Option<RoleGrant>, StoreError> {
    let row = Entity::find_by_id((region.0, id.0))
        .lock(LockType::NoKeyUpdate)
        .one(tx.conn())
        .await?;
    row.map(to_domain).transpose()
}

/// The grants of a member that are not over. Ask only while the member is held: what is granted at the same time would be
/// missed.
pub(super) async fn held_by(tx: &Tx, region: RegionId, member: MemberId) -> Result<Vec<RoleGrant>, StoreError> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(region.0))
        .filter(Column::MemberId.eq(member.0))
        .filter(not_over(tx.now()))
        .order_by_asc(Column::Id)
        .all(tx.conn())
        .await?;
    rows.into_iter().map(to_domain).collect()
}

/// The grants at a unit that are not over. Nobody else changes them until the transaction ends.
pub(super) async fn held_at(tx: &Tx, region: RegionId, unit: UnitId) -> Result<Vec<RoleGrant>, StoreError> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(region.0))
        .filter(Column::UnitId.eq(unit.0))
        .filter(not_over(tx.now()))
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx.conn())
        .await?;
    rows.into_iter().map(to_domain).collect()
}

/// The grants of those who stand in for a grant, as far as they are not over.
pub(super) async fn deputies_of(tx: &Tx, grant: &RoleGrant) -> Result<Vec<RoleGrant>, StoreError> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(grant.region.0))
        .filter(Column::DeputyFor.eq(grant.id.0))
        .filter(not_over(tx.now()))
        .order_by_asc(Column::Id)
        .all(tx.conn())
        .await?;
    rows.into_iter().map(to_domain).collect()
}

/// Writes new grants.
pub(crate) async fn insert_many(tx: &mut Tx, grants: &[RoleGrant]) -> Result<(), StoreError> {
    for chunk in grants.chunks(1_000) {
        Entity::insert_many(chunk.iter().map(row))
            .exec_without_returning(tx.conn())
            .await?;
    }
    for grant in grants {
        let event = if grant.deputy_for.is_some() {
            Event::Deputised
        } else {
            Event::Granted
        };
        record(tx, grant, &event);
    }
    Ok(())
}

/// Saves a grant that has changed since `before`.
pub(super) async fn update(tx: &mut Tx, before: &RoleGrant, next: &RoleGrant, event: &Event) -> Result<(), StoreError> {
    let next = RoleGrant {
        version: before.version + 1,
        ..next.clone()
    };
    let changed = Entity::update_many()
        .set(row(&next))
        .filter(Column::RegionId.eq(before.region.0))
        .filter(Column::Id.eq(before.id.0))
        .filter(Column::Version.eq(before.version))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected != 1 {
        return Err(StoreError::Stale { current: next.version });
    }
    record(tx, &next, event);
    Ok(())
}

fn record(tx: &mut Tx, grant: &RoleGrant, event: &Event) {
    let reason = match event {
        Event::Granted | Event::Deputised => &grant.reason,
        Event::Ended { reason } => reason,
    };
    let detail = json!({
        "member": grant.member,
        "role": grant.role.code(),
        "unit": grant.unit,
        "from": grant.term.from,
        "to": grant.term.to,
        "deputy_for": grant.deputy_for.map(|of| of.grant),
        "holder": grant.deputy_for.map(|of| of.holder),
        "reason": reason,
    });
    let event = NewEvent::new(grant.region, Subject::RoleGrants, grant.id.0, event.code(), detail);
    tx.record(event.in_unit(grant.unit));
}
