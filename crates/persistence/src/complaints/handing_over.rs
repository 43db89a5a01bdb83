//! The cases of a handler who leaves go to another one, as they stand.

use liangnuo_domain::{ComplaintId, MemberId, Refusal, RegionId, clocks::Rules, complaints, policy::Action};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::Expr,
};

use super::{CaseName, assignees::IS_OPEN, dispatch::is_able, duplicates, rows, save, steps::here};
use crate::{
    callers::Caller,
    entity::complaints::{Column, Entity},
    error::StoreError,
    names::unit_path,
    tx::Tx,
    visible::Visible,
};

/// Cases in one transaction; the rest waits for the next one.
const AT_ONCE: usize = 500;

/// Why a case stays with who had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptCase {
    /// The caller may see it, but not assign it.
    NotYours,
    /// The other one handles no cases there, or must not know of this one.
    NotAble,
    /// The other one wrote the answer that did not satisfy.
    NeedsAnother,
    /// There are more than one hand-over takes.
    TooMany,
}

/// What became of somebody's cases, of those that the caller sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CasesHandedOver {
    /// The other one has them now.
    pub moved: Vec<CaseName>,
    /// They stay.
    pub kept: Vec<(CaseName, KeptCase)>,
}

fn open_of(member: MemberId) -> Select<Entity> {
    Entity::find()
        .filter(Column::HandlerId.eq(member.0))
        .filter(Expr::cust(IS_OPEN))
}

/// How many open cases a member handles, whoever may see them.
pub(crate) async fn all_of(conn: &impl ConnectionTrait, region: RegionId, member: MemberId) -> Result<u64, StoreError> {
    let all = open_of(member).filter(Column::RegionId.eq(region.0));
    Ok(all.count(conn).await?)
}

/// How many open cases a member handles, of those that the caller may see.
pub(crate) async fn seen_of(
    conn: &impl ConnectionTrait,
    visible: &Visible,
    member: MemberId,
) -> Result<u64, StoreError> {
    Ok(open_of(member).filter(visible.condition()).count(conn).await?)
}

/// How many open cases a member supervises, of those that the caller may see.
pub(crate) async fn supervised_by(
    conn: &impl ConnectionTrait,
    visible: &Visible,
    member: MemberId,
) -> Result<u64, StoreError> {
    let supervised = Entity::find()
        .filter(visible.condition())
        .filter(Column::SupervisedBy.eq(member.0))
        .filter(Expr::cust(IS_OPEN));
    Ok(supervised.count(conn).await?)
}

/// Gives the open cases of one member to another, each by the rules by which it is assigned: what can't be given stays.
pub(crate) async fn hand_over(
    tx: &mut Tx,
    caller: &Caller,
    rules: &Rules,
    (from, to): (MemberId, MemberId),
    note: &str,
) -> Result<CasesHandedOver, StoreError> {
    let names: Vec<CaseName> = open_of(from)
        .filter(caller.visible.condition())
        .select_only()
        .columns([Column::Id, Column::Number, Column::Title])
        .order_by_asc(Column::Id)
        .limit(u64::try_from(AT_ONCE + 1).ok())
        .into_model::<CaseName>()
        .all(tx.conn())
        .await?;
    let mut done = CasesHandedOver::default();
    for (at, name) in names.into_iter().enumerate() {
        if at == AT_ONCE {
            done.kept.push((name, KeptCase::TooMany));
            continue;
        }
        match give(tx, caller, rules, (from, to), &name, note).await? {
            Some(Ok(())) => done.moved.push(name),
            Some(Err(why)) => done.kept.push((name, why)),
            None => {}
        }
    }
    Ok(done)
}

/// Gives one case; `None` where it is no longer the member's.
async fn give(
    tx: &mut Tx,
    caller: &Caller,
    rules: &Rules,
    (from, to): (MemberId, MemberId),
    name: &CaseName,
    note: &str,
) -> Result<Option<Result<(), KeptCase>>, StoreError> {
    let now = tx.now();
    // Whoever works on it at this moment has done so, and it is read as they left it.
    duplicates::lock(tx, caller.actor.region, ComplaintId(name.id)).await?;
    let Some(case) = rows::load_visible(tx.conn(), &caller.visible, name.id).await? else {
        return Ok(None);
    };
    if case.handler != Some(from) || case.state.is_ended() {
        return Ok(None);
    }
    let path = unit_path(tx.conn(), case.region, case.unit).await?;
    if tx.must(caller, Action::AssignComplaint, here(&path, &case)).is_err() {
        return Ok(Some(Err(KeptCase::NotYours)));
    }
    if !is_able(tx, &case, case.unit, to, now).await? {
        return Ok(Some(Err(KeptCase::NotAble)));
    }
    let step = match complaints::hand_over(&case, to, note) {
        Ok(step) => step,
        Err(Refusal::Invalid(_)) => return Ok(Some(Err(KeptCase::NeedsAnother))),
        Err(other) => return Err(other.into()),
    };
    save::update(tx, rules, &case, &step).await?;
    Ok(Some(Ok(())))
}
