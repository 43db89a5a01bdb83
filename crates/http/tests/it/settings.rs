//! What a county counts by: settings and calendar, who may change them, and what becomes of dates that were told.

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_domain::Role;
use liangnuo_persistence::outbox::Lane;
use liangnuo_test_support::{NOW, TestApp, api::Call, test_app};
use serde_json::{Value, json};

fn patch(token: &str, version: i64, body: &Value) -> Call {
    Call::new("PATCH", "/settings")
        .bearer(token)
        .if_match(version)
        .json(body)
}

fn load(token: &str, year: i32, version: i64, days: &Value) -> Call {
    Call::new("PUT", &format!("/calendars/{year}"))
        .bearer(token)
        .if_match(version)
        .json(&json!({"days": days}))
}

/// An accepted grievance: sixty days from Monday, 23 November 2026, end on Friday, 22 January 2027.
async fn accepted<S, B>(app: &TestApp<S>, handler: &str) -> Value
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let receipt = app.file("grievance", Some(app.county.own.0)).await;
    let q = receipt["number"].as_str().unwrap();
    let list = app.get_as(handler, &format!("/complaints?q={q}")).await.ok(200);
    let path = format!("/complaints/{}/accept", list["items"][0]["id"].as_str().unwrap());
    app.step(handler, &path, 1, json!({})).await.ok(200)
}

async fn due_on<S, B>(app: &TestApp<S>, handler: &str, case: &Value) -> Value
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let path = format!("/complaints/{}", case["id"].as_str().unwrap());
    app.get_as(handler, &path).await.ok(200)
}

async fn recompute<S>(app: &TestApp<S>) {
    let region = app.county.root;
    let mut after = None;
    loop {
        after = app.state.store.recompute_dues(region, after, NOW).await.unwrap().last;
        if after.is_none() {
            break;
        }
    }
}

#[actix_web::test]
async fn settings_may_tighten_the_law_and_not_loosen_it() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let handler = app.token(Role::Handler).await;
    let settings = app.get_as(&handler, "/settings").await;
    assert_eq!(settings.header("etag"), "\"v0\"");
    let settings = settings.ok(200);
    assert_eq!(
        (&settings["decide_days"], &settings["may_edit"]),
        (&json!(60), &json!(false))
    );
    let bound = settings["bounds"]
        .as_array()
        .unwrap()
        .iter()
        .find(|bound| bound["name"] == "decide_days")
        .unwrap();
    assert_eq!((&bound["default"], &bound["greatest"]), (&json!(60), &json!(60)));

    let tighter = json!({"decide_days": 30, "hold_days": 5});
    for role in [Role::Handler, Role::UnitHead, Role::Admin] {
        let token = app.token(role).await;
        app.send(patch(&token, 0, &tighter)).await.refused(403, "forbidden");
    }
    let problem = app
        .send(patch(&admin, 0, &json!({"decide_days": 61, "hold_days": 0})))
        .await
        .refused(422, "invalid_field");
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["errors"][1]["pointer"]),
        (&json!("/decide_days"), &json!("/hold_days"))
    );
    app.send(patch(&admin, 0, &json!({"no_such_setting": 1})))
        .await
        .refused(422, "invalid_field");
    let changed = app.send(patch(&admin, 0, &tighter)).await.ok(200);
    assert_eq!(
        (
            &changed["decide_days"],
            &changed["hold_days"],
            &changed["tell_days"],
            &changed["version"]
        ),
        (&json!(30), &json!(5), &json!(15), &json!(1))
    );
    app.send(patch(&admin, 0, &tighter)).await.refused(412, "stale_version");
    let case = accepted(&app, &handler).await;
    assert_eq!(
        (&case["due_on"], &case["hold_days_left"]),
        (&json!("2026-12-23"), &json!(5))
    );
}

#[actix_web::test]
async fn two_administrators_do_not_overwrite_each_other() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    for version in [0, 1] {
        let (five, six) = (json!({"hold_days": 5 + version}), json!({"hold_days": 15 + version}));
        let (one, two) = tokio::join!(
            app.send(patch(&admin, version, &five)),
            app.send(patch(&admin, version, &six))
        );
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
    }
}

#[actix_web::test]
async fn a_tightened_setting_takes_nothing_from_what_was_told() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let handler = app.token(Role::Handler).await;
    let case = accepted(&app, &handler).await;
    assert_eq!(case["due_on"], "2027-01-22");
    app.send(patch(&admin, 0, &json!({"decide_days": 30}))).await.ok(200);
    recompute(&app).await;
    let after = due_on(&app, &handler, &case).await;
    assert_eq!(
        (&after["due_on"], &after["due"]["is_kept_as_told"]),
        (&json!("2027-01-22"), &json!(true))
    );
    let list = app.get_as(&handler, "/complaints").await.ok(200);
    assert_eq!(
        list["items"][0]["due_on"], "2027-01-22",
        "the list says the same as the case"
    );
}

#[actix_web::test]
async fn a_step_before_the_recomputation_takes_nothing_from_what_was_told() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let handler = app.token(Role::Handler).await;
    let case = accepted(&app, &handler).await;
    let path = format!("/complaints/{}", case["id"].as_str().unwrap());
    let question = json!({"body": "请问是哪一天？", "days": 9});
    let hold = Call::new("POST", &format!("{path}/hold")).bearer(&handler).if_match(2);
    let case = app.send(hold.key(app.uuid()).json(&question)).await.ok(200);
    assert_eq!(case["due_on"], "2027-02-01", "31 January 2027 is a Sunday");
    let note = async |version: i64| {
        let path = format!("{path}/note");
        app.step(&handler, &path, version, json!({"note": "看了一下"}))
            .await
            .ok(200)
    };

    let worked = json!([{"day": "2027-01-01", "is_worked": false}, {"day": "2027-01-31", "is_worked": true}]);
    app.send(load(&admin, 2027, 0, &worked)).await.ok(200);
    let kept = (&json!("2027-02-01"), &json!(true));
    let noted = note(3).await;
    assert_eq!((&noted["due_on"], &noted["due"]["is_kept_as_told"]), kept);
    recompute(&app).await;
    let after = due_on(&app, &handler, &case).await;
    assert_eq!((&after["due_on"], &after["due"]["is_kept_as_told"]), kept);

    app.send(patch(&admin, 0, &json!({"decide_days": 30, "rating_days": 5})))
        .await
        .ok(200);
    let noted = note(after["version"].as_i64().unwrap()).await;
    assert_eq!((&noted["due_on"], &noted["due"]["is_kept_as_told"]), kept);
    recompute(&app).await;
    let after = due_on(&app, &handler, &case).await;
    assert_eq!((&after["due_on"], &after["due"]["is_kept_as_told"]), kept);
    let steps = after["timeline"].as_array().unwrap();
    assert!(
        steps.iter().all(|step| step["action"] != "due_moved"),
        "it never was another date"
    );
}

#[actix_web::test]
async fn a_date_that_moves_is_told_whoever_writes_the_case_first() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let handler = app.token(Role::Handler).await;
    let case = accepted(&app, &handler).await;
    let off = json!([{"day": "2027-01-22", "is_worked": false}]);
    app.send(load(&admin, 2027, 0, &off)).await.ok(200);
    let path = format!("/complaints/{}/note", case["id"].as_str().unwrap());
    let noted = app.step(&handler, &path, 2, json!({"note": "看了一下"})).await.ok(200);
    assert_eq!(noted["due_on"], "2027-01-25");
    recompute(&app).await;
    let after = due_on(&app, &handler, &case).await;
    let steps: Vec<(&str, &str)> = after["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| (step["action"].as_str().unwrap(), step["by_kind"].as_str().unwrap()))
        .collect();
    assert_eq!(
        steps[2..],
        [("due_moved", "system"), ("noted", "member")],
        "once, and by nobody's hand"
    );
}

#[actix_web::test]
async fn a_calendar_that_arrives_moves_provisional_dates_later_but_never_earlier() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let handler = app.token(Role::Handler).await;
    let case = accepted(&app, &handler).await;
    assert_eq!(
        (&case["due_on"], &case["due_is_provisional"]),
        (&json!("2027-01-22"), &json!(true))
    );

    let off = json!([{"day": "2027-01-22", "is_worked": false}]);
    app.send(load(&handler, 2027, 0, &off)).await.refused(403, "forbidden");
    let school_admin = app.token(Role::Admin).await;
    app.send(load(&school_admin, 2027, 0, &off))
        .await
        .refused(403, "forbidden");
    let problem = app
        .send(load(
            &admin,
            2027,
            0,
            &json!([{"day": "2026-01-22", "is_worked": false}]),
        ))
        .await
        .refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["pointer"], "/days/0/day");
    app.send(load(&admin, 2027, 1, &off))
        .await
        .refused(412, "stale_version");
    let loaded = app.send(load(&admin, 2027, 0, &off)).await.ok(200);
    assert_eq!(
        (&loaded["version"], loaded["days"].as_array().unwrap().len()),
        (&json!(1), 1)
    );
    recompute(&app).await;
    let after = due_on(&app, &handler, &case).await;
    assert_eq!(
        (&after["due_on"], &after["due_is_provisional"]),
        (&json!("2027-01-25"), &json!(false))
    );
    let step = after["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&step["action"], &step["until"]),
        (&json!("due_moved"), &json!("2027-01-25"))
    );

    let corrected = json!([{"day": "2027-01-01", "is_worked": false}]);
    app.send(load(&admin, 2027, 1, &corrected)).await.ok(200);
    recompute(&app).await;
    let after = due_on(&app, &handler, &case).await;
    assert_eq!(
        (&after["due_on"], &after["due"]["is_kept_as_told"]),
        (&json!("2027-01-25"), &json!(true))
    );
    let events = after["timeline"].as_array().unwrap().len();
    recompute(&app).await;
    let again = due_on(&app, &handler, &case).await;
    assert_eq!(again["timeline"].as_array().unwrap().len(), events, "once is enough");
    let years = app.get_as(&handler, "/calendars").await.ok(200);
    assert_eq!(
        (
            &years["items"][0]["year"],
            &years["items"][0]["version"],
            &years["items"][1]["version"]
        ),
        (&json!(2027), &json!(2), &json!(0))
    );
}

#[actix_web::test]
async fn a_change_has_every_open_date_computed_anew() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    app.send(patch(&admin, 0, &json!({"due_soon_percent": 50})))
        .await
        .ok(200);
    let later = NOW.plus_seconds(5);
    let none = app
        .state
        .store
        .lease_deliveries(Lane::Rest, 1, NOW, later)
        .await
        .unwrap();
    assert!(none.is_empty(), "not before every process has read the new rules");
    let due = app
        .state
        .store
        .lease_deliveries(Lane::Rest, 1, later, later.plus_seconds(30))
        .await
        .unwrap();
    assert_eq!(due[0].topic, liangnuo_persistence::settings::TOPIC);
}

#[actix_web::test]
async fn known_answers_with_holidays_and_make_up_days() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let mut now = NOW;
    let mut version = 0;
    for (start, days, end) in [
        ("2026-01-30", 15, "2026-02-27"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-09-24", 15, "2026-10-22"),
        ("2025-09-26", 15, "2025-10-23"),
        ("2024-04-03", 5, "2024-04-11"),
    ] {
        // Settings are changed today, the case comes in on its day.
        app.clock.advance_seconds((NOW.micros() - now.micros()) / 1_000_000);
        let set = patch(&admin, version, &json!({"suggestion_days": days}));
        version = app.send(set).await.ok(200)["version"].as_i64().unwrap();
        now = liangnuo_domain::Timestamp::start_of(start.parse().unwrap()).plus_seconds(10 * 3_600);
        app.clock.advance_seconds((now.micros() - NOW.micros()) / 1_000_000);
        let receipt = app.file("suggestion", Some(app.county.own.0)).await;
        let track = json!({"receipt_code": receipt["receipt_code"]});
        let tracked = app.post("/public/complaints/track", track).await.ok(200);
        assert_eq!(
            (
                &receipt["expected_by"],
                &tracked["due_on"],
                &tracked["due_is_provisional"]
            ),
            (&json!(end), &json!(end), &json!(false)),
            "{start} + {days}"
        );
    }
}

#[actix_web::test]
async fn a_notice_that_begins_in_december_changes_both_years() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let handler = app.token(Role::Handler).await;
    let year = async |number: i32| {
        let years = app.get_as(&admin, "/calendars").await.ok(200);
        let mut items = years["items"].as_array().unwrap().iter();
        items.find(|item| item["year"] == number).cloned()
    };
    app.send(patch(&admin, 0, &json!({"suggestion_days": 28})))
        .await
        .ok(200);
    let receipt = app.file("suggestion", Some(app.county.own.0)).await;
    assert_eq!(receipt["expected_by"], "2026-12-31");
    let list = format!("/complaints?q={}", receipt["number"].as_str().unwrap());
    let case = app.get_as(&handler, &list).await.ok(200)["items"][0].clone();

    let notice = json!([
        {"day": "2026-12-31", "is_worked": false},
        {"day": "2027-01-01", "is_worked": false},
    ]);
    let loaded = app.send(load(&admin, 2027, 0, &notice)).await.ok(200);
    assert_eq!(
        (&loaded["days"], &loaded["previous_december"], &loaded["version"]),
        (
            &json!([{"day": "2027-01-01", "is_worked": false}]),
            &json!([{"day": "2026-12-31", "is_worked": false}]),
            &json!(1)
        )
    );
    let before = year(2026).await.unwrap();
    let days = before["days"].as_array().unwrap();
    assert!(days.contains(&json!({"day": "2026-12-31", "is_worked": false})) && days.len() > 10);
    assert_eq!((&before["version"], &before["loaded_at"]), (&json!(1), &Value::Null));
    recompute(&app).await;
    let after = due_on(&app, &handler, &case).await;
    assert_eq!(
        (&after["due_on"], &after["due_is_provisional"]),
        (&json!("2027-01-04"), &json!(false))
    );

    // Who read 2026 before that has read another year; who names its December otherwise is told where it stands.
    let own = json!([{"day": "2026-10-01", "is_worked": false}]);
    app.send(load(&admin, 2026, 0, &own))
        .await
        .refused(412, "stale_version");
    let against = json!([{"day": "2026-10-01", "is_worked": false}, {"day": "2026-12-31", "is_worked": true}]);
    let problem = app
        .send(load(&admin, 2026, 1, &against))
        .await
        .refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["code"], "named_otherwise");
    let loaded = app.send(load(&admin, 2026, 1, &own)).await.ok(200);
    assert_eq!(
        (&loaded["version"], loaded["days"].as_array().unwrap().len()),
        (&json!(2), 2)
    );

    // A corrected notice takes its days back; a year that is known by another's December alone is not published.
    let corrected = json!([{"day": "2027-01-01", "is_worked": false}]);
    app.send(load(&admin, 2027, 1, &corrected)).await.ok(200);
    let before = year(2026).await.unwrap();
    assert_eq!((&before["version"], &before["days"]), (&json!(3), &own));
    let later = json!([{"day": "2028-12-29", "is_worked": false}, {"day": "2029-01-01", "is_worked": false}]);
    app.send(load(&admin, 2029, 0, &later)).await.ok(200);
    assert!(year(2028).await.is_none());
    let own = json!([{"day": "2028-10-02", "is_worked": false}]);
    let loaded = app.send(load(&admin, 2028, 0, &own)).await.ok(200);
    assert_eq!(
        (&loaded["version"], loaded["days"].as_array().unwrap().len()),
        (&json!(2), 2)
    );
    let problem = app
        .send(load(
            &admin,
            2030,
            0,
            &json!([{"day": "2029-12-31", "is_worked": false}]),
        ))
        .await
        .refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["code"], "wrong_number");
}

#[actix_web::test]
async fn what_a_receipt_says_does_not_become_earlier_by_tighter_settings() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let handler = app.token(Role::Handler).await;
    let receipt = app.file("grievance", Some(app.county.own.0)).await;
    assert_eq!(receipt["expected_by"], "2027-01-22");
    app.send(patch(&admin, 0, &json!({"decide_days": 30}))).await.ok(200);
    recompute(&app).await;
    let list = format!("/complaints?q={}", receipt["number"].as_str().unwrap());
    let case = app.get_as(&handler, &list).await.ok(200)["items"][0].clone();
    let path = format!("/complaints/{}/accept", case["id"].as_str().unwrap());
    let taken = app
        .step(&handler, &path, case["version"].as_i64().unwrap(), json!({}))
        .await;
    let taken = taken.ok(200);
    assert_eq!(
        (&taken["due_on"], &taken["due"]["is_kept_as_told"]),
        (&receipt["expected_by"], &json!(true))
    );
    let track = json!({"receipt_code": receipt["receipt_code"]});
    let tracked = app.post("/public/complaints/track", track).await.ok(200);
    assert_eq!(tracked["due_on"], receipt["expected_by"]);
    // Whoever comes now is told the shorter time.
    let next = app.file("grievance", Some(app.county.own.0)).await;
    assert_eq!(next["expected_by"], "2026-12-23");
}
