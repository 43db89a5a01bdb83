//! What the owner of an account is told that somebody else did to it, until they have seen it.

use liangnuo_domain::{AccountId, MemberId, Timestamp, second_factor::AccountNotice};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict};

use crate::{
    callers::Caller,
    db::Store,
    entity::account_notices,
    error::StoreError,
    names::MemberName,
    tx::{By, Tx, Unlogged},
};

/// What was done to an account, when and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountNoticeView {
    /// What.
    pub kind: AccountNotice,
    /// When.
    pub at: Timestamp,
    /// By whom; of a reset, who issued the link.
    pub by: MemberName,
}

/// Tells the owner of an account what was done to it. Of one kind the latest is told.
pub(crate) async fn tell_owner(
    tx: &Tx,
    account: AccountId,
    kind: AccountNotice,
    by: MemberId,
) -> Result<(), StoreError> {
    let row = account_notices::ActiveModel {
        account_id: Set(account.0),
        kind: Set(kind.code().to_owned()),
        at: Set(tx.now().micros()),
        member_id: Set(by.0),
    };
    account_notices::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([account_notices::Column::AccountId, account_notices::Column::Kind])
                .update_columns([account_notices::Column::At, account_notices::Column::MemberId])
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

impl Store {
    /// What was done to the caller's account that they have not put away, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn account_notices(&self, caller: &Caller) -> Result<Vec<AccountNoticeView>, StoreError> {
        let rows = account_notices::Entity::find()
            .filter(account_notices::Column::AccountId.eq(caller.actor.account.0))
            .order_by_desc(account_notices::Column::At)
            .order_by_asc(account_notices::Column::Kind)
            .all(self.read())
            .await?;
        let people: Vec<MemberId> = rows.iter().map(|row| MemberId(row.member_id)).collect();
        let names = self.member_names(caller.actor.region, people).await?;
        let inconsistent = |column| StoreError::Inconsistent {
            table: "account_notices",
            column,
        };
        rows.into_iter()
            .map(|row| {
                Ok(AccountNoticeView {
                    kind: AccountNotice::from_code(&row.kind).ok_or_else(|| inconsistent("kind"))?,
                    at: Timestamp::from_micros(row.at),
                    by: names
                        .get(&MemberId(row.member_id))
                        .cloned()
                        .ok_or_else(|| inconsistent("member_id"))?,
                })
            })
            .collect()
    }

    /// Puts away what the caller was told of their account up to `until`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn dismiss_account_notices(
        &self,
        caller: &Caller,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (account, member) = (caller.actor.account, caller.actor.member);
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::Member(member), now).await?;
            account_notices::Entity::delete_many()
                .filter(account_notices::Column::AccountId.eq(account.0))
                .filter(account_notices::Column::At.lte(until.micros()))
                .exec(tx.conn())
                .await?;
            tx.commit_unlogged(Unlogged::ReadMarks).await
        })
        .await
    }
}
