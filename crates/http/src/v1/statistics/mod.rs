//! Figures over cases, each of which opens the list that it counts.

mod dto;
pub mod report;

use actix_web::{HttpRequest, HttpResponse, get, web};
use liangnuo_persistence::statistics::{self as store, PublicYear};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use self::dto::CategoryRef;
pub use self::dto::ComplaintStatistics;
use super::{common::ComplaintKind, complaints::query::ComplaintStatisticsQuery, public::region};
use crate::{caller::Caller, problem::Problem, public_cache::PublicPage, state::AppState};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(complaint_statistics)
        .service(report::export_complaint_statistics)
        .service(public_complaint_statistics);
}

/// Get figures over complaints
///
/// Over the cases that the caller may see, with the filters of the list: each figure opens the list of what it counts.
/// Where more than 5,000 cases fit, the figures are up to a few seconds old; some of what is kept by period and one
/// further filter only is then null. Permissions: as the list.
#[utoipa::path(
    tag = "statistics",
    params(ComplaintStatisticsQuery),
    responses((status = 200, description = "The figures", body = ComplaintStatistics)),
    security(("bearer" = []))
)]
#[get("/statistics/complaints")]
pub async fn complaint_statistics(
    caller: Caller,
    query: web::Query<ComplaintStatisticsQuery>,
    state: web::Data<AppState>,
) -> Result<web::Json<ComplaintStatistics>, Problem> {
    let filter = query.filter(&caller)?;
    let figures = state
        .store
        .complaint_statistics(&caller, filter, state.clock.now())
        .await?;
    Ok(web::Json(figures.into()))
}

/// Figures for the public; null where fewer than five cases are counted. Reports are counted nowhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicFigures {
    /// Received.
    #[schema(required)]
    pub received: Option<i64>,
    /// Answered at least once.
    #[schema(required)]
    pub replied: Option<i64>,
    /// Half were answered within so many days.
    #[schema(required)]
    pub median_days_to_reply: Option<f64>,
    /// Rated by the complainant.
    #[schema(required)]
    pub rated: Option<i64>,
    /// Rated 3 and more.
    #[schema(required)]
    pub satisfied: Option<i64>,
}

impl From<store::PublicFigures> for PublicFigures {
    fn from(figures: store::PublicFigures) -> Self {
        Self {
            received: figures.received,
            replied: figures.replied,
            median_days_to_reply: figures.median_days_to_reply,
            rated: figures.rated,
            satisfied: figures.satisfied,
        }
    }
}

/// Public figures of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicKindFigures {
    /// The kind.
    pub kind: ComplaintKind,
    /// Received.
    #[schema(required)]
    pub received: Option<i64>,
}

/// Public figures of a category.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicCategoryFigures {
    /// The category; null for cases without one.
    #[schema(required)]
    pub category: Option<CategoryRef>,
    /// Received.
    #[schema(required)]
    pub received: Option<i64>,
}

/// Public figures of a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicMonthFigures {
    /// The month.
    #[schema(example = "2026-03")]
    pub month: String,
    /// Received in it.
    #[schema(required)]
    pub received: Option<i64>,
    /// Of this year's cases, first answered in it.
    #[schema(required)]
    pub replied: Option<i64>,
}

/// The county's figures of the present year for the public.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicComplaintStatistics {
    /// The year.
    pub year: i32,
    /// Over all.
    pub figures: PublicFigures,
    /// By kind.
    pub by_kind: Vec<PublicKindFigures>,
    /// By category of the highest level that tells them apart, those with the most cases first.
    pub by_category: Vec<PublicCategoryFigures>,
    /// Every month of the year so far.
    pub by_month: Vec<PublicMonthFigures>,
}

impl From<PublicYear> for PublicComplaintStatistics {
    fn from(year: PublicYear) -> Self {
        Self {
            year: year.year,
            figures: year.figures.into(),
            by_kind: year
                .by_kind
                .into_iter()
                .map(|(kind, received)| PublicKindFigures {
                    kind: kind.into(),
                    received,
                })
                .collect(),
            by_category: year
                .by_category
                .into_iter()
                .map(|row| PublicCategoryFigures {
                    category: row.category.map(Into::into),
                    received: row.received,
                })
                .collect(),
            by_month: year
                .by_month
                .into_iter()
                .map(|(month, received, replied)| PublicMonthFigures {
                    month,
                    received,
                    replied,
                })
                .collect(),
        }
    }
}

/// Get the county's figures for the public
///
/// Of the present year; what counts fewer than five cases is null. Permissions: none.
#[utoipa::path(
    tag = "public",
    responses(
        (status = 200, description = "The figures", body = PublicComplaintStatistics, headers(("ETag" = String, description = "Of what is said"))),
        (status = 304, description = "As the reader has it"),
    ),
)]
#[get("/public/statistics/complaints")]
pub async fn public_complaint_statistics(
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let page = async {
        let region = region(&state).await?;
        let year = state.store.public_statistics(region, state.clock.now()).await?;
        Ok(PublicPage::from(PublicComplaintStatistics::from(year)))
    };
    state.public_cache.answer(&request, page).await
}
