//! A database for one test.

use liangnuo_domain::Timestamp;
use liangnuo_persistence::{Settings, Store, db::Database, idempotency::IdempotencyKey, ids::Ids};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, QueryResult, Statement};
use tempfile::TempDir;
use uuid::Uuid;

use crate::postgres;

/// The instant at which the tests' clock stands: a Monday morning, 23 November 2026, 9:00 in the county.
#[must_use]
pub const fn now() -> Timestamp {
    Timestamp::from_micros(1_795_395_600_000_000)
}

/// So many seconds after [`now`].
#[must_use]
pub const fn at(seconds: i64) -> Timestamp {
    now().plus_seconds(seconds)
}

/// An idempotency key of its own for each number.
#[must_use]
pub fn key(number: u128) -> IdempotencyKey {
    IdempotencyKey::new("test", Uuid::from_u128(number), "test", b"")
}

/// An event as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened, such as `units.created`.
    pub action: String,
    /// `member`, `complainant` or `system`.
    pub actor_kind: String,
    /// Codes and ids.
    pub detail: serde_json::Value,
}

/// A database that belongs to one test alone.
#[derive(Debug)]
pub struct TestDb {
    store: Store,
    url: String,
    // Deleted with the test; PostgreSQL's databases are swept by a later run.
    _folder: Option<TempDir>,
}

impl TestDb {
    /// A database with the current schema and nothing in it.
    pub async fn new() -> Self {
        Self::open(true).await
    }

    /// A database without even a schema.
    pub async fn empty() -> Self {
        Self::open(false).await
    }

    async fn open(is_migrated: bool) -> Self {
        let (url, folder) = match server() {
            Some(server) => (postgres::create(&server, is_migrated).await, None),
            None => {
                let folder = folder();
                (
                    format!("sqlite://{}", folder.path().join("test.db").display()),
                    Some(folder),
                )
            }
        };
        let store = open(&url).await;
        if is_migrated && folder.is_some() {
            store.migrate().await.expect("the database is migrated");
        }
        Self {
            store,
            url,
            _folder: folder,
        }
    }

    /// The store. Its identifiers come from a seed.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Where the database is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same database once more, as another process would open it.
    pub async fn another_store(&self) -> Store {
        open(&self.url).await
    }

    /// A connection that knows nothing of the store's rules.
    pub async fn raw(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(&self.url);
        options.max_connections(1).sqlx_logging(false);
        sea_orm::Database::connect(options).await.expect("the database opens")
    }

    /// Runs a statement past the store.
    ///
    /// # Errors
    /// What the database says.
    pub async fn execute(&self, sql: &str) -> Result<(), DbErr> {
        self.raw().await.execute_unprepared(sql).await.map(drop)
    }

    /// The rows of a query.
    pub async fn rows(&self, sql: &str) -> Vec<QueryResult> {
        let raw = self.raw().await;
        let statement = Statement::from_string(raw.get_database_backend(), sql);
        raw.query_all_raw(statement).await.expect(sql)
    }

    /// The first number of a query's first row.
    pub async fn count(&self, sql: &str) -> i64 {
        let rows = self.rows(sql).await;
        rows.first().expect("a row").try_get_by_index(0).expect("a number")
    }

    /// An id as this database spells it.
    #[must_use]
    pub fn id(&self, id: Uuid) -> String {
        match self.store.database() {
            Database::Sqlite => format!("X'{}'", id.simple()),
            Database::Postgres => format!("'{id}'::uuid"),
        }
    }

    /// Everything that happened to a thing, oldest first.
    pub async fn events_of(&self, subject: Uuid) -> Vec<Event> {
        let sql = format!(
            "SELECT e.action, e.actor_kind, d.json FROM events e JOIN event_details d ON d.event_id = e.id
             WHERE e.subject_id = {} ORDER BY e.at, e.position, e.id",
            self.id(subject)
        );
        let rows = self.rows(&sql).await;
        let text = |row: &QueryResult, column: &str| row.try_get::<String>("", column).expect("a text");
        rows.iter()
            .map(|row| Event {
                action: text(row, "action"),
                actor_kind: text(row, "actor_kind"),
                detail: serde_json::from_str(&text(row, "json")).expect("JSON"),
            })
            .collect()
    }

    /// The actions of [`TestDb::events_of`].
    pub async fn actions_of(&self, subject: Uuid) -> Vec<String> {
        self.events_of(subject)
            .await
            .into_iter()
            .map(|event| event.action)
            .collect()
    }
}

/// The PostgreSQL server, if the tests shall run there.
#[expect(
    clippy::disallowed_methods,
    reason = "the one setting of the tests, read in this one place"
)]
fn server() -> Option<String> {
    let url = std::env::var("TEST_DATABASE_URL").ok()?;
    Some(url.trim_end_matches('/').to_owned()).filter(|url| !url.is_empty())
}

/// In memory where that is possible: every commit waits for the disk otherwise.
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_no_such_folder| tempfile::tempdir())
        .expect("a folder for the database")
}

async fn open(url: &str) -> Store {
    let mut settings = Settings::new(url);
    settings.ids = Ids::seeded(2026);
    Store::open(settings).await.expect("the database opens")
}
