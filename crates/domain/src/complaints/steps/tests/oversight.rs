//! Supervision, and the reports that it asks for.

use super::*;

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
