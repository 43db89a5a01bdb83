//! Categories of complaints.

use actix_web::{get, web};
use liangnuo_persistence::categories::Category;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::public::region;
use crate::{caller::Caller, problem::Problem, state::AppState};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_categories).service(list_public_categories);
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
}

impl From<Category> for CategoryItem {
    fn from(category: Category) -> Self {
        Self {
            id: category.id.0,
            parent_id: category.parent.map(|id| id.0),
            name: category.name,
            name_en: category.name_en,
            depth: category.depth,
        }
    }
}

/// All open categories, parents before children.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryList {
    /// In the county's order.
    pub items: Vec<CategoryItem>,
}

/// List categories
///
/// All open ones, parents before children. Permissions: any member.
#[utoipa::path(
    tag = "categories",
    responses((status = 200, description = "The categories", body = CategoryList)),
    security(("bearer" = []))
)]
#[get("/categories")]
pub async fn list_categories(caller: Caller, state: web::Data<AppState>) -> Result<web::Json<CategoryList>, Problem> {
    let found = state.store.list_categories(caller.actor.region).await?;
    Ok(web::Json(CategoryList {
        items: found.into_iter().map(Into::into).collect(),
    }))
}

/// List categories for the public
///
/// All open ones, parents before children. Permissions: none.
#[utoipa::path(tag = "public", responses((status = 200, description = "The categories", body = CategoryList)))]
#[get("/public/categories")]
pub async fn list_public_categories(state: web::Data<AppState>) -> Result<web::Json<CategoryList>, Problem> {
    let region = region(&state).await?;
    let found = state.store.list_categories(region).await?;
    Ok(web::Json(CategoryList {
        items: found.into_iter().map(Into::into).collect(),
    }))
}
