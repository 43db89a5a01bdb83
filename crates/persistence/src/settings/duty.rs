//! Who is on duty: whom the settings may name, and what becomes of the turns of somebody who leaves.

use std::collections::HashSet;

use liangnuo_domain::{
    Day, Invalid, MemberId, RegionId,
    policy::CASE_READERS,
    settings::{DutyTurn, Settings},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

use super::{read_settings, save};
use crate::{
    callers::Caller,
    entity::{members, role_grants},
    error::StoreError,
    join::join_in_order,
    tx::Tx,
};

/// Whoever is newly put on duty is told of every case in danger: an active member with a role that sees the cases of the
/// whole county. Who is on the list already may have lost that meanwhile; then they are not told, and others are.
pub(super) async fn check(tx: &Tx, region: RegionId, before: &[DutyTurn], next: &[DutyTurn]) -> Result<(), StoreError> {
    let able = county_readers(tx, region).await?;
    let mut found = Invalid::default();
    for (at, turn) in next.iter().enumerate() {
        let is_known = before.iter().any(|known| known.member == turn.member);
        if !is_known && !able.contains(&turn.member) {
            found.take::<()>(Err(Invalid::one(
                format!("/duty/{at}/member_id"),
                "not_able",
                "值班人员要是在职成员，并有看得到全县办件的角色（如局领导、创先争优办）。",
                "Whoever is on duty is an active member with a role that sees the cases of the whole county, such as leader.",
            )));
        }
    }
    found.finish()?;
    Ok(())
}

/// The active members who hold, now, a role that sees the cases of the whole county.
async fn county_readers(tx: &Tx, region: RegionId) -> Result<HashSet<MemberId>, StoreError> {
    use role_grants::Column::{MemberId as Member, RegionId as Region, Role, UnitId, ValidFrom, ValidTo};
    let now = tx.now().micros();
    let same = [(members::Column::RegionId, Region), (members::Column::Id, Member)];
    let rows = join_in_order(role_grants::Entity::find(), members::Entity, same)
        .filter(Region.eq(region.0))
        .filter(UnitId.eq(region.0))
        .filter(Role.is_in(CASE_READERS.iter().map(|role| role.code())))
        .filter(ValidFrom.lte(now))
        .filter(Condition::any().add(ValidTo.is_null()).add(ValidTo.gt(now)))
        .filter(members::Column::ClosedAt.is_null())
        .all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| MemberId(row.member_id)).collect())
}

/// Who is on duty on a day, by the settings of a county.
pub(crate) async fn on_duty(tx: &Tx, region: RegionId, day: Day) -> Result<Vec<MemberId>, StoreError> {
    let (settings, _) = read_settings(tx.conn(), region).await?;
    let on = settings.duty.into_iter().filter(|turn| turn.is_on(day));
    Ok(on.map(|turn| turn.member).collect())
}

/// How many turns a member has that are not over.
pub(crate) async fn turns_of(
    conn: &impl ConnectionTrait,
    region: RegionId,
    member: MemberId,
    today: Day,
) -> Result<usize, StoreError> {
    let (settings, _) = read_settings(conn, region).await?;
    Ok(settings.duty.iter().filter(|turn| is_of(turn, member, today)).count())
}

fn is_of(turn: &DutyTurn, member: MemberId, today: Day) -> bool {
    turn.member == member && turn.to.is_none_or(|to| today <= to)
}

/// What became of somebody's turns of duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turns {
    /// They are the other one's now.
    Passed,
    /// The caller may not change the settings.
    NotYours,
    /// The other one sees not the whole county's cases.
    NotAble,
}

/// Gives the turns of duty that are not over to somebody else: how many there are, and what became of them.
pub(crate) async fn hand_over(
    tx: &mut Tx,
    caller: &Caller,
    from: MemberId,
    to: MemberId,
) -> Result<(usize, Turns), StoreError> {
    let (region, today) = (caller.actor.region, tx.now().day());
    let (before, version) = read_settings(tx.conn(), region).await?;
    let count = before.duty.iter().filter(|turn| is_of(turn, from, today)).count();
    let Ok(doer) = caller.must_edit_settings() else {
        return Ok((count, Turns::NotYours));
    };
    if count == 0 {
        return Ok((count, Turns::Passed));
    }
    if !county_readers(tx, region).await?.contains(&to) {
        return Ok((count, Turns::NotAble));
    }
    let duty = before.duty.iter().map(|turn| DutyTurn {
        member: if is_of(turn, from, today) { to } else { turn.member },
        ..turn.clone()
    });
    let next = Settings {
        duty: duty.collect(),
        ..before.clone()
    };
    tx.done_by(doer);
    save(tx, region, &before, &next, version).await?;
    Ok((count, Turns::Passed))
}
