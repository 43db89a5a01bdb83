//! Units that are merged into others or split up among them.

use actix_web::{post, web};
use chrono::NaiveDate;
use liangnuo_domain::{
    MemberId, UnitId,
    succession::{Kind, Wanted},
};
use liangnuo_persistence::units::{Succeeded, Succession};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::common::{UnitRef, mirror};
use crate::{
    answer::Versioned,
    caller::Confirmed,
    extract::{Body, IfMatch},
    problem::Problem,
    state::AppState,
};

mirror! {
    /// How others came in a unit's place.
    UnitSuccessionKind = Kind { Merged, Split }
}

/// A unit that came in the place of another one, or in whose place others came.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitSuccession {
    /// The other unit.
    pub unit: UnitRef,
    /// In which way.
    pub kind: UnitSuccessionKind,
    /// The day it happened.
    pub succeeded_on: NaiveDate,
}

impl From<Succession> for UnitSuccession {
    fn from(succession: Succession) -> Self {
        Self {
            unit: succession.unit.into(),
            kind: succession.kind.into(),
            succeeded_on: succession.at.day(),
        }
    }
}

/// What one unit got from another one.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitSuccessorShare {
    /// Who got it.
    pub unit: UnitRef,
    /// Units that stand below it now.
    pub units: u64,
    /// Members; of a branch, whoever belonged to it.
    pub members: u64,
    /// Open cases.
    pub cases: u64,
}

/// What came of a merger or a split.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitSuccessionReport {
    /// Nothing was kept of it: this is what would come of it.
    pub is_dry_run: bool,
    /// What each successor has now.
    pub successors: Vec<UnitSuccessorShare>,
    /// Open cases that are nobody's now: who handled them holds no role of a handler at the successor.
    pub cases_without_handler: u64,
    /// Roles at the unit that end with it. A security_admin gives them at the successor, to whom it is right.
    pub ended_roles: u64,
}

impl UnitSuccessionReport {
    fn new(done: Succeeded, is_dry_run: bool) -> Self {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        Self {
            is_dry_run,
            successors: done
                .successors
                .into_iter()
                .map(|(unit, counts)| UnitSuccessorShare {
                    unit: unit.into(),
                    units: number(counts.units),
                    members: number(counts.members),
                    cases: number(counts.cases),
                })
                .collect(),
            cases_without_handler: number(done.cases_without_handler),
            ended_roles: number(done.ended_roles),
        }
    }
}

/// Into which unit one is merged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeUnit {
    /// The unit that goes on: open, not the county itself, not below the one that closes; of a branch another branch.
    pub into_unit_id: Uuid,
    /// In words; stands with each open case, too.
    #[schema(min_length = 2, max_length = 500)]
    pub reason: String,
    /// Whether to look only what would come of it; false if left out.
    pub dry_run: Option<bool>,
}

/// A unit below the one that closes, and where it goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitUnitBelow {
    /// A unit directly below.
    pub unit_id: Uuid,
    /// One of the successors.
    pub to_unit_id: Uuid,
}

/// A member of the unit that closes, and where they go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitUnitMember {
    /// A member of the unit.
    pub member_id: Uuid,
    /// One of the successors.
    pub to_unit_id: Uuid,
}

/// Among which units one is split up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitUnit {
    /// The units that go on, as of a merger. The first gets what is not given to another one below.
    #[schema(min_items = 2, max_items = 10)]
    pub successor_ids: Vec<Uuid>,
    /// Units below it that go to others than the first; none if left out.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub units: Vec<SplitUnitBelow>,
    /// Members who go to others than the first, with the cases that they handle; none if left out.
    #[serde(default)]
    #[schema(max_items = 5000)]
    pub members: Vec<SplitUnitMember>,
    /// In words; stands with each open case, too.
    #[schema(min_length = 2, max_length = 500)]
    pub reason: String,
    /// Whether to look only what would come of it; false if left out.
    pub dry_run: Option<bool>,
}

/// Merge a unit into another one
///
/// Open cases as they stand, members with their posts and the units below go to the other one in one transaction; the unit closes
/// and names its successor. What has ended stays its own. Roles at it end: nobody gets them by this. Wants a confirmation that is no
/// older than fifteen minutes. Permissions: admin over both.
#[utoipa::path(
    tag = "units",
    params(("unit_id" = Uuid, Path, description = "The unit that closes"), IfMatch),
    request_body = MergeUnit,
    responses((status = 200, description = "What came of it", body = UnitSuccessionReport, headers(("ETag" = String, description = "The unit's version")))),
    security(("bearer" = []))
)]
#[post("/units/{unit_id}/merge")]
pub async fn merge_unit(
    caller: Confirmed,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<MergeUnit>,
    state: web::Data<AppState>,
) -> Result<Versioned<UnitSuccessionReport>, Problem> {
    let body = body.value;
    let wanted = Wanted {
        kind: Kind::Merged,
        successors: vec![UnitId(body.into_unit_id)],
        units: Vec::new(),
        members: Vec::new(),
        reason: body.reason,
    };
    succeed(&caller, UnitId(*id), expected.version, wanted, body.dry_run, &state).await
}

/// Split a unit up among others
///
/// As a merger, but its members and the units below go to several others; an open case goes where its handler goes, else to the first.
/// Wants a confirmation that is no older than fifteen minutes. Permissions: admin over all of them.
#[utoipa::path(
    tag = "units",
    params(("unit_id" = Uuid, Path, description = "The unit that closes"), IfMatch),
    request_body = SplitUnit,
    responses((status = 200, description = "What came of it", body = UnitSuccessionReport, headers(("ETag" = String, description = "The unit's version")))),
    security(("bearer" = []))
)]
#[post("/units/{unit_id}/split")]
pub async fn split_unit(
    caller: Confirmed,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<SplitUnit>,
    state: web::Data<AppState>,
) -> Result<Versioned<UnitSuccessionReport>, Problem> {
    let body = body.value;
    let wanted = Wanted {
        kind: Kind::Split,
        successors: body.successor_ids.into_iter().map(UnitId).collect(),
        units: body
            .units
            .into_iter()
            .map(|part| (UnitId(part.unit_id), UnitId(part.to_unit_id)))
            .collect(),
        members: body
            .members
            .into_iter()
            .map(|part| (MemberId(part.member_id), UnitId(part.to_unit_id)))
            .collect(),
        reason: body.reason,
    };
    succeed(&caller, UnitId(*id), expected.version, wanted, body.dry_run, &state).await
}

async fn succeed(
    caller: &Confirmed,
    id: UnitId,
    expected: i64,
    wanted: Wanted,
    dry_run: Option<bool>,
    state: &AppState,
) -> Result<Versioned<UnitSuccessionReport>, Problem> {
    let is_dry_run = dry_run.unwrap_or(false);
    let (done, view) = state
        .store
        .succeed_unit(caller.owned(), id, expected, wanted, is_dry_run, state.clock.now())
        .await?;
    if !is_dry_run {
        // Roles have ended, and members belong elsewhere.
        state.callers.forget_all();
    }
    Ok(Versioned::new(
        view.unit.version,
        UnitSuccessionReport::new(done, is_dry_run),
    ))
}
