//! Accounts and sessions, and how the first of them comes to be.
//!
//! Refresh tokens are kept as hashes and rotate with each use. A token that is used again tells of a thief: the whole
//! session ends. Two tabs that refresh within the same few seconds are no thieves; they get the same successor.

use liangnuo_domain::{
    AccountId, MemberId, RegionId, Role, SessionId, Timestamp, UnitId,
    members::{Member, MemberFields},
    text,
    units::{Unit, UnitFields, UnitKind},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LockType, OnConflict},
};
use serde_json::json;

use crate::{
    callers::Caller,
    db::Store,
    entity::{accounts, bootstrap_tokens, refresh_tokens, role_grants, sessions},
    error::StoreError,
    events::{NewEvent, Subject},
    members,
    names::{MemberName, UnitName},
    tx::{By, Tx, Unlogged},
    units,
};

/// Seconds in which a token may be used once more: two tabs.
const GRACE_SECONDS: i64 = 5;
/// A session that is not used ends after half an hour,
const IDLE_SECONDS: i64 = 1_800;
/// and at the latest after twelve.
const ABSOLUTE_SECONDS: i64 = 43_200;

/// What signing in needs to know of an account.
#[derive(Clone, Debug)]
pub struct KnownAccount {
    /// Its id.
    pub id: AccountId,
    /// The hash that the password must fit.
    pub password_hash: String,
}

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

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Whose.
    pub member: MemberId,
    /// What is typed to sign in.
    pub login: String,
    /// The password's hash.
    pub password_hash: String,
}

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
    pub grants: Vec<(Role, UnitName)>,
    /// A new password must be chosen.
    pub must_change_password: bool,
}

/// The form in which logins are kept and compared.
#[must_use]
pub fn fold_login(login: &str) -> String {
    text::fold(login.trim())
}

/// Writes accounts.
pub(crate) async fn insert_many(tx: &mut Tx, region: RegionId, new: Vec<NewAccount>) -> Result<(), StoreError> {
    let now = tx.now();
    for account in new {
        let id = tx.ids().v7(now);
        let row = accounts::ActiveModel {
            id: Set(id),
            region_id: Set(region.0),
            member_id: Set(account.member.0),
            login: Set(fold_login(&account.login)),
            password_hash: Set(account.password_hash),
            password_changed_at: Set(now.micros()),
            must_change_password: Set(false),
            disabled_at: Set(None),
            created_at: Set(now.micros()),
            version: Set(1),
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
        tx.record(NewEvent::new(
            region,
            Subject::Accounts,
            id,
            "created",
            json!({"member": account.member}),
        ));
    }
    Ok(())
}

/// Grants roles from now on.
pub(crate) async fn grant_many(
    tx: &mut Tx,
    region: RegionId,
    grants: &[(MemberId, Role, UnitId)],
    from: Timestamp,
) -> Result<(), StoreError> {
    let rows: Vec<role_grants::ActiveModel> = grants
        .iter()
        .map(|(member, role, unit)| role_grants::ActiveModel {
            region_id: Set(region.0),
            id: Set(tx.ids().v7(from)),
            member_id: Set(member.0),
            unit_id: Set(unit.0),
            role: Set(role.code().to_owned()),
            valid_from: Set(from.micros()),
            valid_to: Set(None),
        })
        .collect();
    for chunk in rows.chunks(1_000) {
        role_grants::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx.conn())
            .await?;
    }
    for (member, role, unit) in grants {
        let detail = json!({"role": role.code(), "unit": unit});
        tx.record(NewEvent::new(
            region,
            Subject::Members,
            member.0,
            "role_granted",
            detail,
        ));
    }
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

    /// Changes the caller's password and ends all their other sessions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_password(
        &self,
        caller: Caller,
        password_hash: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let actor = &caller.actor;
            let mut tx = writer.begin_write(By::Member(actor.member), now).await?;
            accounts::Entity::update_many()
                .col_expr(accounts::Column::PasswordHash, Expr::value(password_hash))
                .col_expr(accounts::Column::PasswordChangedAt, Expr::value(now.micros()))
                .col_expr(accounts::Column::MustChangePassword, Expr::value(false))
                .filter(accounts::Column::Id.eq(actor.account.0))
                .exec(tx.conn())
                .await?;
            sessions::Entity::update_many()
                .col_expr(sessions::Column::EndedAt, Expr::value(now.micros()))
                .col_expr(sessions::Column::EndReason, Expr::value("password_changed"))
                .filter(sessions::Column::AccountId.eq(actor.account.0))
                .filter(sessions::Column::Id.ne(actor.session.0))
                .filter(sessions::Column::EndedAt.is_null())
                .exec(tx.conn())
                .await?;
            tx.record(NewEvent::new(
                actor.region,
                Subject::Accounts,
                actor.account.0,
                "password_changed",
                json!({}),
            ));
            tx.commit().await
        })
        .await
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
        let member = self
            .member_names(actor.region, [actor.member])
            .await?
            .remove(&actor.member)
            .ok_or(StoreError::SessionEnded)?;
        Ok(MeView {
            member,
            login: account.login,
            unit: unit(actor.home_unit)?,
            region: unit(actor.region)?,
            grants: actor
                .grants
                .iter()
                .map(|grant| Ok((grant.role, unit(grant.unit)?)))
                .collect::<Result<Vec<_>, StoreError>>()?,
            must_change_password: account.must_change_password,
        })
    }

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
            // Whoever comes with another link waits here, and then finds the account.
            bootstrap_tokens::Entity::find()
                .order_by_asc(bootstrap_tokens::Column::TokenHash)
                .lock(LockType::Update)
                .all(tx.conn())
                .await?;
            let used = bootstrap_tokens::Entity::update_many()
                .col_expr(bootstrap_tokens::Column::UsedAt, Expr::value(now.micros()))
                .filter(bootstrap_tokens::Column::TokenHash.eq(token_hash))
                .filter(bootstrap_tokens::Column::UsedAt.is_null())
                .filter(bootstrap_tokens::Column::ExpiresAt.gt(now.micros()))
                .exec(tx.conn())
                .await?;
            if used.rows_affected != 1 || accounts::Entity::find().count(tx.conn()).await? > 0 {
                return Err(StoreError::BootstrapClosed);
            }
            let region = UnitId(tx.ids().v7(now));
            let member = MemberId(tx.ids().v7(now));
            let fields = UnitFields {
                name: first.name,
                name_en: first.name_en,
                ..UnitFields::default()
            }
            .parse()?;
            let root = Unit {
                id: region,
                region,
                parent: None,
                kind: UnitKind::Bureau,
                fields,
                closed_at: None,
                version: 1,
            };
            units::insert_many(&mut tx, &[root], now).await?;
            let fields = MemberFields {
                name: first.member_name,
                ..MemberFields::default()
            }
            .parse()?;
            let admin = Member {
                id: member,
                region,
                unit: region,
                fields,
                closed_at: None,
                version: 1,
            };
            members::insert_many(&mut tx, &[admin], now).await?;
            let grants = [(member, Role::Admin, region), (member, Role::SecurityAdmin, region)];
            grant_many(&mut tx, region, &grants, now).await?;
            let account = NewAccount {
                member,
                login: first.login,
                password_hash: first.password_hash,
            };
            insert_many(&mut tx, region, vec![account]).await?;
            crate::categories::seed(&tx, region).await?;
            let row = accounts::Entity::find()
                .filter(accounts::Column::MemberId.eq(member.0))
                .one(tx.conn())
                .await?
                .ok_or(StoreError::Bug("the first account vanished"))?;
            tx.commit().await?;
            Ok(AccountId(row.id))
        })
        .await
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

async fn end(tx: &Tx, session: uuid::Uuid, reason: &'static str) -> Result<(), StoreError> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::EndedAt, Expr::value(tx.now().micros()))
        .col_expr(sessions::Column::EndReason, Expr::value(reason))
        .filter(sessions::Column::Id.eq(session))
        .filter(sessions::Column::EndedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}
