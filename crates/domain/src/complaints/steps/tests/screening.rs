//! What comes in, and where it goes.

use super::*;

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
