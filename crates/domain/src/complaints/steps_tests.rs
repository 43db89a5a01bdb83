//! Every state with every verb: either it moves as the table says, or it refuses and nothing changes.

use uuid::Uuid;

use super::*;
use crate::complaints::{CaseView, Channel, TRANSITIONS, allowed};

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
        replied_at: is_answered.then_some(NOW),
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

fn run(complaint: &Complaint, verb: Verb) -> Result<Step, Refusal> {
    match verb {
        Verb::Accept => accept(complaint, NOW),
        Verb::NotAccept => not_accept(complaint, "不归我们管", Some("县卫健局"), NOW),
        Verb::Assign => assign(complaint, unit(3), Some(member(1)), None),
        Verb::Draft => draft_reply(complaint, parts(), false, member(1), NOW),
        Verb::Submit => draft_reply(complaint, parts(), true, member(1), NOW),
        Verb::Approve => approve(complaint, member(2), NOW),
        Verb::Return => return_draft(complaint, "写清依据", NOW),
        Verb::Reply => send_reply(complaint, ReplyId(Uuid::from_u128(1)), NOW),
        Verb::Message => message(
            complaint,
            "请问是哪一天？",
            MessageId(Uuid::from_u128(1)),
            member(1),
            NOW,
        ),
        Verb::Add => add(complaint, "是周二。", MessageId(Uuid::from_u128(1)), NOW),
        Verb::Rate => rate(complaint, 5, None, NOW),
        Verb::Conclude => conclude(complaint, None, NOW),
        Verb::Withdraw => withdraw(complaint, None, false, NOW),
        Verb::NameAccused => name_accused(complaint, vec![member(8)], vec![]),
    }
}

#[test]
fn every_state_with_every_verb_follows_the_table() {
    for state in State::ALL {
        for verb in Verb::ALL {
            let before = in_state(*state);
            let targets: Vec<State> = TRANSITIONS
                .iter()
                .filter(|(from, v, _)| from == state && v == verb)
                .map(|(_, _, to)| *to)
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
    for (from, verb, _) in TRANSITIONS {
        assert!(!from.is_ended() || *verb == Verb::Rate, "{from:?} {verb:?}");
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
    assert_eq!(assign(&accepted, unit(2), None, None).unwrap_err().code(), "not_ready");
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
    let replied = in_state(State::Replied);
    for (level, expected) in [
        (5, State::Concluded),
        (3, State::Concluded),
        (2, State::Replied),
        (1, State::Replied),
    ] {
        assert_eq!(rate(&replied, level, None, NOW).unwrap().next.state, expected);
    }
    for level in [0, 6, -1] {
        assert_eq!(rate(&replied, level, None, NOW).unwrap_err().code(), "invalid_field");
    }
    let rated = rate(&replied, 1, None, NOW).unwrap().next;
    assert_eq!(rate(&rated, 5, None, NOW).unwrap_err().code(), "not_ready", "once");
    assert_eq!(
        conclude(&rated, None, NOW).unwrap_err().code(),
        "invalid_field",
        "says why"
    );
    assert!(conclude(&rated, Some("已上门说明"), NOW).is_ok());
    let late = NOW.plus_seconds(RATING_DAYS * 86_400 + 1);
    assert_eq!(rate(&replied, 5, None, late).unwrap_err().code(), "not_ready");
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
        id: ReplyId(Uuid::from_u128(1)),
        parts: None,
        body: "已办。".into(),
        unit: unit(2),
        drafted_by: None,
        approved_by: None,
        at: replied_at,
    };
    let done = import(filed.clone(), Some(reply)).next;
    assert_eq!(
        (done.state, done.replied_at, done.ended_at),
        (State::Concluded, Some(replied_at), Some(replied_at))
    );
    assert_eq!(import(filed, None).next.state, State::Received);
}

#[test]
fn what_is_allowed_is_what_would_succeed() {
    use crate::actor::{Actor, Grant, Role};
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
    let head = allowed(view, &actor(Role::UnitHead, 2));
    assert!(head.verbs.contains(&Verb::Approve) && head.verbs.contains(&Verb::Return));
    assert!(
        head.refused.iter().any(|r| r.verb == Verb::Reply),
        "not before approval, and it says so"
    );
    let drafter = allowed(view, &actor(Role::UnitHead, 1));
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
    );
    assert!(excluded.verbs.is_empty() && excluded.refused.is_empty());
}
