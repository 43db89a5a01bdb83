//! Lists of units and members in, and out again.

mod files;
mod members;
mod round_trip;
mod runs;
mod units;

use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_domain::{ImportId, Role};
use liangnuo_http::import_run::{self, Outcome};
use liangnuo_test_support::api::{Call, TestApp, test_app};
use serde_json::{Value, json};

/// What would differ after a dry run that wrote something.
const WRITTEN: [&str; 5] = [
    "SELECT COUNT(*) FROM units",
    "SELECT COUNT(*) FROM members",
    "SELECT CAST(SUM(version) AS BIGINT) FROM units",
    "SELECT CAST(SUM(version) AS BIGINT) FROM members",
    "SELECT COUNT(*) FROM events WHERE subject_kind IN ('units', 'members')",
];

async fn written<S>(app: &TestApp<S>) -> Vec<i64> {
    let mut numbers = Vec::new();
    for query in WRITTEN {
        numbers.push(app.db.number(query).await);
    }
    numbers
}

/// Hands a list in and leaves it to a worker.
async fn hand_in<S, B>(app: &TestApp<S>, token: &str, kind: &str, file: (&str, &[u8]), is_dry_run: bool) -> ImportId
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let (name, bytes) = file;
    let dry_run = is_dry_run.to_string();
    let form = [("file", Some(name), bytes), ("dry_run", None, dry_run.as_bytes())];
    let call = Call::new("POST", &format!("/imports/{kind}"))
        .bearer(token)
        .key(app.uuid());
    app.send(call.form(&form)).await.ok(202)["id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap()
}

async fn work<S>(app: &TestApp<S>, id: ImportId) {
    let go_on = || async { Ok(std::ops::ControlFlow::Continue(())) };
    let outcome = import_run::run(&app.state, app.county.root, id, go_on).await;
    assert_eq!(outcome.unwrap(), Outcome::Finished);
}

async fn run<S, B>(app: &TestApp<S>, token: &str, kind: &str, file: (&str, &[u8]), is_dry_run: bool) -> Value
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let id = hand_in(app, token, kind, file, is_dry_run).await;
    work(app, id).await;
    app.get_as(token, &format!("/imports/{id}")).await.ok(200)
}

fn counts(job: &Value) -> [i64; 4] {
    ["rows_created", "rows_updated", "rows_unchanged", "rows_failed"].map(|name| job[name].as_i64().unwrap())
}

/// Row, column and code of each error.
fn errors(job: &Value) -> Vec<(i64, &str, &str)> {
    let errors = job["errors"].as_array().unwrap().iter();
    errors
        .map(|error| {
            (
                error["row"].as_i64().unwrap(),
                error["column"].as_str().unwrap_or_default(),
                error["code"].as_str().unwrap(),
            )
        })
        .collect()
}

/// Tries a list and then imports it: the dry run writes nothing and says exactly what the run then does.
async fn try_and_import<S, B>(app: &TestApp<S>, token: &str, kind: &str, text: &str) -> Value
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let file = ("list.csv", text.as_bytes());
    let before = written(app).await;
    let dry = run(app, token, kind, file, true).await;
    assert_eq!(written(app).await, before, "a dry run writes nothing");
    let job = run(app, token, kind, file, false).await;
    assert_eq!(job["state"], "succeeded");
    for told in [
        "rows_created",
        "rows_updated",
        "rows_unchanged",
        "rows_failed",
        "errors",
        "changes",
    ] {
        assert_eq!(dry[told], job[told], "{told}");
    }
    job
}
