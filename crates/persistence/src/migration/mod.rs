//! Migrations: written once, in SQL with a few words that each database spells its own way.

use sea_orm_migration::{MigratorTrait, prelude::*, sea_orm::DbBackend};

mod m0001_foundation;
mod m0002_people;
mod m0003_complaints;
mod m0004_imports;
mod m0005_desk;
mod m0006_catalogue;
mod m0007_search;
mod m0008_queries;
mod m0009_statistics;
mod m0010_role_grants;
mod m0011_events;
mod m0012_event_lists;
mod m0013_decembers;
mod m0014_watch;
mod m0015_terms;
mod m0016_cells;
mod m0017_import_files;
mod m0018_unanswered;
mod m0019_log;
mod m0021_own_work;
mod m0030_sessions;
mod m0031_account_links;
mod m0032_second_factor;
mod m0033_accused;
mod m0034_vault;
mod m0035_identity_openings;
mod m0036_bulk;
mod m0038_attachments;
mod m0039_old_passwords;
mod m0040_providers;
mod m0041_unit_successors;
mod m0042_readings_and_cards;
mod m0043_identity_limits;
mod m0044_guardians;

pub(crate) struct Migrator;

impl Migrator {
    /// Whether every migration has been applied. Reads only, so that it works on a read-only connection.
    pub(crate) async fn get_pending_migrations_with(
        conn: &sea_orm_migration::sea_orm::DatabaseConnection,
    ) -> Result<bool, DbErr> {
        use sea_orm_migration::sea_orm::ConnectionTrait;
        let backend = conn.get_database_backend();
        let sql = "SELECT COUNT(*) AS applied FROM seaql_migrations";
        let row = conn
            .query_one_raw(sea_orm_migration::sea_orm::Statement::from_string(backend, sql))
            .await?;
        let applied: i64 = row.map_or(Ok(0), |row| row.try_get("", "applied"))?;
        Ok(usize::try_from(applied).is_ok_and(|applied| applied >= Self::migrations().len()))
    }
}

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_foundation::Migration),
            Box::new(m0002_people::Migration),
            Box::new(m0003_complaints::Migration),
            Box::new(m0004_imports::Migration),
            Box::new(m0005_desk::Migration),
            Box::new(m0006_catalogue::Migration),
            Box::new(m0007_search::Migration),
            Box::new(m0008_queries::Migration),
            Box::new(m0009_statistics::Migration),
            Box::new(m0017_import_files::Migration),
            Box::new(m0018_unanswered::Migration),
            Box::new(m0011_events::Migration),
            Box::new(m0012_event_lists::Migration),
            Box::new(m0010_role_grants::Migration),
            Box::new(m0016_cells::Migration),
            Box::new(m0013_decembers::Migration),
            Box::new(m0014_watch::Migration),
            Box::new(m0015_terms::Migration),
            Box::new(m0019_log::Migration),
            Box::new(m0021_own_work::Migration),
            Box::new(m0030_sessions::Migration),
            Box::new(m0031_account_links::Migration),
            Box::new(m0032_second_factor::Migration),
            Box::new(m0033_accused::Migration),
            Box::new(m0034_vault::Migration),
            Box::new(m0035_identity_openings::Migration),
            Box::new(m0038_attachments::Migration),
            Box::new(m0036_bulk::Migration),
            Box::new(m0039_old_passwords::Migration),
            Box::new(m0040_providers::Migration),
            Box::new(m0041_unit_successors::Migration),
            Box::new(m0042_readings_and_cards::Migration),
            Box::new(m0043_identity_limits::Migration),
            Box::new(m0044_guardians::Migration),
        ]
    }
}

/// Runs a script, statement by statement, after putting each database's words in:
///
/// | word | SQLite | PostgreSQL | why |
/// | --- | --- | --- | --- |
/// | `{id}` | `BLOB` | `UUID` | 16 bytes on both |
/// | `{bytes}` | `BLOB` | `BYTEA` | |
/// | `{text}` | `TEXT` | `TEXT COLLATE "C"` | the same order on both |
/// | `{micros}` | `BIGINT` | `BIGINT` | text that drivers write does not sort as time |
pub(crate) async fn run(manager: &SchemaManager<'_>, script: &str) -> Result<(), DbErr> {
    let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
    let (id, bytes, text) = if is_postgres {
        ("UUID", "BYTEA", "TEXT COLLATE \"C\"")
    } else {
        ("BLOB", "BLOB", "TEXT")
    };
    let script = script
        .replace("{id}", id)
        .replace("{bytes}", bytes)
        .replace("{text}", text)
        .replace("{micros}", "BIGINT");
    manager.get_connection().execute_unprepared(&script).await?;
    Ok(())
}

/// Declares a migration: its name and what it runs. Undoing is restoring a backup; a `down` that nobody runs is a lie.
macro_rules! migration {
    ($name:literal, $script:expr $(, sqlite = $sqlite:expr, postgres = $postgres:expr)?) => {
        pub(crate) struct Migration;

        impl sea_orm_migration::MigrationName for Migration {
            fn name(&self) -> &str {
                $name
            }
        }

        #[async_trait::async_trait]
        impl sea_orm_migration::MigrationTrait for Migration {
            // SQLite's migrations run outside a transaction unless told otherwise, and could stop half-way.
            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }

            async fn up(
                &self,
                manager: &sea_orm_migration::SchemaManager,
            ) -> Result<(), sea_orm_migration::sea_orm::DbErr> {
                super::run(manager, $script).await?;
                $(
                    let own = if manager.get_database_backend() == sea_orm_migration::sea_orm::DbBackend::Postgres {
                        $postgres
                    } else {
                        $sqlite
                    };
                    super::run(manager, own).await?;
                )?
                Ok(())
            }
        }
    };
}
pub(crate) use migration;
