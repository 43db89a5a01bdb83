//! Figures over cases, each of which opens the list that it counts.

use std::collections::BTreeMap;

use actix_web::{get, web};
use liangnuo_persistence::statistics::{self as store, CaseFigures, PublicYear};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    common::{ComplaintKind, UnitRef},
    complaints::query::ComplaintStatisticsQuery,
    public::region,
};
use crate::{caller::Caller, problem::Problem, state::AppState};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(complaint_statistics)
        .service(public_complaint_statistics);
}

/// Figures of a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct MonthFigures {
    /// The month.
    #[schema(example = "2026-03")]
    pub month: String,
    /// Received in it.
    pub received: i64,
    /// First answered in it.
    pub replied: i64,
}

/// Figures of a unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitFigures {
    /// The unit that holds the cases.
    pub unit: UnitRef,
    /// All of them.
    pub total: i64,
    /// Answered at least once.
    pub replied: i64,
    /// Half were answered within so many days.
    #[schema(required)]
    pub median_days_to_reply: Option<f64>,
    /// Late now.
    pub overdue: i64,
}

/// Figures over cases. Days are exact durations divided by 86,400 seconds; percentiles interpolate linearly.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintStatistics {
    /// All of them.
    pub total: i64,
    /// By code of state.
    pub by_state: BTreeMap<String, i64>,
    /// By code of phase.
    pub by_phase: BTreeMap<String, i64>,
    /// By code of kind.
    pub by_kind: BTreeMap<String, i64>,
    /// By code of channel.
    pub by_channel: BTreeMap<String, i64>,
    /// By year of receipt.
    pub by_year: BTreeMap<String, i64>,
    /// By month, in order.
    pub by_month: Vec<MonthFigures>,
    /// The fifty units with the most cases.
    pub by_unit: Vec<UnitFigures>,
    /// Answered at least once.
    pub replied: i64,
    /// Half were answered within so many days; null where none was.
    #[schema(required)]
    pub median_days_to_reply: Option<f64>,
    /// Nine in ten were answered within so many days; null where none was.
    #[schema(required)]
    pub p90_days_to_reply: Option<f64>,
    /// Answered after more than 15 days.
    pub over_15_days: i64,
    /// Answered after more than 60 days.
    pub over_60_days: i64,
    /// Different authors of imported cases.
    pub distinct_authors: i64,
    /// Rated by the complainant.
    pub rated: i64,
    /// Rated 3 and more.
    pub satisfied: i64,
}

impl From<CaseFigures> for ComplaintStatistics {
    fn from(figures: CaseFigures) -> Self {
        Self {
            total: figures.total,
            by_state: figures.by_state,
            by_phase: figures.by_phase,
            by_kind: figures.by_kind,
            by_channel: figures.by_channel,
            by_year: figures.by_year,
            by_month: figures
                .by_month
                .into_iter()
                .map(|month| MonthFigures {
                    month: month.month,
                    received: month.received,
                    replied: month.replied,
                })
                .collect(),
            by_unit: figures
                .by_unit
                .into_iter()
                .map(|unit| UnitFigures {
                    unit: unit.unit.into(),
                    total: unit.total,
                    replied: unit.replied,
                    median_days_to_reply: unit.median_days_to_reply,
                    overdue: unit.overdue,
                })
                .collect(),
            replied: figures.replied,
            median_days_to_reply: figures.median_days_to_reply,
            p90_days_to_reply: figures.p90_days_to_reply,
            over_15_days: figures.over_15_days,
            over_60_days: figures.over_60_days,
            distinct_authors: figures.distinct_authors,
            rated: figures.rated,
            satisfied: figures.satisfied,
        }
    }
}

/// Get figures over complaints
///
/// Over the cases that the caller may see, with the filters of the list. Permissions: as the list.
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
    Ok(web::Json(
        state
            .store
            .complaint_statistics(&caller, filter, state.clock.now())
            .await?
            .into(),
    ))
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
    responses((status = 200, description = "The figures", body = PublicComplaintStatistics)),
)]
#[get("/public/statistics/complaints")]
pub async fn public_complaint_statistics(
    state: web::Data<AppState>,
) -> Result<web::Json<PublicComplaintStatistics>, Problem> {
    let region = region(&state).await?;
    let year = state.public_cache.year(&state, region).await?;
    Ok(web::Json(year.as_ref().clone().into()))
}
