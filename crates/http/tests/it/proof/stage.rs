//! Two counties in one database, and whatever an operation needs to stand before it: a case in some state, a unit, a
//! template.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use futures_util::future::{FutureExt as _, LocalBoxFuture};
use liangnuo_domain::{AttachmentId, Role, complaints::Contact};
use liangnuo_http::{AppState, HttpSettings, attachment_run, passwords::Passwords};
use liangnuo_persistence::{Settings, Store, county::PastCase};
use liangnuo_test_support::{
    Answer, NOW, TestCounty, TestDb,
    api::{Call, PASSWORD, piece_of, solved, test_app_over, token_for},
    county::{grievance, past},
    database::texts,
    files::{pdf, photo},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::plans::By;

/// How many cases the other county has to give: one for each swap.
const POOL: usize = 90;

/// Where a thing stands, seen from the school.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Own,
    Sibling,
    /// A report: for the county's inspectors alone.
    Sealed,
    OtherCounty,
}

/// The state that a case is wanted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Received,
    /// Its contact data are kept, by the county's inspector.
    Held,
    Accepted,
    Assigned,
    Merged,
    Waiting,
    ExtensionAsked,
    LongerHoldAsked,
    /// Praise, which can be concluded without an answer.
    Praised,
    Supervised,
    Submitted,
    Approved,
    Replied,
}

/// A case in the version that was reached.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) id: Uuid,
    pub(super) version: i64,
    /// Empty where it was not filed through the portal.
    pub(super) receipt: String,
}

/// Tokens of those who bring a case where it is wanted.
struct Hands {
    handler: String,
    head: String,
    office: String,
    leader: String,
}

type Sending = Rc<dyn Fn(Call) -> LocalBoxFuture<'static, Answer>>;

/// The counties with the API over them.
pub(super) struct Stage {
    sending: Sending,
    pub(super) state: AppState,
    pub(super) url: String,
    pub(super) county: TestCounty,
    pub(super) other: TestCounty,
    hands: Hands,
    other_hands: Hands,
    pub(super) inspector: String,
    pub(super) admin: String,
    others_cases: RefCell<Vec<Uuid>>,
    made: Cell<u32>,
}

impl Stage {
    pub(super) async fn new() -> Self {
        let mut db = TestDb::new().await;
        // Ten that write at once on PostgreSQL.
        let many = Settings {
            max_connections: 30,
            ..db.settings()
        };
        db.store = Store::open(many).await.unwrap();
        let hash = Passwords::cheap().hash(PASSWORD.to_owned()).await.unwrap();
        let county = TestCounty::load_with(&db.store, &hash, |_| Vec::new(), NOW).await;
        let cases = |county: &TestCounty| {
            (0..POOL)
                .map(|_| PastCase {
                    contact: Contact::parse("刘女士", None, None).ok(),
                    ..past(grievance(Some(county.own)), NOW.plus_seconds(-3_600), Vec::new())
                })
                .collect()
        };
        let other = TestCounty::load_named(&db.store, "other_", &hash, cases, NOW).await;
        let settings = HttpSettings {
            public_region: Some(county.root),
            has_limits: false,
            challenge_difficulty: 1_000,
            public_cache: Duration::ZERO,
            ..HttpSettings::default()
        };
        let app = test_app_over(db, county, settings).await;
        let (state, url, county) = (app.state.clone(), app.db.url.clone(), app.county.clone());
        let app = Rc::new(app);
        let sending: Sending = Rc::new(move |call| {
            let app = Rc::clone(&app);
            async move { app.send(call).await }.boxed_local()
        });
        let mut stage = Self {
            hands: hands(&state, "root_").await,
            other_hands: hands(&state, "other_root_").await,
            inspector: token_for(&state, "root_inspector").await,
            admin: token_for(&state, "root_admin").await,
            others_cases: RefCell::default(),
            made: Cell::new(0),
            sending,
            state,
            url,
            county,
            other,
        };
        stage.fill_pool().await;
        stage
    }

    async fn fill_pool(&mut self) {
        let page = self.get(&self.other_hands.office, "/complaints?limit=100").await;
        let ids = page["items"].as_array().unwrap();
        assert_eq!(ids.len(), POOL);
        self.others_cases = ids.iter().map(id_of).collect::<Vec<_>>().into();
    }

    pub(super) async fn send(&self, call: Call) -> Answer {
        (self.sending)(call).await
    }

    pub(super) async fn get(&self, token: &str, path: &str) -> Value {
        self.send(Call::new("GET", path).bearer(token)).await.ok(200)
    }

    /// Asks the database for texts past the product.
    pub(super) async fn db_texts(&self, sql: &str) -> Vec<String> {
        texts(&self.url, sql).await
    }

    /// POST with a new key, on version 1 of whatever it is.
    pub(super) async fn make(&self, token: &str, path: &str, body: &Value) -> Value {
        let call = Call::new("POST", path).bearer(token).key(self.uuid()).if_match(1);
        let answer = self.send(call.json(body)).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.json);
        answer.json
    }

    pub(super) fn uuid(&self) -> Uuid {
        self.state.store.ids().v4()
    }

    /// A number that nobody had before: for names that must differ.
    pub(super) fn number(&self) -> u32 {
        self.made.set(self.made.get() + 1);
        self.made.get()
    }

    pub(super) async fn proof(&self) -> String {
        solved(&self.send(Call::new("GET", "/public/challenge")).await.ok(200))
    }

    /// A case at a place, brought into a state. A sealed one gets as far as its one inspector can bring it alone.
    pub(super) async fn case(&self, place: Place, need: Need) -> Case {
        let case = self.received(place).await;
        if need == Need::Received {
            return case;
        }
        if need == Need::Held {
            let inspector = match place {
                Place::OtherCounty => token_for(&self.state, "other_root_inspector").await,
                _ => self.inspector.clone(),
            };
            let path = format!("/complaints/{}/identity-hold", case.id);
            self.make(&inspector, &path, &json!({"reason": "诉讼未了"})).await;
            return case;
        }
        if need == Need::Merged {
            let lead = self.received(place).await;
            return self
                .step(place, case, "handler", "merge", json!({"lead_id": lead.id}))
                .await;
        }
        let case = self.step(place, case, "handler", "accept", json!({})).await;
        let parts = json!({"request": "饭菜偏凉", "facts": "路上太久", "decision": "改走南门", "basis": "合同第七条", "submit": true});
        let unit = match place {
            Place::Sibling => self.county.sibling,
            Place::OtherCounty => self.other.own,
            Place::Own | Place::Sealed => self.county.own,
        };
        let (who, verb, body) = match need {
            Need::Accepted | Need::Received | Need::Held | Need::Merged => return case,
            Need::Assigned => ("office", "assign", json!({"unit_id": unit})),
            Need::Waiting => ("handler", "hold", json!({"body": "请问是哪一天？", "days": 3})),
            Need::LongerHoldAsked => ("handler", "longer-hold", json!({"days": 5, "reason": "投诉人住院"})),
            Need::Praised => (
                "handler",
                "classify",
                json!({"kind": if place == Place::Sealed { "report" } else { "praise" }}),
            ),
            Need::ExtensionAsked => ("handler", "extension", json!({"days": 10, "reason": "要等检测结果"})),
            Need::Supervised => ("leader", "supervise", json!({"reason": "领导关注"})),
            Need::Submitted | Need::Approved | Need::Replied => ("handler", "draft", parts),
        };
        let case = self.step(place, case, who, verb, body).await;
        match need {
            Need::Approved => self.step(place, case, "head", "approve", json!({"send": false})).await,
            Need::Replied => self.step(place, case, "head", "approve", json!({})).await,
            _ => case,
        }
    }

    /// The yellow card of a late case, with its version; appealed by those who can.
    pub(super) async fn card(&self, place: Place, is_appealed: bool) -> (Uuid, i64) {
        let case = self.received(place).await;
        let late = NOW.plus_seconds(18 * 86_400);
        while self.state.store.wake_cases(late).await.unwrap().found > 0 {}
        let (reader, appellant) = match place {
            Place::Sealed => (&self.inspector, &self.inspector),
            Place::OtherCounty => (&self.other_hands.office, &self.other_hands.head),
            Place::Own | Place::Sibling => (&self.hands.office, &self.hands.head),
        };
        let seen = self.get(reader, &format!("/complaints/{}", case.id)).await;
        let id = id_of(&seen["cards"][0]);
        if !is_appealed {
            return (id, 1);
        }
        let path = format!("/cards/{id}/appeal");
        let call = Call::new("POST", &path).bearer(appellant).if_match(1);
        self.send(call.json(&json!({"reason": "当天停电"}))).await.ok(200);
        (id, 2)
    }

    /// A request to open who filed a case at a place, with its version: of the county's inspector, or of the school's, who also
    /// approves what the other one asks.
    pub(super) async fn opening(&self, place: Place, is_of_root: bool, is_approved: bool) -> (Uuid, i64) {
        let case = self.received(place).await;
        let schools = token_for(&self.state, "inspector").await;
        let others = token_for(&self.state, "other_root_inspector").await;
        let asker = match (place, is_of_root) {
            (Place::OtherCounty, _) => &others,
            (_, true) => &self.inspector,
            (_, false) => &schools,
        };
        let body = json!({"complaint_id": case.id, "category": "danger", "reason": "孩子没有回家"});
        let id = id_of(&self.make(asker, "/identity-openings", &body).await);
        if !is_approved {
            return (id, 1);
        }
        let path = format!("/identity-openings/{id}/approve");
        self.make(&schools, &path, &json!({"reason": "情况紧急"})).await;
        (id, 2)
    }

    /// A file on its way with its token: announced, or ready to be attached.
    pub(super) async fn upload(&self, is_whole: bool) -> (Uuid, String) {
        self.upload_of(&pdf(), is_whole).await
    }

    async fn upload_of(&self, content: &[u8], is_whole: bool) -> (Uuid, String) {
        let body = json!({
            "name": "文件", "size": content.len(), "keeps_original": true, "altcha": self.proof().await,
        });
        let call = Call::new("POST", "/public/uploads").key(self.uuid()).json(&body);
        self.pieces_of(call, content, is_whole).await
    }

    /// A file that a member has sent.
    pub(super) async fn staff_upload(&self, by: By) -> (Uuid, String) {
        let content = pdf();
        let bearer = token_for(&self.state, &by.login().unwrap()).await;
        let body = json!({"name": "文件", "size": content.len()});
        let call = Call::new("POST", "/uploads")
            .bearer(&bearer)
            .key(self.uuid())
            .json(&body);
        self.pieces_of(call, &content, true).await
    }

    /// A case at home with a file that a member attached.
    pub(super) async fn evidence(&self, by: By) -> (Uuid, Uuid) {
        let case = self.received(Place::Own).await;
        let (id, token) = self.staff_upload(by).await;
        let bearer = token_for(&self.state, &by.login().unwrap()).await;
        let path = format!("/complaints/{}/attachments", case.id);
        let body = json!({"uploads": [{"id": id, "token": token}]});
        let call = Call::new("POST", &path)
            .bearer(&bearer)
            .if_match(1)
            .key(self.uuid())
            .json(&body);
        self.send(call).await.ok(200);
        (case.id, id)
    }

    async fn pieces_of(&self, announcement: Call, content: &[u8], is_whole: bool) -> (Uuid, String) {
        let begun = self.send(announcement).await.ok(201);
        let (id, token) = (id_of(&begun), begun["upload_token"].as_str().unwrap().to_owned());
        if is_whole {
            self.send(piece_of(id, &token, 0, content)).await.ok(200);
            let file = AttachmentId(id);
            attachment_run::run(&self.state, self.county.root, file).await.unwrap();
        }
        (id, token)
    }

    /// An approved request of the county's inspector about a case with a picture, and the picture.
    pub(super) async fn original(&self) -> (Uuid, Uuid) {
        let (case, file) = self.attached_of(Place::Own, &photo(12, 8)).await;
        let body = json!({"complaint_id": case, "category": "danger", "reason": "照片是否真实"});
        let id = id_of(&self.make(&self.inspector, "/identity-openings", &body).await);
        let schools = token_for(&self.state, "inspector").await;
        let path = format!("/identity-openings/{id}/approve");
        self.make(&schools, &path, &json!({"reason": "同意"})).await;
        (id, file)
    }

    /// A case at a place with a file.
    pub(super) async fn attached(&self, place: Place) -> (Uuid, Uuid) {
        self.attached_of(place, &pdf()).await
    }

    async fn attached_of(&self, place: Place, content: &[u8]) -> (Uuid, Uuid) {
        let case = self.received(place).await;
        let (id, token) = self.upload_of(content, true).await;
        let body = json!({
            "receipt_code": case.receipt, "body": "补一份。", "altcha": self.proof().await,
            "uploads": [{"id": id, "token": token}],
        });
        self.send(
            Call::new("POST", "/public/complaints/messages")
                .key(self.uuid())
                .json(&body),
        )
        .await
        .ok(201);
        (case.id, id)
    }

    async fn received(&self, place: Place) -> Case {
        let (kind, unit) = match place {
            Place::Own => ("grievance", self.county.own),
            Place::Sibling => ("grievance", self.county.sibling),
            Place::Sealed => ("report", self.county.own),
            Place::OtherCounty => {
                let id = self.others_cases.borrow_mut().pop().unwrap();
                let receipt = String::new();
                return Case {
                    id,
                    version: 1,
                    receipt,
                };
            }
        };
        let body = json!({
            "kind": kind, "title": "食堂饭菜偏凉", "body": format!("孩子吃到的饭菜是凉的（{}）。", self.number()),
            "unit_id": unit, "altcha": self.proof().await,
            "contact": {"name": "刘女士", "phone": "13900000000"},
        });
        let filed = self
            .send(Call::new("POST", "/public/complaints").key(self.uuid()).json(&body))
            .await
            .ok(201);
        let list = format!("/complaints?q={}", filed["number"].as_str().unwrap());
        let found = self.get(&self.inspector, &list).await;
        Case {
            id: id_of(&found["items"][0]),
            version: 1,
            receipt: filed["receipt_code"].as_str().unwrap().to_owned(),
        }
    }

    async fn step(&self, place: Place, case: Case, who: &str, verb: &str, body: Value) -> Case {
        let hands = if place == Place::OtherCounty {
            &self.other_hands
        } else {
            &self.hands
        };
        let token = match (place, who) {
            (Place::Sealed, _) => &self.inspector,
            (_, "handler") => &hands.handler,
            (_, "head") => &hands.head,
            (_, "leader") => &hands.leader,
            _ => &hands.office,
        };
        let path = format!("/complaints/{}/{verb}", case.id);
        let call = Call::new("POST", &path)
            .bearer(token)
            .key(self.uuid())
            .if_match(case.version);
        let answer = self.send(call.json(&body)).await;
        if place == Place::Sealed && answer.status != 200 {
            return case;
        }
        let after = answer.ok(200);
        Case {
            version: after["version"].as_i64().unwrap(),
            ..case
        }
    }
}

async fn hands(state: &AppState, prefix: &str) -> Hands {
    let token = |role: Role| token_for_owned(state, format!("{prefix}{}", role.code()));
    Hands {
        handler: token(Role::Handler).await,
        head: token(Role::UnitHead).await,
        office: token(Role::CampaignOffice).await,
        leader: token(Role::Leader).await,
    }
}

async fn token_for_owned(state: &AppState, login: String) -> String {
    token_for(state, &login).await
}

pub(super) fn id_of(thing: &Value) -> Uuid {
    thing["id"].as_str().unwrap().parse().unwrap()
}
