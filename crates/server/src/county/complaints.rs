//! The invented county's cases: scripts of what happened to each, in the order in which the rules allow it.

use chrono::{Datelike, Duration, NaiveDateTime, NaiveTime, Weekday};

use super::{
    CountyComplaint, CountyStep, Desk, What,
    random::Seeded,
    texts::{SLOTS, THEMES, Theme},
};

/// How far a case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

struct Writer<'a> {
    random: &'a mut Seeded,
    today: NaiveDateTime,
}

/// All cases: the demo school's first, then `count` others over the last two years.
pub fn complaints(
    random: &mut Seeded,
    today: NaiveDateTime,
    demo: &Desk,
    desks: &[Desk],
    root: &Desk,
    inspectors: &[usize],
    count: usize,
) -> Vec<CountyComplaint> {
    let mut writer = Writer { random, today };
    let mut out = Vec::with_capacity(count + DEMO.len());
    for (fate, days, kind) in DEMO {
        let theme = writer.theme(kind);
        out.push(writer.case(theme, demo, Some(demo.unit), fate, days));
    }
    for _ in 0..count {
        let theme = writer.any_theme();
        let days = 2 + i64::try_from(writer.random.below(728)).unwrap_or(0);
        if theme.kind == "report" {
            let desk = writer.random.pick(desks).unwrap_or(demo).unit;
            out.push(writer.report(theme, desk, inspectors, days));
            continue;
        }
        let fate = writer.fate(theme.kind, days);
        if writer.random.percent(15) {
            out.push(writer.case(theme, root, None, fate, days));
        } else if let Some(desk) = writer.random.pick(desks).cloned() {
            out.push(writer.case(theme, &desk, Some(desk.unit), fate, days));
        }
    }
    out
}

impl Writer<'_> {
    fn any_theme(&mut self) -> &'static Theme {
        THEMES.get(self.random.below(THEMES.len())).unwrap_or(&THEMES[0])
    }

    fn theme(&mut self, kind: &str) -> &'static Theme {
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
    fn later(&mut self, at: NaiveDateTime, days: i64) -> NaiveDateTime {
        let mut then = at + Duration::days(days);
        while matches!(then.weekday(), Weekday::Sat | Weekday::Sun) {
            then += Duration::days(1);
        }
        let hour = 8 + u32::try_from(self.random.below(9)).unwrap_or(0);
        let minute = u32::try_from(self.random.below(60)).unwrap_or(0);
        let timed = NaiveTime::from_hms_opt(hour, minute, 0).map_or(then, |time| then.date().and_time(time));
        timed.max(at + Duration::minutes(20)).min(self.today)
    }

    fn filed(&mut self, theme: &Theme, about: Option<usize>, days: i64) -> (CountyComplaint, &'static str) {
        let slot = self.random.pick(&SLOTS).copied().unwrap_or("三年级");
        let title = self.random.pick(theme.titles).copied().unwrap_or_default();
        let body = self.random.pick(theme.bodies).copied().unwrap_or_default();
        let minutes = i64::try_from(self.random.below(720)).unwrap_or(0);
        let received_at = self.today - Duration::days(days) - Duration::minutes(minutes + 30);
        let channel = match self.random.below(20) {
            0..12 => "web",
            12..15 => "phone",
            15 | 16 => "counter",
            17 => "mailbox",
            18 => "email",
            _ => "mobile",
        };
        let contact = self.random.percent(60).then(|| {
            let (name, _) = super::people::name(self.random);
            let phone = format!("000-0000-{:04}", self.random.below(10_000));
            (name, self.random.percent(80).then_some(phone))
        });
        let complaint = CountyComplaint {
            kind: theme.kind,
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

    fn report(&mut self, theme: &Theme, about: usize, inspectors: &[usize], days: i64) -> CountyComplaint {
        let (mut case, _) = self.filed(theme, Some(about), days);
        if let Some(inspector) = inspectors.first().filter(|_| days > 20) {
            let at = self.later(case.received_at, 3);
            case.steps.push(CountyStep {
                at,
                by: Some(*inspector),
                what: What::Accept,
            });
        }
        case
    }

    fn case(&mut self, theme: &Theme, desk: &Desk, about: Option<usize>, fate: Fate, days: i64) -> CountyComplaint {
        let (mut case, slot) = self.filed(theme, about, days);
        let mut at = case.received_at;
        let mut push = |at: NaiveDateTime, by: Option<usize>, what: What| case.steps.push(CountyStep { at, by, what });
        if fate == Fate::Received {
            return case;
        }
        at = self.later(at, 1);
        if fate == Fate::NotAccepted {
            let reason = "反映的事项不属于教育部门的职责范围。".to_owned();
            let where_to_go = "县市场监督管理局，电话 0000-5550300".to_owned();
            push(at, Some(desk.handler), What::NotAccept { reason, where_to_go });
            return case;
        }
        push(at, Some(desk.handler), What::Accept);
        if theme.kind == "praise" {
            at = self.later(at, 1);
            push(
                at,
                Some(desk.handler),
                What::Conclude(Some("已向本人转达，感谢来信。".to_owned())),
            );
            return case;
        }
        if fate == Fate::Accepted {
            return case;
        }
        at = self.later(at, 1);
        push(
            at,
            Some(desk.head),
            What::Assign {
                unit: desk.unit,
                handler: desk.handler,
            },
        );
        if fate == Fate::Assigned {
            return case;
        }
        if fate == Fate::Withdrawn {
            at = self.later(at, 2);
            push(at, None, What::Withdraw(Some("问题已经当面解决。".to_owned())));
            return case;
        }
        let draft = |submit: bool| What::Draft {
            request: format!("您反映：{}。", case.title),
            facts: theme.facts.replace("{}", slot),
            decision: theme.decision.replace("{}", slot),
            basis: if submit { theme.basis.to_owned() } else { String::new() },
            submit,
        };
        let (first, handed_in) = (draft(false), draft(true));
        let asks = self.random.percent(20);
        at = self.later(at, 2);
        let mut steps = vec![CountyStep {
            at,
            by: Some(desk.handler),
            what: first,
        }];
        if asks {
            at = self.later(at, 1);
            let text = "请问大约是哪几天、哪个班？便于我们调当天的记录。不用写孩子的名字。".to_owned();
            steps.push(CountyStep {
                at,
                by: Some(desk.handler),
                what: What::Message(text),
            });
            at = self.later(at, 1);
            let text = format!("{slot}，上周二到周四都是这样。");
            steps.push(CountyStep {
                at,
                by: None,
                what: What::Add(text),
            });
        }
        if fate != Fate::InHandling {
            let days = self.days_to_reply();
            at = self.later(at, days);
            steps.push(CountyStep {
                at,
                by: Some(desk.handler),
                what: handed_in,
            });
        }
        if !matches!(fate, Fate::InHandling | Fate::Submitted) {
            at = self.later(at, 1);
            steps.push(CountyStep {
                at,
                by: Some(desk.head),
                what: What::Approve { send: true },
            });
            self.end(fate, at, desk, &mut steps);
        }
        case.steps.append(&mut steps);
        case
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

    fn end(&mut self, fate: Fate, answered: NaiveDateTime, desk: &Desk, steps: &mut Vec<CountyStep>) {
        let days = 1 + i64::try_from(self.random.below(6)).unwrap_or(0);
        let at = self.later(answered, days);
        match fate {
            Fate::ConcludedRated => {
                let level = [5, 5, 4, 4, 4, 3].get(self.random.below(6)).copied().unwrap_or(4);
                let comment = self.random.percent(30).then(|| "已经看到改了，谢谢。".to_owned());
                steps.push(CountyStep {
                    at,
                    by: None,
                    what: What::Rate { level, comment },
                });
            }
            Fate::Unsatisfied => {
                let level = [1, 2, 2].get(self.random.below(3)).copied().unwrap_or(2);
                let comment = Some("说是改了，这周还是老样子。".to_owned());
                steps.push(CountyStep {
                    at,
                    by: None,
                    what: What::Rate { level, comment },
                });
            }
            Fate::ConcludedUnrated => {
                let what = What::Conclude(Some("答复满期，投诉人未评价。".to_owned()));
                steps.push(CountyStep {
                    at: self.later(at, 15),
                    by: Some(desk.handler),
                    what,
                });
            }
            _ => {}
        }
    }
}
