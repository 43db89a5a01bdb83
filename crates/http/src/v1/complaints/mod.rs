//! Complaints as the staff see and move them.

mod dto;
mod due;
mod export;
mod find;
mod parts;
pub mod query;
mod register;
pub(super) mod verbs;

use actix_web::{HttpRequest, get, web};
use liangnuo_domain::{ComplaintId, UnitId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use dto::{AssigneeList, Complaint, ComplaintPage, ComplaintRating, ComplaintSummary, SimilarComplaints};
pub use due::ComputedDue;
pub use parts::{ComplaintRef, MessageSender};
pub use query::ListComplaintsQuery;

use crate::{answer::Versioned, caller::Caller, language::Language, problem::Problem, state::AppState};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_complaints)
        .service(register::register_complaint)
        .service(find::find_complaints_by_phone)
        // Before the case, whose id could be any word.
        .service(export::export_complaints)
        .service(get_complaint)
        .service(list_assignees)
        .service(list_similar_complaints);
    verbs::routes(config);
}

/// List complaints
///
/// The cases that the caller may see, by keyset. Permissions: handler, unit_head, leader, campaign_office, inspector,
/// each over their subtree.
#[utoipa::path(
    tag = "complaints",
    params(ListComplaintsQuery),
    responses((status = 200, description = "A page of cases", body = ComplaintPage)),
    security(("bearer" = []))
)]
#[get("/complaints")]
pub async fn list_complaints(
    caller: Caller,
    query: web::Query<ListComplaintsQuery>,
    state: web::Data<AppState>,
) -> Result<ComplaintPage, Problem> {
    let filter = query.filter(&caller)?;
    let sort = query.sort.unwrap_or_default().into();
    let page = state
        .store
        .list_cases(&caller, filter, sort, &query.page()?, state.clock.now())
        .await?;
    Ok(page.into())
}

/// Get a complaint
///
/// One case with its conversation, timeline, clock and what the caller may do now. That it was read is in the event log.
/// Permissions: as the list.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case")),
    responses((status = 200, description = "The case", body = Complaint, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[get("/complaints/{complaint_id}")]
pub async fn get_complaint(
    caller: Caller,
    id: web::Path<Uuid>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<Versioned<Complaint>, Problem> {
    let now = state.clock.now();
    let detail = state.store.read_case(&caller, ComplaintId(*id), now).await?;
    Ok(Versioned::new(
        detail.complaint.version,
        Complaint::new(detail, Language::of(request.headers())),
    ))
}

/// Whose handlers are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AssigneeQuery {
    /// The unit that the case is to go to.
    pub unit_id: Uuid,
}

/// List those who can be given a complaint
///
/// The handlers of a unit and of the units above it, with how many open cases each has. Permissions: unit_head and
/// campaign_office over the unit; inspector for a sealed case.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case"), AssigneeQuery),
    responses((status = 200, description = "Handlers", body = AssigneeList)),
    security(("bearer" = []))
)]
#[get("/complaints/{complaint_id}/assignees")]
pub async fn list_assignees(
    caller: Caller,
    id: web::Path<Uuid>,
    query: web::Query<AssigneeQuery>,
    state: web::Data<AppState>,
) -> Result<web::Json<AssigneeList>, Problem> {
    let found = state
        .store
        .assignees(&caller, ComplaintId(*id), UnitId(query.unit_id), state.clock.now())
        .await?;
    Ok(web::Json(AssigneeList {
        items: found.into_iter().map(Into::into).collect(),
    }))
}

/// List complaints that may say the same
///
/// Of the cases that came in within ninety days before or after this one, and that the caller may see, the five that are
/// most like it in their words, with the reasons; none where none is like it. A person says whether they are the same: see
/// `merge_complaint`. Permissions: as the list.
#[utoipa::path(
    tag = "complaints",
    params(("complaint_id" = Uuid, Path, description = "The case")),
    responses((status = 200, description = "Similar cases, the most similar first", body = SimilarComplaints)),
    security(("bearer" = []))
)]
#[get("/complaints/{complaint_id}/similar")]
pub async fn list_similar_complaints(
    caller: Caller,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<web::Json<SimilarComplaints>, Problem> {
    let found = state
        .store
        .similar_cases(&caller, ComplaintId(*id), state.clock.now())
        .await?;
    Ok(web::Json(SimilarComplaints {
        items: found.into_iter().map(Into::into).collect(),
    }))
}
