//! Files become part of what they are attached to, in the transaction that writes it: all of them or nothing.

use liangnuo_domain::{
    Invalid, MemberId, Timestamp,
    attachments::{AttachmentState, FileId, check_total, not_there},
    complaints::{self, Complaint},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};

use super::{Claim, SUBJECT, rows};
use crate::{
    complaints::save,
    entity::{
        attachments::{Column, Entity},
        complaints as table,
    },
    error::StoreError,
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
    let first = next_position(tx.conn(), case).await?;
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
        let position = first.saturating_add(i32::try_from(nth).unwrap_or(i32::MAX));
        let bound = Entity::update_many()
            .col_expr(Column::SubjectKind, Expr::value(SUBJECT))
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
    let (files, total) = sum_of_case(tx.conn(), case, by.is_some()).await?;
    check_total(files, u64::try_from(total).unwrap_or(u64::MAX))?;
    save::record(tx, &complaints::attach(case, claims.len())?);
    Ok(())
}

/// Behind all files that a case has.
async fn next_position(conn: &impl ConnectionTrait, case: &Complaint) -> Result<i32, StoreError> {
    let last: Option<Option<i32>> = Entity::find()
        .select_only()
        .column_as(Column::Position.max(), "last")
        .filter(rows::of_case(case.region, case.id))
        .into_tuple()
        .one(conn)
        .await?;
    Ok(last.flatten().map_or(0, |last| last.saturating_add(1)))
}

/// How many files of a case the staff attached, or its complainant, and how many bytes came with them.
async fn sum_of_case(
    conn: &impl ConnectionTrait,
    case: &Complaint,
    is_staffs: bool,
) -> Result<(usize, i64), StoreError> {
    let sizes: Vec<i64> = Entity::find()
        .select_only()
        .column(Column::Size)
        .filter(rows::of_case(case.region, case.id))
        .filter(rows::is_staffs(is_staffs))
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
            .filter(Expr::col((Entity, Column::RegionId)).equals((table::Entity, table::Column::RegionId)))
            .filter(Expr::col((Entity, Column::SubjectKind)).eq(SUBJECT))
            .filter(Expr::col((Entity, Column::SubjectId)).equals((table::Entity, table::Column::Id)))
            .filter(Expr::col((Entity, Column::OriginalObject)).is_not_null())
            .into_query(),
    )
}

/// How many files the case has that the query around this is about.
pub(crate) fn count_of_case() -> Expr {
    let count = Entity::find()
        .select_only()
        .expr(Expr::col((Entity, Column::Id)).count())
        .filter(Expr::col((Entity, Column::RegionId)).equals((table::Entity, table::Column::RegionId)))
        .filter(Expr::col((Entity, Column::SubjectKind)).eq(SUBJECT))
        .filter(Expr::col((Entity, Column::SubjectId)).equals((table::Entity, table::Column::Id)))
        .into_query();
    Expr::SubQuery(None, Box::new(count.into()))
}
