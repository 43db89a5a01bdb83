//! What is written to the complainant: a message, or a question for whose answer the clock is held.

use actix_web::{HttpRequest, post, web};
use liangnuo_domain::ComplaintId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{super::Complaint, answer};
use crate::{
    answer::Versioned,
    caller::Caller,
    extract::{Body, IdempotencyHeader, IfMatch},
    problem::Problem,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(message_complainant).service(hold_complaint);
}

/// What was asked: the same words about another case are another request.
fn asked(case: Uuid, digest: &[u8]) -> Vec<u8> {
    [case.as_bytes().as_slice(), digest].concat()
}

/// What message complainant needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageComplainant {
    /// The text.
    #[schema(min_length = 1, max_length = 5000)]
    pub body: String,
}

/// Write to the complainant
///
/// The complainant reads it with the receipt code. Permissions: handler; inspector for a sealed case.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch, IdempotencyHeader),
    request_body = MessageComplainant,
    responses((status = 200, description = "The case after the step", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/message")]
pub async fn message_complainant(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    key: IdempotencyHeader,
    body: Body<MessageComplainant>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let key = key.of(caller.key_owner(), "message_complainant", &asked(*id, &body.digest));
    let detail = state
        .store
        .message_complainant(
            caller.owned(),
            ComplaintId(*id),
            expected.version,
            body.value.body,
            key,
            state.clock.now(),
        )
        .await?;
    Ok(answer(detail, &request))
}

/// What hold complaint needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldComplaint {
    /// What the complainant is asked.
    #[schema(min_length = 1, max_length = 5000)]
    pub body: String,
    /// For how many days at most; see `hold_days_left` of the case. The head may add some when asked.
    #[schema(minimum = 1, maximum = 90)]
    pub days: u32,
}

/// Ask the complainant and hold the clock
///
/// Until the complainant answers, the days are over, or somebody waits no longer. Permissions: handler, unit_head;
/// inspector for a sealed case.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch, IdempotencyHeader),
    request_body = HoldComplaint,
    responses((status = 200, description = "The case after the step", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/hold")]
pub async fn hold_complaint(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    key: IdempotencyHeader,
    body: Body<HoldComplaint>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let key = key.of(caller.key_owner(), "hold_complaint", &asked(*id, &body.digest));
    let HoldComplaint { body, days } = body.value;
    let detail = state
        .store
        .hold_case(
            caller.owned(),
            ComplaintId(*id),
            expected.version,
            body,
            days,
            key,
            state.clock.now(),
        )
        .await?;
    Ok(answer(detail, &request))
}
