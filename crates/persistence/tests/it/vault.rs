//! Contact data in the database: sealed, with keys that belong to it, which change while everything goes on.

use std::sync::Arc;

use liangnuo_domain::{ComplaintId, complaints::Contact};
use liangnuo_persistence::{
    Settings, Store, StoreError,
    complaints::{NewCase, Proof},
    county::PastCase,
    idempotency::IdempotencyKey,
    vault::{KeyFile, KeysInMemory, PassedOn, VaultError, VaultKey},
};
use liangnuo_test_support::{
    NOW, TestDb,
    county::{grievance, past},
    database::{dump, vault_key},
};
use uuid::Uuid;

use crate::support::{World, at_once};

const MARKS: [&str; 3] = ["金丝雀甲", "19900007777", "canary@example.com"];

async fn file(store: &Store, world: &World, nth: u64) -> Result<ComplaintId, StoreError> {
    let ids = store.ids();
    let [name, phone, email] = MARKS;
    let new = NewCase {
        region: world.county.root,
        id: ComplaintId(ids.v4()),
        receipt_hash: ids.bytes::<32>().to_vec(),
        filing: grievance(Some(world.county.own)),
        contact: Some(Contact::parse(&format!("{name}{nth}"), Some(phone), Some(email)).unwrap()),
        files: Vec::new(),
    };
    let proof = Proof {
        challenge: ids.v4().to_string(),
        expires_at: NOW.plus_seconds(600),
    };
    let key = IdempotencyKey::new("public", ids.v4(), "file_complaint", b"");
    Ok(store.file_complaint(new, key, Some(proof), NOW).await?.id)
}

/// A process with these keys.
async fn process(db: &TestDb, keys: &KeysInMemory) -> Store {
    let settings = Settings {
        vault_keys: Arc::new(keys.clone()),
        ..db.settings()
    };
    Store::open(settings).await.unwrap()
}

fn keys(nths: &[u8]) -> KeysInMemory {
    KeysInMemory::new(nths.iter().map(|nth| vault_key(*nth)).collect())
}

/// All bytes that the database keeps: its files on SQLite, every row of every table on PostgreSQL.
async fn everything(db: &TestDb) -> Vec<u8> {
    let rows = dump(&db.url).await;
    let mut bytes: Vec<u8> = rows.into_values().flatten().flat_map(String::into_bytes).collect();
    if let Some(path) = db.url.strip_prefix("sqlite://") {
        for suffix in ["", "-wal"] {
            bytes.extend(std::fs::read(format!("{path}{suffix}")).unwrap_or_default());
        }
    }
    bytes
}

fn holds(bytes: &[u8], mark: &str) -> bool {
    // As it is, and as PostgreSQL and SQLite write bytes in a dump.
    let hex: String = mark.bytes().map(|byte| format!("{byte:02x}")).collect();
    [mark.to_owned(), hex.to_uppercase(), hex]
        .iter()
        .any(|form| bytes.windows(form.len()).any(|window| window == form.as_bytes()))
}

/// The rows that each key seals, in the order of the keys.
async fn sealed_by(world: &World) -> Vec<i64> {
    let mut counts = Vec::new();
    let ids = format!("SELECT {} FROM vault_keys ORDER BY number", world.hex("id"));
    for id in world.db.texts(&ids).await {
        let id = world.id(Uuid::parse_str(&id).unwrap());
        let count = format!("SELECT COUNT(*) FROM complaint_contacts WHERE key_id = {id}");
        counts.push(world.db.number(&count).await);
    }
    counts
}

#[tokio::test]
async fn nothing_of_a_contact_is_in_any_byte_of_the_database() {
    let world = World::new().await;
    file(world.store(), &world, 1).await.unwrap();
    let bytes = everything(&world.db).await;
    assert!(holds(&bytes, "食堂饭菜偏凉"), "what is not sealed is found");
    for mark in MARKS {
        assert!(!holds(&bytes, mark), "{mark}");
    }
}

#[tokio::test]
async fn without_the_right_keys_nothing_starts_and_it_is_said_why() {
    let world = World::new().await;
    file(world.store(), &world, 1).await.unwrap();
    let missing = process(&world.db, &keys(&[8])).await.unlock(NOW).await.unwrap_err();
    assert!(matches!(missing, StoreError::Vault(VaultError::Missing { id, .. }) if id == vault_key(7).id()));
    let said = missing.to_string();
    assert!(
        said.contains(&vault_key(7).id().to_string()) && said.contains("backups"),
        "{said}"
    );
    // No key is made where the database knows one.
    let nothing = keys(&[]);
    assert!(process(&world.db, &nothing).await.unlock(NOW).await.is_err());
    assert_eq!(nothing.read().unwrap().len(), 0);
    let forged = KeysInMemory::new(vec![VaultKey::new(vault_key(7).id(), [8; 32])]);
    let wrong = process(&world.db, &forged).await;
    let refused = wrong.unlock(NOW).await.unwrap_err();
    assert!(matches!(refused, StoreError::Vault(VaultError::Wrong { .. })));
    // Whoever goes on regardless seals nothing with it.
    assert!(matches!(
        file(&wrong, &world, 2).await,
        Err(StoreError::Vault(VaultError::Wrong { .. }))
    ));
    process(&world.db, &keys(&[7, 8])).await.unlock(NOW).await.unwrap();
}

#[tokio::test]
async fn the_first_key_is_made_once_by_those_who_share_it_and_others_are_refused() {
    let db = TestDb::unmigrated().await;
    db.store.migrate().await.unwrap();
    let shared = keys(&[]);
    let mut stores = Vec::new();
    for _ in 0..4 {
        stores.push(process(&db, &shared).await);
    }
    let opened = at_once(4, |nth| {
        let store = stores[usize::try_from(nth).unwrap()].clone();
        async move { store.unlock(NOW).await }
    })
    .await;
    assert!(opened.iter().all(Result::is_ok), "{opened:?}");
    assert_eq!(shared.read().unwrap().len(), 1);
    assert_eq!(db.number("SELECT COUNT(*) FROM vault_keys").await, 1);
    let stranger = process(&db, &keys(&[])).await.unlock(NOW).await;
    assert!(matches!(stranger, Err(StoreError::Vault(VaultError::Missing { .. }))));
}

/// More rows than one batch takes.
const MANY: usize = 510;

#[tokio::test]
async fn a_rotation_that_was_cut_off_goes_on_in_another_process() {
    let world = World::new().await;
    let [name, phone, email] = MARKS;
    let contact = Contact::parse(name, Some(phone), Some(email)).unwrap();
    let cases = (0..MANY).map(|_| PastCase {
        contact: Some(contact.clone()),
        ..past(grievance(Some(world.county.own)), NOW, Vec::new())
    });
    let ours = keys(&[7]);
    let dying = process(&world.db, &ours).await;
    dying.load_past(world.county.root, cases.collect(), NOW).await.unwrap();
    dying.rotate_vault_keys(NOW).await.unwrap();
    assert_eq!(dying.pass_contacts_on().await.unwrap().rows, 500);
    drop(dying);
    assert_eq!(sealed_by(&world).await, [10, 500]);
    let other = process(&world.db, &ours).await;
    other.unlock(NOW).await.unwrap();
    assert_eq!(other.pass_contacts_on().await.unwrap().rows, 10);
    assert_eq!(other.pass_contacts_on().await.unwrap().rows, 0);
    assert_eq!(sealed_by(&world).await, [0, 510]);
    assert_eq!(other.retire_vault_keys(NOW).await.unwrap().gone.len(), 1);
}

#[tokio::test]
async fn what_an_older_version_left_in_the_clear_is_sealed_by_whoever_gets_to_it() {
    let world = World::new().await;
    let cases = (0..MANY).map(|_| past(grievance(Some(world.county.own)), NOW, Vec::new()));
    world
        .store()
        .load_past(world.county.root, cases.collect(), NOW)
        .await
        .unwrap();
    let [name, phone, email] = MARKS;
    for sql in [
        format!(
            "INSERT INTO complaint_contacts (region_id, complaint_id, clear_name, clear_phone, clear_email)
             SELECT region_id, id, '{name}', '{phone}', '{email}' FROM complaints"
        ),
        "UPDATE vault_states SET is_scrubbed = FALSE".to_owned(),
    ] {
        world.db.run(&sql).await;
    }
    assert!(holds(&everything(&world.db).await, name));
    assert_eq!(world.store().seal_clear_contacts().await.unwrap(), 500);
    // That process died; the next one takes up the rest, and has the files written anew.
    let next = world.db.another().await;
    next.unlock(NOW).await.unwrap();
    assert_eq!(sealed_by(&world).await, [510]);
    let bytes = everything(&world.db).await;
    for mark in MARKS {
        assert!(!holds(&bytes, mark), "{mark}");
    }
    assert_eq!(
        world
            .db
            .number("SELECT COUNT(*) FROM vault_states WHERE is_scrubbed = TRUE")
            .await,
        1
    );
    // What was sealed opens: it can be passed on.
    next.rotate_vault_keys(NOW).await.unwrap();
    let passed = next.pass_contacts_on().await.unwrap();
    assert_eq!((passed.rows, passed.broken.len()), (500, 0));
}

#[tokio::test]
async fn keys_change_while_others_write() {
    let world = World::new().await;
    let ours = keys(&[7]);
    let one = process(&world.db, &ours).await;
    for nth in 0..3 {
        file(&one, &world, nth).await.unwrap();
    }
    assert_eq!(
        one.pass_contacts_on().await.unwrap(),
        PassedOn::default(),
        "there is one key"
    );
    let next = one.rotate_vault_keys(NOW).await.unwrap();
    assert_eq!(ours.read().unwrap().last().map(VaultKey::id), Some(next));
    file(&one, &world, 3).await.unwrap();
    assert_eq!(sealed_by(&world).await, [3, 1], "new rows are the newest key's");
    // A process that was not handed the new key goes on with the one before.
    let late = process(&world.db, &keys(&[7])).await;
    file(&late, &world, 4).await.unwrap();
    assert_eq!(sealed_by(&world).await, [4, 1]);
    let kept = one.retire_vault_keys(NOW).await.unwrap();
    assert_eq!(kept.in_use, [(vault_key(7).id(), 4)]);
    assert_eq!(ours.read().unwrap().len(), 2);
    let other = process(&world.db, &ours).await;
    other.unlock(NOW).await.unwrap();
    let passed = at_once(4, |_| {
        let store = other.clone();
        async move { store.pass_contacts_on().await.unwrap() }
    })
    .await;
    assert_eq!(passed.iter().map(|passed| passed.rows).sum::<usize>(), 4, "each once");
    assert_eq!(sealed_by(&world).await, [0, 5]);
    let retired = other.retire_vault_keys(NOW).await.unwrap();
    assert_eq!((retired.gone, retired.in_use.len()), (vec![vault_key(7).id()], 0));
    assert_eq!(
        ours.read().unwrap().iter().map(VaultKey::id).collect::<Vec<_>>(),
        [next]
    );
    assert_eq!(world.actions_of(next).await, ["vault_keys.made"]);
    assert_eq!(world.actions_of(vault_key(7).id()).await, ["vault_keys.retired"]);
    // Whoever still has the old key alone can't write with it any more.
    assert!(matches!(file(&late, &world, 5).await, Err(StoreError::Vault(_))));
}

#[tokio::test]
async fn a_key_that_did_not_get_as_far_as_the_database_is_the_next_one() {
    let world = World::new().await;
    let ours = keys(&[7, 8]);
    let store = process(&world.db, &ours).await;
    assert_eq!(store.rotate_vault_keys(NOW).await.unwrap(), vault_key(8).id());
    assert_eq!(ours.read().unwrap().len(), 2);
    // A file from which an old key was not taken away in time is tidied up later.
    store.retire_vault_keys(NOW).await.unwrap();
    ours.replace(&[vault_key(7), vault_key(8)]).unwrap();
    store.retire_vault_keys(NOW).await.unwrap();
    assert_eq!(ours.read().unwrap().len(), 1);
}

#[tokio::test]
async fn a_row_that_was_tampered_with_keeps_its_key_and_holds_up_no_other() {
    let world = World::new().await;
    let ours = keys(&[7]);
    let store = process(&world.db, &ours).await;
    let (one, two) = (
        file(&store, &world, 1).await.unwrap(),
        file(&store, &world, 2).await.unwrap(),
    );
    let [from, to] = [one, two].map(|id| world.id(id.0));
    world
        .db
        .run(&format!(
            "UPDATE complaint_contacts SET name = (SELECT o.name FROM complaint_contacts o WHERE o.complaint_id = {from})
             WHERE complaint_id = {to}"
        ))
        .await;
    store.rotate_vault_keys(NOW).await.unwrap();
    let passed = store.pass_contacts_on().await.unwrap();
    assert_eq!((passed.rows, passed.broken), (1, vec![two]));
    let retired = store.retire_vault_keys(NOW).await.unwrap();
    assert_eq!(retired.in_use, [(vault_key(7).id(), 1)]);
}

#[tokio::test]
async fn the_database_itself_refuses_to_lose_a_key_that_seals_a_row() {
    let world = World::new().await;
    file(world.store(), &world, 1).await.unwrap();
    assert!(world.db.execute("DELETE FROM vault_keys").await.is_err());
    let unknown = world.id(Uuid::from_u128(99));
    let forged = format!("UPDATE complaint_contacts SET key_id = {unknown}");
    assert!(world.db.execute(&forged).await.is_err());
}

#[tokio::test]
async fn what_a_store_says_of_itself_has_no_key_in_it() {
    let world = World::new().await;
    let store = process(&world.db, &keys(&[7])).await;
    store.unlock(NOW).await.unwrap();
    let said = format!("{store:?}");
    assert!(said.contains("Vault") && !said.contains("7, 7"), "{said}");
}
