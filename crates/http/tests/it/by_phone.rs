//! The cases of a telephone number: found by the county's desk alone, as often a day as may be, and never without a trace.

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_domain::Role;
use liangnuo_test_support::api::{Answer, Call, TestApp, test_app};
use serde_json::{Value, json};

const PHONE: &str = "199-0000 7777";

async fn filed<S, B>(app: &TestApp<S>, kind: &str, phone: &str) -> String
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let body = json!({
        "kind": kind, "title": "食堂饭菜偏凉", "body": format!("饭菜是凉的（{}）。", app.uuid()), "unit_id": app.county.own,
        "contact": {"name": "刘女士", "phone": phone}, "altcha": app.proof().await,
    });
    let call = Call::new("POST", "/public/complaints").key(app.uuid()).json(&body);
    app.send(call).await.ok(201)["number"].as_str().unwrap().to_owned()
}

async fn find<S, B>(app: &TestApp<S>, token: &str, phone: &str) -> Answer
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let body = json!({"phone": phone, "reason": "来电人没有回执码"});
    let call = Call::new("POST", "/complaints/find-by-phone").bearer(token);
    app.send(call.json(&body)).await
}

fn numbers(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().unwrap().iter();
    let mut numbers: Vec<&str> = items.map(|item| item["number"].as_str().unwrap()).collect();
    numbers.sort_unstable();
    numbers
}

#[actix_web::test]
async fn the_countys_desk_finds_the_cases_of_a_number_and_nobody_else_does() {
    let app = test_app().await;
    let open = filed(&app, "grievance", PHONE).await;
    let sealed = filed(&app, "report", "+86 19900007777").await;
    filed(&app, "grievance", "19900007778").await;
    let inspector = app.root_token(Role::Inspector).await;
    let office = app.root_token(Role::CampaignOffice).await;
    let mut both = [open.as_str(), sealed.as_str()];
    both.sort_unstable();
    for typed in [PHONE, "１９９００００７７７７", "+86 199–0000–7777"] {
        assert_eq!(numbers(&find(&app, &inspector, typed).await.ok(200)), both, "{typed}");
    }
    let found = find(&app, &office, PHONE).await;
    assert!(
        !String::from_utf8_lossy(&found.bytes).contains("刘女士"),
        "no contact data"
    );
    assert_eq!(numbers(&found.ok(200)), [open.as_str()], "a report is for inspectors");
    assert_eq!(
        numbers(&find(&app, &office, "19900000000").await.ok(200)),
        Vec::<&str>::new()
    );
    for role in Role::ALL {
        let is_desk = matches!(role, Role::Inspector | Role::CampaignOffice);
        find(&app, &app.token(role).await, PHONE)
            .await
            .refused(403, "forbidden");
        if !is_desk {
            find(&app, &app.root_token(role).await, PHONE)
                .await
                .refused(403, "forbidden");
        }
    }
    let me = app.get_as(&office, "/me").await.ok(200);
    assert!(
        me["permissions"]
            .as_array()
            .unwrap()
            .contains(&json!("complaints.find_by_phone"))
    );
}

#[actix_web::test]
async fn each_search_is_in_the_log_with_its_reason_and_without_the_number() {
    let app = test_app().await;
    filed(&app, "grievance", PHONE).await;
    let office = app.root_token(Role::CampaignOffice).await;
    find(&app, &office, PHONE).await.ok(200);
    let inspector = app.root_token(Role::Inspector).await;
    let log = app
        .get_as(&inspector, "/events?action=phone_look_ups.made")
        .await
        .ok(200);
    let event = &log["items"][0];
    let told = event["facts"].to_string();
    assert!(
        told.contains("来电人没有回执码") && told.contains("cases_at_least"),
        "{told}"
    );
    let auditor = app.token(Role::AuditAdmin).await;
    let seen = app.get_as(&auditor, "/events?action=phone_look_ups.made").await;
    assert!(!String::from_utf8_lossy(&seen.bytes).contains("回执码"));
    let details = app.db.texts("SELECT json FROM event_details").await.concat();
    assert!(!details.contains("7777"), "the number is nowhere");
}

#[actix_web::test]
async fn bad_input_is_pointed_at_and_counts_nothing() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let refused = async |body: Value| {
        let call = Call::new("POST", "/complaints/find-by-phone").bearer(&office);
        let problem = app.send(call.json(&body)).await.refused(422, "invalid_field");
        let errors = problem["errors"].as_array().unwrap().iter();
        errors
            .map(|error| error["pointer"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        refused(json!({"phone": "刘女士", "reason": ""})).await,
        ["/phone", "/reason"]
    );
    assert_eq!(
        refused(json!({"phone": "1990000%", "reason": "来电"})).await,
        ["/phone"]
    );
    assert_eq!(
        refused(json!({"phone": "19900007777", "reason": " "})).await,
        ["/reason"]
    );
    assert_eq!(find(&app, &office, PHONE).await.ok(200)["look_ups_left"], 29);
}

#[actix_web::test]
async fn thirty_a_day_and_then_tomorrow() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    for left in (0..30).rev() {
        assert_eq!(find(&app, &office, PHONE).await.ok(200)["look_ups_left"], left);
    }
    let refused = find(&app, &office, PHONE).await;
    // It is half past three in the afternoon.
    assert_eq!(refused.header("retry-after"), (8 * 3_600 + 30 * 60 + 1).to_string());
    refused.refused(429, "rate_limited");
    // Somebody else's are their own.
    find(&app, &app.root_token(Role::Inspector).await, PHONE).await.ok(200);
    app.clock.advance_seconds(9 * 3_600);
    let office = app.root_token(Role::CampaignOffice).await;
    assert_eq!(find(&app, &office, PHONE).await.ok(200)["look_ups_left"], 29);
    let searches = "SELECT action FROM events WHERE action = 'phone_look_ups.made'";
    assert_eq!(app.db.texts(searches).await.len(), 32, "what is refused is no search");
}
