//! Where the cases of a selection are, as the very units and categories: of a subquery neither database knows how few cases it
//! leaves, and both would rather read all cases in their order until the page is full.

use liangnuo_domain::UnitId;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, sea_query::SelectStatement};
use uuid::Uuid;

use super::lists::{CaseFilter, categories_below, units_of_kind};
use crate::{
    db::Store,
    entity::complaints::Column,
    error::StoreError,
    visible::{Visible, below},
};

/// Units whose cases are few beside all of them.
const FEW: usize = 40;

/// Units, such as a school's, whose lists are read one by one and put together.
const SOME: usize = 8;

/// What a selection is narrowed down to, where these are few.
pub(crate) struct Places {
    units: Option<Vec<Uuid>>,
    categories: Option<Vec<Uuid>>,
}

impl Places {
    /// What a filter says of units and categories already, in other words.
    pub(crate) fn condition(&self) -> Condition {
        let units = self.units.as_ref().map(|units| match units[..] {
            // Of a list SQLite does not know that it is one value, whose index has the page's order.
            [unit] => Column::UnitId.eq(unit),
            _ => Column::UnitId.is_in(units.iter().copied()),
        });
        let categories = self.categories.as_ref();
        let categories = categories.map(|ids| Column::CategoryId.is_in(ids.iter().copied()));
        Condition::all().add_option(units).add_option(categories)
    }

    /// One condition for each unit, if they are some: each has its own cases in the order in which they came in, all of them
    /// together have not.
    pub(super) fn each_unit(&self) -> Vec<Condition> {
        let some = self.units.as_ref().filter(|units| (2..=SOME).contains(&units.len()));
        let each = some.into_iter().flatten();
        each.map(|unit| Condition::all().add(Column::UnitId.eq(*unit)))
            .collect()
    }
}

impl Store {
    pub(super) async fn named_places(&self, visible: &Visible, filter: &CaseFilter) -> Result<Places, StoreError> {
        let region = visible.region();
        let unit = filter.unit.filter(|unit| *unit != region);
        let own = visible.units_if_not_all().map(<[UnitId]>::to_vec);
        let roots = own.into_iter().chain(unit.map(|unit| vec![unit]));
        let subtrees = roots.map(|roots| below(region, &roots));
        let mut units: Option<Vec<Uuid>> = None;
        for some in subtrees.chain(filter.unit_kind.map(|kind| units_of_kind(region, kind))) {
            // What is in all of them: of a unit in one alone the database would look for cases in vain, through all there are.
            if let Some(mut few) = self.few_units(some).await? {
                few.retain(|id| units.as_ref().is_none_or(|known| known.contains(id)));
                units = Some(few);
            }
        }
        let categories = match filter.category {
            Some(category) => Some(self.read_ids(categories_below(region, category)).await?),
            None => None,
        };
        Ok(Places { units, categories })
    }

    /// What [`super::filtered`] says of units and categories already, in other words.
    pub(crate) async fn exactly(&self, visible: &Visible, filter: &CaseFilter) -> Result<Condition, StoreError> {
        Ok(self.named_places(visible, filter).await?.condition())
    }

    /// The units of a subquery, where they are so few that a list says more to the database than the subquery.
    pub(crate) async fn few_units(&self, units: SelectStatement) -> Result<Option<Vec<Uuid>>, StoreError> {
        let ids = self.read_ids(units).await?;
        Ok((ids.len() <= FEW).then_some(ids))
    }

    async fn read_ids(&self, select: SelectStatement) -> Result<Vec<Uuid>, StoreError> {
        let rows = self.read().query_all(&select).await?;
        let ids = rows.iter().map(|row| row.try_get_by_index(0));
        Ok(ids.collect::<Result<_, _>>()?)
    }
}
