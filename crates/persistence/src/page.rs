//! Pages by keyset: the next page begins after the last row's sort key and id, however far down that is.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305,
    aead::{Aead as _, Payload},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, Value,
    sea_query::{Expr, Query},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{db::Store, error::StoreError};

/// A total is counted up to here; beyond it is "more than".
pub const TOTAL_CAP: u64 = 10_000;

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

/// Seals cursors: the sort key inside one may be what its reader must not learn, such as the very second in which an
/// anonymous case came in. It also keeps anybody from making one up.
#[derive(Clone)]
pub(crate) struct Cursors(XChaCha20Poly1305);

impl std::fmt::Debug for Cursors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cursors")
    }
}

const NONCE: usize = 24;

impl Cursors {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&key.into()))
    }

    /// `of` is the list and its filters: a cursor of another list is refused instead of giving nonsense.
    fn seal(&self, key: &Key, id: Uuid, of: &[u8], nonce: [u8; NONCE]) -> Result<String, StoreError> {
        let json = serde_json::to_vec(&(key, id)).map_err(|_unlikely| StoreError::Bug("a sort key is no JSON"))?;
        let sealed = self
            .0
            .encrypt(&nonce.into(), Payload { msg: &json, aad: of })
            .map_err(|_unlikely| StoreError::Bug("a cursor can't be sealed"))?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    fn open(&self, cursor: &str, of: &[u8]) -> Result<(Key, Uuid), StoreError> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok();
        let (nonce, sealed) = bytes
            .as_deref()
            .and_then(<[u8]>::split_first_chunk::<NONCE>)
            .ok_or(StoreError::BadCursor)?;
        let json = self
            .0
            .decrypt(&(*nonce).into(), Payload { msg: sealed, aad: of })
            .map_err(|_forged| StoreError::BadCursor)?;
        serde_json::from_slice(&json).map_err(|_malformed| StoreError::BadCursor)
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

/// Reads one page of `select`, which already holds scope and filters. `shape` adds what a row of the page has beside or
/// instead of the table's columns; `filter` is what the caller asked for; `at` gives a row's sort key and id.
pub(crate) async fn fetch_as<E, C, Row>(
    store: &Store,
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
{
    let of = format!("{filter:?} {} {}", sort.column.as_str(), sort.is_descending);
    let limit = request.limit.max(1);
    let total = if request.count {
        Some(capped_count(store.read(), select.clone(), sort.id).await?)
    } else {
        None
    };
    let mut page = select;
    if let Some(cursor) = &request.cursor {
        let (key, id) = store.cursors().open(cursor, of.as_bytes())?;
        let key = Value::from(key);
        // The bound by itself is where an index begins; the alternative alone would be read through from the first row.
        let (bound, beyond, tie) = if sort.is_descending {
            (sort.column.lte(key.clone()), sort.column.lt(key), sort.id.lt(id))
        } else {
            (sort.column.gte(key.clone()), sort.column.gt(key), sort.id.gt(id))
        };
        page = page.filter(bound).filter(Condition::any().add(beyond).add(tie));
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
        .all(store.read())
        .await?;
    let has_more = u64::try_from(rows.len()).is_ok_and(|found| found > limit);
    if has_more {
        rows.pop();
    }
    let last = rows.last().filter(|_| has_more).map(at);
    let next_cursor = last
        .map(|(key, id)| store.cursors().seal(&key, id, of.as_bytes(), store.ids().bytes()))
        .transpose()?;
    Ok(Page {
        items: rows,
        next_cursor,
        total,
    })
}
