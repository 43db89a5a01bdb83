//! The schema as text: what the migrations make, dumped in a stable order. The dumps are committed; a test compares.

use sea_orm::{ConnectionTrait, Statement};

use crate::{
    db::{Database, Store},
    error::StoreError,
};

/// The committed dump for SQLite.
pub const SQLITE: &str = include_str!("../schema/sqlite.sql");
/// The committed dump for PostgreSQL.
pub const POSTGRES: &str = include_str!("../schema/postgres.sql");

const SQLITE_OBJECTS: &str = "SELECT sql || ';' AS line FROM sqlite_schema
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND tbl_name <> 'seaql_migrations'
ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, rowid";

const POSTGRES_OBJECTS: [&str; 4] = [
    "SELECT 'TABLE ' || c.relname || E'\n' || string_agg('    ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN co.collname = 'C' THEN ' COLLATE \"C\"' ELSE '' END
        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, E'\n' ORDER BY a.attnum) AS line
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_collation co ON co.oid = a.attcollation
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'seaql_migrations'
    GROUP BY c.relname ORDER BY c.relname",
    "SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid) AS line FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'seaql_migrations' ORDER BY 1",
    "SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'seaql_migrations' ORDER BY 1",
    "SELECT pg_get_triggerdef(t.oid) AS line FROM pg_trigger t WHERE NOT t.tgisinternal ORDER BY 1",
];

impl Store {
    /// The schema of this database, in a stable order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn dump_schema(&self) -> Result<String, StoreError> {
        let queries: &[&str] = match self.database() {
            Database::Sqlite => &[SQLITE_OBJECTS],
            Database::Postgres => &POSTGRES_OBJECTS,
        };
        let mut out = String::new();
        for query in queries {
            let statement = Statement::from_string(self.read().get_database_backend(), *query);
            for row in self.read().query_all_raw(statement).await? {
                let line: String = row.try_get("", "line")?;
                out.push_str(line.trim());
                out.push('\n');
            }
        }
        Ok(out)
    }
}
