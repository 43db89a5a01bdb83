//! Which clocks run on a case, and which of them binds.

use super::{Along, Hold, Supervision};
use crate::{
    clocks::{Clock, Due, HeldDays, Rules, Run},
    complaints::{Complaint, Kind, State},
    time::Day,
};

impl Complaint {
    /// The clocks that run now, the strictest first: that one binds.
    #[must_use]
    pub fn dues(&self, rules: &Rules) -> Vec<Due> {
        let held = self.held();
        let runs = self.runs(&held);
        let mut dues: Vec<Due> = runs.into_iter().map(|run| Due::compute(rules, run)).collect();
        dues.sort_by_key(|due| due.due_on);
        dues
    }

    pub(super) fn held(&self) -> Vec<HeldDays> {
        self.pace.holds.iter().map(Hold::days).collect()
    }

    /// What the clocks run on that run now.
    pub(super) fn runs<'a>(&'a self, held: &'a [HeldDays]) -> Vec<Run<'a>> {
        if !self.state.has_dates() {
            return Vec::new();
        }
        self.running()
            .into_iter()
            .map(|(clock, starts_on, fixed_on)| {
                let extension = self.pace.extensions.iter().find(|e| e.clock == clock && e.is_granted());
                Run {
                    clock,
                    starts_on,
                    fixed_on,
                    held,
                    extended_by: extension.map_or(0, |extension| extension.days),
                    told: &self.pace.told_dates,
                    promised_on: self.pace.promised_on.filter(|_| clock == Clock::Decide),
                }
            })
            .collect()
    }

    /// Which clocks run, since when, until which set date.
    fn running(&self) -> Vec<(Clock, Day, Option<Day>)> {
        let received_on = self.received_at.day();
        let mut clocks = Vec::with_capacity(3);
        if let Some(redo) = &self.redo {
            clocks.push((Clock::Redo, redo.asked_at.day(), None));
        } else {
            match (self.kind, self.accepted_at) {
                (Kind::Praise, _) => {}
                (Kind::Inquiry, _) => clocks.push((Clock::Inquiry, received_on, None)),
                (Kind::Suggestion, _) => clocks.push((Clock::Suggestion, received_on, None)),
                (Kind::Grievance | Kind::Report, None) => clocks.push((Clock::Tell, received_on, None)),
                (Kind::Grievance | Kind::Report, Some(at)) => clocks.push((Clock::Decide, at.day(), None)),
            }
            if self.is_order && self.kind != Kind::Praise {
                clocks.push((Clock::Hotline, received_on, None));
            }
        }
        if let Some(Supervision {
            since,
            due_on: Some(due_on),
            ..
        }) = &self.supervision
            // The date was for the answer that has gone out since; it does not bind the one after that.
            && self.last_replied_at.is_none_or(|at| at < *since)
        {
            clocks.push((Clock::Supervision, since.day(), Some(*due_on)));
        }
        if let Some(along) = &self.pace.along {
            clocks.push((Clock::Duplicate, along.starts_on, Some(along.due_on)));
        }
        clocks
    }

    /// The clock that binds now, with how its end was computed.
    #[must_use]
    pub fn due(&self, rules: &Rules) -> Option<Due> {
        self.dues(rules).into_iter().next()
    }

    /// The strictest clock of the case itself: what its complainant is told. Of others who wrote the same they learn nothing.
    #[must_use]
    pub fn own_due(&self, rules: &Rules) -> Option<Due> {
        self.dues(rules).into_iter().find(|due| due.clock != Clock::Duplicate)
    }

    /// By when an answer can be expected, as if the case were taken on the day it came in.
    #[must_use]
    pub fn expected(&self, rules: &Rules) -> Option<Due> {
        let taken = Self {
            state: State::Accepted,
            accepted_at: Some(self.received_at),
            ..self.clone()
        };
        taken.due(rules)
    }

    /// The strictest date among cases that are answered with another one.
    #[must_use]
    pub fn along<'a>(followers: impl IntoIterator<Item = &'a Self>, rules: &Rules) -> Option<Along> {
        let dues = followers.into_iter().filter_map(|follower| {
            let due = follower.due(rules).filter(|_| follower.state == State::Duplicate)?;
            Some(Along {
                complaint: follower.id,
                starts_on: due.starts_on,
                due_on: due.due_on,
            })
        });
        dues.min_by_key(|along| (along.due_on, along.complaint))
    }

    /// The same with what its receipt says: if that is the date of the decision, the county is held to it from then on, though
    /// the clock begins only when the case is taken. The other clocks run already, and are told as they are written.
    #[must_use]
    pub fn promised(mut self, rules: &Rules) -> Self {
        let expected = self.expected(rules).filter(|due| due.clock == Clock::Decide);
        self.pace.promised_on = expected.map(|due| due.due_on);
        self
    }

    /// Whether a step leaves the date that binds as it is.
    #[must_use]
    pub fn is_due_as(&self, before: &Self, rules: &Rules) -> bool {
        let date = |complaint: &Self| complaint.due(rules).map(|due| (due.clock, due.due_on));
        date(self) == date(before)
    }
}
