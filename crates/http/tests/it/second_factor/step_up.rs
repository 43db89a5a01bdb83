//! What needs somebody who has just shown who they are.

use std::collections::BTreeSet;

use liangnuo_persistence::Store;
use liangnuo_test_support::api::{Call, PASSWORD, test_app};
use serde_json::{Value, json};

use super::{NEW, log_in, log_in_with_code, post_as, signed_in, text, ticket};
use crate::authz;

#[actix_web::test]
async fn a_confirmation_counts_for_a_quarter_of_an_hour_and_a_refresh_is_none() {
    let app = test_app().await;
    let grant = log_in(&app, "root_campaign_office").await.ok(200);
    let export = |token: &str| {
        let call = Call::new("GET", "/complaints/export?format=csv").bearer(token);
        app.send(call)
    };
    app.clock.advance_seconds(500);
    let refresh = |token: String| app.post("/auth/refresh", json!({"refresh_token": token}));
    let grant = refresh(text(&grant, "refresh_token")).await.ok(200);
    app.clock.advance_seconds(399);
    let token = text(&grant, "access_token");
    export(&token).await.ok(200);
    app.clock.advance_seconds(1);
    export(&token).await.refused(403, "confirmation_needed");
    let grant = refresh(text(&grant, "refresh_token")).await.ok(200);
    let token = text(&grant, "access_token");
    export(&token).await.refused(403, "confirmation_needed");
    // Everything else goes on.
    app.get_as(&token, "/complaints").await.ok(200);

    let confirm = |body| post_as(&app, &token, "/auth/confirm", body);
    let nothing = confirm(json!({})).await.refused(422, "invalid_field");
    assert_eq!(
        (&nothing["errors"][0]["pointer"], &nothing["errors"][0]["code"]),
        (&json!("/password"), &json!("required"))
    );
    let wrong = confirm(json!({"password": "x"})).await.refused(422, "invalid_field");
    assert_eq!(wrong["errors"][0]["code"], "wrong");
    confirm(json!({"code": "123456"})).await.refused(422, "invalid_field");
    export(&token).await.refused(403, "confirmation_needed");
    let done = confirm(json!({"password": PASSWORD})).await.ok(200);
    assert_eq!(text(&done, "confirmed_until"), "2026-11-23T08:00:00Z");
    export(&token).await.ok(200);
    // It is of one session.
    let other = text(&log_in(&app, "root_campaign_office").await.ok(200), "access_token");
    app.clock.advance_seconds(599);
    export(&other).await.ok(200);
}

#[actix_web::test]
async fn whoever_has_a_second_factor_confirms_by_it_and_not_by_the_password() {
    let app = test_app().await;
    let (phone, codes) = app.enrol(&signed_in(&app, "root_campaign_office").await).await;
    app.clock.advance_seconds(900);
    let sign_in = || async {
        let pass = ticket(&app, "root_campaign_office").await;
        let grant = log_in_with_code(&app, &pass, &phone.shows(app.clock.now())).await;
        text(&grant.ok(200), "refresh_token")
    };
    let refresh_token = sign_in().await;
    app.clock.advance_seconds(901);
    let grant = app
        .post("/auth/refresh", json!({"refresh_token": refresh_token}))
        .await
        .ok(200);
    let token = text(&grant, "access_token");
    let confirm = |body| post_as(&app, &token, "/auth/confirm", body);
    let export = || app.get_as(&token, "/complaints/export?format=csv");
    export().await.refused(403, "confirmation_needed");
    let refused = confirm(json!({"password": PASSWORD}))
        .await
        .refused(422, "invalid_field");
    assert_eq!(refused["errors"][0]["pointer"], "/code");
    confirm(json!({"code": phone.never_shows(app.clock.now())}))
        .await
        .refused(422, "wrong_code");
    let code = phone.shows(app.clock.now());
    confirm(json!({"code": code})).await.ok(200);
    export().await.ok(200);
    confirm(json!({"code": code})).await.refused(422, "wrong_code");
    confirm(json!({"recovery_code": codes[3]})).await.ok(200);
    confirm(json!({"recovery_code": codes[3]}))
        .await
        .refused(422, "wrong_code");
}

#[actix_web::test]
async fn a_confirmation_at_another_process_is_seen_at_once() {
    let app = test_app().await;
    let grant = log_in(&app, "root_campaign_office").await.ok(200);
    app.clock.advance_seconds(900);
    let grant = app
        .post("/auth/refresh", json!({"refresh_token": text(&grant, "refresh_token")}))
        .await
        .ok(200);
    let token = text(&grant, "access_token");
    let export = || app.get_as(&token, "/complaints/export?format=csv");
    export().await.refused(403, "confirmation_needed");
    let now = app.clock.now();
    let session = app.state.keys.session_of(&token, now).unwrap();
    let elsewhere: Store = app.state.store.clone();
    let caller = elsewhere.caller_of(session, now).await.unwrap();
    elsewhere
        .confirm_session(&caller, liangnuo_persistence::second_factor::Proof::Password, now)
        .await
        .unwrap();
    export().await.ok(200);
}

/// The operations that a session of long ago is refused. Read like code in a review: what gives others rights, gives out
/// lists or changes how an account is protected stands here.
const NEED_CONFIRMATION: [&str; 23] = [
    "approve_identity_opening",
    "begin_provider_tie",
    "begin_second_factor",
    "end_role_grant",
    "enrol_second_factor",
    "export_complaint_statistics",
    "export_complaints",
    "export_events",
    "export_members",
    "export_units",
    "find_complaints_by_phone",
    "grant_role",
    "hand_over_member",
    "issue_account_link",
    "merge_unit",
    "name_deputy",
    "read_identity",
    "read_original",
    "remake_recovery_codes",
    "remove_second_factor",
    "split_unit",
    "turn_off_second_factor",
    "untie_provider",
];

/// Whether an operation must need a confirmation, by its name: one that is added and forgets to ask for it fails here.
fn must_need(operation: &str) -> bool {
    let is_read = ["list_", "get_"].iter().any(|read| operation.starts_with(read));
    let words = [
        "export",
        "role_grant",
        "grant_role",
        "deputy",
        "issue_account",
        "begin_provider_tie",
        "untie_provider",
        "second_factor",
        "recovery_codes",
        "read_identity",
        "read_original",
        "find_complaints_by_phone",
        "hand_over_member",
        "merge_unit",
        "split_unit",
        "approve_identity",
    ];
    !is_read && words.iter().any(|word| operation.contains(word))
}

#[actix_web::test]
async fn what_needs_a_confirmation_is_on_a_list_and_nothing_is_missing() {
    let app = test_app().await;
    let grant = log_in(&app, "root_security_admin").await.ok(200);
    // A security administrator's session ends when it is not gone on with for a quarter of an hour.
    app.clock.advance_seconds(600);
    let refresh = |grant: &Value| app.post("/auth/refresh", json!({"refresh_token": text(grant, "refresh_token")}));
    let grant = refresh(&grant).await.ok(200);
    app.clock.advance_seconds(301);
    let token = text(&refresh(&grant).await.ok(200), "access_token");
    let mut refused = BTreeSet::new();
    for (operation, call) in authz::calls(&app) {
        let answer = app.send(call.bearer(&token)).await;
        if answer.code() == "confirmation_needed" {
            refused.insert(operation);
        }
        assert_eq!(
            answer.code() == "confirmation_needed",
            must_need(operation),
            "{operation} answers {}",
            answer.json
        );
    }
    assert_eq!(refused, BTreeSet::from(NEED_CONFIRMATION));
}

/// What somebody may do who must set a second factor up, or choose another password, first.
const BEFORE_ENROLMENT: [&str; 5] = [
    "begin_second_factor",
    "change_password",
    "confirm_identity",
    "enrol_second_factor",
    "get_second_factor",
];

#[actix_web::test]
async fn nothing_but_setting_it_up_is_open_to_who_has_none_and_must() {
    let app = test_app().await;
    let member = super::newcomer(&app).await;
    super::grant(&app, &member, "unit_head").await;
    let token = signed_in(&app, NEW).await;
    let mut open = BTreeSet::new();
    for (operation, call) in authz::calls(&app) {
        let answer = app.send(call.bearer(&token)).await;
        if answer.code() != "second_factor_missing" {
            assert_ne!(answer.status, 403, "{operation}");
            open.insert(operation);
        }
    }
    assert_eq!(open, BTreeSet::from(BEFORE_ENROLMENT));
}
