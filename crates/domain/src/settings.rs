//! What a county may set: lengths of clocks, the ladder when late, holds, the time to rate. National law is a bound that
//! a setting may tighten but not loosen.

use serde::{Deserialize, Serialize};

use crate::error::Invalid;

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident = $default:literal in $low:literal ..= $high:literal),+ $(,)?) => {
        /// A county's settings. Whatever is not set stands at its default.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Settings {
            $($(#[$doc])* pub $name: u32,)+
            /// Whether an end on a day off moves to the next working day (民法典 art. 203).
            pub rolls_forward: bool,
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($name: $default,)+ rolls_forward: true }
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
