//! Opening who filed a case: asked for, answered by a second person, read. The contact data themselves are the vault's.

mod finding;
mod keeping;
mod lists;
mod originals;
mod rows;
mod uses;

use std::collections::HashMap;

pub use finding::FoundByPhone;
use liangnuo_domain::{
    ComplaintId, MemberId, OpeningId, Timestamp,
    complaints::{Complaint, Contact, Event, Step},
    identity::{self, Opening, OpeningCategory, OpeningState, OpeningVerb, SecondPerson},
    policy::{Action, Resource},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    callers::Caller,
    complaints::{rows as cases, save},
    db::Store,
    entity::{
        complaint_contacts,
        identity_openings::{Column, Entity},
    },
    error::StoreError,
    idempotency::{IdempotencyKey, Replay},
    names::{MemberName, unit_path},
    notices,
    tx::{By, Tx},
    vault,
};

/// What a list of requests is narrowed down to. Everything left out means "any".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpeningFilter {
    /// About this case.
    pub complaint: Option<ComplaintId>,
    /// Those that still wait for an answer, or those that don't.
    pub is_waiting: Option<bool>,
}

/// A request with what is shown beside it.
#[derive(Clone, Debug)]
pub struct OpeningView {
    /// The request.
    pub opening: Opening,
    /// Where it stands now.
    pub state: OpeningState,
    /// The number of its case.
    pub number: String,
    /// Its case in one line.
    pub title: String,
    /// Who asked and who answered.
    pub members: HashMap<MemberId, MemberName>,
    /// What the caller may do with it now.
    pub allowed: Vec<OpeningVerb>,
}

/// Why somebody asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningReason {
    /// As the complainant is told.
    pub category: OpeningCategory,
    /// In words.
    pub reason: String,
}

/// A time at which a case's identity was opened, as its complainant is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// When it was first read.
    pub at: Timestamp,
    /// Why.
    pub category: OpeningCategory,
    /// By whom; how many there were is told, and not who.
    pub by: MemberId,
}

/// Why contact data are kept although their time may be over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityHold {
    /// Who said so.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

impl Store {
    /// Asks to know who filed a case. What a request lapsed of the same member on the same case is written down first.
    ///
    /// # Errors
    /// Not found, forbidden, a reason that is missing, [`identity::no_contact`], [`StoreError::Taken`] while a request of theirs waits,
    /// [`StoreError::TooOften`].
    pub async fn ask_identity(
        &self,
        caller: Caller,
        complaint: ComplaintId,
        why: OpeningReason,
        key: IdempotencyKey,
        now: Timestamp,
    ) -> Result<(OpeningView, bool), StoreError> {
        caller.must_somewhere(Action::OpenIdentity)?;
        let by = caller.clone();
        let rules = self.rules(caller.actor.region).await?;
        let (id, is_replay) = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
                let id = OpeningId(tx.ids().v7(now));
                if let Replay::Done(known) = key.claim(&tx, id.0).await? {
                    tx.rollback().await?;
                    return Ok((OpeningId(known), true));
                }
                let case = visible_case(&tx, &by, complaint).await?;
                let path = unit_path(tx.conn(), case.region, case.unit).await?;
                let doer = tx.must(&by, Action::OpenIdentity, here(&path, &case))?;
                let has_contact = contact_row(&tx, &case).await?.is_some_and(|row| row.name.is_some());
                if !has_contact && !originals::has_originals(&tx, &case).await? {
                    return Err(identity::no_contact().into());
                }
                let at = (case.region, case.id);
                let opening = Opening::ask(id, at, (why.category, &why.reason), doer, &rules, now)?;
                uses::count(&tx, &by, identity::Use::Ask, now).await?;
                lapse(&tx, &opening).await?;
                rows::insert(&tx, &opening).await?;
                let event = Event::IdentityAsked {
                    opening: id,
                    category: opening.category,
                    reason: opening.reason.clone(),
                };
                record(&mut tx, &case, event).await?;
                tx.commit().await?;
                Ok((id, false))
            })
            .await?;
        Ok((self.identity_opening(&caller, id, now).await?, is_replay))
    }

    /// A second person approves a request, or refuses it.
    ///
    /// # Errors
    /// Not found, forbidden, stale, answered already or lapsed, a reason that is missing,
    /// [`liangnuo_domain::Refusal::OwnWork`] for whoever is one with the one who asked.
    pub async fn answer_opening(
        &self,
        caller: Caller,
        id: OpeningId,
        expected: i64,
        (is_approved, reason): (bool, String),
        now: Timestamp,
    ) -> Result<OpeningView, StoreError> {
        caller.must_somewhere(Action::AnswerOpening)?;
        let by = caller.clone();
        let asker_stands_for = self.asker_stands_for(&caller, id, now).await?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (opening, case) = load(&tx, &by, id).await?;
            let path = unit_path(tx.conn(), case.region, case.unit).await?;
            let doer = tx.must(&by, Action::AnswerOpening, here(&path, &case))?;
            must_be(&opening, expected)?;
            let second = SecondPerson {
                doer,
                stands_for: stands_for(&by),
                asker_stands_for,
            };
            let is_minor = contact_row(&tx, &case).await?.is_some_and(|row| row.guardian.is_some());
            let next = if is_approved {
                opening.approve(&reason, &second, is_minor, now)?
            } else {
                opening.refuse(&reason, &second, now)?
            };
            rows::update(&tx, &opening, &next).await?;
            let event = Event::IdentityAnswered {
                opening: id,
                is_approved,
                reason,
                asked_by: opening.asked.member,
            };
            record(&mut tx, &case, event).await?;
            tx.commit().await
        })
        .await?;
        self.identity_opening(&caller, id, now).await
    }

    /// Whoever asked takes the request back.
    ///
    /// # Errors
    /// Not found, forbidden, stale, answered already, not theirs.
    pub async fn withdraw_opening(
        &self,
        caller: Caller,
        id: OpeningId,
        expected: i64,
        now: Timestamp,
    ) -> Result<OpeningView, StoreError> {
        caller.must_somewhere(Action::OpenIdentity)?;
        let by = caller.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (opening, case) = load(&tx, &by, id).await?;
            let path = unit_path(tx.conn(), case.region, case.unit).await?;
            tx.must(&by, Action::OpenIdentity, here(&path, &case))?;
            must_be(&opening, expected)?;
            let next = opening.withdraw(by.actor.member, now)?;
            rows::update(&tx, &opening, &next).await?;
            record(&mut tx, &case, Event::IdentityWithdrawn { opening: id }).await?;
            tx.commit().await
        })
        .await?;
        self.identity_opening(&caller, id, now).await
    }

    /// Reads who filed a case, by a request that was approved. Nothing is returned before the reading is in the log.
    ///
    /// # Errors
    /// Not found, forbidden, stale, not approved, not theirs, past its time, read too often; [`identity::no_contact`].
    pub async fn read_identity(
        &self,
        caller: Caller,
        id: OpeningId,
        expected: i64,
        now: Timestamp,
    ) -> Result<(Contact, Opening), StoreError> {
        caller.must_somewhere(Action::OpenIdentity)?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(caller.actor.member), now).await?;
            let (opening, case) = load(&tx, &caller, id).await?;
            let path = unit_path(tx.conn(), case.region, case.unit).await?;
            tx.must(&caller, Action::OpenIdentity, here(&path, &case))?;
            must_be(&opening, expected)?;
            let next = opening.read(caller.actor.member, now)?;
            let row = contact_row(&tx, &case).await?.filter(|row| row.name.is_some());
            let row = row.ok_or_else(identity::no_contact)?;
            let contact = vault::open(&tx, &row).await?;
            record_reading(&mut tx, &case, &next).await?;
            tx.commit().await?;
            Ok((contact, next))
        })
        .await
    }

    /// In whose place the one who made a request acts now.
    async fn asker_stands_for(
        &self,
        caller: &Caller,
        id: OpeningId,
        now: Timestamp,
    ) -> Result<Vec<MemberId>, StoreError> {
        let region = caller.actor.region;
        match Entity::find_by_id((region.0, id.0)).one(self.read()).await? {
            Some(row) => self.stands_for(region, MemberId(row.asked_by), now).await,
            None => Ok(Vec::new()),
        }
    }
}

fn stands_for(caller: &Caller) -> Vec<MemberId> {
    caller
        .actor
        .stands_for
        .iter()
        .map(|principal| principal.member)
        .collect()
}

const fn here<'a>(path: &'a [liangnuo_domain::UnitId], case: &Complaint) -> Resource<'a> {
    Resource::Complaint {
        path,
        is_sealed: case.is_sealed,
        is_excluded: false,
    }
}

async fn visible_case(tx: &Tx, caller: &Caller, id: ComplaintId) -> Result<Complaint, StoreError> {
    cases::load_visible(tx.conn(), &caller.visible, id.0)
        .await?
        .ok_or(StoreError::NotFound)
}

/// A request and its case; hidden with the case.
async fn load(tx: &Tx, caller: &Caller, id: OpeningId) -> Result<(Opening, Complaint), StoreError> {
    let row = Entity::find_by_id((caller.actor.region.0, id.0)).one(tx.conn()).await?;
    let opening = Opening::try_from(row.ok_or(StoreError::NotFound)?)?;
    let case = visible_case(tx, caller, opening.complaint).await?;
    Ok((opening, case))
}

const fn must_be(opening: &Opening, expected: i64) -> Result<(), StoreError> {
    if opening.version == expected {
        return Ok(());
    }
    Err(StoreError::Stale {
        current: opening.version,
    })
}

async fn contact_row(tx: &Tx, case: &Complaint) -> Result<Option<complaint_contacts::Model>, StoreError> {
    Ok(complaint_contacts::Entity::find_by_id((case.region.0, case.id.0))
        .one(tx.conn())
        .await?)
}

/// Writes down that earlier requests of the same member on the same case were not answered in time.
async fn lapse(tx: &Tx, next: &Opening) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(OpeningState::Lapsed.code()))
        .filter(Column::RegionId.eq(next.region.0))
        .filter(Column::ComplaintId.eq(next.complaint.0))
        .filter(Column::AskedBy.eq(next.asked.member.0))
        .filter(Column::State.eq(OpeningState::Waiting.code()))
        .filter(Column::EndsAt.lt(next.asked_at.micros()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Notes that something was read by a request. Several readings at once are several events and one first time: the version stays.
///
/// # Errors
/// [`identity::read_too_often`] once its readings are used up.
async fn record_reading(tx: &mut Tx, case: &Complaint, next: &Opening) -> Result<(), StoreError> {
    let first = next.first_read_at.map(Timestamp::micros);
    let changed = Entity::update_many()
        .col_expr(Column::Readings, Expr::col(Column::Readings).add(1))
        .col_expr(Column::FirstReadAt, Expr::col(Column::FirstReadAt).if_null(first))
        .filter(Column::RegionId.eq(next.region.0))
        .filter(Column::Id.eq(next.id.0))
        .filter(Column::Readings.lt(identity::READINGS))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected != 1 {
        return Err(identity::read_too_often().into());
    }
    record(tx, case, Event::IdentityRead { opening: next.id }).await
}

/// Notes what happened in the case, whose version stays, and tells those who are to be told.
async fn record(tx: &mut Tx, case: &Complaint, event: Event) -> Result<(), StoreError> {
    let step = Step {
        next: case.clone(),
        events: vec![event],
        reply: None,
        message: None,
    };
    save::record(tx, &step);
    notices::tell(tx, case, &step, tx.by(), tx.now()).await
}
