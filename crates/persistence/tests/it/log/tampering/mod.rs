//! What somebody could do who owns the database: with the triggers gone, anything.

mod acts;
mod victim;

use std::collections::BTreeSet;

use acts::{COLUMNS, KINDS, Tampering};
use liangnuo_persistence::{
    StoreError,
    db::Database,
    log::{Fault, Flaw},
};
use uuid::Uuid;
use victim::{TABLES, Victim};

use super::DAY;
use crate::support::{World, at};

/// Tamperings of each of four logs: a thousand in all on SQLite. PostgreSQL takes longer to put back what was there.
const fn tamperings(database: Database) -> usize {
    match database {
        Database::Sqlite => 250,
        Database::Postgres => 60,
    }
}

impl Victim {
    /// Whether the log is found at fault as it now is.
    async fn is_found(&self, tampering: &Tampering) -> bool {
        let outside = tampering.needs_outside.then_some(self.outside.as_str());
        let verified = self.world.store().verify_log(outside, at(self.seconds + 60), |_, _| {});
        match verified.await {
            Ok(report) => !report.is_whole(),
            Err(StoreError::Inconsistent { .. }) => true,
            Err(error) => panic!("{error}"),
        }
    }

    /// The nth thing that is done to this log: first each column, then each kind, then any.
    async fn nth(&self, nth: usize) -> Tampering {
        let columns: Vec<(&str, &str)> = COLUMNS
            .iter()
            .flat_map(|(table, columns)| columns.iter().map(|column| (*table, *column)))
            .collect();
        let any = if nth < columns.len() + KINDS {
            nth
        } else {
            self.below(columns.len() + KINDS)
        };
        match columns.get(any) {
            Some((table, column)) => self.changed(table, column).await.into(),
            None => self.tampering(any - columns.len()).await,
        }
    }
}

/// Tampers with one log again and again; each tampering is found, and undone.
async fn tamper(seed: u64) {
    let victim = Victim::new(seed).await;
    let whole = victim.world.verify(victim.seconds + 60).await;
    assert_eq!(whole.named, []);
    let tamperings = tamperings(victim.world.store().database());
    let mut unnoticed = Vec::new();
    let mut found = 0;
    for nth in 0..tamperings {
        let tampering = victim.nth(nth).await;
        victim.run(&tampering.sql).await;
        if victim.is_found(&tampering).await {
            found += 1;
        } else {
            unnoticed.push(tampering.sql.clone());
        }
        let is_touched = |table: &&str| tampering.sql.contains(table);
        let touched: Vec<&str> = TABLES.into_iter().filter(is_touched).collect();
        victim.restore("copy", &touched).await;
    }
    assert_eq!(unnoticed, Vec::<String>::new());
    assert_eq!(found, tamperings);
    let after = victim.world.verify(victim.seconds + 60).await;
    assert_eq!(after, whole, "nothing is left of them");
}

#[tokio::test]
async fn every_tampering_with_a_first_log_is_found() {
    tamper(11).await;
}

#[tokio::test]
async fn every_tampering_with_a_second_log_is_found() {
    tamper(12).await;
}

#[tokio::test]
async fn every_tampering_with_a_third_log_is_found() {
    tamper(13).await;
}

#[tokio::test]
async fn every_tampering_with_a_fourth_log_is_found() {
    tamper(14).await;
}

#[tokio::test]
async fn every_column_is_tampered_with() {
    let world = World::new().await;
    for (table, columns) in COLUMNS {
        let named = match world.store().database() {
            Database::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
            Database::Postgres => {
                format!("SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}'")
            }
        };
        let there: BTreeSet<String> = world.db.texts(&named).await.into_iter().collect();
        let known: BTreeSet<String> = columns.iter().map(|&column| column.to_owned()).collect();
        assert_eq!(there, known, "{table}");
    }
}

#[tokio::test]
async fn what_is_cut_off_at_a_checkpoint_is_found_from_outside_alone() {
    let victim = Victim::new(11).await;
    let cut = victim.tampering(13).await;
    victim.run(&cut.sql).await;
    // What is left is what was signed: by itself it is whole, which is why a checkpoint is kept elsewhere.
    assert_eq!(victim.world.verify(victim.seconds + 60).await.named, []);
    let store = victim.world.store();
    let report = store.verify_log(Some(&victim.outside), at(victim.seconds + 60), |_, _| {});
    assert_eq!(report.await.unwrap().named, [Fault::Outside(Flaw::Size)]);
}

#[tokio::test]
async fn a_changed_event_is_named() {
    let victim = Victim::new(11).await;
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
    let victim = Victim::new(11).await;
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
