//! Role grants: who holds which role where, and who stands in for whom.

use actix_web::{get, post, web};
use chrono::{DateTime, NaiveDate, Utc};
use liangnuo_domain::{
    MemberId, RoleGrantId, UnitId,
    role_grants::{GrantState, NewGrant},
};
use liangnuo_persistence::role_grants::{GrantFilter, GrantOrder, GrantVerb, GrantView, HeldRole as Held};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    common::{MemberRef, RoleCode, UnitRef, instant, mirror},
    units::word,
};
use crate::{
    answer::Versioned,
    caller::{Caller, Confirmed},
    extract::{Body, IdempotencyHeader, IfMatch},
    paging::{self, page},
    problem::Problem,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_role_grants)
        .service(grant_role)
        .service(get_role_grant)
        .service(end_role_grant)
        .service(name_deputy);
}

mirror! {
    /// What can be done with a role grant.
    RoleGrantAction = GrantVerb { End, NameDeputy }
}

mirror! {
    /// How a role grant stands in time.
    RoleGrantState = GrantState { Future, InForce, Ended }
}

/// A role that somebody holds now.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldRole {
    /// The role.
    pub role: RoleCode,
    /// Over this unit and all below it.
    pub unit: UnitRef,
    /// Whose deputy they are by it; null for a role of their own.
    #[schema(required)]
    pub acting_for: Option<MemberRef>,
}

impl From<Held> for HeldRole {
    fn from(held: Held) -> Self {
        Self {
            role: held.role.into(),
            unit: held.unit.into(),
            acting_for: held.acting_for.map(Into::into),
        }
    }
}

/// A role that a member holds at a unit, for a time.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleGrant {
    /// Its id.
    pub id: Uuid,
    /// Who holds it.
    pub member: MemberRef,
    /// The role.
    pub role: RoleCode,
    /// Over this unit and all below it.
    pub unit: UnitRef,
    /// How it stands in time.
    pub state: RoleGrantState,
    /// From when it counts.
    pub starts_at: DateTime<Utc>,
    /// From when it no longer counts; null while no end is set. What was ended before it began has the same instant here
    /// and in `starts_at`.
    #[schema(required)]
    pub ends_at: Option<DateTime<Utc>>,
    /// Why it was given; null for those that the county began with.
    #[schema(required)]
    pub reason: Option<String>,
    /// Who gave it; null for those that the county began with.
    #[schema(required)]
    pub granted_by: Option<MemberRef>,
    /// Why it was ended before its time; null where it was not, or ended along with another one.
    #[schema(required)]
    pub end_reason: Option<String>,
    /// The grant that a deputy stands in for.
    #[schema(required)]
    pub deputy_for_id: Option<Uuid>,
    /// Whose deputy the holder is by it.
    #[schema(required)]
    pub acting_for: Option<MemberRef>,
    /// What the caller may do now.
    pub allowed_actions: Vec<RoleGrantAction>,
    /// Counts the changes; the ETag is `"v<version>"`.
    pub version: i64,
}

impl From<GrantView> for RoleGrant {
    fn from(view: GrantView) -> Self {
        let grant = view.grant;
        Self {
            id: grant.id.0,
            member: view.member.into(),
            role: grant.role.into(),
            unit: view.unit.into(),
            state: view.state.into(),
            starts_at: instant(grant.term.from),
            ends_at: grant.term.to.map(instant),
            reason: grant.reason,
            granted_by: view.granted_by.map(Into::into),
            end_reason: grant.end_reason,
            deputy_for_id: grant.deputy_for.map(|of| of.grant.0),
            acting_for: view.acting_for.map(Into::into),
            allowed_actions: view.allowed.into_iter().map(Into::into).collect(),
            version: grant.version,
        }
    }
}

fn answer(view: GrantView) -> Versioned<RoleGrant> {
    Versioned::new(view.grant.version, view.into())
}

page! {
    /// A page of role grants.
    RoleGrantPage of RoleGrant
}

/// What role grants are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum RoleGrantSort {
    /// Those that began last first.
    #[default]
    #[serde(rename = "-starts_at")]
    NewestFirst,
    /// Those that began first first.
    #[serde(rename = "starts_at")]
    OldestFirst,
}

/// Filters and page of a list of role grants.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListRoleGrantsQuery {
    /// Part of the holder's name.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Of this member.
    pub member_id: Option<Uuid>,
    /// At this unit or one below it.
    pub unit_id: Option<Uuid>,
    /// Of this role.
    pub role: Option<RoleCode>,
    /// How they stand in time.
    pub state: Option<RoleGrantState>,
    /// Deputies' grants only, or all but theirs.
    pub is_deputy: Option<bool>,
    /// Of those who stand in for this grant.
    pub role_grant_id: Option<Uuid>,
    /// The order.
    #[param(inline)]
    pub sort: Option<RoleGrantSort>,
    /// Rows on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Whether `total` is wanted, exact up to 10,000.
    pub count: Option<bool>,
}

/// List role grants
///
/// By keyset, those that began last first. Permissions: security_admin, admin, audit_admin and unit_head, each those at
/// units of their subtree, and their own.
#[utoipa::path(
    tag = "role-grants",
    params(ListRoleGrantsQuery),
    responses((status = 200, description = "A page of role grants", body = RoleGrantPage)),
    security(("bearer" = []))
)]
#[get("/role-grants")]
pub async fn list_role_grants(
    caller: Caller,
    query: web::Query<ListRoleGrantsQuery>,
    state: web::Data<AppState>,
) -> Result<RoleGrantPage, Problem> {
    let query = query.into_inner();
    let filter = GrantFilter {
        q: word(query.q)?,
        member: query.member_id.map(MemberId),
        unit: query.unit_id.map(UnitId),
        role: query.role.map(Into::into),
        state: query.state.map(Into::into),
        is_deputy: query.is_deputy,
        deputy_for: query.role_grant_id.map(RoleGrantId),
    };
    let order = match query.sort.unwrap_or_default() {
        RoleGrantSort::NewestFirst => GrantOrder::NewestFirst,
        RoleGrantSort::OldestFirst => GrantOrder::OldestFirst,
    };
    let request = paging::request(query.limit, query.cursor, query.count)?;
    let now = state.clock.now();
    Ok(state
        .store
        .list_role_grants(&caller, filter, order, &request, now)
        .await?
        .into())
}

/// Get a role grant
///
/// One grant. Permissions: security_admin, admin, audit_admin and unit_head over the unit; everybody their own, and those
/// of their deputies.
#[utoipa::path(
    tag = "role-grants",
    params(("role_grant_id" = Uuid, Path, description = "The role grant")),
    responses((status = 200, description = "The role grant", body = RoleGrant, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[get("/role-grants/{role_grant_id}")]
pub async fn get_role_grant(
    caller: Caller,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<Versioned<RoleGrant>, Problem> {
    let now = state.clock.now();
    Ok(answer(state.store.role_grant(&caller, RoleGrantId(*id), now).await?))
}

/// A role for a member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantRole {
    /// To whom.
    pub member_id: Uuid,
    /// Which; `member` and `integrator` are given to nobody, `inspector` and `audit_admin` at the root unit only.
    pub role: RoleCode,
    /// Over this unit and all below it.
    pub unit_id: Uuid,
    /// The first day; from now on if it is left out or today.
    #[schema(example = "2026-12-01")]
    pub starts_on: Option<NaiveDate>,
    /// The last day, which still counts; no end if it is left out.
    #[schema(example = "2027-11-30")]
    pub ends_on: Option<NaiveDate>,
    /// Why.
    #[schema(min_length = 2, max_length = 500, example = "岗位调整")]
    pub reason: String,
}

/// Grant a role
///
/// To a member, at a unit and all below it. It counts within seconds, without signing in again. Permissions: security_admin
/// over the unit, to anybody but themselves.
#[utoipa::path(
    tag = "role-grants",
    params(IdempotencyHeader),
    request_body = GrantRole,
    responses((status = 201, description = "Granted", body = RoleGrant, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/role-grants")]
pub async fn grant_role(
    caller: Confirmed,
    key: IdempotencyHeader,
    body: Body<GrantRole>,
    state: web::Data<AppState>,
) -> Result<Versioned<RoleGrant>, Problem> {
    let key = key.of(caller.key_owner(), "grant_role", &body.digest);
    let input = body.value;
    let new = NewGrant {
        member: MemberId(input.member_id),
        starts_on: input.starts_on,
        ends_on: input.ends_on,
        reason: input.reason,
    };
    let (unit, now) = (UnitId(input.unit_id), state.clock.now());
    let (view, is_replay) = state
        .store
        .grant_role(caller.owned(), key, input.role.into(), unit, new, now)
        .await?;
    state.callers.forget_all();
    let location = format!("/api/v1/role-grants/{}", view.grant.id);
    Ok(answer(view).created(location, is_replay))
}

/// Why a grant is ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndRoleGrant {
    /// In words.
    #[schema(min_length = 2, max_length = 500, example = "调离岗位")]
    pub reason: String,
}

/// End a role grant
///
/// At once, and with it those of its deputies; what was done by it stays. The county's last security administrator stays,
/// too. Permissions: security_admin over the unit, not their own; whoever is stood in for ends their deputy's.
#[utoipa::path(
    tag = "role-grants",
    params(("role_grant_id" = Uuid, Path, description = "The role grant"), IfMatch),
    request_body = EndRoleGrant,
    responses((status = 200, description = "The ended grant", body = RoleGrant, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/role-grants/{role_grant_id}/end")]
pub async fn end_role_grant(
    caller: Confirmed,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<EndRoleGrant>,
    state: web::Data<AppState>,
) -> Result<Versioned<RoleGrant>, Problem> {
    let (id, now) = (RoleGrantId(*id), state.clock.now());
    let view = state
        .store
        .end_role_grant(caller.owned(), id, expected.version, body.value.reason, now)
        .await?;
    state.callers.forget_all();
    Ok(answer(view))
}

/// A deputy for the holder of a role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameDeputy {
    /// Who stands in.
    pub member_id: Uuid,
    /// The first day; from now on if it is left out or today.
    #[schema(example = "2026-12-01")]
    pub starts_on: Option<NaiveDate>,
    /// The last day, which still counts; within the holder's own time, and at most 184 days.
    #[schema(example = "2026-12-14")]
    pub ends_on: NaiveDate,
    /// Why.
    #[schema(min_length = 2, max_length = 500, example = "外出培训")]
    pub reason: String,
}

/// Name a deputy
///
/// Somebody who acts for the holder of a role during an absence: whatever they do by it says for whom. It ends with the
/// holder's own grant. Permissions: security_admin over the unit; unit_head for their own role, among the members of their
/// subtree.
#[utoipa::path(
    tag = "role-grants",
    params(("role_grant_id" = Uuid, Path, description = "The role grant of the one who is away"), IfMatch, IdempotencyHeader),
    request_body = NameDeputy,
    responses((status = 201, description = "The deputy's grant", body = RoleGrant, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/role-grants/{role_grant_id}/deputies")]
pub async fn name_deputy(
    caller: Confirmed,
    id: web::Path<Uuid>,
    expected: IfMatch,
    key: IdempotencyHeader,
    body: Body<NameDeputy>,
    state: web::Data<AppState>,
) -> Result<Versioned<RoleGrant>, Problem> {
    let key = key.of(
        caller.key_owner(),
        "name_deputy",
        &[id.as_bytes().as_slice(), &body.digest].concat(),
    );
    let input = body.value;
    let new = NewGrant {
        member: MemberId(input.member_id),
        starts_on: input.starts_on,
        ends_on: Some(input.ends_on),
        reason: input.reason,
    };
    let (of, now) = (RoleGrantId(*id), state.clock.now());
    let (view, is_replay) = state
        .store
        .name_deputy(caller.owned(), key, (of, expected.version), new, now)
        .await?;
    state.callers.forget_all();
    let location = format!("/api/v1/role-grants/{}", view.grant.id);
    Ok(answer(view).created(location, is_replay))
}
