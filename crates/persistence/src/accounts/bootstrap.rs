//! The first county of a new deployment with its administrator, by a link that is good once.

use liangnuo_domain::{
    AccountId, MemberId, Role, RoleGrantId, Timestamp, UnitId,
    members::{Member, MemberFields, PublicCard},
    role_grants::{self as grant_rules, Place},
    units::{Unit, UnitFields, UnitKind},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LockType},
};

use super::{NewAccount, insert_many};
use crate::{
    categories,
    db::Store,
    entity::{accounts, bootstrap_tokens},
    error::StoreError,
    members, role_grants,
    tx::{By, Tx, Unlogged},
    units,
};

/// What the first administrator gives.
#[derive(Clone, Debug)]
pub struct FirstRegion {
    /// The county's name.
    pub name: String,
    /// In English.
    pub name_en: Option<String>,
    /// The administrator's name.
    pub member_name: String,
    /// What is typed to sign in.
    pub login: String,
    /// The password's hash.
    pub password_hash: String,
}

impl Store {
    /// Keeps a one-time token for setting up the first county.
    ///
    /// # Errors
    /// [`StoreError::BootstrapClosed`] once there is an account.
    pub async fn keep_bootstrap_token(
        &self,
        token_hash: Vec<u8>,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            if accounts::Entity::find().count(tx.conn()).await? > 0 {
                return Err(StoreError::BootstrapClosed);
            }
            let row = bootstrap_tokens::ActiveModel {
                token_hash: Set(token_hash),
                expires_at: Set(expires_at.micros()),
                used_at: Set(None),
            };
            bootstrap_tokens::Entity::insert(row)
                .exec_without_returning(tx.conn())
                .await?;
            tx.commit_unlogged(Unlogged::Bootstrap).await
        })
        .await
    }

    /// Sets up the first county with its administrator, once.
    ///
    /// # Errors
    /// [`StoreError::BootstrapClosed`] for a token that is used, run out or unknown; fields that can't be taken.
    pub async fn bootstrap(
        &self,
        token_hash: Vec<u8>,
        first: FirstRegion,
        now: Timestamp,
    ) -> Result<AccountId, StoreError> {
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            use_up(&tx, token_hash).await?;
            let region = UnitId(tx.ids().v7(now));
            let member = MemberId(tx.ids().v7(now));
            units::insert_many(&mut tx, &[root(region, first.name, first.name_en)?], now).await?;
            members::insert_many(&mut tx, &[administrator(member, region, first.member_name)?], now).await?;
            let grants = [Role::Admin, Role::SecurityAdmin]
                .map(|role| Place {
                    region,
                    unit: region,
                    role,
                })
                .map(|place| grant_rules::first(RoleGrantId(tx.ids().v7(now)), member, place, now));
            role_grants::insert_many(&mut tx, &grants).await?;
            let account = NewAccount {
                member,
                login: first.login,
                password_hash: first.password_hash,
                is_exempt: false,
            };
            let account = insert_many(&mut tx, region, vec![account]).await?.pop();
            categories::seed(&tx, region).await?;
            tx.commit().await?;
            account.ok_or(StoreError::Bug("the first account vanished"))
        })
        .await
    }
}

/// Uses the link up: it must be one that was not used before and has not run out, and nobody may have an account yet.
async fn use_up(tx: &Tx, token_hash: Vec<u8>) -> Result<(), StoreError> {
    let now = tx.now().micros();
    // Whoever comes with another link waits here, and then finds the account.
    bootstrap_tokens::Entity::find()
        .order_by_asc(bootstrap_tokens::Column::TokenHash)
        .lock(LockType::Update)
        .all(tx.conn())
        .await?;
    let used = bootstrap_tokens::Entity::update_many()
        .col_expr(bootstrap_tokens::Column::UsedAt, Expr::value(now))
        .filter(bootstrap_tokens::Column::TokenHash.eq(token_hash))
        .filter(bootstrap_tokens::Column::UsedAt.is_null())
        .filter(bootstrap_tokens::Column::ExpiresAt.gt(now))
        .exec(tx.conn())
        .await?;
    if used.rows_affected == 1 && accounts::Entity::find().count(tx.conn()).await? == 0 {
        Ok(())
    } else {
        Err(StoreError::BootstrapClosed)
    }
}

fn root(region: UnitId, name: String, name_en: Option<String>) -> Result<Unit, StoreError> {
    let fields = UnitFields {
        name,
        name_en,
        ..UnitFields::default()
    };
    Ok(Unit {
        id: region,
        region,
        parent: None,
        kind: UnitKind::Bureau,
        fields: fields.parse()?,
        closed_at: None,
        version: 1,
    })
}

fn administrator(id: MemberId, region: UnitId, name: String) -> Result<Member, StoreError> {
    let fields = MemberFields {
        name,
        ..MemberFields::default()
    };
    Ok(Member {
        id,
        region,
        unit: region,
        fields: fields.parse()?,
        card: PublicCard::default(),
        closed_at: None,
        version: 1,
    })
}
