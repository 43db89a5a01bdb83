//! Who a case is given to, with what it is answered, and who must not know of it.

use actix_web::{HttpRequest, post, web};
use liangnuo_domain::{ComplaintId, MemberId, UnitId, complaints::REASON_MAX, text};
use liangnuo_persistence::complaints::Assignment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{super::Complaint, answer};
use crate::{
    answer::Versioned,
    caller::Caller,
    extract::{Body, IfMatch},
    language::Language,
    problem::Problem,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(assign_complaints)
        .service(assign_complaint)
        .service(merge_complaint)
        .service(name_accused);
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

/// A case in the version that was read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplaintVersion {
    /// The case.
    pub id: Uuid,
    /// Its version, as in the list.
    pub version: i64,
}

/// What assign complaints needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignComplaints {
    /// Which cases, each in the version that was read.
    #[schema(min_items = 1, max_items = 100)]
    pub complaints: Vec<ComplaintVersion>,
    /// The unit.
    pub unit_id: Uuid,
    /// One of its handlers.
    pub handler_id: Option<Uuid>,
    /// What they should know; the complainants do not see it.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// What became of one case of many.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintOutcome {
    /// The case.
    pub id: Uuid,
    /// Its version now; null if nothing was changed.
    #[schema(required)]
    pub version: Option<i64>,
    /// The code of the problem, if there was one.
    #[schema(required, example = "stale_version")]
    pub problem: Option<String>,
    /// What happened and what to do about it, in the language asked for.
    #[schema(required)]
    pub detail: Option<String>,
}

/// What became of many cases.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintOutcomes {
    /// In the order that was asked for.
    pub items: Vec<ComplaintOutcome>,
}

/// Assign many complaints
///
/// Each by itself: one that has changed since it was read, or can't be given, does not hold up the others. Sent again
/// with the same versions, nothing happens twice. Permissions: as assign.
#[utoipa::path(
    tag = "complaints",
    request_body = AssignComplaints,
    responses((status = 200, description = "What became of each", body = ComplaintOutcomes)),
    security(("bearer" = []))
)]
#[post("/complaints/assign")]
pub async fn assign_complaints(
    caller: Caller,
    body: Body<AssignComplaints>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<web::Json<ComplaintOutcomes>, Problem> {
    let body = body.value;
    if body.complaints.is_empty() || body.complaints.len() > 100 {
        return Err(Problem::field(
            "/complaints",
            "wrong_number",
            "一次可以交办1到100件。",
            "From 1 to 100 cases are assigned at a time.",
        ));
    }
    caller.must_assign()?;
    // Said once for all, so it is wrong once for all and not at each case.
    let note = text::parse_optional("/note", body.note.as_deref(), text::prose(1, REASON_MAX))?;
    let to = Assignment {
        unit: UnitId(body.unit_id),
        handler: body.handler_id.map(MemberId),
        note,
    };
    let cases = body
        .complaints
        .into_iter()
        .map(|case| (ComplaintId(case.id), case.version))
        .collect();
    let done = state.store.assign_cases(&caller, cases, &to, state.clock.now()).await;
    let language = Language::of(request.headers());
    let items = done
        .into_iter()
        .map(|(id, outcome)| match outcome {
            Ok(version) => ComplaintOutcome {
                id: id.0,
                version: Some(version),
                problem: None,
                detail: None,
            },
            Err(error) => {
                let problem = Problem::from(error);
                ComplaintOutcome {
                    id: id.0,
                    version: None,
                    problem: Some(problem.code().code().to_owned()),
                    detail: Some(problem.explained(language)),
                }
            }
        })
        .collect();
    Ok(web::Json(ComplaintOutcomes { items }))
}

/// What merge complaint needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeComplaint {
    /// The case that answers for this one; not answered yet, and not merged itself.
    pub lead_id: Uuid,
}

/// Merge a complaint into another one
///
/// It says the same: its complainant gets the other case's answer. Permissions: handler, campaign_office; inspector for a
/// sealed case.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch),
    request_body = MergeComplaint,
    responses((status = 200, description = "The case after the step", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/merge")]
pub async fn merge_complaint(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<MergeComplaint>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let lead = ComplaintId(body.value.lead_id);
    let detail = state
        .store
        .merge_case(
            caller.owned(),
            ComplaintId(*id),
            expected.version,
            lead,
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
