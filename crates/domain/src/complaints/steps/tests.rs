//! Every state with every verb: either it moves as the table says, or it refuses and nothing changes.

use uuid::Uuid;

use super::*;
use crate::{
    actor::Doer,
    clocks::{Clock, Rules, Rung},
    complaints::{
        CaseView, Channel, Draft, Extension, Hold, LongerHold, Missed, Rating, Redo, ReplyParts, Supervision, Wake,
        allowed, transitions,
    },
    ids::{MemberId, MessageId, ReplyId},
    time::Day,
};

const NOW: Timestamp = Timestamp::from_micros(1_763_870_400_000_000);

fn member(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

fn by(n: u128) -> Doer {
    Doer::own(member(n))
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
            drafted_for: None,
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
        Verb::NotAccept => complaint.accepted_at = None,
        Verb::AskExtension | Verb::Extend | Verb::RefuseExtension => complaint.kind = Kind::Grievance,
        // Nothing is left to say: it was done again, and rated once more.
        Verb::Conclude if complaint.state == State::Replied => {
            complaint.redo = Some(Redo {
                asked_at: NOW,
                reason: "没有说到点子上".into(),
                not_by: None,
            });
            complaint.rating = Some(Rating {
                level: 2,
                comment: None,
                at: NOW,
            });
        }
        Verb::GrantLongerHold | Verb::RefuseLongerHold => {
            complaint.pace.longer_holds.push(LongerHold {
                days: 10,
                reason: "投诉人住院".into(),
                asked_by: member(1),
                asked_for: None,
                asked_at: NOW,
                decision: None,
            });
        }
        Verb::LiftSupervision | Verb::Report => {
            complaint.supervision = Some(Supervision {
                by: member(4),
                reason: "限期".into(),
                since: NOW,
                due_on: None,
                report_days: None,
                reported_at: None,
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
            asked_for: None,
            asked_at: NOW,
            decision: None,
        });
    }
    complaint
}

fn watch(due_on: Option<Day>, report_days: Option<u32>) -> Watch {
    Watch {
        reason: "反映集中".into(),
        due_on,
        report_days,
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
        Verb::Draft => draft_reply(complaint, parts(), false, by(1), NOW),
        Verb::Submit => draft_reply(complaint, parts(), true, by(1), NOW),
        Verb::Approve => approve(complaint, by(2), NOW),
        Verb::Return => return_draft(complaint, "写清依据", NOW),
        Verb::Reply => send_reply(complaint, ReplyId(Uuid::from_u128(1)), NOW),
        Verb::ReplyAlong => reply_along(complaint, &sent(1), ReplyId(Uuid::from_u128(2))),
        Verb::Message => message(complaint, "请问是哪一天？", id, member(1), NOW),
        Verb::Wait => wait(complaint, question(5), rules, NOW),
        Verb::Resume => resume(complaint, NOW),
        Verb::AskExtension => ask_extension(complaint, 10, "要等检测结果", by(1), rules, NOW),
        Verb::Extend => extend(complaint, by(2), rules, NOW),
        Verb::RefuseExtension => refuse_extension(complaint, "时间够用", by(2), NOW),
        Verb::AskLongerHold => ask_longer_hold(complaint, 10, "投诉人住院", by(1), rules, NOW),
        Verb::GrantLongerHold => grant_longer_hold(complaint, by(2), rules, NOW),
        Verb::RefuseLongerHold => refuse_longer_hold(complaint, "时间够用", by(2), NOW),
        Verb::Note => note(complaint, "已到现场查看"),
        Verb::Supervise => supervise(complaint, &watch(None, None), member(4), NOW),
        Verb::Report => report(complaint, "已约家长见面", NOW),
        Verb::LiftSupervision => lift_supervision(complaint, "已办妥"),
        Verb::MarkEmergency => mark_emergency(complaint, "孩子有危险"),
        Verb::Add => add(complaint, "是周二。", id, NOW),
        Verb::Rate => rate(complaint, 5, None, rules, NOW),
        Verb::Redo => redo(complaint, "没有说到点子上", Some(member(1)), rules, NOW),
        Verb::Conclude => conclude(complaint, Some("已上门说明"), rules, NOW),
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
fn ended_states_are_left_by_nothing_but_what_the_complainant_says_of_the_answer() {
    for (from, verb, _) in transitions() {
        assert!(
            !from.is_ended() || matches!(verb, Verb::Rate | Verb::Redo),
            "{from:?} {verb:?}"
        );
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
    assert_eq!(approve(&complaint, by(1), NOW).unwrap_err(), Refusal::OwnWork);
    assert!(approve(&complaint, by(2), NOW).is_ok());
}

fn deputy(n: u128, holder: u128) -> Doer {
    Doer {
        member: member(n),
        acting_for: Some(member(holder)),
    }
}

#[test]
fn nobody_approves_their_own_reply_through_a_deputy_either() {
    let mut complaint = in_state(State::ReplyDrafted);
    complaint.draft.as_mut().unwrap().approved_by = None;
    let own = |complaint: &Complaint, by| approve(complaint, by, NOW).err() == Some(Refusal::OwnWork);
    assert!(own(&complaint, deputy(1, 2)), "1 wrote it, and stands in for the head");
    assert!(own(&complaint, deputy(3, 1)), "3 stands in for 1, who wrote it");
    assert!(!own(&complaint, deputy(3, 2)));
    // 4 writes in the place of 5: it is 5's work, too.
    let written = draft_reply(&complaint, parts(), true, deputy(4, 5), NOW).unwrap().next;
    assert_eq!(written.handler, Some(member(4)));
    assert!(own(&written, by(4)) && own(&written, by(5)));
    assert!(own(&written, deputy(6, 5)) && own(&written, deputy(6, 4)));
    assert!(!own(&written, by(2)));
}

#[test]
fn more_time_is_given_by_another_one_than_asked_whoever_stands_in() {
    let rules = Rules::default();
    let case = ready_for(Verb::AskExtension, in_state(State::InHandling));
    let asked = ask_extension(&case, 10, "要等检测结果", deputy(4, 5), &rules, NOW)
        .unwrap()
        .next;
    for own in [by(4), by(5), deputy(6, 5), deputy(6, 4)] {
        assert_eq!(extend(&asked, own, &rules, NOW).unwrap_err(), Refusal::OwnWork);
        assert_eq!(
            refuse_extension(&asked, "时间够用", own, NOW).unwrap_err(),
            Refusal::OwnWork
        );
    }
    assert!(extend(&asked, deputy(6, 2), &rules, NOW).is_ok());
}

#[test]
fn who_did_not_satisfy_does_not_answer_again_through_a_deputy() {
    let mut again = in_state(State::Redoing);
    again.redo = Some(crate::complaints::Redo {
        asked_at: NOW,
        reason: "没有说到点子上".into(),
        not_by: Some(member(1)),
    });
    let own = |by| draft_reply(&again, parts(), true, by, NOW).err() == Some(Refusal::OwnWork);
    assert!(own(by(1)) && own(deputy(3, 1)) && own(deputy(1, 3)));
    assert!(!own(by(3)) && !own(deputy(3, 4)));
}

#[test]
fn no_reply_goes_out_unapproved_and_an_edit_takes_the_approval_back() {
    let complaint = in_state(State::ReplyDrafted);
    let edited = draft_reply(&complaint, parts(), true, by(1), NOW).unwrap().next;
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
    // Fifteen days after Sunday, 23 November 2025, to the end of the day.
    let ends_at = Timestamp::end_of(day("2025-12-08"));
    let late = Timestamp::from_micros(ends_at.micros() + 1);
    assert!(rate(&replied, 5, None, rules, ends_at).is_ok());
    assert_eq!(rate(&replied, 5, None, rules, late).unwrap_err().code(), "not_ready");
}

#[test]
fn the_staff_close_nothing_that_the_complainant_may_still_speak_of() {
    let rules = &Rules::default();
    let replied = grievance_in(State::Replied);
    let ends_at = Timestamp::end_of(day("2025-12-08"));
    let late = Timestamp::from_micros(ends_at.micros() + 1);
    let rated = rate(&replied, 1, None, rules, NOW).unwrap().next;
    for case in [&replied, &rated] {
        for at in [NOW, ends_at] {
            let refused = conclude(case, Some("已上门说明"), rules, at).unwrap_err();
            assert_eq!(refused.code(), "not_ready");
        }
        assert!(conclude(case, Some("已上门说明"), rules, late).is_ok());
    }
    assert_eq!(
        conclude(&rated, None, rules, late).unwrap_err().code(),
        "invalid_field",
        "says why"
    );
    let again = Complaint {
        state: State::Replied,
        ..redo(&rated, "没有说到点子上", None, rules, NOW).unwrap().next
    };
    assert!(
        conclude(&again, None, rules, NOW).is_err(),
        "the second answer is rated, too"
    );
    let rated = rate(&again, 2, None, rules, NOW).unwrap().next;
    assert!(
        conclude(&rated, Some("已上门说明"), rules, NOW).is_ok(),
        "there is no third"
    );
    // What an earlier version had let the staff close: unrated, or rated meanwhile.
    let closed = Complaint {
        state: State::Concluded,
        ended_at: Some(NOW),
        ended_reason: Some("办结".into()),
        ..replied
    };
    let rated = rate(&closed, 1, None, rules, NOW).unwrap().next;
    assert_eq!(rated.state, State::Concluded);
    for case in [&closed, &rated] {
        let again = redo(case, "没有说到点子上", None, rules, ends_at).unwrap().next;
        assert_eq!(
            (again.state, again.ended_at, again.ended_reason),
            (State::Redoing, None, None)
        );
        assert!(redo(case, "没有说到点子上", None, rules, late).is_err());
    }
    let satisfied = rate(&closed, 3, None, rules, NOW).unwrap().next;
    assert!(redo(&satisfied, "没有说到点子上", None, rules, NOW).is_err());
}

#[test]
fn only_praise_is_concluded_without_an_answer() {
    let rules = &Rules::default();
    let praise = in_state(State::Accepted);
    assert!(conclude(&praise, None, rules, NOW).is_ok());
    let grievance = Complaint {
        kind: Kind::Grievance,
        ..praise
    };
    assert_eq!(conclude(&grievance, None, rules, NOW).unwrap_err().code(), "not_ready");
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
        grants: vec![Grant::own(role, unit(2))],
        stands_for: Vec::new(),
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
    // By an own role first; else as the deputy, who is one with the one who is away.
    let mut stand_in = actor(Role::Handler, 3);
    stand_in.grants.push(Grant {
        acting_for: Some(member(1)),
        ..Grant::own(Role::UnitHead, unit(2))
    });
    let for_the_drafter = allowed(view, &stand_in, &rules, NOW);
    assert_eq!(
        for_the_drafter
            .refused
            .iter()
            .find(|r| r.verb == Verb::Approve)
            .unwrap()
            .why,
        Refusal::OwnWork
    );
    stand_in.grants.push(Grant::own(Role::UnitHead, unit(1)));
    assert!(allowed(view, &stand_in, &rules, NOW).verbs.contains(&Verb::Approve));
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
    case = supervise(&case, &watch(Some(day("2025-11-26")), None), member(4), NOW)
        .unwrap()
        .next;
    let due = case.due(&rules).unwrap();
    assert_eq!((due.clock, due.due_on), (Clock::Supervision, day("2025-11-26")));
    case = lift_supervision(&case, "已办妥").unwrap().next;
    assert_eq!(case.due(&rules).unwrap().clock, Clock::Hotline);
    let past = supervise(&case, &watch(Some(day("2025-11-22")), None), member(4), NOW);
    assert_eq!(past.unwrap_err().code(), "invalid_field");
}

#[test]
fn a_hold_moves_the_end_and_ends_with_the_answer() {
    let rules = Rules::default();
    let case = grievance_in(State::InHandling);
    let id = MessageId(Uuid::from_u128(1));
    let before = case.due(&rules).unwrap().due_on;
    let held = wait(&case, question(10), &rules, NOW).unwrap();
    assert!(held.message.is_some());
    let held = held.next;
    assert!((held.due(&rules).unwrap().due_on - before).num_days() >= 10);
    let answered = add(&held, "是周二。", id, NOW.plus_seconds(2 * 86_400)).unwrap();
    assert_eq!(answered.next.state, State::InHandling);
    assert_eq!(answered.events.last(), Some(&Event::Resumed));
    assert_eq!(answered.next.due(&rules).unwrap().held_days, 2);
    // Eight of the ten days are left.
    let again = |days| wait(&answered.next, question(days), &rules, NOW);
    assert!(again(8).is_ok() && again(9).is_err());
}

#[test]
fn a_longer_wait_is_asked_for_given_by_another_and_bounded() {
    let rules = Rules::default();
    let case = grievance_in(State::InHandling);
    let asked = |case: &Complaint, days| ask_longer_hold(case, days, "投诉人住院", by(1), &rules, NOW);
    assert!(
        asked(&case, 21).is_err() && asked(&case, 0).is_err(),
        "thirty days in all"
    );
    let waits = asked(&case, 12).unwrap().next;
    assert_eq!(waits.hold_days_left(&rules), 10, "not before it is given");
    assert_eq!(asked(&waits, 1).unwrap_err().code(), "not_ready", "one at a time");
    let own = grant_longer_hold(&waits, by(1), &rules, NOW);
    assert_eq!(own.unwrap_err(), Refusal::OwnWork);
    let refused = refuse_longer_hold(&waits, "时间够用", by(2), NOW).unwrap().next;
    assert_eq!(refused.hold_days_left(&rules), 10);
    let given = grant_longer_hold(&asked(&refused, 12).unwrap().next, by(2), &rules, NOW);
    let given = given.unwrap().next;
    assert!(wait(&given, question(22), &rules, NOW).is_ok() && wait(&given, question(23), &rules, NOW).is_err());
    // While the complainant is asked, the hold that is on lasts longer.
    let held = wait(&given, question(22), &rules, NOW).unwrap().next;
    let step = grant_longer_hold(&asked(&held, 8).unwrap().next, by(2), &rules, NOW).unwrap();
    assert!(
        matches!(step.events.first(), Some(Event::LongerHoldGranted { until: Some(until), .. }) if *until == day("2025-12-23"))
    );
    assert_eq!(step.next.open_hold().unwrap().until, day("2025-12-23"));
    // Never without end: nothing is left, nothing more can be asked for, by whomever.
    let over = resume(&step.next, Timestamp::end_of(day("2025-12-23"))).unwrap().next;
    assert_eq!(over.hold_days_left(&rules), 0);
    assert_eq!(wait(&over, question(1), &rules, NOW).unwrap_err().code(), "not_ready");
    assert_eq!(asked(&over, 1).unwrap_err().code(), "not_ready");
    let mut tighter = rules;
    tighter.settings.longest_hold_days = 15;
    assert!(grant_longer_hold(&waits, by(2), &tighter, NOW).is_err());
}

#[test]
fn an_extension_is_asked_by_one_and_given_by_another_once_and_in_time() {
    let rules = Rules::default();
    let case = grievance_in(State::InHandling);
    let before = case.due(&rules).unwrap();
    assert!(ask_extension(&case, 31, "要等检测结果", by(1), &rules, NOW).is_err());
    let asked = ask_extension(&case, 30, "要等检测结果", by(1), &rules, NOW)
        .unwrap()
        .next;
    assert_eq!(asked.due(&rules), Some(before), "not before it is given");
    assert_eq!(extend(&asked, by(1), &rules, NOW).unwrap_err(), Refusal::OwnWork);
    let refused = refuse_extension(&asked, "时间够用", by(2), NOW).unwrap().next;
    assert_eq!(refused.due(&rules), Some(before));
    let asked = ask_extension(&refused, 10, "确实不够", by(1), &rules, NOW)
        .unwrap()
        .next;
    let too_late = before.at().plus_seconds(1);
    assert_eq!(extend(&asked, by(2), &rules, too_late).unwrap_err().code(), "not_ready");
    assert!(refuse_extension(&asked, "时间够用", by(2), too_late).is_ok());
    let extended = extend(&asked, by(2), &rules, NOW).unwrap().next;
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
fn a_supervision_takes_nothing_from_the_lawful_extension() {
    let rules = Rules::default();
    let case = grievance_in(State::InHandling);
    let decide = case.due(&rules).unwrap();
    let early = day("2025-11-26");
    let supervised = supervise(&case, &watch(Some(early), None), member(4), NOW)
        .unwrap()
        .next;
    let late = Timestamp::start_of(day("2025-11-27"));
    for at in [NOW, late] {
        let (due, days) = can_extend(&supervised, &rules, at).unwrap();
        assert_eq!((due.clock, days), (Clock::Decide, 30));
    }
    let asked = ask_extension(&supervised, 10, "要等检测结果", by(1), &rules, NOW);
    let extended = extend(&asked.unwrap().next, by(2), &rules, NOW).unwrap().next;
    let dues = extended.dues(&rules);
    assert_eq!(
        dues.first().map(|due| (due.clock, due.due_on)),
        Some((Clock::Supervision, early))
    );
    let longer = dues.iter().find(|due| due.clock == Clock::Decide).unwrap();
    assert!(longer.due_on > decide.due_on && longer.extended_by == 10);
    assert!(can_extend(&extended, &rules, NOW).is_err(), "once");
    // Of two that can be extended the stricter one first, then the other.
    let order = Complaint {
        is_order: true,
        ..supervised
    };
    let (first, _) = can_extend(&order, &rules, NOW).unwrap();
    let asked = ask_extension(&order, 5, "要等检测结果", by(1), &rules, NOW);
    let extended = extend(&asked.unwrap().next, by(2), &rules, NOW).unwrap().next;
    let (second, _) = can_extend(&extended, &rules, NOW).unwrap();
    assert_eq!((first.clock, second.clock), (Clock::Hotline, Clock::Decide));
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
    // A call that the unit took itself was sent by nobody.
    let call = Complaint {
        assigned_at: None,
        channel: Channel::Phone,
        ..order
    };
    assert!(can_object(&call, &rules, Timestamp::end_of(day("2025-11-28"))).is_ok());
    let imported = Complaint {
        channel: Channel::Import,
        ..call.clone()
    };
    assert!(can_object(&imported, &rules, NOW.plus_seconds(86_401)).is_err());
    let root = Complaint { unit: unit(1), ..call };
    assert!(can_object(&root, &rules, NOW).is_err(), "there is nobody above");
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
fn what_came_in_at_the_wrong_unit_goes_to_the_offices_desk() {
    let rules = Rules::default();
    let received = Complaint {
        accepted_at: None,
        assigned_at: None,
        ..grievance_in(State::Received)
    };
    let in_time = Timestamp::end_of(day("2025-11-28"));
    let late = Timestamp::start_of(day("2025-11-29"));
    assert!(can_object(&received, &rules, in_time).is_ok() && can_object(&received, &rules, late).is_err());
    // Handed on within the unit, it has no more time; typed in later, the unit could not know of it earlier.
    let accepted = accept(&received, NOW).unwrap().next;
    let within = assign(&accepted, unit(2), Some(member(1)), None, in_time).unwrap().next;
    assert!(can_object(&within, &rules, in_time).is_ok() && can_object(&within, &rules, late).is_err());
    let mut typed = received.clone();
    typed.pace.reached_at = Some(late);
    assert!(can_object(&typed, &rules, late).is_ok());

    let objected = object(&received, "不是我校的事", &rules, NOW).unwrap().next;
    assert_eq!(
        objected.due(&rules).unwrap().clock,
        Clock::Tell,
        "nobody has taken it yet"
    );
    let settled = assign(&objected, unit(3), None, None, in_time).unwrap();
    let codes: Vec<_> = settled.events.iter().map(Event::code).collect();
    assert_eq!(codes, ["accepted", "assigned"]);
    let next = settled.next;
    assert_eq!((next.accepted_at, next.assigned_at), (Some(in_time), Some(in_time)));
    assert!(
        not_accept(&objected, "不归我们管", None, NOW).is_ok()
            && refer(&objected, "属于卫生部门", "县卫健局", NOW).is_ok()
    );
    let taken = object(&accepted, "不是我校的事", &rules, NOW).unwrap().next;
    assert_eq!(
        not_accept(&taken, "不归我们管", None, NOW).unwrap_err().code(),
        "not_ready"
    );
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
        draft_reply(&again, parts(), false, by(1), NOW).unwrap_err(),
        Refusal::OwnWork
    );
    assert!(assign(&again, unit(2), Some(member(1)), None, NOW).is_err());
    let drafted = draft_reply(&again, parts(), true, by(3), NOW).unwrap().next;
    let approved = approve(&drafted, by(2), NOW).unwrap().next;
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
    let supervised = supervise(&case, &watch(Some(day("2025-11-25")), None), member(4), NOW)
        .unwrap()
        .next;
    assert_eq!(
        supervised.on_its_ladder(&case, &rules).pace.rung,
        None,
        "a new date, a new ladder"
    );
    let mut waiting = wait(&fresh, question(3), &rules, NOW).unwrap().next;
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
fn a_supervision_stays_until_it_is_lifted_and_ends_with_the_case_by_an_event_of_its_own() {
    for state in State::ALL {
        for verb in Verb::ALL {
            let mut before = ready_for(*verb, in_state(*state));
            if *verb != Verb::Supervise {
                before = ready_for(Verb::LiftSupervision, before);
            }
            let Ok(step) = run(&before, *verb) else { continue };
            let ended = step.events.contains(&Event::SupervisionEnded);
            let is_over = step.next.state.is_ended();
            assert_eq!(ended, is_over, "{state:?} {verb:?}");
            let stays = !is_over && *verb != Verb::LiftSupervision;
            assert_eq!(step.next.supervision.is_some(), stays, "{state:?} {verb:?}");
        }
    }
}

#[test]
fn a_report_is_asked_for_of_the_handler_then_the_supervisor_is_told_and_a_report_begins_anew() {
    let rules = Rules::default();
    let case = in_state(State::Received);
    // Three working days from Sunday, 23 November 2025: Wednesday.
    let case = supervise(&case, &watch(None, Some(3)), member(4), NOW).unwrap().next;
    assert_eq!(case.report_due_on(&rules), Some(day("2025-11-26")));
    let first = Timestamp::start_of(day("2025-11-27"));
    assert_eq!(
        case.next_wake(&rules),
        Some((first, Wake::AskReport(Missed::ToHandler)))
    );
    let told = miss_report(&case, Missed::ToHandler, &rules).unwrap().next;
    let second = Timestamp::start_of(day("2025-11-28"));
    assert_eq!(
        told.next_wake(&rules),
        Some((second, Wake::AskReport(Missed::ToSupervisor)))
    );
    let late = Timestamp::start_of(day("2025-12-20"));
    assert_eq!(
        case.wake(&rules, late),
        Some(Wake::AskReport(Missed::ToSupervisor)),
        "one reminder after a long sleep, to both"
    );
    let told = miss_report(&told, Missed::ToSupervisor, &rules).unwrap().next;
    assert_eq!(told.next_wake(&rules), None);
    let reported = report(&told, "已约家长见面", late).unwrap().next;
    assert_eq!(
        (reported.report_due_on(&rules), reported.pace.report_missed),
        (Some(day("2025-12-24")), None)
    );
    let lifted = lift_supervision(&reported, "已办妥").unwrap().next;
    assert_eq!((lifted.report_due_on(&rules), lifted.next_wake(&rules)), (None, None));
    let none = supervise(&in_state(State::Accepted), &watch(None, Some(0)), member(4), NOW).unwrap();
    assert_eq!(none.next.report_due_on(&rules), None, "only when there is news");
    assert!(supervise(&in_state(State::Accepted), &watch(None, Some(31)), member(4), NOW).is_err());
}

#[test]
fn the_date_of_a_supervision_binds_the_next_answer_and_not_the_one_after_it() {
    let rules = Rules::default();
    let case = supervise(
        &in_state(State::Accepted),
        &watch(Some(day("2025-11-26")), None),
        member(4),
        NOW,
    );
    let case = case.unwrap().next;
    assert_eq!(case.due(&rules).unwrap().clock, Clock::Supervision);
    let redone = Complaint {
        last_replied_at: Some(NOW.plus_seconds(3_600)),
        state: State::Redoing,
        ..case
    };
    assert!(redone.supervision.is_some() && redone.due(&rules).is_none());
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
        asked_by: member(1),
        asked_for: None,
        asked_at: NOW,
        decision: Some(crate::complaints::Decision {
            by: member(2),
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
    assert!(matches!(freed.events.as_slice(), [Event::DueBound { .. }]));
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
