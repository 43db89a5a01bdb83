//! What a password must be, how long it is good, and on which devices its owner gets in while somebody guesses.

use liangnuo_domain::passwords::PasswordProfile;
use liangnuo_http::HttpSettings;
use liangnuo_test_support::api::{Call, PASSWORD, test_app, test_app_with};
use serde_json::{Value, json};

use crate::second_factor::{CHOSEN, NEW, newcomer, post_as, signed_in, text};

const DAY: i64 = 86_400;
const NEXT: &str = "渡口边第3棵槐树，春天开花";

fn change(current: &str, new: &str) -> Value {
    json!({"current_password": current, "new_password": new})
}

fn codes(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|error| text(error, "code")).collect()
}

#[actix_web::test]
async fn a_password_comes_to_its_end_and_nothing_else_can_be_done_before_it_is_changed() {
    let app = test_app().await;
    newcomer(&app).await;
    app.clock.advance_seconds(76 * DAY - 1);
    let token = signed_in(&app, NEW).await;
    assert_eq!(app.get_as(&token, "/me").await.ok(200)["password_due_at"], Value::Null);
    app.clock.advance_seconds(1);
    let told = app.get_as(&token, "/me").await.ok(200);
    assert_eq!(text(&told, "password_due_at"), "2027-02-21T07:30:00Z");
    app.clock.advance_seconds(14 * DAY);
    let token = signed_in(&app, NEW).await;
    for path in ["/me", "/complaints", "/me/sessions"] {
        app.get_as(&token, path).await.refused(403, "password_change_needed");
    }
    let same = post_as(&app, &token, "/me/password", change(CHOSEN, CHOSEN)).await;
    assert_eq!(codes(&same.refused(422, "invalid_field")), ["used_before"]);
    post_as(&app, &token, "/me/password", change(CHOSEN, NEXT))
        .await
        .ok(204);
    app.get_as(&token, "/me").await.ok(200);
    // Accounts that came with a county never must.
    let old = signed_in(&app, "handler").await;
    let me = app.get_as(&old, "/me").await.ok(200);
    assert_eq!(me["password_due_at"], Value::Null);
}

#[actix_web::test]
async fn none_of_the_last_four_comes_back_also_not_by_a_link() {
    let app = test_app().await;
    let member = newcomer(&app).await;
    let token = signed_in(&app, NEW).await;
    let names = [
        CHOSEN,
        NEXT,
        "晒谷场上的第4只麻雀，飞了",
        "磨坊后面第5道石阶，很滑",
        "茶馆里第6张桌子，靠窗",
    ];
    for pair in names.windows(2) {
        post_as(&app, &token, "/me/password", change(pair[0], pair[1]))
            .await
            .ok(204);
        app.clock.advance_seconds(60);
    }
    for before in &names[1..] {
        let refused = post_as(&app, &token, "/me/password", change(names[4], before)).await;
        assert_eq!(
            codes(&refused.refused(422, "invalid_field")),
            ["used_before"],
            "{before}"
        );
    }
    let security = app.root_token(liangnuo_domain::Role::SecurityAdmin).await;
    let path = format!("/members/{member}/account/link");
    let call = Call::new("POST", &path)
        .bearer(&security)
        .key(app.uuid())
        .json(&json!({}));
    let link = app.send(call).await.ok(201);
    let redeem = |password: &str| {
        app.post(
            "/auth/account-links/redeem",
            json!({"token": link["token"], "password": password}),
        )
    };
    let refused = redeem(names[2]).await.refused(422, "invalid_field");
    assert_eq!(codes(&refused), ["used_before"]);
    // The fifth back does.
    redeem(CHOSEN).await.ok(204);
}

#[actix_web::test]
async fn by_the_other_profile_a_short_password_needs_the_second_factor_that_it_was_chosen_with() {
    let settings = HttpSettings {
        password_profile: PasswordProfile::Nist,
        has_limits: false,
        ..HttpSettings::default()
    };
    let app = test_app_with(|_| Vec::new(), settings).await;
    let options = app.get("/auth/options").await.ok(200);
    assert_eq!(
        (&options["password"]["min_length"], &options["password"]["max_age_days"]),
        (&json!(15), &Value::Null)
    );
    let security = app.root_token(liangnuo_domain::Role::SecurityAdmin).await;
    let handler = app.county.member(liangnuo_domain::Role::Handler);
    let admin = app.root_token(liangnuo_domain::Role::Admin).await;
    assert!(!handler.to_string().is_empty());
    let body = json!({"unit_id": app.county.own, "name": "新来的"});
    let call = Call::new("POST", "/members").bearer(&admin).key(app.uuid()).json(&body);
    let member = text(&app.send(call).await.ok(201), "id");
    let path = format!("/members/{member}/account/link");
    let call = Call::new("POST", &path)
        .bearer(&security)
        .key(app.uuid())
        .json(&json!({}));
    let link = app.send(call).await.ok(201);
    let redeem = |password: &str| {
        let body = json!({"token": link["token"], "login": NEW, "password": password});
        app.post("/auth/account-links/redeem", body)
    };
    let refused = redeem(CHOSEN).await.refused(422, "invalid_field");
    assert_eq!(codes(&refused), ["too_short"]);
    let long = "桥头第二家铺子后面的那口老水井";
    redeem(long).await.ok(204);
    let grant = app
        .post("/auth/login", json!({"login": NEW, "password": long}))
        .await
        .ok(200);
    let token = text(&grant, "access_token");
    app.clock.advance_seconds(60);
    app.enrol(&token).await;
    post_as(&app, &token, "/me/password", change(long, "晒谷场上的麻雀飞"))
        .await
        .ok(204);
    app.get_as(&token, "/me").await.ok(200);
    post_as(&app, &token, "/me/second-factor/turn-off", json!({}))
        .await
        .ok(204);
    app.get_as(&token, "/me").await.refused(403, "password_change_needed");
    let refused = post_as(
        &app,
        &token,
        "/me/password",
        change("晒谷场上的麻雀飞", "磨坊后面的石阶很滑"),
    )
    .await;
    assert_eq!(codes(&refused.refused(422, "invalid_field")), ["too_short"]);
    post_as(
        &app,
        &token,
        "/me/password",
        change("晒谷场上的麻雀飞", "磨坊后面的第五道石阶下雨天很滑"),
    )
    .await
    .ok(204);
    app.get_as(&token, "/me").await.ok(200);
}

#[actix_web::test]
async fn a_known_device_gets_in_while_others_guess() {
    let app = test_app_with(|_| Vec::new(), HttpSettings::default()).await;
    let log_in = |password: &str, device: Option<&str>| {
        let call = Call::new("POST", "/auth/login").json(&json!({"login": "handler", "password": password}));
        app.send(match device {
            Some(device) => call.header("X-Liangnuo-Device", device),
            None => call,
        })
    };
    let owner = text(&log_in(PASSWORD, None).await.ok(200), "device_token");
    let body = json!({"login": "unit_head", "password": PASSWORD});
    let stranger = text(&app.post("/auth/login", body).await.ok(200), "device_token");
    for _ in 0..4 {
        log_in("wrong", None).await.refused(401, "wrong_credentials");
    }
    log_in(PASSWORD, None).await.refused(429, "rate_limited");
    // Neither somebody else's device nor one that was made up is known for this account.
    log_in(PASSWORD, Some(&stranger)).await.refused(429, "rate_limited");
    let (most, last) = owner.split_at(owner.len() - 1);
    let forged = format!("{most}{}", if last == "A" { "B" } else { "A" });
    log_in(PASSWORD, Some(&forged)).await.refused(429, "rate_limited");
    let again = log_in(PASSWORD, Some(&owner)).await.ok(200);
    // Who guesses on the owner's own computer uses up the tries of that computer.
    let renewed = text(&again, "device_token");
    for _ in 0..4 {
        log_in("wrong", Some(&owner)).await.refused(401, "wrong_credentials");
    }
    log_in(PASSWORD, Some(&renewed)).await.refused(429, "rate_limited");
}

#[actix_web::test]
async fn a_device_is_forgotten_after_half_a_year() {
    let app = test_app_with(|_| Vec::new(), HttpSettings::default()).await;
    let log_in = |device: &str| {
        let body = json!({"login": "handler", "password": "wrong"});
        app.send(
            Call::new("POST", "/auth/login")
                .json(&body)
                .header("X-Liangnuo-Device", device),
        )
    };
    let body = json!({"login": "handler", "password": PASSWORD});
    let device = text(&app.post("/auth/login", body).await.ok(200), "device_token");
    for _ in 0..4 {
        log_in("none").await.refused(401, "wrong_credentials");
    }
    log_in("none").await.refused(429, "rate_limited");
    app.clock.advance_seconds(180 * DAY - 1);
    log_in(&device).await.refused(401, "wrong_credentials");
    app.clock.advance_seconds(1);
    log_in(&device).await.refused(429, "rate_limited");
}

#[actix_web::test]
async fn a_browser_keeps_its_device_in_a_cookie_of_its_own() {
    let app = test_app_with(|_| Vec::new(), HttpSettings::default()).await;
    let body = json!({"login": "handler", "password": PASSWORD, "session": "cookie"});
    let answer = app.post("/auth/login", body).await;
    let cookie = answer
        .headers
        .get_all("set-cookie")
        .map(|value| value.to_str().unwrap().to_owned())
        .find(|cookie| cookie.starts_with("liangnuo-device-"))
        .unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/auth", "Max-Age=15552000"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(answer.ok(200)["device_token"].is_null());
    for _ in 0..4 {
        app.post("/auth/login", json!({"login": "handler", "password": "wrong"}))
            .await
            .refused(401, "wrong_credentials");
    }
    let pair = cookie.split(';').next().unwrap();
    let call = Call::new("POST", "/auth/login").json(&json!({"login": "handler", "password": PASSWORD}));
    app.send(call.header("Cookie", pair)).await.ok(200);
}
