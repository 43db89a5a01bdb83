//! Who filed a case: opened by two people, one who asks and another one who approves, for one hour and for the one who asked.

use crate::{
    actor::Doer,
    clocks::Rules,
    codes::codes,
    complaints::REASON_MAX,
    error::{Invalid, Message, Refusal},
    ids::{ComplaintId, MemberId, OpeningId, RegionId},
    text,
    time::Timestamp,
};

/// Minutes that an approval is good for.
pub const OPEN_MINUTES: i64 = 60;

/// Working days after which a request that nobody answered ends: long enough for an inspector who is away for a few days, and
/// short enough that an approval is never one of a reason that has passed.
pub const ANSWER_DAYS: u32 = 5;

codes! {
    /// Why an identity is wanted: what the complainant is told of the reason.
    OpeningCategory {
        /// The complainant must be reached, and writing through the case does not do.
        Contact = "contact",
        /// Somebody is in danger.
        Danger = "danger",
        /// To look into retaliation against the complainant.
        Retaliation = "retaliation",
        /// A law or a court demands it.
        Law = "law",
        /// Something else, which the reason says.
        Other = "other",
    }
}

codes! {
    /// Where a request to open an identity stands.
    OpeningState {
        /// A second person has not answered yet.
        Waiting = "waiting",
        /// Approved: it can be read for a while.
        Approved = "approved",
        /// Refused.
        Refused = "refused",
        /// Taken back by whoever asked.
        Withdrawn = "withdrawn",
        /// Nobody answered in time.
        Lapsed = "lapsed",
    }
}

codes! {
    /// What can be done with a request.
    OpeningVerb {
        /// 同意
        Approve = "approve",
        /// 不同意
        Refuse = "refuse",
        /// 撤回
        Withdraw = "withdraw",
        /// 查看
        Read = "read",
    }
}

/// What the second person said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Who.
    pub by: Doer,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// A request to open the identity of a case's complainant, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Its id.
    pub id: OpeningId,
    /// The county.
    pub region: RegionId,
    /// Of which case.
    pub complaint: ComplaintId,
    /// Who asked.
    pub asked: Doer,
    /// When.
    pub asked_at: Timestamp,
    /// Why, as the complainant is told.
    pub category: OpeningCategory,
    /// Why, in words, for the log and the second person.
    pub reason: String,
    /// Until when it can be answered.
    pub ends_at: Timestamp,
    /// Where it stood when it was last changed; see [`Opening::state_at`].
    pub state: OpeningState,
    /// What the second person said.
    pub answer: Option<Answer>,
    /// Until when it can be read.
    pub open_until: Option<Timestamp>,
    /// When it was first read.
    pub first_read_at: Option<Timestamp>,
    /// Counts the changes.
    pub version: i64,
}

/// Whoever would answer a request.
#[derive(Clone, Debug)]
pub struct SecondPerson {
    /// Who, and in whose place.
    pub doer: Doer,
    /// Everybody whom they stand in for now, whatever for.
    pub stands_for: Vec<MemberId>,
    /// Everybody whom the one who asked stands in for now.
    pub asker_stands_for: Vec<MemberId>,
}

impl Opening {
    /// A request.
    ///
    /// # Errors
    /// A reason that is missing or too long.
    pub fn ask(
        id: OpeningId,
        (region, complaint): (RegionId, ComplaintId),
        (category, reason): (OpeningCategory, &str),
        asked: Doer,
        rules: &Rules,
        at: Timestamp,
    ) -> Result<Self, Invalid> {
        let last = rules.calendar.add_working_days(at.day(), ANSWER_DAYS);
        Ok(Self {
            id,
            region,
            complaint,
            asked,
            asked_at: at,
            category,
            reason: said(reason)?,
            ends_at: Timestamp::end_of(last),
            state: OpeningState::Waiting,
            answer: None,
            open_until: None,
            first_read_at: None,
            version: 1,
        })
    }

    /// Where it stands: what nobody answered in time has lapsed, whether somebody has written that down or not.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> OpeningState {
        match self.state {
            OpeningState::Waiting if now > self.ends_at => OpeningState::Lapsed,
            state => state,
        }
    }

    /// Whether it can be read now, by whoever asked.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.open_until.is_some_and(|until| now < until)
    }

    /// Whether somebody may answer it now.
    ///
    /// # Errors
    /// [`Refusal::WrongState`]; [`Refusal::OwnWork`] for whoever asked, the one for whom it was asked, whoever stands in for either,
    /// and everybody in whose place the one who asked acts: two people of whom one acts for the other are one.
    pub fn can_answer(&self, second: &SecondPerson, now: Timestamp) -> Result<(), Refusal> {
        self.must_wait(now)?;
        let asking: Vec<MemberId> = people(self.asked, &second.asker_stands_for).collect();
        if people(second.doer, &second.stands_for).any(|one| asking.contains(&one)) {
            return Err(Refusal::OwnWork);
        }
        Ok(())
    }

    /// The second person approves: it is open from now on, for whoever asked.
    ///
    /// # Errors
    /// As [`Opening::can_answer`]; a reason that is missing.
    pub fn approve(&self, why: &str, second: &SecondPerson, now: Timestamp) -> Result<Self, Refusal> {
        let answered = self.answered(OpeningState::Approved, why, second, now)?;
        Ok(Self {
            open_until: Some(now.plus_seconds(OPEN_MINUTES * 60)),
            ..answered
        })
    }

    /// The second person refuses.
    ///
    /// # Errors
    /// As [`Opening::approve`].
    pub fn refuse(&self, why: &str, second: &SecondPerson, now: Timestamp) -> Result<Self, Refusal> {
        self.answered(OpeningState::Refused, why, second, now)
    }

    fn answered(&self, state: OpeningState, why: &str, second: &SecondPerson, now: Timestamp) -> Result<Self, Refusal> {
        self.can_answer(second, now)?;
        let answer = Answer {
            by: second.doer,
            at: now,
            reason: said(why)?,
        };
        Ok(Self {
            state,
            answer: Some(answer),
            ..self.clone()
        })
    }

    /// Whether `by` may take it back now.
    ///
    /// # Errors
    /// [`Refusal::WrongState`]; [`Refusal::NotReady`] for anybody but the one who asked.
    pub fn can_withdraw(&self, by: MemberId, now: Timestamp) -> Result<(), Refusal> {
        self.must_wait(now)?;
        self.must_be_the_askers(by)
    }

    /// Whoever asked takes it back.
    ///
    /// # Errors
    /// As [`Opening::can_withdraw`].
    pub fn withdraw(&self, by: MemberId, now: Timestamp) -> Result<Self, Refusal> {
        self.can_withdraw(by, now)?;
        Ok(Self {
            state: OpeningState::Withdrawn,
            ..self.clone()
        })
    }

    /// Whether `by` may read the identity now.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] if it was not approved; [`Refusal::NotReady`] when the time is over, and for anybody but the one
    /// who asked, the second person among them.
    pub fn can_read(&self, by: MemberId, now: Timestamp) -> Result<(), Refusal> {
        if self.state != OpeningState::Approved {
            return Err(self.wrong_state(OpeningState::Approved, now));
        }
        self.must_be_the_askers(by)?;
        if self.is_open(now) {
            return Ok(());
        }
        Err(Refusal::NotReady(Message::new(
            format!("批准后{OPEN_MINUTES}分钟内可以查看，现已过时，请重新申请。"),
            format!("An approval is good for {OPEN_MINUTES} minutes, which are over. Ask again."),
        )))
    }

    /// Whoever asked reads the identity.
    ///
    /// # Errors
    /// As [`Opening::can_read`].
    pub fn read(&self, by: MemberId, now: Timestamp) -> Result<Self, Refusal> {
        self.can_read(by, now)?;
        Ok(Self {
            first_read_at: self.first_read_at.or(Some(now)),
            ..self.clone()
        })
    }

    fn must_be_the_askers(&self, by: MemberId) -> Result<(), Refusal> {
        if by == self.asked.member {
            return Ok(());
        }
        Err(Refusal::NotReady(Message::new(
            "只有申请人本人可以这样做。",
            "Only whoever asked can do this.",
        )))
    }

    fn must_wait(&self, now: Timestamp) -> Result<(), Refusal> {
        if self.state_at(now) == OpeningState::Waiting {
            return Ok(());
        }
        Err(self.wrong_state(OpeningState::Waiting, now))
    }

    fn wrong_state(&self, wanted: OpeningState, now: Timestamp) -> Refusal {
        Refusal::WrongState {
            is: self.state_at(now).code(),
            wanted: vec![wanted.code()],
        }
    }
}

/// The refusal of a request about a case whose complainant left nothing, or of whom nothing is left.
#[must_use]
pub fn no_contact() -> Refusal {
    Refusal::NotReady(Message::new(
        "投诉人没有留下联系方式，或联系方式已经清除。",
        "The complainant left no contact data, or they are gone.",
    ))
}

fn people(doer: Doer, stands_for: &[MemberId]) -> impl Iterator<Item = MemberId> {
    [Some(doer.member), doer.acting_for]
        .into_iter()
        .flatten()
        .chain(stands_for.iter().copied())
}

/// Why contact data are held, or released.
///
/// # Errors
/// A reason that is missing or too long.
pub fn hold_reason(why: &str) -> Result<String, Invalid> {
    said(why)
}

/// The refusal of a hold where there is one, or of lifting one where there is none.
#[must_use]
pub fn held_already(is_held: bool) -> Refusal {
    let code = |is_held| if is_held { "held" } else { "not_held" };
    Refusal::WrongState {
        is: code(is_held),
        wanted: vec![code(!is_held)],
    }
}

fn said(why: &str) -> Result<String, Invalid> {
    text::parse("/reason", why, text::prose(2, REASON_MAX))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// 2025-11-24, a Monday, at noon in the county.
    const NOON: Timestamp = Timestamp::from_micros(1_763_956_800_000_000);

    fn member(n: u128) -> MemberId {
        MemberId(Uuid::from_u128(n))
    }

    fn asked_by(doer: Doer) -> Opening {
        let at = (crate::ids::UnitId(Uuid::from_u128(1)), ComplaintId(Uuid::from_u128(2)));
        let why = (OpeningCategory::Danger, "电话里说孩子没有回家");
        Opening::ask(OpeningId(Uuid::from_u128(3)), at, why, doer, &Rules::default(), NOON).unwrap()
    }

    fn asked() -> Opening {
        asked_by(Doer::own(member(1)))
    }

    fn second(n: u128) -> SecondPerson {
        SecondPerson {
            doer: Doer::own(member(n)),
            stands_for: Vec::new(),
            asker_stands_for: Vec::new(),
        }
    }

    fn later(minutes: i64) -> Timestamp {
        NOON.plus_seconds(minutes * 60)
    }

    #[test]
    fn what_another_one_approves_is_open_for_an_hour_to_the_asker_alone() {
        let open = asked().approve("情况紧急", &second(2), later(5)).unwrap();
        assert_eq!((open.state, open.open_until), (OpeningState::Approved, Some(later(65))));
        assert!(open.can_read(member(1), later(64)).is_ok());
        assert_eq!(open.can_read(member(1), later(65)).unwrap_err().code(), "not_ready");
        assert_eq!(open.can_read(member(2), later(6)).unwrap_err().code(), "not_ready");
        let first = open.read(member(1), later(6)).unwrap();
        assert_eq!(first.read(member(1), later(7)).unwrap().first_read_at, Some(later(6)));
        assert_eq!(
            open.can_withdraw(member(1), later(6)).unwrap_err().code(),
            "wrong_state"
        );
    }

    #[test]
    fn nobody_answers_themselves_nor_through_a_deputy_on_either_side() {
        let is_own = |opening: &Opening, second: &SecondPerson| {
            opening.approve("同意", second, later(1)) == Err(Refusal::OwnWork)
                && opening.refuse("不同意", second, later(1)) == Err(Refusal::OwnWork)
        };
        let for_seven = |n: u128| Doer {
            member: member(n),
            acting_for: Some(member(7)),
        };
        assert!(is_own(&asked(), &second(1)));
        // The asker's deputy, by this right or with another one.
        let deputy = SecondPerson {
            stands_for: vec![member(1)],
            ..second(2)
        };
        assert!(is_own(&asked(), &deputy));
        // The one in whose place it was asked, or in whose place the asker acts now.
        assert!(is_own(&asked_by(for_seven(1)), &second(7)));
        let holder = SecondPerson {
            asker_stands_for: vec![member(2)],
            ..second(2)
        };
        assert!(is_own(&asked(), &holder));
        // Two deputies of the same person.
        let other_deputy = SecondPerson {
            doer: for_seven(2),
            ..second(2)
        };
        assert!(is_own(&asked_by(for_seven(1)), &other_deputy));
        assert!(asked().can_answer(&second(2), later(1)).is_ok());
    }

    #[test]
    fn a_request_that_nobody_answers_lapses_after_five_working_days() {
        // From Monday over the weekend to the Monday after.
        let monday = Timestamp::end_of("2025-12-01".parse().unwrap());
        assert_eq!(asked().ends_at, monday);
        assert_eq!(asked().state_at(monday), OpeningState::Waiting);
        let over = monday.plus_seconds(1);
        assert_eq!(asked().state_at(over), OpeningState::Lapsed);
        let refused = asked().approve("同意", &second(2), over).unwrap_err();
        assert!(matches!(refused, Refusal::WrongState { is: "lapsed", .. }));
        assert!(asked().withdraw(member(1), over).is_err());
    }

    #[test]
    fn each_request_is_answered_once() {
        let refused = asked().refuse("可以通过办件联系", &second(2), later(1)).unwrap();
        let withdrawn = asked().withdraw(member(1), later(1)).unwrap();
        assert_eq!(withdrawn.state, OpeningState::Withdrawn);
        assert_eq!(asked().withdraw(member(2), later(1)).unwrap_err().code(), "not_ready");
        for over in [refused, withdrawn] {
            assert!(over.approve("同意", &second(3), later(2)).is_err());
            assert!(over.withdraw(member(1), later(2)).is_err());
            assert!(over.can_read(member(1), later(2)).is_err());
        }
    }

    #[test]
    fn a_reason_is_asked_of_both() {
        assert!(asked().approve(" ", &second(2), later(1)).is_err());
        let at = (asked().region, asked().complaint);
        let why = (OpeningCategory::Other, "");
        let none = Opening::ask(asked().id, at, why, Doer::own(member(1)), &Rules::default(), NOON);
        assert_eq!(none.unwrap_err().0[0].pointer, "/reason");
    }
}
