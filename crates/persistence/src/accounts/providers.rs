//! Ties between accounts and somebody at an identity provider. Only the owner of an account ties it; a password that is set
//! by a link unties it, so that nobody keeps a way in behind the owner's back.

use liangnuo_domain::{AccountId, Timestamp, providers as rules};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::{KnownAccount, own_event};
use crate::{
    callers::Caller,
    db::Store,
    entity::account_ties,
    error::StoreError,
    tx::{By, Tx},
};

/// Somebody at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderSubject {
    /// The provider.
    pub issuer: String,
    /// Its own name for them, which never becomes somebody else's.
    pub subject: String,
}

impl Store {
    /// The account that is tied to somebody at a provider, if it may sign in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_of_provider(&self, subject: &ProviderSubject) -> Result<Option<KnownAccount>, StoreError> {
        let tie = account_ties::Entity::find()
            .filter(account_ties::Column::Issuer.eq(&subject.issuer))
            .filter(account_ties::Column::Subject.eq(&subject.subject))
            .one(self.read())
            .await?;
        match tie {
            Some(tie) => self.account_to_sign_in(AccountId(tie.account_id)).await,
            None => Ok(None),
        }
    }

    /// Since when the caller's account is tied to somebody at a provider.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn provider_tie(&self, caller: &Caller, issuer: &str) -> Result<Option<Timestamp>, StoreError> {
        let tie = account_ties::Entity::find_by_id((caller.actor.account.0, issuer.to_owned()))
            .one(self.read())
            .await?;
        Ok(tie.map(|tie| Timestamp::from_micros(tie.tied_at)))
    }

    /// Ties the caller's account to somebody at a provider.
    ///
    /// # Errors
    /// Not ready, where it is tied already; taken, where that somebody is tied to another account.
    pub async fn tie_provider(
        &self,
        caller: Caller,
        subject: ProviderSubject,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(caller.actor.member), now).await?;
            let account = caller.actor.account;
            let key = (account.0, subject.issuer.clone());
            let is_tied = account_ties::Entity::find_by_id(key).one(tx.conn()).await?.is_some();
            rules::tie(is_tied)?;
            let row = account_ties::ActiveModel {
                account_id: Set(account.0),
                issuer: Set(subject.issuer),
                subject: Set(subject.subject),
                tied_at: Set(now.micros()),
            };
            account_ties::Entity::insert(row)
                .exec_without_returning(tx.conn())
                .await
                .map_err(|error| {
                    if StoreError::is_unique_violation(&error) {
                        StoreError::Taken { pointer: "/code" }
                    } else {
                        error.into()
                    }
                })?;
            tx.record(own_event(&caller, "provider_tied"));
            tx.commit().await
        })
        .await
    }

    /// Unties the caller's account.
    ///
    /// # Errors
    /// Wrong state, where it is not tied.
    pub async fn untie_provider(&self, caller: Caller, issuer: String, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(caller.actor.member), now).await?;
            let untied = account_ties::Entity::delete_by_id((caller.actor.account.0, issuer))
                .exec(tx.conn())
                .await?;
            rules::untie(untied.rows_affected == 1)?;
            tx.record(own_event(&caller, "provider_untied"));
            tx.commit().await
        })
        .await
    }
}

/// Unties an account from whoever it is tied to.
pub(super) async fn untie_all(tx: &Tx, account: AccountId) -> Result<(), StoreError> {
    account_ties::Entity::delete_many()
        .filter(account_ties::Column::AccountId.eq(account.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}
