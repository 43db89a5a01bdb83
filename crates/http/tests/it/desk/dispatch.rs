//! Where a case goes: objected to, assigned, classified, referred, answered with another one.

use super::*;

#[actix_web::test]
async fn what_names_the_wrong_unit_is_objected_to_and_settled_by_the_office() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (code, case) = app.filed(&desk, "grievance").await;
    assert!(
        has(&case, "allowed_actions", "object"),
        "nobody dispatched it, it landed there"
    );
    let wrong = json!({"reason": "投诉的是石桥镇的学校"});
    let objected = app.take(&desk.handler, &case, "object", wrong.clone()).await;
    assert_eq!(
        (&objected["state"], &objected["due"]["clock"]),
        (&json!("objected"), &json!("tell"))
    );
    assert_eq!(app.notices(&desk.office).await, ["objected"]);
    let list = app
        .get_as(&desk.office, "/complaints?state=objected&count=true")
        .await
        .ok(200);
    assert_eq!(list["total"], 1);
    let moved = app
        .take(
            &desk.office,
            &objected,
            "assign",
            json!({"unit_id": app.county.sibling}),
        )
        .await;
    assert_eq!(steps(&moved), ["received", "objected", "accepted", "assigned"]);
    let tracked = app
        .post("/public/complaints/track", json!({"receipt_code": code}))
        .await
        .ok(200);
    assert_eq!(tracked["state"], "assigned");

    // A call that the school took itself: five working days, too. And what is not the county's at all is referred.
    let call = json!({
        "kind": "grievance", "channel": "phone", "title": "食堂饭菜偏凉", "body": "来电。", "unit_id": app.county.own,
        "received_at": "2026-11-13T02:00:00Z",
    });
    let register = Call::new("POST", "/complaints").bearer(&desk.handler).key(app.uuid());
    let registered = app.send(register.json(&call)).await.ok(201);
    let list = format!("/complaints?q={}", registered["number"].as_str().unwrap());
    let found = app.get_as(&desk.handler, &list).await.ok(200)["items"][0].clone();
    app.clock.advance_seconds(7 * DAY + 8 * 3_600);
    let desk = app.desk().await;
    let case = app.at(&desk.handler, &found).await;
    let objected = app.take(&desk.handler, &case, "object", wrong.clone()).await;
    let to = json!({"reason": "属于卫生部门", "where_to_go": "县卫健局"});
    assert_eq!(
        app.take(&desk.office, &objected, "refer", to).await["state"],
        "referred"
    );

    let (_, late) = app.filed(&desk, "grievance").await;
    let late = app.take(&desk.handler, &late, "accept", json!({})).await;
    app.clock.advance_seconds(8 * DAY);
    let desk = app.desk().await;
    let late = app.at(&desk.handler, &late).await;
    assert!(has(&late, "refused_actions", "object"));
    app.step(&desk.handler, &path(&late, "object"), version(&late), wrong)
        .await
        .refused(409, "not_ready");
}

#[actix_web::test]
async fn an_objection_is_settled_for_or_against_the_unit() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (_, case) = app.filed(&desk, "grievance").await;
    let case = app.take(&desk.office, &case, "accept", json!({})).await;
    let to_own = json!({"unit_id": app.county.own});
    let case = app.take(&desk.office, &case, "assign", to_own.clone()).await;
    let objected = app
        .take(&desk.handler, &case, "object", json!({"reason": "不是我校的事"}))
        .await;
    assert_eq!(objected["state"], "objected");
    assert_eq!(app.notices(&desk.office).await, ["objected"]);
    // The office finds that it is.
    let case = app.take(&desk.office, &objected, "assign", to_own).await;
    let step = case["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&step["action"], &step["objection_upheld"]),
        (&json!("assigned"), &json!(false))
    );
    let case = app.at(&desk.handler, &case).await;
    assert!(!has(&case, "allowed_actions", "object") && has(&case, "refused_actions", "object"));
    // Another one is, and goes to the unit beside.
    let (_, other) = app.filed(&desk, "grievance").await;
    let other = app.take(&desk.office, &other, "accept", json!({})).await;
    let other = app
        .take(&desk.office, &other, "assign", json!({"unit_id": app.county.own}))
        .await;
    let other = app
        .take(&desk.head, &other, "object", json!({"reason": "是石桥镇的"}))
        .await;
    let moved = app
        .take(&desk.office, &other, "assign", json!({"unit_id": app.county.sibling}))
        .await;
    let step = moved["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(step["objection_upheld"], true);
    app.get_as(&desk.handler, path(&moved, "").trim_end_matches('/'))
        .await
        .refused(404, "not_found");
}

#[actix_web::test]
async fn a_duplicate_is_answered_with_its_lead() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (_, lead) = app.filed(&desk, "grievance").await;
    let (code, twin) = app.filed(&desk, "grievance").await;
    let (_, third) = app.filed(&desk, "grievance").await;
    let merge = json!({"lead_id": lead["id"]});
    let merged = app.take(&desk.handler, &twin, "merge", merge.clone()).await;
    assert_eq!(
        (&merged["state"], &merged["duplicate_of"]["number"], &merged["due_on"]),
        (&json!("duplicate"), &lead["number"], &twin["due_on"]),
        "its own date stays"
    );
    app.take(&desk.handler, &third, "merge", merge.clone()).await;
    let lead = app.at(&desk.handler, &lead).await;
    app.step(&desk.handler, &path(&lead, "merge"), version(&lead), merge)
        .await
        .refused(422, "invalid_field");
    let unknown = json!({"lead_id": app.uuid()});
    app.step(&desk.handler, &path(&lead, "merge"), version(&lead), unknown)
        .await
        .refused(422, "invalid_field");
    let third = app.at(&desk.handler, &third).await;
    let third = app.take(&desk.handler, &third, "unmerge", json!({})).await;
    assert_eq!(third["state"], "accepted");

    let lead = app.at(&desk.handler, &lead).await;
    assert_eq!(lead["duplicates"].as_array().unwrap().len(), 1);
    let lead = app.take(&desk.handler, &lead, "accept", json!({})).await;
    app.answered(&desk, &lead).await;
    let tracked = app
        .post("/public/complaints/track", json!({"receipt_code": code}))
        .await
        .ok(200);
    assert_eq!(
        (&tracked["state"], &tracked["reply"]["decision"]),
        (&json!("replied"), &json!("改走南门"))
    );
    let rating = json!({"receipt_code": code, "level": 5, "altcha": app.proof().await});
    assert_eq!(
        app.post("/public/complaints/rating", rating).await.ok(200)["state"],
        "concluded"
    );
    assert_eq!(
        app.at(&desk.handler, &third).await["state"],
        "accepted",
        "no longer with the lead"
    );
}

#[actix_web::test]
async fn a_duplicate_is_not_lost_with_its_lead() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (code, lead) = app.filed(&desk, "grievance").await;
    let (_, twin) = app.filed(&desk, "grievance").await;
    let twin = app
        .take(&desk.handler, &twin, "merge", json!({"lead_id": lead["id"]}))
        .await;
    let body = json!({"receipt_code": code, "altcha": app.proof().await});
    app.post("/public/complaints/withdrawal", body).await.ok(200);
    let twin = app.at(&desk.handler, &twin).await;
    assert_eq!(
        (&twin["state"], &twin["due"]["clock"]),
        (&json!("accepted"), &json!("decide"))
    );
}

#[actix_web::test]
async fn many_cases_are_assigned_each_by_itself() {
    let app = test_app().await;
    let desk = app.desk().await;
    let mut cases = Vec::new();
    for _ in 0..3 {
        let (_, case) = app.filed(&desk, "grievance").await;
        cases.push(app.take(&desk.handler, &case, "accept", json!({})).await);
    }
    let (_, fresh) = app.filed(&desk, "grievance").await;
    let mut wanted: Vec<Value> = cases
        .iter()
        .map(|case| json!({"id": case["id"], "version": version(case)}))
        .collect();
    wanted[1]["version"] = json!(1);
    wanted.push(json!({"id": fresh["id"], "version": version(&fresh)}));
    wanted.push(json!({"id": app.uuid(), "version": 1}));
    let body = json!({
        "complaints": wanted, "unit_id": app.county.own, "handler_id": app.county.member(Role::Handler),
    });
    let call = || Call::new("POST", "/complaints/assign").bearer(&desk.office).json(&body);
    let outcomes = app.send(call()).await.ok(200);
    let problems: Vec<Option<&str>> = outcomes["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["problem"].as_str())
        .collect();
    assert_eq!(
        problems,
        [
            None,
            Some("stale_version"),
            None,
            Some("wrong_state"),
            Some("not_found")
        ]
    );
    let again = app.send(call()).await.ok(200);
    assert_eq!(again["items"][0]["problem"], "stale_version", "sent twice, done once");
    let done = app.at(&desk.handler, &cases[0]).await;
    assert_eq!(
        (&done["state"], &done["version"]),
        (&json!("assigned"), &outcomes["items"][0]["version"])
    );
    for wrong in [
        json!([]),
        Value::Array(vec![json!({"id": app.uuid(), "version": 1}); 101]),
    ] {
        let body = json!({"complaints": wrong, "unit_id": app.county.own});
        let call = Call::new("POST", "/complaints/assign").bearer(&desk.office).json(&body);
        app.send(call).await.refused(422, "invalid_field");
    }
}

#[actix_web::test]
async fn a_case_gets_another_kind_and_category_but_never_becomes_a_report() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (_, case) = app.filed(&desk, "grievance").await;
    let categories = app.get_as(&desk.handler, "/categories").await.ok(200);
    let category = &categories["items"][3]["id"];
    let body = json!({"kind": "inquiry", "category_id": category});
    let case = app.take(&desk.handler, &case, "classify", body).await;
    assert_eq!(
        (&case["category_id"], &case["due"]["clock"]),
        (category, &json!("inquiry"))
    );
    for body in [
        json!({"kind": "report"}),
        json!({"kind": "inquiry", "category_id": app.uuid()}),
    ] {
        app.step(&desk.handler, &path(&case, "classify"), version(&case), body)
            .await
            .refused(422, "invalid_field");
    }
}

#[actix_web::test]
async fn a_case_is_referred_to_who_is_in_charge() {
    let app = test_app().await;
    let desk = app.desk().await;
    let (code, case) = app.filed(&desk, "grievance").await;
    let body = json!({"reason": "属于卫生部门", "where_to_go": "县卫健局，电话 0000-5550300"});
    let case = app.take(&desk.handler, &case, "refer", body).await;
    assert_eq!(
        (&case["state"], &case["referred_reason"]),
        (&json!("referred"), &json!("属于卫生部门"))
    );
    let tracked = app
        .post("/public/complaints/track", json!({"receipt_code": code}))
        .await
        .ok(200);
    assert_eq!(
        (&tracked["referred_reason"], &tracked["where_to_go"]),
        (&json!("属于卫生部门"), &json!("县卫健局，电话 0000-5550300"))
    );
}
