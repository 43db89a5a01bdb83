//! Opening the database, and the one door through which anything is written.

use std::{future::Future, path::Path, sync::Arc, time::Duration};

use liangnuo_domain::Timestamp;
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
    sqlx::{
        self,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use sea_orm_migration::MigratorTrait;

use crate::{
    error::StoreError,
    ids::Ids,
    migration::Migrator,
    objects::Objects,
    tx::{By, Tx},
    vault::{KeyFile, KeysInMemory, keys::Vault},
};

/// Which database, and how much of it this process may use.
#[derive(Clone)]
pub struct Settings {
    /// `sqlite://path` or `postgres://user@host/name`.
    pub url: String,
    /// Most connections to PostgreSQL, a third of them for writing; or readers of SQLite.
    pub max_connections: u32,
    /// Where identifiers come from.
    pub ids: Ids,
    /// Seals the cursors of lists; the same for all processes on one database.
    pub cursor_key: [u8; 32],
    /// What the key that signs the log is made of; the same for all processes on one database, always.
    pub log_seed: [u8; 32],
    /// Seals the seeds of second factors; the same for all processes on one database, always.
    pub second_factor_key: [u8; 32],
    /// Where the keys of contact data are kept; the same keys for all processes on one database, always.
    pub vault_keys: Arc<dyn KeyFile>,
    /// Where the content of files is kept; the same for all processes on one database, always.
    pub objects: Objects,
}

impl Settings {
    /// The usual settings for a URL. Cursors end with the process, and so do what its signatures are worth and the contact data
    /// that it seals, unless keys are given; so do files.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        let ids = Ids::system();
        Self {
            url: url.into(),
            max_connections: 10,
            cursor_key: ids.bytes(),
            log_seed: ids.bytes(),
            second_factor_key: ids.bytes(),
            vault_keys: Arc::new(KeysInMemory::default()),
            objects: Objects::in_memory(),
            ids,
        }
    }
}

/// Which database is behind a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// SQLite, in this process.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// An open database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    // Readers can't write, on either database; SQLite has exactly one writer.
    read: DatabaseConnection,
    write: DatabaseConnection,
    ids: Ids,
    cursors: crate::page::Cursors,
    numbers: crate::numbers::Blocks,
    known_rules: crate::settings::KnownRules,
    readings: crate::events::Readings,
    log_key: crate::log::LogKey,
    seeds: crate::sealed::Sealer,
    vault: Vault,
    objects: Objects,
    url: String,
}

/// How long a statement waits for a connection before the request is turned away as busy.
const ACQUIRE: Duration = Duration::from_secs(2);

fn sqlite_options(settings: &Settings, is_reader: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(&settings.url);
    options
        .max_connections(if is_reader {
            settings.max_connections.clamp(1, 4)
        } else {
            1
        })
        .min_connections(1)
        // A writer waits in line behind others; a reader never should.
        .acquire_timeout(if is_reader { ACQUIRE } else { ACQUIRE * 5 })
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .create_if_missing(!is_reader)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
                .journal_mode(SqliteJournalMode::Wal)
                // NORMAL loses acknowledged commits in a power cut.
                .synchronous(SqliteSynchronous::Full)
                // What is taken out of a row is overwritten in its page: a sealed contact that is given up is gone with its key.
                .pragma("secure_delete", "FAST")
                .pragma("journal_size_limit", "67108864")
                .pragma("temp_store", "memory");
            if is_reader {
                sqlite.pragma("query_only", "1")
            } else {
                sqlite
            }
        });
    options
}

fn postgres_options(settings: &Settings, is_reader: bool) -> ConnectOptions {
    let writers = (settings.max_connections / 3).max(1);
    let readers = settings.max_connections.saturating_sub(writers).max(1);
    let mut options = ConnectOptions::new(&settings.url);
    options
        .max_connections(if is_reader { readers } else { writers })
        .min_connections(1)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(move |postgres| {
            postgres.application_name("liangnuo").options([
                ("statement_timeout", "5s"),
                ("lock_timeout", "2s"),
                ("idle_in_transaction_session_timeout", "10s"),
                ("default_transaction_read_only", if is_reader { "on" } else { "off" }),
                // That nothing was open to be rolled back is no news, and would be logged with each write.
                ("client_min_messages", "error"),
                // To compile a query takes longer than any of ours should, and is begun where many rows are only expected.
                ("jit", "off"),
                // To start workers takes longer, too: a page is a few rows by an index, however many are expected.
                ("max_parallel_workers_per_gather", "0"),
            ])
        });
    if !is_reader {
        // sqlx 0.9.0 leaves a transaction open on a connection whose `begin` was cancelled; a rollback where none is
        // open is only a notice. Readers begin none, and are spared the round trip after each query.
        options.map_sqlx_postgres_pool_opts(|pool| {
            pool.after_release(|connection, _| {
                Box::pin(async move {
                    sqlx::Executor::execute(&mut *connection, "ROLLBACK").await?;
                    Ok(true)
                })
            })
        });
    }
    options
}

impl Store {
    /// Opens the database. Nothing is created or changed in its schema; see [`Store::migrate`].
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn open(settings: Settings) -> Result<Self, StoreError> {
        let options = if settings.url.starts_with("sqlite:") {
            sqlite_options
        } else {
            postgres_options
        };
        let write = sea_orm::Database::connect(options(&settings, false)).await?;
        let read = sea_orm::Database::connect(options(&settings, true)).await?;
        Ok(Self {
            read,
            write,
            ids: settings.ids,
            cursors: crate::page::Cursors::new(settings.cursor_key),
            numbers: crate::numbers::Blocks::default(),
            known_rules: crate::settings::KnownRules::default(),
            readings: crate::events::Readings::default(),
            log_key: crate::log::LogKey::from_seed(&settings.log_seed)?,
            seeds: crate::sealed::Sealer::new(settings.second_factor_key, crate::second_factor::PURPOSE),
            vault: Vault::new(settings.vault_keys),
            objects: settings.objects,
            url: settings.url,
        })
    }

    /// Shows `seen` each statement that this store has run, with its values: so that a test can ask the database how it
    /// goes about what is really sent.
    #[must_use]
    pub fn watched(mut self, seen: impl Fn(&Statement) + Send + Sync + Clone + 'static) -> Self {
        for pool in [&mut self.read, &mut self.write] {
            let seen = seen.clone();
            pool.set_metric_callback(move |info| seen(info.statement));
        }
        self
    }

    /// Which database this is.
    #[must_use]
    pub fn database(&self) -> Database {
        match self.read.get_database_backend() {
            DbBackend::Postgres => Database::Postgres,
            _ => Database::Sqlite,
        }
    }

    /// Brings the schema up to date. Two processes that start together migrate once: the second waits for the first.
    ///
    /// # Errors
    /// When a migration fails; what it had begun is rolled back.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match self.database() {
            Database::Sqlite => {
                let url = self.url.clone();
                // Waiting for the lock blocks a thread: not one that has other work to do.
                let locked = tokio::task::spawn_blocking(move || lock_file(&url)).await;
                let _held = locked.map_err(|_panic| StoreError::Bug("the migration lock panicked"))??;
                Migrator::up(&self.write, None).await?;
            }
            Database::Postgres => {
                // A session's lock lives on one connection, so it gets one of its own, which ends with this function.
                let mut options = ConnectOptions::new(&self.url);
                options.max_connections(1).sqlx_logging(false);
                let guard = sea_orm::Database::connect(options.clone()).await?;
                guard.execute_unprepared("SELECT pg_advisory_lock(7331004)").await?;
                // An index on a large table takes longer than a request may: a connection without time limits.
                let unhurried = sea_orm::Database::connect(options).await?;
                let outcome = Migrator::up(&unhurried, None).await;
                unhurried.close().await?;
                guard.close().await?;
                outcome?;
            }
        }
        Ok(())
    }

    /// The next so many migrations alone: for tests of an upgrade, which begin with an older schema.
    ///
    /// # Errors
    /// When a migration fails.
    pub async fn migrate_some(&self, count: u32) -> Result<(), StoreError> {
        Migrator::up(&self.write, Some(count)).await?;
        Ok(())
    }

    /// Has the database look anew at how its rows are distributed. Without that SQLite takes every index for equally good,
    /// and reads a whole county in order instead of the few cases that are wanted. PostgreSQL does it by itself, but not
    /// at once after much was loaded.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn analyze(&self) -> Result<(), StoreError> {
        match self.database() {
            Database::Sqlite => {
                self.write.execute_unprepared("ANALYZE").await?;
            }
            Database::Postgres => {
                let mut options = ConnectOptions::new(&self.url);
                options.max_connections(1).sqlx_logging(false);
                let unhurried = sea_orm::Database::connect(options).await?;
                unhurried.execute_unprepared("ANALYZE").await?;
                unhurried.close().await?;
            }
        }
        Ok(())
    }

    /// As [`Store::analyze`], but only what has grown much since, and little of it: for every now and then.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_analyzed(&self) -> Result<(), StoreError> {
        if self.database() == Database::Sqlite {
            // All tables, by a sample, where it is worth while.
            self.write.execute_unprepared("PRAGMA optimize = 0x10012").await?;
        }
        Ok(())
    }

    /// Takes what was overwritten out of SQLite's log, as far as nobody reads at this moment: else the next round does.
    pub(crate) async fn empty_wal(&self) -> Result<(), StoreError> {
        self.write.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        Ok(())
    }

    /// Whether the database answers and its schema is current.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn is_ready(&self) -> Result<bool, StoreError> {
        Ok(Migrator::get_pending_migrations_with(&self.read).await?)
    }

    /// Closes every connection.
    ///
    /// # Errors
    /// When a connection can't be closed.
    pub async fn close(self) -> Result<(), StoreError> {
        self.read.close_by_ref().await?;
        self.write.close_by_ref().await?;
        Ok(())
    }

    /// Runs `work`, which may write, in a task of its own: a client that goes away can't cut a transaction in two.
    ///
    /// # Errors
    /// What `work` says; a panic in it is [`StoreError::Bug`].
    pub async fn write<F, Fut, T>(&self, work: F) -> Result<T, StoreError>
    where
        F: FnOnce(Writer) -> Fut,
        Fut: Future<Output = Result<T, StoreError>> + Send + 'static,
        T: Send + 'static,
    {
        let future = work(Writer { store: self.clone() });
        tokio::spawn(future)
            .await
            .map_err(|_panic| StoreError::Bug("a writing task panicked"))?
    }

    /// The pool to read from.
    pub(crate) const fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Seals the seeds of second factors.
    pub(crate) const fn seeds(&self) -> &crate::sealed::Sealer {
        &self.seeds
    }

    /// Where identifiers come from.
    #[must_use]
    pub const fn ids(&self) -> &Ids {
        &self.ids
    }

    pub(crate) const fn cursors(&self) -> &crate::page::Cursors {
        &self.cursors
    }

    pub(crate) const fn known_rules(&self) -> &crate::settings::KnownRules {
        &self.known_rules
    }

    pub(crate) const fn readings(&self) -> &crate::events::Readings {
        &self.readings
    }

    /// What signs the log.
    #[must_use]
    pub const fn log_key(&self) -> &crate::log::LogKey {
        &self.log_key
    }

    pub(crate) const fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Where the content of files is kept.
    #[must_use]
    pub const fn objects(&self) -> &Objects {
        &self.objects
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) const fn numbers(&self) -> &crate::numbers::Blocks {
        &self.numbers
    }
}

/// The right to write, given by [`Store::write`] alone.
#[derive(Debug)]
pub struct Writer {
    store: Store,
}

impl Writer {
    /// The store, for reading.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Begins a transaction: the only door to one.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when no connection or lock is to be had in time.
    pub async fn begin_write(&self, by: By, now: Timestamp) -> Result<Tx, StoreError> {
        let is_sqlite = self.store.database() == Database::Sqlite;
        // A deferred transaction that reads first and writes later fails under load on SQLite.
        let options = TransactionOptions {
            sqlite_transaction_mode: is_sqlite.then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let conn = self.store.write.begin_with_options(options).await?;
        Ok(Tx::new(conn, &self.store, by, now))
    }
}

/// Holds a lock file beside the database file for as long as the returned handle lives.
fn lock_file(url: &str) -> Result<Option<std::fs::File>, StoreError> {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = path.split('?').next().unwrap_or(path);
    if path.is_empty() || path.contains(":memory:") {
        return Ok(None);
    }
    let failed = |error: std::io::Error| StoreError::Db(DbErr::Custom(format!("migration lock: {error}")));
    let file = std::fs::File::create(Path::new(&format!("{path}.migrate-lock"))).map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(Some(file))
}
