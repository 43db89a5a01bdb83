use proptest::prelude::*;
use uuid::Uuid;

use super::*;

/// 2026-11-23 10:00 in the county.
const NOW: Timestamp = Timestamp::from_micros(1_795_399_200_000_000);
const ROOT: u128 = 1;
const SCHOOL: u128 = 2;

fn member(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

fn by(n: u128) -> Doer {
    Doer::own(member(n))
}

fn unit(n: u128) -> UnitId {
    UnitId(Uuid::from_u128(n))
}

fn id(n: u128) -> RoleGrantId {
    RoleGrantId(Uuid::from_u128(n))
}

fn day(text: &str) -> Option<Day> {
    Some(text.parse().unwrap())
}

fn asked(to: u128, starts_on: Option<Day>, ends_on: Option<Day>) -> NewGrant {
    NewGrant {
        member: member(to),
        starts_on,
        ends_on,
        reason: "岗位调整".into(),
    }
}

fn give(role: Role, at: u128, new: &NewGrant, held: &[RoleGrant], doer: Doer) -> Result<RoleGrant, Refusal> {
    let place = Place {
        region: unit(ROOT),
        unit: unit(at),
        role,
    };
    grant(id(9), place, new, held, doer, NOW).map(|(grant, _)| grant)
}

fn held(role: Role, at: u128) -> RoleGrant {
    give(role, at, &asked(5, None, None), &[], by(1)).unwrap()
}

fn code(result: Result<RoleGrant, Refusal>) -> String {
    match result.unwrap_err() {
        Refusal::Invalid(Invalid(fields)) => fields
            .iter()
            .map(|field| format!("{} {}", field.pointer, field.code))
            .collect::<Vec<_>>()
            .join(", "),
        other => other.code().to_owned(),
    }
}

#[test]
fn the_last_day_counts_and_today_is_from_now_on() {
    assert_eq!(NOW.day(), "2026-11-23".parse::<Day>().unwrap());
    let term = Term::parse(day("2026-11-23"), day("2026-11-23"), NOW).unwrap();
    assert_eq!(term.from, NOW);
    let last = Timestamp::end_of(NOW.day());
    assert_eq!(term.state(last), GrantState::InForce);
    assert_eq!(term.state(Timestamp::from_micros(last.micros() + 1)), GrantState::Ended);
    let later = Term::parse(day("2026-12-01"), None, NOW).unwrap();
    assert_eq!(later.state(NOW), GrantState::Future);
    assert_eq!(later.from, Timestamp::start_of(day("2026-12-01").unwrap()));
}

#[test]
fn days_that_make_no_sense_are_named() {
    let wrong = |from, to| code(give(Role::Handler, SCHOOL, &asked(5, from, to), &[], by(1)));
    assert_eq!(wrong(day("2026-11-22"), None), "/starts_on in_the_past");
    assert_eq!(wrong(day("2027-11-25"), None), "/starts_on too_far");
    assert_eq!(wrong(day("2026-12-02"), day("2026-12-01")), "/ends_on before_start");
    assert_eq!(wrong(None, day("2056-12-01")), "/ends_on too_far");
    assert_eq!(wrong(Some(Day::MAX), Some(Day::MAX)), "/starts_on too_far");
    assert_eq!(wrong(Some(Day::MIN), Some(Day::MIN)), "/starts_on in_the_past");
    let silent = NewGrant {
        reason: " ".into(),
        ..asked(5, None, None)
    };
    assert_eq!(
        code(give(Role::Handler, SCHOOL, &silent, &[], by(1))),
        "/reason required"
    );
}

#[test]
fn what_is_nobodys_or_the_countys_is_not_given_elsewhere() {
    for role in Role::ALL {
        let at_school = give(role, SCHOOL, &asked(5, None, None), &[], by(1));
        let at_root = give(role, ROOT, &asked(5, None, None), &[], by(1));
        match role {
            Role::Member | Role::Integrator => {
                assert_eq!(code(at_school), "/role not_grantable");
                assert_eq!(code(at_root), "/role not_grantable");
            }
            Role::Inspector | Role::AuditAdmin => {
                assert_eq!(code(at_school), "/unit_id county_only");
                assert!(at_root.is_ok());
            }
            _ => assert!(at_school.is_ok() && at_root.is_ok(), "{role:?}"),
        }
    }
}

#[test]
fn administrators_read_no_case_and_are_not_audited_by_themselves() {
    for one in Role::ALL {
        assert!(one.goes_with(one));
        assert!(one.goes_with(Role::Member));
        for other in Role::ALL {
            assert_eq!(one.goes_with(other), other.goes_with(one), "{one:?} {other:?}");
        }
    }
    assert!(Role::Admin.goes_with(Role::SecurityAdmin), "as the first administrator");
    for reader in CASE_READERS.iter().copied().chain([Role::Supervisor]) {
        for keeper in [Role::Admin, Role::SecurityAdmin, Role::AuditAdmin] {
            let held = [held(reader, ROOT)];
            assert_eq!(
                code(give(keeper, ROOT, &asked(5, None, None), &held, by(1))),
                "roles_apart",
                "{reader:?} {keeper:?}"
            );
        }
    }
    for keeper in [Role::Admin, Role::SecurityAdmin] {
        let held = [held(Role::AuditAdmin, ROOT)];
        assert_eq!(
            code(give(keeper, SCHOOL, &asked(5, None, None), &held, by(1))),
            "roles_apart"
        );
    }
    // One after the other is possible.
    let mut before = held(Role::Handler, SCHOOL);
    before.term.to = Some(Timestamp::start_of(day("2026-12-01").unwrap()));
    let after = asked(5, day("2026-12-01"), None);
    assert!(give(Role::Admin, SCHOOL, &after, &[before], by(1)).is_ok());
}

#[test]
fn nobody_gives_a_role_to_themselves_or_takes_their_own() {
    let own = |doer| code(give(Role::Handler, SCHOOL, &asked(5, None, None), &[], doer));
    assert_eq!(own(by(5)), "own_roles");
    let deputy = Doer {
        member: member(6),
        acting_for: Some(member(5)),
    };
    assert_eq!(own(deputy), "own_roles", "nor through a deputy");
    let end_it = |doer| end(&held(Role::Handler, SCHOOL), "调离", doer, false, NOW).unwrap_err();
    assert_eq!(end_it(by(5)), Refusal::OwnRoles);
    assert_eq!(end_it(deputy), Refusal::OwnRoles);
}

#[test]
fn the_same_role_is_not_given_twice_at_once() {
    let first = held(Role::Handler, SCHOOL);
    let again = |held: &[RoleGrant]| give(Role::Handler, SCHOOL, &asked(5, None, None), held, by(1));
    assert_eq!(code(again(std::slice::from_ref(&first))), "already_granted");
    assert!(
        give(
            Role::Handler,
            3,
            &asked(5, None, None),
            std::slice::from_ref(&first),
            by(1)
        )
        .is_ok()
    );
    let (ended, _) = end(&first, "调离", by(1), false, NOW).unwrap();
    assert!(again(&[ended]).is_ok());
}

#[test]
fn an_end_is_now_once_and_never_of_the_last_keeper_of_the_keys() {
    let grant = held(Role::SecurityAdmin, ROOT);
    assert!(keeps_the_keys(&grant));
    assert!(!keeps_the_keys(&held(Role::SecurityAdmin, SCHOOL)));
    assert_eq!(
        end(&grant, "调离", by(1), true, NOW).unwrap_err(),
        Refusal::LastSecurityAdmin
    );
    let (ended, event) = end(&grant, "调离", by(1), false, NOW).unwrap();
    assert_eq!(ended.term.state(NOW), GrantState::Ended);
    assert_eq!(event.code(), "ended");
    assert_eq!(
        end(&ended, "调离", by(1), false, NOW).unwrap_err().code(),
        "wrong_state"
    );
    assert_eq!(end(&grant, "", by(1), false, NOW).unwrap_err().code(), "invalid_field");
    let future = give(Role::Handler, SCHOOL, &asked(5, day("2026-12-01"), None), &[], by(1)).unwrap();
    let (never, _) = end(&future, "不调了", by(1), false, NOW).unwrap();
    assert_eq!(never.term.to, Some(never.term.from), "it never begins");
    assert_eq!(never.term.state(never.term.from), GrantState::Ended);
}

fn deputy(holder: &RoleGrant, new: &NewGrant, doer: Doer) -> Result<RoleGrant, Refusal> {
    name_deputy(id(10), holder, new, &[], doer, NOW).map(|(grant, _)| grant)
}

#[test]
fn a_deputy_stands_in_for_a_time_within_the_holders() {
    let mut head = held(Role::UnitHead, SCHOOL);
    let fortnight = asked(6, None, day("2026-12-06"));
    let stand_in = deputy(&head, &fortnight, by(5)).unwrap();
    assert_eq!(
        (stand_in.role, stand_in.unit, stand_in.deputy_for.unwrap().holder),
        (Role::UnitHead, unit(SCHOOL), member(5))
    );
    let wrong = |from, to, holder: &RoleGrant| code(deputy(holder, &asked(6, from, to), by(1)));
    assert_eq!(wrong(None, None, &head), "/ends_on required");
    assert_eq!(wrong(None, day("2027-06-01"), &head), "/ends_on too_far");
    head.term.to = Some(Timestamp::start_of(day("2026-12-06").unwrap()));
    assert_eq!(wrong(None, day("2026-12-06"), &head), "/ends_on beyond_holder");
    assert!(deputy(&head, &asked(6, None, day("2026-12-05")), by(1)).is_ok());
    head.term.from = Timestamp::start_of(day("2026-12-01").unwrap());
    assert_eq!(wrong(None, day("2026-12-05"), &head), "/starts_on before_holder");
    assert_eq!(wrong(None, day("2026-12-05"), &stand_in), "not_ready");
    let (ended, _) = end(&head, "调离", by(1), false, NOW).unwrap();
    assert_eq!(
        deputy(&ended, &asked(6, day("2026-12-01"), day("2026-12-05")), by(1))
            .unwrap_err()
            .code(),
        "invalid_field"
    );
    assert_eq!(
        code(deputy(&head, &asked(6, day("2026-12-01"), day("2026-12-05")), by(6))),
        "own_roles"
    );
}

#[test]
fn what_a_deputy_must_not_be_beside_is_asked_of_the_deputy() {
    let admin = held(Role::Admin, ROOT);
    let reader = RoleGrant {
        member: member(6),
        ..held(Role::Handler, SCHOOL)
    };
    let new = asked(6, None, day("2026-12-06"));
    let refused = name_deputy(id(10), &admin, &new, &[reader], by(1), NOW).unwrap_err();
    assert_eq!(refused.code(), "roles_apart");
    // The holder can't be their own deputy: they hold the role already.
    let head = held(Role::UnitHead, SCHOOL);
    let own = name_deputy(
        id(10),
        &head,
        &asked(5, None, day("2026-12-06")),
        std::slice::from_ref(&head),
        by(1),
        NOW,
    );
    assert_eq!(own.unwrap_err().code(), "already_granted");
}

/// What a random county of few people and two units does with its roles.
#[derive(Clone, Copy, Debug)]
enum Move {
    Give(u128, usize, u128, u64, Option<u64>),
    Deputise(usize, u128, u64, Option<u64>),
    End(usize),
}

fn moves() -> impl Strategy<Value = Vec<(Move, u128)>> {
    let span = || (0_u64..20, proptest::option::of(0_u64..40));
    let one = prop_oneof![
        (1_u128..6, 0_usize..11, 1_u128..3, span()).prop_map(|(to, role, at, (a, b))| Move::Give(to, role, at, a, b)),
        (0_usize..12, 1_u128..6, span()).prop_map(|(of, to, (a, b))| Move::Deputise(of, to, a, b)),
        (0_usize..12).prop_map(Move::End),
    ];
    proptest::collection::vec((one, 1_u128..6), 0..40)
}

/// Plays a move as the store does; what is refused changes nothing.
fn play(grants: &mut Vec<RoleGrant>, step: Move, doer: Doer, next: u128, now: Timestamp) {
    let dated = |to, from: u64, length: Option<u64>| {
        let first = later(now.day(), from);
        asked(to, Some(first), length.map(|days| later(first, days)))
    };
    let of = |grants: &[RoleGrant], who| {
        let is_theirs = |grant: &&RoleGrant| grant.member == who && grant.term.state(now) != GrantState::Ended;
        grants.iter().filter(is_theirs).cloned().collect::<Vec<_>>()
    };
    match step {
        Move::Give(to, role, at, from, length) => {
            let place = Place {
                region: unit(ROOT),
                unit: unit(at),
                role: Role::ALL[role],
            };
            let held = of(grants, member(to));
            grants.extend(grant(id(next), place, &dated(to, from, length), &held, doer, now).map(|made| made.0));
        }
        Move::Deputise(at, to, from, length) => {
            let Some(holder) = grants.get(at).cloned() else { return };
            let held = of(grants, member(to));
            let made = name_deputy(id(next), &holder, &dated(to, from, length), &held, doer, now);
            grants.extend(made.map(|made| made.0));
        }
        Move::End(at) => {
            let Some(ends) = grants.get(at).cloned() else { return };
            let others = grants
                .iter()
                .filter(|other| other.id != ends.id && keeps_the_keys(other) && other.term.from <= now);
            let is_last = keeps_the_keys(&ends) && ends.term.from <= now && others.count() == 0;
            let Ok((ended, _)) = end(&ends, "调离", doer, is_last, now) else {
                return;
            };
            let at = ended.term.to.unwrap();
            for grant in grants.iter_mut() {
                if grant.id == ended.id {
                    *grant = ended.clone();
                } else if grant.deputy_for.is_some_and(|of| of.grant == ended.id)
                    && let Some((over, _)) = end_along(grant, at)
                {
                    *grant = over;
                }
            }
        }
    }
}

proptest! {
    /// Whatever is tried in whichever order: no duties come together, nothing is held twice, no deputy outlives the holder,
    /// and somebody always keeps the keys.
    #[test]
    fn the_rules_hold_after_any_history(history in moves()) {
        let mut grants = vec![RoleGrant { member: member(1), ..held(Role::SecurityAdmin, ROOT) }];
        grants[0].id = id(1_000);
        for (at, (step, who)) in history.into_iter().enumerate() {
            let at = u32::try_from(at).unwrap();
            let now = NOW.plus_seconds(i64::from(at) * 43_200);
            play(&mut grants, step, by(who), 2_000 + u128::from(at), now);
            prop_assert!(grants.iter().any(|grant| keeps_the_keys(grant) && grant.term.from <= now));
        }
        for (at, one) in grants.iter().enumerate() {
            for other in grants.iter().skip(at + 1).filter(|other| other.member == one.member && other.term.overlaps(one.term)) {
                prop_assert!(one.role.goes_with(other.role), "{one:?} {other:?}");
                prop_assert!((one.role, one.unit) != (other.role, other.unit), "{one:?} {other:?}");
            }
            if let Some(of) = one.deputy_for {
                let holder = grants.iter().find(|grant| grant.id == of.grant).unwrap();
                let is_within = !one.term.overlaps(Term { from: holder.term.to.unwrap_or(one.term.to.unwrap()), to: None });
                prop_assert!(is_within && one.term.from >= holder.term.from, "{one:?} {holder:?}");
                prop_assert!(holder.deputy_for.is_none() && one.member != holder.member);
            }
        }
    }

    /// Terms overlap where some instant is in both.
    #[test]
    fn an_overlap_is_an_instant_in_common(a in 0_i64..30, b in proptest::option::of(0_i64..30), c in 0_i64..30, d in proptest::option::of(0_i64..30)) {
        let term = |from: i64, to: Option<i64>| Term { from: Timestamp::from_micros(from), to: to.map(Timestamp::from_micros) };
        let (one, other) = (term(a, b), term(c, d));
        let in_both = (0..40).map(Timestamp::from_micros).any(|at| {
            one.state(at) == GrantState::InForce && other.state(at) == GrantState::InForce
        });
        prop_assert_eq!(one.overlaps(other), in_both);
    }
}
