//! Holds, extensions and longer waits.

use super::*;

#[actix_web::test]
async fn a_clock_is_held_until_the_complainant_answers() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (code, case) = app.filed(&desk, "grievance").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let before = case["due_on"].as_str().unwrap().to_owned();
    assert!(case["due"]["explanation"].as_str().unwrap().contains("信访工作条例"));

    let question = json!({"body": "请问是哪一天？", "days": 11});
    let call = Call::new("POST", &path(&case, "hold"))
        .bearer(&desk.handler)
        .if_match(version(&case))
        .key(app.uuid())
        .json(&question);
    let problem = app.send(call).await.refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["pointer"], "/days");
    let held = app
        .take(
            &desk.handler,
            &case,
            "hold",
            json!({"body": "请问是哪一天？", "days": 10}),
        )
        .await;
    assert_eq!(
        (&held["state"], &held["held_until"]),
        (&json!("waiting"), &json!("2026-12-03"))
    );
    assert!(held["due_on"].as_str().unwrap() > before.as_str());

    let track = json!({"receipt_code": code});
    let tracked = app.post("/public/complaints/track", track.clone()).await.ok(200);
    assert_eq!(
        (
            &tracked["next_step"],
            &tracked["held_until"],
            &tracked["messages"][0]["body"]
        ),
        (&json!("your_answer"), &json!("2026-12-03"), &json!("请问是哪一天？"))
    );
    let mut counted = held["due"].clone();
    counted.as_object_mut().unwrap().remove("complaint");
    assert_eq!(
        tracked["due"], counted,
        "the complainant can count the date again from what the handler sees, and learns of no other case"
    );
    app.clock.advance_seconds(2 * DAY);
    let body = json!({"receipt_code": code, "body": "是周二。", "altcha": app.proof().await});
    let call = Call::new("POST", "/public/complaints/messages")
        .key(app.uuid())
        .json(&body);
    let tracked = app.send(call).await.ok(201);
    assert_eq!(
        (&tracked["state"], &tracked["held_until"]),
        (&json!("in_handling"), &Value::Null)
    );

    // Two days later every token has run out.
    let desk = app.desk().await;
    let case = app.at(&desk.handler, &case).await;
    assert_eq!(
        (&case["due"]["held_days"], &case["hold_days_left"]),
        (&json!(2), &json!(8))
    );
    assert!(
        case["due"]["explanation"]
            .as_str()
            .unwrap()
            .contains("等待补充材料的2天不计")
    );
    assert_eq!(app.notices(&desk.handler).await, ["complainant_wrote"]);
}

#[actix_web::test]
async fn a_hold_that_nobody_answers_ends_by_itself() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (_, case) = app.filed(&desk, "grievance").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let body = json!({"body": "请问是哪一天？", "days": 3});
    let held = app.take(&desk.handler, &case, "hold", body).await;
    assert_eq!(app.wake(NOW.plus_seconds(2 * DAY)).await.found, 0);
    let woken = app.wake(NOW.plus_seconds(4 * DAY)).await;
    assert_eq!((woken.resumed, woken.found), (1, 1));
    let case = app.at(&desk.handler, &held).await;
    assert_eq!(
        (&case["state"], &case["due"]["held_days"]),
        (&json!("in_handling"), &json!(3))
    );
    assert_eq!(steps(&case).last(), Some(&"resumed"));
}

#[actix_web::test]
async fn more_time_is_asked_for_by_one_and_given_by_another() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (code, case) = app.filed(&desk, "grievance").await;
    assert_eq!(case["extension_days"], Value::Null, "the clock to tell is not extended");
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    assert_eq!(case["extension_days"], 30);
    let before = case["due_on"].as_str().unwrap().to_owned();
    let body = json!({"days": 30, "reason": "要等检测结果"});
    let asked = app.take(&desk.handler, &case, "extension", body).await;
    assert_eq!(
        (&asked["due_on"], &asked["extension"]["is_granted"]),
        (&json!(before), &Value::Null)
    );
    let list = "/complaints?is_extension_asked=true&count=true";
    assert_eq!(app.get_as(&desk.head, list).await.ok(200)["total"], 1);
    assert_eq!(app.notices(&desk.head).await, ["extension_asked"]);
    app.step(
        &desk.handler,
        &path(&asked, "extension/grant"),
        version(&asked),
        json!({}),
    )
    .await
    .refused(403, "forbidden");
    let given = app.take(&desk.head, &asked, "extension/grant", json!({})).await;
    assert_eq!(
        (&given["due"]["extended_by"], &given["extension"]["is_granted"]),
        (&json!(30), &json!(true))
    );
    assert!(given["due_on"].as_str().unwrap() > before.as_str());
    assert_eq!(app.notices(&desk.handler).await, ["extension_decided"]);
    assert_eq!(app.get_as(&desk.head, list).await.ok(200)["total"], 0);

    let tracked = app
        .post("/public/complaints/track", json!({"receipt_code": code}))
        .await
        .ok(200);
    let told = tracked["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&told["action"], &told["reason"]),
        (&json!("extended"), &json!("要等检测结果"))
    );
    let again = json!({"days": 1, "reason": "还不够"});
    app.step(&desk.handler, &path(&given, "extension"), version(&given), again)
        .await
        .refused(409, "not_ready");
}

#[actix_web::test]
async fn a_supervision_does_not_stand_in_the_way_of_a_lawful_extension() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (_, case) = app.filed(&desk, "grievance").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let lawful = case["due_on"].as_str().unwrap().to_owned();
    let early = json!({"reason": "反映集中", "due_on": "2026-11-30"});
    let case = app.take(&desk.leader, &case, "supervise", early).await;
    let case = app.at(&desk.handler, &case).await;
    assert_eq!(
        (&case["due_on"], &case["extension_days"], &case["extension_clock"]),
        (&json!("2026-11-30"), &json!(30), &json!("decide"))
    );
    let body = json!({"days": 20, "reason": "要等检测结果"});
    let asked = app.take(&desk.handler, &case, "extension", body).await;
    let given = app.take(&desk.head, &asked, "extension/grant", json!({})).await;
    assert_eq!(
        (&given["due_on"], &given["due"]["clock"]),
        (&json!("2026-11-30"), &json!("supervision"))
    );
    let longer = &given["other_dues"][0];
    assert_eq!(
        (&longer["clock"], &longer["extended_by"]),
        (&json!("decide"), &json!(20))
    );
    assert!(longer["due_on"].as_str().unwrap() > lawful.as_str());
}

#[actix_web::test]
async fn a_longer_wait_takes_two_and_has_an_end() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (code, case) = app.filed(&desk, "grievance").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let hold = |days: i32| json!({"body": "请问是哪一天？", "days": days});
    for token in [&desk.handler, &desk.head] {
        let call = Call::new("POST", &path(&case, "hold")).bearer(token).if_match(2);
        let refused = app.send(call.key(app.uuid()).json(&hold(11))).await;
        assert_eq!(refused.refused(422, "invalid_field")["errors"][0]["pointer"], "/days");
    }
    assert_eq!(
        (&case["hold_days_left"], &case["longer_hold_days"]),
        (&json!(10), &json!(20))
    );
    let held = app.take(&desk.handler, &case, "hold", hold(10)).await;
    let ask = |days: i32| json!({"days": days, "reason": "投诉人住院"});
    app.step(&desk.handler, &path(&held, "longer-hold"), version(&held), ask(21))
        .await
        .refused(422, "invalid_field");
    let asked = app.take(&desk.handler, &held, "longer-hold", ask(20)).await;
    assert_eq!(
        (
            &asked["longer_hold"]["days"],
            &asked["longer_hold"]["is_granted"],
            &asked["held_until"]
        ),
        (&json!(20), &Value::Null, &json!("2026-12-03"))
    );
    let list = "/complaints?is_extension_asked=true&count=true";
    assert_eq!(app.get_as(&desk.head, list).await.ok(200)["total"], 1);
    assert_eq!(app.notices(&desk.head).await, ["extension_asked"]);
    app.step(&desk.handler, &path(&asked, "longer-hold"), version(&asked), ask(1))
        .await
        .refused(409, "not_ready");
    app.step(
        &desk.handler,
        &path(&asked, "longer-hold/grant"),
        version(&asked),
        json!({}),
    )
    .await
    .refused(403, "forbidden");
    let given = app.take(&desk.head, &asked, "longer-hold/grant", json!({})).await;
    assert_eq!(
        (
            &given["held_until"],
            &given["hold_days_left"],
            &given["longer_hold_days"]
        ),
        (&json!("2026-12-23"), &json!(0), &Value::Null)
    );
    assert_eq!(app.notices(&desk.handler).await, ["extension_decided"]);
    let tracked = app
        .post("/public/complaints/track", json!({"receipt_code": code}))
        .await
        .ok(200);
    assert_eq!(tracked["held_until"], "2026-12-23");
    assert_eq!(
        app.wake(Timestamp::end_of("2026-12-23".parse().unwrap())).await.resumed,
        0
    );
    app.clock.advance_seconds(31 * DAY);
    assert_eq!(app.wake(NOW.plus_seconds(31 * DAY)).await.resumed, 1);
    // Thirty days in all: no second time, whoever asks.
    let desk = app.desk().await;
    let case = app.at(&desk.head, &given).await;
    assert_eq!(case["due"]["held_days"], 30);
    assert!(has(&case, "refused_actions", "wait"));
    let call = Call::new("POST", &path(&case, "hold"))
        .bearer(&desk.head)
        .if_match(version(&case));
    app.send(call.key(app.uuid()).json(&hold(1)))
        .await
        .refused(409, "not_ready");
    app.step(&desk.handler, &path(&case, "longer-hold"), version(&case), ask(1))
        .await
        .refused(409, "not_ready");
}

#[actix_web::test]
async fn a_longer_wait_that_is_refused_leaves_the_hold_as_it_is() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (_, case) = app.filed(&desk, "inquiry").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let ask = json!({"days": 5, "reason": "投诉人住院"});
    let asked = app.take(&desk.handler, &case, "longer-hold", ask).await;
    let no = json!({"reason": "十天够了"});
    let refused = app.take(&desk.head, &asked, "longer-hold/refuse", no).await;
    assert_eq!(
        (&refused["longer_hold"]["is_granted"], &refused["hold_days_left"]),
        (&json!(false), &json!(10))
    );
    assert_eq!(steps(&refused)[2..], ["longer_hold_asked", "longer_hold_refused"]);
    assert_eq!(app.notices(&desk.handler).await, ["extension_decided"]);
}
