//! Setting passwords, and remembering the last few.

use liangnuo_domain::{AccountId, Timestamp, passwords::REMEMBERED};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::Expr,
};

use super::{own_event, sessions::end_all};
use crate::{
    callers::Caller,
    db::Store,
    entity::{accounts, old_passwords},
    error::StoreError,
    tx::{By, Tx},
};

/// A password that its owner has chosen.
#[derive(Clone, Debug)]
pub struct ChosenPassword {
    /// Its hash.
    pub hash: String,
    /// It is long enough for somebody without a second factor.
    pub stands_alone: bool,
}

impl Store {
    /// The hashes of the passwords that an account has and had lately, the one in use first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn password_hashes(&self, account: AccountId) -> Result<Vec<String>, StoreError> {
        let Some(row) = accounts::Entity::find_by_id(account.0).one(self.read()).await? else {
            return Ok(Vec::new());
        };
        let earlier = old_passwords::Entity::find()
            .filter(old_passwords::Column::AccountId.eq(account.0))
            .order_by_desc(old_passwords::Column::EndedAt)
            .limit(u64::from(REMEMBERED))
            .all(self.read())
            .await?;
        let earlier = earlier.into_iter().map(|old| old.password_hash);
        Ok(std::iter::once(row.password_hash).chain(earlier).collect())
    }

    /// Changes the caller's password and ends all their other sessions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_password(
        &self,
        caller: Caller,
        password: ChosenPassword,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let actor = &caller.actor;
            let mut tx = writer.begin_write(By::Member(actor.member), now).await?;
            if !set(&tx, actor.account, password).await? {
                return Err(StoreError::SessionEnded);
            }
            end_all(&tx, actor.account, Some(actor.session), "password_changed").await?;
            tx.record(own_event(&caller, "password_changed"));
            tx.commit().await
        })
        .await
    }
}

/// Sets the password of an account that may sign in, and remembers the one before. Tells whether there is such an account.
pub(super) async fn set(tx: &Tx, account: AccountId, password: ChosenPassword) -> Result<bool, StoreError> {
    let row = accounts::Entity::find_by_id(account.0)
        .filter(accounts::Column::DisabledAt.is_null())
        .one(tx.conn())
        .await?;
    let Some(row) = row else { return Ok(false) };
    remember(tx, &row).await?;
    let set = accounts::Entity::update_many()
        .col_expr(accounts::Column::PasswordHash, Expr::value(password.hash))
        .col_expr(accounts::Column::PasswordChangedAt, Expr::value(tx.now().micros()))
        .col_expr(accounts::Column::MustChangePassword, Expr::value(false))
        .col_expr(
            accounts::Column::PasswordStandsAlone,
            Expr::value(password.stands_alone),
        )
        .filter(accounts::Column::Id.eq(account.0))
        .filter(accounts::Column::DisabledAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(set.rows_affected == 1)
}

/// Keeps the hash of a password that ends now, and lets go of those that no new one is compared with.
async fn remember(tx: &Tx, account: &accounts::Model) -> Result<(), StoreError> {
    let mine = old_passwords::Column::AccountId.eq(account.id);
    let latest = old_passwords::Entity::find()
        .filter(mine.clone())
        .order_by_desc(old_passwords::Column::EndedAt)
        .all(tx.conn())
        .await?;
    // A clock that was put back must not make two rows one.
    let after = latest.first().map_or(i64::MIN, |row| row.ended_at.saturating_add(1));
    let row = old_passwords::ActiveModel {
        account_id: Set(account.id),
        ended_at: Set(tx.now().micros().max(after)),
        password_hash: Set(account.password_hash.clone()),
    };
    old_passwords::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await?;
    if let Some(oldest_kept) = latest.get(usize::from(REMEMBERED) - 2) {
        old_passwords::Entity::delete_many()
            .filter(mine)
            .filter(old_passwords::Column::EndedAt.lt(oldest_kept.ended_at))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}
