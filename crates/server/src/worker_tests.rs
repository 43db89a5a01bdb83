//! What becomes of a delivery, whatever becomes of its work. The clock stands still unless a test moves it.

use liangnuo_domain::{ImportId, Role};
use liangnuo_persistence::{idempotency::IdempotencyKey, imports::NewImport};
use liangnuo_test_support::api::test_app;

use super::*;

const OPEN: &str = "SELECT COUNT(*) FROM outbox WHERE done_at IS NULL";

struct World {
    state: AppState,
    region: liangnuo_domain::RegionId,
    caller: liangnuo_persistence::callers::Caller,
    job: ImportId,
    db: liangnuo_test_support::TestDb,
}

/// A county with a ledger of one row that waits for a worker.
async fn world() -> World {
    let app = test_app().await;
    let caller = app.county.root_caller(Role::CampaignOffice);
    let new = NewImport {
        kind: liangnuo_domain::imports::ImportKind::Complaints,
        file_name: "ledger.csv".to_owned(),
        source: "desk".to_owned(),
        is_dry_run: false,
        is_order: false,
        mapping: r#"{"编号":"external_ref","主题":"title","时间":"received_at","详情":"body"}"#.to_owned(),
        rows_total: 1,
    };
    let content = "编号,主题,时间,详情\n1,题,2026-11-20,文\n".as_bytes().to_vec();
    let key = IdempotencyKey::new("test", app.uuid(), "import_complaints", b"");
    let (now, id) = (app.clock.now(), ImportId(app.uuid()));
    let store = &app.state.store;
    store.keep_import_piece(&caller, id, 0, content, now).await.unwrap();
    let created = store.create_import(caller.clone(), key, id, new, now).await;
    World {
        job: created.unwrap().0.id,
        state: app.state,
        region: app.county.root,
        caller,
        db: app.db,
    }
}

impl World {
    async fn job(&self) -> (&'static str, Option<String>) {
        let job = self.state.store.import_job(&self.caller, self.job).await.unwrap();
        (job.state.code(), job.failure)
    }

    async fn work(&self, is_stopping: bool) -> bool {
        let (_stop, stopping) = watch::channel(is_stopping);
        work(&self.state, Lane::Imports, &stopping).await.unwrap()
    }

    /// Leases the delivery and settles it as if its work had come to this.
    async fn settle(&self, outcome: Result<Outcome, StoreError>) {
        let now = self.state.clock.now();
        let until = now.plus_seconds(LEASE);
        let delivery = self
            .state
            .store
            .lease_deliveries(Lane::Imports, 1, now, until)
            .await
            .unwrap()
            .pop()
            .unwrap();
        let (_stop, stopping) = watch::channel(false);
        let lease = Lease {
            state: &self.state,
            stopping: &stopping,
            delivery: &delivery,
            held_until: AtomicI64::new(until.micros()),
        };
        lease.settle(outcome).await.unwrap();
    }
}

#[actix_web::test]
async fn only_finished_work_ends_its_delivery() {
    let world = world().await;
    // As often as you like: a database that is away is no failure of the run.
    for _ in 0..2 * PATIENCE {
        let busy = StoreError::Busy(sea_orm::DbErr::Custom("database is locked".to_owned()));
        world.settle(Err(busy)).await;
        world.state.clock.advance_seconds(LEASE + 1);
    }
    world.settle(Ok(Outcome::LostLease)).await;
    assert_eq!(world.db.number(OPEN).await, 1);
    world.state.clock.advance_seconds(LEASE + 1);
    assert!(world.work(false).await);
    assert_eq!((world.job().await.0, world.db.number(OPEN).await), ("succeeded", 0));
}

#[actix_web::test]
async fn a_worker_that_stops_hands_its_work_to_the_next_at_once() {
    let world = world().await;
    for _ in 0..2 * PATIENCE {
        assert!(world.work(true).await);
        assert_eq!(world.job().await.0, "running");
    }
    // No time has passed, and no try was used up.
    assert!(world.work(false).await);
    assert_eq!(world.job().await.0, "succeeded");
    assert!(!world.work(false).await);
}

#[actix_web::test]
async fn a_run_that_fails_each_time_ends_with_a_reason() {
    let world = world().await;
    world.db.execute("DELETE FROM import_file_pieces").await.unwrap();
    for _ in 1..PATIENCE {
        assert!(world.work(false).await);
        assert_eq!(world.job().await, ("running", None));
        world.state.clock.advance_seconds(LEASE + 1);
    }
    assert!(world.work(false).await);
    assert_eq!(world.job().await, ("failed", Some(GIVEN_UP.to_owned())));
    assert_eq!(world.db.number(OPEN).await, 0);
}

#[actix_web::test]
async fn a_run_that_kills_its_worker_each_time_ends_with_a_reason() {
    let world = world().await;
    for _ in 0..PATIENCE {
        let now = world.state.clock.now();
        let until = now.plus_seconds(LEASE);
        assert_eq!(
            world
                .state
                .store
                .lease_deliveries(Lane::Imports, 1, now, until)
                .await
                .unwrap()
                .len(),
            1
        );
        world.state.store.begin_run(world.region, world.job, now).await.unwrap();
        world.state.clock.advance_seconds(LEASE + 1);
    }
    assert!(world.work(false).await);
    assert_eq!(world.job().await, ("failed", Some(GIVEN_UP.to_owned())));
}

#[actix_web::test]
async fn a_worker_keeps_the_sums() {
    let world = world().await;
    assert!(world.work(false).await, "the ledger's row is imported");
    let worker = start(world.state.clone());
    let has_sums = "SELECT COUNT(*) FROM complaint_cells";
    let deadline = Instant::now() + Duration::from_secs(60);
    while world.db.number(has_sums).await == 0 {
        assert!(Instant::now() < deadline, "nobody folds");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    worker.stop().await;
    let left = world.db.number("SELECT COUNT(*) FROM complaint_sum_changes").await;
    assert_eq!(left, 0);
}

#[actix_web::test]
async fn reminders_and_new_dates_do_not_wait_for_a_ledger() {
    let world = world().await;
    // Somebody has the ledger in hand for as long as this test lasts.
    let now = world.state.clock.now();
    let store = &world.state.store;
    let held = store
        .lease_deliveries(Lane::Imports, 1, now, now.plus_seconds(3_600))
        .await
        .unwrap();
    assert_eq!(held.len(), 1);
    assert!(
        store
            .lease_deliveries(Lane::Rest, 1, now, now)
            .await
            .unwrap()
            .is_empty()
    );
    let region = world.region.0;
    let id = match world.db.url.starts_with("sqlite") {
        true => format!("X'{}'", region.simple()),
        false => format!("'{region}'"),
    };
    let rules = format!(
        "INSERT INTO outbox (id, region_id, topic, subject_id, created_at, available_at, leased_until, attempts) \
         VALUES ({id}, {id}, 'rules', {id}, 0, 0, 0, 0)"
    );
    world.db.execute(&rules).await.unwrap();
    let worker = start(world.state.clone());
    let deadline = Instant::now() + Duration::from_secs(60);
    while world.db.number(OPEN).await != 1 {
        assert!(Instant::now() < deadline, "the dates wait for the ledger");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(world.job().await.0, "queued");
    let stopped = tokio::time::timeout(Duration::from_secs(10), worker.stop()).await;
    assert!(stopped.is_ok(), "every task of the worker stops");
}

const READINGS_WRITTEN: &str = "SELECT COUNT(*) FROM events WHERE action = 'complaints.read'";

impl World {
    /// The case of the ledger's row, read by whoever handed the ledger in.
    async fn read(&self) {
        let now = self.state.clock.now();
        let first = liangnuo_persistence::PageRequest::first(1);
        let any = liangnuo_persistence::complaints::CaseFilter::default();
        let list = self
            .state
            .store
            .list_cases(&self.caller, any, Default::default(), &first, now);
        let case = list.await.unwrap().items[0].id;
        self.state.store.read_case(&self.caller, case, now).await.unwrap();
    }
}

#[actix_web::test]
async fn a_worker_writes_who_read_what_and_once_more_when_it_stops() {
    let world = world().await;
    assert!(world.work(false).await, "the ledger's row is imported");
    let worker = start(world.state.clone());
    world.read().await;
    let deadline = Instant::now() + Duration::from_secs(60);
    while world.db.number(READINGS_WRITTEN).await == 0 {
        assert!(Instant::now() < deadline, "nobody writes");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // An hour later it is another reading.
    world.state.clock.advance_seconds(3_600);
    world.read().await;
    worker.stop().await;
    assert_eq!(world.db.number(READINGS_WRITTEN).await, 2);
}
