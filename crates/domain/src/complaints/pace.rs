//! How long a case may take: which clocks run on it, what holds and extends them, and when the product itself has to do
//! something with it.

use chrono::Days;
use serde::{Deserialize, Serialize};

use super::{Complaint, Event, Kind, State};
use crate::{
    actor::Doer,
    calendar::next,
    clocks::{Clock, Due, HeldDays, Rules, Run, Rung, Told},
    codes::codes,
    ids::{ComplaintId, MemberId},
    time::{Day, Timestamp},
};

/// A time in which the complainant was asked and the clock held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// When it began; that day still counts.
    pub from: Timestamp,
    /// The last day of it, at the latest.
    pub until: Day,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Who asked.
    pub by: MemberId,
}

impl Hold {
    fn days(&self) -> HeldDays {
        let ended = self.ended_at.map(Timestamp::day);
        HeldDays {
            from: self.from.day(),
            until: ended.map_or(self.until, |day| day.min(self.until)),
        }
    }

    /// How many days it lasted, or will last.
    #[must_use]
    pub fn length(&self) -> u32 {
        let HeldDays { from, until } = self.days();
        u32::try_from((until - from).num_days()).unwrap_or(0)
    }
}

/// What became of a request for more time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who decided.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
    /// Given or not.
    pub is_granted: bool,
}

/// More time for a clock: asked for, and decided by somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Which clock.
    pub clock: Clock,
    /// How much, in what the clock counts.
    pub days: u32,
    /// Why; the complainant is told.
    pub reason: String,
    /// Who asked.
    pub asked_by: MemberId,
    /// Whose deputy that member was in asking.
    #[serde(default)]
    pub asked_for: Option<MemberId>,
    /// When.
    pub asked_at: Timestamp,
    /// What became of it.
    pub decision: Option<Decision>,
}

impl Extension {
    /// Whose work the request is.
    #[must_use]
    pub const fn asker(&self) -> Doer {
        Doer {
            member: self.asked_by,
            acting_for: self.asked_for,
        }
    }

    /// Whether it counts.
    #[must_use]
    pub fn is_granted(&self) -> bool {
        self.decision.as_ref().is_some_and(|decision| decision.is_granted)
    }
}

/// More days of waiting for the complainant than a county gives by itself: asked for, and decided by somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LongerHold {
    /// How many.
    pub days: u32,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub asked_by: MemberId,
    /// Whose deputy that member was in asking.
    #[serde(default)]
    pub asked_for: Option<MemberId>,
    /// When.
    pub asked_at: Timestamp,
    /// What became of it.
    pub decision: Option<Decision>,
}

impl LongerHold {
    /// Whose work the request is.
    #[must_use]
    pub const fn asker(&self) -> Doer {
        Doer {
            member: self.asked_by,
            acting_for: self.asked_for,
        }
    }

    /// Whether it counts.
    #[must_use]
    pub fn is_granted(&self) -> bool {
        self.decision.as_ref().is_some_and(|decision| decision.is_granted)
    }
}

/// The strictest date among the cases that are answered with one: theirs binds it, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Along {
    /// Whose date it is.
    pub complaint: ComplaintId,
    /// The day of the event that started its clock.
    pub starts_on: Day,
    /// The last day.
    pub due_on: Day,
}

/// What held, extended or bound the clocks of a case. Kept as one document: nothing of it is ever looked for alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pace {
    /// When the complainant was asked.
    pub holds: Vec<Hold>,
    /// More time.
    pub extensions: Vec<Extension>,
    /// More days of waiting.
    pub longer_holds: Vec<LongerHold>,
    /// When the unit got it, where it was typed in later than it came in.
    pub reached_at: Option<Timestamp>,
    /// The dates that the complainant was told.
    pub told_dates: Vec<Told>,
    /// Until when they were told that the answer can be rated.
    pub rating_told: Option<RatingTold>,
    /// The highest rung of the ladder that was reached for the present date.
    pub rung: Option<Rung>,
    /// Who has been told that the report which is due now is missing.
    pub report_missed: Option<Missed>,
    /// The date of the cases that are answered with this one.
    pub along: Option<Along>,
}

/// Until when an answer can be rated, as the complainant was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingTold {
    /// The day of the answer.
    pub replied_on: Day,
    /// The last day.
    pub until: Day,
}

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

/// The complainant was not satisfied, and the case is done again, once, by somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redo {
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Why.
    pub reason: String,
    /// Who wrote the answer that did not satisfy: not this member again.
    pub not_by: Option<MemberId>,
}

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
    /// The clocks that run now, the strictest first: that one binds.
    #[must_use]
    pub fn dues(&self, rules: &Rules) -> Vec<Due> {
        let held = self.held();
        let runs = self.runs(&held);
        let mut dues: Vec<Due> = runs.into_iter().map(|run| Due::compute(rules, run)).collect();
        dues.sort_by_key(|due| due.due_on);
        dues
    }

    fn held(&self) -> Vec<HeldDays> {
        self.pace.holds.iter().map(Hold::days).collect()
    }

    /// What the clocks run on that run now.
    fn runs<'a>(&'a self, held: &'a [HeldDays]) -> Vec<Run<'a>> {
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

    /// The last day for the next report to the supervisor, where one is wanted.
    #[must_use]
    pub fn report_due_on(&self, rules: &Rules) -> Option<Day> {
        self.supervision.as_ref()?.report_due_on(rules)
    }

    /// When it is said that a report is missing, and to whom.
    fn report_missed_at(&self, missed: Missed, rules: &Rules) -> Option<Timestamp> {
        let due_on = self.report_due_on(rules)?;
        let late_by = match missed {
            Missed::ToHandler => 0,
            Missed::ToSupervisor => 1,
        };
        Some(Timestamp::start_of(next(
            rules.calendar.add_working_days(due_on, late_by),
        )))
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

    /// The hold that is on, if one is.
    #[must_use]
    pub fn open_hold(&self) -> Option<&Hold> {
        self.pace.holds.last().filter(|hold| hold.ended_at.is_none())
    }

    /// The request for more time that waits for a decision.
    #[must_use]
    pub fn open_extension(&self) -> Option<&Extension> {
        self.pace
            .extensions
            .last()
            .filter(|extension| extension.decision.is_none())
    }

    /// The request for more days of waiting that waits for a decision.
    #[must_use]
    pub fn open_longer_hold(&self) -> Option<&LongerHold> {
        self.pace.longer_holds.last().filter(|longer| longer.decision.is_none())
    }

    /// Days in all for which the complainant may be asked: those that the county gives, and those that a head has added.
    #[must_use]
    pub fn hold_days(&self, rules: &Rules) -> u32 {
        let granted = self.pace.longer_holds.iter().filter(|longer| longer.is_granted());
        let days = rules.settings.hold_days + granted.map(|longer| longer.days).sum::<u32>();
        days.min(rules.settings.longest_hold_days)
    }

    /// Days of them that are left.
    #[must_use]
    pub fn hold_days_left(&self, rules: &Rules) -> u32 {
        let used: u32 = self.pace.holds.iter().map(Hold::length).sum();
        self.hold_days(rules).saturating_sub(used)
    }

    /// When the unit that holds the case got it: from a dispatch, or as it came in.
    #[must_use]
    pub fn reached_at(&self) -> Timestamp {
        let came = self.pace.reached_at.unwrap_or(self.received_at);
        self.assigned_at.unwrap_or(came)
    }

    /// The last day on which the answer can be rated or asked to be done again; none earlier than was told.
    #[must_use]
    pub fn rating_ends_on(&self, rules: &Rules) -> Option<Day> {
        let replied_on = self.last_replied_at?.day();
        let day = rules.last_day(replied_on, rules.settings.rating_days);
        let told = self.pace.rating_told.filter(|told| told.replied_on == replied_on);
        Some(told.map_or(day, |told| told.until.max(day)))
    }

    /// The last instant at which the answer can be rated or asked to be done again.
    #[must_use]
    pub fn rating_ends_at(&self, rules: &Rules) -> Option<Timestamp> {
        self.rating_ends_on(rules).map(Timestamp::end_of)
    }

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
    pub(super) fn told_due(&self) -> Option<(Clock, Day)> {
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

    /// Whether a step leaves the date that binds as it is.
    #[must_use]
    pub fn is_due_as(&self, before: &Self, rules: &Rules) -> bool {
        let date = |complaint: &Self| complaint.due(rules).map(|due| (due.clock, due.due_on));
        date(self) == date(before)
    }

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

#[cfg(test)]
#[path = "pace_tests.rs"]
mod tests;
