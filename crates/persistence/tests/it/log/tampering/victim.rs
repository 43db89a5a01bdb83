//! A log that anybody may change, with a copy of each table to go back to.

use liangnuo_domain::log::{Hash, merkle::Frontier};
use liangnuo_persistence::{db::Database, ids::Ids};
use sea_orm::{ConnectionTrait as _, DatabaseConnection};

use super::super::DAY;
use crate::support::World;

/// The tables that make up the log.
pub(super) const TABLES: [&str; 7] = [
    "events",
    "event_details",
    "unsealed_events",
    "log_entries",
    "log_nodes",
    "log_checkpoints",
    "log_keepers",
];

/// A world whose log anybody may change.
pub(super) struct Victim {
    pub(super) world: World,
    conn: DatabaseConnection,
    pub(super) ids: Ids,
    pub(super) seconds: i64,
    /// One for each place.
    pub(super) leaves: Vec<Hash>,
    /// The last checkpoint, as somebody keeps it elsewhere.
    pub(super) outside: String,
}

impl Victim {
    pub(super) async fn new(seed: u64) -> Self {
        let (world, mut seconds) = World::with_log(30, 600).await;
        let mut options = sea_orm::ConnectOptions::new(&world.db.url);
        options.max_connections(1).sqlx_logging(false);
        let conn = sea_orm::Database::connect(options).await.unwrap();
        let mut victim = Self {
            world,
            conn,
            ids: Ids::seeded(seed),
            seconds,
            leaves: Vec::new(),
            outside: String::new(),
        };
        victim.drop_triggers().await;
        // How the log truly stood a day before.
        victim.copy("old").await;
        seconds += DAY;
        for _ in 0..5 {
            victim.world.file(None).await;
        }
        victim.world.seal(seconds).await;
        let last = victim.world.store().log_checkpoint().await.unwrap().unwrap();
        // And some that no checkpoint speaks of yet.
        for _ in 0..10 {
            victim.world.file(None).await;
        }
        victim.world.seal(seconds + 60).await;
        victim.seconds = seconds;
        victim.outside = last.note;
        victim.leaves = victim.world.leaves().await;
        victim.copy("copy").await;
        victim
    }

    pub(super) async fn run(&self, sql: &str) {
        if let Err(error) = self.conn.execute_unprepared(sql).await {
            panic!("{sql}: {error}");
        }
    }

    async fn drop_triggers(&self) {
        let tables = ["events", "log_entries", "log_nodes", "log_checkpoints"];
        for table in tables {
            let triggers = match self.world.store().database() {
                Database::Sqlite => {
                    format!("DROP TRIGGER {table}_are_never_changed; DROP TRIGGER {table}_are_never_deleted")
                }
                Database::Postgres => format!("DROP TRIGGER {table}_are_never_changed ON {table}"),
            };
            self.run(&triggers).await;
        }
    }

    async fn copy(&self, prefix: &str) {
        for table in TABLES {
            self.run(&format!("CREATE TABLE {prefix}_{table} AS SELECT * FROM {table}"))
                .await;
        }
    }

    pub(super) async fn restore(&self, prefix: &str, tables: &[&str]) {
        for table in tables {
            self.run(&format!(
                "DELETE FROM {table}; INSERT INTO {table} SELECT * FROM {prefix}_{table}"
            ))
            .await;
        }
    }

    /// A random number below `bound`.
    pub(super) fn below(&self, bound: usize) -> usize {
        let random = u32::from_le_bytes(self.ids.bytes());
        usize::try_from(random).unwrap() % bound
    }

    pub(super) fn one_of<T: Copy>(&self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    pub(super) fn bytes(&self) -> String {
        let hex = liangnuo_domain::log::hex(&self.ids.bytes::<32>());
        self.literal(&hex)
    }

    pub(super) fn literal(&self, hex: &str) -> String {
        match self.world.store().database() {
            Database::Sqlite => format!("X'{hex}'"),
            Database::Postgres => format!("'\\x{hex}'::bytea"),
        }
    }

    pub(super) fn id(&self) -> String {
        self.world.id(self.ids.v4())
    }

    /// The condition that picks one random row.
    pub(super) async fn one(&self, table: &str, key: &str) -> String {
        let rows = self.world.db.number(&format!("SELECT COUNT(*) FROM {table}")).await;
        let nth = self.below(usize::try_from(rows).unwrap());
        format!("{key} = (SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET {nth})")
    }

    /// A place that an event has.
    pub(super) async fn place_of_event(&self) -> i64 {
        let placed = "FROM log_entries l JOIN events e ON e.id = l.event_id";
        let rows = self.world.db.number(&format!("SELECT COUNT(*) {placed}")).await;
        let nth = self.below(usize::try_from(rows).unwrap());
        self.world
            .db
            .number(&format!(
                "SELECT l.log_index {placed} ORDER BY l.log_index LIMIT 1 OFFSET {nth}"
            ))
            .await
    }

    pub(super) fn place(&self) -> usize {
        self.below(self.leaves.len())
    }

    /// The edge of the tree over other leaves, as somebody without the key could write it down.
    pub(super) fn edge(&self, leaves: &[Hash]) -> String {
        let mut tree = Frontier::default();
        leaves.iter().for_each(|leaf| tree.push(*leaf, |_, _| {}));
        let peaks = self.literal(&liangnuo_domain::log::hex(&tree.peaks().concat()));
        format!("UPDATE log_keepers SET size = {}, peaks = {peaks}", leaves.len())
    }
}
