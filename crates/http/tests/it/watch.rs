//! What is watched: cases under supervision until somebody lifts it, with the reports that they owe.

use liangnuo_domain::Timestamp;
use liangnuo_test_support::test_app;
use serde_json::{Value, json};

use crate::desk::{At as _, has, path, steps, version};

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
        json!(app.county.member(liangnuo_domain::Role::Handler))
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
        app.notices(&desk.leader).await,
        ["replied", "extension_decided", "extension_asked", "reported"]
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
    let tracked = app.post("/public/complaints/rate", body).await.ok(200);
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
    assert_eq!(app.notices(&desk.leader).await, ["supervision_ended", "replied"]);
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
