//! Signing in by an identity provider, and tying an account to somebody there.
//!
//! The browser that begins gets a flow, goes to the provider, comes back with a code, and shows both: who has the one and not
//! the other gets nowhere. Only who is signed in ties an account, and only their own.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use liangnuo_domain::Timestamp;
use liangnuo_persistence::{accounts::ProviderSubject, second_factor::Proof};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    auth::{SessionKind, TokenGrant, open},
    common::instant,
};
use crate::{
    caller::{Caller, Confirmed},
    extract::Body,
    limits::CountedLogIn,
    problem::{Problem, ProblemCode},
    providers::{Errand, Flow, Provider},
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(begin_provider_log_in)
        .service(complete_provider_log_in)
        .service(get_provider_tie)
        .service(begin_provider_tie)
        .service(complete_provider_tie)
        .service(untie_provider);
}

/// The way to the provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderFlow {
    /// Where the browser goes. It comes back to `/console/sign-in/provider` with `code` and `state`, or with `error`.
    pub authorization_url: String,
    /// What the browser keeps, and shows with the code when it is back.
    pub flow: String,
    /// Until when it must be back.
    pub expires_at: DateTime<Utc>,
}

/// What the browser brings back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderReturn {
    /// What was kept.
    #[schema(min_length = 1, max_length = 200)]
    pub flow: String,
    /// What the provider gave.
    #[schema(min_length = 1, max_length = 2000)]
    pub code: String,
    /// What came back with it.
    #[schema(min_length = 1, max_length = 200)]
    pub state: String,
    /// Where the refresh token is kept; `body` if left out. For a log-in only.
    #[schema(inline)]
    pub session: Option<SessionKind>,
}

/// Whether the caller's account is tied to somebody at the provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderTie {
    /// Since when; null: it is not.
    #[schema(required)]
    pub tied_at: Option<DateTime<Utc>>,
}

fn provider(state: &AppState) -> Result<&Provider, Problem> {
    // Where there is none the operations are as if they were not there.
    state
        .provider
        .as_deref()
        .ok_or_else(|| Problem::new(ProblemCode::NotFound))
}

async fn begin(state: &AppState, errand: Errand) -> Result<web::Json<ProviderFlow>, Problem> {
    let provider = provider(state)?;
    let now = state.clock.now();
    let flow = state.keys.flow(Uuid::from_bytes(rand::random()), errand, now);
    Ok(web::Json(ProviderFlow {
        authorization_url: provider.authorization_url(&flow).await?,
        flow: state.keys.flow_token(&flow),
        expires_at: instant(flow.ends_at()),
    }))
}

/// Finds out who came back, if they went for this.
async fn identify(
    state: &AppState,
    back: &ProviderReturn,
    is_expected: impl Fn(Errand) -> bool,
    now: Timestamp,
) -> Result<ProviderSubject, Problem> {
    let provider = provider(state)?;
    let refused = || Problem::new(ProblemCode::ProviderRefused);
    let flow: Flow = state
        .keys
        .flow_of(&back.flow)
        .filter(|flow| now < flow.ends_at() && is_expected(flow.errand) && flow.state == back.state)
        .ok_or_else(refused)?;
    if back.code.chars().count() > 2_000 {
        return Err(refused());
    }
    Ok(provider.identify(&flow, &back.code, now).await?)
}

/// Begin to sign in by the identity provider
///
/// Where there is one (`GET /auth/options`). Permissions: none.
#[utoipa::path(
    tag = "providers",
    responses((status = 200, description = "The way there", body = ProviderFlow)),
)]
#[post("/auth/provider/begin")]
pub async fn begin_provider_log_in(
    _counted: CountedLogIn,
    state: web::Data<AppState>,
) -> Result<web::Json<ProviderFlow>, Problem> {
    begin(&state, Errand::SignIn).await
}

/// Sign in by the identity provider
///
/// It takes the place of the password: whose account has a second factor here gets `second_factor_needed` with a ticket all the
/// same. Whoever is tied to no account gets `provider_account_unknown`. Permissions: whoever began, and is back.
#[utoipa::path(
    tag = "providers",
    request_body = ProviderReturn,
    responses((status = 200, description = "Signed in", body = TokenGrant)),
)]
#[post("/auth/provider/complete")]
pub async fn complete_provider_log_in(
    _counted: CountedLogIn,
    body: Body<ProviderReturn>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let back = body.value;
    let now = state.clock.now();
    let subject = identify(&state, &back, |errand| errand == Errand::SignIn, now).await?;
    let account = state
        .store
        .account_of_provider(&subject)
        .await?
        .ok_or_else(|| Problem::new(ProblemCode::ProviderAccountUnknown))?;
    if state.store.second_factor(account.id).await?.is_some() {
        let ticket = state.keys.ticket(account.id, &account.password_hash, now);
        return Err(Problem::new(ProblemCode::SecondFactorNeeded).with_ticket(ticket));
    }
    let kind = back.session.unwrap_or_default();
    open(
        &state,
        (account.id, Proof::Password),
        &request,
        kind,
        HttpResponse::Ok(),
    )
    .await
}

/// Get whether one's account is tied to the identity provider
///
/// Permissions: any member, their own.
#[utoipa::path(
    tag = "providers",
    responses((status = 200, description = "Whether it is", body = ProviderTie)),
    security(("bearer" = []))
)]
#[get("/me/provider")]
pub async fn get_provider_tie(caller: Caller, state: web::Data<AppState>) -> Result<web::Json<ProviderTie>, Problem> {
    let issuer = provider(&state)?.issuer();
    let tied_at = state.store.provider_tie(&caller, &issuer).await?;
    Ok(web::Json(ProviderTie {
        tied_at: tied_at.map(instant),
    }))
}

/// Begin to tie one's account to the identity provider
///
/// Needs a confirmation that is no older than fifteen minutes. Permissions: any member, their own.
#[utoipa::path(
    tag = "providers",
    responses((status = 200, description = "The way there", body = ProviderFlow)),
    security(("bearer" = []))
)]
#[post("/me/provider/begin")]
pub async fn begin_provider_tie(
    caller: Confirmed,
    state: web::Data<AppState>,
) -> Result<web::Json<ProviderFlow>, Problem> {
    begin(&state, Errand::Tie(caller.actor.account)).await
}

/// Tie one's account to the identity provider
///
/// From then on whoever signs in there as who just did opens this account. A password that is set by a link undoes it.
/// Permissions: any member, their own, who began it.
#[utoipa::path(
    tag = "providers",
    request_body = ProviderReturn,
    responses((status = 204, description = "Tied")),
    security(("bearer" = []))
)]
#[post("/me/provider/complete")]
pub async fn complete_provider_tie(
    caller: Caller,
    body: Body<ProviderReturn>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let mine = Errand::Tie(caller.actor.account);
    let subject = identify(&state, &body.value, |errand| errand == mine, now).await?;
    state.store.tie_provider(caller.owned(), subject, now).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Untie one's account from the identity provider
///
/// Needs a confirmation that is no older than fifteen minutes. Permissions: any member, their own.
#[utoipa::path(
    tag = "providers",
    responses((status = 204, description = "Untied")),
    security(("bearer" = []))
)]
#[post("/me/provider/untie")]
pub async fn untie_provider(caller: Confirmed, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let issuer = provider(&state)?.issuer();
    state
        .store
        .untie_provider(caller.owned(), issuer, state.clock.now())
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
