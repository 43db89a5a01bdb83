//! Every state with every verb: either it moves as the table says, or it refuses and nothing changes.

use uuid::Uuid;

use super::*;
use crate::{
    clocks::{Clock, Rules, Rung},
    complaints::{CaseView, Channel, Draft, Extension, Hold, ReplyParts, Supervision, Wake, allowed, transitions},
    ids::{MemberId, MessageId, ReplyId},
    time::Day,
};

const NOW: Timestamp = Timestamp::from_micros(1_763_870_400_000_000);

fn member(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

fn unit(n: u128) -> UnitId {
    UnitId(Uuid::from_u128(n))
}

fn parts() -> ReplyParts {
    ReplyParts::parse("问", "查", "办", "据", true).unwrap()
}

fn filing(kind: Kind) -> Filing {
    Filing::parse(
        kind,
        Channel::Web,
        "食堂饭菜偏凉",
        "孩子中午吃到的饭菜是凉的。",
        Some(unit(2)),
        None,
        true,
    )
    .unwrap()
}

/// A complaint in `state`, complete enough for every verb that the table allows there.
fn in_state(state: State) -> Complaint {
    let filed = file(
        filing(Kind::Praise),
        ComplaintId(Uuid::from_u128(7)),
        unit(1),
        unit(2),
        "n".into(),
        NOW,
    )
    .next;
    let is_answered = matches!(state, State::Replied | State::Concluded);
    Complaint {
        state,
        accepted_at: Some(NOW),
        assigned_at: Some(NOW),
        replied_at: is_answered.then_some(NOW),
        last_replied_at: is_answered.then_some(NOW),
        draft: (state == State::ReplyDrafted).then(|| Draft {
            parts: parts(),
            drafted_by: member(1),
            is_submitted: true,
            approved_by: Some(member(2)),
            returned_reason: None,
            updated_at: NOW,
        }),
        ..filed
    }
}

/// The same with what a verb needs beside the state.
fn ready_for(verb: Verb, mut complaint: Complaint) -> Complaint {
    match verb {
        Verb::AskExtension | Verb::Extend | Verb::RefuseExtension => complaint.kind = Kind::Grievance,
        Verb::LiftSupervision => {
            complaint.supervision = Some(Supervision {
                by: member(4),
                reason: "限期".into(),
                since: NOW,
                due_on: None,
            });
        }
        _ => {}
    }
    if matches!(verb, Verb::Extend | Verb::RefuseExtension) {
        complaint.pace.extensions.push(Extension {
            clock: Clock::Decide,
            days: 10,
            reason: "要等检测结果".into(),
            asked_by: member(1),
            asked_at: NOW,
            decision: None,
        });
    }
    complaint
}

fn question(days: u32, is_head: bool) -> Question<'static> {
    Question {
        id: MessageId(Uuid::from_u128(1)),
        body: "请补充日期",
        days,
        by: member(1),
        is_head,
    }
}

fn sent(id: u128) -> SentReply {
    SentReply {
        id: ReplyId(Uuid::from_u128(id)),
        parts: None,
        body: "已办。".into(),
        unit: unit(2),
        drafted_by: Some(member(1)),
        approved_by: Some(member(2)),
        at: NOW,
    }
}

fn run(complaint: &Complaint, verb: Verb) -> Result<Step, Refusal> {
    let rules = &Rules::default();
    let id = MessageId(Uuid::from_u128(1));
    match verb {
        Verb::Accept => accept(complaint, NOW),
        Verb::NotAccept => not_accept(complaint, "不归我们管", Some("县卫健局"), NOW),
        Verb::Refer => refer(complaint, "属于卫生部门", "县卫健局", NOW),
        Verb::Merge => {
            let lead = Complaint {
                id: ComplaintId(Uuid::from_u128(8)),
                ..in_state(State::InHandling)
            };
            merge(complaint, &lead, NOW)
        }
        Verb::Unmerge => unmerge(complaint, NOW),
        Verb::Classify => classify(complaint, Kind::Grievance, None),
        Verb::Assign => assign(complaint, unit(3), Some(member(1)), None, NOW),
        Verb::Object => object(complaint, "不是我校的事", rules, NOW),
        Verb::Draft => draft_reply(complaint, parts(), false, member(1), NOW),
        Verb::Submit => draft_reply(complaint, parts(), true, member(1), NOW),
        Verb::Approve => approve(complaint, member(2), NOW),
        Verb::Return => return_draft(complaint, "写清依据", NOW),
        Verb::Reply => send_reply(complaint, ReplyId(Uuid::from_u128(1)), NOW),
        Verb::ReplyAlong => reply_along(complaint, &sent(1), ReplyId(Uuid::from_u128(2))),
        Verb::Message => message(complaint, "请问是哪一天？", id, member(1), NOW),
        Verb::Wait => wait(complaint, question(5, false), rules, NOW),
        Verb::Resume => resume(complaint, NOW),
        Verb::AskExtension => ask_extension(complaint, 10, "要等检测结果", member(1), rules, NOW),
        Verb::Extend => extend(complaint, member(2), rules, NOW),
        Verb::RefuseExtension => refuse_extension(complaint, "时间够用", member(2), NOW),
        Verb::Note => note(complaint, "已到现场查看"),
        Verb::Supervise => supervise(complaint, "反映集中", None, member(4), NOW),
        Verb::LiftSupervision => lift_supervision(complaint, "已办妥"),
        Verb::MarkEmergency => mark_emergency(complaint, "孩子有危险"),
        Verb::Add => add(complaint, "是周二。", id, NOW),
        Verb::Rate => rate(complaint, 5, None, rules, NOW),
        Verb::Redo => redo(complaint, "没有说到点子上", Some(member(1)), rules, NOW),
        Verb::Conclude => conclude(complaint, None, NOW),
        Verb::Withdraw => withdraw(complaint, None, false, NOW),
        Verb::NameAccused => name_accused(complaint, vec![member(8)], vec![]),
    }
}

#[test]
fn every_state_with_every_verb_follows_the_table() {
    for state in State::ALL {
        for verb in Verb::ALL {
            let before = ready_for(*verb, in_state(*state));
            let targets: Vec<State> = transitions()
                .filter(|(from, v, _)| from == state && v == verb)
                .map(|(_, _, to)| to)
                .collect();
            match run(&before, *verb) {
                Ok(step) => {
                    assert!(
                        targets.contains(&step.next.state),
                        "{state:?} {verb:?} led to {:?}",
                        step.next.state
                    );
                    assert!(!step.events.is_empty(), "{state:?} {verb:?} left no event");
                    assert_eq!(
                        step.next.version, before.version,
                        "the store counts versions, not the rule"
                    );
                }
                Err(Refusal::WrongState { is, wanted }) => {
                    assert!(targets.is_empty(), "{state:?} {verb:?} was refused against the table");
                    assert_eq!(is, state.code());
                    assert!(!wanted.contains(&state.code()));
                }
                Err(other) => panic!("{state:?} {verb:?}: {other:?}"),
            }
        }
    }
}

#[test]
fn ended_states_with_a_reason_to_end_are_left_by_nothing_but_a_rating() {
    for (from, verb, _) in transitions() {
        assert!(!from.is_ended() || verb == Verb::Rate, "{from:?} {verb:?}");
    }
}

#[test]
fn a_report_is_sealed_and_its_unit_accused_from_the_first_moment() {
    let step = file(
        filing(Kind::Report),
        ComplaintId(Uuid::from_u128(7)),
        unit(1),
        unit(2),
        "n".into(),
        NOW,
    );
    assert!(step.next.is_sealed);
    assert_eq!(step.next.unit, unit(1), "the root holds it");
    assert!(step.events.contains(&Event::AccusedNamed {
        members: vec![],
        units: vec![unit(2)]
    }));
    let accepted = accept(&step.next, NOW).unwrap().next;
    assert_eq!(
        assign(&accepted, unit(2), None, None, NOW).unwrap_err().code(),
        "not_ready"
    );
}

#[test]
fn nobody_approves_their_own_reply() {
    let mut complaint = in_state(State::ReplyDrafted);
    complaint.draft.as_mut().unwrap().approved_by = None;
    assert_eq!(approve(&complaint, member(1), NOW).unwrap_err(), Refusal::OwnWork);
    assert!(approve(&complaint, member(2), NOW).is_ok());
}

#[test]
fn no_reply_goes_out_unapproved_and_an_edit_takes_the_approval_back() {
    let complaint = in_state(State::ReplyDrafted);
    let edited = draft_reply(&complaint, parts(), true, member(1), NOW).unwrap().next;
    assert_eq!(
        send_reply(&edited, ReplyId(Uuid::from_u128(1)), NOW)
            .unwrap_err()
            .code(),
        "not_ready"
    );
    assert!(send_reply(&complaint, ReplyId(Uuid::from_u128(1)), NOW).is_ok());
}

#[test]
fn a_satisfied_rating_concludes_and_an_unsatisfied_one_does_not() {
    let rules = &Rules::default();
    let replied = in_state(State::Replied);
    for (level, expected) in [
        (5, State::Concluded),
        (3, State::Concluded),
        (2, State::Replied),
        (1, State::Replied),
    ] {
        assert_eq!(rate(&replied, level, None, rules, NOW).unwrap().next.state, expected);
    }
    for level in [0, 6, -1] {
        assert_eq!(
            rate(&replied, level, None, rules, NOW).unwrap_err().code(),
            "invalid_field"
        );
    }
    let rated = rate(&replied, 1, None, rules, NOW).unwrap().next;
    assert_eq!(
        rate(&rated, 5, None, rules, NOW).unwrap_err().code(),
        "not_ready",
        "once"
    );
    assert_eq!(
        conclude(&rated, None, NOW).unwrap_err().code(),
        "invalid_field",
        "says why"
    );
    assert!(conclude(&rated, Some("已上门说明"), NOW).is_ok());
    let late = NOW.plus_seconds(15 * 86_400 + 1);
    assert_eq!(rate(&replied, 5, None, rules, late).unwrap_err().code(), "not_ready");
}

#[test]
fn only_praise_is_concluded_without_an_answer() {
    let praise = in_state(State::Accepted);
    assert!(conclude(&praise, None, NOW).is_ok());
    let grievance = Complaint {
        kind: Kind::Grievance,
        ..praise
    };
    assert_eq!(conclude(&grievance, None, NOW).unwrap_err().code(), "not_ready");
}

#[test]
fn an_imported_row_with_a_reply_is_concluded_when_it_was_answered() {
    let filed = file(
        filing(Kind::Grievance),
        ComplaintId(Uuid::from_u128(7)),
        unit(1),
        unit(2),
        "n".into(),
        NOW,
    );
    let replied_at = NOW.plus_seconds(86_400);
    let reply = SentReply {
        at: replied_at,
        ..sent(1)
    };
    let rules = Rules::default();
    let done = import(filed.clone(), Some(reply), &rules, NOW).next;
    assert_eq!(
        (done.state, done.replied_at, done.ended_at),
        (State::Concluded, Some(replied_at), Some(replied_at))
    );
    assert_eq!(import(filed.clone(), None, &rules, NOW).next.state, State::Received);
    let late = import(filed, None, &rules, NOW.plus_seconds(90 * 86_400)).next;
    assert_eq!(
        late.pace.rung,
        Some(Rung::CircularNotice),
        "nobody is reminded of what was late before"
    );
}

#[test]
fn what_is_allowed_is_what_would_succeed() {
    use crate::actor::{Actor, Grant, Role};
    let rules = Rules::default();
    let actor = |role, n| Actor {
        region: unit(1),
        member: member(n),
        account: crate::ids::AccountId(Uuid::from_u128(n)),
        session: crate::ids::SessionId(Uuid::from_u128(n)),
        home_unit: unit(2),
        branch: None,
        grants: vec![Grant { role, unit: unit(2) }],
    };
    let mut waiting = in_state(State::ReplyDrafted);
    waiting.draft.as_mut().unwrap().approved_by = None;
    let path = [unit(1), unit(2)];
    let view = CaseView {
        complaint: &waiting,
        path: &path,
        is_excluded: false,
    };
    let head = allowed(view, &actor(Role::UnitHead, 2), &rules, NOW);
    assert!(head.verbs.contains(&Verb::Approve) && head.verbs.contains(&Verb::Return));
    assert!(
        head.refused.iter().any(|r| r.verb == Verb::Reply),
        "not before approval, and it says so"
    );
    let drafter = allowed(view, &actor(Role::UnitHead, 1), &rules, NOW);
    assert_eq!(
        drafter.refused.iter().find(|r| r.verb == Verb::Approve).unwrap().why,
        Refusal::OwnWork
    );
    let excluded = allowed(
        CaseView {
            is_excluded: true,
            ..view
        },
        &actor(Role::UnitHead, 2),
        &rules,
        NOW,
    );
    assert!(excluded.verbs.is_empty() && excluded.refused.is_empty());
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn grievance_in(state: State) -> Complaint {
    Complaint {
        kind: Kind::Grievance,
        ..in_state(state)
    }
}

#[test]
fn only_work_that_waits_for_the_staff_has_a_clock() {
    let rules = Rules::default();
    for state in State::ALL {
        assert_eq!(
            grievance_in(*state).due(&rules).is_some(),
            state.has_dates(),
            "{state:?}"
        );
        assert_eq!(in_state(*state).due(&rules), None, "praise has none");
    }
}

#[test]
fn the_strictest_clock_binds() {
    let rules = Rules::default();
    let mut case = Complaint {
        is_order: true,
        ..grievance_in(State::InHandling)
    };
    // NOW is 23 November 2025, a Sunday.
    let dues = case.dues(&rules);
    let clocks: Vec<Clock> = dues.iter().map(|due| due.clock).collect();
    assert_eq!(clocks, [Clock::Hotline, Clock::Decide]);
    assert_eq!(dues.first().unwrap().due_on, day("2025-11-28"));
    case = supervise(&case, "反映集中", Some(day("2025-11-26")), member(4), NOW)
        .unwrap()
        .next;
    let due = case.due(&rules).unwrap();
    assert_eq!((due.clock, due.due_on), (Clock::Supervision, day("2025-11-26")));
    case = lift_supervision(&case, "已办妥").unwrap().next;
    assert_eq!(case.due(&rules).unwrap().clock, Clock::Hotline);
    let past = supervise(&case, "反映集中", Some(day("2025-11-22")), member(4), NOW);
    assert_eq!(past.unwrap_err().code(), "invalid_field");
}

#[test]
fn a_hold_moves_the_end_and_ends_with_the_answer() {
    let rules = Rules::default();
    let case = grievance_in(State::InHandling);
    let id = MessageId(Uuid::from_u128(1));
    let before = case.due(&rules).unwrap().due_on;
    let held = wait(&case, question(10, false), &rules, NOW).unwrap();
    assert!(held.message.is_some());
    let held = held.next;
    assert!((held.due(&rules).unwrap().due_on - before).num_days() >= 10);
    let answered = add(&held, "是周二。", id, NOW.plus_seconds(2 * 86_400)).unwrap();
    assert_eq!(answered.next.state, State::InHandling);
    assert_eq!(answered.events.last(), Some(&Event::Resumed));
    assert_eq!(answered.next.due(&rules).unwrap().held_days, 2);
    // Eight of the ten days are left; the head alone may go beyond.
    let again = |days, is_head| wait(&answered.next, question(days, is_head), &rules, NOW);
    assert!(again(8, false).is_ok() && again(9, false).is_err() && again(9, true).is_ok());
}

#[test]
fn an_extension_is_asked_by_one_and_given_by_another_once_and_in_time() {
    let rules = Rules::default();
    let case = grievance_in(State::InHandling);
    let before = case.due(&rules).unwrap();
    assert!(ask_extension(&case, 31, "要等检测结果", member(1), &rules, NOW).is_err());
    let asked = ask_extension(&case, 30, "要等检测结果", member(1), &rules, NOW)
        .unwrap()
        .next;
    assert_eq!(asked.due(&rules), Some(before), "not before it is given");
    assert_eq!(extend(&asked, member(1), &rules, NOW).unwrap_err(), Refusal::OwnWork);
    let refused = refuse_extension(&asked, "时间够用", member(2), NOW).unwrap().next;
    assert_eq!(refused.due(&rules), Some(before));
    let asked = ask_extension(&refused, 10, "确实不够", member(1), &rules, NOW)
        .unwrap()
        .next;
    let too_late = before.at().plus_seconds(1);
    assert_eq!(
        extend(&asked, member(2), &rules, too_late).unwrap_err().code(),
        "not_ready"
    );
    assert!(refuse_extension(&asked, "时间够用", member(2), too_late).is_ok());
    let extended = extend(&asked, member(2), &rules, NOW).unwrap().next;
    assert!((extended.due(&rules).unwrap().due_on - before.due_on).num_days() >= 10);
    assert_eq!(
        can_extend(&extended, &rules, NOW).unwrap_err().code(),
        "not_ready",
        "once"
    );
    let late = before.at().plus_seconds(1);
    assert_eq!(can_extend(&case, &rules, late).unwrap_err().code(), "not_ready");
    let inquiry = Complaint {
        kind: Kind::Inquiry,
        ..case
    };
    assert_eq!(can_extend(&inquiry, &rules, NOW).unwrap_err().code(), "not_ready");
}

#[test]
fn a_unit_objects_in_time_and_once() {
    let rules = Rules::default();
    let case = grievance_in(State::Assigned);
    // Five working days after Sunday 23 November 2025 end with Friday 28.
    assert!(can_object(&case, &rules, Timestamp::end_of(day("2025-11-28"))).is_ok());
    assert!(can_object(&case, &rules, Timestamp::start_of(day("2025-11-29"))).is_err());
    let order = Complaint {
        is_order: true,
        ..case.clone()
    };
    assert!(can_object(&order, &rules, NOW.plus_seconds(86_401)).is_err());
    let objected = object(&case, "不是我校的事", &rules, NOW).unwrap().next;
    let stays = assign(&objected, unit(2), None, None, NOW).unwrap();
    assert!(matches!(
        stays.events.first(),
        Some(Event::Assigned {
            objection_upheld: Some(false),
            ..
        })
    ));
    assert!(can_object(&stays.next, &rules, NOW).is_err(), "turned down for good");
    let moved = assign(&objected, unit(3), None, None, NOW).unwrap();
    assert!(can_object(&moved.next, &rules, NOW).is_ok(), "the next unit may, too");
}

#[test]
fn a_case_is_done_again_once_and_by_somebody_else() {
    let rules = Rules::default();
    let replied = grievance_in(State::Replied);
    let again = redo(&replied, "没有说到点子上", Some(member(1)), &rules, NOW)
        .unwrap()
        .next;
    assert_eq!((again.state, again.handler), (State::Redoing, None));
    assert_eq!(again.due(&rules).unwrap().clock, Clock::Redo);
    assert_eq!(
        draft_reply(&again, parts(), false, member(1), NOW).unwrap_err(),
        Refusal::OwnWork
    );
    assert!(assign(&again, unit(2), Some(member(1)), None, NOW).is_err());
    let drafted = draft_reply(&again, parts(), true, member(3), NOW).unwrap().next;
    let approved = approve(&drafted, member(2), NOW).unwrap().next;
    let later = NOW.plus_seconds(30 * 86_400);
    let second = send_reply(&approved, ReplyId(Uuid::from_u128(2)), later).unwrap().next;
    assert_eq!(
        (second.replied_at, second.last_replied_at),
        (Some(NOW), Some(later)),
        "the first answer is the first"
    );
    assert!(rate(&second, 5, None, &rules, later).is_ok());
    assert_eq!(
        redo(&second, "还是不行", None, &rules, later).unwrap_err().code(),
        "not_ready"
    );
    let satisfied = rate(&replied, 2, None, &rules, NOW).unwrap().next;
    assert!(redo(&satisfied, "不满意", None, &rules, NOW).is_ok());
}

#[test]
fn a_case_is_merged_into_one_that_can_still_answer() {
    let case = grievance_in(State::Received);
    let lead = |state| Complaint {
        id: ComplaintId(Uuid::from_u128(8)),
        ..grievance_in(state)
    };
    assert!(merge(&case, &lead(State::InHandling), NOW).is_ok());
    assert!(merge(&case, &case, NOW).is_err(), "not into itself");
    for state in [State::Concluded, State::Replied, State::Withdrawn, State::Duplicate] {
        assert!(merge(&case, &lead(state), NOW).is_err(), "{state:?}");
    }
    let sealed = Complaint {
        is_sealed: true,
        ..lead(State::InHandling)
    };
    assert!(merge(&case, &sealed, NOW).is_err(), "not across the lanes");
    let merged = merge(&case, &lead(State::InHandling), NOW).unwrap().next;
    let answered = reply_along(&merged, &sent(1), ReplyId(Uuid::from_u128(2))).unwrap();
    assert_eq!(answered.next.state, State::Replied);
    assert_eq!(answered.reply.unwrap().body, sent(1).body);
    assert_eq!(unmerge(&merged, NOW).unwrap().next.state, State::Accepted);
}

#[test]
fn a_report_stays_one_and_nothing_becomes_one() {
    let grievance = grievance_in(State::Received);
    assert!(classify(&grievance, Kind::Report, None).is_err());
    let report = Complaint {
        kind: Kind::Report,
        ..grievance
    };
    assert!(classify(&report, Kind::Inquiry, None).is_err());
    assert!(classify(&report, Kind::Report, None).is_ok());
}

#[test]
fn the_product_wakes_for_each_rung_for_the_end_of_a_hold_and_of_the_rating() {
    let rules = Rules::default();
    let mut case = Complaint {
        kind: Kind::Inquiry,
        ..in_state(State::InHandling)
    };
    // Five working days from Sunday 23 November 2025.
    assert_eq!(case.due(&rules).unwrap().due_on, day("2025-11-28"));
    let mut told = Vec::new();
    while let Some((at, wake)) = case.next_wake(&rules) {
        assert_eq!(case.wake(&rules, at), Some(wake), "not later than due");
        assert_eq!(case.wake(&rules, Timestamp::from_micros(at.micros() - 1)), None);
        let Wake::Remind(rung) = wake else { panic!("{wake:?}") };
        told.push(rung);
        case = remind(&case, rung, &rules).unwrap().next;
    }
    assert_eq!(told, Rung::ALL);
    let fresh = Complaint {
        kind: Kind::Inquiry,
        ..in_state(State::InHandling)
    };
    let long_after = Timestamp::start_of(day("2026-03-01"));
    assert_eq!(
        fresh.wake(&rules, long_after),
        Some(Wake::Remind(Rung::CircularNotice)),
        "one reminder, the highest, after a long sleep"
    );
    let supervised = supervise(&case, "反映集中", Some(day("2025-11-25")), member(4), NOW)
        .unwrap()
        .next;
    assert_eq!(
        supervised.on_its_ladder(&case, &rules).pace.rung,
        None,
        "a new date, a new ladder"
    );
    let mut waiting = wait(&fresh, question(3, false), &rules, NOW).unwrap().next;
    waiting.pace.rung = Some(Rung::CircularNotice);
    assert_eq!(
        waiting.next_wake(&rules),
        Some((Timestamp::start_of(day("2025-11-27")), Wake::Resume))
    );
    assert!(waiting.pace.holds.iter().all(|hold: &Hold| hold.ended_at.is_none()));
    let replied = in_state(State::Replied);
    let (at, wake) = replied.next_wake(&rules).unwrap();
    assert_eq!(wake, Wake::Conclude);
    assert!(rate(&replied, 5, None, &rules, at).is_err() && lapse(&replied, at).is_ok());
    assert_eq!(in_state(State::Concluded).next_wake(&rules), None);
}

#[test]
fn a_duplicate_keeps_its_dates_and_binds_the_lead() {
    let rules = Rules::default();
    let earlier = |days: i64| NOW.plus_seconds(-days * 86_400);
    let lead = Complaint {
        id: ComplaintId(Uuid::from_u128(77)),
        accepted_at: Some(earlier(10)),
        ..grievance_in(State::InHandling)
    };
    let case = Complaint {
        accepted_at: Some(earlier(40)),
        ..grievance_in(State::Accepted)
    };
    let merged = merge(&case, &lead, NOW).unwrap().next;
    assert_eq!(merged.due(&rules), case.due(&rules), "its complainant was told a date");
    assert_eq!(
        merged.next_wake(&rules),
        None,
        "whoever answers the lead is reminded of that one"
    );
    let along = Complaint::along([&merged], &rules);
    let bound = Complaint {
        pace: Pace {
            along,
            ..Pace::default()
        },
        ..lead.clone()
    };
    let due = bound.due(&rules).unwrap();
    assert_eq!(
        (due.clock, due.due_on),
        (Clock::Duplicate, case.due(&rules).unwrap().due_on)
    );
    assert!(bound.next_wake(&rules).unwrap().0 < lead.next_wake(&rules).unwrap().0);
    assert!(due.explanation().zh.contains("并入"), "{}", due.explanation().zh);
    // More time for the matter is more time for both.
    assert_eq!(can_extend(&bound, &rules, NOW).unwrap().0.clock, Clock::Decide);
    let mut extended = bound.clone();
    extended.pace.extensions.push(Extension {
        clock: Clock::Decide,
        days: 30,
        reason: "要等检测报告。".to_owned(),
        asked_by: MemberId(Uuid::from_u128(1)),
        asked_at: NOW,
        decision: Some(crate::complaints::Decision {
            by: MemberId(Uuid::from_u128(2)),
            at: NOW,
            is_granted: true,
        }),
    });
    let event = Event::Extended {
        clock: Clock::Decide,
        days: 30,
        reason: "要等检测报告。".to_owned(),
    };
    let step = Step::of(extended, vec![event]);
    let reply = ReplyId(Uuid::from_u128(3));
    let follows = |case: &Complaint| follow(case, (&bound, &step), reply, &rules, NOW).unwrap();
    let longer = follows(&merged).unwrap().next;
    assert!(longer.due(&rules).unwrap().due_on > merged.due(&rules).unwrap().due_on);
    assert_eq!(follows(&longer), None, "once");
    assert_eq!(bind(&bound, along, &rules), None, "bound already");
    let freed = bind(&bound, None, &rules).unwrap();
    assert!(matches!(freed.events.as_slice(), [Event::DueMoved { .. }]));
    assert_eq!(freed.next.due(&rules), lead.due(&rules));
    assert_eq!(Complaint::along([&unmerge(&merged, NOW).unwrap().next], &rules), None);
}

#[test]
fn a_case_that_was_merged_before_it_was_taken_is_taken_with_the_lead() {
    let rules = Rules::default();
    let waiting = Complaint {
        accepted_at: None,
        ..grievance_in(State::Received)
    };
    let lead = Complaint {
        id: ComplaintId(Uuid::from_u128(77)),
        ..waiting.clone()
    };
    let merged = merge(&waiting, &lead, NOW).unwrap();
    assert_eq!(merged.events.len(), 1);
    let step = accept(&lead, NOW).unwrap();
    let reply = ReplyId(Uuid::from_u128(3));
    let follows = |case: &Complaint| follow(case, (&lead, &step), reply, &rules, NOW).unwrap();
    let taken = follows(&merged.next).unwrap();
    assert_eq!(
        (taken.next.accepted_at, taken.next.state),
        (Some(NOW), State::Duplicate)
    );
    assert_eq!(taken.events, [Event::Accepted]);
    assert_eq!(follows(&taken.next), None, "once");
    let lead = step.next;
    let merged = merge(&waiting, &lead, NOW).unwrap();
    assert_eq!(merged.events, [Event::Merged { into: lead.id }, Event::Accepted]);
    assert_eq!(merged.next.accepted_at, Some(NOW));
}
