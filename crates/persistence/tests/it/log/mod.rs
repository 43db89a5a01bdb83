//! The sealed log: each event gets one place, whatever fails on the way, and nothing that is done to it afterwards stays
//! unnoticed.

mod tampering;

use liangnuo_domain::{
    Role,
    log::{Hash, blank_hash, merkle},
};
use liangnuo_persistence::{
    Store, StoreError,
    db::Database,
    log::{Fault, Flaw, Report},
};
use liangnuo_test_support::{NOW, TestDb};
use uuid::Uuid;

use crate::support::{World, at, at_once};

const DAY: i64 = 86_400;

impl World {
    /// Seals all that waits; gives how many events that were.
    async fn seal(&self, seconds: i64) -> usize {
        seal(self.store(), seconds).await
    }

    async fn verify(&self, seconds: i64) -> Report {
        self.store().verify_log(None, at(seconds), |_, _| {}).await.unwrap()
    }

    /// A log of several days in which cases were filed; large enough that hashes of inner nodes are kept.
    async fn with_log(cases: usize, entries: u64) -> (Self, i64) {
        let world = Self::new().await;
        for _ in 0..cases {
            world.file(None).await;
        }
        let mut seconds = 0;
        loop {
            world.seal(seconds).await;
            if world.store().log_checkpoint().await.unwrap().unwrap().checkpoint.size >= entries {
                return (world, seconds);
            }
            seconds += DAY;
        }
    }

    async fn leaves(&self) -> Vec<Hash> {
        let hex = match self.store().database() {
            Database::Sqlite => "hex(leaf_hash)",
            Database::Postgres => "encode(leaf_hash, 'hex')",
        };
        let leaves = self
            .db
            .texts(&format!("SELECT {hex} FROM log_entries ORDER BY log_index"))
            .await;
        leaves
            .iter()
            .map(|leaf| liangnuo_domain::log::parse_hash(leaf).unwrap())
            .collect()
    }
}

async fn seal(store: &Store, seconds: i64) -> usize {
    let mut sealed = 0;
    loop {
        match store.seal_events(at(seconds)).await.unwrap() {
            0 => return sealed,
            more => sealed += more,
        }
    }
}

#[tokio::test]
async fn everything_that_happened_gets_one_place() {
    let world = World::new().await;
    world.file(None).await;
    let events = world.events().await;
    assert_eq!(world.db.number("SELECT COUNT(*) FROM unsealed_events").await, events);
    assert_eq!(world.verify(0).await.events, 0);
    assert_eq!(i64::try_from(world.seal(0).await).unwrap(), events);
    assert_eq!(world.db.number("SELECT COUNT(*) FROM unsealed_events").await, 0);
    let placed = "SELECT COUNT(*) FROM events e JOIN log_entries l ON l.event_id = e.id";
    assert_eq!(world.db.number(placed).await, events);

    let report = world.verify(0).await;
    assert_eq!(report.named, []);
    assert_eq!((i64::try_from(report.events).unwrap(), report.checkpoints), (events, 1));
    let signed = world.store().log_checkpoint().await.unwrap().unwrap();
    assert_eq!(
        (signed.checkpoint.size, signed.checkpoint.root),
        (report.size, report.root)
    );
    assert_eq!(signed.checkpoint.previous, None);
    // Nothing new, nothing to do.
    assert_eq!(world.seal(0).await, 0);
    assert_eq!(world.verify(0).await, report);
}

#[tokio::test]
async fn a_checkpoint_is_made_once_a_day_and_follows_the_one_before() {
    let world = World::new().await;
    world.seal(0).await;
    let first = world.store().log_checkpoint().await.unwrap().unwrap();
    world.file(None).await;
    world.seal(60).await;
    // What happened since is sealed, and shown the next day.
    assert_eq!(world.store().log_checkpoint().await.unwrap().unwrap(), first);
    assert!(world.verify(60).await.size > first.checkpoint.size);
    // Without an event, too: the checkpoint of a day must not tell that there was one.
    world.seal(DAY).await;
    let second = world.store().log_checkpoint().await.unwrap().unwrap();
    assert_eq!(second.checkpoint.previous, Some(first.checkpoint.hash()));
    world.seal(2 * DAY).await;
    let report = world.verify(2 * DAY).await;
    assert_eq!((report.checkpoints, report.named), (3, vec![]));
}

#[tokio::test]
async fn several_sealers_seal_each_event_once() {
    let world = World::new().await;
    let mut processes = Vec::new();
    for _ in 0..4 {
        processes.push(world.db.another().await);
    }
    for round in 0..5 {
        for _ in 0..8 {
            world.file(None).await;
        }
        let sealed = at_once(4, |nth| {
            let store = processes[usize::try_from(nth).unwrap()].clone();
            async move { seal(&store, round * DAY).await }
        });
        sealed.await;
        // Whoever found another one at it leaves the rest to it.
        world.seal(round * DAY).await;
    }
    let report = world.verify(5 * DAY).await;
    assert_eq!(report.named, []);
    assert_eq!(i64::try_from(report.events).unwrap(), world.events().await);
    assert_eq!(report.checkpoints, 5);
}

#[tokio::test]
async fn what_two_processes_note_at_once_waits_once() {
    let world = World::new().await;
    let case = world.file(None).await;
    let (one, two) = (world.store().clone(), world.db.another().await);
    let caller = world.county.root_caller(Role::CampaignOffice);
    for store in [&one, &two] {
        store.read_case(&caller, case, NOW).await.unwrap();
    }
    assert_eq!(one.flush_readings(NOW).await.unwrap(), 1);
    world.seal(0).await;
    // Written and sealed already: it neither waits again nor gets a second place.
    assert_eq!(two.flush_readings(NOW).await.unwrap(), 1);
    assert_eq!(world.seal(0).await, 0);
    let report = world.verify(0).await;
    assert_eq!(report.named, []);
    assert_eq!(i64::try_from(report.events).unwrap(), world.events().await);
}

#[tokio::test]
async fn a_sealer_that_fails_half_way_leaves_nothing_and_is_followed() {
    let world = World::new().await;
    let (fail, mend) = match world.store().database() {
        Database::Sqlite => (
            "CREATE TRIGGER broken BEFORE UPDATE ON log_keepers BEGIN SELECT RAISE(ABORT, 'broken'); END",
            "DROP TRIGGER broken",
        ),
        Database::Postgres => (
            "CREATE TRIGGER broken BEFORE UPDATE ON log_keepers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            "DROP TRIGGER broken ON log_keepers",
        ),
    };
    world.db.run(fail).await;
    assert!(world.store().seal_events(NOW).await.is_err());
    assert_eq!(world.db.number("SELECT COUNT(*) FROM log_entries").await, 0);
    world.db.run(mend).await;
    assert_eq!(i64::try_from(world.seal(0).await).unwrap(), world.events().await);
    assert!(world.verify(0).await.is_whole());
}

#[tokio::test]
async fn details_may_be_deleted() {
    let world = World::new().await;
    world.file(None).await;
    world.seal(0).await;
    world.db.run("DELETE FROM event_details").await;
    let report = world.verify(0).await;
    assert_eq!(report.named, []);
    assert_eq!(i64::try_from(report.events).unwrap(), world.events().await);
}

#[tokio::test]
async fn what_waits_too_long_is_named() {
    let world = World::new().await;
    let events = world.events().await;
    assert!(world.verify(300).await.is_whole());
    let late = world.verify(301).await;
    assert_eq!(i64::try_from(late.faults()).unwrap(), events);
    assert!(late.named.iter().all(|fault| matches!(fault, Fault::Late { .. })));
}

#[tokio::test]
async fn a_place_in_the_queue_without_an_event_holds_up_nobody() {
    let world = World::new().await;
    world.seal(0).await;
    let sealed = format!("SELECT {} FROM events LIMIT 1", world.hex("id"));
    let sealed = world.db.texts(&sealed).await;
    let sealed = Uuid::parse_str(&sealed[0]).unwrap();
    let never = Uuid::from_u128(7);
    for id in [sealed, never] {
        let id = world.id(id);
        world
            .db
            .run(&format!("INSERT INTO unsealed_events VALUES ({id}, {})", NOW.micros()))
            .await;
    }
    world.file(None).await;
    assert!(world.seal(0).await > 0);
    let report = world.verify(0).await;
    assert_eq!(report.named, [Fault::Lost { event: never }]);
    assert_eq!(i64::try_from(report.events).unwrap(), world.events().await);
}

#[tokio::test]
async fn a_round_full_of_forged_places_in_the_queue_holds_up_nobody() {
    const FORGED: u32 = 2_100;
    let world = World::new().await;
    world.seal(0).await;
    // Before every id that the product gives, and more than a round takes.
    let rows: Vec<String> = (1..=FORGED)
        .map(|nth| format!("({}, {})", world.id(Uuid::from_u128(nth.into())), NOW.micros()))
        .collect();
    let forge = format!("INSERT INTO unsealed_events VALUES {}", rows.join(", "));
    world.db.run(&forge).await;
    let before = world.events().await;
    world.file(None).await;
    let added = world.events().await - before;
    assert!(added > 0);
    assert_eq!(i64::try_from(world.seal(1).await).unwrap(), added);
    // The day's checkpoint comes, too.
    world.seal(DAY).await;
    let report = world.verify(1).await;
    assert_eq!(report.checkpoints, 2);
    assert_eq!(i64::try_from(report.events).unwrap(), world.events().await);
    assert_eq!(report.faults(), u64::from(FORGED));
    assert!(report.named.iter().all(|fault| matches!(fault, Fault::Lost { .. })));
    assert_eq!(
        world.db.number("SELECT COUNT(*) FROM unsealed_events").await,
        i64::from(FORGED),
        "they stay for whoever verifies"
    );
}

#[tokio::test]
async fn each_entry_is_proved_to_stand_in_the_last_checkpoint() {
    let (world, seconds) = World::with_log(20, 600).await;
    let leaves = world.leaves().await;
    let signed = world.store().log_checkpoint().await.unwrap().unwrap();
    let (size, root) = (signed.checkpoint.size, signed.checkpoint.root);
    assert_eq!(u64::try_from(leaves.len()).unwrap(), size);
    for (index, leaf) in (0..).zip(&leaves).step_by(7) {
        let proof = world.store().prove_inclusion(leaf).await.unwrap();
        assert_eq!((proof.index, &proof.signed), (index, &signed));
        assert!(merkle::includes(index, size, leaf, &proof.path, &root), "{index}");
    }
    // What is younger is not told of before the next checkpoint.
    world.file(None).await;
    world.seal(seconds + 1).await;
    let young = world.leaves().await[usize::try_from(size).unwrap()];
    for unknown in [young, blank_hash(Uuid::nil()), [0; 32]] {
        let outcome = world.store().prove_inclusion(&unknown).await;
        assert!(matches!(outcome, Err(StoreError::NotFound)));
    }
    world.seal(seconds + DAY).await;
    world.store().prove_inclusion(&young).await.unwrap();
}

#[tokio::test]
async fn without_events_there_is_no_checkpoint() {
    let db = TestDb::new().await;
    assert_eq!(seal(&db.store, 0).await, 0);
    assert_eq!(db.store.log_checkpoint().await.unwrap(), None);
    let report = db.store.verify_log(None, NOW, |_, _| {}).await.unwrap();
    assert_eq!((report.size, report.named), (0, vec![]));
    assert_eq!(report.root, merkle::empty_root());
}

#[tokio::test]
async fn another_key_is_told() {
    let world = World::new().await;
    world.seal(0).await;
    let settings = liangnuo_persistence::Settings {
        log_seed: [8; 32],
        ..world.db.settings()
    };
    let other = Store::open(settings).await.unwrap();
    let report = other.verify_log(None, NOW, |_, _| {}).await.unwrap();
    assert!(report.named.contains(&Fault::Head(Flaw::Signature)));
    // Whoever restores a database without its key goes on, and what was signed before stays signed by another key.
    world.file(None).await;
    assert!(seal(&other, DAY).await > 0);
    let report = other.verify_log(None, at(DAY), |_, _| {}).await.unwrap();
    let first = Fault::Checkpoint {
        number: 1,
        flaw: Flaw::Signature,
    };
    assert_eq!(report.named, [first]);
}
