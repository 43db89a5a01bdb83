//! The sealed log as inspectors and the administrator of the log look at it: how it stood last, and whether it is whole.
//!
//! No place of an event is told, and no number of today: from them whoever some events are hidden from could count those.

use actix_web::{get, post, web};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use liangnuo_domain::log::{FaultKind, VerificationState};
use liangnuo_persistence::log::{LogKey, SignedCheckpoint, Verification};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::common::mirror;
use crate::{caller::Caller, problem::Problem, state::AppState};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_log).service(verify_log);
}

mirror! {
    /// Where a verification stands.
    LogVerificationState = VerificationState { Queued, Running, Finished, Failed }
}

mirror! {
    /// What can be wrong with the log.
    LogFaultKind = FaultKind {
        EventChanged, DetailChanged, EventGone, EntryGone, Tree, Checkpoint, Head, Outside, EventUnknown, EventLate, EventLost,
    }
}

/// A kind of fault, and how often it was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogFault {
    /// What is wrong.
    pub kind: LogFaultKind,
    /// How often.
    #[schema(minimum = 1)]
    pub count: i64,
}

/// A verification of the whole log.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogVerification {
    /// Where it stands.
    pub state: LogVerificationState,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// How much of the log was read, in percent.
    #[schema(minimum = 0, maximum = 100)]
    pub percent: i32,
    /// When it ended.
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
    /// Nothing is wrong; null unless it has come to its end.
    #[schema(required)]
    pub is_whole: Option<bool>,
    /// What is wrong. Where, `liangnuo verify-log` says to who runs the server.
    pub faults: Vec<LogFault>,
}

impl From<Verification> for LogVerification {
    fn from(verification: Verification) -> Self {
        let is_done = verification.state == VerificationState::Finished;
        Self {
            state: verification.state.into(),
            requested_at: verification.requested_at.utc(),
            percent: verification.percent.into(),
            finished_at: verification.finished_at.map(|at| at.utc()),
            is_whole: is_done.then_some(verification.faults.is_empty()),
            faults: verification
                .faults
                .into_iter()
                .map(|(kind, count)| LogFault {
                    kind: kind.into(),
                    count: i64::try_from(count).unwrap_or(i64::MAX),
                })
                .collect(),
        }
    }
}

/// How the log stood when a checkpoint was made: once a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogCheckpoint {
    /// The public key as tools for signed notes take it: name, key id and key.
    #[schema(example = "liangnuo/5ca1ab1e0ddba115+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    pub verifier: String,
    /// How many entries it had. Some of them, at random, stand for no event.
    #[schema(minimum = 0)]
    pub tree_size: i64,
    /// The root of the tree over them (RFC 9162), in base64.
    #[schema(example = "XUW8F0hrXVEIkmmzSVkIa4PB8QzZyPdqvZh8aHBxkcE=")]
    pub root_hash: String,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// The signed note (C2SP signed-note, tlog-checkpoint): what to keep outside.
    pub note: String,
}

impl LogCheckpoint {
    pub(super) fn new(signed: SignedCheckpoint, key: &LogKey) -> Self {
        Self {
            verifier: key.verifier(),
            tree_size: i64::try_from(signed.checkpoint.size).unwrap_or(i64::MAX),
            root_hash: BASE64_STANDARD.encode(signed.checkpoint.root),
            at: signed.checkpoint.at.utc(),
            note: signed.note,
        }
    }
}

/// The sealed log.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogState {
    /// The last checkpoint; null before the first.
    #[schema(required)]
    pub checkpoint: Option<LogCheckpoint>,
    /// The last verification that somebody of the county asked for.
    #[schema(required)]
    pub verification: Option<LogVerification>,
}

async fn state_of(caller: &Caller, state: &AppState) -> Result<LogState, Problem> {
    let verification = state.store.log_verification(caller).await?;
    let signed = state.store.log_checkpoint().await?;
    Ok(LogState {
        checkpoint: signed.map(|signed| LogCheckpoint::new(signed, state.store.log_key())),
        verification: verification.map(Into::into),
    })
}

/// Get the state of the sealed log
///
/// Its last checkpoint and its last verification. Permissions: inspector and audit_admin.
#[utoipa::path(
    tag = "log",
    responses((status = 200, description = "The state", body = LogState)),
    security(("bearer" = []))
)]
#[get("/log")]
pub async fn get_log(caller: Caller, state: web::Data<AppState>) -> Result<web::Json<LogState>, Problem> {
    Ok(web::Json(state_of(&caller, &state).await?))
}

/// Verify the sealed log
///
/// Has a worker read all of it again: events, entries, hashes, signatures, and what is missing. While one of the county's
/// verifications is under way, it stays at that. The state says how far it has come. Permissions: inspector and audit_admin.
#[utoipa::path(
    tag = "log",
    responses((status = 200, description = "The state", body = LogState)),
    security(("bearer" = []))
)]
#[post("/log/verify")]
pub async fn verify_log(caller: Caller, state: web::Data<AppState>) -> Result<web::Json<LogState>, Problem> {
    let now = state.clock.now();
    state.store.request_log_verification(caller.owned(), now).await?;
    state.worker_bell.notify_one();
    Ok(web::Json(state_of(&caller, &state).await?))
}
