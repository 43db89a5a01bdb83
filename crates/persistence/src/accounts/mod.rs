//! Accounts and sessions, and how the first of them comes to be.
//!
//! A login is looked up before it is known to which county it belongs, so accounts have no county in their keys.

mod bootstrap;
mod links;
mod lists;
mod notices;
mod passwords;
mod providers;
mod sessions;

pub use bootstrap::FirstRegion;
pub use links::{LinkTarget, LinkView, Redemption};
pub(crate) use links::{account_of, close_all as close_links, must_look_after, subject};
pub use lists::{AccountVerb, AccountView};
pub use notices::AccountNoticeView;
pub(crate) use notices::tell_owner;
pub use passwords::ChosenPassword;
pub use providers::ProviderSubject;
pub(crate) use sessions::end_all;
pub use sessions::{Renewed, SessionView};

use liangnuo_domain::{AccountId, MemberId, RegionId, UnitId, text};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::{
    callers::Caller,
    db::Store,
    entity::accounts,
    error::StoreError,
    events::{NewEvent, Subject},
    names::{MemberName, UnitName},
    role_grants::HeldRole,
    tx::Tx,
};

/// What signing in needs to know of an account.
#[derive(Clone, Debug)]
pub struct KnownAccount {
    /// Its id.
    pub id: AccountId,
    /// The hash that the password must fit.
    pub password_hash: String,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Whose.
    pub member: MemberId,
    /// What is typed to sign in.
    pub login: String,
    /// The password's hash.
    pub password_hash: String,
    /// No second factor is ever demanded of it: an account of the demo county, or of a test.
    pub is_exempt: bool,
}

/// The signed-in member as they see themselves.
#[derive(Clone, Debug)]
pub struct MeView {
    /// Who.
    pub member: MemberName,
    /// What is typed to sign in.
    pub login: String,
    /// The home unit.
    pub unit: UnitName,
    /// The county.
    pub region: UnitName,
    /// The roles, each with its unit.
    pub grants: Vec<HeldRole>,
    /// What somebody else did to the account, until it is put away.
    pub account_notices: Vec<AccountNoticeView>,
}

/// The form in which logins are kept and compared.
#[must_use]
pub fn fold_login(login: &str) -> String {
    text::fold(login.trim())
}

/// What the owner of an account did to it.
pub(crate) fn own_event(caller: &Caller, code: &'static str) -> NewEvent {
    let actor = &caller.actor;
    NewEvent::new(actor.region, Subject::Accounts, actor.account.0, code, json!({})).in_unit(actor.home_unit)
}

/// Writes accounts.
pub(crate) async fn insert_many(
    tx: &mut Tx,
    region: RegionId,
    new: Vec<NewAccount>,
) -> Result<Vec<AccountId>, StoreError> {
    let mut ids = Vec::with_capacity(new.len());
    for account in new {
        let id = AccountId(tx.ids().v7(tx.now()));
        insert(tx, (region, region), id, account).await?;
        ids.push(id);
    }
    Ok(ids)
}

/// Writes an account whose id is known, of a county and for the log of a unit.
pub(super) async fn insert(
    tx: &mut Tx,
    (region, unit): (RegionId, UnitId),
    id: AccountId,
    account: NewAccount,
) -> Result<(), StoreError> {
    let now = tx.now();
    let row = accounts::ActiveModel {
        id: Set(id.0),
        region_id: Set(region.0),
        member_id: Set(account.member.0),
        login: Set(fold_login(&account.login)),
        password_hash: Set(account.password_hash),
        password_changed_at: Set(now.micros()),
        must_change_password: Set(false),
        disabled_at: Set(None),
        created_at: Set(now.micros()),
        version: Set(1),
        is_exempt: Set(account.is_exempt),
        // Whoever gets an account has no second factor yet.
        password_stands_alone: Set(true),
    };
    accounts::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await
        .map_err(|error| {
            if StoreError::is_unique_violation(&error) {
                StoreError::Taken { pointer: "/login" }
            } else {
                error.into()
            }
        })?;
    let created = NewEvent::new(
        region,
        Subject::Accounts,
        id.0,
        "created",
        json!({"member": account.member}),
    );
    tx.record(if unit == region { created } else { created.in_unit(unit) });
    Ok(())
}

impl Store {
    /// The account of a login that may sign in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_for_login(&self, login: &str) -> Result<Option<KnownAccount>, StoreError> {
        let row = accounts::Entity::find()
            .filter(accounts::Column::Login.eq(fold_login(login)))
            .filter(accounts::Column::DisabledAt.is_null())
            .one(self.read())
            .await?;
        Ok(row.map(|row| KnownAccount {
            id: AccountId(row.id),
            password_hash: row.password_hash,
        }))
    }

    /// An account that may sign in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_to_sign_in(&self, id: AccountId) -> Result<Option<KnownAccount>, StoreError> {
        let row = accounts::Entity::find_by_id(id.0)
            .filter(accounts::Column::DisabledAt.is_null())
            .one(self.read())
            .await?;
        Ok(row.map(|row| KnownAccount {
            id,
            password_hash: row.password_hash,
        }))
    }

    /// The login and the hash of an account.
    ///
    /// # Errors
    /// [`StoreError::SessionEnded`] for an unknown account.
    pub async fn account(&self, id: AccountId) -> Result<(String, KnownAccount), StoreError> {
        let row = accounts::Entity::find_by_id(id.0)
            .one(self.read())
            .await?
            .ok_or(StoreError::SessionEnded)?;
        Ok((
            row.login,
            KnownAccount {
                id,
                password_hash: row.password_hash,
            },
        ))
    }

    /// The signed-in member.
    ///
    /// # Errors
    /// [`StoreError::SessionEnded`] if the account is gone.
    pub async fn me(&self, caller: &Caller) -> Result<MeView, StoreError> {
        let actor = &caller.actor;
        let account = accounts::Entity::find_by_id(actor.account.0)
            .one(self.read())
            .await?
            .ok_or(StoreError::SessionEnded)?;
        let holders = actor.grants.iter().filter_map(|grant| grant.acting_for);
        let mut members = self
            .member_names(actor.region, holders.chain([actor.member]).collect::<Vec<_>>())
            .await?;
        let mentioned = actor
            .grants
            .iter()
            .map(|grant| grant.unit)
            .chain([actor.home_unit, actor.region]);
        let units = self.unit_names(actor.region, mentioned.collect::<Vec<_>>()).await?;
        let unit = |id: UnitId| {
            units.get(&id).cloned().ok_or(StoreError::Inconsistent {
                table: "role_grants",
                column: "unit_id",
            })
        };
        let grants = actor
            .grants
            .iter()
            .map(|grant| {
                Ok(HeldRole {
                    role: grant.role,
                    unit: unit(grant.unit)?,
                    acting_for: grant.acting_for.and_then(|holder| members.get(&holder).cloned()),
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok(MeView {
            member: members.remove(&actor.member).ok_or(StoreError::SessionEnded)?,
            login: account.login,
            unit: unit(actor.home_unit)?,
            region: unit(actor.region)?,
            grants,
            account_notices: self.account_notices(caller).await?,
        })
    }
}
