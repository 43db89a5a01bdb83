//! The second factor: codes of six digits that a device of the member's shows, another one every thirty seconds (RFC 6238),
//! and codes on paper for the day on which that device is lost. And the step-up: what needs somebody who has just shown
//! again who they are, and not only a session that lies open.

use crate::{
    actor::{Doer, Role},
    codes::codes,
    error::{Invalid, Message, Refusal},
    ids::MemberId,
    members::{self, Member},
    time::Timestamp,
};

codes! {
    /// Who must have a second factor.
    Rule {
        /// Whoever holds one of [`LEADERS`], be it as a deputy.
        Leaders = "leaders",
        /// Everybody who signs in.
        Everybody = "everybody",
        /// Nobody; whoever wants one has one.
        Nobody = "nobody",
    }
}

/// The roles that nobody holds with a password alone: those that decide for a unit or for the county, that see what is
/// sealed, and that keep the system, its accounts and its log.
pub const LEADERS: &[Role] = &[
    Role::UnitHead,
    Role::Leader,
    Role::CampaignOffice,
    Role::Inspector,
    Role::Admin,
    Role::SecurityAdmin,
    Role::AuditAdmin,
];

impl Rule {
    /// Whether somebody with these roles must have a second factor.
    #[must_use]
    pub fn demands(self, roles: impl IntoIterator<Item = Role>) -> bool {
        match self {
            Self::Leaders => roles.into_iter().any(|role| LEADERS.contains(&role)),
            Self::Everybody => true,
            Self::Nobody => false,
        }
    }
}

/// Seconds of a step.
const STEP_SECONDS: i64 = 30;

/// Seconds between a right password and the code that completes the log-in.
pub const TICKET_SECONDS: i64 = 300;

/// Seconds between the beginning of an enrolment and its first code.
pub const ENROLMENT_SECONDS: i64 = 900;

/// Seconds for which somebody counts as having just shown who they are.
pub const CONFIRMATION_SECONDS: i64 = 900;

/// Recovery codes that are made at a time.
pub const RECOVERY_CODES: usize = 10;

/// Characters of a recovery code: 50 bits.
pub const RECOVERY_CODE_LENGTH: usize = 10;

/// What recovery codes are written in: no letter or digit that is taken for another one. 32 of them, five bits each.
pub const RECOVERY_ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// The step that an instant lies in.
#[must_use]
pub const fn step_at(now: Timestamp) -> i64 {
    now.micros().div_euclid(1_000_000 * STEP_SECONDS)
}

/// The steps whose codes are taken at an instant: clocks of telephones are late or early, and typing takes its time.
#[must_use]
pub const fn steps_at(now: Timestamp) -> [i64; 3] {
    let step = step_at(now);
    [step - 1, step, step + 1]
}

/// Until when a confirmation counts.
#[must_use]
pub fn confirmed_until(confirmed_at: Timestamp) -> Timestamp {
    confirmed_at.plus_seconds(CONFIRMATION_SECONDS)
}

/// Whether a confirmation still counts. One that lies ahead does: the clocks of two processes differ.
#[must_use]
pub fn is_confirmed(confirmed_at: Timestamp, now: Timestamp) -> bool {
    now < confirmed_until(confirmed_at)
}

/// A code as it is compared: six digits, whatever blanks somebody typed between them.
///
/// # Errors
/// Anything else.
pub fn parse_code(pointer: &str, code: &str) -> Result<u32, Invalid> {
    let digits: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
    let is_code = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let wrong = || Invalid::one(pointer, "unexpected", "验证码是6位数字。", "A code has six digits.");
    if is_code {
        digits.parse().map_err(|_unlikely| wrong())
    } else {
        Err(wrong())
    }
}

/// A recovery code as it is compared: without blanks and hyphens, in small letters.
///
/// # Errors
/// What no recovery code looks like.
pub fn parse_recovery_code(pointer: &str, code: &str) -> Result<String, Invalid> {
    let folded: String = code
        .chars()
        .filter(|sign| !sign.is_whitespace() && *sign != '-')
        .flat_map(char::to_lowercase)
        .collect();
    let is_one = folded.len() == RECOVERY_CODE_LENGTH && folded.bytes().all(|byte| RECOVERY_ALPHABET.contains(&byte));
    if is_one {
        return Ok(folded);
    }
    Err(Invalid::one(
        pointer,
        "unexpected",
        "恢复码是10个字母和数字。",
        "A recovery code has ten letters and digits.",
    ))
}

/// Turns one's own second factor off.
///
/// # Errors
/// Where one must have one; where there is none.
pub fn turn_off(has_one: bool, is_mandatory: bool) -> Result<(), Refusal> {
    must_be_there(has_one)?;
    if is_mandatory {
        return Err(Refusal::NotReady(Message::new(
            "您的角色必须用两步验证，不能关闭；换手机请重新绑定。",
            "Your role needs a second factor, so it can't be turned off. For another phone, set it up anew.",
        )));
    }
    Ok(())
}

/// Takes somebody else's second factor away: their telephone is lost, and so are their recovery codes.
///
/// # Errors
/// A closed record; one's own account, or that of the one whose deputy one is in doing this; no second factor to remove.
pub fn remove(member: &Member, by: Doer, has_one: bool) -> Result<(), Refusal> {
    members::open(member)?;
    crate::accounts::must_be_another(member.id, by)?;
    must_be_there(has_one)
}

/// Whether somebody could remove the second factor of a member, if there is one.
#[must_use]
pub fn is_for(member: MemberId, by: Doer) -> bool {
    crate::accounts::must_be_another(member, by).is_ok()
}

/// Asks for a second factor that is in use.
///
/// # Errors
/// [`Refusal::WrongState`].
pub fn must_be_there(has_one: bool) -> Result<(), Refusal> {
    if has_one {
        return Ok(());
    }
    Err(Refusal::WrongState {
        is: "not_enrolled",
        wanted: vec!["enrolled"],
    })
}

/// Asks for an enrolment that was begun and has not run out.
///
/// # Errors
/// [`Refusal::NotReady`].
pub fn must_be_begun(begun_at: Option<Timestamp>, now: Timestamp) -> Result<(), Refusal> {
    if begun_at.is_some_and(|at| now < at.plus_seconds(ENROLMENT_SECONDS)) {
        return Ok(());
    }
    Err(Refusal::NotReady(Message::new(
        "请先开始绑定，再输入新的验证码。",
        "Begin first, then enter a code of the new entry.",
    )))
}

codes! {
    /// What the owner of an account is told that somebody else did to it.
    AccountNotice {
        /// Another password was set by a link.
        PasswordReset = "password_reset",
        /// The second factor was taken away.
        SecondFactorRemoved = "second_factor_removed",
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        ids::UnitId,
        members::{MemberFields, PublicCard},
    };

    const NOW: Timestamp = Timestamp::from_micros(1_795_395_600_000_000);

    #[test]
    fn unit_heads_and_whoever_stands_above_or_keeps_the_system_must_have_one() {
        // Exhaustive: whoever adds a role decides here.
        for role in Role::ALL {
            let expected = match role {
                Role::Member | Role::Handler | Role::Supervisor | Role::Integrator => false,
                Role::UnitHead
                | Role::Leader
                | Role::CampaignOffice
                | Role::Inspector
                | Role::Admin
                | Role::SecurityAdmin
                | Role::AuditAdmin => true,
            };
            assert_eq!(Rule::Leaders.demands([Role::Member, role]), expected, "{role:?}");
            assert!(Rule::Everybody.demands([role]));
            assert!(!Rule::Nobody.demands([role]));
        }
    }

    #[test]
    fn a_step_has_thirty_seconds_and_one_on_either_side_is_taken() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        assert_eq!([step_at(at(59)), step_at(at(60)), step_at(at(89))], [1, 2, 2]);
        assert_eq!(steps_at(at(60)), [1, 2, 3]);
    }

    #[test]
    fn a_confirmation_counts_for_a_quarter_of_an_hour() {
        assert!(is_confirmed(NOW, NOW.plus_seconds(899)));
        assert!(!is_confirmed(NOW, NOW.plus_seconds(900)));
        assert!(is_confirmed(NOW.plus_seconds(3), NOW));
    }

    #[test]
    fn codes_are_taken_as_people_type_them() {
        assert_eq!(parse_code("/code", " 012 345 "), Ok(12_345));
        for wrong in ["", "12345", "1234567", "12345a", "１２３４５６", "+12345"] {
            assert_eq!(
                parse_code("/code", wrong).unwrap_err().0[0].code,
                "unexpected",
                "{wrong}"
            );
        }
        assert_eq!(parse_recovery_code("/c", " ABCDE-fgh23 ").unwrap(), "abcdefgh23");
        for wrong in ["", "abcde-fgh2", "abcde-fgh234", "abcde-fghi1", "咬abcdefg"] {
            assert!(parse_recovery_code("/c", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_alphabet_has_no_sign_twice_and_none_that_looks_like_another() {
        let signs: std::collections::BTreeSet<u8> = RECOVERY_ALPHABET.iter().copied().collect();
        assert_eq!(signs.len(), 32);
        assert!(b"1ilo".iter().all(|sign| !signs.contains(sign)));
    }

    #[test]
    fn it_is_turned_off_where_it_is_there_and_nobody_demands_it() {
        assert_eq!(turn_off(true, false), Ok(()));
        assert_eq!(turn_off(true, true).unwrap_err().code(), "not_ready");
        assert_eq!(turn_off(false, false).unwrap_err().code(), "wrong_state");
    }

    #[test]
    fn it_is_removed_by_somebody_else() {
        let id = |n| MemberId(Uuid::from_u128(n));
        let member = Member {
            id: id(2),
            region: UnitId(Uuid::nil()),
            unit: UnitId(Uuid::nil()),
            fields: MemberFields::default(),
            card: PublicCard::default(),
            closed_at: None,
            version: 1,
        };
        let deputy = Doer {
            member: id(3),
            acting_for: Some(id(2)),
        };
        assert_eq!(remove(&member, Doer::own(id(1)), true), Ok(()));
        assert_eq!(
            remove(&member, Doer::own(id(1)), false).unwrap_err().code(),
            "wrong_state"
        );
        assert_eq!(remove(&member, Doer::own(id(2)), true), Err(Refusal::OwnAccount));
        assert_eq!(remove(&member, deputy, true), Err(Refusal::OwnAccount));
        assert!(is_for(id(2), Doer::own(id(1))) && !is_for(id(2), deputy));
    }

    #[test]
    fn an_enrolment_is_completed_in_its_time() {
        assert_eq!(must_be_begun(Some(NOW), NOW.plus_seconds(899)), Ok(()));
        assert!(must_be_begun(Some(NOW), NOW.plus_seconds(900)).is_err());
        assert!(must_be_begun(None, NOW).is_err());
    }
}
