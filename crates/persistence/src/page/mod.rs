//! Pages by keyset: the next page begins after the last row's sort key and id, however far down that is.

mod sieve;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, Value,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(crate) use self::sieve::Sieve;
use crate::{db::Store, error::StoreError, ids::Ids, sealed};

/// A total is counted up to here; beyond it is "more than".
pub(crate) const TOTAL_CAP: u64 = 10_000;

/// The same of a search by words, of which each row that is counted may have to be looked at.
pub(crate) const SEARCH_CAP: u64 = 1_000;

/// How many rows there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// So many, or at least so many.
    pub rows: u64,
    /// Whether there are more.
    pub is_capped: bool,
}

impl Total {
    /// Out of a count that went no further than one past the cap.
    const fn of(counted: u64, cap: u64) -> Self {
        let is_capped = counted > cap;
        Self {
            rows: if is_capped { cap } else { counted },
            is_capped,
        }
    }
}

/// Which page is wanted.
#[derive(Clone, Debug, Default)]
pub struct PageRequest {
    /// Rows, at least one. The API refuses more than 100; an export asks for more at once.
    pub limit: u64,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// Whether the total is wanted.
    pub count: bool,
}

impl PageRequest {
    /// The first page with so many rows.
    #[must_use]
    pub const fn first(limit: u64) -> Self {
        Self {
            limit,
            cursor: None,
            count: false,
        }
    }
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; none on the last.
    pub next_cursor: Option<String>,
    /// How many rows there are in all; only when asked for.
    pub total: Option<Total>,
}

impl<T> Page<T> {
    /// The same page with other items.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next_cursor: self.next_cursor,
            total: self.total,
        }
    }
}

/// A sort key as it travels inside a cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Key {
    Number(i64),
    Text(String),
}

impl From<Key> for Value {
    fn from(key: Key) -> Self {
        match key {
            Key::Number(number) => number.into(),
            Key::Text(text) => text.into(),
        }
    }
}

/// What a list is sorted by, beside the id that breaks ties.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sort<C> {
    pub column: C,
    pub id: C,
    pub is_descending: bool,
}

/// Seals cursors: the sort key inside one may be what its reader must not learn, such as the very second in which an
/// anonymous case came in. It also keeps anybody from making one up.
#[derive(Clone)]
pub(crate) struct Cursors(XChaCha20Poly1305);

impl std::fmt::Debug for Cursors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cursors")
    }
}

impl Cursors {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&key.into()))
    }

    /// `of` is the list and its filters: a cursor of another list is refused instead of giving nonsense.
    fn seal(&self, key: &Key, id: Uuid, of: &[u8], ids: &Ids) -> Result<String, StoreError> {
        let json = serde_json::to_vec(&(key, id)).map_err(|_unlikely| StoreError::Bug("a sort key is no JSON"))?;
        let sealed = sealed::seal(&self.0, ids, of, &json).ok_or(StoreError::Bug("a cursor can't be sealed"))?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }

    fn open(&self, cursor: &str, of: &[u8]) -> Result<(Key, Uuid), StoreError> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok();
        let json = sealed.and_then(|sealed| sealed::open(&self.0, of, &sealed));
        let json = json.ok_or(StoreError::BadCursor)?;
        serde_json::from_slice(&json).map_err(|_malformed| StoreError::BadCursor)
    }
}

/// Counts no further than one past the cap: counting all of a large table costs as much as reading it.
async fn capped_count<E, C, Conn>(conn: &Conn, select: Select<E>, id: C, cap: u64) -> Result<u64, StoreError>
where
    E: EntityTrait,
    C: ColumnTrait,
    Conn: ConnectionTrait,
{
    count_up_to(conn, select.select_only().column(id).into_query(), cap).await
}

/// As [`capped_count`], of any statement.
pub(crate) async fn count_up_to(
    conn: &impl ConnectionTrait,
    mut rows: SelectStatement,
    cap: u64,
) -> Result<u64, StoreError> {
    let count = Query::select()
        .expr_as(Expr::cust("COUNT(*)"), "total")
        .from_subquery(rows.limit(cap + 1).to_owned(), "capped")
        .to_owned();
    let row = conn.query_one(&count).await?;
    let total: i64 = row.map_or(Ok(0), |row| row.try_get("", "total"))?;
    Ok(u64::try_from(total).unwrap_or(0))
}

/// Reads one page of whole rows, as [`fetch_as`].
pub(crate) async fn fetch<E, C>(
    store: &Store,
    select: Select<E>,
    request: &PageRequest,
    sort: Sort<C>,
    filter: &impl std::fmt::Debug,
    at: impl Fn(&E::Model) -> (Key, Uuid),
) -> Result<Page<E::Model>, StoreError>
where
    E: EntityTrait,
    C: ColumnTrait,
{
    fetch_as(store, select, |select| select, request, sort, filter, at).await
}

/// What a page is read from.
pub(crate) struct Source<E: EntityTrait> {
    select: Select<E>,
    any_of: Vec<Condition>,
    sieve: Option<Sieve<E>>,
    cap: u64,
}

impl<E: EntityTrait> Source<E> {
    /// The rows that besides fit one of several conditions, no row two of them, and each with an index in the page's order.
    /// A page is read along each index as far as it may reach: of several values at once neither database keeps an index's
    /// order, and it would sort all that fit for a page of twenty.
    pub(crate) fn any(select: Select<E>, any_of: Vec<Condition>) -> Self {
        Self {
            select,
            any_of,
            sieve: None,
            cap: TOTAL_CAP,
        }
    }

    /// The rows that a search found: `select` asks for them, or the sieve does.
    pub(crate) fn found(select: Select<E>, sieve: Option<Sieve<E>>) -> Self {
        Self {
            select,
            any_of: Vec::new(),
            sieve,
            cap: SEARCH_CAP,
        }
    }

    async fn total<C: ColumnTrait>(&self, store: &Store, sort: Sort<C>) -> Result<Total, StoreError> {
        let cap = self.cap;
        if let Some(sieve) = &self.sieve {
            return Ok(Total::of(
                Box::pin(sieve.count(store, self.select.clone(), sort, cap)).await?,
                cap,
            ));
        }
        let any = self.any_of.iter().cloned();
        let any = any.reduce(|any, one| Condition::any().add(any).add(one));
        let counted = any.into_iter().fold(self.select.clone(), Select::filter);
        Ok(Total::of(capped_count(store.read(), counted, sort.id, cap).await?, cap))
    }
}

impl<E: EntityTrait> From<Select<E>> for Source<E> {
    fn from(select: Select<E>) -> Self {
        Self::any(select, Vec::new())
    }
}

/// Where a page begins, and how far it goes.
struct Bounds<C> {
    sort: Sort<C>,
    after: Option<(Value, Uuid)>,
    rows: u64,
}

impl<C: ColumnTrait> Bounds<C> {
    /// From the top of the list.
    const fn first(sort: Sort<C>, rows: u64) -> Self {
        Self {
            sort,
            after: None,
            rows,
        }
    }

    fn of<E: EntityTrait>(&self, select: Select<E>) -> Select<E> {
        let sort = self.sort;
        let order = || if sort.is_descending { Order::Desc } else { Order::Asc };
        let mut page = select;
        if let Some((key, id)) = &self.after {
            let key = || key.clone();
            // The bound by itself is where an index begins; the alternative alone would be read through from the first row.
            let (bound, beyond, tie) = if sort.is_descending {
                (sort.column.lte(key()), sort.column.lt(key()), sort.id.lt(*id))
            } else {
                (sort.column.gte(key()), sort.column.gt(key()), sort.id.gt(*id))
            };
            page = page.filter(bound).filter(Condition::any().add(beyond).add(tie));
        }
        page.order_by(sort.column, order())
            .order_by(sort.id, order())
            .limit(self.rows)
    }

    /// The ids of the rows that each condition would have on the page if it were the only one.
    fn ids_of<E: EntityTrait>(&self, select: &Select<E>, any_of: Vec<Condition>) -> Option<SelectStatement> {
        let mut all: Option<SelectStatement> = None;
        for (nth, condition) in any_of.into_iter().enumerate() {
            let select = select.clone().filter(condition).select_only().column(self.sort.id);
            // SQLite takes an order and a limit in a part of a union only one level down.
            let part = Query::select()
                .column(self.sort.id)
                .from_subquery(self.of(select).into_query(), format!("part{nth}"))
                .to_owned();
            match &mut all {
                None => all = Some(part),
                Some(all) => {
                    all.union(UnionType::All, part);
                }
            }
        }
        all
    }
}

/// Reads one page of `source`, which already holds scope and filters. `shape` adds what a row of the page has beside or
/// instead of the table's columns; `filter` is what the caller asked for; `at` gives a row's sort key and id.
pub(crate) async fn fetch_as<E, C, Row>(
    store: &Store,
    source: impl Into<Source<E>>,
    shape: impl Fn(Select<E>) -> Select<E>,
    request: &PageRequest,
    sort: Sort<C>,
    filter: &impl std::fmt::Debug,
    at: impl Fn(&Row) -> (Key, Uuid),
) -> Result<Page<Row>, StoreError>
where
    E: EntityTrait,
    C: ColumnTrait,
    Row: FromQueryResult,
{
    let of = format!("{filter:?} {} {}", sort.column.as_str(), sort.is_descending);
    let limit = request.limit.max(1);
    let source = source.into();
    let total = if request.count {
        Some(source.total(store, sort).await?)
    } else {
        None
    };
    let cursor = request.cursor.as_ref();
    let after = cursor.map(|cursor| store.cursors().open(cursor, of.as_bytes()));
    let bounds = Bounds {
        sort,
        after: after.transpose()?.map(|(key, id)| (Value::from(key), id)),
        rows: limit + 1,
    };
    let mut rows = rows_of(store, source, shape, &bounds).await?;
    let has_more = u64::try_from(rows.len()).is_ok_and(|found| found > limit);
    if has_more {
        rows.pop();
    }
    let last = rows.last().filter(|_| has_more).map(at);
    let next_cursor = last
        .map(|(key, id)| store.cursors().seal(&key, id, of.as_bytes(), store.ids()))
        .transpose()?;
    Ok(Page {
        items: rows,
        next_cursor,
        total,
    })
}

/// The rows within the bounds.
async fn rows_of<E, C, Row>(
    store: &Store,
    source: Source<E>,
    shape: impl Fn(Select<E>) -> Select<E>,
    bounds: &Bounds<C>,
) -> Result<Vec<Row>, StoreError>
where
    E: EntityTrait,
    C: ColumnTrait,
    Row: FromQueryResult,
{
    let Source {
        select, any_of, sieve, ..
    } = source;
    if let Some(sieve) = sieve {
        // What it may have to do is long, and most lists have no sieve.
        return Box::pin(sieve.first(store, select, shape, bounds)).await;
    }
    let select = match bounds.ids_of(&select, any_of) {
        Some(ids) => E::find().filter(bounds.sort.id.in_subquery(ids)),
        None => select,
    };
    Ok(bounds.of(shape(select)).into_model().all(store.read()).await?)
}

/// The first so many rows of a list in one piece.
pub(crate) async fn first<E, C, Row>(
    store: &Store,
    source: Source<E>,
    shape: impl Fn(Select<E>) -> Select<E>,
    sort: Sort<C>,
    rows: u64,
) -> Result<Vec<Row>, StoreError>
where
    E: EntityTrait,
    C: ColumnTrait,
    Row: FromQueryResult,
{
    rows_of(store, source, shape, &Bounds::first(sort, rows)).await
}
