//! What the product does by itself when a case's time has come: it reminds, lets a held clock run again, concludes what
//! was not rated. Any process may do it, and several at once: each thing happens once.

use std::sync::Arc;

use liangnuo_domain::{
    ComplaintId, RegionId, Timestamp, UnitId,
    clocks::Rules,
    complaints::{self, Complaint, Event, State, Step, Wake},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType, OnConflict},
};
use uuid::Uuid;

use super::{duplicates, rows, save};
use crate::{
    cards,
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
#[derive(Debug, Default)]
pub struct Woken {
    /// Cases whose time had come.
    pub found: usize,
    /// Reminders given.
    pub reminded: usize,
    /// Reports to supervisors that were found missing.
    pub asked: usize,
    /// Clocks that run again.
    pub resumed: usize,
    /// Cases concluded because nobody rated the answer in time.
    pub concluded: usize,
    /// Cases that something is wrong with: they are tried again later, and hold up no other.
    pub failed: Vec<Failure>,
}

/// A case that something is wrong with.
#[derive(Debug)]
pub struct Failure {
    /// Which.
    pub complaint: ComplaintId,
    /// What.
    pub error: StoreError,
}

/// Dates that were computed anew.
#[derive(Debug, Default)]
pub struct Recomputed {
    /// The last case looked at; none when there are no more.
    pub last: Option<Uuid>,
    /// Cases that something is wrong with: their dates stay as they were, and hold up no other.
    pub failed: Vec<Failure>,
}

/// Seconds until a case that failed is tried again; twice as long after each further failure, up to a day.
const BACK_OFF: i64 = 60;
const BACK_OFF_MOST: i64 = 86_400;

fn back_off(failures: i32) -> i64 {
    let doublings = failures.clamp(0, 11);
    (BACK_OFF << doublings).clamp(BACK_OFF, BACK_OFF_MOST)
}

impl Store {
    /// Does what has come due by `now`, for up to a hundred cases of all counties. Called again while it finds some. A case
    /// that something is wrong with comes up again later and later.
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
                Ok(Some(Wake::AskReport(_))) => woken.asked += 1,
                Ok(Some(Wake::Resume)) => woken.resumed += 1,
                Ok(Some(Wake::Conclude)) => woken.concluded += 1,
                // Somebody else was faster: a member, or another process.
                Ok(None) | Err(StoreError::Stale { .. }) => {}
                // Not the case's fault.
                Err(error @ StoreError::Busy(_)) => return Err(error),
                Err(error) => {
                    self.postpone(region, id, now).await?;
                    let complaint = ComplaintId(id);
                    woken.failed.push(Failure { complaint, error });
                }
            }
        }
        Ok(woken)
    }

    /// Has a case that failed come up again later. Its row is not read: perhaps that is what fails.
    async fn postpone(&self, region: Uuid, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            let failures: Option<i32> = Entity::find_by_id((region, id))
                .select_only()
                .column(Column::WakeFailures)
                .into_tuple()
                .one(tx.conn())
                .await?;
            let failures = failures.unwrap_or(0);
            Entity::update_many()
                .col_expr(
                    Column::WakeAt,
                    Expr::value(now.plus_seconds(back_off(failures)).micros()),
                )
                .col_expr(Column::WakeFailures, Expr::value(failures.saturating_add(1)))
                .filter(Column::RegionId.eq(region))
                .filter(Column::Id.eq(id))
                .filter(Column::WakeAt.lte(now.micros()))
                .exec(tx.conn())
                .await?;
            tx.commit_unlogged(Unlogged::Jobs).await
        })
        .await
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
                set_asleep(&tx, &case, &rules).await?;
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
                Wake::AskReport(missed) => {
                    let step = complaints::miss_report(&case, missed, &rules)
                        .ok_or(StoreError::Bug("a case that owes no report was asked for one"))?;
                    keep_watch(&tx, &step.next, &rules).await?;
                    save::record(&mut tx, &step);
                    notices::tell(&tx, &case, &step, By::System, now).await?;
                }
            }
            tx.commit().await?;
            Ok(Some(wake))
        })
        .await
    }

    /// Computes the dates of a county's open cases anew, after its calendar or settings have changed, from one id on: up
    /// to a hundred cases. No date becomes earlier than the complainant was told.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recompute_dues(
        &self,
        region: RegionId,
        after: Option<Uuid>,
        now: Timestamp,
    ) -> Result<Recomputed, StoreError> {
        let rules = self.rules(region).await?;
        let mut select = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::RegionId.eq(region.0))
            .filter(
                Column::WakeAt
                    .is_not_null()
                    .or(Column::DueAt.is_not_null())
                    .or(Column::ReportDueAt.is_not_null()),
            );
        if let Some(after) = after {
            select = select.filter(Column::Id.gt(after));
        }
        let ids: Vec<Uuid> = select
            .order_by_asc(Column::Id)
            .limit(ROUND)
            .into_tuple()
            .all(self.read())
            .await?;
        let mut done = Recomputed {
            last: ids.last().copied(),
            ..Recomputed::default()
        };
        for id in ids {
            match self.recompute_due(region, id, Arc::clone(&rules), now).await {
                // A member was faster, and computed the date by the new rules.
                Ok(()) | Err(StoreError::Stale { .. }) => {}
                Err(error @ StoreError::Busy(_)) => return Err(error),
                Err(error) => {
                    let complaint = ComplaintId(id);
                    done.failed.push(Failure { complaint, error });
                }
            }
        }
        Ok(done)
    }

    async fn recompute_due(
        &self,
        region: RegionId,
        id: Uuid,
        rules: Arc<Rules>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            let Some(case) = lock(&tx, region, id).await? else {
                return tx.rollback().await;
            };
            if case.moved(&rules).is_none() {
                set_dates(&tx, &case, &rules).await?;
                return tx.commit_unlogged(Unlogged::Jobs).await;
            }
            // That the date has moved is noted with whatever is saved of the case: here nothing else is.
            let step = Step {
                next: case.clone(),
                events: Vec::new(),
                reply: None,
                message: None,
            };
            duplicates::save(&mut tx, &rules, &case, &step).await?;
            tx.commit().await
        })
        .await
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

/// Loads a case that nobody else changes until this transaction ends. The one that it is answered with comes first: whoever
/// answers that one takes the rows in this order, too.
async fn lock(tx: &Tx, region: RegionId, id: Uuid) -> Result<Option<Complaint>, StoreError> {
    let lead: Option<Option<Uuid>> = Entity::find_by_id((region.0, id))
        .select_only()
        .column(Column::DuplicateOfId)
        .into_tuple()
        .one(tx.conn())
        .await?;
    for id in lead.flatten().into_iter().chain([id]) {
        Entity::find_by_id((region.0, id))
            .lock(LockType::Update)
            .one(tx.conn())
            .await?;
    }
    rows::load(tx.conn(), region.0, id).await
}

/// Writes when the case is to be looked at next, and when it owes a report. Not a change of the case: its version stays.
async fn set_asleep(tx: &Tx, case: &Complaint, rules: &Rules) -> Result<(), StoreError> {
    let row = ActiveModel {
        wake_at: Set(case.next_wake(rules).map(|(at, _)| at.micros())),
        report_due_at: Set(rows::report_due_at(case, rules)),
        wake_failures: Set(0),
        ..ActiveModel::default()
    };
    write_beside(tx, case, row).await
}

/// Writes what new rules say of a case whose date they leave as it is: from when on it is due soon, when it is to be looked
/// at. Not a change of the case, either.
async fn set_dates(tx: &Tx, case: &Complaint, rules: &Rules) -> Result<(), StoreError> {
    let dates = rows::changeable(case, rules);
    let row = ActiveModel {
        due_at: dates.due_at,
        soon_at: dates.soon_at,
        report_due_at: dates.report_due_at,
        wake_at: dates.wake_at,
        wake_failures: Set(0),
        pace: dates.pace,
        ..ActiveModel::default()
    };
    let before = save::saved_clock(tx, case).await?;
    write_beside(tx, case, row).await?;
    save::note_clock(tx, case, before, rules).await
}

/// Writes who was reminded of what, and when the case is to be looked at next. The version of the case stays, so that
/// nobody who is writing an answer is told that the page is stale.
async fn keep_watch(tx: &Tx, next: &Complaint, rules: &Rules) -> Result<(), StoreError> {
    let row = ActiveModel {
        pace: Set(rows::pace_json(&next.pace)),
        wake_at: Set(next.next_wake(rules).map(|(at, _)| at.micros())),
        wake_failures: Set(0),
        ..ActiveModel::default()
    };
    write_beside(tx, next, row).await
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

/// Gives a reminder, once for each date and rung. `false` if it was given before.
async fn remind(tx: &mut Tx, case: &Complaint, step: &Step, rules: &Rules) -> Result<bool, StoreError> {
    keep_watch(tx, &step.next, rules).await?;
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
        cards::give(tx, case, *rung, *due_on).await?;
        save::record(tx, step);
        notices::tell(tx, case, step, By::System, tx.now()).await?;
    }
    Ok(is_new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_that_fails_comes_up_later_and_later_but_each_day() {
        let waits: Vec<i64> = [0, 1, 2, 10, 11, i32::MAX].into_iter().map(back_off).collect();
        assert_eq!(waits, [60, 120, 240, 61_440, 86_400, 86_400]);
    }
}
