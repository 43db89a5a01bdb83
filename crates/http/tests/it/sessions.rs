//! A member's own sessions: what they are told of them, and that one that was ended opens nothing.

use std::time::{Duration, Instant};

use liangnuo_domain::{Role, SessionId};
use liangnuo_http::HttpSettings;
use liangnuo_test_support::api::{Call, PASSWORD, test_app, test_app_with};
use serde_json::{Value, json};

const PHONE: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile MicroMessenger/8.0.61";

fn log_in() -> Call {
    Call::new("POST", "/auth/login").json(&json!({"login": "handler", "password": PASSWORD}))
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}

fn end(token: &str, id: &str) -> Call {
    Call::new("POST", &format!("/me/sessions/{id}/end")).bearer(token)
}

#[actix_web::test]
async fn a_member_sees_where_they_are_signed_in_and_nothing_of_the_browser_but_its_kind() {
    let app = test_app().await;
    let phone = app.send(log_in().header("User-Agent", PHONE)).await.ok(200);
    app.clock.advance_seconds(60);
    let desk = app.send(log_in()).await.ok(200);
    let list = app.get_as(&text(&desk, "access_token"), "/me/sessions").await.ok(200);
    let told: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|session| {
            (
                session["is_current"].as_bool(),
                text(session, "browser"),
                text(session, "system"),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some(true), "other".to_owned(), "other".to_owned()),
            (Some(false), "wechat".to_owned(), "ios".to_owned()),
        ]
    );
    assert!(list["items"][1]["created_at"].as_str() < list["items"][0]["created_at"].as_str());
    // Going on with it is what using it is.
    app.clock.advance_seconds(60);
    let body = json!({"refresh_token": text(&phone, "refresh_token")});
    let phone = app.post("/auth/refresh", body).await.ok(200);
    let list = app.get_as(&text(&phone, "access_token"), "/me/sessions").await.ok(200);
    let first = &list["items"][0];
    assert_eq!(
        (first["is_current"].as_bool(), text(first, "browser")),
        (Some(true), "wechat".to_owned())
    );
    assert!(first["last_used_at"].as_str() > list["items"][1]["last_used_at"].as_str());
    // Somebody else's are not among them.
    let head = app.token(Role::UnitHead).await;
    assert_eq!(
        app.get_as(&head, "/me/sessions").await.ok(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let stored = app
        .db
        .texts("SELECT browser || ' ' || system FROM sessions ORDER BY created_at")
        .await;
    assert_eq!(stored, ["wechat ios", "other other", "other other"]);
}

#[actix_web::test]
async fn an_ended_session_opens_nothing_and_is_not_gone_on_with() {
    let app = test_app().await;
    let lost = app.send(log_in().header("User-Agent", PHONE)).await.ok(200);
    app.get_as(&text(&lost, "access_token"), "/me").await.ok(200);
    let here = app.token(Role::Handler).await;
    let list = app.get_as(&here, "/me/sessions").await.ok(200);
    let id = text(&list["items"][1], "id");
    // Nobody else ends it, nor learns that it is there.
    let head = app.token(Role::UnitHead).await;
    app.send(end(&head, &id)).await.refused(404, "not_found");
    app.send(end(&here, &id)).await.ok(204);
    app.send(end(&here, &id)).await.refused(404, "not_found");
    app.get_as(&text(&lost, "access_token"), "/me")
        .await
        .refused(401, "session_ended");
    let body = json!({"refresh_token": text(&lost, "refresh_token")});
    app.post("/auth/refresh", body).await.refused(401, "session_ended");
    assert_eq!(
        app.get_as(&here, "/me/sessions").await.ok(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // Also the one that asks.
    let own = text(&list["items"][0], "id");
    app.send(end(&here, &own)).await.ok(204);
    app.get_as(&here, "/me").await.refused(401, "session_ended");
    let log = "SELECT action FROM events WHERE action LIKE '%session%' ORDER BY at, position";
    assert_eq!(
        app.db.texts(log).await,
        ["accounts.session_ended", "accounts.session_ended"]
    );
}

#[actix_web::test]
async fn all_others_end_at_once_and_the_one_that_asks_goes_on() {
    let app = test_app().await;
    let here = app.token(Role::Handler).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        let token = app.token(Role::Handler).await;
        app.get_as(&token, "/me").await.ok(200);
        others.push(token);
    }
    let head = app.token(Role::UnitHead).await;
    let end_others = || app.send(Call::new("POST", "/me/sessions/end-others").bearer(&here));
    end_others().await.ok(204);
    end_others().await.ok(204);
    for token in &others {
        app.get_as(token, "/me").await.refused(401, "session_ended");
    }
    app.get_as(&here, "/me").await.ok(200);
    app.get_as(&head, "/me").await.ok(200);
    // What ended nothing is nothing that happened.
    let log = "SELECT action FROM events WHERE action LIKE '%session%'";
    assert_eq!(app.db.texts(log).await, ["accounts.other_sessions_ended"]);
}

#[actix_web::test]
async fn a_session_that_another_process_ended_is_dead_within_five_seconds() {
    let settings = HttpSettings {
        has_limits: false,
        ..HttpSettings::default()
    };
    let app = test_app_with(|_| Vec::new(), settings).await;
    let lost = app.token(Role::Handler).await;
    app.get_as(&lost, "/me").await.ok(200);
    let list = app.get_as(&lost, "/me/sessions").await.ok(200);
    let id: SessionId = text(&list["items"][0], "id").parse().unwrap();
    let now = app.clock.now();
    let owner = app.state.store.caller_of(id, now).await.unwrap();
    app.state.store.end_own_session(owner, id, now).await.unwrap();
    let since = Instant::now();
    while app.get_as(&lost, "/me").await.status == 200 {
        assert!(since.elapsed() < Duration::from_secs(5));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
