//! The event log's share in the test of plans: narrowed down by anything, it reads no more than a page.

use liangnuo_domain::{
    MemberId, Role,
    events::{Action, ActorKind, Subject},
};
use liangnuo_persistence::{
    Store,
    callers::Caller,
    db::Database,
    events::{EventFilter, EventSort},
    page::PageRequest,
};
use liangnuo_test_support::NOW;
use uuid::Uuid;

use crate::{
    explain::{Explainer, Sent},
    support::{World, at},
};

const DAY: i64 = 86_400;

/// Three readings of each case, past the product: far more than of anything else.
pub fn readings(world: &World) -> String {
    let (id, nothing) = match world.store().database() {
        Database::Sqlite => ("randomblob(16)", "X'00'"),
        Database::Postgres => ("gen_random_uuid()", "'\\x00'::bytea"),
    };
    let leader = world.id(world.county.root_member(Role::Leader).0);
    format!(
        "INSERT INTO events (id, region_id, subject_kind, subject_id, action, actor_kind, actor_id, at, position,
             detail_hash, unit_id, listed_at)
         SELECT {id}, region_id, 'complaints', id, 'complaints.read', 'member', {leader}, received_at + n.i, 1,
             {nothing}, unit_id, received_at + n.i
         FROM complaints, (SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3) n"
    )
}

fn filters(world: &World, case: Uuid, number: &str) -> Vec<(&'static str, EventFilter)> {
    let any = EventFilter::default;
    let of = |subject, past_tense| Action::of(subject, past_tense).unwrap();
    let actions = |actions: &[Action]| EventFilter {
        actions: actions.to_vec(),
        ..any()
    };
    let kind = |kind| EventFilter {
        subject_kind: Some(kind),
        ..any()
    };
    let q = |q: &str| EventFilter {
        q: Some(q.to_owned()),
        ..any()
    };
    let actor = |actor: MemberId| EventFilter {
        actor: Some(actor),
        ..any()
    };
    let by = |kind| EventFilter {
        actor_kind: Some(kind),
        ..any()
    };
    let (rare, never) = (of(Subject::Settings, "changed"), of(Subject::Calendars, "loaded"));
    let supervised = of(Subject::Complaints, "supervised");
    vec![
        ("nothing", any()),
        ("an action", actions(&[of(Subject::Complaints, "accepted")])),
        ("a rare action", actions(&[supervised])),
        ("an action that never was", actions(&[never])),
        ("a rare and a usual action", actions(&[supervised, Action::READ])),
        ("two rare actions", actions(&[supervised, rare])),
        ("cases", kind(Subject::Complaints)),
        ("units", kind(Subject::Units)),
        ("members", kind(Subject::Members)),
        ("what never was", kind(Subject::Calendars)),
        (
            "a case",
            EventFilter {
                subject: Some(case),
                ..any()
            },
        ),
        ("a number", q(number)),
        ("a number that never was", q("2026-999999-A")),
        ("a name", q("root_leader")),
        ("nobody's name", q("无名氏")),
        ("who reads much", actor(world.county.root_member(Role::Leader))),
        ("who does nothing", actor(world.county.root_member(Role::Supervisor))),
        (
            "somebody's deputy",
            EventFilter {
                acting_for: Some(world.county.root_member(Role::Leader)),
                ..any()
            },
        ),
        ("complainants", by(ActorKind::Complainant)),
        ("the product", by(ActorKind::System)),
        ("members", by(ActorKind::Member)),
        (
            "a day long ago",
            EventFilter {
                from: Some(at(-2_000 * DAY).day()),
                to: Some(at(-1_999 * DAY).day()),
                ..any()
            },
        ),
        (
            "an action of a member on some days",
            EventFilter {
                actor: Some(world.county.root_member(Role::Leader)),
                actions: vec![Action::READ],
                from: Some(at(-100 * DAY).day()),
                ..any()
            },
        ),
    ]
}

/// Each filter by itself, and pages far down, for whoever reads the log.
pub async fn log(world: &World, store: &Store, sent: &Sent, explainer: &mut Explainer) {
    let county = &world.county;
    let callers: [(&str, Caller); 4] = [
        ("inspector", county.root_caller(Role::Inspector)),
        ("auditor", county.root_caller(Role::AuditAdmin)),
        ("school's inspector", county.caller(Role::Inspector)),
        ("school's auditor", county.caller(Role::AuditAdmin)),
    ];
    let inspector = &callers[0].1;
    let case = format!(
        "SELECT {} || ' ' || number FROM complaints WHERE body LIKE '望远镜%'",
        world.hex("id")
    );
    let found = world.db.texts(&case).await.remove(0);
    let (id, number) = found.split_once(' ').unwrap();
    let case: Uuid = id.parse().unwrap();
    sent.take();
    for (who, caller) in &callers {
        for (name, filter) in filters(world, case, number) {
            for sort in [EventSort::NewestFirst, EventSort::OldestFirst] {
                let first = PageRequest::first(20);
                store.list_events(caller, filter.clone(), sort, &first).await.unwrap();
                explainer
                    .explain(&format!("the log of the {who}, {name}, {sort:?}"), sent.take())
                    .await;
            }
        }
        let mut request = PageRequest::first(100);
        for _ in 0..6 {
            let list = store.list_events(caller, EventFilter::default(), EventSort::NewestFirst, &request);
            request.cursor = list.await.unwrap().page.next_cursor;
            explainer
                .explain(&format!("the log of the {who}, far down"), sent.take())
                .await;
        }
    }
    // A hundred, to which the steps that a statement may take are measured; an export reads more of the same at once.
    let mut request = PageRequest::first(100);
    for _ in 0..2 {
        let list = store.list_events(inspector, EventFilter::default(), EventSort::NewestFirst, &request);
        let page = list.await.unwrap().page;
        store
            .sealed_among(page.items.iter().map(|event| event.id))
            .await
            .unwrap();
        request.cursor = page.next_cursor;
        explainer.explain("the log as an export reads it", sent.take()).await;
    }
    let first = PageRequest::first(1);
    let newest = store.list_events(inspector, EventFilter::default(), EventSort::NewestFirst, &first);
    let newest = newest.await.unwrap().page.items[0].id;
    store.event(inspector, newest).await.unwrap();
    explainer.explain("an event", sent.take()).await;
    let case = liangnuo_domain::ComplaintId(case);
    store.read_case(inspector, case, NOW).await.unwrap();
    explainer.explain("a case that is read much", sent.take()).await;
    store.flush_readings(NOW).await.unwrap();
    explainer.explain("writing readings", sent.take()).await;
}
