//! When the product itself has to do something with a case, and what.

use chrono::Days;

use super::Missed;
use crate::{
    clocks::{Rules, Rung},
    complaints::{Complaint, State},
    time::Timestamp,
};

/// What the product itself does with a case when its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// The complainant did not answer in time: the clock runs again.
    Resume,
    /// The time to rate is over: the case is concluded.
    Conclude,
    /// A rung of the ladder is reached.
    Remind(Rung),
    /// A report to the supervisor is missing.
    AskReport(Missed),
}

impl Complaint {
    /// What the product has to do next with the case, and when. `None` if nothing will ever come.
    #[must_use]
    pub fn next_wake(&self, rules: &Rules) -> Option<(Timestamp, Wake)> {
        let hold = self.open_hold().filter(|_| self.state == State::Waiting).map(|hold| {
            let day = hold.until.checked_add_days(Days::new(1)).unwrap_or(hold.until);
            (Timestamp::start_of(day), Wake::Resume)
        });
        let rating = self.rating_ends_at(rules).filter(|_| self.state == State::Replied);
        let rating = rating.map(|at| (Timestamp::from_micros(at.micros() + 1), Wake::Conclude));
        // Whoever answers the lead is reminded of that one: its date is never later than this one's.
        let is_led = self.state == State::Duplicate;
        let rung = self.due(rules).filter(|_| !is_led).and_then(|due| {
            Rung::ALL
                .iter()
                .filter(|rung| self.pace.rung.is_none_or(|reached| **rung > reached))
                .map(|rung| (due.rung_at(*rung, rules), Wake::Remind(*rung)))
                .next()
        });
        let report = Missed::ALL
            .iter()
            .filter(|missed| self.pace.report_missed.is_none_or(|told| **missed > told))
            .find_map(|missed| Some((self.report_missed_at(*missed, rules)?, Wake::AskReport(*missed))));
        [hold, rating, rung, report]
            .into_iter()
            .flatten()
            .min_by_key(|(at, _)| *at)
    }

    /// What the product has to do with the case at `now`: of several rungs, the highest.
    #[must_use]
    pub fn wake(&self, rules: &Rules, now: Timestamp) -> Option<Wake> {
        let (_, wake) = self.next_wake(rules).filter(|(at, _)| *at <= now)?;
        match wake {
            Wake::Resume | Wake::Conclude => Some(wake),
            Wake::Remind(_) => {
                let due = self.due(rules)?;
                let reached = Rung::ALL.iter().rev().find(|rung| due.rung_at(**rung, rules) <= now)?;
                Some(Wake::Remind(*reached))
            }
            Wake::AskReport(_) => {
                let reached = Missed::ALL
                    .iter()
                    .rev()
                    .find(|missed| self.report_missed_at(**missed, rules).is_some_and(|at| at <= now))?;
                Some(Wake::AskReport(*reached))
            }
        }
    }
}
