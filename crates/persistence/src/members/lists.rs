//! What is shown of members.

use liangnuo_domain::{
    MemberId, Timestamp, UnitId,
    members::Member,
    policy::{Action, MEMBER_READERS, Resource},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    posts::holdings,
    rows::{load, to_domain},
};
use crate::{
    callers::Caller,
    db::Store,
    entity::members,
    error::StoreError,
    names::{UnitName, unit_path, unit_paths},
    page::{self, Key, Page, PageRequest, Sort},
    readings::named,
    role_grants::HeldRole,
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
    /// The roles that the member holds now, as far as the caller may know of them.
    pub roles: Vec<HeldRole>,
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
    /// Decide what the public is shown of them.
    ShowCard,
    /// Give what the member is responsible for to somebody else.
    HandOver,
    /// Close it.
    Close,
    /// Look after their account.
    ViewAccount,
}

/// What a list of members is narrowed down to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberFilter {
    /// Part of the name, in either language or by pinyin, or of the staff number.
    pub q: Option<String>,
    /// In this unit's subtree.
    pub unit: Option<UnitId>,
    /// Those who left, too.
    pub include_closed: bool,
}

impl Store {
    /// One member.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever may not see the record.
    pub async fn member(&self, caller: &Caller, id: MemberId, now: Timestamp) -> Result<MemberView, StoreError> {
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
        self.with_names(caller, vec![(member, path)], now)
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
        now: Timestamp,
    ) -> Result<Page<MemberView>, StoreError> {
        caller.must(Action::ListMembers, Resource::Any)?;
        let region = caller.actor.region;
        let scope = caller.actor.units_of(MEMBER_READERS);
        let mut condition = Condition::all().add(members::Column::RegionId.eq(region.0));
        if !scope.contains(&region) {
            condition = condition.add(members::Column::UnitId.in_subquery(below(region, &scope)));
        }
        if let Some(unit) = filter.unit {
            condition = condition.add(members::Column::UnitId.in_subquery(below(region, &[unit])));
        }
        if let Some(q) = filter.q.as_deref().filter(|q| !q.trim().is_empty()) {
            condition = condition.add(named(members::Column::SearchText, members::Column::Readings, q));
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
        let page = page::fetch(self, select, request, sort, &filter, key).await?;
        let ids: Vec<Uuid> = page.items.iter().map(|row| row.id).collect();
        let mut held = holdings(self.read(), region, &ids).await?;
        let homes = page.items.iter().map(|row| UnitId(row.unit_id));
        let paths = unit_paths(self.read(), region, homes).await?;
        let found = page.items.into_iter().map(|row| {
            let path = paths.get(&UnitId(row.unit_id)).cloned().unwrap_or_default();
            let holding = held.remove(&row.id);
            (to_domain(row, holding), path)
        });
        let items = self.with_names(caller, found.collect(), now).await?;
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
        now: Timestamp,
    ) -> Result<Vec<MemberView>, StoreError> {
        let region = caller.actor.region;
        let mentioned = found
            .iter()
            .flat_map(|(member, _)| std::iter::once(member.unit).chain(member.fields.branch));
        let names = self.unit_names(region, mentioned.collect::<Vec<_>>()).await?;
        let ids: Vec<Uuid> = found.iter().map(|(member, _)| member.id.0).collect();
        let mut roles = self.held_roles(caller, &ids, now).await?;
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
                    roles: roles.remove(&member.id.0).unwrap_or_default(),
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
        (MemberVerb::ShowCard, Action::ShowMember, true),
        (MemberVerb::HandOver, Action::HandOverMember, true),
        (MemberVerb::Close, Action::CloseMember, !is_own),
        (MemberVerb::ViewAccount, Action::ViewAccount, true),
    ]
    .into_iter()
    .filter(|(_, action, is_possible)| *is_possible && caller.must(*action, resource).is_ok())
    .map(|(verb, _, _)| verb)
    .collect()
}
