//! What the product does by itself when a case's time has come: it reminds, lets a held clock run again, concludes what
//! was not rated. Any process may do it, and several at once: each thing happens once.

use liangnuo_domain::{
    ComplaintId, RegionId, Timestamp, UnitId,
    clocks::{Rules, Told},
    complaints::{self, Complaint, Event, State, Step, Wake},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{ExprTrait, LockType, OnConflict},
};
use uuid::Uuid;

use super::{duplicates, rows, save};
use crate::{
    db::Store,
    entity::{
        complaint_reminders,
        complaints::{ActiveModel, Column, Entity},
    },
    error::StoreError,
    notices,
    tx::{By, Tx, Unlogged},
};

/// Cases looked at in one round.
const ROUND: u64 = 100;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Woken {
    /// Cases whose time had come.
    pub found: usize,
    /// Reminders given.
    pub reminded: usize,
    /// Clocks that run again.
    pub resumed: usize,
    /// Cases concluded because nobody rated the answer in time.
    pub concluded: usize,
}

impl Store {
    /// Does what has come due by `now`, for up to a hundred cases of all counties. Called again while it finds some.
    ///
    /// # Errors
    /// When the database does not answer; what was done until then stays done.
    pub async fn wake_cases(&self, now: Timestamp) -> Result<Woken, StoreError> {
        let due: Vec<(Uuid, Uuid)> = Entity::find()
            .select_only()
            .columns([Column::RegionId, Column::Id])
            .filter(Column::WakeAt.lte(now.micros()))
            .order_by_asc(Column::WakeAt)
            .limit(ROUND)
            .into_tuple()
            .all(self.read())
            .await?;
        let mut woken = Woken {
            found: due.len(),
            ..Woken::default()
        };
        for (region, id) in due {
            match self.wake_case(UnitId(region), ComplaintId(id), now).await {
                Ok(Some(Wake::Remind(_))) => woken.reminded += 1,
                Ok(Some(Wake::Resume)) => woken.resumed += 1,
                Ok(Some(Wake::Conclude)) => woken.concluded += 1,
                // Somebody else was faster: a member, or another process.
                Ok(None) | Err(StoreError::Stale { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(woken)
    }

    async fn wake_case(&self, region: RegionId, id: ComplaintId, now: Timestamp) -> Result<Option<Wake>, StoreError> {
        let rules = self.rules(region).await?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            let Some(case) = lock(&tx, region, id.0).await? else {
                tx.rollback().await?;
                return Ok(None);
            };
            let Some(wake) = case.wake(&rules, now) else {
                if case.state == State::Duplicate {
                    return date_duplicate(tx, &rules, &case).await;
                }
                // What it was to be woken for has passed: its next time is written down, and nothing happens.
                let asleep = case.next_wake(&rules).map(|(at, _)| at.micros());
                set_asleep(&tx, &case, asleep).await?;
                tx.commit_unlogged(Unlogged::Jobs).await?;
                return Ok(None);
            };
            match wake {
                Wake::Resume => {
                    let step = complaints::resume(&case, now)?;
                    duplicates::save(&mut tx, &rules, &case, &step).await?;
                }
                Wake::Conclude => {
                    let step = complaints::lapse(&case, now)?;
                    duplicates::save(&mut tx, &rules, &case, &step).await?;
                }
                Wake::Remind(rung) => {
                    let step = complaints::remind(&case, rung, &rules)
                        .ok_or(StoreError::Bug("a case without a clock was to be reminded of"))?;
                    if !remind(&mut tx, &case, &step, &rules).await? {
                        tx.commit_unlogged(Unlogged::Jobs).await?;
                        return Ok(None);
                    }
                }
            }
            tx.commit().await?;
            Ok(Some(wake))
        })
        .await
    }

    /// Computes the dates of a county's open cases anew, after its calendar or settings have changed, from one id on: up
    /// to a hundred cases. No date becomes earlier than the complainant was told. Gives the last id looked at, or `None`
    /// when there are no more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recompute_dues(
        &self,
        region: RegionId,
        after: Option<Uuid>,
        now: Timestamp,
    ) -> Result<Option<Uuid>, StoreError> {
        let rules = self.rules(region).await?;
        let mut select = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::RegionId.eq(region.0))
            .filter(Column::WakeAt.is_not_null().or(Column::DueAt.is_not_null()));
        if let Some(after) = after {
            select = select.filter(Column::Id.gt(after));
        }
        let ids: Vec<Uuid> = select
            .order_by_asc(Column::Id)
            .limit(ROUND)
            .into_tuple()
            .all(self.read())
            .await?;
        let last = ids.last().copied();
        for id in ids {
            let rules = rules.clone();
            self.write(move |writer| async move {
                let mut tx = writer.begin_write(By::System, now).await?;
                let told = told_date(&tx, region, id).await?;
                let Some(case) = lock(&tx, region, id).await? else {
                    return tx.rollback().await;
                };
                let Some(due) = case.due(&rules) else {
                    let asleep = case.next_wake(&rules).map(|(at, _)| at.micros());
                    set_asleep(&tx, &case, asleep).await?;
                    return tx.commit_unlogged(Unlogged::Jobs).await;
                };
                let mut next = case.clone();
                let told = told.map_or(due.due_on, Timestamp::day);
                if due.due_on < told {
                    next.pace.told = Some(Told {
                        clock: due.clock,
                        due_on: told,
                    });
                }
                let to = next.due(&rules).map_or(due.due_on, |due| due.due_on);
                if to == told && next.pace == case.pace {
                    let asleep = case.next_wake(&rules).map(|(at, _)| at.micros());
                    set_asleep(&tx, &case, asleep).await?;
                    return tx.commit_unlogged(Unlogged::Jobs).await;
                }
                if to != told {
                    next.pace.rung = None;
                }
                let step = Step {
                    next,
                    events: vec![Event::DueMoved { from: told, to }],
                    reply: None,
                    message: None,
                };
                duplicates::save(&mut tx, &rules, &case, &step).await?;
                tx.commit().await
            })
            .await
            .or_else(|error| match error {
                // A member was faster, and computed the date by the new rules.
                StoreError::Stale { .. } => Ok(()),
                other => Err(other),
            })?;
        }
        Ok(last)
    }
}

/// Gives a duplicate its dates, and its lead the stricter ones: one that an earlier version left without.
async fn date_duplicate(mut tx: Tx, rules: &Rules, case: &Complaint) -> Result<Option<Wake>, StoreError> {
    let step = Step {
        next: case.clone(),
        events: Vec::new(),
        reply: None,
        message: None,
    };
    duplicates::save(&mut tx, rules, case, &step).await?;
    if tx.has_events() {
        tx.commit().await?;
    } else {
        tx.commit_unlogged(Unlogged::Jobs).await?;
    }
    Ok(None)
}

/// Loads a case that nobody else changes until this transaction ends.
async fn lock(tx: &Tx, region: RegionId, id: Uuid) -> Result<Option<Complaint>, StoreError> {
    Entity::find_by_id((region.0, id))
        .lock(LockType::Update)
        .one(tx.conn())
        .await?;
    rows::load(tx.conn(), region.0, id).await
}

async fn told_date(tx: &Tx, region: RegionId, id: Uuid) -> Result<Option<Timestamp>, StoreError> {
    let row = Entity::find_by_id((region.0, id)).one(tx.conn()).await?;
    Ok(row.and_then(|row| row.due_at).map(Timestamp::from_micros))
}

/// Writes when the case is to be looked at next. Not a change of the case: its version stays.
async fn set_asleep(tx: &Tx, case: &Complaint, until: Option<i64>) -> Result<(), StoreError> {
    let row = ActiveModel {
        wake_at: Set(until),
        ..ActiveModel::default()
    };
    write_beside(tx, case, row).await
}

async fn write_beside(tx: &Tx, case: &Complaint, row: ActiveModel) -> Result<(), StoreError> {
    Entity::update_many()
        .set(row)
        .filter(Column::RegionId.eq(case.region.0))
        .filter(Column::Id.eq(case.id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Gives a reminder, once for each date and rung. `false` if it was given before. The version of the case stays, so that
/// nobody who is writing an answer is told that the page is stale.
async fn remind(tx: &mut Tx, case: &Complaint, step: &Step, rules: &Rules) -> Result<bool, StoreError> {
    let row = ActiveModel {
        pace: Set(rows::pace_json(&step.next)),
        wake_at: Set(step.next.next_wake(rules).map(|(at, _)| at.micros())),
        ..ActiveModel::default()
    };
    write_beside(tx, case, row).await?;
    let Some(Event::Reminded { rung, due_on }) = step.events.first() else {
        return Err(StoreError::Bug("a reminder is of another kind"));
    };
    let row = complaint_reminders::ActiveModel {
        region_id: Set(case.region.0),
        complaint_id: Set(case.id.0),
        due_on: Set(due_on.to_string()),
        rung: Set(rung.code().to_owned()),
        created_at: Set(tx.now().micros()),
    };
    let is_new = complaint_reminders::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx.conn())
        .await?
        == 1;
    if is_new && case.state != State::Duplicate {
        save::record(tx, step);
        notices::tell(tx, case, step, By::System, tx.now()).await?;
    }
    Ok(is_new)
}
