//! What holds for the database itself, whichever it is.

use std::time::Duration;

use liangnuo_domain::units::UnitKind;
use liangnuo_persistence::{By, StoreError, db::Database, schema, tx::Unlogged};
use liangnuo_test_support::{NOW, TestDb};
use sea_orm::{ConnectOptions, ConnectionTrait as _};

use crate::support::{World, key, named};

#[tokio::test]
async fn two_that_migrate_at_once_migrate_once() {
    let db = TestDb::unmigrated().await;
    assert!(!db.store.is_ready().await.unwrap_or_default());
    let other = db.another().await;
    let both = async { tokio::join!(db.store.migrate(), other.migrate()) };
    let (one, two) = tokio::time::timeout(Duration::from_secs(30), both).await.unwrap();
    one.unwrap();
    two.unwrap();
    assert!(db.store.is_ready().await.unwrap());
    let applied = db.number("SELECT COUNT(*) FROM seaql_migrations").await;
    assert_eq!(
        applied,
        db.number("SELECT COUNT(DISTINCT version) FROM seaql_migrations").await
    );
    // Once more changes nothing.
    db.store.migrate().await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM seaql_migrations").await, applied);
}

#[tokio::test]
async fn the_committed_schema_is_what_the_migrations_make() {
    let db = TestDb::new().await;
    let committed = match db.store.database() {
        Database::Sqlite => schema::SQLITE,
        Database::Postgres => schema::POSTGRES,
    };
    assert_eq!(
        db.store.dump_schema().await.unwrap(),
        committed,
        "script/generate writes it anew"
    );
}

#[tokio::test]
async fn the_log_is_only_written_to() {
    let world = World::new().await;
    let events = world.events().await;
    assert!(events > 0);
    let entry = format!(
        "INSERT INTO log_entries VALUES (0, {}, {0})",
        world.id(world.county.root.0)
    );
    let entry = match world.store().database() {
        Database::Sqlite => entry,
        Database::Postgres => entry.replacen("::uuid)", "::bytea)", 1),
    };
    world.db.execute(&entry).await.unwrap();
    let mut attempts = vec![
        "UPDATE events SET action = 'nothing'",
        "UPDATE events SET at = 0 WHERE action = 'units.created'",
        "DELETE FROM events",
        "UPDATE log_entries SET log_index = 7",
        "DELETE FROM log_entries",
    ];
    if world.store().database() == Database::Postgres {
        attempts.extend(["TRUNCATE events", "TRUNCATE log_entries"]);
    }
    for sql in attempts {
        let refused = world.db.execute(sql).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    assert_eq!(world.events().await, events);
    assert_eq!(world.db.number("SELECT COUNT(*) FROM log_entries").await, 1);
    // Retention deletes details; the log stays.
    world.db.execute("DELETE FROM event_details").await.unwrap();
    assert_eq!(world.events().await, events);
}

#[tokio::test]
async fn a_write_without_an_event_is_a_bug() {
    let db = TestDb::new().await;
    let outcome = db
        .store
        .write(|writer| async move { writer.begin_write(By::System, NOW).await?.commit().await });
    assert!(matches!(outcome.await, Err(StoreError::Bug(_))));
}

/// Whoever adds to the list of writes that leave no event must come by here and say why.
#[test]
fn the_list_of_unlogged_writes_is_closed() {
    let kinds = [
        Unlogged::Sessions,
        Unlogged::ProofOfWork,
        Unlogged::Uploads,
        Unlogged::Jobs,
        Unlogged::Leases,
        Unlogged::Numbers,
        Unlogged::Expiry,
        Unlogged::ReadMarks,
        Unlogged::SecondFactors,
        Unlogged::Sums,
        Unlogged::Sealing,
        Unlogged::Bootstrap,
    ];
    for kind in kinds {
        match kind {
            Unlogged::Sessions
            | Unlogged::ProofOfWork
            | Unlogged::Uploads
            | Unlogged::Jobs
            | Unlogged::Leases
            | Unlogged::Numbers
            | Unlogged::Expiry
            | Unlogged::ReadMarks
            | Unlogged::SecondFactors
            | Unlogged::Sums
            | Unlogged::Sealing
            | Unlogged::Bootstrap => {}
        }
    }
}

#[tokio::test]
async fn a_panic_while_writing_is_rolled_back() {
    let db = TestDb::new().await;
    let outcome: Result<(), StoreError> = db
        .store
        .write(|writer| async move {
            let _tx = writer.begin_write(By::System, NOW).await?;
            panic!("on purpose");
        })
        .await;
    assert!(matches!(outcome, Err(StoreError::Bug(_))));
    // The writer is free again.
    db.store.delete_expired(NOW).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_away_cuts_nothing_in_two() {
    let world = World::new().await;
    let before = world.db.number("SELECT COUNT(*) FROM units").await;
    for number in 0..40 {
        let (store, admin, root) = (world.store().clone(), world.admin(), world.county.root);
        let request = tokio::spawn(async move {
            let name = named(&format!("第{number}小学"));
            let created = store.create_unit(admin, key(number), root, UnitKind::School, name, NOW);
            created.await.map(drop)
        });
        tokio::time::sleep(Duration::from_micros(u64::try_from(number).unwrap() * 100)).await;
        request.abort();
    }
    // A write after them finds the database in order, and those that were begun come to their end: on PostgreSQL beside it.
    world.school(world.county.root, "最后的小学").await;
    let counted = async || {
        let units = world.db.number("SELECT COUNT(*) FROM units").await - before;
        let logged = "SELECT COUNT(DISTINCT subject_id) FROM events WHERE action = 'units.created'";
        let placed = "SELECT COUNT(*) FROM unit_closure WHERE depth = 0";
        let kept = "SELECT COUNT(*) FROM idempotency_keys";
        [
            units,
            world.db.number(logged).await - before,
            world.db.number(placed).await - before,
            world.db.number(kept).await,
        ]
    };
    let deadline = std::time::Instant::now() + Duration::from_secs(30);
    loop {
        let found = counted().await;
        if found == [found[0]; 4] {
            break;
        }
        assert!(std::time::Instant::now() < deadline, "cut in two: {found:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn who_meets_a_locked_table_is_turned_away_in_time() {
    let world = World::new().await;
    if world.store().database() == Database::Sqlite {
        // Its readers never wait, and its writers stand in one line.
        return;
    }
    let mut options = ConnectOptions::new(&world.db.url);
    options.max_connections(1);
    let other = sea_orm::Database::connect(options).await.unwrap();
    let lock = "BEGIN; LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE";
    other.execute_unprepared(lock).await.unwrap();
    let asked = world.store().account_for_login("handler");
    let outcome = tokio::time::timeout(Duration::from_secs(4), asked).await.unwrap();
    assert!(matches!(outcome, Err(StoreError::Busy(_))), "{outcome:?}");
}
