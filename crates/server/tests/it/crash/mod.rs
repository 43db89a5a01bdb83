//! The server dies in the middle of its work, again and again. What it answered is there when it is back, once; what it did
//! not answer is asked for again with the same key, and is there once as well.
//!
//! A short form runs with the tests. `script/crash` runs the long one, where PostgreSQL dies, too.

mod client;
mod served;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use client::{Client, Journal};
use liangnuo_test_support::{TestDb, database::texts};
use served::{Served, demo};

const CLIENTS: usize = 8;

/// How long it goes on.
struct Length {
    rounds: usize,
    /// Acknowledged writes between two deaths, at least.
    writes: usize,
    /// Ends and starts PostgreSQL, if there is one of our own.
    restart_database: Option<PathBuf>,
    /// Else its connections to this one database are cut.
    psql: Option<PathBuf>,
}

#[expect(clippy::disallowed_methods, reason = "how long the test runs is said from outside")]
fn length() -> Length {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().unwrap());
    Length {
        rounds: number("CRASH_ROUNDS").unwrap_or(4),
        writes: number("CRASH_WRITES").unwrap_or(100),
        restart_database: std::env::var_os("CRASH_RESTART_DATABASE").map(PathBuf::from),
        psql: std::env::var_os("TEST_PSQL").map(PathBuf::from),
    }
}

impl Length {
    /// Takes the database away in the middle of its work; false where there is none that could be.
    fn strike_database(&self, url: &str) -> bool {
        let command = match (&self.restart_database, &self.psql) {
            _ if url.starts_with("sqlite:") => return false,
            (Some(script), _) => Command::new(script).output(),
            (None, Some(psql)) => {
                let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                           WHERE datname = current_database() AND pid <> pg_backend_pid()";
                Command::new(psql).args([url, "-qAtc", cut]).output()
            }
            (None, None) => return false,
        };
        let output = command.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        true
    }
}

#[actix_web::test]
async fn what_was_acknowledged_survives_kill_9_and_nothing_is_there_twice() {
    let length = length();
    let db = TestDb::unmigrated().await;
    let dir = tempfile::tempdir().unwrap();
    let accounts = demo(dir.path(), &db.url);
    let journal = Arc::new(Journal::default());
    let mut served = Served::start(dir.path(), &db.url);
    let started = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for number in 0..CLIENTS {
            let mut client = Client::new(served.port, number, &accounts, Arc::clone(&journal));
            scope.spawn(move || client.run());
        }
        for round in 0..length.rounds {
            let wanted = journal.acknowledged() + length.writes + usize::from(rand::random::<u8>()) / 4;
            journal.wait_for(wanted);
            if round % 4 == 3 && length.strike_database(&db.url) {
                continue;
            }
            served.kill();
            started.lock().unwrap().push(served.start_again());
        }
        journal.wait_for(journal.acknowledged() + CLIENTS);
        journal.stop();
    });
    check_log(dir.path(), &db).await;
    let (writes, repeats) = check(&journal, &db.url, served.port).await;
    let slowest = started.lock().unwrap().iter().max().copied().unwrap();
    println!(
        "{} rounds, {writes} acknowledged writes, {repeats} requests sent again, 0 lost, 0 doubled; ready again after {slowest:?} at most; {}",
        length.rounds,
        journal.oddities()
    );
    assert!(writes >= length.rounds * length.writes);
    assert_eq!(journal.server_errors(), 0, "{}", journal.oddities());
}

/// A sealer that was killed is followed by the next: everything gets its place, and the log is whole.
async fn check_log(data: &Path, db: &TestDb) {
    let began = Instant::now();
    while db.number("SELECT COUNT(*) FROM unsealed_events").await > 0 {
        assert!(began.elapsed() < Duration::from_secs(30), "nobody seals any more");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let said = served::verify_log(data, &db.url).unwrap();
    assert!(said.contains("the log is whole"), "{said}");
}

/// Compares the journal with the database, and asks once more for some of what was acknowledged.
async fn check(journal: &Journal, url: &str, port: u16) -> (usize, usize) {
    let entries = journal.entries();
    let mut there: BTreeMap<String, usize> = BTreeMap::new();
    for sql in [
        "SELECT body FROM complaints",
        "SELECT body FROM complaint_messages",
        "SELECT name FROM categories",
        "SELECT 'accepted ' || c.number FROM events e JOIN complaints c ON c.id = e.subject_id WHERE e.action = 'complaints.accepted'",
    ] {
        for text in texts(url, sql).await {
            *there.entry(text).or_default() += 1;
        }
    }
    let lost: Vec<_> = entries
        .iter()
        .filter(|entry| !there.contains_key(&entry.mark))
        .collect();
    let doubled: Vec<_> = entries
        .iter()
        .filter(|entry| there.get(&entry.mark).is_some_and(|count| *count > 1))
        .collect();
    assert!(lost.is_empty(), "{} acknowledged and not there: {lost:?}", lost.len());
    assert!(
        doubled.is_empty(),
        "{} there more than once: {doubled:?}",
        doubled.len()
    );
    for entry in entries.iter().filter(|entry| entry.request.is_some()).step_by(7) {
        let (status, body) = client::exchange(port, entry.request.as_ref().unwrap()).unwrap();
        assert_eq!(
            (status, client::essence(&body)),
            (entry.status, entry.essence.clone()),
            "{}",
            entry.mark
        );
    }
    (entries.len(), journal.repeats())
}
