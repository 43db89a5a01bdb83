//! Categories of complaints.

use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};
use chrono::{DateTime, Utc};
use liangnuo_domain::{
    CategoryId,
    categories::{Category, CategoryFields},
};
use liangnuo_persistence::categories::CategoryStep;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{common::instant, public::region};
use crate::{
    answer::Versioned,
    caller::Caller,
    extract::{Body, IdempotencyHeader, IfMatch, Patch},
    problem::Problem,
    public_cache::PublicPage,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_categories)
        .service(create_category)
        .service(update_category)
        .service(close_category)
        .service(reopen_category)
        .service(list_public_categories);
}

/// A category.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryItem {
    /// Its id.
    pub id: Uuid,
    /// The one above; null at the top.
    #[schema(required)]
    pub parent_id: Option<Uuid>,
    /// In Chinese.
    pub name: String,
    /// In English.
    #[schema(required)]
    pub name_en: Option<String>,
    /// 1 to 3.
    #[schema(minimum = 1, maximum = 3)]
    pub depth: i32,
    /// In which order siblings are shown.
    pub position: i32,
    /// Since when no case gets it any more; cases that have it keep it.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    /// Counts the changes; the ETag is `"v<version>"`.
    pub version: i64,
}

impl From<Category> for CategoryItem {
    fn from(category: Category) -> Self {
        Self {
            id: category.id.0,
            parent_id: category.parent.map(|id| id.0),
            name: category.name,
            name_en: category.name_en,
            depth: category.depth,
            position: category.position,
            closed_at: category.closed_at.map(instant),
            version: category.version,
        }
    }
}

/// Categories, parents before children.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryList {
    /// In the county's order.
    pub items: Vec<CategoryItem>,
}

/// Which categories are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListCategoriesQuery {
    /// Closed ones too.
    pub include_closed: Option<bool>,
}

/// List categories
///
/// Open ones, parents before children. Permissions: any member.
#[utoipa::path(
    tag = "categories",
    params(ListCategoriesQuery),
    responses((status = 200, description = "The categories", body = CategoryList)),
    security(("bearer" = []))
)]
#[get("/categories")]
pub async fn list_categories(
    caller: Caller,
    query: web::Query<ListCategoriesQuery>,
    state: web::Data<AppState>,
) -> Result<web::Json<CategoryList>, Problem> {
    let include_closed = query.include_closed.unwrap_or(false);
    let found = state.store.list_categories(caller.actor.region, include_closed).await?;
    Ok(web::Json(CategoryList {
        items: found.into_iter().map(Into::into).collect(),
    }))
}

/// A new category.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCategory {
    /// The one above; none for one at the top.
    pub parent_id: Option<Uuid>,
    /// In Chinese.
    #[schema(min_length = 1, max_length = 30)]
    pub name: String,
    /// In English.
    #[schema(max_length = 80)]
    pub name_en: Option<String>,
    /// In which order siblings are shown; 0 if left out.
    #[schema(minimum = 0, maximum = 10000)]
    pub position: Option<i32>,
}

/// Create a category
///
/// Below another one, or at the top; three levels at most. Permissions: admin of the whole county.
#[utoipa::path(
    tag = "categories",
    params(IdempotencyHeader),
    request_body = CreateCategory,
    responses((status = 201, description = "Created", body = CategoryItem, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/categories")]
pub async fn create_category(
    caller: Caller,
    key: IdempotencyHeader,
    body: Body<CreateCategory>,
    state: web::Data<AppState>,
) -> Result<Versioned<CategoryItem>, Problem> {
    caller.must_edit_settings()?;
    let key = key.of(caller.key_owner(), "create_category", &body.digest);
    let CreateCategory {
        parent_id,
        name,
        name_en,
        position,
    } = body.value;
    let fields = CategoryFields {
        name,
        name_en,
        position: position.unwrap_or(0),
    };
    let (category, is_replay) = state
        .store
        .create_category(
            caller.owned(),
            key,
            parent_id.map(CategoryId),
            fields,
            state.clock.now(),
        )
        .await?;
    let location = format!("/api/v1/categories/{}", category.id);
    Ok(Versioned::new(category.version, category.into()).created(location, is_replay))
}

/// Fields to be changed; what is left out stays, null empties.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateCategory {
    /// In Chinese.
    #[schema(min_length = 1, max_length = 30)]
    pub name: Option<String>,
    /// In English.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 80)]
    pub name_en: Patch<String>,
    /// In which order siblings are shown.
    #[schema(minimum = 0, maximum = 10000)]
    pub position: Option<i32>,
}

/// Change a category
///
/// Cases that have it show the new name. Permissions: admin of the whole county.
#[utoipa::path(
    tag = "categories",
    params(("category_id" = Uuid, Path, description = "The category"), IfMatch),
    request_body = UpdateCategory,
    responses((status = 200, description = "The category after the change", body = CategoryItem, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[patch("/categories/{category_id}")]
pub async fn update_category(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<UpdateCategory>,
    state: web::Data<AppState>,
) -> Result<Versioned<CategoryItem>, Problem> {
    let patch = body.value;
    let edit = move |before: &Category| {
        CategoryStep::Edit(CategoryFields {
            name: patch.name.unwrap_or_else(|| before.name.clone()),
            name_en: patch.name_en.over(before.name_en.clone()),
            position: patch.position.unwrap_or(before.position),
        })
    };
    step(caller, *id, expected, edit, &state).await
}

/// Nothing to say: an empty object, so that fields can be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryStepBody {}

/// Close a category
///
/// No case gets it any more; cases that have it keep it. Those below it are closed first. Permissions: admin of the whole
/// county.
#[utoipa::path(
    tag = "categories",
    params(("category_id" = Uuid, Path, description = "The category"), IfMatch),
    request_body = CategoryStepBody,
    responses((status = 200, description = "The category after the change", body = CategoryItem, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/categories/{category_id}/close")]
pub async fn close_category(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<CategoryStepBody>,
    state: web::Data<AppState>,
) -> Result<Versioned<CategoryItem>, Problem> {
    let CategoryStepBody {} = body.value;
    step(caller, *id, expected, |_| CategoryStep::Close, &state).await
}

/// Open a closed category again
///
/// Cases can get it again. Permissions: admin of the whole county.
#[utoipa::path(
    tag = "categories",
    params(("category_id" = Uuid, Path, description = "The category"), IfMatch),
    request_body = CategoryStepBody,
    responses((status = 200, description = "The category after the change", body = CategoryItem, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/categories/{category_id}/reopen")]
pub async fn reopen_category(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<CategoryStepBody>,
    state: web::Data<AppState>,
) -> Result<Versioned<CategoryItem>, Problem> {
    let CategoryStepBody {} = body.value;
    step(caller, *id, expected, |_| CategoryStep::Reopen, &state).await
}

async fn step(
    caller: Caller,
    id: Uuid,
    expected: IfMatch,
    patch: impl FnOnce(&Category) -> CategoryStep + Send + 'static,
    state: &AppState,
) -> Result<Versioned<CategoryItem>, Problem> {
    let now = state.clock.now();
    let category = state
        .store
        .step_category(caller.owned(), CategoryId(id), expected.version, patch, now)
        .await?;
    Ok(Versioned::new(category.version, category.into()))
}

/// List categories for the public
///
/// All open ones, parents before children. Permissions: none.
#[utoipa::path(
    tag = "public",
    responses(
        (status = 200, description = "The categories", body = CategoryList, headers(("ETag" = String, description = "Of what is said"))),
        (status = 304, description = "As the reader has it"),
    ),
)]
#[get("/public/categories")]
pub async fn list_public_categories(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let page = async {
        let region = region(&state).await?;
        let found = state.store.list_categories(region, false).await?;
        Ok(PublicPage::from(CategoryList {
            items: found.into_iter().map(Into::into).collect(),
        }))
    };
    state.public_cache.answer(&request, page).await
}
