//! Figures over cases, behind the same scope and the same filters as the list, so that every figure opens its list.

use std::collections::{BTreeMap, HashMap};

use liangnuo_domain::{
    RegionId, Timestamp, UnitId,
    clocks::{self, Phase},
    complaints::Kind,
    policy::{Action, Resource},
    statistics::{percentile, suppressed, suppressed_parts},
    time,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, Func},
};
use uuid::Uuid;

use crate::{
    callers::Caller,
    complaints::{CaseFilter, filtered},
    db::Store,
    entity::{
        complaint_contacts,
        complaints::{Column, Entity},
    },
    error::StoreError,
    join::join,
    names::UnitName,
    visible::below,
};

/// Figures over the cases that a caller may see and that fit a filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaseFigures {
    /// All of them.
    pub total: i64,
    /// By code of state.
    pub by_state: BTreeMap<String, i64>,
    /// By code of phase.
    pub by_phase: BTreeMap<String, i64>,
    /// By code of kind.
    pub by_kind: BTreeMap<String, i64>,
    /// By code of channel.
    pub by_channel: BTreeMap<String, i64>,
    /// By year of receipt.
    pub by_year: BTreeMap<String, i64>,
    /// By month: received and answered in it.
    pub by_month: Vec<MonthFigures>,
    /// The units with the most cases.
    pub by_unit: Vec<UnitFigures>,
    /// Answered at least once.
    pub replied: i64,
    /// Half were answered within so many days.
    pub median_days_to_reply: Option<f64>,
    /// Nine in ten were answered within so many days.
    pub p90_days_to_reply: Option<f64>,
    /// Answered after more than 15 days.
    pub over_15_days: i64,
    /// Answered after more than 60 days.
    pub over_60_days: i64,
    /// Different authors of imported cases.
    pub distinct_authors: i64,
    /// Rated.
    pub rated: i64,
    /// Rated 3 and more.
    pub satisfied: i64,
}

/// Figures of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthFigures {
    /// Such as `2026-03`.
    pub month: String,
    /// Received in it.
    pub received: i64,
    /// Answered in it.
    pub replied: i64,
}

/// Figures of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitFigures {
    /// The unit that holds the cases.
    pub unit: UnitName,
    /// All of them.
    pub total: i64,
    /// Answered at least once.
    pub replied: i64,
    /// Half were answered within so many days.
    pub median_days_to_reply: Option<f64>,
    /// Late now.
    pub overdue: i64,
}

/// What the figures are computed of: one row a case, and no text.
#[derive(Debug, sea_orm::FromQueryResult)]
struct Row {
    state: String,
    kind: String,
    channel: String,
    unit_id: Uuid,
    received_month: String,
    replied_month: Option<String>,
    reply_micros: Option<i64>,
    due_at: Option<i64>,
    soon_at: Option<i64>,
    rating_level: Option<i16>,
}

fn narrow(select: Select<Entity>) -> Select<Entity> {
    select.select_only().columns([
        Column::State,
        Column::Kind,
        Column::Channel,
        Column::UnitId,
        Column::ReceivedMonth,
        Column::RepliedMonth,
        Column::ReplyMicros,
        Column::DueAt,
        Column::SoonAt,
        Column::RatingLevel,
    ])
}

/// Units in a comparison.
const UNITS_SHOWN: usize = 50;

#[derive(Default)]
struct PerUnit {
    total: i64,
    overdue: i64,
    durations: Vec<f64>,
}

fn sorted(mut durations: Vec<f64>) -> Vec<f64> {
    durations.sort_unstable_by(f64::total_cmp);
    durations
}

fn over(durations: &[f64], days: f64) -> i64 {
    i64::try_from(durations.iter().filter(|duration| **duration > days).count()).unwrap_or(i64::MAX)
}

fn count(counts: &mut BTreeMap<String, i64>, key: &str) {
    *counts.entry(key.to_owned()).or_default() += 1;
}

/// The figures of rows, but for the names of units and the authors.
fn tally(rows: &[Row], now: Timestamp) -> (CaseFigures, HashMap<Uuid, PerUnit>) {
    let mut figures = CaseFigures::default();
    let mut months: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    let mut units: HashMap<Uuid, PerUnit> = HashMap::new();
    let mut durations = Vec::new();
    for row in rows {
        let instant = |micros: Option<i64>| micros.map(Timestamp::from_micros);
        let phase = clocks::phase(instant(row.due_at), instant(row.soon_at), now);
        figures.total += 1;
        count(&mut figures.by_state, &row.state);
        count(&mut figures.by_phase, phase.code());
        count(&mut figures.by_kind, &row.kind);
        count(&mut figures.by_channel, &row.channel);
        count(
            &mut figures.by_year,
            row.received_month.split('-').next().unwrap_or_default(),
        );
        months.entry(row.received_month.clone()).or_default().0 += 1;
        if let Some(month) = &row.replied_month {
            months.entry(month.clone()).or_default().1 += 1;
        }
        let unit = units.entry(row.unit_id).or_default();
        unit.total += 1;
        if matches!(phase, Phase::Overdue | Phase::LongOverdue) {
            unit.overdue += 1;
        }
        if let Some(micros) = row.reply_micros {
            let days = time::days(micros);
            durations.push(days);
            unit.durations.push(days);
        }
        if let Some(level) = row.rating_level {
            figures.rated += 1;
            figures.satisfied += i64::from(level >= 3);
        }
    }
    let durations = sorted(durations);
    figures.replied = i64::try_from(durations.len()).unwrap_or(i64::MAX);
    figures.median_days_to_reply = percentile(&durations, 0.5);
    figures.p90_days_to_reply = percentile(&durations, 0.9);
    figures.over_15_days = over(&durations, 15.0);
    figures.over_60_days = over(&durations, 60.0);
    figures.by_month = months
        .into_iter()
        .map(|(month, (received, replied))| MonthFigures {
            month,
            received,
            replied,
        })
        .collect();
    (figures, units)
}

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
        caller.must(Action::ReadStatistics, Resource::Any)?;
        let select = filtered(&caller.visible, &filter, self.database(), now);
        let rows = narrow(select.clone()).into_model::<Row>().all(self.read()).await?;
        let (mut figures, units) = tally(&rows, now);
        figures.distinct_authors = self.distinct_authors(select).await?;
        figures.by_unit = self.by_unit(caller.actor.region, units).await?;
        Ok(figures)
    }

    async fn distinct_authors(&self, select: Select<Entity>) -> Result<i64, StoreError> {
        use complaint_contacts::Column as Contact;
        let same = [
            (Contact::RegionId, Column::RegionId),
            (Contact::ComplaintId, Column::Id),
        ];
        let select = join(
            select.select_only(),
            JoinType::InnerJoin,
            complaint_contacts::Entity,
            same,
        );
        let hash = Expr::col((complaint_contacts::Entity, Contact::AuthorHash));
        let query = select.expr_as(Func::count_distinct(hash), "authors").into_query();
        let row = self.read().query_one(&query).await?;
        Ok(row.map_or(Ok(0), |row| row.try_get("", "authors"))?)
    }

    async fn by_unit(&self, region: RegionId, units: HashMap<Uuid, PerUnit>) -> Result<Vec<UnitFigures>, StoreError> {
        let mut units: Vec<(Uuid, PerUnit)> = units.into_iter().collect();
        units.sort_unstable_by(|(a_id, a), (b_id, b)| b.total.cmp(&a.total).then(a_id.cmp(b_id)));
        units.truncate(UNITS_SHOWN);
        let names = self
            .unit_names(region, units.iter().map(|(id, _)| UnitId(*id)).collect::<Vec<_>>())
            .await?;
        Ok(units
            .into_iter()
            .filter_map(|(id, unit)| {
                let durations = sorted(unit.durations);
                Some(UnitFigures {
                    unit: names.get(&UnitId(id))?.clone(),
                    total: unit.total,
                    replied: i64::try_from(durations.len()).unwrap_or(i64::MAX),
                    median_days_to_reply: percentile(&durations, 0.5),
                    overdue: unit.overdue,
                })
            })
            .collect())
    }
}

/// Figures for the public. What counts fewer than five cases is not shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PublicFigures {
    /// Received.
    pub received: Option<i64>,
    /// Answered at least once.
    pub replied: Option<i64>,
    /// Half were answered within so many days.
    pub median_days_to_reply: Option<f64>,
    /// Rated.
    pub rated: Option<i64>,
    /// Rated 3 and more.
    pub satisfied: Option<i64>,
}

/// The county's figures of a year for the public.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicYear {
    /// The year.
    pub year: i32,
    /// Over all.
    pub figures: PublicFigures,
    /// By kind.
    pub by_kind: Vec<(Kind, Option<i64>)>,
    /// By month: received and answered in it, every month of the year so far.
    pub by_month: Vec<(String, Option<i64>, Option<i64>)>,
}

fn public(figures: &CaseFigures) -> PublicFigures {
    let replied = suppressed(figures.replied);
    let rated = suppressed(figures.rated);
    PublicFigures {
        received: suppressed(figures.total),
        replied,
        median_days_to_reply: figures.median_days_to_reply.filter(|_| replied.is_some()),
        rated,
        // What is left of the rated is shown by it.
        satisfied: rated.and_then(|rated| {
            suppressed_parts(&[figures.satisfied, rated - figures.satisfied])
                .first()
                .copied()
                .flatten()
        }),
    }
}

impl Store {
    /// What the public may know of: no sealed case counts anywhere.
    fn open_cases(region: RegionId) -> Select<Entity> {
        Entity::find().filter(
            Condition::all()
                .add(Column::RegionId.eq(region.0))
                .add(Column::IsSealed.eq(false)),
        )
    }

    /// A unit's figures for the public, of the cases that it and the units below it hold.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn public_figures(
        &self,
        region: RegionId,
        unit: UnitId,
        now: Timestamp,
    ) -> Result<PublicFigures, StoreError> {
        let select = Self::open_cases(region).filter(Column::UnitId.in_subquery(below(region, &[unit])));
        let rows = narrow(select).into_model::<Row>().all(self.read()).await?;
        Ok(public(&tally(&rows, now).0))
    }

    /// The county's figures of the present year for the public.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn public_statistics(&self, region: RegionId, now: Timestamp) -> Result<PublicYear, StoreError> {
        let year = now.year();
        let select = Self::open_cases(region).filter(Column::ReceivedMonth.starts_with(format!("{year}-")));
        let rows = narrow(select).into_model::<Row>().all(self.read()).await?;
        let (figures, _) = tally(&rows, now);
        let this_month = now.day().format("%Y-%m").to_string();
        let months: HashMap<&str, &MonthFigures> = figures
            .by_month
            .iter()
            .map(|month| (month.month.as_str(), month))
            .collect();
        let names: Vec<String> = (1..=12)
            .map(|month| format!("{year}-{month:02}"))
            .filter(|month| *month <= this_month)
            .collect();
        let column = |of: fn(&MonthFigures) -> i64| {
            let count = |name: &String| months.get(name.as_str()).map_or(0, |month| of(month));
            suppressed_parts(&names.iter().map(count).collect::<Vec<_>>())
        };
        let (received, replied) = (column(|month| month.received), column(|month| month.replied));
        let by_month = names
            .into_iter()
            .zip(received)
            .zip(replied)
            .map(|((month, received), replied)| (month, received, replied))
            .collect();
        let (kinds, counts): (Vec<_>, Vec<_>) = figures
            .by_kind
            .iter()
            .filter_map(|(kind, count)| Some((Kind::from_code(kind)?, *count)))
            .unzip();
        Ok(PublicYear {
            year,
            by_kind: kinds.into_iter().zip(suppressed_parts(&counts)).collect(),
            by_month,
            figures: public(&figures),
        })
    }
}
