//! The working-day calendar: public holidays and make-up days, a year at a time.

use actix_web::{get, put, web};
use chrono::{DateTime, NaiveDate, Utc};
use liangnuo_domain::calendar::{CalendarYear as DomainYear, Exception};
use liangnuo_persistence::settings::YearView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::common::instant;
use crate::{
    answer::Versioned,
    caller::Caller,
    extract::{Body, IfMatch},
    problem::Problem,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_calendars).service(load_calendar);
}

/// A day that is not what its weekday says.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarDay {
    /// Which day.
    pub day: NaiveDate,
    /// Worked, though on a weekend; or off.
    pub is_worked: bool,
}

impl From<Exception> for CalendarDay {
    fn from(exception: Exception) -> Self {
        Self {
            day: exception.day,
            is_worked: exception.is_worked,
        }
    }
}

/// A year of the calendar.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarYear {
    /// Which year.
    pub year: i32,
    /// The days that are not what their weekday says, in order; also those of December that the next year's notice names.
    pub days: Vec<CalendarDay>,
    /// The days of the December before that this year's notice names: they count in that year, and stand there, too.
    pub previous_december: Vec<CalendarDay>,
    /// When an administrator loaded it; null for one that comes with the product.
    #[schema(required)]
    pub loaded_at: Option<DateTime<Utc>>,
    /// Counts the loadings, and those of the next year that changed this one's December; 0 for one as it comes with the
    /// product. The ETag is `"v<version>"`.
    pub version: i64,
}

impl From<YearView> for CalendarYear {
    fn from(view: YearView) -> Self {
        Self {
            year: view.year.year,
            days: view.year.exceptions.into_iter().map(Into::into).collect(),
            previous_december: view.previous_december.into_iter().map(Into::into).collect(),
            loaded_at: view.loaded_at.map(instant),
            version: view.version,
        }
    }
}

/// The published years.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarList {
    /// Newest first.
    pub items: Vec<CalendarYear>,
}

/// List the calendar's years
///
/// Those that come with the product and those that were loaded. Dates in a later year are provisional. Permissions: any
/// member.
#[utoipa::path(
    tag = "calendars",
    responses((status = 200, description = "The years", body = CalendarList)),
    security(("bearer" = []))
)]
#[get("/calendars")]
pub async fn list_calendars(caller: Caller, state: web::Data<AppState>) -> Result<web::Json<CalendarList>, Problem> {
    let years = state.store.calendar_years(&caller).await?;
    Ok(web::Json(CalendarList {
        items: years.into_iter().map(Into::into).collect(),
    }))
}

/// A year to be loaded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadCalendar {
    /// All days off and make-up working days of the year, as the State Council's notice lists them, with those of the December
    /// before.
    #[schema(min_items = 1, max_items = 150)]
    pub days: Vec<CalendarDay>,
}

/// Load a year of the calendar
///
/// In place of what was known of it; `If-Match: "v0"` for a year that was never loaded. What its notice names of the December
/// before changes that year, too, which is not published by it. Dates that were provisional are computed anew; none becomes
/// earlier than it was told. Permissions: admin of the whole county.
#[utoipa::path(
    tag = "calendars",
    params(("year" = i32, Path, description = "Which year", minimum = 2004, maximum = 2100), IfMatch),
    request_body = LoadCalendar,
    responses((status = 200, description = "The year as it is now", body = CalendarYear, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[put("/calendars/{year}")]
pub async fn load_calendar(
    caller: Caller,
    year: web::Path<i32>,
    expected: IfMatch,
    body: Body<LoadCalendar>,
    state: web::Data<AppState>,
) -> Result<Versioned<CalendarYear>, Problem> {
    caller.must_edit_settings()?;
    let days: Vec<(NaiveDate, bool)> = body.value.days.iter().map(|day| (day.day, day.is_worked)).collect();
    let year = DomainYear::parse(*year, &days)?;
    let view = state
        .store
        .load_calendar_year(caller.owned(), year, expected.version, state.clock.now())
        .await?;
    Ok(Versioned::new(view.version, view.into()))
}
