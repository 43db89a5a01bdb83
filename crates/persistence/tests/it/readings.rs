//! Who read which case is in the log: once for each member, case and hour, whichever process noted it.

use liangnuo_domain::{ComplaintId, Role, events::Action};
use liangnuo_persistence::{
    Store, StoreError,
    complaints::{CaseFilter, CaseSort},
    events::{EventFilter, EventSort},
    page::PageRequest,
};
use liangnuo_test_support::NOW;

use crate::support::{World, at, at_once};

const HOUR: i64 = 3_600;

impl World {
    async fn read(&self, store: &Store, role: Role, case: ComplaintId, seconds: i64) {
        let caller = self.county.root_caller(role);
        store.read_case(&caller, case, at(seconds)).await.unwrap();
    }

    async fn readings(&self) -> i64 {
        let count = "SELECT COUNT(*) FROM events WHERE action = 'complaints.read'";
        let with_detail = "SELECT COUNT(*) FROM events e JOIN event_details d ON d.event_id = e.id
             WHERE e.action = 'complaints.read'";
        let readings = self.db.number(count).await;
        assert_eq!(self.db.number(with_detail).await, readings);
        readings
    }
}

#[tokio::test]
async fn a_reading_is_written_once_for_each_member_case_and_hour() {
    let world = World::new().await;
    let (one, two) = (world.file(None).await, world.file(None).await);
    let store = world.store();
    for seconds in [0, 1, 600] {
        world.read(store, Role::CampaignOffice, one, seconds).await;
    }
    assert_eq!(world.readings().await, 0, "not before it is flushed");
    assert_eq!(store.flush_readings(NOW).await.unwrap(), 1);
    assert_eq!(store.flush_readings(NOW).await.unwrap(), 0);
    // Known by now: nothing waits.
    world.read(store, Role::CampaignOffice, one, 700).await;
    assert_eq!(store.flush_readings(NOW).await.unwrap(), 0);
    world.read(store, Role::CampaignOffice, two, 700).await;
    world.read(store, Role::Leader, one, 700).await;
    world.read(store, Role::CampaignOffice, one, HOUR).await;
    assert_eq!(store.flush_readings(NOW).await.unwrap(), 3);
    assert_eq!(world.readings().await, 4);
    let log = world.log_of(one.0).await;
    let read = log.iter().filter(|(action, by, detail)| {
        action == "complaints.read" && by == "member" && detail == &serde_json::json!({})
    });
    assert_eq!(read.count(), 3);
}

#[tokio::test]
async fn two_processes_write_the_same_reading_once() {
    let world = World::new().await;
    let cases = [world.file(None).await, world.file(None).await, world.file(None).await];
    let mut processes = Vec::new();
    for _ in 0..4 {
        processes.push(world.db.another().await);
    }
    for case in cases {
        for (nth, process) in (0..).zip(&processes) {
            world.read(process, Role::Handler, case, nth).await;
        }
    }
    // Those that each has alone are not lost beside those that others have, too.
    for (role, process) in [Role::UnitHead, Role::Leader, Role::Inspector, Role::CampaignOffice]
        .into_iter()
        .zip(&processes)
    {
        world.read(process, role, cases[0], 0).await;
    }
    let all = processes.clone();
    let written = at_once(4, |nth| {
        let process = all[usize::try_from(nth).unwrap()].clone();
        async move { process.flush_readings(NOW).await }
    });
    assert!(written.await.into_iter().all(|outcome| outcome.is_ok()));
    assert_eq!(world.readings().await, 3 + 4);
}

#[tokio::test]
async fn what_could_not_be_written_waits() {
    let world = World::new().await;
    let case = world.file(None).await;
    world.read(world.store(), Role::Leader, case, 0).await;
    world.db.run("ALTER TABLE event_details RENAME TO elsewhere").await;
    assert!(world.store().flush_readings(NOW).await.is_err());
    world.db.run("ALTER TABLE elsewhere RENAME TO event_details").await;
    assert_eq!(world.readings().await, 0, "all or nothing");
    assert_eq!(world.store().flush_readings(NOW).await.unwrap(), 1);
    assert_eq!(world.readings().await, 1);
}

#[tokio::test]
async fn reading_changes_nothing_and_is_in_no_timeline() {
    let world = World::new().await;
    let case = world.file(None).await;
    let office = world.county.root_caller(Role::CampaignOffice);
    let store = world.store();
    let before = store.case(&office, case, NOW).await.unwrap();
    world.read(store, Role::CampaignOffice, case, 0).await;
    store.flush_readings(NOW).await.unwrap();
    let after = store.case(&office, case, NOW).await.unwrap();
    assert_eq!(after.complaint, before.complaint);
    let ids = |events: Vec<liangnuo_persistence::events::Recorded>| {
        events.into_iter().map(|event| event.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(after.events), ids(before.events));
    let inspector = world.county.root_caller(Role::Inspector);
    let filter = EventFilter {
        subject: Some(case.0),
        ..EventFilter::default()
    };
    let first = PageRequest::first(10);
    let log = store.list_events(&inspector, filter, EventSort::NewestFirst, &first);
    let log = log.await.unwrap();
    let newest = &log.page.items[0];
    assert_eq!((newest.action, newest.actor), (Action::READ, Some(office.actor.member)));
    assert_eq!((newest.at, newest.unit), (Some(NOW), Some(world.county.root)));
}

#[tokio::test]
async fn a_list_is_no_reading_and_what_is_hidden_is_read_by_nobody() {
    let world = World::new().await;
    let case = world.file(Some(world.county.sibling)).await;
    let office = world.county.root_caller(Role::CampaignOffice);
    let first = PageRequest::first(20);
    let list = world
        .store()
        .list_cases(&office, CaseFilter::default(), CaseSort::NewestFirst, &first, NOW);
    assert_eq!(list.await.unwrap().items.len(), 1);
    let stranger = world.county.caller(Role::Handler);
    let refused = world.store().read_case(&stranger, case, NOW).await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
    assert_eq!(world.store().flush_readings(NOW).await.unwrap(), 0);
    // Templates that are filled with a case's facts show it.
    world.store().templates_for(&office, case, NOW).await.unwrap();
    assert_eq!(world.store().flush_readings(NOW).await.unwrap(), 1);
}
