//! What members attach to the cases they work on: seen by whoever sees the case, by no complainant, and removed by who sent it.

use liangnuo_domain::Role;
use liangnuo_test_support::{
    api::{Call, test_app},
    files::{pdf, photo},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::only_case;
use crate::role_grants::name_deputy;

fn attach(key: Uuid, bearer: &str, case: &str, files: &[Value]) -> Call {
    let path = format!("/complaints/{case}/attachments");
    let body = json!({"uploads": files});
    Call::new("POST", &path).bearer(bearer).if_match(1).key(key).json(&body)
}

fn remove(bearer: &str, case: &str, file: Uuid) -> Call {
    let path = format!("/complaints/{case}/attachments/{file}/remove");
    let body = json!({"reason": "附错了文件"});
    Call::new("POST", &path).bearer(bearer).if_match(1).json(&body)
}

/// A file that a member has sent: its id, and how it is named to be attached.
macro_rules! sent {
    ($app:expr, $bearer:expr, $name:expr, $content:expr) => {{
        let (id, token) = $app.upload_as($bearer, $name, $content).await;
        $app.look_at(id, &token).await;
        (id, json!({"id": id, "token": token}))
    }};
}

#[actix_web::test]
async fn a_handler_attaches_evidence_which_the_complainant_does_not_see() {
    let app = test_app().await;
    let filed = app.file_with("grievance", Some(app.county.own.0), &[]).await.ok(201);
    let handler = app.token(Role::Handler).await;
    let case = only_case!(app, &handler);
    let before = app.get_as(&handler, &format!("/complaints/{case}")).await.ok(200);
    assert!(before["allowed_actions"].as_array().unwrap().contains(&json!("attach")));
    let (photo_id, photo) = sent!(app, &handler, "现场.jpg", &photo(60, 40));
    let (_, minutes) = sent!(app, &handler, "谈话记录.pdf", &pdf());
    let files = app
        .send(attach(app.uuid(), &handler, &case, &[photo.clone(), minutes]))
        .await
        .ok(200);
    let first = &files["items"][0];
    assert_eq!(
        (
            &first["name"],
            &first["source"],
            &first["is_own"],
            &first["has_original"]
        ),
        (&json!("现场.jpg"), &json!("staff"), &json!(true), &json!(false))
    );
    assert!(first["added_at"].is_string() && first["added_by"]["name"].is_string());
    let after = app.get_as(&handler, &format!("/complaints/{case}")).await.ok(200);
    assert_eq!(
        (&after["attachment_count"], &after["version"]),
        (&json!(2), &before["version"]),
        "whoever writes at this moment loses nothing"
    );

    // Once: the token opens nothing afterwards.
    let again = app.send(attach(app.uuid(), &handler, &case, &[photo])).await;
    again.refused(422, "invalid_field");
    let content = format!("/complaints/{case}/attachments/{photo_id}/content");
    let leader = app.token(Role::Leader).await;
    assert_eq!(app.get_as(&leader, &content).await.status.as_u16(), 200);
    let own = app
        .get_as(&leader, &format!("/complaints/{case}/attachments"))
        .await
        .ok(200);
    assert_eq!(own["items"][0]["is_own"], false);
    let track = json!({"receipt_code": filed["receipt_code"]});
    let tracked = app.post("/public/complaints/track", track).await.ok(200);
    assert_eq!(tracked["attachments"], json!([]), "evidence is for the staff alone");
}

#[actix_web::test]
async fn who_attached_a_file_removes_it_and_nobody_else_does() {
    let app = test_app().await;
    let (theirs, token) = app.upload("家长的.pdf", &pdf(), false).await;
    app.look_at(theirs, &token).await;
    let claims = [json!({"id": theirs, "token": token})];
    app.file_with("grievance", Some(app.county.own.0), &claims)
        .await
        .ok(201);
    let (handler, head) = (app.token(Role::Handler).await, app.token(Role::UnitHead).await);
    let case = only_case!(app, &handler);
    let (file, claim) = sent!(app, &handler, "现场.jpg", &photo(60, 40));
    app.send(attach(app.uuid(), &handler, &case, &[claim])).await.ok(200);
    let objects = app.db.kept_objects();

    app.send(remove(&head, &case, file)).await.refused(403, "forbidden");
    app.send(remove(&handler, &case, theirs))
        .await
        .refused(403, "forbidden");
    let leader = app.token(Role::Leader).await;
    app.send(remove(&leader, &case, file)).await.refused(403, "forbidden");
    app.send(remove(&handler, &case, Uuid::nil()))
        .await
        .refused(404, "not_found");
    let left = app.send(remove(&handler, &case, file)).await.ok(200);
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
    assert_eq!(left["items"][0]["id"], json!(theirs));
    assert_eq!(app.db.kept_objects(), objects - 1, "its content is gone, too");
    app.send(remove(&handler, &case, file)).await.refused(404, "not_found");

    let inspector = app.root_token(Role::Inspector).await;
    let log = app
        .get_as(&inspector, "/events?action=complaints.attachment_removed")
        .await
        .ok(200);
    let facts = log["items"][0]["facts"].to_string();
    assert!(facts.contains("附错了文件") && !facts.contains("现场"), "{facts}");
}

#[actix_web::test]
async fn a_file_is_attached_by_the_member_who_sent_it_to_a_case_they_work_on() {
    let app = test_app().await;
    app.file_with("grievance", Some(app.county.own.0), &[]).await.ok(201);
    let (handler, head) = (app.token(Role::Handler).await, app.token(Role::UnitHead).await);
    let case = only_case!(app, &handler);
    let (_, claim) = sent!(app, &handler, "现场.jpg", &photo(60, 40));
    // A token that somebody else got hold of.
    app.send(attach(app.uuid(), &head, &case, std::slice::from_ref(&claim)))
        .await
        .refused(422, "invalid_field");
    // Of the public no file gets in this way, and none of the staff's with a filing.
    let (id, token) = app.upload("家长的.pdf", &pdf(), false).await;
    app.send(attach(
        app.uuid(),
        &handler,
        &case,
        &[json!({"id": id, "token": token})],
    ))
    .await
    .refused(422, "invalid_field");
    app.file_with("inquiry", Some(app.county.own.0), std::slice::from_ref(&claim))
        .await
        .refused(422, "invalid_field");
    app.send(attach(app.uuid(), &handler, &case, &[]))
        .await
        .refused(422, "invalid_field");
    app.send(attach(app.uuid(), &handler, &case, &[claim])).await.ok(200);

    // Once a case has ended its file is closed.
    let (_, late) = sent!(app, &handler, "迟到.jpg", &photo(30, 20));
    let withdrawn = json!({"reason": "家长来电撤回"});
    app.step(&handler, &format!("/complaints/{case}/withdraw"), 1, withdrawn)
        .await
        .ok(200);
    app.send(attach(app.uuid(), &handler, &case, std::slice::from_ref(&late)))
        .await
        .refused(412, "stale_version");
    let late = attach(app.uuid(), &handler, &case, &[late]).if_match(2);
    app.send(late).await.refused(409, "wrong_state");
}

#[actix_web::test]
async fn two_requests_for_one_file_attach_it_once_and_ten_are_the_most() {
    let app = test_app().await;
    let mut theirs = Vec::new();
    for nth in 0..10 {
        let (id, token) = app.upload(&format!("{nth}.pdf"), &pdf(), false).await;
        app.look_at(id, &token).await;
        theirs.push(json!({"id": id, "token": token}));
    }
    app.file_with("grievance", Some(app.county.own.0), &theirs)
        .await
        .ok(201);
    let handler = app.token(Role::Handler).await;
    let case = only_case!(app, &handler);
    let mut ours = Vec::new();
    for nth in 0..11 {
        ours.push(sent!(app, &handler, &format!("{nth}.pdf"), &pdf()).1);
    }
    let first = std::slice::from_ref(&ours[0]);
    let (one, two) = futures_util::join!(
        app.send(attach(app.uuid(), &handler, &case, first)),
        app.send(attach(app.uuid(), &handler, &case, first))
    );
    let mut codes = [one.status.as_u16(), two.status.as_u16()];
    codes.sort_unstable();
    assert_eq!(codes, [200, 422]);
    // A complainant who sent ten leaves the staff room for theirs.
    app.send(attach(app.uuid(), &handler, &case, &ours[1..]))
        .await
        .refused(422, "invalid_field");
    let files = app
        .send(attach(app.uuid(), &handler, &case, &ours[1..10]))
        .await
        .ok(200);
    assert_eq!(files["items"].as_array().unwrap().len(), 20);
}

#[actix_web::test]
async fn what_a_deputy_attaches_says_for_whom() {
    let app = test_app().await;
    app.file_with("grievance", Some(app.county.own.0), &[]).await.ok(201);
    let case = only_case!(app, &app.token(Role::Handler).await);
    let (holder, clerk) = (app.county.member(Role::Handler), app.county.member(Role::Member));
    let security = app.root_token(Role::SecurityAdmin).await;
    name_deputy(&app, &security, holder, clerk).await.ok(201);
    let deputy = app.token(Role::Member).await;
    let (file, claim) = sent!(app, &deputy, "现场.jpg", &photo(60, 40));
    app.send(attach(app.uuid(), &deputy, &case, &[claim])).await.ok(200);
    app.send(remove(&deputy, &case, file)).await.ok(200);
    let said =
        "SELECT action FROM events WHERE acting_for IS NOT NULL AND action LIKE 'complaints.attach%' ORDER BY action";
    let said = app.db.texts(said).await;
    assert_eq!(said, ["complaints.attached", "complaints.attachment_removed"]);
}
