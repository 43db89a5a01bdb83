//! The signed-in member's saved views of the queue.

use actix_web::{HttpResponse, delete, get, post, web};
use liangnuo_domain::ViewId;
use liangnuo_persistence::saved_views::SavedView as StoredView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::complaints::ListComplaintsQuery;
use crate::{
    caller::Caller,
    extract::{Body, IdempotencyHeader},
    problem::Problem,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_saved_views)
        .service(save_view)
        .service(delete_saved_view);
}

/// A saved view of the queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedView {
    /// Its id.
    pub id: Uuid,
    /// How the member calls it.
    pub name: String,
    /// The filters and the order, as `list_complaints` takes them.
    #[schema(example = "phase=overdue&channel=phone")]
    pub query: String,
}

/// The member's views.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedViewList {
    /// The oldest first; thirty at most.
    pub items: Vec<SavedView>,
}

fn list(views: Vec<StoredView>) -> SavedViewList {
    SavedViewList {
        items: views
            .into_iter()
            .map(|view| SavedView {
                id: view.id.0,
                name: view.name,
                query: view.query,
            })
            .collect(),
    }
}

/// List the member's saved views
///
/// The oldest first. Permissions: any member, their own.
#[utoipa::path(
    tag = "me",
    responses((status = 200, description = "The views", body = SavedViewList)),
    security(("bearer" = []))
)]
#[get("/me/views")]
pub async fn list_saved_views(caller: Caller, state: web::Data<AppState>) -> Result<web::Json<SavedViewList>, Problem> {
    Ok(web::Json(list(state.store.saved_views(&caller).await?)))
}

/// A view to be saved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveView {
    /// How the member calls it.
    #[schema(min_length = 1, max_length = 30)]
    pub name: String,
    /// The filters and the order, as `list_complaints` takes them, without a cursor.
    #[schema(max_length = 1000)]
    pub query: String,
}

/// Save a view of the queue
///
/// Under a name of its own. Permissions: any member, for themselves.
#[utoipa::path(
    tag = "me",
    params(IdempotencyHeader),
    request_body = SaveView,
    responses((status = 201, description = "The views after it", body = SavedViewList)),
    security(("bearer" = []))
)]
#[post("/me/views")]
pub async fn save_view(
    caller: Caller,
    key: IdempotencyHeader,
    body: Body<SaveView>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(caller.key_owner(), "save_view", &body.digest);
    let SaveView { name, query } = body.value;
    check_query(&query)?;
    let views = state
        .store
        .save_view(caller.owned(), key, name, query, state.clock.now())
        .await?;
    Ok(HttpResponse::Created().json(list(views)))
}

/// What is saved must open a list: it is read as the list reads it.
fn check_query(query: &str) -> Result<(), Problem> {
    let wrong = || {
        Problem::field(
            "/query",
            "not_a_view",
            "这些筛选条件无法读取，请重新选择后再保存。",
            "These filters can't be read. Choose them again, then save.",
        )
    };
    let is_plain = query
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._~%=&,+:*".contains(&byte));
    if !is_plain || query.len() > 1_000 {
        return Err(wrong());
    }
    let parsed = web::Query::<ListComplaintsQuery>::from_query(query).map_err(|_unreadable| wrong())?;
    if parsed.cursor.is_some() {
        return Err(wrong());
    }
    Ok(())
}

/// Delete a saved view
///
/// Only the view; no case changes. Permissions: any member, their own.
#[utoipa::path(
    tag = "me",
    params(("view_id" = Uuid, Path, description = "The view")),
    responses((status = 204, description = "Deleted")),
    security(("bearer" = []))
)]
#[delete("/me/views/{view_id}")]
pub async fn delete_saved_view(
    caller: Caller,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    state
        .store
        .delete_view(caller.owned(), ViewId(*id), state.clock.now())
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
