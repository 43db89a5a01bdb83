//! How often a day a member may do what is about who filed: counted in the database, so that neither a second process nor a
//! restart gives more.

use liangnuo_domain::{Timestamp, identity::Use, time::MICROS_PER_DAY};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    sea_query::{CaseStatement, Expr, ExprTrait, OnConflict},
};

use crate::{
    callers::Caller,
    entity::identity_uses::{ActiveModel, Column, Entity},
    error::StoreError,
    tx::Tx,
};

/// Counts one use; gives how many are left today. It counts as soon as the transaction is committed, and not before.
///
/// # Errors
/// [`StoreError::TooOften`] until the day is over.
pub(super) async fn count(tx: &Tx, caller: &Caller, what: Use, now: Timestamp) -> Result<i64, StoreError> {
    let (region, member) = (caller.actor.region, caller.actor.member);
    let today = Timestamp::start_of(now.day()).micros();
    let none_yet = ActiveModel {
        region_id: Set(region.0),
        member_id: Set(member.0),
        kind: Set(what.code().to_owned()),
        day_began_at: Set(today),
        uses: Set(0),
    };
    Entity::insert(none_yet)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx.conn())
        .await?;
    let own = || {
        Condition::all()
            .add(Column::RegionId.eq(region.0))
            .add(Column::MemberId.eq(member.0))
            .add(Column::Kind.eq(what.code()))
    };
    let is_today = || Column::DayBeganAt.eq(today);
    let next = CaseStatement::new()
        .case(is_today(), Expr::col(Column::Uses).add(1))
        .finally(1);
    // The condition decides, whoever else counts at the same time.
    let counted = Entity::update_many()
        .col_expr(Column::Uses, next.into())
        .col_expr(Column::DayBeganAt, Expr::value(today))
        .filter(own())
        .filter(
            Condition::any()
                .add(is_today().not())
                .add(Column::Uses.lt(what.a_day())),
        )
        .exec(tx.conn())
        .await?;
    if counted.rows_affected != 1 {
        let left = (today + MICROS_PER_DAY - now.micros()) / 1_000_000;
        let seconds = u64::try_from(left).unwrap_or_default() + 1;
        return Err(StoreError::TooOften { seconds });
    }
    let row = Entity::find().filter(own()).one(tx.conn()).await?;
    Ok(row.map_or(0, |row| what.a_day() - row.uses))
}
