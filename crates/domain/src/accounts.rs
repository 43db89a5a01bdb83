//! Accounts: what a login may be, and the links by which somebody gets into an account without a password of theirs: for
//! the first time, or when it is forgotten. Whoever issues a link never learns or chooses the password.

use crate::{
    actor::Doer,
    codes::codes,
    error::{Invalid, Refusal},
    ids::MemberId,
    members::{self, Member},
    text,
    time::Timestamp,
};

codes! {
    /// What a link is for.
    LinkKind {
        /// To make the account of a member who has none.
        Invitation = "invitation",
        /// To set another password.
        Reset = "reset",
    }
}

impl LinkKind {
    /// Seconds for which it is good. A reset lies in the hands of somebody else while it lasts, and with it an account that
    /// has rights already.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Invitation => 86_400,
            Self::Reset => 900,
        }
    }
}

/// What is typed to sign in, as it is given by its owner.
///
/// # Errors
/// Too short, too long.
pub fn parse_login(pointer: &str, login: &str) -> Result<String, Invalid> {
    text::parse(pointer, login, text::line(3, 100))
}

/// Issues a link for a member: until when is it good?
///
/// # Errors
/// A closed record; the issuer's own account, or that of the one whose deputy they are in doing this: a session that was
/// left open could then be turned into the account itself.
pub fn issue_link(kind: LinkKind, member: &Member, by: Doer, now: Timestamp) -> Result<Timestamp, Refusal> {
    members::open(member)?;
    must_be_another(member.id, by)?;
    Ok(now.plus_seconds(kind.seconds()))
}

/// Whether somebody may do with an account what is for others' accounts only.
///
/// # Errors
/// [`Refusal::OwnAccount`].
pub fn must_be_another(member: MemberId, by: Doer) -> Result<(), Refusal> {
    if by.is_one_with(Doer::own(member)) {
        return Err(Refusal::OwnAccount);
    }
    Ok(())
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

    fn member(n: u128) -> Member {
        Member {
            id: MemberId(Uuid::from_u128(n)),
            region: UnitId(Uuid::nil()),
            unit: UnitId(Uuid::nil()),
            fields: MemberFields::default(),
            card: PublicCard::default(),
            closed_at: None,
            version: 1,
        }
    }

    #[test]
    fn a_link_is_for_somebody_else_who_is_still_there() {
        let security = Doer::own(MemberId(Uuid::from_u128(1)));
        let issue = |member: &Member, by| issue_link(LinkKind::Reset, member, by, NOW);
        assert_eq!(issue(&member(2), security), Ok(NOW.plus_seconds(900)));
        assert_eq!(issue(&member(1), security), Err(Refusal::OwnAccount));
        let deputy = Doer {
            member: MemberId(Uuid::from_u128(3)),
            acting_for: Some(MemberId(Uuid::from_u128(1))),
        };
        assert_eq!(issue(&member(1), deputy), Err(Refusal::OwnAccount));
        let gone = Member {
            closed_at: Some(NOW),
            ..member(2)
        };
        assert_eq!(issue(&gone, security).unwrap_err().code(), "wrong_state");
    }

    #[test]
    fn a_login_has_three_characters_or_more() {
        assert_eq!(parse_login("/login", " zhoumin ").unwrap(), "zhoumin");
        assert_eq!(parse_login("/login", "ab").unwrap_err().0[0].code, "too_short");
    }
}
