//! The rows: what is asked of our side, and what of the yardstick.

use std::sync::{Arc, Mutex};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use liangnuo_domain::{ComplaintId, UnitId, complaints::State, units::UnitKind};
use liangnuo_http::{challenge::Challenges, clock::Clock, keys::Keys};
use liangnuo_persistence::{
    PageRequest, Settings, Store,
    complaints::{CaseFilter, CaseSort, CaseSummary},
    units::UnitFilter,
};
use sea_orm::Statement;

use crate::{
    county::{County, Engine, RARE, SignedIn},
    load,
    server::Server,
    yardstick::{Bare, replay::Replay},
};

/// The largest number of a proof of work: here nobody is to be kept waiting.
pub const DIFFICULTY: u64 = 1_000;

/// Filings that are made beforehand, since solving their proofs of work is the client's work: more than a run sends.
const FILINGS: usize = 60_000;

/// A word that stands in some texts, and one that stands in most of them.
const SOME: &str = "校车";
const MOST: &str = "孩子";

/// Who answers on our side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The binary.
    Server,
    /// The same application in this process, but that its cache for the public keeps nothing.
    Cold,
}

/// One row before it is measured.
pub struct Work {
    pub name: String,
    /// What our side does to the yardstick's rate, at least; `None` where nothing was promised.
    pub goal: Option<f64>,
    /// Whether it is compared at two sizes, too.
    pub is_growing: bool,
    pub side: Side,
    pub ours: Vec<String>,
    pub bare: Vec<String>,
}

/// Everything that the rows are made of.
pub struct Desk {
    pub store: Store,
    pub office: SignedIn,
    pub school: SignedIn,
    sent: Arc<Mutex<Vec<Statement>>>,
    keys: Keys,
    region: UnitId,
    engine: Engine,
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n")
}

/// With a mark where the token comes: tokens are short-lived, see [`Desk::ready`].
pub fn get_as(who: &SignedIn, path: &str) -> String {
    let login = who.login;
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer @{login}\r\n\r\n")
}

fn post(path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\n{headers}Content-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

fn encoded(word: &str) -> String {
    word.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

impl Desk {
    pub async fn new(county: &County) -> Self {
        let keys = county.keys();
        let settings = Settings {
            cursor_key: keys.cursor_key(),
            log_seed: keys.log_seed(),
            ..Settings::new(&county.url)
        };
        let sent = Arc::new(Mutex::new(Vec::new()));
        let kept = sent.clone();
        let store = Store::open(settings).await.unwrap();
        let store = store.watched(move |statement| kept.lock().unwrap().push(statement.clone()));
        let office = county.sign_in(&store, "office").await;
        Self {
            school: county.sign_in(&store, "handler").await,
            keys,
            region: office.caller.actor.region,
            engine: county.engine,
            store,
            office,
            sent,
        }
    }

    /// The yardstick for these people.
    pub fn bare(&self, county: &County) -> Bare {
        let who = |signed: &SignedIn| (signed.caller.actor.member.0, signed.caller.actor.home_unit.0);
        Bare::new(county, who(&self.office), who(&self.school), self.region.0)
    }

    /// Requests with tokens of this moment in them.
    pub fn ready(&self, requests: &[String]) -> Vec<String> {
        let now = Clock::system().now();
        let tokens = [&self.office, &self.school].map(|who| {
            let actor = &who.caller.actor;
            let token = self.keys.access_token(actor.account.0, actor.session, now).unwrap();
            (format!("@{}", who.login), token)
        });
        let with_tokens = |request: &String| {
            tokens
                .iter()
                .fold(request.clone(), |request, (mark, token)| request.replace(mark, token))
        };
        requests.iter().map(with_tokens).collect()
    }

    /// What was sent to the database since the last time.
    fn take(&self) -> Vec<Statement> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }

    /// All rows but filings, which have to be made when they are sent. What the yardstick has to know it is told.
    pub async fn works(&self, server: &Server, bare: &mut Bare) -> Vec<Work> {
        let mut works = self.reading().await;
        works.extend(self.searching());
        works.extend(self.figures(server, bare).await);
        works.extend(self.public(server, bare).await);
        works
    }

    /// What was promised of reading beside the bare driver.
    const fn reading_goal(&self) -> f64 {
        match self.engine {
            Engine::Postgres => 0.7,
            Engine::Sqlite => 0.4,
        }
    }

    fn read(&self, name: &str, is_growing: bool, ours: Vec<String>, bare: Vec<String>) -> Work {
        Work {
            name: name.to_owned(),
            goal: Some(self.reading_goal()),
            is_growing,
            side: Side::Server,
            ours,
            bare,
        }
    }

    async fn page(
        &self,
        who: &SignedIn,
        filter: CaseFilter,
        request: &PageRequest,
    ) -> (Vec<CaseSummary>, Option<String>) {
        let now = Clock::system().now();
        let page = self
            .store
            .list_cases(&who.caller, filter, CaseSort::NewestFirst, request, now)
            .await
            .unwrap();
        (page.items, page.next_cursor)
    }

    async fn reading(&self) -> Vec<Work> {
        let (school, office) = (&self.school, &self.office);
        let (first, _) = self.page(school, CaseFilter::default(), &PageRequest::first(100)).await;
        let ids: Vec<ComplaintId> = first.iter().map(|case| case.id).collect();
        let (cursor, at, id) = self.far_down().await;
        let far = format!("/api/v1/complaints?limit=20&state=concluded&cursor={cursor}");
        vec![
            self.read(
                "get a case",
                true,
                ids.iter()
                    .map(|id| get_as(school, &format!("/api/v1/complaints/{id}")))
                    .collect(),
                ids.iter().map(|id| get(&format!("/cases/{id}"))).collect(),
            ),
            self.read(
                "list 20 of a school",
                true,
                vec![get_as(school, "/api/v1/complaints?limit=20")],
                vec![get("/school")],
            ),
            self.read(
                "list 20 of the county",
                true,
                vec![get_as(office, "/api/v1/complaints?limit=20")],
                vec![get("/county")],
            ),
            self.read(
                "list 20 of a state, far down",
                true,
                vec![get_as(office, &far)],
                vec![get(&format!("/far/{at}/{id}"))],
            ),
        ]
    }

    /// A cursor fifty pages of a hundred down, or as far as there are cases, with what it holds.
    async fn far_down(&self) -> (String, i64, ComplaintId) {
        let filter = CaseFilter {
            states: vec![State::Concluded],
            ..CaseFilter::default()
        };
        let mut request = PageRequest::first(100);
        let mut last = None;
        for _ in 0..50 {
            let (items, next) = self.page(&self.office, filter.clone(), &request).await;
            let Some(next) = next else { break };
            last = items
                .last()
                .map(|case| (next.clone(), case.received_at.micros(), case.id));
            request.cursor = Some(next);
        }
        last.unwrap()
    }

    fn searching(&self) -> Vec<Work> {
        let mut works = Vec::new();
        for (which, word, way) in [
            ("a rare", RARE, "from_word"),
            ("a middling", SOME, "from_time"),
            ("a usual", MOST, "from_time"),
        ] {
            let q = encoded(word);
            works.push(self.read(
                &format!("search {which} word, by date"),
                true,
                vec![get_as(&self.office, &format!("/api/v1/complaints?limit=20&q={q}"))],
                vec![get(&format!("/search/{way}/{q}"))],
            ));
            let path = format!("/api/v1/complaints?limit=20&q={q}&sort=relevance");
            works.push(self.read(
                &format!("search {which} word, by relevance"),
                true,
                vec![get_as(&self.office, &path)],
                vec![get(&format!("/relevance/{q}"))],
            ));
        }
        works
    }

    /// The same statements by the bare driver, answered with as many bytes.
    async fn replayed(&self, server: &Server, bare: &mut Bare, request: &str) -> String {
        let ready = self.ready(&[request.to_owned()]);
        let answer = load::fetch(server.address, ready[0].as_bytes()).await;
        let statements = self.take();
        get(&bare.replay(Replay::new(statements, answer.body)))
    }

    async fn figures(&self, server: &Server, bare: &mut Bare) -> Vec<Work> {
        let school = self.school.caller.actor.home_unit;
        let any = CaseFilter::default;
        let asked = [
            ("figures of the county", String::new(), any()),
            (
                "figures of a school",
                format!("?unit_id={school}"),
                CaseFilter {
                    unit: Some(school),
                    ..any()
                },
            ),
            (
                "figures, schools compared",
                "?unit_kind=school".to_owned(),
                CaseFilter {
                    unit_kind: Some(UnitKind::School),
                    ..any()
                },
            ),
        ];
        let mut works = Vec::new();
        for (name, query, filter) in asked {
            let request = get_as(&self.office, &format!("/api/v1/statistics/complaints{query}"));
            self.take();
            let now = Clock::system().now();
            let figures = self.store.complaint_statistics(&self.office.caller, filter, now).await;
            assert!(figures.unwrap().all.total > 0, "{name} are empty");
            let bare = self.replayed(server, bare, &request).await;
            works.push(self.read(name, true, vec![request], vec![bare]));
        }
        // What no sums are kept of is counted: it grows, and nobody promised otherwise.
        let request = get_as(&self.office, "/api/v1/statistics/complaints?channel=web&kind=grievance");
        works.push(Work {
            goal: None,
            ..self.read("figures, two filters", true, vec![request], Vec::new())
        });
        works
    }

    async fn public(&self, server: &Server, bare: &mut Bare) -> Vec<Work> {
        let filter = UnitFilter {
            kind: Some(UnitKind::School),
            ..UnitFilter::default()
        };
        let page = PageRequest::first(100);
        let schools = self.store.list_units(self.region, None, filter, &page).await.unwrap();
        let paths: Vec<String> = schools
            .items
            .iter()
            .map(|school| format!("/api/v1/public/units/{}", school.unit.id))
            .collect();
        let mut works = Vec::new();
        for (name, path) in [
            ("public page of a unit", paths[0].as_str()),
            ("public figures", "/api/v1/public/statistics/complaints"),
            ("public list of units", "/api/v1/public/units?limit=100"),
        ] {
            works.extend(cached(server, bare, name, path).await);
        }
        works.push(self.cold(server, bare, &paths).await);
        works
    }

    /// Pages of units of which nothing is kept.
    async fn cold(&self, server: &Server, bare: &mut Bare, paths: &[String]) -> Work {
        let first: UnitId = paths[0].rsplit('/').next().unwrap().parse().unwrap();
        let now = Clock::system().now();
        self.take();
        self.store.public_unit(self.region, first).await.unwrap();
        self.store.children_count(self.region, first).await.unwrap();
        self.store.public_book(self.region, now).await.unwrap();
        let bare = self.replayed(server, bare, &get(&paths[0])).await;
        Work {
            name: "public page of a unit, nothing kept".to_owned(),
            goal: Some(0.8),
            is_growing: false,
            side: Side::Cold,
            ours: paths.iter().map(|path| get(path)).collect(),
            bare: vec![bare],
        }
    }

    /// Their proofs of work are good for half an hour.
    pub fn filing(&self) -> Work {
        let challenges = Challenges::new(&self.keys, DIFFICULTY);
        let filings: Vec<String> = (0..FILINGS).map(|_| self.one_filing(&challenges)).collect();
        let body = filings[0].split("\r\n\r\n").nth(1).unwrap();
        Work {
            name: "file a complaint".to_owned(),
            goal: Some(0.5),
            is_growing: true,
            side: Side::Server,
            bare: vec![post("/filing", "", body)],
            ours: filings,
        }
    }

    /// Each has a key and a proof of its own, since each counts once.
    fn one_filing(&self, challenges: &Challenges) -> String {
        let challenge = challenges.make(Clock::system().now()).unwrap();
        let most = u64::try_from(challenge.maxnumber).ok();
        let number = altcha_lib_rs::solve_challenge(&challenge.challenge, &challenge.salt, None, most, 0).unwrap();
        let solution = serde_json::json!({
            "algorithm": "SHA-256", "challenge": challenge.challenge, "number": number,
            "salt": challenge.salt, "signature": challenge.signature,
        });
        let body = serde_json::json!({
            "kind": "grievance", "title": "食堂饭菜偏凉", "body": "孩子中午吃到的饭菜是凉的。",
            // Not about the school whose list and figures are measured afterwards.
            "unit_id": self.region, "altcha": BASE64_STANDARD.encode(solution.to_string()),
        });
        let key = format!("Idempotency-Key: {}\r\n", self.store.ids().v4());
        post("/api/v1/public/complaints", &key, &body.to_string())
    }
}

/// A page that is kept for a moment, beside a file of the same bytes and headers: whole, packed as a browser asks for
/// it, and as "not modified".
async fn cached(server: &Server, bare: &mut Bare, name: &str, path: &str) -> Vec<Work> {
    let mut works = Vec::new();
    let whole = get(path);
    let packed = whole.replace("\r\n\r\n", "\r\nAccept-Encoding: gzip\r\n\r\n");
    for (how, request) in [("", &whole), (", packed", &packed)] {
        let answer = load::fetch(server.address, request.as_bytes()).await;
        let file = bare.file(&answer);
        works.push(kept_work(format!("{name}{how}"), 0.75, request.clone(), get(&file)));
        let tag = answer.head.lines().find_map(|line| line.strip_prefix("etag: "));
        if let (Some(tag), "") = (tag, how) {
            let known = |request: &str| request.replace("\r\n\r\n", &format!("\r\nIf-None-Match: {tag}\r\n\r\n"));
            let (ours, bare) = (known(&whole), known(&get(&file)));
            works.push(kept_work(format!("{name}, known"), 0.55, ours, bare));
        }
    }
    works
}

fn kept_work(name: String, goal: f64, ours: String, bare: String) -> Work {
    Work {
        name,
        goal: Some(goal),
        is_growing: false,
        side: Side::Server,
        ours: vec![ours],
        bare: vec![bare],
    }
}
