//! What was told is held to, whatever comes in between.

use std::collections::BTreeSet;

use chrono::{Datelike, Days};
use proptest::prelude::*;
use uuid::Uuid;

use super::super::{Channel, Event, Filing, Kind, Question, State, Step, steps};
use super::*;
use crate::{
    actor::Doer,
    calendar::{CalendarYear, STATE_COUNCIL},
    clocks::Clock,
    ids::{ComplaintId, MessageId, UnitId},
    settings::Settings,
};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn member(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

fn by(n: u128) -> Doer {
    Doer::own(member(n))
}

fn unit(n: u128) -> UnitId {
    UnitId(Uuid::from_u128(n))
}

fn noon(on: &str) -> Timestamp {
    Timestamp::start_of(day(on)).plus_seconds(12 * 3_600)
}

fn filed(kind: Kind, channel: Channel, at: Timestamp) -> Complaint {
    let filing = Filing::parse(kind, channel, "校门口堵车", "放学时过不去。", None, None, true).unwrap();
    steps::file(
        filing,
        ComplaintId(Uuid::from_u128(7)),
        unit(1),
        unit(2),
        "n".into(),
        at,
    )
    .next
}

/// As the store writes a step and reads the case again.
fn written(before: &Complaint, next: Complaint, rules: &Rules) -> Complaint {
    let next = next.on_its_ladder(before, rules);
    Complaint {
        pace: next.pace_as_told(rules),
        ..next
    }
}

fn question(days: u32) -> Question<'static> {
    Question {
        id: MessageId(Uuid::from_u128(1)),
        body: "请补充日期",
        days,
        by: member(1),
    }
}

#[test]
fn what_a_receipt_says_is_held_to_though_the_clock_begins_later() {
    let rules = Rules::default();
    let (at, later) = (noon("2026-11-23"), noon("2026-11-30"));
    let case = filed(Kind::Grievance, Channel::Web, at).promised(&rules);
    let case = written(&case.clone(), case, &rules);
    let said = day("2027-01-22");
    let mut tighter = rules.clone();
    tighter.settings.decide_days = 30;
    for rules in [&rules, &tighter] {
        assert_eq!(case.expected(rules).unwrap().due_on, said);
    }
    let taken = steps::accept(&case, later).unwrap().next;
    let due = taken.due(&rules).unwrap();
    assert_eq!((due.due_on, due.is_kept_as_told), (day("2027-01-29"), false));
    let due = written(&case, taken, &tighter).due(&tighter).unwrap();
    assert_eq!((due.due_on, due.is_kept_as_told), (said, true));
    // The receipt of a hotline's order says when that clock ends, which runs already.
    let order = filed(Kind::Grievance, Channel::Phone, at).promised(&rules);
    assert_eq!(order.expected(&rules).unwrap().clock, Clock::Hotline);
    assert_eq!(order.pace.promised_on, None);
}

/// Rules with 2027 loaded, and a Sunday in it worked.
fn with_worked(sunday: &str) -> Rules {
    let rules = Rules::default();
    let year = CalendarYear::parse(2027, &[(day("2027-01-01"), false), (day(sunday), true)]).unwrap();
    Rules {
        calendar: rules.calendar.with_year(&year),
        ..rules
    }
}

#[test]
fn a_step_under_new_rules_takes_nothing_from_what_was_told() {
    let rules = Rules::default();
    let at = noon("2026-11-23");
    let case = steps::accept(&filed(Kind::Grievance, Channel::Web, at), at)
        .unwrap()
        .next;
    let held = steps::wait(&case, question(9), &rules, at).unwrap().next;
    let told = written(&case, held, &rules);
    assert_eq!(
        told.due(&rules).unwrap().due_on,
        day("2027-02-01"),
        "31 January is a Sunday"
    );
    let arrived = with_worked("2027-01-31");
    let noted = written(&told, steps::note(&told, "看了一下").unwrap().next, &arrived);
    let due = noted.due(&arrived).unwrap();
    assert_eq!((due.due_on, due.is_kept_as_told), (day("2027-02-01"), true));
    assert_eq!(noted.moved(&arrived), None);
    // The complainant answers on the fourth day: five days less were held, and nobody was told of that before.
    let early = steps::resume(&noted, noon("2026-11-27")).unwrap().next;
    let early = written(&noted, early, &arrived);
    assert_eq!(early.due(&arrived).unwrap().due_on, day("2027-01-26"));
    // Kept as it was written and read again, and as a row without dates is read.
    let text = serde_json::to_string(&noted.pace).unwrap();
    assert_eq!(serde_json::from_str::<Pace>(&text).unwrap(), noted.pace);
    let before: Pace = serde_json::from_str(r#"{"holds":[],"told":{"clock":"decide","due_on":"2027-02-01"}}"#).unwrap();
    assert!(before.told_dates.is_empty());
    let mut row = noted;
    row.pace.told_dates.clear();
    let due = row.told_on(day("2027-02-01")).due(&arrived).unwrap();
    assert_eq!((due.due_on, due.is_kept_as_told), (day("2027-02-01"), true));
}

#[test]
fn what_new_rules_moved_is_known_until_it_is_written() {
    let rules = Rules::default();
    let at = noon("2026-11-23");
    let case = filed(Kind::Grievance, Channel::Web, at);
    let case = written(&case, steps::accept(&case, at).unwrap().next, &rules);
    assert_eq!(case.moved(&rules), None);
    let off = CalendarYear::parse(2027, &[(day("2027-01-22"), false)]).unwrap();
    let arrived = Rules {
        calendar: STATE_COUNCIL.clone().with_year(&off),
        ..rules
    };
    let moved = Event::DueMoved {
        from: day("2027-01-22"),
        to: day("2027-01-25"),
    };
    assert_eq!(case.moved(&arrived), Some(moved));
    let mut reminded = case;
    reminded.pace.rung = Some(Rung::DueSoon);
    let saved = written(&reminded, reminded.clone(), &arrived);
    assert_eq!(
        (saved.pace.rung, saved.moved(&arrived)),
        (None, None),
        "a new date begins a new ladder"
    );
}

/// A written end: clock, start, held days, extension, date.
type Written = (Clock, Day, BTreeSet<Day>, u32, Day);

fn ends(case: &Complaint, rules: &Rules) -> Vec<Written> {
    let held: BTreeSet<Day> = case
        .held()
        .into_iter()
        .flat_map(|held| held.from.iter_days().skip(1).take_while(move |day| *day <= held.until))
        .collect();
    case.dues(rules)
        .into_iter()
        .filter(|due| due.clock != Clock::Supervision)
        .map(|due| (due.clock, due.starts_on, held.clone(), due.extended_by, due.due_on))
        .collect()
}

/// Something that happens: the rules change, or somebody does something.
#[derive(Clone, Debug)]
enum Happens {
    Rules {
        decide: u32,
        days: u32,
        rolls: bool,
        flips: Vec<u32>,
    },
    Recompute,
    Note,
    Wait(u32),
    Resume,
    Ask(u32),
    Extend,
    AskLonger(u32),
    GrantLonger,
    Supervise(u32),
    Lift,
    Classify(usize),
    Reply,
    Redo,
    Days(u32),
}

fn happens() -> impl Strategy<Value = Happens> {
    let rules = (
        20_u32..61,
        1_u32..16,
        any::<bool>(),
        proptest::collection::vec(0_u32..120, 1..20),
    );
    prop_oneof![
        4 => rules.prop_map(|(decide, days, rolls, flips)| Happens::Rules { decide, days, rolls, flips }),
        2 => Just(Happens::Recompute),
        3 => Just(Happens::Note),
        2 => (1_u32..8).prop_map(Happens::Wait),
        2 => Just(Happens::Resume),
        2 => (1_u32..6).prop_map(Happens::Ask),
        2 => Just(Happens::Extend),
        1 => (1_u32..12).prop_map(Happens::AskLonger),
        1 => Just(Happens::GrantLonger),
        1 => (0_u32..40).prop_map(Happens::Supervise),
        1 => Just(Happens::Lift),
        1 => (0_usize..4).prop_map(Happens::Classify),
        1 => Just(Happens::Reply),
        1 => Just(Happens::Redo),
        4 => (1_u32..5).prop_map(Happens::Days),
    ]
}

/// A calendar in which some days of 2026-11-23 and the hundred and twenty after it are not what their weekday says.
fn rules_of(decide: u32, days: u32, rolls: bool, flips: &[u32]) -> Rules {
    let mut calendar = STATE_COUNCIL.clone();
    for year in [2026, 2027] {
        let flipped: BTreeSet<Day> = flips
            .iter()
            .map(|after| {
                day("2026-11-23")
                    .checked_add_days(Days::new(u64::from(*after)))
                    .unwrap()
            })
            .filter(|day| day.year() == year)
            .collect();
        let named: Vec<(Day, bool)> = flipped
            .into_iter()
            .map(|day| (day, !STATE_COUNCIL.is_worked(day)))
            .collect();
        if !named.is_empty() {
            calendar = calendar.with_year(&CalendarYear::parse(year, &named).unwrap());
        }
    }
    let settings = Settings {
        decide_days: decide,
        hotline_days: days,
        inquiry_days: days,
        suggestion_days: days,
        redo_days: days,
        rolls_forward: rolls,
        ..Settings::default()
    };
    settings.check().unwrap();
    Rules { calendar, settings }
}

fn take(case: &Complaint, what: &Happens, rules: &Rules, at: Timestamp) -> Option<Step> {
    match what {
        Happens::Rules { .. } | Happens::Recompute | Happens::Days(_) => None,
        Happens::Note => steps::note(case, "看了一下").ok(),
        Happens::Wait(days) => steps::wait(case, question(*days), rules, at).ok(),
        Happens::Resume => steps::resume(case, at).ok(),
        Happens::Ask(days) => steps::ask_extension(case, *days, "要等检测", by(1), rules, at).ok(),
        Happens::Extend => steps::extend(case, by(2), rules, at).ok(),
        Happens::AskLonger(days) => steps::ask_longer_hold(case, *days, "投诉人住院", by(1), rules, at).ok(),
        Happens::GrantLonger => steps::grant_longer_hold(case, by(2), rules, at).ok(),
        Happens::Supervise(days) => {
            let until = at.plus_seconds(i64::from(*days) * 86_400).day();
            let watch = steps::Watch {
                reason: "反映集中".into(),
                due_on: Some(until),
                report_days: None,
            };
            steps::supervise(case, &watch, member(1), at).ok()
        }
        Happens::Lift => steps::lift_supervision(case, "已办妥").ok(),
        Happens::Classify(kind) => {
            let kinds = [Kind::Grievance, Kind::Suggestion, Kind::Inquiry, Kind::Praise];
            steps::classify(case, *kinds.get(*kind)?, None).ok()
        }
        Happens::Reply => {
            let parts = crate::complaints::ReplyParts::parse("问", "查", "办", "据", true).unwrap();
            let drafted = steps::draft_reply(case, parts, true, by(3), at).ok()?.next;
            let approved = steps::approve(&drafted, by(2), at).ok()?.next;
            steps::send_reply(&approved, crate::ids::ReplyId(Uuid::from_u128(1)), at).ok()
        }
        Happens::Redo => steps::redo(case, "没说清", None, rules, at).ok(),
    }
}

proptest! {
    /// Rules change, people work, the worker recomputes, in any order: no run of a clock is ever shown or written with an
    /// earlier end than one that was written of it before, or of less of it; and no answer can be rated for less long.
    #[test]
    fn no_order_of_events_makes_a_told_date_earlier(
        is_order in any::<bool>(),
        story in proptest::collection::vec(happens(), 1..40),
    ) {
        let mut rules = Rules::default();
        let mut at = noon("2026-11-23");
        let channel = if is_order { Channel::Phone } else { Channel::Web };
        let case = steps::accept(&filed(Kind::Grievance, channel, at), at).unwrap().next;
        let mut case = written(&case.clone(), case, &rules);
        let mut told = ends(&case, &rules);
        let mut rating = None;
        for what in story {
            let next = match &what {
                Happens::Rules { decide, days, rolls, flips } => {
                    rules = rules_of(*decide, *days, *rolls, flips);
                    None
                }
                Happens::Days(days) => {
                    at = at.plus_seconds(i64::from(*days) * 86_400);
                    None
                }
                Happens::Recompute => Some(case.clone()),
                what => take(&case, what, &rules, at).map(|step| step.next),
            };
            let is_written = next.is_some();
            if let Some(next) = next {
                case = written(&case, next, &rules);
                prop_assert_eq!(case.moved(&rules), None);
            }
            let now = ends(&case, &rules);
            for (clock, start, held, extended, due) in &now {
                for (_, _, _, _, earlier) in told.iter().filter(|(c, s, h, e, _)| {
                    c == clock && s == start && h.is_subset(held) && e <= extended
                }) {
                    prop_assert!(due >= earlier, "{what:?}: {clock:?} was told as {earlier}, is {due}");
                }
            }
            let until = case.rating_ends_on(&rules).filter(|_| case.state == State::Replied);
            let until = until.map(|until| (case.last_replied_at, until));
            if let (Some((was, earlier)), Some((is, until))) = (rating, until) {
                prop_assert!(was != is || until >= earlier);
            }
            if is_written {
                told.extend(now);
                rating = until;
            }
            prop_assert!(case.pace.told_dates.len() < 24, "what binds no more is not kept");
            let held: u32 = case.pace.holds.iter().map(Hold::length).sum();
            prop_assert!(held <= rules.settings.longest_hold_days);
        }
    }
}
