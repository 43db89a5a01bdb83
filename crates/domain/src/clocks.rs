//! By when: working days, and the clocks that run on a complaint.
//!
//! Sources: 信访工作条例 (2022) art. 22-23 (15 days to say whether a case is taken), art. 34 (60 days to decide);
//! 民法典 art. 203 (an end on a day off moves to the next working day). Days count in the county's time zone; the day
//! of the event is not counted.

use std::{collections::BTreeMap, sync::LazyLock};

use chrono::{Datelike, Days, Weekday};

use crate::{
    codes::codes,
    complaints::{Kind, State},
    time::{Day, Timestamp},
};

/// Public holidays and make-up working days, one `date,kind` a line, after the State Council's yearly notices.
const EXCEPTIONS: &str = include_str!("../data/working-day-exceptions.csv");

/// The calendar that comes with the product.
pub static STATE_COUNCIL: LazyLock<Calendar> = LazyLock::new(|| Calendar::parse(EXCEPTIONS));

/// Which days are worked, where that differs from Monday to Friday.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    exceptions: BTreeMap<Day, bool>,
    last_year: i32,
}

impl Calendar {
    /// Reads `date,kind` lines, kind `holiday` or `workday`; other lines (the heading) are passed over.
    #[must_use]
    pub fn parse(csv: &str) -> Self {
        let exceptions: BTreeMap<Day, bool> = csv
            .lines()
            .filter_map(|line| {
                let (date, kind) = line.split_once(',')?;
                let is_worked = match kind.trim() {
                    "holiday" => false,
                    "workday" => true,
                    _ => return None,
                };
                Some((date.parse().ok()?, is_worked))
            })
            .collect();
        let last_year = exceptions.keys().map(Datelike::year).max().unwrap_or(0);
        Self { exceptions, last_year }
    }

    /// Whether people work on this day.
    #[must_use]
    pub fn is_worked(&self, day: Day) -> bool {
        self.exceptions
            .get(&day)
            .copied()
            .unwrap_or(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
    }

    /// Whether the year's calendar was published; a date in a later year is provisional.
    #[must_use]
    pub fn is_published(&self, day: Day) -> bool {
        day.year() <= self.last_year
    }

    /// The first worked day on or after `day`.
    #[must_use]
    pub fn roll_forward(&self, mut day: Day) -> Day {
        while !self.is_worked(day) {
            day = next(day);
        }
        day
    }

    /// The last worked day before `day`.
    #[must_use]
    pub fn worked_before(&self, day: Day) -> Day {
        let mut earlier = day.pred_opt().unwrap_or(day);
        while !self.is_worked(earlier) {
            earlier = earlier.pred_opt().unwrap_or(earlier);
        }
        earlier
    }

    /// The `count`th working day after `start`; `start` itself is not counted.
    #[must_use]
    pub fn add_working_days(&self, start: Day, count: u32) -> Day {
        let mut day = start;
        let mut left = count;
        while left > 0 {
            day = next(day);
            if self.is_worked(day) {
                left -= 1;
            }
        }
        day
    }
}

fn next(day: Day) -> Day {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

codes! {
    /// A clock on a complaint.
    Clock {
        /// To say whether the case is taken: 15 days.
        Tell = "tell",
        /// To decide: 60 days from acceptance.
        Decide = "decide",
        /// To answer an inquiry: 5 working days.
        Inquiry = "inquiry",
        /// To answer a suggestion: 15 working days.
        Suggestion = "suggestion",
    }
}

codes! {
    /// What a clock counts.
    Counts {
        /// Every day.
        CalendarDays = "calendar_days",
        /// Days on which people work.
        WorkingDays = "working_days",
    }
}

impl Clock {
    /// How long the clock runs, and in what.
    #[must_use]
    pub const fn length(self) -> (u32, Counts) {
        match self {
            Self::Tell => (15, Counts::CalendarDays),
            Self::Decide => (60, Counts::CalendarDays),
            Self::Inquiry => (5, Counts::WorkingDays),
            Self::Suggestion => (15, Counts::WorkingDays),
        }
    }
}

/// A date with how it was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which clock.
    pub clock: Clock,
    /// The day of the event that started it; counting begins the day after.
    pub starts_on: Day,
    /// Whether the end fell on a day off and moved.
    pub rolled_forward: bool,
    /// The last day.
    pub due_on: Day,
    /// The calendar of that year is not published yet.
    pub is_provisional: bool,
}

impl Due {
    /// Runs `clock` from `starts_on`.
    #[must_use]
    pub fn compute(calendar: &Calendar, clock: Clock, starts_on: Day) -> Self {
        let (length, counts) = clock.length();
        let end = match counts {
            Counts::CalendarDays => starts_on
                .checked_add_days(Days::new(u64::from(length)))
                .unwrap_or(starts_on),
            Counts::WorkingDays => calendar.add_working_days(starts_on, length),
        };
        let due_on = calendar.roll_forward(end);
        Self {
            clock,
            starts_on,
            rolled_forward: due_on != end,
            due_on,
            is_provisional: !calendar.is_published(due_on),
        }
    }

    /// The last instant at which the work is on time.
    #[must_use]
    pub fn at(self) -> Timestamp {
        Timestamp::end_of(self.due_on)
    }

    /// From when on the case counts as due soon: less than a fifth of the time is left, and at the latest the working
    /// day before.
    #[must_use]
    pub fn soon_at(self, calendar: &Calendar) -> Timestamp {
        let start = Timestamp::end_of(self.starts_on).micros();
        let end = self.at().micros();
        let fifth = Timestamp::from_micros(end - (end - start) / 5);
        fifth.min(Timestamp::start_of(calendar.worked_before(self.due_on)))
    }
}

/// The clock that runs on a complaint of this kind in this state, if any. `accepted_on` is the day of acceptance.
#[must_use]
pub fn due(calendar: &Calendar, kind: Kind, state: State, received_on: Day, accepted_on: Option<Day>) -> Option<Due> {
    if !state.is_clocked() {
        return None;
    }
    let (clock, start) = match (kind, accepted_on) {
        (Kind::Praise, _) => return None,
        (Kind::Inquiry, _) => (Clock::Inquiry, received_on),
        (Kind::Suggestion, _) => (Clock::Suggestion, received_on),
        (Kind::Grievance | Kind::Report, None) => (Clock::Tell, received_on),
        (Kind::Grievance | Kind::Report, Some(day)) => (Clock::Decide, day),
    };
    Some(Due::compute(calendar, clock, start))
}

codes! {
    /// How a case stands against its clock; derived on reading, never stored.
    Phase {
        /// In time.
        OnTime = "on_time",
        /// Less than a fifth of the time is left.
        DueSoon = "due_soon",
        /// Late.
        Overdue = "overdue",
        /// Late by more than thirty days.
        LongOverdue = "long_overdue",
        /// No clock runs.
        None = "none",
    }
}

/// Long overdue begins so many seconds after the due time.
pub const LONG_OVERDUE_SECONDS: i64 = 30 * 86_400;

/// The phase at `now` of a case that is due at `due_at` and due soon from `soon_at` on.
#[must_use]
pub fn phase(due_at: Option<Timestamp>, soon_at: Option<Timestamp>, now: Timestamp) -> Phase {
    match due_at {
        None => Phase::None,
        Some(due) if now > due.plus_seconds(LONG_OVERDUE_SECONDS) => Phase::LongOverdue,
        Some(due) if now > due => Phase::Overdue,
        Some(_) if soon_at.is_some_and(|soon| now >= soon) => Phase::DueSoon,
        Some(_) => Phase::OnTime,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn known_answers_with_holidays_and_make_up_days() {
        for (start, count, end) in [
            ("2026-01-30", 15, "2026-02-27"),
            ("2026-02-13", 2, "2026-02-24"),
            ("2026-09-24", 15, "2026-10-22"),
            ("2025-09-26", 15, "2025-10-23"),
            ("2024-04-03", 5, "2024-04-11"),
        ] {
            assert_eq!(
                STATE_COUNCIL.add_working_days(day(start), count),
                day(end),
                "{start} + {count}"
            );
        }
    }

    #[test]
    fn sixty_days_that_end_on_a_sunday_move_to_monday_and_are_provisional() {
        let due = Due::compute(&STATE_COUNCIL, Clock::Decide, day("2026-11-04"));
        assert_eq!(
            (due.due_on, due.rolled_forward, due.is_provisional),
            (day("2027-01-04"), true, true)
        );
    }

    #[test]
    fn phases_follow_the_clock() {
        let due = Due::compute(&STATE_COUNCIL, Clock::Decide, day("2026-03-02"));
        let at = |text: &str| {
            phase(
                Some(due.at()),
                Some(due.soon_at(&STATE_COUNCIL)),
                Timestamp::start_of(day(text)),
            )
        };
        assert_eq!(due.due_on, day("2026-05-06"), "1 to 5 May are days off");
        assert_eq!(at("2026-03-03"), Phase::OnTime);
        assert_eq!(at("2026-05-05"), Phase::DueSoon);
        assert_eq!(at("2026-05-07"), Phase::Overdue);
        assert_eq!(at("2026-06-08"), Phase::LongOverdue);
        assert_eq!(phase(None, None, due.at()), Phase::None);
    }

    #[test]
    fn only_work_that_waits_for_the_staff_has_a_clock() {
        let received = day("2026-03-02");
        for state in State::ALL {
            let runs = due(&STATE_COUNCIL, Kind::Grievance, *state, received, None).is_some();
            assert_eq!(runs, state.is_clocked(), "{state:?}");
        }
        assert_eq!(due(&STATE_COUNCIL, Kind::Praise, State::Received, received, None), None);
    }

    proptest! {
        /// The count agrees with a slow walk that asks each day's weekday and exception by itself.
        #[test]
        fn counting_agrees_with_a_walk(offset in 0_u64..8_000, count in 1_u32..80) {
            let start = day("2004-01-01").checked_add_days(Days::new(offset)).unwrap();
            let end = STATE_COUNCIL.add_working_days(start, count);
            let mut walked = 0;
            let mut at = start;
            while at < end {
                at = at.succ_opt().unwrap();
                let line = EXCEPTIONS.lines().find(|l| l.starts_with(&at.to_string()));
                let works = match line {
                    Some(line) => line.ends_with("workday"),
                    None => at.weekday().num_days_from_monday() < 5,
                };
                walked += u32::from(works);
            }
            prop_assert_eq!(walked, count);
            prop_assert!(STATE_COUNCIL.is_worked(end));
        }
    }
}
