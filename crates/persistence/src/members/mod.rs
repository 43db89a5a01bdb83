//! Members: home unit, branch, post. Posts are rows of their own with holders from and to, so that the past stays.

mod handing_over;
mod lists;
mod posts;
mod public;
mod rows;
mod succession;

pub use handing_over::{HandOver, HandedOver, Holdings, KeptBack};
pub use lists::{MemberFilter, MemberVerb, MemberView};
pub use public::PublicMember;
pub(crate) use rows::{by_keys, insert_many, load, update};
pub(crate) use succession::{change_branch, hold_all_of, succeed};

use liangnuo_domain::{
    AccountId, Doer, Invalid, MemberId, RegionId, Timestamp, UnitId,
    members::{self as rules, Event, Member, MemberFields, PublicCard},
    policy::{Action, Resource},
    units::UnitKind,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType},
};

use crate::{
    accounts::{close_links, end_all},
    callers::Caller,
    complaints,
    db::Store,
    entity::{accounts, members},
    error::StoreError,
    idempotency::{IdempotencyKey, Replay},
    names::unit_path,
    role_grants,
    tx::{By, Tx},
    units,
};

/// Writes what a change led to, and nothing where it changes nothing.
async fn save(mut tx: Tx, before: &Member, (next, events): (Member, Vec<Event>)) -> Result<(), StoreError> {
    if events.is_empty() {
        return tx.rollback().await;
    }
    update(&mut tx, before, &next, &events).await?;
    tx.commit().await
}

async fn open_member(
    tx: &mut Tx,
    caller: &Caller,
    id: MemberId,
    action: Action,
    expected: i64,
) -> Result<(Member, Doer), StoreError> {
    let region = caller.actor.region;
    let member = load(tx.conn(), region, id).await?.ok_or(StoreError::NotFound)?;
    let path = unit_path(tx.conn(), region, member.unit).await?;
    let resource = Resource::Member {
        member: id,
        path: &path,
    };
    let doer = tx.must(caller, action, resource)?;
    if member.version != expected {
        return Err(StoreError::Stale {
            current: member.version,
        });
    }
    Ok((member, doer))
}

/// An open unit that the caller may put members into.
async fn target_unit(tx: &mut Tx, caller: &Caller, action: Action, unit: UnitId) -> Result<(), StoreError> {
    let region = caller.actor.region;
    if units::hold_open(tx, region, unit).await?.is_none() {
        let field = Invalid::one("/unit_id", "unknown_unit", "找不到这个单位。", "There is no such unit.");
        return Err(field.into());
    }
    let path = unit_path(tx.conn(), region, unit).await?;
    tx.must(caller, action, Resource::Unit { path: &path })?;
    Ok(())
}

async fn check_branch(tx: &Tx, region: RegionId, branch: Option<UnitId>) -> Result<(), StoreError> {
    let Some(branch) = branch else { return Ok(()) };
    let known = units::hold_open(tx, region, branch).await?;
    if known.is_some_and(|unit| unit.kind == UnitKind::Branch) {
        return Ok(());
    }
    let field = Invalid::one(
        "/branch_id",
        "unknown_branch",
        "找不到这个党支部。",
        "There is no such branch.",
    );
    Err(field.into())
}

impl Store {
    /// Creates a member in a unit.
    ///
    /// # Errors
    /// Forbidden, an unknown unit or branch, fields that can't be taken.
    pub async fn create_member(
        &self,
        caller: Caller,
        key: IdempotencyKey,
        unit: UnitId,
        fields: MemberFields,
        now: Timestamp,
    ) -> Result<(MemberView, bool), StoreError> {
        let by = caller.clone();
        let (id, is_replay) = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
                let id = MemberId(tx.ids().v7(now));
                if let Replay::Done(known) = key.claim(&tx, id.0).await? {
                    tx.rollback().await?;
                    return Ok((MemberId(known), true));
                }
                let region = by.actor.region;
                tx.must(&by, Action::CreateMember, Resource::Any)?;
                target_unit(&mut tx, &by, Action::CreateMember, unit).await?;
                check_branch(&tx, region, fields.branch).await?;
                let member = Member {
                    id,
                    region,
                    unit,
                    fields: fields.parse()?,
                    card: PublicCard::default(),
                    closed_at: None,
                    version: 1,
                };
                insert_many(&mut tx, std::slice::from_ref(&member), now).await?;
                tx.commit().await?;
                Ok((id, false))
            })
            .await?;
        Ok((self.member(&caller, id, now).await?, is_replay))
    }

    /// Changes a member's fields. `patch` makes the new ones out of the old.
    ///
    /// # Errors
    /// Not found, forbidden, stale, a closed record, fields that can't be taken.
    pub async fn edit_member(
        &self,
        caller: Caller,
        id: MemberId,
        expected: i64,
        patch: impl FnOnce(MemberFields) -> MemberFields + Send + 'static,
        now: Timestamp,
    ) -> Result<MemberView, StoreError> {
        let by = caller.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (before, _) = open_member(&mut tx, &by, id, Action::EditMember, expected).await?;
            let fields = patch(before.fields.clone()).parse()?;
            if fields.branch != before.fields.branch {
                check_branch(&tx, before.region, fields.branch).await?;
            }
            save(tx, &before, rules::edit(&before, fields)?).await
        })
        .await?;
        self.member(&caller, id, now).await
    }

    /// Decides what the public is shown of a member.
    ///
    /// # Errors
    /// Not found, forbidden, stale, a closed record, a card that says what is not so.
    pub async fn show_member(
        &self,
        caller: Caller,
        id: MemberId,
        expected: i64,
        card: PublicCard,
        now: Timestamp,
    ) -> Result<MemberView, StoreError> {
        let by = caller.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (before, _) = open_member(&mut tx, &by, id, Action::ShowMember, expected).await?;
            save(tx, &before, rules::show_card(&before, card)?).await
        })
        .await?;
        self.member(&caller, id, now).await
    }

    /// Moves a member to another unit; the post stays behind.
    ///
    /// # Errors
    /// Not found, forbidden on either unit, stale, an unknown unit.
    pub async fn move_member(
        &self,
        caller: Caller,
        id: MemberId,
        expected: i64,
        to: UnitId,
        now: Timestamp,
    ) -> Result<MemberView, StoreError> {
        let by = caller.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (before, _) = open_member(&mut tx, &by, id, Action::MoveMember, expected).await?;
            target_unit(&mut tx, &by, Action::MoveMember, to).await?;
            save(tx, &before, rules::relocate(&before, to)?).await
        })
        .await?;
        self.member(&caller, id, now).await
    }

    /// A member leaves: grants with those of their deputies, posts, account and sessions end in the same transaction.
    ///
    /// # Errors
    /// Not found, forbidden, stale, open cases, one's own record, the last security administrator.
    pub async fn close_member(
        &self,
        caller: Caller,
        id: MemberId,
        expected: i64,
        reason: String,
        now: Timestamp,
    ) -> Result<MemberView, StoreError> {
        let by = caller.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (before, doer) = open_member(&mut tx, &by, id, Action::CloseMember, expected).await?;
            // Until the transaction ends, nobody gives the member another case.
            members::Entity::find_by_id((before.region.0, id.0))
                .lock(LockType::NoKeyUpdate)
                .one(tx.conn())
                .await?;
            let open_cases = complaints::all_of(tx.conn(), before.region, id).await?;
            close_record(&mut tx, &before, (&reason, open_cases), doer, None).await?;
            tx.commit().await
        })
        .await?;
        self.member(&caller, id, now).await
    }
}

/// Closes the record of a member; what happened before it in the same transaction is told first.
async fn close_record(
    tx: &mut Tx,
    before: &Member,
    (reason, open_cases): (&str, u64),
    doer: Doer,
    earlier: Option<Event>,
) -> Result<(), StoreError> {
    let (mut next, closed) = rules::close(before, reason, open_cases, doer, tx.now())?;
    next.fields.post = None;
    next.fields.post_en = None;
    let events: Vec<Event> = earlier.into_iter().chain(closed).collect();
    update(tx, before, &next, &events).await?;
    end_rights(tx, before.region, before.id).await
}

/// Ends roles, account and sessions of a member who leaves.
async fn end_rights(tx: &mut Tx, region: RegionId, id: MemberId) -> Result<(), StoreError> {
    let now = tx.now().micros();
    role_grants::end_all_of(tx, region, id).await?;
    close_links(tx, region, id, "member_closed").await?;
    let account = accounts::Entity::find()
        .filter(accounts::Column::RegionId.eq(region.0))
        .filter(accounts::Column::MemberId.eq(id.0))
        .one(tx.conn())
        .await?;
    let Some(account) = account else { return Ok(()) };
    accounts::Entity::update_many()
        .col_expr(accounts::Column::DisabledAt, Expr::value(now))
        .filter(accounts::Column::Id.eq(account.id))
        .exec(tx.conn())
        .await?;
    end_all(tx, AccountId(account.id), None, "member_closed").await
}
