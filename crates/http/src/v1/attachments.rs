//! What is attached to a case, for the staff who may read the case.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{ContentEncoding, ContentType, DispositionType},
    mime::Mime,
    post, web,
};
use chrono::{DateTime, NaiveDate, Utc};
use liangnuo_domain::{
    AttachmentId, ComplaintId,
    attachments::{self as rules, AttachedBy, FileRefusal},
};
use liangnuo_persistence::attachments::{self, AttachmentList, FileContent, NewUpload};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    common::{MemberRef, instant, mirror},
    public::uploads::{UploadClaim, UploadTicket, begun, claims},
};
use crate::{
    answer::{file_named, say_replayed},
    caller::Caller,
    extract::{Body, IdempotencyHeader, IfMatch},
    limits::Limit,
    problem::{Problem, ProblemCode},
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_attachments)
        .service(get_attachment_content)
        .service(begin_staff_upload)
        .service(attach_to_complaint)
        .service(remove_attachment);
}

mirror! {
    /// Where a file stands: on its way, about to be looked at, waiting for the scanner, ready, refused, or infected. Nothing is kept of
    /// the last two.
    AttachmentState = RuleState { Receiving, Processing, Quarantined, Ready, Refused, Infected }
}

type RuleState = rules::AttachmentState;

mirror! {
    /// Something to look at, or something to open.
    AttachmentKind = RuleKind { Image, Document }
}

type RuleKind = rules::AttachmentKind;

mirror! {
    /// Who attached it.
    AttachmentSource = AttachedBy { Complainant, Staff }
}

/// Why a file can't be taken: it is nothing that is taken (JPEG, PNG, WebP, PDF, DOCX, XLSX are), a picture in HEIC, broken, a
/// picture of more than 40 million pixels, a document that runs programs, unpacks to too much, or has a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub enum AttachmentRefusal {
    #[serde(rename = "attachment_kind")]
    Kind,
    #[serde(rename = "attachment_heic")]
    Heic,
    #[serde(rename = "attachment_broken")]
    Broken,
    #[serde(rename = "attachment_pixels")]
    Pixels,
    #[serde(rename = "attachment_macros")]
    Macros,
    #[serde(rename = "attachment_unpacks")]
    Unpacks,
    #[serde(rename = "attachment_encrypted")]
    Encrypted,
}

impl From<FileRefusal> for AttachmentRefusal {
    fn from(refusal: FileRefusal) -> Self {
        match refusal {
            FileRefusal::Kind => Self::Kind,
            FileRefusal::Heic => Self::Heic,
            FileRefusal::Broken => Self::Broken,
            FileRefusal::Pixels => Self::Pixels,
            FileRefusal::Macros => Self::Macros,
            FileRefusal::Unpacks => Self::Unpacks,
            FileRefusal::Encrypted => Self::Encrypted,
        }
    }
}

/// A file that is attached to a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintAttachment {
    /// Its id.
    pub id: Uuid,
    /// What whoever sent it called it.
    #[schema(example = "照片.jpg")]
    pub name: String,
    /// Where it stands; it can be read once it is `ready`.
    pub state: AttachmentState,
    /// Why it could not be taken.
    #[schema(required)]
    pub refusal: Option<AttachmentRefusal>,
    /// Something to look at or to open; null until it was looked at.
    #[schema(required)]
    pub kind: Option<AttachmentKind>,
    /// What it is.
    #[schema(required, example = "image/jpeg")]
    pub media_type: Option<String>,
    /// Its bytes.
    pub size: i64,
    /// Width of a picture.
    #[schema(required)]
    pub width: Option<i32>,
    /// Height of a picture.
    #[schema(required)]
    pub height: Option<i32>,
    /// Who attached it.
    pub source: AttachmentSource,
    /// The member who did.
    #[schema(required)]
    pub added_by: Option<MemberRef>,
    /// On which day.
    pub added_on: NaiveDate,
    /// When, of the staff; of a complainant the day alone is told.
    #[schema(required)]
    pub added_at: Option<DateTime<Utc>>,
    /// The file as it came is kept, too, sealed.
    pub has_original: bool,
    /// The caller attached it.
    pub is_own: bool,
}

/// What is attached to a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintAttachmentList {
    /// In the order in which it was attached.
    pub items: Vec<ComplaintAttachment>,
}

impl ComplaintAttachmentList {
    fn new(list: AttachmentList, caller: &Caller) -> Self {
        let item = |file: attachments::Attachment| ComplaintAttachment {
            id: file.id.0,
            state: file.state.into(),
            refusal: file.refusal.map(Into::into),
            kind: file.media.map(|media| media.kind().into()),
            media_type: file.media.map(|media| media.code().to_owned()),
            size: file.size,
            width: file.pixels.map(|(width, _)| width),
            height: file.pixels.map(|(_, height)| height),
            source: file.source.into(),
            added_by: file
                .uploaded_by
                .and_then(|by| list.members.get(&by).cloned())
                .map(Into::into),
            added_on: file.at.day(),
            added_at: file.uploaded_by.map(|_| instant(file.at)),
            has_original: file.has_original,
            is_own: file.uploaded_by == Some(caller.actor.member),
            name: file.name,
        };
        Self {
            items: list.files.into_iter().map(item).collect(),
        }
    }
}

/// List what is attached to a complaint
///
/// Names, kinds and states of the files; their content is another request each. Permissions: as the case.
#[utoipa::path(
    tag = "attachments",
    params(("complaint_id" = Uuid, Path, description = "The case")),
    responses((status = 200, description = "The files", body = ComplaintAttachmentList)),
    security(("bearer" = []))
)]
#[get("/complaints/{complaint_id}/attachments")]
pub async fn list_attachments(
    caller: Caller,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<web::Json<ComplaintAttachmentList>, Problem> {
    let list = state.store.attachments(&caller, ComplaintId(*id)).await?;
    Ok(web::Json(ComplaintAttachmentList::new(list, &caller)))
}

/// Get the content of an attachment
///
/// To be saved or drawn, never to be opened as a page: it comes as an attachment, with a policy that lets nothing run. That it was
/// read is in the event log before the answer begins. Permissions: as the case.
#[utoipa::path(
    tag = "attachments",
    params(
        ("complaint_id" = Uuid, Path, description = "The case"),
        ("attachment_id" = Uuid, Path, description = "The file"),
    ),
    responses((status = 200, description = "The content", content(
        (Vec<u8> = "image/jpeg"),
        (Vec<u8> = "image/png"),
        (Vec<u8> = "application/pdf"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ))),
    security(("bearer" = []))
)]
#[get("/complaints/{complaint_id}/attachments/{attachment_id}/content")]
pub async fn get_attachment_content(
    caller: Caller,
    ids: web::Path<(Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let (case, id) = ids.into_inner();
    let now = state.clock.now();
    let read = state
        .store
        .read_attachment(&caller, ComplaintId(case), AttachmentId(id), now)
        .await?;
    sent(read)
}

/// A file that a member announces.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginStaffUpload {
    /// What it is called; a path before it is dropped.
    #[schema(max_length = 1000, example = "现场照片.jpg")]
    pub name: String,
    /// Its bytes, 5 MB at most.
    #[schema(minimum = 1, maximum = 5242880)]
    pub size: i64,
}

/// Announce a file as a member
///
/// As `begin_upload`, without a proof of work: it is sent by `send_upload_piece` with the token, and attached by
/// `attach_to_complaint` within a day, by the same member alone, or else erased. Permissions: handler, unit_head; inspector for
/// sealed cases.
#[utoipa::path(
    tag = "attachments",
    params(IdempotencyHeader),
    request_body = BeginStaffUpload,
    responses((status = 201, description = "Announced", body = UploadTicket)),
    security(("bearer" = []))
)]
#[post("/uploads")]
pub async fn begin_staff_upload(
    caller: Caller,
    key: IdempotencyHeader,
    body: Body<BeginStaffUpload>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    caller.must_attach()?;
    state
        .limits
        .check_member(Limit::Upload, caller.actor.member, &request)?;
    let input = body.value;
    let size = rules::check_size(input.size)?;
    let id = AttachmentId(state.store.ids().v4());
    let new = NewUpload {
        id,
        region: caller.actor.region,
        token_hash: state.keys.upload_hash(&state.keys.upload_token(id, key.key)),
        uploaded_by: Some(caller.actor.member),
        name: rules::file_name(&input.name),
        size,
        keeps_original: false,
    };
    let named = key.of(caller.key_owner(), "begin_staff_upload", &body.digest);
    let (upload, is_replay) = state.store.begin_upload(new, named, None, state.clock.now()).await?;
    Ok(begun(upload, is_replay, &state.keys, key))
}

/// Files to be attached to a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachToComplaint {
    /// Which; `begin_staff_upload` gave their tokens.
    #[schema(min_items = 1, max_items = 10)]
    pub uploads: Vec<UploadClaim>,
}

/// Attach files to a complaint
///
/// Evidence, for the staff alone: the complainant does not see it. Ten files or 50 MB of the staff at most, beside what the
/// complainant sent. Permissions: handler, unit_head; inspector for a sealed case.
#[utoipa::path(
    tag = "attachments",
    params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch, IdempotencyHeader),
    request_body = AttachToComplaint,
    responses((status = 200, description = "The files of the case", body = ComplaintAttachmentList)),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/attachments")]
pub async fn attach_to_complaint(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    key: IdempotencyHeader,
    body: Body<AttachToComplaint>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let asked = [id.as_bytes().as_slice(), &body.digest].concat();
    let named = key.of(caller.key_owner(), "attach_to_complaint", &asked);
    let files = claims(&body.value.uploads, &state.keys)?;
    let (list, is_replay) = state
        .store
        .attach(
            caller.owned(),
            (ComplaintId(*id), expected.version),
            files,
            named,
            state.clock.now(),
        )
        .await?;
    let mut response = HttpResponse::Ok();
    say_replayed(&mut response, is_replay);
    Ok(response.json(ComplaintAttachmentList::new(list, &caller)))
}

/// What remove attachment needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveAttachment {
    /// Why; it stands in the event log.
    #[schema(min_length = 2, max_length = 2000)]
    pub reason: String,
}

/// Remove an attachment
///
/// Erases a file that the caller attached by mistake, while the case is open. What a complainant or another member attached
/// stays. Permissions: handler, unit_head; inspector for a sealed case; whoever attached it.
#[utoipa::path(
    tag = "attachments",
    params(
        ("complaint_id" = Uuid, Path, description = "The case"),
        ("attachment_id" = Uuid, Path, description = "The file"),
        IfMatch,
    ),
    request_body = RemoveAttachment,
    responses((status = 200, description = "The files that the case has left", body = ComplaintAttachmentList)),
    security(("bearer" = []))
)]
#[post("/complaints/{complaint_id}/attachments/{attachment_id}/remove")]
pub async fn remove_attachment(
    caller: Caller,
    ids: web::Path<(Uuid, Uuid)>,
    expected: IfMatch,
    body: Body<RemoveAttachment>,
    state: web::Data<AppState>,
) -> Result<web::Json<ComplaintAttachmentList>, Problem> {
    let (case, file) = ids.into_inner();
    let list = state
        .store
        .remove_attachment(
            caller.owned(),
            (ComplaintId(case), expected.version),
            AttachmentId(file),
            body.value.reason,
            state.clock.now(),
        )
        .await?;
    Ok(web::Json(ComplaintAttachmentList::new(list, &caller)))
}

fn sent(file: FileContent) -> Result<HttpResponse, Problem> {
    let media_type = file.media.code().parse();
    let media_type = media_type.map_err(|_malformed| Problem::new(ProblemCode::Internal))?;
    let plain = format!("attachment.{}", file.media.extension());
    Ok(saved_as(media_type, &plain, &file.name, file.content))
}

/// What somebody sent in, as an answer that is saved and never opened as a page.
pub(super) fn saved_as(media_type: Mime, plain: &str, name: &str, content: Vec<u8>) -> HttpResponse {
    let disposition = file_named(DispositionType::Attachment, plain.to_owned(), name.to_owned());
    HttpResponse::Ok()
        .insert_header(ContentType(media_type))
        .insert_header(disposition)
        .insert_header((
            "Content-Security-Policy",
            "sandbox; default-src 'none'; frame-ancestors 'none'",
        ))
        // Pictures and documents are packed already.
        .insert_header(ContentEncoding::Identity)
        .body(content)
}
