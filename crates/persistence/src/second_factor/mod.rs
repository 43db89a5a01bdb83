//! The second factor of an account: its seed, the codes that were used, and the recovery codes.
//!
//! A code is good once: the step of the last one is kept and only ever moved on, in the transaction of what the code is
//! for. A seed is opened for whoever computes codes of it and for nobody else; no answer and no event holds one.

mod proof;
mod removing;

use liangnuo_domain::{AccountId, Timestamp, second_factor as rules};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

pub use self::proof::Proof;
pub(crate) use self::proof::{commit, use_up};
use crate::{
    accounts::{end_all, own_event},
    callers::Caller,
    db::Store,
    entity::{recovery_codes, second_factors},
    error::StoreError,
    tx::{By, Tx, Unlogged},
};

/// What the seeds are sealed as.
pub(crate) const PURPOSE: &str = "second-factor-seed";

/// What codes are computed of.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed(pub Vec<u8>);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed")
    }
}

/// A second factor that is in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    /// What its codes are computed of.
    pub seed: Seed,
    /// Since when it is in use.
    pub enrolled_at: Timestamp,
    /// The step of the last code that was used.
    pub last_step: i64,
}

/// How somebody stands with their second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondFactorView {
    /// Since when there is one.
    pub enrolled_at: Option<Timestamp>,
    /// Recovery codes that were not used.
    pub recovery_codes_left: u64,
}

/// Writes recovery codes in the place of those that were there.
async fn replace_recovery_codes(tx: &Tx, account: AccountId, hashes: Vec<Vec<u8>>) -> Result<(), StoreError> {
    recovery_codes::Entity::delete_many()
        .filter(recovery_codes::Column::AccountId.eq(account.0))
        .exec(tx.conn())
        .await?;
    let rows = hashes.into_iter().map(|hash| recovery_codes::ActiveModel {
        account_id: Set(account.0),
        code_hash: Set(hash),
        used_at: Set(None),
    });
    recovery_codes::Entity::insert_many(rows)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

impl Store {
    /// The second factor of an account, if one is in use.
    ///
    /// # Errors
    /// [`StoreError::Bug`] for a seed that was sealed with another key.
    pub async fn second_factor(&self, account: AccountId) -> Result<Option<SecondFactor>, StoreError> {
        let row = second_factors::Entity::find_by_id(account.0).one(self.read()).await?;
        let Some(row) = row else { return Ok(None) };
        let (Some(sealed), Some(enrolled_at)) = (row.sealed_seed, row.enrolled_at) else {
            return Ok(None);
        };
        Ok(Some(SecondFactor {
            seed: Seed(self.seeds().open(account.0, &sealed)?),
            enrolled_at: Timestamp::from_micros(enrolled_at),
            last_step: row.last_step,
        }))
    }

    /// How the caller stands with their second factor.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn second_factor_view(&self, caller: &Caller) -> Result<SecondFactorView, StoreError> {
        let account = caller.actor.account.0;
        let row = second_factors::Entity::find_by_id(account).one(self.read()).await?;
        let recovery_codes_left = recovery_codes::Entity::find()
            .filter(recovery_codes::Column::AccountId.eq(account))
            .filter(recovery_codes::Column::UsedAt.is_null())
            .count(self.read())
            .await?;
        Ok(SecondFactorView {
            enrolled_at: row.and_then(|row| row.enrolled_at).map(Timestamp::from_micros),
            recovery_codes_left,
        })
    }

    /// Keeps the seed of an enrolment that is begun, in the place of one that was begun before. What is in use stays so
    /// until the first code of the new seed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin_second_factor(&self, caller: &Caller, seed: Seed, now: Timestamp) -> Result<(), StoreError> {
        let (account, member) = (caller.actor.account, caller.actor.member);
        let sealed = self.seeds().seal(self.ids(), account.0, &seed.0)?;
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::Member(member), now).await?;
            let row = second_factors::ActiveModel {
                account_id: Set(account.0),
                sealed_seed: Set(None),
                enrolled_at: Set(None),
                last_step: Set(0),
                begun_seed: Set(Some(sealed)),
                begun_at: Set(Some(now.micros())),
            };
            second_factors::Entity::insert(row)
                .on_conflict(
                    OnConflict::column(second_factors::Column::AccountId)
                        .update_columns([second_factors::Column::BegunSeed, second_factors::Column::BegunAt])
                        .to_owned(),
                )
                .exec_without_returning(tx.conn())
                .await?;
            tx.commit_unlogged(Unlogged::SecondFactors).await
        })
        .await
    }

    /// The seed of the enrolment that the caller has begun.
    ///
    /// # Errors
    /// Not ready, where none was begun or its time is over.
    pub async fn begun_seed(&self, caller: &Caller, now: Timestamp) -> Result<(Seed, Timestamp), StoreError> {
        let account = caller.actor.account.0;
        let row = second_factors::Entity::find_by_id(account).one(self.read()).await?;
        let begun = row.and_then(|row| row.begun_seed.zip(row.begun_at));
        let begun_at = begun.as_ref().map(|(_, at)| Timestamp::from_micros(*at));
        rules::must_be_begun(begun_at, now)?;
        let (sealed, at) = begun.ok_or(StoreError::Bug("an enrolment was begun without a seed"))?;
        Ok((Seed(self.seeds().open(account, &sealed)?), Timestamp::from_micros(at)))
    }

    /// Puts the seed that was begun into use: `step` is that of its first code. Ends all other sessions, which may be those
    /// of a lost device, and confirms the one that asks.
    ///
    /// # Errors
    /// Not ready, where another request was first or began anew.
    pub async fn enrol_second_factor(
        &self,
        caller: Caller,
        (begun_at, step): (Timestamp, i64),
        recovery_hashes: Vec<Vec<u8>>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(caller.actor.member), now).await?;
            let account = caller.actor.account;
            let none = || Expr::value(Option::<Vec<u8>>::None);
            let enrolled = second_factors::Entity::update_many()
                .col_expr(
                    second_factors::Column::SealedSeed,
                    Expr::col(second_factors::Column::BegunSeed),
                )
                .col_expr(second_factors::Column::EnrolledAt, Expr::value(now.micros()))
                .col_expr(second_factors::Column::LastStep, Expr::value(step))
                .col_expr(second_factors::Column::BegunSeed, none())
                .col_expr(second_factors::Column::BegunAt, Expr::value(Option::<i64>::None))
                .filter(second_factors::Column::AccountId.eq(account.0))
                .filter(second_factors::Column::BegunAt.eq(begun_at.micros()))
                .exec(tx.conn())
                .await?;
            if enrolled.rows_affected == 0 {
                rules::must_be_begun(None, now)?;
            }
            replace_recovery_codes(&tx, account, recovery_hashes).await?;
            end_all(&tx, account, Some(caller.actor.session), "second_factor_enrolled").await?;
            proof::confirm_session(&tx, caller.actor.session).await?;
            tx.record(own_event(&caller, "second_factor_enrolled"));
            tx.commit().await
        })
        .await
    }

    /// Makes recovery codes anew; those of before are good for nothing.
    ///
    /// # Errors
    /// Wrong state, where no second factor is in use.
    pub async fn remake_recovery_codes(
        &self,
        caller: Caller,
        recovery_hashes: Vec<Vec<u8>>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(caller.actor.member), now).await?;
            let account = caller.actor.account;
            // Also holds the row, so that of two requests at once one has all of its codes.
            let in_use = second_factors::Entity::update_many()
                .col_expr(
                    second_factors::Column::LastStep,
                    Expr::col(second_factors::Column::LastStep),
                )
                .filter(in_use(account))
                .exec(tx.conn())
                .await?;
            rules::must_be_there(in_use.rows_affected == 1)?;
            replace_recovery_codes(&tx, account, recovery_hashes).await?;
            tx.record(own_event(&caller, "recovery_codes_made"));
            tx.commit().await
        })
        .await
    }

    /// Turns the caller's second factor off.
    ///
    /// # Errors
    /// Wrong state, where there is none; not ready, where the caller must have one.
    pub async fn turn_off_second_factor(
        &self,
        caller: Caller,
        is_mandatory: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(caller.actor.member), now).await?;
            let account = caller.actor.account;
            let has_one = second_factors::Entity::find()
                .filter(in_use(account))
                .one(tx.conn())
                .await?
                .is_some();
            rules::turn_off(has_one, is_mandatory)?;
            delete(&tx, account).await?;
            tx.record(own_event(&caller, "second_factor_turned_off"));
            tx.commit().await
        })
        .await
    }
}

/// The second factor of an account, if it is in use.
fn in_use(account: AccountId) -> Expr {
    let mine = second_factors::Column::AccountId.eq(account.0);
    mine.and(second_factors::Column::SealedSeed.is_not_null())
}

/// Deletes the second factor that is in use, with its recovery codes. Of several who would, one does.
async fn delete(tx: &Tx, account: AccountId) -> Result<(), StoreError> {
    let deleted = second_factors::Entity::delete_many()
        .filter(in_use(account))
        .exec(tx.conn())
        .await?;
    rules::must_be_there(deleted.rows_affected == 1)?;
    Ok(())
}
