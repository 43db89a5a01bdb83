//! Keeping contact data for a dispute although their time is over.

use actix_web::{HttpRequest, post, web};
use liangnuo_domain::ComplaintId;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{ComplaintStepReason, answer};
use crate::{
    answer::Versioned,
    caller::Caller,
    extract::{Body, IfMatch},
    problem::Problem,
    state::AppState,
    v1::complaints::Complaint,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(hold_identity).service(release_identity);
}

/// Hold contact data
///
/// A legal hold: they are not erased when their time is over, until the hold is lifted. It does not raise the case's version.
/// Permissions: inspector who may see the case.
#[utoipa::path(
    tag = "identity-openings",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch),
    request_body = ComplaintStepReason,
    responses((status = 200, description = "The case", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/identity-hold")]
pub async fn hold_identity(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<ComplaintStepReason>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let (said, now) = ((true, body.value.reason), state.clock.now());
    let detail = state
        .store
        .hold_identity(caller.owned(), ComplaintId(*id), expected.version, said, now)
        .await?;
    Ok(answer(detail, &request))
}

/// Lift the hold of contact data
///
/// They are erased when their time is over, or within the hour if it is. Permissions: as to hold.
#[utoipa::path(
    tag = "identity-openings",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch),
    request_body = ComplaintStepReason,
    responses((status = 200, description = "The case", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/identity-hold/lift")]
pub async fn release_identity(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<ComplaintStepReason>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let (said, now) = ((false, body.value.reason), state.clock.now());
    let detail = state
        .store
        .hold_identity(caller.owned(), ComplaintId(*id), expected.version, said, now)
        .await?;
    Ok(answer(detail, &request))
}
