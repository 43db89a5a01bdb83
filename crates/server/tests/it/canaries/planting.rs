//! Plants the marks as people would: by the API, each where it belongs.

use std::{collections::BTreeMap, time::Duration};

use liangnuo_domain::Timestamp;
use liangnuo_test_support::{
    Authenticator,
    api::{Call, piece_of, solved},
    files::{pdf, photo_saying},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{searcher::Mark, wire};

/// Answers to those who ask rightly, and to those who don't.
pub(super) const ERRORS: &str = "errors";

/// What somebody was answered.
pub(super) struct Heard {
    pub(super) place: String,
    pub(super) who: String,
    pub(super) bytes: Vec<u8>,
}

/// Everybody who speaks to the server, and what they heard.
pub(super) struct Crowd {
    port: u16,
    accounts: Vec<Value>,
    /// By account, in their order.
    pub(super) tokens: BTreeMap<String, String>,
    pub(super) marks: Vec<Mark>,
    pub(super) heard: Vec<Heard>,
    /// What the parts of paths stand for.
    pub(super) ids: BTreeMap<&'static str, Vec<String>>,
    key: u128,
}

pub(super) const NOBODY: &str = "nobody";

impl Crowd {
    pub(super) fn new(port: u16, accounts: Vec<Value>) -> Self {
        Self {
            port,
            accounts,
            tokens: BTreeMap::new(),
            marks: Vec::new(),
            heard: Vec::new(),
            ids: BTreeMap::new(),
            key: 0x0189_0000_0000_7000_8000_0000_0000_0000,
        }
    }

    /// Marks a value that is typed in; gives it.
    fn mark(&mut self, name: &'static str, value: &str) -> String {
        self.marks.push(Mark::new(name, value));
        value.to_owned()
    }

    /// Marks a value that the server handed out.
    fn mark_given(&mut self, name: &'static str, value: &Value) -> String {
        self.mark(name, value.as_str().unwrap())
    }

    fn note(&mut self, name: &'static str, id: &Value) -> String {
        let id = id.as_str().unwrap().to_owned();
        self.ids.entry(name).or_default().push(id.clone());
        id
    }

    /// Sends a request as somebody, whose computer and address say who they are.
    pub(super) fn ask(&mut self, operation: &str, who: &str, call: Call) -> wire::Answer {
        let computer = if who == NOBODY { "complainant" } else { "staff" };
        let call = call
            .header(
                "User-Agent",
                format!("Mozilla/5.0 (canary-{computer}-agent) Firefox/140.0"),
            )
            .header("Referer", format!("https://canary-{computer}-referer.example/"))
            .header(
                "X-Forwarded-For",
                if who == NOBODY {
                    "203.0.113.117"
                } else {
                    "203.0.113.228"
                },
            );
        let call = match self.tokens.get(who) {
            Some(token) => call.bearer(token),
            None => call,
        };
        let answer = wire::send(self.port, &call);
        // After the password comes the code: a failure that hands something out.
        let is_asked_for_code = answer.json()["code"] == "second_factor_needed";
        let is_success = answer.status < 400 || is_asked_for_code;
        let place = if is_success { operation } else { ERRORS };
        self.heard.push(Heard {
            place: place.to_owned(),
            who: who.to_owned(),
            bytes: answer.searched(),
        });
        answer
    }

    pub(super) fn get(&mut self, operation: &str, who: &str, path: &str) -> wire::Answer {
        self.ask(operation, who, Call::new("GET", path))
    }

    fn post(&mut self, operation: &str, who: &str, path: &str, body: Value) -> Value {
        let call = Call::new("POST", path).key(self.key()).json(&body);
        self.ask(operation, who, call).ok()
    }

    /// A step on the version that is there now.
    fn step(&mut self, operation: &str, who: &str, (path, verb): (&str, &str), body: Value) -> Value {
        let version = self.get("get_complaint", who, path).ok()["version"].as_i64().unwrap();
        let call = Call::new("POST", &format!("{path}/{verb}"))
            .if_match(version)
            .key(self.key())
            .json(&body);
        self.ask(operation, who, call).ok()
    }

    fn key(&mut self) -> Uuid {
        self.key += 1;
        Uuid::from_u128(self.key)
    }

    fn proof(&mut self) -> String {
        solved(&self.get("get_challenge", NOBODY, "/public/challenge").ok())
    }
}

/// Plants everything.
pub(super) fn plant(crowd: &mut Crowd) {
    computers(crowd);
    sign_in(crowd);
    let school = crowd.get("get_me", "handler", "/me").ok()["unit"]["id"].clone();
    crowd.note("unit_id", &school);
    let receipt = grievance(crowd, &school);
    report(crowd, &school);
    registered(crowd, &school);
    let case = crowd.ids["complaint_id"][0].clone();
    life(crowd, &format!("/complaints/{case}"), &receipt);
    opened(crowd, &case);
    second_factor(crowd);
    accounts(crowd, &school);
    searches(crowd);
    ledger(crowd);
}

fn computers(crowd: &mut Crowd) {
    for (name, value) in [
        ("browser of the complainant", "canary-complainant-agent"),
        ("page the complainant came from", "canary-complainant-referer"),
        ("address of the complainant", "203.0.113.117"),
        ("browser of the staff", "canary-staff-agent"),
        ("page the staff came from", "canary-staff-referer"),
        ("address of the staff", "203.0.113.228"),
    ] {
        crowd.mark(name, value);
    }
}

fn sign_in(crowd: &mut Crowd) {
    let wrong = crowd.mark("password that was wrong", "canary-wrong-password-1");
    let mistyped = crowd.mark("password typed as a login", "canary-typed-as-login-2");
    for account in crowd.accounts.clone() {
        let role = account["role"].as_str().unwrap();
        let who = match crowd.tokens.contains_key(role) {
            true => format!("{role} 2"),
            false => role.to_owned(),
        };
        let body = json!({"login": account["login"], "password": account["password"], "session": "body"});
        let grant = crowd.post("log_in", NOBODY, "/auth/login", body);
        if who == "handler" {
            crowd.mark_given("password", &account["password"]);
            // What is signed and what it is signed with are good for nothing apart.
            let access = grant["access_token"]
                .as_str()
                .unwrap()
                .rsplit('.')
                .next()
                .unwrap()
                .to_owned();
            crowd.mark("access token", &access);
            let refresh = crowd.mark_given("refresh token that was used", &grant["refresh_token"]);
            crowd.mark_given("token of a known device", &grant["device_token"]);
            let renewed = crowd.post(
                "refresh_session",
                NOBODY,
                "/auth/refresh",
                json!({"refresh_token": refresh}),
            );
            crowd.mark_given("refresh token", &renewed["refresh_token"]);
            for (login, password) in [(account["login"].as_str().unwrap(), &wrong), (&mistyped, &wrong)] {
                let body = json!({"login": login, "password": password});
                let refused = crowd.ask("log_in", NOBODY, Call::new("POST", "/auth/login").json(&body));
                assert_eq!(refused.status, 401);
            }
        }
        crowd
            .tokens
            .insert(who, grant["access_token"].as_str().unwrap().to_owned());
    }
    let account = crowd.accounts[0].clone();
    let body = json!({"login": account["login"], "password": account["password"], "session": "cookie"});
    let call = Call::new("POST", "/auth/login").json(&body);
    let head = crowd.ask("log_in", NOBODY, call).head;
    let cookies: Vec<&str> = head
        .lines()
        .filter(|line| line.to_ascii_lowercase().starts_with("set-cookie: "))
        .map(|line| &line[12..])
        .filter_map(|line| line.split_once('=')?.1.split(';').next())
        .collect();
    assert_eq!(cookies.len(), 2, "{head}");
    crowd.mark("refresh token in a cookie, or a device's", cookies[0]);
    crowd.mark("device's token in a cookie, or a refresh token", cookies[1]);
}

/// Sends a file and waits until it was looked at; gives how it is claimed.
fn upload(crowd: &mut Crowd, name: &str, content: &[u8], token: &'static str) -> Value {
    let altcha = crowd.proof();
    let body = json!({"name": name, "size": content.len(), "keeps_original": true, "altcha": altcha});
    let ticket = crowd.post("begin_upload", NOBODY, "/public/uploads", body);
    let id = crowd.note("upload_id", &ticket["id"]);
    let token = crowd.mark_given(token, &ticket["upload_token"]);
    let piece = piece_of(id.parse().unwrap(), &token, 0, content);
    crowd.ask("send_upload_piece", NOBODY, piece).ok();
    for _ in 0..300 {
        let call = Call::new("GET", &format!("/public/uploads/{id}")).header("Upload-Token", token.clone());
        if crowd.ask("get_upload", NOBODY, call).ok()["state"] == "ready" {
            return json!({"id": id, "token": token});
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("nobody looked at {name}");
}

/// A case with contact data and files, about the school; gives its receipt code.
fn grievance(crowd: &mut Crowd, school: &Value) -> String {
    let head = [
        (0x010E, crowd.mark("place in a photo", "GPS-30.117N-120.117E")),
        (0x010F, crowd.mark("device in a photo", "CANARY-SERIAL-0099117")),
        (0x013B, crowd.mark("person in a photo", "CANARY-ARTIST-LIU")),
    ];
    let head: Vec<(u16, &str)> = head.iter().map(|(tag, text)| (*tag, text.as_str())).collect();
    let photo = photo_saying(60, 40, &head);
    let text = crowd.mark("text in a document", "canary-inside-the-document");
    let document = [pdf(), format!("%{text}\n").into_bytes()].concat();
    let names = [
        crowd.mark("name of a photo", "IMG 金丝雀的孩子.jpg"),
        crowd.mark("name of a document", "canary-病历-notes.pdf"),
    ];
    let uploads = [
        upload(crowd, &names[0], &photo, "token of a photo's upload"),
        upload(crowd, &names[1], &document, "token of a document's upload"),
    ];
    let typed = "+86 199-0001-0101";
    crowd
        .marks
        .push(Mark::new("phone", typed).or(b"19900010101").or(b"199 0001 0101"));
    let contact = json!({
        "name": crowd.mark("name", "金丝雀刘女士"), "phone": typed, "email": crowd.mark("e-mail", "canary.liu@example.com"),
        "guardian": {"name": crowd.mark("name of who consented", "金丝雀的监护人"), "relation": "parent", "has_consented": true},
    });
    let body = json!({
        "kind": "grievance", "title": crowd.mark("title", "金丝雀食堂饭菜偏凉"),
        "body": crowd.mark("text", "金丝雀说中午吃到的饭菜是凉的"), "unit_id": school, "contact": contact, "uploads": uploads,
        "altcha": crowd.proof(),
    });
    filed(crowd, body, "receipt code")
}

/// A report about the same school, which the inspectors alone see.
fn report(crowd: &mut Crowd, school: &Value) {
    let contact = json!({
        "name": crowd.mark("name of who reported", "金丝雀举报的人"),
        "phone": crowd.mark("phone of who reported", "19900020202"),
        "email": crowd.mark("e-mail of who reported", "canary.report@example.com"),
    });
    let body = json!({
        "kind": "report", "title": crowd.mark("title of a report", "金丝雀举报补课收费"),
        "body": crowd.mark("text of a report", "金丝雀看见老师在家里收费补课"), "unit_id": school, "contact": contact,
        "altcha": crowd.proof(),
    });
    filed(crowd, body, "receipt code of a report");
}

fn filed(crowd: &mut Crowd, body: Value, code: &'static str) -> String {
    let receipt = crowd.post("file_complaint", NOBODY, "/public/complaints", body);
    let found = format!("/complaints?q={}", receipt["number"].as_str().unwrap());
    let list = crowd.get("list_complaints", "inspector", &found).ok();
    crowd.note("complaint_id", &list["items"][0]["id"]);
    let given = receipt["receipt_code"].as_str().unwrap().to_owned();
    let bare = given.replace('-', "");
    crowd.marks.push(Mark::new(code, &given).or(bare.as_bytes()));
    given
}

/// What a clerk takes down.
fn registered(crowd: &mut Crowd, school: &Value) {
    let phone = "0571-8600 0303";
    crowd
        .marks
        .push(Mark::new("phone of who called", phone).or(b"057186000303"));
    let contact = json!({
        "name": crowd.mark("name of who called", "金丝雀来电的人"), "phone": phone,
        "email": crowd.mark("e-mail of who called", "canary.call@example.com"),
    });
    let body = json!({
        "kind": "grievance", "channel": "phone", "title": crowd.mark("title of a call", "金丝雀校车晚到"),
        "body": crowd.mark("text of a call", "金丝雀来电说校车晚到二十分钟"), "unit_id": school, "contact": contact,
    });
    let made = crowd.post("register_complaint", "handler", "/complaints", body);
    let given = made["receipt_code"].as_str().unwrap().to_owned();
    crowd
        .marks
        .push(Mark::new("receipt code of a call", &given).or(given.replace('-', "").as_bytes()));
    crowd.note("complaint_id", &made["id"]);
}

/// What becomes of the case, up to its rating.
fn life(crowd: &mut Crowd, path: &str, receipt: &str) {
    let altcha = crowd.proof();
    let added = crowd.mark("what was added", "金丝雀补充说是星期二");
    let body = json!({"receipt_code": receipt, "body": added, "altcha": altcha});
    crowd.post("add_to_complaint", NOBODY, "/public/complaints/messages", body);
    crowd.step("accept_complaint", "handler", (path, "accept"), json!({}));
    let question = crowd.mark("question to the complainant", "请问金丝雀是哪一天的事");
    crowd.step(
        "message_complainant",
        "handler",
        (path, "message"),
        json!({"body": question}),
    );
    let facts = crowd.mark("reply", "金丝雀的饭菜在路上太久");
    let draft =
        json!({"request": "饭菜偏凉", "facts": facts, "decision": "改走南门", "basis": "合同第七条", "submit": true});
    crowd.step("draft_complaint_reply", "handler", (path, "draft"), draft);
    crowd.step("approve_complaint_reply", "unit_head", (path, "approve"), json!({}));
    let altcha = crowd.proof();
    let comment = crowd.mark("comment of a rating", "金丝雀觉得还算满意");
    let body = json!({"receipt_code": receipt, "level": 4, "comment": comment, "altcha": altcha});
    crowd.post("rate_complaint", NOBODY, "/public/complaints/rating", body);
    let body = json!({"receipt_code": receipt});
    crowd
        .ask(
            "track_complaint",
            NOBODY,
            Call::new("POST", "/public/complaints/track").json(&body),
        )
        .ok();
}

/// Who filed it, opened by two.
fn opened(crowd: &mut Crowd, case: &str) {
    let why = crowd.mark("reason to open an identity", "金丝雀的孩子没有回家");
    let body = json!({"complaint_id": case, "category": "danger", "reason": why});
    let opening = crowd.post("ask_identity", "inspector", "/identity-openings", body);
    let path = format!(
        "/identity-openings/{}",
        crowd.note("identity_opening_id", &opening["id"])
    );
    let why = crowd.mark("reason of the second person", "金丝雀情况紧急同意");
    let call = Call::new("POST", &format!("{path}/approve"))
        .if_match(1)
        .json(&json!({"reason": why}));
    crowd.ask("approve_identity_opening", "inspector 2", call).ok();
    let call = Call::new("POST", &format!("{path}/read")).if_match(2);
    crowd.ask("read_identity", "inspector", call).ok();
    let files = crowd
        .get(
            "list_attachments",
            "inspector",
            &format!("/complaints/{case}/attachments"),
        )
        .ok();
    for file in files["items"].as_array().unwrap() {
        crowd.note("attachment_id", &file["id"]);
    }
    let why = crowd.mark("reason to keep contact data", "金丝雀的案子还在法院");
    let complaint = format!("/complaints/{case}");
    crowd.step(
        "hold_identity",
        "inspector",
        (&complaint, "identity-hold"),
        json!({"reason": why}),
    );
}

fn now() -> Timestamp {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap())
}

fn second_factor(crowd: &mut Crowd) {
    let who = "handler 2";
    let begun = crowd.post("begin_second_factor", who, "/me/second-factor/begin", json!({}));
    let seed = begun["seed"].as_str().unwrap().to_owned();
    let phone = Authenticator::of(&seed);
    crowd
        .marks
        .push(Mark::new("seed of a second factor", &seed).or(phone.seed()));
    let body = json!({"code": phone.shows(now())});
    let codes = crowd.post("enrol_second_factor", who, "/me/second-factor/enrol", body)["recovery_codes"].clone();
    let used = crowd.mark_given("recovery code that was used", &codes[0]);
    crowd.mark_given("recovery code", &codes[1]);
    let account = crowd
        .accounts
        .iter()
        .filter(|account| account["role"] == "handler")
        .nth(1)
        .cloned()
        .unwrap();
    let body = json!({"login": account["login"], "password": account["password"], "session": "body"});
    let call = Call::new("POST", "/auth/login").json(&body);
    let ticket = crowd.ask("log_in", NOBODY, call).json()["ticket"].clone();
    let ticket = crowd.mark_given("ticket between password and code", &ticket);
    let body = json!({"ticket": ticket, "recovery_code": used, "session": "body"});
    let grant = crowd.post("log_in_with_code", NOBODY, "/auth/second-factor", body);
    crowd
        .tokens
        .insert(who.to_owned(), grant["access_token"].as_str().unwrap().to_owned());
    let new = crowd.mark("password that was changed to", "桥头第2家铺子，canary-changed");
    let body = json!({"current_password": account["password"], "new_password": new});
    crowd.mark_given("password that was changed", &account["password"]);
    let call = Call::new("POST", "/me/password").json(&body);
    assert_eq!(crowd.ask("change_password", who, call).status, 204);
}

fn accounts(crowd: &mut Crowd, school: &Value) {
    let body = json!({"unit_id": school, "name": crowd.mark("name of a member", "金丝雀新教师")});
    let member = crowd.post("create_member", "admin", "/members", body);
    let id = crowd.note("member_id", &member["id"]);
    let issued = crowd.post(
        "issue_account_link",
        "admin",
        &format!("/members/{id}/account/link"),
        json!({}),
    );
    let token = crowd.mark_given("token of a link that was used", &issued["token"]);
    let login = crowd.mark("login", "canary.teacher.01");
    let password = crowd.mark("password set by a link", "桥头第2家铺子，canary-invited");
    crowd.post(
        "look_up_account_link",
        NOBODY,
        "/auth/account-links/look-up",
        json!({"token": token}),
    );
    let body = json!({"token": token, "login": login, "password": password});
    crowd
        .ask(
            "redeem_account_link",
            NOBODY,
            Call::new("POST", "/auth/account-links/redeem").json(&body),
        )
        .ok();
    let issued = crowd.post(
        "issue_account_link",
        "admin",
        &format!("/members/{id}/account/link"),
        json!({}),
    );
    crowd.mark_given("token of a link", &issued["token"]);
    let why = crowd.mark("reason of a role", "金丝雀岗位调整的原因");
    let body = json!({"unit_id": school, "member_id": id, "role": "handler", "reason": why});
    let grant = crowd.post("grant_role", "admin", "/role-grants", body);
    crowd.note("role_grant_id", &grant["id"]);
}

/// What is typed into fields that search.
fn searches(crowd: &mut Crowd) {
    use super::searcher::in_address;
    let phone = crowd.mark("phone that was searched for", "19900040404");
    let name = crowd.mark("name that was searched for", "金丝雀被搜的人");
    let staff: Vec<String> = crowd.tokens.keys().cloned().collect();
    for text in [&phone, &name] {
        for who in &staff {
            for path in [
                "/complaints",
                "/complaints/export",
                "/members",
                "/units",
                "/events",
                "/statistics/complaints",
            ] {
                crowd.get("searches", who, &format!("{path}?q={}", in_address(text)));
            }
        }
        crowd.get(
            "list_public_units",
            NOBODY,
            &format!("/public/units?q={}", in_address(text)),
        );
    }
    let query = crowd.mark("phone in a saved view", "19900050505");
    let body = json!({"name": "找人", "query": format!("q={query}")});
    crowd.post("save_view", "handler", "/me/views", body);
}

/// A ledger of which one row is good and the other one bad.
fn ledger(crowd: &mut Crowd) {
    let author = crowd.mark("author in a ledger", "金丝雀网友小白");
    let other = crowd.mark("author of a bad row", "金丝雀网友小黑");
    let text = crowd.mark("text in a ledger", "金丝雀台账里的正文");
    let bad = crowd.mark("text of a bad row", "金丝雀坏行里的正文");
    let file = format!(
        "留言编号,留言用户,留言主题,留言时间,留言详情\nC-1,{author},食堂,2026-11-20,{text}\nC-2,{other},校车,不是日期,{bad}\n"
    );
    let name = crowd.mark("name of a ledger", "canary-ledger-file.csv");
    let fields: [(&str, Option<&str>, &[u8]); 1] = [("file", Some(&name), file.as_bytes())];
    let call = Call::new("POST", "/imports/complaints/inspect").form(&fields);
    crowd.ask("inspect_import", "campaign_office", call).ok();
    let call = Call::new("POST", "/imports/complaints").key(crowd.key()).form(&fields);
    let job = crowd.ask("import_complaints", "campaign_office", call).ok();
    let id = crowd.note("import_id", &job["id"]);
    for _ in 0..300 {
        let job = crowd
            .get("get_import", "campaign_office", &format!("/imports/{id}"))
            .ok();
        if !job["finished_at"].is_null() {
            assert_eq!(
                (&job["rows_created"], &job["rows_failed"]),
                (&json!(1), &json!(1)),
                "{job}"
            );
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("nobody imported the ledger");
}
