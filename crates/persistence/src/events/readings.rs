//! Who read which case. A reading is noted in memory, once for each member, case and hour (of a child's case each one), and written within a second:
//! opening a case costs no write, and a case that is looked at all day is in the log once an hour.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use liangnuo_domain::{
    ComplaintId, MemberId, RegionId, Timestamp, UnitId,
    events::{Action, Subject},
};
use sea_orm::DbErr;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use super::NewEvent;
use crate::{callers::Caller, complaints::CaseDetail, db::Store, error::StoreError, tx::By};

/// Readings that wait at most: while the log can't be written for so long, nothing more is shown.
const MOST: usize = 100_000;

/// Readings in one transaction.
const ROUND: usize = 2_000;

const MICROS_PER_HOUR: i64 = 3_600_000_000;

/// What is noted once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    region: RegionId,
    member: MemberId,
    case: ComplaintId,
    /// The beginning of the hour, or, of a child's case, the moment: there each reading is in the log.
    from: i64,
}

impl Key {
    const fn hour(self) -> i64 {
        self.from.div_euclid(MICROS_PER_HOUR)
    }

    /// The same in every process, so that what two of them note is one row. In the order of time, as other ids.
    fn event_id(self) -> Uuid {
        let mut hash = Sha256::new();
        for part in [self.region.0, self.member.0, self.case.0] {
            hash.update(part.as_bytes());
        }
        // Of a whole hour the id stays what it always was.
        let within = self.from.rem_euclid(MICROS_PER_HOUR);
        if within != 0 {
            hash.update(within.to_be_bytes());
        }
        let millis = u64::try_from(self.from / 1_000).unwrap_or(0);
        let mut rest = [0; 10];
        rest.iter_mut()
            .zip(hash.finalize())
            .for_each(|(byte, hashed)| *byte = hashed);
        Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
    }
}

/// A reading that is not written yet.
#[derive(Clone, Copy, Debug)]
struct Reading {
    at: Timestamp,
    /// The unit that held the case.
    unit: UnitId,
}

#[derive(Debug, Default)]
struct Gathered {
    waiting: HashMap<Key, Reading>,
    /// Those of the latest hour that are in the log.
    written: HashSet<Key>,
    hour: i64,
}

/// The readings that a process has seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Readings(Arc<Mutex<Gathered>>);

impl Readings {
    fn gathered(&self) -> MutexGuard<'_, Gathered> {
        // Nothing in here can panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, key: Key, reading: Reading) -> Result<(), StoreError> {
        let mut gathered = self.gathered();
        if key.hour() > gathered.hour {
            gathered.hour = key.hour();
            gathered.written.clear();
        }
        if gathered.written.contains(&key) || gathered.waiting.contains_key(&key) {
            return Ok(());
        }
        if gathered.waiting.len() >= MOST {
            return Err(StoreError::Busy(DbErr::Custom(
                "readings wait to be written".to_owned(),
            )));
        }
        gathered.waiting.insert(key, reading);
        Ok(())
    }

    fn take(&self) -> Vec<(Key, Reading)> {
        let mut gathered = self.gathered();
        let keys: Vec<Key> = gathered.waiting.keys().take(ROUND).copied().collect();
        keys.into_iter()
            .filter_map(|key| gathered.waiting.remove_entry(&key))
            .collect()
    }

    fn put_back(&self, taken: Vec<(Key, Reading)>) {
        let mut gathered = self.gathered();
        for (key, reading) in taken {
            gathered.waiting.entry(key).or_insert(reading);
        }
    }

    fn settle(&self, taken: &[(Key, Reading)]) {
        let mut gathered = self.gathered();
        let hour = gathered.hour;
        // Those for which there is no room any more are written again, and change nothing.
        let room = MOST.saturating_sub(gathered.written.len());
        let current = taken.iter().map(|(key, _)| *key).filter(|key| key.hour() == hour);
        gathered.written.extend(current.take(room));
    }
}

impl Store {
    /// One case, for somebody who reads it: that goes into the log.
    ///
    /// # Errors
    /// As [`Store::case`]; [`StoreError::Busy`] when the log could not be written for long.
    pub async fn read_case(&self, caller: &Caller, id: ComplaintId, now: Timestamp) -> Result<CaseDetail, StoreError> {
        let detail = self.case(caller, id, now).await?;
        let key = Key {
            region: caller.actor.region,
            member: caller.actor.member,
            case: id,
            from: if detail.is_of_minor {
                now.micros()
            } else {
                now.micros().div_euclid(MICROS_PER_HOUR) * MICROS_PER_HOUR
            },
        };
        let unit = detail.complaint.unit;
        self.readings().note(key, Reading { at: now, unit })?;
        Ok(detail)
    }

    /// Writes the readings that this process has gathered, up to two thousand. Gives how many there were; called again while
    /// there are some.
    ///
    /// # Errors
    /// When the database does not answer; then they wait on.
    pub async fn flush_readings(&self, now: Timestamp) -> Result<usize, StoreError> {
        let taken = self.readings().take();
        if taken.is_empty() {
            return Ok(0);
        }
        let mut noted = taken.clone();
        // In one order in every process: two that write the same rows in orders of their own would wait for each other.
        noted.sort_by_key(|(key, _)| key.event_id());
        let written = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::System, now).await?;
                for (key, reading) in noted {
                    tx.record(event(key, reading));
                }
                tx.commit().await
            })
            .await;
        if let Err(error) = written {
            self.readings().put_back(taken);
            return Err(error);
        }
        self.readings().settle(&taken);
        Ok(taken.len())
    }
}

fn event(key: Key, reading: Reading) -> NewEvent {
    let read = Action::READ;
    let past_tense = read.code().rsplit('.').next().unwrap_or_default();
    NewEvent {
        at: Some(reading.at),
        by: Some(By::Member(key.member)),
        once: Some(key.event_id()),
        ..NewEvent::new(key.region, Subject::Complaints, key.case.0, past_tense, json!({})).in_unit(reading.unit)
    }
}
