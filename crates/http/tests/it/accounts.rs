//! Links into accounts: who issues them, what they open, and that they open it once.

use liangnuo_domain::Role;
use liangnuo_test_support::{
    Answer,
    api::{Call, PASSWORD, TestApp, test_app},
    database::dump,
};
use serde_json::{Value, json};
use uuid::Uuid;

const CHOSEN: &str = "桥头第2家铺子，后面那口老井";

macro_rules! of_app {
    ($($(#[$doc:meta])* async fn $name:ident($app:ident $(, $arg:ident: $type:ty)* $(,)?) -> $out:ty $body:block)+) => {$(
        $(#[$doc])*
        async fn $name<S, B>($app: &TestApp<S> $(, $arg: $type)*) -> $out
        where
            S: actix_web::dev::Service<
                    actix_http::Request,
                    Response = actix_web::dev::ServiceResponse<B>,
                    Error = actix_web::Error,
                >,
            B: actix_web::body::MessageBody,
        $body
    )+};
}

of_app! {
    /// Somebody new at the school, without an account.
    async fn newcomer(app) -> String {
        let admin = app.root_token(Role::Admin).await;
        let body = json!({"unit_id": app.county.own, "name": "新来的"});
        let call = Call::new("POST", "/members").bearer(&admin).key(app.uuid()).json(&body);
        text(&app.send(call).await.ok(201), "id")
    }

    async fn issue(app, token: &str, member: &str, key: Uuid) -> Answer {
        let path = format!("/members/{member}/account/link");
        app.send(Call::new("POST", &path).bearer(token).key(key).json(&json!({}))).await
    }

    async fn look_up(app, token: &str) -> Answer {
        app.post("/auth/account-links/look-up", json!({"token": token})).await
    }

    async fn redeem(app, token: &str, login: Option<&str>, password: &str) -> Answer {
        let body = json!({"token": token, "login": login, "password": password});
        app.post("/auth/account-links/redeem", body).await
    }

    async fn log_in(app, login: &str, password: &str) -> Answer {
        app.post("/auth/login", json!({"login": login, "password": password})).await
    }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}

fn wrong(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
        .collect()
}

#[actix_web::test]
async fn whoever_is_invited_makes_their_account_and_signs_in() {
    let app = test_app().await;
    let security = app.root_token(Role::SecurityAdmin).await;
    let member = newcomer(&app).await;
    let account = format!("/members/{member}/account");
    let seen = app.get_as(&security, &account).await.ok(200);
    assert_eq!((&seen["login"], &seen["link"]), (&Value::Null, &Value::Null));
    assert_eq!(seen["allowed_actions"], json!(["invite"]));
    // The same request again shows the same link, and there is one of them.
    let key = app.uuid();
    let link = issue(&app, &security, &member, key).await.ok(201);
    let again = issue(&app, &security, &member, key).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.ok(201), link);
    assert_eq!(
        (text(&link, "kind"), text(&link["member"], "name")),
        ("invitation".into(), "新来的".into())
    );
    assert_eq!(app.db.number("SELECT COUNT(*) FROM account_links").await, 1);
    let seen = app.get_as(&security, &account).await.ok(200);
    assert_eq!(seen["link"]["id"], link["id"]);
    assert_eq!(seen["link"]["issued_by"]["name"], "root_security_admin");
    assert_eq!(seen["allowed_actions"], json!(["invite", "revoke_link"]));
    assert!(!seen.to_string().contains(&text(&link, "token")));

    let token = text(&link, "token");
    let target = look_up(&app, &token).await.ok(200);
    assert_eq!(target["member"]["name"], "新来的");
    assert_eq!(
        (&target["unit"]["name"], &target["login"]),
        (&json!("柳湾小学"), &Value::Null)
    );
    let problem = redeem(&app, &token, Some("x"), "short")
        .await
        .refused(422, "invalid_field");
    assert_eq!(wrong(&problem), [("/login", "too_short"), ("/password", "too_short")]);
    let problem = redeem(&app, &token, None, CHOSEN).await.refused(422, "invalid_field");
    assert_eq!(wrong(&problem), [("/login", "required")]);
    let problem = redeem(&app, &token, Some("xinlaide"), "xinlaide-2026").await;
    assert_eq!(
        wrong(&problem.refused(422, "invalid_field")),
        [("/password", "guessable")]
    );
    let problem = redeem(&app, &token, Some(" Handler "), CHOSEN)
        .await
        .refused(409, "taken");
    assert_eq!(wrong(&problem), [("/login", "taken")]);
    redeem(&app, &token, Some("XinLaiDe"), CHOSEN).await.ok(204);
    let grant = log_in(&app, "xinlaide", CHOSEN).await.ok(200);
    let me = app.get_as(&text(&grant, "access_token"), "/me").await.ok(200);
    assert_eq!(
        (text(&me["member"], "id"), text(&me, "login")),
        (member.clone(), "xinlaide".to_owned())
    );
    // It was good once.
    look_up(&app, &token).await.refused(409, "link_closed");
    redeem(&app, &token, Some("another"), CHOSEN)
        .await
        .refused(409, "link_closed");
    let seen = app.get_as(&security, &account).await.ok(200);
    assert_eq!(
        (text(&seen, "login"), &seen["link"]),
        ("xinlaide".to_owned(), &Value::Null)
    );
    assert_eq!(seen["allowed_actions"], json!(["reset"]));
    let log = "SELECT action || ' ' || actor_kind FROM events WHERE subject_kind = 'accounts'
               AND action <> 'accounts.created' ORDER BY at, position";
    assert_eq!(app.db.texts(log).await, ["accounts.link_issued member"]);
    let made = "SELECT action FROM events WHERE action = 'accounts.created' AND actor_kind = 'member'";
    assert_eq!(app.db.texts(made).await.len(), 1);
}

#[actix_web::test]
async fn a_reset_ends_the_sessions_and_keeps_the_login() {
    let app = test_app().await;
    let security = app.root_token(Role::SecurityAdmin).await;
    let handler = app.county.member(Role::Handler).to_string();
    let old = log_in(&app, "handler", PASSWORD).await.ok(200);
    app.get_as(&text(&old, "access_token"), "/me").await.ok(200);
    let link = issue(&app, &security, &handler, app.uuid()).await.ok(201);
    assert_eq!(text(&link, "kind"), "reset");
    let token = text(&link, "token");
    // Until it is used, all is as it was.
    app.get_as(&text(&old, "access_token"), "/me").await.ok(200);
    let target = look_up(&app, &token).await.ok(200);
    assert_eq!(text(&target, "login"), "handler");
    let problem = redeem(&app, &token, Some("mine"), CHOSEN)
        .await
        .refused(422, "invalid_field");
    assert_eq!(wrong(&problem), [("/login", "not_for_reset")]);
    redeem(&app, &token, None, "handler-handler-1")
        .await
        .refused(422, "invalid_field");
    redeem(&app, &token, None, CHOSEN).await.ok(204);
    app.get_as(&text(&old, "access_token"), "/me")
        .await
        .refused(401, "session_ended");
    let body = json!({"refresh_token": text(&old, "refresh_token")});
    app.post("/auth/refresh", body).await.refused(401, "session_ended");
    log_in(&app, "handler", PASSWORD)
        .await
        .refused(401, "wrong_credentials");
    log_in(&app, "handler", CHOSEN).await.ok(200);
    redeem(&app, &token, None, PASSWORD).await.refused(409, "link_closed");
    let log = "SELECT action FROM events WHERE subject_kind = 'accounts' AND action <> 'accounts.created' ORDER BY at, position";
    assert_eq!(
        app.db.texts(log).await,
        ["accounts.link_issued", "accounts.password_reset"]
    );
}

#[actix_web::test]
async fn a_link_runs_out_is_taken_back_and_is_replaced() {
    let app = test_app().await;
    let security = app.root_token(Role::SecurityAdmin).await;
    let handler = app.county.member(Role::Handler).to_string();
    let revoke_by = |token: String| {
        let path = format!("/members/{handler}/account/link/revoke");
        app.send(Call::new("POST", &path).bearer(&token).json(&json!({})))
    };
    let revoke = || revoke_by(security.clone());
    revoke().await.refused(409, "link_closed");
    let first = text(&issue(&app, &security, &handler, app.uuid()).await.ok(201), "token");
    let second = text(&issue(&app, &security, &handler, app.uuid()).await.ok(201), "token");
    look_up(&app, &first).await.refused(409, "link_closed");
    look_up(&app, &second).await.ok(200);
    let after = revoke().await.ok(200);
    assert_eq!(
        (&after["link"], &after["allowed_actions"]),
        (&Value::Null, &json!(["reset"]))
    );
    look_up(&app, &second).await.refused(409, "link_closed");
    redeem(&app, &second, None, CHOSEN).await.refused(409, "link_closed");
    let third = text(&issue(&app, &security, &handler, app.uuid()).await.ok(201), "token");
    app.clock.advance_seconds(899);
    look_up(&app, &third).await.ok(200);
    app.clock.advance_seconds(1);
    redeem(&app, &third, None, CHOSEN).await.refused(409, "link_closed");
    look_up(&app, &third).await.refused(409, "link_closed");
    look_up(&app, "made-up").await.refused(409, "link_closed");
    let later = app.root_token(Role::SecurityAdmin).await;
    revoke_by(later).await.refused(409, "link_closed");
    let reasons = "SELECT COALESCE(close_reason, '-') FROM account_links ORDER BY 1";
    assert_eq!(app.db.texts(reasons).await, ["-", "replaced", "revoked"]);
    log_in(&app, "handler", PASSWORD).await.ok(200);
}

#[actix_web::test]
async fn nobody_but_the_security_administrator_of_the_unit_issues_a_link_and_not_for_themselves() {
    let app = test_app().await;
    let handler = app.county.member(Role::Handler).to_string();
    for role in [Role::UnitHead, Role::Admin, Role::Inspector] {
        let token = app.token(role).await;
        issue(&app, &token, &handler, app.uuid())
            .await
            .refused(403, "forbidden");
        let path = format!("/members/{handler}/account");
        app.get_as(&token, &path).await.refused(403, "forbidden");
    }
    // Of somebody beyond the own school nobody there can tell that they are there.
    let security = app.token(Role::SecurityAdmin).await;
    let leader = app.county.root_member(Role::Leader).to_string();
    issue(&app, &security, &leader, app.uuid())
        .await
        .refused(404, "not_found");
    issue(&app, &security, &app.uuid().to_string(), app.uuid())
        .await
        .refused(404, "not_found");
    let own = app.county.member(Role::SecurityAdmin).to_string();
    issue(&app, &security, &own, app.uuid())
        .await
        .refused(409, "own_account");
    let seen = app.get_as(&security, &format!("/members/{own}/account")).await.ok(200);
    assert_eq!(seen["allowed_actions"], json!([]));
    assert_eq!(app.db.number("SELECT COUNT(*) FROM account_links").await, 0);
}

#[actix_web::test]
async fn who_has_rights_beyond_the_school_is_out_of_the_schools_hands() {
    let app = test_app().await;
    let (here, above) = (
        app.token(Role::SecurityAdmin).await,
        app.root_token(Role::SecurityAdmin).await,
    );
    let handler = app.county.member(Role::Handler);
    let before = text(
        &issue(&app, &here, &handler.to_string(), app.uuid()).await.ok(201),
        "token",
    );
    let body = json!({"member_id": handler, "role": "campaign_office", "unit_id": app.county.root, "reason": "借调",
                      "starts_on": "2027-01-01"});
    let call = Call::new("POST", "/role-grants")
        .bearer(&above)
        .key(app.uuid())
        .json(&body);
    let grant = text(&app.send(call).await.ok(201), "id");
    let member = handler.to_string();
    // Nor does a link that was kept back get anybody into the new rights.
    look_up(&app, &before).await.refused(409, "link_closed");
    issue(&app, &here, &member, app.uuid()).await.refused(403, "forbidden");
    let account = format!("/members/{member}/account");
    assert_eq!(app.get_as(&here, &account).await.ok(200)["allowed_actions"], json!([]));
    issue(&app, &above, &member, app.uuid()).await.ok(201);
    app.step(
        &above,
        &format!("/role-grants/{grant}/end"),
        1,
        json!({"reason": "不借调了"}),
    )
    .await
    .ok(200);
    issue(&app, &here, &member, app.uuid()).await.ok(201);
}

#[actix_web::test]
async fn a_member_who_left_gets_no_link_and_the_one_they_had_is_dead() {
    let app = test_app().await;
    let security = app.root_token(Role::SecurityAdmin).await;
    let admin = app.root_token(Role::Admin).await;
    let member = newcomer(&app).await;
    let token = text(&issue(&app, &security, &member, app.uuid()).await.ok(201), "token");
    app.step(
        &admin,
        &format!("/members/{member}/close"),
        1,
        json!({"reason": "调出本县"}),
    )
    .await
    .ok(200);
    look_up(&app, &token).await.refused(409, "link_closed");
    redeem(&app, &token, Some("xinlaide"), CHOSEN)
        .await
        .refused(409, "link_closed");
    issue(&app, &security, &member, app.uuid())
        .await
        .refused(409, "wrong_state");
    let seen = app
        .get_as(&security, &format!("/members/{member}/account"))
        .await
        .ok(200);
    assert_eq!(seen["allowed_actions"], json!([]));
}

#[actix_web::test]
async fn neither_the_token_nor_a_password_is_kept_anywhere() {
    let app = test_app().await;
    let security = app.root_token(Role::SecurityAdmin).await;
    let member = newcomer(&app).await;
    let token = text(&issue(&app, &security, &member, app.uuid()).await.ok(201), "token");
    redeem(&app, &token, Some("xinlaide"), CHOSEN).await.ok(204);
    for (table, rows) in dump(&app.db.url).await {
        for row in rows {
            assert!(!row.contains(&token) && !row.contains(CHOSEN), "{table}: {row}");
        }
    }
}
