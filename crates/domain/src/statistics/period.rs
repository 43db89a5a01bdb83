//! A time made of whole months.

use chrono::{Datelike, Days};

use crate::time::Day;

/// Over which time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Period {
    /// All time.
    Ever,
    /// Whole years and single months, none twice, in order.
    Parts {
        /// Such as `2026`.
        years: Vec<String>,
        /// Such as `2026-03`.
        months: Vec<String>,
    },
}

/// Longer times than that nobody has records of.
const MOST_YEARS: i32 = 200;

impl Period {
    /// From a first to a last day; `None` where these don't begin and end a month.
    #[must_use]
    pub fn between(from: Day, to: Day) -> Option<Self> {
        let ends_a_month = to.checked_add_days(Days::new(1))?.day() == 1;
        if from.day() != 1 || !ends_a_month || from > to || to.year() - from.year() > MOST_YEARS {
            return None;
        }
        let (mut years, mut months) = (Vec::new(), Vec::new());
        for year in from.year()..=to.year() {
            let first = if year == from.year() { from.month() } else { 1 };
            let last = if year == to.year() { to.month() } else { 12 };
            if (first, last) == (1, 12) {
                years.push(year.to_string());
            } else {
                months.extend((first..=last).map(|month| format!("{year}-{month:02}")));
            }
        }
        Some(Self::Parts { years, months })
    }

    /// Whether it can be put together of whole years.
    #[must_use]
    pub const fn is_years(&self) -> bool {
        !matches!(self, Self::Parts { months, .. } if !months.is_empty())
    }

    /// Its parts by name; all time has the empty one.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Ever => vec![""],
            Self::Parts { years, months } => years.iter().chain(months).map(String::as_str).collect(),
        }
    }

    /// Whether a month lies in it.
    #[must_use]
    pub fn holds(&self, month: &str) -> bool {
        let year = month.split('-').next().unwrap_or_default();
        match self {
            Self::Ever => true,
            Self::Parts { years, months } => {
                months.iter().any(|known| known == month) || years.iter().any(|known| known == year)
            }
        }
    }
}

/// The months from one day to another, such as `2026-03`.
#[must_use]
pub fn months_between(from: Day, to: Day) -> Vec<String> {
    (from.year()..=to.year())
        .flat_map(|year| (1..=12).map(move |month| (year, month)))
        .filter(|at| (from.year(), from.month()) <= *at && *at <= (to.year(), to.month()))
        .map(|(year, month)| format!("{year}-{month:02}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_whole_years_and_the_months_around_them() {
        let period = Period::between(day("2023-11-01"), day("2025-02-28")).unwrap();
        assert_eq!(period.names(), ["2024", "2023-11", "2023-12", "2025-01", "2025-02"]);
        assert!(!period.is_years());
        let held = months_between(day("2023-01-15"), day("2026-01-01"));
        let held: Vec<_> = held.iter().filter(|month| period.holds(month)).collect();
        assert_eq!(
            (held.len(), held[0].as_str(), held[15].as_str()),
            (16, "2023-11", "2025-02")
        );
        assert!(
            Period::between(day("2024-01-01"), day("2025-12-31"))
                .unwrap()
                .is_years()
        );
    }

    #[test]
    fn what_does_not_begin_and_end_a_month_is_no_period() {
        for (from, to) in [
            ("2024-01-02", "2024-12-31"),
            ("2024-01-01", "2024-02-28"),
            ("2024-02-01", "2024-01-31"),
        ] {
            assert_eq!(Period::between(day(from), day(to)), None, "{from} {to}");
        }
    }
}
