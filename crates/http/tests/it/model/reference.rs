//! The life of a case as the rules tell it, written anew from them: nothing here is the product's. Days are counted from
//! the day of the tests, which is a Monday; no holiday lies near.

/// What can be done, and by whom it is done here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Accept,
    NotAccept,
    Refer,
    Assign,
    Object,
    Draft {
        submit: bool,
        by_second: bool,
    },
    Approve {
        send: bool,
    },
    Return,
    Reply,
    Hold(i64),
    Resume,
    AskExtension(i64),
    Extend,
    RefuseExtension,
    AskLongerHold(i64),
    GrantLongerHold,
    RefuseLongerHold,
    Note,
    Supervise,
    Lift,
    Emergency,
    Conclude,
    Withdraw,
    Message,
    Classify(&'static str),
    Add,
    Rate(i64),
    Redo,
    /// Days pass, and the product does what has come due.
    Days(i64),
}

/// What comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    WrongState,
    NotReady,
    OwnWork,
    Invalid,
}

use Outcome::{Done, Invalid, NotReady, OwnWork, WrongState};

#[derive(Clone, Copy, Debug)]
struct Draft {
    by_second: bool,
    is_submitted: bool,
    is_approved: bool,
}

/// A request for more time: how much, and whether it was given.
type Request = (i64, Option<bool>);

/// A case.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) state: &'static str,
    kind: &'static str,
    today: i64,
    accepted_on: Option<i64>,
    is_dispatch_final: bool,
    draft: Option<Draft>,
    /// From, until, ended.
    holds: Vec<(i64, i64, Option<i64>)>,
    longer: Vec<Request>,
    extension: Option<Request>,
    is_supervised: bool,
    is_emergency: bool,
    /// The day of the last answer, and whether the second one wrote it.
    answered: Option<(i64, bool)>,
    rating: Option<i64>,
    /// Who must not answer again.
    redone: Option<bool>,
}

/// Days that the county waits by itself, and with the head's approval; days of a redo, a rating, a decision.
const WAITS: i64 = 10;
const WAITS_LONGEST: i64 = 30;
const RATES: i64 = 15;
const DECIDES: i64 = 60;
const OBJECTS: i64 = 5;

const fn is_off(day: i64) -> bool {
    day.rem_euclid(7) >= 5
}

fn rolled(mut day: i64) -> i64 {
    while is_off(day) {
        day += 1;
    }
    day
}

impl Case {
    /// Filed today, about a school, through the portal.
    pub(super) const fn filed() -> Self {
        Self {
            state: "received",
            kind: "grievance",
            today: 0,
            accepted_on: None,
            is_dispatch_final: false,
            draft: None,
            holds: Vec::new(),
            longer: Vec::new(),
            extension: None,
            is_supervised: false,
            is_emergency: false,
            answered: None,
            rating: None,
            redone: None,
        }
    }

    fn is(&self, states: &[&str]) -> bool {
        states.contains(&self.state)
    }

    /// Taken, and not answered yet.
    fn is_worked_on(&self) -> bool {
        self.is(&[
            "accepted",
            "assigned",
            "objected",
            "in_handling",
            "waiting",
            "reply_drafted",
            "redoing",
        ])
    }

    fn is_open(&self) -> bool {
        self.is_worked_on() || self.is(&["received", "replied"])
    }

    fn waits_left(&self) -> i64 {
        let lasted =
            |(from, until, ended): &(i64, i64, Option<i64>)| ended.map_or(*until, |day| day.min(*until)) - from;
        self.waits() - self.holds.iter().map(lasted).sum::<i64>()
    }

    fn waits(&self) -> i64 {
        let granted = self.longer.iter().filter(|(_, given)| *given == Some(true));
        (WAITS + granted.map(|(days, _)| days).sum::<i64>()).min(WAITS_LONGEST)
    }

    /// The last day to decide, where that clock runs.
    fn decided_by(&self) -> Option<i64> {
        let started = self
            .accepted_on
            .filter(|_| self.kind == "grievance" && self.redone.is_none())?;
        let more = self.extension.filter(|(_, given)| *given == Some(true));
        let mut left = DECIDES + more.map_or(0, |(days, _)| days);
        let mut day = started;
        while left > 0 {
            day += 1;
            let is_held = self
                .holds
                .iter()
                .any(|(from, until, ended)| *from < day && day <= ended.map_or(*until, |ended| ended.min(*until)));
            left -= i64::from(!is_held);
        }
        Some(rolled(day))
    }

    fn is_rated_until(&self) -> Option<i64> {
        self.answered.map(|(day, _)| rolled(day + RATES))
    }

    fn may_speak_of_the_answer(&self) -> bool {
        self.is(&["replied", "concluded"]) && self.is_rated_until().is_some_and(|until| self.today <= until)
    }

    fn may_rate(&self) -> bool {
        self.may_speak_of_the_answer() && self.rating.is_none()
    }

    fn may_redo(&self) -> bool {
        self.may_speak_of_the_answer() && self.redone.is_none() && self.rating.is_none_or(|level| level < 3)
    }

    /// What a deed comes to, and the case after it.
    pub(super) fn take(&mut self, deed: Deed) -> Outcome {
        match deed {
            Deed::Accept | Deed::NotAccept | Deed::Refer | Deed::Assign | Deed::Object => self.screen(deed),
            Deed::Draft { .. } | Deed::Approve { .. } | Deed::Return | Deed::Reply | Deed::Conclude => {
                self.answer(deed)
            }
            Deed::Add | Deed::Rate(_) | Deed::Redo | Deed::Withdraw => self.hear(deed),
            Deed::Days(days) => {
                self.pass(days);
                Done
            }
            Deed::Note | Deed::Message | Deed::Classify(_) => {
                if !self.is_open() {
                    return WrongState;
                }
                if let Deed::Classify(kind) = deed {
                    self.kind = kind;
                }
                Done
            }
            Deed::Supervise | Deed::Lift | Deed::Emergency => self.watch(deed),
            _ => self.pace(deed),
        }
    }

    fn screen(&mut self, deed: Deed) -> Outcome {
        let (states, next): (&[&str], _) = match deed {
            Deed::Accept => (&["received"], "accepted"),
            Deed::NotAccept => (&["received", "objected"], "not_accepted"),
            Deed::Refer => (&["received", "accepted", "objected"], "referred"),
            Deed::Assign => (
                &["accepted", "assigned", "objected", "in_handling", "redoing"],
                "assigned",
            ),
            _ => (&["received", "accepted", "assigned", "in_handling"], "objected"),
        };
        if !self.is(states) {
            return WrongState;
        }
        match deed {
            Deed::NotAccept if self.accepted_on.is_some() => return NotReady,
            Deed::Object => {
                let worked = (1..=self.today).filter(|day| !is_off(*day)).count();
                if self.is_dispatch_final || i64::try_from(worked).unwrap() > OBJECTS {
                    return NotReady;
                }
                self.draft = None;
            }
            Deed::Accept | Deed::Assign => {
                self.accepted_on.get_or_insert(self.today);
                self.is_dispatch_final |= self.state == "objected";
            }
            _ => {}
        }
        if self.state != "redoing" {
            self.state = next;
        }
        Done
    }

    fn answer(&mut self, deed: Deed) -> Outcome {
        match deed {
            Deed::Draft { submit, by_second } => {
                if !self.is(&["accepted", "assigned", "in_handling", "redoing", "reply_drafted"]) {
                    return WrongState;
                }
                if self.redone == Some(by_second) {
                    return OwnWork;
                }
                self.draft = Some(Draft {
                    by_second,
                    is_submitted: submit,
                    is_approved: false,
                });
                self.state = if submit { "reply_drafted" } else { "in_handling" };
            }
            Deed::Conclude => {
                if !self.is(&["accepted", "replied"]) {
                    return WrongState;
                }
                let is_unanswered = self.state == "accepted" && self.kind != "praise";
                if is_unanswered || self.may_rate() || self.may_redo() {
                    return NotReady;
                }
                self.state = "concluded";
                self.is_supervised = false;
            }
            _ => {
                if self.state != "reply_drafted" {
                    return WrongState;
                }
                let Some(draft) = self.draft.filter(|draft| draft.is_submitted) else {
                    return NotReady;
                };
                match deed {
                    Deed::Return => {
                        self.draft = Some(Draft {
                            is_submitted: false,
                            is_approved: false,
                            ..draft
                        });
                        self.state = "in_handling";
                    }
                    Deed::Approve { send: false } => {
                        self.draft = Some(Draft {
                            is_approved: true,
                            ..draft
                        })
                    }
                    Deed::Reply if !draft.is_approved => return NotReady,
                    _ => {
                        self.state = "replied";
                        self.answered = Some((self.today, draft.by_second));
                        self.draft = None;
                    }
                }
            }
        }
        Done
    }

    fn hear(&mut self, deed: Deed) -> Outcome {
        match deed {
            Deed::Add => {
                if !self.is_open() {
                    return WrongState;
                }
                if self.state == "waiting" {
                    self.resume();
                }
            }
            Deed::Withdraw => {
                if !self.is_open() || self.is(&["replied", "redoing"]) {
                    return WrongState;
                }
                self.state = "withdrawn";
                self.is_supervised = false;
            }
            _ if !self.is(&["replied", "concluded"]) => return WrongState,
            Deed::Rate(level) => {
                if !self.may_rate() {
                    return NotReady;
                }
                self.rating = Some(level);
                if level >= 3 {
                    self.state = "concluded";
                    self.is_supervised = false;
                }
            }
            _ => {
                if !self.may_redo() {
                    return NotReady;
                }
                self.state = "redoing";
                self.rating = None;
                self.redone = self.answered.map(|(_, by_second)| by_second);
            }
        }
        Done
    }

    fn watch(&mut self, deed: Deed) -> Outcome {
        let (can, was) = match deed {
            Deed::Supervise => (self.is_worked_on() || self.state == "received", self.is_supervised),
            Deed::Lift => (self.is_open(), !self.is_supervised),
            _ => (self.is_open() && self.state != "replied", self.is_emergency),
        };
        match (can, was) {
            (false, _) => WrongState,
            (true, true) => NotReady,
            (true, false) => {
                match deed {
                    Deed::Emergency => self.is_emergency = true,
                    _ => self.is_supervised = deed == Deed::Supervise,
                }
                Done
            }
        }
    }

    fn pace(&mut self, deed: Deed) -> Outcome {
        let can = match deed {
            Deed::Hold(_) => self.is(&["accepted", "assigned", "in_handling", "redoing"]),
            Deed::Resume => self.state == "waiting",
            _ => self.is_worked_on(),
        };
        if !can {
            return WrongState;
        }
        let is_late = self.decided_by().is_none_or(|day| self.today > day);
        match (deed, self.extension, self.longer.last().copied()) {
            (Deed::Resume, ..) => self.resume(),
            (Deed::Hold(_), ..) if self.waits_left() <= 0 => return NotReady,
            (Deed::Hold(days), ..) if days > self.waits_left() => return Invalid,
            (Deed::Hold(days), ..) => {
                self.holds.push((self.today, self.today + days, None));
                self.state = "waiting";
            }
            (Deed::AskExtension(_), Some((_, None | Some(true))), _) => return NotReady,
            (Deed::AskExtension(_), ..) if is_late => return NotReady,
            (Deed::AskExtension(days), ..) => self.extension = Some((days, None)),
            (Deed::Extend, Some((days, None)), _) if !is_late => self.extension = Some((days, Some(true))),
            (Deed::RefuseExtension, Some((days, None)), _) => self.extension = Some((days, Some(false))),
            (Deed::AskLongerHold(_), _, Some((_, None))) => return NotReady,
            (Deed::AskLongerHold(_), ..) if self.waits() >= WAITS_LONGEST => return NotReady,
            (Deed::AskLongerHold(days), ..) if days > WAITS_LONGEST - self.waits() => return Invalid,
            (Deed::AskLongerHold(days), ..) => self.longer.push((days, None)),
            (Deed::GrantLongerHold, _, Some((days, None))) => {
                self.decide_longer(true);
                if let Some(hold) = self.holds.last_mut()
                    && self.state == "waiting"
                {
                    hold.1 += days;
                }
            }
            (Deed::RefuseLongerHold, _, Some((_, None))) => self.decide_longer(false),
            _ => return NotReady,
        }
        Done
    }

    fn decide_longer(&mut self, is_given: bool) {
        if let Some(asked) = self.longer.last_mut() {
            asked.1 = Some(is_given);
        }
    }

    fn resume(&mut self) {
        self.state = "in_handling";
        if let Some(hold) = self.holds.last_mut() {
            hold.2 = Some(self.today);
        }
    }

    fn pass(&mut self, days: i64) {
        self.today += days;
        if self.state == "waiting" && self.holds.last().is_some_and(|(_, until, _)| self.today > *until) {
            self.resume();
        }
        if self.state == "replied" && self.is_rated_until().is_some_and(|until| self.today > until) {
            self.state = "concluded";
            self.is_supervised = false;
        }
    }
}
