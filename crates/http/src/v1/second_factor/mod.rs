//! The second factor of the signed-in member: setting it up, recovery codes, turning it off; and taking somebody else's away,
//! whose telephone is lost.

mod proving;

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use liangnuo_domain::{
    AccountId, MemberId,
    second_factor::{self as rules, ENROLMENT_SECONDS},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{accounts::MemberAccount, common::instant};
use crate::{
    caller::{Confirmed, SignedIn, must_have_second_factor},
    extract::Body,
    problem::{Problem, ProblemCode},
    second_factor,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(proving::log_in_with_code)
        .service(proving::confirm_identity)
        .service(get_second_factor)
        .service(begin_second_factor)
        .service(enrol_second_factor)
        .service(remake_recovery_codes)
        .service(turn_off_second_factor)
        .service(remove_second_factor);
}

/// How the member stands with their second factor.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactor {
    /// Whether one is in use.
    pub is_enrolled: bool,
    /// Since when.
    #[schema(required)]
    pub enrolled_at: Option<DateTime<Utc>>,
    /// Whether the member's roles demand one, so that it can't be turned off.
    pub is_mandatory: bool,
    /// Recovery codes that were not used.
    pub recovery_codes_left: u64,
    /// Until when the session counts as confirmed.
    pub confirmed_until: DateTime<Utc>,
}

/// Get the member's second factor
///
/// Whether there is one and whether there must be. Also for who may do nothing else before one is set up. Permissions: any
/// member, their own.
#[utoipa::path(
    tag = "second-factor",
    responses((status = 200, description = "How it stands", body = SecondFactor)),
    security(("bearer" = []))
)]
#[get("/me/second-factor")]
pub async fn get_second_factor(
    caller: SignedIn,
    state: web::Data<AppState>,
) -> Result<web::Json<SecondFactor>, Problem> {
    let view = state.store.second_factor_view(&caller).await?;
    Ok(web::Json(SecondFactor {
        is_enrolled: view.enrolled_at.is_some(),
        enrolled_at: view.enrolled_at.map(instant),
        is_mandatory: must_have_second_factor(&caller, &state),
        recovery_codes_left: view.recovery_codes_left,
        confirmed_until: instant(rules::confirmed_until(caller.standing.confirmed_at)),
    }))
}

/// What is asked, which needs no words.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginSecondFactor {}

/// A second factor to be set up.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorSeed {
    /// What is typed into an authenticator app that can't read the QR code, in base32.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    pub seed: String,
    /// What the QR code holds: an `otpauth://` address.
    pub uri: String,
    /// Until when its first code is taken.
    pub expires_at: DateTime<Utc>,
}

/// Begin to set up a second factor
///
/// Gives a new seed, once. What is in use stays so until the first code of the new one; beginning again gives another seed.
/// Also for who may do nothing else before one is set up. Permissions: any member, their own. Needs a confirmation.
#[utoipa::path(
    tag = "second-factor",
    request_body = BeginSecondFactor,
    responses((status = 200, description = "The seed", body = SecondFactorSeed)),
    security(("bearer" = []))
)]
#[post("/me/second-factor/begin")]
pub async fn begin_second_factor(
    caller: Confirmed<SignedIn>,
    _body: Body<BeginSecondFactor>,
    state: web::Data<AppState>,
) -> Result<web::Json<SecondFactorSeed>, Problem> {
    let now = state.clock.now();
    let (login, _) = state.store.account(caller.actor.account).await?;
    let seed = second_factor::new_seed();
    let answer = SecondFactorSeed {
        seed: second_factor::base32(&seed),
        uri: second_factor::uri(&seed, &login),
        expires_at: instant(now.plus_seconds(ENROLMENT_SECONDS)),
    };
    state.store.begin_second_factor(&caller, seed, now).await?;
    Ok(web::Json(answer))
}

/// The first code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolSecondFactor {
    /// The six digits that the app shows now.
    #[schema(min_length = 6, max_length = 20, example = "123456")]
    pub code: String,
}

/// Codes on paper, each good once instead of a code.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Ten of them. Kept nowhere as they are, so this is the only time that they are shown.
    #[schema(min_items = 10, max_items = 10)]
    pub recovery_codes: Vec<String>,
}

/// New recovery codes, as they are shown and as they are kept.
fn recovery_codes(account: AccountId, state: &AppState) -> (RecoveryCodes, Vec<Vec<u8>>) {
    let codes = second_factor::new_recovery_codes();
    let hash = |code: &String| state.keys.recovery_hash(account, code);
    let hashes = codes.iter().map(hash).collect();
    let recovery_codes = codes.iter().map(|code| second_factor::written(code)).collect();
    (RecoveryCodes { recovery_codes }, hashes)
}

/// Set up the second factor
///
/// With the first code of the seed that was given. Ends all other sessions; recovery codes of before are good for nothing.
/// Also for who may do nothing else before one is set up. Permissions: any member, their own. Needs a confirmation.
#[utoipa::path(
    tag = "second-factor",
    request_body = EnrolSecondFactor,
    responses((status = 200, description = "Set up", body = RecoveryCodes)),
    security(("bearer" = []))
)]
#[post("/me/second-factor/enrol")]
pub async fn enrol_second_factor(
    caller: Confirmed<SignedIn>,
    body: Body<EnrolSecondFactor>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<web::Json<RecoveryCodes>, Problem> {
    let now = state.clock.now();
    let code = rules::parse_code("/code", &body.value.code)?;
    let (seed, begun_at) = state.store.begun_seed(&caller, now).await?;
    state.limits.check_code(caller.actor.account, false, &request)?;
    let step = second_factor::step_of(&seed, code, now).ok_or_else(|| Problem::new(ProblemCode::WrongCode))?;
    let (answer, hashes) = recovery_codes(caller.actor.account, &state);
    state
        .store
        .enrol_second_factor(caller.owned(), (begun_at, step), hashes, now)
        .await?;
    // The other sessions ended with it.
    state.callers.forget_all();
    Ok(web::Json(answer))
}

/// What is asked, which needs no words.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemakeRecoveryCodes {}

/// Make recovery codes anew
///
/// Those of before are good for nothing. Permissions: any member, their own. Needs a confirmation.
#[utoipa::path(
    tag = "second-factor",
    request_body = RemakeRecoveryCodes,
    responses((status = 200, description = "The new ones", body = RecoveryCodes)),
    security(("bearer" = []))
)]
#[post("/me/second-factor/recovery-codes")]
pub async fn remake_recovery_codes(
    caller: Confirmed,
    _body: Body<RemakeRecoveryCodes>,
    state: web::Data<AppState>,
) -> Result<web::Json<RecoveryCodes>, Problem> {
    let (answer, hashes) = recovery_codes(caller.actor.account, &state);
    state
        .store
        .remake_recovery_codes(caller.owned(), hashes, state.clock.now())
        .await?;
    Ok(web::Json(answer))
}

/// What is asked, which needs no words.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TurnOffSecondFactor {}

/// Turn the second factor off
///
/// Not where the member's roles demand one: for another telephone it is set up anew. Permissions: any member, their own.
/// Needs a confirmation.
#[utoipa::path(
    tag = "second-factor",
    request_body = TurnOffSecondFactor,
    responses((status = 204, description = "Turned off")),
    security(("bearer" = []))
)]
#[post("/me/second-factor/turn-off")]
pub async fn turn_off_second_factor(
    caller: Confirmed,
    _body: Body<TurnOffSecondFactor>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let is_mandatory = must_have_second_factor(&caller, &state);
    state
        .store
        .turn_off_second_factor(caller.owned(), is_mandatory, state.clock.now())
        .await?;
    state.callers.forget(caller.actor.session).await;
    Ok(HttpResponse::NoContent().finish())
}

/// Take a member's second factor away
///
/// For somebody whose telephone and recovery codes are lost. Ends their sessions and leaves their password; who must have a
/// second factor sets another one up at the next log-in, and everybody is told who took theirs away. Permissions: security_admin over the
/// unit and wherever the member holds a role, not for their own account. Needs a confirmation.
#[utoipa::path(
    tag = "second-factor",
    params(("member_id" = Uuid, Path, description = "The member")),
    responses((status = 200, description = "The account without it", body = MemberAccount)),
    security(("bearer" = []))
)]
#[post("/members/{member_id}/account/second-factor/remove")]
pub async fn remove_second_factor(
    caller: Confirmed,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<web::Json<MemberAccount>, Problem> {
    let (member, now) = (MemberId(*id), state.clock.now());
    state.store.remove_second_factor(caller.owned(), member, now).await?;
    state.callers.forget_all();
    let account = state.store.account_of_member(&caller, member, now).await?;
    Ok(web::Json(account.into()))
}
