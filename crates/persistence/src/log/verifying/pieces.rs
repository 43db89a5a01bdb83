//! A piece of the log: entries one after the other, each beside its event.

use liangnuo_domain::log::{Hash, blank_hash};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, Iterable as _, QueryFilter, QueryOrder, QueryResult, QuerySelect,
};
use uuid::Uuid;

use super::Fault;
use crate::{
    db::Store,
    entity::{event_details, events, log_entries},
    error::StoreError,
    events::detail_hash,
    join::join,
    log::{as_row, leaf},
};

/// Entries of a piece.
pub(super) const PIECE: u64 = 4_096;

/// What a piece comes to.
#[derive(Debug, Default)]
pub(super) struct Piece {
    /// One for each place.
    pub hashes: Vec<Hash>,
    /// Entries that stand for an event.
    pub events: u64,
    pub faults: Vec<Fault>,
}

#[derive(Debug)]
struct Row {
    entry: log_entries::Model,
    event: Option<events::Model>,
    detail: Option<(Vec<u8>, String)>,
}

impl FromQueryResult for Row {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let event = match row.try_get::<Option<Uuid>>(prefix, "id")? {
            Some(_) => Some(events::Model::from_query_result(row, prefix)?),
            None => None,
        };
        let (salt, json) = (row.try_get(prefix, "salt")?, row.try_get(prefix, "json")?);
        Ok(Self {
            entry: log_entries::Model::from_query_result(row, prefix)?,
            event,
            detail: Option::zip(salt, json),
        })
    }
}

impl Store {
    /// Reads the entries of the places from `begin` up to, not including, `end`.
    pub(super) async fn read_piece(&self, begin: u64, end: u64) -> Result<Piece, StoreError> {
        use log_entries::{Column, Entity};
        let select = join(Entity::find(), events::Entity, [(events::Column::Id, Column::EventId)]);
        let select = join(
            select,
            event_details::Entity,
            [(event_details::Column::EventId, Column::EventId)],
        );
        let rows = select
            .columns(events::Column::iter())
            .columns([event_details::Column::Salt, event_details::Column::Json])
            .filter(Column::LogIndex.gte(as_row(begin)))
            .filter(Column::LogIndex.lt(as_row(end)))
            .order_by_asc(Column::LogIndex)
            .into_model::<Row>()
            .all(self.read())
            .await?;
        let mut piece = Piece::default();
        let mut rows = rows.into_iter().peekable();
        for place in begin..end {
            match rows.next_if(|row| row.entry.log_index == as_row(place)) {
                Some(row) => piece.add(place, &row),
                None => {
                    piece.faults.push(Fault::Gap { place });
                    // So that what follows keeps its place.
                    piece.hashes.push([0; 32]);
                }
            }
        }
        Ok(piece)
    }
}

impl Piece {
    fn add(&mut self, place: u64, row: &Row) {
        let event = row.entry.event_id;
        let kept: Option<Hash> = row.entry.leaf_hash.as_slice().try_into().ok();
        let hash = match &row.event {
            Some(found) => {
                self.events += 1;
                if let Some((salt, json)) = &row.detail
                    && detail_hash(salt, json) != found.detail_hash
                {
                    self.faults.push(Fault::DetailChanged { place, event });
                }
                leaf(found).hash()
            }
            None => blank_hash(event),
        };
        if kept != Some(hash) {
            self.faults.push(match row.event {
                Some(_) => Fault::Changed { place, event },
                None => Fault::Gone { place, event },
            });
        }
        // What is kept: so that a changed event is named as such, and does not make the whole tree look wrong.
        self.hashes.push(kept.unwrap_or_default());
    }
}
