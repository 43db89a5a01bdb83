//! How long a case may take: which clocks run on it, what holds and extends them, and when the product itself has to do
//! something with it.

mod clocks;
mod more_time;
mod supervision;
mod told;
mod wake;

use serde::{Deserialize, Serialize};

pub use self::{
    more_time::{Decision, Extension, Hold, LongerHold},
    supervision::{Missed, Supervision},
    wake::Wake,
};
use super::Complaint;
use crate::{
    clocks::{Rules, Rung, Told},
    ids::{ComplaintId, MemberId},
    time::{Day, Timestamp},
};

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
    /// By when the receipt said that the case would be decided.
    pub promised_on: Option<Day>,
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

impl Complaint {
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
}

#[cfg(test)]
mod tests;
