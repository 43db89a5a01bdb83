//! Signing in, staying signed in, signing out.

use liangnuo_domain::Role;
use liangnuo_http::{HttpSettings, keys::Keys};
use liangnuo_test_support::api::{Call, PASSWORD, test_app, test_app_with};
use serde_json::{Value, json};

fn credentials(login: &str, password: &str) -> Value {
    json!({"login": login, "password": password})
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_member_signs_in_and_is_known() {
    let app = test_app().await;
    let grant = app
        .post("/auth/login", credentials(" Handler ", PASSWORD))
        .await
        .ok(200);
    assert_eq!(
        (grant["token_type"].as_str(), grant["expires_in"].as_i64()),
        (Some("Bearer"), Some(600))
    );
    let me = app.get_as(&text(&grant, "access_token"), "/me").await.ok(200);
    assert_eq!(me["roles"], json!(["member", "handler"]));
    assert_eq!(
        me["permissions"],
        json!(["complaints.list", "complaints.register", "statistics.read"])
    );
    assert_eq!(me["unit"]["name"], "柳湾小学");
}

#[actix_web::test]
async fn wrong_credentials_tell_nothing() {
    let app = test_app().await;
    let redact = |mut problem: Value| {
        problem["request_id"] = Value::Null;
        problem
    };
    let known = app
        .post("/auth/login", credentials("handler", "wrong"))
        .await
        .refused(401, "wrong_credentials");
    let unknown = app
        .post("/auth/login", credentials("nobody", "wrong"))
        .await
        .refused(401, "wrong_credentials");
    assert_eq!(redact(known), redact(unknown));
    app.get("/me").await.refused(401, "unauthenticated");
    app.get_as("a.b.c", "/me").await.refused(401, "session_ended");
}

#[actix_web::test]
async fn guesses_are_counted() {
    let app = test_app_with(|_| Vec::new(), HttpSettings::default()).await;
    for _ in 0..5 {
        app.post("/auth/login", credentials("handler", "wrong"))
            .await
            .refused(401, "wrong_credentials");
    }
    let answer = app.post("/auth/login", credentials("handler", PASSWORD)).await;
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
    answer.refused(429, "rate_limited");
    app.post("/auth/login", credentials("unit_head", PASSWORD))
        .await
        .ok(200);
}

#[actix_web::test]
async fn a_guesser_elsewhere_locks_nobody_out_and_everybody_is_told_where_they_stand() {
    let app = test_app_with(|_| Vec::new(), HttpSettings::default()).await;
    let service = actix_web::test::init_service(liangnuo_http::app(&app.state)).await;
    let sign_in = |peer: &str, path: &str, body: Value| {
        let request = actix_web::test::TestRequest::post()
            .uri(path)
            .peer_addr(peer.parse().unwrap())
            .set_json(body);
        actix_web::test::call_service(&service, request.to_request())
    };
    let header = |answer: &actix_web::dev::ServiceResponse<_>, name: &str| -> String {
        answer.headers().get(name).unwrap().to_str().unwrap().to_owned()
    };
    let login = "/api/v1/auth/login";
    let mut last = None;
    for _ in 0..6 {
        last = Some(sign_in("1.1.1.1:9", login, credentials("handler", "wrong")).await);
    }
    let refused = last.unwrap();
    assert_eq!(refused.status(), 429);
    assert_eq!(header(&refused, "ratelimit-policy"), "\"account\";q=5;w=200");
    let standing = header(&refused, "ratelimit");
    assert!(standing.starts_with("\"account\";r=0;t="), "{standing}");
    let owner = sign_in("2.2.2.2:9", login, credentials("handler", PASSWORD)).await;
    assert_eq!(owner.status(), 200);
    assert_eq!(header(&owner, "ratelimit"), "\"account\";r=4");
    // Tokens that are made up are counted by address, and so is what is no body at all.
    let refresh = "/api/v1/auth/refresh";
    let mut statuses = Vec::new();
    for _ in 0..130 {
        statuses.push(sign_in("1.1.1.1:9", refresh, json!("no object")).await.status());
    }
    assert_eq!(statuses.first().unwrap(), &422);
    assert!(statuses.iter().any(|status| *status == 429));
}

#[actix_web::test]
async fn a_refresh_token_is_good_once_and_reuse_ends_the_session() {
    let app = test_app().await;
    let first = app.post("/auth/login", credentials("handler", PASSWORD)).await.ok(200);
    let refresh = |token: String| app.post("/auth/refresh", json!({"refresh_token": token}));
    let second = refresh(text(&first, "refresh_token")).await.ok(200);
    // Two tabs at once: the same successor.
    let twin = refresh(text(&first, "refresh_token")).await.ok(200);
    assert_eq!(second["refresh_token"], twin["refresh_token"]);
    app.get_as(&text(&second, "access_token"), "/me").await.ok(200);
    // Later it is a thief, and everybody is thrown out.
    app.clock.advance_seconds(6);
    refresh(text(&first, "refresh_token"))
        .await
        .refused(401, "session_ended");
    refresh(text(&second, "refresh_token"))
        .await
        .refused(401, "session_ended");
    app.state.callers.forget_all();
    app.get_as(&text(&second, "access_token"), "/me")
        .await
        .refused(401, "session_ended");
}

#[actix_web::test]
async fn a_session_runs_out_when_it_is_not_used() {
    let app = test_app().await;
    let grant = app.post("/auth/login", credentials("handler", PASSWORD)).await.ok(200);
    app.clock.advance_seconds(601);
    app.get_as(&text(&grant, "access_token"), "/me")
        .await
        .refused(401, "session_ended");
    app.clock.advance_seconds(1_800);
    let body = json!({"refresh_token": text(&grant, "refresh_token")});
    app.post("/auth/refresh", body).await.refused(401, "session_ended");
}

#[actix_web::test]
async fn a_browser_keeps_its_token_in_a_cookie_that_other_sites_cannot_use() {
    let app = test_app().await;
    let body = json!({"login": "handler", "password": PASSWORD, "session": "cookie"});
    let answer = app.post("/auth/login", body).await;
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/auth", "liangnuo_refresh="] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(answer.json["refresh_token"].is_null());
    let pair = cookie.split(';').next().unwrap();
    let refresh = || {
        Call::new("POST", "/auth/refresh")
            .header("Cookie", pair)
            .json(&json!({}))
    };
    app.send(refresh()).await.refused(403, "forbidden");
    let answer = app.send(refresh().header("X-Liangnuo-Refresh", "1")).await;
    assert!(answer.header("set-cookie").contains("liangnuo_refresh="));
    answer.ok(200);
}

#[actix_web::test]
async fn over_tls_the_cookie_is_bound_to_the_host_and_other_origins_are_refused() {
    let settings = HttpSettings {
        is_secure: true,
        origin: Some("https://jy.example".to_owned()),
        ..HttpSettings::default()
    };
    let app = test_app_with(|_| Vec::new(), settings).await;
    let body = json!({"login": "handler", "password": PASSWORD, "session": "cookie"});
    let answer = app.post("/auth/login", body).await;
    let cookie = answer.header("set-cookie").to_owned();
    let parts: Vec<&str> = cookie.split("; ").collect();
    assert!(parts[0].starts_with("__Host-liangnuo="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
        assert!(parts.contains(&part), "{cookie}");
    }
    let call = |path: &str, origin: &str| {
        Call::new("POST", path)
            .header("Cookie", parts[0])
            .header("X-Liangnuo-Refresh", "1")
            .header("Origin", origin)
            .json(&json!({}))
    };
    for path in ["/auth/refresh", "/auth/logout"] {
        for origin in ["https://evil.example", "http://jy.example", "null"] {
            app.send(call(path, origin)).await.refused(403, "forbidden");
        }
    }
    app.send(call("/auth/refresh", "https://jy.example")).await.ok(200);
}

#[actix_web::test]
async fn signing_out_ends_the_session_at_once() {
    let app = test_app().await;
    let grant = app.post("/auth/login", credentials("handler", PASSWORD)).await.ok(200);
    let token = text(&grant, "access_token");
    app.get_as(&token, "/me").await.ok(200);
    let body = json!({"refresh_token": text(&grant, "refresh_token")});
    app.post("/auth/logout", body.clone()).await.ok(204);
    app.get_as(&token, "/me").await.refused(401, "session_ended");
    app.post("/auth/refresh", body.clone())
        .await
        .refused(401, "session_ended");
    app.post("/auth/logout", body).await.ok(204);
}

#[actix_web::test]
async fn a_new_password_ends_all_other_sessions() {
    let app = test_app().await;
    let here = text(
        &app.post("/auth/login", credentials("handler", PASSWORD)).await.ok(200),
        "access_token",
    );
    let there = text(
        &app.post("/auth/login", credentials("handler", PASSWORD)).await.ok(200),
        "access_token",
    );
    let change = |current: &str, new: &str| {
        let body = json!({"current_password": current, "new_password": new});
        app.send(Call::new("POST", "/me/password").bearer(&here).json(&body))
    };
    let problem = change("wrong", "桥头第二家铺子后面的井")
        .await
        .refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["pointer"], "/current_password");
    let problem = change(PASSWORD, "short").await.refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["code"], "too_short");
    change(PASSWORD, "桥头第2家铺子，后面那口老井").await.ok(204);
    app.get_as(&here, "/me").await.ok(200);
    app.get_as(&there, "/me").await.refused(401, "session_ended");
    app.post("/auth/login", credentials("handler", PASSWORD))
        .await
        .refused(401, "wrong_credentials");
    app.post("/auth/login", credentials("handler", "桥头第2家铺子，后面那口老井"))
        .await
        .ok(200);
    let actions = app
        .db
        .texts("SELECT action FROM events WHERE subject_kind = 'accounts' AND action LIKE '%changed'")
        .await;
    assert_eq!(actions, ["accounts.password_changed"]);
}

#[actix_web::test]
async fn the_first_county_is_set_up_once() {
    let app = test_app().await;
    let body = |token: &str| {
        json!({"token": token, "region_name": "新县教育局", "member_name": "管理员", "login": "first",
               "password": "桥头第2家铺子，后面那口老井"})
    };
    app.post("/auth/bootstrap", body("guess"))
        .await
        .refused(409, "bootstrap_closed");
    // A county with an account takes no link at all.
    let now = app.clock.now();
    let kept = app
        .state
        .store
        .keep_bootstrap_token(Keys::token_hash("t"), now.plus_seconds(900), now)
        .await;
    assert!(kept.is_err());
    let empty = liangnuo_test_support::TestDb::new().await;
    empty
        .store
        .keep_bootstrap_token(Keys::token_hash("t"), now.plus_seconds(900), now)
        .await
        .unwrap();
    let state = liangnuo_http::AppState::new(
        empty.store.clone(),
        app.clock.clone(),
        Keys::new([7; 32]),
        liangnuo_http::passwords::Passwords::cheap(),
        HttpSettings {
            has_limits: false,
            ..HttpSettings::default()
        },
    );
    let service = actix_web::test::init_service(liangnuo_http::app(&state)).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let request = actix_web::test::TestRequest::post()
            .uri("/api/v1/auth/bootstrap")
            .set_json(body("t"));
        statuses.push(
            actix_web::test::call_service(&service, request.to_request())
                .await
                .status()
                .as_u16(),
        );
    }
    assert_eq!(statuses, [201, 409, 409]);
    assert_eq!(empty.number("SELECT COUNT(*) FROM accounts").await, 1);
    assert!(empty.number("SELECT COUNT(*) FROM categories").await > 40);
}

#[actix_web::test]
async fn a_role_that_ends_bites_within_seconds() {
    let app = test_app().await;
    let head = app.token(Role::UnitHead).await;
    app.get_as(&head, "/members").await.ok(200);
    app.db
        .execute(&format!(
            "UPDATE role_grants SET valid_to = {}",
            app.clock.now().micros()
        ))
        .await
        .unwrap();
    app.clock.advance_seconds(1);
    app.state.callers.forget_all();
    app.get_as(&head, "/members").await.refused(403, "forbidden");
}
