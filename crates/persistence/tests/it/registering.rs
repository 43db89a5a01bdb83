//! What a member takes down for somebody: one case, with the member as its actor and nobody's name in the log.

use liangnuo_domain::{
    ComplaintId, MemberId, Role,
    complaints::{Arrival, Channel, Contact, Filing, Kind},
};
use liangnuo_persistence::{
    StoreError,
    callers::Caller,
    complaints::{NewCase, Registered},
    idempotency::IdempotencyKey,
};
use liangnuo_test_support::NOW;
use uuid::Uuid;

use crate::support::{World, at, at_once, field_errors, key};

impl World {
    fn new_call(&self, kind: Kind, about: Option<liangnuo_domain::UnitId>) -> NewCase {
        let ids = self.store().ids();
        NewCase {
            region: self.county.root,
            id: ComplaintId(ids.v4()),
            receipt_hash: ids.bytes::<32>().to_vec(),
            filing: Filing::parse(kind, Channel::Phone, "校车晚点", "连着三天晚到。", about, None, false).unwrap(),
            contact: Some(Contact::parse("刘女士", Some("13900000000"), Some("liu@example.com")).unwrap()),
            files: Vec::new(),
        }
    }

    async fn register(&self, caller: Caller, new: NewCase, key: IdempotencyKey) -> Result<Registered, StoreError> {
        let arrival = Arrival::parse(Some(at(-86_400)), Some("有孩子被困"), NOW).unwrap();
        self.store().register_complaint(caller, new, arrival, key, NOW).await
    }
}

#[tokio::test]
async fn the_log_says_which_member_took_it_down_and_never_who_called() {
    let world = World::new().await;
    let new = world.new_call(Kind::Grievance, Some(world.county.own));
    let made = world
        .register(world.county.caller(Role::Handler), new, key(1))
        .await
        .unwrap();
    assert_eq!((made.version, made.filed.is_replay), (Some(1), false));
    let log = world.log_of(made.filed.id.0).await;
    let codes: Vec<_> = log
        .iter()
        .map(|(action, actor, _)| (action.as_str(), actor.as_str()))
        .collect();
    assert_eq!(
        codes,
        [
            ("complaints.received", "member"),
            ("complaints.emergency_marked", "member")
        ]
    );
    assert_eq!(log[0].2["channel"], "phone");
    for (action, _, detail) in &log {
        let text = detail.to_string();
        assert!(
            !["刘女士", "13900000000", "liu@"]
                .iter()
                .any(|known| text.contains(known)),
            "{action}"
        );
    }
    let actor = format!(
        "SELECT {} FROM events WHERE action = 'complaints.received'",
        world.hex("actor_id")
    );
    assert_eq!(
        world.db.texts(&actor).await,
        [world.member(Role::Handler).0.simple().to_string()]
    );
    let kept =
        "SELECT COUNT(*) FROM complaint_contacts WHERE name IS NOT NULL AND phone IS NOT NULL AND email IS NOT NULL";
    assert_eq!(world.db.number(kept).await, 1);
}

#[tokio::test]
async fn ten_at_once_under_one_key_are_one_case() {
    let world = World::new().await;
    let caller = world.county.caller(Role::Handler);
    let made = at_once(10, |_| {
        let store = world.store().clone();
        let (caller, new) = (caller.clone(), world.new_call(Kind::Grievance, Some(world.county.own)));
        async move {
            let arrival = Arrival::parse(None, None, NOW).unwrap();
            store
                .register_complaint(caller, new, arrival, key(1), NOW)
                .await
                .unwrap()
        }
    })
    .await;
    assert_eq!(made.iter().filter(|one| !one.filed.is_replay).count(), 1);
    assert!(
        made.iter()
            .all(|one| one.filed.id == made[0].filed.id && one.version == Some(1))
    );
    assert_eq!(world.db.number("SELECT COUNT(*) FROM complaints").await, 1);
    assert_eq!(world.db.number("SELECT COUNT(*) FROM complaint_contacts").await, 1);
}

#[tokio::test]
async fn who_may_not_take_it_down_takes_no_number_and_leaves_no_key() {
    let world = World::new().await;
    let events = world.events().await;
    let roles = Role::ALL
        .into_iter()
        .filter(|role| !matches!(role, Role::Handler | Role::CampaignOffice));
    for role in roles {
        let new = world.new_call(Kind::Grievance, Some(world.county.own));
        let refused = world.register(world.county.caller(role), new, key(1)).await;
        assert!(matches!(refused, Err(StoreError::Forbidden)), "{role:?}");
    }
    for table in ["complaints", "number_blocks", "idempotency_keys"] {
        assert_eq!(
            world.db.number(&format!("SELECT COUNT(*) FROM {table}")).await,
            0,
            "{table}"
        );
    }
    assert_eq!(world.events().await, events);
}

#[tokio::test]
async fn a_report_is_the_inspectors_and_tells_them_alone_of_the_danger() {
    let world = World::new().await;
    let new = world.new_call(Kind::Report, Some(world.county.own));
    let made = world
        .register(world.county.root_caller(Role::CampaignOffice), new, key(1))
        .await
        .unwrap();
    assert_eq!((made.version, made.filed.unit.id), (None, world.county.root));
    let told = format!("SELECT {} FROM notices", world.hex("member_id"));
    let inspector: MemberId = world.county.root_member(Role::Inspector);
    // Of the case, and of the danger.
    let inspector = inspector.0.simple().to_string();
    assert_eq!(world.db.texts(&told).await, [inspector.clone(), inspector]);
}

#[tokio::test]
async fn a_unit_that_is_not_there_is_refused_whole() {
    let world = World::new().await;
    let unknown = liangnuo_domain::UnitId(Uuid::from_u128(404));
    let new = world.new_call(Kind::Inquiry, Some(unknown));
    let refused = world.register(world.county.caller(Role::Handler), new, key(1)).await;
    assert_eq!(field_errors(refused), [("/unit_id".to_owned(), "unknown_unit")]);
    assert_eq!(world.db.number("SELECT COUNT(*) FROM complaints").await, 0);
    let again = world.new_call(Kind::Inquiry, None);
    let made = world
        .register(world.county.caller(Role::Handler), again, key(1))
        .await
        .unwrap();
    assert!(!made.filed.is_replay, "a refusal does not use up the key");
}
