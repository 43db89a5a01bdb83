//! The sealed log. A background sealer gives each event a place, puts its hash into a tree (RFC 9162) and signs how the tree
//! stands, so that no write waits for the chain and nobody changes, takes away or reorders an event unnoticed.
//!
//! - `unsealed_events`: what waits. A row comes with its event, in the same transaction, and goes when it has a place.
//! - `log_entries`: the leaves. An entry that stands for no event is a *blank*: its hash follows from its random id alone.
//! - `log_nodes`: the hashes of complete subtrees of 2^8, 2^16, ... leaves, from which a proof is put together.
//! - `log_keepers`: one row, which the sealer at work holds: the right edge of the tree, and the signed head.
//! - `log_checkpoints`: one a day, each with the hash of the one before. They alone are shown: see `docs/adr`.

mod key;
mod proving;
mod sealing;
mod verifications;
mod verifying;

use std::collections::HashSet;

use liangnuo_domain::log::{Leaf, checkpoint::Checkpoint, hex, merkle::Frontier};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

pub use key::LogKey;
pub use proving::InclusionProof;
pub use verifications::{TOPIC, Verification};
pub use verifying::{Fault, Flaw, Report};

use crate::{
    db::Store,
    entity::{events, log_checkpoints, log_entries, log_keepers},
    error::StoreError,
};

/// Levels of the tree from one that is kept to the next: a proof reads at most 2^8 hashes for each.
const STEP: u8 = 8;

/// The one row that says how the log stands.
const KEEPER: i16 = 1;

/// Seconds after which an event that still has no place is a fault.
const PATIENCE: i64 = 300;

/// A checkpoint as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The signed note.
    pub note: String,
}

impl Store {
    /// The last checkpoint; none before the first event was sealed.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] if the one that is kept was not signed by this log's key.
    pub async fn log_checkpoint(&self) -> Result<Option<SignedCheckpoint>, StoreError> {
        let Some(row) = last_checkpoint(self.read()).await? else {
            return Ok(None);
        };
        let checkpoint = self.log_key().open(&row.note).ok_or(StoreError::Inconsistent {
            table: "log_checkpoints",
            column: "note",
        })?;
        let note = row.note;
        Ok(Some(SignedCheckpoint { checkpoint, note }))
    }

    /// Which of some events are sealed. Their places are not told: from gaps between them whoever some events are hidden from
    /// could count those.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sealed_among(&self, events: impl IntoIterator<Item = Uuid>) -> Result<HashSet<Uuid>, StoreError> {
        use log_entries::{Column, Entity};
        let sealed: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::EventId)
            .filter(Column::EventId.is_in(events))
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(sealed.into_iter().collect())
    }

    /// What is sealed of an event: the text whose hash is its entry in the log. With it and a proof somebody can show what the
    /// event said.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is no such event.
    pub async fn canonical_event(&self, id: Uuid) -> Result<String, StoreError> {
        let event = events::Entity::find_by_id(id).one(self.read()).await?;
        Ok(leaf(&event.ok_or(StoreError::NotFound)?).canonical())
    }
}

async fn last_checkpoint<C: ConnectionTrait>(conn: &C) -> Result<Option<log_checkpoints::Model>, StoreError> {
    let last = log_checkpoints::Entity::find().order_by_desc(log_checkpoints::Column::Number);
    Ok(last.one(conn).await?)
}

/// What stands for an event in the log.
fn leaf(event: &events::Model) -> Leaf<'_> {
    Leaf {
        action: &event.action,
        acting_for: event.acting_for,
        actor_id: event.actor_id,
        actor_kind: &event.actor_kind,
        at: event.at,
        detail_hash: hex(&event.detail_hash),
        id: event.id,
        listed_at: event.listed_at,
        position: event.position,
        region_id: event.region_id,
        subject_id: event.subject_id,
        subject_kind: &event.subject_kind,
        unit_id: event.unit_id,
    }
}

/// The right edge of the tree as it is kept; none where no sealer can have written it.
fn frontier(keeper: &log_keepers::Model) -> Option<Frontier> {
    let (peaks, rest) = keeper.peaks.as_chunks::<32>();
    let size = u64::try_from(keeper.size).ok()?;
    rest.is_empty().then_some(())?;
    Frontier::restore(size, peaks.to_vec())
}

/// A number of leaves as the database keeps it. The database's own largest is beyond any log.
fn as_row(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
