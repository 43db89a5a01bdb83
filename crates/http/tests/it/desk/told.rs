//! Who is told of what: supervision, alarms, reminders.

use super::*;

#[actix_web::test]
async fn a_supervised_case_has_the_leaders_date_until_it_is_lifted() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (_, case) = app.filed(&desk, "grievance").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let body = json!({"reason": "反映集中", "due_on": "2026-11-27"});
    let case = app.take(&desk.leader, &case, "supervise", body).await;
    assert_eq!(
        (&case["due_on"], &case["due"]["clock"], &case["other_dues"][0]["clock"]),
        (&json!("2026-11-27"), &json!("supervision"), &json!("decide"))
    );
    assert_eq!(app.notices(&desk.handler).await, ["supervised"]);
    let list = app.get_as(&desk.office, "/complaints?is_supervised=true").await.ok(200);
    assert_eq!(list["items"][0]["is_supervised"], true);
    let case = app
        .take(&desk.handler, &case, "note", json!({"note": "已到现场查看"}))
        .await;
    assert_eq!(
        case["timeline"].as_array().unwrap().last().unwrap()["note"],
        "已到现场查看"
    );
    let case = app
        .take(&desk.leader, &case, "supervise/lift", json!({"reason": "已办妥"}))
        .await;
    assert_eq!(
        (&case["supervision"], &case["due"]["clock"]),
        (&Value::Null, &json!("decide"))
    );
}

#[actix_web::test]
async fn an_emergency_alerts_everybody_above_and_shows_whom_to_call() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (code, case) = app.filed(&desk, "grievance").await;
    let case = app
        .take(&desk.handler, &case, "emergency", json!({"reason": "孩子有危险"}))
        .await;
    assert_eq!(case["is_emergency"], true);
    for token in [&desk.head, &desk.office, &desk.leader] {
        assert_eq!(app.notices(token).await, ["emergency"]);
    }
    assert!(app.notices(&desk.handler).await.is_empty(), "who raised it knows");
    let tracked = app
        .post("/public/complaints/track", json!({"receipt_code": code}))
        .await
        .ok(200);
    assert_eq!(tracked["is_emergency"], true);
}

#[actix_web::test]
async fn a_late_handler_is_reminded_once_for_each_rung() {
    let app = test_app().await;
    let desk = app.desk().await;
    // Five working days from Monday, 23 November: Monday, 30 November.
    let (_, case) = app.filed(&desk, "inquiry").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let own = json!({"unit_id": app.county.own, "handler_id": app.county.member(Role::Handler)});
    let case = app.take(&desk.head, &case, "assign", own).await;
    assert_eq!(
        (&case["due_on"], &case["phase"]),
        (&json!("2026-11-30"), &json!("on_time"))
    );
    let day = |text: &str| Timestamp::start_of(text.parse().unwrap());

    assert_eq!(app.wake(day("2026-11-26")).await.found, 0);
    let mut expected = vec!["assigned"];
    for (on, rung) in [
        ("2026-11-29", "due_soon"),
        ("2026-12-01", "yellow_card"),
        ("2026-12-07", "red_card"),
    ] {
        // Two processes at once.
        let (one, two) = tokio::join!(app.state.store.wake_cases(day(on)), app.state.store.wake_cases(day(on)));
        assert_eq!(one.unwrap().reminded + two.unwrap().reminded, 1, "{rung}");
        assert_eq!(app.wake(day(on)).await.found, 0);
        expected.insert(0, rung);
        assert_eq!(app.notices(&desk.handler).await, expected);
    }
    assert_eq!(app.notices(&desk.head).await, ["red_card", "yellow_card"]);
    assert_eq!(app.notices(&desk.office).await, ["red_card"]);
    assert_eq!(app.wake(day("2026-12-15")).await.reminded, 1);
    assert_eq!(app.notices(&desk.leader).await, ["circular_notice"]);
    let late = app.at(&desk.handler, &case).await;
    assert_eq!(version(&late), version(&case), "a reminder makes nobody's page stale");
    let rungs: Vec<&str> = late["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|step| step["rung"].as_str())
        .collect();
    assert_eq!(rungs, ["due_soon", "yellow_card", "red_card", "circular_notice"]);

    let unread = app.get_as(&desk.head, "/me/notices/unread").await.ok(200);
    assert_eq!(unread["unread"], 3);
    let page = app.get_as(&desk.head, "/me/notices?limit=1").await.ok(200);
    let until = page["items"][0]["at"].clone();
    let read = json!({"until": until, "complaint_id": case["id"]});
    let call = Call::new("POST", "/me/notices/read").bearer(&desk.head).json(&read);
    assert_eq!(app.send(call).await.ok(200)["unread"], 0);
    assert!(app.notices(&desk.head).await.is_empty());
    assert_eq!(app.notices(&desk.office).await.len(), 2, "nobody else's");
}

#[actix_web::test]
async fn notices_of_a_case_that_is_sealed_vanish() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (_, case) = app.filed(&desk, "grievance").await;
    let case = app
        .take(&desk.handler, &case, "emergency", json!({"reason": "孩子有危险"}))
        .await;
    assert_eq!(app.notices(&desk.office).await, ["emergency"]);
    let inspector = app.root_token(Role::Inspector).await;
    let accused = json!({"member_ids": [app.county.member(Role::UnitHead)], "unit_ids": []});
    let sealed = app.take(&inspector, &case, "accused", accused).await;
    assert!(app.notices(&desk.office).await.is_empty() && app.notices(&desk.head).await.is_empty());
    let unread = app.get_as(&desk.office, "/me/notices/unread").await.ok(200);
    assert_eq!(unread["unread"], 0);
    // From now on only inspectors are told of it.
    let day = Timestamp::start_of("2027-03-01".parse().unwrap());
    assert_eq!(app.wake(day).await.reminded, 1);
    assert_eq!(app.notices(&inspector).await, ["circular_notice"]);
    assert!(app.notices(&desk.leader).await.is_empty());
    assert_eq!(sealed["is_sealed"], true);
}
