//! Clocks, holds and more time.

use super::*;

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
