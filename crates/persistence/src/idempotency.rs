//! Idempotency keys: the same request sent twice has one effect and one answer.
//!
//! The row is written in the transaction of the effect, as its first statement: PostgreSQL lets the second request wait
//! there for the first, SQLite has one writer anyway. What is kept is *which thing* came of it; the answer is rendered
//! again from that.

use liangnuo_domain::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    db::Store,
    entity::idempotency_keys::{ActiveModel, Column, Entity},
    error::StoreError,
    imports,
    tx::{By, Tx, Unlogged},
};

/// A key is remembered for a day.
const KEPT_SECONDS: i64 = 86_400;

/// A request that must have at most one effect.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    /// Whose key it is: `public`, or a member's id.
    pub caller: String,
    /// The key.
    pub key: Uuid,
    /// The operation's name.
    pub operation: &'static str,
    /// SHA-256 of what was asked.
    pub request_hash: Vec<u8>,
}

impl IdempotencyKey {
    /// A key for an operation with what was asked, in any stable form.
    #[must_use]
    pub fn new(caller: impl Into<String>, key: Uuid, operation: &'static str, request: &[u8]) -> Self {
        Self {
            caller: caller.into(),
            key,
            operation,
            request_hash: Sha256::digest(request).to_vec(),
        }
    }
}

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// Nothing yet: go on.
    First,
    /// The request was done before; this came of it.
    Done(Uuid),
}

impl IdempotencyKey {
    /// Claims the key for `subject` within the transaction, or tells what it stands for.
    ///
    /// # Errors
    /// [`StoreError::KeyReused`] if it was used for something else.
    pub(crate) async fn claim(&self, tx: &Tx, subject: Uuid) -> Result<Replay, StoreError> {
        let row = ActiveModel {
            caller: Set(self.caller.clone()),
            idempotency_key: Set(self.key),
            operation: Set(self.operation.to_owned()),
            request_hash: Set(self.request_hash.clone()),
            subject_id: Set(subject),
            expires_at: Set(tx.now().plus_seconds(KEPT_SECONDS).micros()),
        };
        // A key past its day is free again, and taken over.
        let past = Expr::col((Entity, Column::ExpiresAt)).lt(tx.now().micros());
        let written = Entity::insert(row)
            .on_conflict(
                OnConflict::columns([Column::Caller, Column::IdempotencyKey])
                    .update_columns([
                        Column::Operation,
                        Column::RequestHash,
                        Column::SubjectId,
                        Column::ExpiresAt,
                    ])
                    .action_and_where(past)
                    .to_owned(),
            )
            .exec_without_returning(tx.conn())
            .await?;
        if written == 1 {
            return Ok(Replay::First);
        }
        let known = Entity::find_by_id((self.caller.clone(), self.key))
            .one(tx.conn())
            .await?
            .ok_or(StoreError::Bug("an idempotency key vanished"))?;
        if known.operation == self.operation && known.request_hash == self.request_hash {
            Ok(Replay::Done(known.subject_id))
        } else {
            Err(StoreError::KeyReused)
        }
    }

    /// Whether the key was used before; for what, [`Self::claim`] tells.
    pub(crate) async fn is_known(&self, read: &impl ConnectionTrait) -> Result<bool, StoreError> {
        let known = Entity::find_by_id((self.caller.clone(), self.key)).one(read).await?;
        Ok(known.is_some())
    }
}

impl Store {
    /// Deletes what is past its time: keys, spent proofs of work, ended sessions, old links, files of imports.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_expired(&self, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            use crate::entity::{account_links, sessions, spent_challenges};
            let tx = writer.begin_write(By::System, now).await?;
            Entity::delete_many()
                .filter(Column::ExpiresAt.lt(now.micros()))
                .exec(tx.conn())
                .await?;
            spent_challenges::Entity::delete_many()
                .filter(spent_challenges::Column::ExpiresAt.lt(now.micros()))
                .exec(tx.conn())
                .await?;
            sessions::Entity::delete_many()
                .filter(sessions::Column::ExpiresAt.lt(now.micros()))
                .exec(tx.conn())
                .await?;
            // As long as the key of a request that issued one, which is answered by it.
            account_links::Entity::delete_many()
                .filter(account_links::Column::ExpiresAt.lt(now.plus_seconds(-KEPT_SECONDS).micros()))
                .exec(tx.conn())
                .await?;
            imports::delete_old_files(&tx).await?;
            tx.commit_unlogged(Unlogged::Expiry).await
        })
        .await
    }
}
