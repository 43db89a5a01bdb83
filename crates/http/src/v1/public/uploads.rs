//! Sending a file in pieces, so that a connection that breaks off loses one piece. Whoever announces a file gets a token, which
//! opens it until it is attached to something.

use std::time::Duration;

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev, get, http::header::CONTENT_TYPE, post, web};
use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use liangnuo_domain::{
    AttachmentId, Invalid,
    attachments::{FILES_MAX, FileId, PIECE_MAX, check_size, check_total, file_name},
};
use liangnuo_persistence::attachments::{self, Claim, NewUpload};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::{
    answer::say_replayed,
    extract::{Body, IdempotencyHeader, in_time},
    keys::Keys,
    limits::CountedUpload,
    problem::{Problem, ProblemCode},
    state::AppState,
    v1::{
        attachments::{AttachmentRefusal, AttachmentState},
        common::instant,
    },
};

/// How long a piece may take to arrive: a slow telephone sends small ones.
const PIECE_TIME: Duration = Duration::from_secs(60);

const PIECE_TYPE: &str = "application/offset+octet-stream";

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(begin_upload)
        .service(get_upload)
        .service(send_upload_piece)
        .service(discard_upload);
}

/// A file that is announced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginUpload {
    /// What it is called; a path before it is dropped.
    #[schema(max_length = 1000, example = "照片.jpg")]
    pub name: String,
    /// Its bytes, 5 MB at most.
    #[schema(minimum = 1, maximum = 5242880)]
    pub size: i64,
    /// Of a picture: the file as it came is kept beside what the staff see, sealed, with everything it says of place, time and
    /// device. It can be opened by two people together only.
    #[serde(default)]
    pub keeps_original: bool,
    /// The solution of a challenge from `get_challenge`.
    #[schema(min_length = 1, max_length = 4000)]
    pub altcha: String,
}

/// A file on its way.
#[derive(Debug, Serialize, ToSchema)]
pub struct Upload {
    /// Its id.
    pub id: Uuid,
    /// Where it stands. What is `ready` can be attached, and so can what is `processing` or `quarantined`.
    pub state: AttachmentState,
    /// Why it can't be taken.
    #[schema(required)]
    pub refusal: Option<AttachmentRefusal>,
    /// Its bytes.
    pub size: i64,
    /// How many of them are here: where the next piece begins.
    pub received: i64,
    /// When it is erased, unless it is attached to something.
    pub expires_at: DateTime<Utc>,
}

impl From<attachments::Upload> for Upload {
    fn from(upload: attachments::Upload) -> Self {
        Self {
            id: upload.id.0,
            state: upload.state.into(),
            refusal: upload.refusal.map(Into::into),
            size: upload.size,
            received: upload.received,
            expires_at: instant(upload.expires_at),
        }
    }
}

/// A file that was announced, with the token that opens it.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadTicket {
    /// Its id.
    pub id: Uuid,
    /// What opens it: 256 bits, for the header `Upload-Token`. It is not shown again, but to the same request.
    #[schema(min_length = 43, max_length = 43)]
    pub upload_token: String,
    /// The file.
    pub upload: Upload,
}

/// A file to be attached to something, once: afterwards its token opens nothing.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UploadClaim {
    /// Which.
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    /// Its token.
    #[schema(min_length = 1, max_length = 100)]
    pub token: String,
}

impl std::fmt::Debug for UploadClaim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("UploadClaim").field(&self.id).finish()
    }
}

/// Files to be attached, by the hashes of their tokens.
///
/// # Errors
/// Too many of them, or one of them twice.
pub fn claims(claims: &[UploadClaim], keys: &Keys) -> Result<Vec<Claim>, Invalid> {
    let is_again = |nth: usize, id: Uuid| claims.iter().take(nth).any(|other| other.id == id);
    if claims.len() > FILES_MAX {
        check_total(claims.len(), 0)?;
    }
    if let Some((nth, _)) = claims.iter().enumerate().find(|(nth, claim)| is_again(*nth, claim.id)) {
        return Err(liangnuo_domain::attachments::not_there(nth));
    }
    let claim = |claim: &UploadClaim| Claim {
        id: AttachmentId(claim.id),
        token_hash: keys.upload_hash(&claim.token),
    };
    Ok(claims.iter().map(claim).collect())
}

/// The token of a file on its way.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct UploadToken {
    /// What `begin_upload` gave.
    #[param(rename = "Upload-Token", required = true)]
    pub token: String,
}

impl FromRequest for UploadToken {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let token = request
            .headers()
            .get("Upload-Token")
            .and_then(|value| value.to_str().ok());
        // As an unknown one: there is nothing to be told apart.
        std::future::ready(token.map_or_else(
            || Err(Problem::new(ProblemCode::NotFound)),
            |token| {
                Ok(Self {
                    token: token.to_owned(),
                })
            },
        ))
    }
}

/// Where a piece begins.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct UploadOffset {
    /// How many bytes of the file were sent before.
    #[param(rename = "Upload-Offset", required = true, minimum = 0)]
    pub offset: i64,
}

impl FromRequest for UploadOffset {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let value = request
            .headers()
            .get("Upload-Offset")
            .and_then(|value| value.to_str().ok());
        let offset = value
            .and_then(|text| text.trim().parse().ok())
            .filter(|offset| *offset >= 0);
        std::future::ready(offset.map(|offset| Self { offset }).ok_or_else(|| {
            Problem::new(ProblemCode::MalformedHeader).with_detail(
                "Upload-Offset 应是已传的字节数。",
                "Upload-Offset is the number of bytes that were sent before.",
            )
        }))
    }
}

/// Announce a file
///
/// One file of a case that is about to be filed or added to: a picture (JPEG, PNG, WebP), PDF, DOCX or XLSX of 5 MB at most. What
/// it is, is seen by its content. It is sent by `send_upload_piece`, and attached by `file_complaint` or `add_to_complaint` within
/// a day, or else erased. Permissions: none.
#[utoipa::path(
    tag = "public",
    params(IdempotencyHeader),
    request_body = BeginUpload,
    responses((status = 201, description = "Announced", body = UploadTicket)),
)]
#[post("/public/uploads")]
pub async fn begin_upload(
    _counted: CountedUpload,
    key: IdempotencyHeader,
    body: Body<BeginUpload>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let input = body.value;
    let size = check_size(input.size)?;
    let id = AttachmentId(state.store.ids().v4());
    let new = NewUpload {
        id,
        region: super::region(&state).await?,
        token_hash: state.keys.upload_hash(&state.keys.upload_token(id, key.key)),
        uploaded_by: None,
        name: file_name(&input.name),
        size,
        keeps_original: input.keeps_original,
    };
    // Not of the proof: whoever sends again may have had to solve a new challenge.
    let asked = format!("{:?}", (&input.name, size, input.keeps_original));
    let named = key.of("public", "begin_upload", asked.as_bytes());
    let proof = state.challenges.proof(&input.altcha, now);
    let (upload, is_replay) = state.store.begin_upload(new, named, proof, now).await?;
    Ok(begun(upload, is_replay, &state.keys, key))
}

/// The answer to an announcement.
pub(in crate::v1) fn begun(
    upload: attachments::Upload,
    is_replay: bool,
    keys: &Keys,
    key: IdempotencyHeader,
) -> HttpResponse {
    let mut response = HttpResponse::Created();
    say_replayed(&mut response, is_replay);
    response.json(UploadTicket {
        id: upload.id.0,
        upload_token: keys.upload_token(upload.id, key.key),
        upload: upload.into(),
    })
}

/// See how far a file is
///
/// How much of it is here, and what became of it. Permissions: whoever holds its token.
#[utoipa::path(
    tag = "public",
    params(("upload_id" = Uuid, Path, description = "The file"), UploadToken),
    responses((status = 200, description = "The file", body = Upload)),
)]
#[get("/public/uploads/{upload_id}")]
pub async fn get_upload(
    id: web::Path<Uuid>,
    token: UploadToken,
    state: web::Data<AppState>,
) -> Result<web::Json<Upload>, Problem> {
    let (file, hash) = held(*id, &token, &state).await?;
    let upload = state.store.upload(file, &hash, state.clock.now()).await?;
    Ok(web::Json(upload.into()))
}

/// Which file, and the hash of the token that opens it.
async fn held(id: Uuid, token: &UploadToken, state: &AppState) -> Result<(FileId, Vec<u8>), Problem> {
    let file = FileId {
        region: super::region(state).await?,
        id: AttachmentId(id),
    };
    Ok((file, state.keys.upload_hash(&token.token)))
}

/// The bytes of a piece.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "documents the body, which is read off the stream")]
pub struct UploadPiece(Vec<u8>);

/// Send a piece of a file
///
/// Up to 1 MB that begins where the file ends so far; else 409 `upload_offset` says where that is. A piece that does not arrive
/// whole is not kept. With the last one the file is looked at; ask `get_upload` what came of it. Permissions: whoever holds its
/// token.
#[utoipa::path(
    tag = "public",
    params(("upload_id" = Uuid, Path, description = "The file"), UploadToken, UploadOffset),
    request_body(content = UploadPiece, content_type = "application/offset+octet-stream"),
    responses((status = 200, description = "The file", body = Upload)),
)]
#[post("/public/uploads/{upload_id}/pieces")]
pub async fn send_upload_piece(
    id: web::Path<Uuid>,
    token: UploadToken,
    offset: UploadOffset,
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
) -> Result<web::Json<Upload>, Problem> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_none_or(|kind| !kind.trim().eq_ignore_ascii_case(PIECE_TYPE)) {
        return Err(Problem::new(ProblemCode::UnsupportedMediaType));
    }
    let now = state.clock.now();
    let (file, hash) = held(*id, &token, &state).await?;
    // Before a megabyte is read for a file that nobody announced.
    state.store.upload(file, &hash, now).await?;
    let piece = in_time(PIECE_TIME, read(payload)).await?;
    let upload = state.store.keep_piece(file, hash, offset.offset, piece, now).await?;
    if upload.received == upload.size {
        state.upload_bell.notify_one();
    }
    Ok(web::Json(upload.into()))
}

async fn read(mut payload: web::Payload) -> Result<Vec<u8>, Problem> {
    let mut piece = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_broken| {
            Problem::new(ProblemCode::MalformedBody).with_detail("传输中断了。", "The transfer broke off.")
        })?;
        if piece.len() + chunk.len() > PIECE_MAX {
            return Err(Problem::new(ProblemCode::PayloadTooLarge));
        }
        piece.extend_from_slice(&chunk);
    }
    Ok(piece)
}

/// Take a file back
///
/// Erases a file that is not attached to anything yet. Permissions: whoever holds its token.
#[utoipa::path(
    tag = "public",
    params(("upload_id" = Uuid, Path, description = "The file"), UploadToken),
    responses((status = 204, description = "Erased")),
)]
#[post("/public/uploads/{upload_id}/discard")]
pub async fn discard_upload(
    id: web::Path<Uuid>,
    token: UploadToken,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let (file, hash) = held(*id, &token, &state).await?;
    state.store.discard_upload(file, hash, state.clock.now()).await?;
    Ok(HttpResponse::NoContent().finish())
}
