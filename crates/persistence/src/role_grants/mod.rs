//! Role grants: who holds which role where, and who stands in for whom. A caller's rights are read from the rows, so that a
//! change counts from the next request on (and for what others have kept of a caller, within seconds).

mod lists;
mod rows;

pub use lists::{GrantFilter, GrantOrder, GrantVerb, GrantView, HeldRole};
pub(crate) use rows::{in_force, insert_many, role_of, roles_in_force};

use liangnuo_domain::{
    Doer, Invalid, MemberId, Refusal, RegionId, Role, RoleGrantId, Timestamp, UnitId,
    policy::{Action, Resource},
    role_grants::{self as rules, NewGrant, Place, RoleGrant},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::LockType};

use crate::{
    accounts::close_links,
    callers::Caller,
    db::Store,
    entity::{accounts, members, role_grants},
    error::StoreError,
    idempotency::{IdempotencyKey, Replay},
    join::join_in_order,
    names::unit_path,
    tx::{By, Tx},
    units,
};
use rows::{deputies_of, held_at, held_by, hold, load, update};

fn unknown_unit() -> Invalid {
    Invalid::one(
        "/unit_id",
        "unknown_unit",
        "找不到这个单位，或它不在您的管理范围内。",
        "There is no such unit, or it is outside your scope.",
    )
}

fn unknown_member() -> Invalid {
    Invalid::one(
        "/member_id",
        "unknown_member",
        "找不到这位成员，或不在您的管理范围内。",
        "There is no such member, or they are outside your scope.",
    )
}

/// An open unit in which the caller gives roles.
async fn check_unit(tx: &mut Tx, caller: &Caller, unit: UnitId) -> Result<Doer, StoreError> {
    let region = caller.actor.region;
    let path = unit_path(tx.conn(), region, unit).await?;
    let within = tx.must(caller, Action::GrantRole, Resource::Unit { path: &path });
    match (within, units::hold_open(tx, region, unit).await?) {
        (Ok(doer), Some(_)) => Ok(doer),
        _ => Err(unknown_unit().into()),
    }
}

/// A member who has not left and whom the caller may know of. Nobody else gives them a role until the transaction ends, nor
/// do they leave.
async fn hold_member(tx: &mut Tx, caller: &Caller, member: MemberId) -> Result<(), StoreError> {
    let region = caller.actor.region;
    let row = members::Entity::find_by_id((region.0, member.0))
        .lock(LockType::NoKeyUpdate)
        .one(tx.conn())
        .await?
        .filter(|row| row.closed_at.is_none())
        .ok_or_else(unknown_member)?;
    let path = unit_path(tx.conn(), region, UnitId(row.unit_id)).await?;
    let resource = Resource::Member { member, path: &path };
    if tx.must(caller, Action::ViewMember, resource).is_err() {
        return Err(unknown_member().into());
    }
    Ok(())
}

/// A grant as the policy is asked about it.
pub(super) fn as_resource<'a>(grant: &RoleGrant, path: &'a [UnitId]) -> Resource<'a> {
    Resource::RoleGrant {
        path,
        member: grant.member,
        acting_for: grant.deputy_for.map(|of| of.holder),
    }
}

/// Asks the policy about a change of a grant, which is hidden from whoever may not know of it.
async fn must(tx: &mut Tx, caller: &Caller, action: Action, grant: &RoleGrant) -> Result<Doer, StoreError> {
    let path = unit_path(tx.conn(), grant.region, grant.unit).await?;
    tx.must(caller, action, as_resource(grant, &path))
}

/// Whether nobody else would be left who gives roles in the whole county: by their own right, without an end, with an
/// account to sign in with. Two who end each other's at once wait here, and the second one finds the first one's ended.
async fn is_last_keeper(tx: &Tx, grant: &RoleGrant) -> Result<bool, StoreError> {
    if !rules::keeps_the_keys(grant) || grant.term.from > tx.now() {
        return Ok(false);
    }
    let keepers = role_grants::Entity::find()
        .filter(role_grants::Column::RegionId.eq(grant.region.0))
        .filter(role_grants::Column::UnitId.eq(grant.region.0))
        .filter(role_grants::Column::Role.eq(Role::SecurityAdmin.code()))
        .filter(role_grants::Column::DeputyFor.is_null())
        .filter(role_grants::Column::ValidTo.is_null())
        .filter(role_grants::Column::ValidFrom.lte(tx.now().micros()))
        .order_by_asc(role_grants::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx.conn())
        .await?;
    let others = keepers
        .iter()
        .map(|row| row.member_id)
        .filter(|member| *member != grant.member.0);
    let same = [
        (accounts::Column::RegionId, members::Column::RegionId),
        (accounts::Column::MemberId, members::Column::Id),
    ];
    let able = join_in_order(members::Entity::find(), accounts::Entity, same)
        .filter(members::Column::RegionId.eq(grant.region.0))
        .filter(members::Column::Id.is_in(others))
        .filter(members::Column::ClosedAt.is_null())
        .filter(accounts::Column::DisabledAt.is_null())
        .limit(1)
        .one(tx.conn())
        .await?;
    Ok(able.is_none())
}

/// Ends the grants of those who stand in for one that is ended.
async fn end_deputies(tx: &mut Tx, grant: &RoleGrant) -> Result<(), StoreError> {
    let now = tx.now();
    for deputy in deputies_of(tx, grant).await? {
        if let Some((next, event)) = rules::end_along(&deputy, now) {
            update(tx, &deputy, &next, &event).await?;
        }
    }
    Ok(())
}

/// Ends all grants of a member who leaves, whom the caller holds, and those of their deputies.
///
/// # Errors
/// [`Refusal::LastSecurityAdmin`].
pub(crate) async fn end_all_of(tx: &mut Tx, region: RegionId, member: MemberId) -> Result<(), StoreError> {
    let now = tx.now();
    for grant in held_by(tx, region, member).await? {
        if is_last_keeper(tx, &grant).await? {
            return Err(Refusal::LastSecurityAdmin.into());
        }
        if let Some((next, event)) = rules::end_along(&grant, now) {
            update(tx, &grant, &next, &event).await?;
            end_deputies(tx, &grant).await?;
        }
    }
    Ok(())
}

/// Ends all grants at a unit that closes, deputies' with them. Nobody is given one there meanwhile: the caller holds the unit.
pub(crate) async fn end_all_at(tx: &mut Tx, region: RegionId, unit: UnitId) -> Result<usize, StoreError> {
    let now = tx.now();
    let mut ended = 0;
    for grant in held_at(tx, region, unit).await? {
        if let Some((next, event)) = rules::end_along(&grant, now) {
            update(tx, &grant, &next, &event).await?;
            ended += 1;
        }
    }
    Ok(ended)
}

impl Store {
    /// Gives a role to a member at a unit. A link into their account is dead from then on: who issued it may not look after
    /// the account that it has become.
    ///
    /// # Errors
    /// Forbidden; a unit or member outside the caller's scope; refused by the rules.
    pub async fn grant_role(
        &self,
        caller: Caller,
        key: IdempotencyKey,
        role: Role,
        unit: UnitId,
        new: NewGrant,
        now: Timestamp,
    ) -> Result<(GrantView, bool), StoreError> {
        let by = caller.clone();
        let (id, is_replay) = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
                let id = RoleGrantId(tx.ids().v7(now));
                if let Replay::Done(known) = key.claim(&tx, id.0).await? {
                    tx.rollback().await?;
                    return Ok((RoleGrantId(known), true));
                }
                by.must(Action::GrantRole, Resource::Any)?;
                let doer = check_unit(&mut tx, &by, unit).await?;
                hold_member(&mut tx, &by, new.member).await?;
                let region = by.actor.region;
                let held = held_by(&tx, region, new.member).await?;
                let place = Place { region, unit, role };
                let (grant, _) = rules::grant(id, place, &new, &held, doer, now)?;
                insert_many(&mut tx, &[grant]).await?;
                close_links(&tx, region, new.member, "role_granted").await?;
                tx.commit().await?;
                Ok((id, false))
            })
            .await?;
        Ok((self.role_grant(&caller, id, now).await?, is_replay))
    }

    /// Names a deputy for the holder of a grant in the version that was read.
    ///
    /// # Errors
    /// Not found, forbidden, stale; a member outside the caller's scope; refused by the rules.
    pub async fn name_deputy(
        &self,
        caller: Caller,
        key: IdempotencyKey,
        (of, expected): (RoleGrantId, i64),
        new: NewGrant,
        now: Timestamp,
    ) -> Result<(GrantView, bool), StoreError> {
        let by = caller.clone();
        let (id, is_replay) = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
                let id = RoleGrantId(tx.ids().v7(now));
                if let Replay::Done(known) = key.claim(&tx, id.0).await? {
                    tx.rollback().await?;
                    return Ok((RoleGrantId(known), true));
                }
                // Held, so that nobody ends it meanwhile and misses this deputy.
                let holder = hold(&tx, by.actor.region, of).await?.ok_or(StoreError::NotFound)?;
                let doer = must(&mut tx, &by, Action::NameDeputy, &holder).await?;
                if holder.version != expected {
                    return Err(StoreError::Stale {
                        current: holder.version,
                    });
                }
                if units::hold_open(&tx, holder.region, holder.unit).await?.is_none() {
                    return Err(unknown_unit().into());
                }
                hold_member(&mut tx, &by, new.member).await?;
                let held = held_by(&tx, holder.region, new.member).await?;
                let (deputy, _) = rules::name_deputy(id, &holder, &new, &held, doer, now)?;
                insert_many(&mut tx, &[deputy]).await?;
                close_links(&tx, holder.region, new.member, "role_granted").await?;
                tx.commit().await?;
                Ok((id, false))
            })
            .await?;
        Ok((self.role_grant(&caller, id, now).await?, is_replay))
    }

    /// Ends a grant now, and with it those of its deputies.
    ///
    /// # Errors
    /// Not found, forbidden, stale, refused by the rules.
    pub async fn end_role_grant(
        &self,
        caller: Caller,
        id: RoleGrantId,
        expected: i64,
        reason: String,
        now: Timestamp,
    ) -> Result<GrantView, StoreError> {
        let by = caller.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let before = load(tx.conn(), by.actor.region, id)
                .await?
                .ok_or(StoreError::NotFound)?;
            let doer = must(&mut tx, &by, Action::EndRoleGrant, &before).await?;
            if before.version != expected {
                return Err(StoreError::Stale {
                    current: before.version,
                });
            }
            let is_last = is_last_keeper(&tx, &before).await?;
            let (next, event) = rules::end(&before, &reason, doer, is_last, now)?;
            update(&mut tx, &before, &next, &event).await?;
            end_deputies(&mut tx, &before).await?;
            tx.commit().await
        })
        .await?;
        self.role_grant(&caller, id, now).await
    }
}
