//! Who must have a second factor, what becomes of who has none yet, and who takes one away.

use liangnuo_domain::{Role, second_factor::Rule};
use liangnuo_http::HttpSettings;
use liangnuo_test_support::api::{Call, test_app, test_app_with};
use serde_json::{Value, json};

use super::{CHOSEN, NEW, grant, log_in_with_code, newcomer, post_as, signed_in, text, ticket};

#[actix_web::test]
async fn whoever_must_have_one_sets_it_up_before_anything_else() {
    let app = test_app().await;
    let member = newcomer(&app).await;
    let token = signed_in(&app, NEW).await;
    app.get_as(&token, "/me").await.ok(200);
    grant(&app, &member, "unit_head").await;
    let refused = app.get_as(&token, "/me").await.refused(403, "second_factor_missing");
    assert!(refused["ticket"].is_null());
    for path in ["/complaints", "/me/sessions", "/members", "/me/notices/unread"] {
        app.get_as(&token, path).await.refused(403, "second_factor_missing");
    }
    let again = signed_in(&app, NEW).await;
    let standing = app.get_as(&again, "/me/second-factor").await.ok(200);
    assert_eq!(
        (&standing["is_enrolled"], &standing["is_mandatory"]),
        (&json!(false), &json!(true))
    );
    let (phone, _) = app.enrol(&again).await;
    app.get_as(&again, "/me").await.ok(200);
    app.get_as(&again, "/complaints").await.ok(200);
    app.clock.advance_seconds(30);
    let pass = ticket(&app, NEW).await;
    log_in_with_code(&app, &pass, &phone.shows(app.clock.now()))
        .await
        .ok(200);
    // Not to be got rid of while the role lasts.
    post_as(&app, &again, "/me/second-factor/turn-off", json!({}))
        .await
        .refused(409, "not_ready");
}

#[actix_web::test]
async fn whoever_need_not_have_one_turns_it_off() {
    let app = test_app().await;
    newcomer(&app).await;
    let token = signed_in(&app, NEW).await;
    let off = || post_as(&app, &token, "/me/second-factor/turn-off", json!({}));
    off().await.refused(409, "wrong_state");
    app.enrol(&token).await;
    off().await.ok(204);
    off().await.refused(409, "wrong_state");
    let me = app.get_as(&token, "/me").await.ok(200);
    assert_eq!(me["has_second_factor"], false);
    signed_in(&app, NEW).await;
    assert_eq!(app.db.number("SELECT COUNT(*) FROM recovery_codes").await, 0);
}

#[actix_web::test]
async fn who_must_is_what_the_server_was_told() {
    for (rule, role, is_demanded) in [
        (Rule::Nobody, "unit_head", false),
        (Rule::Leaders, "handler", false),
        (Rule::Everybody, "handler", true),
    ] {
        let settings = HttpSettings {
            has_limits: false,
            second_factor: rule,
            ..HttpSettings::default()
        };
        let app = test_app_with(|_| Vec::new(), settings).await;
        let member = newcomer(&app).await;
        grant(&app, &member, role).await;
        let token = signed_in(&app, NEW).await;
        let answer = app.get_as(&token, "/me").await;
        assert_eq!(answer.code() == "second_factor_missing", is_demanded, "{rule:?} {role}");
        // The accounts of a demo county never must.
        let exempt = signed_in(&app, "root_admin").await;
        app.get_as(&exempt, "/me").await.ok(200);
    }
}

#[actix_web::test]
async fn a_lost_telephone_is_taken_off_by_somebody_else_and_its_owner_is_told() {
    let app = test_app().await;
    let member = newcomer(&app).await;
    grant(&app, &member, "unit_head").await;
    let token = signed_in(&app, NEW).await;
    app.enrol(&token).await;
    let security = app.root_token(Role::SecurityAdmin).await;
    let account = format!("/members/{member}/account");
    let remove = |member: &str, token: String| {
        let path = format!("/members/{member}/account/second-factor/remove");
        let call = Call::new("POST", &path).bearer(&token);
        app.send(call)
    };
    let seen = app.get_as(&security, &account).await.ok(200);
    assert!(seen["second_factor_at"].is_string());
    assert_eq!(seen["allowed_actions"], json!(["reset", "remove_second_factor"]));
    // Not by the school's own administrator of accounts for somebody of the county, and never for oneself.
    let school = app.token(Role::SecurityAdmin).await;
    let leader = app.county.root_member(Role::Leader).to_string();
    remove(&leader, school.clone()).await.refused(404, "not_found");
    let myself = app.county.root_member(Role::SecurityAdmin).to_string();
    app.enrol(&security).await;
    remove(&myself, security.clone()).await.refused(409, "own_account");
    remove(&member, token.clone()).await.refused(403, "forbidden");

    let after = remove(&member, security.clone()).await.ok(200);
    assert_eq!(
        (&after["second_factor_at"], &after["allowed_actions"]),
        (&Value::Null, &json!(["reset"]))
    );
    remove(&member, security.clone()).await.refused(409, "wrong_state");
    app.get_as(&token, "/me").await.refused(401, "session_ended");
    // The password is enough again, for nothing but setting another one up; then its owner is told.
    let token = signed_in(&app, NEW).await;
    app.get_as(&token, "/me").await.refused(403, "second_factor_missing");
    app.enrol(&token).await;
    let me = app.get_as(&token, "/me").await.ok(200);
    let told = me["account_notices"].as_array().unwrap();
    assert_eq!(
        (told.len(), text(&told[0], "kind"), text(&told[0]["by"], "name")),
        (1, "second_factor_removed".into(), "root_security_admin".into())
    );
    let log = "SELECT action FROM events WHERE action LIKE 'accounts.second_factor_removed' AND actor_kind = 'member'";
    assert_eq!(app.db.texts(log).await.len(), 1);
}

#[actix_web::test]
async fn the_owner_is_told_of_a_reset_until_they_put_it_away() {
    let app = test_app().await;
    let security = app.root_token(Role::SecurityAdmin).await;
    let handler = app.county.member(Role::Handler);
    let path = format!("/members/{handler}/account/link");
    let call = Call::new("POST", &path)
        .bearer(&security)
        .key(app.uuid())
        .json(&json!({}));
    let link = app.send(call).await.ok(201);
    app.clock.advance_seconds(60);
    let body = json!({"token": link["token"], "password": CHOSEN});
    app.post("/auth/account-links/redeem", body).await.ok(204);
    let grant = app
        .post("/auth/login", json!({"login": "handler", "password": CHOSEN}))
        .await
        .ok(200);
    let token = text(&grant, "access_token");
    let told = || async { app.get_as(&token, "/me").await.ok(200)["account_notices"].clone() };
    let notices = told().await;
    assert_eq!(
        (
            text(&notices[0], "kind"),
            text(&notices[0], "at"),
            text(&notices[0]["by"], "name")
        ),
        (
            "password_reset".into(),
            "2026-11-23T07:31:00Z".into(),
            "root_security_admin".into()
        )
    );
    let dismiss = |until: &str| post_as(&app, &token, "/me/account-notices/dismiss", json!({"until": until}));
    // What has come since it was shown stays.
    dismiss("2026-11-23T07:30:59Z").await.ok(204);
    assert_eq!(told().await.as_array().unwrap().len(), 1);
    // Nobody puts away what somebody else is told.
    let other = app.token(Role::Member).await;
    post_as(
        &app,
        &other,
        "/me/account-notices/dismiss",
        json!({"until": "2026-11-23T08:00:00Z"}),
    )
    .await
    .ok(204);
    assert_eq!(told().await.as_array().unwrap().len(), 1);
    dismiss("2026-11-23T07:31:00Z").await.ok(204);
    assert_eq!(told().await, json!([]));
}
