//! From a plan to its request: what has to be there first, and how it is written.

use liangnuo_domain::{ImportId, Role, UnitId};
use liangnuo_test_support::{
    Authenticator, NOW,
    api::{Call, token_for},
    files::pdf,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    document::Operation,
    plans::{By, On, Plan, Set},
    stage::{Need, Place, Stage, id_of},
};

/// A ledger in which one row can't be read, so that there are errors to fetch.
const LEDGER: &str = "留言编号,留言用户,留言主题,留言时间,留言详情,类型,单位\n";

impl Stage {
    /// Prepares what a plan needs.
    pub(super) async fn set(&self, plan: &Plan) -> Set {
        let categories = self.get(&self.admin, "/categories").await;
        let items = categories["items"].as_array().unwrap();
        let leaf = items.iter().find(|item| item["depth"] == 3).unwrap();
        let top = items.iter().find(|item| item["depth"] == 1).unwrap();
        let number = self.number();
        let mut set = Set {
            target: Uuid::nil(),
            version: 1,
            receipt: String::new(),
            proof: self.proof().await,
            token: String::new(),
            file: Uuid::nil(),
            lead: Uuid::nil(),
            unit: self.county.own.0,
            child: self.county.child.0,
            below: Uuid::nil(),
            branch: self.county.branch.0,
            member: self.county.member(Role::Handler).0,
            leader: self.county.root_member(Role::Leader).0,
            category: id_of(leaf),
            top_category: id_of(top),
            number,
            key: self.uuid(),
        };
        match plan.on {
            On::Nothing => {}
            On::Case(need) => {
                let case = self.case(Place::Own, need).await;
                (set.target, set.version, set.receipt) = (case.id, case.version, case.receipt);
                set.lead = self.case(Place::Own, Need::Received).await.id;
            }
            On::Invited => {
                set.target = self.thing(On::Member, plan.by, self.county.own.0).await;
                let security = token_for(&self.state, "root_security_admin").await;
                let path = format!("/members/{}/account/link", set.target);
                let link = self.make(&security, &path, &json!({})).await;
                set.token = link["token"].as_str().unwrap().to_owned();
            }
            On::Guarded => set.target = self.guarded().await,
            On::Upload { is_whole } => (set.target, set.token) = self.upload(is_whole).await,
            On::Original => (set.target, set.file) = self.original().await,
            On::Attached => (set.target, set.file) = self.attached(Place::Own).await,
            On::Evidence => (set.target, set.file) = self.evidence(plan.by).await,
            On::Year => set.version = 0,
            On::Log => {
                let asked = Call::new("POST", "/log/verify").bearer(&self.inspector);
                self.send(asked).await.ok(200);
                let done = self.state.store.finish_log_verification(self.county.root, None, NOW);
                done.await.unwrap();
            }
            On::Card { is_appealed } => {
                (set.target, set.version) = self.card(Place::Own, is_appealed).await;
            }
            On::Opening { is_own, is_approved } => {
                (set.target, set.version) = self.opening(Place::Own, is_own, is_approved).await;
            }
            On::Settings => {
                // The first change of a county makes its row, each later one changes it.
                let version = || async { self.get(&self.admin, "/settings").await["version"].as_i64().unwrap() };
                if version().await == 0 {
                    let first = Call::new("PATCH", "/settings").bearer(&self.admin).if_match(0);
                    self.send(first.json(&json!({"hold_days": 7}))).await.ok(200);
                }
                set.version = version().await;
            }
            thing => set.target = self.thing(thing, plan.by, self.county.own.0).await,
        }
        if ["file_complaint", "add_to_complaint"].contains(&plan.operation) {
            (set.file, set.token) = self.upload(true).await;
        }
        if plan.operation == "attach_to_complaint" {
            (set.file, set.token) = self.staff_upload(plan.by).await;
        }
        if plan.on == On::Grant {
            set.member = self.thing(On::Member, plan.by, self.county.own.0).await;
        }
        if plan.operation == "split_unit" {
            set.member = self.thing(On::Member, plan.by, set.target).await;
            set.below = self.thing(On::Unit, plan.by, set.target).await;
        }
        if plan.on == On::ClosedCategory {
            set.version = 2;
        }
        set
    }

    /// Something new of a kind, in version 1 unless it was closed.
    pub(super) async fn thing(&self, what: On, by: By, unit: Uuid) -> Uuid {
        let number = self.number();
        let (path, body) = match what {
            On::Unit => (
                "/units",
                json!({"parent_id": unit, "kind": "office", "name": format!("科室{number}")}),
            ),
            On::Member => ("/members", json!({"unit_id": unit, "name": format!("成员{number}")})),
            On::Category | On::ClosedCategory => ("/categories", json!({"name": format!("分类{number}")})),
            On::Template => (
                "/reply-templates",
                json!({"unit_id": unit, "purpose": "question", "name": format!("询问{number}"), "body": "请问是哪一天？"}),
            ),
            On::View => (
                "/me/views",
                json!({"name": format!("视图{number}"), "query": "phase=overdue"}),
            ),
            On::Import => return self.import("root_campaign_office", self.county.root).await,
            On::Event => {
                let case = self.case(Place::Own, Need::Received).await;
                return self.event_of(case.id).await;
            }
            On::Session => return self.session(&by.login().unwrap()).await,
            On::Grant => return self.grant(("root_admin", "root_security_admin"), unit).await,
            On::Nothing
            | On::Case(_)
            | On::Upload { .. }
            | On::Attached
            | On::Evidence
            | On::Original
            | On::Card { .. }
            | On::Opening { .. }
            | On::Invited
            | On::Guarded
            | On::Year
            | On::Settings
            | On::Log => {
                panic!("nothing to be made")
            }
        };
        let token = match what {
            On::Template => token_for(&self.state, "root_campaign_office").await,
            On::View => token_for(&self.state, &by.login().unwrap()).await,
            _ => self.admin.clone(),
        };
        let made = self.make(&token, path, &body).await;
        let id = match what {
            On::View => {
                let named = body["name"].clone();
                id_of(
                    made["items"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .find(|view| view["name"] == named)
                        .unwrap(),
                )
            }
            _ => id_of(&made),
        };
        if what == On::ClosedCategory {
            self.make(&token, &format!("/categories/{id}/close"), &json!({})).await;
        }
        id
    }

    /// Somebody new at the school with an account and a second factor.
    async fn guarded(&self) -> Uuid {
        let member = self.thing(On::Member, By::Nobody, self.county.own.0).await;
        let security = token_for(&self.state, "root_security_admin").await;
        let path = format!("/members/{member}/account/link");
        let link = self.make(&security, &path, &json!({})).await;
        let login = format!("guarded{}", self.number());
        let body = json!({"token": link["token"], "login": login, "password": "桥头第2家铺子，后面的老井"});
        let redeem = Call::new("POST", "/auth/account-links/redeem").json(&body);
        self.send(redeem).await.ok(204);
        let token = token_for(&self.state, &login).await;
        let begun = self.make(&token, "/me/second-factor/begin", &json!({})).await;
        let phone = Authenticator::of(begun["seed"].as_str().unwrap());
        let code = phone.shows(self.state.clock.now());
        self.make(&token, "/me/second-factor/enrol", &json!({"code": code}))
            .await;
        member
    }

    /// A new session of whoever has this login.
    pub(super) async fn session(&self, login: &str) -> Uuid {
        let token = token_for(&self.state, login).await;
        id_of(&self.get(&token, "/me/sessions").await["items"][0])
    }

    /// That a case came in, as it stands in the log.
    pub(super) async fn event_of(&self, case: Uuid) -> Uuid {
        let hex = |column: &str| {
            if self.url.starts_with("sqlite") {
                format!("lower(hex({column}))")
            } else {
                format!("replace({column}::text, '-', '')")
            }
        };
        let sql = format!(
            "SELECT {} FROM events WHERE action = 'complaints.received' AND {} = '{}'",
            hex("id"),
            hex("subject_id"),
            case.simple()
        );
        self.db_texts(&sql).await[0].parse().unwrap()
    }

    /// The role of somebody new at a unit, who is made and given it by these.
    pub(super) async fn grant(&self, by: (&str, &str), unit: Uuid) -> Uuid {
        let (admin, security) = (token_for(&self.state, by.0).await, token_for(&self.state, by.1).await);
        let body = json!({"unit_id": unit, "name": format!("成员{}", self.number())});
        let member = id_of(&self.make(&admin, "/members", &body).await);
        let body = json!({"member_id": member, "role": "unit_head", "unit_id": unit, "reason": "岗位调整"});
        id_of(&self.make(&security, "/role-grants", &body).await)
    }

    /// A run that is over, asked for by somebody of a county.
    pub(super) async fn import(&self, login: &str, region: UnitId) -> Uuid {
        let token = token_for(&self.state, login).await;
        let call = Call::new("POST", "/imports/complaints").bearer(&token).key(self.uuid());
        let job = self.send(self.ledger(call, self.number())).await.ok(202);
        let id = id_of(&job);
        let go_on = || async { Ok(std::ops::ControlFlow::Continue(())) };
        liangnuo_http::import_run::run(&self.state, region, ImportId(id), go_on)
            .await
            .unwrap();
        id
    }

    fn ledger(&self, call: Call, number: u32) -> Call {
        let file = format!("{LEDGER}L{number},王芳,路灯不亮,不是日子,校门口的路灯不亮。,投诉,柳湾小学\n");
        call.form(&[("file", Some("ledger.csv"), file.as_bytes())])
    }

    fn list(&self, call: Call, file: &str) -> Call {
        call.form(&[("file", Some("list.csv"), file.as_bytes())])
    }

    /// The request of a plan, by somebody.
    pub(super) fn call(&self, operation: &Operation, plan: &Plan, set: &Set, token: Option<&str>) -> Call {
        let body = (plan.body)(set);
        let query = plan.query.replace("{unit}", &set.unit.to_string());
        self.call_with(operation, set, token, (&query, &body))
    }

    /// The same with another query and body.
    pub(super) fn call_with(
        &self,
        operation: &Operation,
        set: &Set,
        token: Option<&str>,
        with: (&str, &Value),
    ) -> Call {
        let year = (2027 + set.number % 60).to_string();
        let mut path: String = operation
            .path
            .split('/')
            .map(|part| match part {
                "{year}" => year.clone(),
                "{attachment_id}" => set.file.to_string(),
                part if part.starts_with('{') => set.target.to_string(),
                part => part.to_owned(),
            })
            .collect::<Vec<_>>()
            .join("/");
        if !with.0.is_empty() {
            path = format!("{path}?{}", with.0);
        }
        let mut call = Call::new(&operation.method, &path);
        if let Some(token) = token {
            call = call.bearer(token);
        }
        if operation.has_version {
            call = call.if_match(set.version);
        }
        if operation.has_key {
            call = call.key(set.key);
        }
        if operation.path.contains("{upload_id}") {
            call = call.header("Upload-Token", set.token.clone());
        }
        match (operation.method.as_str(), operation.id.as_str()) {
            ("GET" | "DELETE", _) => call,
            (_, "import_complaints") => self.ledger(call, set.number),
            (_, "send_upload_piece") => call
                .header("Upload-Offset", "0")
                .body("application/offset+octet-stream", pdf()),
            (_, "import_units") => self.list(
                call,
                &format!("单位名称,类型,上级单位\n名册{},股室,清河县教育局\n", set.number),
            ),
            (_, "import_members") => self.list(call, &format!("姓名,单位\n名册{},清河县教育局\n", set.number)),
            _ => call.json(with.1),
        }
    }
}
