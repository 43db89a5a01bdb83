//! Duplicates, which go with their lead.

use super::*;

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
