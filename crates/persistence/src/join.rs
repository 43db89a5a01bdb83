//! Joining tables. The entities declare no relations: a query says by itself which columns are the same.
//!
//! None of them says `INNER JOIN`: that would leave it to the database which table it goes through, and SQLite, with what
//! it knows of how values are spread, now and then goes through all units and sorts all cases for a page of twenty.

use sea_orm::{
    EntityTrait, JoinType, QueryTrait, Select,
    sea_query::{Condition, Expr, ExprTrait, IntoTableRef},
};

/// Adds to each row of `E` what `table` has for it, or nothing, where each of its columns equals one of `E`'s, given in
/// pairs.
pub(crate) fn join<E, T, const N: usize>(
    mut select: Select<E>,
    table: T,
    same: [(T::Column, E::Column); N],
) -> Select<E>
where
    E: EntityTrait,
    T: EntityTrait,
{
    let on = equal::<E, T, N>(table, same);
    QueryTrait::query(&mut select).join(JoinType::LeftJoin, table.into_table_ref(), on);
    select
}

/// As [`join`], without the rows of `E` for which `table` has nothing. For SQLite `CROSS JOIN` is what keeps the order; for
/// PostgreSQL it means the same as any join with the condition in `WHERE`.
pub(crate) fn join_in_order<E, T, const N: usize>(
    mut select: Select<E>,
    table: T,
    same: [(T::Column, E::Column); N],
) -> Select<E>
where
    E: EntityTrait,
    T: EntityTrait,
{
    let on = equal::<E, T, N>(table, same);
    QueryTrait::query(&mut select)
        .cross_join(table.into_table_ref())
        .cond_where(on);
    select
}

fn equal<E, T, const N: usize>(table: T, same: [(T::Column, E::Column); N]) -> Condition
where
    E: EntityTrait,
    T: EntityTrait,
{
    same.into_iter().fold(Condition::all(), |on, (theirs, ours)| {
        on.add(Expr::col((table, theirs)).equals((E::default(), ours)))
    })
}
