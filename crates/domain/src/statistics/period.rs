//! A time as whole months and the days around them.

use chrono::{Datelike, Days};

use crate::time::Day;

/// A month, counted from the beginning of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(i32);

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: Day) -> Self {
        Self(day.year() * 12 + i32::try_from(day.month0()).unwrap_or_default())
    }

    /// From a year and a number from 1 to 12.
    #[must_use]
    pub const fn new(year: i32, number: i32) -> Self {
        Self(year * 12 + number - 1)
    }

    /// From a name such as `2026-03`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (year, number) = name.split_once('-')?;
        Some(Self::new(year.parse().ok()?, number.parse().ok()?))
    }

    /// Its year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// Its number in the year, from 1 to 12.
    #[must_use]
    pub fn number(self) -> u8 {
        u8::try_from(self.0.rem_euclid(12) + 1).unwrap_or_default()
    }

    /// Its name, such as `2026-03`.
    #[must_use]
    pub fn name(self) -> String {
        format!("{}-{:02}", self.year(), self.number())
    }
}

/// Over which time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    first: Option<Month>,
    last: Option<Month>,
    edges: Vec<(Day, Day)>,
    is_whole: bool,
}

impl Period {
    /// From a first to a last day; without one, from the beginning, and to the end of time.
    #[must_use]
    pub fn between(from: Option<Day>, to: Option<Day>) -> Self {
        let begins = |day: Day| day.day() == 1;
        let ends = |day: Day| day.checked_add_days(Days::new(1)).is_none_or(begins);
        let is_one_piece = from
            .zip(to)
            .is_some_and(|(from, to)| from > to || (Month::of(from) == Month::of(to) && !(begins(from) && ends(to))));
        if let (true, Some((from, to))) = (is_one_piece, from.zip(to)) {
            return Self {
                first: None,
                last: None,
                edges: if from > to { Vec::new() } else { vec![(from, to)] },
                is_whole: false,
            };
        }
        let mut edges = Vec::new();
        let first = from.map(|from| {
            if !begins(from) {
                edges.push((from, end_of_month(from)));
            }
            Month(Month::of(from).0 + i32::from(!begins(from)))
        });
        let last = to.map(|to| {
            if !ends(to) {
                edges.push((to.with_day(1).unwrap_or(to), to));
            }
            Month(Month::of(to).0 - i32::from(!ends(to)))
        });
        Self {
            is_whole: first.zip(last).is_none_or(|(first, last)| first <= last),
            first,
            last,
            edges,
        }
    }

    /// Whether it is all time.
    #[must_use]
    pub const fn is_ever(&self) -> bool {
        self.is_whole && self.first.is_none() && self.last.is_none()
    }

    /// Whether there are whole months in it.
    #[must_use]
    pub const fn has_months(&self) -> bool {
        self.is_whole
    }

    /// The days at its ends that make no whole month, as first and last days.
    #[must_use]
    pub fn edges(&self) -> &[(Day, Day)] {
        &self.edges
    }

    /// Whether a month lies in it as a whole.
    #[must_use]
    pub fn holds(&self, month: Month) -> bool {
        self.is_whole && self.first.is_none_or(|first| first <= month) && self.last.is_none_or(|last| month <= last)
    }

    /// Whether a year has whole months that lie in it.
    #[must_use]
    pub fn holds_of(&self, year: i32) -> bool {
        self.is_whole
            && self.first.is_none_or(|first| first.year() <= year)
            && self.last.is_none_or(|last| year <= last.year())
    }

    /// The one year that it is, if it is one.
    #[must_use]
    pub fn as_year(&self) -> Option<i32> {
        let (first, last) = self.first.zip(self.last)?;
        let is_year = first.number() == 1 && last.number() == 12 && first.year() == last.year();
        (is_year && self.edges.is_empty()).then(|| first.year())
    }
}

fn end_of_month(day: Day) -> Day {
    let next = Month(Month::of(day).0 + 1);
    Day::from_ymd_opt(next.year(), u32::from(next.number()), 1)
        .and_then(|first| first.pred_opt())
        .unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn period(from: &str, to: &str) -> Period {
        let day = |text: &str| (!text.is_empty()).then(|| day(text));
        Period::between(day(from), day(to))
    }

    /// Whether a day lies in a period, by its parts; each day must lie in one of them at most.
    fn holds(period: &Period, day: Day) -> bool {
        let parts = period.edges().iter().filter(|(from, to)| *from <= day && day <= *to);
        let parts = parts.count() + usize::from(period.holds(Month::of(day)));
        assert!(parts <= 1, "{period:?} has {day} twice");
        parts == 1
    }

    #[test]
    fn a_period_is_its_whole_months_and_the_days_around_them() {
        let all: Vec<Day> = day("2023-11-01").iter_days().take(500).collect();
        let ends: Vec<Day> = all
            .iter()
            .copied()
            .step_by(13)
            .chain([day("2024-02-29"), day("2024-03-01")])
            .collect();
        for from in &ends {
            for to in &ends {
                let period = Period::between(Some(*from), Some(*to));
                for day in &all {
                    assert_eq!(holds(&period, *day), from <= day && day <= to, "{period:?} {day}");
                }
            }
        }
    }

    #[test]
    fn a_period_may_have_no_end() {
        assert!(period("", "").is_ever());
        let open = period("2024-03-10", "");
        assert!(holds(&open, day("2024-03-10")) && !holds(&open, day("2024-03-09")));
        assert!(holds(&open, day("2999-03-10")) && open.holds_of(2_999) && !open.holds_of(2_023));
        let until = period("", "2024-03-10");
        assert!(holds(&until, day("1999-01-01")) && !holds(&until, day("2024-03-11")));
        assert!(!until.is_ever());
    }

    #[test]
    fn a_year_is_known_as_one() {
        assert_eq!(period("2024-01-01", "2024-12-31").as_year(), Some(2_024));
        assert_eq!(period("2024-01-02", "2024-12-31").as_year(), None);
        assert_eq!(period("2024-01-01", "2025-12-31").as_year(), None);
        assert_eq!(period("", "").as_year(), None);
    }

    #[test]
    fn months_have_names() {
        let month = Month::of(day("2026-03-31"));
        assert_eq!(
            (month.year(), month.number(), month.name().as_str()),
            (2_026, 3, "2026-03")
        );
        assert_eq!(Month::named("2026-03"), Some(month));
    }
}
