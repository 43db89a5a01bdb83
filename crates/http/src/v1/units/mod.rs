//! Units of the tree.

mod export;
mod succession;

use actix_web::{get, patch, post, web};
use chrono::{DateTime, Utc};
use liangnuo_domain::{UnitId, units::UnitFields};
use liangnuo_persistence::units::{UnitFilter, UnitVerb, UnitView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub(in crate::v1) use self::succession::UnitSuccession;
use super::common::{OrgUnitKind, UnitRef, instant, mirror};
use crate::{
    answer::Versioned,
    caller::Caller,
    extract::{Body, IdempotencyHeader, IfMatch, Patch},
    paging::{self, page},
    problem::{Problem, ProblemCode},
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_units)
        .service(create_unit)
        .service(export::export_units)
        .service(get_unit)
        .service(update_unit)
        .service(move_unit)
        .service(succession::merge_unit)
        .service(succession::split_unit)
        .service(close_unit);
}

mirror! {
    /// What can be done with a unit.
    OrgUnitAction = UnitVerb { Edit, Move, Merge, Split, Close, CreateChild }
}

/// A unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrgUnit {
    /// Its id.
    pub id: Uuid,
    /// The unit above; null for the root.
    #[schema(required)]
    pub parent_id: Option<Uuid>,
    /// What it is.
    pub kind: OrgUnitKind,
    /// The code that the education authority gave it.
    #[schema(required, example = "3301000123")]
    pub code: Option<String>,
    /// Name in Chinese.
    #[schema(example = "柳湾小学")]
    pub name: String,
    /// Name in English.
    #[schema(required)]
    pub name_en: Option<String>,
    /// How the name is read, where that is not as usual: pinyin with spaces.
    #[schema(required, example = "shan xian")]
    pub reading: Option<String>,
    /// Name of the head.
    #[schema(required)]
    pub head: Option<String>,
    /// Telephone number for the public.
    #[schema(required)]
    pub hotline: Option<String>,
    /// Address.
    #[schema(required)]
    pub address: Option<String>,
    /// Opening hours in words.
    #[schema(required)]
    pub opening_hours: Option<String>,
    /// Since when it no longer exists.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    /// Which units came in its place, if it is closed.
    pub successors: Vec<UnitSuccession>,
    /// In whose place it came.
    pub predecessors: Vec<UnitSuccession>,
    /// From the root to the parent.
    pub path: Vec<UnitRef>,
    /// What the caller may do now.
    pub allowed_actions: Vec<OrgUnitAction>,
    /// Counts the changes; the ETag is `"v<version>"`.
    pub version: i64,
}

impl From<UnitView> for OrgUnit {
    fn from(view: UnitView) -> Self {
        let UnitFields {
            code,
            name,
            name_en,
            reading,
            head,
            hotline,
            address,
            opening_hours,
        } = view.unit.fields;
        Self {
            id: view.unit.id.0,
            parent_id: view.unit.parent.map(|id| id.0),
            kind: view.unit.kind.into(),
            code,
            name,
            name_en,
            reading,
            head,
            hotline,
            address,
            opening_hours,
            closed_at: view.unit.closed_at.map(instant),
            successors: view.successors.into_iter().map(Into::into).collect(),
            predecessors: view.predecessors.into_iter().map(Into::into).collect(),
            path: view.path.into_iter().map(Into::into).collect(),
            allowed_actions: view.allowed.into_iter().map(Into::into).collect(),
            version: view.unit.version,
        }
    }
}

fn answer(view: UnitView) -> Versioned<OrgUnit> {
    Versioned::new(view.unit.version, view.into())
}

page! {
    /// A page of units.
    OrgUnitPage of OrgUnit
}

/// Filters and page of a list of units.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListUnitsQuery {
    /// Part of the name, in either language, or of the code; pinyin or initials from any character on.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// What it is.
    #[param(inline)]
    pub kind: Option<OrgUnitKind>,
    /// Directly below this unit.
    pub parent_id: Option<Uuid>,
    /// Closed ones too.
    pub include_closed: Option<bool>,
    /// Rows on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Whether `total` is wanted, exact up to 10,000.
    pub count: Option<bool>,
}

/// A search word that a database can take.
///
/// # Errors
/// Too long, or with a character that no text has.
pub(in crate::v1) fn word(q: Option<String>) -> Result<Option<String>, Problem> {
    match q {
        Some(text) if text.chars().count() > 100 || text.contains('\0') => {
            Err(Problem::new(ProblemCode::MalformedQuery)
                .with_detail("查找词最多 100 个字。", "A search word has at most 100 characters."))
        }
        other => Ok(other),
    }
}

/// List units
///
/// By name, by keyset. Permissions: any member; units are published.
#[utoipa::path(
    tag = "units",
    params(ListUnitsQuery),
    responses((status = 200, description = "A page of units", body = OrgUnitPage)),
    security(("bearer" = []))
)]
#[get("/units")]
pub async fn list_units(
    caller: Caller,
    query: web::Query<ListUnitsQuery>,
    state: web::Data<AppState>,
) -> Result<OrgUnitPage, Problem> {
    let query = query.into_inner();
    let filter = UnitFilter {
        q: word(query.q)?,
        kind: query.kind.map(Into::into),
        parent: query.parent_id.map(UnitId),
        include_closed: query.include_closed.unwrap_or(false),
    };
    let request = paging::request(query.limit, query.cursor, query.count)?;
    let page = state
        .store
        .list_units(caller.actor.region, Some(&caller), filter, &request)
        .await?;
    Ok(page.into())
}

/// Get a unit
///
/// With its place in the tree. Permissions: any member.
#[utoipa::path(
    tag = "units",
    params(("unit_id" = Uuid, Path, description = "The unit")),
    responses((status = 200, description = "The unit", body = OrgUnit, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[get("/units/{unit_id}")]
pub async fn get_unit(
    caller: Caller,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<Versioned<OrgUnit>, Problem> {
    Ok(answer(state.store.unit(&caller, UnitId(*id)).await?))
}

/// A new unit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateUnit {
    /// The unit above.
    pub parent_id: Uuid,
    /// What it is.
    pub kind: OrgUnitKind,
    /// The code that the education authority gave it: letters, digits, `-`, `_` and `.`; unique among open units.
    #[schema(max_length = 32)]
    pub code: Option<String>,
    /// Name in Chinese, unique among the open units below one parent.
    #[schema(min_length = 2, max_length = 100)]
    pub name: String,
    /// Name in English.
    #[schema(max_length = 200)]
    pub name_en: Option<String>,
    /// How the name is read, where that is not as usual: pinyin without tones, with spaces. It is found by this.
    #[schema(max_length = 200)]
    pub reading: Option<String>,
    /// Name of the head.
    #[schema(max_length = 50)]
    pub head: Option<String>,
    /// Telephone number for the public.
    #[schema(max_length = 50)]
    pub hotline: Option<String>,
    /// Address.
    #[schema(max_length = 200)]
    pub address: Option<String>,
    /// Opening hours in words.
    #[schema(max_length = 200)]
    pub opening_hours: Option<String>,
}

/// Create a unit
///
/// Below another one. Permissions: admin over the parent.
#[utoipa::path(
    tag = "units",
    params(IdempotencyHeader),
    request_body = CreateUnit,
    responses((status = 201, description = "Created", body = OrgUnit, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/units")]
pub async fn create_unit(
    caller: Caller,
    key: IdempotencyHeader,
    body: Body<CreateUnit>,
    state: web::Data<AppState>,
) -> Result<Versioned<OrgUnit>, Problem> {
    let key = key.of(caller.key_owner(), "create_unit", &body.digest);
    let CreateUnit {
        parent_id,
        kind,
        code,
        name,
        name_en,
        reading,
        head,
        hotline,
        address,
        opening_hours,
    } = body.value;
    let fields = UnitFields {
        code,
        name,
        name_en,
        reading,
        head,
        hotline,
        address,
        opening_hours,
    };
    let (view, is_replay) = state
        .store
        .create_unit(
            caller.owned(),
            key,
            UnitId(parent_id),
            kind.into(),
            fields,
            state.clock.now(),
        )
        .await?;
    let location = format!("/api/v1/units/{}", view.unit.id);
    Ok(answer(view).created(location, is_replay))
}

/// Changes of a unit: a field that is left out stays, null clears it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateUnit {
    /// The code that the education authority gave it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 32)]
    pub code: Patch<String>,
    /// Name in Chinese.
    #[schema(min_length = 2, max_length = 100)]
    pub name: Option<String>,
    /// Name in English.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub name_en: Patch<String>,
    /// How the name is read, where that is not as usual.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reading: Patch<String>,
    /// Name of the head.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub head: Patch<String>,
    /// Telephone number for the public.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub hotline: Patch<String>,
    /// Address.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub address: Patch<String>,
    /// Opening hours in words.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub opening_hours: Patch<String>,
}

/// Update a unit
///
/// What is left out stays. Permissions: admin over the unit.
#[utoipa::path(
    tag = "units",
    params(("unit_id" = Uuid, Path, description = "The unit"), IfMatch),
    request_body = UpdateUnit,
    responses((status = 200, description = "The unit after the change", body = OrgUnit, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[patch("/units/{unit_id}")]
pub async fn update_unit(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<UpdateUnit>,
    state: web::Data<AppState>,
) -> Result<Versioned<OrgUnit>, Problem> {
    let patch = body.value;
    let apply = move |old: UnitFields| UnitFields {
        code: patch.code.over(old.code),
        name: patch.name.unwrap_or(old.name),
        name_en: patch.name_en.over(old.name_en),
        reading: patch.reading.over(old.reading),
        head: patch.head.over(old.head),
        hotline: patch.hotline.over(old.hotline),
        address: patch.address.over(old.address),
        opening_hours: patch.opening_hours.over(old.opening_hours),
    };
    let view = state
        .store
        .edit_unit(caller.owned(), UnitId(*id), expected.version, apply, state.clock.now())
        .await?;
    Ok(answer(view))
}

/// Where a unit goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveUnit {
    /// The new unit above.
    pub parent_id: Uuid,
}

/// Move a unit
///
/// With all below it, under another unit; rights follow the tree at once. Permissions: admin over both.
#[utoipa::path(
    tag = "units",
    params(("unit_id" = Uuid, Path, description = "The unit"), IfMatch),
    request_body = MoveUnit,
    responses((status = 200, description = "The unit in its new place", body = OrgUnit, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/units/{unit_id}/move")]
pub async fn move_unit(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<MoveUnit>,
    state: web::Data<AppState>,
) -> Result<Versioned<OrgUnit>, Problem> {
    let parent = UnitId(body.value.parent_id);
    let view = state
        .store
        .move_unit(caller.owned(), UnitId(*id), expected.version, parent, state.clock.now())
        .await?;
    Ok(answer(view))
}

/// Why a unit is closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseUnit {
    /// In words.
    #[schema(min_length = 2, max_length = 500)]
    pub reason: String,
}

/// Close a unit
///
/// For good; its history stays. It must hold no open units, members or cases. Permissions: admin over the unit.
#[utoipa::path(
    tag = "units",
    params(("unit_id" = Uuid, Path, description = "The unit"), IfMatch),
    request_body = CloseUnit,
    responses((status = 200, description = "The closed unit", body = OrgUnit, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/units/{unit_id}/close")]
pub async fn close_unit(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<CloseUnit>,
    state: web::Data<AppState>,
) -> Result<Versioned<OrgUnit>, Problem> {
    let reason = body.value.reason;
    let view = state
        .store
        .close_unit(caller.owned(), UnitId(*id), expected.version, reason, state.clock.now())
        .await?;
    Ok(answer(view))
}
