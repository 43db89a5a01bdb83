//! Statements as a store really sends them, and what the database says of how it goes about them.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use liangnuo_persistence::Store;
use sea_orm::{ConnectionTrait, Statement, TransactionTrait};

/// The tables that grow with the cases or with the people.
const LARGE: [&str; 31] = [
    "accounts",
    "cards",
    "complaint_accused",
    "complaint_cells",
    "complaint_contacts",
    "complaint_drafts",
    "complaint_messages",
    "complaint_pairs",
    "complaint_reminders",
    "complaint_replies",
    "complaint_search",
    "complaint_sources",
    "complaint_sum_changes",
    "complaints",
    "event_details",
    "events",
    "idempotency_keys",
    "identity_openings",
    "import_errors",
    "imports",
    "log_entries",
    "log_nodes",
    "members",
    "notices",
    "outbox",
    "post_holders",
    "refresh_tokens",
    "role_grants",
    "sessions",
    "spent_challenges",
    "unsealed_events",
];

/// Rows of a large table that one statement may look at: a page and what it takes to fill it.
const TOUCHED: f64 = 700.0;

/// Steps of SQLite's machine that one statement may take: what a page of a hundred takes, well below what reading every
/// case takes.
const STEPS: i32 = 20_000;

/// How many times as much may be looked at where a page is put together from those of two units.
const TOGETHER: i32 = 2;

/// The same where a thousand cases are ranked by their texts.
const RANKED: i32 = 3;

/// The same where a word is looked for: SQLite's index counts up to ten thousand texts that have it, by a few steps each, before
/// it is known from which side to come.
const WORDS: i32 = 4;

/// The same where the cases that have words are ranked: up to ten thousand are put in order.
const RANKED_WORDS: i32 = 10;

/// What a store has sent.
#[derive(Clone, Default)]
pub struct Sent(Arc<Mutex<Vec<Statement>>>);

impl Sent {
    /// The store, watched.
    pub fn by(&self, store: Store) -> Store {
        let kept = self.0.clone();
        store.watched(move |sent| kept.lock().unwrap().push(sent.clone()))
    }

    /// What was sent since the last time.
    pub fn take(&self) -> Vec<Statement> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Asks the database about statements.
pub struct Explainer {
    conn: sea_orm::DatabaseConnection,
    url: String,
    /// What was found.
    pub faults: BTreeSet<String>,
    /// How many statements were looked at.
    pub explained: usize,
}

impl Explainer {
    /// For the database behind a URL.
    pub async fn of(url: &str) -> Self {
        Self {
            conn: sea_orm::Database::connect(url).await.unwrap(),
            url: url.to_owned(),
            faults: BTreeSet::new(),
            explained: 0,
        }
    }

    /// Asks about each of the statements, which were sent for `what`.
    pub async fn explain(&mut self, what: &str, statements: Vec<Statement>) {
        self.explain_up_to(1, what, statements).await;
    }

    /// As [`Explainer::explain`], for a school's cases with those of a unit below it.
    pub async fn explain_together(&mut self, what: &str, statements: Vec<Statement>) {
        self.explain_up_to(TOGETHER, what, statements).await;
    }

    /// As [`Explainer::explain`], for what ranks the newest thousand.
    pub async fn explain_ranked(&mut self, what: &str, statements: Vec<Statement>) {
        self.explain_up_to(RANKED, what, statements).await;
    }

    /// As [`Explainer::explain`], for what looks for words.
    pub async fn explain_words(&mut self, what: &str, statements: Vec<Statement>) {
        self.explain_up_to(WORDS, what, statements).await;
    }

    /// As [`Explainer::explain_words`], for what ranks those that have them.
    pub async fn explain_ranked_words(&mut self, what: &str, statements: Vec<Statement>) {
        self.explain_up_to(RANKED_WORDS, what, statements).await;
    }

    async fn explain_up_to(&mut self, times: i32, what: &str, statements: Vec<Statement>) {
        for sent in statements {
            let sql = sent.sql.clone();
            let begins = |words: &[&str]| words.iter().any(|word| sql.trim_start().starts_with(word));
            if !begins(&["SELECT", "UPDATE", "DELETE", "WITH"]) {
                continue;
            }
            self.explained += 1;
            let faults = match self.conn.get_database_backend() {
                sea_orm::DbBackend::Postgres => self.postgres(sent, times).await,
                _ => self.sqlite(sent, times),
            };
            for fault in faults {
                self.faults.insert(format!(
                    "{what}: {fault}\n    {}",
                    &sql[sql.find(" FROM").unwrap_or(0)..]
                ));
            }
        }
    }

    /// Whether PostgreSQL, left to itself, looks at more than so many rows of a large table. Only in a county that is large
    /// enough does it choose as it would in earnest.
    pub async fn explain_unhindered(&mut self, most: f64, what: &str, statements: Vec<Statement>) {
        if self.conn.get_database_backend() != sea_orm::DbBackend::Postgres {
            return;
        }
        for sent in statements {
            if !sent.sql.starts_with("SELECT") {
                continue;
            }
            self.explained += 1;
            let sql = sent.sql.clone();
            for (table, kind, touched) in self.touched(sent, "").await {
                if touched > most {
                    self.faults
                        .insert(format!("{what}: {kind} of {table} looks at {touched} rows\n    {sql}"));
                }
            }
        }
    }

    /// How many rows were looked at, whether they were wanted or not. Without what reads whole tables: small as a test's
    /// are, that would be the cheapest way.
    async fn postgres(&self, sent: Statement, times: i32) -> Vec<String> {
        let settings =
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_hashjoin = off";
        let touched = self.touched(sent, settings).await.into_iter();
        touched
            .filter(|(_, kind, rows)| *rows > TOUCHED * f64::from(times) || kind == "Seq Scan")
            .map(|(table, kind, rows)| format!("{kind} of {table} looks at {rows} rows"))
            .collect()
    }

    /// The large tables that a statement reads, how, and how many of their rows.
    #[expect(clippy::disallowed_methods, reason = "PostgreSQL alone, and nothing is kept")]
    async fn touched(&self, mut sent: Statement, settings: &str) -> Vec<(String, String, f64)> {
        let tx = self.conn.begin().await.unwrap();
        tx.execute_unprepared(settings).await.unwrap();
        sent.sql = format!("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {}", sent.sql);
        let row = tx.query_one_raw(sent).await;
        let plan: serde_json::Value = row.unwrap().unwrap().try_get_by_index(0).unwrap();
        tx.rollback().await.unwrap();
        let mut touched = Vec::new();
        walk(&plan[0]["Plan"], &mut touched);
        touched
    }

    /// How many steps of SQLite's machine it took. A row that is looked at takes several.
    fn sqlite(&self, sent: Statement, times: i32) -> Vec<String> {
        let path = self.url.trim_start_matches("sqlite://");
        let file = rusqlite::Connection::open(path).unwrap();
        let tx = file.unchecked_transaction().unwrap();
        let mut statement = tx.prepare(&sent.sql).unwrap();
        let values = sent.values.map_or_else(Vec::new, |values| values.0);
        for (at, value) in values.iter().enumerate() {
            statement.raw_bind_parameter(at + 1, bound(value)).unwrap();
        }
        let mut rows = statement.raw_query();
        while rows.next().unwrap().is_some() {}
        drop(rows);
        let steps = statement.get_status(rusqlite::StatementStatus::VmStep);
        (steps > STEPS * times)
            .then(|| format!("{steps} steps"))
            .into_iter()
            .collect()
    }
}

/// A value as the other driver takes it.
fn bound(value: &sea_orm::Value) -> rusqlite::types::Value {
    use rusqlite::types::Value as Bound;
    use sea_orm::Value;
    match value {
        Value::Bool(Some(is)) => Bound::from(*is),
        Value::SmallInt(Some(number)) => Bound::from(*number),
        Value::Int(Some(number)) => Bound::from(*number),
        Value::BigInt(Some(number)) => Bound::from(*number),
        Value::BigUnsigned(Some(number)) => Bound::from(i64::try_from(*number).unwrap()),
        Value::String(Some(text)) => Bound::from(text.clone()),
        Value::Bytes(Some(bytes)) => Bound::from(bytes.clone()),
        Value::Uuid(Some(id)) => Bound::from(id.as_bytes().to_vec()),
        Value::Bool(None)
        | Value::SmallInt(None)
        | Value::Int(None)
        | Value::BigInt(None)
        | Value::String(None)
        | Value::Bytes(None)
        | Value::Uuid(None) => Bound::Null,
        other => panic!("{other:?} was not sent before"),
    }
}

fn walk(node: &serde_json::Value, found: &mut Vec<(String, String, f64)>) {
    let table = node["Relation Name"].as_str().unwrap_or_default();
    let number = |name: &str| node[name].as_f64().unwrap_or(0.0);
    let rows = number("Actual Rows") + number("Rows Removed by Filter") + number("Rows Removed by Index Recheck");
    let touched = rows * number("Actual Loops");
    let kind = node["Node Type"].as_str().unwrap_or_default();
    if LARGE.contains(&table) {
        found.push((table.to_owned(), kind.to_owned(), touched));
    }
    for below in node["Plans"].as_array().into_iter().flatten() {
        walk(below, found);
    }
}
