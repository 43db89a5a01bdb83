//! Members of units.

mod export;
mod handing_over;
mod public_card;

use actix_web::{get, patch, post, web};
use chrono::{DateTime, Utc};
use liangnuo_domain::{MemberId, UnitId, members::MemberFields};
use liangnuo_persistence::members::{MemberFilter, MemberVerb, MemberView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use self::public_card::MemberPublicCard;
use super::{
    common::{UnitRef, instant, mirror},
    role_grants::HeldRole,
    units::word,
};
use crate::{
    answer::Versioned,
    caller::Caller,
    extract::{Body, IdempotencyHeader, IfMatch, Patch},
    paging::{self, page},
    problem::Problem,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_members)
        .service(create_member)
        .service(export::export_members)
        .service(get_member)
        .service(update_member)
        .service(move_member)
        .service(public_card::show_member)
        .service(close_member)
        .service(handing_over::get_member_holdings)
        .service(handing_over::hand_over_member);
}

mirror! {
    /// What can be done with a member's record.
    MemberAction = MemberVerb { Edit, Move, ShowCard, HandOver, Close, ViewAccount }
}

/// A member.
#[derive(Debug, Serialize, ToSchema)]
pub struct Member {
    /// Their id.
    pub id: Uuid,
    /// The home unit.
    pub unit: UnitRef,
    /// The party branch.
    #[schema(required)]
    pub branch: Option<UnitRef>,
    /// The number that the employer gave.
    #[schema(required, example = "T0123")]
    pub staff_number: Option<String>,
    /// Name in Chinese.
    #[schema(example = "周敏")]
    pub name: String,
    /// Name in Latin letters.
    #[schema(required)]
    pub name_en: Option<String>,
    /// How the name is read, where that is not as usual: pinyin with spaces.
    #[schema(required, example = "shan xian")]
    pub reading: Option<String>,
    /// The post held, in Chinese.
    #[schema(required)]
    pub post: Option<String>,
    /// The post held, in English.
    #[schema(required)]
    pub post_en: Option<String>,
    /// Belongs to the party.
    pub is_party_member: bool,
    /// The roles held now, as far as the caller looks after them; everybody is a `member` beside.
    pub roles: Vec<HeldRole>,
    /// What the public is shown of them.
    pub public_card: MemberPublicCard,
    /// Since when they no longer belong to the staff.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    /// What the caller may do now.
    pub allowed_actions: Vec<MemberAction>,
    /// Counts the changes; the ETag is `"v<version>"`.
    pub version: i64,
}

impl From<MemberView> for Member {
    fn from(view: MemberView) -> Self {
        let fields = view.member.fields;
        Self {
            id: view.member.id.0,
            unit: view.unit.into(),
            branch: view.branch.map(Into::into),
            staff_number: fields.staff_number,
            name: fields.name,
            name_en: fields.name_en,
            reading: fields.reading,
            post: fields.post,
            post_en: fields.post_en,
            is_party_member: fields.is_party_member,
            roles: view.roles.into_iter().map(Into::into).collect(),
            public_card: view.member.card.into(),
            closed_at: view.member.closed_at.map(instant),
            allowed_actions: view.allowed.into_iter().map(Into::into).collect(),
            version: view.member.version,
        }
    }
}

fn answer(view: MemberView) -> Versioned<Member> {
    Versioned::new(view.member.version, view.into())
}

page! {
    /// A page of members.
    MemberPage of Member
}

/// Filters and page of a list of members.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListMembersQuery {
    /// Part of the name or of the staff number; pinyin or initials of the name from any character on.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// In this unit or one below it.
    pub unit_id: Option<Uuid>,
    /// Those who left, too.
    pub include_closed: Option<bool>,
    /// Rows on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Whether `total` is wanted, exact up to 10,000.
    pub count: Option<bool>,
}

/// List members
///
/// By name, by keyset. Permissions: admin, security_admin, unit_head and inspector, each over their subtree.
#[utoipa::path(
    tag = "members",
    params(ListMembersQuery),
    responses((status = 200, description = "A page of members", body = MemberPage)),
    security(("bearer" = []))
)]
#[get("/members")]
pub async fn list_members(
    caller: Caller,
    query: web::Query<ListMembersQuery>,
    state: web::Data<AppState>,
) -> Result<MemberPage, Problem> {
    let query = query.into_inner();
    let filter = MemberFilter {
        q: word(query.q)?,
        unit: query.unit_id.map(UnitId),
        include_closed: query.include_closed.unwrap_or(false),
    };
    let request = paging::request(query.limit, query.cursor, query.count)?;
    Ok(state
        .store
        .list_members(&caller, filter, &request, state.clock.now())
        .await?
        .into())
}

/// Get a member
///
/// One record. Permissions: admin, security_admin, unit_head and inspector over the unit; everybody their own.
#[utoipa::path(
    tag = "members",
    params(("member_id" = Uuid, Path, description = "The member")),
    responses((status = 200, description = "The member", body = Member, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[get("/members/{member_id}")]
pub async fn get_member(
    caller: Caller,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<Versioned<Member>, Problem> {
    Ok(answer(
        state.store.member(&caller, MemberId(*id), state.clock.now()).await?,
    ))
}

/// A new member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateMember {
    /// The home unit.
    pub unit_id: Uuid,
    /// The number that the employer gave: letters, digits, `-`, `_` and `.`; unique among those who have not left.
    #[schema(max_length = 32)]
    pub staff_number: Option<String>,
    /// Name in Chinese.
    #[schema(min_length = 1, max_length = 50)]
    pub name: String,
    /// Name in Latin letters.
    #[schema(max_length = 100)]
    pub name_en: Option<String>,
    /// How the name is read, where that is not as usual: pinyin without tones, with spaces. It is found by this.
    #[schema(max_length = 200)]
    pub reading: Option<String>,
    /// The post held, in Chinese.
    #[schema(max_length = 50)]
    pub post: Option<String>,
    /// The post held, in English.
    #[schema(max_length = 100)]
    pub post_en: Option<String>,
    /// The party branch.
    pub branch_id: Option<Uuid>,
    /// Belongs to the party; false if left out.
    pub is_party_member: Option<bool>,
}

/// Create a member
///
/// In a unit. Permissions: admin over the unit.
#[utoipa::path(
    tag = "members",
    params(IdempotencyHeader),
    request_body = CreateMember,
    responses((status = 201, description = "Created", body = Member, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/members")]
pub async fn create_member(
    caller: Caller,
    key: IdempotencyHeader,
    body: Body<CreateMember>,
    state: web::Data<AppState>,
) -> Result<Versioned<Member>, Problem> {
    let key = key.of(caller.key_owner(), "create_member", &body.digest);
    let input = body.value;
    let fields = MemberFields {
        staff_number: input.staff_number,
        name: input.name,
        name_en: input.name_en,
        reading: input.reading,
        post: input.post,
        post_en: input.post_en,
        branch: input.branch_id.map(UnitId),
        is_party_member: input.is_party_member.unwrap_or(false),
    };
    let (view, is_replay) = state
        .store
        .create_member(caller.owned(), key, UnitId(input.unit_id), fields, state.clock.now())
        .await?;
    let location = format!("/api/v1/members/{}", view.member.id);
    Ok(answer(view).created(location, is_replay))
}

/// Changes of a member: a field that is left out stays, null clears it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateMember {
    /// The number that the employer gave.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 32)]
    pub staff_number: Patch<String>,
    /// Name in Chinese.
    #[schema(min_length = 1, max_length = 50)]
    pub name: Option<String>,
    /// Name in Latin letters.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub name_en: Patch<String>,
    /// How the name is read, where that is not as usual.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reading: Patch<String>,
    /// The post held, in Chinese.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub post: Patch<String>,
    /// The post held, in English.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub post_en: Patch<String>,
    /// The party branch.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub branch_id: Patch<Uuid>,
    /// Belongs to the party.
    pub is_party_member: Option<bool>,
}

/// Update a member
///
/// What is left out stays. Permissions: admin over the unit.
#[utoipa::path(
    tag = "members",
    params(("member_id" = Uuid, Path, description = "The member"), IfMatch),
    request_body = UpdateMember,
    responses((status = 200, description = "The member after the change", body = Member, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[patch("/members/{member_id}")]
pub async fn update_member(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<UpdateMember>,
    state: web::Data<AppState>,
) -> Result<Versioned<Member>, Problem> {
    let patch = body.value;
    let apply = move |old: MemberFields| {
        let post = patch.post.over(old.post.clone());
        // The English name is the post's: it does not go along to another post by itself.
        let post_en = if post == old.post { old.post_en } else { None };
        MemberFields {
            staff_number: patch.staff_number.over(old.staff_number),
            name: patch.name.unwrap_or(old.name),
            name_en: patch.name_en.over(old.name_en),
            reading: patch.reading.over(old.reading),
            post,
            post_en: patch.post_en.over(post_en),
            branch: patch.branch_id.over(old.branch.map(|id| id.0)).map(UnitId),
            is_party_member: patch.is_party_member.unwrap_or(old.is_party_member),
        }
    };
    let view = state
        .store
        .edit_member(
            caller.owned(),
            MemberId(*id),
            expected.version,
            apply,
            state.clock.now(),
        )
        .await?;
    Ok(answer(view))
}

/// Where a member goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveMember {
    /// The new home unit.
    pub unit_id: Uuid,
}

/// Move a member
///
/// To another unit; the post stays behind. Permissions: admin over both units.
#[utoipa::path(
    tag = "members",
    params(("member_id" = Uuid, Path, description = "The member"), IfMatch),
    request_body = MoveMember,
    responses((status = 200, description = "The member in the new unit", body = Member, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/members/{member_id}/move")]
pub async fn move_member(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<MoveMember>,
    state: web::Data<AppState>,
) -> Result<Versioned<Member>, Problem> {
    let to = UnitId(body.value.unit_id);
    let view = state
        .store
        .move_member(caller.owned(), MemberId(*id), expected.version, to, state.clock.now())
        .await?;
    Ok(answer(view))
}

/// Why a record is closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseMember {
    /// In words.
    #[schema(min_length = 2, max_length = 500)]
    pub reason: String,
}

/// Close a member's record
///
/// The member left: roles with those of deputies, post, account and sessions end at once; the history stays. Permissions: admin over the unit,
/// not over the own record.
#[utoipa::path(
    tag = "members",
    params(("member_id" = Uuid, Path, description = "The member"), IfMatch),
    request_body = CloseMember,
    responses((status = 200, description = "The closed record", body = Member, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/members/{member_id}/close")]
pub async fn close_member(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<CloseMember>,
    state: web::Data<AppState>,
) -> Result<Versioned<Member>, Problem> {
    let reason = body.value.reason;
    let view = state
        .store
        .close_member(
            caller.owned(),
            MemberId(*id),
            expected.version,
            reason,
            state.clock.now(),
        )
        .await?;
    state.callers.forget_all();
    Ok(answer(view))
}
