//! Taking somebody's second factor away, for whom telephone and recovery codes are lost.

use liangnuo_domain::{
    AccountId, MemberId, Timestamp, UnitId,
    policy::{Action, Resource},
    second_factor::{self as rules, AccountNotice},
};
use sea_orm::{EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{delete, in_use};
use crate::{
    accounts::{account_of, end_all, must_look_after, subject, tell_owner},
    callers::Caller,
    db::Store,
    entity::{accounts, second_factors},
    error::StoreError,
    events::{NewEvent, Subject},
    tx::By,
};

impl Store {
    /// Takes the second factor of a member away, and ends their sessions. The password stays; whoever must have a second
    /// factor sets another one up at the next log-in.
    ///
    /// # Errors
    /// Not found, forbidden, also where the member holds a role beyond the caller's scope; a closed record, one's own
    /// account, no second factor.
    pub async fn remove_second_factor(
        &self,
        caller: Caller,
        member: MemberId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(caller.actor.member), now).await?;
            let region = caller.actor.region;
            let (subject, path) = subject(tx.conn(), region, member).await?;
            let resource = Resource::Member { member, path: &path };
            let doer = tx.must(&caller, Action::RemoveSecondFactor, resource)?;
            must_look_after(tx.conn(), &caller, member, now).await?;
            let account = account_of(tx.conn(), region, member).await?;
            let account = account.map(|account| AccountId(account.id));
            let has_one = match account {
                Some(account) => {
                    let found = second_factors::Entity::find().filter(in_use(account));
                    found.one(tx.conn()).await?.is_some()
                }
                None => false,
            };
            rules::remove(&subject, doer, has_one)?;
            let account = account.ok_or(StoreError::Bug("a second factor without an account"))?;
            delete(&tx, account).await?;
            end_all(&tx, account, None, "second_factor_removed").await?;
            tell_owner(&tx, account, AccountNotice::SecondFactorRemoved, caller.actor.member).await?;
            let detail = json!({"member": member});
            let removed = NewEvent::new(region, Subject::Accounts, account.0, "second_factor_removed", detail);
            tx.record(removed.in_unit(subject.unit));
            tx.commit().await
        })
        .await
    }

    /// Takes the second factor of a login away at the server itself: the way out where no administrator is left who could, or
    /// where the key that the seeds were sealed with is lost.
    ///
    /// # Errors
    /// Not found; wrong state, where there is no second factor.
    pub async fn remove_second_factor_at_server(&self, login: &str, now: Timestamp) -> Result<(), StoreError> {
        let known = self.account_for_login(login).await?.ok_or(StoreError::NotFound)?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            let account = accounts::Entity::find_by_id(known.id.0)
                .one(tx.conn())
                .await?
                .ok_or(StoreError::NotFound)?;
            let (region, member) = (UnitId(account.region_id), MemberId(account.member_id));
            let (subject, _) = subject(tx.conn(), region, member).await?;
            delete(&tx, known.id).await?;
            end_all(&tx, known.id, None, "second_factor_removed").await?;
            let detail = json!({"member": member});
            let removed = NewEvent::new(region, Subject::Accounts, known.id.0, "second_factor_removed", detail);
            tx.record(removed.in_unit(subject.unit));
            tx.commit().await
        })
        .await
    }
}
