//! The dates that a complainant was told, and what becomes of them when rules, holds or the case itself change.

use super::{Hold, Pace, RatingTold};
use crate::{
    clocks::{Clock, Due, HeldDays, Rules, Told},
    complaints::{Complaint, Event, State},
    time::Day,
};

impl Complaint {
    /// What is to be written of the pace together with the dates that it leads to: whoever reads the case is told them
    /// from then on, so they are kept with what they were computed from.
    #[must_use]
    pub fn pace_as_told(&self, rules: &Rules) -> Pace {
        let held = self.held();
        let told: Vec<Told> = self
            .runs(&held)
            .into_iter()
            .filter(|run| run.fixed_on.is_none())
            .map(|run| Told::of(run, Due::compute(rules, run).due_on))
            .collect();
        let mut pace = self.pace.clone();
        pace.told_dates
            .retain(|older| !told.iter().any(|new| new.replaces(older)));
        pace.told_dates.extend(told);
        // What was held once stays so: of the dates that were told of no more than that, the latest is enough.
        let ended = self.pace.holds.iter().filter(|hold| hold.ended_at.is_some());
        let ended: Vec<HeldDays> = ended.map(Hold::days).collect();
        let (lasting, passing): (Vec<Told>, Vec<Told>) = pace
            .told_dates
            .into_iter()
            .partition(|told| told.is_held_within(&ended));
        pace.told_dates = passing;
        for (at, told) in lasting.iter().enumerate() {
            let mut others = lasting.iter().enumerate();
            let is_less =
                others.any(|(other, one)| one.is_of_the_clock_of(told) && (one.due_on, other) > (told.due_on, at));
            if !is_less {
                pace.told_dates.push(told.clone());
            }
        }
        if self.state == State::Replied {
            let told = self.last_replied_at.zip(self.rating_ends_on(rules));
            pace.rating_told = told.map(|(at, until)| RatingTold {
                replied_on: at.day(),
                until,
            });
        }
        pace
    }

    /// The same with the one date that is known to have been told, of whichever clock bound then: none of those that run
    /// ends earlier.
    #[must_use]
    pub fn told_on(mut self, due_on: Day) -> Self {
        let held = self.held();
        let runs = self.runs(&held).into_iter();
        let told = runs.filter(|run| run.fixed_on.is_none());
        self.pace.told_dates = told.map(|run| Told::of(run, due_on)).collect();
        self
    }

    /// The date that binds, as it was told last. `None` where no clock runs, or one that nobody was told of.
    pub(in crate::complaints) fn told_due(&self) -> Option<(Clock, Day)> {
        let held = self.held();
        let mut dates = Vec::new();
        for run in self.runs(&held) {
            let told = run.told.iter().find(|told| told.is_of(run)).map(|told| told.due_on);
            dates.push((run.clock, run.fixed_on.or(told)?));
        }
        dates.into_iter().min_by_key(|(_, day)| *day)
    }

    /// What a new calendar or setting has done to the date that binds, since it was told last.
    #[must_use]
    pub fn moved(&self, rules: &Rules) -> Option<Event> {
        let (_, from) = self.told_due()?;
        let to = self.due(rules)?.due_on;
        (from != to).then_some(Event::DueMoved { from, to })
    }

    /// The same with what the ladder says of it, after a step or new rules that may have moved its date: a new date begins
    /// a new ladder.
    #[must_use]
    pub fn on_its_ladder(mut self, before: &Self, rules: &Rules) -> Self {
        let date = |complaint: &Self| complaint.due(rules).map(|due| (due.clock, due.due_on));
        if date(&self) != before.told_due().or_else(|| date(before)) {
            self.pace.rung = None;
        }
        self
    }
}
