//! A date with how it was computed, on the wire: as everybody is told it, and with what only staff are told.

use chrono::NaiveDate;
use liangnuo_domain::clocks::{Clock, Due};
use liangnuo_persistence::complaints::CaseName;
use serde::Serialize;
use utoipa::ToSchema;

use super::parts::ComplaintRef;
use crate::{
    language::Language,
    v1::common::{ClockCounts, ComplaintClock},
};

/// A date with how it was computed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComputedDue {
    /// Which clock.
    pub clock: ComplaintClock,
    /// The day of the event that started it; counting begins the day after.
    pub starts_on: NaiveDate,
    /// What is counted.
    pub counts: ClockCounts,
    /// How many.
    pub days: i32,
    /// How many were added.
    pub extended_by: i32,
    /// Days that did not count, since the clock was held.
    pub held_days: i32,
    /// Days off that were passed over.
    pub days_off: i32,
    /// The end fell on a day off and moved to the next working day.
    pub rolled_forward: bool,
    /// The date stays as it was told, though the calendar would have made it earlier.
    pub is_kept_as_told: bool,
    /// The last day.
    pub due_on: NaiveDate,
    /// The calendar of that year is not published yet.
    pub is_provisional: bool,
    /// How the date was computed, as a sentence in the language asked for.
    pub explanation: String,
}

impl ComputedDue {
    /// A date with its computation in a language.
    #[must_use]
    pub fn new(due: Due, language: Language) -> Self {
        let number = |days: u32| i32::try_from(days).unwrap_or(i32::MAX);
        Self {
            clock: due.clock.into(),
            starts_on: due.starts_on,
            counts: due.counts.into(),
            days: number(due.length),
            extended_by: number(due.extended_by),
            held_days: number(due.held_days),
            days_off: number(due.days_off),
            rolled_forward: due.rolled_forward,
            is_kept_as_told: due.is_kept_as_told,
            due_on: due.due_on,
            is_provisional: due.is_provisional,
            explanation: language.pick(due.explanation()),
        }
    }
}

/// A date of a case with how it was computed, as staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintDue {
    #[serde(flatten)]
    due: ComputedDue,
    /// Of the clock `duplicate`: whose date it is, if the caller may see that case.
    #[schema(required)]
    complaint: Option<ComplaintRef>,
}

impl ComplaintDue {
    /// A date with its computation in a language. `along` is the case whose date binds this one.
    #[must_use]
    pub fn new(due: Due, along: Option<&CaseName>, language: Language) -> Self {
        Self {
            complaint: along
                .filter(|_| due.clock == Clock::Duplicate)
                .cloned()
                .map(ComplaintRef::from),
            due: ComputedDue::new(due, language),
        }
    }
}
