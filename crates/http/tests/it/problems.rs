//! Bad input gets one kind of answer, whatever it was that could not be read.

use liangnuo_domain::Role;
use liangnuo_http::{HttpSettings, problem::ProblemCode};
use liangnuo_test_support::api::{Call, test_app, test_app_with};
use serde_json::json;

#[actix_web::test]
async fn unknown_paths_and_methods() {
    let app = test_app().await;
    app.get("/nothing-here").await.refused(404, "not_found");
    let answer = app.send(Call::new("DELETE", "/units")).await;
    assert_eq!(answer.header("allow"), "GET, POST");
    answer.refused(405, "method_not_allowed");
    let answer = app
        .send(Call::new(
            "TRACE",
            "/complaints/0192beef-de96-7002-b709-da7620e7c4a4/accept",
        ))
        .await;
    assert_eq!(answer.header("allow"), "POST");
    answer.refused(405, "method_not_allowed");
    // Not the import with the id "complaints".
    let token = app.root_token(Role::CampaignOffice).await;
    for method in ["GET", "OPTIONS"] {
        let answer = app.send(Call::new(method, "/imports/complaints").bearer(&token)).await;
        assert_eq!(answer.header("allow"), "POST", "{method}");
        answer.refused(405, "method_not_allowed");
    }
}

#[actix_web::test]
async fn bodies_that_cannot_be_read() {
    let app = test_app().await;
    let login = |kind: &str, body: Vec<u8>| Call::new("POST", "/auth/login").body(kind, body);
    let json = "application/json";
    app.send(login(json, b"{\"login\":".to_vec()))
        .await
        .refused(400, "malformed_body");
    app.send(login(json, Vec::new())).await.refused(400, "malformed_body");
    app.send(login(json, b"{\"login\":\"\xff\"}".to_vec()))
        .await
        .refused(400, "malformed_body");
    app.send(login(json, vec![b'['; 5_000]))
        .await
        .refused(422, "invalid_field");
    app.send(login(json, vec![b' '; 2 << 20]))
        .await
        .refused(413, "payload_too_large");
    app.send(login("text/plain", b"{}".to_vec()))
        .await
        .refused(415, "unsupported_media_type");
    let deep = format!("{{\"login\":{}1{}}}", "[".repeat(300), "]".repeat(300));
    assert!(app.send(login(json, deep.into_bytes())).await.status.is_client_error());
    let problem = app
        .send(login(json, br#"{"login":"a","password":"b","is_admin":true}"#.to_vec()))
        .await
        .refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["pointer"], "/is_admin");
}

#[actix_web::test]
async fn queries_paths_and_headers_that_cannot_be_read() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let get = |path: &'static str| app.get_as(&office, path);
    get("/complaints?nonsense=1").await.refused(400, "malformed_query");
    get("/complaints?state=received,nonsense")
        .await
        .refused(400, "malformed_query");
    get("/complaints?limit=0").await.refused(400, "malformed_query");
    get("/complaints?limit=101").await.refused(400, "malformed_query");
    get("/complaints?limit=99999999999")
        .await
        .refused(400, "malformed_query");
    get("/complaints?received_from=yesterday")
        .await
        .refused(400, "malformed_query");
    get("/complaints?cursor=bm9uc2Vuc2U").await.refused(400, "bad_cursor");
    get("/complaints?q=%00").await.refused(400, "malformed_query");
    get("/complaints/not-a-uuid").await.refused(400, "malformed_path");
    let unit = format!("/units/{}", app.county.own);
    let admin = app.token(Role::Admin).await;
    let patch = |call: Call| app.send(call.bearer(&admin).json(&json!({"head": "何梅"})));
    patch(Call::new("PATCH", &unit)).await.refused(428, "if_match_missing");
    patch(Call::new("PATCH", &unit).header("If-Match", "seven"))
        .await
        .refused(400, "malformed_header");
    patch(Call::new("PATCH", &unit).if_match(7))
        .await
        .refused(412, "stale_version");
    let body = json!({"unit_id": app.county.own, "name": "新成员"});
    let create = Call::new("POST", "/members").bearer(&admin).json(&body);
    app.send(create).await.refused(400, "idempotency_key_missing");
}

#[actix_web::test]
async fn the_language_is_the_callers_and_every_answer_is_named_and_guarded() {
    let app = test_app().await;
    let region = app.get("/public/region").await;
    assert_eq!(region.header("content-language"), "zh-CN");
    let chinese = app.get("/nothing").await;
    assert_eq!(chinese.header("content-language"), "zh-CN");
    let english = app
        .send(Call::new("GET", "/nothing").header("Accept-Language", "en"))
        .await;
    assert_eq!(english.header("content-language"), "en");
    assert_eq!(english.json["title"], "Not found");
    assert_eq!(
        english.header("x-request-id"),
        english.json["request_id"].as_str().unwrap()
    );
    for answer in [
        chinese,
        english,
        app.get("/healthz").await,
        app.get("/public/region").await,
    ] {
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "x-request-id",
        ] {
            assert!(!answer.header(name).is_empty(), "{name}");
        }
    }
}

#[actix_web::test]
async fn what_a_problem_is_can_be_read_where_its_type_leads() {
    let app = test_app().await;
    let answer = app.get("/docs").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (308, "/docs/"));
    app.get("/docs/").await.ok(200);
    let problem = app.get("/nothing").await.refused(404, "not_found");
    let (page, anchor) = problem["type"].as_str().unwrap().split_once('#').unwrap();
    let answer = app.get(page).await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    let text = String::from_utf8(answer.bytes).unwrap();
    assert!(text.contains(&format!("<h2 id=\"{anchor}\">")), "{text}");
    for code in ProblemCode::ALL {
        assert!(text.contains(&format!("id=\"{}\"", code.code())), "{code:?}");
    }
}

#[actix_web::test]
async fn browsers_are_told_to_stay_with_tls_where_there_is_tls() {
    let name = "strict-transport-security";
    assert_eq!(test_app().await.get("/healthz").await.header(name), "");
    let settings = HttpSettings {
        is_secure: true,
        ..HttpSettings::default()
    };
    let app = test_app_with(|_| Vec::new(), settings).await;
    for path in ["/healthz", "/nothing", "/docs/"] {
        assert_eq!(app.get(path).await.header(name), "max-age=31536000", "{path}");
    }
}

#[actix_web::test]
async fn a_thing_is_never_called_unchanged_by_its_version_alone() {
    let app = test_app().await;
    let admin = app.token(Role::Admin).await;
    let path = format!("/units/{}", app.county.own);
    for known in ["\"v1\"", "W/\"v1\"", "\"v0\", \"v1\"", "*"] {
        let call = Call::new("GET", &path).bearer(&admin).header("If-None-Match", known);
        let answer = app.send(call).await;
        assert_eq!(answer.header("etag"), "\"v1\"");
        answer.ok(200);
    }
}

#[actix_web::test]
async fn health_says_what_is_amiss() {
    let app = test_app().await;
    app.get("/healthz").await.ok(200);
    assert_eq!(app.get("/readyz").await.ok(200)["status"], "ok");
    app.db.execute("DROP TABLE seaql_migrations").await.unwrap();
    app.get("/healthz").await.ok(200);
    assert_eq!(app.get("/readyz").await.ok(503)["status"], "database_unavailable");
}

#[actix_web::test]
async fn what_is_said_once_for_many_is_refused_once() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let cases = json!([{"id": app.uuid(), "version": 1}]);
    let body = json!({"complaints": cases, "unit_id": app.county.own, "note": "长".repeat(2_001)});
    let call = Call::new("POST", "/complaints/assign").bearer(&office).json(&body);
    let problem = app.send(call).await.refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["pointer"], "/note");
    let body = json!({"refresh_token": "x".repeat(101)});
    for path in ["/auth/refresh", "/auth/logout"] {
        let problem = app.post(path, body.clone()).await.refused(422, "invalid_field");
        assert_eq!(problem["errors"][0]["pointer"], "/refresh_token", "{path}");
    }
}
