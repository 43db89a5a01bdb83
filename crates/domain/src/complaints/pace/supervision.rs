//! Supervision (督办): a date of its own, and reports until it is lifted.

use crate::{
    calendar::next,
    clocks::Rules,
    codes::codes,
    complaints::Complaint,
    ids::MemberId,
    time::{Day, Timestamp},
};

codes! {
    /// Who learns, one after the other, that a report to the supervisor is missing.
    Missed {
        /// On the day after it was due: whoever owes it, and their head.
        ToHandler = "to_handler",
        /// A working day later: the supervisor.
        ToSupervisor = "to_supervisor",
    }
}

/// A leader has the case under supervision (督办), until somebody lifts it or the case ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supervision {
    /// Who.
    pub by: MemberId,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// By when, if a date was set.
    pub due_on: Option<Day>,
    /// A report is wanted after so many working days at the latest; none where only news is to be reported.
    pub report_days: Option<u32>,
    /// When the last report was given.
    pub reported_at: Option<Timestamp>,
}

impl Supervision {
    /// The last day for the next report, where reports are wanted at intervals.
    #[must_use]
    pub fn report_due_on(&self, rules: &Rules) -> Option<Day> {
        let days = self.report_days?;
        let since = self.reported_at.unwrap_or(self.since).day();
        Some(rules.calendar.add_working_days(since, days))
    }
}

impl Complaint {
    /// The last day for the next report to the supervisor, where one is wanted.
    #[must_use]
    pub fn report_due_on(&self, rules: &Rules) -> Option<Day> {
        self.supervision.as_ref()?.report_due_on(rules)
    }

    /// When it is said that a report is missing, and to whom.
    pub(super) fn report_missed_at(&self, missed: Missed, rules: &Rules) -> Option<Timestamp> {
        let due_on = self.report_due_on(rules)?;
        let late_by = match missed {
            Missed::ToHandler => 0,
            Missed::ToSupervisor => 1,
        };
        Some(Timestamp::start_of(next(
            rules.calendar.add_working_days(due_on, late_by),
        )))
    }
}
