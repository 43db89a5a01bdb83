//! The event log over the wire: what it says to whom, and that nothing hidden is in it by any way in.

use std::collections::BTreeSet;

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_domain::{Role, events::Action};
use liangnuo_test_support::{
    NOW,
    api::{Call, TestApp, test_app, test_app_with},
    cases::{Chance, any_case},
};
use serde_json::{Value, json};

async fn flushed(app: &TestApp<impl Service<Request, Response = ServiceResponse<impl MessageBody>, Error = Error>>) {
    while app.state.store.flush_readings(NOW).await.unwrap() > 0 {}
}

/// The first case of a caller's list.
async fn first_case(
    app: &TestApp<impl Service<Request, Response = ServiceResponse<impl MessageBody>, Error = Error>>,
    token: &str,
) -> Value {
    app.get_as(token, "/complaints").await.ok(200)["items"][0].clone()
}

#[actix_web::test]
async fn an_auditor_finds_who_changed_a_setting() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let change = Call::new("PATCH", "/settings").bearer(&admin).if_match(0);
    app.send(change.json(&json!({"hold_days": 7}))).await.ok(200);
    let auditor = app.root_token(Role::AuditAdmin).await;
    let page = app
        .get_as(&auditor, "/events?action=settings.changed&count=true")
        .await
        .ok(200);
    assert_eq!((&page["total"], &page["next_cursor"]), (&json!(1), &Value::Null));
    let event = &page["items"][0];
    assert_eq!(event["action"], "settings.changed");
    assert_eq!(event["by"]["name"], "root_admin");
    assert_eq!((&event["by_kind"], &event["at"]), (&json!("member"), &json!(NOW.utc())));
    assert_eq!(event["subject"]["kind"], "settings");
    let fact = &event["facts"][0];
    assert_eq!(
        (&fact["name"], &fact["before"], &fact["value"]),
        (&json!("hold_days"), &json!("10"), &json!("7"))
    );
    let path = format!("/events/{}", event["id"].as_str().unwrap());
    assert_eq!(app.get_as(&auditor, &path).await.ok(200), *event);
}

#[actix_web::test]
async fn an_inspector_finds_who_read_a_case_and_those_in_it_do_not_see_it() {
    let app = test_app().await;
    let receipt = app.file("grievance", Some(app.county.own.0)).await;
    let office = app.root_token(Role::CampaignOffice).await;
    let id = first_case(&app, &office).await["id"].as_str().unwrap().to_owned();
    let case = app.get_as(&office, &format!("/complaints/{id}")).await.ok(200);
    app.get_as(&office, &format!("/complaints/{id}")).await.ok(200);
    flushed(&app).await;
    let again = app.get_as(&office, &format!("/complaints/{id}")).await.ok(200);
    assert_eq!(
        (&again["version"], &again["timeline"]),
        (&case["version"], &case["timeline"])
    );
    let followed = app
        .post(
            "/public/complaints/track",
            json!({"receipt_code": receipt["receipt_code"]}),
        )
        .await
        .ok(200);
    assert_eq!(followed["timeline"].as_array().unwrap().len(), 1);
    let inspector = app.root_token(Role::Inspector).await;
    let number = receipt["number"].as_str().unwrap();
    let page = app
        .get_as(&inspector, &format!("/events?q={number}&action=complaints.read"))
        .await
        .ok(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let reading = &page["items"][0];
    assert_eq!(reading["by"]["name"], "root_campaign_office");
    assert_eq!(
        (&reading["subject"]["id"], &reading["subject"]["number"]),
        (&json!(id), &json!(number))
    );
    assert_eq!(reading["unit"]["name"], "柳湾小学");
}

#[actix_web::test]
async fn an_auditor_is_told_codes_ids_days_and_people_and_nothing_of_a_case() {
    let app = test_app().await;
    app.file("grievance", Some(app.county.own.0)).await;
    let office = app.root_token(Role::CampaignOffice).await;
    let case = first_case(&app, &office).await;
    let path = format!("/complaints/{}", case["id"].as_str().unwrap());
    app.step(&office, &format!("{path}/accept"), 1, json!({})).await.ok(200);
    let body = json!({"unit_id": app.county.own, "note": "金丝雀甲"});
    app.step(&office, &format!("{path}/assign"), 2, body).await.ok(200);
    app.get_as(&office, &path).await.ok(200);
    flushed(&app).await;
    let auditor = app.root_token(Role::AuditAdmin).await;
    let answer = app.get_as(&auditor, "/events?subject_kind=complaints&sort=at").await;
    let text = String::from_utf8(answer.bytes.clone()).unwrap();
    let page = answer.ok(200);
    let events = page["items"].as_array().unwrap();
    let actions: BTreeSet<&str> = events.iter().map(|event| event["action"].as_str().unwrap()).collect();
    let expected = ["received", "accepted", "assigned", "read"].map(|past_tense| format!("complaints.{past_tense}"));
    assert_eq!(actions, expected.iter().map(String::as_str).collect());
    for event in events {
        assert_eq!(event["subject"]["id"], case["id"]);
        for hidden in ["number", "unit", "member", "name"] {
            assert!(event["subject"][hidden].is_null(), "{event}");
        }
        assert!(event["unit"].is_null() && event["facts"].as_array().unwrap().is_empty());
        assert_eq!(event["is_told_all"], false);
    }
    assert_eq!(
        (&events[0]["by_kind"], &events[0]["at"]),
        (&json!("complainant"), &Value::Null)
    );
    for canary in ["金丝雀甲", "饭菜", case["number"].as_str().unwrap(), "柳湾"] {
        assert!(!text.contains(canary), "{canary}");
    }
    // What the log names opens nothing to them.
    app.get_as(&auditor, &path).await.refused(404, "not_found");
    let number = case["number"].as_str().unwrap();
    let found = app
        .get_as(&auditor, &format!("/events?q={number}&count=true"))
        .await
        .ok(200);
    assert_eq!(found["total"], 0);
}

#[actix_web::test]
async fn who_is_named_as_accused_loses_the_log_of_the_case_at_once() {
    let app = test_app().await;
    app.file("grievance", Some(app.county.own.0)).await;
    let inspector = app.root_token(Role::Inspector).await;
    let auditor = app.root_token(Role::AuditAdmin).await;
    let case = first_case(&app, &inspector).await;
    let (id, number) = (case["id"].as_str().unwrap(), case["number"].as_str().unwrap());
    let of_case = format!("/events?subject_id={id}&count=true");
    let before = app.get_as(&inspector, &of_case).await.ok(200);
    assert_eq!(
        (
            &before["total"],
            app.get_as(&auditor, &of_case).await.ok(200)["total"].clone()
        ),
        (&json!(1), json!(1))
    );
    let event = format!("/events/{}", before["items"][0]["id"].as_str().unwrap());
    let accused = [
        app.county.root_member(Role::Inspector),
        app.county.root_member(Role::AuditAdmin),
    ];
    let body = json!({"member_ids": accused, "unit_ids": []});
    app.step(&inspector, &format!("/complaints/{id}/accused"), 1, body)
        .await
        .ok(200);
    for token in [&inspector, &auditor] {
        assert_eq!(app.get_as(token, &of_case).await.ok(200)["total"], 0);
        let by_number = format!("/events?q={number}&count=true");
        assert_eq!(app.get_as(token, &by_number).await.ok(200)["total"], 0);
        let (mut hidden, mut missing) = (
            app.get_as(token, &event).await.refused(404, "not_found"),
            app.get_as(token, &format!("/events/{}", app.uuid()))
                .await
                .refused(404, "not_found"),
        );
        (hidden["request_id"], missing["request_id"]) = (Value::Null, Value::Null);
        assert_eq!(hidden, missing);
    }
}

#[actix_web::test]
async fn no_answer_of_the_log_names_a_hidden_case() {
    let mut chance = Chance(9);
    let settings = liangnuo_http::HttpSettings {
        has_limits: false,
        ..liangnuo_http::HttpSettings::default()
    };
    let app = test_app_with(
        |county| (0..20).map(|_| any_case(county, &mut chance)).collect(),
        settings,
    )
    .await;
    let inspector = app.root_token(Role::Inspector).await;
    let all = app.get_as(&inspector, "/complaints?limit=100").await.ok(200);
    let sealed: Vec<(String, String)> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|case| case["is_sealed"] == true)
        .map(|case| {
            (
                case["id"].as_str().unwrap().to_owned(),
                case["number"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    assert!(sealed.len() > 2);
    for (id, _) in &sealed {
        app.get_as(&inspector, &format!("/complaints/{id}")).await.ok(200);
    }
    // Exports that count them: how many rows they had is not told exactly.
    app.get_as(&inspector, "/complaints/export?format=csv").await;
    flushed(&app).await;
    for token in [
        app.root_token(Role::AuditAdmin).await,
        app.token(Role::AuditAdmin).await,
        app.token(Role::Inspector).await,
    ] {
        let mut cursor = String::new();
        let mut seen = 0;
        loop {
            let answer = app.get_as(&token, &format!("/events?limit=100&cursor={cursor}")).await;
            let text = String::from_utf8(answer.bytes.clone()).unwrap();
            for (id, number) in &sealed {
                assert!(!text.contains(id) && !text.contains(number), "{id} {number}");
            }
            assert!(!text.contains("accused_named"));
            let page = answer.ok(200);
            seen += page["items"].as_array().unwrap().len();
            match page["next_cursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert!(seen > 5, "only {seen}");
    }
    let exports = app.get_as(&inspector, "/events?action=exports.made").await.ok(200);
    let facts = exports["items"][0]["facts"].as_array().unwrap();
    let rows = facts.iter().find(|fact| fact["name"] == "rows_at_least").unwrap();
    assert_eq!(rows["value"], "10");
}

#[actix_web::test]
async fn filters_are_refused_where_they_are_unknown() {
    let app = test_app().await;
    let inspector = app.root_token(Role::Inspector).await;
    for query in [
        "action=units.painted",
        "action=units.created,nothing",
        "subject_kind=unit",
        "actor_kind=somebody",
        "actor_id=me",
        "from=yesterday",
        "sort=by",
        "unit_id=00000000-0000-0000-0000-000000000000",
        "limit=101",
    ] {
        app.get_as(&inspector, &format!("/events?{query}"))
            .await
            .refused(400, "malformed_query");
    }
    app.get_as(&inspector, "/events?cursor=nonsense")
        .await
        .refused(400, "bad_cursor");
    app.get_as(&inspector, "/events/nonsense")
        .await
        .refused(400, "malformed_path");
    let many: Vec<&str> = Action::ALL.iter().map(|action| action.code()).collect();
    let page = app
        .get_as(&inspector, &format!("/events?action={}&count=true", many.join(",")))
        .await
        .ok(200);
    let all = app.get_as(&inspector, "/events?count=true").await.ok(200);
    assert_eq!(page["total"], all["total"]);
    let twice = app
        .get_as(&inspector, "/events?action=units.created,units.created&count=true")
        .await
        .ok(200);
    assert_eq!(
        (&twice["total"], twice["items"].as_array().unwrap().len()),
        (&json!(5), 5)
    );
}

#[actix_web::test]
async fn only_those_who_read_the_log_have_it_in_their_menu() {
    let app = test_app().await;
    for role in Role::ALL {
        let me = app.get_as(&app.root_token(role).await, "/me").await.ok(200);
        let permissions: BTreeSet<&str> = me["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|permission| permission.as_str().unwrap())
            .collect();
        let reads = matches!(role, Role::Inspector | Role::AuditAdmin);
        assert_eq!(permissions.contains("events.list"), reads, "{role:?}");
    }
}

#[test]
fn the_document_lists_every_action() {
    let document = serde_json::to_value(liangnuo_http::openapi()).unwrap();
    let listed = &document["components"]["schemas"]["EventAction"]["enum"];
    let all: Vec<&str> = Action::ALL.iter().map(|action| action.code()).collect();
    assert_eq!(*listed, json!(all));
}
