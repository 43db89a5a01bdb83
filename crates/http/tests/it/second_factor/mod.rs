//! The second factor: codes that are good once, who must have one, and what needs a confirmation.

mod codes;
mod duty;
mod step_up;

use liangnuo_test_support::{
    Answer,
    api::{Call, PASSWORD, TestApp},
};
use serde_json::{Value, json};

/// The login of who is new.
pub(crate) const NEW: &str = "xinlaide";

/// What they sign in with.
pub(crate) const CHOSEN: &str = "桥头第2家铺子，后面那口老井";

pub(crate) fn text(value: &Value, name: &str) -> String {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
        .to_owned()
}

macro_rules! of_app {
    ($($(#[$doc:meta])* async fn $name:ident($app:ident $(, $arg:ident: $type:ty)* $(,)?) -> $out:ty $body:block)+) => {$(
        $(#[$doc])*
        pub(crate) async fn $name<S, B>($app: &TestApp<S> $(, $arg: $type)*) -> $out
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
    async fn post_as(app, token: &str, path: &str, body: Value) -> Answer {
        app.send(Call::new("POST", path).bearer(token).json(&body)).await
    }

    /// With the password that all have, or the one that who is new has chosen.
    async fn log_in(app, login: &str) -> Answer {
        let password = if login == NEW { CHOSEN } else { PASSWORD };
        app.post("/auth/login", json!({"login": login, "password": password})).await
    }

    /// A session by the password alone.
    async fn signed_in(app, login: &str) -> String {
        text(&log_in(app, login).await.ok(200), "access_token")
    }

    /// What the password of somebody with a second factor is worth.
    async fn ticket(app, login: &str) -> String {
        text(&log_in(app, login).await.refused(401, "second_factor_needed"), "ticket")
    }

    async fn log_in_with_code(app, ticket: &str, code: &str) -> Answer {
        app.post("/auth/second-factor", json!({"ticket": ticket, "code": code})).await
    }

    async fn log_in_with_recovery_code(app, ticket: &str, code: &str) -> Answer {
        app.post("/auth/second-factor", json!({"ticket": ticket, "recovery_code": code})).await
    }

    /// Somebody new at the school with an account of their own, who signs in as [`NEW`].
    async fn newcomer(app) -> String {
        let admin = app.root_token(liangnuo_domain::Role::Admin).await;
        let security = app.root_token(liangnuo_domain::Role::SecurityAdmin).await;
        let body = json!({"unit_id": app.county.own, "name": "新来的"});
        let call = Call::new("POST", "/members").bearer(&admin).key(app.uuid()).json(&body);
        let member = text(&app.send(call).await.ok(201), "id");
        let path = format!("/members/{member}/account/link");
        let call = Call::new("POST", &path).bearer(&security).key(app.uuid()).json(&json!({}));
        let link = app.send(call).await.ok(201);
        let body = json!({"token": link["token"], "login": NEW, "password": CHOSEN});
        app.post("/auth/account-links/redeem", body).await.ok(204);
        member
    }

    /// Gives a role at the school.
    async fn grant(app, member: &str, role: &str) -> Value {
        let security = app.root_token(liangnuo_domain::Role::SecurityAdmin).await;
        let body = json!({"member_id": member, "role": role, "unit_id": app.county.own, "reason": "岗位调整"});
        let call = Call::new("POST", "/role-grants").bearer(&security).key(app.uuid()).json(&body);
        app.send(call).await.ok(201)
    }
}
