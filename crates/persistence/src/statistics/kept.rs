//! Figures read from the kept sums.

use std::collections::BTreeMap;

use liangnuo_domain::{
    Day, RegionId, Timestamp, UnitId,
    complaints::{Channel, Kind},
    statistics::{COUNTS, MICROS_PER_MINUTE, Period, Spread, Sums, bin, count_names, months_between},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement},
};
use uuid::Uuid;

use super::{
    cells::{Axes, MONTH_GRAIN, NO_CATEGORY, SPREADS, SUMS, category_of, channel_of, column, kind_of},
    scan::{Part, Tally},
};
use crate::{
    complaints::{CaseFilter, categories_of, units_of},
    db::Store,
    entity::complaints::{Column, Entity},
    error::StoreError,
    visible::Visible,
};

/// The period of a filter; `None` where it is not made of whole months.
fn period_of(filter: &CaseFilter) -> Option<Period> {
    match (filter.year, filter.received_from, filter.received_to) {
        (None, None, None) => Some(Period::Ever),
        (Some(year), None, None) => Period::between(Day::from_ymd_opt(year, 1, 1)?, Day::from_ymd_opt(year, 12, 31)?),
        (None, Some(from), Some(to)) => Period::between(from, to),
        _ => None,
    }
}

/// A selection whose figures can be had from the kept sums: of some time, and narrowed down by one thing at most.
pub(super) struct Kept {
    region: RegionId,
    sees_sealed: bool,
    pub period: Period,
    axis: Option<(Axes, Condition)>,
}

impl Kept {
    /// `None` for a selection that the sums can't tell.
    pub fn of(visible: &Visible, filter: &CaseFilter) -> Option<Self> {
        let period = period_of(filter)?;
        // Whatever else narrows the selection down, now or in a later version, the sums don't know.
        let known = CaseFilter {
            unit: filter.unit,
            is_unit_alone: filter.is_unit_alone,
            unit_kind: filter.unit_kind,
            category: filter.category,
            is_category_alone: filter.is_category_alone,
            has_category: filter.has_category.filter(|has| !has),
            channels: filter.channels.clone(),
            kinds: filter.kinds.clone(),
            year: filter.year,
            received_from: filter.received_from,
            received_to: filter.received_to,
            ..CaseFilter::default()
        };
        if known != *filter {
            return None;
        }
        let region = visible.region();
        let any_of = |name: &'static str, codes: Vec<&'static str>| {
            (!codes.is_empty()).then(|| Condition::all().add(Expr::col(column(name)).is_in(codes)))
        };
        let scope = visible
            .units()
            .map(|units| Condition::all().add(Expr::col(column("unit_id")).in_subquery(units)));
        let asked = units_of(region, filter, Expr::col(column("unit_id")));
        let units = match (scope, asked) {
            (Some(scope), Some(asked)) => Some(scope.add(asked)),
            (scope, asked) => scope.or(asked),
        };
        let uncategorised = filter
            .has_category
            .map(|_| Condition::all().add(Expr::col(column("category_id")).eq(NO_CATEGORY)));
        let narrowed: Vec<(Axes, Condition)> = [
            (Axes::UNIT, units),
            (
                Axes::CATEGORY,
                categories_of(region, filter, Expr::col(column("category_id"))),
            ),
            (Axes::CATEGORY, uncategorised),
            (
                Axes::CHANNEL,
                any_of(
                    "channel",
                    filter.channels.iter().map(|channel| channel.code()).collect(),
                ),
            ),
            (
                Axes::KIND,
                any_of("kind", filter.kinds.iter().map(|kind| kind.code()).collect()),
            ),
        ]
        .into_iter()
        .filter_map(|(axes, condition)| Some((axes, condition?)))
        .collect();
        if narrowed.len() > 1 || (!narrowed.is_empty() && !period.is_years()) {
            return None;
        }
        Some(Self {
            region,
            sees_sealed: visible.sees_sealed(),
            period,
            axis: narrowed.into_iter().next(),
        })
    }

    fn own_axes(&self) -> Axes {
        self.axis.as_ref().map_or(Axes::NONE, |(axes, _)| *axes)
    }

    /// The rows of one table by these axes and the selection's own.
    fn rows(&self, table: &'static str, by: Axes, periods: &[&str]) -> SelectStatement {
        let axes = self.own_axes().and(by);
        let sealed: &[bool] = if self.sees_sealed { &[false, true] } else { &[false] };
        let condition = Condition::all()
            .add(Expr::col(column("region_id")).eq(self.region.0))
            .add(Expr::col(column("axes")).eq(axes.code()))
            .add(Expr::col(column("period")).is_in(periods.iter().copied()))
            .add(Expr::col(column("is_sealed")).is_in(sealed.iter().copied()))
            .add_option(self.axis.as_ref().map(|(_, condition)| condition.clone()));
        Query::select().from(column(table)).cond_where(condition).to_owned()
    }

    /// Sums, each of one value of a column, or of all.
    fn sums(&self, by: Axes, split: Option<&'static str>, periods: &[&str]) -> SelectStatement {
        let mut select = self.rows(SUMS, by, periods);
        for name in count_names() {
            select.expr_as(whole_sum(&name), Alias::new(name.as_str()));
        }
        split_by(&mut select, split);
        select
    }

    /// Counts in bins, each of one value of a column, or of all; `None` where they are not kept.
    fn bins(&self, by: Axes, split: Option<&'static str>) -> Option<SelectStatement> {
        let axes = self.own_axes().and(by);
        axes.grain()?;
        if axes != Axes::NONE && !self.period.is_years() {
            return None;
        }
        let mut select = self.rows(SPREADS, by, &self.period.names());
        select.expr_as(whole_sum("cases"), Alias::new("cases"));
        select.column(column("bin"));
        split_by(&mut select, split);
        select.group_by_col(column("bin"));
        Some(select)
    }
}

/// A sum of whole numbers; PostgreSQL would make it a decimal.
fn whole_sum(name: &str) -> Expr {
    let sum = Expr::col(Alias::new(name)).sum();
    Expr::expr(sum.cast_as(Alias::new("BIGINT")))
}

fn split_by(select: &mut SelectStatement, split: Option<&'static str>) {
    if let Some(split) = split {
        select.column(column(split));
        select.group_by_col(column(split));
    }
}

fn read_sums(row: &QueryResult) -> Result<Sums, StoreError> {
    let mut values = [0; COUNTS];
    for (value, name) in values.iter_mut().zip(count_names()) {
        *value = row.try_get::<Option<i64>>("", &name)?.unwrap_or_default();
    }
    Ok(Sums::from_values(values))
}

impl Store {
    /// How many cases a selection has, by the sums.
    pub(super) async fn kept_total(&self, kept: &Kept) -> Result<i64, StoreError> {
        let mut select = kept.rows(SUMS, Axes::NONE, &kept.period.names());
        select.expr_as(whole_sum("cases"), Alias::new("cases"));
        let row = self.read().query_one(&select).await?;
        Ok(row
            .map_or(Ok(None), |row| row.try_get::<Option<i64>>("", "cases"))?
            .unwrap_or_default())
    }

    /// The figures of a selection by the sums.
    pub(super) async fn kept_tally(&self, kept: &Kept) -> Result<Tally, StoreError> {
        let mut tally = Tally::default();
        let all = self.kept_parts(kept, Axes::NONE, None, |_row| Ok(())).await?;
        if let Some((_, part)) = all.into_iter().next() {
            tally.all = part;
        }
        let id = |row: &QueryResult, name: &'static str| Ok::<Uuid, StoreError>(row.try_get("", name)?);
        let code = |row: &QueryResult, name: &'static str| Ok::<String, StoreError>(row.try_get("", name)?);
        let units = |row: &QueryResult| id(row, "unit_id").map(UnitId);
        tally
            .units
            .extend(self.kept_parts(kept, Axes::UNIT, Some("unit_id"), units).await?);
        let categories = |row: &QueryResult| id(row, "category_id").map(category_of);
        let by_category = self.kept_parts(kept, Axes::CATEGORY, Some("category_id"), categories);
        tally.categories.extend(by_category.await?);
        let channels = |row: &QueryResult| -> Result<Channel, StoreError> { channel_of(&code(row, "channel")?) };
        let by_channel = self.kept_parts(kept, Axes::CHANNEL, Some("channel"), channels);
        tally.channels.extend(by_channel.await?);
        let kinds = |row: &QueryResult| -> Result<Kind, StoreError> { kind_of(&code(row, "kind")?) };
        tally
            .kinds
            .extend(self.kept_parts(kept, Axes::KIND, Some("kind"), kinds).await?);
        self.kept_months(kept, &mut tally).await?;
        Ok(tally)
    }

    async fn kept_parts<K: Ord>(
        &self,
        kept: &Kept,
        by: Axes,
        split: Option<&'static str>,
        key: impl Fn(&QueryResult) -> Result<K, StoreError>,
    ) -> Result<BTreeMap<K, Part>, StoreError> {
        let axes = kept.own_axes().and(by);
        let grain = if kept.period.is_years() {
            axes.grain()
        } else {
            Some(MONTH_GRAIN)
        };
        let bins = kept.bins(by, split);
        let spread = match (&bins, grain) {
            (Some(_), Some(grain)) => Spread::Binned(grain, BTreeMap::new()),
            _ => Spread::Unknown,
        };
        let mut parts = BTreeMap::new();
        let sums = kept.sums(by, split, &kept.period.names());
        for row in self.read().query_all(&sums).await? {
            let mut part = Part::new(spread.clone());
            part.sums = read_sums(&row)?;
            if !part.sums.is_zero() {
                parts.insert(key(&row)?, part);
            }
        }
        let Some(bins) = bins else {
            return Ok(parts);
        };
        for row in self.read().query_all(&bins).await? {
            let key = key(&row)?;
            if let Some(part) = parts.get_mut(&key) {
                part.fill(&row)?;
            }
        }
        Ok(parts)
    }

    /// Month by month: what was received, answered and ended in each. How long answers took is kept for all cases alone.
    async fn kept_months(&self, kept: &Kept, tally: &mut Tally) -> Result<(), StoreError> {
        let months = self.months(kept.region).await?;
        let months: Vec<&str> = months
            .iter()
            .map(String::as_str)
            .filter(|month| kept.period.holds(month))
            .collect();
        if months.is_empty() {
            return Ok(());
        }
        let is_all = kept.axis.is_none();
        let sums = kept.sums(Axes::NONE, Some("period"), &months);
        for row in self.read().query_all(&sums).await? {
            let spread = if is_all {
                Spread::Binned(MONTH_GRAIN, BTreeMap::new())
            } else {
                Spread::Unknown
            };
            let mut part = Part::new(spread);
            part.sums = read_sums(&row)?;
            if !part.sums.is_zero() {
                tally.months.insert(row.try_get("", "period")?, part);
            }
        }
        if is_all {
            let mut select = kept.rows(SPREADS, Axes::NONE, &months);
            select.columns([column("period"), column("bin")]);
            select.expr_as(whole_sum("cases"), Alias::new("cases"));
            select.group_by_columns([column("period"), column("bin")]);
            for row in self.read().query_all(&select).await? {
                let month: String = row.try_get("", "period")?;
                if let Some(part) = tally.months.get_mut(&month) {
                    part.fill(&row)?;
                }
            }
        }
        Ok(())
    }

    /// Every month from the first case to the last thing that happened.
    async fn months(&self, region: RegionId) -> Result<Vec<String>, StoreError> {
        let of = |column: Column| {
            Entity::find()
                .select_only()
                .column(column)
                .filter(Column::RegionId.eq(region.0))
                .filter(column.is_not_null())
                .limit(1)
        };
        let first = of(Column::ReceivedAt).order_by_asc(Column::ReceivedAt);
        let first = first.into_tuple::<i64>().one(self.read()).await?;
        let mut last = first;
        for column in [Column::ReceivedAt, Column::RepliedAt, Column::EndedAt] {
            let latest = of(column)
                .order_by_desc(column)
                .into_tuple::<i64>()
                .one(self.read())
                .await?;
            last = Ord::max(last, latest);
        }
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(Vec::new());
        };
        let day = |micros| Timestamp::from_micros(micros).day();
        Ok(months_between(day(first), day(last)))
    }
}

impl Part {
    /// Puts a row of a bin into the spread; a bin that is finer than the spread falls into one of its own.
    fn fill(&mut self, row: &QueryResult) -> Result<(), StoreError> {
        let (minutes, cases): (i64, i64) = (row.try_get("", "bin")?, row.try_get("", "cases")?);
        if let (Spread::Binned(grain, bins), true) = (&mut self.spread, cases != 0) {
            *bins.entry(bin(minutes * MICROS_PER_MINUTE, *grain)).or_default() += cases;
        }
        Ok(())
    }
}
