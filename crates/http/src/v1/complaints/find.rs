//! Finding the cases of a telephone number: by POST, so that it stands in no address.

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ComplaintSummary;
use crate::{caller::Confirmed, extract::Body, problem::Problem, state::AppState};

/// Whose cases are looked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindComplaintsByPhone {
    /// A whole telephone number; country code, blanks, dashes and full-width digits do not matter.
    #[schema(min_length = 5, max_length = 40, example = "+86 139 0000 0000")]
    pub phone: String,
    /// For the log. Not the number.
    #[schema(min_length = 2, max_length = 2000, example = "来电人问上月反映的校车，没有回执码。")]
    pub reason: String,
}

/// The cases of a telephone number.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintsByPhone {
    /// Newest first, the newest hundred. Contact data are never in them.
    pub items: Vec<ComplaintSummary>,
    /// How often the caller may look today.
    pub look_ups_left: i64,
}

/// Find the cases of a telephone number
///
/// Those whose complainant left it, as far as the caller may see them. Each search is an event with who and why, never with the
/// number, and is written before the answer goes out; 30 a day for each member, then 429. Needs a confirmation. Permissions:
/// campaign_office and inspector of the county, sealed cases the inspector alone.
#[utoipa::path(
    tag = "complaints",
    request_body = FindComplaintsByPhone,
    responses((status = 200, description = "What was found", body = ComplaintsByPhone)),
    security(("bearer" = []))
)]
#[post("/complaints/find-by-phone")]
pub async fn find_complaints_by_phone(
    caller: Confirmed,
    body: Body<FindComplaintsByPhone>,
    state: web::Data<AppState>,
) -> Result<web::Json<ComplaintsByPhone>, Problem> {
    let sought = (body.value.phone, body.value.reason);
    let now = state.clock.now();
    let found = state.store.find_by_phone(caller.owned(), sought, now).await?;
    Ok(web::Json(ComplaintsByPhone {
        items: found.cases.into_iter().map(Into::into).collect(),
        look_ups_left: found.left_today,
    }))
}
