//! What is done to a log.

use liangnuo_domain::log::{blank_hash, hex};

use super::victim::{TABLES, Victim};

/// The columns of the tables that a log is verified by. One that is added fails a test until somebody tampers with it.
pub(super) const COLUMNS: [(&str, &[&str]); 6] = [
    (
        "events",
        &[
            "acting_for",
            "action",
            "actor_id",
            "actor_kind",
            "at",
            "detail_hash",
            "id",
            "listed_at",
            "position",
            "region_id",
            "subject_id",
            "subject_kind",
            "unit_id",
        ],
    ),
    ("event_details", &["event_id", "json", "salt"]),
    ("log_entries", &["event_id", "leaf_hash", "log_index"]),
    ("log_nodes", &["hash", "level", "node_index"]),
    ("log_checkpoints", &["made_at", "note", "number", "size"]),
    ("log_keepers", &["id", "note", "peaks", "size"]),
];

/// Kinds of tamperings beside the change of a column.
pub(super) const KINDS: usize = 15;

/// Something that is done to a log.
pub(super) struct Tampering {
    pub(super) sql: String,
    /// It takes away everything that knew of what is gone: nothing but a checkpoint from outside can show it.
    pub(super) needs_outside: bool,
}

impl From<String> for Tampering {
    fn from(sql: String) -> Self {
        Self {
            sql,
            needs_outside: false,
        }
    }
}

fn all_of_it(sql: String) -> Tampering {
    Tampering {
        sql,
        needs_outside: true,
    }
}

impl Victim {
    /// Statements of a tampering of a kind, at a random place.
    pub(super) async fn tampering(&self, kind: usize) -> Tampering {
        match kind {
            0 => format!("DELETE FROM events WHERE {}", self.event().await).into(),
            1 => format!("DELETE FROM log_entries WHERE log_index = {}", self.place()).into(),
            2 => self.taken_away().await.into(),
            3 => self.reordered().into(),
            4 => self.replaced_by_a_blank().await.into(),
            5 => self.cut_off().into(),
            6 => self.smuggled_in().await.into(),
            7 => format!(
                "DELETE FROM log_nodes WHERE {}",
                self.one("log_nodes", "node_index").await
            )
            .into(),
            8 => format!(
                "DELETE FROM log_checkpoints WHERE {}",
                self.one("log_checkpoints", "number").await
            )
            .into(),
            9 => self.added().into(),
            10 => self.swapped_checkpoints().await.into(),
            // An old one, which this log's key did sign.
            11 => "UPDATE log_keepers SET note = (SELECT note FROM log_checkpoints ORDER BY number DESC LIMIT 1)"
                .to_owned()
                .into(),
            12 => self.swapped_events().await.into(),
            13 => self.cut_off_to_a_checkpoint().await,
            _ => all_of_it(set_back()),
        }
    }

    async fn event_id(&self) -> String {
        let place = self.place_of_event().await;
        format!("(SELECT event_id FROM log_entries WHERE log_index = {place})")
    }

    async fn event(&self) -> String {
        format!("id = {}", self.event_id().await)
    }

    /// A column of one random row gets another value.
    pub(super) async fn changed(&self, table: &str, column: &str) -> String {
        let (id, bytes) = (self.id(), self.bytes());
        let value = match (table, column) {
            ("log_keepers", "id") => "2",
            ("log_keepers", "note") => "''",
            ("log_keepers", "size") => self.one_of(&["size + 1", "size - 1"]),
            (_, "detail_hash" | "salt" | "leaf_hash" | "hash" | "peaks") => &bytes,
            (_, "subject_kind") => "subject_kind || 'x'",
            (_, "action") => "action || 'x'",
            (_, "actor_kind") => "CASE actor_kind WHEN 'system' THEN 'member' ELSE 'system' END",
            (_, "at") => "at - 1",
            (_, "listed_at") => "listed_at + 86400000000",
            (_, "position") => "position + 1",
            (_, "json") => "json || ' '",
            (_, "note") => "note || ' '",
            (_, "log_index") => "-1 - log_index",
            (_, "level") => "16",
            (_, "node_index") => "node_index + 100",
            (_, "number") => "number + 1000",
            (_, "size") => "size + 1",
            (_, "made_at") => "made_at - 1",
            _ => &id,
        };
        let row = match table {
            "events" => self.event().await,
            "event_details" if column == "event_id" => return self.moved_detail().await,
            "event_details" => format!("event_id = {}", self.event_id().await),
            "log_entries" => format!("log_index = {}", self.place()),
            "log_nodes" => self.one(table, "node_index").await,
            "log_checkpoints" => self.one(table, "number").await,
            _ => "id = 1".to_owned(),
        };
        format!("UPDATE {table} SET {column} = {value} WHERE {row}")
    }

    /// Two places that events have.
    async fn two_places(&self) -> (i64, i64) {
        let one = self.place_of_event().await;
        loop {
            let other = self.place_of_event().await;
            if one != other {
                return (one, other);
            }
        }
    }

    /// An event gets what another one said. A detail that no event has is as good as deleted, which it may be.
    async fn moved_detail(&self) -> String {
        let (one, other) = self.two_places().await;
        let of = |place| format!("event_id = (SELECT event_id FROM log_entries WHERE log_index = {place})");
        format!(
            "DELETE FROM event_details WHERE {one};
             UPDATE event_details SET {one} WHERE {other}",
            one = of(one),
            other = of(other)
        )
    }

    /// An event goes with its entry.
    async fn taken_away(&self) -> String {
        let place = self.place_of_event().await;
        let event = format!("(SELECT event_id FROM log_entries WHERE log_index = {place})");
        format!("DELETE FROM events WHERE id = {event}; DELETE FROM log_entries WHERE log_index = {place}")
    }

    /// The entries of two events change what they stand for, and nothing else.
    async fn swapped_events(&self) -> String {
        let (one, other) = self.two_places().await;
        let id = self.id();
        format!(
            "UPDATE log_entries SET event_id = {id} WHERE log_index = {one};
             UPDATE log_entries SET event_id = (SELECT c.event_id FROM copy_log_entries c WHERE c.log_index = {one})
                 WHERE log_index = {other};
             UPDATE log_entries SET event_id = (SELECT c.event_id FROM copy_log_entries c WHERE c.log_index = {other})
                 WHERE log_index = {one}"
        )
    }

    /// An entry or a hash of a subtree too many.
    fn added(&self) -> String {
        let (id, bytes, beyond) = (self.id(), self.bytes(), self.below(5));
        if self.below(2) == 0 {
            format!("INSERT INTO log_nodes VALUES (8, {}, {bytes})", 100 + beyond)
        } else {
            format!(
                "INSERT INTO log_entries VALUES ({}, {id}, {bytes})",
                self.leaves.len() + beyond
            )
        }
    }

    /// Two checkpoints that follow each other change places.
    async fn swapped_checkpoints(&self) -> String {
        let last = self.world.db.number("SELECT MAX(number) FROM log_checkpoints").await;
        let first = 1 + i64::try_from(self.below(usize::try_from(last - 1).unwrap())).unwrap();
        let second = first + 1;
        format!(
            "UPDATE log_checkpoints SET number = -1 WHERE number = {first};
             UPDATE log_checkpoints SET number = {first} WHERE number = {second};
             UPDATE log_checkpoints SET number = {second} WHERE number = -1"
        )
    }

    /// The newest part is taken away, and what is left is shown as it was signed when a checkpoint was made: whole by itself.
    async fn cut_off_to_a_checkpoint(&self) -> Tampering {
        let db = &self.world.db;
        let last = db.number("SELECT MAX(number) FROM log_checkpoints").await;
        // The outside one is the last.
        let number = 1 + i64::try_from(self.below(usize::try_from(last - 1).unwrap())).unwrap();
        let size = format!("SELECT size FROM log_checkpoints WHERE number = {number}");
        let size = usize::try_from(db.number(&size).await).unwrap();
        all_of_it(format!(
            "{};
             UPDATE log_keepers SET note = (SELECT c.note FROM copy_log_checkpoints c WHERE c.number = {number});
             DELETE FROM log_checkpoints WHERE number >= {number}",
            self.cut_off_at(size)
        ))
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
        let blank = self.literal(&hex(&blank_hash(id)));
        format!(
            "DELETE FROM events WHERE id = (SELECT event_id FROM log_entries WHERE log_index = {place});
             UPDATE log_entries SET event_id = {}, leaf_hash = {blank} WHERE log_index = {place}; {}",
            self.world.id(id),
            self.edge(&leaves)
        )
    }

    /// The newest part is taken away, with what is kept of the tree's edge made to fit.
    fn cut_off(&self) -> String {
        self.cut_off_at(self.place())
    }

    fn cut_off_at(&self, size: usize) -> String {
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
}

/// All of the log goes back to how it truly was a day before.
fn set_back() -> String {
    let back = TABLES.map(|table| format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM old_{table}"));
    back.join("; ")
}
