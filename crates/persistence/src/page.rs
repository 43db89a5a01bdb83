//! Pages by keyset: the next page begins after the last row's sort key and id, however far down that is.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, Value,
    sea_query::{Expr, Query},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::StoreError;

/// A total is counted up to here; beyond it is "more than".
pub const TOTAL_CAP: u64 = 10_000;

/// Which page is wanted.
#[derive(Clone, Debug, Default)]
pub struct PageRequest {
    /// Rows, 1 to 100.
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
    /// How many rows there are in all, up to [`TOTAL_CAP`]; only when asked for.
    pub total: Option<u64>,
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

/// Filters that a cursor belongs to: a cursor of another list is refused instead of giving nonsense.
fn fingerprint(filter: &impl std::fmt::Debug) -> String {
    let hash = Sha256::digest(format!("{filter:?}").as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(hash.get(..6).unwrap_or_default())
}

fn encode(key: &Key, id: Uuid, fingerprint: &str) -> String {
    let json = serde_json::to_vec(&(key, id, fingerprint)).unwrap_or_default();
    BASE64_URL_SAFE_NO_PAD.encode(json)
}

fn decode(cursor: &str, fingerprint: &str) -> Result<(Key, Uuid), StoreError> {
    let json = BASE64_URL_SAFE_NO_PAD
        .decode(cursor)
        .map_err(|_malformed| StoreError::BadCursor)?;
    let (key, id, of): (Key, Uuid, String) =
        serde_json::from_slice(&json).map_err(|_malformed| StoreError::BadCursor)?;
    if of == fingerprint {
        Ok((key, id))
    } else {
        Err(StoreError::BadCursor)
    }
}

/// Counts no further than one past the cap: counting all of a large table costs as much as reading it.
async fn capped_count<E, C, Conn>(conn: &Conn, select: Select<E>, id: C) -> Result<u64, StoreError>
where
    E: EntityTrait,
    C: ColumnTrait,
    Conn: ConnectionTrait,
{
    let rows = select.select_only().column(id).limit(TOTAL_CAP + 1).into_query();
    let count = Query::select()
        .expr_as(Expr::cust("COUNT(*)"), "total")
        .from_subquery(rows, "capped")
        .to_owned();
    let row = conn.query_one(&count).await?;
    let total: i64 = row.map_or(Ok(0), |row| row.try_get("", "total"))?;
    Ok(u64::try_from(total).unwrap_or(0))
}

/// Reads one page of whole rows, as [`fetch_as`].
pub(crate) async fn fetch<E, C, Conn>(
    conn: &Conn,
    select: Select<E>,
    request: &PageRequest,
    sort: Sort<C>,
    filter: &impl std::fmt::Debug,
    at: impl Fn(&E::Model) -> (Key, Uuid),
) -> Result<Page<E::Model>, StoreError>
where
    E: EntityTrait,
    C: ColumnTrait,
    Conn: ConnectionTrait,
{
    fetch_as(conn, select, |select| select, request, sort, filter, at).await
}

/// Reads one page of `select`, which already holds scope and filters. `shape` adds what a row of the page has beside or
/// instead of the table's columns; `filter` is what the caller asked for; `at` gives a row's sort key and id.
pub(crate) async fn fetch_as<E, C, Row, Conn>(
    conn: &Conn,
    select: Select<E>,
    shape: impl FnOnce(Select<E>) -> Select<E>,
    request: &PageRequest,
    sort: Sort<C>,
    filter: &impl std::fmt::Debug,
    at: impl Fn(&Row) -> (Key, Uuid),
) -> Result<Page<Row>, StoreError>
where
    E: EntityTrait,
    C: ColumnTrait,
    Row: FromQueryResult,
    Conn: ConnectionTrait,
{
    let fingerprint = fingerprint(&(filter, sort.column.as_str().to_owned(), sort.is_descending));
    let limit = request.limit.clamp(1, 100);
    let total = if request.count {
        Some(capped_count(conn, select.clone(), sort.id).await?)
    } else {
        None
    };
    let mut page = select;
    if let Some(cursor) = &request.cursor {
        let (key, id) = decode(cursor, &fingerprint)?;
        let key = Value::from(key);
        // Written out instead of as a row value, so that both databases use the index.
        let (beyond, tie) = if sort.is_descending {
            (sort.column.lt(key.clone()), sort.id.lt(id))
        } else {
            (sort.column.gt(key.clone()), sort.id.gt(id))
        };
        page = page.filter(
            Condition::any()
                .add(beyond)
                .add(Condition::all().add(sort.column.eq(key)).add(tie)),
        );
    }
    let order = if sort.is_descending {
        sea_orm::Order::Desc
    } else {
        sea_orm::Order::Asc
    };
    let mut rows = shape(page)
        .order_by(sort.column, order.clone())
        .order_by(sort.id, order)
        .limit(limit + 1)
        .into_model::<Row>()
        .all(conn)
        .await?;
    let has_more = u64::try_from(rows.len()).is_ok_and(|found| found > limit);
    if has_more {
        rows.pop();
    }
    let next_cursor = rows.last().filter(|_| has_more).map(|row| {
        let (key, id) = at(row);
        encode(&key, id, &fingerprint)
    });
    Ok(Page {
        items: rows,
        next_cursor,
        total,
    })
}
