//! How long a case may take: which clocks run on it, what holds and extends them, and when the product itself has to do
//! something with it.

use chrono::Days;
use serde::{Deserialize, Serialize};

use super::{Complaint, Kind, State};
use crate::{
    clocks::{Clock, Due, HeldDays, Rules, Run, Rung, Told},
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
    /// When.
    pub asked_at: Timestamp,
    /// What became of it.
    pub decision: Option<Decision>,
}

impl Extension {
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
    /// A date that the complainant was told and that a calendar would have moved to an earlier one.
    pub told: Option<Told>,
    /// The highest rung of the ladder that was reached for the present date.
    pub rung: Option<Rung>,
    /// The date of the cases that are answered with this one.
    pub along: Option<Along>,
}

/// A leader has the case under supervision (督办).
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
}

impl Complaint {
    /// The clocks that run now, the strictest first: that one binds.
    #[must_use]
    pub fn dues(&self, rules: &Rules) -> Vec<Due> {
        if !self.state.has_dates() {
            return Vec::new();
        }
        let held: Vec<HeldDays> = self.pace.holds.iter().map(Hold::days).collect();
        let mut dues: Vec<Due> = self
            .running()
            .into_iter()
            .map(|(clock, starts_on, fixed_on)| {
                let extension = self.pace.extensions.iter().find(|e| e.clock == clock && e.is_granted());
                Due::compute(
                    rules,
                    Run {
                        clock,
                        starts_on,
                        fixed_on,
                        held: &held,
                        extended_by: extension.map_or(0, |extension| extension.days),
                        told: self.pace.told,
                    },
                )
            })
            .collect();
        dues.sort_by_key(|due| due.due_on);
        dues
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
        {
            clocks.push((Clock::Supervision, since.day(), Some(*due_on)));
        }
        if let Some(along) = &self.pace.along {
            clocks.push((Clock::Duplicate, along.starts_on, Some(along.due_on)));
        }
        clocks
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

    /// The last instant at which the answer can be rated or asked to be done again.
    #[must_use]
    pub fn rating_ends_at(&self, rules: &Rules) -> Option<Timestamp> {
        let at = self.last_replied_at?;
        Some(at.plus_seconds(i64::from(rules.settings.rating_days) * 86_400))
    }

    /// The same with what the ladder says of it, after a step that may have moved its date: a new date begins a new
    /// ladder.
    #[must_use]
    pub fn on_its_ladder(mut self, before: &Self, rules: &Rules) -> Self {
        let date = |complaint: &Self| complaint.due(rules).map(|due| (due.clock, due.due_on));
        if date(&self) != date(before) {
            self.pace.rung = None;
        }
        self
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
        [hold, rating, rung].into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    /// What the product has to do with the case at `now`: of several rungs, the highest.
    #[must_use]
    pub fn wake(&self, rules: &Rules, now: Timestamp) -> Option<Wake> {
        let (_, wake) = self.next_wake(rules).filter(|(at, _)| *at <= now)?;
        let Wake::Remind(_) = wake else { return Some(wake) };
        let due = self.due(rules)?;
        let reached = Rung::ALL.iter().rev().find(|rung| due.rung_at(**rung, rules) <= now)?;
        Some(Wake::Remind(*reached))
    }
}
