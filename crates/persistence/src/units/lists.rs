//! What is shown of units.

use std::collections::HashMap;

use liangnuo_domain::{
    RegionId, UnitId,
    imports::units::Units,
    policy::{Action, Resource},
    units::{self as rules, Unit, UnitKind},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use super::{
    rows::{all, load, to_domain},
    succession::Succession,
};
use crate::{
    callers::Caller,
    db::Store,
    entity::units,
    error::StoreError,
    names::{UnitName, unit_paths},
    page::{self, Key, Page, PageRequest, Sort},
    readings::named,
};

/// A unit with its place in the tree and what the caller may do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitView {
    /// The unit.
    pub unit: Unit,
    /// From the root to the parent.
    pub path: Vec<UnitName>,
    /// Which units came in its place, if it is closed.
    pub successors: Vec<Succession>,
    /// In whose place it came.
    pub predecessors: Vec<Succession>,
    /// What the caller may do now.
    pub allowed: Vec<UnitVerb>,
}

/// What can be done with a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitVerb {
    /// Change its fields.
    Edit,
    /// Move it under another unit.
    Move,
    /// Merge it into another one.
    Merge,
    /// Split it up among others.
    Split,
    /// Close it.
    Close,
    /// Create a unit below it.
    CreateChild,
}

/// What a list of units is narrowed down to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitFilter {
    /// Part of the name, in either language or by pinyin, or of the code.
    pub q: Option<String>,
    /// This kind.
    pub kind: Option<UnitKind>,
    /// Directly below this unit.
    pub parent: Option<UnitId>,
    /// Closed ones too.
    pub include_closed: bool,
}

impl Store {
    /// One unit.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn unit(&self, caller: &Caller, id: UnitId) -> Result<UnitView, StoreError> {
        let unit = load(self.read(), caller.actor.region, id)
            .await?
            .ok_or(StoreError::NotFound)?;
        self.with_paths(Some(caller), vec![unit])
            .await?
            .pop()
            .ok_or(StoreError::NotFound)
    }

    /// One open unit, as the public sees it, or a closed one in whose place others came.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an unknown unit, and for one that is closed for good.
    pub async fn public_unit(&self, region: RegionId, id: UnitId) -> Result<UnitView, StoreError> {
        let unit = load(self.read(), region, id).await?.ok_or(StoreError::NotFound)?;
        self.with_paths(None, vec![unit])
            .await?
            .pop()
            .filter(|view| view.unit.closed_at.is_none() || !view.successors.is_empty())
            .ok_or(StoreError::NotFound)
    }

    /// A page of units by name.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`].
    pub async fn list_units(
        &self,
        region: RegionId,
        caller: Option<&Caller>,
        filter: UnitFilter,
        request: &PageRequest,
    ) -> Result<Page<UnitView>, StoreError> {
        let mut select = units::Entity::find().filter(units::Column::RegionId.eq(region.0));
        if let Some(q) = filter.q.as_deref().filter(|q| !q.trim().is_empty()) {
            select = select.filter(named(units::Column::SearchText, units::Column::Readings, q));
        }
        if let Some(kind) = filter.kind {
            select = select.filter(units::Column::Kind.eq(kind.code()));
        }
        if let Some(parent) = filter.parent {
            select = select.filter(units::Column::ParentId.eq(parent.0));
        }
        if !filter.include_closed {
            select = select.filter(units::Column::ClosedAt.is_null());
        }
        let sort = Sort {
            column: units::Column::Name,
            id: units::Column::Id,
            is_descending: false,
        };
        let key = |row: &units::Model| (Key::Text(row.name.clone()), row.id);
        let page = page::fetch(self, select, request, sort, &filter, key).await?;
        let found = page.items.into_iter().map(to_domain).collect::<Result<Vec<_>, _>>()?;
        Ok(Page {
            items: self.with_paths(caller, found).await?,
            next_cursor: page.next_cursor,
            total: page.total,
        })
    }

    /// How a list names each open unit so that an import knows which one is meant: by its code, else by its whole path.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unit_references(&self, region: RegionId) -> Result<HashMap<UnitId, String>, StoreError> {
        let all = all(self.read(), region).await?;
        let open: Vec<UnitId> = all
            .iter()
            .filter(|unit| unit.closed_at.is_none())
            .map(|unit| unit.id)
            .collect();
        let units = Units::new(all, HashMap::new());
        let named = open.into_iter().filter_map(|id| Some((id, units.reference(id)?)));
        Ok(named.collect())
    }

    /// How many open units stand directly below this one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn children_count(&self, region: RegionId, id: UnitId) -> Result<u64, StoreError> {
        Ok(units::Entity::find()
            .filter(units::Column::RegionId.eq(region.0))
            .filter(units::Column::ParentId.eq(id.0))
            .filter(units::Column::ClosedAt.is_null())
            .count(self.read())
            .await?)
    }

    /// The county of the public pages: the configured one, or the only one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn public_region(&self, configured: Option<UnitId>) -> Result<Option<Unit>, StoreError> {
        let mut roots = units::Entity::find().filter(units::Column::ParentId.is_null());
        if let Some(id) = configured {
            roots = roots.filter(units::Column::Id.eq(id.0));
        }
        let mut found = roots.limit(2).all(self.read()).await?;
        match (found.pop(), found.is_empty()) {
            (Some(row), true) => to_domain(row).map(Some),
            _ => Ok(None),
        }
    }

    /// Adds the path, the successions and what the caller may do, for a page of units in a few queries.
    async fn with_paths(&self, caller: Option<&Caller>, found: Vec<Unit>) -> Result<Vec<UnitView>, StoreError> {
        let Some(region) = found.first().map(|unit| unit.region) else {
            return Ok(Vec::new());
        };
        let mut paths = unit_paths(self.read(), region, found.iter().map(|unit| unit.id)).await?;
        let names = self
            .unit_names(region, paths.values().flatten().copied().collect::<Vec<_>>())
            .await?;
        let (mut successors, mut predecessors) = self.successions(region, &found).await?;
        Ok(found
            .into_iter()
            .map(|unit| {
                let path = paths.remove(&unit.id).unwrap_or_default();
                let allowed = caller.map(|caller| allowed(caller, &unit, &path)).unwrap_or_default();
                let above = path
                    .iter()
                    .filter(|id| **id != unit.id)
                    .filter_map(|id| names.get(id).cloned())
                    .collect();
                UnitView {
                    successors: successors.remove(&unit.id).unwrap_or_default(),
                    predecessors: predecessors.remove(&unit.id).unwrap_or_default(),
                    unit,
                    path: above,
                    allowed,
                }
            })
            .collect())
    }
}

/// What a caller may do with a unit now.
fn allowed(caller: &Caller, unit: &Unit, path: &[UnitId]) -> Vec<UnitVerb> {
    if unit.closed_at.is_some() {
        return Vec::new();
    }
    let is_root = unit.parent.is_none();
    [
        (UnitVerb::Edit, Action::EditUnit, true),
        (UnitVerb::Move, Action::MoveUnit, !is_root),
        (UnitVerb::Merge, Action::SucceedUnit, !is_root),
        (UnitVerb::Split, Action::SucceedUnit, !is_root),
        (UnitVerb::Close, Action::CloseUnit, !is_root),
        (UnitVerb::CreateChild, Action::CreateUnit, rules::can_hold(unit).is_ok()),
    ]
    .into_iter()
    .filter(|(_, action, is_possible)| *is_possible && caller.must(*action, Resource::Unit { path }).is_ok())
    .map(|(verb, _, _)| verb)
    .collect()
}
