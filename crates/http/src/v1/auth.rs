//! Signing in, staying signed in, signing out, and the very first administrator.
//!
//! A browser keeps its refresh token in a cookie that no script can read; a mobile client keeps it itself.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    get,
    http::header,
    post, web,
};
use liangnuo_domain::{AccountId, Invalid, accounts::parse_login, passwords::Owner, sessions::Device, text};
use liangnuo_persistence::{
    accounts::{FirstRegion, Renewed, fold_login},
    second_factor::Proof,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    devices,
    extract::{Body, RefreshHeader},
    keys::{ACCESS_SECONDS, Keys},
    limits::{CountedLogIn, CountedSession},
    passwords,
    problem::{Problem, ProblemCode},
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(get_sign_in_options)
        .service(log_in)
        .service(refresh_session)
        .service(log_out)
        .service(bootstrap_region);
}

/// Where the client keeps its refresh token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    /// In a cookie that no script can read: browsers.
    Cookie,
    /// In the client itself: mobile apps.
    #[default]
    Body,
}

/// What signing in needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    /// The login.
    #[schema(min_length = 1, max_length = 100)]
    pub login: String,
    /// The password.
    #[schema(min_length = 1, max_length = 200)]
    pub password: String,
    /// Where the refresh token is kept; `body` if left out.
    #[schema(inline)]
    pub session: Option<SessionKind>,
}

/// A signed-in session.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenGrant {
    /// Goes into `Authorization: Bearer`.
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: String,
    /// Seconds for which the access token is good.
    pub expires_in: i64,
    /// Seconds until the session ends if it is not used.
    pub session_expires_in: i64,
    /// For the next refresh; null where a cookie holds it.
    #[schema(required)]
    pub refresh_token: Option<String>,
    /// By which this device is known at the next log-in, in the header `X-Liangnuo-Device`; null after a refresh, and where a
    /// cookie holds it.
    #[schema(required)]
    pub device_token: Option<String>,
}

/// Name and path of the cookie.
fn cookie_place(state: &AppState) -> (&'static str, &'static str) {
    // The prefix binds the cookie to this host, to TLS and to the path `/`; a browser refuses it on plain HTTP.
    if state.settings.is_secure {
        ("__Host-liangnuo", "/")
    } else {
        ("liangnuo_refresh", "/api/v1/auth")
    }
}

fn cookie(state: &AppState, token: String, seconds: i64) -> Cookie<'static> {
    let (name, path) = cookie_place(state);
    Cookie::build(name, token)
        .path(path)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(state.settings.is_secure)
        .max_age(Duration::seconds(seconds))
        .finish()
}

fn grant(
    state: &AppState,
    renewed: Renewed,
    (refresh_token, device_token): (String, Option<String>),
    kind: SessionKind,
    mut response: actix_web::HttpResponseBuilder,
) -> Result<HttpResponse, Problem> {
    let access_token = state
        .keys
        .access_token(renewed.account.0, renewed.session, state.clock.now())
        .map_err(|_failed| Problem::new(ProblemCode::Internal))?;
    let (refresh_token, device_token) = match kind {
        SessionKind::Cookie => {
            response.cookie(cookie(state, refresh_token, renewed.idle_seconds));
            if let Some(device) = device_token {
                response.cookie(devices::cookie(state, renewed.account, device));
            }
            (None, None)
        }
        SessionKind::Body => (Some(refresh_token), device_token),
    };
    Ok(response.json(TokenGrant {
        access_token,
        token_type: "Bearer".to_owned(),
        expires_in: ACCESS_SECONDS,
        session_expires_in: renewed.idle_seconds,
        refresh_token,
        device_token,
    }))
}

/// Opens a session for whoever has shown what is needed.
pub(super) async fn open(
    state: &AppState,
    (account, proof): (AccountId, Proof),
    request: &HttpRequest,
    kind: SessionKind,
    response: actix_web::HttpResponseBuilder,
) -> Result<HttpResponse, Problem> {
    let told = request.headers().get(header::USER_AGENT);
    let device = Device::of(told.and_then(|value| value.to_str().ok()).unwrap_or_default());
    let token = Keys::random_token();
    let renewed = state
        .store
        .open_session(account, proof, Keys::token_hash(&token), device, state.clock.now())
        .await?;
    let device = devices::remember(request, state, account);
    grant(state, renewed, (token, Some(device)), kind, response)
}

/// What a password must be.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasswordRules {
    /// Characters, at least.
    #[schema(example = 10)]
    pub min_length: i32,
    /// Characters, at least, of somebody who has a second factor.
    #[schema(example = 10)]
    pub min_length_with_second_factor: i32,
    /// Characters, at most.
    #[schema(example = 200)]
    pub max_length: i32,
    /// Of how many kinds the characters must be, at least: capital letters, small letters, digits, signs, letters of other
    /// scripts such as Chinese.
    #[schema(example = 3)]
    pub min_kinds: i32,
    /// Days for which it is good; null: until there is a cause to change it.
    #[schema(required, example = 90)]
    pub max_age_days: Option<i64>,
    /// From how many of the last passwords a new one must differ, the one in use among them.
    #[schema(example = 4)]
    pub differs_from: i32,
}

/// How one signs in here.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignInOptions {
    /// What a password must be.
    pub password: PasswordRules,
    /// Where one may sign in, too.
    #[schema(required)]
    pub provider: Option<ProviderOption>,
}

/// An identity provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderOption {
    /// What people call it, in Chinese.
    #[schema(example = "全市统一身份认证")]
    pub name: String,
    /// In English.
    #[schema(example = "City single sign-on")]
    pub name_en: String,
}

/// Get how one signs in here
///
/// What a password must be, for the pages on which one is chosen, and the identity provider, if there is one. Permissions: none.
#[utoipa::path(
    tag = "auth",
    responses((status = 200, description = "How one signs in", body = SignInOptions)),
)]
#[get("/auth/options")]
pub async fn get_sign_in_options(state: web::Data<AppState>) -> web::Json<SignInOptions> {
    let rules = state.settings.password_profile.rules();
    web::Json(SignInOptions {
        password: PasswordRules {
            min_length: rules.shortest.into(),
            min_length_with_second_factor: rules.shortest_with_second_factor.into(),
            max_length: liangnuo_domain::passwords::LONGEST.into(),
            min_kinds: rules.kinds.into(),
            max_age_days: rules.days,
            differs_from: rules.differs_from.into(),
        },
        provider: state.provider.as_ref().map(|provider| ProviderOption {
            name: provider.settings().name.clone(),
            name_en: provider.settings().name_en.clone(),
        }),
    })
}

/// Sign in
///
/// An unknown login takes as long as a wrong password. A device that was signed in on before shows its token in a cookie or in
/// the header `X-Liangnuo-Device`, and has tries of its own. Whose account has a second factor gets the problem
/// `second_factor_needed` with a `ticket`, by which `POST /auth/second-factor` completes the log-in within five minutes.
/// Permissions: none.
#[utoipa::path(
    tag = "auth",
    request_body = LogIn,
    responses((status = 200, description = "Signed in", body = TokenGrant)),
)]
#[post("/auth/login")]
pub async fn log_in(
    _counted: CountedLogIn,
    body: Body<LogIn>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let input = body.value;
    if input.login.chars().count() > 100 || input.password.chars().count() > 200 {
        return Err(Problem::new(ProblemCode::WrongCredentials));
    }
    let login = fold_login(&input.login);
    let account = state.store.account_for_login(&text::clean(&input.login, false)).await?;
    let devices = devices::presented(&request, &state);
    let known = devices
        .iter()
        .find(|device| account.as_ref().is_some_and(|account| account.id == device.account));
    state.limits.check_account(&login, known, &request)?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let fits = state.passwords.verify(input.password, hash).await?;
    let account = account
        .filter(|_| fits)
        .ok_or_else(|| Problem::new(ProblemCode::WrongCredentials))?;
    if state.store.second_factor(account.id).await?.is_some() {
        let ticket = state.keys.ticket(account.id, &account.password_hash, state.clock.now());
        return Err(Problem::new(ProblemCode::SecondFactorNeeded).with_ticket(ticket));
    }
    let kind = input.session.unwrap_or_default();
    open(
        &state,
        (account.id, Proof::Password),
        &request,
        kind,
        HttpResponse::Ok(),
    )
    .await
}

/// A refresh token, unless a cookie holds it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshSession {
    /// Left out by browsers.
    #[schema(max_length = 100)]
    pub refresh_token: Option<String>,
}

/// More characters than this no refresh token has.
const TOKEN_MAX: usize = 100;

/// Whether the page that asks is one of ours, as far as the browser says. Where nobody said how the public reaches this
/// server there is nothing to compare with, and the header alone must do.
fn is_from_here(request: &HttpRequest, state: &AppState) -> bool {
    match (request.headers().get(header::ORIGIN), &state.settings.origin) {
        (Some(theirs), Some(ours)) => theirs.as_bytes() == ours.as_bytes(),
        (None, _) | (_, None) => true,
    }
}

/// The token of a request: out of the body, or out of the cookie if the request shows that a page of ours sent it.
fn presented(
    request: &HttpRequest,
    state: &AppState,
    body: Option<String>,
    header: RefreshHeader,
) -> Result<Option<(String, SessionKind)>, Problem> {
    if let Some(token) = body {
        if token.chars().count() > TOKEN_MAX {
            return Err(Problem::field(
                "/refresh_token",
                "too_long",
                "这不是续期令牌。",
                "This is no refresh token.",
            ));
        }
        return Ok(Some((token, SessionKind::Body)));
    }
    let Some(cookie) = request.cookie(cookie_place(state).0) else {
        return Ok(None);
    };
    // No other site can set this header, with or without the cookie.
    if !header.is_set {
        return Err(Problem::new(ProblemCode::Forbidden).with_detail(
            "用 Cookie 续期要带 X-Liangnuo-Refresh 请求头。",
            "A refresh by cookie carries the header X-Liangnuo-Refresh.",
        ));
    }
    if !is_from_here(request, state) {
        return Err(Problem::new(ProblemCode::Forbidden)
            .with_detail("这个请求来自别的网站。", "This request comes from another site."));
    }
    Ok(Some((cookie.value().to_owned(), SessionKind::Cookie)))
}

/// Go on with a session
///
/// Each refresh token is good for one use and gives the next one; a token that is used again ends the session.
/// Permissions: whoever holds the token.
#[utoipa::path(
    tag = "auth",
    params(RefreshHeader),
    request_body = RefreshSession,
    responses((status = 200, description = "A new access token", body = TokenGrant)),
)]
#[post("/auth/refresh")]
pub async fn refresh_session(
    _counted: CountedSession,
    header: RefreshHeader,
    body: Body<RefreshSession>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let presented = presented(&request, &state, body.value.refresh_token, header)?;
    let (token, kind) = presented.ok_or_else(|| Problem::new(ProblemCode::SessionEnded))?;
    let next = state.keys.next_refresh_token(&token);
    let renewed = state
        .store
        .renew_session(Keys::token_hash(&token), Keys::token_hash(&next), state.clock.now())
        .await?;
    grant(&state, renewed, (next, None), kind, HttpResponse::Ok())
}

/// Sign out
///
/// Ends the session of the refresh token; an unknown token is as good as ended. Permissions: whoever holds the token.
#[utoipa::path(
    tag = "auth",
    params(RefreshHeader),
    request_body = RefreshSession,
    responses((status = 204, description = "Signed out")),
)]
#[post("/auth/logout")]
pub async fn log_out(
    _counted: CountedSession,
    header: RefreshHeader,
    body: Body<RefreshSession>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    if let Some((token, _)) = presented(&request, &state, body.value.refresh_token, header)? {
        let ended = state
            .store
            .end_session(Keys::token_hash(&token), state.clock.now())
            .await?;
        if let Some(session) = ended {
            state.callers.forget(session).await;
        }
    }
    let mut response = HttpResponse::NoContent();
    response.cookie(cookie(&state, String::new(), 0));
    Ok(response.finish())
}

/// What the first administrator gives.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BootstrapRegion {
    /// The token out of the one-time link.
    #[schema(min_length = 1, max_length = 100)]
    pub token: String,
    /// The county's bureau, in Chinese.
    #[schema(min_length = 2, max_length = 100, example = "清河县教育局")]
    pub region_name: String,
    /// In English.
    #[schema(max_length = 200)]
    pub region_name_en: Option<String>,
    /// The administrator's name.
    #[schema(min_length = 1, max_length = 50)]
    pub member_name: String,
    /// What the administrator types to sign in.
    #[schema(min_length = 3, max_length = 100)]
    pub login: String,
    /// The administrator's password, by the rules of `GET /auth/options`.
    #[schema(min_length = 8, max_length = 200)]
    pub password: String,
    /// Where the refresh token is kept; `body` if left out.
    #[schema(inline)]
    pub session: Option<SessionKind>,
}

/// Set up the first county
///
/// Once, with the link that `liangnuo admin bootstrap` prints. The first administrator then sets up their second factor,
/// before anything else. Permissions: whoever holds the link.
#[utoipa::path(
    tag = "auth",
    request_body = BootstrapRegion,
    responses((status = 201, description = "Set up and signed in", body = TokenGrant)),
)]
#[post("/auth/bootstrap")]
pub async fn bootstrap_region(
    _counted: CountedLogIn,
    body: Body<BootstrapRegion>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let input = body.value;
    let mut found = Invalid::default();
    let name = found.take(text::parse("/region_name", &input.region_name, text::line(2, 100)));
    let name_en = found.take(text::parse_optional(
        "/region_name_en",
        input.region_name_en.as_deref(),
        text::line(1, 200),
    ));
    let member_name = found.take(text::parse("/member_name", &input.member_name, text::line(1, 50)));
    let login = found.take(parse_login("/login", &input.login));
    let owner = Owner {
        login: &input.login,
        has_second_factor: false,
    };
    let profile = state.settings.password_profile;
    let new = found.take(passwords::check_new(profile, "/password", input.password, owner));
    found.finish()?;
    let new = new.ok_or_else(|| Problem::new(ProblemCode::Internal))?;
    let first = FirstRegion {
        name: name.unwrap_or_default(),
        name_en: name_en.flatten(),
        member_name: member_name.unwrap_or_default(),
        login: login.unwrap_or_default(),
        password_hash: passwords::choose(&state, new, None).await?.hash,
    };
    let account = state
        .store
        .bootstrap(Keys::token_hash(&input.token), first, state.clock.now())
        .await?;
    let kind = input.session.unwrap_or_default();
    open(
        &state,
        (account, Proof::Password),
        &request,
        kind,
        HttpResponse::Created(),
    )
    .await
}
