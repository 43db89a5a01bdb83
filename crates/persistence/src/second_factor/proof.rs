//! What somebody shows to prove who they are, and that each code proves it once.

use liangnuo_domain::{AccountId, MemberId, SessionId, Timestamp, UnitId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use super::in_use;
use crate::{
    callers::Caller,
    db::Store,
    entity::{accounts, recovery_codes, second_factors, sessions},
    error::StoreError,
    events::{NewEvent, Subject},
    tx::{By, Tx, Unlogged},
};

/// What was shown and found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The password alone, which is enough where no second factor is in use.
    Password,
    /// A code, by its step.
    Code {
        /// The second factor whose code it is, by when it was enrolled.
        enrolled_at: Timestamp,
        /// The step.
        step: i64,
    },
    /// A recovery code, by its hash.
    RecoveryCode(Vec<u8>),
}

/// Uses a proof up in the transaction of what it is for.
///
/// # Errors
/// [`StoreError::CodeUsed`] for a code or recovery code that was used before or belongs to no second factor of the account;
/// [`StoreError::CodeNeeded`] for a password where a second factor is in use.
pub(crate) async fn use_up(tx: &mut Tx, account: &accounts::Model, proof: Proof) -> Result<(), StoreError> {
    let id = AccountId(account.id);
    let used = match proof {
        Proof::Password => {
            let known = second_factors::Entity::find().filter(in_use(id)).one(tx.conn()).await?;
            return if known.is_none() {
                Ok(())
            } else {
                Err(StoreError::CodeNeeded)
            };
        }
        Proof::Code { enrolled_at, step } => {
            second_factors::Entity::update_many()
                .col_expr(second_factors::Column::LastStep, Expr::value(step))
                .filter(in_use(id))
                .filter(second_factors::Column::EnrolledAt.eq(enrolled_at.micros()))
                .filter(second_factors::Column::LastStep.lt(step))
                .exec(tx.conn())
                .await?
        }
        Proof::RecoveryCode(hash) => {
            let used = recovery_codes::Entity::update_many()
                .col_expr(recovery_codes::Column::UsedAt, Expr::value(tx.now().micros()))
                .filter(recovery_codes::Column::AccountId.eq(id.0))
                .filter(recovery_codes::Column::CodeHash.eq(hash))
                .filter(recovery_codes::Column::UsedAt.is_null())
                .exec(tx.conn())
                .await?;
            if used.rows_affected == 1 {
                note_recovery(tx, account).await?;
            }
            used
        }
    };
    if used.rows_affected == 1 {
        Ok(())
    } else {
        Err(StoreError::CodeUsed)
    }
}

/// That a recovery code was used is in the log: who holds the paper and not the telephone gets in by it.
async fn note_recovery(tx: &mut Tx, account: &accounts::Model) -> Result<(), StoreError> {
    let (region, member) = (UnitId(account.region_id), MemberId(account.member_id));
    let home = crate::members::load(tx.conn(), region, member)
        .await?
        .ok_or(StoreError::SessionEnded)?;
    let event = NewEvent::new(region, Subject::Accounts, account.id, "recovery_code_used", json!({}));
    tx.record(NewEvent {
        by: Some(By::Member(member)),
        ..event.in_unit(home.unit)
    });
    Ok(())
}

/// Commits what a proof was used up for: with an event, if it left one.
pub(crate) async fn commit(tx: Tx) -> Result<(), StoreError> {
    if tx.has_events() {
        tx.commit().await
    } else {
        tx.commit_unlogged(Unlogged::Sessions).await
    }
}

/// Notes that a session has just shown who it is.
pub(super) async fn confirm_session(tx: &Tx, session: SessionId) -> Result<(), StoreError> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::ConfirmedAt, Expr::value(tx.now().micros()))
        .filter(sessions::Column::Id.eq(session.0))
        .filter(sessions::Column::EndedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

impl Store {
    /// Notes that the caller's session has just shown who it is.
    ///
    /// # Errors
    /// As for every proof: a code that was used before, a password where a code is needed.
    pub async fn confirm_session(&self, caller: &Caller, proof: Proof, now: Timestamp) -> Result<(), StoreError> {
        let actor = caller.actor.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(actor.member), now).await?;
            let account = accounts::Entity::find_by_id(actor.account.0)
                .one(tx.conn())
                .await?
                .ok_or(StoreError::SessionEnded)?;
            use_up(&mut tx, &account, proof).await?;
            confirm_session(&tx, actor.session).await?;
            commit(tx).await
        })
        .await
    }
}
