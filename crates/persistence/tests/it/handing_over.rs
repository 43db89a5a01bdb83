//! What a member who leaves is responsible for: who gives it to whom, what stays, and that nothing is done by half.

use liangnuo_domain::{
    ComplaintId, MemberId, Role,
    complaints::{Filing, Kind},
    settings::DutyTurn,
};
use liangnuo_persistence::{
    StoreError,
    callers::Caller,
    complaints::{CaseStep, KeptCase},
    members::{HandOver, HandedOver, KeptBack, MemberView},
};
use liangnuo_test_support::{NOW, county::filing};
use serde_json::json;

use crate::support::{World, at, field_errors, refusal};

fn to(member: MemberId) -> HandOver {
    HandOver {
        to: member,
        reason: "调到县城任教".to_owned(),
        closes_record: false,
        is_dry_run: false,
    }
}

fn and_leaves(member: MemberId) -> HandOver {
    HandOver {
        closes_record: true,
        ..to(member)
    }
}

async fn hand_over(
    world: &World,
    by: Caller,
    from: MemberId,
    expected: i64,
    wanted: HandOver,
) -> Result<(HandedOver, MemberView), StoreError> {
    world.store().hand_over_member(by, from, expected, wanted, at(60)).await
}

/// A second handler of the school.
async fn colleague(world: &World) -> MemberId {
    let member = world.member(Role::Member);
    world.grant(member, Role::Handler).await;
    member
}

impl World {
    async fn grant(&self, member: MemberId, role: Role) {
        let sql = format!(
            "INSERT INTO role_grants (region_id, id, member_id, unit_id, role, valid_from)
             VALUES ({}, {}, {}, {}, '{}', 0)",
            self.id(self.county.root.0),
            self.id(self.store().ids().v4()),
            self.id(member.0),
            self.id(self.county.own.0),
            role.code(),
        );
        self.db.execute(&sql).await.unwrap();
    }

    async fn handled(&self, filing: Filing, by: MemberId) -> ComplaintId {
        let case = self.file_as(filing, NOW).await;
        self.assign(case, self.county.own, by).await.unwrap();
        case
    }

    async fn handler_of(&self, case: ComplaintId) -> String {
        let sql = format!(
            "SELECT {} FROM complaints WHERE id = {}",
            self.hex("handler_id"),
            self.id(case.0)
        );
        self.db.texts(&sql).await.pop().unwrap()
    }
}

fn of_the_school(world: &World) -> Filing {
    filing(Kind::Grievance, Some(world.county.own))
}

fn plain(member: MemberId) -> String {
    member.0.simple().to_string()
}

#[tokio::test]
async fn the_head_hands_cases_over_as_they_stand_and_the_administrator_closes_the_record() {
    let world = World::new().await;
    let (store, head) = (world.store(), world.county.caller(Role::UnitHead));
    let (from, next) = (world.member(Role::Handler), colleague(&world).await);
    let assigned = world.handled(of_the_school(&world), from).await;
    let waiting = world.handled(of_the_school(&world), from).await;
    let handler = world.county.caller(Role::Handler);
    let version = store.case(&handler, waiting, NOW).await.unwrap().complaint.version;
    let key = crate::support::key(7);
    store
        .hold_case(handler, waiting, version, "是哪一天的事？".to_owned(), 3, key, NOW)
        .await
        .unwrap();
    let held = store.holdings(&head, from, NOW).await.unwrap();
    assert_eq!((held.cases, held.other_cases, held.duty_turns), (2, None, 0));
    let admin = store.holdings(&world.admin(), from, NOW).await.unwrap();
    assert_eq!((admin.cases, admin.other_cases), (0, Some(2)), "no case, but how many");

    // To look changes nothing.
    let events = world.events().await;
    let look = HandOver {
        is_dry_run: true,
        ..to(next)
    };
    let (tried, view) = hand_over(&world, head.clone(), from, 1, look).await.unwrap();
    assert_eq!((tried.cases.moved.len(), view.member.version), (2, 1));
    assert_eq!(
        (world.events().await, world.handler_of(assigned).await),
        (events, plain(from))
    );

    let (done, view) = hand_over(&world, head.clone(), from, 1, to(next)).await.unwrap();
    assert_eq!((&done, view.member.version), (&tried, 2));
    for case in [assigned, waiting] {
        assert_eq!(world.handler_of(case).await, plain(next));
        let last = world.log_of(case.0).await.pop().unwrap();
        assert_eq!(
            (last.0.as_str(), &last.2["handler"]),
            ("complaints.assigned", &json!(next))
        );
        assert_eq!(last.2["note"], "调到县城任教");
    }
    let state = format!("SELECT state FROM complaints WHERE id = {}", world.id(waiting.0));
    assert_eq!(world.db.texts(&state).await, ["waiting"], "it still waits");
    let last = world.log_of(from.0).await.pop().unwrap();
    assert_eq!(last.0, "members.handed_over");
    assert_eq!(last.2, json!({"member": next, "cases": 2, "reason": "调到县城任教"}));

    let stale = hand_over(&world, head.clone(), from, 1, to(next)).await;
    assert!(matches!(stale, Err(StoreError::Stale { current: 2 })));
    let closed = hand_over(&world, head, from, 2, and_leaves(next)).await;
    assert!(matches!(closed, Err(StoreError::Forbidden)), "heads close no record");
    let (done, view) = hand_over(&world, world.admin(), from, 2, and_leaves(next))
        .await
        .unwrap();
    assert_eq!((done.record, view.member.closed_at), (Ok(true), Some(at(60))));
}

#[tokio::test]
async fn what_the_other_one_may_not_have_stays_and_keeps_the_record_open() {
    let world = World::new().await;
    let (store, head) = (world.store(), world.county.caller(Role::UnitHead));
    let from = world.member(Role::Handler);
    let case = world.handled(of_the_school(&world), from).await;
    // Nobody without the role.
    let (done, view) = hand_over(&world, head.clone(), from, 1, to(world.member(Role::Member)))
        .await
        .unwrap();
    assert_eq!(done.cases.moved, []);
    assert_eq!(done.cases.kept[0].1, KeptCase::NotAble);
    assert_eq!((view.member.version, world.handler_of(case).await), (1, plain(from)));
    // An administrator assigns nothing, and closes nobody who has cases.
    let next = colleague(&world).await;
    let (done, view) = hand_over(&world, world.admin(), from, 1, and_leaves(next))
        .await
        .unwrap();
    assert_eq!(
        (done.cases.moved.len(), done.cases.kept.len(), done.other_cases),
        (0, 0, Some(1))
    );
    assert_eq!((done.record, view.member.closed_at), (Err(KeptBack::OpenCases), None));
    // Whoever wrote the answer that did not satisfy does not get it back.
    let sql = format!(
        "UPDATE complaints SET redo_asked_at = {}, redo_reason = '没有查', redo_not_by = {}, state = 'redoing' WHERE id = {}",
        NOW.micros(),
        world.id(next.0),
        world.id(case.0)
    );
    world.db.execute(&sql).await.unwrap();
    let (done, _) = hand_over(&world, head.clone(), from, 1, to(next)).await.unwrap();
    assert_eq!(done.cases.kept[0].1, KeptCase::NeedsAnother);
    // A case that has ended is nobody's to hand over.
    let ended = world.handled(of_the_school(&world), from).await;
    world.end(ended).await;
    assert_eq!(store.holdings(&head, from, NOW).await.unwrap().cases, 1);
}

#[tokio::test]
async fn a_report_goes_from_inspector_to_inspector_and_never_to_the_accused() {
    let world = World::new().await;
    let (store, county) = (world.store(), &world.county);
    let (from, next) = (county.root_member(Role::Inspector), county.root_member(Role::Member));
    let inspector = county.root_caller(Role::Inspector);
    let report = world.file_as(filing(Kind::Report, Some(county.own)), NOW).await;
    let accepted = store.step_case(inspector.clone(), report, 1, CaseStep::Accept, NOW);
    let version = accepted.await.unwrap().complaint.version;
    let given = liangnuo_persistence::complaints::Assignment {
        unit: county.root,
        handler: Some(from),
        note: None,
    };
    store
        .assign_case(inspector.clone(), report, version, given, NOW)
        .await
        .unwrap();
    let grant = |role: &str| {
        format!(
            "INSERT INTO role_grants (region_id, id, member_id, unit_id, role, valid_from) VALUES ({}, {}, {}, {}, '{role}', 0)",
            world.id(county.root.0),
            world.id(store.ids().v4()),
            world.id(next.0),
            world.id(county.root.0),
        )
    };
    world.db.execute(&grant("handler")).await.unwrap();
    // A head of the whole county does not learn of it, nor of how many there are.
    let head = county.root_caller(Role::UnitHead);
    let (done, _) = hand_over(&world, head, from, 1, to(next)).await.unwrap();
    assert_eq!((done.cases.kept.len(), done.other_cases), (0, None));
    let (done, _) = hand_over(&world, inspector.clone(), from, 1, to(next)).await.unwrap();
    assert_eq!(done.cases.kept[0].1, KeptCase::NotAble, "a handler");
    world.db.execute(&grant("inspector")).await.unwrap();
    let version = store.case(&inspector, report, NOW).await.unwrap().complaint.version;
    let named = store.name_accused(inspector.clone(), report, version, (vec![next], Vec::new()), NOW);
    named.await.unwrap();
    let (done, _) = hand_over(&world, inspector.clone(), from, 1, to(next)).await.unwrap();
    assert_eq!(done.cases.kept[0].1, KeptCase::NotAble, "accused");
    let sql = format!(
        "DELETE FROM complaint_accused WHERE complaint_id = {}",
        world.id(report.0)
    );
    world.db.execute(&sql).await.unwrap();
    let (done, _) = hand_over(&world, inspector, from, 1, to(next)).await.unwrap();
    assert_eq!(
        (done.cases.moved.len(), world.handler_of(report).await),
        (1, plain(next))
    );
}

#[tokio::test]
async fn turns_of_duty_go_to_who_sees_the_whole_county() {
    let world = World::new().await;
    let (store, county) = (world.store(), &world.county);
    let (from, next) = (
        county.root_member(Role::Leader),
        county.root_member(Role::CampaignOffice),
    );
    let day = |text: &str| Some(text.parse().unwrap());
    let turn = |member, to| DutyTurn { member, from: None, to };
    let turns = vec![turn(from, None), turn(from, day("2020-01-31")), turn(next, None)];
    store
        .edit_settings(
            world.admin(),
            0,
            move |settings| liangnuo_domain::settings::Settings {
                duty: turns,
                ..settings
            },
            NOW,
        )
        .await
        .unwrap();
    let held = store.holdings(&world.admin(), from, NOW).await.unwrap();
    assert_eq!(held.duty_turns, 1, "what is over is over");
    let head = county.root_caller(Role::UnitHead);
    let (done, _) = hand_over(&world, head, from, 1, to(next)).await.unwrap();
    assert_eq!(done.duty_turns, (1, Some(KeptBack::NotYours)));
    let unable = county.root_member(Role::Member);
    let (done, _) = hand_over(&world, world.admin(), from, 1, to(unable)).await.unwrap();
    assert_eq!(done.duty_turns, (1, Some(KeptBack::NotAble)));
    let (done, view) = hand_over(&world, world.admin(), from, 1, to(next)).await.unwrap();
    assert_eq!((done.duty_turns, view.member.version), ((1, None), 2));
    let duty = store.settings(&world.admin()).await.unwrap().settings.duty;
    let on: Vec<MemberId> = duty.iter().map(|turn| turn.member).collect();
    assert_eq!(on, [next, from, next]);
    assert_eq!(world.actions_of(county.root.0).await.pop().unwrap(), "settings.changed");
}

#[tokio::test]
async fn who_can_be_named_and_who_is_hidden() {
    let world = World::new().await;
    let (store, county) = (world.store(), &world.county);
    let (head, from) = (county.caller(Role::UnitHead), world.member(Role::Handler));
    // A head names nobody beyond the school, nobody who has left, and nobody the member themselves.
    let unknown = [("/to_member_id".to_owned(), "unknown_member")];
    for beyond in [county.root_member(Role::Handler), MemberId(uuid::Uuid::nil())] {
        let named = hand_over(&world, head.clone(), from, 1, to(beyond)).await;
        assert_eq!(field_errors(named), unknown);
    }
    let gone = world.member(Role::Leader);
    let closed = store.close_member(world.admin(), gone, 1, "退休".to_owned(), NOW);
    closed.await.unwrap();
    assert_eq!(
        field_errors(hand_over(&world, head.clone(), from, 1, to(gone)).await),
        unknown
    );
    let itself = HandOver {
        reason: " ".to_owned(),
        ..to(from)
    };
    let wrong = field_errors(hand_over(&world, head.clone(), from, 1, itself).await);
    assert_eq!(
        wrong.iter().map(|(at, _)| at.as_str()).collect::<Vec<_>>(),
        ["/reason", "/to_member_id"]
    );
    assert_eq!(
        refusal(hand_over(&world, world.admin(), gone, 2, to(from)).await),
        "wrong_state"
    );
    // Whoever sees no members learns nothing of one.
    let leader = county.root_caller(Role::Leader);
    assert!(matches!(
        store.holdings(&leader, from, NOW).await,
        Err(StoreError::NotFound)
    ));
    let hidden = hand_over(&world, leader, from, 9, to(gone)).await;
    assert!(matches!(hidden, Err(StoreError::NotFound)));
    let own = county.caller(Role::Handler);
    assert!(matches!(
        store.holdings(&own, from, NOW).await,
        Err(StoreError::Forbidden)
    ));
}
