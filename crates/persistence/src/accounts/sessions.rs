//! Sessions and their refresh tokens.
//!
//! Refresh tokens are kept as hashes and rotate with each use. A token that is used again tells of a thief: the whole
//! session ends. Two tabs that refresh within the same few seconds are no thieves; they get the same successor.

use liangnuo_domain::{
    AccountId, MemberId, RegionId, SessionId, Timestamp, UnitId,
    sessions::{Browser, Device, Lifetime, System},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::own_event;
use crate::{
    callers::Caller,
    db::Store,
    entity::{accounts, refresh_tokens, sessions},
    error::StoreError,
    role_grants::roles_in_force,
    second_factor::{Proof, commit, use_up},
    tx::{By, Tx, Unlogged},
};

/// Seconds in which a token may be used once more: two tabs.
const GRACE_SECONDS: i64 = 5;
/// Sessions that are listed: nobody looks through more.
const LISTED: u64 = 100;

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

/// A session as its owner sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// Its id.
    pub id: SessionId,
    /// The one that asks.
    pub is_current: bool,
    /// On what it was begun.
    pub device: Device,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was last gone on with: a client that works does so every few minutes.
    pub last_used_at: Timestamp,
}

impl Store {
    /// Opens a session with its first refresh token, by what was shown. It counts as confirmed.
    ///
    /// # Errors
    /// [`StoreError::CodeNeeded`] for a password alone where a second factor is in use, [`StoreError::CodeUsed`] for a code
    /// that was used before.
    pub async fn open_session(
        &self,
        account: AccountId,
        proof: Proof,
        token_hash: Vec<u8>,
        device: Device,
        now: Timestamp,
    ) -> Result<Renewed, StoreError> {
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            let row = accounts::Entity::find_by_id(account.0)
                .one(tx.conn())
                .await?
                .ok_or(StoreError::SessionEnded)?;
            use_up(&mut tx, &row, proof).await?;
            let session = SessionId(tx.ids().v7(now));
            let lifetime = lifetime_of(&tx, &row).await?;
            let new = sessions::ActiveModel {
                id: Set(session.0),
                region_id: Set(row.region_id),
                account_id: Set(account.0),
                created_at: Set(now.micros()),
                last_used_at: Set(now.micros()),
                expires_at: Set(lifetime.ends_at(now, now).micros()),
                ended_at: Set(None),
                end_reason: Set(None),
                browser: Set(device.browser.code().to_owned()),
                system: Set(device.system.code().to_owned()),
                confirmed_at: Set(now.micros()),
            };
            sessions::Entity::insert(new).exec_without_returning(tx.conn()).await?;
            insert_token(&tx, session, token_hash, now).await?;
            commit(tx).await?;
            Ok(Renewed {
                session,
                account,
                idle_seconds: lifetime.idle_seconds,
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
                let account = accounts::Entity::find_by_id(session.account_id)
                    .one(tx.conn())
                    .await?
                    .ok_or(StoreError::SessionEnded)?;
                // By the roles of now: who became an administrator since goes on as one.
                let lifetime = lifetime_of(&tx, &account).await?;
                let expires_at = lifetime.ends_at(Timestamp::from_micros(session.created_at), now);
                if expires_at <= now {
                    return Err(StoreError::SessionEnded);
                }
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

    /// The caller's sessions that go on: the one that asks, then those that were used last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sessions(&self, caller: &Caller, now: Timestamp) -> Result<Vec<SessionView>, StoreError> {
        let rows = sessions::Entity::find()
            .filter(open_of(caller.actor.account))
            .filter(sessions::Column::ExpiresAt.gt(now.micros()))
            .order_by_desc(Expr::col(sessions::Column::Id).eq(caller.actor.session.0))
            .order_by_desc(sessions::Column::LastUsedAt)
            .order_by_desc(sessions::Column::Id)
            .limit(LISTED)
            .all(self.read())
            .await?;
        let view = |row: sessions::Model| SessionView {
            id: SessionId(row.id),
            is_current: row.id == caller.actor.session.0,
            device: Device {
                browser: Browser::from_code(&row.browser).unwrap_or(Browser::Other),
                system: System::from_code(&row.system).unwrap_or(System::Other),
            },
            created_at: Timestamp::from_micros(row.created_at),
            last_used_at: Timestamp::from_micros(row.last_used_at),
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Ends one of the caller's sessions, be it the one that asks.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for one that has ended, and for anybody else's.
    pub async fn end_own_session(&self, caller: Caller, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        let this_one = sessions::Column::Id.eq(id.0);
        let ended = self
            .end_sessions_of(
                caller,
                this_one.and(sessions::Column::ExpiresAt.gt(now.micros())),
                "session_ended",
                now,
            )
            .await?;
        if ended { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Ends all of the caller's sessions but the one that asks.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_other_sessions(&self, caller: Caller, now: Timestamp) -> Result<(), StoreError> {
        let others = sessions::Column::Id.ne(caller.actor.session.0);
        self.end_sessions_of(caller, others, "other_sessions_ended", now)
            .await?;
        Ok(())
    }

    /// Ends those of the caller's sessions that are `which`, and logs it as `code`; tells whether there were any.
    async fn end_sessions_of(
        &self,
        caller: Caller,
        which: Expr,
        code: &'static str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(move |writer| async move {
            let actor = &caller.actor;
            let mut tx = writer.begin_write(By::Member(actor.member), now).await?;
            let ended = sessions::Entity::update_many()
                .col_expr(sessions::Column::EndedAt, Expr::value(now.micros()))
                .col_expr(sessions::Column::EndReason, Expr::value("ended_by_owner"))
                .filter(open_of(actor.account))
                .filter(which)
                .exec(tx.conn())
                .await?;
            if ended.rows_affected == 0 {
                tx.rollback().await?;
                return Ok(false);
            }
            tx.record(own_event(&caller, code));
            tx.commit().await?;
            Ok(true)
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

/// How long the sessions of an account last, by the roles that its owner has now.
async fn lifetime_of(tx: &Tx, account: &accounts::Model) -> Result<Lifetime, StoreError> {
    let (region, member): (RegionId, _) = (UnitId(account.region_id), MemberId(account.member_id));
    Ok(Lifetime::of(roles_in_force(tx.conn(), region, member, tx.now()).await?))
}

/// The sessions of an account that nobody ended.
fn open_of(account: AccountId) -> Condition {
    Condition::all()
        .add(sessions::Column::AccountId.eq(account.0))
        .add(sessions::Column::EndedAt.is_null())
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
