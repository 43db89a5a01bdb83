//! Sessions and their refresh tokens.
//!
//! Refresh tokens are kept as hashes and rotate with each use. A token that is used again tells of a thief: the whole
//! session ends. Two tabs that refresh within the same few seconds are no thieves; they get the same successor.

use liangnuo_domain::{AccountId, SessionId, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::{
    db::Store,
    entity::{accounts, refresh_tokens, sessions},
    error::StoreError,
    tx::{By, Tx, Unlogged},
};

/// Seconds in which a token may be used once more: two tabs.
const GRACE_SECONDS: i64 = 5;
/// A session that is not used ends after half an hour,
const IDLE_SECONDS: i64 = 1_800;
/// and at the latest after twelve.
const ABSOLUTE_SECONDS: i64 = 43_200;

/// A session that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewed {
    /// The session.
    pub session: SessionId,
    /// The account.
    pub account: AccountId,
    /// Seconds until it ends if it is not used.
    pub idle_seconds: i64,
}

impl Store {
    /// Opens a session with its first refresh token.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open_session(
        &self,
        account: AccountId,
        token_hash: Vec<u8>,
        now: Timestamp,
    ) -> Result<Renewed, StoreError> {
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            let row = accounts::Entity::find_by_id(account.0)
                .one(tx.conn())
                .await?
                .ok_or(StoreError::SessionEnded)?;
            let session = SessionId(tx.ids().v7(now));
            let new = sessions::ActiveModel {
                id: Set(session.0),
                region_id: Set(row.region_id),
                account_id: Set(account.0),
                created_at: Set(now.micros()),
                last_used_at: Set(now.micros()),
                expires_at: Set(now.plus_seconds(IDLE_SECONDS).micros()),
                ended_at: Set(None),
                end_reason: Set(None),
            };
            sessions::Entity::insert(new).exec_without_returning(tx.conn()).await?;
            insert_token(&tx, session, token_hash, now).await?;
            tx.commit_unlogged(Unlogged::Sessions).await?;
            Ok(Renewed {
                session,
                account,
                idle_seconds: IDLE_SECONDS,
            })
        })
        .await
    }

    /// Turns a refresh token into its successor.
    ///
    /// # Errors
    /// [`StoreError::SessionEnded`] for a token that is unknown, run out, or used before; the latter ends the session.
    pub async fn renew_session(
        &self,
        token_hash: Vec<u8>,
        successor_hash: Vec<u8>,
        now: Timestamp,
    ) -> Result<Renewed, StoreError> {
        if !self.knows_token(&token_hash).await? {
            return Err(StoreError::SessionEnded);
        }
        let outcome = self
            .write(move |writer| async move {
                let tx = writer.begin_write(By::System, now).await?;
                let token = refresh_tokens::Entity::find_by_id(token_hash.clone())
                    .one(tx.conn())
                    .await?
                    .ok_or(StoreError::SessionEnded)?;
                let session = sessions::Entity::find_by_id(token.session_id)
                    .one(tx.conn())
                    .await?
                    .filter(|row| row.ended_at.is_none() && row.expires_at > now.micros())
                    .ok_or(StoreError::SessionEnded)?;
                // The first use wins by this condition, not by the read above.
                let first_use = refresh_tokens::Entity::update_many()
                    .col_expr(refresh_tokens::Column::UsedAt, Expr::value(now.micros()))
                    .filter(refresh_tokens::Column::TokenHash.eq(token_hash))
                    .filter(refresh_tokens::Column::UsedAt.is_null())
                    .exec(tx.conn())
                    .await?
                    .rows_affected
                    == 1;
                let in_grace = token
                    .used_at
                    .is_none_or(|at| now <= Timestamp::from_micros(at).plus_seconds(GRACE_SECONDS));
                if !first_use && !in_grace {
                    end(&tx, session.id, "refresh_token_reused").await?;
                    tx.commit_unlogged(Unlogged::Sessions).await?;
                    return Ok(None);
                }
                insert_token(&tx, SessionId(session.id), successor_hash, now).await?;
                let latest = Timestamp::from_micros(session.created_at).plus_seconds(ABSOLUTE_SECONDS);
                let expires_at = now.plus_seconds(IDLE_SECONDS).min(latest);
                sessions::Entity::update_many()
                    .col_expr(sessions::Column::LastUsedAt, Expr::value(now.micros()))
                    .col_expr(sessions::Column::ExpiresAt, Expr::value(expires_at.micros()))
                    .filter(sessions::Column::Id.eq(session.id))
                    .exec(tx.conn())
                    .await?;
                tx.commit_unlogged(Unlogged::Sessions).await?;
                Ok(Some(Renewed {
                    session: SessionId(session.id),
                    account: AccountId(session.account_id),
                    idle_seconds: (expires_at.micros() - now.micros()) / 1_000_000,
                }))
            })
            .await?;
        outcome.ok_or(StoreError::SessionEnded)
    }

    /// Ends the session of a refresh token; an unknown one is as good as ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_session(&self, token_hash: Vec<u8>, now: Timestamp) -> Result<Option<SessionId>, StoreError> {
        if !self.knows_token(&token_hash).await? {
            return Ok(None);
        }
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            let token = refresh_tokens::Entity::find_by_id(token_hash).one(tx.conn()).await?;
            let Some(token) = token else { return Ok(None) };
            end(&tx, token.session_id, "signed_out").await?;
            tx.commit_unlogged(Unlogged::Sessions).await?;
            Ok(Some(SessionId(token.session_id)))
        })
        .await
    }

    /// Whether a token was ever given out. Anybody can make one up; only one that is known may take its turn at
    /// writing, of which SQLite has but one at a time.
    async fn knows_token(&self, token_hash: &[u8]) -> Result<bool, StoreError> {
        let found = refresh_tokens::Entity::find_by_id(token_hash.to_vec())
            .one(self.read())
            .await?;
        Ok(found.is_some())
    }
}

/// Two tabs may bring the same successor at once; it is kept once.
async fn insert_token(tx: &Tx, session: SessionId, token_hash: Vec<u8>, now: Timestamp) -> Result<(), StoreError> {
    let row = refresh_tokens::ActiveModel {
        token_hash: Set(token_hash),
        session_id: Set(session.0),
        issued_at: Set(now.micros()),
        used_at: Set(None),
    };
    refresh_tokens::Entity::insert(row)
        .on_conflict(
            OnConflict::column(refresh_tokens::Column::TokenHash)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

async fn end(tx: &Tx, session: Uuid, reason: &'static str) -> Result<(), StoreError> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::EndedAt, Expr::value(tx.now().micros()))
        .col_expr(sessions::Column::EndReason, Expr::value(reason))
        .filter(sessions::Column::Id.eq(session))
        .filter(sessions::Column::EndedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Ends every session of an account, but perhaps the one that asks for it.
pub(crate) async fn end_all(
    tx: &Tx,
    account: AccountId,
    except: Option<SessionId>,
    reason: &'static str,
) -> Result<(), StoreError> {
    let mut open = sessions::Entity::update_many()
        .col_expr(sessions::Column::EndedAt, Expr::value(tx.now().micros()))
        .col_expr(sessions::Column::EndReason, Expr::value(reason))
        .filter(sessions::Column::AccountId.eq(account.0))
        .filter(sessions::Column::EndedAt.is_null());
    if let Some(except) = except {
        open = open.filter(sessions::Column::Id.ne(except.0));
    }
    open.exec(tx.conn()).await?;
    Ok(())
}
