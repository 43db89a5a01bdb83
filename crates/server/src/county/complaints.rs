//! The invented county's cases: scripts of what happened to each, in the order in which the rules allow it.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use liangnuo_domain::{
    clocks::Rules,
    complaints::{ReplyParts, Watch},
};
use liangnuo_persistence::county::PastVerb;

use super::{
    CountyComplaint, CountyStep, Desk, What,
    life::life,
    random::Seeded,
    texts::{SLOTS, THEMES, Theme},
};

/// How far a case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Received,
    Accepted,
    NotAccepted,
    Assigned,
    InHandling,
    Submitted,
    Replied,
    ConcludedRated,
    ConcludedUnrated,
    Unsatisfied,
    Withdrawn,
}

/// Cases at the demo school that make its screens look alive: fate, days since receipt, kind wanted.
const DEMO: [(Fate, i64, &str); 15] = [
    (Fate::Received, 0, "grievance"),
    (Fate::Received, 1, "inquiry"),
    (Fate::Received, 14, "grievance"),
    (Fate::Accepted, 6, "grievance"),
    (Fate::Accepted, 62, "grievance"),
    (Fate::Assigned, 4, "suggestion"),
    (Fate::Assigned, 70, "grievance"),
    (Fate::InHandling, 12, "grievance"),
    (Fate::InHandling, 6, "inquiry"),
    (Fate::InHandling, 61, "grievance"),
    (Fate::Submitted, 9, "grievance"),
    (Fate::Submitted, 3, "inquiry"),
    (Fate::Replied, 13, "grievance"),
    (Fate::Unsatisfied, 18, "grievance"),
    (Fate::ConcludedRated, 25, "grievance"),
];

/// Those who write under the cases.
#[derive(Clone, Debug)]
pub struct Desks {
    /// The demo school's.
    pub demo: Desk,
    /// All schools', the demo school's among them.
    pub schools: Vec<Desk>,
    /// The bureau's.
    pub root: Desk,
    /// The inspectors', for reports.
    pub inspection: Desk,
    /// Who puts cases under supervision.
    pub leader: usize,
}

/// Fewest cases of a county that has some of everything.
pub(super) const LIFE_FROM: usize = 100;

const LIFE_SEED: u64 = 12_345;

/// Days over which the cases are spread.
pub const DAYS: i64 = 3_650;

/// How busy the years were, this one first.
const YEARS: [u64; 10] = [20, 18, 16, 14, 12, 10, 8, 7, 6, 5];

/// How busy the months are, in percent of a usual one: the school year begins in September and in March.
const MONTHS: [u64; 12] = [70, 50, 130, 100, 100, 120, 60, 90, 160, 110, 110, 100];

/// All cases, one after the other, so that no number of them needs memory: the demo school's own first, what is rare, then `count`
/// others over ten years, oldest first.
pub struct Cases {
    writer: Writer,
    /// Days ago with the cases of the days up to it, oldest first.
    days: std::vec::IntoIter<(i64, usize)>,
    /// What is still to be told of one day, next one last: days ago, minutes before the clock time of today.
    day: Vec<(i64, i64)>,
    made: usize,
    demo: std::slice::Iter<'static, (Fate, i64, &'static str)>,
    /// Cases of everything that is rare; none in a county that is nearly empty.
    life: std::vec::IntoIter<CountyComplaint>,
    /// Cases that were made beyond the number: those that were merged into another one.
    ahead: usize,
}

impl Cases {
    pub fn new(random: Seeded, today: NaiveDateTime, desks: Desks, count: usize) -> Self {
        let mut apart = Writer {
            random: Seeded::new(LIFE_SEED),
            today,
            desks: desks.clone(),
        };
        let life = if count < LIFE_FROM {
            Vec::new()
        } else {
            life(&mut apart)
        };
        let weights: Vec<u64> = (2..DAYS).rev().map(|days| weight(today, days)).collect();
        let total = weights.iter().sum::<u64>().max(1);
        let mut sum = 0;
        let days: Vec<(i64, usize)> = (2..DAYS)
            .rev()
            .zip(weights)
            .map(|(days, weight)| {
                sum += weight;
                let share = u128::try_from(count).unwrap_or(0) * u128::from(sum) / u128::from(total);
                (days, usize::try_from(share).unwrap_or(count))
            })
            .collect();
        Self {
            writer: Writer { random, today, desks },
            days: days.into_iter(),
            day: Vec::new(),
            made: 0,
            demo: DEMO.iter(),
            life: life.into_iter(),
            ahead: 0,
        }
    }

    /// When the next case came in.
    fn next_time(&mut self) -> Option<(i64, i64)> {
        while self.day.is_empty() {
            let (days, until) = self.days.next()?;
            let random = &mut self.writer.random;
            let mut minutes: Vec<i64> = (self.made..until)
                .map(|_| i64::try_from(random.below(720)).unwrap_or(0))
                .collect();
            minutes.sort_unstable();
            self.made = until;
            self.day = minutes.into_iter().map(|minutes| (days, minutes + 30)).collect();
        }
        self.day.pop()
    }
}

impl Iterator for Cases {
    type Item = CountyComplaint;

    fn next(&mut self) -> Option<CountyComplaint> {
        if let Some((fate, days, kind)) = self.demo.next() {
            let theme = self.writer.theme(kind);
            let minutes = i64::try_from(self.writer.random.below(720)).unwrap_or(0) + 30;
            let desk = self.writer.desks.demo;
            return Some(self.writer.case(theme, desk, Some(desk.unit), *fate, (*days, minutes)));
        }
        if let Some(case) = self.life.next() {
            return Some(case);
        }
        loop {
            let time = self.next_time()?;
            if self.ahead > 0 {
                self.ahead -= 1;
                continue;
            }
            let case = self.writer.any_case(time);
            let is_lead = |step: &&CountyStep| matches!(step.what, What::Lead(_));
            self.ahead += case.steps.iter().filter(is_lead).count();
            return Some(case);
        }
    }
}

/// How many cases a day has beside others.
fn weight(today: NaiveDateTime, days_ago: i64) -> u64 {
    let day = today - Duration::days(days_ago);
    let year = usize::try_from(days_ago / 365).unwrap_or(0);
    let month = usize::try_from(day.month0()).unwrap_or(0);
    let weekday = match day.weekday() {
        Weekday::Sat | Weekday::Sun => 45,
        Weekday::Mon => 120,
        _ => 100,
    };
    YEARS.get(year).unwrap_or(&5) * MONTHS.get(month).unwrap_or(&100) * weekday
}

pub(super) struct Writer {
    pub(super) random: Seeded,
    pub(super) today: NaiveDateTime,
    pub(super) desks: Desks,
}

impl Writer {
    /// A case of anybody about anything, which came in so many days and minutes ago.
    fn any_case(&mut self, time: (i64, i64)) -> CountyComplaint {
        let theme = self.any_theme();
        let fate = self.fate(theme.kind, time.0);
        let school = self.random.below(self.desks.schools.len());
        let school = self.desks.schools.get(school).copied().unwrap_or(self.desks.demo);
        if theme.kind == "report" {
            return self.case(theme, self.desks.inspection, Some(school.unit), fate, time);
        }
        if self.random.percent(15) {
            return self.case(theme, self.desks.root, None, fate, time);
        }
        self.case(theme, school, Some(school.unit), fate, time)
    }

    fn any_theme(&mut self) -> &'static Theme {
        THEMES.get(self.random.below(THEMES.len())).unwrap_or(&THEMES[0])
    }

    pub(super) fn theme(&mut self, kind: &str) -> &'static Theme {
        loop {
            let theme = self.any_theme();
            if theme.kind == kind {
                return theme;
            }
        }
    }

    fn fate(&mut self, kind: &str, days: i64) -> Fate {
        let roll = self.random.below(100);
        if kind == "praise" {
            return if days < 10 && roll < 40 {
                Fate::Received
            } else {
                Fate::ConcludedUnrated
            };
        }
        match (days, roll) {
            (..20, ..14) => Fate::Received,
            (..30, ..26) => Fate::Accepted,
            (..35, ..36) => Fate::Assigned,
            (..45, ..48) => Fate::InHandling,
            (..45, ..58) => Fate::Submitted,
            (..60, ..66) => Fate::Replied,
            (_, 66..69) => Fate::NotAccepted,
            (_, 69..71) => Fate::Withdrawn,
            (_, 71..74) => Fate::Unsatisfied,
            (_, 74..) => Fate::ConcludedRated,
            _ => Fate::ConcludedUnrated,
        }
    }

    /// The same clock time on a later day, in working hours, never after today.
    pub(super) fn later(&mut self, at: NaiveDateTime, days: i64) -> NaiveDateTime {
        let mut then = at + Duration::days(days);
        while matches!(then.weekday(), Weekday::Sat | Weekday::Sun) {
            then += Duration::days(1);
        }
        let hour = 8 + u32::try_from(self.random.below(9)).unwrap_or(0);
        let minute = u32::try_from(self.random.below(60)).unwrap_or(0);
        let timed = NaiveTime::from_hms_opt(hour, minute, 0).map_or(then, |time| then.date().and_time(time));
        timed.max(at + Duration::minutes(20)).min(self.today)
    }

    pub(super) fn filed(
        &mut self,
        theme: &Theme,
        about: Option<usize>,
        received_at: NaiveDateTime,
    ) -> (CountyComplaint, &'static str) {
        let slot = self.random.pick(&SLOTS).copied().unwrap_or("三年级");
        let title = self.random.pick(theme.titles).copied().unwrap_or_default();
        let body = self.random.pick(theme.bodies).copied().unwrap_or_default();
        let channel = match self.random.below(20) {
            0..12 => "web",
            12..15 => "phone",
            15 | 16 => "counter",
            17 => "mailbox",
            18 => "email",
            _ => "mobile",
        };
        let contact = self.random.percent(60).then(|| {
            let (name, _) = super::people::name(&mut self.random);
            let phone = format!("000-0000-{:04}", self.random.below(10_000));
            (name, self.random.percent(80).then_some(phone))
        });
        let complaint = CountyComplaint {
            kind: theme.kind,
            category: self.random.percent(90).then_some(theme.category),
            channel,
            title: title.to_owned(),
            body: body.replace("{}", slot),
            about,
            contact,
            received_at,
            steps: Vec::new(),
        };
        (complaint, slot)
    }

    fn case(
        &mut self,
        theme: &Theme,
        desk: Desk,
        about: Option<usize>,
        fate: Fate,
        (days, minutes): (i64, i64),
    ) -> CountyComplaint {
        let received_at = self.today - Duration::days(days) - Duration::minutes(minutes);
        let (mut case, slot) = self.filed(theme, about, received_at);
        let mut steps = Vec::new();
        let mut at = self.screened(theme, desk, fate, received_at, &mut steps);
        if fate >= Fate::Assigned && theme.kind != "praise" {
            let is_over = days > 120 && fate >= Fate::ConcludedRated && fate != Fate::Withdrawn;
            let merged = is_over && theme.kind != "report" && self.random.percent(3);
            if merged {
                steps.push(self.lead(theme, desk, about, at));
                at += Duration::minutes(60);
            }
            at = self.given(desk, fate, at, &mut steps);
            if fate >= Fate::InHandling && fate != Fate::Withdrawn {
                at = self.answered(theme, desk, fate, (at, slot), &case.title, &mut steps);
                if fate > Fate::Submitted {
                    self.end(fate, at, desk, (theme, slot, &case.title), &mut steps);
                }
            }
            if merged {
                self.end_merged(at, &mut steps);
            }
        }
        case.steps = steps;
        case
    }

    /// Taken or not; praise is passed on and that is all.
    fn screened(
        &mut self,
        theme: &Theme,
        desk: Desk,
        fate: Fate,
        received_at: NaiveDateTime,
        steps: &mut Vec<CountyStep>,
    ) -> NaiveDateTime {
        if fate == Fate::Received {
            return received_at;
        }
        let mut at = self.later(received_at, 1);
        if fate == Fate::NotAccepted {
            let reason = "反映的事项不属于教育部门的职责范围。".to_owned();
            let where_to_go = Some("县市场监督管理局，电话 0000-5550300".to_owned());
            steps.push(step(at, desk.handler, PastVerb::NotAccept { reason, where_to_go }));
            return at;
        }
        steps.push(step(at, desk.handler, PastVerb::Accept));
        if theme.kind == "praise" {
            at = self.later(at, 1);
            let what = PastVerb::Conclude(Some("已向本人转达，感谢来信。".to_owned()));
            steps.push(step(at, desk.handler, what));
        }
        at
    }

    /// Given to its handler; sometimes a leader looks on, sometimes it is taken back.
    fn given(&mut self, desk: Desk, fate: Fate, from: NaiveDateTime, steps: &mut Vec<CountyStep>) -> NaiveDateTime {
        let mut at = self.later(from, 1);
        let what = What::Assign {
            unit: desk.unit,
            handler: desk.handler,
        };
        steps.push(step(at, desk.head, what));
        if self.random.percent(2) {
            at = self.later(at, 1);
            let reason = "家长反映集中，请限期办结并报结果。".to_owned();
            let due_on = self.random.percent(50).then(|| (at + Duration::days(20)).date());
            steps.push(step(at, self.desks.leader, supervised(reason, due_on)));
            at += Duration::minutes(40);
            let report = "已联系反映人了解情况，责任人正在现场核实，核实后按时报结果。".to_owned();
            steps.push(step(at, desk.handler, PastVerb::Report(report)));
        }
        if fate == Fate::Withdrawn {
            at = self.later(at, 2);
            let what = PastVerb::Withdraw(Some("问题已经当面解决。".to_owned()));
            steps.push(by_nobody(at, what));
        }
        at
    }

    /// Another case about the same, which came in when this one was taken, and is merged into it.
    pub(super) fn lead(&mut self, theme: &Theme, desk: Desk, about: Option<usize>, taken: NaiveDateTime) -> CountyStep {
        let (other, _) = self.filed(theme, about, taken + Duration::minutes(5));
        step(taken + Duration::minutes(45), desk.handler, What::Lead(Box::new(other)))
    }

    /// Whoever was answered along with another case did not rate the answer.
    fn end_merged(&mut self, answered: NaiveDateTime, steps: &mut [CountyStep]) {
        self.later(answered, 16);
        for lead in steps {
            if let What::Lead(other) = &mut lead.what {
                other.steps.extend(self.lapsed(answered));
            }
        }
    }

    /// The product concludes what could not be rated any longer, if that time has come.
    fn lapsed(&self, answered: NaiveDateTime) -> Option<CountyStep> {
        let rules = Rules::default();
        let last = rules.last_day(answered.date(), rules.settings.rating_days);
        let at = last.and_time(NaiveTime::MIN) + Duration::days(1);
        (at <= self.today).then(|| by_nobody(at, PastVerb::Lapse))
    }

    /// Worked on, perhaps with a question, and as far as the fate goes handed in and sent.
    fn answered(
        &mut self,
        theme: &Theme,
        desk: Desk,
        fate: Fate,
        (from, slot): (NaiveDateTime, &str),
        title: &str,
        steps: &mut Vec<CountyStep>,
    ) -> NaiveDateTime {
        let mut at = self.later(from, 2);
        steps.push(step(at, desk.handler, draft(theme, slot, title, false)));
        if self.random.percent(20) {
            at = self.later(at, 1);
            let text = "请问大约是哪几天、哪个班？便于我们调当天的记录。不用写孩子的名字。".to_owned();
            steps.push(step(at, desk.handler, PastVerb::Message(text)));
            at = self.later(at, 1);
            let what = PastVerb::Add(format!("{slot}，上周二到周四都是这样。"));
            steps.push(by_nobody(at, what));
        }
        if fate != Fate::InHandling {
            let days = self.days_to_reply();
            at = self.later(at, days);
            steps.push(step(at, desk.handler, draft(theme, slot, title, true)));
        }
        if fate > Fate::Submitted {
            at = self.later(at, 1);
            steps.push(step(at, desk.head, PastVerb::Approve { send: true }));
        }
        at
    }

    /// Mostly a week, sometimes weeks, rarely months.
    fn days_to_reply(&mut self) -> i64 {
        let days = match self.random.below(100) {
            0..45 => 1 + self.random.below(5),
            45..80 => 4 + self.random.below(12),
            80..95 => 14 + self.random.below(25),
            _ => 40 + self.random.below(45),
        };
        i64::try_from(days).unwrap_or(7)
    }

    fn end(
        &mut self,
        fate: Fate,
        answered: NaiveDateTime,
        desk: Desk,
        about: (&Theme, &str, &str),
        steps: &mut Vec<CountyStep>,
    ) {
        let days = 1 + i64::try_from(self.random.below(6)).unwrap_or(0);
        let at = self.later(answered, days);
        match fate {
            Fate::ConcludedRated => {
                let level = [5, 5, 4, 4, 4, 3].get(self.random.below(6)).copied().unwrap_or(4);
                let comment = self.random.percent(30).then(|| "已经看到改了，谢谢。".to_owned());
                steps.push(rated(at, level, comment));
            }
            Fate::Unsatisfied => {
                let level = [1, 2, 2].get(self.random.below(3)).copied().unwrap_or(2);
                steps.push(rated(at, level, Some("说是改了，这周还是老样子。".to_owned())));
                // Before its time is over it is open, as it should be.
                if at + Duration::days(60) > self.today {
                    return;
                }
                if desk.second != desk.handler && self.random.percent(50) {
                    self.done_again(at, desk, about, steps);
                } else {
                    self.later(at, 16);
                    steps.extend(self.lapsed(answered));
                }
            }
            Fate::ConcludedUnrated => {
                self.later(at, 15);
                steps.extend(self.lapsed(answered));
            }
            _ => {}
        }
    }

    /// The complainant wants it done again, and the head gives it to the second handler; gives when.
    pub(super) fn asked_again(
        &mut self,
        rated_at: NaiveDateTime,
        desk: Desk,
        steps: &mut Vec<CountyStep>,
    ) -> NaiveDateTime {
        let mut at = self.later(rated_at, 1);
        let what = What::Redo {
            reason: "答复和实际情况不一样，请重新核实。".to_owned(),
            not_by: desk.handler,
        };
        steps.push(by_nobody(at, what));
        at = self.later(at, 1);
        let what = What::Assign {
            unit: desk.unit,
            handler: desk.second,
        };
        steps.push(step(at, desk.head, what));
        at
    }

    /// The complainant asks for it again, and another handler answers to their satisfaction.
    fn done_again(
        &mut self,
        rated_at: NaiveDateTime,
        desk: Desk,
        (theme, slot, title): (&Theme, &str, &str),
        steps: &mut Vec<CountyStep>,
    ) {
        let mut at = self.asked_again(rated_at, desk, steps);
        at = self.later(at, 5);
        steps.push(step(at, desk.second, draft(theme, slot, title, true)));
        at = self.later(at, 1);
        steps.push(step(at, desk.head, PastVerb::Approve { send: true }));
        at = self.later(at, 2);
        steps.push(rated(at, 4, None));
    }
}

pub(super) fn step(at: NaiveDateTime, by: usize, what: impl Into<What>) -> CountyStep {
    CountyStep {
        at,
        by: Some(by),
        what: what.into(),
    }
}

/// A step of the complainant, or of the product.
fn by_nobody(at: NaiveDateTime, what: impl Into<What>) -> CountyStep {
    CountyStep {
        at,
        by: None,
        what: what.into(),
    }
}

pub(super) fn rated(at: NaiveDateTime, level: i16, comment: Option<String>) -> CountyStep {
    by_nobody(at, PastVerb::Rate { level, comment })
}

/// Under supervision, with a report once a week.
pub(super) fn supervised(reason: String, due_on: Option<NaiveDate>) -> PastVerb {
    PastVerb::Supervise(Watch {
        reason,
        due_on,
        report_days: Some(5),
    })
}

pub(super) fn draft(theme: &Theme, slot: &str, title: &str, submit: bool) -> PastVerb {
    let parts = ReplyParts {
        request: format!("您反映：{title}。"),
        facts: theme.facts.replace("{}", slot),
        decision: theme.decision.replace("{}", slot),
        basis: if submit { theme.basis.to_owned() } else { String::new() },
    };
    PastVerb::Draft { parts, submit }
}
