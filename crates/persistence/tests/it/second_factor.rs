//! Second factors in the database: seeds are sealed to their account, and each proof is used up once.

use liangnuo_domain::{AccountId, Role, SessionId, Timestamp, second_factor::step_at, sessions::Device};
use liangnuo_persistence::{
    Settings, Store, StoreError,
    callers::Caller,
    second_factor::{Proof, Seed},
};
use liangnuo_test_support::NOW;

use crate::support::{World, at, at_once, refusal};

const SEED: &[u8] = b"12345678901234567890";

fn hashes() -> Vec<Vec<u8>> {
    (0..10_u8).map(|n| vec![n; 32]).collect()
}

/// Somebody who has had a second factor since [`NOW`].
async fn enrolled(world: &World, login: &str) -> Caller {
    let caller = world.caller(login).await;
    let store = world.store();
    store
        .begin_second_factor(&caller, Seed(SEED.to_vec()), NOW)
        .await
        .unwrap();
    let (seed, begun_at) = store.begun_seed(&caller, NOW).await.unwrap();
    assert_eq!(seed.0, SEED);
    store
        .enrol_second_factor(caller.clone(), (begun_at, step_at(NOW)), hashes(), NOW)
        .await
        .unwrap();
    caller
}

async fn open(store: &Store, account: AccountId, proof: Proof) -> Result<SessionId, StoreError> {
    let token = store.ids().v4().as_bytes().to_vec();
    let opened = store.open_session(account, proof, token, Device::UNKNOWN, NOW).await?;
    Ok(opened.session)
}

fn code(step: i64) -> Proof {
    Proof::Code { enrolled_at: NOW, step }
}

#[tokio::test]
async fn whoever_has_one_opens_no_session_by_the_password_alone() {
    let world = World::new().await;
    let caller = enrolled(&world, "handler").await;
    let (store, account) = (world.store(), caller.actor.account);
    let step = step_at(NOW);
    assert!(matches!(
        open(store, account, Proof::Password).await,
        Err(StoreError::CodeNeeded)
    ));
    // The step of the first code, and whatever lies before it, is used up.
    for step in [step, step - 1] {
        assert!(matches!(
            open(store, account, code(step)).await,
            Err(StoreError::CodeUsed)
        ));
    }
    // A code of a second factor that was there before is none of this one.
    let old = Proof::Code {
        enrolled_at: at(-60),
        step: step + 5,
    };
    assert!(matches!(open(store, account, old).await, Err(StoreError::CodeUsed)));
    let session = open(store, account, code(step + 1)).await.unwrap();
    let standing = store.caller_of(session, NOW).await.unwrap().standing;
    assert!(standing.has_second_factor && standing.confirmed_at == NOW);
    assert!(matches!(
        open(store, account, code(step + 1)).await,
        Err(StoreError::CodeUsed)
    ));
    let foreign = Proof::RecoveryCode(vec![3; 32]);
    let other = world.caller("member").await;
    assert!(matches!(
        open(store, other.actor.account, foreign.clone()).await,
        Err(StoreError::CodeUsed)
    ));
    open(store, account, foreign.clone()).await.unwrap();
    assert!(matches!(open(store, account, foreign).await, Err(StoreError::CodeUsed)));
    assert_eq!(store.second_factor_view(&caller).await.unwrap().recovery_codes_left, 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_with_one_code_one_opens_a_session() {
    let world = World::new().await;
    let account = enrolled(&world, "handler").await.actor.account;
    for proof in [code(step_at(NOW) + 1), Proof::RecoveryCode(vec![7; 32])] {
        let answers = at_once(50, |_| {
            let (store, proof) = (world.store().clone(), proof.clone());
            async move { open(&store, account, proof).await }
        })
        .await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{proof:?}");
        for answer in answers {
            assert!(matches!(answer, Ok(_) | Err(StoreError::CodeUsed)), "{answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_late_never_moves_the_last_step_back() {
    let world = World::new().await;
    let caller = enrolled(&world, "handler").await;
    let account = caller.actor.account;
    let first = step_at(NOW) + 1;
    at_once(20, |number| {
        let store = world.store().clone();
        let step = first + i64::try_from(number).unwrap();
        async move { open(&store, account, code(step)).await }
    })
    .await;
    let factor = world.store().second_factor(account).await.unwrap().unwrap();
    assert_eq!(factor.last_step, first + 19);
}

#[tokio::test]
async fn a_seed_is_sealed_to_its_account_and_to_the_servers_key() {
    let world = World::new().await;
    let (mine, theirs) = (enrolled(&world, "handler").await, enrolled(&world, "member").await);
    let store = world.store();
    let kept = store.second_factor(mine.actor.account).await.unwrap().unwrap();
    assert_eq!((kept.seed.0.as_slice(), kept.enrolled_at), (SEED, NOW));
    // Two of the same seed look different, and neither shows it.
    let hex = |column: &str| match store.database() {
        liangnuo_persistence::db::Database::Sqlite => format!("lower(hex({column}))"),
        liangnuo_persistence::db::Database::Postgres => format!("encode({column}, 'hex')"),
    };
    let sealed = world
        .db
        .texts(&format!("SELECT {} FROM second_factors", hex("sealed_seed")))
        .await;
    assert_eq!(sealed.len(), 2);
    assert_ne!(sealed[0], sealed[1]);
    assert!(sealed.iter().all(|text| !text.contains("3132333435")));

    let settings = Settings {
        second_factor_key: [99; 32],
        ..Settings::new(&world.db.url)
    };
    let stranger = Store::open(settings).await.unwrap();
    assert!(matches!(
        stranger.second_factor(mine.actor.account).await,
        Err(StoreError::Bug(_))
    ));
    // Somebody at the database's console can't give one account the telephone of another.
    let (from, to) = (world.id(mine.actor.account.0), world.id(theirs.actor.account.0));
    let moved = format!(
        "UPDATE second_factors SET sealed_seed = (SELECT s.sealed_seed FROM second_factors s WHERE s.account_id = {from})
         WHERE account_id = {to}"
    );
    world.db.run(&moved).await;
    assert!(matches!(
        store.second_factor(theirs.actor.account).await,
        Err(StoreError::Bug(_))
    ));
}

#[tokio::test]
async fn an_enrolment_that_was_begun_anew_takes_no_code_of_the_one_before() {
    let world = World::new().await;
    let caller = world.caller("handler").await;
    let store = world.store();
    let none = store.begun_seed(&caller, NOW).await;
    assert_eq!(refusal(none), "not_ready");
    let begin = |seed: &[u8], now: Timestamp| {
        let (caller, seed) = (caller.clone(), Seed(seed.to_vec()));
        async move { store.begin_second_factor(&caller, seed, now).await.unwrap() }
    };
    begin(SEED, NOW).await;
    let (_, first) = store.begun_seed(&caller, NOW).await.unwrap();
    begin(b"09876543210987654321", at(10)).await;
    let late = store.enrol_second_factor(caller.clone(), (first, step_at(NOW)), hashes(), at(20));
    assert_eq!(refusal(late.await), "not_ready");
    assert!(store.second_factor(caller.actor.account).await.unwrap().is_none());
    assert_eq!(refusal(store.begun_seed(&caller, at(10 + 900)).await), "not_ready");
}

#[tokio::test]
async fn what_somebody_keeps_the_accounts_of_they_take_a_second_factor_off() {
    let world = World::new().await;
    let caller = enrolled(&world, "handler").await;
    let (store, member) = (world.store(), caller.actor.member);
    let remove = |by: Caller| store.remove_second_factor(by, member, at(60));
    let school = world.county.caller(Role::SecurityAdmin);
    for by in [
        world.county.caller(Role::UnitHead),
        world.county.root_caller(Role::Admin),
    ] {
        assert!(matches!(remove(by).await, Err(StoreError::Forbidden)));
    }
    // A role beyond the school puts the account beyond its administrator.
    let inspector = enrolled(&world, "root_inspector").await;
    let beyond = store.remove_second_factor(school.clone(), inspector.actor.member, at(60));
    assert!(matches!(
        beyond.await,
        Err(StoreError::NotFound | StoreError::Forbidden)
    ));
    remove(school.clone()).await.unwrap();
    assert_eq!(refusal(remove(school).await), "wrong_state");
    assert!(matches!(
        store.caller_of(caller.actor.session, at(60)).await,
        Err(StoreError::SessionEnded)
    ));
    assert_eq!(world.db.number("SELECT COUNT(*) FROM recovery_codes").await, 10);
}

#[tokio::test]
async fn at_the_server_itself_one_is_removed_even_where_the_key_is_lost() {
    let world = World::new().await;
    let caller = enrolled(&world, "root_security_admin").await;
    let settings = Settings {
        second_factor_key: [99; 32],
        ..Settings::new(&world.db.url)
    };
    let store = Store::open(settings).await.unwrap();
    let unknown = store.remove_second_factor_at_server("nobody", at(60)).await;
    assert!(matches!(unknown, Err(StoreError::NotFound)));
    store
        .remove_second_factor_at_server(" Root_Security_Admin", at(60))
        .await
        .unwrap();
    let again = store
        .remove_second_factor_at_server("root_security_admin", at(60))
        .await;
    assert_eq!(refusal(again), "wrong_state");
    assert!(store.second_factor(caller.actor.account).await.unwrap().is_none());
    let log = "SELECT actor_kind FROM events WHERE action = 'accounts.second_factor_removed'";
    assert_eq!(world.db.texts(log).await, ["system"]);
}
