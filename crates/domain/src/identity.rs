//! Who filed a case: opened by two people, one who asks and another one who approves, for one hour and for the one who asked.

use crate::{
    Secret,
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

/// The same for a complainant under 14: enough for one call.
pub const MINOR_OPEN_MINUTES: i64 = 15;

/// Working days after which a request that nobody answered ends: long enough for an inspector who is away for a few days, and
/// short enough that an approval is never one of a reason that has passed.
pub const ANSWER_DAYS: u32 = 5;

/// How often an approved request can be read: enough to dial again and again within its hour, and too little to hand the data around.
pub const READINGS: i64 = 10;

codes! {
    /// What a member may do so often a day that is about who filed.
    Use {
        /// To ask for an identity.
        Ask = "ask",
        /// To look for the cases of a telephone number.
        LookUp = "look_up",
    }
}

impl Use {
    /// How often a day: more than work needs, and less than going through a list of people would take.
    #[must_use]
    pub const fn a_day(self) -> i64 {
        match self {
            Self::Ask => 20,
            Self::LookUp => 30,
        }
    }
}

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
    /// How often it was read.
    pub readings: i64,
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
            readings: 0,
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

    /// The second person approves: it is open from now on, for whoever asked; a child's for a shorter time.
    ///
    /// # Errors
    /// As [`Opening::can_answer`]; a reason that is missing.
    pub fn approve(&self, why: &str, second: &SecondPerson, is_minor: bool, now: Timestamp) -> Result<Self, Refusal> {
        let answered = self.answered(OpeningState::Approved, why, second, now)?;
        let minutes = if is_minor { MINOR_OPEN_MINUTES } else { OPEN_MINUTES };
        Ok(Self {
            open_until: Some(now.plus_seconds(minutes * 60)),
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
    /// [`Refusal::WrongState`] if it was not approved; [`Refusal::NotReady`] when the time is over or [`READINGS`] are used up, and for
    /// anybody but the one who asked, the second person among them.
    pub fn can_read(&self, by: MemberId, now: Timestamp) -> Result<(), Refusal> {
        if self.state != OpeningState::Approved {
            return Err(self.wrong_state(OpeningState::Approved, now));
        }
        self.must_be_the_askers(by)?;
        if self.is_open(now) && self.readings >= READINGS {
            return Err(read_too_often());
        }
        if self.is_open(now) {
            return Ok(());
        }
        let minutes = self.minutes();
        Err(Refusal::NotReady(Message::new(
            format!("批准后{minutes}分钟内可以查看，现已过时，请重新申请。"),
            format!("An approval is good for {minutes} minutes, which are over. Ask again."),
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
            readings: self.readings + 1,
            ..self.clone()
        })
    }

    /// How long it was approved for.
    fn minutes(&self) -> i64 {
        let times = self.answer.as_ref().zip(self.open_until);
        times.map_or(OPEN_MINUTES, |(answer, until)| {
            (until.micros() - answer.at.micros()) / 60_000_000
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

/// The refusal of one reading more than an approval is good for.
#[must_use]
pub fn read_too_often() -> Refusal {
    Refusal::NotReady(Message::new(
        format!("一次批准最多查看{READINGS}次，次数已用完，仍需要时请重新申请。"),
        format!("An approval is good for {READINGS} readings, which are used up. Ask again if you still need to."),
    ))
}

/// A telephone number that somebody looks for, as it is compared: typed with signs of a Chinese keyboard, too.
///
/// # Errors
/// A text that is no whole number.
pub fn phone_to_find(raw: &str) -> Result<Secret, Invalid> {
    let plain: String = raw.chars().map(plain_sign).collect();
    let number = text::parse("/phone", &plain, text::line(5, 40))?;
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let is_one = number.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c));
    if is_one && digits >= 5 {
        return Ok(Secret::new(number));
    }
    Err(Invalid::one(
        "/phone",
        "not_a_phone_number",
        "请填完整的电话号码，只能有数字、空格和“+ - ( )”。",
        "Give a whole phone number: digits, spaces and + - ( ) only.",
    ))
}

/// A full-width sign as the plain one, and each dash and space as one.
fn plain_sign(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '·' | '.' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// Why a telephone number is looked for.
///
/// # Errors
/// A reason that is missing or too long.
pub fn look_up_reason(why: &str) -> Result<String, Invalid> {
    said(why)
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
        let open = asked().approve("情况紧急", &second(2), false, later(5)).unwrap();
        assert_eq!((open.state, open.open_until), (OpeningState::Approved, Some(later(65))));
        assert!(open.can_read(member(1), later(64)).is_ok());
        assert_eq!(open.can_read(member(1), later(65)).unwrap_err().code(), "not_ready");
        assert_eq!(open.can_read(member(2), later(6)).unwrap_err().code(), "not_ready");
        let first = open.read(member(1), later(6)).unwrap();
        assert_eq!(first.read(member(1), later(7)).unwrap().first_read_at, Some(later(6)));
        let childs = asked().approve("情况紧急", &second(2), true, later(5)).unwrap();
        assert!(childs.can_read(member(1), later(19)).is_ok() && childs.can_read(member(1), later(20)).is_err());
        let read_up = (0..READINGS).fold(open.clone(), |open, _| open.read(member(1), later(7)).unwrap());
        assert_eq!(read_up.can_read(member(1), later(7)), Err(read_too_often()));
        assert_eq!(
            open.can_withdraw(member(1), later(6)).unwrap_err().code(),
            "wrong_state"
        );
    }

    #[test]
    fn nobody_answers_themselves_nor_through_a_deputy_on_either_side() {
        let is_own = |opening: &Opening, second: &SecondPerson| {
            opening.approve("同意", second, false, later(1)) == Err(Refusal::OwnWork)
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
        let refused = asked().approve("同意", &second(2), false, over).unwrap_err();
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
            assert!(over.approve("同意", &second(3), false, later(2)).is_err());
            assert!(over.withdraw(member(1), later(2)).is_err());
            assert!(over.can_read(member(1), later(2)).is_err());
        }
    }

    #[test]
    fn a_number_is_found_however_it_is_typed() {
        use crate::complaints::normal_phone;
        for typed in [
            "13900000000",
            "+86 139-0000-0000",
            "１３９　００００　００００",
            "（+86）139–0000–0000",
            "０086 139·0000·0000",
            "  139\u{a0}0000 0000 ",
        ] {
            let phone = phone_to_find(typed).unwrap();
            assert_eq!(normal_phone(phone.reveal()), "13900000000", "{typed}");
        }
        for nonsense in [
            "",
            "张三",
            "1390000000x",
            "+-()--- ",
            "139",
            "1".repeat(41).as_str(),
            "139%",
        ] {
            assert_eq!(
                phone_to_find(nonsense).unwrap_err().0[0].pointer,
                "/phone",
                "{nonsense}"
            );
        }
    }

    #[test]
    fn a_reason_is_asked_of_both() {
        assert!(asked().approve(" ", &second(2), false, later(1)).is_err());
        let at = (asked().region, asked().complaint);
        let why = (OpeningCategory::Other, "");
        let none = Opening::ask(asked().id, at, why, Doer::own(member(1)), &Rules::default(), NOON);
        assert_eq!(none.unwrap_err().0[0].pointer, "/reason");
    }
}
