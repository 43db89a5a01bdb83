//! Cards of the ladder: given when a case is late, appealed by the unit, decided by somebody who is not of it. What a
//! card is about is read with its case.

use crate::{
    actor::Doer,
    clocks::{Rules, Rung},
    codes::codes,
    complaints::REASON_MAX,
    error::{Invalid, Message, Refusal},
    ids::{CardId, ComplaintId, MemberId, RegionId, UnitId},
    text,
    time::{Day, Timestamp},
};

codes! {
    /// Which card: the rungs of the ladder that leave a record.
    CardKind {
        /// 黄牌
        YellowCard = "yellow_card",
        /// 红牌
        RedCard = "red_card",
        /// 通报: proposed by the product, issued by a person.
        CircularNotice = "circular_notice",
    }
}

impl CardKind {
    /// The card of a rung; a reminder that a case is due soon is none.
    #[must_use]
    pub const fn of(rung: Rung) -> Option<Self> {
        match rung {
            Rung::DueSoon => None,
            Rung::YellowCard => Some(Self::YellowCard),
            Rung::RedCard => Some(Self::RedCard),
            Rung::CircularNotice => Some(Self::CircularNotice),
        }
    }

    /// As it begins: a circular notice is only proposed.
    const fn first_state(self) -> CardState {
        match self {
            Self::YellowCard | Self::RedCard => CardState::Standing,
            Self::CircularNotice => CardState::Proposed,
        }
    }
}

codes! {
    /// Where a card stands.
    CardState {
        /// A notice waits for a decision whether it is issued.
        Proposed = "proposed",
        /// It counts, and may be appealed while there is time.
        Standing = "standing",
        /// The unit has appealed it.
        Appealed = "appealed",
        /// The appeal was heard, and the card stays.
        Upheld = "upheld",
        /// The appeal was heard, and the card is taken back.
        Lifted = "lifted",
        /// The notice is not issued.
        Dropped = "dropped",
    }
}

codes! {
    /// What can be done with a card.
    CardVerb {
        /// 申诉
        Appeal = "appeal",
        /// 维持
        Uphold = "uphold",
        /// 撤销
        Lift = "lift",
        /// 在内部通报
        Issue = "issue",
        /// 不通报
        Drop = "drop",
    }
}

impl CardVerb {
    /// The one state from which it leads on.
    #[must_use]
    pub const fn before(self) -> CardState {
        match self {
            Self::Appeal => CardState::Standing,
            Self::Uphold | Self::Lift => CardState::Appealed,
            Self::Issue | Self::Drop => CardState::Proposed,
        }
    }

    /// Where it leads.
    #[must_use]
    pub const fn after(self) -> CardState {
        match self {
            Self::Appeal => CardState::Appealed,
            Self::Uphold => CardState::Upheld,
            Self::Lift => CardState::Lifted,
            Self::Issue => CardState::Standing,
            Self::Drop => CardState::Dropped,
        }
    }
}

/// What somebody said about a card: an appeal, or a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Who.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// A card that was given for a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its id.
    pub id: CardId,
    /// The county.
    pub region: RegionId,
    /// For which case.
    pub complaint: ComplaintId,
    /// To the unit that held the case then.
    pub unit: UnitId,
    /// Who handled the case then.
    pub handler: Option<MemberId>,
    /// Which.
    pub kind: CardKind,
    /// The date that was missed.
    pub due_on: Day,
    /// When it was given.
    pub given_at: Timestamp,
    /// Where it stands.
    pub state: CardState,
    /// Whether a proposed notice was issued, and why or why not.
    pub proposal: Option<Ruling>,
    /// What the unit said against it.
    pub appeal: Option<Ruling>,
    /// Whose deputy the one who appealed was in doing so.
    pub appealed_for: Option<MemberId>,
    /// What was decided on the appeal.
    pub decision: Option<Ruling>,
    /// Counts the changes.
    pub version: i64,
}

/// Whoever decides on a card.
#[derive(Clone, Copy, Debug)]
pub struct Judge {
    /// Who, and in whose place.
    pub doer: Doer,
    /// They, or somebody whose deputy they are, belong to the unit that got the card, or to one below it. Nobody of the
    /// county's own root counts as such: who else should decide there?
    pub is_of_the_unit: bool,
}

impl Card {
    /// A card as it is given.
    #[must_use]
    pub const fn new(
        id: CardId,
        case: &crate::complaints::Complaint,
        kind: CardKind,
        due_on: Day,
        given_at: Timestamp,
    ) -> Self {
        Self {
            id,
            region: case.region,
            complaint: case.id,
            unit: case.unit,
            handler: case.handler,
            kind,
            due_on,
            given_at,
            state: kind.first_state(),
            proposal: None,
            appeal: None,
            appealed_for: None,
            decision: None,
            version: 1,
        }
    }

    /// The last day on which the unit may appeal it: counted from when it was given, of a notice from when it was issued.
    #[must_use]
    pub fn appeal_ends_on(&self, rules: &Rules) -> Day {
        let since = self.proposal.as_ref().map_or(self.given_at, |issued| issued.at);
        rules.calendar.add_working_days(since.day(), rules.settings.appeal_days)
    }

    /// Whether the unit may appeal it now.
    ///
    /// # Errors
    /// [`Refusal::WrongState`]; [`Refusal::NotReady`] when the time is over.
    pub fn can_appeal(&self, rules: &Rules, at: Timestamp) -> Result<(), Refusal> {
        self.ready(CardVerb::Appeal)?;
        if at <= Timestamp::end_of(self.appeal_ends_on(rules)) {
            return Ok(());
        }
        let days = rules.settings.appeal_days;
        Err(Refusal::NotReady(Message::new(
            format!("申诉要在{days}个工作日内提出。"),
            format!("A card is appealed within {days} working days."),
        )))
    }

    /// The unit says why the card is wrong.
    ///
    /// # Errors
    /// As [`Card::can_appeal`]; a reason that is missing.
    pub fn appeal(&self, why: &str, by: Doer, rules: &Rules, at: Timestamp) -> Result<Self, Refusal> {
        self.can_appeal(rules, at)?;
        let appeal = Some(ruling(why, by.member, at)?);
        Ok(Self {
            state: CardVerb::Appeal.after(),
            appeal,
            appealed_for: by.acting_for,
            ..self.clone()
        })
    }

    /// Whether somebody may decide so now.
    ///
    /// # Errors
    /// [`Refusal::WrongState`]; [`Refusal::OwnWork`] for whoever is of the unit, handled the case, issued the notice or made the
    /// appeal, the one for whom it was made, and whoever stands in for any of them.
    pub fn can_decide(&self, verb: CardVerb, judge: Judge) -> Result<(), Refusal> {
        self.ready(verb)?;
        let issuer = self.proposal.as_ref().map(|ruling| Doer::own(ruling.by));
        let handler = self.handler.map(Doer::own);
        let mut concerned = handler.into_iter().chain(issuer).chain(self.appealer());
        if judge.is_of_the_unit || concerned.any(|doer| judge.doer.is_one_with(doer)) {
            return Err(Refusal::OwnWork);
        }
        Ok(())
    }

    /// Whose work the appeal is.
    fn appealer(&self) -> Option<Doer> {
        let appeal = self.appeal.as_ref()?;
        Some(Doer {
            member: appeal.by,
            acting_for: self.appealed_for,
        })
    }

    /// An appeal is decided, or whether a proposed notice is issued.
    ///
    /// # Errors
    /// As [`Card::can_decide`]; a reason that is missing.
    pub fn decide(&self, verb: CardVerb, why: &str, judge: Judge, at: Timestamp) -> Result<Self, Refusal> {
        self.can_decide(verb, judge)?;
        let ruling = Some(ruling(why, judge.doer.member, at)?);
        let mut next = Self {
            state: verb.after(),
            ..self.clone()
        };
        if self.state == CardState::Proposed {
            next.proposal = ruling;
        } else {
            next.decision = ruling;
        }
        Ok(next)
    }

    fn ready(&self, verb: CardVerb) -> Result<(), Refusal> {
        if self.state == verb.before() {
            return Ok(());
        }
        Err(Refusal::WrongState {
            is: self.state.code(),
            wanted: vec![verb.before().code()],
        })
    }
}

fn ruling(why: &str, by: MemberId, at: Timestamp) -> Result<Ruling, Invalid> {
    let reason = text::parse("/reason", why, text::prose(2, REASON_MAX))?;
    Ok(Ruling { by, at, reason })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const MONDAY: Timestamp = Timestamp::from_micros(1_763_956_800_000_000);

    fn member(n: u128) -> MemberId {
        MemberId(Uuid::from_u128(n))
    }

    fn by(n: u128) -> Doer {
        Doer::own(member(n))
    }

    fn deputy(n: u128, holder: u128) -> Doer {
        Doer {
            member: member(n),
            acting_for: Some(member(holder)),
        }
    }

    fn judged_by(doer: Doer) -> Judge {
        Judge {
            doer,
            is_of_the_unit: false,
        }
    }

    fn judge(n: u128) -> Judge {
        judged_by(by(n))
    }

    fn card(kind: CardKind) -> Card {
        Card {
            id: CardId(Uuid::from_u128(1)),
            region: UnitId(Uuid::from_u128(1)),
            complaint: ComplaintId(Uuid::from_u128(2)),
            unit: UnitId(Uuid::from_u128(3)),
            handler: Some(member(1)),
            kind,
            due_on: "2025-11-23".parse().unwrap(),
            given_at: MONDAY,
            state: kind.first_state(),
            proposal: None,
            appeal: None,
            appealed_for: None,
            decision: None,
            version: 1,
        }
    }

    #[test]
    fn a_card_is_appealed_to_the_end_of_the_fifth_working_day() {
        let rules = Rules::default();
        let card = card(CardKind::YellowCard);
        // From Monday, 24 November 2025.
        assert_eq!(card.appeal_ends_on(&rules), "2025-12-01".parse().unwrap());
        let last = Timestamp::end_of("2025-12-01".parse().unwrap());
        let appealed = card.appeal("当天系统不能登录", by(2), &rules, last).unwrap();
        assert_eq!(appealed.state, CardState::Appealed);
        assert!(matches!(
            appealed.appeal("再申诉", by(2), &rules, last),
            Err(Refusal::WrongState { is: "appealed", .. })
        ));
        let late = Timestamp::from_micros(last.micros() + 1);
        assert!(matches!(
            card.appeal("迟了", by(2), &rules, late),
            Err(Refusal::NotReady(_))
        ));
        assert!(matches!(
            card.appeal(" ", by(2), &rules, last),
            Err(Refusal::Invalid(_))
        ));
    }

    #[test]
    fn nobody_decides_on_a_card_of_their_own() {
        let rules = Rules::default();
        let appealed = card(CardKind::RedCard).appeal("不属实", by(2), &rules, MONDAY).unwrap();
        let of_the_unit = Judge {
            is_of_the_unit: true,
            ..judge(9)
        };
        for own in [judge(1), judge(2), of_the_unit] {
            assert_eq!(
                appealed.decide(CardVerb::Lift, "理由充分", own, MONDAY),
                Err(Refusal::OwnWork)
            );
        }
        let lifted = appealed.decide(CardVerb::Lift, "理由充分", judge(3), MONDAY).unwrap();
        assert_eq!(
            (lifted.state, lifted.decision.unwrap().by),
            (CardState::Lifted, member(3))
        );
        let upheld = appealed.decide(CardVerb::Uphold, "理由不足", judge(3), MONDAY).unwrap();
        assert_eq!(upheld.state, CardState::Upheld);
    }

    #[test]
    fn nobody_decides_on_a_card_of_their_own_through_a_deputy_either() {
        let rules = Rules::default();
        let own = |card: &Card, doer| {
            card.decide(CardVerb::Uphold, "理由不足", judged_by(doer), MONDAY).err() == Some(Refusal::OwnWork)
        };
        // 4 appeals in the place of 2, who is away; 1 handled the case.
        let appealed = card(CardKind::RedCard).appeal("不属实", deputy(4, 2), &rules, MONDAY);
        let appealed = appealed.unwrap();
        for doer in [by(1), by(2), by(4)] {
            assert!(own(&appealed, doer), "{doer:?}");
        }
        for holder in [1, 2, 4] {
            assert!(own(&appealed, deputy(5, holder)), "5 stands in for {holder}");
            assert!(own(&appealed, deputy(holder, 5)), "{holder} stands in for 5");
        }
        assert!(!own(&appealed, by(5)) && !own(&appealed, deputy(5, 6)));
        // A notice that is only proposed concerns whoever handled the case, too.
        let notice = card(CardKind::CircularNotice);
        let drops = |doer| notice.decide(CardVerb::Drop, "已当面整改", judged_by(doer), MONDAY);
        assert_eq!(drops(deputy(5, 1)), Err(Refusal::OwnWork));
        assert!(drops(deputy(5, 2)).is_ok());
    }

    #[test]
    fn a_notice_is_proposed_then_issued_or_dropped_and_appealed_from_when_it_was_issued() {
        let rules = Rules::default();
        let notice = card(CardKind::CircularNotice);
        assert!(notice.appeal("还没有通报", by(2), &rules, MONDAY).is_err());
        assert!(notice.decide(CardVerb::Lift, "不通报", judge(3), MONDAY).is_err());
        let dropped = notice.decide(CardVerb::Drop, "已当面整改", judge(3), MONDAY).unwrap();
        assert_eq!(dropped.state, CardState::Dropped);
        let later = MONDAY.plus_seconds(7 * 86_400);
        let issued = notice.decide(CardVerb::Issue, "拖延过久", judge(3), later).unwrap();
        assert_eq!(
            (issued.state, issued.appeal_ends_on(&rules)),
            (CardState::Standing, "2025-12-08".parse().unwrap())
        );
        let appealed = issued.appeal("另有原因", by(2), &rules, later).unwrap();
        // Whoever issued it hears no appeal against that, nor does their deputy.
        let lifts = |doer| appealed.decide(CardVerb::Lift, "确有原因", judged_by(doer), later);
        assert_eq!(lifts(by(3)), Err(Refusal::OwnWork));
        assert_eq!(lifts(deputy(5, 3)), Err(Refusal::OwnWork));
        assert!(lifts(by(4)).is_ok());
    }
}
