//! Showing who one is: the second step of a log-in, and once more in a session that is open.

use actix_web::{HttpRequest, HttpResponse, post, web};
use chrono::{DateTime, Utc};
use liangnuo_domain::{AccountId, second_factor as rules};
use liangnuo_persistence::second_factor::{Proof, SecondFactor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    caller::SignedIn,
    extract::Body,
    keys::Keys,
    limits::{CountedLogIn, Limit},
    problem::{Problem, ProblemCode},
    second_factor,
    state::AppState,
    v1::{
        auth::{SessionKind, TokenGrant, open},
        common::instant,
    },
};

/// What somebody typed: a code of the app, or one on paper.
struct Shown {
    code: Option<String>,
    recovery_code: Option<String>,
}

/// Finds out whether what was typed is right. That it was not used before is found out by whoever uses the proof up.
fn prove(
    state: &AppState,
    account: AccountId,
    factor: &SecondFactor,
    shown: Shown,
    request: &HttpRequest,
) -> Result<Proof, Problem> {
    match (shown.code, shown.recovery_code) {
        (Some(code), None) => {
            let code = rules::parse_code("/code", &code)?;
            state.limits.check_code(account, false, request)?;
            let step = second_factor::step_of(&factor.seed, code, state.clock.now());
            let (enrolled_at, last) = (factor.enrolled_at, factor.last_step);
            step.filter(|step| *step > last)
                .map(|step| Proof::Code { enrolled_at, step })
                .ok_or_else(|| Problem::new(ProblemCode::WrongCode))
        }
        (None, Some(code)) => {
            let code = rules::parse_recovery_code("/recovery_code", &code)?;
            state.limits.check_code(account, true, request)?;
            Ok(Proof::RecoveryCode(state.keys.recovery_hash(account, &code)))
        }
        (None, None) | (Some(_), Some(_)) => Err(Problem::field(
            "/code",
            "required",
            "请填验证码或恢复码中的一个。",
            "Give a code or a recovery code, one of them.",
        )),
    }
}

/// The second step of a log-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogInCode {
    /// What `POST /auth/login` gave with the problem `second_factor_needed`.
    #[schema(min_length = 1, max_length = 100)]
    pub ticket: String,
    /// The six digits that the authenticator app shows.
    #[schema(min_length = 6, max_length = 20, example = "123456")]
    pub code: Option<String>,
    /// Instead of it: one of the recovery codes.
    #[schema(min_length = 10, max_length = 20, example = "abcde-fgh23")]
    pub recovery_code: Option<String>,
    /// Where the refresh token is kept; `body` if left out.
    #[schema(inline)]
    pub session: Option<SessionKind>,
}

/// Complete a log-in
///
/// With a code, or a recovery code, after the password. Each is good once. Permissions: whoever holds the ticket.
#[utoipa::path(
    tag = "second-factor",
    request_body = LogInCode,
    responses((status = 200, description = "Signed in", body = TokenGrant)),
)]
#[post("/auth/second-factor")]
pub async fn log_in_with_code(
    _counted: CountedLogIn,
    body: Body<LogInCode>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let input = body.value;
    let ended = || Problem::new(ProblemCode::TicketEnded);
    let account = Keys::ticket_account(&input.ticket).ok_or_else(ended)?;
    let known = state.store.account_to_sign_in(account).await?.ok_or_else(ended)?;
    if !state
        .keys
        .is_ticket(&input.ticket, &known.password_hash, state.clock.now())
    {
        return Err(ended());
    }
    // Whose second factor was taken away meanwhile begins again, and needs none.
    let factor = state.store.second_factor(account).await?.ok_or_else(ended)?;
    let shown = Shown {
        code: input.code,
        recovery_code: input.recovery_code,
    };
    let proof = prove(&state, account, &factor, shown, &request)?;
    let kind = input.session.unwrap_or_default();
    open(&state, (account, proof), &request, kind, HttpResponse::Ok()).await
}

/// What shows who one is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The password, for who has no second factor.
    #[schema(min_length = 1, max_length = 200)]
    pub password: Option<String>,
    /// The six digits that the authenticator app shows, for who has one.
    #[schema(min_length = 6, max_length = 20, example = "123456")]
    pub code: Option<String>,
    /// Instead of a code: one of the recovery codes.
    #[schema(min_length = 10, max_length = 20, example = "abcde-fgh23")]
    pub recovery_code: Option<String>,
}

/// A confirmation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Confirmation {
    /// Until when it counts.
    pub confirmed_until: DateTime<Utc>,
}

/// Confirm that it is you
///
/// For what needs a confirmation that is no older than fifteen minutes (the problem `confirmation_needed`); signing in is one,
/// a refresh is none. A code where the member has a second factor, else the password. Permissions: any member.
#[utoipa::path(
    tag = "second-factor",
    request_body = Confirm,
    responses((status = 200, description = "Confirmed", body = Confirmation)),
    security(("bearer" = []))
)]
#[post("/auth/confirm")]
pub async fn confirm_identity(
    caller: SignedIn,
    body: Body<Confirm>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<web::Json<Confirmation>, Problem> {
    let input = body.value;
    let account = caller.actor.account;
    let proof = match state.store.second_factor(account).await? {
        None => check_password(&state, account, input.password).await?,
        Some(factor) => {
            let shown = Shown {
                code: input.code,
                recovery_code: input.recovery_code,
            };
            prove(&state, account, &factor, shown, &request)?
        }
    };
    let now = state.clock.now();
    state.store.confirm_session(&caller, proof, now).await?;
    state.callers.forget(caller.actor.session).await;
    Ok(web::Json(Confirmation {
        confirmed_until: instant(rules::confirmed_until(now)),
    }))
}

async fn check_password(state: &AppState, account: AccountId, password: Option<String>) -> Result<Proof, Problem> {
    let Some(password) = password else {
        return Err(Problem::field(
            "/password",
            "required",
            "请填密码。",
            "Give the password.",
        ));
    };
    let (login, known) = state.store.account(account).await?;
    state.limits.check(Limit::Account, &login)?;
    let is_right = password.chars().count() <= 200 && {
        let hash = Some(known.password_hash);
        state.passwords.verify(password, hash).await?
    };
    if is_right {
        Ok(Proof::Password)
    } else {
        Err(Problem::field(
            "/password",
            "wrong",
            "密码不对。",
            "This is not the password.",
        ))
    }
}
