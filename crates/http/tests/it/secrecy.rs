//! What must not reach somebody does not, by any way in.

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use liangnuo_domain::Role;
use liangnuo_test_support::{
    NOW,
    api::{Call, TestApp, test_app},
};
use serde_json::{Value, json};

#[actix_web::test]
async fn a_report_is_in_no_units_list_count_search_or_figure() {
    let app = test_app().await;
    let receipt = app.file("report", Some(app.county.own.0)).await;
    assert_eq!(receipt["unit"]["name"], "清河县教育局");
    let number = receipt["number"].as_str().unwrap();
    for role in Role::ALL {
        for token in [app.token(role).await, app.root_token(role).await] {
            for path in [
                "/complaints?count=true",
                "/complaints?q=饭菜&count=true",
                "/complaints?kind=report&count=true",
            ] {
                let answer = app.get_as(&token, &path.replace("饭菜", "%E9%A5%AD%E8%8F%9C")).await;
                let is_roots_inspector = role == Role::Inspector && answer.json["total"] == 1;
                if answer.status == 200 && !is_roots_inspector {
                    assert_eq!(answer.json["total"], 0, "{role:?} {path}");
                }
            }
            let answer = app.get_as(&token, "/statistics/complaints").await;
            if answer.status == 200 && role != Role::Inspector {
                assert_eq!(answer.json["total"], 0, "{role:?}");
            }
        }
    }
    let inspector = app.root_token(Role::Inspector).await;
    let list = app.get_as(&inspector, &format!("/complaints?q={number}")).await.ok(200);
    assert_eq!(list["items"][0]["is_sealed"], true);
    let public = app.get(&format!("/public/units/{}", app.county.own)).await.ok(200);
    assert!(public["complaints"]["received"].is_null());
}

#[actix_web::test]
async fn hidden_and_missing_answer_byte_for_byte_alike() {
    let app = test_app().await;
    app.file("grievance", Some(app.county.sibling.0)).await;
    let office = app.root_token(Role::CampaignOffice).await;
    let id = app.get_as(&office, "/complaints").await.ok(200)["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let handler = app.token(Role::Handler).await;
    let ask = async |id: &str, verb: &str| {
        let call = Call::new(
            if verb.is_empty() { "GET" } else { "POST" },
            &format!("/complaints/{id}{verb}"),
        );
        let call = call.bearer(&handler).if_match(1).key(app.uuid());
        let call = if verb.is_empty() { call } else { call.json(&json!({})) };
        let mut answer = app.send(call).await;
        answer.json["request_id"] = Value::Null;
        (answer.status, answer.json)
    };
    let missing = app.uuid().to_string();
    for verb in ["", "/accept", "/approve", "/reply", "/conclude"] {
        let (hidden, absent) = (ask(&id, verb).await, ask(&missing, verb).await);
        assert_eq!(hidden.0, 404, "{verb}");
        assert_eq!(hidden, absent, "{verb}");
    }
}

#[actix_web::test]
async fn whoever_is_named_as_accused_loses_the_case_at_once_even_an_inspector() {
    let app = test_app().await;
    app.file("report", None).await;
    let inspector = app.root_token(Role::Inspector).await;
    let list = app.get_as(&inspector, "/complaints").await.ok(200);
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    let accused = app.county.root_member(Role::Inspector);
    let body = json!({"member_ids": [accused], "unit_ids": []});
    app.step(&inspector, &format!("/complaints/{id}/accused"), 1, body)
        .await
        .ok(200);
    app.get_as(&inspector, &format!("/complaints/{id}"))
        .await
        .refused(404, "not_found");
    assert_eq!(
        app.get_as(&inspector, "/complaints?count=true").await.ok(200)["total"],
        0
    );
    assert_eq!(
        app.get_as(&inspector, "/statistics/complaints").await.ok(200)["total"],
        0
    );
}

#[actix_web::test]
async fn an_accused_units_line_loses_an_open_case_and_the_inspectors_go_on_with_it() {
    let app = test_app().await;
    app.file("grievance", Some(app.county.own.0)).await;
    let inspector = app.root_token(Role::Inspector).await;
    let list = app.get_as(&inspector, "/complaints").await.ok(200);
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    let body = json!({"member_ids": [], "unit_ids": [app.county.child]});
    let path = format!("/complaints/{id}");
    let case = app.step(&inspector, &format!("{path}/accused"), 1, body).await.ok(200);
    assert_eq!(case["accused"][0]["unit"]["name"], "柳湾小学教学点");
    assert_eq!(case["is_sealed"], true);
    expect_gone(&app, &path).await;
    let case = app
        .step(&inspector, &format!("{path}/accept"), 2, json!({}))
        .await
        .ok(200);
    assert_eq!(case["state"], "accepted");
}

#[actix_web::test]
async fn the_colleagues_and_the_head_of_an_accused_member_lose_the_case_and_no_figure_tells() {
    let app = test_app().await;
    for _ in 0..6 {
        app.file("grievance", Some(app.county.own.0)).await;
    }
    let inspector = app.root_token(Role::Inspector).await;
    let list = app.get_as(&inspector, "/complaints").await.ok(200);
    let path = format!("/complaints/{}", list["items"][0]["id"].as_str().unwrap());
    let body = json!({"member_ids": [app.county.member(Role::Member)], "unit_ids": []});
    app.step(&inspector, &format!("{path}/accused"), 1, body).await.ok(200);
    let head = app.token(Role::UnitHead).await;
    for token in [&app.token(Role::Handler).await, &head] {
        app.get_as(token, &path).await.refused(404, "not_found");
    }
    let listed = app.get_as(&head, "/complaints?count=true").await.ok(200)["total"].clone();
    let public = app.get(&format!("/public/units/{}", app.county.own)).await.ok(200);
    assert_eq!(listed, 5);
    assert_eq!(public["complaints"]["received"], listed);
}

/// For whoever stands over the accused unit and for anybody's role there.
async fn expect_gone(
    app: &TestApp<impl Service<Request, Response = ServiceResponse<impl MessageBody>, Error = Error>>,
    path: &str,
) {
    for token in [
        app.token(Role::Handler).await,
        app.token(Role::UnitHead).await,
        app.root_token(Role::Leader).await,
        app.root_token(Role::CampaignOffice).await,
    ] {
        app.get_as(&token, path).await.refused(404, "not_found");
        assert_eq!(app.get_as(&token, "/complaints?count=true").await.ok(200)["total"], 0);
    }
}

#[actix_web::test]
async fn of_an_anonymous_complainant_the_staff_learn_the_day_only() {
    let app = test_app().await;
    app.file("grievance", Some(app.county.own.0)).await;
    app.file("grievance", Some(app.county.own.0)).await;
    let office = app.root_token(Role::CampaignOffice).await;
    let page = app.get_as(&office, "/complaints?limit=1").await.ok(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    let read = String::from_utf8_lossy(&BASE64_URL_SAFE_NO_PAD.decode(cursor).unwrap()).into_owned();
    assert!(!read.contains(&NOW.micros().to_string()[..6]), "{read}");
    let forged = cursor.replacen(&cursor[30..31], if &cursor[30..31] == "A" { "B" } else { "A" }, 1);
    app.get_as(&office, &format!("/complaints?limit=1&cursor={forged}"))
        .await
        .refused(400, "bad_cursor");
    let id = page["items"][0]["id"].as_str().unwrap();
    let case = app.get_as(&office, &format!("/complaints/{id}")).await.ok(200);
    let filed = &case["timeline"][0];
    assert_eq!(filed["action"], "received");
    assert_eq!((&case["received_at"], &filed["at"]), (&Value::Null, &Value::Null));
    // An id of version 7 begins with the moment it was made in.
    let version = uuid::Uuid::parse_str(filed["id"].as_str().unwrap())
        .unwrap()
        .get_version_num();
    assert_eq!(version, 4);
}

#[actix_web::test]
async fn contact_data_come_out_nowhere() {
    let app = test_app().await;
    let body = json!({
        "kind": "grievance", "title": "食堂饭菜偏凉", "body": "饭菜是凉的。", "unit_id": app.county.own,
        "contact": {"name": "金丝雀甲", "phone": "000-0000-7777", "email": "canary@example.com"},
        "altcha": app.proof().await,
    });
    let answer = app
        .send(Call::new("POST", "/public/complaints").key(app.uuid()).json(&body))
        .await;
    let mut seen = vec![String::from_utf8(answer.bytes.clone()).unwrap()];
    let code = answer.ok(201)["receipt_code"].clone();
    let track = app
        .post("/public/complaints/track", json!({"receipt_code": code}))
        .await;
    seen.push(String::from_utf8(track.bytes).unwrap());
    for role in Role::ALL {
        for token in [app.token(role).await, app.root_token(role).await] {
            let list = app.get_as(&token, "/complaints").await;
            seen.push(String::from_utf8(list.bytes).unwrap());
            if let Some(id) = list.json["items"][0]["id"].as_str() {
                let case = app.get_as(&token, &format!("/complaints/{id}")).await;
                assert_eq!(case.json["has_contact"], true);
                seen.push(String::from_utf8(case.bytes).unwrap());
            }
            seen.push(String::from_utf8(app.get_as(&token, "/statistics/complaints").await.bytes).unwrap());
        }
    }
    seen.extend(app.db.texts("SELECT json FROM event_details").await);
    seen.extend(app.db.texts("SELECT content FROM complaint_search").await);
    for canary in ["金丝雀甲", "000-0000-7777", "canary@example.com"] {
        assert!(seen.iter().all(|text| !text.contains(canary)), "{canary}");
    }
}
