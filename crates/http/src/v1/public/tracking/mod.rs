//! A case by its receipt code: follow it, add to it, rate the answer, take it back.

mod view;

use actix_web::{HttpRequest, HttpResponse, post, web};
use liangnuo_domain::{Timestamp, UnitId, complaints::number::parse_receipt_code};
use liangnuo_persistence::complaints::{Proof, Tracked};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

pub use view::TrackedComplaint;

use crate::{
    extract::{Body, IdempotencyHeader},
    language::Language,
    limits::CountedReceipt,
    problem::{Problem, ProblemCode},
    state::AppState,
    v1::public::uploads::{self, UploadClaim},
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(track_complaint)
        .service(add_to_complaint)
        .service(rate_complaint)
        .service(redo_complaint)
        .service(withdraw_own_complaint);
}

/// The county of the public pages.
pub(in crate::v1) async fn region(state: &AppState) -> Result<UnitId, Problem> {
    if let Some(known) = state.region.get() {
        return Ok(*known);
    }
    let region = state.store.public_region(state.settings.public_region).await?;
    let found = region.ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    Ok(*state.region.get_or_init(|| found.id))
}

/// The lookup key of a typed code. A text that can't be a code is answered like an unknown one.
fn lookup(state: &AppState, typed: &str) -> Result<Vec<u8>, Problem> {
    let code = parse_receipt_code(typed).ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    Ok(state.keys.receipt_hash(&code))
}

/// What every change by a receipt code begins with.
struct Receipt {
    region: UnitId,
    /// The lookup key of the code.
    code: Vec<u8>,
    /// The solved challenge; none if it is no solution, which the command refuses unless it was done before.
    proof: Option<Proof>,
    now: Timestamp,
}

impl Receipt {
    async fn open(state: &AppState, receipt_code: &str, altcha: &str) -> Result<Self, Problem> {
        let (region, now) = (region(state).await?, state.clock.now());
        Ok(Self {
            region,
            code: lookup(state, receipt_code)?,
            proof: state.challenges.proof(altcha, now),
            now,
        })
    }
}

/// The case as it stands after the request.
fn shown(tracked: Tracked, request: &HttpRequest) -> TrackedComplaint {
    TrackedComplaint::new(tracked, Language::of(request.headers()))
}

/// A receipt code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackComplaint {
    /// As on the receipt; spaces, dashes and small letters do not matter.
    #[schema(min_length = 24, max_length = 60)]
    pub receipt_code: String,
}

/// Follow a complaint
///
/// What happened so far, what comes next, the conversation and the answer. Permissions: whoever holds the receipt code.
#[utoipa::path(
    tag = "public",
    request_body = TrackComplaint,
    responses((status = 200, description = "The case", body = TrackedComplaint)),
)]
#[post("/public/complaints/track")]
pub async fn track_complaint(
    _counted: CountedReceipt,
    body: Body<TrackComplaint>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<web::Json<TrackedComplaint>, Problem> {
    let region = region(&state).await?;
    let tracked = state
        .store
        .track_complaint(region, lookup(&state, &body.value.receipt_code)?, state.clock.now())
        .await?;
    Ok(web::Json(shown(tracked, &request)))
}

/// Something to add to a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddToComplaint {
    /// The receipt code.
    #[schema(min_length = 24, max_length = 60)]
    pub receipt_code: String,
    /// The text.
    #[schema(min_length = 1, max_length = 5000)]
    pub body: String,
    /// Files that were sent before with `begin_upload`.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub uploads: Vec<UploadClaim>,
    /// The solution of a challenge.
    #[schema(min_length = 1, max_length = 4000)]
    pub altcha: String,
}

/// Add to a complaint
///
/// The staff who handle the case read it. Permissions: whoever holds the receipt code.
#[utoipa::path(
    tag = "public",
    params(IdempotencyHeader),
    request_body = AddToComplaint,
    responses((status = 201, description = "Added", body = TrackedComplaint)),
)]
#[post("/public/complaints/messages")]
pub async fn add_to_complaint(
    _counted: CountedReceipt,
    key: IdempotencyHeader,
    body: Body<AddToComplaint>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let input = body.value;
    // Not of the proof: whoever sends again may have had to solve a new challenge.
    let ids: Vec<_> = input.uploads.iter().map(|upload| upload.id).collect();
    let asked = format!("{}\0{}\0{ids:?}", input.receipt_code, input.body);
    let files = uploads::claims(&input.uploads, &state.keys)?;
    let key = key.of("public", "add_to_complaint", asked.as_bytes());
    let Receipt {
        region,
        code,
        proof,
        now,
    } = Receipt::open(&state, &input.receipt_code, &input.altcha).await?;
    let tracked = state
        .store
        .add_to_complaint(region, code, (input.body, files), key, proof, now)
        .await?;
    Ok(HttpResponse::Created().json(shown(tracked, &request)))
}

/// What the complainant thinks of the answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RateComplaint {
    /// The receipt code.
    #[schema(min_length = 24, max_length = 60)]
    pub receipt_code: String,
    /// 5 very satisfied, 4 satisfied, 3 fairly satisfied, 2 not satisfied, 1 not satisfied at all.
    #[schema(minimum = 1, maximum = 5)]
    pub level: i16,
    /// In words.
    #[schema(max_length = 2000)]
    pub comment: Option<String>,
    /// The solution of a challenge.
    #[schema(min_length = 1, max_length = 4000)]
    pub altcha: String,
}

/// Rate the answer to a complaint
///
/// Once, within 15 days of the answer; 3 and more concludes the case. Permissions: whoever holds the receipt code.
#[utoipa::path(
    tag = "public",
    request_body = RateComplaint,
    responses((status = 200, description = "Rated", body = TrackedComplaint)),
)]
#[post("/public/complaints/rating")]
pub async fn rate_complaint(
    _counted: CountedReceipt,
    body: Body<RateComplaint>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<web::Json<TrackedComplaint>, Problem> {
    let input = body.value;
    let Receipt {
        region,
        code,
        proof,
        now,
    } = Receipt::open(&state, &input.receipt_code, &input.altcha).await?;
    let tracked = state
        .store
        .rate_complaint(region, code, input.level, input.comment, proof, now)
        .await?;
    Ok(web::Json(shown(tracked, &request)))
}

/// An answer that did not satisfy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedoComplaint {
    /// The receipt code.
    #[schema(min_length = 24, max_length = 60)]
    pub receipt_code: String,
    /// What is still not right.
    #[schema(min_length = 2, max_length = 2000)]
    pub reason: String,
    /// The solution of a challenge.
    #[schema(min_length = 1, max_length = 4000)]
    pub altcha: String,
}

/// Ask for a complaint to be done again
///
/// Once, in the time for rating, after an answer that did not satisfy: another handler does it again. Permissions: whoever
/// holds the receipt code.
#[utoipa::path(
    tag = "public",
    request_body = RedoComplaint,
    responses((status = 200, description = "To be done again", body = TrackedComplaint)),
)]
#[post("/public/complaints/redo")]
pub async fn redo_complaint(
    _counted: CountedReceipt,
    body: Body<RedoComplaint>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<web::Json<TrackedComplaint>, Problem> {
    let input = body.value;
    let Receipt {
        region,
        code,
        proof,
        now,
    } = Receipt::open(&state, &input.receipt_code, &input.altcha).await?;
    let tracked = state
        .store
        .redo_complaint(region, code, input.reason, proof, now)
        .await?;
    Ok(web::Json(shown(tracked, &request)))
}

/// A complaint to be taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawOwnComplaint {
    /// The receipt code.
    #[schema(min_length = 24, max_length = 60)]
    pub receipt_code: String,
    /// Why, if the complainant wants to say.
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
    /// The solution of a challenge.
    #[schema(min_length = 1, max_length = 4000)]
    pub altcha: String,
}

/// Take a complaint back
///
/// Until it is answered. The case stays in the log. Permissions: whoever holds the receipt code.
#[utoipa::path(
    tag = "public",
    request_body = WithdrawOwnComplaint,
    responses((status = 200, description = "Taken back", body = TrackedComplaint)),
)]
#[post("/public/complaints/withdrawal")]
pub async fn withdraw_own_complaint(
    _counted: CountedReceipt,
    body: Body<WithdrawOwnComplaint>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<web::Json<TrackedComplaint>, Problem> {
    let input = body.value;
    let Receipt {
        region,
        code,
        proof,
        now,
    } = Receipt::open(&state, &input.receipt_code, &input.altcha).await?;
    let tracked = state
        .store
        .withdraw_complaint(region, code, input.reason, proof, now)
        .await?;
    Ok(web::Json(shown(tracked, &request)))
}
