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

/// What a selection is narrowed down to: to some unit of each list, and to some category.
pub(crate) struct Places {
    units: Vec<Vec<Uuid>>,
    categories: Option<Vec<Uuid>>,
}

impl Places {
    /// What a filter says of units and categories already, in other words.
    pub(crate) fn condition(&self) -> Condition {
        let mut condition = Condition::all();
        for units in &self.units {
            condition = condition.add(match units[..] {
                // Of a list SQLite does not know that it is one value, whose index has the page's order.
                [unit] => Column::UnitId.eq(unit),
                _ => Column::UnitId.is_in(units.iter().copied()),
            });
        }
        let categories = self.categories.as_ref();
        condition.add_option(categories.map(|ids| Column::CategoryId.is_in(ids.iter().copied())))
    }

    /// One condition for each unit, if they are some: each has its own cases in the order in which they came in, all of them
    /// together have not.
    pub(super) fn each_unit(&self) -> Vec<Condition> {
        let some = self.units.iter().filter(|units| (2..=SOME).contains(&units.len()));
        let fewest = some.min_by_key(|units| units.len());
        let each = fewest.into_iter().flatten();
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
        let mut units = Vec::new();
        for some in subtrees.chain(filter.unit_kind.map(|kind| units_of_kind(region, kind))) {
            units.extend(self.few_units(some).await?);
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
