//! How a case ends, and how it is done again.

use super::*;
use crate::role_grants::{make, role};

#[actix_web::test]
async fn what_does_not_satisfy_is_done_again_by_somebody_else() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (code, case) = app.filed(&desk, "grievance").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let case = app.answered(&desk, &case).await;
    app.redo("AAAAAAAAAAAAAAAAAAAAAAAA").await.refused(404, "not_found");
    let tracked = app.redo(&code).await.ok(200);
    assert_eq!(
        (&tracked["state"], &tracked["next_step"]),
        (&json!("redoing"), &json!("handling"))
    );
    app.redo(&code).await.refused(409, "wrong_state");
    assert_eq!(app.notices(&desk.head).await, ["redo_asked"]);

    let case = app.at(&desk.handler, &case).await;
    assert_eq!(
        (&case["redo"]["reason"], &case["handler"], &case["due"]["clock"]),
        (&json!("没有说到点子上"), &Value::Null, &json!("redo"))
    );
    assert!(has(&case, "refused_actions", "draft"), "not by the same one");
    app.step(&desk.handler, &path(&case, "draft"), version(&case), parts(true))
        .await
        .refused(409, "own_work");
    let same = json!({"unit_id": app.county.own, "handler_id": app.county.member(Role::Handler)});
    app.step(&desk.head, &path(&case, "assign"), version(&case), same)
        .await
        .refused(422, "invalid_field");
    // The only handler of the school can't: one of the unit above does it.
    let root_handler = app.root_token(Role::Handler).await;
    let other = json!({"unit_id": app.county.own, "handler_id": app.county.root_member(Role::Handler)});
    let case = app.take(&desk.head, &case, "assign", other).await;
    assert_eq!(case["state"], "redoing");
    let case = app.take(&root_handler, &case, "draft", parts(true)).await;
    let case = app.take(&desk.head, &case, "approve", json!({})).await;
    assert_eq!(case["replies"].as_array().unwrap().len(), 2);
    app.redo(&code).await.refused(409, "not_ready");
    let list = "/complaints?is_redone=true&count=true";
    assert_eq!(app.get_as(&desk.office, list).await.ok(200)["total"], 1);
}

#[actix_web::test]
async fn an_answer_that_nobody_rates_is_concluded_after_its_time() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (code, case) = app.filed(&desk, "inquiry").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let case = app.answered(&desk, &case).await;
    let track = json!({"receipt_code": code});
    let tracked = app.post("/public/complaints/track", track).await.ok(200);
    assert_eq!(tracked["rating_until"], "2026-12-08");
    let last = Timestamp::end_of("2026-12-08".parse().unwrap());
    assert_eq!(app.wake(last).await.found, 0);
    let woken = app.wake(Timestamp::from_micros(last.micros() + 1)).await;
    assert_eq!(woken.concluded, 1);
    let case = app.at(&desk.handler, &case).await;
    assert_eq!(case["state"], "concluded");
    let last = case["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["action"], &last["by_kind"]),
        (&json!("concluded"), &json!("system"))
    );
    app.clock.advance_seconds(16 * DAY);
    app.redo(&code).await.refused(409, "not_ready");
}

#[actix_web::test]
async fn a_unit_does_not_close_a_case_over_its_complainants_head() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (code, case) = app.filed(&desk, "grievance").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let case = app.answered(&desk, &case).await;
    let why = json!({"reason": "已上门说明"});
    for token in [&desk.handler, &desk.head] {
        let case = app.at(token, &case).await;
        assert!(!has(&case, "allowed_actions", "conclude") && has(&case, "refused_actions", "conclude"));
        app.step(token, &path(&case, "conclude"), version(&case), why.clone())
            .await
            .refused(409, "not_ready");
    }
    // The last evening is as good as the first morning.
    let till_evening = 8 * 3_600;
    app.clock.advance_seconds(15 * DAY + till_evening);
    let rating = json!({"receipt_code": code, "level": 1, "altcha": app.proof().await});
    app.post("/public/complaints/rating", rating).await.ok(200);
    let desk = app.desk().await;
    let case = app.at(&desk.handler, &case).await;
    app.step(&desk.handler, &path(&case, "conclude"), version(&case), why)
        .await
        .refused(409, "not_ready");
    assert_eq!(app.redo(&code).await.ok(200)["state"], "redoing");
}

#[actix_web::test]
async fn whoever_wrote_at_an_answer_does_not_approve_it_though_another_wrote_last() {
    let app = test_app().await;
    let desk = app.desk().await;
    // In a small school the head works on cases, too.
    let security = app.root_token(Role::SecurityAdmin).await;
    let head = app.county.member(Role::UnitHead);
    let too = role(head, "handler", app.county.own);
    make(&app, &security, "/role-grants", too).await.ok(201);
    let (_, case) = app.filed(&desk, "grievance").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let case = app.take(&desk.head, &case, "draft", parts(false)).await;
    let case = app.take(&desk.handler, &case, "draft", parts(true)).await;
    let seen = app.at(&desk.head, &case).await;
    assert!(has(&seen, "refused_actions", "approve") && !has(&seen, "allowed_actions", "approve"));
    app.step(&desk.head, &path(&case, "approve"), version(&case), json!({}))
        .await
        .refused(409, "own_work");
    // So it is the head above who is asked.
    let above = app.root_token(Role::UnitHead).await;
    let notices = app.get_as(&above, "/me/notices").await.ok(200);
    assert_eq!(notices["items"][0]["kind"], "submitted");
    let sent = app.take(&above, &case, "approve", json!({})).await;
    assert_eq!(sent["state"], "replied");
    let by = &sent["replies"][0]["drafted_by"]["id"];
    assert_eq!(by, &json!(app.county.member(Role::Handler)), "who wrote it last");
}
