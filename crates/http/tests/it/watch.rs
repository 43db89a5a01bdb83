//! What is watched: cases under supervision until somebody lifts it, with the reports that they owe.

use liangnuo_domain::{Role, Timestamp};
use liangnuo_test_support::{api::Call, test_app};
use serde_json::{Value, json};

use crate::desk::{At as _, has, path, steps, version};

/// Of one instant, in no order.
fn sorted(mut kinds: Vec<String>) -> Vec<String> {
    kinds.sort();
    kinds
}

fn day(text: &str) -> Timestamp {
    Timestamp::start_of(text.parse().unwrap())
}

#[actix_web::test]
async fn a_case_is_supervised_from_the_first_state_until_somebody_lifts_it() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (_, case) = app.filed(&desk, "grievance").await;
    let seen = app.at(&desk.leader, &case).await;
    assert!(has(&seen, "allowed_actions", "supervise"), "nobody has taken it yet");
    let body = json!({"reason": "反映集中", "report_days": 3});
    let case = app.take(&desk.leader, &case, "supervise", body).await;
    let supervision = &case["supervision"];
    assert_eq!(
        (&supervision["report_days"], &supervision["report_due_on"]),
        (&json!(3), &json!("2026-11-26"))
    );
    assert!(app.notices(&desk.leader).await.is_empty());

    let case = app.take(&desk.office, &case, "accept", json!({})).await;
    let report = json!({"report": "已约家长见面"});
    app.step(
        &desk.leader,
        &path(&case, "supervise/report"),
        version(&case),
        report.clone(),
    )
    .await
    .refused(403, "forbidden");
    app.clock.advance_seconds(86_400);
    let desk = app.desk().await;
    let case = app.take(&desk.handler, &case, "supervise/report", report).await;
    assert_eq!(case["supervision"]["reports"][0]["report"], "已约家长见面");
    assert_eq!(
        case["supervision"]["reports"][0]["by"]["id"],
        json!(app.county.member(Role::Handler))
    );
    assert_eq!(
        case["supervision"]["report_due_on"], "2026-11-27",
        "the next one counts from now"
    );
    let extension = json!({"days": 10, "reason": "要等检测结果"});
    let case = app.take(&desk.handler, &case, "extension", extension).await;
    let case = app.take(&desk.head, &case, "extension/grant", json!({})).await;
    let case = app.answered(&desk, &case).await;
    assert_eq!(case["state"], "replied");
    assert!(!case["supervision"].is_null(), "an answer lifts nothing");
    assert_eq!(
        sorted(app.notices(&desk.leader).await),
        ["extension_asked", "extension_decided", "replied", "reported"]
    );
    let list = app
        .get_as(&desk.leader, "/complaints?supervisor_id=me&is_supervised=true")
        .await
        .ok(200);
    assert_eq!(list["items"][0]["report_due_on"], "2026-11-27");

    let case = app
        .take(&desk.leader, &case, "supervise/lift", json!({"reason": "已办妥"}))
        .await;
    assert_eq!(
        (&case["supervision"], steps(&case).last()),
        (&Value::Null, Some(&"supervision_lifted"))
    );
    assert!(
        app.notices(&desk.handler)
            .await
            .contains(&"supervision_lifted".to_owned())
    );
    let list = app.get_as(&desk.leader, "/complaints?supervisor_id=me").await.ok(200);
    assert!(list["items"].as_array().unwrap().is_empty());
}

#[actix_web::test]
async fn a_supervision_ends_with_the_case_and_says_so() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (code, case) = app.filed(&desk, "grievance").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let case = app
        .take(&desk.leader, &case, "supervise", json!({"reason": "反映集中"}))
        .await;
    assert_eq!(case["supervision"]["report_days"], 5, "the county's setting");
    let case = app.answered(&desk, &case).await;
    let body = json!({"receipt_code": code, "level": 5, "altcha": app.proof().await});
    let tracked = app.post("/public/complaints/rating", body).await.ok(200);
    assert!(
        !tracked["timeline"].to_string().contains("supervis"),
        "the complainant is told nothing of it"
    );
    let case = app.at(&desk.leader, &case).await;
    assert_eq!(
        (&case["state"], &case["supervision"]),
        (&json!("concluded"), &Value::Null)
    );
    assert_eq!(steps(&case).last(), Some(&"supervision_ended"));
    assert_eq!(
        sorted(app.notices(&desk.leader).await),
        ["replied", "supervision_ended"]
    );
}

#[actix_web::test]
async fn a_missing_report_is_asked_for_and_then_told_to_the_supervisor() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (_, case) = app.filed(&desk, "grievance").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let body = json!({"reason": "反映集中", "report_days": 2});
    let case = app.take(&desk.office, &case, "supervise", body).await;
    assert_eq!(case["supervision"]["report_due_on"], "2026-11-25");
    assert_eq!(app.wake(day("2026-11-25")).await.asked, 0);
    let (one, two) = tokio::join!(
        app.state.store.wake_cases(day("2026-11-26")),
        app.state.store.wake_cases(day("2026-11-26"))
    );
    assert_eq!(
        one.unwrap().asked + two.unwrap().asked,
        1,
        "two processes, one reminder"
    );
    assert_eq!(app.notices(&desk.handler).await[0], "report_missing");
    assert_eq!(app.notices(&desk.head).await[0], "report_missing");
    assert!(
        app.notices(&desk.office).await.is_empty(),
        "not before its head had a day for it"
    );
    let owed = format!("/complaints?report_due_before={}", "2026-11-26T00:00:00Z");
    let list = app.get_as(&desk.handler, &owed).await.ok(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.wake(day("2026-11-27")).await.asked, 1);
    assert_eq!(app.notices(&desk.office).await, ["report_missing"]);
    assert_eq!(app.wake(day("2026-12-20")).await.asked, 0);
    let late = app.at(&desk.handler, &case).await;
    assert_eq!(version(&late), version(&case), "a reminder makes nobody's page stale");
    assert_eq!(steps(&late).iter().filter(|step| **step == "report_missed").count(), 2);
    app.clock.advance_seconds(3 * 86_400);
    let desk = app.desk().await;
    let report = json!({"report": "已约家长见面"});
    app.take(&desk.handler, &late, "supervise/report", report).await;
    let list = app.get_as(&desk.handler, &owed).await.ok(200);
    assert!(list["items"].as_array().unwrap().is_empty());

    for (body, pointer) in [
        (json!({"reason": "再次督办", "report_days": 31}), "/report_days"),
        (json!({"reason": "再次督办", "due_on": "2026-11-01"}), "/due_on"),
    ] {
        let (_, other) = app.filed(&desk, "grievance").await;
        let problem = app
            .step(&desk.office, &path(&other, "supervise"), version(&other), body)
            .await;
        assert_eq!(problem.refused(422, "invalid_field")["errors"][0]["pointer"], pointer);
    }
    let (_, other) = app.filed(&desk, "grievance").await;
    app.step(
        &desk.handler,
        &path(&other, "supervise/report"),
        version(&other),
        json!({"report": "无"}),
    )
    .await
    .refused(409, "not_ready");
}

#[actix_web::test]
async fn whoever_is_on_duty_is_told_of_danger_at_once() {
    let app = test_app().await;
    let desk = app.desk().await;
    let admin = app.root_token(Role::Admin).await;
    let set = async |version: i64, turns: Value| {
        let call = Call::new("PATCH", "/settings").bearer(&admin).if_match(version);
        app.send(call.json(&json!({"duty": turns}))).await
    };
    let inspector = app.county.root_member(Role::Inspector);
    for (turns, pointer) in [
        (
            json!([{"member_id": app.county.member(Role::Handler)}]),
            "/duty/0/member_id",
        ),
        (json!([{"member_id": app.uuid()}]), "/duty/0/member_id"),
        (
            json!([{"member_id": inspector, "from": "2026-12-01", "to": "2026-11-30"}]),
            "/duty/0/to",
        ),
    ] {
        let problem = set(0, turns).await.refused(422, "invalid_field");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    let turns = json!([{"member_id": inspector, "from": "2026-11-23", "to": "2026-11-29"}]);
    let settings = set(0, turns).await.ok(200);
    assert_eq!(settings["duty"][0]["member"]["id"], json!(inspector));

    let inspector = app.root_token(Role::Inspector).await;
    let (_, case) = app.filed(&desk, "grievance").await;
    let none = app.get_as(&inspector, "/me/notices/unread").await.ok(200);
    assert_eq!(none, json!({"unread": 0, "alarm": null}));
    let danger = json!({"reason": "孩子有危险"});
    let case = app.take(&desk.handler, &case, "emergency", danger.clone()).await;
    let told = app.get_as(&inspector, "/me/notices/unread").await.ok(200);
    assert_eq!(
        (&told["unread"], &told["alarm"]["complaint_id"]),
        (&json!(1), &case["id"])
    );
    let waiting = "SELECT COUNT(*) FROM outbox WHERE topic = 'alarm' AND done_at IS NULL";
    assert_eq!(
        app.db.number(waiting).await,
        1,
        "it is sent on by whatever ways there are"
    );
    let read = json!({"complaint_id": case["id"]});
    let call = Call::new("POST", "/me/notices/read").bearer(&inspector).json(&read);
    assert_eq!(
        app.send(call).await.ok(200)["alarm"],
        Value::Null,
        "until the case is opened"
    );

    // A week later the turn is over.
    app.clock.advance_seconds(7 * 86_400);
    let desk = app.desk().await;
    let inspector = app.root_token(Role::Inspector).await;
    let (_, other) = app.filed(&desk, "grievance").await;
    app.take(&desk.handler, &other, "emergency", danger).await;
    assert!(app.notices(&inspector).await.is_empty());
}

#[actix_web::test]
async fn the_accused_are_not_told_even_on_duty() {
    let app = test_app().await;
    let desk = app.desk().await;
    let admin = app.root_token(Role::Admin).await;
    let leader = app.county.root_member(Role::Leader);
    let call = Call::new("PATCH", "/settings").bearer(&admin).if_match(0);
    app.send(call.json(&json!({"duty": [{"member_id": leader}]})))
        .await
        .ok(200);
    let (_, case) = app.filed(&desk, "grievance").await;
    let inspector = app.root_token(Role::Inspector).await;
    let accused = json!({"member_ids": [leader], "unit_ids": []});
    let case = app
        .take(&inspector, &app.at(&inspector, &case).await, "accused", accused)
        .await;
    app.take(&inspector, &case, "emergency", json!({"reason": "孩子有危险"}))
        .await;
    let unread = app.get_as(&desk.leader, "/me/notices/unread").await.ok(200);
    assert_eq!(unread, json!({"unread": 0, "alarm": null}));
}

#[actix_web::test]
async fn who_has_to_act_next_is_told() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (code, case) = app.filed(&desk, "grievance").await;
    let all = async |token: &str| {
        let page = app.get_as(token, "/me/notices?unread=true").await.ok(200);
        let kinds = page["items"].as_array().unwrap().iter();
        kinds
            .map(|notice| notice["kind"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(all(&desk.handler).await, ["new_case"]);
    assert!(all(&desk.head).await.is_empty(), "the desk screens it");
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let draft = json!({"request": "问", "facts": "查", "decision": "办", "basis": "据", "submit": true});
    app.take(&desk.handler, &case, "draft", draft).await;
    assert_eq!(all(&desk.head).await, ["submitted"]);
    let body = json!({"receipt_code": code, "reason": "已经好了", "altcha": app.proof().await});
    app.post("/public/complaints/withdrawal", body).await.ok(200);
    assert_eq!(sorted(all(&desk.handler).await), ["new_case", "withdrawn"]);
}

#[actix_web::test]
async fn whoever_did_not_satisfy_is_offered_last_and_says_so() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (code, case) = app.filed(&desk, "grievance").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    app.answered(&desk, &case).await;
    app.redo(&code).await.ok(200);
    let path = format!("{}?unit_id={}", path(&case, "assignees"), app.county.own);
    let offered = app.get_as(&desk.head, &path).await.ok(200);
    let items = offered["items"].as_array().unwrap();
    let barred: Vec<bool> = items.iter().map(|item| item["is_barred"].as_bool().unwrap()).collect();
    assert!(barred.len() > 1 && barred.iter().filter(|barred| **barred).count() == 1);
    assert_eq!(barred.last(), Some(&true));
    assert_eq!(items.last().unwrap()["id"], json!(app.county.member(Role::Handler)));
}

#[actix_web::test]
async fn one_bad_case_stops_no_reminder() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (_, bad) = app.filed(&desk, "inquiry").await;
    for _ in 0..2 {
        app.filed(&desk, "inquiry").await;
    }
    let title = bad["number"].as_str().unwrap();
    let poison = format!("UPDATE complaints SET pace = '{{', wake_at = wake_at - 1 WHERE number = '{title}'");
    app.db.execute(&poison).await.unwrap();
    let late = day("2026-12-01");
    let woken = app.wake(late).await;
    assert_eq!((woken.found, woken.failed.len(), woken.reminded), (3, 1, 2));
    assert_eq!(app.wake(late).await.found, 0, "it comes up again later");
    assert_eq!(app.wake(late.plus_seconds(60)).await.failed.len(), 1);
    assert_eq!(app.wake(late.plus_seconds(120)).await.found, 0, "and later");
    assert_eq!(app.wake(late.plus_seconds(180)).await.failed.len(), 1);
    let now = late.plus_seconds(200);
    let mut after = None;
    while let Some(id) = app
        .state
        .store
        .recompute_dues(app.county.root, after, now)
        .await
        .unwrap()
        .last
    {
        after = Some(id);
    }
    let heal = format!("UPDATE complaints SET pace = '{{}}' WHERE number = '{title}'");
    app.db.execute(&heal).await.unwrap();
    assert_eq!(
        app.wake(late.plus_seconds(180 + 240)).await.reminded,
        1,
        "healed, it goes on"
    );
    assert_eq!(
        app.db
            .number("SELECT COUNT(*) FROM complaints WHERE wake_failures > 0")
            .await,
        0
    );
}

#[actix_web::test]
async fn a_crowd_of_notices_is_one_for_the_reader_and_each_card_is_recorded() {
    let app = test_app().await;
    let desk = app.desk().await;
    for _ in 0..8 {
        app.filed(&desk, "inquiry").await;
    }
    let desk_page = app.get_as(&desk.handler, "/me/notices").await.ok(200);
    let others = |page: &Value| -> Vec<i64> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|notice| notice["others"].as_i64().unwrap()).collect()
    };
    assert_eq!(others(&desk_page), [5, 0, 0], "eight new cases");
    app.clock.advance_seconds(30 * 86_400);
    let desk = app.desk().await;
    assert_eq!(app.wake(app.clock.now()).await.reminded, 8);
    let page = app.get_as(&desk.leader, "/me/notices?count=true").await.ok(200);
    assert_eq!((others(&page), &page["total"]), (vec![5, 0, 0], &json!(3)));
    assert_eq!(
        app.get_as(&desk.leader, "/me/notices/unread").await.ok(200)["unread"],
        3
    );
    assert_eq!(app.get_as(&desk.leader, "/cards?count=true").await.ok(200)["total"], 8);
    let read = json!({"complaint_id": page["items"][0]["complaint_id"]});
    let call = Call::new("POST", "/me/notices/read").bearer(&desk.leader).json(&read);
    assert_eq!(app.send(call).await.ok(200)["unread"], 2);
    let leader = app.county.root_member(Role::Leader).0;
    let hex = leader.simple().to_string();
    let whose = if app.db.url.starts_with("sqlite") {
        format!("lower(hex(member_id)) = '{hex}'")
    } else {
        format!("member_id = '{leader}'")
    };
    let left = format!("SELECT COUNT(*) FROM notices WHERE read_at IS NULL AND {whose}");
    assert_eq!(
        app.db.number(&left).await,
        2,
        "who has read of one has read of all it stands for"
    );
}
