//! The county and its units, as the public sees them.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, Utc};
use liangnuo_domain::UnitId;
use liangnuo_persistence::units::{UnitFilter, UnitView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::tracking::region;
use crate::{
    paging::{self, page},
    problem::{Problem, ProblemCode},
    public_cache::PublicPage,
    state::AppState,
    v1::{
        common::{OrgUnitKind, UnitRef, instant},
        statistics::PublicFigures,
        units::{UnitSuccession, word},
    },
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(get_public_region)
        .service(list_public_units)
        .service(get_public_unit);
}

/// The county of these pages.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicRegion {
    /// The root unit's id.
    pub id: Uuid,
    /// In Chinese.
    #[schema(example = "清河县教育局")]
    pub name: String,
    /// In English.
    #[schema(required)]
    pub name_en: Option<String>,
    /// Telephone number.
    #[schema(required)]
    pub hotline: Option<String>,
    /// Address.
    #[schema(required)]
    pub address: Option<String>,
}

/// Get the county
///
/// Whose pages these are. Permissions: none.
#[utoipa::path(
    tag = "public",
    responses(
        (status = 200, description = "The county", body = PublicRegion, headers(("ETag" = String, description = "Of what is said"))),
        (status = 304, description = "As the reader has it"),
    ),
)]
#[get("/public/region")]
pub async fn get_public_region(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let page = Box::pin(async {
        let unit = state.store.public_region(state.settings.public_region).await?;
        let unit = unit.ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
        Ok(PublicPage::from(PublicRegion {
            id: unit.id.0,
            name: unit.fields.name,
            name_en: unit.fields.name_en,
            hotline: unit.fields.hotline,
            address: unit.fields.address,
        }))
    });
    state.public_cache.answer(&request, page).await
}

/// A unit in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicUnitItem {
    /// Its id.
    pub id: Uuid,
    /// The unit above; null for the root.
    #[schema(required)]
    pub parent: Option<UnitRef>,
    /// What it is.
    pub kind: OrgUnitKind,
    /// In Chinese.
    pub name: String,
    /// In English.
    #[schema(required)]
    pub name_en: Option<String>,
    /// Telephone number.
    #[schema(required)]
    pub hotline: Option<String>,
    /// Address.
    #[schema(required)]
    pub address: Option<String>,
}

impl From<UnitView> for PublicUnitItem {
    fn from(mut view: UnitView) -> Self {
        Self {
            id: view.unit.id.0,
            parent: view.path.pop().map(Into::into),
            kind: view.unit.kind.into(),
            name: view.unit.fields.name,
            name_en: view.unit.fields.name_en,
            hotline: view.unit.fields.hotline,
            address: view.unit.fields.address,
        }
    }
}

page! {
    /// A page of units.
    PublicUnitPage of PublicUnitItem
}

/// Filters and page of the public's list of units.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListPublicUnitsQuery {
    /// Part of the name, in either language; pinyin or initials from any character on.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// What it is.
    #[param(inline)]
    pub kind: Option<OrgUnitKind>,
    /// Directly below this unit.
    pub parent_id: Option<Uuid>,
    /// Rows on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Whether `total` is wanted, exact up to 10,000.
    pub count: Option<bool>,
}

/// List units for the public
///
/// The open ones, by name. Permissions: none.
#[utoipa::path(
    tag = "public",
    params(ListPublicUnitsQuery),
    responses(
        (status = 200, description = "A page of units", body = PublicUnitPage, headers(("ETag" = String, description = "Of what is said"))),
        (status = 304, description = "As the reader has it"),
    ),
)]
#[get("/public/units")]
pub async fn list_public_units(
    query: web::Query<ListPublicUnitsQuery>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let page = Box::pin(async {
        let query = query.into_inner();
        let filter = UnitFilter {
            q: word(query.q)?,
            kind: query.kind.map(Into::into),
            parent: query.parent_id.map(UnitId),
            include_closed: false,
        };
        let asked = paging::request(query.limit, query.cursor, query.count)?;
        let region = region(&state).await?;
        let page: PublicUnitPage = state.store.list_units(region, None, filter, &asked).await?.into();
        let link = paging::link(&request, page.next_cursor.as_deref());
        Ok(PublicPage::of_list(page, link))
    });
    state.public_cache.answer(&request, page).await
}

/// A unit as the public sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicUnit {
    /// Its id.
    pub id: Uuid,
    /// The unit above; null for the root.
    #[schema(required)]
    pub parent: Option<UnitRef>,
    /// What it is.
    pub kind: OrgUnitKind,
    /// In Chinese.
    pub name: String,
    /// In English.
    #[schema(required)]
    pub name_en: Option<String>,
    /// Name of the head.
    #[schema(required)]
    pub head: Option<String>,
    /// Telephone number.
    #[schema(required)]
    pub hotline: Option<String>,
    /// Address.
    #[schema(required)]
    pub address: Option<String>,
    /// Opening hours in words.
    #[schema(required)]
    pub opening_hours: Option<String>,
    /// Since when it no longer exists. A closed unit is shown where others came in its place.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    /// Which units came in its place.
    pub successors: Vec<UnitSuccession>,
    /// In whose place it came.
    pub predecessors: Vec<UnitSuccession>,
    /// How many open units stand directly below.
    pub children_count: i64,
    /// What became of the cases of this year that it and the units below it hold.
    pub complaints: PublicFigures,
}

/// Get a unit for the public
///
/// With what it may be reached by. A closed unit is there if others came in its place. Permissions: none.
#[utoipa::path(
    tag = "public",
    params(("unit_id" = Uuid, Path, description = "The unit")),
    responses(
        (status = 200, description = "The unit", body = PublicUnit, headers(("ETag" = String, description = "Of what is said"))),
        (status = 304, description = "As the reader has it"),
    ),
)]
#[get("/public/units/{unit_id}")]
pub async fn get_public_unit(
    id: web::Path<Uuid>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    state
        .public_cache
        .answer(&request, Box::pin(unit_page(&state, UnitId(*id))))
        .await
}

async fn unit_page(state: &AppState, id: UnitId) -> Result<PublicPage<PublicUnit>, Problem> {
    let region = region(state).await?;
    let mut view = state.store.public_unit(region, id).await?;
    let children = state.store.children_count(region, id).await?;
    let figures = state.public_cache.unit(state, region, id).await?;
    let fields = view.unit.fields;
    Ok(PublicPage::from(PublicUnit {
        id: view.unit.id.0,
        parent: view.path.pop().map(Into::into),
        kind: view.unit.kind.into(),
        name: fields.name,
        name_en: fields.name_en,
        head: fields.head,
        hotline: fields.hotline,
        address: fields.address,
        opening_hours: fields.opening_hours,
        closed_at: view.unit.closed_at.map(instant),
        successors: view.successors.into_iter().map(Into::into).collect(),
        predecessors: view.predecessors.into_iter().map(Into::into).collect(),
        children_count: i64::try_from(children).unwrap_or(i64::MAX),
        complaints: figures.into(),
    }))
}
