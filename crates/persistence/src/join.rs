//! Joining tables. The entities declare no relations: a query says by itself which columns are the same.

use sea_orm::{
    EntityTrait, JoinType, QueryTrait, Select,
    sea_query::{Condition, Expr, ExprTrait, IntoTableRef},
};

/// Joins `table` where each of its columns equals one of `E`'s, given in pairs.
pub(crate) fn join<E, T, const N: usize>(
    mut select: Select<E>,
    kind: JoinType,
    table: T,
    same: [(T::Column, E::Column); N],
) -> Select<E>
where
    E: EntityTrait,
    T: EntityTrait,
{
    let on = same.into_iter().fold(Condition::all(), |on, (theirs, ours)| {
        on.add(Expr::col((table, theirs)).equals((E::default(), ours)))
    });
    QueryTrait::query(&mut select).join(kind, table.into_table_ref(), on);
    select
}
