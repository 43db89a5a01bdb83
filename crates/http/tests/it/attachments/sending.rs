//! What can't be attached, to whom, and for how long.

use liangnuo_domain::Role;
use liangnuo_test_support::{
    api::{Call, piece_of, test_app},
    files::{pdf, photo},
};
use serde_json::json;
use uuid::Uuid;

use super::only_case;

fn named(id: Uuid, token: &str) -> serde_json::Value {
    json!({"id": id, "token": token})
}

#[actix_web::test]
async fn what_is_not_taken_says_why_and_keeps_nothing() {
    let app = test_app().await;
    for (content, code) in [
        (
            &b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"[..],
            "attachment_kind",
        ),
        (b"<!doctype html><script>alert(1)</script>", "attachment_kind"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "attachment_heic"),
        (&pdf()[..40], "attachment_broken"),
    ] {
        let (id, token) = app.upload("图片.jpg", content, true).await;
        let upload = app.look_at(id, &token).await;
        assert_eq!(
            (&upload["state"], &upload["refusal"]),
            (&json!("refused"), &json!(code))
        );
        let refused = app
            .file_with("grievance", None, &[named(id, &token)])
            .await
            .refused(422, "invalid_field");
        assert_eq!(refused["errors"][0]["pointer"], "/uploads/0");
    }
    assert_eq!(app.db.number("SELECT COUNT(*) FROM attachment_pieces").await, 0);
    assert_eq!(
        app.db.number("SELECT COUNT(*) FROM complaints").await,
        0,
        "nothing is half-written"
    );
    assert!(std::fs::read_dir(app.db.objects()).unwrap().next().is_none());
}

#[actix_web::test]
async fn sizes_are_checked_before_anything_is_sent() {
    let app = test_app().await;
    for (size, code) in [(0, "required"), (-1, "required"), (5 * 1024 * 1024 + 1, "too_large")] {
        let body = json!({"name": "a.jpg", "size": size, "altcha": app.proof().await});
        let call = Call::new("POST", "/public/uploads").key(app.uuid()).json(&body);
        let refused = app.send(call).await.refused(422, "invalid_field");
        assert_eq!(
            (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
            (&json!("/size"), &json!(code))
        );
    }
    // Nor is anything taken without a proof of work.
    let body = json!({"name": "a.jpg", "size": 5, "altcha": "x"});
    let call = Call::new("POST", "/public/uploads").key(app.uuid()).json(&body);
    app.send(call).await.refused(422, "challenge_failed");
}

#[actix_web::test]
async fn only_the_token_opens_a_file() {
    let app = test_app().await;
    let (id, token) = app.upload("a.pdf", &pdf(), false).await;
    let (other, others_token) = app.upload("b.pdf", &pdf(), false).await;
    let missing = app
        .send(Call::new("GET", &format!("/public/uploads/{}", Uuid::nil())).header("Upload-Token", &token))
        .await;
    for (id, token) in [
        (id, Some(others_token.clone())),
        (id, Some("x".to_owned())),
        (id, None),
        (other, Some(token.clone())),
    ] {
        let path = format!("/public/uploads/{id}");
        let with = |call: Call| match &token {
            Some(token) => call.header("Upload-Token", token.clone()),
            None => call,
        };
        let answer = app.send(with(Call::new("GET", &path))).await;
        assert_eq!((answer.status, answer.code()), (missing.status, missing.code()));
        app.send(with(Call::new("POST", &format!("{path}/discard"))))
            .await
            .refused(404, "not_found");
        let piece = Call::new("POST", &format!("{path}/pieces")).header("Upload-Offset", "0");
        let piece = with(piece).body("application/offset+octet-stream", b"x".to_vec());
        app.send(piece).await.refused(404, "not_found");
    }
    app.file_with("grievance", None, &[named(id, &others_token)])
        .await
        .refused(422, "invalid_field");
    app.file_with("grievance", None, &[named(id, &token)]).await.ok(201);
    // Attached: the token opens nothing any more, and attaches it to nothing else.
    let path = format!("/public/uploads/{id}");
    app.send(Call::new("GET", &path).header("Upload-Token", &token))
        .await
        .refused(404, "not_found");
    app.send(Call::new("POST", &format!("{path}/discard")).header("Upload-Token", &token))
        .await
        .refused(404, "not_found");
    app.file_with("grievance", None, &[named(id, &token)])
        .await
        .refused(422, "invalid_field");
    assert_eq!(app.db.number("SELECT COUNT(*) FROM complaints").await, 1);
}

#[actix_web::test]
async fn a_file_that_is_not_whole_or_named_twice_is_not_attached_and_eleven_are_too_many() {
    let app = test_app().await;
    let content = photo(40, 30);
    let body = json!({"name": "a.jpg", "size": content.len(), "altcha": app.proof().await});
    let begun = app
        .send(Call::new("POST", "/public/uploads").key(app.uuid()).json(&body))
        .await
        .ok(201);
    let (id, token) = (
        begun["id"].as_str().unwrap().parse::<Uuid>().unwrap(),
        begun["upload_token"].as_str().unwrap(),
    );
    app.send(piece_of(id, token, 0, &content[..100])).await.ok(200);
    app.file_with("grievance", None, &[named(id, token)])
        .await
        .refused(422, "invalid_field");
    app.send(piece_of(id, token, 100, &content[100..])).await.ok(200);
    let twice = [named(id, token), named(id, token)];
    let refused = app
        .file_with("grievance", None, &twice)
        .await
        .refused(422, "invalid_field");
    assert_eq!(refused["errors"][0]["pointer"], "/uploads/1");
    let mut many = vec![named(id, token)];
    for nth in 0..10 {
        let (id, token) = app.upload(&format!("{nth}.pdf"), &pdf(), false).await;
        many.push(named(id, &token));
    }
    let refused = app
        .file_with("grievance", None, &many)
        .await
        .refused(422, "invalid_field");
    assert_eq!(refused["errors"][0]["code"], "too_many");
    // Ten go, also while nobody has looked at them yet; and then no eleventh.
    let filed = app
        .file_with("grievance", Some(app.county.own.0), &many[..10])
        .await
        .ok(201);
    let body = json!({"receipt_code": filed["receipt_code"], "body": "还有一张。", "uploads": [many[10]], "altcha": app.proof().await});
    let call = Call::new("POST", "/public/complaints/messages")
        .key(app.uuid())
        .json(&body);
    app.send(call).await.refused(422, "invalid_field");
    let handler = app.token(Role::Handler).await;
    let case = only_case!(app, &handler);
    let list = app
        .get_as(&handler, &format!("/complaints/{case}/attachments"))
        .await
        .ok(200);
    assert_eq!(list["items"][0]["state"], "processing");
    let path = format!("/complaints/{case}/attachments/{id}/content");
    app.get_as(&handler, &path).await.refused(404, "not_found");
}

#[actix_web::test]
async fn what_is_refused_after_it_was_attached_is_told_and_logged() {
    let app = test_app().await;
    let (id, token) = app.upload("a.jpg", b"<html>", false).await;
    let filed = app
        .file_with("grievance", Some(app.county.own.0), &[named(id, &token)])
        .await
        .ok(201);
    let region = app.county.root;
    liangnuo_http::attachment_run::run(&app.state, region, liangnuo_domain::AttachmentId(id))
        .await
        .unwrap();
    let tracked = app
        .post(
            "/public/complaints/track",
            json!({"receipt_code": filed["receipt_code"]}),
        )
        .await
        .ok(200);
    assert_eq!(tracked["attachments"][0]["refusal"], "attachment_kind");
    let handler = app.token(Role::Handler).await;
    let case = only_case!(app, &handler);
    let detail = app.get_as(&handler, &format!("/complaints/{case}")).await.ok(200);
    let last = detail["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(last["action"], "attachment_refused");
}

#[actix_web::test]
async fn what_nobody_attaches_within_a_day_is_erased() {
    let app = test_app().await;
    let kept = app.ready_upload("a.pdf", &pdf()).await;
    app.file_with("grievance", None, &[kept]).await.ok(201);
    let ready = app.ready_upload("b.pdf", &pdf()).await;
    app.upload("c.pdf", &pdf(), false).await;
    let later = app.state.clock.now().plus_seconds(86_401);
    assert_eq!(app.state.store.erase_unbound(app.state.clock.now()).await.unwrap(), 0);
    assert_eq!(app.state.store.erase_unbound(later).await.unwrap(), 2);
    assert_eq!(app.db.number("SELECT COUNT(*) FROM attachments").await, 1);
    assert_eq!(app.db.number("SELECT COUNT(*) FROM attachment_pieces").await, 0);
    assert_eq!(
        app.state
            .store
            .objects()
            .kept_before(later.plus_seconds(864_000_000))
            .await
            .unwrap()
            .len(),
        1
    );
    app.clock.advance_seconds(86_401);
    app.file_with("grievance", None, &[ready])
        .await
        .refused(422, "invalid_field");
}

#[actix_web::test]
async fn a_file_that_is_taken_back_is_gone() {
    let app = test_app().await;
    let (id, token) = app.upload("a.pdf", &pdf(), false).await;
    app.look_at(id, &token).await;
    let path = format!("/public/uploads/{id}");
    app.send(Call::new("POST", &format!("{path}/discard")).header("Upload-Token", &token))
        .await
        .ok(204);
    app.send(Call::new("GET", &path).header("Upload-Token", &token))
        .await
        .refused(404, "not_found");
    assert_eq!(app.db.number("SELECT COUNT(*) FROM attachments").await, 0);
    let ever = app.state.clock.now().plus_seconds(864_000_000);
    assert!(app.state.store.objects().kept_before(ever).await.unwrap().is_empty());
}
