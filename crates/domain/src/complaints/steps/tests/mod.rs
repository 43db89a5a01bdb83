//! Every state with every verb: either it moves as the table says, or it refuses and nothing changes.

mod following;
mod oversight;
mod pacing;
mod replying;
mod screening;

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

fn deputy(n: u128, holder: u128) -> Doer {
    Doer {
        member: member(n),
        acting_for: Some(member(holder)),
    }
}

fn unit(n: u128) -> UnitId {
    UnitId(Uuid::from_u128(n))
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
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
            earlier_authors: Vec::new(),
            is_submitted: true,
            approved_by: Some(member(2)),
            returned_reason: None,
            updated_at: NOW,
        }),
        ..filed
    }
}

fn grievance_in(state: State) -> Complaint {
    Complaint {
        kind: Kind::Grievance,
        ..in_state(state)
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
        Verb::Attach => attach(complaint, 2),
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
