//! Passwords: what a new one must be and how long it may stay, by one of two profiles. Law and research disagree, so the
//! choice is the customer's: GB/T 22239 (8.1.4.1 a) wants complexity and change at intervals, NIST SP 800-63B wants length
//! and a list of what is guessed first, and no change without a cause.

use crate::{codes::codes, error::Invalid, text, time::Timestamp};

codes! {
    /// Which rules passwords follow.
    PasswordProfile {
        /// Complexity and change at intervals, by GB/T 22239-2019 8.1.4.1 a).
        Mlps = "mlps",
        /// Length, and no change without a cause, by NIST SP 800-63B-4, 3.1.1.
        Nist = "nist",
    }
}

/// Characters, at most.
pub const LONGEST: u16 = 200;

/// Earlier passwords that a new one must differ from, beside the one in use, where passwords change at intervals.
pub const REMEMBERED: u16 = 3;

/// Days before the end of a password in which its owner is told.
pub const TOLD_DAYS: i64 = 14;

const DAY_SECONDS: i64 = 86_400;

/// Words that a password may not be made of, beside its owner's own: they are guessed first.
const BLOCKED: [&str; 12] = [
    "liangnuo",
    "亮诺",
    "password",
    "密码",
    "12345678",
    "qwerty",
    "abcdefgh",
    "教育局",
    "创先争优",
    "woaini",
    "5201314",
    "1314520",
];

/// What is known of whoever chooses a password.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// What they type to sign in.
    pub login: &'a str,
    /// The password does not stand alone.
    pub has_second_factor: bool,
}

/// The rules of a profile, for the page on which a password is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Characters, at least.
    pub shortest: u16,
    /// Characters, at least, of somebody with a second factor.
    pub shortest_with_second_factor: u16,
    /// Kinds of characters, at least: small letters, capital letters, digits, signs, letters of other scripts.
    pub kinds: u16,
    /// Days for which it is good.
    pub days: Option<i64>,
    /// Earlier passwords that it must differ from, the one in use among them.
    pub differs_from: u16,
}

impl PasswordProfile {
    /// Its rules.
    #[must_use]
    pub const fn rules(self) -> Rules {
        match self {
            Self::Mlps => Rules {
                shortest: 10,
                shortest_with_second_factor: 10,
                kinds: 3,
                days: Some(90),
                differs_from: REMEMBERED + 1,
            },
            Self::Nist => Rules {
                shortest: 15,
                shortest_with_second_factor: 8,
                kinds: 1,
                days: None,
                differs_from: 1,
            },
        }
    }

    /// Checks a new password.
    ///
    /// # Errors
    /// Too short, too long, of too few kinds of characters, or made of what is guessed first.
    pub fn check(self, pointer: &str, password: &str, owner: Owner<'_>) -> Result<(), Invalid> {
        let rules = self.rules();
        let shortest = if owner.has_second_factor {
            rules.shortest_with_second_factor
        } else {
            rules.shortest
        };
        let length = u16::try_from(password.chars().count()).unwrap_or(u16::MAX);
        if !(shortest..=LONGEST).contains(&length) {
            return Err(Invalid::one(
                pointer,
                if length < shortest { "too_short" } else { "too_long" },
                format!("密码要有{shortest}到{LONGEST}个字符，可以是一句话。"),
                format!("A password has {shortest} to {LONGEST} characters; a sentence is fine."),
            ));
        }
        if kinds_in(password) < rules.kinds {
            return Err(Invalid::one(
                pointer,
                "too_uniform",
                format!("大写字母、小写字母、数字、符号、汉字，至少要有其中{}种。", rules.kinds),
                format!(
                    "Use at least {} of these: capital letters, small letters, digits, signs, Chinese characters.",
                    rules.kinds
                ),
            ));
        }
        if is_made_of_names(password, owner.login) {
            return Err(guessable(pointer));
        }
        Ok(())
    }

    /// When a password must be changed; never, if no time is set for it.
    #[must_use]
    pub fn due_at(self, changed_at: Timestamp) -> Option<Timestamp> {
        let days = self.rules().days?;
        Some(changed_at.plus_seconds(days * DAY_SECONDS))
    }

    /// Whether a password must be changed now.
    #[must_use]
    pub fn is_due(self, changed_at: Timestamp, now: Timestamp) -> bool {
        self.due_at(changed_at).is_some_and(|due| due <= now)
    }

    /// Whether the password of somebody whose second factor is taken away must be changed: it was allowed to be shorter.
    #[must_use]
    pub const fn leans_on_second_factor(self) -> bool {
        let rules = self.rules();
        rules.shortest_with_second_factor < rules.shortest
    }
}

/// Of how many kinds its characters are.
fn kinds_in(password: &str) -> u16 {
    let kind = |sign: char| {
        if sign.is_ascii_lowercase() {
            0
        } else if sign.is_ascii_uppercase() {
            1
        } else if sign.is_numeric() {
            2
        } else if sign.is_alphabetic() {
            3
        } else {
            4
        }
    };
    let mut found: Vec<u8> = password.chars().map(kind).collect();
    found.sort_unstable();
    found.dedup();
    u16::try_from(found.len()).unwrap_or(u16::MAX)
}

fn is_made_of_names(password: &str, login: &str) -> bool {
    let folded = text::fold(password);
    let login = text::fold(login.trim());
    BLOCKED.iter().any(|word| folded.contains(word)) || (login.chars().count() >= 4 && folded.contains(&login))
}

/// A password that is guessed early.
#[must_use]
pub fn guessable(pointer: &str) -> Invalid {
    Invalid::one(
        pointer,
        "guessable",
        "这个密码容易被猜到，请不要用账号、单位、平台名称、常用词或重复的字符。",
        "This password is easy to guess. Avoid the login, names of units or of this platform, usual words, and repeated \
         characters.",
    )
}

/// A password that was used before.
#[must_use]
pub fn used_before(pointer: &str) -> Invalid {
    Invalid::one(
        pointer,
        "used_before",
        "这个密码您最近用过，请换一个新的。",
        "You have used this password lately. Choose another one.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_795_395_600_000_000);

    fn code(profile: PasswordProfile, password: &str, has_second_factor: bool) -> Option<String> {
        let owner = Owner {
            login: "zhoumin",
            has_second_factor,
        };
        let found = profile.check("/p", password, owner).err()?;
        found.0.into_iter().next().map(|first| first.code.to_owned())
    }

    #[test]
    fn one_profile_asks_for_kinds_and_the_other_for_length() {
        use PasswordProfile::{Mlps, Nist};
        for (profile, second, password, expected) in [
            (Mlps, false, "桥头第2家，老井", Some("too_short")),
            (Mlps, false, "桥头第2家铺子，老井", None),
            (Mlps, false, "桥头第二家铺子后面的那口老井", Some("too_uniform")),
            (Mlps, true, "Qt2-laojin", None),
            (Mlps, false, "zhoumin-2026-ABC", Some("guessable")),
            (Mlps, false, "Liangnuo-2026-x", Some("guessable")),
            (Nist, false, "桥头第二家铺子后面的那口老井", Some("too_short")),
            (Nist, false, "桥头第二家铺子后面的那口老水井", None),
            (Nist, true, "桥头第二家铺子", Some("too_short")),
            (Nist, true, "桥头第二家铺子后", None),
        ] {
            assert_eq!(
                code(profile, password, second).as_deref(),
                expected,
                "{profile:?} {password}"
            );
        }
        assert_eq!(code(Nist, &"长".repeat(201), false).as_deref(), Some("too_long"));
    }

    #[test]
    fn a_password_is_due_on_its_day_or_never() {
        let ninety = NOW.plus_seconds(-90 * DAY_SECONDS);
        assert!(PasswordProfile::Mlps.is_due(ninety, NOW));
        assert!(!PasswordProfile::Mlps.is_due(ninety.plus_seconds(1), NOW));
        assert!(!PasswordProfile::Nist.is_due(Timestamp::from_micros(0), NOW));
        assert!(PasswordProfile::Nist.leans_on_second_factor());
        assert!(!PasswordProfile::Mlps.leans_on_second_factor());
    }
}
