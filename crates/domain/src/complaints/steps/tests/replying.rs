//! Who may write and approve an answer, and what the complainant says to it.

use super::*;

#[test]
fn nobody_approves_their_own_reply() {
    let mut complaint = in_state(State::ReplyDrafted);
    complaint.draft.as_mut().unwrap().approved_by = None;
    assert_eq!(approve(&complaint, by(1), NOW).unwrap_err(), Refusal::OwnWork);
    assert!(approve(&complaint, by(2), NOW).is_ok());
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
fn whoever_wrote_at_a_reply_does_not_approve_it_whoever_wrote_last() {
    let case = in_state(State::InHandling);
    let write = |case: &Complaint, by| draft_reply(case, parts(), true, by, NOW).unwrap().next;
    let own = |case: &Complaint, by| approve(case, by, NOW).err() == Some(Refusal::OwnWork);
    // 1 begins, 4 goes on in the place of 5, 3 ends it.
    let written = [by(1), deputy(4, 5), by(3), by(3)]
        .into_iter()
        .fold(case, |case, by| write(&case, by));
    let draft = written.draft.clone().unwrap();
    assert_eq!(draft.authors().collect::<Vec<_>>(), [by(3), deputy(4, 5), by(1)]);
    for author in [1, 3, 4, 5] {
        assert!(
            own(&written, by(author)) && own(&written, deputy(6, author)),
            "{author}"
        );
    }
    assert!(!own(&written, by(2)) && !own(&written, deputy(6, 2)));
    // Given back and written by somebody else it is still of all; only with the answer it is done with.
    let again = write(&return_draft(&written, "写清依据", NOW).unwrap().next, by(7));
    assert!(own(&again, by(1)) && own(&again, by(3)) && !own(&again, by(2)));
    let approved = approve(&again, by(2), NOW).unwrap().next;
    let sent = send_reply(&approved, ReplyId(Uuid::from_u128(1)), NOW).unwrap().next;
    let redone = redo(&sent, "没有说到点子上", None, &Rules::default(), NOW)
        .unwrap()
        .next;
    assert!(!own(&write(&redone, by(7)), by(1)));
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
