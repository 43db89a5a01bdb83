//! What a member holds, and giving it to somebody else.

use actix_web::{get, post, web};
use liangnuo_domain::MemberId;
use liangnuo_persistence::{
    complaints::KeptCase,
    members::{HandOver, HandedOver, Holdings, KeptBack},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{complaints::ComplaintRef, role_grants::HeldRole};
use crate::{
    answer::Versioned,
    caller::{Caller, Confirmed},
    extract::{Body, IfMatch},
    problem::Problem,
    state::AppState,
};

/// What a member holds, as far as the caller may know of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberHoldings {
    /// Open cases that the member handles, of those that the caller sees.
    pub cases: u64,
    /// Open cases that the caller does not see: somebody else gives them to others. For whoever may close the record, since they stand
    /// in the way of it; else null.
    #[schema(required)]
    pub other_cases: Option<u64>,
    /// Open cases that the member supervises; whoever else may supervise them is told of them when the member has left.
    pub supervised_cases: u64,
    /// Roles in force, as far as the caller looks after them. Nobody gets them by a hand-over.
    pub roles: Vec<HeldRole>,
    /// How many deputies stand in for the member now; for whoever looks after roles, else null.
    #[schema(required)]
    pub deputies: Option<u64>,
    /// Turns of duty that are not over.
    pub duty_turns: u64,
}

impl From<Holdings> for MemberHoldings {
    fn from(held: Holdings) -> Self {
        Self {
            cases: held.cases,
            other_cases: held.other_cases,
            supervised_cases: held.supervised_cases,
            roles: held.roles.into_iter().map(Into::into).collect(),
            deputies: held.deputies,
            duty_turns: u64::try_from(held.duty_turns).unwrap_or(u64::MAX),
        }
    }
}

/// What a member is responsible for.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HoldingKind {
    /// A case that the caller sees.
    Case,
    /// Cases that the caller does not see.
    OtherCases,
    /// Turns of duty.
    DutyTurns,
    /// The record itself, which was to be closed.
    Record,
}

/// Why something stays with who had it.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeptReason {
    /// The caller has no right to give it away.
    NotYours,
    /// The other one handles no cases of that unit, is not on duty for the county, or must not know of it.
    NotAble,
    /// The complainant was not satisfied with an answer that the other one wrote.
    NeedsAnother,
    /// It is more than one hand-over takes: hand over once more.
    TooMany,
    /// Open cases are left.
    OpenCases,
}

impl From<KeptCase> for KeptReason {
    fn from(why: KeptCase) -> Self {
        match why {
            KeptCase::NotYours => Self::NotYours,
            KeptCase::NotAble => Self::NotAble,
            KeptCase::NeedsAnother => Self::NeedsAnother,
            KeptCase::TooMany => Self::TooMany,
        }
    }
}

impl From<KeptBack> for KeptReason {
    fn from(why: KeptBack) -> Self {
        match why {
            KeptBack::NotYours => Self::NotYours,
            KeptBack::NotAble => Self::NotAble,
            KeptBack::OpenCases => Self::OpenCases,
        }
    }
}

/// Something that went to somebody else.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovedHolding {
    /// What.
    pub what: HoldingKind,
    /// The case, if it is one.
    #[schema(required)]
    pub case: Option<ComplaintRef>,
    /// How many.
    pub count: u64,
}

/// Something that stays.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptHolding {
    /// What.
    pub what: HoldingKind,
    /// The case, if it is one.
    #[schema(required)]
    pub case: Option<ComplaintRef>,
    /// How many.
    pub count: u64,
    /// Why.
    pub why: KeptReason,
}

/// What came of a hand-over.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandOverReport {
    /// Nothing was kept of it: this is what would come of it.
    pub is_dry_run: bool,
    /// What the other one has now.
    pub moved: Vec<MovedHolding>,
    /// What stays, and why.
    pub kept: Vec<KeptHolding>,
    /// Whether the record was closed.
    pub is_closed: bool,
}

impl HandOverReport {
    fn new(done: HandedOver, is_dry_run: bool) -> Self {
        let case = |case| MovedHolding {
            what: HoldingKind::Case,
            case: Some(case),
            count: 1,
        };
        let mut moved: Vec<MovedHolding> = done.cases.moved.into_iter().map(|name| case(name.into())).collect();
        let mut kept: Vec<KeptHolding> = Vec::new();
        let mut keep = |what, case: Option<ComplaintRef>, count: u64, why| {
            if count > 0 {
                kept.push(KeptHolding { what, case, count, why });
            }
        };
        for (name, why) in done.cases.kept {
            keep(HoldingKind::Case, Some(name.into()), 1, why.into());
        }
        let others = done.other_cases.unwrap_or(0);
        keep(HoldingKind::OtherCases, None, others, KeptReason::NotYours);
        let (turns, why) = done.duty_turns;
        let turns = u64::try_from(turns).unwrap_or(u64::MAX);
        match why {
            Some(why) => keep(HoldingKind::DutyTurns, None, turns, why.into()),
            None if turns > 0 => moved.push(MovedHolding {
                what: HoldingKind::DutyTurns,
                case: None,
                count: turns,
            }),
            None => {}
        }
        if let Err(why) = done.record {
            keep(HoldingKind::Record, None, 1, why.into());
        }
        Self {
            is_dry_run,
            moved,
            kept,
            is_closed: matches!(done.record, Ok(true)),
        }
    }
}

/// Get what a member holds
///
/// What somebody else takes over when the member leaves. Permissions: unit_head, inspector and admin over the unit.
#[utoipa::path(
    tag = "members",
    params(("member_id" = Uuid, Path, description = "The member")),
    responses((status = 200, description = "What the member holds", body = MemberHoldings, headers(("ETag" = String, description = "The record's version")))),
    security(("bearer" = []))
)]
#[get("/members/{member_id}/holdings")]
pub async fn get_member_holdings(
    caller: Caller,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<Versioned<MemberHoldings>, Problem> {
    let held = state.store.holdings(&caller, MemberId(*id), state.clock.now()).await?;
    Ok(Versioned::new(held.version, held.into()))
}

/// To whom a member's work goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverMember {
    /// Who takes over.
    pub to_member_id: Uuid,
    /// In words; stands with each case, too.
    #[schema(min_length = 2, max_length = 500)]
    pub reason: String,
    /// Whether the record is closed with it, which is for admins over the unit; false if left out.
    pub closes_record: Option<bool>,
    /// Whether to look only what would come of it; false if left out.
    pub dry_run: Option<bool>,
}

/// Hand over a member's work
///
/// Open cases and turns of duty go to somebody else in one transaction: each case whose assignment is the caller's right, to who may
/// have it, as it stands; turns of duty by an admin over the county. What can't be given stays and is told. Roles go to nobody: a
/// security_admin gives them. Wants a confirmation that is no older than fifteen minutes. Permissions: unit_head, inspector and
/// admin over the unit.
#[utoipa::path(
    tag = "members",
    params(("member_id" = Uuid, Path, description = "The member who gives away"), IfMatch),
    request_body = HandOverMember,
    responses((status = 200, description = "What came of it", body = HandOverReport, headers(("ETag" = String, description = "The record's version")))),
    security(("bearer" = []))
)]
#[post("/members/{member_id}/hand-over")]
pub async fn hand_over_member(
    caller: Confirmed,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<HandOverMember>,
    state: web::Data<AppState>,
) -> Result<Versioned<HandOverReport>, Problem> {
    let body = body.value;
    let is_dry_run = body.dry_run.unwrap_or(false);
    let wanted = HandOver {
        to: MemberId(body.to_member_id),
        reason: body.reason,
        closes_record: body.closes_record.unwrap_or(false),
        is_dry_run,
    };
    let (done, view) = state
        .store
        .hand_over_member(
            caller.owned(),
            MemberId(*id),
            expected.version,
            wanted,
            state.clock.now(),
        )
        .await?;
    if view.member.closed_at.is_some() {
        state.callers.forget_all();
    }
    let report = HandOverReport::new(done, is_dry_run);
    Ok(Versioned::new(view.member.version, report))
}
