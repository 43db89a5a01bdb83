//! Appeals against cards, and what is decided on them.

use liangnuo_domain::{
    Actor, CardId, Doer, Timestamp, UnitId,
    cards::{Card, CardVerb, Judge},
    complaints::{Complaint, Event, Step},
    policy::{Action, Resource},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{CardView, rows::changeable};
use crate::{
    callers::Caller,
    complaints::{rows as cases, save},
    db::Store,
    entity::cards::{ActiveModel, Column, Entity},
    error::StoreError,
    names::{unit_path, unit_paths},
    notices,
    tx::{By, Tx},
};

impl Store {
    /// The unit says why a card is wrong.
    ///
    /// # Errors
    /// Not found, forbidden, stale, refused by where the card stands or by the time, a reason that is missing.
    pub async fn appeal_card(
        &self,
        caller: Caller,
        id: CardId,
        expected: i64,
        reason: String,
        now: Timestamp,
    ) -> Result<CardView, StoreError> {
        caller.must_somewhere(Action::AppealCard)?;
        let by = caller.clone();
        let rules = self.rules(caller.actor.region).await?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (card, case, doer) = open_card(&mut tx, &by, id, Action::AppealCard, expected).await?;
            let next = card.appeal(&reason, doer, &rules, now)?;
            let event = Event::CardAppealed {
                card: card.kind,
                reason,
            };
            finish(&mut tx, &card, &next, case, event).await?;
            tx.commit().await
        })
        .await?;
        self.card(&caller, id, now).await
    }

    /// An appeal is decided, or whether a proposed notice is issued.
    ///
    /// # Errors
    /// As [`Store::appeal_card`]; [`liangnuo_domain::Refusal::OwnWork`] for whoever it concerns.
    pub async fn decide_card(
        &self,
        caller: Caller,
        id: CardId,
        expected: i64,
        (verb, reason): (CardVerb, String),
        now: Timestamp,
    ) -> Result<CardView, StoreError> {
        caller.must_somewhere(Action::DecideCard)?;
        let by = caller.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (card, case, doer) = open_card(&mut tx, &by, id, Action::DecideCard, expected).await?;
            let homes = Homes::of(tx.conn(), &by.actor).await?;
            let next = card.decide(verb, &reason, homes.judge(doer, &card), now)?;
            let event = Event::CardDecided {
                card: card.kind,
                verb,
                reason,
                appealed_by: card.appeal.as_ref().map(|appeal| appeal.by),
            };
            finish(&mut tx, &card, &next, case, event).await?;
            tx.commit().await
        })
        .await?;
        self.card(&caller, id, now).await
    }
}

/// Where a caller belongs, and those whose deputy they are: each from the root to the unit.
pub(super) struct Homes(Vec<Vec<UnitId>>);

impl Homes {
    pub(super) async fn of(conn: &impl ConnectionTrait, actor: &Actor) -> Result<Self, StoreError> {
        let principals = actor.stands_for.iter().map(|principal| principal.home_unit);
        let homes = std::iter::once(actor.home_unit).chain(principals);
        let paths = unit_paths(conn, actor.region, homes).await?;
        Ok(Self(paths.into_values().collect()))
    }

    /// How the caller stands to a card, on which they decide as `doer`. With whatever right that is: as long as they stand in
    /// for somebody of the unit they are of it.
    pub(super) fn judge(&self, doer: Doer, card: &Card) -> Judge {
        Judge {
            doer,
            is_of_the_unit: card.unit != card.region && self.0.iter().any(|path| path.contains(&card.unit)),
        }
    }
}

/// Loads a card for a change, with its case: hidden with the case, refused to whoever may not do this at the unit that got
/// it, stale if it has changed.
async fn open_card(
    tx: &mut Tx,
    caller: &Caller,
    id: CardId,
    action: Action,
    expected: i64,
) -> Result<(Card, Complaint, Doer), StoreError> {
    let row = Entity::find_by_id((caller.actor.region.0, id.0))
        .one(tx.conn())
        .await?
        .ok_or(StoreError::NotFound)?;
    let card = Card::try_from(row)?;
    let case = cases::load_visible(tx.conn(), &caller.visible, card.complaint.0)
        .await?
        .ok_or(StoreError::NotFound)?;
    let path = unit_path(tx.conn(), card.region, card.unit).await?;
    let resource = Resource::Complaint {
        path: &path,
        is_sealed: case.is_sealed,
        is_excluded: false,
    };
    // The case is known: of a card that another unit got before, the caller may know, too.
    let doer = tx
        .must(caller, action, resource)
        .map_err(|_hidden| StoreError::Forbidden)?;
    if card.version != expected {
        return Err(StoreError::Stale { current: card.version });
    }
    Ok((card, case, doer))
}

/// Saves what became of a card if nobody was faster, and notes it in its case, whose version stays.
async fn finish(tx: &mut Tx, before: &Card, next: &Card, case: Complaint, event: Event) -> Result<(), StoreError> {
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
    if changed.rows_affected != 1 {
        return Err(StoreError::Stale {
            current: before.version + 1,
        });
    }
    let step = Step {
        next: case.clone(),
        events: vec![event],
        reply: None,
        message: None,
    };
    save::record(tx, &step);
    notices::tell(tx, &case, &step, tx.by(), tx.now()).await
}
