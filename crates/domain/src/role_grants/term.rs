//! From when to when a grant counts.

use chrono::Days;

use crate::{
    codes::codes,
    error::Invalid,
    time::{Day, Timestamp},
};

/// Days from now within which a grant may begin.
const LONGEST_AHEAD: u64 = 366;
/// Days that a grant with an end may last.
const LONGEST_TERM: u64 = 20 * 366;

codes! {
    /// How a grant stands in time.
    GrantState {
        /// It has not begun.
        Future = "future",
        /// It counts now.
        InForce = "in_force",
        /// It is over, or was ended before it began.
        Ended = "ended",
    }
}

/// From when to when a grant counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant at which it no longer counts; none while no end is set.
    pub to: Option<Timestamp>,
}

impl Term {
    /// A term in days of the county, of which the last one still counts. Without a first day, or with today, it begins at
    /// once.
    ///
    /// # Errors
    /// Days that are past, too far away, or in the wrong order.
    pub fn parse(starts_on: Option<Day>, ends_on: Option<Day>, now: Timestamp) -> Result<Self, Invalid> {
        let today = now.day();
        let first = starts_on.unwrap_or(today);
        let mut found = Invalid::default();
        let mut refuse = |pointer: &str, code, zh: &str, en: &str| {
            found.take::<()>(Err(Invalid::one(pointer, code, zh, en)));
        };
        if first < today {
            refuse(
                "/starts_on",
                "in_the_past",
                "开始日期不能早于今天。",
                "It can't begin before today.",
            );
        }
        if first > later(today, LONGEST_AHEAD) {
            refuse(
                "/starts_on",
                "too_far",
                "开始日期最多提前一年设定。",
                "It can begin within a year.",
            );
        }
        match ends_on {
            Some(last) if last < first => refuse(
                "/ends_on",
                "before_start",
                "结束日期不能早于开始日期。",
                "It can't end before it begins.",
            ),
            Some(last) if last > later(first, LONGEST_TERM) => refuse(
                "/ends_on",
                "too_far",
                "结束日期最多设到二十年后；没有期限就留空。",
                "It can last twenty years; leave the end blank for no limit.",
            ),
            _ => {}
        }
        found.finish()?;
        Ok(Self {
            from: if first == today {
                now
            } else {
                Timestamp::start_of(first)
            },
            to: ends_on.map(|last| Timestamp::start_of(later(last, 1))),
        })
    }

    /// How it stands at an instant.
    #[must_use]
    pub fn state(self, now: Timestamp) -> GrantState {
        if self.to.is_some_and(|to| to <= now || to <= self.from) {
            GrantState::Ended
        } else if self.from > now {
            GrantState::Future
        } else {
            GrantState::InForce
        }
    }

    /// Whether the two have an instant in common.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        let begins_before_end = |from: Timestamp, to: Option<Timestamp>| to.is_none_or(|to| from < to);
        let is_empty = |term: Self| term.to.is_some_and(|to| to <= term.from);
        !is_empty(self)
            && !is_empty(other)
            && begins_before_end(self.from, other.to)
            && begins_before_end(other.from, self.to)
    }

    /// The same, over at `at` at the latest. What has not begun by then never begins.
    #[must_use]
    pub fn cut(self, at: Timestamp) -> Self {
        let at = at.max(self.from);
        Self {
            to: Some(self.to.map_or(at, |to| to.min(at))),
            ..self
        }
    }
}

pub(super) fn later(day: Day, days: u64) -> Day {
    day.checked_add_days(Days::new(days)).unwrap_or(Day::MAX)
}
