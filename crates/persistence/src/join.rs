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
    let query = QueryTrait::query(&mut select);
    if kind == JoinType::InnerJoin {
        // `INNER JOIN` would leave it to the database which table it goes through first, and SQLite, with what it knows of how
        // values are spread, now and then goes through all units and sorts all cases for a page of twenty. `CROSS JOIN` keeps
        // the order there; for PostgreSQL it means the same as any join with its condition in `WHERE`.
        query.cross_join(table.into_table_ref()).cond_where(on);
    } else {
        query.join(kind, table.into_table_ref(), on);
    }
    select
}
