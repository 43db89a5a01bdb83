//! Which days are worked: Monday to Friday, but for public holidays and the days that make up for them.

use std::{collections::BTreeMap, sync::LazyLock};

use chrono::{Datelike, Days, Weekday};

use crate::{error::Invalid, time::Day};

/// Public holidays and make-up working days, one `date,kind` a line, after the State Council's yearly notices.
const EXCEPTIONS: &str = include_str!("../data/working-day-exceptions.csv");

/// The calendar that comes with the product.
pub static STATE_COUNCIL: LazyLock<Calendar> = LazyLock::new(|| {
    let mut calendar = Calendar::default();
    for line in EXCEPTIONS.lines().skip(1) {
        if let Ok(exception) = Exception::parse(line) {
            calendar.set_day(exception);
        }
    }
    calendar
});

/// Lines of a year's calendar, at most.
const LINES_MAX: usize = 150;

/// A day that is not what its weekday says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exception {
    /// Which day.
    pub day: Day,
    /// Worked, on a weekend; or off, on a weekday or a holiday.
    pub is_worked: bool,
}

impl Exception {
    /// Reads `2026-01-01,holiday` or `2026-01-04,workday`.
    fn parse(line: &str) -> Result<Self, &'static str> {
        let (date, kind) = line.split_once(',').ok_or("not_a_pair")?;
        let is_worked = match kind.trim() {
            "holiday" => false,
            "workday" => true,
            _ => return Err("unknown_kind"),
        };
        let day = date.trim().parse().map_err(|_malformed| "not_a_date")?;
        Ok(Self { day, is_worked })
    }
}

/// One year's exceptions, as an administrator loads them: with the days of the December before that its notice names, too,
/// as New Year's holiday often begins there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarYear {
    /// Which year.
    pub year: i32,
    /// Its exceptions by day.
    pub exceptions: Vec<Exception>,
}

/// Whether the day belongs to the December before a year.
fn is_december_before(day: Day, year: i32) -> bool {
    day.year() == year - 1 && day.month() == 12
}

impl CalendarYear {
    /// The days of the December before that the notice names.
    pub fn december_before(&self) -> impl Iterator<Item = Exception> {
        let before = self.exceptions.iter().copied();
        before.filter(|exception| is_december_before(exception.day, self.year))
    }

    /// Checks what was loaded: `(day, is it worked)`.
    ///
    /// # Errors
    /// A day of another year but the December before, a day named twice, or none of the year at all: one without holidays was
    /// never published.
    pub fn parse(year: i32, days: &[(Day, bool)]) -> Result<Self, Invalid> {
        let mut found = Invalid::default();
        if !(2004..=2100).contains(&year) {
            found.take::<()>(Err(Invalid::one(
                "/year",
                "out_of_range",
                "年份应在2004到2100之间。",
                "The year is one from 2004 to 2100.",
            )));
        }
        let is_empty = !days.is_empty() && days.iter().all(|(day, _)| is_december_before(*day, year));
        if days.is_empty() || is_empty || days.len() > LINES_MAX {
            found.take::<()>(Err(Invalid::one(
                "/days",
                "wrong_number",
                "请列出这一年全部放假和调休上班的日子（1到150天）。",
                "List all days off and make-up working days of the year (1 to 150).",
            )));
        }
        let mut exceptions = BTreeMap::new();
        for (at, (day, is_worked)) in days.iter().enumerate() {
            let pointer = format!("/days/{at}/day");
            if day.year() != year && !is_december_before(*day, year) {
                found.take::<()>(Err(Invalid::one(
                    pointer,
                    "other_year",
                    "这一天不在所选的年份里，也不在上一年的12月里。",
                    "This day lies neither in the year nor in the December before.",
                )));
            } else if exceptions.insert(*day, *is_worked).is_some() {
                found.take::<()>(Err(Invalid::one(
                    pointer,
                    "named_twice",
                    "这一天写了两次。",
                    "This day is named twice.",
                )));
            }
        }
        found.finish()?;
        Ok(Self {
            year,
            exceptions: exceptions
                .into_iter()
                .map(|(day, is_worked)| Exception { day, is_worked })
                .collect(),
        })
    }
}

/// Which days are worked, where that differs from Monday to Friday.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i32, BTreeMap<Day, bool>>,
    /// By the year whose notice names them, the days of the December before. The later notice is the one that holds; the year
    /// that they lie in is not published by it.
    ahead: BTreeMap<i32, BTreeMap<Day, bool>>,
}

impl Calendar {
    fn set_day(&mut self, exception: Exception) {
        self.years
            .entry(exception.day.year())
            .or_default()
            .insert(exception.day, exception.is_worked);
    }

    /// The same with a year that an administrator has loaded, in place of the one that was known.
    #[must_use]
    pub fn with_year(mut self, year: &CalendarYear) -> Self {
        let (ahead, own): (Vec<_>, Vec<_>) = year
            .exceptions
            .iter()
            .map(|exception| (exception.day, exception.is_worked))
            .partition(|(day, _)| day.year() < year.year);
        self.years.insert(year.year, own.into_iter().collect());
        self.ahead.insert(year.year, ahead.into_iter().collect());
        self
    }

    /// The years that are published.
    pub fn years(&self) -> impl Iterator<Item = i32> {
        self.years.keys().copied()
    }

    /// A year's exceptions by day, whichever notice names them; none if it is not published.
    #[must_use]
    pub fn year(&self, year: i32) -> Option<CalendarYear> {
        let mut days = self.years.get(&year)?.clone();
        let later = self.ahead.get(&(year + 1)).into_iter().flatten();
        days.extend(later.map(|(day, is_worked)| (*day, *is_worked)));
        let exceptions = days.into_iter().map(|(day, is_worked)| Exception { day, is_worked });
        Some(CalendarYear {
            year,
            exceptions: exceptions.collect(),
        })
    }

    /// The days of the December before that a year's notice names.
    pub fn december_before(&self, year: i32) -> impl Iterator<Item = Exception> {
        let days = self.ahead.get(&year).into_iter().flatten();
        days.map(|(day, is_worked)| Exception {
            day: *day,
            is_worked: *is_worked,
        })
    }

    /// Whether people work on this day.
    #[must_use]
    pub fn is_worked(&self, day: Day) -> bool {
        let named = |days: Option<&BTreeMap<Day, bool>>| days.and_then(|days| days.get(&day).copied());
        named(self.ahead.get(&(day.year() + 1)))
            .or_else(|| named(self.years.get(&day.year())))
            .unwrap_or(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
    }

    /// Whether the year's calendar is known. Years before the first one count by weekends and stay so; a date in a year
    /// to come is provisional.
    #[must_use]
    pub fn is_published(&self, day: Day) -> bool {
        self.years.contains_key(&day.year()) || self.years.keys().next().is_some_and(|first| day.year() < *first)
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

/// The day after.
pub(crate) fn next(day: Day) -> Day {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
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
    fn the_known_years_are_published_and_the_next_one_is_not() {
        let years: Vec<i32> = STATE_COUNCIL.years().collect();
        assert_eq!((years.first(), years.last()), (Some(&2004), Some(&2026)));
        assert!(STATE_COUNCIL.is_published(day("2003-05-01")) && STATE_COUNCIL.is_published(day("2026-12-31")));
        assert!(!STATE_COUNCIL.is_published(day("2027-01-01")));
    }

    #[test]
    fn a_loaded_year_takes_the_place_of_the_known_one() {
        let year = CalendarYear::parse(2027, &[(day("2027-01-01"), false), (day("2027-01-02"), true)]).unwrap();
        let calendar = STATE_COUNCIL.clone().with_year(&year);
        assert!(calendar.is_published(day("2027-06-01")));
        assert!(!calendar.is_worked(day("2027-01-01")) && calendar.is_worked(day("2027-01-02")));
        assert_eq!(calendar.year(2027), Some(year));
        let corrected = CalendarYear::parse(2027, &[(day("2027-01-04"), false)]).unwrap();
        assert!(calendar.with_year(&corrected).is_worked(day("2027-01-01")));
    }

    #[test]
    fn a_notice_names_days_of_the_december_before() {
        let notice = |days: &[(&str, bool)]| {
            let days: Vec<(Day, bool)> = days.iter().map(|(text, is_worked)| (day(text), *is_worked)).collect();
            CalendarYear::parse(2028, &days)
        };
        let loaded = notice(&[("2027-12-31", false), ("2027-12-26", true), ("2028-01-03", false)]).unwrap();
        let calendar = STATE_COUNCIL.clone().with_year(&loaded);
        assert!(!calendar.is_worked(day("2027-12-31")) && calendar.is_worked(day("2027-12-26")));
        assert!(calendar.is_published(day("2028-06-01")) && !calendar.is_published(day("2027-12-31")));
        assert_eq!(calendar.year(2027), None);
        // The year's own notice comes, or came, and takes nothing from it; another notice for the later year does.
        let own = CalendarYear::parse(2027, &[(day("2027-12-31"), true), (day("2027-10-01"), false)]).unwrap();
        let both = calendar.with_year(&own);
        assert!(!both.is_worked(day("2027-12-31")) && !both.is_worked(day("2027-10-01")));
        let days: Vec<Day> = both.year(2027).unwrap().exceptions.iter().map(|e| e.day).collect();
        assert_eq!(days, [day("2027-10-01"), day("2027-12-26"), day("2027-12-31")]);
        assert_eq!(both.december_before(2028).count(), 2);
        let corrected = both.with_year(&notice(&[("2028-01-03", false)]).unwrap());
        assert!(corrected.is_worked(day("2027-12-31")) && !corrected.is_worked(day("2027-12-26")));
        let code = |days: &[(&str, bool)]| notice(days).unwrap_err().0.first().unwrap().code;
        assert_eq!(
            code(&[("2027-12-31", false)]),
            "wrong_number",
            "not a day of the year itself"
        );
        assert_eq!(code(&[("2027-11-30", false), ("2028-01-03", false)]), "other_year");
        assert_eq!(code(&[("2028-12-31", false), ("2029-01-01", false)]), "other_year");
    }

    #[test]
    fn what_is_wrong_with_a_year_is_said_all_at_once() {
        let wrong = CalendarYear::parse(
            1999,
            &[
                (day("2027-01-01"), false),
                (day("1999-01-01"), false),
                (day("1999-01-01"), true),
            ],
        );
        let codes: Vec<&str> = wrong.unwrap_err().0.iter().map(|field| field.code).collect();
        assert_eq!(codes, ["out_of_range", "other_year", "named_twice"]);
        assert_eq!(
            CalendarYear::parse(2027, &[]).unwrap_err().0.first().unwrap().code,
            "wrong_number"
        );
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
                walked += u32::from(is_worked_by_the_file(at));
            }
            prop_assert_eq!(walked, count);
            prop_assert!(STATE_COUNCIL.is_worked(end));
        }
    }

    fn is_worked_by_the_file(day: Day) -> bool {
        let line = EXCEPTIONS.lines().find(|line| line.starts_with(&day.to_string()));
        match line {
            Some(line) => line.ends_with("workday"),
            None => day.weekday().num_days_from_monday() < 5,
        }
    }
}
