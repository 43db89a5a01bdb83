//! What the signed-in member is told of.

use actix_web::{get, post, web};
use chrono::{DateTime, Utc};
use liangnuo_domain::{ComplaintId, Timestamp};
use liangnuo_persistence::notices::{Notice, NoticeKind, Unread};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::common::{instant, mirror};
use crate::{
    caller::Caller,
    extract::Body,
    paging::{self, page},
    problem::Problem,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_notices)
        .service(count_unread_notices)
        .service(read_notices);
}

mirror! {
    /// Why a member is told of a case.
    MemberNoticeKind = NoticeKind {
        Assigned, Returned, ComplainantWrote, RatedUnsatisfied, Objected, ExtensionAsked, ExtensionDecided, Supervised,
        Emergency, RedoAsked, DueSoon, YellowCard, RedCard, CircularNotice, Reported, ReportMissing, Replied,
        SupervisionLifted, SupervisionEnded, CardAppealed, CardDecided, NewCase, Submitted, Withdrawn,
        IdentityAsked, IdentityAnswered,
    }
}

/// Something that a member is told of.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberNotice {
    /// Its id.
    pub id: Uuid,
    /// Why.
    pub kind: MemberNoticeKind,
    /// Which case.
    pub complaint_id: Uuid,
    /// The case's number.
    #[schema(example = "2026-000123-K")]
    pub number: String,
    /// The case in one line.
    pub title: String,
    /// When.
    pub at: DateTime<Utc>,
    /// It was read.
    pub is_read: bool,
    /// How many further cases of the same kind it stands for, where many came at once.
    pub others: i64,
}

impl From<Notice> for MemberNotice {
    fn from(notice: Notice) -> Self {
        Self {
            id: notice.id,
            kind: notice.kind.into(),
            complaint_id: notice.complaint.0,
            number: notice.number,
            title: notice.title,
            at: instant(notice.at),
            is_read: notice.is_read,
            others: notice.others,
        }
    }
}

page! {
    /// A page of what the member is told of.
    MemberNoticePage of MemberNotice
}

/// Which notices, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListNoticesQuery {
    /// Only those that were not read.
    pub unread: Option<bool>,
    /// Rows on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Whether `total` is wanted, exact up to 10,000.
    pub count: Option<bool>,
}

/// List the member's notices
///
/// Newest first; those of cases that the member may no longer see are left out. Permissions: any member, their own.
#[utoipa::path(
    tag = "me",
    params(ListNoticesQuery),
    responses((status = 200, description = "A page of notices", body = MemberNoticePage)),
    security(("bearer" = []))
)]
#[get("/me/notices")]
pub async fn list_notices(
    caller: Caller,
    query: web::Query<ListNoticesQuery>,
    state: web::Data<AppState>,
) -> Result<MemberNoticePage, Problem> {
    let query = query.into_inner();
    let request = paging::request(query.limit, query.cursor, query.count)?;
    let only_unread = query.unread.unwrap_or(false);
    Ok(state.store.list_notices(&caller, only_unread, &request).await?.into())
}

/// How many notices wait.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnreadNotices {
    /// Not read yet.
    pub unread: i64,
    /// The newest alarm that was not read: somebody may be in danger. It is read by opening the case.
    #[schema(required)]
    pub alarm: Option<MemberNotice>,
}

impl From<Unread> for UnreadNotices {
    fn from(unread: Unread) -> Self {
        Self {
            unread: unread.count,
            alarm: unread.alarm.map(Into::into),
        }
    }
}

/// Count the member's unread notices
///
/// For the mark beside the bell; cheap enough to be asked every few seconds, so that an alarm is seen at once. Permissions: any member, their own.
#[utoipa::path(
    tag = "me",
    responses((status = 200, description = "How many", body = UnreadNotices)),
    security(("bearer" = []))
)]
#[get("/me/notices/unread")]
pub async fn count_unread_notices(
    caller: Caller,
    state: web::Data<AppState>,
) -> Result<web::Json<UnreadNotices>, Problem> {
    Ok(web::Json(state.store.unread_notices(&caller).await?.into()))
}

/// Which notices were read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadNotices {
    /// Those of this case; of all cases if left out.
    pub complaint_id: Option<Uuid>,
    /// Those up to this instant: the newest that the member has seen. Up to now if left out, as for a case that is open.
    pub until: Option<DateTime<Utc>>,
}

/// Mark the member's notices as read
///
/// Up to an instant, so that none is passed over that came in meanwhile. Permissions: any member, their own.
#[utoipa::path(
    tag = "me",
    request_body = ReadNotices,
    responses((status = 200, description = "How many still wait", body = UnreadNotices)),
    security(("bearer" = []))
)]
#[post("/me/notices/read")]
pub async fn read_notices(
    caller: Caller,
    body: Body<ReadNotices>,
    state: web::Data<AppState>,
) -> Result<web::Json<UnreadNotices>, Problem> {
    let ReadNotices { complaint_id, until } = body.value;
    let now = state.clock.now();
    let until = until.as_ref().map_or(now, Timestamp::from_datetime);
    let complaint = complaint_id.map(ComplaintId);
    state.store.read_notices(caller.owned(), complaint, until, now).await?;
    Ok(web::Json(state.store.unread_notices(&caller).await?.into()))
}
