//! What gives a case more time: holds while the complainant is asked, and extensions that a head has granted.

use serde::{Deserialize, Serialize};

use crate::{
    actor::Doer,
    clocks::{Clock, HeldDays, Rules},
    complaints::Complaint,
    ids::MemberId,
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
    pub(super) fn days(&self) -> HeldDays {
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

impl Complaint {
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
}
