//! Files become part of what they are attached to, in the transaction that writes it: all of them or nothing.

use liangnuo_domain::{
    ComplaintId, Invalid, MemberId, RegionId, Timestamp,
    attachments::{AttachmentState, FileId, check_total, not_there},
    complaints::Complaint,
    events::Subject,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use serde_json::json;

use super::{Claim, rows};
use crate::{
    entity::{
        attachments::{Column, Entity},
        complaints,
    },
    error::StoreError,
    events::NewEvent,
    tx::Tx,
};

/// Attaches files to a case, which the transaction holds, and notes how many there were. `by`: the member who sent them; nobody
/// for the complainant.
///
/// # Errors
/// A file that is not there for this token and member, not whole, refused or attached to something; too many of them.
pub(crate) async fn bind(
    tx: &mut Tx,
    case: &Complaint,
    claims: &[Claim],
    by: Option<MemberId>,
) -> Result<(), StoreError> {
    if claims.is_empty() {
        return Ok(());
    }
    let (before, bytes) = sum_of_case(tx.conn(), case.region, case.id).await?;
    // Whoever follows a case learns the day alone of what its complainant did, from the database, too.
    let at = match by {
        None => Timestamp::start_of(tx.now().day()),
        Some(_) => tx.now(),
    };
    let mut missing = Invalid::default();
    for (nth, claim) in claims.iter().enumerate() {
        let file = FileId {
            region: case.region,
            id: claim.id,
        };
        let states = AttachmentState::ALL.iter().filter(|state| state.can_be_bound());
        let position = i32::try_from(before + nth).unwrap_or(i32::MAX);
        let bound = Entity::update_many()
            .col_expr(Column::SubjectKind, Expr::value(Subject::Complaints.code()))
            .col_expr(Column::SubjectId, Expr::value(case.id.0))
            .col_expr(Column::Position, Expr::value(position))
            .col_expr(Column::TokenHash, Expr::value(None::<Vec<u8>>))
            .col_expr(Column::CreatedAt, Expr::value(at.micros()))
            .filter(rows::held(file, &claim.token_hash, tx.now()))
            .filter(match by {
                None => Column::UploadedBy.is_null(),
                Some(member) => Column::UploadedBy.eq(member.0),
            })
            .filter(Column::State.is_in(states.map(|state| state.code())))
            .exec(tx.conn())
            .await?;
        if bound.rows_affected != 1 {
            missing.take::<()>(Err(not_there(nth)));
        }
    }
    missing.finish()?;
    let (files, total) = sum_of_case(tx.conn(), case.region, case.id).await?;
    debug_assert!(total >= bytes);
    check_total(files, u64::try_from(total).unwrap_or(u64::MAX))?;
    let detail = json!({"files": claims.len()});
    let event = NewEvent::new(case.region, Subject::Complaints, case.id.0, "attached", detail);
    tx.record(event.in_unit(case.unit));
    Ok(())
}

/// How many files a case has, and how many bytes came with them.
async fn sum_of_case(
    conn: &impl ConnectionTrait,
    region: RegionId,
    case: ComplaintId,
) -> Result<(usize, i64), StoreError> {
    let sizes: Vec<i64> = Entity::find()
        .select_only()
        .column(Column::Size)
        .filter(Column::RegionId.eq(region.0))
        .filter(Column::SubjectKind.eq(Subject::Complaints.code()))
        .filter(Column::SubjectId.eq(case.0))
        .into_tuple()
        .all(conn)
        .await?;
    Ok((sizes.len(), sizes.into_iter().sum()))
}

/// Whether the case has the original of a picture that the query around this is about.
pub(crate) fn has_original() -> Expr {
    Expr::exists(
        Entity::find()
            .select_only()
            .expr(Expr::val(1))
            .filter(Expr::col((Entity, Column::RegionId)).equals((complaints::Entity, complaints::Column::RegionId)))
            .filter(Expr::col((Entity, Column::SubjectKind)).eq(Subject::Complaints.code()))
            .filter(Expr::col((Entity, Column::SubjectId)).equals((complaints::Entity, complaints::Column::Id)))
            .filter(Expr::col((Entity, Column::OriginalObject)).is_not_null())
            .into_query(),
    )
}

/// How many files the case has that the query around this is about.
pub(crate) fn count_of_case() -> Expr {
    let count = Entity::find()
        .select_only()
        .expr(Expr::col((Entity, Column::Id)).count())
        .filter(Expr::col((Entity, Column::RegionId)).equals((complaints::Entity, complaints::Column::RegionId)))
        .filter(Expr::col((Entity, Column::SubjectKind)).eq(Subject::Complaints.code()))
        .filter(Expr::col((Entity, Column::SubjectId)).equals((complaints::Entity, complaints::Column::Id)))
        .into_query();
    Expr::SubQuery(None, Box::new(count.into()))
}
