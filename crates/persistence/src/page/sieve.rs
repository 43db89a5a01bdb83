//! Rows that fit a condition which an index of its own answers, as one of words does. Where many fit, the index would give
//! all of them before the twenty that come first are picked; then the list is read in its own order, and each row looked at.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
    Select, sea_query::SelectStatement,
};
use tokio::sync::OnceCell;

use super::{Bounds, Sort, capped_count, count_up_to};
use crate::{
    db::{Database, Store},
    error::StoreError,
};

/// How many times as many rows as are wanted are looked at, first where most fit and then where fewer do, before the index is
/// asked after all.
const LOOKS: [u64; 3] = [12, 60, 300];

/// Most rows that are looked at.
const MOST: u64 = 20_000;

/// As many rows as this that fit are always looked at one by one, and no more of them are counted.
const MOST_HITS: u64 = 10_000;

/// In a selection of no more rows than this each is looked at, where the index has more.
const SHORT: u64 = 2_000;

/// A condition that can be asked in two ways, and what is selected by it.
#[derive(Clone, Debug)]
pub(crate) struct Sieve<E: EntityTrait> {
    /// Asked of a row that is at hand.
    each: Condition,
    /// Answered by the index with all rows that fit, whatever else is asked of them.
    by_index: Condition,
    /// The rows that fit, as the index gives them one after another: for who needs no order, and not all.
    from_index: Select<E>,
    /// Those of the whole table that fit, as the index knows them.
    hits: SelectStatement,
    /// How many these are, counted up to one past [`MOST_HITS`].
    counted: OnceCell<u64>,
}

impl<E: EntityTrait> Sieve<E> {
    /// A condition asked `each` way, `by_index` or `from_index`, with the `hits` that the index has.
    pub fn new(each: Condition, by_index: Condition, from_index: Select<E>, hits: SelectStatement) -> Self {
        Self {
            each,
            by_index,
            from_index,
            hits,
            counted: OnceCell::new(),
        }
    }

    async fn hits(&self, store: &Store) -> Result<u64, StoreError> {
        let count = || count_up_to(store.read(), self.hits.clone(), MOST_HITS);
        self.counted.get_or_try_init(count).await.copied()
    }

    /// The first rows of a list that fit, within its bounds.
    pub(super) async fn first<C, Row>(
        &self,
        store: &Store,
        select: Select<E>,
        shape: impl Fn(Select<E>) -> Select<E>,
        bounds: &Bounds<C>,
    ) -> Result<Vec<Row>, StoreError>
    where
        C: ColumnTrait,
        Row: FromQueryResult,
    {
        let mut looks = LOOKS.map(|times| bounds.rows.saturating_mul(times).min(MOST)).to_vec();
        looks.dedup();
        let mut looks = looks.into_iter().peekable();
        if store.database() == Database::Postgres
            && let Some(rows) = looks.next_if(|rows| *rows <= SHORT)
            && let Some(found) = self.look(store, select.clone(), &shape, bounds, rows).await?
        {
            // Its index gives all that fit before the first of them is counted: a short look is cheaper than to ask whether to.
            return Ok(found);
        }
        let hits = self.hits(store).await?;
        // More than are worth fetching to find the first among them.
        if hits > bounds.rows.saturating_mul(100).clamp(2_000, MOST_HITS) {
            for rows in looks {
                if let Some(found) = self.look(store, select.clone(), &shape, bounds, rows).await? {
                    return Ok(found);
                }
            }
        } else if hits > SHORT && is_short(store, &select, bounds.sort).await? {
            let found = shape(select.filter(self.each.clone()));
            return Ok(bounds.of(found).into_model().all(store.read()).await?);
        }
        let found = shape(select.filter(self.by_index.clone()));
        Ok(bounds.of(found).into_model().all(store.read()).await?)
    }

    /// Those among the first so many of the list; `None` if they are too few and the list goes on.
    async fn look<C, Row>(
        &self,
        store: &Store,
        select: Select<E>,
        shape: impl Fn(Select<E>) -> Select<E>,
        bounds: &Bounds<C>,
        rows: u64,
    ) -> Result<Option<Vec<Row>>, StoreError>
    where
        C: ColumnTrait,
        Row: FromQueryResult,
    {
        let end = end(store, select.clone(), bounds, rows).await?;
        let column = bounds.sort.column;
        let is_descending = bounds.sort.is_descending;
        let within = end.map(|end| {
            if is_descending {
                column.gte(end)
            } else {
                column.lte(end)
            }
        });
        let looked = select.filter(self.each.clone().add_option(within));
        let found: Vec<Row> = bounds.of(shape(looked)).into_model().all(store.read()).await?;
        let is_full = u64::try_from(found.len()).is_ok_and(|found| found >= bounds.rows);
        Ok((is_full || end.is_none()).then_some(found))
    }

    /// How many fit, up to so many: of a short list by looking at each row, else as the index gives them.
    pub(super) async fn count<C>(
        &self,
        store: &Store,
        select: Select<E>,
        sort: Sort<C>,
        most: u64,
    ) -> Result<u64, StoreError>
    where
        C: ColumnTrait,
    {
        let counted = if self.hits(store).await? <= SHORT {
            select.filter(self.by_index.clone())
        } else if is_short(store, &select, sort).await? {
            select.filter(self.each.clone())
        } else {
            self.from_index.clone()
        };
        capped_count(store.read(), counted, sort.id, most).await
    }
}

/// Whether there are fewer rows than [`SHORT`].
async fn is_short<E, C>(store: &Store, select: &Select<E>, sort: Sort<C>) -> Result<bool, StoreError>
where
    E: EntityTrait,
    C: ColumnTrait,
{
    let end = end(store, select.clone(), &Bounds::first(sort, SHORT), SHORT).await?;
    Ok(end.is_none())
}

/// The sort key of the row that is so many down the list; `None` if it ends before that. Lists that are read so are sorted by
/// a number.
async fn end<E, C>(store: &Store, select: Select<E>, bounds: &Bounds<C>, rows: u64) -> Result<Option<i64>, StoreError>
where
    E: EntityTrait,
    C: ColumnTrait,
{
    let mut last = bounds.of(select.select_only().column(bounds.sort.column)).into_query();
    last.reset_limit().limit(1).offset(rows.saturating_sub(1));
    let row = store.read().query_one(&last).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}
