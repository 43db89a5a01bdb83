//! The wire types of the staff's figures.

use std::collections::BTreeMap;

use liangnuo_persistence::statistics::{self as store, CaseFigures};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::common::{ComplaintChannel, ComplaintKind, UnitRef};

/// Figures of a group of cases. Days are exact durations divided by 86,400 seconds.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintFigures {
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
    /// Half were answered within so many days; null where none was.
    #[schema(required)]
    pub median_days_to_reply: Option<f64>,
    /// Nine in ten were answered within so many days; null where none was.
    #[schema(required)]
    pub p90_days_to_reply: Option<f64>,
    /// First answered after more than 15 days.
    pub over_15_days: i64,
    /// First answered after more than 60 days.
    pub over_60_days: i64,
    /// Rated by the complainant.
    pub rated: i64,
    /// Rated 3 and more.
    pub satisfied: i64,
    /// Done again by another handler.
    pub redone: i64,
    /// Late now.
    pub overdue: i64,
    /// Whether the median and the 90th percentile are near, not exact: off by 1.6 % or a minute at most.
    pub is_approximate: bool,
}

impl From<store::Figures> for ComplaintFigures {
    fn from(figures: store::Figures) -> Self {
        Self {
            total: figures.total,
            by_state: figures.by_state,
            by_phase: figures.by_phase,
            replied: figures.replied,
            ended: figures.ended,
            median_days_to_reply: figures.median_days_to_reply,
            p90_days_to_reply: figures.p90_days_to_reply,
            over_15_days: figures.over_15_days,
            over_60_days: figures.over_60_days,
            rated: figures.rated,
            satisfied: figures.satisfied,
            redone: figures.redone,
            overdue: figures.overdue,
            is_approximate: figures.is_approximate,
        }
    }
}

/// Figures of a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct MonthFigures {
    /// The month.
    #[schema(example = "2026-03")]
    pub month: String,
    /// Received in it.
    pub received: i64,
    /// First answered in it, whenever received.
    pub replied: i64,
    /// Ended in it, whenever received.
    pub ended: i64,
    /// Of those received in it.
    pub figures: ComplaintFigures,
}

/// Figures of a unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitFigures {
    /// The unit that holds the cases itself.
    pub unit: UnitRef,
    /// Its figures.
    pub figures: ComplaintFigures,
}

/// A category by id and name.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryRef {
    /// Its id.
    pub id: Uuid,
    /// In Chinese.
    #[schema(example = "教育收费")]
    pub name: String,
    /// In English.
    #[schema(required, example = "School fees")]
    pub name_en: Option<String>,
    /// Whether there are categories below it.
    pub has_below: bool,
}

impl From<store::CategoryName> for CategoryRef {
    fn from(category: store::CategoryName) -> Self {
        Self {
            id: category.id.0,
            name: category.name,
            name_en: category.name_en,
            has_below: category.has_below,
        }
    }
}

/// Figures of a category.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryFigures {
    /// The category, with those below it; null for cases without one.
    #[schema(required)]
    pub category: Option<CategoryRef>,
    /// Of the category itself alone: the other rows are those below it.
    pub is_alone: bool,
    /// Its figures.
    pub figures: ComplaintFigures,
}

/// Figures of a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelFigures {
    /// The channel.
    pub channel: ComplaintChannel,
    /// Its figures.
    pub figures: ComplaintFigures,
}

/// Figures of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct KindFigures {
    /// The kind.
    pub kind: ComplaintKind,
    /// Its figures.
    pub figures: ComplaintFigures,
}

/// Figures over cases. Days are exact durations divided by 86,400 seconds; percentiles interpolate linearly.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintStatistics {
    /// All of them.
    pub total: i64,
    /// By code of state.
    pub by_state: BTreeMap<String, i64>,
    /// By code of phase.
    pub by_phase: BTreeMap<String, i64>,
    /// By year of receipt.
    pub by_year: BTreeMap<String, i64>,
    /// By month, in order.
    pub by_month: Vec<MonthFigures>,
    /// The fifty units with the most cases; with `unit_kind` all of that kind.
    pub by_unit: Vec<UnitFigures>,
    /// By category: those just below `category_id`, or of the highest level that tells them apart; most cases first.
    pub by_category: Vec<CategoryFigures>,
    /// By channel, most cases first.
    pub by_channel: Vec<ChannelFigures>,
    /// By kind, most cases first.
    pub by_kind: Vec<KindFigures>,
    /// Answered at least once.
    pub replied: i64,
    /// Whose work has ended.
    pub ended: i64,
    /// Half were answered within so many days; null where none was.
    #[schema(required)]
    pub median_days_to_reply: Option<f64>,
    /// Nine in ten were answered within so many days; null where none was.
    #[schema(required)]
    pub p90_days_to_reply: Option<f64>,
    /// First answered after more than 15 days.
    pub over_15_days: i64,
    /// First answered after more than 60 days.
    pub over_60_days: i64,
    /// Different authors of imported cases. Of the whole county, over a year or all time, at any number of cases; of any
    /// other selection null where it has more than 5,000 cases, and the county more than 5,000 imported ones.
    #[schema(required)]
    pub distinct_authors: Option<i64>,
    /// Rated by the complainant.
    pub rated: i64,
    /// Rated 3 and more.
    pub satisfied: i64,
    /// Done again by another handler.
    pub redone: i64,
    /// Late now.
    pub overdue: i64,
    /// Whether the median and the 90th percentile are near, not exact: off by 1.6 % or a minute at most.
    pub is_approximate: bool,
}

impl From<CaseFigures> for ComplaintStatistics {
    fn from(figures: CaseFigures) -> Self {
        let all = figures.all;
        Self {
            total: all.total,
            by_state: all.by_state,
            by_phase: all.by_phase,
            by_year: figures.by_year,
            by_month: figures.by_month.into_iter().map(Into::into).collect(),
            by_unit: figures
                .by_unit
                .into_iter()
                .map(|(unit, figures)| UnitFigures {
                    unit: unit.into(),
                    figures: figures.into(),
                })
                .collect(),
            by_category: figures.by_category.into_iter().map(Into::into).collect(),
            by_channel: figures
                .by_channel
                .into_iter()
                .map(|(channel, figures)| ChannelFigures {
                    channel: channel.into(),
                    figures: figures.into(),
                })
                .collect(),
            by_kind: figures
                .by_kind
                .into_iter()
                .map(|(kind, figures)| KindFigures {
                    kind: kind.into(),
                    figures: figures.into(),
                })
                .collect(),
            replied: all.replied,
            ended: all.ended,
            median_days_to_reply: all.median_days_to_reply,
            p90_days_to_reply: all.p90_days_to_reply,
            over_15_days: all.over_15_days,
            over_60_days: all.over_60_days,
            distinct_authors: figures.distinct_authors,
            rated: all.rated,
            satisfied: all.satisfied,
            redone: all.redone,
            overdue: all.overdue,
            is_approximate: all.is_approximate,
        }
    }
}

impl From<store::MonthFigures> for MonthFigures {
    fn from(month: store::MonthFigures) -> Self {
        Self {
            month: month.month,
            received: month.received.total,
            replied: month.replied,
            ended: month.ended,
            figures: month.received.into(),
        }
    }
}

impl From<store::CategoryFigures> for CategoryFigures {
    fn from(row: store::CategoryFigures) -> Self {
        Self {
            category: row.category.map(Into::into),
            is_alone: row.is_alone,
            figures: row.figures.into(),
        }
    }
}
