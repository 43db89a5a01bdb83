//! Files in the store: who comes first, what changes of keys and deaths of processes leave of them.

use std::sync::Arc;

use liangnuo_domain::{
    AttachmentId, ComplaintId, Timestamp,
    attachments::{AttachmentState, FileId, Media},
};
use liangnuo_persistence::{
    Settings, Store, StoreError,
    attachments::{Claim, KeptFile, NewUpload, Scan},
    complaints::{NewCase, Proof},
    idempotency::IdempotencyKey,
    vault::KeysInMemory,
};
use liangnuo_test_support::{NOW, TestCounty, county::grievance, database::vault_key};

use crate::support::{World, at_once};

const CONTENT: &[u8] = b"%PDF-1.4 a content that stands for any";

fn proof(store: &Store) -> Option<Proof> {
    Some(Proof {
        challenge: store.ids().v4().to_string(),
        expires_at: NOW.plus_seconds(600),
    })
}

/// A file that was announced and not sent yet.
async fn announced(world: &World) -> (FileId, Vec<u8>) {
    let store = world.store();
    let token_hash = store.ids().bytes::<32>().to_vec();
    let new = NewUpload {
        id: AttachmentId(store.ids().v4()),
        region: world.county.root,
        token_hash: token_hash.clone(),
        uploaded_by: None,
        name: "通知.pdf".to_owned(),
        size: u64::try_from(CONTENT.len()).unwrap(),
        keeps_original: false,
    };
    let key = IdempotencyKey::new("public", store.ids().v4(), "begin_upload", b"");
    let (upload, _) = store.begin_upload(new, key, proof(store), NOW).await.unwrap();
    let file = FileId {
        region: world.county.root,
        id: upload.id,
    };
    (file, token_hash)
}

fn kept() -> KeptFile {
    KeptFile {
        media: Media::Pdf,
        content: CONTENT.to_vec(),
        pixels: None,
        original: Some(b"as it came".to_vec()),
    }
}

/// A file that is whole, and was looked at.
async fn settled(world: &World, is_scanned: bool) -> (FileId, Vec<u8>) {
    let (file, token) = announced(world).await;
    let store = world.store();
    store
        .keep_piece(file, token.clone(), 0, CONTENT.to_vec(), NOW)
        .await
        .unwrap();
    let (content, _) = store.file_to_check(file).await.unwrap().unwrap();
    assert_eq!(content, CONTENT);
    store.settle_file(file, Ok(kept()), is_scanned, NOW).await.unwrap();
    (file, token)
}

async fn file_with(store: &Store, county: &TestCounty, files: Vec<Claim>) -> Result<ComplaintId, StoreError> {
    let ids = store.ids();
    let new = NewCase {
        region: county.root,
        id: ComplaintId(ids.v4()),
        receipt_hash: ids.bytes::<32>().to_vec(),
        filing: grievance(Some(county.own)),
        contact: None,
        files,
    };
    let key = IdempotencyKey::new("public", ids.v4(), "file_complaint", b"");
    Ok(store.file_complaint(new, key, proof(store), NOW).await?.id)
}

async fn objects(store: &Store) -> usize {
    let ever = Timestamp::from_micros(i64::MAX);
    store.objects().kept_before(ever).await.unwrap().len()
}

#[tokio::test]
async fn a_file_that_two_cases_want_at_once_is_of_one() {
    let world = World::new().await;
    let (file, token_hash) = settled(&world, false).await;
    let claim = Claim {
        id: file.id,
        token_hash,
    };
    let outcomes = at_once(8, |_| {
        let (store, county, claim) = (world.store().clone(), world.county.clone(), claim.clone());
        async move { file_with(&store, &county, vec![claim]).await }
    })
    .await;
    let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(won, 1, "{outcomes:?}");
    assert_eq!(world.db.number("SELECT COUNT(*) FROM complaints").await, 1);
}

#[tokio::test]
async fn a_piece_that_is_sent_twice_at_once_is_taken_once() {
    let world = World::new().await;
    let (file, token) = announced(&world).await;
    let outcomes = at_once(8, |_| {
        let (store, token) = (world.store().clone(), token.clone());
        async move { store.keep_piece(file, token, 0, CONTENT[..10].to_vec(), NOW).await }
    })
    .await;
    for outcome in &outcomes {
        assert!(
            matches!(outcome, Ok(upload) if upload.received == 10)
                || matches!(outcome, Err(StoreError::Offset { is: 10 }))
        );
    }
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let upload = world.store().upload(file, &token, NOW).await.unwrap();
    assert_eq!((upload.received, upload.state), (10, AttachmentState::Receiving));
}

#[tokio::test]
async fn two_who_look_at_a_file_at_once_leave_one_object() {
    let world = World::new().await;
    let (file, token) = announced(&world).await;
    world
        .store()
        .keep_piece(file, token.clone(), 0, CONTENT.to_vec(), NOW)
        .await
        .unwrap();
    at_once(6, |_| {
        let store = world.store().clone();
        async move { store.settle_file(file, Ok(kept()), false, NOW).await.unwrap() }
    })
    .await;
    assert_eq!(objects(world.store()).await, 2, "content and original");
    assert_eq!(
        world.store().upload(file, &token, NOW).await.unwrap().state,
        AttachmentState::Ready
    );
}

#[tokio::test]
async fn what_a_process_that_died_left_over_is_swept_after_a_day_and_nothing_else() {
    let world = World::new().await;
    let store = world.store();
    let (file, token_hash) = settled(&world, false).await;
    file_with(
        store,
        &world.county,
        vec![Claim {
            id: file.id,
            token_hash,
        }],
    )
    .await
    .unwrap();
    // It died between the object and the row.
    let orphan = store.ids().v4();
    store.objects().put(orphan, b"sealed".to_vec()).await.unwrap();
    // Objects have the clock of the machine, which is not that of the tests.
    assert_eq!(store.delete_orphans(Timestamp::from_micros(0)).await.unwrap(), 0);
    let later = Timestamp::from_micros(i64::MAX / 2);
    assert_eq!(store.delete_orphans(later).await.unwrap(), 1);
    assert!(store.objects().get(orphan).await.unwrap().is_none());
    assert_eq!(objects(store).await, 2);
}

#[tokio::test]
async fn keys_of_files_are_passed_on_and_an_old_one_is_kept_while_it_seals_one() {
    let world = World::new().await;
    let (file, token_hash) = settled(&world, true).await;
    let keys = KeysInMemory::new(vec![vault_key(7)]);
    let settings = Settings {
        vault_keys: Arc::new(keys),
        ..world.db.settings()
    };
    let store = Store::open(settings).await.unwrap();
    let next = store.rotate_vault_keys(NOW).await.unwrap();
    let retired = store.retire_vault_keys(NOW).await.unwrap();
    assert_eq!(retired.in_use, [(vault_key(7).id(), 1)]);
    let passed = store.pass_files_on().await.unwrap();
    assert_eq!((passed.rows, passed.broken.len()), (1, 0));
    assert_eq!(store.pass_files_on().await.unwrap().rows, 0);
    let retired = store.retire_vault_keys(NOW).await.unwrap();
    assert_eq!((retired.gone, retired.in_use.len()), (vec![vault_key(7).id()], 0));
    assert_ne!(next, vault_key(7).id());
    let waiting = store.file_to_scan(file).await.unwrap().unwrap();
    assert_eq!(waiting.contents, [CONTENT.to_vec(), b"as it came".to_vec()]);
    assert!(store.upload(file, &token_hash, NOW).await.is_ok());
}

#[tokio::test]
async fn a_key_that_does_not_open_is_told_and_stays() {
    let world = World::new().await;
    settled(&world, false).await;
    let keys = KeysInMemory::new(vec![vault_key(7)]);
    let settings = Settings {
        vault_keys: Arc::new(keys),
        ..world.db.settings()
    };
    let store = Store::open(settings).await.unwrap();
    store.rotate_vault_keys(NOW).await.unwrap();
    world.db.run("UPDATE attachments SET row_key = name").await;
    let passed = store.pass_files_on().await.unwrap();
    assert_eq!((passed.rows, passed.broken.len()), (0, 1));
    assert_eq!(store.retire_vault_keys(NOW).await.unwrap().in_use.len(), 1);
}

#[tokio::test]
async fn a_file_waits_for_the_scanner_and_what_it_finds_something_in_is_erased() {
    let world = World::new().await;
    let store = world.store();
    let (file, token) = settled(&world, true).await;
    let state = || async { store.upload(file, &token, NOW).await.unwrap().state };
    store.settle_scan(file, Scan::Silent, NOW).await.unwrap();
    assert_eq!(state().await, AttachmentState::Quarantined);
    assert_eq!(store.file_to_scan(file).await.unwrap().unwrap().scans, 1);
    store.settle_scan(file, Scan::Infected, NOW).await.unwrap();
    assert_eq!(state().await, AttachmentState::Infected);
    assert_eq!(objects(store).await, 0);
    // It stays so, whatever is said later.
    store.settle_scan(file, Scan::Clean, NOW).await.unwrap();
    assert_eq!(state().await, AttachmentState::Infected);
    let claim = Claim {
        id: file.id,
        token_hash: token.clone(),
    };
    assert!(file_with(store, &world.county, vec![claim]).await.is_err());
}
