//! A complainant under 14: named with a guardian's consent alone, opened for a shorter time, erased earlier, and each reading of
//! the case in the log.

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_domain::Role;
use liangnuo_test_support::api::{Answer, Call, TestApp, test_app};
use serde_json::{Value, json};

const GUARDIAN: &str = "金丝雀的外婆";

async fn send<S, B>(app: &TestApp<S>, kind: &str, guardian: Value) -> Answer
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let body = json!({
        "kind": kind, "title": "食堂饭菜偏凉", "body": format!("饭菜是凉的（{}）。", app.uuid()), "unit_id": app.county.own,
        "contact": {"name": "小刘", "phone": "19900007777", "guardian": guardian}, "altcha": app.proof().await,
    });
    app.send(Call::new("POST", "/public/complaints").key(app.uuid()).json(&body))
        .await
}

/// Files one, and says its id.
async fn filed<S, B>(app: &TestApp<S>, kind: &str, is_minor: bool) -> String
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let guardian = json!({"name": GUARDIAN, "relation": "grandparent", "has_consented": true});
    let guardian = if is_minor { guardian } else { Value::Null };
    let receipt = send(app, kind, guardian).await.ok(201);
    let inspector = app.root_token(Role::Inspector).await;
    let found = format!("/complaints?q={}", receipt["number"].as_str().unwrap());
    let list = app.get_as(&inspector, &found).await.ok(200);
    list["items"][0]["id"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_child_leaves_a_name_with_a_guardians_consent_alone() {
    let app = test_app().await;
    let refused = send(
        &app,
        "grievance",
        json!({"name": "", "relation": "parent", "has_consented": false}),
    )
    .await;
    let errors = refused.refused(422, "invalid_field")["errors"].clone();
    let pointers: Vec<&str> = errors
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/contact/guardian/name", "/contact/guardian/has_consented"]);
    send(
        &app,
        "grievance",
        json!({"name": "刘", "relation": "neighbour", "has_consented": true}),
    )
    .await
    .refused(422, "invalid_field");
    assert_eq!(
        app.db.number("SELECT COUNT(*) FROM complaints").await,
        0,
        "nothing half-written"
    );
    // Without a name nothing is asked.
    app.file("report", None).await;
    assert_eq!(app.db.number("SELECT COUNT(*) FROM complaint_contacts").await, 0);
    filed(&app, "grievance", true).await;
}

#[actix_web::test]
async fn who_handles_it_knows_that_it_is_a_childs_and_no_list_does() {
    let app = test_app().await;
    let case = filed(&app, "grievance", true).await;
    let path = format!("/complaints/{case}");
    let handler = app.token(Role::Handler).await;
    let leader = app.root_token(Role::Leader).await;
    let inspector = app.root_token(Role::Inspector).await;
    let is_minor = async |token: &str| app.get_as(token, &path).await.ok(200)["is_minor"].clone();
    assert_eq!(is_minor(&inspector).await, true);
    assert_eq!(is_minor(&handler).await, false, "nobody handles it yet");
    let head = app.token(Role::UnitHead).await;
    let body = json!({"unit_id": app.county.own, "handler_id": app.county.member(Role::Handler)});
    app.step(&handler, &format!("{path}/accept"), 1, json!({}))
        .await
        .ok(200);
    app.step(&head, &format!("{path}/assign"), 2, body).await.ok(200);
    assert_eq!(is_minor(&handler).await, true);
    for other in [&leader, &head] {
        assert_eq!(is_minor(other).await, false);
    }
    for token in [&handler, &inspector] {
        for list in [
            "/complaints",
            "/complaints/export?format=csv",
            "/statistics/complaints",
            "/me/notices",
        ] {
            let answer = app.get_as(token, list).await;
            let text = String::from_utf8_lossy(&answer.bytes).into_owned();
            assert!(!text.contains("minor") && !text.contains(GUARDIAN), "{list}: {text}");
        }
    }
}

#[actix_web::test]
async fn it_opens_for_a_quarter_of_an_hour_and_says_who_consented() {
    let app = test_app().await;
    let case = filed(&app, "grievance", true).await;
    let (first, second) = (app.root_token(Role::Inspector).await, app.token(Role::Inspector).await);
    let body = json!({"complaint_id": case, "category": "danger", "reason": "孩子没有回家"});
    let ask = Call::new("POST", "/identity-openings")
        .bearer(&first)
        .key(app.uuid())
        .json(&body);
    let path = format!(
        "/identity-openings/{}",
        app.send(ask).await.ok(201)["id"].as_str().unwrap()
    );
    let approved = app
        .step(&second, &format!("{path}/approve"), 1, json!({"reason": "同意"}))
        .await
        .ok(200);
    assert_eq!(approved["open_until"], "2026-11-23T07:45:00Z");
    let read = async |token: &str| {
        let call = Call::new("POST", &format!("{path}/read")).bearer(token);
        app.send(call.if_match(2)).await
    };
    let shown = read(&first).await.ok(200);
    assert_eq!(shown["guardian"], json!({"name": GUARDIAN, "relation": "grandparent"}));
    app.clock.advance_seconds(900);
    // The token has run out by then as well.
    let over = read(&app.root_token(Role::Inspector).await)
        .await
        .refused(409, "not_ready");
    assert!(over["detail"].as_str().unwrap().contains("15"), "{over}");
}

#[actix_web::test]
async fn each_reading_of_a_childs_case_is_in_the_log_and_of_others_one_an_hour() {
    let app = test_app().await;
    let cases = [
        (filed(&app, "grievance", true).await, 3),
        (filed(&app, "grievance", false).await, 1),
    ];
    let inspector = app.root_token(Role::Inspector).await;
    for (case, _) in &cases {
        for _ in 0..3 {
            app.get_as(&inspector, &format!("/complaints/{case}")).await.ok(200);
            app.clock.advance_seconds(5);
        }
    }
    while app.state.store.flush_readings(app.clock.now()).await.unwrap() > 0 {}
    for (case, readings) in &cases {
        let log = format!("/events?action=complaints.read&subject_kind=complaints&subject_id={case}");
        let log = app.get_as(&inspector, &log).await.ok(200);
        assert_eq!(log["items"].as_array().unwrap().len(), *readings, "{case}");
    }
}

#[actix_web::test]
async fn a_childs_contact_data_are_erased_earlier() {
    let app = test_app().await;
    let (childs, others) = (filed(&app, "praise", true).await, filed(&app, "praise", false).await);
    let handler = app.token(Role::Handler).await;
    for case in [&childs, &others] {
        app.step(&handler, &format!("/complaints/{case}/accept"), 1, json!({}))
            .await
            .ok(200);
        app.step(&handler, &format!("/complaints/{case}/conclude"), 2, json!({}))
            .await
            .ok(200);
    }
    app.clock.advance_seconds(90 * 86_400 + 1);
    assert_eq!(app.state.store.erase_identities(app.clock.now()).await.unwrap(), 1);
    let inspector = app.root_token(Role::Inspector).await;
    let seen = async |case: &str| app.get_as(&inspector, &format!("/complaints/{case}")).await.ok(200);
    let gone = seen(&childs).await;
    assert_eq!(
        (&gone["has_contact"], &gone["is_minor"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(seen(&others).await["has_contact"], true);
    let left = "SELECT COUNT(*) FROM complaint_contacts WHERE guardian IS NOT NULL";
    assert_eq!(app.db.number(left).await, 0);
}
