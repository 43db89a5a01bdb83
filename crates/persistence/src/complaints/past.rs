//! Cases that lie in the past, such as the demo county's: what happened to each is played in memory through the rules,
//! and what came of it is written in few and large statements.

use std::collections::{BTreeMap, VecDeque};

use liangnuo_domain::{
    ComplaintId, Doer, MemberId, MessageId, RegionId, ReplyId, Timestamp, UnitId,
    clocks::Rules,
    complaints::{self, Complaint, Contact, Event, Filing, Message, Question, ReplyParts, SentReply, Step, Watch},
};

use super::save::{self, Beside, Whole};
use crate::{
    error::StoreError,
    events::NewEvent,
    ids::Ids,
    statistics::keeping,
    tx::{By, Tx},
};

/// A case with what happened to it.
#[derive(Clone, Debug)]
pub struct PastCase {
    /// What was filed.
    pub filing: Filing,
    /// By whom, if they said.
    pub contact: Option<Contact>,
    /// When.
    pub received_at: Timestamp,
    /// What happened since, in order.
    pub steps: Vec<PastStep>,
}

impl PastCase {
    /// When it came in, and those that were merged into it.
    pub(crate) fn received(&self) -> Vec<Timestamp> {
        let mut all = vec![self.received_at];
        for step in &self.steps {
            if let PastVerb::Lead(other) = &step.what {
                all.extend(other.received());
            }
        }
        all
    }
}

/// Something that happened to a case.
#[derive(Clone, Debug)]
pub struct PastStep {
    /// When.
    pub at: Timestamp,
    /// By whom; none for the complainant.
    pub by: Option<MemberId>,
    /// What.
    pub what: PastVerb,
}

/// What happened to a case.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the verbs of the domain with their arguments")]
pub enum PastVerb {
    Accept,
    NotAccept {
        reason: String,
        where_to_go: Option<String>,
    },
    Assign {
        unit: UnitId,
        handler: Option<MemberId>,
    },
    Draft {
        parts: ReplyParts,
        submit: bool,
    },
    Approve {
        send: bool,
    },
    Message(String),
    Add(String),
    Rate {
        level: i16,
        comment: Option<String>,
    },
    /// The complainant wants it done again, not by a member.
    Redo {
        reason: String,
        not_by: Option<MemberId>,
    },
    Supervise(Watch),
    /// The supervisor is told how far the work has come.
    Report(String),
    MarkEmergency(String),
    AskExtension {
        days: u32,
        reason: String,
    },
    Wait {
        question: String,
        days: u32,
    },
    Object(String),
    Refer {
        reason: String,
        to: String,
    },
    Conclude(Option<String>),
    /// Nobody rated the answer in time: the product concludes the case.
    Lapse,
    Withdraw(Option<String>),
    /// Another case is merged into this one. What happened to that one before the merger comes before it, what happened
    /// later after everything that happened to this one.
    Lead(Box<PastCase>),
}

/// Numbers for the cases, in the order in which they came in.
pub(crate) struct Numbers(BTreeMap<Timestamp, VecDeque<String>>);

impl Numbers {
    pub(crate) fn new(numbers: impl Iterator<Item = (Timestamp, String)>) -> Self {
        let mut by_time: BTreeMap<Timestamp, VecDeque<String>> = BTreeMap::new();
        for (at, number) in numbers {
            by_time.entry(at).or_default().push_back(number);
        }
        Self(by_time)
    }

    fn take(&mut self, at: Timestamp) -> Result<String, StoreError> {
        let number = self.0.get_mut(&at).and_then(VecDeque::pop_front);
        number.ok_or(StoreError::Bug("a past case has no number"))
    }
}

/// A case after everything that happened to it.
#[derive(Debug)]
pub(crate) struct Played {
    case: Complaint,
    beside: Beside,
    replies: Vec<SentReply>,
    messages: Vec<Message>,
    happened: Vec<Event>,
    log: Vec<NewEvent>,
}

impl Played {
    /// Takes a step as saving and loading the case would leave it.
    fn take(&mut self, step: Step, at: Timestamp, by: By, rules: &Rules) {
        self.log.extend(log_of(&step, at, by));
        let version = self.case.version + 1;
        let next = step.next.on_its_ladder(&self.case, rules);
        let pace = next.pace_as_told(rules);
        self.case = Complaint { version, pace, ..next };
        self.replies.extend(step.reply);
        self.messages.extend(step.message);
        self.happened.extend(step.events);
    }

    /// Contact data whose time was over before the case came in here went when it was over, as the worker would have had it.
    fn outlive_contact(&mut self, rules: &Rules, now: Timestamp) {
        let kept = i64::from(rules.settings.identity_days) * 86_400;
        let over = self.case.ended_at.map(|ended| ended.plus_seconds(kept));
        let Some(over) = over.filter(|over| *over < now && self.beside.contact.is_some()) else {
            return;
        };
        self.beside.contact = None;
        self.beside.contact_erased_at = Some(over);
        let step = Step {
            next: self.case.clone(),
            events: vec![Event::IdentityErased],
            reply: None,
            message: None,
        };
        self.log.extend(log_of(&step, over, By::System));
    }
}

/// What every case is played with.
struct Play<'a> {
    region: RegionId,
    rules: &'a Rules,
    ids: &'a Ids,
    numbers: &'a mut Numbers,
}

/// Plays a case, and those that were merged into it, to the end.
pub(crate) fn play(
    case: PastCase,
    region: RegionId,
    rules: &Rules,
    ids: &Ids,
    numbers: &mut Numbers,
    out: &mut Vec<Played>,
) -> Result<(), StoreError> {
    let mut play = Play {
        region,
        rules,
        ids,
        numbers,
    };
    let (mut lead, steps) = play.file(case)?;
    let mut followers = Vec::new();
    for step in steps {
        match step.what {
            PastVerb::Lead(other) => {
                let by = step.by.map_or(By::System, By::Member);
                play.merge(*other, &mut lead, &mut followers, (step.at, by))?;
            }
            _ => play.step(&mut lead, step, &mut followers)?,
        }
    }
    out.push(lead);
    for (mut follower, later) in followers {
        for step in later {
            play.step(&mut follower, step, &mut [])?;
        }
        out.push(follower);
    }
    Ok(())
}

/// A case that was merged, and what happened to it afterwards.
type Follower = (Played, Vec<PastStep>);

impl Play<'_> {
    fn file(&mut self, case: PastCase) -> Result<(Played, Vec<PastStep>), StoreError> {
        let (id, number) = (ComplaintId(self.ids.v4()), self.numbers.take(case.received_at)?);
        let desk = case.filing.about.unwrap_or(self.region);
        let filed = complaints::file(case.filing, id, self.region, desk, number, case.received_at);
        let beside = Beside {
            receipt_hash: self.ids.bytes::<32>().to_vec(),
            contact: case.contact,
            contact_erased_at: None,
            author_hash: None,
        };
        let played = Played {
            log: log_of(&filed, case.received_at, By::Complainant).collect(),
            case: Complaint {
                pace: filed.next.pace_as_told(self.rules),
                ..filed.next
            },
            beside,
            replies: Vec::new(),
            messages: Vec::new(),
            happened: filed.events,
        };
        Ok((played, case.steps))
    }

    fn merge(
        &mut self,
        other: PastCase,
        lead: &mut Played,
        followers: &mut Vec<Follower>,
        (at, by): (Timestamp, By),
    ) -> Result<(), StoreError> {
        let (mut follower, steps) = self.file(other)?;
        let (before, later): (Vec<_>, Vec<_>) = steps.into_iter().partition(|step| step.at <= at);
        for step in before {
            self.step(&mut follower, step, &mut [])?;
        }
        let merged = complaints::merge(&follower.case, &lead.case, at)?;
        follower.take(merged, at, by, self.rules);
        followers.push((follower, later));
        let along = Complaint::along(followers.iter().map(|(follower, _)| &follower.case), self.rules);
        if let Some(bound) = complaints::bind(&lead.case, along, self.rules) {
            lead.take(bound, at, by, self.rules);
        }
        Ok(())
    }

    /// One step; the cases that were merged into this one are answered with it, or go their own way again.
    fn step(&mut self, played: &mut Played, step: PastStep, followers: &mut [Follower]) -> Result<(), StoreError> {
        let by = match step.what {
            PastVerb::Lapse => By::System,
            _ => step.by.map_or(By::Complainant, By::Member),
        };
        let mut done = decide(&played.case, &step, self.rules, self.ids)?;
        if complaints::concerns_followers(&played.case, &done) {
            for (follower, _) in followers.iter_mut() {
                let reply = ReplyId(self.ids.v4());
                let lead = (&played.case, &done);
                if let Some(along) = complaints::follow(&follower.case, lead, reply, self.rules, step.at)? {
                    follower.take(along, step.at, by, self.rules);
                }
            }
            let along = Complaint::along(followers.iter().map(|(follower, _)| &follower.case), self.rules);
            done.next.pace.along = along.filter(|_| done.next.state.is_clocked());
        }
        played.take(done, step.at, by, self.rules);
        Ok(())
    }
}

/// A step's events, as they are logged with the time and the actor of the past.
fn log_of(step: &Step, at: Timestamp, by: By) -> impl Iterator<Item = NewEvent> {
    save::log_of(step).map(move |event| NewEvent {
        at: Some(at),
        by: Some(by),
        ..event
    })
}

fn decide(case: &Complaint, step: &PastStep, rules: &Rules, ids: &Ids) -> Result<Step, StoreError> {
    let at = step.at;
    // Only complainants act without a member behind them, and their verbs do not ask for one.
    let by = step.by.unwrap_or(MemberId(case.id.0));
    let step = match step.what.clone() {
        PastVerb::Accept => complaints::accept(case, at),
        PastVerb::NotAccept { reason, where_to_go } => {
            complaints::not_accept(case, &reason, where_to_go.as_deref(), at)
        }
        PastVerb::Assign { unit, handler } => complaints::assign(case, unit, handler, None, at),
        PastVerb::Draft { parts, submit } => complaints::draft_reply(case, parts, submit, Doer::own(by), at),
        PastVerb::Approve { send: false } => complaints::approve(case, Doer::own(by), at),
        PastVerb::Approve { send: true } => complaints::approve(case, Doer::own(by), at).and_then(|approved| {
            let mut sent = complaints::send_reply(&approved.next, ReplyId(ids.v4()), at)?;
            sent.events.splice(0..0, approved.events);
            Ok(sent)
        }),
        PastVerb::Message(body) => complaints::message(case, &body, MessageId(ids.v4()), by, at),
        PastVerb::Add(body) => complaints::add(case, &body, MessageId(ids.v4()), at),
        PastVerb::Rate { level, comment } => complaints::rate(case, level, comment.as_deref(), rules, at),
        PastVerb::Redo { reason, not_by } => complaints::redo(case, &reason, not_by, rules, at),
        PastVerb::Supervise(watch) => complaints::supervise(case, &watch, by, at),
        PastVerb::Report(report) => complaints::report(case, &report, at),
        PastVerb::MarkEmergency(reason) => complaints::mark_emergency(case, &reason),
        PastVerb::AskExtension { days, reason } => {
            complaints::ask_extension(case, days, &reason, Doer::own(by), rules, at)
        }
        PastVerb::Wait { question, days } => {
            let question = Question {
                id: MessageId(ids.v4()),
                body: &question,
                days,
                by,
            };
            complaints::wait(case, question, rules, at)
        }
        PastVerb::Object(reason) => complaints::object(case, &reason, rules, at),
        PastVerb::Refer { reason, to } => complaints::refer(case, &reason, &to, at),
        PastVerb::Conclude(reason) => complaints::conclude(case, reason.as_deref(), rules, at),
        PastVerb::Lapse => complaints::lapse(case, at),
        PastVerb::Withdraw(reason) => complaints::withdraw(case, reason.as_deref(), false, at),
        PastVerb::Lead(_) => return Err(StoreError::Bug("a case that was merged leads no other")),
    };
    Ok(step?)
}

/// Writes played cases with everything that belongs to them, and notes what happened.
pub(crate) async fn write(tx: &mut Tx, rules: &Rules, mut played: Vec<Played>) -> Result<(), StoreError> {
    for played in &mut played {
        played.outlive_contact(rules, tx.now());
    }
    let wholes: Vec<Whole<'_>> = played
        .iter()
        .map(|played| Whole {
            case: &played.case,
            beside: &played.beside,
            replies: &played.replies,
            messages: &played.messages,
            events: &played.happened,
        })
        .collect();
    save::insert_whole(tx, rules, &wholes).await?;
    keeping::start_over(tx).await?;
    for played in &mut played {
        for event in played.log.drain(..) {
            tx.record(event);
        }
    }
    Ok(())
}
