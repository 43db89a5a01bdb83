//! Figures over cases, each of which opens the list that it counts.

mod dto;
pub mod report;

use actix_web::{HttpRequest, HttpResponse, get, web};
use liangnuo_persistence::statistics::{self as store, PublicYear};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
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
/// Where more than 5,000 cases fit, the figures are up to a few seconds old, and the median and the 90th percentile of some
/// groups are near: off by 1.6 % or a minute at most; `is_approximate` says of which. Permissions: as the list.
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

/// Figures for the public; null where fewer than five cases are counted, or where that could be worked out from what is
/// shown. Reports are counted nowhere.
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
    /// Of these, answered by now.
    #[schema(required)]
    pub replied: Option<i64>,
}

/// The county's figures of a year for the public.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicComplaintStatistics {
    /// The year.
    pub year: i32,
    /// Every year that can be asked for, in order.
    pub years: Vec<i32>,
    /// Over all.
    pub figures: PublicFigures,
    /// By kind.
    pub by_kind: Vec<PublicKindFigures>,
    /// By category of the highest level that tells them apart, those with the most cases first, then those that are null.
    pub by_category: Vec<PublicCategoryFigures>,
    /// Every month of the year so far.
    pub by_month: Vec<PublicMonthFigures>,
}

impl From<PublicYear> for PublicComplaintStatistics {
    fn from(year: PublicYear) -> Self {
        Self {
            year: year.year,
            years: year.years,
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
                .map(|row| PublicMonthFigures {
                    month: row.month,
                    received: row.received,
                    replied: row.replied,
                })
                .collect(),
        }
    }
}

/// Which figures.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PublicComplaintStatisticsQuery {
    /// Of this year; by default of the present one.
    #[param(example = 2026)]
    year: Option<i32>,
}

/// Get the county's figures for the public
///
/// Of a year. What counts fewer than five cases is null, and whatever else such a number could be worked out from: within
/// the county, and by subtracting units from the unit above them. Permissions: none.
#[utoipa::path(
    tag = "public",
    params(PublicComplaintStatisticsQuery),
    responses(
        (status = 200, description = "The figures", body = PublicComplaintStatistics, headers(("ETag" = String, description = "Of what is said"))),
        (status = 304, description = "As the reader has it"),
    ),
)]
#[get("/public/statistics/complaints")]
pub async fn public_complaint_statistics(
    query: web::Query<PublicComplaintStatisticsQuery>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let page = Box::pin(async {
        let region = region(&state).await?;
        let year = query.year.unwrap_or_else(|| state.clock.now().year());
        let figures = state.public_cache.year(&state, region, year).await?;
        Ok(PublicPage::from(PublicComplaintStatistics::from(figures)))
    });
    state.public_cache.answer(&request, page).await
}
