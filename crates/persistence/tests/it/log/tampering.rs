//! What somebody could do who owns the database: with the triggers gone, anything.

use liangnuo_domain::log::{Hash, blank_hash, merkle::Frontier};
use liangnuo_persistence::{
    db::Database,
    ids::Ids,
    log::{Fault, Flaw},
};
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use uuid::Uuid;

use super::DAY;
use crate::support::{World, at};

/// Random tamperings of one log.
const TAMPERINGS: usize = 200;

/// The tables that make up the log.
const TABLES: [&str; 7] = [
    "events",
    "event_details",
    "unsealed_events",
    "log_entries",
    "log_nodes",
    "log_checkpoints",
    "log_keepers",
];

/// A world whose log anybody may change, with a copy of each table to go back to.
struct Victim {
    world: World,
    conn: DatabaseConnection,
    ids: Ids,
    seconds: i64,
    /// One for each place.
    leaves: Vec<Hash>,
}

impl Victim {
    async fn new() -> Self {
        let (world, seconds) = World::with_log(30, 600).await;
        // And some that no checkpoint speaks of yet.
        for _ in 0..10 {
            world.file(None).await;
        }
        world.seal(seconds + 60).await;
        let mut options = sea_orm::ConnectOptions::new(&world.db.url);
        options.max_connections(1).sqlx_logging(false);
        let conn = sea_orm::Database::connect(options).await.unwrap();
        let leaves = world.leaves().await;
        let victim = Self {
            world,
            conn,
            ids: Ids::seeded(11),
            seconds,
            leaves,
        };
        victim.drop_triggers().await;
        victim.copy("copy").await;
        victim
    }

    async fn run(&self, sql: &str) {
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

    async fn restore(&self, prefix: &str, tables: &[&str]) {
        for table in tables {
            self.run(&format!(
                "DELETE FROM {table}; INSERT INTO {table} SELECT * FROM {prefix}_{table}"
            ))
            .await;
        }
    }

    /// A random number below `bound`.
    fn below(&self, bound: usize) -> usize {
        let random = u32::from_le_bytes(self.ids.bytes());
        usize::try_from(random).unwrap() % bound
    }

    fn one_of<T: Copy>(&self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn bytes(&self) -> String {
        let hex = liangnuo_domain::log::hex(&self.ids.bytes::<32>());
        self.literal(&hex)
    }

    fn literal(&self, hex: &str) -> String {
        match self.world.store().database() {
            Database::Sqlite => format!("X'{hex}'"),
            Database::Postgres => format!("'\\x{hex}'::bytea"),
        }
    }

    fn id(&self) -> String {
        self.world.id(self.ids.v4())
    }

    /// The condition that picks one random row.
    async fn one(&self, table: &str, key: &str) -> String {
        let rows = self.world.db.number(&format!("SELECT COUNT(*) FROM {table}")).await;
        let nth = self.below(usize::try_from(rows).unwrap());
        format!("{key} = (SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET {nth})")
    }

    /// A place that an event has.
    async fn place_of_event(&self) -> i64 {
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

    fn place(&self) -> usize {
        self.below(self.leaves.len())
    }

    /// The edge of the tree over other leaves, as somebody without the key could write it down.
    fn edge(&self, leaves: &[Hash]) -> String {
        let mut tree = Frontier::default();
        leaves.iter().for_each(|leaf| tree.push(*leaf, |_, _| {}));
        let peaks = self.literal(&liangnuo_domain::log::hex(&tree.peaks().concat()));
        format!("UPDATE log_keepers SET size = {}, peaks = {peaks}", leaves.len())
    }

    /// Statements of a random tampering.
    async fn tampering(&self) -> String {
        match self.below(16) {
            0..4 => self.changed_event().await,
            4 => self.changed_detail().await,
            5 => self.changed_entry().await,
            6 => format!("DELETE FROM events WHERE {}", self.event().await),
            7 => format!("DELETE FROM log_entries WHERE log_index = {}", self.place()),
            8 => {
                let place = self.place_of_event().await;
                let event = format!("(SELECT event_id FROM log_entries WHERE log_index = {place})");
                format!("DELETE FROM events WHERE id = {event}; DELETE FROM log_entries WHERE log_index = {place}")
            }
            9 => self.reordered(),
            10 => self.replaced_by_a_blank().await,
            11 => self.cut_off(),
            12 => self.smuggled_in().await,
            13 => self.changed_node().await,
            14 => self.changed_checkpoint().await,
            _ => self.changed_head(),
        }
    }

    async fn event(&self) -> String {
        let place = self.place_of_event().await;
        format!("id = (SELECT event_id FROM log_entries WHERE log_index = {place})")
    }

    async fn changed_event(&self) -> String {
        let (id, bytes) = (self.id(), self.bytes());
        let set = self.one_of(&[
            ("id", id.as_str()),
            ("region_id", &id),
            ("subject_id", &id),
            ("actor_id", &id),
            ("acting_for", &id),
            ("unit_id", &id),
            ("detail_hash", &bytes),
            ("subject_kind", "subject_kind || 'x'"),
            ("action", "action || 'x'"),
            (
                "actor_kind",
                "CASE actor_kind WHEN 'system' THEN 'member' ELSE 'system' END",
            ),
            ("at", "at - 1"),
            ("listed_at", "listed_at + 86400000000"),
            ("position", "position + 1"),
        ]);
        let set = format!("{} = {}", set.0, set.1);
        format!("UPDATE events SET {set} WHERE {}", self.event().await)
    }

    async fn changed_detail(&self) -> String {
        let set = if self.below(2) == 0 {
            "json = json || ' '".to_owned()
        } else {
            format!("salt = {}", self.bytes())
        };
        let place = self.place_of_event().await;
        format!(
            "UPDATE event_details SET {set} WHERE event_id = (SELECT event_id FROM log_entries WHERE log_index = {place})"
        )
    }

    async fn changed_entry(&self) -> String {
        let (place, id, bytes) = (self.place(), self.id(), self.bytes());
        let beyond = self.leaves.len() + self.below(5);
        match self.below(4) {
            0 => format!("UPDATE log_entries SET event_id = {id} WHERE log_index = {place}"),
            1 => format!("UPDATE log_entries SET leaf_hash = {bytes} WHERE log_index = {place}"),
            2 => format!("UPDATE log_entries SET log_index = -1 - log_index WHERE log_index = {place}"),
            _ => format!("INSERT INTO log_entries VALUES ({beyond}, {id}, {bytes})"),
        }
    }

    /// Two entries change places.
    fn reordered(&self) -> String {
        let (one, other) = (self.place(), self.place());
        let other = if one == other {
            (one + 1) % self.leaves.len()
        } else {
            other
        };
        let mut leaves = self.leaves.clone();
        leaves.swap(one, other);
        let edge = self.edge(&leaves);
        format!(
            "UPDATE log_entries SET log_index = -1 WHERE log_index = {one};
             UPDATE log_entries SET log_index = {one} WHERE log_index = {other};
             UPDATE log_entries SET log_index = {other} WHERE log_index = -1; {edge}"
        )
    }

    /// An event is taken away, and its place made look as if there had never been one.
    async fn replaced_by_a_blank(&self) -> String {
        let place = self.place_of_event().await;
        let id = self.ids.v4();
        let mut leaves = self.leaves.clone();
        leaves[usize::try_from(place).unwrap()] = blank_hash(id);
        let blank = self.literal(&liangnuo_domain::log::hex(&blank_hash(id)));
        format!(
            "DELETE FROM events WHERE id = (SELECT event_id FROM log_entries WHERE log_index = {place});
             UPDATE log_entries SET event_id = {}, leaf_hash = {blank} WHERE log_index = {place}; {}",
            self.world.id(id),
            self.edge(&leaves)
        )
    }

    /// The newest part is taken away, with what is kept of the tree's edge made to fit.
    fn cut_off(&self) -> String {
        let size = self.place();
        let events = format!("id IN (SELECT event_id FROM log_entries WHERE log_index >= {size})");
        let nodes = format!("level = 8 AND node_index >= {}", size / 256);
        format!(
            "DELETE FROM events WHERE {events}; DELETE FROM log_entries WHERE log_index >= {size};
             DELETE FROM log_nodes WHERE {nodes}; DELETE FROM log_checkpoints WHERE size > {size}; {}",
            self.edge(&self.leaves[..size])
        )
    }

    /// An event that no sealer saw.
    async fn smuggled_in(&self) -> String {
        let (id, event) = (self.id(), self.event().await);
        format!(
            "INSERT INTO events (id, region_id, subject_kind, subject_id, action, actor_kind, actor_id, acting_for, at,
                 position, detail_hash, unit_id, listed_at)
             SELECT {id}, region_id, subject_kind, subject_id, action, actor_kind, actor_id, acting_for, at,
                 position, detail_hash, unit_id, listed_at FROM events WHERE {event}"
        )
    }

    async fn changed_node(&self) -> String {
        let node = self.one("log_nodes", "node_index").await;
        let (bytes, beyond) = (self.bytes(), 100 + self.below(100));
        match self.below(4) {
            0 => format!("UPDATE log_nodes SET hash = {bytes} WHERE {node}"),
            1 => format!("UPDATE log_nodes SET level = 16 WHERE {node}"),
            2 => format!("INSERT INTO log_nodes VALUES (8, {beyond}, {bytes})"),
            _ => format!("DELETE FROM log_nodes WHERE {node}"),
        }
    }

    async fn changed_checkpoint(&self) -> String {
        let checkpoint = self.one("log_checkpoints", "number").await;
        match self.below(6) {
            0 => format!("DELETE FROM log_checkpoints WHERE {checkpoint}"),
            1 => format!("UPDATE log_checkpoints SET size = size + 1 WHERE {checkpoint}"),
            2 => format!("UPDATE log_checkpoints SET made_at = made_at - 1 WHERE {checkpoint}"),
            3 => format!("UPDATE log_checkpoints SET number = number + 1000 WHERE {checkpoint}"),
            4 => format!("UPDATE log_checkpoints SET note = note || ' ' WHERE {checkpoint}"),
            _ => "UPDATE log_checkpoints SET number = -number;
                  UPDATE log_checkpoints SET number = (SELECT MAX(c.number) - MIN(c.number) FROM copy_log_checkpoints c) + 2 + number"
                .to_owned(),
        }
    }

    fn changed_head(&self) -> String {
        let bytes = self.bytes();
        match self.below(5) {
            0 => "UPDATE log_keepers SET size = size + 1".to_owned(),
            1 => "UPDATE log_keepers SET size = size - 1".to_owned(),
            2 => format!("UPDATE log_keepers SET peaks = {bytes}"),
            3 => "UPDATE log_keepers SET note = ''".to_owned(),
            // An old one, which this log's key did sign.
            _ => "UPDATE log_keepers SET note = (SELECT note FROM log_checkpoints ORDER BY number DESC LIMIT 1)"
                .to_owned(),
        }
    }
}

#[tokio::test]
async fn every_tampering_is_found() {
    let victim = Victim::new().await;
    let now = at(victim.seconds + 60);
    let whole = victim.world.verify(victim.seconds + 60).await;
    assert_eq!(whole.named, []);
    let mut unnoticed = Vec::new();
    for _ in 0..TAMPERINGS {
        let tampering = victim.tampering().await;
        victim.run(&tampering).await;
        let report = victim.world.store().verify_log(None, now, |_, _| {}).await.unwrap();
        if report.is_whole() {
            unnoticed.push(tampering.clone());
        }
        let touched: Vec<&str> = TABLES.into_iter().filter(|table| tampering.contains(table)).collect();
        victim.restore("copy", &touched).await;
    }
    assert_eq!(unnoticed, Vec::<String>::new());
    assert_eq!(
        victim.world.verify(victim.seconds + 60).await,
        whole,
        "nothing is left of them"
    );
}

#[tokio::test]
async fn a_changed_event_is_named() {
    let victim = Victim::new().await;
    let place = victim.place_of_event().await;
    let id = format!(
        "SELECT {} FROM log_entries WHERE log_index = {place}",
        victim.world.hex("event_id")
    );
    let event = Uuid::parse_str(&victim.world.db.texts(&id).await[0]).unwrap();
    let row = victim.world.id(event);
    let place = u64::try_from(place).unwrap();
    for (sql, fault) in [
        (
            format!("UPDATE events SET at = at + 1 WHERE id = {row}"),
            Fault::Changed { place, event },
        ),
        (
            format!("UPDATE event_details SET json = '{{}} ' WHERE event_id = {row}"),
            Fault::DetailChanged { place, event },
        ),
        (
            format!("DELETE FROM events WHERE id = {row}"),
            Fault::Gone { place, event },
        ),
    ] {
        victim.run(&sql).await;
        assert_eq!(victim.world.verify(victim.seconds).await.named, [fault]);
        victim.restore("copy", &["events", "event_details"]).await;
    }
}

#[tokio::test]
async fn a_log_that_was_set_back_is_found_by_a_checkpoint_from_outside() {
    let victim = Victim::new().await;
    let (world, store) = (&victim.world, victim.world.store());
    let tomorrow = victim.seconds + DAY;
    let verify = async |note: &str| store.verify_log(Some(note), at(tomorrow), |_, _| {}).await.unwrap();
    let yesterday = store.log_checkpoint().await.unwrap().unwrap().note;
    world.file(None).await;
    world.seal(tomorrow).await;
    let outside = store.log_checkpoint().await.unwrap().unwrap().note;
    for note in [&yesterday, &outside] {
        assert_eq!(verify(note).await.named, []);
    }
    // All of it goes back to how it truly was: by itself it is whole.
    victim.restore("copy", &TABLES).await;
    assert_eq!(world.verify(tomorrow).await.named, []);
    assert_eq!(verify(&yesterday).await.named, []);
    assert_eq!(verify(&outside).await.named, [Fault::Outside(Flaw::Size)]);
    // And goes on differently.
    for days in 1..6 {
        world.file(None).await;
        world.seal(victim.seconds + days * DAY).await;
    }
    let found = verify(&outside).await.named;
    assert!(
        found == [Fault::Outside(Flaw::Root)] || found == [Fault::Outside(Flaw::Size)],
        "{found:?}"
    );
    let forged = outside.replacen("at 1", "at 2", 1);
    assert_eq!(verify(&forged).await.named, [Fault::Outside(Flaw::Signature)]);
}
