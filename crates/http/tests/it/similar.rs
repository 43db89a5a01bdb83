//! Cases that may say the same are proposed to a person; those that were merged keep their dates and bind their lead.

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_domain::Role;
use liangnuo_test_support::{NOW, TestApp, api::Call, test_app};
use serde_json::{Value, json};
use uuid::Uuid;

const DAY: i64 = 86_400;

const ONE: (&str, &str) = (
    "食堂饭菜偏凉",
    "孩子中午吃到的饭菜是凉的，已经一个星期了，请学校想办法保温。",
);
const SAME: (&str, &str) = (
    "中午食堂饭菜是凉的",
    "我家孩子说中午吃到的饭菜是凉的，希望学校想办法保温。",
);
const TOPIC: (&str, &str) = (
    "食堂伙食费上涨",
    "这学期伙食费从十元涨到十三元，没有开家长会，也没有公示账目。",
);

trait Said {
    /// A case that says something: its receipt code and its id, as the office or the inspectors find it.
    async fn said(&self, kind: &str, words: (&str, &str), unit: Uuid) -> (String, String);
    async fn act(&self, token: &str, id: &str, verb: &str, body: Value) -> Value;
    async fn similar(&self, token: &str, id: &str) -> Vec<Value>;
}

impl<S, B> Said for TestApp<S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    async fn said(&self, kind: &str, (title, body): (&str, &str), unit: Uuid) -> (String, String) {
        let body = json!({
            "kind": kind, "title": title, "body": body, "unit_id": unit, "altcha": self.proof().await,
        });
        let call = Call::new("POST", "/public/complaints").key(self.uuid()).json(&body);
        let filed = self.send(call).await.ok(201);
        let inspector = self.root_token(Role::Inspector).await;
        let found = format!("/complaints?q={}", filed["number"].as_str().unwrap());
        let found = self.get_as(&inspector, &found).await.ok(200);
        let id = found["items"][0]["id"].as_str().unwrap().to_owned();
        (filed["receipt_code"].as_str().unwrap().to_owned(), id)
    }

    async fn act(&self, token: &str, id: &str, verb: &str, body: Value) -> Value {
        let case = self.get_as(token, &format!("/complaints/{id}")).await.ok(200);
        let path = format!("/complaints/{id}/{verb}");
        self.step(token, &path, case["version"].as_i64().unwrap(), body)
            .await
            .ok(200)
    }

    async fn similar(&self, token: &str, id: &str) -> Vec<Value> {
        let list = self.get_as(token, &format!("/complaints/{id}/similar")).await.ok(200);
        list["items"].as_array().unwrap().clone()
    }
}

fn ids(found: &[Value]) -> Vec<&str> {
    found
        .iter()
        .map(|one| one["complaint"]["id"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn what_says_the_same_is_proposed_with_the_reasons() {
    let app = test_app().await;
    let (handler, office) = (
        app.token(Role::Handler).await,
        app.root_token(Role::CampaignOffice).await,
    );
    let (own, sibling) = (app.county.own.0, app.county.sibling.0);
    let (_, elsewhere) = app.said("grievance", SAME, sibling).await;
    let (_, twin) = app.said("grievance", SAME, own).await;
    app.said("grievance", TOPIC, own).await;
    let (_, report) = app.said("report", SAME, own).await;
    let (_, case) = app.said("grievance", ONE, own).await;

    let found = app.similar(&handler, &case).await;
    assert_eq!(
        ids(&found),
        [&twin],
        "what the caller may not see, and another topic, are no proposals"
    );
    let only = &found[0];
    assert_eq!(
        [
            &only["is_same_unit"],
            &only["is_same_day"],
            &only["can_lead"],
            &only["is_same_category"]
        ],
        [&json!(true), &json!(true), &json!(true), &json!(false)]
    );
    let shared: Vec<&str> = only["shared_words"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect();
    assert_eq!(shared[0], "中午吃到的饭菜是凉的");
    assert_eq!(
        ids(&app.similar(&office, &case).await),
        [&twin, &elsewhere],
        "the same unit first"
    );
    let inspector = app.root_token(Role::Inspector).await;
    assert!(
        app.similar(&inspector, &report).await.is_empty(),
        "not across the lanes"
    );
    app.get_as(&handler, &format!("/complaints/{elsewhere}/similar"))
        .await
        .refused(404, "not_found");

    // Merged, the other one is no proposal any more; answered, it can't lead.
    app.act(&handler, &twin, "merge", json!({"lead_id": case})).await;
    assert!(app.similar(&handler, &case).await.is_empty());
    assert!(app.similar(&handler, &twin).await.is_empty(), "nor is its lead");
    app.act(&office, &elsewhere, "not-accept", json!({"reason": "不属于本单位"}))
        .await;
    let found = app.similar(&office, &case).await;
    assert_eq!(
        (ids(&found), &found[0]["can_lead"]),
        (vec![elsewhere.as_str()], &json!(false))
    );
}

#[actix_web::test]
async fn one_from_another_season_is_not_proposed() {
    let app = test_app().await;
    let (_, old) = app.said("grievance", SAME, app.county.own.0).await;
    app.clock.advance_seconds(91 * DAY);
    let handler = app.token(Role::Handler).await;
    let (_, case) = app.said("grievance", ONE, app.county.own.0).await;
    assert!(app.similar(&handler, &case).await.is_empty());
    assert!(app.similar(&handler, &old).await.is_empty());
}

#[actix_web::test]
async fn the_strictest_date_of_those_who_wait_binds_the_lead() {
    let app = test_app().await;
    let (_, first) = app.said("grievance", ONE, app.county.own.0).await;
    let handler = app.token(Role::Handler).await;
    let first_taken = app.act(&handler, &first, "accept", json!({})).await;
    app.clock.advance_seconds(20 * DAY);
    let handler = app.token(Role::Handler).await;
    let (_, lead) = app.said("grievance", SAME, app.county.own.0).await;
    let lead_taken = app.act(&handler, &lead, "accept", json!({})).await;

    let merged = app.act(&handler, &first, "merge", json!({"lead_id": lead})).await;
    assert_eq!(
        (&merged["state"], &merged["due_on"], &merged["phase"]),
        (&json!("duplicate"), &first_taken["due_on"], &json!("on_time"))
    );
    let bound = app.get_as(&handler, &format!("/complaints/{lead}")).await.ok(200);
    assert_eq!(
        (
            &bound["due_on"],
            &bound["due"]["clock"],
            &bound["due"]["complaint"]["id"]
        ),
        (&first_taken["due_on"], &json!("duplicate"), &json!(first))
    );
    assert_eq!(
        (&bound["other_dues"][0]["clock"], &bound["other_dues"][0]["due_on"]),
        (&json!("decide"), &lead_taken["due_on"])
    );
    let last = bound["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(last["action"], "due_bound");
    let listed = app.get_as(&handler, "/complaints?sort=due_at").await.ok(200);
    let dates: Vec<&Value> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| &case["due_on"])
        .collect();
    assert_eq!(dates, [&first_taken["due_on"], &first_taken["due_on"]]);

    app.act(&handler, &first, "unmerge", json!({})).await;
    let free = app.get_as(&handler, &format!("/complaints/{lead}")).await.ok(200);
    assert_eq!(
        (&free["due_on"], &free["due"]["clock"], &free["due"]["complaint"]),
        (&lead_taken["due_on"], &json!("decide"), &Value::Null)
    );
}

#[actix_web::test]
async fn who_was_merged_before_being_taken_is_told_with_the_lead() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    let own = app.county.own.0;
    let (_, lead) = app.said("grievance", ONE, own).await;
    let (code, twin) = app.said("grievance", SAME, own).await;
    let (late_code, late) = app.said("grievance", SAME, own).await;
    let merged = app.act(&handler, &twin, "merge", json!({"lead_id": lead})).await;
    assert_eq!(
        (&merged["accepted_at"], &merged["due"]["clock"]),
        (&Value::Null, &json!("tell"))
    );
    let actions = async |code: &str| -> Vec<String> {
        let body = json!({"receipt_code": code});
        let tracked = app.post("/public/complaints/track", body).await.ok(200);
        let steps = tracked["timeline"].as_array().unwrap();
        steps
            .iter()
            .map(|step| step["action"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(!actions(&code).await.contains(&"accepted".to_owned()));
    app.act(&handler, &lead, "accept", json!({})).await;
    assert!(actions(&code).await.contains(&"accepted".to_owned()));
    let twin = app.get_as(&handler, &format!("/complaints/{twin}")).await.ok(200);
    assert_eq!(
        (&twin["state"], &twin["due"]["clock"]),
        (&json!("duplicate"), &json!("decide"))
    );
    // Into a lead that was taken: at once.
    let merged = app.act(&handler, &late, "merge", json!({"lead_id": lead})).await;
    assert_eq!(merged["due"]["clock"], "decide");
    assert!(actions(&late_code).await.contains(&"accepted".to_owned()));
}

#[actix_web::test]
async fn what_an_earlier_version_left_without_dates_gets_them() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    let (_, twin) = app.said("grievance", ONE, app.county.own.0).await;
    let twin_taken = app.act(&handler, &twin, "accept", json!({})).await;
    let (_, lead) = app.said("grievance", SAME, app.county.own.0).await;
    app.act(&handler, &twin, "merge", json!({"lead_id": lead})).await;
    // As the migration leaves what that version wrote.
    let id = lead.replace('-', "");
    let is_sqlite = app.state.store.database() == liangnuo_persistence::db::Database::Sqlite;
    let id = if is_sqlite {
        format!("X'{id}'")
    } else {
        format!("'{lead}'::uuid")
    };
    for sql in [
        "UPDATE complaints SET due_at = NULL, soon_at = NULL, wake_at = 0 WHERE state = 'duplicate'".to_owned(),
        format!("UPDATE complaints SET pace = '{{}}' WHERE id = {id}"),
    ] {
        app.db.run(&sql).await;
    }
    app.state.store.wake_cases(NOW).await.unwrap();
    let listed = app.get_as(&handler, "/complaints?state=duplicate").await.ok(200);
    assert_eq!(listed["items"][0]["due_on"], twin_taken["due_on"]);
    let bound = app.get_as(&handler, &format!("/complaints/{lead}")).await.ok(200);
    let clocks: Vec<&Value> = [&bound["due"]]
        .into_iter()
        .chain(bound["other_dues"].as_array().unwrap())
        .map(|due| &due["clock"])
        .collect();
    assert!(clocks.contains(&&json!("duplicate")), "{clocks:?}");
    assert_eq!(app.state.store.wake_cases(NOW).await.unwrap().found, 0, "once");
}
