//! The signed-in member.

use actix_web::{HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use liangnuo_domain::{
    Role, Timestamp,
    imports::ImportKind,
    passwords::{Owner, TOLD_DAYS},
    policy::{Action, Resource},
    second_factor::AccountNotice as StoredKind,
};
use liangnuo_persistence::accounts::MeView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    common::{MemberRef, RoleCode, UnitRef, instant, mirror},
    role_grants::HeldRole,
};
use crate::{
    caller::{Caller, SignedIn},
    extract::Body,
    passwords,
    problem::Problem,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(get_me)
        .service(change_password)
        .service(dismiss_account_notices);
}

/// What a menu shows. What may be done with one thing comes with the thing as `allowed_actions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub enum Permission {
    /// The queue.
    #[serde(rename = "complaints.list")]
    ComplaintsList,
    /// Taking down what came by telephone, at the counter, on paper or by e-mail.
    #[serde(rename = "complaints.register")]
    ComplaintsRegister,
    /// Importing ledgers.
    #[serde(rename = "complaints.import")]
    ComplaintsImport,
    /// Importing lists of units.
    #[serde(rename = "units.import")]
    UnitsImport,
    /// Importing lists of members.
    #[serde(rename = "members.import")]
    MembersImport,
    /// The figures.
    #[serde(rename = "statistics.read")]
    StatisticsRead,
    /// Creating and changing units.
    #[serde(rename = "units.edit")]
    UnitsEdit,
    /// The list of members.
    #[serde(rename = "members.list")]
    MembersList,
    /// Creating and changing members.
    #[serde(rename = "members.edit")]
    MembersEdit,
    /// Who holds which role.
    #[serde(rename = "role_grants.list")]
    RoleGrantsList,
    /// Giving roles.
    #[serde(rename = "role_grants.edit")]
    RoleGrantsEdit,
    /// Keeping templates of texts.
    #[serde(rename = "templates.edit")]
    TemplatesEdit,
    /// Changing the county's settings, calendar and categories.
    #[serde(rename = "settings.edit")]
    SettingsEdit,
    /// The event log.
    #[serde(rename = "events.list")]
    EventsList,
    /// Finding the cases of a telephone number, at the county's own desk.
    #[serde(rename = "complaints.find_by_phone")]
    ComplaintsFindByPhone,
    /// Who filed a case, opened by two people.
    #[serde(rename = "identity.open")]
    IdentityOpen,
}

const MENU: [(Permission, Action); 16] = [
    (Permission::ComplaintsList, Action::ListComplaints),
    (Permission::ComplaintsRegister, Action::RegisterComplaint),
    (Permission::ComplaintsImport, Action::ImportComplaints),
    (Permission::UnitsImport, Action::ImportUnits),
    (Permission::MembersImport, Action::ImportMembers),
    (Permission::StatisticsRead, Action::ReadStatistics),
    (Permission::UnitsEdit, Action::EditUnit),
    (Permission::MembersList, Action::ListMembers),
    (Permission::MembersEdit, Action::EditMember),
    (Permission::RoleGrantsList, Action::ListRoleGrants),
    (Permission::RoleGrantsEdit, Action::GrantRole),
    (Permission::TemplatesEdit, Action::EditTemplates),
    (Permission::SettingsEdit, Action::EditSettings),
    (Permission::EventsList, Action::ReadEvents),
    (Permission::ComplaintsFindByPhone, Action::FindByPhone),
    (Permission::IdentityOpen, Action::OpenIdentity),
];

/// The signed-in member.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// Who.
    pub member: MemberRef,
    /// What is typed to sign in.
    pub login: String,
    /// The home unit.
    pub unit: UnitRef,
    /// The county.
    pub region: UnitRef,
    /// The roles, each with its unit.
    pub grants: Vec<HeldRole>,
    /// The roles once each.
    pub roles: Vec<RoleCode>,
    /// What the menu shows.
    pub permissions: Vec<Permission>,
    /// When another password must be chosen: for those that are told now, two weeks before. Null: not soon.
    #[schema(required)]
    pub password_due_at: Option<DateTime<Utc>>,
    /// Whether the account has a second factor.
    pub has_second_factor: bool,
    /// What somebody else did to the account, the latest first, until it is put away.
    pub account_notices: Vec<AccountNotice>,
}

mirror! {
    /// What somebody else did to an account: set another password by a link, or took the second factor away.
    AccountNoticeKind = StoredKind { PasswordReset, SecondFactorRemoved }
}

/// What somebody else did to the member's account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountNotice {
    /// What.
    pub kind: AccountNoticeKind,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; of a reset, who issued the link.
    pub by: MemberRef,
}

impl Me {
    fn new(me: MeView, caller: &Caller, password_due_at: Option<Timestamp>) -> Self {
        let mut roles: Vec<Role> = me.grants.iter().map(|held| held.role).collect();
        roles.sort_unstable();
        roles.dedup();
        Self {
            member: me.member.into(),
            login: me.login,
            unit: me.unit.into(),
            region: me.region.into(),
            roles: roles.into_iter().map(Into::into).collect(),
            grants: me.grants.into_iter().map(Into::into).collect(),
            permissions: MENU
                .into_iter()
                .filter(|(_, action)| match action {
                    Action::ImportComplaints => caller.must_import(ImportKind::Complaints).is_ok(),
                    Action::ImportUnits => caller.must_import(ImportKind::Units).is_ok(),
                    Action::FindByPhone => caller.must_find_by_phone().is_ok(),
                    Action::ImportMembers => caller.must_import(ImportKind::Members).is_ok(),
                    // Whoever may take down a report at least has a use for the page.
                    Action::RegisterComplaint => {
                        let report = Resource::NewComplaint { is_sealed: true };
                        caller.must(Action::RegisterComplaint, report).is_ok()
                    }
                    other => caller.must(*other, Resource::Any).is_ok(),
                })
                .map(|(permission, _)| permission)
                .collect(),
            password_due_at: password_due_at.map(instant),
            has_second_factor: caller.standing.has_second_factor,
            account_notices: me
                .account_notices
                .into_iter()
                .map(|notice| AccountNotice {
                    kind: notice.kind.into(),
                    at: instant(notice.at),
                    by: notice.by.into(),
                })
                .collect(),
        }
    }
}

/// When the caller's password comes to its end, if that is soon.
fn soon_due(caller: &Caller, state: &AppState) -> Option<Timestamp> {
    let due = state
        .settings
        .password_profile
        .due_at(caller.standing.password_changed_at)?;
    let is_told = due <= state.clock.now().plus_seconds(TOLD_DAYS * 86_400);
    (is_told && !caller.standing.is_exempt).then_some(due)
}

/// Get the signed-in member
///
/// Name, unit, roles and what the menu shows. Permissions: any member.
#[utoipa::path(
    tag = "me",
    responses((status = 200, description = "The member", body = Me)),
    security(("bearer" = []))
)]
#[get("/me")]
pub async fn get_me(caller: Caller, state: web::Data<AppState>) -> Result<web::Json<Me>, Problem> {
    let me = state.store.me(&caller).await?;
    let due = soon_due(&caller, &state);
    Ok(web::Json(Me::new(me, &caller, due)))
}

/// A new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The one in use.
    #[schema(min_length = 1, max_length = 200)]
    pub current_password: String,
    /// The new one, by the rules of `GET /auth/options`.
    #[schema(min_length = 8, max_length = 200)]
    pub new_password: String,
}

/// Change the password
///
/// Ends all other sessions. It must differ from the last ones where passwords change at intervals. Permissions: any member, their
/// own.
#[utoipa::path(
    tag = "me",
    request_body = ChangePassword,
    responses((status = 204, description = "Changed")),
    security(("bearer" = []))
)]
#[post("/me/password")]
pub async fn change_password(
    caller: SignedIn,
    body: Body<ChangePassword>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let input = body.value;
    let (login, account) = state.store.account(caller.actor.account).await?;
    state.limits.check(crate::limits::Limit::Account, &login)?;
    if input.current_password.chars().count() > 200
        || !state
            .passwords
            .verify(input.current_password, Some(account.password_hash))
            .await?
    {
        return Err(Problem::field(
            "/current_password",
            "wrong",
            "当前密码不对。",
            "This is not the current password.",
        ));
    }
    let owner = Owner {
        login: &login,
        has_second_factor: caller.standing.has_second_factor,
    };
    let profile = state.settings.password_profile;
    let new = passwords::check_new(profile, "/new_password", input.new_password, owner)?;
    let chosen = passwords::choose(&state, new, Some(account.id)).await?;
    state
        .store
        .change_password(caller.owned(), chosen, state.clock.now())
        .await?;
    state.callers.forget_all();
    Ok(HttpResponse::NoContent().finish())
}

/// Up to when the notices were seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DismissAccountNotices {
    /// The time of the latest one that was shown.
    pub until: DateTime<Utc>,
}

/// Put away what was done to the account
///
/// What has come since then stays. Permissions: any member, their own.
#[utoipa::path(
    tag = "me",
    request_body = DismissAccountNotices,
    responses((status = 204, description = "Put away")),
    security(("bearer" = []))
)]
#[post("/me/account-notices/dismiss")]
pub async fn dismiss_account_notices(
    caller: Caller,
    body: Body<DismissAccountNotices>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let until = Timestamp::from_datetime(&body.value.until);
    state
        .store
        .dismiss_account_notices(&caller, until, state.clock.now())
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
