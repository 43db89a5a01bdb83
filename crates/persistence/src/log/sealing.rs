//! The sealer: gives places to what waits, and makes a checkpoint a day.

use std::collections::HashMap;

use liangnuo_domain::{
    Timestamp,
    log::{
        Hash, blank_hash,
        checkpoint::Checkpoint,
        merkle::{Frontier, Node},
    },
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query, SubQueryStatement},
};
use uuid::Uuid;

use super::{KEEPER, LogKey, STEP, as_row, frontier, last_checkpoint, leaf};
use crate::{
    db::Store,
    entity::{events, log_checkpoints, log_entries, log_keepers, log_nodes, unsealed_events},
    error::StoreError,
    tx::{By, Tx, Unlogged},
};

/// Events that get a place in one transaction: on SQLite nothing else is written meanwhile.
const ROUND: u64 = 2_000;

/// Rows of one INSERT.
const CHUNK: usize = 2_000;

/// The blanks before a checkpoint are fewer than this: so many that its size does not tell how many events a day had.
const BLANKS: u8 = u8::MAX;

impl Store {
    /// Gives places to events that wait, up to two thousand, and makes the day's checkpoint when its time has come. Gives how
    /// many events there were; called again while there are some. Of several processes one does it.
    ///
    /// # Errors
    /// When the database does not answer; then nothing is sealed. [`StoreError::Inconsistent`] where what is kept of the
    /// tree can't have been written by a sealer.
    pub async fn seal_events(&self, now: Timestamp) -> Result<usize, StoreError> {
        let waiting = self.waiting().await?;
        if waiting.is_empty() && !self.is_checkpoint_due(now).await? {
            return Ok(0);
        }
        let key = self.log_key().clone();
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            let keeper = log_keepers::Entity::find_by_id(KEEPER)
                .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
                .one(tx.conn())
                .await?;
            let sealed = match keeper {
                // Another process is at it.
                None => 0,
                Some(keeper) => seal(&tx, &key, &keeper, waiting).await?,
            };
            tx.commit_unlogged(Unlogged::Sealing).await?;
            Ok(sealed)
        })
        .await
    }

    /// Events without a place, with the hashes that will stand for them: hashed before the transaction, since nothing of an
    /// event changes any more.
    async fn waiting(&self) -> Result<HashMap<Uuid, Hash>, StoreError> {
        use unsealed_events::{Column, Entity};
        let first = Entity::find()
            .select_only()
            .column(Column::EventId)
            .filter(event_that_waits().is_not_null())
            .order_by_asc(Column::EventId)
            .limit(ROUND)
            .into_query();
        let rows = events::Entity::find()
            .filter(events::Column::Id.in_subquery(first))
            .all(self.read())
            .await?;
        Ok(rows.iter().map(|event| (event.id, leaf(event).hash())).collect())
    }

    async fn is_checkpoint_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        Ok(match last_checkpoint(self.read()).await? {
            Some(last) => is_due(&last, now),
            // The first one comes with the first event.
            None => false,
        })
    }
}

/// The event of a row of the queue; nothing for a row that somebody forged, or whose event was taken away. Such rows stay for
/// verification to find, and fill no round: however many there are, what follows them gets its place. A value and not EXISTS:
/// so that no database reads all events for it.
fn event_that_waits() -> Expr {
    let query = events::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(
            Expr::col((events::Entity, events::Column::Id))
                .equals((unsealed_events::Entity, unsealed_events::Column::EventId)),
        )
        .into_query();
    SubQueryStatement::SelectStatement(query).into()
}

fn is_due(last: &log_checkpoints::Model, now: Timestamp) -> bool {
    Timestamp::from_micros(last.made_at).day() < now.day()
}

/// Seals those of the waiting events that still wait, and what else is due.
async fn seal(
    tx: &Tx,
    key: &LogKey,
    keeper: &log_keepers::Model,
    mut waiting: HashMap<Uuid, Hash>,
) -> Result<usize, StoreError> {
    let frontier = frontier(keeper).ok_or(StoreError::Inconsistent {
        table: "log_keepers",
        column: "peaks",
    })?;
    let mut growth = Growth::from(frontier);
    for id in take(tx, waiting.keys().copied().collect()).await? {
        if let Some(hash) = waiting.remove(&id) {
            growth.push(id, hash);
        }
    }
    let sealed = growth.entries.len();
    let last = last_checkpoint(tx.conn()).await?;
    let is_due = last.as_ref().map_or(sealed > 0, |last| is_due(last, tx.now()));
    if sealed == 0 && !is_due {
        return Ok(0);
    }
    // Sealing goes on whatever somebody made of the last checkpoint, or whoever signed it: verification finds that.
    let mut before = last
        .as_ref()
        .and_then(|last| Checkpoint::parse(&last.note))
        .map(|(checkpoint, _)| checkpoint.hash());
    if is_due {
        let [count]: [u8; 1] = tx.ids().bytes();
        for _ in 0..count % BLANKS {
            let id = tx.ids().v4();
            growth.push(id, blank_hash(id));
        }
        let checkpoint = growth.stands(key, tx.now(), before);
        let number = last.map_or(1, |last| last.number + 1);
        let row = log_checkpoints::ActiveModel {
            number: Set(number),
            size: Set(as_row(checkpoint.size)),
            made_at: Set(tx.now().micros()),
            note: Set(key.sign(&checkpoint)),
        };
        log_checkpoints::Entity::insert(row)
            .exec_without_returning(tx.conn())
            .await?;
        before = Some(checkpoint.hash());
    }
    let head = key.sign(&growth.stands(key, tx.now(), before));
    growth.write(tx, head).await?;
    Ok(sealed)
}

/// Takes events out of the queue; gives those that were in it, in the order of their ids. Whoever else may have looked at the
/// same has sealed them before, or finds them gone.
async fn take(tx: &Tx, ids: Vec<Uuid>) -> Result<Vec<Uuid>, StoreError> {
    use unsealed_events::{Column, Entity};
    if ids.is_empty() {
        return Ok(ids);
    }
    let delete = Query::delete()
        .from_table(Entity)
        .and_where(Column::EventId.is_in(ids))
        .returning_col(Column::EventId)
        .to_owned();
    let rows = tx.conn().query_all(&delete).await?;
    let mut taken = Vec::with_capacity(rows.len());
    for row in rows {
        taken.push(row.try_get::<Uuid>("", "event_id")?);
    }
    taken.sort_unstable();
    // What has a place already keeps it, whoever put it into the queue again.
    let sealed: Vec<Uuid> = log_entries::Entity::find()
        .select_only()
        .column(log_entries::Column::EventId)
        .filter(log_entries::Column::EventId.is_in(taken.iter().copied()))
        .into_tuple()
        .all(tx.conn())
        .await?;
    taken.retain(|id| !sealed.contains(id));
    Ok(taken)
}

/// What a batch adds to the tree.
struct Growth {
    frontier: Frontier,
    entries: Vec<log_entries::ActiveModel>,
    nodes: Vec<log_nodes::ActiveModel>,
}

impl From<Frontier> for Growth {
    fn from(frontier: Frontier) -> Self {
        Self {
            frontier,
            entries: Vec::new(),
            nodes: Vec::new(),
        }
    }
}

impl Growth {
    fn push(&mut self, event: Uuid, hash: Hash) {
        self.entries.push(log_entries::ActiveModel {
            log_index: Set(as_row(self.frontier.size())),
            event_id: Set(event),
            leaf_hash: Set(hash.to_vec()),
        });
        let nodes = &mut self.nodes;
        self.frontier.push(hash, |Node { level, index }, hash| {
            if level % STEP == 0 {
                nodes.push(log_nodes::ActiveModel {
                    level: Set(i16::from(level)),
                    node_index: Set(as_row(index)),
                    hash: Set(hash.to_vec()),
                });
            }
        });
    }

    fn stands(&self, key: &LogKey, now: Timestamp, previous: Option<Hash>) -> Checkpoint {
        Checkpoint {
            origin: key.origin().to_owned(),
            size: self.frontier.size(),
            root: self.frontier.root(),
            at: now,
            previous,
        }
    }

    async fn write(self, tx: &Tx, head: String) -> Result<(), StoreError> {
        for chunk in self.entries.chunks(CHUNK) {
            log_entries::Entity::insert_many(chunk.to_vec())
                .exec_without_returning(tx.conn())
                .await?;
        }
        if !self.nodes.is_empty() {
            log_nodes::Entity::insert_many(self.nodes)
                .exec_without_returning(tx.conn())
                .await?;
        }
        log_keepers::Entity::update(log_keepers::ActiveModel {
            id: Set(KEEPER),
            size: Set(as_row(self.frontier.size())),
            peaks: Set(self.frontier.peaks().concat()),
            note: Set(head),
        })
        .exec(tx.conn())
        .await?;
        Ok(())
    }
}
