//! Figures read from the kept sums.

use std::collections::{BTreeMap, HashMap};

use liangnuo_domain::{
    Day, RegionId, Timestamp, UnitId,
    complaints::{Channel, Kind, State},
    statistics::{Count, GroupKey, Month, Packed, Period, Spread, Sums, groups},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::{
    cells::{Axes, BROKEN, EVER, NO_CATEGORY, category_of, cells_of, in_units, unit_of},
    scan::{Part, Tally},
};
use crate::{
    complaints::{CaseFilter, categories_of, units_of},
    db::Store,
    entity::complaint_cells::{Column, Entity},
    error::StoreError,
    visible::Visible,
};

/// The period of a filter; `None` for one that is no time.
fn period_of(filter: &CaseFilter) -> Option<Period> {
    let of_year = |month, day| match filter.year {
        None => Some(None),
        Some(year) => Day::from_ymd_opt(year, month, day).map(Some),
    };
    let (first, last) = (of_year(1, 1)?, of_year(12, 31)?);
    let from = Ord::max(filter.received_from, first);
    let to = [filter.received_to, last].into_iter().flatten().min();
    Some(Period::between(from, to))
}

/// A selection whose figures can be had from the kept sums.
#[derive(Clone)]
pub(super) struct Kept {
    region: RegionId,
    sees_sealed: bool,
    /// Its whole months are in the sums; what is around them is not.
    pub period: Period,
    units: Option<Condition>,
    categories: Option<Condition>,
    channels: Vec<Channel>,
    kinds: Vec<Kind>,
    states: Vec<State>,
}

/// What rows of cells are read for.
#[derive(Clone, Copy, Default)]
struct Wanted {
    all: bool,
    units: bool,
    categories: bool,
    months: bool,
}

#[derive(FromQueryResult)]
struct Row {
    period: String,
    unit_id: Uuid,
    category_id: Uuid,
    packed: Vec<u8>,
}

impl Kept {
    /// `None` for a selection that the sums can't tell.
    pub fn of(visible: &Visible, filter: &CaseFilter) -> Option<Self> {
        // Whatever else narrows the selection down, now or in a later version, the sums don't know.
        let known = CaseFilter {
            unit: filter.unit,
            is_unit_alone: filter.is_unit_alone,
            unit_kind: filter.unit_kind,
            category: filter.category,
            is_category_alone: filter.is_category_alone,
            has_category: filter.has_category,
            channels: filter.channels.clone(),
            kinds: filter.kinds.clone(),
            states: filter.states.clone(),
            year: filter.year,
            received_from: filter.received_from,
            received_to: filter.received_to,
            ..CaseFilter::default()
        };
        if known != *filter {
            return None;
        }
        let region = visible.region();
        let scope = visible.units().map(|units| {
            let below = Condition::all().add(Expr::col(Column::UnitId).in_subquery(units));
            in_units(below, visible.sees_sealed())
        });
        let asked = units_of(region, filter, Expr::col(Column::UnitId));
        let units = match (scope, asked) {
            (Some(scope), Some(asked)) => Some(Condition::all().add(scope).add(asked)),
            (scope, asked) => scope.or(asked),
        };
        let none = |has: bool| {
            if has {
                Column::CategoryId.ne(NO_CATEGORY)
            } else {
                Column::CategoryId.eq(NO_CATEGORY)
            }
        };
        let below = categories_of(region, filter, Expr::col(Column::CategoryId));
        let categories = (below.is_some() || filter.has_category.is_some()).then(|| {
            Condition::all()
                .add_option(below)
                .add_option(filter.has_category.map(none))
        });
        Some(Self {
            region,
            sees_sealed: visible.sees_sealed(),
            period: period_of(filter)?,
            units,
            categories,
            channels: filter.channels.clone(),
            kinds: filter.kinds.clone(),
            states: filter.states.clone(),
        })
    }

    /// The whole county.
    fn of_all(region: RegionId, channel: Option<Channel>) -> Self {
        Self {
            region,
            sees_sealed: true,
            period: Period::between(None, None),
            units: None,
            categories: None,
            channels: channel.into_iter().collect(),
            kinds: Vec::new(),
            states: Vec::new(),
        }
    }

    fn axes(&self) -> Axes {
        let units = if self.units.is_some() { Axes::UNIT } else { Axes::NONE };
        let categories = if self.categories.is_some() {
            Axes::CATEGORY
        } else {
            Axes::NONE
        };
        units.and(categories)
    }

    fn holds(&self, key: GroupKey) -> bool {
        (self.channels.is_empty() || self.channels.contains(&key.channel))
            && (self.kinds.is_empty() || self.kinds.contains(&key.kind))
            && (self.states.is_empty() || self.states.contains(&key.state))
    }

    /// The period by which the authors of its imported cases are kept: of the whole county, over a year or all time.
    pub fn authors_period(&self) -> Option<String> {
        let is_whole = self.axes() == Axes::NONE
            && self.kinds.is_empty()
            && self.states.is_empty()
            && (self.channels.is_empty() || self.channels.contains(&Channel::Import));
        let year = self.period.as_year().map(|year| year.to_string());
        is_whole.then(|| {
            if self.period.is_ever() {
                Some(EVER.to_owned())
            } else {
                year
            }
        })?
    }

    /// Whether all time is asked for, over which there are sums.
    fn is_ever(&self) -> bool {
        self.period.is_ever()
    }

    fn condition(&self, axes: Axes, years: &[i32]) -> Condition {
        cells_of(self.region, axes, years, self.sees_sealed)
            .add_option(self.units.clone().filter(|_| axes.has(Axes::UNIT)))
            .add_option(self.categories.clone().filter(|_| axes.has(Axes::CATEGORY)))
    }
}

impl Wanted {
    /// Takes a group of a cell in, where it belongs.
    fn take(self, row: &Row, year: Option<i32>, packed: Packed<'_>, tally: &mut Tally, now: Timestamp) {
        let key = packed.key;
        let group = Group {
            packed,
            sums: packed.sums(),
            now,
        };
        if self.all {
            group.add_to(&mut tally.all);
            group.add_to(tally.channels.entry(key.channel).or_insert_with(empty));
            group.add_to(tally.kinds.entry(key.kind).or_insert_with(empty));
        }
        if self.units {
            group.add_to(tally.units.entry(unit_of(row.unit_id)).or_insert_with(empty));
        }
        if self.categories {
            group.add_to(
                tally
                    .categories
                    .entry(category_of(row.category_id))
                    .or_insert_with(empty),
            );
        }
        if let (true, Some(year)) = (self.months, year) {
            let month = Month::new(year, i32::from(key.month)).name();
            group.add_to(tally.months.entry(month).or_insert_with(empty));
        }
    }
}

struct Group<'a> {
    packed: Packed<'a>,
    sums: Sums,
    now: Timestamp,
}

impl Group<'_> {
    fn add_to(&self, part: &mut Part) {
        part.sums.add(&self.sums, 1);
        for (bin, count) in self.packed.bins() {
            part.spread.add_bin(bin, count);
        }
        for (clock, count) in self.packed.clocks() {
            *part.phases.entry(clock.phase(self.now)).or_default() += count;
        }
    }
}

pub(super) fn empty() -> Part {
    Part::new(Spread::Binned(Vec::new()))
}

impl Store {
    /// The figures of the whole months of a selection by the sums.
    pub(super) async fn kept_tally(&self, kept: &Kept, now: Timestamp) -> Result<Tally, StoreError> {
        let mut tally = Tally::binned();
        if !kept.period.has_months() {
            return Ok(tally);
        }
        let years = self.kept_years(kept).await?;
        let own = kept.axes();
        let (has_units, has_categories) = (own.has(Axes::UNIT), own.has(Axes::CATEGORY));
        let wanted = Wanted {
            all: true,
            units: has_units,
            categories: has_categories,
            months: false,
        };
        let months = Wanted {
            months: true,
            ..Wanted::default()
        };
        let span: &[i32] = if kept.is_ever() { &[] } else { &years };
        if kept.is_ever() {
            self.read_cells(kept, own, &[], wanted, &mut tally, now).await?;
            self.read_cells(kept, own, &years, months, &mut tally, now).await?;
        } else {
            let both = Wanted { months: true, ..wanted };
            self.read_cells(kept, own, &years, both, &mut tally, now).await?;
        }
        let units = Wanted {
            units: true,
            ..Wanted::default()
        };
        let categories = Wanted {
            categories: true,
            ..Wanted::default()
        };
        if !has_units {
            self.read_cells(kept, own.and(Axes::UNIT), span, units, &mut tally, now)
                .await?;
        }
        if !has_categories {
            let axes = own.and(Axes::CATEGORY);
            self.read_cells(kept, axes, span, categories, &mut tally, now).await?;
        }
        Ok(tally)
    }

    /// How many cases would have to be looked at to count a selection as it stands: those that an index leads to.
    pub(super) async fn reach(&self, kept: &Kept, now: Timestamp) -> Result<i64, StoreError> {
        let (units, categories) = (kept.units.clone(), kept.categories.clone());
        let wanted = Wanted {
            all: true,
            ..Wanted::default()
        };
        let mut least = i64::MAX;
        for (units, categories) in [(units, None), (None, categories)] {
            let wide = Kept {
                units,
                categories,
                channels: Vec::new(),
                kinds: Vec::new(),
                states: Vec::new(),
                ..kept.clone()
            };
            let mut tally = Tally::binned();
            let years = if wide.is_ever() {
                Vec::new()
            } else {
                self.kept_years(&wide).await?
            };
            if wide.is_ever() || !years.is_empty() {
                self.read_cells(&wide, wide.axes(), &years, wanted, &mut tally, now)
                    .await?;
            }
            let reach = tally.all.sums.get(Count::Cases);
            if wide.axes() == kept.axes() {
                return Ok(reach);
            }
            least = Ord::min(least, reach);
        }
        Ok(least)
    }

    /// What the public is shown figures of: every year with its months, kinds and categories, and each unit in this year.
    pub(super) async fn kept_for_public(
        &self,
        kept: &Kept,
        now: Timestamp,
    ) -> Result<(BTreeMap<i32, Tally>, HashMap<UnitId, Part>), StoreError> {
        let none = Wanted::default();
        let of_year = Wanted {
            all: true,
            months: true,
            ..none
        };
        let categories = Wanted {
            categories: true,
            ..none
        };
        let mut years = BTreeMap::new();
        for year in self.kept_years(kept).await? {
            let mut tally = Tally::binned();
            self.read_cells(kept, Axes::NONE, &[year], of_year, &mut tally, now)
                .await?;
            self.read_cells(kept, Axes::CATEGORY, &[year], categories, &mut tally, now)
                .await?;
            years.insert(year, tally);
        }
        let mut tally = Tally::binned();
        let units = Wanted { units: true, ..none };
        self.read_cells(kept, Axes::UNIT, &[now.year()], units, &mut tally, now)
            .await?;
        Ok((years, tally.units))
    }

    /// How all cases of a county are spread.
    pub(super) async fn kept_spread(&self, region: RegionId, now: Timestamp) -> Result<Spread, StoreError> {
        let all = self.kept_all(&Kept::of_all(region, None), now).await?;
        Ok(all.spread)
    }

    /// How many cases of a county came in by a channel.
    pub(super) async fn kept_of_channel(&self, region: RegionId, channel: Channel) -> Result<i64, StoreError> {
        let kept = Kept::of_all(region, Some(channel));
        let all = self.kept_all(&kept, Timestamp::from_micros(0)).await?;
        Ok(all.sums.get(Count::Cases))
    }

    async fn kept_all(&self, kept: &Kept, now: Timestamp) -> Result<Part, StoreError> {
        let mut tally = Tally::binned();
        let wanted = Wanted {
            all: true,
            ..Wanted::default()
        };
        self.read_cells(kept, kept.axes(), &[], wanted, &mut tally, now).await?;
        Ok(tally.all)
    }

    /// Reads cells by these axes over these years, or over all time where there are none.
    async fn read_cells(
        &self,
        kept: &Kept,
        axes: Axes,
        years: &[i32],
        wanted: Wanted,
        tally: &mut Tally,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if years.is_empty() && !kept.is_ever() || years.is_empty() && wanted.months {
            return Ok(());
        }
        let rows = Entity::find()
            .select_only()
            .columns([Column::Period, Column::UnitId, Column::CategoryId, Column::Packed])
            .filter(kept.condition(axes, years))
            .into_model::<Row>()
            .all(self.read())
            .await?;
        for row in &rows {
            let year = row.period.parse::<i32>().ok();
            for packed in groups(&row.packed) {
                let packed = packed.ok_or(BROKEN)?;
                let month = year.map(|year| Month::new(year, i32::from(packed.key.month)));
                if kept.holds(packed.key) && month.is_none_or(|month| kept.period.holds(month)) {
                    wanted.take(row, year, packed, tally, now);
                }
            }
        }
        Ok(())
    }

    /// The years of a selection of which there are sums.
    async fn kept_years(&self, kept: &Kept) -> Result<Vec<i32>, StoreError> {
        let names: Vec<String> = Entity::find()
            .select_only()
            .column(Column::Period)
            .distinct()
            .filter(Column::RegionId.eq(kept.region.0))
            .filter(Column::Axes.eq(Axes::NONE.code()))
            .into_tuple()
            .all(self.read())
            .await?;
        let years = names.iter().filter_map(|name| name.parse::<i32>().ok());
        Ok(years.filter(|year| kept.period.holds_of(*year)).collect())
    }
}
