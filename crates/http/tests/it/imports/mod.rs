//! Ledgers in. With `LIANGNUO_TEST_DATA` the real one; without it an invented one with the same kinds of dirt.

mod figures;
mod files;
mod rows;
mod runs;

use std::{
    ops::ControlFlow::{Break, Continue},
    sync::atomic::{AtomicU8, Ordering},
};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_documents::sample::sample_ledger;
use liangnuo_domain::{ImportId, Role, complaints::Channel};
use liangnuo_http::import_run::{self, Outcome};
use liangnuo_persistence::{
    StoreError,
    callers::Caller,
    complaints::{CaseFilter, CaseSort},
    imports::{Columns, FILE_KEPT_DAYS, PIECE_BYTES, RowFailure, Rows},
    page::PageRequest,
};
use liangnuo_test_support::{
    NOW,
    api::{Call, TestApp, test_app},
};
use serde_json::{Value, json};

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where these tests learn of outside data"
)]
pub(crate) fn real_ledger() -> Option<Vec<u8>> {
    let folder = std::env::var("LIANGNUO_TEST_DATA").ok()?;
    Some(std::fs::read(std::path::Path::new(&folder).join("messages-with-replies.xlsx")).unwrap())
}

/// Goes through a ledger, as a worker would.
async fn work<S>(app: &TestApp<S>, id: ImportId) {
    let outcome = import_run::run(&app.state, app.county.root, id, || async { Ok(Continue(())) }).await;
    assert_eq!(outcome.unwrap(), Outcome::Finished);
}

/// Hands a ledger in and goes through it, as a worker would.
pub(crate) async fn import<S, B>(app: &TestApp<S>, token: &str, bytes: &[u8], fields: &[(&str, &[u8])]) -> Value
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let mut form: Vec<(&str, Option<&str>, &[u8])> = vec![("file", Some("ledger.xlsx"), bytes)];
    form.extend(fields.iter().map(|(name, value)| (*name, None, *value)));
    let call = Call::new("POST", "/imports/complaints")
        .bearer(token)
        .key(app.uuid())
        .form(&form);
    let job = app.send(call).await.ok(202);
    let id: ImportId = job["id"].as_str().unwrap().parse().unwrap();
    work(app, id).await;
    app.get_as(token, &format!("/imports/{id}")).await.ok(200)
}

fn counts(job: &Value) -> [i64; 5] {
    [
        "rows_done",
        "rows_created",
        "rows_updated",
        "rows_unchanged",
        "rows_failed",
    ]
    .map(|name| job[name].as_i64().unwrap())
}

fn csv(rows: &[[&str; 7]]) -> Vec<u8> {
    let mut text = String::from("留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间,类型,单位\n");
    for row in rows {
        text.push_str(&row[..5].join(","));
        text.push_str(",,,");
        text.push_str(&row[5..].join(","));
        text.push('\n');
    }
    text.into_bytes()
}

/// Hands a ledger in and leaves it to a worker.
async fn hand_in<S, B>(app: &TestApp<S>, token: &str, bytes: &[u8]) -> ImportId
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let call = Call::new("POST", "/imports/complaints").bearer(token).key(app.uuid());
    let form = call.form(&[("file", Some("ledger.csv"), bytes)]);
    app.send(form).await.ok(202)["id"].as_str().unwrap().parse().unwrap()
}

async fn import_csv<S, B>(app: &TestApp<S>, token: &str, rows: &[[&str; 7]]) -> Value
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let id = hand_in(app, token, &csv(rows)).await;
    work(app, id).await;
    app.get_as(token, &format!("/imports/{id}")).await.ok(200)
}

const ROW: [&str; 7] = ["1", "甲", "题", "2026-11-20", "文", "投诉", "柳湾小学"];
