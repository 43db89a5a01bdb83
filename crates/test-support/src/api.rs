//! The API in this process: every layer but the socket.

use std::{pin::Pin, time::Duration};

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
    http::{Method, StatusCode, header::HeaderMap},
    test,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use liangnuo_domain::{AttachmentId, MemberId, Role, sessions::Device};
use liangnuo_http::{AppState, HttpSettings, app, attachment_run, clock::Clock, keys::Keys, passwords::Passwords};
use liangnuo_persistence::{county::PastCase, second_factor::Proof};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{NOW, TestCounty, TestDb};

/// What the members of the test county sign in with.
pub const PASSWORD: &str = "槐树下的第三张长椅";

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, if it is JSON.
    pub json: Value,
    /// Its body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The problem's code; empty where there is none.
    #[must_use]
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body, if the status is this one.
    ///
    /// # Panics
    /// On any other status.
    #[track_caller]
    pub fn ok(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.bytes));
        self.json
    }

    /// The problem, if the status and the code are these.
    ///
    /// # Panics
    /// On any other answer.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status.as_u16(), self.code()), (status, code), "{}", self.json);
        assert_eq!(self.header("content-type"), "application/problem+json");
        self.json
    }
}

/// The API with its database.
#[derive(Debug)]
pub struct TestApp<S> {
    service: S,
    /// What the handlers share.
    pub state: AppState,
    /// The clock, to be moved.
    pub clock: Clock,
    /// The database.
    pub db: TestDb,
    /// The county in it.
    pub county: TestCounty,
}

/// The API over a small county without cases.
pub async fn test_app() -> TestApp<impl Service<Request, Response = ServiceResponse<impl MessageBody>, Error = Error>> {
    test_app_with(
        |_| Vec::new(),
        HttpSettings {
            has_limits: false,
            challenge_difficulty: 1_000,
            public_cache: Duration::ZERO,
            ..HttpSettings::default()
        },
    )
    .await
}

/// The API over a small county with cases.
pub async fn test_app_with(
    cases: impl FnOnce(&TestCounty) -> Vec<PastCase>,
    settings: HttpSettings,
) -> TestApp<impl Service<Request, Response = ServiceResponse<impl MessageBody>, Error = Error>> {
    let db = TestDb::new().await;
    let hash = Passwords::cheap().hash(PASSWORD.to_owned()).await.unwrap();
    let county = TestCounty::load_with(&db.store, &hash, cases, NOW).await;
    test_app_over(db, county, settings).await
}

/// The API over a county that is there.
pub async fn test_app_over(
    db: TestDb,
    county: TestCounty,
    settings: HttpSettings,
) -> TestApp<impl Service<Request, Response = ServiceResponse<impl MessageBody>, Error = Error>> {
    let clock = Clock::fixed(NOW);
    let passwords = Passwords::cheap();
    let state = AppState::new(db.store.clone(), clock.clone(), Keys::new([7; 32]), passwords, settings);
    let service = test::init_service(app(&state)).await;
    TestApp {
        service,
        state,
        clock,
        db,
        county,
    }
}

/// A token for an account, without the cost of a password.
pub async fn token_for(state: &AppState, login: &str) -> String {
    let account = state.store.account_for_login(login).await.unwrap().unwrap();
    let now = state.clock.now();
    let hash = Keys::token_hash(&Keys::random_token());
    let renewed = state
        .store
        .open_session(account.id, Proof::Password, hash, Device::UNKNOWN, now)
        .await
        .unwrap();
    state.keys.access_token(account.id.0, renewed.session, now).unwrap()
}

/// Bytes of a piece of a file.
const PIECE: usize = 256 * 1024;

/// The request that sends a piece of a file.
#[must_use]
pub fn piece_of(id: Uuid, token: &str, offset: usize, piece: &[u8]) -> Call {
    Call::new("POST", &format!("/public/uploads/{id}/pieces"))
        .header("Upload-Token", token)
        .header("Upload-Offset", offset.to_string())
        .body("application/offset+octet-stream", piece.to_vec())
}

/// The solution of a challenge as it was answered.
#[must_use]
pub fn solved(challenge: &Value) -> String {
    let text = |name: &str| challenge[name].as_str().unwrap().to_owned();
    let most = challenge["maxnumber"].as_u64();
    let number = altcha_lib_rs::solve_challenge(&text("challenge"), &text("salt"), None, most, 0).unwrap();
    let solution = json!({
        "algorithm": "SHA-256", "challenge": text("challenge"), "number": number,
        "salt": text("salt"), "signature": text("signature"),
    });
    BASE64_STANDARD.encode(solution.to_string())
}

/// A request in the making.
#[derive(Clone, Debug)]
pub struct Call {
    method: Method,
    path: String,
    body: Option<(String, Vec<u8>)>,
    headers: Vec<(String, String)>,
}

impl Call {
    /// A request of a method to a path below `/api/v1`, or to any other path.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        let is_whole = ["/api", "/healthz", "/readyz", "/openapi", "/docs"]
            .iter()
            .any(|known| path.starts_with(known));
        Self {
            method: method.parse().unwrap(),
            path: if is_whole {
                path.to_owned()
            } else {
                format!("/api/v1{path}")
            },
            body: None,
            headers: Vec::new(),
        }
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(mut self, body: &Value) -> Self {
        self.body = Some(("application/json".to_owned(), body.to_string().into_bytes()));
        self
    }

    /// With any body.
    #[must_use]
    pub fn body(mut self, kind: &str, body: Vec<u8>) -> Self {
        self.body = Some((kind.to_owned(), body));
        self
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Of a signed-in member.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    /// On the version that was read.
    #[must_use]
    pub fn if_match(self, version: i64) -> Self {
        self.header("If-Match", format!("\"v{version}\""))
    }

    /// With an idempotency key.
    #[must_use]
    pub fn key(self, key: Uuid) -> Self {
        self.header("Idempotency-Key", key.to_string())
    }

    /// The request as it goes over a connection that is closed afterwards.
    #[must_use]
    pub fn wire(&self) -> Vec<u8> {
        let (kind, body) = self.body.clone().unwrap_or_default();
        let mut head = format!(
            "{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n",
            self.method, self.path
        );
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.body.is_some() {
            head.push_str(&format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len()));
        }
        [head.as_bytes(), b"\r\n", &body].concat()
    }

    /// With a form of several fields; a field with a file name is a file.
    #[must_use]
    pub fn form(self, fields: &[(&str, Option<&str>, &[u8])]) -> Self {
        let boundary = "----test-boundary";
        let mut body = Vec::new();
        for (name, file_name, bytes) in fields {
            let file = file_name
                .map(|file| format!("; filename=\"{file}\""))
                .unwrap_or_default();
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n{}\r\n",
                if file.is_empty() {
                    ""
                } else {
                    "Content-Type: application/octet-stream\r\n"
                }
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        self.body(&format!("multipart/form-data; boundary={boundary}"), body)
    }
}

impl<S, B> TestApp<S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    /// Sends a request.
    pub async fn send(&self, call: Call) -> Answer {
        let response = self.respond(call).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = test::read_body(response).await.to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer {
            status,
            headers,
            json,
            bytes,
        }
    }

    /// Sends a request; the body of the answer is not read yet.
    pub async fn begin(&self, call: Call) -> (StatusCode, Pin<Box<B>>) {
        let response = self.respond(call).await;
        (response.status(), Box::pin(response.into_body()))
    }

    async fn respond(&self, call: Call) -> ServiceResponse<B> {
        let mut request = test::TestRequest::with_uri(&call.path).method(call.method);
        for (name, value) in &call.headers {
            request = request.insert_header((name.as_str(), value.as_str()));
        }
        if let Some((kind, body)) = call.body {
            request = request.insert_header(("Content-Type", kind)).set_payload(body);
        }
        test::call_service(&self.service, request.to_request()).await
    }

    /// GET as nobody.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Call::new("GET", path)).await
    }

    /// GET as a member.
    pub async fn get_as(&self, token: &str, path: &str) -> Answer {
        self.send(Call::new("GET", path).bearer(token)).await
    }

    /// POST as nobody.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Call::new("POST", path).json(&body)).await
    }

    /// POST on a version as a member.
    pub async fn step(&self, token: &str, path: &str, version: i64, body: Value) -> Answer {
        self.send(Call::new("POST", path).bearer(token).if_match(version).json(&body))
            .await
    }

    /// A token for a member with a role at the school, without the cost of a password.
    pub async fn token(&self, role: Role) -> String {
        self.token_of(self.county.member(role)).await
    }

    /// A token for a member with a role at the root.
    pub async fn root_token(&self, role: Role) -> String {
        self.token_of(self.county.root_member(role)).await
    }

    async fn token_of(&self, member: MemberId) -> String {
        let login = self
            .county
            .at_own
            .iter()
            .map(|(role, id)| (role.code().to_owned(), id))
            .chain(
                self.county
                    .at_root
                    .iter()
                    .map(|(role, id)| (format!("root_{}", role.code()), id)),
            )
            .find(|(_, id)| **id == member)
            .unwrap()
            .0;
        token_for(&self.state, &login).await
    }

    /// A random id.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        self.state.store.ids().v4()
    }

    /// A solved proof of work.
    pub async fn proof(&self) -> String {
        solved(&self.get("/public/challenge").await.ok(200))
    }

    /// Announces a file as the public does, and sends all of it: its id and token. Nobody has looked at it yet.
    pub async fn upload(&self, name: &str, content: &[u8], keeps_original: bool) -> (Uuid, String) {
        let body = json!({
            "name": name, "size": content.len(), "keeps_original": keeps_original, "altcha": self.proof().await,
        });
        let call = Call::new("POST", "/public/uploads").key(self.uuid()).json(&body);
        self.send_pieces(call, content).await
    }

    /// Sends a file as a member does. Its id and its token.
    pub async fn upload_as(&self, bearer: &str, name: &str, content: &[u8]) -> (Uuid, String) {
        let body = json!({"name": name, "size": content.len()});
        let call = Call::new("POST", "/uploads")
            .bearer(bearer)
            .key(self.uuid())
            .json(&body);
        self.send_pieces(call, content).await
    }

    async fn send_pieces(&self, announcement: Call, content: &[u8]) -> (Uuid, String) {
        let begun = self.send(announcement).await.ok(201);
        let id = begun["id"].as_str().unwrap().parse().unwrap();
        let token = begun["upload_token"].as_str().unwrap().to_owned();
        for (nth, piece) in content.chunks(PIECE).enumerate() {
            self.send(piece_of(id, &token, nth * PIECE, piece)).await.ok(200);
        }
        (id, token)
    }

    /// Does what the worker does with a file, and says where it stands.
    pub async fn look_at(&self, id: Uuid, token: &str) -> Value {
        let region = self.county.root;
        attachment_run::run(&self.state, region, AttachmentId(id))
            .await
            .unwrap();
        let path = format!("/public/uploads/{id}");
        let call = Call::new("GET", &path).header("Upload-Token", token);
        self.send(call).await.ok(200)
    }

    /// A file that can be attached, as the body of a request names it.
    pub async fn ready_upload(&self, name: &str, content: &[u8]) -> Value {
        let (id, token) = self.upload(name, content, false).await;
        let upload = self.look_at(id, &token).await;
        assert_eq!(upload["state"], "ready", "{upload}");
        json!({"id": id, "token": token})
    }

    /// Files a case with files as the public does; gives the receipt.
    pub async fn file_with(&self, kind: &str, about: Option<Uuid>, uploads: &[Value]) -> Answer {
        let body = json!({
            "kind": kind, "title": "食堂饭菜偏凉", "body": "孩子中午吃到的饭菜是凉的，见照片。", "unit_id": about,
            "uploads": uploads, "altcha": self.proof().await,
        });
        let call = Call::new("POST", "/public/complaints").key(self.uuid()).json(&body);
        self.send(call).await
    }

    /// Files a case as the public does; gives the receipt.
    pub async fn file(&self, kind: &str, about: Option<Uuid>) -> Value {
        let body = json!({
            "kind": kind, "title": "食堂饭菜偏凉", "body": "孩子中午吃到的饭菜是凉的。", "unit_id": about,
            "altcha": self.proof().await,
        });
        self.send(Call::new("POST", "/public/complaints").key(self.uuid()).json(&body))
            .await
            .ok(201)
    }
}
