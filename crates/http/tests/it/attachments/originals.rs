//! The original of a picture opens by two people, and by nobody else.

use liangnuo_domain::{AttachmentId, Role};
use liangnuo_http::attachment_run;
use liangnuo_test_support::{
    api::{Call, test_app},
    files::{pdf, photo},
};
use serde_json::json;

use super::only_case;

#[actix_web::test]
async fn the_original_of_an_anonymous_photo_opens_by_two_people_and_its_sender_is_told() {
    let app = test_app().await;
    let sent = photo(60, 40);
    let mut claims = Vec::new();
    for (content, keeps) in [(&sent, true), (&photo(30, 20), false), (&pdf(), true)] {
        let (id, token) = app.upload("现场.jpg", content, keeps).await;
        attachment_run::run(&app.state, app.county.root, AttachmentId(id))
            .await
            .unwrap();
        claims.push(json!({"id": id, "token": token}));
    }
    let filed = app
        .file_with("grievance", Some(app.county.own.0), &claims)
        .await
        .ok(201);
    let (asker, second) = (app.root_token(Role::Inspector).await, app.token(Role::Inspector).await);
    let handler = app.token(Role::Handler).await;
    let case = only_case!(app, &handler);
    let detail = app.get_as(&handler, &format!("/complaints/{case}")).await.ok(200);
    assert_eq!(
        (&detail["has_originals"], &detail["has_contact"]),
        (&json!(true), &json!(false))
    );

    let body = json!({"complaint_id": case, "category": "other", "reason": "照片的时间有争议"});
    let ask = Call::new("POST", "/identity-openings")
        .bearer(&asker)
        .key(app.uuid())
        .json(&body);
    let opening = app.send(ask).await.ok(201);
    let id = opening["id"].as_str().unwrap();
    let original = |nth: usize| {
        format!(
            "/identity-openings/{id}/originals/{}",
            claims[nth]["id"].as_str().unwrap()
        )
    };
    app.get_as(&asker, &original(0)).await.refused(409, "wrong_state");
    app.step(
        &second,
        &format!("/identity-openings/{id}/approve"),
        1,
        json!({"reason": "同意"}),
    )
    .await
    .ok(200);

    let read = app.get_as(&asker, &original(0)).await;
    assert_eq!((read.status.as_u16(), &read.bytes), (200, &sent));
    assert_eq!(read.header("content-type"), "application/octet-stream");
    assert!(read.header("content-disposition").starts_with("attachment; "));
    assert!(read.header("content-security-policy").starts_with("sandbox;"));
    // No original was asked for, and a document has none.
    for nth in [1, 2] {
        app.get_as(&asker, &original(nth)).await.refused(404, "not_found");
    }
    // Neither the second person nor a handler, and not after an hour.
    app.get_as(&second, &original(0)).await.refused(409, "not_ready");
    app.get_as(&handler, &original(0)).await.refused(403, "forbidden");
    let events = app
        .db
        .texts("SELECT action FROM events WHERE action = 'complaints.identity_read'")
        .await;
    assert_eq!(events.len(), 1);
    let tracked = app
        .post(
            "/public/complaints/track",
            json!({"receipt_code": filed["receipt_code"]}),
        )
        .await
        .ok(200);
    assert_eq!(tracked["identity_openings"][0]["people"], 1);
    app.clock.advance_seconds(3_700);
    let asker = app.root_token(Role::Inspector).await;
    app.get_as(&asker, &original(0)).await.refused(409, "not_ready");
}
