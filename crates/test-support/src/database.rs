//! A database for each test: a file of SQLite, or a database of the PostgreSQL that `TEST_DATABASE_URL` names.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use liangnuo_persistence::{
    Settings, Store,
    ids::Ids,
    objects::Objects,
    schema,
    vault::{KeysInMemory, VaultKey},
};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use uuid::{Builder, Uuid};

use crate::NOW;

/// A store that is thrown away with the test.
#[derive(Debug)]
pub struct TestDb {
    /// The migrated, empty store.
    pub store: Store,
    /// Where it is, for a second store on the same database.
    pub url: String,
    // SQLite's files go with it, and the content of attached files.
    dir: tempfile::TempDir,
}

/// A random name, without the clock or the generator that the product forbids itself.
fn unique() -> Uuid {
    let bytes: [u8; 16] = Ids::system().bytes();
    Builder::from_random_bytes(bytes).into_uuid()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where tests learn which database they run on"
)]
fn postgres_url() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

impl TestDb {
    /// A migrated, empty database.
    pub async fn new() -> Self {
        let db = Self::unmigrated_from(true).await;
        db.store.migrate().await.unwrap();
        db.store.unlock(NOW).await.unwrap();
        db
    }

    /// A database without a schema.
    pub async fn unmigrated() -> Self {
        Self::unmigrated_from(false).await
    }

    async fn unmigrated_from(may_copy: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = match postgres_url() {
            Some(server) => postgres(&server, may_copy).await,
            None => format!("sqlite://{}", dir.path().join("test.db").display()),
        };
        let store = Store::open(with_objects(settings(&url), dir.path())).await.unwrap();
        Self { store, url, dir }
    }

    /// A second store on the same database: another process, as far as the database can tell.
    pub async fn another(&self) -> Store {
        Store::open(self.settings()).await.unwrap()
    }

    /// How the database is opened; the same keys each time.
    #[must_use]
    pub fn settings(&self) -> Settings {
        with_objects(settings(&self.url), self.dir.path())
    }

    /// The folder with the content of attached files.
    #[must_use]
    pub fn objects(&self) -> PathBuf {
        self.dir.path().join("objects")
    }

    /// How many objects are kept.
    ///
    /// # Panics
    /// If they can't be listed.
    #[must_use]
    pub fn kept_objects(&self) -> usize {
        let folders = std::fs::read_dir(self.objects()).unwrap();
        folders
            .map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap().count())
            .sum()
    }

    /// Runs a statement past the product: what an intruder or a broken disk would do.
    ///
    /// # Errors
    /// What the database says.
    pub async fn execute(&self, sql: &str) -> Result<(), sea_orm::DbErr> {
        let conn = Database::connect(&self.url).await.unwrap();
        conn.execute_unprepared(sql).await.map(|_| ())
    }

    /// Asks for one number past the product.
    pub async fn number(&self, sql: &str) -> i64 {
        let conn = Database::connect(&self.url).await.unwrap();
        let statement = Statement::from_string(conn.get_database_backend(), sql);
        conn.query_one_raw(statement)
            .await
            .unwrap()
            .unwrap()
            .try_get_by_index(0)
            .unwrap()
    }

    /// Asks for texts past the product.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        texts(&self.url, sql).await
    }

    /// Runs a statement past the store, as an older version or somebody at the console would.
    pub async fn run(&self, sql: &str) {
        let conn = Database::connect(&self.url).await.unwrap();
        conn.execute_unprepared(sql).await.unwrap();
    }
}

/// Every row of every table, as text and in one order; without FTS5's own tables, whose rows depend on when it merged
/// them.
pub async fn dump(url: &str) -> BTreeMap<String, Vec<String>> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let conn = Database::connect(options).await.unwrap();
    let is_sqlite = conn.get_database_backend() == DbBackend::Sqlite;
    let names = if is_sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'complaint_pairs%'"
    } else {
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
    };
    let mut tables = BTreeMap::new();
    for table in texts_of(&conn, names).await {
        let rows = if is_sqlite {
            let columns = texts_of(&conn, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
            let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
            format!("SELECT {} FROM \"{table}\"", quoted.join("||'|'||"))
        } else {
            format!("SELECT t::text FROM \"{table}\" t")
        };
        let mut rows = texts_of(&conn, &rows).await;
        rows.sort_unstable();
        tables.insert(table, rows);
    }
    conn.close().await.unwrap();
    tables
}

/// Asks a database for texts past the product.
pub async fn texts(url: &str, sql: &str) -> Vec<String> {
    let conn = Database::connect(url).await.unwrap();
    let texts = texts_of(&conn, sql).await;
    conn.close().await.unwrap();
    texts
}

async fn texts_of(conn: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(conn.get_database_backend(), sql);
    let rows = conn.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// A key that contact data are sealed with; every test database begins with the seventh.
#[must_use]
pub fn vault_key(nth: u8) -> VaultKey {
    VaultKey::new(Uuid::from_u128(u128::from(nth)), [nth; 32])
}

fn settings(url: &str) -> Settings {
    Settings {
        max_connections: 8,
        ids: Ids::system(),
        log_seed: [7; 32],
        second_factor_key: [8; 32],
        vault_keys: Arc::new(KeysInMemory::new(vec![vault_key(7)])),
        ..Settings::new(url)
    }
}

fn with_objects(settings: Settings, dir: &Path) -> Settings {
    let objects = Objects::in_folder(&dir.join("objects")).unwrap();
    Settings { objects, ..settings }
}

/// A database on the server: a copy of a migrated template, which the first test makes.
async fn postgres(server: &str, may_copy: bool) -> String {
    let admin = Database::connect(format!("{server}/postgres")).await.unwrap();
    let name = format!("t_{}", unique().simple());
    if !may_copy {
        admin
            .execute_unprepared(&format!("CREATE DATABASE {name}"))
            .await
            .unwrap();
        return format!("{server}/{name}");
    }
    // Named after the schema, so that a change of the schema makes a new one.
    let template = format!("tpl_{:x}", fingerprint(schema::POSTGRES));
    let mut locked = sea_orm::ConnectOptions::new(format!("{server}/postgres"));
    locked.max_connections(1);
    let guard = Database::connect(locked).await.unwrap();
    guard
        .execute_unprepared("SELECT pg_advisory_lock(7331005)")
        .await
        .unwrap();
    let sql = format!("SELECT 1 FROM pg_database WHERE datname = '{template}'");
    let known = guard
        .query_one_raw(Statement::from_string(guard.get_database_backend(), sql))
        .await
        .unwrap();
    if known.is_none() {
        let making = format!("{template}_making");
        guard
            .execute_unprepared(&format!("DROP DATABASE IF EXISTS {making}"))
            .await
            .unwrap();
        guard
            .execute_unprepared(&format!("CREATE DATABASE {making}"))
            .await
            .unwrap();
        let store = Store::open(settings(&format!("{server}/{making}"))).await.unwrap();
        store.migrate().await.unwrap();
        store.close().await.unwrap();
        guard
            .execute_unprepared(&format!("ALTER DATABASE {making} RENAME TO {template}"))
            .await
            .unwrap();
    }
    // Two copies at once are refused by the server: the template is then "in use".
    guard
        .execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
        .await
        .unwrap();
    guard.close().await.unwrap();
    format!("{server}/{name}")
}

/// FNV-1a: any change of the text changes it.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    })
}
