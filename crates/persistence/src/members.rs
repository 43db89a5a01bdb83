//! Members: home unit, branch, post. Posts are rows of their own with holders from and to, so that the past stays.

use std::collections::HashMap;

use liangnuo_domain::{
    Invalid, MemberId, RegionId, Timestamp, UnitId,
    complaints::State,
    members::{self as rules, Event, Member, MemberFields},
    policy::{Action, Resource},
    text,
    units::UnitKind,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LikeExpr, LockType},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    callers::Caller,
    complaints::escape_like,
    db::Store,
    entity::{accounts, complaints, members, post_holders, posts, role_grants, sessions},
    error::StoreError,
    events::{NewEvent, Subject},
    idempotency::{IdempotencyKey, Replay},
    names::{UnitName, unit_path},
    page::{self, Key, Page, PageRequest, Sort},
    tx::{By, Tx},
    units,
    visible::below,
};

/// A member with names and what the caller may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberView {
    /// The member.
    pub member: Member,
    /// The home unit.
    pub unit: UnitName,
    /// The party branch.
    pub branch: Option<UnitName>,
    /// What the caller may do now.
    pub allowed: Vec<MemberVerb>,
}

/// What can be done with a member's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberVerb {
    /// Change its fields.
    Edit,
    /// Move the member to another unit.
    Move,
    /// Close it.
    Close,
}

/// What a list of members is narrowed down to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberFilter {
    /// Part of the name.
    pub q: Option<String>,
    /// In this unit's subtree.
    pub unit: Option<UnitId>,
    /// Those who left, too.
    pub include_closed: bool,
}

/// The post that somebody holds now.
#[derive(Clone, Debug, Default)]
struct Holding {
    post: Option<String>,
    post_en: Option<String>,
}

fn to_domain(row: members::Model, holding: Option<Holding>) -> Member {
    let Holding { post, post_en } = holding.unwrap_or_default();
    Member {
        id: MemberId(row.id),
        region: UnitId(row.region_id),
        unit: UnitId(row.unit_id),
        fields: MemberFields {
            name: row.name,
            name_en: row.name_en,
            post,
            post_en,
            branch: row.branch_id.map(UnitId),
            is_party_member: row.is_party_member,
        },
        closed_at: row.closed_at.map(Timestamp::from_micros),
        version: row.version,
    }
}

fn changeable(member: &Member) -> members::ActiveModel {
    let fields = &member.fields;
    let search = format!("{}\n{}", fields.name, fields.name_en.as_deref().unwrap_or_default());
    members::ActiveModel {
        unit_id: Set(member.unit.0),
        branch_id: Set(fields.branch.map(|id| id.0)),
        name: Set(fields.name.clone()),
        name_en: Set(fields.name_en.clone()),
        is_party_member: Set(fields.is_party_member),
        search_text: Set(text::fold(&search)),
        closed_at: Set(member.closed_at.map(Timestamp::micros)),
        version: Set(member.version),
        ..members::ActiveModel::default()
    }
}

/// The posts that members hold now.
async fn holdings(
    conn: &impl ConnectionTrait,
    region: RegionId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Holding>, StoreError> {
    let held = post_holders::Entity::find()
        .filter(post_holders::Column::RegionId.eq(region.0))
        .filter(post_holders::Column::MemberId.is_in(ids.iter().copied()))
        .filter(post_holders::Column::ValidTo.is_null())
        .all(conn)
        .await?;
    let named: HashMap<Uuid, posts::Model> = posts::Entity::find()
        .filter(posts::Column::RegionId.eq(region.0))
        .filter(posts::Column::Id.is_in(held.iter().map(|row| row.post_id)))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    Ok(held
        .into_iter()
        .filter_map(|row| {
            let post = named.get(&row.post_id)?;
            Some((
                row.member_id,
                Holding {
                    post: Some(post.name.clone()),
                    post_en: post.name_en.clone(),
                },
            ))
        })
        .collect())
}

async fn load(conn: &impl ConnectionTrait, region: RegionId, id: MemberId) -> Result<Option<Member>, StoreError> {
    let Some(row) = members::Entity::find_by_id((region.0, id.0)).one(conn).await? else {
        return Ok(None);
    };
    let holding = holdings(conn, region, &[id.0]).await?.remove(&id.0);
    Ok(Some(to_domain(row, holding)))
}

/// Writes new members with their posts.
pub(crate) async fn insert_many(tx: &mut Tx, new: &[Member], at: Timestamp) -> Result<(), StoreError> {
    for chunk in new.chunks(1_000) {
        let rows = chunk.iter().map(|member| members::ActiveModel {
            region_id: Set(member.region.0),
            id: Set(member.id.0),
            created_at: Set(at.micros()),
            ..changeable(member)
        });
        members::Entity::insert_many(rows)
            .exec_without_returning(tx.conn())
            .await?;
    }
    let mut known: HashMap<(UnitId, String), Uuid> = HashMap::new();
    let mut new_posts = Vec::new();
    let mut holders = Vec::new();
    for member in new {
        let Some(name) = &member.fields.post else { continue };
        let post = match known.get(&(member.unit, name.clone())) {
            Some(post) => *post,
            None => {
                let post = match open_post(tx, member.region, member.unit, name).await? {
                    Some(post) => {
                        if let Some(name_en) = &member.fields.post_en {
                            name_post(tx, member.region, post, Some(name_en)).await?;
                        }
                        post
                    }
                    None => {
                        let id = tx.ids().v7(at);
                        new_posts.push(post_row(id, member, name));
                        id
                    }
                };
                known.insert((member.unit, name.clone()), post);
                post
            }
        };
        holders.push(holder_row(tx, member, post, at));
    }
    for chunk in new_posts.chunks(1_000) {
        posts::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx.conn())
            .await?;
    }
    for chunk in holders.chunks(1_000) {
        post_holders::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx.conn())
            .await?;
    }
    for member in new {
        record(tx, member, &Event::Created);
    }
    Ok(())
}

async fn open_post(tx: &Tx, region: RegionId, unit: UnitId, name: &str) -> Result<Option<Uuid>, StoreError> {
    let row = posts::Entity::find()
        .filter(posts::Column::RegionId.eq(region.0))
        .filter(posts::Column::UnitId.eq(unit.0))
        .filter(posts::Column::Name.eq(name))
        .filter(posts::Column::ClosedAt.is_null())
        .one(tx.conn())
        .await?;
    Ok(row.map(|row| row.id))
}

async fn held_post(conn: &impl ConnectionTrait, member: &Member) -> Result<Option<Uuid>, StoreError> {
    let row = post_holders::Entity::find()
        .filter(post_holders::Column::RegionId.eq(member.region.0))
        .filter(post_holders::Column::MemberId.eq(member.id.0))
        .filter(post_holders::Column::ValidTo.is_null())
        .one(conn)
        .await?;
    Ok(row.map(|row| row.post_id))
}

/// The English name is the post's, not the holder's: the last one who wrote it wins.
async fn name_post(tx: &Tx, region: RegionId, post: Uuid, name_en: Option<&str>) -> Result<(), StoreError> {
    posts::Entity::update_many()
        .col_expr(posts::Column::NameEn, Expr::value(name_en.map(str::to_owned)))
        .filter(posts::Column::RegionId.eq(region.0))
        .filter(posts::Column::Id.eq(post))
        .exec(tx.conn())
        .await?;
    Ok(())
}

fn post_row(id: Uuid, member: &Member, name: &str) -> posts::ActiveModel {
    posts::ActiveModel {
        region_id: Set(member.region.0),
        id: Set(id),
        unit_id: Set(member.unit.0),
        name: Set(name.to_owned()),
        name_en: Set(member.fields.post_en.clone()),
        closed_at: Set(None),
    }
}

fn holder_row(tx: &Tx, member: &Member, post: Uuid, at: Timestamp) -> post_holders::ActiveModel {
    post_holders::ActiveModel {
        region_id: Set(member.region.0),
        id: Set(tx.ids().v7(at)),
        post_id: Set(post),
        member_id: Set(member.id.0),
        valid_from: Set(at.micros()),
        valid_to: Set(None),
    }
}

/// Ends the present holding and begins the one that the member has now.
async fn change_post(tx: &Tx, before: &Member, member: &Member, at: Timestamp) -> Result<(), StoreError> {
    let name_en = member.fields.post_en.as_deref();
    if before.fields.post == member.fields.post {
        // The same post goes on under another name in English.
        return match held_post(tx.conn(), before).await? {
            Some(post) => name_post(tx, before.region, post, name_en).await,
            None => Ok(()),
        };
    }
    post_holders::Entity::update_many()
        .col_expr(post_holders::Column::ValidTo, Expr::value(at.micros()))
        .filter(post_holders::Column::RegionId.eq(member.region.0))
        .filter(post_holders::Column::MemberId.eq(member.id.0))
        .filter(post_holders::Column::ValidTo.is_null())
        .exec(tx.conn())
        .await?;
    let Some(name) = &member.fields.post else { return Ok(()) };
    let post = match open_post(tx, member.region, member.unit, name).await? {
        Some(id) => {
            // Who says nothing takes nothing away from the others who hold it.
            if name_en.is_some() {
                name_post(tx, member.region, id, name_en).await?;
            }
            id
        }
        None => {
            let id = tx.ids().v7(at);
            let row = post_row(id, member, name);
            posts::Entity::insert(row).exec_without_returning(tx.conn()).await?;
            id
        }
    };
    post_holders::Entity::insert(holder_row(tx, member, post, at))
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

fn record(tx: &mut Tx, member: &Member, event: &Event) {
    let detail = match event {
        Event::Created => json!({"unit": member.unit}),
        Event::Edited { fields } => json!({"fields": fields}),
        Event::Moved { from, to } => json!({"from": from, "to": to}),
        Event::Closed { reason } => json!({"reason": reason}),
    };
    tx.record(NewEvent::new(
        member.region,
        Subject::Members,
        member.id.0,
        event.code(),
        detail,
    ));
}

async fn update(tx: &mut Tx, before: &Member, next: &Member, events: &[Event]) -> Result<(), StoreError> {
    let mut row = changeable(next);
    row.version = Set(before.version + 1);
    let changed = members::Entity::update_many()
        .set(row)
        .filter(members::Column::RegionId.eq(before.region.0))
        .filter(members::Column::Id.eq(before.id.0))
        .filter(members::Column::Version.eq(before.version))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected != 1 {
        return Err(StoreError::Stale {
            current: before.version + 1,
        });
    }
    if (&before.fields.post, &before.fields.post_en) != (&next.fields.post, &next.fields.post_en) {
        change_post(tx, before, next, tx.now()).await?;
    }
    for event in events {
        record(tx, next, event);
    }
    Ok(())
}

async fn open_member(
    tx: &Tx,
    caller: &Caller,
    id: MemberId,
    action: Action,
    expected: i64,
) -> Result<Member, StoreError> {
    let region = caller.actor.region;
    let member = load(tx.conn(), region, id).await?.ok_or(StoreError::NotFound)?;
    let path = unit_path(tx.conn(), region, member.unit).await?;
    caller.must(
        action,
        Resource::Member {
            member: id,
            path: &path,
        },
    )?;
    if member.version != expected {
        return Err(StoreError::Stale {
            current: member.version,
        });
    }
    Ok(member)
}

/// An open unit that the caller may put members into.
async fn target_unit(tx: &Tx, caller: &Caller, action: Action, unit: UnitId) -> Result<(), StoreError> {
    let region = caller.actor.region;
    if units::hold_open(tx, region, unit).await?.is_none() {
        let field = Invalid::one("/unit_id", "unknown_unit", "找不到这个单位。", "There is no such unit.");
        return Err(field.into());
    }
    let path = unit_path(tx.conn(), region, unit).await?;
    caller.must(action, Resource::Unit { path: &path })
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
                by.must(Action::CreateMember, Resource::Any)?;
                target_unit(&tx, &by, Action::CreateMember, unit).await?;
                check_branch(&tx, region, fields.branch).await?;
                let member = Member {
                    id,
                    region,
                    unit,
                    fields: fields.parse()?,
                    closed_at: None,
                    version: 1,
                };
                insert_many(&mut tx, std::slice::from_ref(&member), now).await?;
                tx.commit().await?;
                Ok((id, false))
            })
            .await?;
        Ok((self.member(&caller, id).await?, is_replay))
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
            let before = open_member(&tx, &by, id, Action::EditMember, expected).await?;
            let fields = patch(before.fields.clone()).parse()?;
            if fields.branch != before.fields.branch {
                check_branch(&tx, before.region, fields.branch).await?;
            }
            let (next, events) = rules::edit(&before, fields)?;
            if events.is_empty() {
                return tx.rollback().await;
            }
            update(&mut tx, &before, &next, &events).await?;
            tx.commit().await
        })
        .await?;
        self.member(&caller, id).await
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
            let before = open_member(&tx, &by, id, Action::MoveMember, expected).await?;
            target_unit(&tx, &by, Action::MoveMember, to).await?;
            let (next, events) = rules::relocate(&before, to)?;
            if events.is_empty() {
                return tx.rollback().await;
            }
            update(&mut tx, &before, &next, &events).await?;
            tx.commit().await
        })
        .await?;
        self.member(&caller, id).await
    }

    /// A member leaves: grants, posts, account and sessions end in the same transaction.
    ///
    /// # Errors
    /// Not found, forbidden, stale, open cases, one's own record.
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
            let before = open_member(&tx, &by, id, Action::CloseMember, expected).await?;
            // Until the transaction ends, nobody gives the member another case.
            members::Entity::find_by_id((before.region.0, id.0))
                .lock(LockType::NoKeyUpdate)
                .one(tx.conn())
                .await?;
            let open_states = State::ALL
                .iter()
                .filter(|state| !state.is_ended())
                .map(|state| state.code());
            let open_cases = complaints::Entity::find()
                .filter(complaints::Column::RegionId.eq(before.region.0))
                .filter(complaints::Column::HandlerId.eq(id.0))
                .filter(complaints::Column::State.is_in(open_states))
                .count(tx.conn())
                .await?;
            let (mut next, events) = rules::close(&before, &reason, open_cases, by.actor.member, now)?;
            next.fields.post = None;
            next.fields.post_en = None;
            update(&mut tx, &before, &next, &events).await?;
            end_rights(&tx, before.region, id).await?;
            tx.commit().await
        })
        .await?;
        self.member(&caller, id).await
    }

    /// One member.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever may not see the record.
    pub async fn member(&self, caller: &Caller, id: MemberId) -> Result<MemberView, StoreError> {
        let region = caller.actor.region;
        let member = load(self.read(), region, id).await?.ok_or(StoreError::NotFound)?;
        let path = unit_path(self.read(), region, member.unit).await?;
        caller.must(
            Action::ViewMember,
            Resource::Member {
                member: id,
                path: &path,
            },
        )?;
        self.with_names(caller, vec![(member, path)])
            .await?
            .pop()
            .ok_or(StoreError::NotFound)
    }

    /// A page of the members that the caller may see, by name.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who sees only their own record.
    pub async fn list_members(
        &self,
        caller: &Caller,
        filter: MemberFilter,
        request: &PageRequest,
    ) -> Result<Page<MemberView>, StoreError> {
        caller.must(Action::ListMembers, Resource::Any)?;
        let region = caller.actor.region;
        let scope = caller.actor.units_of(liangnuo_domain::policy::MEMBER_READERS);
        let mut condition = Condition::all().add(members::Column::RegionId.eq(region.0));
        if !scope.contains(&region) {
            condition = condition.add(members::Column::UnitId.in_subquery(below(region, &scope)));
        }
        if let Some(unit) = filter.unit {
            condition = condition.add(members::Column::UnitId.in_subquery(below(region, &[unit])));
        }
        if let Some(q) = filter.q.as_deref().map(text::fold).filter(|q| !q.trim().is_empty()) {
            let pattern = format!("%{}%", escape_like(q.trim()));
            condition = condition.add(members::Column::SearchText.like(LikeExpr::new(pattern).escape('\\')));
        }
        if !filter.include_closed {
            condition = condition.add(members::Column::ClosedAt.is_null());
        }
        let select = members::Entity::find().filter(condition);
        let sort = Sort {
            column: members::Column::Name,
            id: members::Column::Id,
            is_descending: false,
        };
        let key = |row: &members::Model| (Key::Text(row.name.clone()), row.id);
        let page = page::fetch(self.read(), select, request, sort, &filter, key, |row| row).await?;
        let ids: Vec<Uuid> = page.items.iter().map(|row| row.id).collect();
        let mut held = holdings(self.read(), region, &ids).await?;
        let mut paths: HashMap<Uuid, Vec<UnitId>> = HashMap::new();
        let mut found = Vec::with_capacity(page.items.len());
        for row in page.items {
            let path = match paths.get(&row.unit_id) {
                Some(path) => path.clone(),
                None => {
                    let path = unit_path(self.read(), region, UnitId(row.unit_id)).await?;
                    paths.insert(row.unit_id, path.clone());
                    path
                }
            };
            let holding = held.remove(&row.id);
            found.push((to_domain(row, holding), path));
        }
        let items = self.with_names(caller, found).await?;
        Ok(Page {
            items,
            next_cursor: page.next_cursor,
            total: page.total,
        })
    }

    async fn with_names(
        &self,
        caller: &Caller,
        found: Vec<(Member, Vec<UnitId>)>,
    ) -> Result<Vec<MemberView>, StoreError> {
        let region = caller.actor.region;
        let mentioned = found
            .iter()
            .flat_map(|(member, _)| std::iter::once(member.unit).chain(member.fields.branch));
        let names = self.unit_names(region, mentioned.collect::<Vec<_>>()).await?;
        found
            .into_iter()
            .map(|(member, path)| {
                let unit = names.get(&member.unit).cloned().ok_or(StoreError::Inconsistent {
                    table: "members",
                    column: "unit_id",
                })?;
                let branch = member.fields.branch.and_then(|id| names.get(&id).cloned());
                let allowed = allowed(caller, &member, &path);
                Ok(MemberView {
                    member,
                    unit,
                    branch,
                    allowed,
                })
            })
            .collect()
    }
}

fn allowed(caller: &Caller, member: &Member, path: &[UnitId]) -> Vec<MemberVerb> {
    if member.closed_at.is_some() {
        return Vec::new();
    }
    let resource = Resource::Member {
        member: member.id,
        path,
    };
    let is_own = caller.actor.member == member.id;
    [
        (MemberVerb::Edit, Action::EditMember, true),
        (MemberVerb::Move, Action::MoveMember, true),
        (MemberVerb::Close, Action::CloseMember, !is_own),
    ]
    .into_iter()
    .filter(|(_, action, is_possible)| *is_possible && caller.must(*action, resource).is_ok())
    .map(|(verb, _, _)| verb)
    .collect()
}

/// Ends roles, account and sessions of a member who leaves.
async fn end_rights(tx: &Tx, region: RegionId, id: MemberId) -> Result<(), StoreError> {
    let now = tx.now().micros();
    role_grants::Entity::update_many()
        .col_expr(role_grants::Column::ValidTo, Expr::value(now))
        .filter(role_grants::Column::RegionId.eq(region.0))
        .filter(role_grants::Column::MemberId.eq(id.0))
        .filter(role_grants::Column::ValidTo.is_null())
        .exec(tx.conn())
        .await?;
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
    sessions::Entity::update_many()
        .col_expr(sessions::Column::EndedAt, Expr::value(now))
        .col_expr(sessions::Column::EndReason, Expr::value("member_closed"))
        .filter(sessions::Column::AccountId.eq(account.id))
        .filter(sessions::Column::EndedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}
