//! The data and the requests of each row.

use std::{net::SocketAddr, time::Instant};

use actix_web::HttpServer;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use liangnuo_documents::sample::sample_ledger;
use liangnuo_domain::{ImportId, Role, complaints::Kind};
use liangnuo_http::{AppState, HttpSettings, app, clock::Clock, import_run, keys::Keys, passwords::Passwords};
use liangnuo_persistence::{Settings, Store, idempotency::IdempotencyKey, imports::NewImport};
use liangnuo_test_support::{
    TestCounty,
    county::{filing, past},
};
use sea_orm::{ConnectionTrait, Database};
use uuid::Uuid;

/// A served county.
pub struct Prepared {
    pub state: AppState,
    pub county: TestCounty,
    pub cases: Vec<Uuid>,
    token: String,
}

/// An empty database on a server.
pub async fn new_database(server: &str) -> String {
    let admin = Database::connect(format!("{server}/postgres")).await.unwrap();
    admin.execute_unprepared("CREATE DATABASE bench").await.unwrap();
    format!("{server}/bench")
}

/// Filings that are made beforehand, since solving their proofs of work is the client's work: more than a run sends.
const FILINGS: usize = 40_000;

pub async fn prepare(url: &str, cases: usize) -> Prepared {
    let store = Store::open(Settings::new(url)).await.unwrap();
    store.migrate().await.unwrap();
    let clock = Clock::system();
    let now = clock.now();
    let county = TestCounty::load_with(
        &store,
        "-",
        |county| {
            (0..cases)
                .map(|at| {
                    let unit = if at % 50 == 0 { county.own } else { county.sibling };
                    let ago = i64::try_from(at).unwrap() * 600 + 60;
                    past(filing(Kind::Grievance, Some(unit)), now.plus_seconds(-ago), Vec::new())
                })
                .collect()
        },
        now,
    )
    .await;
    let settings = HttpSettings {
        has_limits: false,
        challenge_difficulty: 1_000,
        ..HttpSettings::default()
    };
    let state = AppState::new(store, clock, Keys::new([7; 32]), Passwords::cheap(), settings);
    let account = state
        .store
        .account_for_login(Role::Handler.code())
        .await
        .unwrap()
        .unwrap();
    let hash = Keys::token_hash(&Keys::random_token());
    let session = state.store.open_session(account.id, hash, now).await.unwrap();
    let token = state.keys.access_token(account.id.0, session.session, now).unwrap();
    let caller = state.store.caller_of(session.session, now).await.unwrap();
    let request = liangnuo_persistence::PageRequest::first(100);
    let page = state
        .store
        .list_cases(&caller, Default::default(), Default::default(), &request, now)
        .await
        .unwrap();
    let cases = page.items.into_iter().map(|case| case.id.0).collect();
    Prepared {
        state,
        county,
        cases,
        token,
    }
}

/// A solved challenge. The server verifies each as it would any other.
fn proof(state: &AppState) -> String {
    let challenge = state.challenges.make(state.clock.now()).unwrap();
    let most = u64::try_from(challenge.maxnumber).ok();
    let number = altcha_lib_rs::solve_challenge(&challenge.challenge, &challenge.salt, None, most, 0).unwrap();
    let solution = serde_json::json!({
        "algorithm": "SHA-256", "challenge": challenge.challenge, "number": number,
        "salt": challenge.salt, "signature": challenge.signature,
    });
    BASE64_STANDARD.encode(solution.to_string())
}

impl Prepared {
    /// Serves the API on one worker.
    pub async fn serve(&self) -> SocketAddr {
        let state = self.state.clone();
        let server = HttpServer::new(move || app(&state))
            .workers(1)
            .bind(("127.0.0.1", 0))
            .unwrap();
        let address = server.addrs()[0];
        actix_web::rt::spawn(server.run());
        address
    }

    /// The requests of a row. Each filing has a key and a proof of its own, since each counts once.
    pub fn requests(&self, work: &str) -> Vec<String> {
        let token = &self.token;
        let get = |path: String| format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n");
        match work {
            "get a case" => self
                .cases
                .iter()
                .map(|id| get(format!("/api/v1/complaints/{id}")))
                .collect(),
            "list 20 cases" => vec![get("/api/v1/complaints?limit=20".to_owned())],
            _ => (0..FILINGS).map(|_| self.filing()).collect(),
        }
    }

    fn filing(&self) -> String {
        let body = serde_json::json!({
            "kind": "grievance", "title": "食堂饭菜偏凉", "body": "孩子中午吃到的饭菜是凉的。",
            "unit_id": self.county.own, "altcha": proof(&self.state),
        })
        .to_string();
        format!(
            "POST /api/v1/public/complaints HTTP/1.1\r\nHost: bench\r\nIdempotency-Key: {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.state.store.ids().v4(),
            body.len()
        )
    }

    /// Rows a second of a ledger, events included.
    pub async fn import_rate(&self) -> f64 {
        let rows = 5_000;
        let ledger = sample_ledger(rows).unwrap();
        let now = self.state.clock.now();
        let account = self
            .state
            .store
            .account_for_login("root_campaign_office")
            .await
            .unwrap()
            .unwrap();
        let hash = Keys::token_hash(&Keys::random_token());
        let session = self
            .state
            .store
            .open_session(account.id, hash, now)
            .await
            .unwrap()
            .session;
        let caller = self.state.store.caller_of(session, now).await.unwrap();
        let sheet = liangnuo_documents::Sheet::open(&ledger.bytes, "ledger.xlsx").unwrap();
        let mapping = liangnuo_documents::Mapping::guess(&sheet).unwrap();
        let pairs: std::collections::BTreeMap<String, &str> = mapping
            .pairs(&sheet)
            .into_iter()
            .map(|(heading, field)| (heading, field.as_str()))
            .collect();
        let new = NewImport {
            file_name: "ledger.xlsx".to_owned(),
            source: "bench".to_owned(),
            is_dry_run: false,
            is_order: false,
            mapping: serde_json::to_string(&pairs).unwrap(),
            rows_total: i64::try_from(rows).unwrap(),
        };
        let id = ImportId(self.state.store.ids().v7(now));
        self.state
            .store
            .keep_import_piece(&caller, id, 0, ledger.bytes, now)
            .await
            .unwrap();
        let key = IdempotencyKey::new("bench", self.state.store.ids().v4(), "import_complaints", b"bench");
        let (job, _) = self.state.store.create_import(caller, key, id, new, now).await.unwrap();
        let started = Instant::now();
        import_run::run(&self.state, self.county.root, ImportId(job.id.0), || async {
            Ok(std::ops::ControlFlow::Continue(()))
        })
        .await
        .unwrap();
        rows as f64 / started.elapsed().as_secs_f64()
    }
}
