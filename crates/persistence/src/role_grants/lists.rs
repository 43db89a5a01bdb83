//! What is shown of role grants.

use std::collections::HashMap;

use liangnuo_domain::{
    MemberId, RegionId, Role, RoleGrantId, Timestamp, UnitId,
    policy::{self, Access, Action, GRANT_READERS, Resource},
    role_grants::{self as rules, GrantState, RoleGrant},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::{
    as_resource,
    rows::{in_force, load, role_of, to_domain},
};
use crate::{
    callers::Caller,
    db::Store,
    entity::{
        members,
        role_grants::{Column, Entity, Model},
    },
    error::StoreError,
    names::{MemberName, UnitName, unit_path, unit_paths},
    page::{self, Key, Page, PageRequest, Sort},
    readings::named,
    visible::below,
};

/// A grant with names and what the caller may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantView {
    /// The grant.
    pub grant: RoleGrant,
    /// How it stands in time.
    pub state: GrantState,
    /// Who holds it.
    pub member: MemberName,
    /// Where.
    pub unit: UnitName,
    /// Whose deputy they are by it.
    pub acting_for: Option<MemberName>,
    /// Who gave it.
    pub granted_by: Option<MemberName>,
    /// What the caller may do now.
    pub allowed: Vec<GrantVerb>,
}

/// What can be done with a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantVerb {
    /// End it.
    End,
    /// Name a deputy for its holder.
    NameDeputy,
}

/// A role as it is shown beside its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// The role.
    pub role: Role,
    /// Over this unit's subtree.
    pub unit: UnitName,
    /// Whose deputy the holder is by it.
    pub acting_for: Option<MemberName>,
}

/// What a list of grants is narrowed down to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantFilter {
    /// Of this member.
    pub member: Option<MemberId>,
    /// In this unit's subtree.
    pub unit: Option<UnitId>,
    /// Of this role.
    pub role: Option<Role>,
    /// How they stand in time.
    pub state: Option<GrantState>,
    /// Of those who stand in for this grant.
    pub deputy_for: Option<RoleGrantId>,
    /// Deputies' only, or all but theirs.
    pub is_deputy: Option<bool>,
    /// Part of the holder's name.
    pub q: Option<String>,
}

/// What a list of grants is sorted by: when they begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GrantOrder {
    /// The latest first.
    #[default]
    NewestFirst,
    /// The earliest first.
    OldestFirst,
}

/// The grants that the caller may know of: those of the subtrees that they look after, their own, and those of their
/// deputies.
fn visible_to(caller: &Caller) -> Condition {
    let region = caller.actor.region;
    let all = Condition::all().add(Column::RegionId.eq(region.0));
    let scope = caller.actor.units_of(GRANT_READERS);
    if scope.contains(&region) {
        return all;
    }
    all.add(
        Condition::any()
            .add(Column::UnitId.in_subquery(below(region, &scope)))
            .add(Column::MemberId.eq(caller.actor.member.0))
            .add(Column::ActingFor.eq(caller.actor.member.0)),
    )
}

fn standing(state: GrantState, now: Timestamp) -> Condition {
    let now = now.micros();
    // What was ended before it began has an end at its beginning, which may still lie ahead.
    let never = || Expr::col((Entity, Column::ValidTo)).lte(Expr::col((Entity, Column::ValidFrom)));
    let goes_on = || Condition::any().add(Column::ValidTo.is_null()).add(never().not());
    match state {
        GrantState::InForce => in_force(Timestamp::from_micros(now)),
        GrantState::Future => Condition::all().add(Column::ValidFrom.gt(now)).add(goes_on()),
        GrantState::Ended => Condition::any().add(Column::ValidTo.lte(now)).add(never()),
    }
}

fn narrowed(region: RegionId, filter: &GrantFilter, now: Timestamp) -> Condition {
    let mut condition = Condition::all()
        .add_option(filter.member.map(|id| Column::MemberId.eq(id.0)))
        .add_option(filter.unit.map(|id| Column::UnitId.in_subquery(below(region, &[id]))))
        .add_option(filter.role.map(|role| Column::Role.eq(role.code())))
        .add_option(filter.state.map(|state| standing(state, now)))
        .add_option(filter.deputy_for.map(|id| Column::DeputyFor.eq(id.0)))
        .add_option(filter.is_deputy.map(|is_deputy| {
            if is_deputy {
                Column::DeputyFor.is_not_null()
            } else {
                Column::DeputyFor.is_null()
            }
        }));
    if let Some(q) = filter.q.as_deref().filter(|q| !q.trim().is_empty()) {
        let found = members::Entity::find()
            .select_only()
            .column(members::Column::Id)
            .filter(members::Column::RegionId.eq(region.0))
            .filter(named(members::Column::SearchText, members::Column::Readings, q))
            .into_query();
        condition = condition.add(Column::MemberId.in_subquery(found));
    }
    condition
}

impl Store {
    /// One grant.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever may not know of it.
    pub async fn role_grant(&self, caller: &Caller, id: RoleGrantId, now: Timestamp) -> Result<GrantView, StoreError> {
        let region = caller.actor.region;
        let grant = load(self.read(), region, id).await?.ok_or(StoreError::NotFound)?;
        let path = unit_path(self.read(), region, grant.unit).await?;
        caller.must(Action::ViewRoleGrant, as_resource(&grant, &path))?;
        self.shown(caller, vec![grant], now)
            .await?
            .pop()
            .ok_or(StoreError::NotFound)
    }

    /// A page of the grants that the caller may know of.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who looks after nobody's roles.
    pub async fn list_role_grants(
        &self,
        caller: &Caller,
        filter: GrantFilter,
        order: GrantOrder,
        request: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<GrantView>, StoreError> {
        caller.must(Action::ListRoleGrants, Resource::Any)?;
        let region = caller.actor.region;
        let mut condition = visible_to(caller).add(narrowed(region, &filter, now));
        if let Some(unit) = filter.unit.filter(|unit| *unit != region) {
            // What `narrowed` says already, but with the very units: see `Store::few_units`.
            condition = condition.add_option(
                self.few_units(below(region, &[unit]))
                    .await?
                    .map(|ids| Column::UnitId.is_in(ids)),
            );
        }
        let sort = Sort {
            column: Column::ValidFrom,
            id: Column::Id,
            is_descending: order == GrantOrder::NewestFirst,
        };
        let key = |row: &Model| (Key::Number(row.valid_from), row.id);
        let page = page::fetch(self, Entity::find().filter(condition), request, sort, &filter, key).await?;
        let grants = page.items.into_iter().map(to_domain).collect::<Result<Vec<_>, _>>()?;
        Ok(Page {
            items: self.shown(caller, grants, now).await?,
            next_cursor: page.next_cursor,
            total: page.total,
        })
    }

    async fn shown(
        &self,
        caller: &Caller,
        grants: Vec<RoleGrant>,
        now: Timestamp,
    ) -> Result<Vec<GrantView>, StoreError> {
        let region = caller.actor.region;
        let people = grants.iter().flat_map(|grant| {
            let holder = grant.deputy_for.map(|of| of.holder);
            std::iter::once(grant.member).chain(holder).chain(grant.granted_by)
        });
        let people = self.member_names(region, people.collect::<Vec<_>>()).await?;
        let places: Vec<UnitId> = grants.iter().map(|grant| grant.unit).collect();
        let units = self.unit_names(region, places.iter().copied()).await?;
        let paths = unit_paths(self.read(), region, places).await?;
        grants
            .into_iter()
            .map(|grant| {
                let path = paths.get(&grant.unit).map(Vec::as_slice).unwrap_or_default();
                let name = |id: MemberId| people.get(&id).cloned();
                Ok(GrantView {
                    state: grant.term.state(now),
                    member: name(grant.member).ok_or(nonsense("member_id"))?,
                    unit: units.get(&grant.unit).cloned().ok_or(nonsense("unit_id"))?,
                    acting_for: grant.deputy_for.and_then(|of| name(of.holder)),
                    granted_by: grant.granted_by.and_then(name),
                    allowed: allowed(caller, &grant, path, now),
                    grant,
                })
            })
            .collect()
    }

    /// The roles that members hold now, as far as the caller may know of them.
    pub(crate) async fn held_roles(
        &self,
        caller: &Caller,
        people: &[Uuid],
        now: Timestamp,
    ) -> Result<HashMap<Uuid, Vec<HeldRole>>, StoreError> {
        let region = caller.actor.region;
        let rows = Entity::find()
            .filter(Column::RegionId.eq(region.0))
            .filter(Column::MemberId.is_in(people.iter().copied()))
            .filter(in_force(now))
            .order_by_asc(Column::ValidFrom)
            .order_by_asc(Column::Id)
            .all(self.read())
            .await?;
        let places: Vec<UnitId> = rows.iter().map(|row| UnitId(row.unit_id)).collect();
        let paths = unit_paths(self.read(), region, places.iter().copied()).await?;
        let units = self.unit_names(region, places).await?;
        let holders: Vec<MemberId> = rows.iter().filter_map(|row| row.acting_for.map(MemberId)).collect();
        let holders = self.member_names(region, holders).await?;
        let mut held: HashMap<Uuid, Vec<HeldRole>> = HashMap::new();
        for row in rows {
            let resource = Resource::RoleGrant {
                path: paths.get(&UnitId(row.unit_id)).map(Vec::as_slice).unwrap_or_default(),
                member: MemberId(row.member_id),
                acting_for: row.acting_for.map(MemberId),
            };
            if policy::permit(&caller.actor, Action::ViewRoleGrant, resource) != Access::Allow {
                continue;
            }
            held.entry(row.member_id).or_default().push(HeldRole {
                role: role_of(&row)?,
                unit: units.get(&UnitId(row.unit_id)).cloned().ok_or(nonsense("unit_id"))?,
                acting_for: row.acting_for.and_then(|id| holders.get(&MemberId(id)).cloned()),
            });
        }
        Ok(held)
    }
}

const fn nonsense(column: &'static str) -> StoreError {
    StoreError::Inconsistent {
        table: "role_grants",
        column,
    }
}

fn allowed(caller: &Caller, grant: &RoleGrant, path: &[UnitId], now: Timestamp) -> Vec<GrantVerb> {
    let is_over = grant.term.state(now) == GrantState::Ended;
    let is_own = |action| {
        let doer = policy::doer(&caller.actor, action, as_resource(grant, path));
        doer.is_one_with(liangnuo_domain::Doer::own(grant.member))
    };
    let can_end = !is_over && !is_own(Action::EndRoleGrant);
    let can_deputise = rules::no_deputy(grant, now).is_none();
    [
        (GrantVerb::End, Action::EndRoleGrant, can_end),
        (GrantVerb::NameDeputy, Action::NameDeputy, can_deputise),
    ]
    .into_iter()
    .filter(|(_, action, is_possible)| *is_possible && caller.must(*action, as_resource(grant, path)).is_ok())
    .map(|(verb, _, _)| verb)
    .collect()
}
