//! Links into an account: an invitation makes it, a reset sets another password. Each is good once and for a short time,
//! and known by its hash alone. A member has one at a time: a new one takes the place of the one before.

use liangnuo_domain::{
    AccountId, LinkId, MemberId, RegionId, Timestamp, UnitId,
    accounts::{self as rules, LinkKind},
    members::Member,
    policy::{Action, Resource},
    second_factor::AccountNotice,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait as _, LockType},
};
use serde_json::json;

use super::{NewAccount, end_all, insert, passwords, passwords::ChosenPassword, providers::untie_all, tell_owner};
use crate::{
    callers::Caller,
    db::Store,
    entity::{account_links, accounts, members, role_grants},
    error::StoreError,
    events::{NewEvent, Subject},
    idempotency::{IdempotencyKey, Replay},
    names::{MemberName, UnitName, unit_path},
    tx::{By, Tx},
};

/// A link that was issued, without what makes it one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkView {
    /// Its id.
    pub id: LinkId,
    /// What it is for.
    pub kind: LinkKind,
    /// For whom.
    pub member: MemberName,
    /// Who issued it.
    pub issued_by: MemberName,
    /// When.
    pub issued_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// What whoever holds a link is told before they use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTarget {
    /// What it is for.
    pub kind: LinkKind,
    /// Whose account.
    pub member: MemberName,
    /// Their unit.
    pub unit: UnitName,
    /// The county.
    pub region: UnitName,
    /// The account; none before it is made.
    pub account: Option<AccountId>,
    /// What is typed to sign in; none before the account is made.
    pub login: Option<String>,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// What whoever holds a link sets.
#[derive(Clone, Debug)]
pub struct Redemption {
    /// What is typed to sign in, from now on; for an invitation only.
    pub login: Option<String>,
    /// The password.
    pub password: ChosenPassword,
}

/// The member of whose account something is done, with the unit's path for the policy.
pub(crate) async fn subject(
    conn: &impl ConnectionTrait,
    region: RegionId,
    id: MemberId,
) -> Result<(Member, Vec<UnitId>), StoreError> {
    let member = crate::members::load(conn, region, id)
        .await?
        .ok_or(StoreError::NotFound)?;
    let path = unit_path(conn, region, member.unit).await?;
    Ok((member, path))
}

/// Asks whether the caller looks after accounts wherever the member holds a role now or later: whoever gets into the
/// account has all of these.
///
/// # Errors
/// [`StoreError::Forbidden`].
pub(crate) async fn must_look_after(
    conn: &impl ConnectionTrait,
    caller: &Caller,
    member: MemberId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let region = caller.actor.region;
    // What was ended before it began ends when it would have begun.
    let ends = Expr::col((role_grants::Entity, role_grants::Column::ValidTo));
    let begins = Expr::col((role_grants::Entity, role_grants::Column::ValidFrom));
    let lasting = Condition::any()
        .add(role_grants::Column::ValidTo.is_null())
        .add(role_grants::Column::ValidTo.gt(now.micros()).and(ends.gt(begins)));
    let mut units: Vec<UnitId> = role_grants::Entity::find()
        .filter(role_grants::Column::RegionId.eq(region.0))
        .filter(role_grants::Column::MemberId.eq(member.0))
        .filter(lasting)
        .all(conn)
        .await?
        .into_iter()
        .map(|grant| UnitId(grant.unit_id))
        .collect();
    units.sort_unstable();
    units.dedup();
    for unit in units {
        let path = unit_path(conn, region, unit).await?;
        caller.must(Action::IssueAccountLink, Resource::Unit { path: &path })?;
    }
    Ok(())
}

/// A condition on links that are good now.
fn good(now: Timestamp) -> Expr {
    let open = account_links::Column::ClosedAt.is_null();
    open.and(account_links::Column::ExpiresAt.gt(now.micros()))
}

/// Closes what is open of a member's links. Whether there was any that was still good does not matter.
pub(crate) async fn close_all(
    tx: &Tx,
    region: RegionId,
    member: MemberId,
    reason: &'static str,
) -> Result<(), StoreError> {
    account_links::Entity::update_many()
        .col_expr(account_links::Column::ClosedAt, Expr::value(tx.now().micros()))
        .col_expr(account_links::Column::CloseReason, Expr::value(reason))
        .filter(account_links::Column::RegionId.eq(region.0))
        .filter(account_links::Column::MemberId.eq(member.0))
        .filter(account_links::Column::ClosedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The account of a member, if there is one.
pub(crate) async fn account_of(
    conn: &impl ConnectionTrait,
    region: RegionId,
    member: MemberId,
) -> Result<Option<accounts::Model>, StoreError> {
    Ok(accounts::Entity::find()
        .filter(accounts::Column::RegionId.eq(region.0))
        .filter(accounts::Column::MemberId.eq(member.0))
        .one(conn)
        .await?)
}

fn event(link: &account_links::Model, member: &Member, code: &'static str) -> NewEvent {
    let detail = json!({"member": link.member_id, "kind": link.kind});
    NewEvent::new(UnitId(link.region_id), Subject::Accounts, link.account_id, code, detail).in_unit(member.unit)
}

fn kind_of(link: &account_links::Model) -> Result<LinkKind, StoreError> {
    LinkKind::from_code(&link.kind).ok_or(StoreError::Inconsistent {
        table: "account_links",
        column: "kind",
    })
}

impl Store {
    /// Issues a link for a member: an invitation where they have no account yet, else a reset. `hash_of` gives the hash of
    /// the token that belongs to an id.
    ///
    /// # Errors
    /// Not found, forbidden, also where the member holds a role beyond the caller's scope; a closed record, one's own account.
    pub async fn issue_account_link(
        &self,
        caller: Caller,
        key: IdempotencyKey,
        member: MemberId,
        hash_of: impl FnOnce(LinkId) -> Vec<u8> + Send + 'static,
        now: Timestamp,
    ) -> Result<(LinkView, bool), StoreError> {
        let by = caller.clone();
        let (id, is_replay) = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
                let id = LinkId(tx.ids().v7(now));
                if let Replay::Done(known) = key.claim(&tx, id.0).await? {
                    tx.rollback().await?;
                    return Ok((LinkId(known), true));
                }
                let region = by.actor.region;
                // Held, so that of two links that are issued at once the later one takes the other's place.
                members::Entity::find_by_id((region.0, member.0))
                    .lock(LockType::NoKeyUpdate)
                    .one(tx.conn())
                    .await?;
                let (subject, path) = subject(tx.conn(), region, member).await?;
                let resource = Resource::Member { member, path: &path };
                let doer = tx.must(&by, Action::IssueAccountLink, resource)?;
                must_look_after(tx.conn(), &by, member, now).await?;
                let account = account_of(tx.conn(), region, member).await?;
                let kind = account.as_ref().map_or(LinkKind::Invitation, |_| LinkKind::Reset);
                let expires_at = rules::issue_link(kind, &subject, doer, now)?;
                close_all(&tx, region, member, "replaced").await?;
                let link = account_links::Model {
                    id: id.0,
                    region_id: region.0,
                    member_id: member.0,
                    account_id: account.map_or_else(|| tx.ids().v7(now), |account| account.id),
                    kind: kind.code().to_owned(),
                    token_hash: hash_of(id),
                    issued_by: by.actor.member.0,
                    issued_at: now.micros(),
                    expires_at: expires_at.micros(),
                    closed_at: None,
                    close_reason: None,
                };
                tx.record(event(&link, &subject, "link_issued"));
                insert_link(&tx, link).await?;
                tx.commit().await?;
                Ok((id, false))
            })
            .await?;
        let link = account_links::Entity::find_by_id(id.0).one(self.read()).await?;
        let link = link.ok_or(StoreError::NotFound)?;
        Ok((self.link_view(link).await?, is_replay))
    }

    /// Takes the link of a member back.
    ///
    /// # Errors
    /// Not found, forbidden; [`StoreError::LinkClosed`] where none is good any more.
    pub async fn revoke_account_link(
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
            tx.must(&caller, Action::RevokeAccountLink, resource)?;
            let link = account_links::Entity::find()
                .filter(account_links::Column::RegionId.eq(region.0))
                .filter(account_links::Column::MemberId.eq(member.0))
                .filter(good(now))
                .one(tx.conn())
                .await?
                .ok_or(StoreError::LinkClosed)?;
            close(&tx, &link, "revoked").await?;
            tx.record(event(&link, &subject, "link_revoked"));
            tx.commit().await
        })
        .await
    }

    /// What a link is for, for whoever holds it.
    ///
    /// # Errors
    /// [`StoreError::LinkClosed`] for one that is unknown, used, taken back, or has run out.
    pub async fn account_link(&self, token_hash: &[u8], now: Timestamp) -> Result<LinkTarget, StoreError> {
        let link = self.good_link(token_hash, now).await?;
        let region = UnitId(link.region_id);
        let (member, _) = subject(self.read(), region, MemberId(link.member_id)).await?;
        let units = self.unit_names(region, vec![member.unit, region]).await?;
        let unit = |id: UnitId| {
            units.get(&id).cloned().ok_or(StoreError::Inconsistent {
                table: "members",
                column: "unit_id",
            })
        };
        let kind = kind_of(&link)?;
        // Of an invitation that is used just now there may be an account already: it is an invitation all the same.
        let account = match kind {
            LinkKind::Invitation => None,
            LinkKind::Reset => account_of(self.read(), region, member.id).await?,
        };
        Ok(LinkTarget {
            kind,
            unit: unit(member.unit)?,
            region: unit(region)?,
            account: account.as_ref().map(|account| AccountId(account.id)),
            login: account.map(|account| account.login),
            expires_at: Timestamp::from_micros(link.expires_at),
            member: MemberName {
                id: member.id,
                name: member.fields.name,
                name_en: member.fields.name_en,
            },
        })
    }

    /// Uses a link up: makes the account, or sets its password and ends its sessions. Gives the account.
    ///
    /// # Errors
    /// [`StoreError::LinkClosed`]; a login that is taken, which leaves the link as it was.
    pub async fn redeem_account_link(
        &self,
        token_hash: Vec<u8>,
        redemption: Redemption,
        now: Timestamp,
    ) -> Result<AccountId, StoreError> {
        // Anybody can make a token up; only one that is known may take its turn at writing.
        let link = self.good_link(&token_hash, now).await?;
        self.write(move |writer| async move {
            let owner = MemberId(link.member_id);
            let mut tx = writer.begin_write(By::Member(owner), now).await?;
            close(&tx, &link, "used").await?;
            let (member, _) = subject(tx.conn(), UnitId(link.region_id), owner).await?;
            match kind_of(&link)? {
                LinkKind::Invitation => {
                    let account = NewAccount {
                        member: owner,
                        login: redemption.login.unwrap_or_default(),
                        password_hash: redemption.password.hash,
                        is_exempt: false,
                    };
                    insert(
                        &mut tx,
                        (member.region, member.unit),
                        AccountId(link.account_id),
                        account,
                    )
                    .await?;
                }
                LinkKind::Reset => {
                    let account = AccountId(link.account_id);
                    set_password(&tx, account, redemption.password).await?;
                    tell_owner(&tx, account, AccountNotice::PasswordReset, MemberId(link.issued_by)).await?;
                    tx.record(event(&link, &member, "password_reset"));
                }
            }
            tx.commit().await?;
            Ok(AccountId(link.account_id))
        })
        .await
    }

    async fn good_link(&self, token_hash: &[u8], now: Timestamp) -> Result<account_links::Model, StoreError> {
        account_links::Entity::find()
            .filter(account_links::Column::TokenHash.eq(token_hash.to_vec()))
            .filter(good(now))
            .one(self.read())
            .await?
            .ok_or(StoreError::LinkClosed)
    }

    pub(super) async fn link_view(&self, link: account_links::Model) -> Result<LinkView, StoreError> {
        let (member, issuer) = (MemberId(link.member_id), MemberId(link.issued_by));
        let names = self.member_names(UnitId(link.region_id), vec![member, issuer]).await?;
        let name = |id: MemberId| {
            names.get(&id).cloned().ok_or(StoreError::Inconsistent {
                table: "account_links",
                column: "member_id",
            })
        };
        Ok(LinkView {
            id: LinkId(link.id),
            kind: kind_of(&link)?,
            member: name(member)?,
            issued_by: name(issuer)?,
            issued_at: Timestamp::from_micros(link.issued_at),
            expires_at: Timestamp::from_micros(link.expires_at),
        })
    }

    /// The link of a member that is good now.
    pub(super) async fn good_link_of(
        &self,
        region: RegionId,
        member: MemberId,
        now: Timestamp,
    ) -> Result<Option<LinkView>, StoreError> {
        let link = account_links::Entity::find()
            .filter(account_links::Column::RegionId.eq(region.0))
            .filter(account_links::Column::MemberId.eq(member.0))
            .filter(good(now))
            .one(self.read())
            .await?;
        match link {
            Some(link) => Ok(Some(self.link_view(link).await?)),
            None => Ok(None),
        }
    }
}

async fn insert_link(tx: &Tx, link: account_links::Model) -> Result<(), StoreError> {
    let row = account_links::ActiveModel {
        id: Set(link.id),
        region_id: Set(link.region_id),
        member_id: Set(link.member_id),
        account_id: Set(link.account_id),
        kind: Set(link.kind),
        token_hash: Set(link.token_hash),
        issued_by: Set(link.issued_by),
        issued_at: Set(link.issued_at),
        expires_at: Set(link.expires_at),
        closed_at: Set(None),
        close_reason: Set(None),
    };
    account_links::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Closes one link. Of several who would, one does; the others find it closed.
async fn close(tx: &Tx, link: &account_links::Model, reason: &'static str) -> Result<(), StoreError> {
    let closed = account_links::Entity::update_many()
        .col_expr(account_links::Column::ClosedAt, Expr::value(tx.now().micros()))
        .col_expr(account_links::Column::CloseReason, Expr::value(reason))
        .filter(account_links::Column::Id.eq(link.id))
        .filter(good(tx.now()))
        .exec(tx.conn())
        .await?;
    if closed.rows_affected == 1 {
        Ok(())
    } else {
        Err(StoreError::LinkClosed)
    }
}

/// Sets the password of an account that may sign in, ends its sessions, and unties it from any provider.
async fn set_password(tx: &Tx, account: AccountId, password: ChosenPassword) -> Result<(), StoreError> {
    if !passwords::set(tx, account, password).await? {
        return Err(StoreError::LinkClosed);
    }
    untie_all(tx, account).await?;
    end_all(tx, account, None, "password_reset").await
}
