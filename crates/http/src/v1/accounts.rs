//! Accounts of members, and the links into them. A link is shown once, to whoever issues it and hands it over; the password
//! is set by whoever holds it, so that nobody ever knows somebody else's.

use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web};
use chrono::{DateTime, Utc};
use liangnuo_domain::{Invalid, MemberId, accounts::LinkKind, accounts::parse_login, passwords::Owner};
use liangnuo_persistence::accounts::{AccountVerb, AccountView, LinkTarget as StoredTarget, LinkView, Redemption};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::common::{MemberRef, UnitRef, instant, mirror};
use crate::{
    answer::say_replayed,
    caller::{Caller, Confirmed},
    devices,
    extract::{Body, IdempotencyHeader},
    keys::Keys,
    limits::{CountedLogIn, CountedSession},
    passwords,
    problem::{Problem, ProblemCode},
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(get_account)
        .service(issue_account_link)
        .service(revoke_account_link)
        .service(look_up_account_link)
        .service(redeem_account_link);
}

mirror! {
    /// What can be done with a member's account.
    AccountAction = AccountVerb { Invite, Reset, RevokeLink, RemoveSecondFactor }
}

mirror! {
    /// What a link is for: to make an account, or to set another password.
    AccountLinkKind = LinkKind { Invitation, Reset }
}

/// A link that was issued. What makes it one is told to whoever issued it, and nowhere else.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountLink {
    /// Its id, which opens nothing.
    pub id: Uuid,
    /// What it is for.
    pub kind: AccountLinkKind,
    /// Who issued it.
    pub issued_by: MemberRef,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

impl From<LinkView> for AccountLink {
    fn from(link: LinkView) -> Self {
        Self {
            id: link.id.0,
            kind: link.kind.into(),
            issued_by: link.issued_by.into(),
            issued_at: instant(link.issued_at),
            expires_at: instant(link.expires_at),
        }
    }
}

/// The account of a member.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberAccount {
    /// Whose.
    pub member: MemberRef,
    /// What is typed to sign in; null where there is no account yet.
    #[schema(required)]
    pub login: Option<String>,
    /// Since when there is an account.
    #[schema(required)]
    pub created_at: Option<DateTime<Utc>>,
    /// Since when the password is what it is.
    #[schema(required)]
    pub password_changed_at: Option<DateTime<Utc>>,
    /// Since when there is a second factor.
    #[schema(required)]
    pub second_factor_at: Option<DateTime<Utc>>,
    /// The link that is good now.
    #[schema(required)]
    pub link: Option<AccountLink>,
    /// What the caller may do now.
    pub allowed_actions: Vec<AccountAction>,
}

impl From<AccountView> for MemberAccount {
    fn from(view: AccountView) -> Self {
        Self {
            member: view.member.into(),
            login: view.login,
            created_at: view.created_at.map(instant),
            password_changed_at: view.password_changed_at.map(instant),
            second_factor_at: view.second_factor_at.map(instant),
            link: view.link.map(Into::into),
            allowed_actions: view.allowed.into_iter().map(Into::into).collect(),
        }
    }
}

/// Get a member's account
///
/// Whether they have one, and the link that is good now, without what makes it one. Permissions: security_admin over the
/// unit.
#[utoipa::path(
    tag = "accounts",
    params(("member_id" = Uuid, Path, description = "The member")),
    responses((status = 200, description = "The account", body = MemberAccount)),
    security(("bearer" = []))
)]
#[get("/members/{member_id}/account")]
pub async fn get_account(
    caller: Caller,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<web::Json<MemberAccount>, Problem> {
    let now = state.clock.now();
    let account = state.store.account_of_member(&caller, MemberId(*id), now).await?;
    Ok(web::Json(account.into()))
}

/// A link with what makes it one.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedAccountLink {
    /// Its id, which opens nothing.
    pub id: Uuid,
    /// What it is for.
    pub kind: AccountLinkKind,
    /// For whom.
    pub member: MemberRef,
    /// What makes it one: the web app takes it behind the `#` of `/console/account-link#token=`, where no server's log has
    /// it. Kept nowhere; the same request sent again shows it again.
    pub token: String,
    /// Until when it is good: a day for an invitation, a quarter of an hour for a reset.
    pub expires_at: DateTime<Utc>,
}

/// What a link is issued for, which follows from the member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueAccountLink {}

/// Issue a link into a member's account
///
/// An invitation for who has no account yet, else a reset of the password. It is good once; one that was issued before is no
/// longer, and none is once the member gets another role. Permissions: security_admin over the unit and
/// wherever the member holds a role, not for their own account. Needs a confirmation.
#[utoipa::path(
    tag = "accounts",
    params(("member_id" = Uuid, Path, description = "The member"), IdempotencyHeader),
    request_body = IssueAccountLink,
    responses((status = 201, description = "Issued", body = IssuedAccountLink)),
    security(("bearer" = []))
)]
#[post("/members/{member_id}/account/link")]
pub async fn issue_account_link(
    caller: Confirmed,
    id: web::Path<Uuid>,
    idempotency: IdempotencyHeader,
    body: Body<IssueAccountLink>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let request = [id.as_bytes().as_slice(), &body.digest].concat();
    let key = idempotency.of(caller.key_owner(), "issue_account_link", &request);
    let keys = state.keys.clone();
    let (link, is_replay) = state
        .store
        .issue_account_link(
            caller.owned(),
            key,
            MemberId(*id),
            move |id| Keys::token_hash(&keys.link_token(id, idempotency.key)),
            state.clock.now(),
        )
        .await?;
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, format!("/api/v1/members/{id}/account")));
    say_replayed(&mut response, is_replay);
    Ok(response.json(IssuedAccountLink {
        id: link.id.0,
        kind: link.kind.into(),
        token: state.keys.link_token(link.id, idempotency.key),
        member: link.member.into(),
        expires_at: instant(link.expires_at),
    }))
}

/// Take back the link into a member's account
///
/// It opens nothing from then on. Permissions: security_admin over the unit.
#[utoipa::path(
    tag = "accounts",
    params(("member_id" = Uuid, Path, description = "The member")),
    responses((status = 200, description = "The account without the link", body = MemberAccount)),
    security(("bearer" = []))
)]
#[post("/members/{member_id}/account/link/revoke")]
pub async fn revoke_account_link(
    caller: Caller,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<web::Json<MemberAccount>, Problem> {
    let (member, now) = (MemberId(*id), state.clock.now());
    state.store.revoke_account_link(caller.owned(), member, now).await?;
    let account = state.store.account_of_member(&caller, member, now).await?;
    Ok(web::Json(account.into()))
}

/// A link in somebody's hands.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LookUpAccountLink {
    /// What makes it one.
    #[schema(min_length = 1, max_length = 100)]
    pub token: String,
}

/// What a link is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountLinkTarget {
    /// To make an account, or to set another password.
    pub kind: AccountLinkKind,
    /// Whose account.
    pub member: MemberRef,
    /// Their unit.
    pub unit: UnitRef,
    /// The county.
    pub region: UnitRef,
    /// What is typed to sign in; null before the account is made.
    #[schema(required)]
    pub login: Option<String>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

impl From<StoredTarget> for AccountLinkTarget {
    fn from(target: StoredTarget) -> Self {
        Self {
            kind: target.kind.into(),
            member: target.member.into(),
            unit: target.unit.into(),
            region: target.region.into(),
            login: target.login,
            expires_at: instant(target.expires_at),
        }
    }
}

/// See what a link is for
///
/// By POST, so that no token is in an address or a log. One that was used, was taken back or has run out is answered as one
/// that never was. Permissions: whoever holds the link.
#[utoipa::path(
    tag = "accounts",
    request_body = LookUpAccountLink,
    responses((status = 200, description = "What it is for", body = AccountLinkTarget)),
)]
#[post("/auth/account-links/look-up")]
pub async fn look_up_account_link(
    _counted: CountedSession,
    body: Body<LookUpAccountLink>,
    state: web::Data<AppState>,
) -> Result<web::Json<AccountLinkTarget>, Problem> {
    let hash = Keys::token_hash(&body.value.token);
    let target = state.store.account_link(&hash, state.clock.now()).await?;
    Ok(web::Json(target.into()))
}

/// What whoever holds a link sets.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemAccountLink {
    /// What makes it a link.
    #[schema(min_length = 1, max_length = 100)]
    pub token: String,
    /// What is typed to sign in from now on. For an invitation only: of an account that is there it stays.
    #[schema(min_length = 3, max_length = 100)]
    pub login: Option<String>,
    /// The password, by the rules of `GET /auth/options`.
    #[schema(min_length = 8, max_length = 200)]
    pub password: String,
}

/// Use a link
///
/// Makes the account, or sets its password and ends all its sessions. The link is good for nothing afterwards; signing in
/// comes next. Permissions: whoever holds the link.
#[utoipa::path(
    tag = "accounts",
    request_body = RedeemAccountLink,
    responses((status = 204, description = "Used")),
)]
#[post("/auth/account-links/redeem")]
pub async fn redeem_account_link(
    _counted: CountedLogIn,
    body: Body<RedeemAccountLink>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let input = body.value;
    let hash = Keys::token_hash(&input.token);
    // Before a password is hashed, which costs: whoever makes a token up gets no further.
    let target = state.store.account_link(&hash, state.clock.now()).await?;
    let mut found = Invalid::default();
    let login = match (target.kind, input.login) {
        (LinkKind::Invitation, login) => found.take(parse_login("/login", login.as_deref().unwrap_or_default())),
        (LinkKind::Reset, None) => None,
        (LinkKind::Reset, Some(_)) => {
            return Err(Problem::field(
                "/login",
                "not_for_reset",
                "重设密码不改账号名。",
                "A reset does not change the login.",
            ));
        }
    };
    let named = login.as_ref().or(target.login.as_ref()).cloned().unwrap_or_default();
    let owner = Owner {
        login: &named,
        has_second_factor: match target.account {
            Some(account) => state.store.second_factor(account).await?.is_some(),
            None => false,
        },
    };
    let profile = state.settings.password_profile;
    let new = found.take(passwords::check_new(profile, "/password", input.password, owner));
    found.finish()?;
    let new = new.ok_or_else(|| Problem::new(ProblemCode::Internal))?;
    let password = passwords::choose(&state, new, target.account).await?;
    let account = state
        .store
        .redeem_account_link(hash, Redemption { login, password }, state.clock.now())
        .await?;
    state.callers.forget_all();
    // Whoever came by a link is let in on this device, also while somebody else guesses.
    let device = devices::remember(&request, &state, account);
    let mut response = HttpResponse::NoContent();
    response.cookie(devices::cookie(&state, account, device));
    Ok(response.finish())
}
