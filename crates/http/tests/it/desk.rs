//! Beyond the straight way: holds, extensions, objections, doing it again, duplicates, supervision, alarms, reminders.

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_domain::{Role, Timestamp};
use liangnuo_test_support::{NOW, TestApp, api::Call, test_app};
use serde_json::{Value, json};

pub(crate) const DAY: i64 = 86_400;

pub(crate) fn version(case: &Value) -> i64 {
    case["version"].as_i64().unwrap()
}

pub(crate) fn path(case: &Value, verb: &str) -> String {
    format!("/complaints/{}/{verb}", case["id"].as_str().unwrap())
}

fn parts(submit: bool) -> Value {
    json!({"request": "饭菜偏凉", "facts": "路上太久", "decision": "改走南门", "basis": "供餐合同第七条", "submit": submit})
}

pub(crate) fn has(case: &Value, list: &str, verb: &str) -> bool {
    case[list]
        .as_array()
        .unwrap()
        .iter()
        .any(|item| item == verb || item["action"] == verb)
}

pub(crate) fn steps(case: &Value) -> Vec<&str> {
    case["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["action"].as_str().unwrap())
        .collect()
}

/// The tokens of those who have a part in most cases.
pub(crate) struct Desk {
    pub(crate) handler: String,
    pub(crate) head: String,
    pub(crate) office: String,
    pub(crate) leader: String,
}

pub(crate) trait At {
    async fn desk(&self) -> Desk;
    /// A case of a kind, filed by the public about the school: its receipt code and the case as the handler sees it.
    async fn filed(&self, desk: &Desk, kind: &str) -> (String, Value);
    async fn at(&self, token: &str, case: &Value) -> Value;
    async fn take(&self, token: &str, case: &Value, verb: &str, body: Value) -> Value;
    async fn notices(&self, token: &str) -> Vec<String>;
    async fn redo(&self, code: &str) -> liangnuo_test_support::Answer;
    /// Answered by the handler and the head.
    async fn answered(&self, desk: &Desk, case: &Value) -> Value;
    async fn wake(&self, at: Timestamp) -> liangnuo_persistence::complaints::Woken;
}

impl<S, B> At for TestApp<S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    async fn desk(&self) -> Desk {
        Desk {
            handler: self.token(Role::Handler).await,
            head: self.token(Role::UnitHead).await,
            office: self.root_token(Role::CampaignOffice).await,
            leader: self.root_token(Role::Leader).await,
        }
    }

    async fn filed(&self, desk: &Desk, kind: &str) -> (String, Value) {
        let receipt = self.file(kind, Some(self.county.own.0)).await;
        let number = receipt["number"].as_str().unwrap();
        let list = self
            .get_as(&desk.handler, &format!("/complaints?q={number}"))
            .await
            .ok(200);
        let case = self.at(&desk.handler, &list["items"][0]).await;
        (receipt["receipt_code"].as_str().unwrap().to_owned(), case)
    }

    async fn at(&self, token: &str, case: &Value) -> Value {
        let id = case["id"].as_str().unwrap();
        self.get_as(token, &format!("/complaints/{id}")).await.ok(200)
    }

    async fn take(&self, token: &str, case: &Value, verb: &str, body: Value) -> Value {
        let call = Call::new("POST", &path(case, verb))
            .bearer(token)
            .if_match(version(case))
            .key(self.uuid())
            .json(&body);
        self.send(call).await.ok(200)
    }

    async fn notices(&self, token: &str) -> Vec<String> {
        let page = self.get_as(token, "/me/notices?unread=true&limit=100").await.ok(200);
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|notice| notice["kind"].as_str().unwrap().to_owned())
            // Whoever files a case and hands an answer in does so in nearly every test.
            .filter(|kind| !matches!(kind.as_str(), "new_case" | "submitted"))
            .collect()
    }

    async fn redo(&self, code: &str) -> liangnuo_test_support::Answer {
        let body = json!({"receipt_code": code, "reason": "没有说到点子上", "altcha": self.proof().await});
        self.post("/public/complaints/redo", body).await
    }

    async fn answered(&self, desk: &Desk, case: &Value) -> Value {
        let case = self.take(&desk.handler, case, "draft", parts(true)).await;
        self.take(&desk.head, &case, "approve", json!({})).await
    }

    async fn wake(&self, at: Timestamp) -> liangnuo_persistence::complaints::Woken {
        self.state.store.wake_cases(at).await.unwrap()
    }
}

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
    assert_eq!(
        tracked["due"], held["due"],
        "the complainant can count the date again from what the handler sees"
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
