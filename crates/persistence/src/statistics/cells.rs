//! The cells of the kept sums: of what each is, over which time, and what a case adds to which of them.

use std::collections::{BTreeMap, BTreeSet};

use liangnuo_domain::{
    CategoryId, RegionId, Timestamp, UnitId,
    statistics::{Cell, Count, Fact, Month},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::{
    entity::complaint_cells::{ActiveModel, Column, Entity, Model},
    error::StoreError,
    tx::Tx,
};

/// What a cell is of, beside its county.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Axes(i16);

impl Axes {
    pub const NONE: Self = Self(0);
    pub const UNIT: Self = Self(1);
    pub const CATEGORY: Self = Self(2);
    pub const BOTH: Self = Self(3);
    const ALL: [Self; 4] = [Self::NONE, Self::UNIT, Self::CATEGORY, Self::BOTH];

    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn has(self, one: Self) -> bool {
        self.0 & one.0 == one.0
    }

    pub const fn code(self) -> i16 {
        self.0
    }
}

/// All time, as a period.
pub(super) const EVER: &str = "";

/// The category of a case without one: the highest value, so that it is no category's.
pub(super) const NO_CATEGORY: Uuid = Uuid::max();

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    region: Uuid,
    axes: Axes,
    period: String,
    is_sealed: bool,
    unit: Uuid,
    category: Uuid,
}

impl Key {
    fn of(region: RegionId, axes: Axes, period: String, fact: &Fact) -> Self {
        let category = fact.category.map_or(NO_CATEGORY, |category| category.0);
        Self {
            region: region.0,
            axes,
            period,
            is_sealed: fact.is_sealed,
            unit: if axes.has(Axes::UNIT) { fact.unit.0 } else { Uuid::nil() },
            category: if axes.has(Axes::CATEGORY) {
                category
            } else {
                Uuid::nil()
            },
        }
    }

    fn row(self, packed: Vec<u8>) -> ActiveModel {
        ActiveModel {
            region_id: Set(self.region),
            axes: Set(self.axes.code()),
            period: Set(self.period),
            is_sealed: Set(self.is_sealed),
            unit_id: Set(self.unit),
            category_id: Set(self.category),
            packed: Set(packed),
        }
    }
}

impl From<Model> for Key {
    fn from(row: Model) -> Self {
        Self {
            region: row.region_id,
            axes: Axes(row.axes),
            period: row.period,
            is_sealed: row.is_sealed,
            unit: row.unit_id,
            category: row.category_id,
        }
    }
}

/// The category that a cell's column says.
pub(super) fn category_of(column: Uuid) -> Option<CategoryId> {
    (column != NO_CATEGORY).then_some(CategoryId(column))
}

/// What is said of a packed cell that can't be read.
pub(super) const BROKEN: StoreError = StoreError::Inconsistent {
    table: "complaint_cells",
    column: "packed",
};

/// The month of a name that the product wrote itself.
pub(super) fn month_of(name: &str) -> Result<Month, StoreError> {
    Month::named(name).ok_or(StoreError::Bug("a month has no name of one"))
}

/// What many cases add to the kept sums.
#[derive(Debug, Default)]
pub(super) struct Additions {
    cells: BTreeMap<Key, Cell>,
    added: usize,
}

impl Additions {
    /// Takes a case in, or out with a `sign` of -1.
    pub fn add(&mut self, region: RegionId, fact: &Fact, sign: i64) -> Result<(), StoreError> {
        let received = month_of(&fact.received)?;
        for axes in Axes::ALL {
            let key = |period: String| Key::of(region, axes, period, fact);
            let ever = self.cells.entry(key(EVER.to_owned())).or_default();
            ever.add(fact, None, sign);
            let year = self.cells.entry(key(received.year().to_string())).or_default();
            year.add(fact, Some(received), sign);
            // Answers and ends count in the months in which they were, too.
            for (month, count) in [(&fact.replied, Count::RepliedIn), (&fact.ended, Count::EndedIn)] {
                if let Some(month) = month {
                    let month = month_of(month)?;
                    let year = self.cells.entry(key(month.year().to_string())).or_default();
                    year.add_flow(fact, month, count, sign);
                }
            }
        }
        self.added += 1;
        Ok(())
    }

    /// How many cases were added.
    pub const fn len(&self) -> usize {
        self.added
    }

    /// Adds everything to what is kept. Only who holds the keeper's row may: cells are read, added to and written.
    pub async fn write(self, tx: &Tx) -> Result<(), StoreError> {
        let now = tx.now();
        let mut cells = self.cells;
        let mut parts: BTreeMap<Slice, (BTreeSet<Uuid>, BTreeSet<Uuid>)> = BTreeMap::new();
        for key in cells.keys() {
            let part = (key.region, key.axes, key.period.clone(), key.is_sealed);
            let (units, categories) = parts.entry(part).or_default();
            units.insert(key.unit);
            categories.insert(key.category);
        }
        for (part, (units, categories)) in parts {
            let units: Vec<Uuid> = units.into_iter().collect();
            for units in units.chunks(CHUNK) {
                for row in known(tx, &part, units, &categories).await? {
                    let packed = row.packed.clone();
                    if let Some(cell) = cells.get_mut(&Key::from(row)) {
                        cell.add_packed(&packed).ok_or(BROKEN)?;
                    }
                }
            }
        }
        put(tx, cells, now).await
    }
}

/// Cells of one county, kind and time, sealed or not.
type Slice = (Uuid, Axes, String, bool);

/// Those of a slice, of any of these units and any of these categories.
async fn known(
    tx: &Tx,
    (region, axes, period, is_sealed): &Slice,
    units: &[Uuid],
    categories: &BTreeSet<Uuid>,
) -> Result<Vec<Model>, StoreError> {
    let one = Condition::all()
        .add(Column::RegionId.eq(*region))
        .add(Column::Axes.eq(axes.code()))
        .add(Column::Period.eq(period.as_str()))
        .add(Column::IsSealed.eq(*is_sealed))
        .add(Column::UnitId.is_in(units.iter().copied()))
        .add(Column::CategoryId.is_in(categories.iter().copied()));
    Ok(Entity::find().filter(one).all(tx.conn()).await?)
}

/// Rows of one INSERT, and units asked for at once.
const CHUNK: usize = 500;

/// Writes cells, and takes those away that count nothing any more.
async fn put(tx: &Tx, cells: BTreeMap<Key, Cell>, now: Timestamp) -> Result<(), StoreError> {
    let mut full = Vec::new();
    for (key, cell) in cells {
        let packed = cell.pack(now);
        if packed.is_empty() {
            let Key {
                region,
                axes,
                period,
                is_sealed,
                unit,
                category,
            } = key;
            let id = (region, axes.code(), period, is_sealed, unit, category);
            Entity::delete_by_id(id).exec(tx.conn()).await?;
        } else {
            full.push(key.row(packed));
        }
    }
    for chunk in full.chunks(CHUNK) {
        let key = [
            Column::RegionId,
            Column::Axes,
            Column::Period,
            Column::IsSealed,
            Column::UnitId,
            Column::CategoryId,
        ];
        Entity::insert_many(chunk.to_vec())
            .on_conflict(OnConflict::columns(key).update_column(Column::Packed).to_owned())
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// The cells of a county by these axes, over these years, or all time where there are none.
pub(super) fn cells_of(region: RegionId, axes: Axes, years: &[i32], sees_sealed: bool) -> Condition {
    let sealed: &[bool] = if sees_sealed { &[false, true] } else { &[false] };
    let period = if years.is_empty() {
        Column::Period.eq(EVER)
    } else {
        Column::Period.is_in(years.iter().map(i32::to_string))
    };
    Condition::all()
        .add(Column::RegionId.eq(region.0))
        .add(Column::Axes.eq(axes.code()))
        .add(period)
        .add(Column::IsSealed.is_in(sealed.iter().copied()))
}

/// Whether a cell's unit is one of some, or the cell is of sealed cases, which are seen wherever they lie.
pub(super) fn in_units(units: Condition, sees_sealed: bool) -> Condition {
    let any = Condition::any().add(units);
    if sees_sealed {
        any.add(Expr::col(Column::IsSealed).eq(true))
    } else {
        any
    }
}

/// The unit that a cell's column says.
pub(super) const fn unit_of(column: Uuid) -> UnitId {
    UnitId(column)
}
