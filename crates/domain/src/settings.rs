//! What a county may set: lengths of clocks, the ladder when late, holds, the time to rate. National law is a bound that
//! a setting may tighten but not loosen.

use serde::{Deserialize, Serialize};

use crate::{error::Invalid, ids::MemberId, time::Day};

/// Turns of duty, at most.
pub const DUTY_MAX: usize = 50;

/// When a member is on duty: told at once when somebody is in danger, whatever else happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyTurn {
    /// Who.
    pub member: MemberId,
    /// From this day on; always, if left out.
    pub from: Option<Day>,
    /// Up to and including this day; without end, if left out.
    pub to: Option<Day>,
}

impl DutyTurn {
    /// Whether the turn is on.
    #[must_use]
    pub fn is_on(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    fn check(&self, at: usize) -> Result<(), Invalid> {
        let is_backwards = self.from.zip(self.to).is_some_and(|(from, to)| to < from);
        if !is_backwards {
            return Ok(());
        }
        Err(Invalid::one(
            format!("/duty/{at}/to"),
            "wrong_order",
            "结束日期不能早于开始日期。",
            "The turn ends before it begins.",
        ))
    }
}

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident = $default:literal in $low:literal ..= $high:literal),+ $(,)?) => {
        /// A county's settings. Whatever is not set stands at its default.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Settings {
            $($(#[$doc])* pub $name: u32,)+
            /// Whether an end on a day off moves to the next working day (民法典 art. 203).
            pub rolls_forward: bool,
            /// Who is on duty, and when.
            pub duty: Vec<DutyTurn>,
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($name: $default,)+ rolls_forward: true, duty: Vec::new() }
            }
        }

        impl Settings {
            /// Name, default, least and greatest value of each number.
            pub const BOUNDS: &'static [(&'static str, u32, u32, u32)] =
                &[$((stringify!($name), $default, $low, $high)),+];

            /// Checks every number against its bounds, and those that belong together against each other.
            ///
            /// # Errors
            /// Every value that can't be taken.
            pub fn check(&self) -> Result<(), Invalid> {
                let mut found = Invalid::default();
                $(
                    if !($low..=$high).contains(&self.$name) {
                        found.take::<()>(Err(Invalid::one(
                            concat!("/", stringify!($name)),
                            "out_of_range",
                            format!("请填{}到{}之间的数。", $low, $high),
                            format!("Give a number from {} to {}.", $low, $high),
                        )));
                    }
                )+
                if !(self.yellow_card_day < self.red_card_day && self.red_card_day < self.circular_notice_day) {
                    found.take::<()>(Err(Invalid::one(
                        "/red_card_day",
                        "wrong_order",
                        "黄牌、红牌、通报的天数要依次递增。",
                        "Yellow card, red card and notice come one after the other.",
                    )));
                }
                if self.longest_hold_days < self.hold_days {
                    found.take::<()>(Err(Invalid::one(
                        "/longest_hold_days",
                        "wrong_order",
                        "经批准可以等待的天数不能少于不用批准的天数。",
                        "With the head's approval a case waits at least as long as without.",
                    )));
                }
                if self.duty.len() > DUTY_MAX {
                    found.take::<()>(Err(Invalid::one(
                        "/duty",
                        "too_many",
                        format!("最多{DUTY_MAX}项值班安排。"),
                        format!("At most {DUTY_MAX} turns of duty."),
                    )));
                }
                for (at, turn) in self.duty.iter().enumerate() {
                    found.take(turn.check(at));
                }
                found.finish()
            }
        }
    };
}

settings! {
    /// Days to say whether a case is taken (信访工作条例 art. 22, 23: at most 15).
    tell_days = 15 in 1..=15,
    /// Days to decide after acceptance (art. 34: at most 60).
    decide_days = 60 in 1..=60,
    /// Days that the head may add to it, once (art. 34: at most 30).
    decide_extension_days = 30 in 0..=30,
    /// Working days for a hotline order (local rules).
    hotline_days = 5 in 1..=15,
    /// Working days that the head may add to it, once.
    hotline_extension_days = 5 in 0..=15,
    /// Working days to answer an inquiry (practice).
    inquiry_days = 5 in 1..=15,
    /// Working days to answer a suggestion (practice).
    suggestion_days = 15 in 1..=60,
    /// Working days to do it again for a complainant who is not satisfied (practice: 5 to 15).
    redo_days = 15 in 1..=15,
    /// Working days in which a unit may object to a wrong dispatch (art. 23: 5).
    object_days = 5 in 1..=5,
    /// Days in all for which the clock may be held while the complainant is asked; more with the head's approval.
    hold_days = 10 in 1..=30,
    /// Days in all for which it may be held with the head's approval, however often that is asked for.
    longest_hold_days = 30 in 1..=90,
    /// Days after the answer in which it can be rated or asked to be done again.
    rating_days = 15 in 5..=60,
    /// Share of the time, in percent, that is left when a case becomes due soon.
    due_soon_percent = 20 in 5..=50,
    /// On which day late the yellow card is given.
    yellow_card_day = 1 in 1..=30,
    /// On which day late the red card is given.
    red_card_day = 7 in 2..=60,
    /// On which day late a circular notice is proposed.
    circular_notice_day = 15 in 3..=90,
    /// Working days after which a supervisor wants the next report, unless they say otherwise; 0 for none at intervals.
    supervision_report_days = 5 in 0..=30,
    /// Working days in which a unit may appeal a card.
    appeal_days = 5 in 1..=15,
    /// Days after the end of a case after which its contact data are erased (PIPL art. 19, 47: no longer than needed).
    identity_days = 180 in 30..=1095,
    /// The same for complainants under 14; never longer than for others.
    minor_identity_days = 90 in 30..=365,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_within_their_bounds() {
        Settings::default().check().unwrap();
        for (name, default, low, high) in Settings::BOUNDS {
            assert!(low <= default && default <= high, "{name}");
        }
    }

    #[test]
    fn law_may_be_tightened_and_not_loosened() {
        let tighter = Settings {
            decide_days: 30,
            tell_days: 7,
            ..Settings::default()
        };
        tighter.check().unwrap();
        let looser = Settings {
            decide_days: 61,
            tell_days: 16,
            decide_extension_days: 31,
            ..Settings::default()
        };
        let pointers: Vec<String> = looser.check().unwrap_err().0.into_iter().map(|f| f.pointer).collect();
        assert_eq!(pointers, ["/tell_days", "/decide_days", "/decide_extension_days"]);
    }

    #[test]
    fn the_ladder_goes_upwards() {
        let down = Settings {
            yellow_card_day: 7,
            ..Settings::default()
        };
        assert_eq!(down.check().unwrap_err().0.first().unwrap().code, "wrong_order");
    }

    #[test]
    fn a_turn_of_duty_lasts_from_its_first_to_its_last_day() {
        let day = |text: &str| text.parse().unwrap();
        let member = MemberId(uuid::Uuid::from_u128(1));
        let turn = |from: Option<&str>, to: Option<&str>| DutyTurn {
            member,
            from: from.map(day),
            to: to.map(day),
        };
        let week = turn(Some("2026-11-23"), Some("2026-11-29"));
        let on = ["2026-11-22", "2026-11-23", "2026-11-29", "2026-11-30"].map(|text| week.is_on(day(text)));
        assert_eq!(on, [false, true, true, false]);
        assert!(turn(None, None).is_on(day("2026-11-23")));
        let settings = Settings {
            duty: vec![week, turn(Some("2026-11-30"), Some("2026-11-29"))],
            ..Settings::default()
        };
        assert_eq!(settings.check().unwrap_err().0.first().unwrap().pointer, "/duty/1/to");
        let crowd = Settings {
            duty: vec![turn(None, None); DUTY_MAX + 1],
            ..Settings::default()
        };
        assert_eq!(crowd.check().unwrap_err().0.first().unwrap().code, "too_many");
    }

    #[test]
    fn what_an_older_version_kept_is_read() {
        let settings: Settings = serde_json::from_str(r#"{"hold_days": 5}"#).unwrap();
        assert_eq!(
            settings,
            Settings {
                hold_days: 5,
                ..Settings::default()
            }
        );
    }
}
