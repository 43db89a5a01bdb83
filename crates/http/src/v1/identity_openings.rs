//! Opening who filed a case: one inspector asks, another one answers, the first reads.

use actix_web::{HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use liangnuo_domain::{
    AttachmentId, ComplaintId, MemberId, OpeningId,
    identity::{Answer, OpeningCategory, OpeningState, OpeningVerb, READINGS},
};
use liangnuo_persistence::identity::{OpeningFilter, OpeningReason, OpeningView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    attachments::saved_as,
    common::{MemberRef, instant, mirror},
    complaints::verbs::ComplaintStepReason,
    public::GuardianRelation,
};
use crate::{
    answer::Versioned,
    caller::{Caller, Confirmed},
    extract::{Body, IdempotencyHeader, IfMatch},
    paging::{self, page},
    problem::{Problem, ProblemCode},
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(ask_identity)
        .service(list_identity_openings)
        .service(get_identity_opening)
        .service(approve_identity_opening)
        .service(refuse_identity_opening)
        .service(withdraw_identity_opening)
        .service(read_identity)
        .service(read_original);
}

mirror! {
    /// Why an identity is wanted: the complainant must be reached, somebody is in danger, retaliation is looked into, a law or a
    /// court demands it, or something else. The complainant is told this.
    IdentityOpeningCategory = OpeningCategory { Contact, Danger, Retaliation, Law, Other }
}

mirror! {
    /// Where a request stands: it waits for a second person, was approved or refused, was taken back, or lapsed since nobody
    /// answered within five working days.
    IdentityOpeningState = OpeningState { Waiting, Approved, Refused, Withdrawn, Lapsed }
}

mirror! {
    /// What can be done with a request.
    IdentityOpeningAction = OpeningVerb { Approve, Refuse, Withdraw, Read }
}

/// What the second person said.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityOpeningAnswer {
    /// Who.
    #[schema(required)]
    pub by: Option<MemberRef>,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// A request to open who filed a case. Contact data are never in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityOpening {
    /// Its id.
    pub id: Uuid,
    /// Where it stands now.
    pub state: IdentityOpeningState,
    /// About which case.
    pub complaint_id: Uuid,
    /// The case's number.
    #[schema(example = "2026-000123-K")]
    pub number: String,
    /// The case in one line.
    pub title: String,
    /// Why, as the complainant is told.
    pub category: IdentityOpeningCategory,
    /// Why, in words.
    pub reason: String,
    /// Who asked.
    #[schema(required)]
    pub asked_by: Option<MemberRef>,
    /// The caller asked.
    pub is_own: bool,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Until when it can be answered.
    pub ends_at: DateTime<Utc>,
    /// What the second person said.
    #[schema(required)]
    pub answer: Option<IdentityOpeningAnswer>,
    /// Until when whoever asked can read the contact data; null unless it was approved.
    #[schema(required)]
    pub open_until: Option<DateTime<Utc>>,
    /// When they were first read.
    #[schema(required)]
    pub first_read_at: Option<DateTime<Utc>>,
    /// How often it can still be read.
    pub readings_left: i64,
    /// What the caller may do now.
    pub allowed_actions: Vec<IdentityOpeningAction>,
    /// Counts the changes; the ETag is `"v<version>"`.
    pub version: i64,
}

impl IdentityOpening {
    fn new(view: OpeningView, caller: &Caller) -> Self {
        let opening = view.opening;
        let member = |id: MemberId| view.members.get(&id).cloned().map(MemberRef::from);
        let answer = |answer: Answer| IdentityOpeningAnswer {
            by: member(answer.by.member),
            at: instant(answer.at),
            reason: answer.reason,
        };
        Self {
            id: opening.id.0,
            state: view.state.into(),
            complaint_id: opening.complaint.0,
            number: view.number,
            title: view.title,
            category: opening.category.into(),
            asked_by: member(opening.asked.member),
            is_own: opening.asked.member == caller.actor.member,
            asked_at: instant(opening.asked_at),
            ends_at: instant(opening.ends_at),
            answer: opening.answer.map(answer),
            open_until: opening.open_until.map(instant),
            first_read_at: opening.first_read_at.map(instant),
            readings_left: (READINGS - opening.readings).max(0),
            allowed_actions: view.allowed.into_iter().map(Into::into).collect(),
            reason: opening.reason,
            version: opening.version,
        }
    }
}

fn answer(view: OpeningView, caller: &Caller) -> Versioned<IdentityOpening> {
    Versioned::new(view.opening.version, IdentityOpening::new(view, caller))
}

page! {
    /// A page of requests.
    IdentityOpeningPage of IdentityOpening
}

/// Which requests, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListIdentityOpeningsQuery {
    /// About this case.
    pub complaint_id: Option<Uuid>,
    /// Those that still wait for a second person, or those that don't.
    pub is_waiting: Option<bool>,
    /// Rows on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Whether `total` is wanted, exact up to 10,000.
    pub count: Option<bool>,
}

/// List identity openings
///
/// Requests about the cases that the caller may see, newest first. Permissions: inspector.
#[utoipa::path(
    tag = "identity-openings",
    params(ListIdentityOpeningsQuery),
    responses((status = 200, description = "A page of requests", body = IdentityOpeningPage)),
    security(("bearer" = []))
)]
#[get("/identity-openings")]
pub async fn list_identity_openings(
    caller: Caller,
    query: web::Query<ListIdentityOpeningsQuery>,
    state: web::Data<AppState>,
) -> Result<IdentityOpeningPage, Problem> {
    let query = query.into_inner();
    let filter = OpeningFilter {
        complaint: query.complaint_id.map(ComplaintId),
        is_waiting: query.is_waiting,
    };
    let request = paging::request(query.limit, query.cursor, query.count)?;
    let now = state.clock.now();
    let page = state.store.list_openings(&caller, filter, &request, now).await?;
    Ok(page.map(|view| IdentityOpening::new(view, &caller)).into())
}

/// Get an identity opening
///
/// One request. Permissions: inspector who may see the case.
#[utoipa::path(
    tag = "identity-openings",
    params(("identity_opening_id" = Uuid, Path, description = "The request")),
    responses((status = 200, description = "The request", body = IdentityOpening, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[get("/identity-openings/{identity_opening_id}")]
pub async fn get_identity_opening(
    caller: Caller,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<Versioned<IdentityOpening>, Problem> {
    let view = state
        .store
        .identity_opening(&caller, OpeningId(*id), state.clock.now())
        .await?;
    Ok(answer(view, &caller))
}

/// Why an identity is to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskIdentity {
    /// Of which case.
    pub complaint_id: Uuid,
    /// The complainant is told this.
    pub category: IdentityOpeningCategory,
    /// For the second person and the log.
    #[schema(min_length = 2, max_length = 2000, example = "来信提到孩子没有回家，需要马上联系。")]
    pub reason: String,
}

/// Ask to open an identity
///
/// Who filed the case, if contact data were left. Another inspector answers within five working days; an approval is good for an
/// hour and ten readings, for the caller alone, and the complainant sees that the identity was opened. 20 a day for each member, then
/// 429. Permissions: inspector who may see the
/// case.
#[utoipa::path(
    tag = "identity-openings",
    params(IdempotencyHeader),
    request_body = AskIdentity,
    responses((status = 201, description = "Asked", body = IdentityOpening, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/identity-openings")]
pub async fn ask_identity(
    caller: Caller,
    key: IdempotencyHeader,
    body: Body<AskIdentity>,
    state: web::Data<AppState>,
) -> Result<Versioned<IdentityOpening>, Problem> {
    let key = key.of(caller.key_owner(), "ask_identity", &body.digest);
    let case = ComplaintId(body.value.complaint_id);
    let why = OpeningReason {
        category: body.value.category.into(),
        reason: body.value.reason,
    };
    let now = state.clock.now();
    let (view, is_replay) = state.store.ask_identity(caller.owned(), case, why, key, now).await?;
    let location = format!("/api/v1/identity-openings/{}", view.opening.id);
    Ok(answer(view, &caller).created(location, is_replay))
}

async fn second_person(
    (caller, id, expected): (Caller, Uuid, IfMatch),
    (is_approved, reason): (bool, String),
    state: &AppState,
) -> Result<Versioned<IdentityOpening>, Problem> {
    let now = state.clock.now();
    let said = (is_approved, reason);
    let view = state
        .store
        .answer_opening(caller.owned(), OpeningId(id), expected.version, said, now)
        .await?;
    Ok(answer(view, &caller))
}

/// Approve an identity opening
///
/// As the second person, after a confirmation: neither the one who asked, nor anybody who stands in for them or for whom they stand in. Permissions:
/// inspector who may see the case.
#[utoipa::path(
    tag = "identity-openings",
    params(("identity_opening_id" = Uuid, Path, description = "The request"), IfMatch),
    request_body = ComplaintStepReason,
    responses((status = 200, description = "The request after the answer", body = IdentityOpening, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/identity-openings/{identity_opening_id}/approve")]
pub async fn approve_identity_opening(
    caller: Confirmed,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<ComplaintStepReason>,
    state: web::Data<AppState>,
) -> Result<Versioned<IdentityOpening>, Problem> {
    second_person((caller.into_inner(), *id, expected), (true, body.value.reason), &state).await
}

/// Refuse an identity opening
///
/// As the second person. Permissions: as to approve.
#[utoipa::path(
    tag = "identity-openings",
    params(("identity_opening_id" = Uuid, Path, description = "The request"), IfMatch),
    request_body = ComplaintStepReason,
    responses((status = 200, description = "The request after the answer", body = IdentityOpening, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/identity-openings/{identity_opening_id}/refuse")]
pub async fn refuse_identity_opening(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<ComplaintStepReason>,
    state: web::Data<AppState>,
) -> Result<Versioned<IdentityOpening>, Problem> {
    second_person((caller, *id, expected), (false, body.value.reason), &state).await
}

/// Withdraw an identity opening
///
/// While nobody has answered. Permissions: whoever asked.
#[utoipa::path(
    tag = "identity-openings",
    params(("identity_opening_id" = Uuid, Path, description = "The request"), IfMatch),
    responses((status = 200, description = "The request", body = IdentityOpening, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/identity-openings/{identity_opening_id}/withdraw")]
pub async fn withdraw_identity_opening(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    state: web::Data<AppState>,
) -> Result<Versioned<IdentityOpening>, Problem> {
    let now = state.clock.now();
    let view = state
        .store
        .withdraw_opening(caller.owned(), OpeningId(*id), expected.version, now)
        .await?;
    Ok(answer(view, &caller))
}

/// Who consented for a complainant under 14.
#[derive(Serialize, ToSchema)]
pub struct ComplainantGuardian {
    /// Their name.
    pub name: String,
    /// What they are to the child.
    pub relation: GuardianRelation,
}

/// Who filed a case. Not to be kept.
#[derive(Serialize, ToSchema)]
pub struct ComplainantIdentity {
    /// How the complainant wants to be called.
    pub name: String,
    /// Telephone number.
    #[schema(required)]
    pub phone: Option<String>,
    /// E-mail address.
    #[schema(required)]
    pub email: Option<String>,
    /// Of a complainant under 14: who consented.
    #[schema(required)]
    pub guardian: Option<ComplainantGuardian>,
    /// Until when it can be read.
    #[schema(required)]
    pub open_until: Option<DateTime<Utc>>,
}

/// Read an identity
///
/// By a request that was approved, for an hour (of a complainant under 14, for 15 minutes) and ten times, after a confirmation. Each
/// reading is an event, written before the answer goes out. Permissions:
/// whoever asked.
#[utoipa::path(
    tag = "identity-openings",
    params(("identity_opening_id" = Uuid, Path, description = "The request"), IfMatch),
    responses((status = 200, description = "The contact data", body = ComplainantIdentity)),
    security(("bearer" = []))
)]
#[post("/identity-openings/{identity_opening_id}/read")]
pub async fn read_identity(
    caller: Confirmed,
    id: web::Path<Uuid>,
    expected: IfMatch,
    state: web::Data<AppState>,
) -> Result<web::Json<ComplainantIdentity>, Problem> {
    let now = state.clock.now();
    let (contact, opening) = state
        .store
        .read_identity(caller.owned(), OpeningId(*id), expected.version, now)
        .await?;
    let shown = |secret: liangnuo_domain::Secret| secret.reveal().to_owned();
    Ok(web::Json(ComplainantIdentity {
        name: shown(contact.name),
        phone: contact.phone.map(shown),
        email: contact.email.map(shown),
        guardian: contact.guardian.map(|guardian| ComplainantGuardian {
            name: shown(guardian.name),
            relation: guardian.relation.into(),
        }),
        open_until: opening.open_until.map(instant),
    }))
}

/// Read the original of a picture
///
/// The file as it came, with what the camera wrote into it, by a request about its case that was approved, for an hour, after a
/// confirmation. Each reading is an event, written before the answer goes out, and the complainant is told of it as of any opening.
/// Permissions: whoever asked.
#[utoipa::path(
    tag = "identity-openings",
    params(
        ("identity_opening_id" = Uuid, Path, description = "The request"),
        ("attachment_id" = Uuid, Path, description = "The file"),
    ),
    responses((status = 200, description = "The file", content_type = "application/octet-stream", body = Vec<u8>)),
    security(("bearer" = []))
)]
#[get("/identity-openings/{identity_opening_id}/originals/{attachment_id}")]
pub async fn read_original(
    caller: Confirmed,
    ids: web::Path<(Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let (opening, file) = ids.into_inner();
    let now = state.clock.now();
    let (name, content) = state
        .store
        .read_original(caller.owned(), OpeningId(opening), AttachmentId(file), now)
        .await?;
    let kind = "application/octet-stream".parse();
    let kind = kind.map_err(|_malformed| Problem::new(ProblemCode::Internal))?;
    Ok(saved_as(kind, "original", &name, content))
}
