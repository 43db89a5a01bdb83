//! Who filed a case: two people open it, one reads it, the complainant is told, and nobody else learns anything.

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_domain::Role;
use liangnuo_test_support::api::{Answer, Call, TestApp, test_app};
use serde_json::{Value, json};
use uuid::Uuid;

const MARKS: [&str; 3] = ["金丝雀甲", "19900007777", "canary@example.com"];

/// Files a named case about the school, and says its id and its receipt code.
async fn named<S, B>(app: &TestApp<S>, kind: &str, contact: Option<Value>) -> (String, String)
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let body = json!({
        "kind": kind, "title": "食堂饭菜偏凉", "body": format!("饭菜是凉的（{}）。", app.uuid()), "unit_id": app.county.own,
        "contact": contact, "altcha": app.proof().await,
    });
    let filed = app
        .send(Call::new("POST", "/public/complaints").key(app.uuid()).json(&body))
        .await
        .ok(201);
    let inspector = app.root_token(Role::Inspector).await;
    let number = filed["number"].as_str().unwrap();
    let found = app.get_as(&inspector, &format!("/complaints?q={number}")).await.ok(200);
    let id = found["items"][0]["id"].as_str().unwrap().to_owned();
    (id, filed["receipt_code"].as_str().unwrap().to_owned())
}

fn contact() -> Option<Value> {
    let [name, phone, email] = MARKS;
    Some(json!({"name": name, "phone": phone, "email": email}))
}

async fn ask<S, B>(app: &TestApp<S>, token: &str, case: &str, key: Uuid) -> Answer
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let body = json!({"complaint_id": case, "category": "danger", "reason": "孩子没有回家"});
    let call = Call::new("POST", "/identity-openings");
    app.send(call.bearer(token).key(key).json(&body)).await
}

async fn answered<S, B>(app: &TestApp<S>, token: &str, opening: &Value, verb: &str) -> Answer
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let path = format!("/identity-openings/{}/{verb}", opening["id"].as_str().unwrap());
    let version = opening["version"].as_i64().unwrap();
    let call = Call::new("POST", &path).bearer(token).if_match(version);
    app.send(call.json(&json!({"reason": "情况属实"}))).await
}

async fn read<S, B>(app: &TestApp<S>, token: &str, opening: &Value) -> Answer
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let path = format!("/identity-openings/{}", opening["id"].as_str().unwrap());
    let known = app.get_as(token, &path).await.json["version"].as_i64().unwrap_or(1);
    let call = Call::new("POST", &format!("{path}/read")).bearer(token);
    app.send(call.if_match(known)).await
}

#[actix_web::test]
async fn one_asks_another_approves_the_first_reads_and_the_complainant_is_told() {
    let app = test_app().await;
    let (case, receipt) = named(&app, "grievance", contact()).await;
    let (first, second) = (app.root_token(Role::Inspector).await, app.token(Role::Inspector).await);
    let key = app.uuid();
    let opening = ask(&app, &first, &case, key).await.ok(201);
    assert_eq!(
        (&opening["state"], &opening["allowed_actions"]),
        (&json!("waiting"), &json!(["withdraw"]))
    );
    let again = ask(&app, &first, &case, key).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.ok(201)["id"], opening["id"]);
    ask(&app, &first, &case, app.uuid()).await.refused(409, "taken");
    read(&app, &first, &opening).await.refused(409, "wrong_state");
    answered(&app, &first, &opening, "approve")
        .await
        .refused(409, "own_work");

    // The second person is told, and finds it among those that wait.
    let notices = app.get_as(&second, "/me/notices").await.ok(200);
    assert_eq!(notices["items"][0]["kind"], "identity_asked");
    let waiting = app.get_as(&second, "/identity-openings?is_waiting=true").await.ok(200);
    assert_eq!(waiting["items"][0]["allowed_actions"], json!(["approve", "refuse"]));
    let approved = answered(&app, &second, &opening, "approve").await.ok(200);
    assert_eq!(
        (&approved["state"], &approved["allowed_actions"]),
        (&json!("approved"), &json!([]))
    );
    answered(&app, &second, &opening, "refuse")
        .await
        .refused(412, "stale_version");
    read(&app, &second, &opening).await.refused(409, "not_ready");
    let track = json!({"receipt_code": receipt});
    let before = app.post("/public/complaints/track", track.clone()).await.ok(200);
    assert_eq!(before["identity_openings"], json!([]), "approved is not read");

    let shown = read(&app, &first, &opening).await;
    assert_eq!(shown.header("cache-control"), "no-store");
    let [name, phone, email] = MARKS;
    let shown = shown.ok(200);
    assert_eq!(
        (&shown["name"], &shown["phone"], &shown["email"]),
        (&json!(name), &json!(phone), &json!(email))
    );
    read(&app, &first, &opening).await.ok(200);
    app.clock.advance_seconds(3_601);
    let first = app.root_token(Role::Inspector).await;
    read(&app, &first, &opening).await.refused(409, "not_ready");
    let after = app.post("/public/complaints/track", track).await.ok(200);
    let told = json!([{"on": "2026-11-23", "category": "danger", "people": 1}]);
    assert_eq!(after["identity_openings"], told);

    // Each reading is in the log, and in the case's timeline for inspectors alone.
    let seen = app.get_as(&first, &format!("/complaints/{case}")).await.ok(200);
    let actions = |seen: &Value| {
        let steps = seen["timeline"].as_array().unwrap();
        let codes = steps.iter().map(|step| step["action"].as_str().unwrap().to_owned());
        codes.filter(|code| code.starts_with("identity")).collect::<Vec<_>>()
    };
    let wanted = ["identity_asked", "identity_approved", "identity_read", "identity_read"];
    assert_eq!(actions(&seen), wanted);
    let handler = app.token(Role::Handler).await;
    let seen = app.get_as(&handler, &format!("/complaints/{case}")).await.ok(200);
    assert_eq!(actions(&seen), Vec::<String>::new());
    let kept = app.db.texts("SELECT json FROM event_details").await.join("\n");
    for mark in MARKS {
        assert!(!kept.contains(mark), "{mark}");
    }
}

#[actix_web::test]
async fn who_is_no_inspector_of_the_case_gets_nowhere() {
    let app = test_app().await;
    let (case, _) = named(&app, "grievance", contact()).await;
    let (sealed, _) = named(&app, "report", contact()).await;
    let inspector = app.root_token(Role::Inspector).await;
    let opening = ask(&app, &inspector, &case, app.uuid()).await.ok(201);
    let secret = ask(&app, &inspector, &sealed, app.uuid()).await.ok(201);
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Inspector) {
        for token in [app.token(role).await, app.root_token(role).await] {
            ask(&app, &token, &case, app.uuid()).await.refused(403, "forbidden");
            for verb in ["approve", "refuse", "withdraw", "read"] {
                answered(&app, &token, &opening, verb).await.refused(403, "forbidden");
            }
            app.get_as(&token, "/identity-openings").await.refused(403, "forbidden");
        }
    }
    // A school's inspector does not know of a sealed case, nor of what is asked about it.
    let schools = app.token(Role::Inspector).await;
    ask(&app, &schools, &sealed, app.uuid()).await.refused(404, "not_found");
    for verb in ["approve", "refuse", "withdraw", "read"] {
        answered(&app, &schools, &secret, verb).await.refused(404, "not_found");
    }
    let listed = app.get_as(&schools, "/identity-openings?count=true").await.ok(200);
    assert_eq!(listed["total"], 1);
    // Whoever becomes accused loses it at once, whatever was approved.
    answered(&app, &schools, &opening, "approve").await.ok(200);
    let body = json!({"member_ids": [app.county.root_member(Role::Inspector)], "unit_ids": []});
    app.step(&inspector, &format!("/complaints/{case}/accused"), 1, body)
        .await
        .ok(200);
    read(&app, &inspector, &opening).await.refused(404, "not_found");
}

#[actix_web::test]
async fn an_anonymous_case_has_nothing_to_open_and_requests_can_be_taken_back_or_refused() {
    let app = test_app().await;
    let (first, second) = (app.root_token(Role::Inspector).await, app.token(Role::Inspector).await);
    let (anonymous, _) = named(&app, "grievance", None).await;
    ask(&app, &first, &anonymous, app.uuid())
        .await
        .refused(409, "not_ready");
    let (case, _) = named(&app, "grievance", contact()).await;
    let opening = ask(&app, &first, &case, app.uuid()).await.ok(201);
    answered(&app, &second, &opening, "withdraw")
        .await
        .refused(409, "not_ready");
    assert_eq!(
        answered(&app, &first, &opening, "withdraw").await.ok(200)["state"],
        "withdrawn"
    );
    app.clock.advance_seconds(1);
    let again = ask(&app, &first, &case, app.uuid()).await.ok(201);
    let refused = answered(&app, &second, &again, "refuse").await.ok(200);
    assert_eq!(refused["answer"]["reason"], "情况属实");
    read(&app, &first, &again).await.refused(409, "wrong_state");
    let told = app.get_as(&first, "/me/notices").await.ok(200);
    assert_eq!(told["items"][0]["kind"], "identity_answered");
    // What nobody answers in five working days is over, and can be asked again.
    app.clock.advance_seconds(1);
    let third = ask(&app, &first, &case, app.uuid()).await.ok(201);
    app.clock.advance_seconds(9 * 86_400);
    let (first, second) = (app.root_token(Role::Inspector).await, app.token(Role::Inspector).await);
    let path = format!("/identity-openings?complaint_id={case}&is_waiting=false");
    let over = app.get_as(&first, &path).await.ok(200);
    let states: Vec<&str> = over["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["lapsed", "refused", "withdrawn"]);
    answered(&app, &second, &third, "approve")
        .await
        .refused(409, "wrong_state");
    ask(&app, &first, &case, app.uuid()).await.ok(201);
}

#[actix_web::test]
async fn nobody_approves_for_whom_they_stand_in_whatever_right_they_use() {
    let app = test_app().await;
    let security = app.root_token(Role::SecurityAdmin).await;
    let (asker, other) = (
        app.county.root_member(Role::Inspector),
        app.county.member(Role::Inspector),
    );
    let grant_of = async |member| {
        let found = app
            .get_as(&security, &format!("/role-grants?member_id={member}&is_deputy=false"))
            .await
            .ok(200);
        found["items"][0]["id"].as_str().unwrap().to_owned()
    };
    // The second person is the deputy of the first, or the other way round.
    for (holder, deputy) in [(asker, other), (other, asker)] {
        let (case, _) = named(&app, "grievance", contact()).await;
        let (first, second) = (app.root_token(Role::Inspector).await, app.token(Role::Inspector).await);
        let opening = ask(&app, &first, &case, app.uuid()).await.ok(201);
        let body = json!({"member_id": deputy, "ends_on": "2026-12-01", "reason": "外出培训"});
        let path = format!("/role-grants/{}/deputies", grant_of(holder).await);
        let named = Call::new("POST", &path).bearer(&security).key(app.uuid()).if_match(1);
        let named = app.send(named.json(&body)).await.ok(201);
        answered(&app, &second, &opening, "approve")
            .await
            .refused(409, "own_work");
        let shown = app
            .get_as(&second, &format!("/identity-openings?complaint_id={case}"))
            .await
            .ok(200);
        assert_eq!(shown["items"][0]["allowed_actions"], json!([]));
        let end = Call::new("POST", &format!("/role-grants/{}/end", named["id"].as_str().unwrap()));
        app.send(end.bearer(&security).if_match(1).json(&json!({"reason": "已经回来"})))
            .await
            .ok(200);
        answered(&app, &second, &opening, "approve").await.ok(200);
    }
}

#[actix_web::test]
async fn contact_data_are_erased_when_their_time_is_over_unless_they_are_held() {
    let app = test_app().await;
    let (case, receipt) = named(&app, "praise", contact()).await;
    let (held, _) = named(&app, "praise", contact()).await;
    let (open, _) = named(&app, "grievance", contact()).await;
    let (handler, inspector) = (app.token(Role::Handler).await, app.root_token(Role::Inspector).await);
    for case in [&case, &held] {
        let accepted = app
            .step(&handler, &format!("/complaints/{case}/accept"), 1, json!({}))
            .await
            .ok(200);
        let version = accepted["version"].as_i64().unwrap();
        app.step(&handler, &format!("/complaints/{case}/conclude"), version, json!({}))
            .await
            .ok(200);
    }
    let hold = async |token: &str, verb: &str, reason: &str| {
        let path = format!("/complaints/{held}/identity-hold{verb}");
        app.step(token, &path, 3, json!({"reason": reason})).await
    };
    hold(&handler, "", "诉讼未了").await.refused(403, "forbidden");
    hold(&inspector, "/lift", "没有").await.refused(409, "wrong_state");
    let kept = hold(&inspector, "", "诉讼未了").await.ok(200);
    assert_eq!(
        (&kept["identity_hold"]["reason"], &kept["version"]),
        (&json!("诉讼未了"), &json!(3))
    );
    hold(&inspector, "", "再一次").await.refused(409, "wrong_state");
    let seen = app.get_as(&handler, &format!("/complaints/{held}")).await.ok(200);
    assert_eq!(seen["identity_hold"], Value::Null, "for inspectors only");

    let store = app.state.store.clone();
    let day = 86_400;
    app.clock.advance_seconds(180 * day);
    assert_eq!(store.erase_identities(app.clock.now()).await.unwrap(), 0, "to the day");
    app.clock.advance_seconds(1);
    // Two processes at once erase it once.
    let other = app.db.another().await;
    let now = app.clock.now();
    let (one, two) = futures_util::join!(store.erase_identities(now), other.erase_identities(now));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    let inspector = app.root_token(Role::Inspector).await;
    let seen = async |case: &str| app.get_as(&inspector, &format!("/complaints/{case}")).await.ok(200);
    let gone = seen(&case).await;
    assert_eq!(
        (&gone["has_contact"], &gone["contact_erased_on"]),
        (&json!(false), &json!("2027-05-22"))
    );
    assert_eq!(seen(&held).await["has_contact"], true);
    assert_eq!(seen(&open).await["has_contact"], true, "it has not ended");
    ask(&app, &inspector, &case, app.uuid()).await.refused(409, "not_ready");
    let rows = "SELECT COUNT(*) FROM complaint_contacts WHERE name IS NOT NULL OR row_key IS NOT NULL OR phone_index IS NOT NULL";
    assert_eq!(app.db.number(rows).await, 2);
    let told = app
        .post("/public/complaints/track", json!({"receipt_code": receipt}))
        .await
        .ok(200);
    assert_eq!(told["contact_erased_on"], "2027-05-22");

    // Once the hold is lifted its time is over, too.
    let path = format!("/complaints/{held}/identity-hold/lift");
    let lifted = app
        .step(&inspector, &path, 3, json!({"reason": "已经结案"}))
        .await
        .ok(200);
    assert_eq!(lifted["identity_hold"], Value::Null);
    assert_eq!(store.erase_identities(app.clock.now()).await.unwrap(), 1);
    let steps = seen(&held).await["timeline"].clone();
    let codes: Vec<&str> = steps
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["action"].as_str().unwrap())
        .collect();
    assert!(
        codes.ends_with(&["identity_held", "identity_released", "identity_erased"]),
        "{codes:?}"
    );
}

#[actix_web::test]
async fn an_approval_is_good_for_ten_readings_and_a_day_for_twenty_requests() {
    let app = test_app().await;
    let (first, second) = (app.root_token(Role::Inspector).await, app.token(Role::Inspector).await);
    let (case, _) = named(&app, "grievance", contact()).await;
    let opening = ask(&app, &first, &case, app.uuid()).await.ok(201);
    answered(&app, &second, &opening, "approve").await.ok(200);
    for _ in 0..10 {
        read(&app, &first, &opening).await.ok(200);
    }
    let refused = read(&app, &first, &opening).await.refused(409, "not_ready");
    assert!(refused["detail"].as_str().unwrap().contains("10"), "{refused}");
    let path = format!("/identity-openings/{}", opening["id"].as_str().unwrap());
    let seen = app.get_as(&first, &path).await.ok(200);
    assert_eq!(
        (&seen["readings_left"], &seen["allowed_actions"]),
        (&json!(0), &json!([]))
    );
    let readings = "SELECT action FROM events WHERE action = 'complaints.identity_read'";
    assert_eq!(app.db.texts(readings).await.len(), 10);

    // Nineteen more requests today, each taken back; what is refused for another reason is none.
    for nth in 0..19 {
        let opening = ask(&app, &first, &case, app.uuid()).await.ok(201);
        if nth < 18 {
            ask(&app, &first, &case, app.uuid()).await.refused(409, "taken");
        }
        let path = format!("/identity-openings/{}/withdraw", opening["id"].as_str().unwrap());
        app.send(Call::new("POST", &path).bearer(&first).if_match(1))
            .await
            .ok(200);
    }
    let refused = ask(&app, &first, &case, app.uuid()).await;
    assert!(refused.header("retry-after").parse::<u32>().unwrap() > 8 * 3_600);
    refused.refused(429, "rate_limited");
    ask(&app, &second, &case, app.uuid()).await.ok(201);
    app.clock.advance_seconds(9 * 3_600);
    let first = app.root_token(Role::Inspector).await;
    ask(&app, &first, &case, app.uuid()).await.ok(201);
}
