//! Units: the tree, its closure, who may change it, and what is left in the log.

use std::collections::{BTreeSet, HashMap};

use liangnuo_domain::{Role, UnitId, units::UnitFields, units::UnitKind};
use liangnuo_persistence::{
    PageRequest, StoreError,
    idempotency::IdempotencyKey,
    units::{UnitFilter, UnitVerb},
};
use liangnuo_test_support::NOW;
use serde_json::json;
use uuid::Uuid;

use crate::support::{World, at, at_once, field_errors, key, named, refusal};

/// A place in a county that is not there.
const NOWHERE: UnitId = UnitId(Uuid::from_u128(4));

/// The closure as the database has it: ancestor, descendant, depth.
async fn closure(world: &World) -> BTreeSet<String> {
    let (above, below) = (world.hex("ancestor_id"), world.hex("descendant_id"));
    let sql = format!("SELECT {above} || ' ' || {below} || ' ' || depth FROM unit_closure");
    let rows = world.db.texts(&sql).await;
    let distinct: BTreeSet<String> = rows.iter().cloned().collect();
    assert_eq!(distinct.len(), rows.len(), "a row stands twice");
    distinct
}

/// The closure as the parents of the units have it.
async fn recomputed(world: &World) -> BTreeSet<String> {
    let (id, parent) = (world.hex("id"), world.hex("parent_id"));
    let sql = format!("SELECT {id} || ' ' || COALESCE({parent}, '') FROM units");
    let parents: HashMap<String, String> = world
        .db
        .texts(&sql)
        .await
        .iter()
        .map(|row| row.split_once(' ').unwrap())
        .map(|(id, parent)| (id.to_owned(), parent.to_owned()))
        .collect();
    let mut rows = BTreeSet::new();
    for unit in parents.keys() {
        let (mut above, mut depth) = (unit.clone(), 0);
        while !above.is_empty() {
            rows.insert(format!("{above} {unit} {depth}"));
            assert!(depth < 100, "{unit} stands in a ring");
            above = parents[&above].clone();
            depth += 1;
        }
    }
    rows
}

#[tokio::test]
async fn a_new_unit_stands_in_the_tree_and_in_the_log() {
    let world = World::new().await;
    let fields = UnitFields {
        name: " 东岭中学 ".to_owned(),
        name_en: Some("Dongling Secondary School".to_owned()),
        hotline: Some("0000-5550100".to_owned()),
        ..UnitFields::default()
    };
    let (own, store) = (world.county.own, world.store());
    let created = store.create_unit(world.admin(), key(1), own, UnitKind::School, fields, NOW);
    let (view, is_replay) = created.await.unwrap();
    assert!(!is_replay);
    assert_eq!((view.unit.fields.name.as_str(), view.unit.version), ("东岭中学", 1));
    assert_eq!(view.unit.fields.hotline.as_deref(), Some("0000-5550100"));
    let path: Vec<UnitId> = view.path.iter().map(|above| above.id).collect();
    assert_eq!(path, [world.county.root, own]);
    assert_eq!(
        view.allowed,
        [
            UnitVerb::Edit,
            UnitVerb::Move,
            UnitVerb::Merge,
            UnitVerb::Split,
            UnitVerb::Close,
            UnitVerb::CreateChild
        ]
    );
    assert_eq!(closure(&world).await, recomputed(&world).await);
    let expected = json!({"kind": "school", "parent": own});
    let log = world.log_of(view.unit.id.0).await;
    assert_eq!(log, [("units.created".to_owned(), "member".to_owned(), expected)]);
}

#[tokio::test]
async fn the_same_request_twice_makes_one_unit() {
    let world = World::new().await;
    let create = |key: IdempotencyKey| {
        let (store, admin, root) = (world.store().clone(), world.admin(), world.county.root);
        async move {
            let created = store.create_unit(admin, key, root, UnitKind::School, named("东岭中学"), NOW);
            created.await
        }
    };
    let (first, _) = create(key(1)).await.unwrap();
    let events = world.events().await;
    let (again, is_replay) = create(key(1)).await.unwrap();
    assert!(is_replay);
    assert_eq!(again, first);
    assert_eq!(world.events().await, events);
    // The key stands for another request.
    let other = IdempotencyKey::new("test", Uuid::from_u128(1), "create", b"another body");
    assert!(matches!(create(other).await, Err(StoreError::KeyReused)));
    // Somebody else's key is another key; the name is taken all the same.
    let foreign = IdempotencyKey::new("somebody", Uuid::from_u128(1), "create", b"");
    assert!(matches!(
        create(foreign).await,
        Err(StoreError::Taken { pointer: "/name" })
    ));
}

#[tokio::test]
async fn a_key_is_free_again_after_a_refusal() {
    let world = World::new().await;
    let (store, root) = (world.store(), world.county.root);
    let refused = store.create_unit(world.admin(), key(1), root, UnitKind::School, named("x"), NOW);
    assert_eq!(field_errors(refused.await), [("/name".to_owned(), "too_short")]);
    let created = store.create_unit(world.admin(), key(1), root, UnitKind::School, named("东岭中学"), NOW);
    assert!(!created.await.unwrap().1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_with_the_same_name_one_is_created() {
    let world = World::new().await;
    let answers = at_once(20, |number| {
        let (store, admin, root) = (world.store().clone(), world.admin(), world.county.root);
        async move {
            let created = store.create_unit(admin, key(number), root, UnitKind::School, named("东岭中学"), NOW);
            created.await
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for answer in answers {
        assert!(
            matches!(answer, Ok(_) | Err(StoreError::Taken { pointer: "/name" })),
            "{answer:?}"
        );
    }
    assert_eq!(closure(&world).await, recomputed(&world).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_requests_with_one_key_make_one_unit() {
    let world = World::new().await;
    let answers = at_once(20, |_| {
        let (store, admin, root) = (world.store().clone(), world.admin(), world.county.root);
        async move {
            let created = store.create_unit(admin, key(1), root, UnitKind::School, named("东岭中学"), NOW);
            created.await.unwrap()
        }
    })
    .await;
    let ids: BTreeSet<UnitId> = answers.iter().map(|(view, _)| view.unit.id).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(answers.iter().filter(|(_, is_replay)| !is_replay).count(), 1);
}

#[tokio::test]
async fn only_the_administrator_of_the_place_changes_units() {
    let world = World::new().await;
    let (store, county) = (world.store(), &world.county);
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Admin) {
        let by = county.root_caller(role);
        let created = store.create_unit(
            by.clone(),
            key(1),
            county.root,
            UnitKind::School,
            named("东岭中学"),
            NOW,
        );
        assert!(matches!(created.await, Err(StoreError::Forbidden)), "{role:?}");
        // A stale version tells nothing to whoever may not change the unit.
        let edited = store.edit_unit(by.clone(), county.own, 99, |fields| fields, NOW);
        assert!(matches!(edited.await, Err(StoreError::Forbidden)), "{role:?}");
        let moved = store.move_unit(by.clone(), county.child, 1, county.sibling, NOW);
        assert!(matches!(moved.await, Err(StoreError::Forbidden)), "{role:?}");
        let closed = store.close_unit(by.clone(), county.child, 1, "撤并".to_owned(), NOW);
        assert!(matches!(closed.await, Err(StoreError::Forbidden)), "{role:?}");
        assert_eq!(store.unit(&by, county.own).await.unwrap().allowed, []);
    }
    let local = county.caller(Role::Admin);
    let created = store.create_unit(
        local.clone(),
        key(2),
        county.own,
        UnitKind::Office,
        named("总务处"),
        NOW,
    );
    assert!(created.await.is_ok());
    let elsewhere = store.edit_unit(local.clone(), county.sibling, 1, |fields| fields, NOW);
    assert!(matches!(elsewhere.await, Err(StoreError::Forbidden)));
    // A unit is given away and taken in: the right is needed on both ends.
    let given = store.move_unit(local.clone(), county.child, 1, county.sibling, NOW);
    assert!(matches!(given.await, Err(StoreError::Forbidden)));
    let taken = store.move_unit(local, county.sibling, 1, county.own, NOW);
    assert!(matches!(taken.await, Err(StoreError::Forbidden)));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let world = World::new().await;
    let (store, admin) = (world.store(), world.admin());
    assert!(matches!(store.unit(&admin, NOWHERE).await, Err(StoreError::NotFound)));
    let edited = store.edit_unit(admin.clone(), NOWHERE, 1, |fields| fields, NOW);
    assert!(matches!(edited.await, Err(StoreError::NotFound)));
    let unknown = [("/parent_id".to_owned(), "unknown_unit")];
    let created = store.create_unit(admin.clone(), key(1), NOWHERE, UnitKind::School, named("东岭中学"), NOW);
    assert_eq!(field_errors(created.await), unknown);
    let moved = store.move_unit(admin, world.county.child, 1, NOWHERE, NOW);
    assert_eq!(field_errors(moved.await), unknown);
}

#[tokio::test]
async fn an_edit_says_what_changed_and_an_idle_one_leaves_nothing() {
    let world = World::new().await;
    let (store, own) = (world.store(), world.county.own);
    let edited = store.edit_unit(
        world.admin(),
        own,
        1,
        |fields| UnitFields {
            address: Some("柳湾镇中心路1号".to_owned()),
            ..fields
        },
        NOW,
    );
    let view = edited.await.unwrap();
    assert_eq!((view.unit.version, view.unit.fields.name.as_str()), (2, "柳湾小学"));
    let events = world.events().await;
    let idle = store.edit_unit(world.admin(), own, 2, |fields| fields, NOW);
    assert_eq!(idle.await.unwrap().unit.version, 2);
    assert_eq!(world.events().await, events);
    let log = world.log_of(own.0).await;
    assert_eq!(log[1].0, "units.edited");
    assert_eq!(log[1].2, json!({"fields": ["address"]}));
    let taken = store.edit_unit(world.admin(), own, 2, |_| named("石桥镇中心小学"), NOW);
    assert!(matches!(taken.await, Err(StoreError::Taken { pointer: "/name" })));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_writer_is_told_that_the_unit_has_changed() {
    let world = World::new().await;
    let answers = at_once(20, |number| {
        let (store, admin, own) = (world.store().clone(), world.admin(), world.county.own);
        async move {
            let head = Some(format!("校长{number}"));
            let edited = store.edit_unit(admin, own, 1, move |fields| UnitFields { head, ..fields }, NOW);
            edited.await
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for answer in answers {
        assert!(
            matches!(answer, Ok(_) | Err(StoreError::Stale { current: 2 })),
            "{answer:?}"
        );
    }
    assert_eq!(
        world.actions_of(world.county.own.0).await,
        ["units.created", "units.edited"]
    );
}

#[tokio::test]
async fn the_closure_follows_any_moves() {
    let world = World::new().await;
    let (store, admin) = (world.store(), world.admin());
    let mut units = vec![world.county.root, world.county.own, world.county.sibling];
    let random = |most: usize| usize::from(store.ids().bytes::<1>()[0]) % most;
    for number in 0..12 {
        let parent = units[random(units.len())];
        units.push(world.school(parent, &format!("第{number}小学")).await.unit.id);
    }
    let mut moved = 0;
    for step in 0..60 {
        let (unit, to) = (units[random(units.len())], units[random(units.len())]);
        let version = store.unit(&admin, unit).await.unwrap().unit.version;
        match store.move_unit(admin.clone(), unit, version, to, at(step)).await {
            Ok(view) => {
                moved += i64::from(view.unit.version > version);
                assert_eq!(view.path.last().map(|above| above.id), Some(to));
            }
            refused => assert_eq!(field_errors(refused), [("/parent_id".to_owned(), "invalid_parent")]),
        }
        assert_eq!(closure(&world).await, recomputed(&world).await);
    }
    assert!(moved > 10, "hardly anything moved");
    let logged = world
        .db
        .number("SELECT COUNT(*) FROM events WHERE action = 'units.moved'")
        .await;
    assert_eq!(logged, moved);
}

#[tokio::test(flavor = "multi_thread")]
async fn units_that_move_at_once_make_no_ring() {
    let world = World::new().await;
    let (own, sibling) = (world.county.own, world.county.sibling);
    for round in 0..5 {
        let a = world.school(own, &format!("甲{round}小学")).await.unit.id;
        let b = world.school(sibling, &format!("乙{round}小学")).await.unit.id;
        at_once(8, |number| {
            let (store, admin) = (world.store().clone(), world.admin());
            async move {
                let outcome = match number {
                    0..3 => store.move_unit(admin, a, 1, b, NOW).await,
                    3..6 => store.move_unit(admin, b, 1, a, NOW).await,
                    // Somebody else builds below what moves.
                    _ => {
                        let name = named(&format!("教学点{round}{number}"));
                        let key = key(100 * round + number);
                        let created = store.create_unit(admin, key, a, UnitKind::Office, name, NOW);
                        created.await.map(|(view, _)| view)
                    }
                };
                let is_expected = match &outcome {
                    Ok(_) | Err(StoreError::Stale { .. }) => true,
                    Err(StoreError::Refused(refusal)) => refusal.code() == "invalid_field",
                    Err(_) => false,
                };
                assert!(is_expected, "{outcome:?}");
            }
        })
        .await;
        assert_eq!(closure(&world).await, recomputed(&world).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_below_a_unit_that_closes() {
    let world = World::new().await;
    for round in 0..5 {
        let unit = world.school(world.county.own, &format!("甲{round}小学")).await.unit.id;
        at_once(8, |number| {
            let (store, admin) = (world.store().clone(), world.admin());
            async move {
                let outcome = if number == 0 {
                    store.close_unit(admin, unit, 1, "撤并".to_owned(), NOW).await
                } else {
                    let name = named(&format!("教学点{round}{number}"));
                    let key = key(100 * round + number);
                    let created = store.create_unit(admin, key, unit, UnitKind::Office, name, NOW);
                    created.await.map(|(view, _)| view)
                };
                assert!(matches!(outcome, Ok(_) | Err(StoreError::Refused(_))), "{outcome:?}");
            }
        })
        .await;
    }
    let sql = "SELECT COUNT(*) FROM units u JOIN units p ON p.id = u.parent_id
               WHERE p.closed_at IS NOT NULL AND u.closed_at IS NULL";
    assert_eq!(world.db.number(sql).await, 0);
}

#[tokio::test]
async fn a_unit_closes_only_when_it_holds_nothing() {
    let world = World::new().await;
    let (store, admin, county) = (world.store(), world.admin(), &world.county);
    let close = |id: UnitId, version: i64| store.close_unit(admin.clone(), id, version, "学校撤并".to_owned(), at(60));
    // It has a unit below it and members.
    assert_eq!(refusal(close(county.own, 1).await), "not_ready");
    assert_eq!(refusal(close(county.root, 1).await), "not_ready");
    let case = world.file(Some(county.sibling)).await;
    assert_eq!(refusal(close(county.sibling, 1).await), "not_ready");
    world.end(case).await;
    let view = close(county.sibling, 1).await.unwrap();
    assert_eq!((view.unit.closed_at, view.unit.version), (Some(at(60)), 2));
    assert_eq!(view.allowed, []);
    assert_eq!(
        world.actions_of(county.sibling.0).await,
        ["units.created", "units.closed"]
    );
    // What is closed stays as it is, and holds nothing new.
    let edited = store.edit_unit(admin.clone(), county.sibling, 2, |_| named("石桥小学"), NOW);
    assert_eq!(refusal(edited.await), "wrong_state");
    assert_eq!(refusal(close(county.sibling, 2).await), "wrong_state");
    let below = store.create_unit(
        admin.clone(),
        key(1),
        county.sibling,
        UnitKind::Office,
        named("总务处"),
        NOW,
    );
    assert_eq!(field_errors(below.await), [("/parent_id".to_owned(), "invalid_parent")]);
    // Its name is free for a successor.
    let successor = store.create_unit(
        admin.clone(),
        key(2),
        county.root,
        UnitKind::School,
        named("石桥镇中心小学"),
        NOW,
    );
    assert!(successor.await.is_ok());
    let is_public = store.public_unit(county.root, county.sibling).await;
    assert!(matches!(is_public, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn a_branch_with_members_does_not_close() {
    let world = World::new().await;
    let (store, branch) = (world.store(), world.county.branch);
    let join = store.edit_member(
        world.admin(),
        world.member(Role::Handler),
        1,
        move |fields| liangnuo_domain::members::MemberFields {
            branch: Some(branch),
            ..fields
        },
        NOW,
    );
    join.await.unwrap();
    let closed = store.close_unit(world.admin(), branch, 1, "撤并".to_owned(), NOW);
    assert_eq!(refusal(closed.await), "not_ready");
}

/// All pages of a list, each checked for its length.
async fn walk(world: &World, filter: &UnitFilter, limit: u64) -> Vec<(String, UnitId)> {
    let mut request = PageRequest::first(limit);
    request.count = true;
    let (mut found, mut total) = (Vec::new(), None);
    loop {
        let page = world
            .store()
            .list_units(world.county.root, None, filter.clone(), &request);
        let page = page.await.unwrap();
        assert_eq!(*total.get_or_insert(page.total.unwrap()), page.total.unwrap());
        found.extend(page.items.into_iter().map(|view| (view.unit.fields.name, view.unit.id)));
        match page.next_cursor {
            None => break,
            cursor => {
                assert_eq!(u64::try_from(found.len()).unwrap() % limit, 0);
                request.cursor = cursor;
            }
        }
    }
    assert_eq!(total.map(|total| total.rows), u64::try_from(found.len()).ok());
    found
}

#[tokio::test]
async fn a_list_in_pages_has_no_gaps_and_no_doubles() {
    let world = World::new().await;
    // Names twice over, so that the id must break ties; in Chinese and Latin letters of both cases.
    for number in 0..23 {
        let name = ["城关", "Beta", "alpha", "Ω", "石桥"][number % 5];
        let name = format!("{name}第{}小学", number / 2);
        world.school(world.county.own, &name).await;
        world.school(world.county.sibling, &name).await;
    }
    let filter = UnitFilter::default();
    let all = walk(&world, &filter, 100).await;
    assert_eq!(all.len(), 46 + 5);
    let mut sorted = all.clone();
    sorted.sort();
    assert_eq!(all, sorted, "by name and id, byte by byte, on each database");
    for limit in [1, 7, 17, 51] {
        assert_eq!(walk(&world, &filter, limit).await, all);
    }
    let below_own = UnitFilter {
        parent: Some(world.county.own),
        kind: Some(UnitKind::School),
        ..UnitFilter::default()
    };
    assert_eq!(walk(&world, &below_own, 10).await.len(), 23);
    // A cursor belongs to its list.
    let first = PageRequest::first(5);
    let page = world
        .store()
        .list_units(world.county.root, None, filter, &first)
        .await
        .unwrap();
    for cursor in [page.next_cursor, Some("nonsense".to_owned())] {
        let request = PageRequest {
            cursor,
            ..PageRequest::first(5)
        };
        let other = world
            .store()
            .list_units(world.county.root, None, below_own.clone(), &request);
        assert!(matches!(other.await, Err(StoreError::BadCursor)));
    }
}

#[tokio::test]
async fn a_search_takes_every_character_as_itself() {
    let world = World::new().await;
    for name in [
        "百分百%小学",
        "下划_线小学",
        "反斜\\杠小学",
        "ＡＢＣ实验小学",
        "普通小学",
    ] {
        world.school(world.county.root, name).await;
    }
    let search = async |q: &str| {
        let filter = UnitFilter {
            q: Some(q.to_owned()),
            kind: Some(UnitKind::School),
            ..UnitFilter::default()
        };
        let found = walk(&world, &filter, 100).await;
        found.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(search("%").await, ["百分百%小学"]);
    assert_eq!(search("_").await, ["下划_线小学"]);
    assert_eq!(search("\\").await, ["反斜\\杠小学"]);
    assert_eq!(search("abc").await, ["ＡＢＣ实验小学"]);
    assert_eq!(search(" ＡｂＣ实 ").await, ["ＡＢＣ实验小学"]);
    assert_eq!(search("％").await, ["百分百%小学"]);
    assert_eq!(search("'").await, [""; 0]);
    // Also in English, whatever the case; blank finds everything.
    assert_eq!(search("小学 EN").await, ["柳湾小学", "石桥镇中心小学"]);
    assert_eq!(search("  ").await.len(), 7);
}

#[tokio::test]
async fn closed_units_are_listed_on_demand() {
    let world = World::new().await;
    let (store, sibling) = (world.store(), world.county.sibling);
    let closed = store.close_unit(world.admin(), sibling, 1, "撤并".to_owned(), NOW);
    closed.await.unwrap();
    let count = async |include_closed: bool| {
        let filter = UnitFilter {
            include_closed,
            ..UnitFilter::default()
        };
        walk(&world, &filter, 100).await.len()
    };
    assert_eq!((count(false).await, count(true).await), (4, 5));
    assert_eq!(
        store
            .children_count(world.county.root, world.county.root)
            .await
            .unwrap(),
        1
    );
}

#[tokio::test]
async fn the_public_region_is_the_configured_or_the_only_one() {
    let world = World::new().await;
    let (store, county) = (world.store(), &world.county);
    let only = store.public_region(None).await.unwrap().unwrap();
    assert_eq!(only.id, county.root);
    assert_eq!(store.public_region(Some(county.root)).await.unwrap(), Some(only));
    // A unit below is no county.
    assert_eq!(store.public_region(Some(county.own)).await.unwrap(), None);
    let another = format!(
        "INSERT INTO units (region_id, id, kind, name, search_text, created_at, version)
         VALUES ({id}, {id}, 'bureau', 'x', 'x', 0, 1)",
        id = world.id(Uuid::from_u128(7))
    );
    world.db.execute(&another).await.unwrap();
    assert_eq!(store.public_region(None).await.unwrap(), None);
    // Its administrator is nobody here: another county's unit is not there.
    let mut stranger = world.admin();
    stranger.actor.region = UnitId(Uuid::from_u128(7));
    assert!(matches!(
        store.unit(&stranger, county.own).await,
        Err(StoreError::NotFound)
    ));
}
