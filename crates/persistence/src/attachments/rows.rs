//! Rows of files and what they stand for.

use liangnuo_domain::{
    AttachmentId, ComplaintId, MemberId, RegionId, Timestamp, UnitId,
    attachments::{AttachedBy, AttachmentState, FileId, FileRefusal, Media, UNBOUND_SECONDS},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType},
};

use super::{Attachment, SUBJECT, Upload};
use crate::{
    entity::attachments::{Column, Entity, Model},
    error::StoreError,
    tx::Tx,
};

pub(super) const fn inconsistent(column: &'static str) -> StoreError {
    StoreError::Inconsistent {
        table: "attachments",
        column,
    }
}

pub(super) fn state(row: &Model) -> Result<AttachmentState, StoreError> {
    AttachmentState::from_code(&row.state).ok_or(inconsistent("state"))
}

fn refusal(row: &Model) -> Result<Option<FileRefusal>, StoreError> {
    let code = row.refusal.as_deref();
    code.map(|code| FileRefusal::from_code(code).ok_or(inconsistent("refusal")))
        .transpose()
}

pub(super) fn media(row: &Model) -> Result<Option<Media>, StoreError> {
    let code = row.media.as_deref();
    code.map(|code| Media::from_code(code).ok_or(inconsistent("media")))
        .transpose()
}

pub(super) fn id_of(row: &Model) -> FileId {
    FileId {
        region: UnitId(row.region_id),
        id: AttachmentId(row.id),
    }
}

pub(super) fn upload(row: &Model) -> Result<Upload, StoreError> {
    Ok(Upload {
        id: AttachmentId(row.id),
        state: state(row)?,
        refusal: refusal(row)?,
        size: row.size,
        received: row.received,
        expires_at: Timestamp::from_micros(row.created_at).plus_seconds(UNBOUND_SECONDS),
    })
}

pub(super) fn attachment(row: &Model, name: String) -> Result<Attachment, StoreError> {
    Ok(Attachment {
        id: AttachmentId(row.id),
        name,
        state: state(row)?,
        refusal: refusal(row)?,
        media: media(row)?,
        size: row.content_size.unwrap_or(row.size),
        pixels: row.width.zip(row.height),
        source: AttachedBy::from_code(&row.source).ok_or(inconsistent("source"))?,
        uploaded_by: row.uploaded_by.map(MemberId),
        at: Timestamp::from_micros(row.created_at),
        has_original: row.original_object.is_some(),
    })
}

/// The files of a case.
pub(crate) fn of_case(region: RegionId, case: ComplaintId) -> Condition {
    Condition::all()
        .add(Column::RegionId.eq(region.0))
        .add(Column::SubjectKind.eq(SUBJECT))
        .add(Column::SubjectId.eq(case.0))
}

/// Those that members sent, or those of the public.
pub(super) fn is_staffs(is_staffs: bool) -> Expr {
    if is_staffs {
        Column::UploadedBy.is_not_null()
    } else {
        Column::UploadedBy.is_null()
    }
}

/// A file that belongs to nothing yet, as whoever has its token may know of it.
pub(super) fn held(file: FileId, token_hash: &[u8], now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::RegionId.eq(file.region.0))
        .add(Column::Id.eq(file.id.0))
        .add(Column::TokenHash.eq(token_hash))
        .add(Column::SubjectId.is_null())
        .add(Column::CreatedAt.gt(now.plus_seconds(-UNBOUND_SECONDS).micros()))
}

/// As [`held`], kept by this transaction until it ends.
pub(super) async fn lock(tx: &Tx, file: FileId, token_hash: &[u8]) -> Result<Model, StoreError> {
    Entity::find()
        .filter(held(file, token_hash, tx.now()))
        .lock(LockType::Update)
        .one(tx.conn())
        .await?
        .ok_or(StoreError::NotFound)
}
