//! A card as a row.

use liangnuo_domain::{
    CardId, ComplaintId, Day, MemberId, Timestamp, UnitId,
    cards::{Card, CardKind, CardState, Ruling},
    clocks::Rung,
    complaints::Complaint,
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use crate::{
    entity::cards::{ActiveModel, Entity, Model},
    error::StoreError,
    tx::Tx,
};

pub(super) const fn nonsense(column: &'static str) -> StoreError {
    StoreError::Inconsistent { table: "cards", column }
}
fn ruling(by: Option<Uuid>, at: Option<i64>, reason: Option<String>) -> Option<Ruling> {
    Some(Ruling {
        by: MemberId(by?),
        at: Timestamp::from_micros(at?),
        reason: reason?,
    })
}

impl TryFrom<Model> for Card {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: CardId(row.id),
            region: UnitId(row.region_id),
            complaint: ComplaintId(row.complaint_id),
            unit: UnitId(row.unit_id),
            handler: row.handler_id.map(MemberId),
            kind: CardKind::from_code(&row.kind).ok_or(nonsense("kind"))?,
            due_on: row.due_on.parse().map_err(|_malformed| nonsense("due_on"))?,
            given_at: Timestamp::from_micros(row.given_at),
            state: CardState::from_code(&row.state).ok_or(nonsense("state"))?,
            proposal: ruling(row.proposal_by, row.proposal_at, row.proposal_reason),
            appeal: ruling(row.appealed_by, row.appealed_at, row.appeal_reason),
            appealed_for: row.appealed_for.map(MemberId),
            decision: ruling(row.decided_by, row.decided_at, row.decision_reason),
            version: row.version,
        })
    }
}

/// The columns that a decision may change.
pub(super) fn changeable(card: &Card) -> ActiveModel {
    let by = |ruling: &Option<Ruling>| ruling.as_ref().map(|ruling| ruling.by.0);
    let at = |ruling: &Option<Ruling>| ruling.as_ref().map(|ruling| ruling.at.micros());
    let reason = |ruling: &Option<Ruling>| ruling.as_ref().map(|ruling| ruling.reason.clone());
    ActiveModel {
        state: Set(card.state.code().to_owned()),
        proposal_by: Set(by(&card.proposal)),
        proposal_at: Set(at(&card.proposal)),
        proposal_reason: Set(reason(&card.proposal)),
        appealed_by: Set(by(&card.appeal)),
        appealed_for: Set(card.appealed_for.map(|id| id.0)),
        appealed_at: Set(at(&card.appeal)),
        appeal_reason: Set(reason(&card.appeal)),
        decided_by: Set(by(&card.decision)),
        decided_at: Set(at(&card.decision)),
        decision_reason: Set(reason(&card.decision)),
        ..ActiveModel::default()
    }
}

/// Gives the card of a rung, if the rung has one. Called once for each date and rung.
pub(crate) async fn give(tx: &Tx, case: &Complaint, rung: Rung, due_on: Day) -> Result<(), StoreError> {
    let Some(kind) = CardKind::of(rung) else {
        return Ok(());
    };
    let card = Card::new(CardId(tx.ids().v7(tx.now())), case, kind, due_on, tx.now());
    let row = ActiveModel {
        region_id: Set(card.region.0),
        id: Set(card.id.0),
        complaint_id: Set(card.complaint.0),
        unit_id: Set(card.unit.0),
        handler_id: Set(card.handler.map(|id| id.0)),
        kind: Set(card.kind.code().to_owned()),
        due_on: Set(card.due_on.to_string()),
        given_at: Set(card.given_at.micros()),
        version: Set(card.version),
        ..changeable(&card)
    };
    Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}
