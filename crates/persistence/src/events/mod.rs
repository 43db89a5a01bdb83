//! The one event log: audit trail, timeline that people read, and source of what is delivered.
//!
//! `events` holds ids and codes and a hash of the detail; a trigger forbids to change or delete a row. `event_details`
//! holds the detail with its salt and may be deleted by retention: the log still verifies. `log_entries` is what the
//! [sealer](crate::log) fills; `unsealed_events` says what waits for it, so that it needs no search and nothing that is
//! committed late is passed over.
//!
//! Two columns say where an event stands in the log that people look at: `unit_id`, the unit that held the thing when it
//! happened (none: the county as a whole), and `listed_at`, its place in the order, which is the moment, or of what a
//! complainant did the start of that day.

mod facts;
mod lists;
mod names;
mod readings;
mod scope;

pub use facts::{Fact, FactValue};
pub use liangnuo_domain::events::Subject;
pub use lists::{EventFilter, EventList, EventSort, LoggedEvent};
pub use names::{EventNames, Named};
pub(crate) use readings::Readings;

use std::collections::HashSet;

use liangnuo_domain::{
    RegionId, Timestamp, UnitId,
    events::{Action, ActorKind},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    db::Store,
    entity::{event_details, events, unsealed_events},
    error::StoreError,
    ids::Ids,
    join::join,
    tx::By,
};

/// Something that happened, about to be written.
#[derive(Clone, Debug)]
pub(crate) struct NewEvent {
    pub region: RegionId,
    pub subject: Subject,
    pub subject_id: Uuid,
    /// The unit that holds the thing; none where it is the county as a whole.
    pub unit: Option<UnitId>,
    /// Past tense, without the resource: `accepted`.
    pub code: &'static str,
    /// Codes and ids; personal values are referenced, not copied.
    pub detail: serde_json::Value,
    /// When it happened, where that is not now: rows of a ledger, the demo county.
    pub at: Option<Timestamp>,
    /// Who did it, where that is not the transaction's own actor.
    pub by: Option<By>,
    /// The event's id where it follows from what it says: several processes may note the same, and it is written once.
    pub once: Option<Uuid>,
}

impl NewEvent {
    pub(crate) const fn new(
        region: RegionId,
        subject: Subject,
        subject_id: Uuid,
        code: &'static str,
        detail: serde_json::Value,
    ) -> Self {
        Self {
            region,
            subject,
            subject_id,
            unit: None,
            code,
            detail,
            at: None,
            by: None,
            once: None,
        }
    }

    /// Something that happened in a unit.
    pub(crate) fn in_unit(self, unit: UnitId) -> Self {
        Self {
            unit: Some(unit),
            ..self
        }
    }
}

/// Rows of one INSERT: SQLite takes at most 32,766 variables in a statement.
const CHUNK: usize = 500;

pub(crate) async fn insert(
    conn: &DatabaseTransaction,
    ids: &Ids,
    by: By,
    now: Timestamp,
    new: Vec<NewEvent>,
) -> Result<(), StoreError> {
    let (once, each): (Vec<_>, Vec<_>) = new.into_iter().partition(|event| event.once.is_some());
    write(conn, rows(ids, by, now, each)?, now, false).await?;
    write(conn, rows(ids, by, now, once)?, now, true).await
}

type Rows = (Vec<events::ActiveModel>, Vec<event_details::ActiveModel>);

fn rows(ids: &Ids, by: By, now: Timestamp, new: Vec<NewEvent>) -> Result<Rows, StoreError> {
    let mut rows = Vec::with_capacity(new.len());
    let mut details = Vec::with_capacity(new.len());
    let mut last = None;
    for event in new {
        let at = event.at.unwrap_or(now);
        let (kind, actor, acting_for) = match event.by.unwrap_or(by) {
            By::Member(member) => (ActorKind::Member, Some(member.0), None),
            By::Deputy { member, holder } => (ActorKind::Member, Some(member.0), Some(holder.0)),
            By::Complainant => (ActorKind::Complainant, None, None),
            By::System => (ActorKind::System, None, None),
        };
        let id = event.once.unwrap_or_else(|| id_after(ids, last, kind, at));
        last = Some((at, id));
        let action =
            Action::of(event.subject, event.code).ok_or(StoreError::Bug("an event that is not on the list"))?;
        let salt: [u8; 16] = ids.bytes();
        // serde_json keeps the keys of an object sorted, so the text is canonical.
        let json = event.detail.to_string();
        rows.push(events::ActiveModel {
            id: Set(id),
            region_id: Set(event.region.0),
            subject_kind: Set(event.subject.code().to_owned()),
            subject_id: Set(event.subject_id),
            action: Set(action.code().to_owned()),
            actor_kind: Set(kind.code().to_owned()),
            actor_id: Set(actor),
            acting_for: Set(acting_for),
            at: Set(at.micros()),
            position: Set(ids.next_in_order()),
            detail_hash: Set(detail_hash(&salt, &json)),
            unit_id: Set(event.unit.map(|unit| unit.0)),
            listed_at: Set(listed_at(kind, at).micros()),
        });
        details.push(event_details::ActiveModel {
            event_id: Set(id),
            salt: Set(salt.to_vec()),
            json: Set(json),
        });
    }
    Ok((rows, details))
}

/// An id that says nothing of a complainant's moment; any other's is in the order of time, also among those of one moment.
fn id_after(ids: &Ids, last: Option<(Timestamp, Uuid)>, kind: ActorKind, at: Timestamp) -> Uuid {
    if kind == ActorKind::Complainant {
        return ids.v4();
    }
    match last {
        Some((then, id)) if then == at && id.get_version_num() == 7 => Uuid::from_u128(id.as_u128() + 1),
        _ => ids.v7(at),
    }
}

/// Where an event stands in the list: a complainant's at the start of its day, so that no neighbour tells the moment.
fn listed_at(kind: ActorKind, at: Timestamp) -> Timestamp {
    match kind {
        ActorKind::Complainant => Timestamp::start_of(at.day()),
        ActorKind::Member | ActorKind::System => at,
    }
}

/// Writes rows; with `once` those that are there already stay as they are, each with its own detail.
async fn write(
    conn: &DatabaseTransaction,
    (rows, details): Rows,
    now: Timestamp,
    once: bool,
) -> Result<(), StoreError> {
    for (rows, details) in rows.chunks(CHUNK).zip(details.chunks(CHUNK)) {
        let mut details = details.to_vec();
        let insert = events::Entity::insert_many(rows.to_vec());
        if once {
            let new = insert
                .on_conflict(OnConflict::column(events::Column::Id).do_nothing().to_owned())
                .into_query()
                .returning_col(events::Column::Id)
                .to_owned();
            let mut written = HashSet::new();
            for row in conn.query_all(&new).await? {
                written.insert(row.try_get::<Uuid>("", "id")?);
            }
            details.retain(|detail| written.contains(detail.event_id.as_ref()));
            if details.is_empty() {
                continue;
            }
        } else {
            insert.exec_without_returning(conn).await?;
        }
        let waiting = details.iter().map(|detail| unsealed_events::ActiveModel {
            event_id: detail.event_id.clone(),
            queued_at: Set(now.micros()),
        });
        unsealed_events::Entity::insert_many(waiting.collect::<Vec<_>>())
            .exec_without_returning(conn)
            .await?;
        event_details::Entity::insert_many(details)
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

/// SHA-256 over salt and canonical JSON: without the salt, a short detail could be guessed from its hash.
pub(crate) fn detail_hash(salt: &[u8], json: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(json.as_bytes());
    hash.finalize().to_vec()
}

/// An event as it was written.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its id.
    pub id: Uuid,
    /// What happened, such as `complaints.accepted`.
    pub action: String,
    /// `member`, `complainant` or `system`.
    pub actor_kind: String,
    /// The member, if one acted.
    pub actor: Option<Uuid>,
    /// Whose deputy that member was in doing it.
    pub acting_for: Option<Uuid>,
    /// When.
    pub at: Timestamp,
    /// Codes and ids; null after retention has deleted it.
    pub detail: serde_json::Value,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    event: events::Model,
    json: Option<String>,
}

impl Store {
    /// Everything that happened to one thing, oldest first, but who read it. The caller must have been allowed to see the
    /// thing.
    pub(crate) async fn events_of(
        &self,
        region: RegionId,
        subject: Subject,
        subject_id: Uuid,
    ) -> Result<Vec<Recorded>, StoreError> {
        let same = [(event_details::Column::EventId, events::Column::Id)];
        let select = join(events::Entity::find(), event_details::Entity, same);
        let rows = select
            .column(event_details::Column::Json)
            .filter(events::Column::RegionId.eq(region.0))
            .filter(events::Column::SubjectKind.eq(subject.code()))
            .filter(events::Column::SubjectId.eq(subject_id))
            // In the statement itself: from that the database knows that the index without the readings will do.
            .filter(Expr::col((events::Entity, events::Column::Action)).ne(Expr::Constant(Action::READ.code().into())))
            .order_by_asc(events::Column::At)
            .order_by_asc(events::Column::Position)
            .order_by_asc(events::Column::Id)
            .into_model::<Row>()
            .all(self.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|Row { event: row, json }| Recorded {
                detail: json
                    .and_then(|json| serde_json::from_str(&json).ok())
                    .unwrap_or(serde_json::Value::Null),
                id: row.id,
                action: row.action,
                actor_kind: row.actor_kind,
                actor: row.actor_id,
                acting_for: row.acting_for,
                at: Timestamp::from_micros(row.at),
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use liangnuo_domain::MemberId;
    use serde_json::json;

    use super::*;

    const AT: Timestamp = Timestamp::from_micros(1_795_395_600_000_000);

    fn event(code: &'static str) -> NewEvent {
        let id = Uuid::from_u128(1);
        NewEvent::new(UnitId(id), Subject::Complaints, id, code, json!({}))
    }

    fn written(by: By, events: Vec<NewEvent>) -> Result<Vec<(Uuid, i64)>, StoreError> {
        let (rows, _) = rows(&Ids::seeded(1), by, AT, events)?;
        Ok(rows
            .into_iter()
            .map(|row| (row.id.unwrap(), row.listed_at.unwrap()))
            .collect())
    }

    #[test]
    fn what_is_not_on_the_list_is_not_written() {
        let outcome = written(By::System, vec![event("accepted"), event("painted")]);
        assert!(matches!(outcome, Err(StoreError::Bug(_))));
    }

    #[test]
    fn events_of_one_moment_keep_their_order() {
        let by = By::Member(MemberId(Uuid::from_u128(2)));
        let written = written(by, (0..50).map(|_| event("accepted")).collect()).unwrap();
        assert!(
            written.is_sorted()
                && written
                    .iter()
                    .all(|(id, at)| id.get_version_num() == 7 && *at == AT.micros())
        );
    }

    #[test]
    fn a_complainants_event_tells_the_day_alone() {
        let written = written(By::Complainant, (0..50).map(|_| event("added")).collect()).unwrap();
        let day = Timestamp::start_of(AT.day()).micros();
        assert!(written.iter().all(|(id, at)| id.get_version_num() == 4 && *at == day));
        assert!(!written.is_sorted(), "no order among themselves");
    }
}
