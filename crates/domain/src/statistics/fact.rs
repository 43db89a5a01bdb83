//! What a case counts as in figures, and sums of many.

use crate::{
    clocks::{self, Phase},
    codes::codes,
    complaints::{Channel, Complaint, Kind, State},
    ids::{CategoryId, UnitId},
    time::{MICROS_PER_DAY, Timestamp},
};

/// What a case counts as in figures: all that a figure can ask of it, and nothing by which it could be found again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Counted for inspectors only.
    pub is_sealed: bool,
    /// The unit that holds it.
    pub unit: UnitId,
    /// Its category.
    pub category: Option<CategoryId>,
    /// How it came in.
    pub channel: Channel,
    /// What is wanted.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// The month of receipt, such as `2026-03`.
    pub received: String,
    /// The month of the first answer.
    pub replied: Option<String>,
    /// The month in which the work ended.
    pub ended: Option<String>,
    /// From receipt to the first answer.
    pub reply_micros: Option<i64>,
    /// 5 to 1.
    pub rating: Option<i16>,
    /// Done again for a complainant who was not satisfied.
    pub is_redone: bool,
    /// The clock that runs, if one does.
    pub clock: Option<Clock>,
}

/// A clock as figures know it: two instants, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock {
    /// By when the case is due.
    pub due: i64,
    /// From when on it is due soon.
    pub soon: i64,
}

impl Clock {
    /// How a case stands against it.
    #[must_use]
    pub fn phase(self, now: Timestamp) -> Phase {
        let instant = |micros| Some(Timestamp::from_micros(micros));
        clocks::phase(instant(self.due), instant(self.soon), now)
    }
}

/// The month of an instant, in China.
#[must_use]
pub fn month(at: Timestamp) -> String {
    at.day().format("%Y-%m").to_string()
}

impl Fact {
    /// What a case counts as, with the clock that it was saved with.
    #[must_use]
    pub fn of(case: &Complaint, clock: Option<Clock>) -> Self {
        Self {
            is_sealed: case.is_sealed,
            unit: case.unit,
            category: case.category,
            channel: case.channel,
            kind: case.kind,
            state: case.state,
            received: month(case.received_at),
            replied: case.replied_at.map(month),
            ended: case.ended_at.map(month),
            reply_micros: case.reply_micros(),
            rating: case.rating.as_ref().map(|rating| rating.level),
            is_redone: case.redo.is_some(),
            clock,
        }
    }
}

codes! {
    /// What is counted, but for the states.
    Count {
        /// All.
        Cases = "cases",
        /// Answered at least once.
        Replied = "replied",
        /// First answered after more than 15 days.
        Over15 = "over_15",
        /// First answered after more than 60 days.
        Over60 = "over_60",
        /// Whose work has ended.
        Ended = "ended",
        /// Rated.
        Rated = "rated",
        /// Rated 3 and more.
        Satisfied = "satisfied",
        /// Done again.
        Redone = "redone",
        /// Of a month: first answered in it, whenever received.
        RepliedIn = "replied_in",
        /// Of a month: ended in it, whenever received.
        EndedIn = "ended_in",
    }
}

/// How many counts there are, states among them.
const COUNTS: usize = Count::ALL.len() + State::ALL.len();

/// Counts of many cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums([i64; COUNTS]);

impl Default for Sums {
    fn default() -> Self {
        Self([0; COUNTS])
    }
}

/// The least rating of who is satisfied.
pub const SATISFIED_FROM: i16 = 3;

const DAYS_15: i64 = 15 * MICROS_PER_DAY;
const DAYS_60: i64 = 60 * MICROS_PER_DAY;

impl Sums {
    /// What one case counts where it is counted by its receipt.
    #[must_use]
    pub fn of(fact: &Fact) -> Self {
        let mut sums = Self::default();
        let over = |limit: i64| fact.reply_micros.is_some_and(|micros| micros > limit);
        let counts = [
            (Count::Cases, true),
            (Count::Replied, fact.reply_micros.is_some()),
            (Count::Over15, over(DAYS_15)),
            (Count::Over60, over(DAYS_60)),
            (Count::Ended, fact.ended.is_some()),
            (Count::Rated, fact.rating.is_some()),
            (
                Count::Satisfied,
                fact.rating.is_some_and(|level| level >= SATISFIED_FROM),
            ),
            (Count::Redone, fact.is_redone),
        ];
        for (count, _) in counts.into_iter().filter(|(_, is_so)| *is_so) {
            sums.add_to(count, 1);
        }
        sums.add_state(fact.state, 1);
        sums
    }

    /// Adds to the number of a state.
    pub fn add_state(&mut self, state: State, number: i64) {
        let states = self.0.iter_mut().skip(Count::ALL.len());
        for (value, _) in states.zip(State::ALL).filter(|(_, known)| **known == state) {
            *value += number;
        }
    }

    /// Adds to the count at a place in the list of counts.
    pub(super) fn add_at(&mut self, place: usize, number: i64) {
        if let Some(value) = self.0.get_mut(place) {
            *value += number;
        }
    }

    /// Adds to one count.
    pub fn add_to(&mut self, count: Count, number: i64) {
        if let Some(value) = self.0.get_mut(place(Count::ALL, count)) {
            *value += number;
        }
    }

    /// Adds other counts so many times: -1 takes them away.
    pub fn add(&mut self, other: &Self, times: i64) {
        for (value, other) in self.0.iter_mut().zip(other.0) {
            *value += other * times;
        }
    }

    /// One count.
    #[must_use]
    pub fn get(&self, count: Count) -> i64 {
        self.0.get(place(Count::ALL, count)).copied().unwrap_or_default()
    }

    /// The states that there are, with their numbers.
    pub fn states(&self) -> impl Iterator<Item = (State, i64)> {
        let numbers = self.0.iter().skip(Count::ALL.len()).copied();
        State::ALL
            .iter()
            .copied()
            .zip(numbers)
            .filter(|(_, number)| *number != 0)
    }

    /// Whether nothing is counted.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|value| *value == 0)
    }
}

fn place<T: PartialEq>(all: &[T], one: T) -> usize {
    all.iter().position(|known| *known == one).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn fact() -> Fact {
        Fact {
            is_sealed: false,
            unit: UnitId(Uuid::from_u128(1)),
            category: None,
            channel: Channel::Web,
            kind: Kind::Grievance,
            state: State::Concluded,
            received: "2026-01".to_owned(),
            replied: Some("2026-02".to_owned()),
            ended: Some("2026-03".to_owned()),
            reply_micros: Some(15 * MICROS_PER_DAY + 1),
            rating: Some(2),
            is_redone: true,
            clock: None,
        }
    }

    #[test]
    fn a_case_counts_where_it_belongs_and_nowhere_else() {
        let sums = Sums::of(&fact());
        let counted: Vec<&str> = Count::ALL
            .iter()
            .filter(|count| sums.get(**count) == 1)
            .map(|count| count.code())
            .collect();
        assert_eq!(counted, ["cases", "replied", "over_15", "ended", "rated", "redone"]);
        assert_eq!(sums.states().collect::<Vec<_>>(), [(State::Concluded, 1)]);
    }

    #[test]
    fn exactly_fifteen_days_is_not_over_fifteen() {
        let in_time = Fact {
            reply_micros: Some(15 * MICROS_PER_DAY),
            rating: Some(3),
            ..fact()
        };
        let sums = Sums::of(&in_time);
        assert_eq!((sums.get(Count::Over15), sums.get(Count::Satisfied)), (0, 1));
    }

    #[test]
    fn what_is_added_can_be_taken_away() {
        let mut sums = Sums::default();
        sums.add(&Sums::of(&fact()), 1);
        assert!(!sums.is_zero());
        sums.add(&Sums::of(&fact()), -1);
        assert!(sums.is_zero());
    }
}
