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

#[actix_web::test]
async fn an_original_ends_with_its_time_unless_it_is_held() {
    let app = test_app().await;
    let mut cases = Vec::new();
    for _ in 0..2 {
        let (id, token) = app.upload("现场.jpg", &photo(60, 40), true).await;
        attachment_run::run(&app.state, app.county.root, AttachmentId(id))
            .await
            .unwrap();
        let claims = [json!({"id": id, "token": token})];
        app.file_with("praise", Some(app.county.own.0), &claims).await.ok(201);
        let handler = app.token(Role::Handler).await;
        let listed = app.get_as(&handler, "/complaints").await.ok(200);
        let newest = listed["items"].as_array().unwrap().iter().find_map(|item| {
            let case = item["id"].as_str().unwrap().to_owned();
            (!cases.contains(&case)).then_some(case)
        });
        cases.push(newest.unwrap());
    }
    let [gone, held] = cases.try_into().unwrap();
    let (handler, inspector) = (app.token(Role::Handler).await, app.root_token(Role::Inspector).await);
    for case in [&gone, &held] {
        for (version, verb) in [(1, "accept"), (2, "conclude")] {
            let path = format!("/complaints/{case}/{verb}");
            app.step(&handler, &path, version, json!({})).await.ok(200);
        }
    }
    let hold = format!("/complaints/{held}/identity-hold");
    let kept = app
        .step(&inspector, &hold, 3, json!({"reason": "诉讼未了"}))
        .await
        .ok(200);
    assert_eq!(kept["identity_hold"]["reason"], "诉讼未了");

    let objects = "SELECT COUNT(*) FROM attachments WHERE original_object IS NOT NULL";
    let store = app.state.store.clone();
    app.clock.advance_seconds(180 * 86_400);
    assert_eq!(store.erase_identities(app.clock.now()).await.unwrap(), 0, "to the day");
    app.clock.advance_seconds(1);
    let (now, before) = (app.clock.now(), app.db.kept_objects());
    // Two processes at once erase it once.
    let other = app.db.another().await;
    let (one, two) = futures_util::join!(store.erase_identities(now), other.erase_identities(now));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(app.db.number(objects).await, 1, "the other one is held");
    assert_eq!(app.db.kept_objects(), before - 1, "the object is gone, too");

    let (handler, inspector) = (app.token(Role::Handler).await, app.root_token(Role::Inspector).await);
    let seen = app.get_as(&inspector, &format!("/complaints/{gone}")).await.ok(200);
    let last = seen["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&seen["has_originals"], &last["action"]),
        (&json!(false), &json!("originals_erased"))
    );
    let files = app
        .get_as(&handler, &format!("/complaints/{gone}/attachments"))
        .await
        .ok(200);
    let file = &files["items"][0];
    assert_eq!(
        (&file["state"], &file["has_original"]),
        (&json!("ready"), &json!(false))
    );
    let content = format!(
        "/complaints/{gone}/attachments/{}/content",
        file["id"].as_str().unwrap()
    );
    assert_eq!(
        app.get_as(&handler, &content).await.status.as_u16(),
        200,
        "what can be seen stays"
    );
    let body = json!({"complaint_id": gone, "category": "other", "reason": "太晚了"});
    let ask = Call::new("POST", "/identity-openings")
        .bearer(&inspector)
        .key(app.uuid())
        .json(&body);
    app.send(ask).await.refused(409, "not_ready");

    let lift = format!("{hold}/lift");
    app.step(&inspector, &lift, 3, json!({"reason": "已经结案"}))
        .await
        .ok(200);
    assert_eq!(store.erase_identities(app.clock.now()).await.unwrap(), 1);
    assert_eq!(app.db.number(objects).await, 0);
}
