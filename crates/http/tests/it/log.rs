//! The sealed log over the wire.

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use liangnuo_domain::{
    Role,
    log::{hex, merkle},
};
use liangnuo_persistence::outbox::Lane;
use liangnuo_test_support::{
    NOW,
    api::{Call, TestApp, test_app},
};
use serde_json::{Value, json};

async fn sealed(app: &TestApp<impl Service<Request, Response = ServiceResponse<impl MessageBody>, Error = Error>>) {
    while app.state.store.seal_events(NOW).await.unwrap() > 0 {}
}

#[actix_web::test]
async fn anybody_gets_the_last_checkpoint_and_can_check_it() {
    let app = test_app().await;
    let none = app.send(Call::new("GET", "/public/log/checkpoint")).await;
    assert_eq!(none.status, 404);
    sealed(&app).await;
    // The pages of the public are kept for a moment, and an absence is not.
    let checkpoint = app.send(Call::new("GET", "/public/log/checkpoint")).await.ok(200);
    let note = checkpoint["note"].as_str().unwrap();
    let opened = app.state.store.log_key().open(note).unwrap();
    assert_eq!(checkpoint["tree_size"], opened.size);
    assert_eq!(checkpoint["root_hash"], BASE64_STANDARD.encode(opened.root));
    assert_eq!(checkpoint["at"], json!(NOW.utc()));
    let verifier = checkpoint["verifier"].as_str().unwrap();
    assert!(verifier.starts_with(&format!("{}+", opened.origin)));
}

#[actix_web::test]
async fn an_entry_is_proved_by_its_hash() {
    let app = test_app().await;
    sealed(&app).await;
    let column = if app.db.url.starts_with("sqlite") {
        "hex(leaf_hash)"
    } else {
        "encode(leaf_hash, 'hex')"
    };
    let leaves = app
        .db
        .texts(&format!("SELECT {column} FROM log_entries ORDER BY log_index"))
        .await;
    let proof = async |leaf: &str| {
        let path = format!("/public/log/proof?leaf_hash={leaf}");
        app.send(Call::new("GET", &path)).await
    };
    let last = leaves.len() - 1;
    for index in [0, last / 2, last] {
        let said = proof(&leaves[index]).await.ok(200);
        assert_eq!(said["leaf_index"], index);
        let hash = |text: &Value| -> merkle::Hash {
            let bytes = BASE64_STANDARD.decode(text.as_str().unwrap()).unwrap();
            bytes.try_into().unwrap()
        };
        let path: Vec<merkle::Hash> = said["inclusion_path"].as_array().unwrap().iter().map(hash).collect();
        let leaf = liangnuo_domain::log::parse_hash(&leaves[index]).unwrap();
        let size = said["checkpoint"]["tree_size"].as_u64().unwrap();
        let root = hash(&said["checkpoint"]["root_hash"]);
        let index = u64::try_from(index).unwrap();
        assert!(merkle::includes(index, size, &leaf, &path, &root));
    }
    assert_eq!(proof(&hex(&[7; 32])).await.status, 404);
    for wrong in ["", "ab", "%E4%BA%AE", &"z".repeat(64)] {
        let answer = proof(wrong).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (400, "malformed_query"),
            "{wrong}"
        );
    }
}

#[actix_web::test]
async fn an_auditor_has_the_log_verified() {
    let app = test_app().await;
    sealed(&app).await;
    let auditor = app.root_token(Role::AuditAdmin).await;
    let state = app.get_as(&auditor, "/log").await.ok(200);
    assert_eq!(state["verification"], Value::Null);
    assert!(state["checkpoint"]["tree_size"].as_u64().unwrap() > 0);

    let asked = app
        .send(Call::new("POST", "/log/verify").bearer(&auditor))
        .await
        .ok(200);
    let verification = &asked["verification"];
    assert_eq!(
        (&verification["state"], &verification["is_whole"]),
        (&json!("queued"), &Value::Null)
    );
    // Once more while it waits changes nothing.
    let inspector = app.root_token(Role::Inspector).await;
    let again = app
        .send(Call::new("POST", "/log/verify").bearer(&inspector))
        .await
        .ok(200);
    assert_eq!(again["verification"], *verification);
    let requested = "SELECT COUNT(*) FROM events WHERE action = 'log_verifications.requested'";
    assert_eq!(app.db.number(requested).await, 1);
    let store = &app.state.store;
    let leased = store
        .lease_deliveries(Lane::Rest, 9, NOW, NOW.plus_seconds(30))
        .await
        .unwrap();
    assert!(
        leased
            .iter()
            .all(|delivery| delivery.topic != liangnuo_persistence::log::TOPIC)
    );
    let leased = store
        .lease_deliveries(Lane::Log, 9, NOW, NOW.plus_seconds(30))
        .await
        .unwrap();
    assert_eq!(leased.len(), 1);

    sealed(&app).await;
    let report = store.verify_log(None, NOW, |_, _| {}).await.unwrap();
    store
        .finish_log_verification(app.county.root, Some(&report), NOW)
        .await
        .unwrap();
    let done = app.get_as(&auditor, "/log").await.ok(200)["verification"].clone();
    assert_eq!((&done["state"], &done["is_whole"]), (&json!("finished"), &json!(true)));
    assert_eq!((&done["percent"], &done["faults"]), (&json!(100), &json!([])));
    let page = app
        .get_as(&auditor, "/events?action=log_verifications.finished")
        .await
        .ok(200);
    let event = &page["items"][0];
    assert_eq!(event["by"]["name"], "root_audit_admin");
    assert_eq!(event["facts"][0]["name"], "faults");
    assert_eq!(event["facts"][0]["value"], "0");
}

#[actix_web::test]
async fn what_is_wrong_is_told_by_kind_and_not_by_place() {
    let app = test_app().await;
    let inspector = app.root_token(Role::Inspector).await;
    app.send(Call::new("POST", "/log/verify").bearer(&inspector))
        .await
        .ok(200);
    // Nothing was ever sealed: after five minutes that is a fault for each event.
    let late = NOW.plus_seconds(301);
    let store = &app.state.store;
    let report = store.verify_log(None, late, |_, _| {}).await.unwrap();
    let events = app.db.number("SELECT COUNT(*) FROM events").await;
    store
        .finish_log_verification(app.county.root, Some(&report), late)
        .await
        .unwrap();
    let done = app.get_as(&inspector, "/log").await.ok(200)["verification"].clone();
    assert_eq!(done["is_whole"], false);
    assert_eq!(done["faults"], json!([{"kind": "event_late", "count": events}]));
    // And it may be asked for again.
    let again = app
        .send(Call::new("POST", "/log/verify").bearer(&inspector))
        .await
        .ok(200);
    assert_eq!(again["verification"]["state"], "queued");
}
