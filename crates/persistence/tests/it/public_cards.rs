//! What the public is shown of a unit's members: nothing, until the head decides.

use liangnuo_domain::{
    MemberId, Role, UnitId,
    members::{MemberFields, PublicCard},
};
use liangnuo_persistence::{
    PageRequest, StoreError,
    callers::Caller,
    members::{MemberView, PublicMember},
};
use liangnuo_test_support::NOW;
use serde_json::json;

use crate::support::{World, at, field_errors, key, refusal};

const SHOWN: PublicCard = PublicCard {
    is_public: true,
    shows_party: false,
};
const WITH_BADGE: PublicCard = PublicCard {
    is_public: true,
    shows_party: true,
};

impl World {
    async fn cards_of(&self, unit: UnitId) -> Vec<PublicMember> {
        let page = self
            .store()
            .public_members(self.county.root, unit, &PageRequest::first(50))
            .await;
        page.unwrap().items
    }

    async fn show(
        &self,
        by: Caller,
        member: MemberId,
        version: i64,
        card: PublicCard,
    ) -> Result<MemberView, StoreError> {
        self.store().show_member(by, member, version, card, at(1)).await
    }

    async fn of_the_party(&self, is_party_member: bool) -> MemberId {
        let fields = MemberFields {
            name: "陈晓".to_owned(),
            staff_number: Some("T777".to_owned()),
            post: Some("班主任".to_owned()),
            is_party_member,
            ..MemberFields::default()
        };
        let made = self
            .store()
            .create_member(self.admin(), key(901), self.county.own, fields, NOW)
            .await;
        made.unwrap().0.member.id
    }
}

#[tokio::test]
async fn nobody_is_shown_until_the_head_decides() {
    let world = World::new().await;
    let (own, head) = (world.county.own, world.county.caller(Role::UnitHead));
    let member = world.of_the_party(true).await;
    assert_eq!(world.cards_of(own).await, []);
    let shown = world.show(head.clone(), member, 1, SHOWN).await.unwrap();
    assert_eq!((shown.member.card, shown.member.version), (SHOWN, 2));
    let card = PublicMember {
        name: "陈晓".to_owned(),
        name_en: None,
        post: Some("班主任".to_owned()),
        post_en: None,
        is_shown_as_party_member: false,
    };
    assert_eq!(world.cards_of(own).await, std::slice::from_ref(&card));
    world.show(head.clone(), member, 2, WITH_BADGE).await.unwrap();
    let with_badge = PublicMember {
        is_shown_as_party_member: true,
        ..card.clone()
    };
    assert_eq!(world.cards_of(own).await, [with_badge]);
    let last = world.log_of(member.0).await.pop().unwrap();
    assert_eq!(
        (last.0.as_str(), last.2),
        ("members.card_changed", json!({"is_public": true, "shows_party": true}))
    );

    // Nothing changes, nothing is written; and whoever is no longer of the party is not shown as such.
    let events = world.events().await;
    world.show(head.clone(), member, 3, WITH_BADGE).await.unwrap();
    assert_eq!(world.events().await, events);
    let leave_party = |old: MemberFields| MemberFields {
        is_party_member: false,
        ..old
    };
    world
        .store()
        .edit_member(world.admin(), member, 3, leave_party, at(2))
        .await
        .unwrap();
    assert_eq!(world.cards_of(own).await, [card]);

    // Who goes to another unit is shown nowhere until its head decides.
    let moved = world
        .store()
        .move_member(world.admin(), member, 4, world.county.child, at(3))
        .await
        .unwrap();
    assert_eq!(moved.member.card, PublicCard::default());
    assert_eq!(
        (world.cards_of(own).await, world.cards_of(world.county.child).await),
        (vec![], vec![])
    );
}

#[tokio::test]
async fn a_card_says_what_is_so_and_is_not_for_everybody_to_give() {
    let world = World::new().await;
    let member = world.of_the_party(false).await;
    let head = world.county.caller(Role::UnitHead);
    assert_eq!(
        field_errors(world.show(head.clone(), member, 1, WITH_BADGE).await),
        [("/shows_party".to_owned(), "unexpected")]
    );
    let handler = world.show(world.county.caller(Role::Handler), member, 1, SHOWN).await;
    assert!(
        matches!(handler, Err(StoreError::NotFound)),
        "who may not see the record learns nothing"
    );
    let inspector = world
        .show(world.county.root_caller(Role::Inspector), member, 1, SHOWN)
        .await;
    assert!(matches!(inspector, Err(StoreError::Forbidden)));
    let stale = world.show(head.clone(), member, 7, SHOWN).await;
    assert!(matches!(stale, Err(StoreError::Stale { current: 1 })));
    world.show(head.clone(), member, 1, SHOWN).await.unwrap();
    let closed = world
        .store()
        .close_member(world.admin(), member, 2, "退休".to_owned(), at(2))
        .await;
    closed.unwrap();
    assert_eq!(world.cards_of(world.county.own).await, []);
    assert_eq!(refusal(world.show(head, member, 3, SHOWN).await), "wrong_state");
    let nowhere = world
        .store()
        .public_members(
            world.county.root,
            UnitId(uuid::Uuid::from_u128(4)),
            &PageRequest::first(5),
        )
        .await;
    assert!(matches!(nowhere, Err(StoreError::NotFound)));
}
