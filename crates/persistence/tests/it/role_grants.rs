//! Role grants against the store: what ends together, what two at once can't do, and whose right an event names.

use liangnuo_domain::{MemberId, Refusal, Role, UnitId, complaints::Kind, role_grants::NewGrant};
use liangnuo_persistence::{
    PageRequest, StoreError,
    callers::Caller,
    complaints::CaseStep,
    idempotency::IdempotencyKey,
    role_grants::{GrantFilter, GrantOrder, GrantView},
};
use liangnuo_test_support::NOW;

use crate::support::{World, at, at_once, refusal};

const DAY: i64 = 86_400;

fn key(world: &World) -> IdempotencyKey {
    IdempotencyKey::new("security", world.store().ids().v4(), "create", b"")
}

fn to(member: MemberId, days: Option<i64>) -> NewGrant {
    NewGrant {
        member,
        starts_on: None,
        ends_on: days.map(|days| at(days * DAY).day()),
        reason: "岗位调整".to_owned(),
    }
}

fn security(world: &World) -> Caller {
    world.county.root_caller(Role::SecurityAdmin)
}

async fn give(world: &World, by: Caller, role: Role, unit: UnitId, new: NewGrant) -> Result<GrantView, StoreError> {
    let given = world.store().grant_role(by, key(world), role, unit, new, NOW);
    given.await.map(|(view, _)| view)
}

/// The grant by which a member holds a role.
async fn grant_of(world: &World, member: MemberId) -> GrantView {
    let filter = GrantFilter {
        member: Some(member),
        is_deputy: Some(false),
        ..GrantFilter::default()
    };
    let page = world
        .store()
        .list_role_grants(
            &security(world),
            filter,
            GrantOrder::NewestFirst,
            &PageRequest::first(5),
            NOW,
        )
        .await
        .unwrap();
    page.items[0].clone()
}

async fn name(world: &World, of: MemberId, deputy: MemberId) -> GrantView {
    let holder = grant_of(world, of).await.grant;
    let named = world.store().name_deputy(
        security(world),
        key(world),
        (holder.id, holder.version),
        to(deputy, Some(10)),
        NOW,
    );
    named.await.unwrap().0
}

async fn end(world: &World, view: &GrantView, seconds: i64) -> GrantView {
    let (id, version) = (view.grant.id, view.grant.version);
    let ended = world
        .store()
        .end_role_grant(security(world), id, version, "调离".to_owned(), at(seconds));
    ended.await.unwrap()
}

#[tokio::test]
async fn a_deputys_grant_ends_with_the_holders_and_the_log_says_all_of_it() {
    let world = World::new().await;
    let (head, clerk) = (world.member(Role::UnitHead), world.member(Role::Member));
    let named = name(&world, head, clerk).await;
    let caller = world.caller("member").await;
    assert!(caller.actor.holds(&[Role::UnitHead]));
    assert_eq!(caller.actor.stands_for[0].member, head);
    assert_eq!(caller.actor.stands_for[0].line, [world.county.own]);
    let holders = grant_of(&world, head).await;
    let ended = end(&world, &holders, 60).await;
    assert_eq!(ended.grant.term.to, Some(at(60)));
    let deputy = world
        .store()
        .role_grant(&security(&world), named.grant.id, at(60))
        .await
        .unwrap();
    assert_eq!((deputy.grant.term.to, deputy.grant.version), (Some(at(60)), 2));
    assert_eq!(deputy.grant.end_reason, None, "it ended along");
    let log = world.log_of(named.grant.id.0).await;
    assert_eq!(log[0].0, "role_grants.deputised");
    assert_eq!(log[0].2["holder"], serde_json::json!(head));
    assert_eq!(
        (log[1].0.as_str(), &log[1].2["reason"]),
        ("role_grants.ended", &serde_json::Value::Null)
    );
    let (_, session) = world.sign_in("member", b"again", at(60)).await;
    let caller = world.store().caller_of(session, at(60)).await.unwrap();
    assert!(!caller.actor.holds(&[Role::UnitHead]) && caller.actor.stands_for.is_empty());
}

#[tokio::test]
async fn who_leaves_takes_the_deputies_along() {
    let world = World::new().await;
    let (handler, clerk) = (world.member(Role::Handler), world.member(Role::Member));
    let named = name(&world, handler, clerk).await;
    // And what would have begun later never does.
    let later = NewGrant {
        starts_on: Some(at(5 * DAY).day()),
        ..to(handler, None)
    };
    let later = give(&world, security(&world), Role::UnitHead, world.county.own, later)
        .await
        .unwrap();
    world
        .store()
        .close_member(world.admin(), handler, 1, "退休".to_owned(), at(60))
        .await
        .unwrap();
    for id in [named.grant.id, later.grant.id] {
        let view = world
            .store()
            .role_grant(&security(&world), id, at(9 * DAY))
            .await
            .unwrap();
        assert_eq!(view.state.code(), "ended", "{view:?}");
    }
    assert!(matches!(
        give(
            &world,
            security(&world),
            Role::Handler,
            world.county.own,
            to(handler, None)
        )
        .await,
        Err(StoreError::Refused(Refusal::Invalid(_)))
    ));
}

#[tokio::test]
async fn an_event_names_the_holder_only_where_the_right_was_the_holders() {
    let world = World::new().await;
    let (head, handler) = (world.member(Role::UnitHead), world.member(Role::Handler));
    name(&world, head, handler).await;
    let caller = world.caller("handler").await;
    let case = world.file(Some(world.county.own)).await;
    let store = world.store();
    store
        .step_case(caller.clone(), case, 1, CaseStep::Accept, NOW)
        .await
        .unwrap();
    let step = CaseStep::Note {
        note: "已到现场".to_owned(),
    };
    store.step_case(caller.clone(), case, 2, step, NOW).await.unwrap();
    let to = liangnuo_persistence::complaints::Assignment {
        unit: world.county.own,
        handler: Some(handler),
        note: None,
    };
    let detail = store.assign_case(caller.clone(), case, 3, to, NOW).await.unwrap();
    let said: Vec<(&str, bool)> = detail
        .events
        .iter()
        .map(|event| (event.action.as_str(), event.acting_for == Some(head.0)))
        .collect();
    assert_eq!(
        said,
        [
            ("complaints.received", false),
            ("complaints.accepted", false),
            ("complaints.noted", false),
            ("complaints.assigned", true)
        ]
    );
}

#[tokio::test]
async fn deputies_of_deputies_are_shut_out_of_what_either_holder_is() {
    let world = World::new().await;
    let county = &world.county;
    let (inspector, clerk) = (county.root_member(Role::Inspector), county.root_member(Role::Member));
    // The inspector stands in for the head of the school, and somebody else for the inspector.
    name(&world, county.member(Role::UnitHead), inspector).await;
    name(&world, inspector, clerk).await;
    let caller = world.caller("root_member").await;
    let known: Vec<MemberId> = caller.actor.stands_for.iter().map(|one| one.member).collect();
    assert_eq!(known, [inspector, county.member(Role::UnitHead)]);
    let case = world.file(Some(county.own)).await;
    assert!(world.store().case(&caller, case, NOW).await.is_ok());
    let by = county.root_caller(Role::Inspector);
    let name_it = world
        .store()
        .name_accused(by, case, 1, (vec![county.member(Role::UnitHead)], vec![]), NOW);
    name_it.await.unwrap();
    assert!(matches!(
        world.store().case(&caller, case, NOW).await,
        Err(StoreError::NotFound)
    ));
    // Nor is it given to who stands in for the accused.
    let others = county.root_caller(Role::Inspector);
    let able = world.store().assignees(&others, case, county.root, NOW).await.unwrap();
    assert!(able.iter().any(|one| one.member.id == inspector));
    assert_eq!(Kind::Grievance.code(), "grievance");
}

#[tokio::test]
async fn two_who_end_each_other_leave_one() {
    let world = World::new().await;
    let first = world.county.root_member(Role::SecurityAdmin);
    let second = world.county.root_member(Role::Member);
    give(
        &world,
        security(&world),
        Role::SecurityAdmin,
        world.county.root,
        to(second, None),
    )
    .await
    .unwrap();
    let callers = [security(&world), world.caller("root_member").await];
    let grants = [
        grant_of(&world, second).await.grant.id,
        grant_of(&world, first).await.grant.id,
    ];
    let store = world.store().clone();
    let answers = at_once(2, |number| {
        let number = usize::try_from(number).unwrap();
        let (store, caller, id) = (store.clone(), callers[number].clone(), grants[number]);
        async move {
            store
                .end_role_grant(caller, id, 1, "调离".to_owned(), NOW)
                .await
                .map(drop)
        }
    })
    .await;
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(won, 1, "{answers:?}");
    let left =
        "SELECT COUNT(*) FROM role_grants WHERE role = 'security_admin' AND valid_to IS NULL AND unit_id = region_id";
    assert_eq!(world.db.number(left).await, 1);
}

#[tokio::test]
async fn what_is_kept_apart_is_not_given_by_two_at_once() {
    let world = World::new().await;
    let clerk = world.county.root_member(Role::Member);
    let store = world.store().clone();
    let (by, root) = (security(&world), world.county.root);
    let keys: Vec<IdempotencyKey> = (0..4).map(|_| key(&world)).collect();
    let answers = at_once(4, |number| {
        let number = usize::try_from(number).unwrap();
        let (store, by, key) = (store.clone(), by.clone(), keys[number].clone());
        let role = [Role::Admin, Role::AuditAdmin, Role::Leader, Role::AuditAdmin][number];
        async move {
            store
                .grant_role(by, key, role, root, to(clerk, None), NOW)
                .await
                .map(drop)
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
}

#[tokio::test]
async fn nobody_outside_the_scope_is_given_anything() {
    let world = World::new().await;
    let county = &world.county;
    let by = county.caller(Role::SecurityAdmin);
    let stranger = county.root_member(Role::Member);
    let unknown = |outcome: Result<GrantView, StoreError>| match outcome.unwrap_err() {
        StoreError::Refused(Refusal::Invalid(invalid)) => invalid.0[0].code,
        other => panic!("{other:?}"),
    };
    let own = to(county.member(Role::Member), None);
    assert_eq!(
        unknown(give(&world, by.clone(), Role::Handler, county.sibling, own.clone()).await),
        "unknown_unit"
    );
    assert_eq!(
        unknown(give(&world, by.clone(), Role::Leader, county.root, own.clone()).await),
        "unknown_unit"
    );
    assert_eq!(
        unknown(give(&world, by.clone(), Role::Handler, county.own, to(stranger, None)).await),
        "unknown_member"
    );
    assert!(give(&world, by.clone(), Role::Handler, county.child, own).await.is_ok());
    let above = grant_of(&world, county.root_member(Role::Leader)).await.grant.id;
    let hidden = world.store().role_grant(&by, above, NOW).await;
    assert!(matches!(hidden, Err(StoreError::NotFound)));
    // A head may not give roles, and may look at them.
    let head = county.caller(Role::UnitHead);
    let refused = give(
        &world,
        head.clone(),
        Role::Handler,
        county.own,
        to(county.member(Role::Member), None),
    )
    .await;
    assert!(matches!(refused, Err(StoreError::Forbidden)));
    assert_eq!(
        refusal(give(&world, by.clone(), Role::Handler, county.own, to(by.actor.member, None)).await),
        "own_roles"
    );
}
