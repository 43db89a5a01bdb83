//! A hundred of the same request at once, over real connections to a server with several threads: one effect, and a clear
//! answer to each. What one effect is, is measured: the same request sent alone leaves so many events and so many rows.

use std::{
    collections::BTreeMap,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::Barrier,
    time::Duration,
};

use actix_web::HttpServer;
use liangnuo_domain::sessions::Device;
use liangnuo_http::keys::Keys;
use liangnuo_persistence::second_factor;
use liangnuo_test_support::{
    api::{Call, token_for},
    database::dump,
};
use serde_json::{Value, json};

use super::{
    document::{Operation, operations},
    plans::{Plan, Set, plans},
    stage::Stage,
};

pub(super) const AT_ONCE: usize = 100;

/// Operations that are no reads and yet have no single effect to be counted, each with its reason.
const NOT_COUNTED: [(&str, &str); 20] = [
    ("log_in", "each log-in is a session of its own"),
    ("log_out", "ends what is ended already; see the test of sessions"),
    ("refresh_session", "see the test of sessions"),
    (
        "change_password",
        "hashing has few places, and the rest are told to come back",
    ),
    (
        "bootstrap_region",
        "in an empty database only; see the test of accounts",
    ),
    (
        "begin_second_factor",
        "each gives another seed; what comes of one, see the test of second factors",
    ),
    ("enrol_second_factor", "see the test of second factors"),
    ("log_in_with_code", "see the test of second factors"),
    ("confirm_identity", "see the test of second factors"),
    ("remake_recovery_codes", "see the test of second factors"),
    ("turn_off_second_factor", "see the test of second factors"),
    ("begin_provider_log_in", "keeps nothing"),
    ("complete_provider_log_in", "each log-in is a session of its own"),
    ("begin_provider_tie", "keeps nothing"),
    ("complete_provider_tie", "see the test of providers"),
    ("untie_provider", "see the test of providers"),
    ("look_up_account_link", "a read, by POST for the sake of the token"),
    (
        "read_identity",
        "each reading is an event of its own; see the test of identities",
    ),
    (
        "find_complaints_by_phone",
        "each search is an event of its own; see its test",
    ),
    ("track_complaint", "a read, by POST for the sake of the receipt code"),
];

/// A read by POST.
const READS: [&str; 3] = ["inspect_import", "inspect_unit_import", "inspect_member_import"];

/// What came back of one request.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Reply {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body without what differs between any two answers.
    fn told(&self) -> String {
        let mut body = self.body.clone();
        if let Some(fields) = body.as_object_mut() {
            fields.remove("request_id");
        }
        body.to_string()
    }
}

/// Sends all but the last byte of each request, waits until every client stands there, and lets go.
fn volley(address: SocketAddr, requests: &[Vec<u8>]) -> Vec<Reply> {
    let barrier = Barrier::new(requests.len());
    std::thread::scope(|scope| {
        let clients: Vec<_> = requests
            .iter()
            .map(|request| {
                let barrier = &barrier;
                scope.spawn(move || {
                    let mut stream = TcpStream::connect(address).unwrap();
                    let (last, most) = request.split_last().unwrap();
                    stream.write_all(most).unwrap();
                    barrier.wait();
                    stream.write_all(&[*last]).unwrap();
                    settled(address, request, stream)
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    })
}

/// The answer. Where there is no turn at the database in two seconds it is 503, "nothing was saved, come again": on a busy
/// machine that is as it should be, and the client comes again.
fn settled(address: SocketAddr, request: &[u8], mut stream: TcpStream) -> Reply {
    for _ in 0..60 {
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let reply = read(&answer);
        if reply.status != 503 {
            return reply;
        }
        std::thread::sleep(Duration::from_millis(100));
        stream = TcpStream::connect(address).unwrap();
        stream.write_all(request).unwrap();
    }
    panic!("never got a turn");
}

fn read(answer: &[u8]) -> Reply {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    Reply {
        status: status.unwrap_or_else(|| panic!("no answer: {text}")),
        body: serde_json::from_str(body).unwrap_or(Value::Null),
    }
}

/// A server with two threads over the stage's database.
pub(super) async fn serve(stage: &Stage) -> SocketAddr {
    let state = stage.state.clone();
    let server = HttpServer::new(move || liangnuo_http::app(&state))
        .workers(2)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .unwrap();
    let address = server.addrs()[0];
    actix_web::rt::spawn(server.run());
    address
}

pub(super) async fn volley_of(address: SocketAddr, calls: Vec<Call>) -> Vec<Reply> {
    let requests: Vec<Vec<u8>> = calls.iter().map(Call::wire).collect();
    tokio::task::spawn_blocking(move || volley(address, &requests))
        .await
        .unwrap()
}

/// How many rows each table has, and how many events there are of each kind.
async fn count(stage: &Stage) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (table, rows) in dump(&stage.url).await {
        counts.insert(table, rows.len());
    }
    // A row for each member, which counts.
    let uses = stage
        .db_texts("SELECT CAST(COALESCE(SUM(uses), 0) AS TEXT) FROM identity_uses")
        .await;
    counts.insert("identity_uses".to_owned(), uses[0].parse().unwrap());
    for action in stage.db_texts("SELECT subject_kind || '.' || action FROM events").await {
        *counts.entry(format!("event {action}")).or_default() += 1;
    }
    counts
}

fn grown(before: &BTreeMap<String, usize>, after: &BTreeMap<String, usize>) -> BTreeMap<String, i64> {
    let number = |count: usize| i64::try_from(count).unwrap();
    after
        .iter()
        .map(|(name, rows)| {
            (
                name.clone(),
                number(*rows) - number(before.get(name).copied().unwrap_or_default()),
            )
        })
        .filter(|(name, more)| *more != 0 && !["sessions", "refresh_tokens", "number_blocks"].contains(&name.as_str()))
        .collect()
}

/// What is wrong with the answers: who has a key gets the same answer each time, who has a version wins once, and the
/// public is told by the state.
fn fault(operation: &Operation, plan: &Plan, replies: &[Reply]) -> Option<String> {
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    for reply in replies {
        *statuses.entry(reply.status).or_default() += 1;
    }
    let won: Vec<&Reply> = replies.iter().filter(|reply| reply.is_success()).collect();
    let is_repeatable = operation.has_key || REPEATABLE.contains(&plan.operation);
    let is_right = if is_repeatable {
        won.len() == replies.len() && won.iter().all(|reply| reply.told() == won[0].told())
    } else if PER_ITEM.contains(&plan.operation) {
        let done = |reply: &&&Reply| reply.body["items"][0]["version"].is_i64();
        won.len() == replies.len() && won.iter().filter(done).count() == 1
    } else {
        let lost = |reply: &Reply| matches!(reply.status, 404 | 409 | 412);
        won.len() == 1 && replies.iter().all(|reply| reply.is_success() || lost(reply))
    };
    (!is_right).then(|| {
        let odd = replies.iter().find(|reply| !reply.is_success());
        format!("{statuses:?}, such as {odd:?}")
    })
}

/// Without key or version, and yet the same again.
const REPEATABLE: [&str; 4] = [
    "read_notices",
    "verify_log",
    "end_other_sessions",
    "dismiss_account_notices",
];

/// Succeeds as a whole, and says of each item what became of it.
const PER_ITEM: [&str; 1] = ["assign_complaints"];

/// The same request a hundred times; each of the public with a proof of work of its own, since it is the state and not the
/// proof that must hold them back.
async fn calls(stage: &Stage, operation: &Operation, plan: &Plan, set: &Set, token: Option<&str>) -> Vec<Call> {
    let mut calls = Vec::with_capacity(AT_ONCE);
    for _ in 0..AT_ONCE {
        let mut set = set.clone();
        if token.is_none() {
            set.proof = stage.proof().await;
        }
        calls.push(stage.call(operation, plan, &set, token));
    }
    calls
}

async fn try_operation(stage: &Stage, address: SocketAddr, operation: &Operation, plan: &Plan) -> Vec<String> {
    let mut faults = Vec::new();
    let token = match plan.by.login() {
        Some(login) => Some(token_for(&stage.state, &login).await),
        None => None,
    };
    let alone = stage.set(plan).await;
    let before = count(stage).await;
    let answer = stage.send(stage.call(operation, plan, &alone, token.as_deref())).await;
    let one = grown(&before, &count(stage).await);
    if !answer.status.is_success() {
        faults.push(format!(
            "{}: alone it answers {} {}",
            operation.id, answer.status, answer.json
        ));
    }
    let set = stage.set(plan).await;
    let before = count(stage).await;
    let calls = calls(stage, operation, plan, &set, token.as_deref()).await;
    let replies = volley_of(address, calls).await;
    let many = grown(&before, &count(stage).await);
    if one != many {
        faults.push(format!(
            "{}: once leaves {one:?}, {AT_ONCE} at once {many:?}",
            operation.id
        ));
    }
    if let Some(fault) = fault(operation, plan, &replies) {
        faults.push(format!("{}: {fault}", operation.id));
    }
    faults
}

/// Goes through the operations that have an effect and whose place in the document leaves this remainder.
async fn go_through(part: usize, parts: usize) {
    let stage = Stage::new().await;
    let address = serve(&stage).await;
    let plans = plans();
    let (mut tried, mut faults) = (0, Vec::new());
    let is_counted = |id: &str| !NOT_COUNTED.iter().any(|(known, _)| *known == id) && !READS.contains(&id);
    let effects = operations()
        .into_iter()
        .filter(|it| it.method != "GET" && is_counted(&it.id));
    for operation in effects.skip(part).step_by(parts) {
        let plan = plans.iter().find(|plan| plan.operation == operation.id);
        let plan = plan.unwrap_or_else(|| panic!("{} has an effect and no plan in the proofs", operation.id));
        faults.extend(try_operation(&stage, address, &operation, plan).await);
        tried += 1;
    }
    assert!(
        faults.is_empty(),
        "{} faults in {tried} operations:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(tried >= 15, "only {tried} operations");
}

#[actix_web::test]
async fn a_hundred_at_once_have_one_effect_first_half() {
    go_through(0, 2).await;
}

#[actix_web::test]
async fn a_hundred_at_once_have_one_effect_second_half() {
    go_through(1, 2).await;
}

#[actix_web::test]
async fn a_hundred_refreshes_give_one_successor_and_a_hundred_log_outs_end_it() {
    let stage = Stage::new().await;
    let address = serve(&stage).await;
    let account = stage.state.store.account_for_login("handler").await.unwrap().unwrap();
    let token = Keys::random_token();
    let now = stage.state.clock.now();
    stage
        .state
        .store
        .open_session(
            account.id,
            second_factor::Proof::Password,
            Keys::token_hash(&token),
            Device::UNKNOWN,
            now,
        )
        .await
        .unwrap();
    let tokens = || async { stage.db_texts("SELECT 'x' FROM refresh_tokens").await.len() };
    let before = tokens().await;
    let post = |path: &str, token: &str| vec![Call::new("POST", path).json(&json!({"refresh_token": token})); AT_ONCE];
    let replies = volley_of(address, post("/auth/refresh", &token)).await;
    let successor = replies[0].body["refresh_token"].as_str().unwrap().to_owned();
    assert!(
        replies
            .iter()
            .all(|reply| reply.status == 200 && reply.body["refresh_token"] == successor.as_str())
    );
    assert_eq!(tokens().await, before + 1);
    let replies = volley_of(address, post("/auth/logout", &successor)).await;
    assert!(replies.iter().all(|reply| reply.status == 204), "{replies:?}");
    let ended = "SELECT 'x' FROM sessions WHERE end_reason = 'signed_out'";
    assert_eq!(stage.db_texts(ended).await.len(), 1);
}
