//! A request as a row.

use liangnuo_domain::{
    ComplaintId, Doer, MemberId, OpeningId, Timestamp, UnitId,
    identity::{Answer, Opening, OpeningCategory, OpeningState},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    entity::identity_openings::{ActiveModel, Column, Entity, Model},
    error::StoreError,
    tx::Tx,
};

const fn nonsense(column: &'static str) -> StoreError {
    StoreError::Inconsistent {
        table: "identity_openings",
        column,
    }
}

impl TryFrom<Model> for Opening {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let doer = |member, acting_for: Option<_>| Doer {
            member: MemberId(member),
            acting_for: acting_for.map(MemberId),
        };
        let answer = row.decided_by.zip(row.decided_at).zip(row.decision_reason);
        Ok(Self {
            id: OpeningId(row.id),
            region: UnitId(row.region_id),
            complaint: ComplaintId(row.complaint_id),
            asked: doer(row.asked_by, row.asked_for),
            asked_at: Timestamp::from_micros(row.asked_at),
            category: OpeningCategory::from_code(&row.category).ok_or(nonsense("category"))?,
            reason: row.reason,
            ends_at: Timestamp::from_micros(row.ends_at),
            state: OpeningState::from_code(&row.state).ok_or(nonsense("state"))?,
            answer: answer.map(|((by, at), reason)| Answer {
                by: doer(by, row.decided_for),
                at: Timestamp::from_micros(at),
                reason,
            }),
            open_until: row.open_until.map(Timestamp::from_micros),
            first_read_at: row.first_read_at.map(Timestamp::from_micros),
            readings: row.readings,
            version: row.version,
        })
    }
}

/// The columns that an answer may change.
fn changeable(opening: &Opening) -> ActiveModel {
    let answer = opening.answer.as_ref();
    ActiveModel {
        state: Set(opening.state.code().to_owned()),
        decided_by: Set(answer.map(|answer| answer.by.member.0)),
        decided_for: Set(answer.and_then(|answer| answer.by.acting_for).map(|id| id.0)),
        decided_at: Set(answer.map(|answer| answer.at.micros())),
        decision_reason: Set(answer.map(|answer| answer.reason.clone())),
        open_until: Set(opening.open_until.map(Timestamp::micros)),
        ..ActiveModel::default()
    }
}

/// Writes a new request.
///
/// # Errors
/// [`StoreError::Taken`] while another one of the same member waits.
pub(super) async fn insert(tx: &Tx, opening: &Opening) -> Result<(), StoreError> {
    let row = ActiveModel {
        region_id: Set(opening.region.0),
        id: Set(opening.id.0),
        complaint_id: Set(opening.complaint.0),
        asked_by: Set(opening.asked.member.0),
        asked_for: Set(opening.asked.acting_for.map(|id| id.0)),
        asked_at: Set(opening.asked_at.micros()),
        category: Set(opening.category.code().to_owned()),
        reason: Set(opening.reason.clone()),
        ends_at: Set(opening.ends_at.micros()),
        first_read_at: Set(None),
        version: Set(opening.version),
        ..changeable(opening)
    };
    match Entity::insert(row).exec_without_returning(tx.conn()).await {
        Err(error) if StoreError::is_unique_violation(&error) => Err(StoreError::Taken { pointer: "/category" }),
        outcome => Ok(outcome.map(drop)?),
    }
}

/// Saves what became of a request if nobody was faster.
pub(super) async fn update(tx: &Tx, before: &Opening, next: &Opening) -> Result<(), StoreError> {
    let row = ActiveModel {
        version: Set(before.version + 1),
        ..changeable(next)
    };
    let changed = Entity::update_many()
        .set(row)
        .filter(Column::RegionId.eq(before.region.0))
        .filter(Column::Id.eq(before.id.0))
        .filter(Column::Version.eq(before.version))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected == 1 {
        return Ok(());
    }
    Err(StoreError::Stale {
        current: before.version + 1,
    })
}
