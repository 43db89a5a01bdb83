//! A complaint in and out.

use liangnuo_domain::Role;
use liangnuo_test_support::api::{Call, test_app};
use serde_json::{Value, json};

fn version(case: &Value) -> i64 {
    case["version"].as_i64().unwrap()
}

fn path(case: &Value, verb: &str) -> String {
    format!("/complaints/{}/{verb}", case["id"].as_str().unwrap())
}

fn parts(submit: bool) -> Value {
    json!({"request": "您反映饭菜偏凉", "facts": "到班测温52℃", "decision": "改走南门", "basis": "供餐合同第七条", "submit": submit})
}

fn verbs(case: &Value) -> Vec<&str> {
    case["allowed_actions"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect()
}

#[actix_web::test]
async fn from_the_filing_to_the_rating() {
    let app = test_app().await;
    let (handler, head) = (app.token(Role::Handler).await, app.token(Role::UnitHead).await);
    let receipt = app.file("grievance", Some(app.county.own.0)).await;
    let code = receipt["receipt_code"].as_str().unwrap().to_owned();
    assert_eq!((code.len(), receipt["unit"]["name"].as_str()), (24, Some("柳湾小学")));

    let list = app.get_as(&handler, "/complaints?count=true").await.ok(200);
    assert_eq!(
        (list["total"].as_i64(), list["items"][0]["state"].as_str()),
        (Some(1), Some("received"))
    );
    let id = list["items"][0]["id"].as_str().unwrap();
    let answer = app.get_as(&handler, &format!("/complaints/{id}")).await;
    assert_eq!(answer.header("etag"), "\"v1\"");
    let case = answer.ok(200);
    let expected = [
        "accept",
        "not_accept",
        "refer",
        "merge",
        "classify",
        "object",
        "message",
        "note",
        "attach",
        "mark_emergency",
        "withdraw",
    ];
    assert_eq!(verbs(&case), expected);
    assert_eq!(case["due"]["clock"], "tell");
    assert!(
        case["received_at"].is_null(),
        "an anonymous complainant's hour is nobody's business"
    );

    let case = app.step(&handler, &path(&case, "accept"), 1, json!({})).await.ok(200);
    assert_eq!(
        (case["state"].as_str(), case["due"]["clock"].as_str()),
        (Some("accepted"), Some("decide"))
    );
    app.step(
        &handler,
        &path(&case, "draft"),
        version(&case),
        json!({"request": "", "facts": "", "decision": "", "basis": "", "submit": true}),
    )
    .await
    .refused(422, "invalid_field");
    let case = app
        .step(&handler, &path(&case, "draft"), version(&case), parts(true))
        .await
        .ok(200);
    assert_eq!(case["state"], "reply_drafted");
    app.step(&handler, &path(&case, "reply"), version(&case), json!({}))
        .await
        .refused(409, "not_ready");
    app.step(&handler, &path(&case, "approve"), version(&case), json!({}))
        .await
        .refused(403, "forbidden");
    let case = app
        .step(
            &head,
            &path(&case, "return"),
            version(&case),
            json!({"reason": "写清楚哪一天"}),
        )
        .await
        .ok(200);
    assert_eq!(
        (case["state"].as_str(), case["draft"]["returned_reason"].as_str()),
        (Some("in_handling"), Some("写清楚哪一天"))
    );
    let case = app
        .step(&handler, &path(&case, "draft"), version(&case), parts(true))
        .await
        .ok(200);
    let case = app
        .step(&head, &path(&case, "approve"), version(&case), json!({}))
        .await
        .ok(200);
    assert_eq!(
        (case["state"].as_str(), case["replies"][0]["basis"].as_str()),
        (Some("replied"), Some("供餐合同第七条"))
    );

    let track = |code: String| app.post("/public/complaints/track", json!({"receipt_code": code}));
    let written = format!("{}-{} {}", &code[..4].to_lowercase(), &code[4..20], &code[20..]);
    let tracked = track(written).await.ok(200);
    assert_eq!(
        (tracked["reply"]["decision"].as_str(), tracked["next_step"].as_str()),
        (Some("改走南门"), Some("rating"))
    );
    let steps: Vec<&str> = tracked["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["action"].as_str().unwrap())
        .collect();
    assert_eq!(steps, ["received", "accepted", "reply_drafted", "replied"]);
    let rating = json!({"receipt_code": code, "level": 5, "comment": "谢谢", "altcha": app.proof().await});
    let rated = app.post("/public/complaints/rating", rating).await.ok(200);
    assert_eq!(
        (rated["state"].as_str(), rated["rating"]["level"].as_i64()),
        (Some("concluded"), Some(5))
    );
    let again = json!({"receipt_code": code, "level": 1, "altcha": app.proof().await});
    app.post("/public/complaints/rating", again)
        .await
        .refused(409, "not_ready");

    let case = app.get_as(&head, &format!("/complaints/{id}")).await.ok(200);
    let actions: Vec<&str> = case["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        actions,
        [
            "received",
            "accepted",
            "submitted",
            "returned",
            "submitted",
            "approved",
            "replied",
            "rated",
            "concluded"
        ]
    );
}

#[actix_web::test]
async fn the_same_filing_twice_is_one_case_with_one_receipt() {
    let app = test_app().await;
    let key = app.uuid();
    let body = |proof: String, title: &str| json!({"kind": "inquiry", "title": title, "body": "问", "altcha": proof});
    let first = body(app.proof().await, "怎么报名");
    let send = |body: Value| app.send(Call::new("POST", "/public/complaints").key(key).json(&body));
    let one = send(first.clone()).await.ok(201);
    let answer = send(first).await;
    assert_eq!(answer.header("idempotent-replayed"), "true");
    assert_eq!(answer.ok(201), one);
    // A new proof, or one that has run out meanwhile, changes nothing.
    app.clock.advance_seconds(7_200);
    assert_eq!(send(body("nonsense".into(), "怎么报名")).await.ok(201), one);
    send(body(app.proof().await, "别的事"))
        .await
        .refused(422, "idempotency_key_reused");
    assert_eq!(app.db.number("SELECT COUNT(*) FROM complaints").await, 1);
}

#[actix_web::test]
async fn a_proof_counts_once_and_a_refused_filing_leaves_nothing() {
    let app = test_app().await;
    let proof = app.proof().await;
    let body = |proof: &str| json!({"kind": "inquiry", "title": "怎么报名", "body": "问", "altcha": proof});
    let send = |body: Value| app.send(Call::new("POST", "/public/complaints").key(app.uuid()).json(&body));
    send(body(&proof)).await.ok(201);
    send(body(&proof)).await.refused(422, "challenge_failed");
    let taken = "SELECT MAX(next_serial) FROM number_blocks";
    let before = app.db.number(taken).await;
    for _ in 0..120 {
        send(body("bm9wZQ==")).await.refused(422, "challenge_failed");
    }
    assert_eq!(app.db.number(taken).await, before, "what is made up takes no number");
    let unknown = json!({"kind": "inquiry", "title": "怎么报名", "body": "问", "unit_id": app.uuid(), "altcha": app.proof().await});
    let problem = send(unknown).await.refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["pointer"], "/unit_id");
    let empty = json!({"kind": "inquiry", "title": " ", "body": "", "contact": {"name": "", "email": "x"}, "altcha": app.proof().await});
    let problem = send(empty).await.refused(422, "invalid_field");
    let pointers: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(
        pointers,
        ["/contact/name", "/contact/email", "/title", "/body"],
        "everything at once"
    );
    assert_eq!(app.db.number("SELECT COUNT(*) FROM complaints").await, 1);
    assert_eq!(
        app.db
            .number("SELECT COUNT(*) FROM events WHERE subject_kind = 'complaints'")
            .await,
        1
    );
}

#[actix_web::test]
async fn a_stale_page_is_told_so_and_changes_nothing() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    app.file("grievance", Some(app.county.own.0)).await;
    let list = app.get_as(&handler, "/complaints").await.ok(200);
    let case = &list["items"][0];
    app.step(&handler, &path(case, "accept"), 1, json!({})).await.ok(200);
    app.step(&handler, &path(case, "not-accept"), 1, json!({"reason": "不归我们管"}))
        .await
        .refused(412, "stale_version");
    app.step(&handler, &path(case, "accept"), 2, json!({}))
        .await
        .refused(409, "wrong_state");
    let call = Call::new("POST", &path(case, "accept"))
        .bearer(&handler)
        .json(&json!({}));
    app.send(call).await.refused(428, "if_match_missing");
}

#[actix_web::test]
async fn both_sides_can_write_and_a_double_click_writes_once() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    let receipt = app.file("grievance", Some(app.county.own.0)).await;
    let list = app.get_as(&handler, "/complaints").await.ok(200);
    let key = app.uuid();
    let send = || {
        let body = json!({"body": "请问是哪一天？"});
        app.send(
            Call::new("POST", &path(&list["items"][0], "message"))
                .bearer(&handler)
                .if_match(1)
                .key(key)
                .json(&body),
        )
    };
    send().await.ok(200);
    let case = send().await.ok(200);
    assert_eq!(case["messages"].as_array().unwrap().len(), 1);
    app.clock.advance_seconds(60);
    let body = json!({"receipt_code": receipt["receipt_code"], "body": "上周二到周四。", "altcha": app.proof().await});
    let added = app
        .send(
            Call::new("POST", "/public/complaints/messages")
                .key(app.uuid())
                .json(&body),
        )
        .await
        .ok(201);
    let senders: Vec<&str> = added["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["from"].as_str().unwrap())
        .collect();
    assert_eq!(senders, ["staff", "complainant"]);
    assert!(
        added["messages"][0].get("by").is_none(),
        "the complainant sees no names"
    );
}

#[actix_web::test]
async fn a_complainant_takes_the_complaint_back() {
    let app = test_app().await;
    let receipt = app.file("grievance", None).await;
    let body = json!({"receipt_code": receipt["receipt_code"], "reason": "当面解决了", "altcha": app.proof().await});
    let tracked = app.post("/public/complaints/withdrawal", body).await.ok(200);
    assert_eq!(
        (tracked["state"].as_str(), tracked["next_step"].as_str()),
        (Some("withdrawn"), Some("none"))
    );
    assert_eq!(tracked["allowed_actions"], json!([]));
    let body = json!({"receipt_code": receipt["receipt_code"], "altcha": app.proof().await});
    app.post("/public/complaints/withdrawal", body)
        .await
        .refused(409, "wrong_state");
}

#[actix_web::test]
async fn an_unknown_code_and_a_text_that_is_none_answer_alike() {
    let app = test_app().await;
    let redact = |mut problem: Value| {
        problem["request_id"] = Value::Null;
        problem
    };
    let track = |code: &str| app.post("/public/complaints/track", json!({"receipt_code": code}));
    let unknown = track("0123456789ABCDEFGHJKMNPQ").await.refused(404, "not_found");
    let nonsense = track("不是查询码").await.refused(404, "not_found");
    assert_eq!(redact(unknown), redact(nonsense));
}

#[actix_web::test]
async fn the_desk_assigns_and_only_handlers_in_scope_can_be_named() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    app.file("grievance", None).await;
    let list = app.get_as(&office, "/complaints").await.ok(200);
    let case = app
        .step(&office, &path(&list["items"][0], "accept"), 1, json!({}))
        .await
        .ok(200);
    let assignees = format!("{}?unit_id={}", path(&case, "assignees"), app.county.own);
    let found = app.get_as(&office, &assignees).await.ok(200);
    let names: Vec<&str> = found["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["handler", "root_handler"]);
    let assign_path = path(&case, "assign");
    let assign = |unit: liangnuo_domain::UnitId, handler: liangnuo_domain::MemberId| {
        let body = json!({"unit_id": unit, "handler_id": handler});
        app.step(&office, &assign_path, version(&case), body)
    };
    let head = app.county.member(Role::UnitHead);
    let problem = assign(app.county.own, head).await.refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["pointer"], "/handler_id");
    let handler = app.county.member(Role::Handler);
    let case = assign(app.county.own, handler).await.ok(200);
    assert_eq!(
        (case["state"].as_str(), case["unit"]["name"].as_str()),
        (Some("assigned"), Some("柳湾小学"))
    );
    let mine = app.token(Role::Handler).await;
    let list = app
        .get_as(&mine, "/complaints?handler_id=me&state=assigned,in_handling")
        .await
        .ok(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let away = app.token(Role::UnitHead).await;
    let to_sibling = json!({"unit_id": app.county.sibling});
    app.step(&away, &path(&case, "assign"), version(&case), to_sibling)
        .await
        .refused(422, "invalid_field");
}

#[actix_web::test]
async fn search_finds_words_of_two_characters_and_nothing_by_wildcards() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    app.file("grievance", Some(app.county.own.0)).await;
    for (q, found) in [
        ("%E9%A5%AD%E8%8F%9C", 1),
        ("%E5%81%8F%E5%87%89", 1),
        ("%E6%A0%A1%E8%BD%A6", 0),
        ("%25", 0),
        ("__", 0),
        ("%E4%B8%AD%E5%8D%88%E5%90%83", 1),
    ] {
        let list = app.get_as(&handler, &format!("/complaints?q={q}")).await.ok(200);
        assert_eq!(list["items"].as_array().unwrap().len(), found, "{q}");
    }
    let number = app.get_as(&handler, "/complaints").await.ok(200)["items"][0]["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let list = app
        .get_as(&handler, &format!("/complaints?q={}", number.to_lowercase()))
        .await
        .ok(200);
    assert_eq!(list["items"][0]["number"].as_str(), Some(number.as_str()));
}
