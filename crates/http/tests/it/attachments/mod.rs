//! Files that people send: on their way, attached to a case, read by who may read the case.

mod evidence;
mod originals;
mod scanning;
mod sending;
mod telling;

use liangnuo_domain::Role;
use liangnuo_test_support::{
    api::{Call, piece_of, test_app},
    files::{PLACE, docx, pdf, photo, picture},
};
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) fn holds(content: &[u8], text: &str) -> bool {
    content.windows(text.len()).any(|window| window == text.as_bytes())
}

/// The id of the only case that somebody sees.
macro_rules! only_case {
    ($app:expr, $token:expr) => {{
        let list = $app.get_as($token, "/complaints").await.ok(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        list["items"][0]["id"].as_str().unwrap().to_owned()
    }};
}
pub(crate) use only_case;

/// What happened to a case by the log, in its order, without what everybody leaves.
async fn log_of(db: &liangnuo_test_support::TestDb) -> Vec<String> {
    let mut codes = db
        .texts("SELECT action FROM events WHERE action LIKE 'complaints.attach%'")
        .await;
    codes.sort();
    codes
}

#[actix_web::test]
async fn a_resident_sends_a_photo_and_the_handler_sees_what_can_be_seen() {
    let app = test_app().await;
    let sent = photo(300, 200);
    let files = [
        app.ready_upload("IMG_2041 张三.jpg", &sent).await,
        app.ready_upload("通知.pdf", &pdf()).await,
    ];
    let filed = app.file_with("grievance", Some(app.county.own.0), &files).await.ok(201);

    let handler = app.token(Role::Handler).await;
    let case = only_case!(app, &handler);
    let detail = app.get_as(&handler, &format!("/complaints/{case}")).await.ok(200);
    assert_eq!(detail["attachment_count"], 2);
    let steps: Vec<&str> = detail["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["action"].as_str().unwrap())
        .collect();
    assert_eq!(steps, ["received", "attached"]);
    let list = app
        .get_as(&handler, &format!("/complaints/{case}/attachments"))
        .await
        .ok(200);
    let [first, second] = [&list["items"][0], &list["items"][1]];
    assert_eq!(
        (&first["name"], &first["kind"]),
        (&json!("IMG_2041 张三.jpg"), &json!("image"))
    );
    assert_eq!(
        (&first["width"], &first["height"]),
        (&json!(200), &json!(300)),
        "upright"
    );
    assert_eq!(
        (&first["added_on"], &first["added_at"]),
        (&json!("2026-11-23"), &Value::Null)
    );
    assert_eq!(second["media_type"], "application/pdf");

    let path = |file: &Value| {
        format!(
            "/complaints/{case}/attachments/{}/content",
            file["id"].as_str().unwrap()
        )
    };
    let read = app.get_as(&handler, &path(first)).await;
    assert_eq!(read.status, 200);
    assert!(holds(&sent, PLACE) && !holds(&read.bytes, PLACE) && !holds(&read.bytes, "Exif"));
    assert!(read.bytes.starts_with(&[0xFF, 0xD8, 0xFF]));
    for (name, value) in [
        ("content-type", "image/jpeg"),
        (
            "content-disposition",
            "attachment; filename=\"attachment.jpg\"; filename*=UTF-8''IMG_2041%20%E5%BC%A0%E4%B8%89.jpg",
        ),
        ("x-content-type-options", "nosniff"),
        (
            "content-security-policy",
            "sandbox; default-src 'none'; frame-ancestors 'none'",
        ),
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(read.header(name), value);
    }
    let document = app.get_as(&handler, &path(second)).await;
    assert_eq!((document.bytes, document.status.as_u16()), (pdf(), 200));

    // Each reading once an hour; the sender's name of a file is nowhere in the log.
    app.get_as(&handler, &path(first)).await;
    let events = ["attached", "attachment_read", "attachment_read"].map(|code| format!("complaints.{code}"));
    assert_eq!(log_of(&app.db).await, events);
    let details = app.db.texts("SELECT json FROM event_details").await.concat();
    assert!(!details.contains("IMG_2041") && details.contains("\"files\":2"));
    let detail = app.get_as(&handler, &format!("/complaints/{case}")).await.ok(200);
    assert_eq!(
        detail["timeline"].as_array().unwrap().len(),
        2,
        "who looked is for the log"
    );

    let receipt = json!({"receipt_code": filed["receipt_code"]});
    let followed = app.post("/public/complaints/track", receipt).await.ok(200);
    let own = followed["attachments"].as_array().unwrap();
    assert_eq!(own.len(), 2);
    assert_eq!(
        (&own[0]["name"], &own[0]["state"]),
        (&json!("IMG_2041 张三.jpg"), &json!("ready"))
    );
}

#[actix_web::test]
async fn nobody_reads_a_file_who_may_not_read_its_case() {
    let app = test_app().await;
    let file = app.ready_upload("a.jpg", &photo(30, 20)).await;
    app.file_with("report", Some(app.county.own.0), &[file]).await.ok(201);
    let inspector = app.root_token(Role::Inspector).await;
    let case = only_case!(app, &inspector);
    let list = format!("/complaints/{case}/attachments");
    let id = app.get_as(&inspector, &list).await.ok(200)["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let content = format!("{list}/{id}/content");
    assert_eq!(app.get_as(&inspector, &content).await.status, 200);
    let nothing = Uuid::nil();
    for role in [
        Role::Handler,
        Role::UnitHead,
        Role::Leader,
        Role::Admin,
        Role::AuditAdmin,
    ] {
        let token = app.token(role).await;
        for (path, missing) in [
            (list.clone(), format!("/complaints/{nothing}/attachments")),
            (
                content.clone(),
                format!("/complaints/{nothing}/attachments/{id}/content"),
            ),
        ] {
            let (hidden, missing) = (app.get_as(&token, &path).await, app.get_as(&token, &missing).await);
            assert_eq!(
                (hidden.status, hidden.code()),
                (missing.status, missing.code()),
                "{role:?} {path}"
            );
            assert!(!hidden.status.is_success());
        }
    }
    // The accused, who was allowed until then.
    let body = json!({"member_ids": [], "unit_ids": [app.county.own]});
    let open = app.ready_upload("b.jpg", &photo(30, 20)).await;
    app.file_with("grievance", Some(app.county.own.0), &[open])
        .await
        .ok(201);
    let head = app.token(Role::UnitHead).await;
    let case = only_case!(app, &head);
    let list = format!("/complaints/{case}/attachments");
    let id = app.get_as(&head, &list).await.ok(200)["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    app.step(&inspector, &format!("/complaints/{case}/accused"), 1, body)
        .await
        .ok(200);
    app.get_as(&head, &list).await.refused(404, "not_found");
    app.get_as(&head, &format!("{list}/{id}/content"))
        .await
        .refused(404, "not_found");
    assert_eq!(
        app.get_as(&inspector, &format!("{list}/{id}/content")).await.status,
        200
    );
}

#[actix_web::test]
async fn a_file_of_another_case_is_not_there() {
    let app = test_app().await;
    let file = app.ready_upload("a.docx", &docx()).await;
    app.file_with("grievance", Some(app.county.own.0), &[file])
        .await
        .ok(201);
    let handler = app.token(Role::Handler).await;
    let case = only_case!(app, &handler);
    let list = app
        .get_as(&handler, &format!("/complaints/{case}/attachments"))
        .await
        .ok(200);
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    app.file("grievance", Some(app.county.own.0)).await;
    let both = app.get_as(&handler, "/complaints").await.ok(200);
    let other = both["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["id"] != case.as_str())
        .unwrap();
    let path = format!("/complaints/{}/attachments/{id}/content", other["id"].as_str().unwrap());
    app.get_as(&handler, &path).await.refused(404, "not_found");
}

#[actix_web::test]
async fn what_was_sent_is_nowhere_in_the_clear() {
    let app = test_app().await;
    let file = app.ready_upload("金丝雀.jpg", &photo(30, 20)).await;
    let (waiting, _) = app.upload("另一只金丝雀.pdf", &pdf(), false).await;
    app.file_with("grievance", Some(app.county.own.0), &[file])
        .await
        .ok(201);
    let rows = liangnuo_test_support::database::dump(&app.db.url).await;
    let mut everything: Vec<u8> = rows.into_values().flatten().flat_map(String::into_bytes).collect();
    let mut objects = 0;
    for folder in std::fs::read_dir(app.db.objects()).unwrap() {
        for object in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            everything.extend(std::fs::read(object.unwrap().path()).unwrap());
            objects += 1;
        }
    }
    assert_eq!(objects, 1, "{waiting} waits in pieces");
    for mark in ["金丝雀", "%PDF-1.4", "JFIF", "MediaBox"] {
        let hex: String = mark.bytes().map(|byte| format!("{byte:02x}")).collect();
        for form in [mark.to_owned(), hex.to_uppercase(), hex] {
            assert!(!holds(&everything, &form), "{mark}");
        }
    }
}

#[actix_web::test]
async fn a_broken_object_is_no_content() {
    let app = test_app().await;
    let file = app
        .ready_upload("a.png", &picture(30, 20, image::ImageFormat::Png))
        .await;
    app.file_with("grievance", Some(app.county.own.0), &[file])
        .await
        .ok(201);
    for folder in std::fs::read_dir(app.db.objects()).unwrap() {
        for object in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = object.unwrap().path();
            let mut bytes = std::fs::read(&path).unwrap();
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
            std::fs::write(&path, bytes).unwrap();
        }
    }
    let handler = app.token(Role::Handler).await;
    let case = only_case!(app, &handler);
    let list = app
        .get_as(&handler, &format!("/complaints/{case}/attachments"))
        .await
        .ok(200);
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    app.get_as(&handler, &format!("/complaints/{case}/attachments/{id}/content"))
        .await
        .refused(500, "internal");
    assert!(
        log_of(&app.db)
            .await
            .iter()
            .all(|code| code != "complaints.attachment_read")
    );
}

#[actix_web::test]
async fn the_complainant_adds_files_later() {
    let app = test_app().await;
    let filed = app.file("grievance", Some(app.county.own.0)).await;
    let file = app.ready_upload("后来的.jpg", &photo(30, 20)).await;
    let body = json!({"receipt_code": filed["receipt_code"], "body": "补一张照片。", "uploads": [file], "altcha": app.proof().await});
    let call = Call::new("POST", "/public/complaints/messages")
        .key(app.uuid())
        .json(&body);
    let tracked = app.send(call.clone()).await.ok(201);
    assert_eq!(tracked["attachments"][0]["name"], "后来的.jpg");
    // The same request again finds them attached already, and answers as before.
    app.send(call).await.ok(201);
    let handler = app.token(Role::Handler).await;
    let case = only_case!(app, &handler);
    let detail = app.get_as(&handler, &format!("/complaints/{case}")).await.ok(200);
    assert_eq!(detail["attachment_count"], 1);
}

#[actix_web::test]
async fn names_do_no_harm_in_a_header() {
    let app = test_app().await;
    let names = [
        "a\"; filename=\"b.exe".to_owned(),
        "a\r\nSet-Cookie: x=1\r\n\r\n<script>.jpg".to_owned(),
        "../../../etc/passwd".to_owned(),
        "\u{202E}gpj.exe".to_owned(),
        "长".repeat(300),
        "%0d%0aX: y".to_owned(),
        "CON".to_owned(),
        String::new(),
        "\u{0}\u{7f}".to_owned(),
    ];
    let mut uploads = Vec::new();
    for name in &names {
        uploads.push(app.ready_upload(name, &photo(12, 8)).await);
    }
    app.file_with("grievance", Some(app.county.own.0), &uploads)
        .await
        .ok(201);
    let handler = app.token(Role::Handler).await;
    let case = only_case!(app, &handler);
    let list = app
        .get_as(&handler, &format!("/complaints/{case}/attachments"))
        .await
        .ok(200);
    for item in list["items"].as_array().unwrap() {
        let path = format!(
            "/complaints/{case}/attachments/{}/content",
            item["id"].as_str().unwrap()
        );
        let read = app.get_as(&handler, &path).await;
        let disposition = read.header("content-disposition").to_owned();
        let rest = disposition
            .strip_prefix("attachment; filename=\"attachment.jpg\"; filename*=UTF-8''")
            .unwrap();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "%.-_~!#$&+^`|=".contains(c);
        assert!(rest.chars().all(is_plain) && rest.ends_with(".jpg"), "{rest}");
        assert!(read.headers.get("set-cookie").is_none());
        let name = item["name"].as_str().unwrap();
        assert!(
            !name.contains(['\r', '\n', '\u{0}', '\u{202E}', '/']) && !name.is_empty() && name.chars().count() <= 120
        );
    }
}

#[actix_web::test]
async fn a_piece_that_begins_elsewhere_is_told_where_to_begin() {
    let app = test_app().await;
    let content = photo(900, 700);
    let body = json!({"name": "a.jpg", "size": content.len(), "altcha": app.proof().await});
    let key = app.uuid();
    let begin = |body: &Value| Call::new("POST", "/public/uploads").key(key).json(body);
    let begun = app.send(begin(&body)).await.ok(201);
    let (id, token) = (
        begun["id"].as_str().unwrap().parse().unwrap(),
        begun["upload_token"].as_str().unwrap(),
    );
    // The announcement that is sent again, since its answer got lost, gives the same token.
    let again = app.send(begin(&body)).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.ok(201)["upload_token"], token);
    let (half, rest) = content.split_at(content.len() / 2);
    app.send(piece_of(id, token, 0, half)).await.ok(200);
    for offset in [0, 1, content.len()] {
        let refused = app
            .send(piece_of(id, token, offset, rest))
            .await
            .refused(409, "upload_offset");
        assert_eq!(refused["offset"], half.len());
    }
    // More than was announced, and a piece of nothing.
    let long = [rest, b"x"].concat();
    app.send(piece_of(id, token, half.len(), &long))
        .await
        .refused(422, "invalid_field");
    app.send(piece_of(id, token, half.len(), b""))
        .await
        .refused(422, "invalid_field");
    app.send(piece_of(id, token, half.len(), &vec![0; (1 << 20) + 1]))
        .await
        .refused(413, "payload_too_large");
    let whole = app.send(piece_of(id, token, half.len(), rest)).await.ok(200);
    assert_eq!(whole["state"], "processing");
    app.send(piece_of(id, token, content.len(), b"x"))
        .await
        .refused(409, "upload_offset");
    assert_eq!(app.look_at(id, token).await["state"], "ready");
}
