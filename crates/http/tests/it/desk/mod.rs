//! Beyond the straight way: holds, extensions, objections, doing it again, duplicates, supervision, alarms, reminders.

mod closing;
mod dispatch;
mod time;
mod told;

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
