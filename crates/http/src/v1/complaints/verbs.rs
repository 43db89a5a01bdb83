//! The steps of a case. Each takes the version that was read, asks the store for one command, and answers with the case.

use actix_web::{HttpRequest, post, web};
use liangnuo_domain::{ComplaintId, MemberId, UnitId, complaints::ReplyParts};
use liangnuo_persistence::complaints::{Assignment, CaseDetail};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::Complaint;
use crate::{
    answer::Versioned,
    caller::Caller,
    extract::{Body, IdempotencyHeader, IfMatch},
    language::Language,
    problem::Problem,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(accept_complaint)
        .service(not_accept_complaint)
        .service(assign_complaint)
        .service(draft_complaint_reply)
        .service(approve_complaint_reply)
        .service(return_complaint_reply)
        .service(reply_complaint)
        .service(conclude_complaint)
        .service(withdraw_complaint)
        .service(name_accused)
        .service(message_complainant);
}

fn answer(detail: CaseDetail, request: &HttpRequest) -> Versioned<Complaint> {
    Versioned::new(
        detail.complaint.version,
        Complaint::new(detail, Language::of(request.headers())),
    )
}

/// Nothing to say: an empty object, so that fields can be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmptyBody {}

/// Accept a complaint
///
/// Moves it from `received` to `accepted`; the clock to decide begins. Permissions: handler, campaign_office; inspector
/// for a sealed case.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch),
    request_body = EmptyBody,
    responses((status = 200, description = "The case after the step", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/accept")]
pub async fn accept_complaint(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<EmptyBody>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let Body {
        value: EmptyBody {}, ..
    } = body;
    let detail = state
        .store
        .accept_case(caller.owned(), ComplaintId(*id), expected.version, state.clock.now())
        .await?;
    Ok(answer(detail, &request))
}

/// What not accept complaint needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotAcceptComplaint {
    /// Why; the complainant reads it.
    #[schema(min_length = 2, max_length = 2000)]
    pub reason: String,
    /// Where to go instead; the complainant reads it.
    #[schema(max_length = 2000)]
    pub where_to_go: Option<String>,
}

/// Do not accept a complaint
///
/// Ends the case with a reason and, where one is known, the place to go instead. Permissions: as accept.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch),
    request_body = NotAcceptComplaint,
    responses((status = 200, description = "The case after the step", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/not-accept")]
pub async fn not_accept_complaint(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<NotAcceptComplaint>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let body = body.value;
    let detail = state
        .store
        .not_accept_case(
            caller.owned(),
            ComplaintId(*id),
            expected.version,
            body.reason,
            body.where_to_go,
            state.clock.now(),
        )
        .await?;
    Ok(answer(detail, &request))
}

/// What assign complaint needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignComplaint {
    /// The unit.
    pub unit_id: Uuid,
    /// One of its handlers.
    pub handler_id: Option<Uuid>,
    /// What they should know; the complainant does not see it.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// Assign a complaint
///
/// Gives the case to a unit, and perhaps to one of its handlers. Permissions: unit_head within the own subtree,
/// campaign_office across units; inspector for a sealed case.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch),
    request_body = AssignComplaint,
    responses((status = 200, description = "The case after the step", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/assign")]
pub async fn assign_complaint(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<AssignComplaint>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let body = body.value;
    let detail = state
        .store
        .assign_case(
            caller.owned(),
            ComplaintId(*id),
            expected.version,
            Assignment {
                unit: UnitId(body.unit_id),
                handler: body.handler_id.map(MemberId),
                note: body.note,
            },
            state.clock.now(),
        )
        .await?;
    Ok(answer(detail, &request))
}

/// What draft complaint reply needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftComplaintReply {
    /// What the complainant asked, in the unit's words.
    #[schema(max_length = 10000)]
    pub request: String,
    /// What was found.
    #[schema(max_length = 10000)]
    pub facts: String,
    /// What is decided and done.
    #[schema(max_length = 10000)]
    pub decision: String,
    /// The rule, standard or pledge that it rests on.
    #[schema(max_length = 10000)]
    pub basis: String,
    /// Hand it to the head.
    pub submit: bool,
}

/// Write the reply to a complaint
///
/// Keeps a draft, or with `submit` hands it to the head; all four parts are then needed. Permissions: handler; inspector
/// for a sealed case.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch),
    request_body = DraftComplaintReply,
    responses((status = 200, description = "The case after the step", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/draft")]
pub async fn draft_complaint_reply(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<DraftComplaintReply>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let body = body.value;
    let detail = state
        .store
        .draft_reply(
            caller.owned(),
            ComplaintId(*id),
            expected.version,
            ReplyParts::parse(&body.request, &body.facts, &body.decision, &body.basis, body.submit)?,
            body.submit,
            state.clock.now(),
        )
        .await?;
    Ok(answer(detail, &request))
}

/// What approve complaint reply needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveComplaintReply {
    /// Send it at once; true if left out.
    #[schema(default = true)]
    pub send: Option<bool>,
}

/// Approve the reply to a complaint
///
/// Approves what was handed in and, unless told otherwise, sends it. Nobody approves their own work. Permissions:
/// unit_head; inspector for a sealed case.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch),
    request_body = ApproveComplaintReply,
    responses((status = 200, description = "The case after the step", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/approve")]
pub async fn approve_complaint_reply(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<ApproveComplaintReply>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let body = body.value;
    let detail = state
        .store
        .approve_reply(
            caller.owned(),
            ComplaintId(*id),
            expected.version,
            body.send.unwrap_or(true),
            state.clock.now(),
        )
        .await?;
    Ok(answer(detail, &request))
}

/// What return complaint reply needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnComplaintReply {
    /// What to change.
    #[schema(min_length = 2, max_length = 2000)]
    pub reason: String,
}

/// Give the reply to a complaint back
///
/// The writer gets it back with a reason. Permissions: unit_head; inspector for a sealed case.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch),
    request_body = ReturnComplaintReply,
    responses((status = 200, description = "The case after the step", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/return")]
pub async fn return_complaint_reply(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<ReturnComplaintReply>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let body = body.value;
    let detail = state
        .store
        .return_reply(
            caller.owned(),
            ComplaintId(*id),
            expected.version,
            body.reason,
            state.clock.now(),
        )
        .await?;
    Ok(answer(detail, &request))
}

/// Send the reply to a complaint
///
/// Sends the approved reply; the complainant can rate it. Permissions: handler, unit_head; inspector for a sealed case.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch),
    request_body = EmptyBody,
    responses((status = 200, description = "The case after the step", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/reply")]
pub async fn reply_complaint(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<EmptyBody>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let Body {
        value: EmptyBody {}, ..
    } = body;
    let detail = state
        .store
        .send_reply(caller.owned(), ComplaintId(*id), expected.version, state.clock.now())
        .await?;
    Ok(answer(detail, &request))
}

/// What conclude complaint needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConcludeComplaint {
    /// In words; needed where the complainant is not satisfied.
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
}

/// Conclude a complaint
///
/// Closes an answered case; praise needs no answer. A case whose complainant is not satisfied needs a reason. Permissions:
/// handler, unit_head; inspector for a sealed case.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch),
    request_body = ConcludeComplaint,
    responses((status = 200, description = "The case after the step", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/conclude")]
pub async fn conclude_complaint(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<ConcludeComplaint>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let body = body.value;
    let detail = state
        .store
        .conclude_case(
            caller.owned(),
            ComplaintId(*id),
            expected.version,
            body.reason,
            state.clock.now(),
        )
        .await?;
    Ok(answer(detail, &request))
}

/// What withdraw complaint needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawComplaint {
    /// What the complainant said.
    #[schema(min_length = 2, max_length = 2000)]
    pub reason: String,
}

/// Withdraw a complaint for its complainant
///
/// On the complainant's wish, told by telephone or at the counter. Permissions: handler, campaign_office; inspector for a
/// sealed case.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch),
    request_body = WithdrawComplaint,
    responses((status = 200, description = "The case after the step", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/withdraw")]
pub async fn withdraw_complaint(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<WithdrawComplaint>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let body = body.value;
    let detail = state
        .store
        .withdraw_case(
            caller.owned(),
            ComplaintId(*id),
            expected.version,
            body.reason,
            state.clock.now(),
        )
        .await?;
    Ok(answer(detail, &request))
}

/// What name accused needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameAccused {
    /// Persons.
    #[schema(max_items = 50)]
    pub member_ids: Vec<Uuid>,
    /// Units.
    #[schema(max_items = 50)]
    pub unit_ids: Vec<Uuid>,
}

/// Name the accused of a complaint
///
/// They, and whoever stands in an accused unit's line, lose every right on the case at once. Permissions: inspector.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch),
    request_body = NameAccused,
    responses((status = 200, description = "The case after the step", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/accused")]
pub async fn name_accused(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<NameAccused>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let body = body.value;
    let detail = state
        .store
        .name_accused(
            caller.owned(),
            ComplaintId(*id),
            expected.version,
            (
                body.member_ids.into_iter().map(MemberId).collect(),
                body.unit_ids.into_iter().map(UnitId).collect(),
            ),
            state.clock.now(),
        )
        .await?;
    Ok(answer(detail, &request))
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
    let key = key.of(caller.key_owner(), "message_complainant", &body.digest);
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
