//! The unit of work: one transaction, the events that it leaves, and what the outbox shall deliver.

use liangnuo_domain::{
    Doer, MemberId, RegionId, Timestamp,
    policy::{Action, Resource},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use uuid::Uuid;

use crate::{
    callers::Caller,
    db::Store,
    entity::outbox,
    error::StoreError,
    events::{self, NewEvent},
    ids::Ids,
    vault::keys::Vault,
};

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A member.
    Member(MemberId),
    /// A member who stands in for another one, whose right it is.
    Deputy {
        /// Who acts.
        member: MemberId,
        /// For whom.
        holder: MemberId,
    },
    /// Somebody of the public; nothing of them is known.
    Complainant,
    /// The product itself: a job, an import's worker.
    System,
}

impl By {
    /// The member who writes, if one does.
    #[must_use]
    pub const fn member(self) -> Option<MemberId> {
        match self {
            Self::Member(member) | Self::Deputy { member, .. } => Some(member),
            Self::Complainant | Self::System => None,
        }
    }
}

impl From<Doer> for By {
    fn from(doer: Doer) -> Self {
        match doer.acting_for {
            Some(holder) => Self::Deputy {
                member: doer.member,
                holder,
            },
            None => Self::Member(doer.member),
        }
    }
}

/// The writes that leave no event. The list is closed and pinned by a test: whatever is not on it must leave one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlogged {
    /// Sessions and their refresh tokens.
    Sessions,
    /// Spent proofs of work.
    ProofOfWork,
    /// Progress of a job.
    Jobs,
    /// Files that belong to nothing yet.
    Uploads,
    /// Leases of the outbox, and what it has delivered.
    Leases,
    /// Blocks of numbers.
    Numbers,
    /// Rows that are past their time, such as expired idempotency keys.
    Expiry,
    /// Sums over what is in the log already.
    Sums,
    /// Places in the sealed log for what is in the log already.
    Sealing,
    /// That a member has read their notices.
    ReadMarks,
    /// The seed of a second factor that no code was shown of yet.
    SecondFactors,
    /// A one-time bootstrap link, before there is a county whose log could hold it.
    Bootstrap,
}

/// A transaction.
#[must_use = "a transaction that is dropped is rolled back"]
#[derive(Debug)]
pub struct Tx {
    conn: DatabaseTransaction,
    ids: Ids,
    vault: Vault,
    by: By,
    now: Timestamp,
    events: Vec<NewEvent>,
    deliveries: Vec<outbox::ActiveModel>,
}

impl Tx {
    pub(crate) fn new(conn: DatabaseTransaction, store: &Store, by: By, now: Timestamp) -> Self {
        Self {
            conn,
            ids: store.ids().clone(),
            vault: store.vault().clone(),
            by,
            now,
            events: Vec::new(),
            deliveries: Vec::new(),
        }
    }

    pub(crate) const fn conn(&self) -> &DatabaseTransaction {
        &self.conn
    }

    /// When this work is done: one instant for all of it.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) const fn ids(&self) -> &Ids {
        &self.ids
    }

    pub(crate) const fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Notes what happened; written when the transaction commits.
    pub(crate) fn record(&mut self, event: NewEvent) {
        self.events.push(event);
    }

    /// Who acts, unless an event says otherwise.
    pub(crate) const fn by(&self) -> By {
        self.by
    }

    /// Asks the policy about what the transaction is about to do. Whatever it records is done in the name of the one whose
    /// deputy the caller is, where one of the rights that were asked for came by that alone.
    ///
    /// # Errors
    /// As [`Caller::must`].
    pub(crate) fn must(&mut self, caller: &Caller, action: Action, resource: Resource<'_>) -> Result<Doer, StoreError> {
        let doer = caller.must(action, resource)?;
        self.done_by(doer);
        Ok(doer)
    }

    /// Notes by whose right the work is done, as [`Tx::must`] does.
    pub(crate) fn done_by(&mut self, doer: Doer) {
        if matches!(self.by, By::Member(_)) {
            self.by = doer.into();
        }
    }

    /// Whether anything happened so far.
    pub(crate) const fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// Has the outbox deliver something after the commit, at least once.
    pub(crate) fn deliver(&mut self, region: RegionId, topic: &'static str, subject: Uuid) {
        self.deliver_at(region, topic, subject, self.now);
    }

    /// As [`Tx::deliver`], but not before an instant.
    pub(crate) fn deliver_at(&mut self, region: RegionId, topic: &'static str, subject: Uuid, at: Timestamp) {
        self.deliveries.push(outbox::ActiveModel {
            id: Set(self.ids.v7(self.now)),
            region_id: Set(region.0),
            topic: Set(topic.to_owned()),
            subject_id: Set(subject),
            created_at: Set(self.now.micros()),
            available_at: Set(at.micros()),
            leased_until: Set(0),
            attempts: Set(0),
            done_at: Set(None),
        });
    }

    /// Writes the events and commits.
    ///
    /// # Errors
    /// [`StoreError::Bug`] for a write that recorded no event.
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.events.is_empty() {
            return Err(StoreError::Bug("a write recorded no event"));
        }
        self.finish().await
    }

    /// Commits work that leaves no event, and may only be one of the closed list.
    ///
    /// # Errors
    /// [`StoreError::Bug`] when there was an event after all.
    pub async fn commit_unlogged(self, _kind: Unlogged) -> Result<(), StoreError> {
        if !self.events.is_empty() {
            return Err(StoreError::Bug("an unlogged write recorded an event"));
        }
        self.finish().await
    }

    async fn finish(self) -> Result<(), StoreError> {
        events::insert(&self.conn, &self.ids, self.by, self.now, self.events).await?;
        if !self.deliveries.is_empty() {
            outbox::Entity::insert_many(self.deliveries)
                .exec_without_returning(&self.conn)
                .await?;
        }
        self.conn.commit().await?;
        Ok(())
    }

    /// Gives up what was written so far. Dropping does the same, but later.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.conn.rollback().await?;
        Ok(())
    }
}
