//! Those who write while the server dies: each keeps a journal of what was answered, and asks again for what was not.

use std::{
    collections::BTreeMap,
    io::{self, Read as _, Write as _},
    net::TcpStream,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use liangnuo_test_support::api::{Call, solved};
use serde_json::{Value, json};
use uuid::Uuid;

/// Longer than this nothing takes; a client that waits longer has found a hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// A write that was acknowledged.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// What is in the database exactly once if it was done once.
    pub(super) mark: String,
    /// The request, where it can be sent again at any later time for the same answer.
    pub(super) request: Option<Vec<u8>>,
    pub(super) status: u16,
    pub(super) essence: String,
}

/// What all clients have seen.
#[derive(Debug, Default)]
pub(super) struct Journal {
    entries: Mutex<Vec<Entry>>,
    acknowledged: AtomicUsize,
    repeats: AtomicUsize,
    is_over: AtomicBool,
    /// Answers that were neither a success nor a plain refusal.
    odd: Mutex<BTreeMap<u16, usize>>,
}

impl Journal {
    fn write(&self, entry: Entry) {
        self.entries.lock().unwrap().push(entry);
        self.acknowledged.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        self.entries.lock().unwrap().clone()
    }

    pub(super) fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::SeqCst)
    }

    pub(super) fn repeats(&self) -> usize {
        self.repeats.load(Ordering::SeqCst)
    }

    pub(super) fn wait_for(&self, acknowledged: usize) {
        let mut last = (self.acknowledged(), Instant::now());
        while self.acknowledged() < acknowledged {
            if self.acknowledged() != last.0 {
                last = (self.acknowledged(), Instant::now());
            }
            assert!(
                last.1.elapsed() < PATIENCE,
                "nobody gets anything written: {}",
                self.oddities()
            );
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    pub(super) fn stop(&self) {
        self.is_over.store(true, Ordering::SeqCst);
    }

    /// Answers with 5xx other than "come back later".
    pub(super) fn server_errors(&self) -> usize {
        let odd = self.odd.lock().unwrap();
        odd.iter()
            .filter(|(status, _)| **status >= 500 && **status != 503)
            .map(|(_, count)| count)
            .sum()
    }

    pub(super) fn oddities(&self) -> String {
        format!("answers asked for again, by status: {:?}", self.odd.lock().unwrap())
    }
}

/// One exchange over a connection of its own.
pub(super) fn exchange(port: u16, request: &[u8]) -> io::Result<(u16, Value)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE / 2))?;
    stream.write_all(request)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let text = String::from_utf8_lossy(&answer);
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .ok_or_else(cut)?;
    // Half an answer is none.
    let length = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length: ")?
            .trim()
            .parse()
            .ok()
    });
    if length.is_some_and(|length: usize| body.len() < length) {
        return Err(cut());
    }
    Ok((status, serde_json::from_str(body).unwrap_or(Value::Null)))
}

/// What must be the same whenever the same request is answered.
pub(super) fn essence(body: &Value) -> String {
    let field = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    ["id", "number", "receipt_code", "received_on"].map(field).join(" ")
}

/// One who writes.
pub(super) struct Client {
    port: u16,
    number: usize,
    done: usize,
    accounts: BTreeMap<String, (String, String)>,
    tokens: BTreeMap<String, String>,
    journal: Arc<Journal>,
}

impl Client {
    pub(super) fn new(port: u16, number: usize, accounts: &[Value], journal: Arc<Journal>) -> Self {
        let text = |account: &Value, name: &str| account[name].as_str().unwrap().to_owned();
        let accounts = accounts
            .iter()
            .map(|account| {
                (
                    text(account, "role"),
                    (text(account, "login"), text(account, "password")),
                )
            })
            .collect();
        Self {
            port,
            number,
            done: 0,
            accounts,
            tokens: BTreeMap::new(),
            journal,
        }
    }

    /// Writes until it is over; what was begun is brought to its end.
    pub(super) fn run(&mut self) {
        while !self.journal.is_over.load(Ordering::SeqCst) {
            self.done += 1;
            let (number, receipt) = self.file();
            self.add(&receipt);
            self.accept(&number);
            if self.done.is_multiple_of(5) {
                self.create_category();
            }
        }
    }

    fn mark(&self, what: &str) -> String {
        format!("{what} {}-{}", self.number, self.done)
    }

    /// Sends until there is an answer that says something about the request itself. Gives it, and whether the request was
    /// sent before.
    fn insist(&mut self, call: impl Fn(&mut Self) -> Call) -> (u16, Value, Vec<u8>, bool) {
        let began = Instant::now();
        let mut is_repeat = false;
        loop {
            assert!(began.elapsed() < PATIENCE * 3, "no answer: {}", self.journal.oddities());
            let request = call(self).wire();
            match exchange(self.port, &request) {
                Ok((401, _)) => self.tokens.clear(),
                Ok((status, body)) if status < 500 => return (status, body, request, is_repeat),
                Ok((status, _)) => {
                    *self.journal.odd.lock().unwrap().entry(status).or_default() += 1;
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(_gone) => std::thread::sleep(Duration::from_millis(5)),
            }
            is_repeat = true;
            self.journal.repeats.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// A write with a key: asked for until it is answered, and then in the journal.
    fn write(&mut self, mark: String, status: u16, call: impl Fn(&mut Self) -> Call) -> Value {
        let (answered, body, request, _) = self.insist(call);
        assert_eq!(answered, status, "{mark}: {body}");
        let essence = essence(&body);
        // A filing can be asked for again in any state of its case; a token runs out.
        let request = (!String::from_utf8_lossy(&request).contains("Authorization")).then_some(request);
        self.journal.write(Entry {
            mark,
            request,
            status,
            essence,
        });
        body
    }

    fn proof(&mut self) -> String {
        let (status, challenge, ..) = self.insist(|_| Call::new("GET", "/public/challenge"));
        assert_eq!(status, 200);
        solved(&challenge)
    }

    fn token(&mut self, role: &str) -> String {
        if let Some(token) = self.tokens.get(role) {
            return token.clone();
        }
        let (login, password) = self.accounts[role].clone();
        let body = json!({"login": login, "password": password});
        let (status, grant, ..) = self.insist(|_| Call::new("POST", "/auth/login").json(&body));
        assert_eq!(status, 200, "{grant}");
        let token = grant["access_token"].as_str().unwrap().to_owned();
        self.tokens.insert(role.to_owned(), token.clone());
        token
    }

    fn file(&mut self) -> (String, String) {
        let (mark, key, altcha) = (self.mark("投诉"), key(), self.proof());
        let body = json!({"kind": "grievance", "title": "食堂饭菜偏凉", "body": mark, "altcha": altcha});
        let receipt = self.write(mark, 201, |_| {
            Call::new("POST", "/public/complaints").key(key).json(&body)
        });
        let text = |name: &str| receipt[name].as_str().unwrap().to_owned();
        (text("number"), text("receipt_code"))
    }

    fn add(&mut self, receipt: &str) {
        let (mark, key, altcha) = (self.mark("补充"), key(), self.proof());
        let body = json!({"receipt_code": receipt, "body": mark, "altcha": altcha});
        self.write(mark, 201, |_| {
            Call::new("POST", "/public/complaints/messages").key(key).json(&body)
        });
    }

    /// A step has no key but the version that was read: whoever gets no answer looks whether it was done.
    fn accept(&mut self, number: &str) {
        let list = format!("/complaints?q={number}");
        let (_, page, ..) = self.insist(|client| Call::new("GET", &list).bearer(&client.token("campaign_office")));
        let case = page["items"][0].clone();
        let (id, version) = (
            case["id"].as_str().unwrap().to_owned(),
            case["version"].as_i64().unwrap(),
        );
        let path = format!("/complaints/{id}");
        let accept = format!("{path}/accept");
        let (status, after, _, is_repeat) = self.insist(|client| {
            let call = Call::new("POST", &accept).bearer(&client.token("campaign_office"));
            call.if_match(version).json(&json!({}))
        });
        let after = match status {
            200 => after,
            412 if is_repeat => {
                self.insist(|client| Call::new("GET", &path).bearer(&client.token("campaign_office")))
                    .1
            }
            _ => panic!("{status} {after}"),
        };
        assert_eq!(after["state"], "accepted", "{after}");
        let (mark, essence) = (format!("accepted {number}"), essence(&after));
        self.journal.write(Entry {
            mark,
            request: None,
            status: 200,
            essence,
        });
    }

    fn create_category(&mut self) {
        let (mark, key) = (self.mark("分类"), key());
        let body = json!({"name": mark});
        self.write(mark, 201, |client| {
            Call::new("POST", "/categories")
                .bearer(&client.token("admin"))
                .key(key)
                .json(&body)
        });
    }
}

fn key() -> Uuid {
    uuid::Builder::from_random_bytes(rand::random()).into_uuid()
}
