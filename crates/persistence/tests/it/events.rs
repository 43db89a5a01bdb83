//! The event log as people look at it: what it shows to whom, in which order, narrowed down by what.

use std::collections::{BTreeMap, BTreeSet};

use liangnuo_domain::{
    ComplaintId, Role, UnitId,
    complaints::Kind,
    events::{Action, ActorKind, Subject},
};
use liangnuo_persistence::{
    StoreError,
    callers::Caller,
    complaints::CaseFilter,
    db::Database,
    events::{EventFilter, EventSort, FactValue, LoggedEvent},
    page::PageRequest,
};
use liangnuo_test_support::{NOW, cases::Chance, county::filing};
use uuid::Uuid;

use crate::{
    statistics::world,
    support::{World, at},
};

const DAY: i64 = 86_400;

/// An event as it stands in the table.
#[derive(Clone, Debug)]
struct Written {
    id: Uuid,
    kind: String,
    subject: Uuid,
    unit: Option<UnitId>,
    action: String,
}

impl World {
    /// The log as a caller pages through it.
    async fn log(&self, caller: &Caller, filter: EventFilter, sort: EventSort) -> Vec<LoggedEvent> {
        let mut request = PageRequest {
            count: true,
            ..PageRequest::first(19)
        };
        let (mut found, mut total) = (Vec::new(), None);
        loop {
            let list = self.store().list_events(caller, filter.clone(), sort, &request).await;
            let page = list.unwrap().page;
            total = total.or(page.total);
            found.extend(page.items);
            request.cursor = page.next_cursor;
            if request.cursor.is_none() {
                break;
            }
        }
        assert_eq!(
            total.map(|total| total.rows),
            u64::try_from(found.len()).ok(),
            "{filter:?}"
        );
        found
    }

    async fn ids(&self, caller: &Caller, filter: EventFilter) -> BTreeSet<Uuid> {
        let log = self.log(caller, filter, EventSort::NewestFirst).await;
        let ids: BTreeSet<Uuid> = log.iter().map(|event| event.id).collect();
        assert_eq!(ids.len(), log.len(), "nothing stands twice");
        ids
    }

    /// Every event past the product.
    async fn written(&self) -> Vec<Written> {
        let (id, subject, unit) = (self.hex("id"), self.hex("subject_id"), self.hex("unit_id"));
        let sql = format!(
            "SELECT {id} || ' ' || subject_kind || ' ' || {subject} || ' ' || COALESCE({unit}, '-') || ' ' || action FROM events"
        );
        let parse = |line: &String| {
            let parts: Vec<&str> = line.split(' ').collect();
            Written {
                id: parts[0].parse().unwrap(),
                kind: parts[1].to_owned(),
                subject: parts[2].parse().unwrap(),
                unit: parts[3].parse().ok(),
                action: parts[4].to_owned(),
            }
        };
        self.db.texts(&sql).await.iter().map(parse).collect()
    }

    /// The cases that are sealed, with where the others stand, past the product.
    async fn open_places(&self) -> BTreeMap<Uuid, UnitId> {
        let (id, unit) = (self.hex("id"), self.hex("unit_id"));
        let sql = format!("SELECT {id} || ' ' || {unit} FROM complaints WHERE is_sealed = FALSE");
        let parse = |line: &String| {
            let (id, unit) = line.split_once(' ').unwrap();
            (id.parse().unwrap(), unit.parse().unwrap())
        };
        self.db.texts(&sql).await.iter().map(parse).collect()
    }

    /// The units at or below one.
    fn below(&self, unit: UnitId) -> Vec<UnitId> {
        let county = &self.county;
        if unit == county.root {
            vec![county.root, county.own, county.child, county.sibling, county.branch]
        } else if unit == county.own {
            vec![county.own, county.child, county.branch]
        } else {
            vec![unit]
        }
    }
}

/// A reader of the log, with the unit at which they are.
struct Reader {
    name: &'static str,
    caller: Caller,
    unit: UnitId,
    is_inspector: bool,
}

fn readers(world: &World) -> Vec<Reader> {
    let county = &world.county;
    let reader = |name, caller, unit, is_inspector| Reader {
        name,
        caller,
        unit,
        is_inspector,
    };
    let with = |member, home, roles: &[(Role, UnitId)]| county.caller_of(member, home, roles);
    let (root, own) = (county.root, county.own);
    let office = county.root_member(Role::CampaignOffice);
    let handler = county.member(Role::Handler);
    vec![
        reader(
            "the county's inspector",
            county.root_caller(Role::Inspector),
            root,
            true,
        ),
        reader("a school's inspector", county.caller(Role::Inspector), own, true),
        reader("an auditor", county.root_caller(Role::AuditAdmin), root, false),
        reader("a school's auditor", county.caller(Role::AuditAdmin), own, false),
        // These are accused in some cases.
        reader(
            "an accused inspector",
            with(office, root, &[(Role::Inspector, root)]),
            root,
            true,
        ),
        reader(
            "an accused auditor",
            with(office, root, &[(Role::AuditAdmin, root)]),
            root,
            false,
        ),
        // Their unit's line is accused in others.
        reader(
            "an inspector in the line",
            with(handler, own, &[(Role::Inspector, root), (Role::Handler, own)]),
            root,
            true,
        ),
        reader(
            "an inspector whose home is accused",
            with(handler, county.child, &[(Role::Inspector, root)]),
            root,
            true,
        ),
    ]
}

/// Everything that a reader may know of, by asking for each case by itself.
async fn expected(world: &World, reader: &Reader, written: &[Written]) -> BTreeSet<Uuid> {
    let open = world.open_places().await;
    let places = world.below(reader.unit);
    let mut knows: BTreeMap<Uuid, bool> = BTreeMap::new();
    for event in written.iter().filter(|event| event.kind == "complaints") {
        if knows.contains_key(&event.subject) {
            continue;
        }
        let is_known = if reader.is_inspector {
            let case = world
                .store()
                .case(&reader.caller, ComplaintId(event.subject), NOW)
                .await;
            assert!(matches!(case, Ok(_) | Err(StoreError::NotFound)));
            case.is_ok()
        } else {
            // Whoever is accused is accused in sealed cases alone.
            open.get(&event.subject).is_some_and(|unit| places.contains(unit))
        };
        knows.insert(event.subject, is_known);
    }
    let is_here =
        |event: &Written| reader.unit == world.county.root || event.unit.is_some_and(|unit| places.contains(&unit));
    let is_known = |event: &Written| event.kind != "complaints" || knows[&event.subject];
    let seen = written.iter().filter(|event| is_here(event) && is_known(event));
    seen.map(|event| event.id).collect()
}

/// Random cases, some of them sealed afterwards, some with a colleague of the readers accused, and readings of all of them.
async fn random(seed: u64) -> (World, Vec<(ComplaintId, String)>) {
    let (world, mut chance) = world(seed, 18).await;
    let paths = world.store().category_paths(world.county.root).await.unwrap();
    let categories: Vec<_> = paths.values().copied().take(3).collect();
    let inspector = world.county.root_caller(Role::Inspector);
    let first = PageRequest::first(100);
    let list = async || {
        let list = world
            .store()
            .list_cases(&inspector, CaseFilter::default(), Default::default(), &first, NOW);
        list.await.unwrap().items
    };
    let cases = list().await.into_iter().map(|case| (case.id, case.number)).collect();
    read_some(&world, &mut chance, &cases).await;
    world.go_on(&mut chance, &categories).await;
    read_some(&world, &mut chance, &cases).await;
    (world, cases)
}

async fn read_some(world: &World, chance: &mut Chance, cases: &Vec<(ComplaintId, String)>) {
    for (case, _) in cases {
        let role = chance.pick(&[Role::Inspector, Role::CampaignOffice, Role::Leader, Role::Handler]);
        let hour = i64::try_from(chance.below(20)).unwrap() * 3_600;
        let caller = world.county.root_caller(role);
        // Whoever may not know of it has read nothing.
        drop(world.store().read_case(&caller, *case, at(-hour)).await);
    }
    while world.store().flush_readings(NOW).await.unwrap() > 0 {}
}

#[tokio::test]
async fn no_event_of_a_hidden_case_by_any_route() {
    for seed in [1, 2] {
        let (world, cases) = random(seed).await;
        let written = world.written().await;
        assert!(written.iter().any(|event| event.action == Action::ACCUSED_NAMED.code()));
        assert!(written.iter().any(|event| event.action == Action::READ.code()));
        let mut hidden = 0;
        for reader in readers(&world) {
            let may = expected(&world, &reader, &written).await;
            hidden += written.len() - may.len();
            assert!(!may.is_empty(), "{}", reader.name);
            let name = reader.name;
            // The whole log, in either direction.
            assert_eq!(world.ids(&reader.caller, EventFilter::default()).await, may, "{name}");
            let mut backwards = world
                .log(&reader.caller, EventFilter::default(), EventSort::OldestFirst)
                .await;
            backwards.reverse();
            let forwards = world
                .log(&reader.caller, EventFilter::default(), EventSort::NewestFirst)
                .await;
            assert_eq!(forwards, backwards, "{name}");
            // By id: what is hidden, and some of the rest.
            let (seen, unseen): (Vec<_>, Vec<_>) = written.iter().partition(|event| may.contains(&event.id));
            for event in unseen.into_iter().chain(seen.into_iter().step_by(9)) {
                let found = world.store().event(&reader.caller, event.id).await;
                match found {
                    Ok(_) => assert!(may.contains(&event.id), "{name} {event:?}"),
                    Err(StoreError::NotFound) => assert!(!may.contains(&event.id), "{name} {event:?}"),
                    Err(other) => panic!("{other:?}"),
                }
            }
            by_filter(&world, &reader, &cases, &written, &may).await;
        }
        assert!(hidden > 200, "only {hidden} were hidden");
    }
}

/// Each filter finds what it says among what the reader may know of, and nothing else.
async fn by_filter(
    world: &World,
    reader: &Reader,
    cases: &[(ComplaintId, String)],
    written: &[Written],
    may: &BTreeSet<Uuid>,
) {
    let among = |fits: &dyn Fn(&Written) -> bool| -> BTreeSet<Uuid> {
        let found = written.iter().filter(|event| may.contains(&event.id) && fits(event));
        found.map(|event| event.id).collect()
    };
    let any = EventFilter::default;
    let name = reader.name;
    for (case, number) in cases {
        let of_case = among(&|event| event.subject == case.0);
        let filter = EventFilter {
            subject: Some(case.0),
            ..any()
        };
        assert_eq!(world.ids(&reader.caller, filter).await, of_case, "{name} {number}");
        let filter = EventFilter {
            q: Some(number.to_lowercase()),
            ..any()
        };
        // A number is something of a case: an auditor finds none.
        let by_number = if reader.is_inspector { of_case } else { BTreeSet::new() };
        assert_eq!(world.ids(&reader.caller, filter).await, by_number, "{name} {number}");
    }
    for action in [
        Action::READ,
        Action::ACCUSED_NAMED,
        Action::of(Subject::Units, "created").unwrap(),
    ] {
        let filter = EventFilter {
            actions: vec![action],
            ..any()
        };
        let found = among(&|event| event.action == action.code());
        assert_eq!(world.ids(&reader.caller, filter).await, found, "{name} {action:?}");
    }
    for kind in Subject::ALL {
        let filter = EventFilter {
            subject_kind: Some(*kind),
            ..any()
        };
        let found = among(&|event| event.kind == kind.code());
        assert_eq!(world.ids(&reader.caller, filter).await, found, "{name} {kind:?}");
    }
}

#[tokio::test]
async fn an_auditor_is_told_no_number_no_place_and_no_detail_of_a_case() {
    let (world, _) = random(4).await;
    let auditor = world.county.root_caller(Role::AuditAdmin);
    let first = PageRequest::first(100);
    let filter = EventFilter {
        subject_kind: Some(Subject::Complaints),
        ..EventFilter::default()
    };
    let list = world
        .store()
        .list_events(&auditor, filter, EventSort::NewestFirst, &first);
    let list = list.await.unwrap();
    assert!(list.page.items.len() > 20);
    assert!(list.names.cases.is_empty() && list.names.units.is_empty());
    for event in &list.page.items {
        assert!(
            !event.is_told_all && event.unit.is_none() && event.facts.is_empty(),
            "{event:?}"
        );
    }
    // The same for an inspector has all of it.
    let inspector = world.county.root_caller(Role::Inspector);
    let list = world
        .store()
        .list_events(&inspector, EventFilter::default(), EventSort::NewestFirst, &first);
    let list = list.await.unwrap();
    assert!(list.page.items.iter().all(|event| event.is_told_all));
    let assigned = |event: &&LoggedEvent| event.action == Action::of(Subject::Complaints, "assigned").unwrap();
    let assigned = list.page.items.iter().find(assigned).unwrap();
    assert!(
        assigned
            .facts
            .iter()
            .any(|fact| matches!(fact.value, Some(FactValue::Unit(_))))
    );
    assert!(list.names.cases.contains_key(&ComplaintId(assigned.subject)));
}

#[tokio::test]
async fn who_is_inspector_of_a_school_and_auditor_of_the_county_is_told_all_of_the_school_alone() {
    let (world, _) = random(5).await;
    let county = &world.county;
    let both = [(Role::Inspector, county.own), (Role::AuditAdmin, county.root)];
    let caller = county.caller_of(county.member(Role::Inspector), county.own, &both);
    let auditor = county.root_caller(Role::AuditAdmin);
    let school = county.caller(Role::Inspector);
    let any = EventFilter::default;
    let (all, told) = (world.ids(&auditor, any()).await, world.ids(&school, any()).await);
    assert!(told.len() > 10 && told.len() < all.len());
    for event in world.log(&caller, any(), EventSort::NewestFirst).await {
        assert!(all.contains(&event.id));
        assert_eq!(event.is_told_all, told.contains(&event.id), "{event:?}");
    }
}

#[tokio::test]
async fn nobody_else_has_a_log() {
    let world = World::new().await;
    let first = PageRequest::first(20);
    for role in Role::ALL {
        for caller in [world.county.caller(role), world.county.root_caller(role)] {
            let list = world
                .store()
                .list_events(&caller, EventFilter::default(), EventSort::NewestFirst, &first)
                .await;
            let reads = matches!(role, Role::Inspector | Role::AuditAdmin);
            assert_eq!(list.is_ok(), reads, "{role:?}");
            let one = world.store().event(&caller, Uuid::nil()).await.unwrap_err();
            let expected = if reads {
                StoreError::NotFound
            } else {
                StoreError::Forbidden
            };
            assert_eq!(one.to_string(), expected.to_string(), "{role:?}");
        }
    }
}

/// Three that the public filed in the morning between what the staff did, and one on the day before.
async fn mornings(world: &World) -> Vec<ComplaintId> {
    let mut cases = Vec::new();
    for seconds in [-DAY, 10, 3_610, 7_210] {
        cases.push(world.file_at(None, at(seconds)).await);
        world.settle(*cases.last().unwrap(), at(seconds + 1_800)).await;
    }
    cases
}

#[tokio::test]
async fn no_order_no_cursor_and_no_id_tells_when_a_complainant_was_online() {
    let world = World::new().await;
    let cases = mornings(&world).await;
    let inspector = world.county.root_caller(Role::Inspector);
    let of_cases = EventFilter {
        subject_kind: Some(Subject::Complaints),
        ..EventFilter::default()
    };
    let log = world.log(&inspector, of_cases.clone(), EventSort::OldestFirst).await;
    let filed: Vec<&LoggedEvent> = log
        .iter()
        .filter(|event| event.actor_kind == ActorKind::Complainant)
        .collect();
    assert_eq!(filed.len(), cases.len());
    for event in &filed {
        assert_eq!((event.at, event.id.get_version_num()), (None, 4));
    }
    // First those of a day, all of them, then what the staff did on it, in order.
    let kinds: Vec<(String, bool)> = log
        .iter()
        .map(|event| (event.on.to_string(), event.at.is_none()))
        .collect();
    let (yesterday, today) = (at(-DAY).day().to_string(), NOW.day().to_string());
    let mut expected = vec![(yesterday.clone(), true), (yesterday, false)];
    expected.extend([true, true, true, false, false, false].map(|is_filing| (today.clone(), is_filing)));
    assert_eq!(kinds, expected);
    let moments: Vec<_> = log.iter().filter_map(|event| event.at).collect();
    assert!(moments.is_sorted());
    // The day finds them, and the order among themselves is that of random ids.
    let filter = EventFilter {
        actor_kind: Some(ActorKind::Complainant),
        from: Some(NOW.day()),
        to: Some(NOW.day()),
        ..of_cases
    };
    let found = world.log(&inspector, filter, EventSort::OldestFirst).await;
    assert_eq!(found.len(), 3);
    assert!(found.is_sorted_by_key(|event| event.id));
}

#[tokio::test]
async fn filters_go_together() {
    let world = World::new().await;
    mornings(&world).await;
    let inspector = world.county.root_caller(Role::Inspector);
    let office = world.county.root_member(Role::CampaignOffice);
    let action = |past_tense| Action::of(Subject::Complaints, past_tense).unwrap();
    let any = EventFilter::default;
    let count = async |filter: EventFilter| world.log(&inspector, filter, EventSort::NewestFirst).await.len();
    let actions = |names: &[&'static str]| EventFilter {
        actions: names.iter().map(|name| action(name)).collect(),
        ..any()
    };
    assert_eq!(count(actions(&["accepted"])).await, 4);
    assert_eq!(count(actions(&["accepted", "received"])).await, 8);
    let mixed = EventFilter {
        subject_kind: Some(Subject::Units),
        ..actions(&["accepted"])
    };
    assert_eq!(count(mixed).await, 0);
    let by_office = EventFilter {
        actor: Some(office),
        ..any()
    };
    assert_eq!(count(by_office.clone()).await, 4);
    let today = EventFilter {
        from: Some(NOW.day()),
        ..by_office.clone()
    };
    assert_eq!(count(today).await, 3);
    let never = EventFilter {
        acting_for: Some(office),
        ..any()
    };
    assert_eq!(count(never).await, 0);
    let named = |q: &str| EventFilter {
        q: Some(q.to_owned()),
        ..any()
    };
    assert_eq!(count(named(" root_campaign_office ")).await, 4);
    assert_eq!(count(named("nobody of this name")).await, 0);
    assert_eq!(count(named("2026-000001-A")).await, 0);
    assert_eq!(count(named("  ")).await, count(any()).await);
    // Another order and another filter are another list.
    let first = PageRequest::first(2);
    let page = world
        .store()
        .list_events(&inspector, any(), EventSort::NewestFirst, &first);
    let next = PageRequest {
        cursor: page.await.unwrap().page.next_cursor,
        ..PageRequest::first(2)
    };
    for (filter, sort) in [(any(), EventSort::OldestFirst), (by_office, EventSort::NewestFirst)] {
        let refused = world.store().list_events(&inspector, filter, sort, &next).await;
        assert!(matches!(refused, Err(StoreError::BadCursor)));
    }
}

#[tokio::test]
async fn a_case_that_leaves_or_is_sealed_takes_its_events_along() {
    let world = World::new().await;
    let county = &world.county;
    let case = world.file(Some(county.own)).await;
    let school = county.caller(Role::Inspector);
    let auditor = county.root_caller(Role::AuditAdmin);
    let filter = || EventFilter {
        subject: Some(case.0),
        ..EventFilter::default()
    };
    assert_eq!(world.ids(&school, filter()).await.len(), 1);
    world
        .assign(case, county.sibling, county.root_member(Role::Handler))
        .await
        .unwrap();
    assert!(world.ids(&school, filter()).await.is_empty(), "it stands elsewhere now");
    assert_eq!(world.ids(&auditor, filter()).await.len(), 3);
    let inspector = county.root_caller(Role::Inspector);
    let accused = (vec![county.root_member(Role::AuditAdmin)], vec![county.sibling]);
    world
        .store()
        .name_accused(inspector.clone(), case, 3, accused, NOW)
        .await
        .unwrap();
    assert!(world.ids(&auditor, filter()).await.is_empty());
    assert_eq!(world.ids(&inspector, filter()).await.len(), 4);
}

#[tokio::test]
async fn a_report_is_in_the_log_of_the_countys_inspectors_alone() {
    let world = World::new().await;
    let case = world.file_as(filing(Kind::Report, Some(world.county.own)), NOW).await;
    let filter = || EventFilter {
        subject: Some(case.0),
        ..EventFilter::default()
    };
    for reader in readers(&world) {
        let sees = reader.is_inspector
            && reader.unit == world.county.root
            && reader.name != "an inspector in the line"
            && reader.name != "an inspector whose home is accused";
        let found = !world.ids(&reader.caller, filter()).await.is_empty();
        assert_eq!(found, sees, "{}", reader.name);
    }
}

#[tokio::test]
async fn the_log_outlives_the_details() {
    let world = World::new().await;
    world.file(None).await;
    world.db.run("DELETE FROM event_details").await;
    let inspector = world.county.root_caller(Role::Inspector);
    let log = world
        .log(&inspector, EventFilter::default(), EventSort::NewestFirst)
        .await;
    assert!(log.len() > 20 && log.iter().all(|event| event.facts.is_empty()));
    let nothing = match world.store().database() {
        Database::Sqlite => "SELECT COUNT(*) FROM events WHERE listed_at = 0 AND at <> 0",
        Database::Postgres => "SELECT COUNT(*) FROM events WHERE listed_at > at",
    };
    assert_eq!(world.db.number(nothing).await, 0);
}
