//! Members: who sees whom, posts with their past, and what ends when a member leaves.

use liangnuo_domain::{MemberId, Refusal, Role, UnitId, members::MemberFields};
use liangnuo_persistence::{
    PageRequest, StoreError,
    callers::Caller,
    idempotency::IdempotencyKey,
    members::{MemberFilter, MemberVerb, MemberView},
};
use liangnuo_test_support::NOW;
use serde_json::json;
use uuid::Uuid;

use crate::support::{World, at, at_once, field_errors, key, refusal};

const NOBODY: MemberId = MemberId(Uuid::from_u128(4));

fn with_post(name: &str, post: Option<&str>, post_en: Option<&str>) -> MemberFields {
    MemberFields {
        name: name.to_owned(),
        post: post.map(str::to_owned),
        post_en: post_en.map(str::to_owned),
        ..MemberFields::default()
    }
}

fn post_of(view: &MemberView) -> (Option<&str>, Option<&str>) {
    let fields = &view.member.fields;
    (fields.post.as_deref(), fields.post_en.as_deref())
}

async fn create(world: &World, unit: UnitId, fields: MemberFields) -> Result<MemberView, StoreError> {
    let key = IdempotencyKey::new("member", world.store().ids().v4(), "create", b"");
    let created = world.store().create_member(world.admin(), key, unit, fields, NOW);
    created.await.map(|(view, _)| view)
}

async fn edit(
    world: &World,
    view: &MemberView,
    seconds: i64,
    patch: impl FnOnce(MemberFields) -> MemberFields + Send + 'static,
) -> Result<MemberView, StoreError> {
    let (store, member) = (world.store(), &view.member);
    store
        .edit_member(world.admin(), member.id, member.version, patch, at(seconds))
        .await
}

/// What a member held, oldest first: post, seconds from and to.
async fn held(world: &World, member: MemberId) -> Vec<String> {
    let sql = format!(
        "SELECT p.name || ' ' || ((h.valid_from - {now}) / 1000000)
            || '-' || COALESCE(CAST((h.valid_to - {now}) / 1000000 AS TEXT), '')
         FROM post_holders h JOIN posts p ON p.id = h.post_id
         WHERE h.member_id = {} ORDER BY h.valid_from, h.valid_to",
        world.id(member.0),
        now = NOW.micros(),
    );
    world.db.texts(&sql).await
}

async fn posts(world: &World, unit: UnitId, name: &str) -> i64 {
    let sql = format!(
        "SELECT COUNT(*) FROM posts WHERE unit_id = {} AND name = '{name}'",
        world.id(unit.0)
    );
    world.db.number(&sql).await
}

#[tokio::test]
async fn a_new_member_stands_in_the_unit_and_in_the_log() {
    let world = World::new().await;
    let (own, branch) = (world.county.own, world.county.branch);
    let fields = MemberFields {
        branch: Some(branch),
        is_party_member: true,
        ..with_post("梁秀英", Some("教导主任"), Some("Director of studies"))
    };
    let store = world.store();
    let create = || store.create_member(world.admin(), key(1), own, fields.clone(), NOW);
    let (view, is_replay) = create().await.unwrap();
    assert!(!is_replay);
    assert_eq!(view.member.fields, fields);
    assert_eq!((view.unit.id, view.branch.clone().unwrap().id), (own, branch));
    assert_eq!(
        view.allowed,
        [
            MemberVerb::Edit,
            MemberVerb::Move,
            MemberVerb::ShowCard,
            MemberVerb::HandOver,
            MemberVerb::Close
        ]
    );
    let expected = json!({"unit": own});
    let log = world.log_of(view.member.id.0).await;
    assert_eq!(log, [("members.created".to_owned(), "member".to_owned(), expected)]);
    let events = world.events().await;
    assert_eq!(create().await.unwrap(), (view, true));
    assert_eq!(world.events().await, events);
}

#[tokio::test]
async fn hidden_answers_as_missing() {
    let world = World::new().await;
    let (store, county) = (world.store(), &world.county);
    let stranger = county.root_member(Role::Leader);
    for role in Role::ALL
        .into_iter()
        .filter(|role| !liangnuo_domain::policy::MEMBER_READERS.contains(role))
    {
        let by = county.caller(role);
        for id in [county.member(Role::Admin), stranger, NOBODY] {
            assert!(
                matches!(store.member(&by, id, NOW).await, Err(StoreError::NotFound)),
                "{role:?}"
            );
            let edited = store.edit_member(by.clone(), id, 99, |fields| fields, NOW);
            assert!(matches!(edited.await, Err(StoreError::NotFound)), "{role:?}");
            let moved = store.move_member(by.clone(), id, 99, county.sibling, NOW);
            assert!(matches!(moved.await, Err(StoreError::NotFound)), "{role:?}");
            let closed = store.close_member(by.clone(), id, 99, "调离".to_owned(), NOW);
            assert!(matches!(closed.await, Err(StoreError::NotFound)), "{role:?}");
        }
        let request = PageRequest::first(5);
        let list = store.list_members(&by, MemberFilter::default(), &request, NOW);
        assert!(matches!(list.await, Err(StoreError::Forbidden)), "{role:?}");
        // Everybody sees their own record, and may not change it.
        let own = store.member(&by, by.actor.member, NOW).await.unwrap();
        assert_eq!(own.allowed, []);
        let edited = store.edit_member(by.clone(), by.actor.member, 99, |fields| fields, NOW);
        assert!(matches!(edited.await, Err(StoreError::Forbidden)), "{role:?}");
        let created = store.create_member(by, key(1), county.own, with_post("王敏", None, None), NOW);
        assert!(matches!(created.await, Err(StoreError::Forbidden)), "{role:?}");
    }
    // The head sees the school, and nobody beyond.
    let head = county.caller(Role::UnitHead);
    assert!(store.member(&head, county.member(Role::Handler), NOW).await.is_ok());
    assert!(matches!(
        store.member(&head, stranger, NOW).await,
        Err(StoreError::NotFound)
    ));
}

/// Everybody whom a list shows, page by page.
async fn listed(world: &World, by: &Caller, filter: MemberFilter) -> Vec<String> {
    let mut request = PageRequest::first(4);
    let mut names = Vec::new();
    loop {
        let page = world
            .store()
            .list_members(by, filter.clone(), &request, NOW)
            .await
            .unwrap();
        names.extend(page.items.into_iter().map(|view| view.member.fields.name));
        if page.next_cursor.is_none() {
            return names;
        }
        request.cursor = page.next_cursor;
    }
}

#[tokio::test]
async fn a_list_shows_the_callers_subtrees_and_no_more() {
    let world = World::new().await;
    let county = &world.county;
    let head = county.caller(Role::UnitHead);
    for (unit, name) in [(county.child, "教学点的王敏"), (county.sibling, "石桥的王敏")] {
        create(&world, unit, with_post(name, None, None)).await.unwrap();
    }
    let all = listed(&world, &world.admin(), MemberFilter::default()).await;
    assert_eq!(all.len(), 2 * Role::ALL.len() + 2);
    assert!(all.is_sorted());
    let seen = listed(&world, &head, MemberFilter::default()).await;
    assert_eq!(seen.len(), Role::ALL.len() + 1);
    assert!(seen.contains(&"教学点的王敏".to_owned()));
    let in_unit = |unit| MemberFilter {
        unit: Some(unit),
        ..MemberFilter::default()
    };
    assert_eq!(listed(&world, &head, in_unit(county.child)).await, ["教学点的王敏"]);
    assert_eq!(listed(&world, &head, in_unit(county.root)).await.len(), seen.len());
    assert_eq!(listed(&world, &head, in_unit(county.sibling)).await, [""; 0]);
    assert_eq!(listed(&world, &head, in_unit(UnitId(NOBODY.0))).await, [""; 0]);
    let called = |q: &str| MemberFilter {
        q: Some(q.to_owned()),
        ..MemberFilter::default()
    };
    assert_eq!(listed(&world, &head, called("王敏")).await, ["教学点的王敏"]);
    assert_eq!(listed(&world, &head, called("%")).await, [""; 0]);
    assert_eq!(listed(&world, &world.admin(), called("ROOT_H")).await, ["root_handler"]);
}

#[tokio::test]
async fn a_post_begins_ends_and_is_remembered() {
    let world = World::new().await;
    let (own, sibling) = (world.county.own, world.county.sibling);
    let view = create(&world, own, with_post("梁秀英", Some("会计"), None))
        .await
        .unwrap();
    let id = view.member.id;
    let patch = |post: Option<&str>, post_en: Option<&str>| {
        let wanted = with_post("", post, post_en);
        move |fields: MemberFields| MemberFields {
            post: wanted.post,
            post_en: wanted.post_en,
            ..fields
        }
    };
    let view = edit(&world, &view, 10, patch(Some("总务主任"), Some("Bursar")))
        .await
        .unwrap();
    assert_eq!(post_of(&view), (Some("总务主任"), Some("Bursar")));
    assert_eq!(held(&world, id).await, ["会计 0-10", "总务主任 10-"]);
    // Only the English word changes: the post goes on.
    let view = edit(&world, &view, 20, patch(Some("总务主任"), Some("Head of services")))
        .await
        .unwrap();
    assert_eq!(post_of(&view), (Some("总务主任"), Some("Head of services")));
    assert_eq!(held(&world, id).await, ["会计 0-10", "总务主任 10-"]);
    let view = edit(&world, &view, 30, patch(None, None)).await.unwrap();
    assert_eq!(post_of(&view), (None, None));
    let view = edit(&world, &view, 40, patch(Some("会计"), None)).await.unwrap();
    // Moving leaves the post behind.
    let (store, version) = (world.store(), view.member.version);
    let moved = store
        .move_member(world.admin(), id, version, sibling, at(50))
        .await
        .unwrap();
    assert_eq!((moved.unit.id, post_of(&moved)), (sibling, (None, None)));
    assert_eq!(held(&world, id).await, ["会计 0-10", "总务主任 10-30", "会计 40-50"]);
    assert_eq!(posts(&world, own, "会计").await, 1);
    let mut expected = vec!["members.created"];
    expected.extend(["members.edited"; 4]);
    expected.push("members.moved");
    assert_eq!(world.actions_of(id.0).await, expected);
    let log = world.log_of(id.0).await;
    assert_eq!(log[1].2, json!({"fields": ["post"]}));
    assert_eq!(log[5].2, json!({"from": own, "to": sibling}));
}

#[tokio::test]
async fn those_who_hold_one_post_share_its_name_in_english() {
    let world = World::new().await;
    let own = world.county.own;
    let first = create(&world, own, with_post("甲", Some("数学教师"), Some("Maths teacher")))
        .await
        .unwrap();
    // Who says nothing of the English name takes nothing away.
    let second = create(&world, own, with_post("乙", Some("数学教师"), None))
        .await
        .unwrap();
    assert_eq!(post_of(&second), (Some("数学教师"), Some("Maths teacher")));
    let third = create(
        &world,
        own,
        with_post("丙", Some("数学教师"), Some("Mathematics teacher")),
    )
    .await
    .unwrap();
    assert_eq!(post_of(&third).1, Some("Mathematics teacher"));
    let first = world
        .store()
        .member(&world.admin(), first.member.id, NOW)
        .await
        .unwrap();
    assert_eq!(post_of(&first).1, Some("Mathematics teacher"));
    assert_eq!(posts(&world, own, "数学教师").await, 1);
    // In another unit it is another post.
    let elsewhere = create(&world, world.county.sibling, with_post("丁", Some("数学教师"), None))
        .await
        .unwrap();
    assert_eq!(post_of(&elsewhere), (Some("数学教师"), None));
}

#[tokio::test]
async fn a_branch_is_an_open_branch() {
    let world = World::new().await;
    let county = &world.county;
    let unknown = [("/branch_id".to_owned(), "unknown_branch")];
    for branch in [county.own, UnitId(NOBODY.0)] {
        let fields = MemberFields {
            branch: Some(branch),
            ..with_post("王敏", None, None)
        };
        assert_eq!(field_errors(create(&world, county.own, fields).await), unknown);
        let view = world
            .store()
            .member(&world.admin(), world.member(Role::Handler), NOW)
            .await
            .unwrap();
        let patch = move |fields| MemberFields {
            branch: Some(branch),
            ..fields
        };
        assert_eq!(field_errors(edit(&world, &view, 0, patch).await), unknown);
    }
    let closed = world
        .store()
        .close_unit(world.admin(), county.branch, 1, "撤并".to_owned(), NOW);
    closed.await.unwrap();
    let fields = MemberFields {
        branch: Some(county.branch),
        ..with_post("王敏", None, None)
    };
    assert_eq!(field_errors(create(&world, county.own, fields).await), unknown);
    let nowhere = create(&world, county.branch, with_post("王敏", None, None));
    assert_eq!(field_errors(nowhere.await), [("/unit_id".to_owned(), "unknown_unit")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_writer_is_told_that_the_record_has_changed() {
    let world = World::new().await;
    let id = world.member(Role::Handler);
    let answers = at_once(20, |number| {
        let (store, admin) = (world.store().clone(), world.admin());
        async move {
            let patch = move |fields| MemberFields {
                post: Some(format!("岗位{number}")),
                ..fields
            };
            store.edit_member(admin, id, 1, patch, at(1)).await
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
    assert_eq!(held(&world, id).await.len(), 2);
}

#[tokio::test]
async fn leaving_ends_roles_posts_account_and_sessions() {
    let world = World::new().await;
    let (store, county) = (world.store(), &world.county);
    let id = county.member(Role::Handler);
    let (_, session) = world.sign_in("handler", b"token", NOW).await;
    let handler = store.caller_of(session, NOW).await.unwrap();
    assert!(handler.actor.holds(&[Role::Handler]));
    let case = world.file(Some(county.own)).await;
    world.assign(case, county.own, id).await.unwrap();
    let close = || store.close_member(world.admin(), id, 1, "退休".to_owned(), at(60));
    assert_eq!(refusal(close().await), "not_ready");
    assert!(store.caller_of(session, NOW).await.is_ok());
    world.end(case).await;
    let view = close().await.unwrap();
    assert_eq!((view.member.closed_at, view.member.version), (Some(at(60)), 2));
    assert_eq!((view.allowed.clone(), post_of(&view)), (Vec::new(), (None, None)));
    assert!(held(&world, id).await[0].ends_with("-60"));
    assert_eq!(world.actions_of(id.0).await, ["members.created", "members.closed"]);
    // Nothing of the sign-in is left.
    assert!(matches!(
        store.caller_of(session, at(61)).await,
        Err(StoreError::SessionEnded)
    ));
    assert!(store.account_for_login("handler").await.unwrap().is_none());
    let renewed = store.renew_session(b"token".to_vec(), b"next".to_vec(), at(61));
    assert!(matches!(renewed.await, Err(StoreError::SessionEnded)));
    let open = format!(
        "SELECT COUNT(*) FROM role_grants WHERE member_id = {} AND valid_to IS NULL",
        world.id(id.0)
    );
    assert_eq!(world.db.number(&open).await, 0);
    // A closed record stays as it is.
    assert_eq!(
        refusal(edit(&world, &view, 70, |_| with_post("别人", None, None)).await),
        "wrong_state"
    );
    let moved = store.move_member(world.admin(), id, 2, county.sibling, NOW);
    assert_eq!(refusal(moved.await), "wrong_state");
    // It is listed on demand.
    let filter = |include_closed| MemberFilter {
        include_closed,
        q: Some("handler".to_owned()),
        ..MemberFilter::default()
    };
    assert_eq!(listed(&world, &world.admin(), filter(false)).await, ["root_handler"]);
    assert_eq!(
        listed(&world, &world.admin(), filter(true)).await,
        ["handler", "root_handler"]
    );
}

#[tokio::test]
async fn nobody_closes_their_own_record() {
    let world = World::new().await;
    let (store, admin) = (world.store(), world.admin());
    let own = admin.actor.member;
    let closed = store.close_member(admin.clone(), own, 1, "退休".to_owned(), NOW).await;
    assert!(matches!(closed, Err(StoreError::Refused(Refusal::OwnWork))));
    let view = store.member(&admin, own, NOW).await.unwrap();
    assert_eq!(
        view.allowed,
        [
            MemberVerb::Edit,
            MemberVerb::Move,
            MemberVerb::ShowCard,
            MemberVerb::HandOver
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_case_is_left_with_who_leaves() {
    let world = World::new().await;
    let own = world.county.own;
    let office = world.county.root_caller(Role::CampaignOffice);
    for round in 0..4 {
        let member = create(&world, own, with_post("王敏", None, None))
            .await
            .unwrap()
            .member
            .id;
        let sql = format!(
            "INSERT INTO role_grants (region_id, id, member_id, unit_id, role, valid_from)
             VALUES ({}, {}, {}, {}, 'handler', 0)",
            world.id(world.county.root.0),
            world.id(Uuid::from_u128(round)),
            world.id(member.0),
            world.id(own.0),
        );
        world.db.execute(&sql).await.unwrap();
        let mut cases = Vec::new();
        for _ in 0..4 {
            let case = world.file(Some(own)).await;
            world
                .store()
                .step_case(
                    office.clone(),
                    case,
                    1,
                    liangnuo_persistence::complaints::CaseStep::Accept,
                    NOW,
                )
                .await
                .unwrap();
            cases.push(case);
        }
        at_once(5, |number| {
            let (store, admin, office) = (world.store().clone(), world.admin(), office.clone());
            let case = usize::try_from(number).ok().and_then(|at| cases.get(at).copied());
            async move {
                let outcome = match case {
                    None => store
                        .close_member(admin, member, 1, "调离".to_owned(), NOW)
                        .await
                        .map(drop),
                    Some(case) => {
                        let to = liangnuo_persistence::complaints::Assignment {
                            unit: own,
                            handler: Some(member),
                            note: None,
                        };
                        store.assign_case(office, case, 2, to, NOW).await.map(drop)
                    }
                };
                assert!(matches!(outcome, Ok(()) | Err(StoreError::Refused(_))), "{outcome:?}");
            }
        })
        .await;
    }
    let sql = "SELECT COUNT(*) FROM complaints c JOIN members m ON m.id = c.handler_id WHERE m.closed_at IS NOT NULL";
    assert_eq!(world.db.number(sql).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_left_in_a_unit_that_closes() {
    let world = World::new().await;
    for round in 0..5 {
        let unit = world.school(world.county.root, &format!("甲{round}小学")).await.unit.id;
        at_once(8, |number| {
            let (store, admin) = (world.store().clone(), world.admin());
            async move {
                let outcome = if number == 0 {
                    store.close_unit(admin, unit, 1, "撤并".to_owned(), NOW).await.map(drop)
                } else {
                    let fields = with_post("王敏", Some("教师"), None);
                    let key = key(100 * round + number);
                    store.create_member(admin, key, unit, fields, NOW).await.map(drop)
                };
                assert!(matches!(outcome, Ok(()) | Err(StoreError::Refused(_))), "{outcome:?}");
            }
        })
        .await;
        assert!(posts(&world, unit, "教师").await <= 1);
    }
    let sql = "SELECT COUNT(*) FROM members m JOIN units u ON u.id = m.unit_id
               WHERE u.closed_at IS NOT NULL AND m.closed_at IS NULL";
    assert_eq!(world.db.number(sql).await, 0);
}
