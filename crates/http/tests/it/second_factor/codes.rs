//! Codes and recovery codes: each is good once, for one account, in its time.

use liangnuo_domain::Role;
use liangnuo_http::HttpSettings;
use liangnuo_test_support::{
    api::{PASSWORD, test_app, test_app_with},
    database::dump,
};
use serde_json::json;

use super::{CHOSEN, log_in, log_in_with_code, log_in_with_recovery_code, post_as, signed_in, text, ticket};

#[actix_web::test]
async fn whoever_has_one_signs_in_in_two_steps_and_no_code_counts_twice() {
    let app = test_app().await;
    let token = signed_in(&app, "handler").await;
    let before = app.get_as(&token, "/me/second-factor").await.ok(200);
    assert_eq!(
        (
            &before["is_enrolled"],
            &before["is_mandatory"],
            &before["recovery_codes_left"]
        ),
        (&json!(false), &json!(false), &json!(0))
    );
    let (phone, recovery) = app.enrol(&token).await;
    assert_eq!(recovery.len(), 10);
    let me = app.get_as(&token, "/me").await.ok(200);
    assert_eq!(me["has_second_factor"], true);
    let first = ticket(&app, "handler").await;
    // The code that it was set up with was used by that.
    let used = phone.shows(app.clock.now());
    log_in_with_code(&app, &first, &used).await.refused(422, "wrong_code");
    log_in_with_code(&app, &first, &phone.never_shows(app.clock.now()))
        .await
        .refused(422, "wrong_code");
    app.clock.advance_seconds(30);
    let code = phone.shows(app.clock.now());
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let grant = log_in_with_code(&app, &first, &spaced).await.ok(200);
    app.get_as(&text(&grant, "access_token"), "/me").await.ok(200);
    log_in_with_code(&app, &first, &code).await.refused(422, "wrong_code");
    // One that is older than the last one is none either, though its time is not over.
    log_in_with_code(&app, &first, &used).await.refused(422, "wrong_code");
    let second = ticket(&app, "handler").await;
    log_in_with_code(&app, &second, &code).await.refused(422, "wrong_code");
    let nothing = app.post("/auth/second-factor", json!({"ticket": second})).await;
    assert_eq!(nothing.refused(422, "invalid_field")["errors"][0]["pointer"], "/code");
}

#[actix_web::test]
async fn setting_one_up_ends_the_other_sessions_and_leaves_no_seed_behind() {
    let app = test_app().await;
    let (lost, mine) = (signed_in(&app, "handler").await, signed_in(&app, "handler").await);
    app.get_as(&lost, "/me").await.ok(200);
    let begin = post_as(&app, &mine, "/me/second-factor/begin", json!({})).await.ok(200);
    let seed = text(&begin, "seed");
    assert!(text(&begin, "uri").contains(&seed));
    // Nothing is in use yet.
    log_in(&app, "handler").await.ok(200);
    post_as(&app, &mine, "/me/second-factor/enrol", json!({"code": "12345x"}))
        .await
        .refused(422, "invalid_field");
    let (phone, recovery) = app.enrol(&mine).await;
    app.get_as(&lost, "/me").await.refused(401, "session_ended");
    let seen = app.get_as(&mine, "/me/second-factor").await.ok(200);
    assert_eq!(
        (&seen["is_enrolled"], &seen["recovery_codes_left"]),
        (&json!(true), &json!(10))
    );
    let hex: String = phone.seed().iter().map(|byte| format!("{byte:02x}")).collect();
    let rows: String = dump(&app.db.url)
        .await
        .into_values()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n");
    for secret in [&hex, &seed, &recovery[0], &recovery[0].replace('-', "")] {
        assert!(!rows.to_lowercase().contains(&secret.to_lowercase()), "{secret}");
        assert!(!seen.to_string().contains(secret.as_str()));
    }
    let log = "SELECT action FROM events WHERE subject_kind = 'accounts' AND action <> 'accounts.created'";
    assert_eq!(app.db.texts(log).await, ["accounts.second_factor_enrolled"]);
}

#[actix_web::test]
async fn another_telephone_takes_the_place_of_the_first() {
    let app = test_app().await;
    let token = signed_in(&app, "handler").await;
    let (old, old_codes) = app.enrol(&token).await;
    app.clock.advance_seconds(60);
    // Until the new one has shown a code, the old one is good.
    post_as(&app, &token, "/me/second-factor/begin", json!({}))
        .await
        .ok(200);
    let pass = ticket(&app, "handler").await;
    log_in_with_code(&app, &pass, &old.shows(app.clock.now())).await.ok(200);
    let (new, _) = app.enrol(&token).await;
    app.clock.advance_seconds(60);
    let now = app.clock.now();
    log_in_with_code(&app, &pass, &old.shows(now))
        .await
        .refused(422, "wrong_code");
    log_in_with_recovery_code(&app, &pass, &old_codes[0])
        .await
        .refused(422, "wrong_code");
    log_in_with_code(&app, &pass, &new.shows(now)).await.ok(200);
    // What was begun and not completed runs out.
    let begun = post_as(&app, &token, "/me/second-factor/begin", json!({}))
        .await
        .ok(200);
    let third = liangnuo_test_support::Authenticator::of(&text(&begun, "seed"));
    app.clock.advance_seconds(900);
    let later = text(
        &log_in_with_code(&app, &ticket(&app, "handler").await, &new.shows(app.clock.now()))
            .await
            .ok(200),
        "access_token",
    );
    let body = json!({"code": third.shows(app.clock.now())});
    post_as(&app, &later, "/me/second-factor/enrol", body)
        .await
        .refused(409, "not_ready");
}

#[actix_web::test]
async fn a_ticket_is_for_one_account_and_runs_out() {
    let app = test_app().await;
    let (mine, theirs) = (signed_in(&app, "handler").await, signed_in(&app, "member").await);
    let ((my_phone, my_codes), (their_phone, their_codes)) = (app.enrol(&mine).await, app.enrol(&theirs).await);
    app.clock.advance_seconds(30);
    let now = app.clock.now();
    let (my_ticket, their_ticket) = (ticket(&app, "handler").await, ticket(&app, "member").await);
    log_in_with_code(&app, &their_ticket, &my_phone.shows(now))
        .await
        .refused(422, "wrong_code");
    log_in_with_recovery_code(&app, &their_ticket, &my_codes[0])
        .await
        .refused(422, "wrong_code");
    for nonsense in ["x", &format!("{my_ticket}x"), &my_ticket[1..]] {
        log_in_with_code(&app, nonsense, &my_phone.shows(now))
            .await
            .refused(401, "ticket_ended");
    }
    let grant = log_in_with_code(&app, &their_ticket, &their_phone.shows(now))
        .await
        .ok(200);
    let me = app.get_as(&text(&grant, "access_token"), "/me").await.ok(200);
    assert_eq!(text(&me, "login"), "member");
    // A password that is changed ends what the old one was worth.
    let token = text(&grant, "access_token");
    let body = json!({"current_password": PASSWORD, "new_password": CHOSEN});
    post_as(&app, &token, "/me/password", body).await.ok(204);
    log_in_with_recovery_code(&app, &their_ticket, &their_codes[0])
        .await
        .refused(401, "ticket_ended");
    app.clock.advance_seconds(299);
    log_in_with_code(&app, &my_ticket, &my_phone.shows(app.clock.now()))
        .await
        .ok(200);
    app.clock.advance_seconds(1);
    log_in_with_recovery_code(&app, &my_ticket, &my_codes[0])
        .await
        .refused(401, "ticket_ended");
}

#[actix_web::test]
async fn a_recovery_code_is_good_once_and_not_after_new_ones_were_made() {
    let app = test_app().await;
    let token = signed_in(&app, "handler").await;
    let (_, codes) = app.enrol(&token).await;
    let pass = ticket(&app, "handler").await;
    let upper = codes[0].to_uppercase();
    log_in_with_recovery_code(&app, &pass, &upper).await.ok(200);
    log_in_with_recovery_code(&app, &pass, &codes[0])
        .await
        .refused(422, "wrong_code");
    let left = app.get_as(&token, "/me/second-factor").await.ok(200);
    assert_eq!(left["recovery_codes_left"], 9);
    let made = post_as(&app, &token, "/me/second-factor/recovery-codes", json!({}))
        .await
        .ok(200);
    let new = made["recovery_codes"][0].as_str().unwrap();
    log_in_with_recovery_code(&app, &pass, &codes[1])
        .await
        .refused(422, "wrong_code");
    log_in_with_recovery_code(&app, &pass, new).await.ok(200);
    let log =
        "SELECT action FROM events WHERE action LIKE 'accounts.recovery%' AND actor_kind = 'member' ORDER BY action";
    assert_eq!(
        app.db.texts(log).await,
        [
            "accounts.recovery_code_used",
            "accounts.recovery_code_used",
            "accounts.recovery_codes_made"
        ]
    );
    let other = signed_in(&app, "member").await;
    post_as(&app, &other, "/me/second-factor/recovery-codes", json!({}))
        .await
        .refused(409, "wrong_state");
}

#[actix_web::test]
async fn guesses_are_counted_by_account_and_a_right_password_forgives_none() {
    let settings = HttpSettings {
        trusted_proxies: Vec::new(),
        ..HttpSettings::default()
    };
    let app = test_app_with(|_| Vec::new(), settings).await;
    let token = app.token(Role::Handler).await;
    let (phone, codes) = app.enrol(&token).await;
    app.clock.advance_seconds(30);
    let now = app.clock.now();
    let wrong = phone.never_shows(now);
    // Setting it up was the first of five.
    let pass = ticket(&app, "handler").await;
    for _ in 0..3 {
        log_in_with_code(&app, &pass, &wrong).await.refused(422, "wrong_code");
    }
    let pass = ticket(&app, "handler").await;
    log_in_with_code(&app, &pass, &wrong).await.refused(422, "wrong_code");
    let refused = log_in_with_code(&app, &pass, &phone.shows(now)).await;
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!(wait > 60 && wait <= 121, "{wait}");
    refused.refused(429, "rate_limited");
    // The same counter holds for a confirmation in a session that lies open.
    post_as(&app, &token, "/auth/confirm", json!({"code": phone.shows(now)}))
        .await
        .refused(429, "rate_limited");
    // Its owner still gets in.
    log_in_with_recovery_code(&app, &pass, &codes[0]).await.ok(200);
}
