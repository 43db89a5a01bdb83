//! A few cases of everything that is rare, so that no part of the console stands empty: they come from a sequence of their
//! own, and nothing else in the county changes with them.

use chrono::Duration;
use liangnuo_persistence::county::PastVerb;

use super::{
    CountyComplaint, CountyStep, Desk, What,
    complaints::{Writer, draft, rated, step, supervised},
    texts::Theme,
};

/// What is out of the ordinary about a case.
#[derive(Clone, Copy, Debug)]
enum Twist {
    Emergency,
    ExtensionAsked,
    Waiting,
    Objected,
    Redoing,
    Duplicate,
    Supervised,
    Referred,
}

/// Each with how many days ago it came in.
const TWISTS: [(Twist, i64); 8] = [
    (Twist::Emergency, 5),
    (Twist::ExtensionAsked, 40),
    (Twist::Waiting, 9),
    (Twist::Objected, 6),
    (Twist::Redoing, 29),
    (Twist::Duplicate, 7),
    (Twist::Supervised, 12),
    (Twist::Referred, 15),
];

/// Schools beside the demo school that have each of them, too, by their place.
const OTHERS: [usize; 2] = [3, 11];

/// How many cases these are, without those that are merged into one of them.
pub(super) const COUNT: usize = TWISTS.len() * (OTHERS.len() + 1);

/// All of them, the oldest first.
pub(super) fn life(writer: &mut Writer) -> Vec<CountyComplaint> {
    let others = OTHERS
        .iter()
        .filter_map(|place| writer.desks.schools.get(*place))
        .copied();
    let desks: Vec<Desk> = std::iter::once(writer.desks.demo).chain(others).collect();
    let mut cases = Vec::with_capacity(COUNT);
    for (nth, desk) in (0_i64..).zip(desks) {
        for (twist, days) in TWISTS {
            cases.push(case(writer, desk, twist, days + nth));
        }
    }
    cases.sort_by_key(|case| case.received_at);
    cases
}

fn case(writer: &mut Writer, desk: Desk, twist: Twist, days: i64) -> CountyComplaint {
    let theme = writer.theme("grievance");
    let minutes = i64::try_from(writer.random.below(600)).unwrap_or(0) + 30;
    let received_at = writer.today - Duration::days(days) - Duration::minutes(minutes);
    // What a school objects to came in at the bureau.
    let about = (!matches!(twist, Twist::Objected)).then_some(desk.unit);
    let (mut case, slot) = writer.filed(theme, about, received_at);
    // A hotline's order has a clock of days, in which little of this has room.
    case.channel = "web";
    let steps = steps(writer, desk, twist, (theme, slot, &case));
    case.steps = steps;
    case
}

fn steps(
    writer: &mut Writer,
    desk: Desk,
    twist: Twist,
    (theme, slot, case): (&'static Theme, &str, &CountyComplaint),
) -> Vec<CountyStep> {
    let first = if matches!(twist, Twist::Objected) {
        writer.desks.root
    } else {
        desk
    };
    let mut at = writer.later(case.received_at, 1);
    if matches!(twist, Twist::Referred) {
        let reason = "反映的是校外培训机构，由县市场监督管理局查处。".to_owned();
        let to = "县市场监督管理局，电话 0000-5550300".to_owned();
        return vec![step(at, first.handler, PastVerb::Refer { reason, to })];
    }
    let mut steps = vec![step(at, first.handler, PastVerb::Accept)];
    match twist {
        Twist::Emergency => {
            at = (at + Duration::minutes(5)).min(writer.today);
            let reason = "反映孩子可能受伤，请马上到现场查看并联系家长。".to_owned();
            steps.push(step(at, first.handler, PastVerb::MarkEmergency(reason)));
        }
        Twist::Duplicate => {
            steps.push(writer.lead(theme, desk, case.about, at));
            at += Duration::minutes(60);
        }
        _ => {}
    }
    at = writer.later(at, 1);
    let given = What::Assign {
        unit: desk.unit,
        handler: desk.handler,
    };
    steps.push(step(at, first.head, given));
    match twist {
        Twist::Supervised => {
            at = writer.later(at, 1);
            let reason = "家长反映集中，请限期办结并报结果。".to_owned();
            let due_on = Some((writer.today + Duration::days(5)).date());
            steps.push(step(at, writer.desks.leader, supervised(reason, due_on)));
        }
        Twist::Objected => {
            at = writer.later(at, 1);
            let reason = "反映的路段由镇中心校管理，不在我校校内。".to_owned();
            steps.push(step(at, desk.head, PastVerb::Object(reason)));
        }
        Twist::Redoing => redone(writer, desk, at, (theme, slot, &case.title), &mut steps),
        Twist::ExtensionAsked | Twist::Waiting | Twist::Duplicate => {
            at = writer.later(at, 2);
            steps.push(step(at, desk.handler, draft(theme, slot, &case.title, false)));
        }
        Twist::Emergency | Twist::Referred => {}
    }
    match twist {
        Twist::ExtensionAsked => {
            at = writer.later(at, 20);
            let reason = "第三方检测报告下周才能出，拿到报告再答复。".to_owned();
            steps.push(step(at, desk.handler, PastVerb::AskExtension { days: 15, reason }));
        }
        Twist::Waiting => {
            at = writer.later(at, 1);
            let question = "请问大约是哪几天、哪个班？便于我们调当天的记录。不用写孩子的名字。".to_owned();
            steps.push(step(at, desk.handler, PastVerb::Wait { question, days: 10 }));
        }
        _ => {}
    }
    steps
}

/// Answered, not to the complainant's satisfaction, and with another handler now.
fn redone(
    writer: &mut Writer,
    desk: Desk,
    given: chrono::NaiveDateTime,
    (theme, slot, title): (&Theme, &str, &str),
    steps: &mut Vec<CountyStep>,
) {
    let mut at = writer.later(given, 4);
    steps.push(step(at, desk.handler, draft(theme, slot, title, true)));
    at = writer.later(at, 1);
    steps.push(step(at, desk.head, PastVerb::Approve { send: true }));
    at = writer.later(at, 2);
    steps.push(rated(at, 2, Some("说是改了，这周还是老样子。".to_owned())));
    writer.asked_again(at, desk, steps);
}
