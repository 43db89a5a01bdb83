//! What comes in by telephone, at the counter, on paper or by e-mail, and is typed in by a member.

use super::{file, mark_emergency, reason};
use crate::{
    complaints::{Filing, Step},
    error::{Invalid, Refusal},
    ids::{ComplaintId, RegionId, UnitId},
    time::Timestamp,
};

/// Days back that a case may have come in before it is typed in: a letter lies in a mailbox for a while.
pub const LATE_DAYS: i64 = 30;

/// When a case came in, and how urgent it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When; the clocks count from it.
    pub received_at: Timestamp,
    /// When it is typed in: earlier nobody at the unit could know of it.
    pub typed_at: Timestamp,
    /// Why somebody is in danger, if somebody is.
    pub emergency: Option<String>,
}

impl Arrival {
    /// Checks what was typed; without a time the case comes in now.
    ///
    /// # Errors
    /// A time that is to come or more than 30 days ago, a reason without words.
    pub fn parse(received_at: Option<Timestamp>, emergency: Option<&str>, now: Timestamp) -> Result<Self, Invalid> {
        let mut found = Invalid::default();
        let received_at = received_at.unwrap_or(now);
        let days = (now.day() - received_at.day()).num_days();
        if received_at > now || days > LATE_DAYS {
            found.take::<()>(Err(Invalid::one(
                "/received_at",
                "out_of_range",
                format!("收到时间不能晚于现在，也不能早于{LATE_DAYS}天前。"),
                format!("The time of receipt is not in the future and not more than {LATE_DAYS} days ago."),
            )));
        }
        let emergency = emergency.and_then(|raw| found.take(reason("/emergency_reason", raw)));
        found.finish()?;
        Ok(Self {
            received_at,
            typed_at: now,
            emergency,
        })
    }
}

/// A member types in what came in otherwise. It becomes the same case as if the complainant had filed it then.
///
/// # Errors
/// As [`mark_emergency`].
pub fn register(
    filing: Filing,
    arrival: Arrival,
    id: ComplaintId,
    region: RegionId,
    desk: UnitId,
    number: String,
) -> Result<Step, Refusal> {
    let mut step = file(filing, id, region, desk, number, arrival.received_at);
    step.next.pace.reached_at = Some(arrival.typed_at);
    if let Some(why) = arrival.emergency {
        let marked = mark_emergency(&step.next, &why)?;
        step.next = marked.next;
        step.events.extend(marked.events);
    }
    Ok(step)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        clocks::{Clock, Rules},
        complaints::{Channel, Event, Kind},
    };

    const NOW: Timestamp = Timestamp::from_micros(1_763_870_400_000_000);

    fn unit(n: u128) -> UnitId {
        UnitId(Uuid::from_u128(n))
    }

    fn days_ago(days: i64) -> Timestamp {
        NOW.plus_seconds(-days * 86_400)
    }

    fn registered(kind: Kind, channel: Channel, arrival: Arrival) -> Step {
        let filing = Filing::parse(kind, channel, "校车晚点", "连着三天晚到。", Some(unit(2)), None, true).unwrap();
        let id = ComplaintId(Uuid::from_u128(7));
        register(filing, arrival, id, unit(1), unit(2), "n".into()).unwrap()
    }

    fn pointers(outcome: Result<Arrival, Invalid>) -> Vec<String> {
        outcome.unwrap_err().0.into_iter().map(|error| error.pointer).collect()
    }

    #[test]
    fn a_letter_came_in_at_most_a_month_ago_and_never_tomorrow() {
        for good in [None, Some(NOW), Some(days_ago(LATE_DAYS))] {
            let arrival = Arrival::parse(good, None, NOW).unwrap();
            assert_eq!(arrival.received_at, good.unwrap_or(NOW));
        }
        for bad in [NOW.plus_seconds(1), days_ago(LATE_DAYS + 1)] {
            assert_eq!(pointers(Arrival::parse(Some(bad), None, NOW)), ["/received_at"]);
        }
        let both = Arrival::parse(Some(NOW.plus_seconds(1)), Some(" "), NOW);
        assert_eq!(pointers(both), ["/received_at", "/emergency_reason"]);
    }

    #[test]
    fn the_clocks_count_from_the_day_it_came_in_and_a_call_has_the_hotlines() {
        let rules = Rules::default();
        let arrival = Arrival::parse(Some(days_ago(3)), None, NOW).unwrap();
        let due = |channel| {
            registered(Kind::Grievance, channel, arrival.clone())
                .next
                .due(&rules)
                .unwrap()
        };
        let call = due(Channel::Phone);
        assert_eq!((call.clock, call.starts_on), (Clock::Hotline, days_ago(3).day()));
        let letter = due(Channel::Mailbox);
        assert_eq!((letter.clock, letter.starts_on), (Clock::Tell, days_ago(3).day()));
    }

    #[test]
    fn danger_is_marked_at_once_and_a_report_is_sealed_from_the_first_moment() {
        let arrival = Arrival::parse(None, Some("孩子被锁在车里"), NOW).unwrap();
        let step = registered(Kind::Report, Channel::Counter, arrival);
        assert!(step.next.is_sealed && step.next.is_emergency);
        assert_eq!(step.next.unit, unit(1));
        let codes: Vec<_> = step.events.iter().map(Event::code).collect();
        assert_eq!(codes, ["received", "accused_named", "emergency_marked"]);
    }
}
