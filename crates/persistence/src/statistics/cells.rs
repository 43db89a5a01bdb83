//! The cells of the kept sums: by what a sum is split, over which time, and what a case adds to which of them.

use std::collections::BTreeMap;

use liangnuo_domain::{
    CategoryId, RegionId,
    complaints::{Channel, Kind},
    statistics::{COUNTS, Count, Fact, Grain, Sums, bin, count_names},
};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Alias, Expr, ExprTrait, Iden, InsertStatement, IntoIden, OnConflict, Query},
};
use uuid::Uuid;

use crate::{error::StoreError, tx::Tx};

pub(super) const SUMS: &str = "complaint_sums";
pub(super) const SPREADS: &str = "complaint_spreads";

/// What a sum can be split by; several make a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Axes(i16);

impl Axes {
    pub const NONE: Self = Self(0);
    pub const UNIT: Self = Self(1);
    pub const CATEGORY: Self = Self(2);
    pub const CHANNEL: Self = Self(4);
    pub const KIND: Self = Self(8);
    /// Each alone.
    pub const SINGLE: [Self; 4] = [Self::UNIT, Self::CATEGORY, Self::CHANNEL, Self::KIND];

    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn has(self, one: Self) -> bool {
        self.0 & one.0 == one.0
    }

    pub const fn code(self) -> i16 {
        self.0
    }

    /// How fine the spread of durations is that is kept; `None` where none is.
    pub fn grain(self) -> Option<Grain> {
        if self == Self::NONE {
            Some(Grain::Fine)
        } else if Self::SINGLE.contains(&self) {
            Some(Grain::Coarse)
        } else {
            None
        }
    }

    /// Whether sums are kept by month, beside those by year and over all time.
    pub fn has_months(self) -> bool {
        self == Self::NONE || Self::SINGLE.contains(&self)
    }

    /// Every set that sums are kept for: nothing, one, and two of the four.
    fn kept() -> impl Iterator<Item = Self> {
        let pairs = Self::SINGLE.into_iter().enumerate().flat_map(|(at, one)| {
            let others = Self::SINGLE.into_iter().skip(at + 1);
            others.map(move |other| one.and(other))
        });
        std::iter::once(Self::NONE).chain(Self::SINGLE).chain(pairs)
    }
}

/// How fine the spread of a month is.
pub(super) const MONTH_GRAIN: Grain = Grain::Coarse;

/// All time, as a period.
pub(super) const EVER: &str = "";

/// The category of a case without one: the highest value, so that it is no category's.
pub(super) const NO_CATEGORY: Uuid = Uuid::max();

/// The columns that name a cell, in the order of the primary key.
pub(super) const KEY: [&str; 8] = [
    "region_id",
    "axes",
    "period",
    "is_sealed",
    "unit_id",
    "category_id",
    "channel",
    "kind",
];

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    region: Uuid,
    axes: Axes,
    period: String,
    is_sealed: bool,
    unit: Uuid,
    category: Uuid,
    channel: &'static str,
    kind: &'static str,
}

impl Cell {
    fn of(region: RegionId, axes: Axes, period: &str, fact: &Fact) -> Self {
        Self {
            region: region.0,
            axes,
            period: period.to_owned(),
            is_sealed: fact.is_sealed,
            unit: if axes.has(Axes::UNIT) { fact.unit.0 } else { Uuid::nil() },
            category: if axes.has(Axes::CATEGORY) {
                fact.category.map_or(NO_CATEGORY, |category| category.0)
            } else {
                Uuid::nil()
            },
            channel: if axes.has(Axes::CHANNEL) {
                fact.channel.code()
            } else {
                ""
            },
            kind: if axes.has(Axes::KIND) { fact.kind.code() } else { "" },
        }
    }

    fn values(&self) -> [Expr; 8] {
        [
            self.region.into(),
            self.axes.code().into(),
            self.period.clone().into(),
            self.is_sealed.into(),
            self.unit.into(),
            self.category.into(),
            self.channel.into(),
            self.kind.into(),
        ]
    }
}

/// The category that a cell's column says.
pub(super) fn category_of(column: Uuid) -> Option<CategoryId> {
    (column != NO_CATEGORY).then_some(CategoryId(column))
}

/// The channel or kind that a cell's column says.
pub(super) fn channel_of(code: &str) -> Result<Channel, StoreError> {
    Channel::from_code(code).ok_or(StoreError::Inconsistent {
        table: SUMS,
        column: "channel",
    })
}

pub(super) fn kind_of(code: &str) -> Result<Kind, StoreError> {
    Kind::from_code(code).ok_or(StoreError::Inconsistent {
        table: SUMS,
        column: "kind",
    })
}

/// What many cases add to the kept sums.
#[derive(Debug, Default)]
pub(super) struct Additions {
    sums: BTreeMap<Cell, Sums>,
    spreads: BTreeMap<(Cell, i64), i64>,
}

impl Additions {
    /// Takes a case in, or out with a `sign` of -1.
    pub fn add(&mut self, region: RegionId, fact: &Fact, sign: i64) {
        let sums = Sums::of(fact);
        let year = year_of(&fact.received);
        for axes in Axes::kept() {
            let month = axes.has_months().then_some(fact.received.as_str());
            for period in month.into_iter().chain([year, EVER]) {
                let cell = Cell::of(region, axes, period, fact);
                self.sums.entry(cell).or_default().add(&sums, sign);
            }
            if axes.has_months() {
                self.add_flow(region, axes, fact, sign);
            }
            let (Some(grain), Some(micros)) = (axes.grain(), fact.reply_micros) else {
                continue;
            };
            let month = (axes == Axes::NONE).then_some((fact.received.as_str(), MONTH_GRAIN));
            for (period, grain) in month.into_iter().chain([(year, grain), (EVER, grain)]) {
                let cell = Cell::of(region, axes, period, fact);
                *self.spreads.entry((cell, bin(micros, grain))).or_default() += sign;
            }
        }
    }

    /// Answers and ends count in the months in which they were, too.
    fn add_flow(&mut self, region: RegionId, axes: Axes, fact: &Fact, sign: i64) {
        for (month, count) in [(&fact.replied, Count::RepliedIn), (&fact.ended, Count::EndedIn)] {
            if let Some(month) = month {
                let cell = Cell::of(region, axes, month, fact);
                self.sums.entry(cell).or_default().add_to(count, sign);
            }
        }
    }

    /// How many cells are touched.
    pub fn len(&self) -> usize {
        self.sums.len() + self.spreads.len()
    }

    /// Adds everything to what is kept. Cells are written in one order, so that two writers can't wait for each other.
    pub async fn write(self, tx: &Tx) -> Result<(), StoreError> {
        let names: Vec<String> = count_names().collect();
        let rows: Vec<(Cell, [i64; COUNTS])> = self
            .sums
            .into_iter()
            .filter(|(_, sums)| !sums.is_zero())
            .map(|(cell, sums)| (cell, *sums.values()))
            .collect();
        for chunk in rows.chunks(CHUNK) {
            let mut insert = upsert(SUMS, &[], &names);
            for (cell, counts) in chunk {
                insert.values_panic(
                    cell.values()
                        .into_iter()
                        .chain(counts.iter().map(|count| (*count).into())),
                );
            }
            tx.conn().execute(&insert).await?;
        }
        let rows: Vec<((Cell, i64), i64)> = self.spreads.into_iter().filter(|(_, cases)| *cases != 0).collect();
        for chunk in rows.chunks(CHUNK) {
            let mut insert = upsert(SPREADS, &["bin"], &["cases".to_owned()]);
            for ((cell, bin), cases) in chunk {
                insert.values_panic(cell.values().into_iter().chain([(*bin).into(), (*cases).into()]));
            }
            tx.conn().execute(&insert).await?;
        }
        Ok(())
    }
}

/// The year of a month.
pub(super) fn year_of(month: &str) -> &str {
    month.split('-').next().unwrap_or_default()
}

/// Rows of one INSERT: SQLite takes at most 32,766 variables, and a row of sums has 37 columns.
const CHUNK: usize = 500;

/// An INSERT that adds to the rows that are there already.
fn upsert(table: &'static str, more_key: &[&'static str], counts: &[String]) -> InsertStatement {
    let key = || KEY.iter().chain(more_key).map(|name| Alias::new(*name));
    let counts = || counts.iter().map(|name| Alias::new(name.as_str()));
    let mut conflict = OnConflict::columns(key());
    for count in counts() {
        let (kept, added) = (
            Expr::col((Alias::new(table), count.clone())),
            Expr::col((Alias::new("excluded"), count.clone())),
        );
        conflict.value(count, kept.add(added));
    }
    let columns = key().chain(counts()).map(IntoIden::into_iden);
    Query::insert()
        .into_table(Alias::new(table))
        .columns(columns)
        .on_conflict(conflict)
        .to_owned()
}

/// The name of a column of the tables of sums.
pub(super) fn column(name: &str) -> impl Iden + IntoIden + Clone {
    Alias::new(name)
}
