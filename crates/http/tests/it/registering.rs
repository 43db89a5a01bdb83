//! A member takes down what came by telephone, at the counter, on paper.

use liangnuo_domain::Role;
use liangnuo_test_support::{
    NOW,
    api::{Call, TestApp, test_app, test_app_with},
};
use serde_json::{Value, json};
use uuid::Uuid;

fn call_about(unit: Option<Uuid>) -> Value {
    json!({
        "kind": "grievance", "channel": "phone", "title": "校车连着三天晚点", "body": "家长来电：校车晚到二十分钟。",
        "unit_id": unit,
    })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn register<S>(app: &TestApp<S>, token: &str, body: &Value) -> Call {
    Call::new("POST", "/complaints")
        .bearer(token)
        .key(app.state.store.ids().v4())
        .json(body)
}

fn pointers(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().filter_map(|error| error["pointer"].as_str()).collect()
}

#[actix_web::test]
async fn a_call_is_taken_down_and_followed_by_its_code() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    let contact = json!({"name": "刘女士", "phone": "13900000000"});
    let body = with(call_about(Some(app.county.own.0)), "contact", contact);
    let answer = app.send(register(&app, &handler, &body)).await;
    assert_eq!(answer.header("etag"), "\"v1\"");
    let location = answer.header("location").to_owned();
    let made = answer.ok(201);
    assert_eq!(location, format!("/api/v1/complaints/{}", made["id"].as_str().unwrap()));
    assert_eq!(made["unit"]["name"], "柳湾小学");
    assert_eq!(made["received_on"], NOW.day().to_string());

    let case = app.get_as(&handler, &location).await.ok(200);
    assert_eq!(
        (
            case["channel"].as_str(),
            case["due"]["clock"].as_str(),
            case["has_contact"].as_bool()
        ),
        (Some("phone"), Some("hotline"), Some(true))
    );
    let step = &case["timeline"][0];
    assert_eq!(
        (step["action"].as_str(), step["by"]["name"].as_str()),
        (Some("received"), Some("handler"))
    );
    assert!(!case.to_string().contains("刘女士") && !case.to_string().contains("13900000000"));
    let found = app
        .get_as(&handler, "/complaints?channel=phone&count=true")
        .await
        .ok(200);
    assert_eq!(
        (found["total"].as_i64(), found["items"][0]["id"].clone()),
        (Some(1), made["id"].clone())
    );

    let code = made["receipt_code"].as_str().unwrap();
    let tracked = app
        .post("/public/complaints/track", json!({"receipt_code": code}))
        .await
        .ok(200);
    assert_eq!(
        (tracked["number"].clone(), tracked["title"].as_str()),
        (made["number"].clone(), Some("校车连着三天晚点"))
    );
}

#[actix_web::test]
async fn the_same_request_twice_is_one_case_with_one_code() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    let key = app.uuid();
    let send = |body: Value| app.send(Call::new("POST", "/complaints").bearer(&handler).key(key).json(&body));
    let one = send(call_about(None)).await.ok(201);
    let again = send(call_about(None)).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.ok(201), one);
    send(with(call_about(None), "title", json!("别的事")))
        .await
        .refused(422, "idempotency_key_reused");
    let without = Call::new("POST", "/complaints")
        .bearer(&handler)
        .json(&call_about(None));
    app.send(without).await.refused(400, "idempotency_key_missing");
    assert_eq!(app.db.number("SELECT COUNT(*) FROM complaints").await, 1);
}

#[actix_web::test]
async fn another_units_case_goes_to_the_countys_desk_and_the_clerk_is_told() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    let office = app.root_token(Role::CampaignOffice).await;
    for (about, is_own) in [
        (Some(app.county.own.0), true),
        (Some(app.county.child.0), true),
        (Some(app.county.sibling.0), false),
        (None, false),
    ] {
        let answer = app.send(register(&app, &handler, &call_about(about))).await;
        let (etag, location) = (answer.header("etag").to_owned(), answer.header("location").to_owned());
        let made = answer.ok(201);
        assert_eq!((made["id"].is_string(), !etag.is_empty()), (is_own, is_own), "{made}");
        assert_eq!(made["unit"]["name"] == "清河县教育局", !is_own);
        if !is_own {
            assert_eq!(location, "/api/v1/public/complaints/track");
            let found = app
                .get_as(&office, &format!("/complaints?q={}", made["number"].as_str().unwrap()))
                .await
                .ok(200);
            let case = app
                .get_as(
                    &office,
                    &format!("/complaints/{}", found["items"][0]["id"].as_str().unwrap()),
                )
                .await
                .ok(200);
            assert_eq!(
                case["about_unit"]["id"].as_str().map(str::to_owned),
                about.map(|id| id.to_string())
            );
        }
    }
    // The office stands over every unit: there it goes straight to the school.
    let made = app
        .send(register(&app, &office, &call_about(Some(app.county.sibling.0))))
        .await
        .ok(201);
    assert_eq!(made["unit"]["name"], "石桥镇中心小学");
}

#[actix_web::test]
async fn a_report_is_out_of_the_clerks_sight_at_once() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    let report = with(call_about(Some(app.county.own.0)), "kind", json!("report"));
    let made = app.send(register(&app, &handler, &report)).await.ok(201);
    assert!(made["id"].is_null() && made["receipt_code"].is_string());
    assert_eq!(made["unit"]["name"], "清河县教育局");
    for role in [Role::Handler, Role::UnitHead, Role::Inspector] {
        let token = app.token(role).await;
        let list = app.get_as(&token, "/complaints?count=true").await.ok(200);
        assert_eq!(list["total"], 0, "{role:?}");
    }
    let inspector = app.root_token(Role::Inspector).await;
    let list = app.get_as(&inspector, "/complaints").await.ok(200);
    assert_eq!(
        (
            list["items"][0]["is_sealed"].as_bool(),
            list["items"][0]["channel"].as_str()
        ),
        (Some(true), Some("phone"))
    );

    // The county's inspectors take reports down themselves, and nothing else; those of a part see none.
    let made = app.send(register(&app, &inspector, &report)).await.ok(201);
    let path = format!("/complaints/{}", made["id"].as_str().unwrap());
    assert_eq!(
        app.get_as(&inspector, &path).await.ok(200)["accused"][0]["unit"]["name"],
        "柳湾小学"
    );
    app.send(register(&app, &inspector, &call_about(None)))
        .await
        .refused(403, "forbidden");
    let of_a_school = app.token(Role::Inspector).await;
    app.send(register(&app, &of_a_school, &report))
        .await
        .refused(403, "forbidden");
}

#[actix_web::test]
async fn what_cannot_be_taken_is_pointed_at_and_leaves_nothing() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    let refused = async |body: Value| {
        let problem = app
            .send(register(&app, &handler, &body))
            .await
            .refused(422, "invalid_field");
        pointers(&problem).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let later = |days: i64| json!(NOW.plus_seconds(days * 86_400).to_string());
    let whole = |name: &str, value: Value| with(call_about(None), name, value);
    assert_eq!(refused(whole("channel", json!("web"))).await, ["/channel"]);
    assert_eq!(refused(whole("received_at", later(1))).await, ["/received_at"]);
    assert_eq!(refused(whole("received_at", later(-31))).await, ["/received_at"]);
    assert_eq!(refused(whole("unit_id", json!(app.uuid()))).await, ["/unit_id"]);
    assert_eq!(refused(whole("category_id", json!(app.uuid()))).await, ["/category_id"]);
    assert_eq!(refused(whole("state", json!("concluded"))).await, ["/state"]);
    let many = json!({
        "kind": "inquiry", "channel": "counter", "title": " ", "body": "", "emergency_reason": "急",
        "contact": {"name": "", "phone": "请打我电话"},
    });
    assert_eq!(
        refused(many).await,
        [
            "/contact/name",
            "/contact/phone",
            "/title",
            "/body",
            "/emergency_reason"
        ]
    );
    assert_eq!(app.db.number("SELECT COUNT(*) FROM complaints").await, 0);
    assert_eq!(app.db.number("SELECT COUNT(*) FROM complaint_contacts").await, 0);
}

#[actix_web::test]
async fn a_letter_counts_from_its_day_a_walk_in_is_no_order_and_danger_is_told() {
    let app = test_app().await;
    let (handler, head) = (app.token(Role::Handler).await, app.token(Role::UnitHead).await);
    let own = Some(app.county.own.0);
    let received_at = NOW.plus_seconds(-5 * 86_400);
    let letter = with(
        with(call_about(own), "channel", json!("mailbox")),
        "received_at",
        json!(received_at.to_string()),
    );
    let case_of = async |body: Value| {
        let made = app.send(register(&app, &handler, &body)).await.ok(201);
        let path = format!("/complaints/{}", made["id"].as_str().unwrap());
        app.get_as(&handler, &path).await.ok(200)
    };
    let case = case_of(letter).await;
    assert_eq!(
        (
            case["received_on"].as_str().map(str::to_owned),
            case["due"]["clock"].as_str()
        ),
        (Some(received_at.day().to_string()), Some("tell"))
    );
    assert_eq!(case["due"]["starts_on"], received_at.day().to_string());
    let case = case_of(with(call_about(own), "is_order", json!(false))).await;
    assert_eq!(
        case["due"]["clock"], "tell",
        "a call that is no order has no hotline's clock"
    );
    let visit = with(
        with(call_about(own), "channel", json!("counter")),
        "is_order",
        json!(true),
    );
    assert_eq!(case_of(visit).await["due"]["clock"], "hotline");
    let case = case_of(with(call_about(own), "emergency_reason", json!("有孩子被困在车里"))).await;
    assert_eq!(case["is_emergency"], true);
    let told = app.get_as(&head, "/me/notices").await.ok(200);
    assert_eq!(
        (
            told["items"][0]["kind"].as_str(),
            told["items"][0]["complaint_id"].clone()
        ),
        (Some("emergency"), case["id"].clone())
    );
    // Who opens the case, from wherever, has read what they were told of it: up to now, and of this case only.
    let read = async |id: Value| {
        let call = Call::new("POST", "/me/notices/read").bearer(&head);
        app.send(call.json(&json!({"complaint_id": id}))).await.ok(200)["unread"].clone()
    };
    assert_eq!(read(json!(app.uuid())).await, 1);
    assert_eq!(read(case["id"].clone()).await, 0);
}

#[actix_web::test]
async fn a_member_takes_down_a_mailbox_full_and_then_one_in_ten_seconds() {
    let settings = liangnuo_http::HttpSettings {
        has_limits: true,
        ..liangnuo_http::HttpSettings::default()
    };
    let app = test_app_with(|_| Vec::new(), settings).await;
    let (handler, office) = (
        app.token(Role::Handler).await,
        app.root_token(Role::CampaignOffice).await,
    );
    let mut body = call_about(None);
    body["title"] = json!("");
    for _ in 0..60 {
        app.send(register(&app, &handler, &body))
            .await
            .refused(422, "invalid_field");
    }
    app.send(register(&app, &handler, &body))
        .await
        .refused(429, "rate_limited");
    app.send(register(&app, &office, &body))
        .await
        .refused(422, "invalid_field");
}

#[actix_web::test]
async fn more_time_for_an_order_is_told_in_working_days() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    let made = app
        .send(register(&app, &handler, &call_about(Some(app.county.own.0))))
        .await
        .ok(201);
    let path = format!("/complaints/{}", made["id"].as_str().unwrap());
    app.step(&handler, &format!("{path}/accept"), 1, json!({}))
        .await
        .ok(200);
    let body = json!({"days": 2, "reason": "要等检测结果"});
    let case = app.step(&handler, &format!("{path}/extension"), 2, body).await.ok(200);
    let steps = case["timeline"].as_array().unwrap();
    let told: Vec<_> = steps
        .iter()
        .map(|step| (step["days"].as_i64(), step["counts"].as_str()))
        .collect();
    assert_eq!(told, [(None, None), (None, None), (Some(2), Some("working_days"))]);
}
