//! Figures over cases, behind the same scope and the same filters as the list, so that every figure opens its list.
//!
//! Few cases are counted as they stand. Of many, sums are kept (see `keeping`), so that figures cost the same however many
//! cases there are; [ADR 18](../../../../docs/adr/0018-packed-cells.md).

pub(crate) mod authors;
mod cells;
pub(crate) mod keeping;
mod kept;
mod public;
mod scan;

use std::{
    collections::{BTreeMap, HashMap},
    ops::RangeInclusive,
};

use liangnuo_domain::{
    CategoryId, Day, RegionId, Timestamp, UnitId,
    categories::Category,
    clocks::Phase,
    complaints::{Channel, Kind},
    policy::{Action, Resource},
    statistics::{Count, Month, Seat},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

pub use self::public::{PublicBook, PublicCategory, PublicFigures, PublicMonth, PublicYear};
use self::{
    kept::Kept,
    scan::{Named, Part, Row, Tally},
};
use crate::{
    callers::Caller,
    complaints::{CaseFilter, filtered, narrowed},
    db::Store,
    entity::complaints::{Column, Entity},
    error::StoreError,
    names::UnitName,
    visible::Visible,
};

/// Figures of cases.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// All of them.
    pub total: i64,
    /// By code of state.
    pub by_state: BTreeMap<String, i64>,
    /// By code of phase.
    pub by_phase: BTreeMap<String, i64>,
    /// Answered at least once.
    pub replied: i64,
    /// Whose work has ended.
    pub ended: i64,
    /// Half were answered within so many days.
    pub median_days_to_reply: Option<f64>,
    /// Nine in ten were answered within so many days.
    pub p90_days_to_reply: Option<f64>,
    /// First answered after more than 15 days.
    pub over_15_days: i64,
    /// First answered after more than 60 days.
    pub over_60_days: i64,
    /// Rated.
    pub rated: i64,
    /// Rated 3 and more.
    pub satisfied: i64,
    /// Done again.
    pub redone: i64,
    /// Late now.
    pub overdue: i64,
    /// The median and the 90th percentile are near: off by 1.6 % or a minute at most.
    pub is_approximate: bool,
}

/// Figures over the cases that a caller may see and that fit a filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaseFigures {
    /// Of all of them.
    pub all: Figures,
    /// By year of receipt.
    pub by_year: BTreeMap<String, i64>,
    /// By month, in order.
    pub by_month: Vec<MonthFigures>,
    /// By unit, those with the most cases first.
    pub by_unit: Vec<(UnitName, Figures)>,
    /// By category: those just below the one of the filter, or at the top, each with those below it.
    pub by_category: Vec<CategoryFigures>,
    /// By channel, those with the most cases first.
    pub by_channel: Vec<(Channel, Figures)>,
    /// By kind, those with the most cases first.
    pub by_kind: Vec<(Kind, Figures)>,
    /// Different authors of imported cases; `None` where there are too many to count them, and they are not kept.
    pub distinct_authors: Option<i64>,
}

/// Figures of a month.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthFigures {
    /// Such as `2026-03`.
    pub month: String,
    /// First answered in it, whenever received.
    pub replied: i64,
    /// Ended in it, whenever received.
    pub ended: i64,
    /// Of those received in it.
    pub received: Figures,
}

/// Figures of a category.
#[derive(Clone, Debug, PartialEq)]
pub struct CategoryFigures {
    /// The category; `None` for cases without one.
    pub category: Option<CategoryName>,
    /// Of the category itself alone: it is the one of the filter.
    pub is_alone: bool,
    /// Its figures.
    pub figures: Figures,
}

/// A category by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryName {
    /// Its id.
    pub id: CategoryId,
    /// In Chinese.
    pub name: String,
    /// In English.
    pub name_en: Option<String>,
    /// Whether there are categories below it.
    pub has_below: bool,
}

impl From<&Part> for Figures {
    fn from(part: &Part) -> Self {
        let get = |count| part.sums.get(count);
        let [median_days_to_reply, p90_days_to_reply] = part.spread.percentiles([0.5, 0.9]);
        let total = get(Count::Cases);
        let mut by_phase: BTreeMap<String, i64> = part
            .phases
            .iter()
            .filter(|(_, count)| **count != 0)
            .map(|(phase, count)| (phase.code().to_owned(), *count))
            .collect();
        let without_clock = total - part.phases.values().sum::<i64>();
        if without_clock > 0 {
            by_phase.insert(Phase::None.code().to_owned(), without_clock);
        }
        let late = [Phase::Overdue, Phase::LongOverdue];
        Self {
            total,
            by_state: part
                .sums
                .states()
                .map(|(state, count)| (state.code().to_owned(), count))
                .collect(),
            by_phase,
            replied: get(Count::Replied),
            ended: get(Count::Ended),
            median_days_to_reply,
            p90_days_to_reply,
            over_15_days: get(Count::Over15),
            over_60_days: get(Count::Over60),
            rated: get(Count::Rated),
            satisfied: get(Count::Satisfied),
            redone: get(Count::Redone),
            overdue: late.iter().filter_map(|phase| part.phases.get(phase)).sum(),
            is_approximate: part.spread.is_approximate(),
        }
    }
}

/// Up to so many cases are counted as they stand, which is exact to the last moment.
pub const COUNTED_UP_TO: i64 = 2_000;
/// Up to so many durations that are nearly alike are looked through for the one that is wanted.
const LOOKED_THROUGH: i64 = 2_000;
/// Up to so many cases are held at once where they have to be counted.
const HELD: u64 = 20_000;

/// Units in a comparison, unless it is of the units of one kind: then these.
const UNITS_SHOWN: usize = 50;
const UNITS_OF_A_KIND: usize = 1_000;

impl Store {
    /// Figures over the cases that the caller may see.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who has no cases at all.
    pub async fn complaint_statistics(
        &self,
        caller: &Caller,
        filter: CaseFilter,
        now: Timestamp,
    ) -> Result<CaseFigures, StoreError> {
        self.complaint_statistics_counting(caller, filter, COUNTED_UP_TO, now)
            .await
    }

    /// As [`Store::complaint_statistics`], with another number of cases up to which they are counted as they stand.
    ///
    /// # Errors
    /// As there.
    pub async fn complaint_statistics_counting(
        &self,
        caller: &Caller,
        filter: CaseFilter,
        counted_up_to: i64,
        now: Timestamp,
    ) -> Result<CaseFigures, StoreError> {
        caller.must(Action::ReadStatistics, Resource::Any)?;
        let visible = &caller.visible;
        let tally = self.tally(visible, &filter, counted_up_to, now).await?;
        let mut figures = CaseFigures {
            all: Figures::from(&tally.all),
            by_month: months(&tally.months),
            by_channel: sorted(&tally.channels),
            by_kind: sorted(&tally.kinds),
            ..CaseFigures::default()
        };
        for month in &figures.by_month {
            let year = month.month.split('-').next().unwrap_or_default().to_owned();
            *figures.by_year.entry(year).or_default() += month.received.total;
        }
        figures.by_year.retain(|_, count| *count > 0);
        figures.by_unit = self.by_unit(visible.region(), &tally.units, &filter).await?;
        figures.by_category = self.by_category(visible.region(), &tally.categories, &filter).await?;
        figures.distinct_authors = self
            .distinct_authors(visible, &filter, &tally, counted_up_to, now)
            .await?;
        if figures.all.is_approximate
            && let Some([median, p90]) = self.exact_percentiles(visible, &filter, &tally.all, now).await?
        {
            figures.all.median_days_to_reply = Some(median);
            figures.all.p90_days_to_reply = Some(p90);
            figures.all.is_approximate = false;
        }
        Ok(figures)
    }

    /// Counts, or reads the sums where there are many.
    async fn tally(
        &self,
        visible: &Visible,
        filter: &CaseFilter,
        counted_up_to: i64,
        now: Timestamp,
    ) -> Result<Tally, StoreError> {
        if let Some(kept) = Kept::of(visible, filter)
            && self.has_sums().await?
            && self.reach(&kept, now).await? > counted_up_to
        {
            let mut tally = self.kept_tally(&kept, now).await?;
            self.take_excluded_away(visible, filter, &kept, &mut tally, now).await?;
            // The sums know whole months; what is around them is counted.
            for (first, last) in kept.period.edges() {
                let edge = CaseFilter {
                    received_from: Some(*first),
                    received_to: Some(*last),
                    ..filter.whenever()
                };
                self.count_all(visible, &edge, &mut tally, now).await?;
            }
            return Ok(tally);
        }
        let exactly = self.exactly(visible, filter).await?;
        let few = filtered(visible, filter, self.database(), now).filter(exactly);
        let few = scan::rows(few).limit(HELD + 1);
        let rows = few.into_model::<Row>().all(self.read()).await?;
        if u64::try_from(rows.len()).is_ok_and(|rows| rows > HELD) {
            let mut tally = Tally::binned();
            self.count_all(visible, filter, &mut tally, now).await?;
            return Ok(tally);
        }
        let mut tally = Tally::default();
        for row in &rows {
            tally.count(&row.fact()?, now);
        }
        match filter.received() {
            None => rows.iter().for_each(|row| tally.count_flow(row, |_at| true, 1)),
            Some(period) => self.count_flow(visible, filter, &period, &mut tally, now).await?,
        }
        Ok(tally)
    }

    /// Counts the cases of a selection page by page.
    async fn count_all(
        &self,
        visible: &Visible,
        filter: &CaseFilter,
        tally: &mut Tally,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let exactly = self.exactly(visible, filter).await?;
        let select = || filtered(visible, filter, self.database(), now).filter(exactly.clone());
        let period = filter.received();
        self.each_row(select, Column::ReceivedAt, |row| {
            tally.count(&row.fact()?, now);
            if period.is_none() {
                tally.count_flow(row, |_at| true, 1);
            }
            Ok(())
        })
        .await?;
        match period {
            None => Ok(()),
            Some(period) => self.count_flow(visible, filter, &period, tally, now).await,
        }
    }

    /// Counts what was answered and what ended in a period, whenever it was received.
    async fn count_flow(
        &self,
        visible: &Visible,
        filter: &CaseFilter,
        period: &RangeInclusive<i64>,
        tally: &mut Tally,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let exactly = self.exactly(visible, filter).await?;
        for (column, count) in [(Column::RepliedAt, Count::RepliedIn), (Column::EndedAt, Count::EndedIn)] {
            let select = || {
                filtered(visible, &filter.whenever(), self.database(), now)
                    .filter(exactly.clone())
                    .filter(column.between(*period.start(), *period.end()))
            };
            self.each_row(select, column, |row| {
                tally.count_flow_of(row, count, |at| period.contains(&at), 1);
                Ok(())
            })
            .await?;
        }
        Ok(())
    }

    /// Looks at each row of a selection, some at a time, in the order of a column that has an index.
    async fn each_row(
        &self,
        select: impl Fn() -> Select<Entity>,
        by: Column,
        mut look: impl FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut after: Option<(i64, Uuid)> = None;
        loop {
            let mut page = scan::rows(select())
                .columns([Column::RegionId, Column::Id, Column::ReceivedAt])
                .order_by_asc(by)
                .order_by_asc(Column::Id)
                .limit(HELD);
            if let Some((at, id)) = after {
                let key = Expr::tuple([by, Column::Id].map(|column| Expr::col((Entity, column))));
                page = page.filter(ExprTrait::gt(key, Expr::tuple([Expr::value(at), Expr::value(id)])));
            }
            let rows = page.into_model::<Named>().all(self.read()).await?;
            for named in &rows {
                look(&named.row)?;
            }
            let last = rows.last().and_then(|named| Some((named.at(by)?, named.id)));
            if last.is_none() || u64::try_from(rows.len()).is_ok_and(|rows| rows < HELD) {
                return Ok(());
            }
            after = last;
        }
    }

    /// The sums hold every case; these the caller may not know of.
    async fn take_excluded_away(
        &self,
        visible: &Visible,
        filter: &CaseFilter,
        kept: &Kept,
        tally: &mut Tally,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let hidden = || narrowed(visible.region(), &filter.whenever(), self.database(), now);
        let select = || Entity::find().filter(visible.excluded().add(hidden()));
        let holds = |at: i64| kept.period.holds(Month::of(Timestamp::from_micros(at).day()));
        self.each_row(select, Column::ReceivedAt, |row| {
            let fact = row.fact()?;
            if kept.period.holds(cells::month_of(&fact.received)?) {
                tally.take_away(&fact, now);
            }
            tally.count_flow(row, holds, -1);
            Ok(())
        })
        .await
    }

    /// The median and the 90th percentile to the last digit: the spread says where to look for them. `None` where too many
    /// durations are alike to look at them.
    async fn exact_percentiles(
        &self,
        visible: &Visible,
        filter: &CaseFilter,
        all: &Part,
        now: Timestamp,
    ) -> Result<Option<[f64; 2]>, StoreError> {
        let county = self.kept_spread(visible.region(), now).await?;
        let mut exact = [0.0; 2];
        for (value, p) in exact.iter_mut().zip([0.5, 0.9]) {
            let Some(place) = all.spread.place(p) else {
                return Ok(None);
            };
            if [place.low, place.high]
                .iter()
                .any(|seat| county.in_bin(seat.bin) > LOOKED_THROUGH)
            {
                return Ok(None);
            }
            let mut found = Vec::new();
            if place.low.is_just_before(place.high) {
                found = self.durations(visible, filter, place.low, 2, now).await?;
            } else {
                for seat in [place.low, place.high] {
                    found.extend(self.durations(visible, filter, seat, 1, now).await?);
                }
            }
            // What has changed since the sums were folded may have moved them.
            let [low, high] = found[..] else { return Ok(None) };
            *value = place.between(low, high);
        }
        Ok(Some(exact))
    }

    /// So many durations from a seat on, within its bin.
    async fn durations(
        &self,
        visible: &Visible,
        filter: &CaseFilter,
        seat: Seat,
        how_many: u64,
        now: Timestamp,
    ) -> Result<Vec<i64>, StoreError> {
        let found = filtered(visible, filter, self.database(), now)
            .select_only()
            .column(Column::ReplyMicros)
            .filter(Column::ReplyMicros.gte(seat.from))
            .filter(Column::ReplyMicros.lt(seat.to))
            .order_by_asc(Column::ReplyMicros)
            .offset(u64::try_from(seat.skip).unwrap_or_default())
            .limit(how_many)
            .into_tuple();
        Ok(found.all(self.read()).await?)
    }

    async fn by_unit(
        &self,
        region: RegionId,
        units: &HashMap<UnitId, Part>,
        filter: &CaseFilter,
    ) -> Result<Vec<(UnitName, Figures)>, StoreError> {
        let mut most: Vec<(UnitId, &Part)> = units
            .iter()
            .map(|(id, part)| (*id, part))
            .filter(|(_, part)| part.sums.get(Count::Cases) > 0)
            .collect();
        most.sort_unstable_by_key(|(id, part)| (-part.sums.get(Count::Cases), *id));
        most.truncate(if filter.unit_kind.is_some() {
            UNITS_OF_A_KIND
        } else {
            UNITS_SHOWN
        });
        let names = self
            .unit_names(region, most.iter().map(|(id, _)| *id).collect::<Vec<_>>())
            .await?;
        Ok(most
            .into_iter()
            .filter_map(|(id, part)| Some((names.get(&id)?.clone(), Figures::from(part))))
            .collect())
    }

    async fn by_category(
        &self,
        region: RegionId,
        categories: &HashMap<Option<CategoryId>, Part>,
        filter: &CaseFilter,
    ) -> Result<Vec<CategoryFigures>, StoreError> {
        let known = self.list_categories(region, true).await?;
        let parents: HashMap<CategoryId, Option<CategoryId>> =
            known.iter().map(|category| (category.id, category.parent)).collect();
        let above = filter.category.or(only_top(&known));
        // The ancestor just below the filter's category; the filter's category itself; `None` for no category.
        let place = |mut id: CategoryId| {
            while Some(id) != above {
                match parents.get(&id).copied().flatten() {
                    Some(parent) if Some(parent) != above => id = parent,
                    _ => break,
                }
            }
            id
        };
        let mut groups: HashMap<Option<CategoryId>, Part> = HashMap::new();
        for (id, part) in categories {
            let id = id.map(place);
            match groups.get_mut(&id) {
                Some(group) => group.merge(part),
                None => {
                    groups.insert(id, part.clone());
                }
            }
        }
        let mut figures: Vec<CategoryFigures> = groups
            .iter()
            .filter(|(_, part)| part.sums.get(Count::Cases) > 0)
            .map(|(id, part)| CategoryFigures {
                category: known
                    .iter()
                    .find(|known| Some(known.id) == *id)
                    .map(|known| CategoryName {
                        id: known.id,
                        name: known.name.clone(),
                        name_en: known.name_en.clone(),
                        has_below: known_below(&parents, known.id),
                    }),
                is_alone: id.is_some() && *id == above,
                figures: Figures::from(part),
            })
            .collect();
        figures.sort_by_key(|row| (-row.figures.total, row.category.as_ref().map(|category| category.id)));
        Ok(figures)
    }
}

/// The one category at the top, if there is but one: where it holds all others it says nothing.
fn only_top(known: &[Category]) -> Option<CategoryId> {
    let mut top = known.iter().filter(|category| category.parent.is_none());
    top.next().filter(|_| top.next().is_none()).map(|category| category.id)
}

fn known_below(parents: &HashMap<CategoryId, Option<CategoryId>>, id: CategoryId) -> bool {
    parents.values().any(|parent| *parent == Some(id))
}

fn months(months: &BTreeMap<String, Part>) -> Vec<MonthFigures> {
    months
        .iter()
        .filter(|(_, part)| !part.sums.is_zero())
        .map(|(month, part)| MonthFigures {
            month: month.clone(),
            replied: part.sums.get(Count::RepliedIn),
            ended: part.sums.get(Count::EndedIn),
            received: Figures::from(part),
        })
        .collect()
}

fn sorted<K: Copy + Ord>(parts: &HashMap<K, Part>) -> Vec<(K, Figures)> {
    let mut figures: Vec<(K, Figures)> = parts
        .iter()
        .filter(|(_, part)| part.sums.get(Count::Cases) > 0)
        .map(|(key, part)| (*key, Figures::from(part)))
        .collect();
    figures.sort_by_key(|(key, figures)| (-figures.total, *key));
    figures
}

impl CaseFilter {
    /// The instants of receipt that it asks for; `None` for any.
    fn received(&self) -> Option<RangeInclusive<i64>> {
        let of_year = |month, day| self.year.and_then(|year| Day::from_ymd_opt(year, month, day));
        let from = Ord::max(self.received_from, of_year(1, 1));
        let to = [self.received_to, of_year(12, 31)].into_iter().flatten().min();
        (from.is_some() || to.is_some()).then(|| {
            let from = from.map_or(i64::MIN, |day| Timestamp::start_of(day).micros());
            let to = to.map_or(i64::MAX, |day| Timestamp::end_of(day).micros());
            from..=to
        })
    }

    /// The same whenever received.
    fn whenever(&self) -> Self {
        Self {
            year: None,
            received_from: None,
            received_to: None,
            ..self.clone()
        }
    }
}
