//! Accounts and sessions: refresh tokens that are good once, and the first county of a new deployment.

use std::time::Duration;

use liangnuo_domain::{Role, Timestamp, sessions::Device};
use liangnuo_persistence::{
    By, StoreError,
    accounts::{ChosenPassword, FirstRegion, Redemption, Renewed},
    second_factor,
};
use liangnuo_test_support::{NOW, TestDb};
use serde_json::json;

use crate::support::{HASH, World, at, at_once, field_errors, key};

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;

async fn renew(world: &World, from: &[u8], to: &[u8], now: Timestamp) -> Result<Renewed, StoreError> {
    world.store().renew_session(from.to_vec(), to.to_vec(), now).await
}

fn is_ended<T>(outcome: &Result<T, StoreError>) -> bool {
    matches!(outcome, Err(StoreError::SessionEnded))
}

async fn end_reasons(world: &World) -> Vec<String> {
    let sql = "SELECT end_reason FROM sessions WHERE ended_at IS NOT NULL ORDER BY created_at";
    world.db.texts(sql).await
}

#[tokio::test]
async fn a_login_is_found_however_it_is_typed() {
    let world = World::new().await;
    let store = world.store();
    let known = store.account_for_login("root_admin").await.unwrap().unwrap();
    assert_eq!(known.password_hash, HASH);
    for typed in [" Root_Admin ", "ＲＯＯＴ＿ＡＤＭＩＮ", "\u{3000}root_admin\n"] {
        let found = store.account_for_login(typed).await.unwrap();
        assert_eq!(found.map(|account| account.id), Some(known.id), "{typed:?}");
    }
    for unknown in ["", "root_admi", "root%", "root_admin' --"] {
        assert!(store.account_for_login(unknown).await.unwrap().is_none(), "{unknown:?}");
    }
}

#[tokio::test]
async fn a_session_stands_for_its_member() {
    let world = World::new().await;
    let store = world.store();
    let caller = world.caller("handler").await;
    assert_eq!(caller.actor.member, world.member(Role::Handler));
    let roles: Vec<Role> = caller.actor.grants.iter().map(|grant| grant.role).collect();
    assert_eq!(roles, [Role::Member, Role::Handler]);
    let me = store.me(&caller).await.unwrap();
    assert_eq!(me.login, "handler");
    assert_eq!((me.unit.id, me.region.id), (world.county.own, world.county.root));
    assert_eq!(me.member.name, "handler");
    let places: Vec<(Role, &str)> = me
        .grants
        .iter()
        .map(|held| (held.role, held.unit.name.as_str()))
        .collect();
    assert_eq!(places, [(Role::Member, "柳湾小学"), (Role::Handler, "柳湾小学")]);
}

#[tokio::test]
async fn a_token_that_is_made_up_does_not_wait_for_the_writer() {
    let world = World::new().await;
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (go, wait) = tokio::sync::oneshot::channel::<()>();
    let store = world.store().clone();
    let busy = tokio::spawn(async move {
        store
            .write(|writer| async move {
                let tx = writer.begin_write(By::System, NOW).await?;
                begun.send(()).unwrap();
                let _ = wait.await;
                drop(tx);
                Ok(())
            })
            .await
    });
    has_begun.await.unwrap();
    let made_up = async {
        assert!(is_ended(&renew(&world, b"x", b"y", NOW).await));
        assert_eq!(world.store().end_session(b"x".to_vec(), NOW).await.unwrap(), None);
    };
    tokio::time::timeout(Duration::from_secs(5), made_up).await.unwrap();
    go.send(()).unwrap();
    busy.await.unwrap().unwrap();
}

#[tokio::test]
async fn each_refresh_token_gives_the_next_one() {
    let world = World::new().await;
    let (account, session) = world.sign_in("handler", b"0", NOW).await;
    let mut now = NOW;
    for number in 0_u8..5 {
        now = now.plus_seconds(10 * MINUTE);
        let renewed = renew(&world, &[b'0' + number], &[b'1' + number], now).await.unwrap();
        assert_eq!((renewed.session, renewed.account), (session, account.id));
        assert_eq!(renewed.idle_seconds, 30 * MINUTE);
    }
    assert!(world.store().caller_of(session, now).await.is_ok());
    assert!(is_ended(&renew(&world, b"unknown", b"x", now).await));
}

#[tokio::test]
async fn two_tabs_get_the_same_successor() {
    let world = World::new().await;
    let (_, session) = world.sign_in("handler", b"a", NOW).await;
    renew(&world, b"a", b"b", NOW).await.unwrap();
    assert_eq!(renew(&world, b"a", b"b", at(5)).await.unwrap().session, session);
    assert_eq!(renew(&world, b"b", b"c", at(20)).await.unwrap().session, session);
    assert_eq!(world.db.number("SELECT COUNT(*) FROM refresh_tokens").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_that_refresh_at_once_are_no_thieves() {
    let world = World::new().await;
    let (_, session) = world.sign_in("handler", b"a", NOW).await;
    let answers = at_once(10, |_| {
        let store = world.store().clone();
        async move { store.renew_session(b"a".to_vec(), b"b".to_vec(), at(1)).await }
    })
    .await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(world.db.number("SELECT COUNT(*) FROM refresh_tokens").await, 2);
    assert!(world.store().caller_of(session, at(2)).await.is_ok());
}

#[tokio::test]
async fn a_token_that_is_used_again_ends_the_session() {
    let world = World::new().await;
    let (_, session) = world.sign_in("handler", b"a", NOW).await;
    let (_, other) = world.sign_in("handler", b"z", NOW).await;
    renew(&world, b"a", b"b", NOW).await.unwrap();
    renew(&world, b"b", b"c", at(60)).await.unwrap();
    assert!(is_ended(&renew(&world, b"a", b"b", at(61)).await));
    assert!(is_ended(&world.store().caller_of(session, at(62)).await));
    // The thief's token is worth as little as the owner's; the other session goes on.
    assert!(is_ended(&renew(&world, b"c", b"d", at(62)).await));
    assert!(world.store().caller_of(other, at(62)).await.is_ok());
    assert_eq!(end_reasons(&world).await, ["refresh_token_reused"]);
}

#[tokio::test]
async fn a_session_ends_idle_after_half_an_hour_and_at_the_latest_after_twelve() {
    let world = World::new().await;
    let (_, idle) = world.sign_in("handler", b"idle", NOW).await;
    assert!(world.store().caller_of(idle, at(30 * MINUTE - 1)).await.is_ok());
    assert!(is_ended(&world.store().caller_of(idle, at(30 * MINUTE)).await));
    assert!(is_ended(&renew(&world, b"idle", b"x", at(30 * MINUTE)).await));
    let (_, busy) = world.sign_in("handler", b"0", NOW).await;
    let mut token = b"0".to_vec();
    let mut renewals = 0;
    for number in 1_i64.. {
        let next = number.to_string().into_bytes();
        let Ok(renewed) = renew(&world, &token, &next, at(number * 25 * MINUTE)).await else {
            break;
        };
        let end = number * 25 * MINUTE + renewed.idle_seconds;
        assert!(end <= 12 * HOUR, "{end}");
        (token, renewals) = (next, number);
    }
    assert_eq!(renewals, 12 * 60 / 25);
    assert!(is_ended(&world.store().caller_of(busy, at(12 * HOUR)).await));
    // What has run out is deleted with its tokens.
    world.store().delete_expired(at(13 * HOUR)).await.unwrap();
    assert_eq!(world.db.number("SELECT COUNT(*) FROM sessions").await, 0);
    assert_eq!(world.db.number("SELECT COUNT(*) FROM refresh_tokens").await, 0);
}

#[tokio::test]
async fn signing_out_ends_one_session() {
    let world = World::new().await;
    let (_, session) = world.sign_in("handler", b"a", NOW).await;
    let (_, other) = world.sign_in("handler", b"b", NOW).await;
    let store = world.store();
    assert_eq!(store.end_session(b"a".to_vec(), at(1)).await.unwrap(), Some(session));
    assert_eq!(store.end_session(b"a".to_vec(), at(2)).await.unwrap(), Some(session));
    assert_eq!(store.end_session(b"unknown".to_vec(), at(2)).await.unwrap(), None);
    assert!(is_ended(&store.caller_of(session, at(3)).await));
    assert!(is_ended(&renew(&world, b"a", b"c", at(3)).await));
    assert!(store.caller_of(other, at(3)).await.is_ok());
    assert_eq!(end_reasons(&world).await, ["signed_out"]);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let world = World::new().await;
    let store = world.store();
    let (_, here) = world.sign_in("handler", b"a", NOW).await;
    let (_, elsewhere) = world.sign_in("handler", b"b", NOW).await;
    let (_, somebody) = world.sign_in("leader", b"c", NOW).await;
    let caller = store.caller_of(here, NOW).await.unwrap();
    let account = caller.actor.account;
    store.change_password(caller, chosen("new"), at(1)).await.unwrap();
    assert_eq!(store.account(account).await.unwrap().1.password_hash, "new");
    assert!(store.caller_of(here, at(2)).await.is_ok());
    assert!(store.caller_of(somebody, at(2)).await.is_ok());
    assert!(is_ended(&store.caller_of(elsewhere, at(2)).await));
    assert_eq!(end_reasons(&world).await, ["password_changed"]);
    let log = world.log_of(account.0).await;
    let actions: Vec<&str> = log.iter().map(|event| event.0.as_str()).collect();
    assert_eq!(actions, ["accounts.created", "accounts.password_changed"]);
    // Neither the password nor its hash.
    assert_eq!(log[1].2, json!({}));
}

fn first(number: u128) -> FirstRegion {
    FirstRegion {
        name: format!("第{number}县教育局"),
        name_en: Some("County Education Bureau".to_owned()),
        member_name: "周静".to_owned(),
        login: format!("Admin{number}"),
        password_hash: HASH.to_owned(),
    }
}

#[tokio::test]
async fn the_first_county_is_set_up_with_its_administrator() {
    let db = TestDb::new().await;
    let store = &db.store;
    store
        .keep_bootstrap_token(b"link".to_vec(), at(900), NOW)
        .await
        .unwrap();
    let account = store.bootstrap(b"link".to_vec(), first(1), at(1)).await.unwrap();
    let known = store.account_for_login("admin1").await.unwrap().unwrap();
    assert_eq!(known.id, account);
    let opened = store
        .open_session(
            account,
            second_factor::Proof::Password,
            b"t".to_vec(),
            Device::UNKNOWN,
            at(2),
        )
        .await
        .unwrap();
    let caller = store.caller_of(opened.session, at(2)).await.unwrap();
    let me = store.me(&caller).await.unwrap();
    assert_eq!((me.region.name.as_str(), me.unit.id), ("第1县教育局", me.region.id));
    let mut roles: Vec<Role> = me.grants.iter().map(|held| held.role).collect();
    roles.sort_unstable();
    assert_eq!(roles, [Role::Member, Role::Admin, Role::SecurityAdmin]);
    assert!(!store.list_categories(me.region.id, false).await.unwrap().is_empty());
    let actions = db.texts("SELECT action FROM events ORDER BY at, position").await;
    assert_eq!(
        actions,
        [
            "units.created",
            "members.created",
            "role_grants.granted",
            "role_grants.granted",
            "accounts.created"
        ]
    );
    // Once.
    let again = store.bootstrap(b"link".to_vec(), first(2), at(3)).await;
    assert!(matches!(again, Err(StoreError::BootstrapClosed)));
    let another = store.keep_bootstrap_token(b"another".to_vec(), at(900), at(3)).await;
    assert!(matches!(another, Err(StoreError::BootstrapClosed)));
}

#[tokio::test]
async fn an_unknown_or_expired_link_sets_nothing_up() {
    let db = TestDb::new().await;
    let store = &db.store;
    store
        .keep_bootstrap_token(b"link".to_vec(), at(900), NOW)
        .await
        .unwrap();
    for (token, now) in [(&b"guess"[..], NOW), (b"link", at(900)), (b"link", at(10_000))] {
        let outcome = store.bootstrap(token.to_vec(), first(1), now).await;
        assert!(matches!(outcome, Err(StoreError::BootstrapClosed)));
    }
    assert!(store.is_empty().await.unwrap());
    // A refusal uses nothing up.
    let nameless = FirstRegion {
        name: "县".to_owned(),
        ..first(1)
    };
    let refused = store.bootstrap(b"link".to_vec(), nameless, at(1)).await;
    assert_eq!(field_errors(refused), [("/name".to_owned(), "too_short")]);
    assert!(store.bootstrap(b"link".to_vec(), first(1), at(2)).await.is_ok());
}

/// One link, or a link each.
async fn fifty_at_once(token: impl Fn(u128) -> Vec<u8>) {
    let db = TestDb::new().await;
    let mut tokens: Vec<_> = (0..50).map(&token).collect();
    tokens.dedup();
    for token in tokens {
        db.store.keep_bootstrap_token(token, at(900), NOW).await.unwrap();
    }
    let answers = at_once(50, |number| {
        let (store, token) = (db.store.clone(), token(number));
        async move { store.bootstrap(token, first(number), at(1)).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for answer in answers {
        assert!(matches!(answer, Ok(_) | Err(StoreError::BootstrapClosed)), "{answer:?}");
    }
    for table in ["units", "members", "accounts"] {
        assert_eq!(db.number(&format!("SELECT COUNT(*) FROM {table}")).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_with_one_link_one_sets_the_county_up() {
    fifty_at_once(|_| b"link".to_vec()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_with_a_link_each_one_sets_the_county_up() {
    fifty_at_once(|number| number.to_be_bytes().to_vec()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_end_a_session_at_once_one_does() {
    let world = World::new().await;
    let (_, lost) = world.sign_in("handler", b"a", NOW).await;
    let caller = world.caller("handler").await;
    let answers = at_once(20, |_| {
        let (store, caller) = (world.store().clone(), caller.clone());
        async move { store.end_own_session(caller, lost, at(1)).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for answer in answers {
        assert!(matches!(answer, Ok(()) | Err(StoreError::NotFound)), "{answer:?}");
    }
    assert_eq!(end_reasons(&world).await, ["ended_by_owner"]);
    let log = world.log_of(caller.actor.account.0).await;
    assert_eq!(log.last().unwrap().0, "accounts.session_ended");
    assert_eq!(log.len(), 2);
}

#[tokio::test]
async fn a_session_that_ran_out_is_neither_listed_nor_ended() {
    let world = World::new().await;
    let (_, old) = world.sign_in("handler", b"a", NOW).await;
    let later = at(20 * MINUTE);
    let (_, here) = world.sign_in("handler", b"b", later).await;
    let caller = world.store().caller_of(here, later).await.unwrap();
    let listed = |now| {
        let (store, caller) = (world.store().clone(), caller.clone());
        async move {
            let sessions = store.sessions(&caller, now).await.unwrap();
            sessions.into_iter().map(|session| session.id).collect::<Vec<_>>()
        }
    };
    assert_eq!(listed(later).await, [here, old]);
    assert_eq!(listed(at(30 * MINUTE)).await, [here]);
    let ended = world
        .store()
        .end_own_session(caller.clone(), old, at(30 * MINUTE))
        .await;
    assert!(matches!(ended, Err(StoreError::NotFound)));
}

/// A link into the handler's account, issued at a time.
async fn link(world: &World, number: u128, now: Timestamp) -> Vec<u8> {
    let token = number.to_be_bytes().to_vec();
    let (security, handler, hash) = (
        world.county.root_caller(Role::SecurityAdmin),
        world.member(Role::Handler),
        token.clone(),
    );
    let issued = world
        .store()
        .issue_account_link(security, key(number), handler, move |_| hash, now)
        .await;
    issued.unwrap();
    token
}

fn redemption(password_hash: &str) -> Redemption {
    Redemption {
        login: None,
        password: chosen(password_hash),
    }
}

fn chosen(hash: &str) -> ChosenPassword {
    ChosenPassword {
        hash: hash.to_owned(),
        stands_alone: true,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_use_a_link_at_once_one_sets_the_password() {
    let world = World::new().await;
    let token = link(&world, 1, NOW).await;
    let answers = at_once(20, |number| {
        let (store, token) = (world.store().clone(), token.clone());
        async move {
            let chosen = redemption(&format!("hash{number}"));
            store.redeem_account_link(token, chosen, at(1)).await
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for answer in answers {
        assert!(matches!(answer, Ok(_) | Err(StoreError::LinkClosed)), "{answer:?}");
    }
    let account = world.store().account_for_login("handler").await.unwrap().unwrap();
    let log = world.log_of(account.id.0).await;
    let actions: Vec<&str> = log.iter().map(|event| event.0.as_str()).collect();
    assert_eq!(
        actions,
        ["accounts.created", "accounts.link_issued", "accounts.password_reset"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_links_that_are_issued_at_once_one_is_good() {
    let world = World::new().await;
    let answers = at_once(10, |number| {
        let (store, security, handler) = (
            world.store().clone(),
            world.county.root_caller(Role::SecurityAdmin),
            world.member(Role::Handler),
        );
        let hash = move |_| number.to_be_bytes().to_vec();
        async move {
            store
                .issue_account_link(security, key(number), handler, hash, NOW)
                .await
        }
    })
    .await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    let open = "SELECT COUNT(*) FROM account_links WHERE closed_at IS NULL";
    assert_eq!(world.db.number(open).await, 1);
    let mut good = 0;
    for number in 0_u128..10 {
        good += i32::from(world.store().account_link(&number.to_be_bytes(), NOW).await.is_ok());
    }
    assert_eq!(good, 1);
}

#[tokio::test]
async fn old_links_are_deleted_when_nothing_refers_to_them() {
    let world = World::new().await;
    link(&world, 1, NOW).await;
    let count = || world.db.number("SELECT COUNT(*) FROM account_links");
    world.store().delete_expired(at(24 * HOUR)).await.unwrap();
    assert_eq!(count().await, 1);
    world.store().delete_expired(at(25 * HOUR)).await.unwrap();
    assert_eq!(count().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_passwords_are_remembered_and_no_older_ones() {
    let world = World::new().await;
    let store = world.store();
    let caller = world.caller("handler").await;
    let account = caller.actor.account;
    for (minutes, hash) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
        let now = at(i64::try_from(minutes).unwrap() + 1);
        store.change_password(caller.clone(), chosen(hash), now).await.unwrap();
    }
    assert_eq!(store.password_hashes(account).await.unwrap(), ["e", "d", "c", "b"]);
    let kept = world.db.number("SELECT count(*) FROM old_passwords").await;
    assert_eq!(kept, 3);
    // A clock that was put back neither fails nor changes the order.
    store.change_password(caller, chosen("f"), at(-60)).await.unwrap();
    assert_eq!(store.password_hashes(account).await.unwrap(), ["f", "e", "d", "c"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrators_session_is_over_sooner() {
    let world = World::new().await;
    world.sign_in("handler", b"h", NOW).await;
    renew(&world, b"h", b"i", NOW.plus_seconds(1_799)).await.unwrap();
    world.sign_in("root_security_admin", b"s", NOW).await;
    let late = renew(&world, b"s", b"t", NOW.plus_seconds(901)).await;
    assert!(is_ended(&late));
    // Gone on with every ten minutes it lasts for eight hours.
    world.sign_in("root_security_admin", b"s0", NOW).await;
    let mut last = None;
    for turn in 1..60_i64 {
        let (from, to) = (format!("s{}", turn - 1), format!("s{turn}"));
        let renewed = renew(&world, from.as_bytes(), to.as_bytes(), NOW.plus_seconds(turn * 600)).await;
        match renewed {
            Ok(renewed) => last = Some((turn, renewed.idle_seconds)),
            Err(_) => break,
        }
    }
    assert_eq!(last, Some((47, 600)));
}
