//! Figures over cases, behind the same scope and the same filters as the list, so that every figure opens its list.
//!
//! Few cases are counted as they stand. Of many, sums are kept (see `keeping`), so that figures cost the same however many
//! cases there are; [ADR 14](../../../../docs/adr/0014-kept-sums.md).

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
    clocks::Phase,
    complaints::{Channel, Kind},
    policy::{Action, Resource},
    statistics::Count,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, Func},
};

pub use self::public::{PublicCategory, PublicFigures, PublicYear};
use self::{
    kept::Kept,
    scan::{Part, Row, Tally},
};
use crate::{
    callers::Caller,
    complaints::{CaseFilter, filtered, narrowed},
    db::Store,
    entity::{
        complaint_contacts,
        complaints::{Column, Entity},
    },
    error::StoreError,
    join::join,
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
    /// Different authors of imported cases; `None` where there are too many cases to count them.
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
        }
    }
}

/// Up to so many cases are counted as they stand, which is exact to the last moment.
pub const COUNTED_UP_TO: i64 = 5_000;

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
            all: Figures::from(&tally.part.all),
            by_month: months(&tally.part.months),
            by_channel: sorted(&tally.part.channels),
            by_kind: sorted(&tally.part.kinds),
            ..CaseFigures::default()
        };
        for month in &figures.by_month {
            let year = month.month.split('-').next().unwrap_or_default().to_owned();
            *figures.by_year.entry(year).or_default() += month.received.total;
        }
        figures.by_year.retain(|_, count| *count > 0);
        figures.by_unit = self.by_unit(visible.region(), &tally.part.units, &filter).await?;
        figures.by_category = self
            .by_category(visible.region(), &tally.part.categories, &filter)
            .await?;
        if tally.is_counted {
            figures.distinct_authors = Some(self.distinct_authors(visible, &filter, now).await?);
        } else {
            let [median, p90] = self.exact_percentiles(visible, &filter, &tally.part.all, now).await?;
            figures.all.median_days_to_reply = median;
            figures.all.p90_days_to_reply = p90;
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
    ) -> Result<Counted, StoreError> {
        if let Some(kept) = Kept::of(visible, filter)
            && self.has_sums().await?
            && self.kept_total(&kept).await? > counted_up_to
        {
            let mut part = self.kept_tally(&kept).await?;
            self.take_excluded_away(visible, filter, &kept, &mut part, now).await?;
            let with_clock = filtered(visible, filter, self.database(), now).filter(Column::DueAt.is_not_null());
            for row in scan::rows(with_clock).into_model::<Row>().all(self.read()).await? {
                part.count_phase(&row.fact()?, row.phase(now));
            }
            return Ok(Counted {
                part,
                is_counted: false,
            });
        }
        let mut part = Tally::default();
        let select = filtered(visible, filter, self.database(), now);
        let rows = scan::rows(select).into_model::<Row>().all(self.read()).await?;
        for row in &rows {
            let fact = row.fact()?;
            part.count(&fact);
            if row.phase(now) != Phase::None {
                part.count_phase(&fact, row.phase(now));
            }
        }
        match filter.received() {
            None => rows
                .iter()
                .for_each(|row| part.count_flow(row, &(i64::MIN..=i64::MAX), 1)),
            Some(period) => self.count_flow(visible, filter, &period, &mut part, now).await?,
        }
        Ok(Counted { part, is_counted: true })
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
        let between = |column: Column| column.between(*period.start(), *period.end());
        let select = filtered(visible, &filter.whenever(), self.database(), now).filter(
            Condition::any()
                .add(between(Column::RepliedAt))
                .add(between(Column::EndedAt)),
        );
        for row in scan::rows(select).into_model::<Row>().all(self.read()).await? {
            tally.count_flow(&row, period, 1);
        }
        Ok(())
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
        let hidden = narrowed(visible.region(), &filter.whenever(), self.database(), now);
        let select = Entity::find().filter(visible.excluded().add(hidden));
        let period = filter.received().unwrap_or(i64::MIN..=i64::MAX);
        for row in scan::rows(select).into_model::<Row>().all(self.read()).await? {
            let fact = row.fact()?;
            if kept.period.holds(&fact.received) {
                tally.take_away(&fact);
            }
            tally.count_flow(&row, &period, -1);
        }
        Ok(())
    }

    /// The median and the 90th percentile to the last digit: the spread says where to look for them.
    async fn exact_percentiles(
        &self,
        visible: &Visible,
        filter: &CaseFilter,
        all: &Part,
        now: Timestamp,
    ) -> Result<[Option<f64>; 2], StoreError> {
        let mut exact = all.spread.percentiles([0.5, 0.9]);
        for (value, p) in exact.iter_mut().zip([0.5, 0.9]) {
            let Some(place) = all.spread.place(p) else { continue };
            let neighbours: Vec<i64> = filtered(visible, filter, self.database(), now)
                .select_only()
                .column(Column::ReplyMicros)
                .filter(Column::ReplyMicros.gte(place.from))
                .order_by_asc(Column::ReplyMicros)
                .offset(u64::try_from(place.skip).unwrap_or_default())
                .limit(2)
                .into_tuple()
                .all(self.read())
                .await?;
            // What has changed since the sums were folded may have moved it; then the bin is near enough.
            if let Some(low) = neighbours.first().filter(|low| **low < place.to) {
                *value = Some(place.between(*low, neighbours.last().copied().unwrap_or(*low)));
            }
        }
        Ok(exact)
    }

    async fn distinct_authors(
        &self,
        visible: &Visible,
        filter: &CaseFilter,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        use complaint_contacts::Column as Contact;
        let same = [
            (Contact::RegionId, Column::RegionId),
            (Contact::ComplaintId, Column::Id),
        ];
        let select = filtered(visible, filter, self.database(), now);
        let select = join(select.select_only(), complaint_contacts::Entity, same);
        let hash = Expr::col((complaint_contacts::Entity, Contact::AuthorHash));
        let query = select.expr_as(Func::count_distinct(hash), "authors").into_query();
        let row = self.read().query_one(&query).await?;
        Ok(row.map_or(Ok(0), |row| row.try_get("", "authors"))?)
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
        // Where one category holds all others it says nothing.
        let only = {
            let mut top = known.iter().filter(|category| category.parent.is_none());
            top.next().filter(|_| top.next().is_none()).map(|category| category.id)
        };
        let above = filter.category.or(only);
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

fn known_below(parents: &HashMap<CategoryId, Option<CategoryId>>, id: CategoryId) -> bool {
    parents.values().any(|parent| *parent == Some(id))
}

/// Figures before names are put to them.
struct Counted {
    part: Tally,
    /// Counted as the cases stand, not read from the sums.
    is_counted: bool,
}

fn months(months: &BTreeMap<String, Part>) -> Vec<MonthFigures> {
    months
        .iter()
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
        let from = self.received_from.max(of_year(1, 1));
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
