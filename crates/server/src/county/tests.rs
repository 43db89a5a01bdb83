//! The invented county is a whole one, and the same each time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;

use super::*;

fn today() -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    day.and_hms_opt(15, 0, 0).unwrap()
}

fn made(count: usize) -> County {
    county(1, today(), count)
}

/// A case and those that are merged into it.
fn with_merged(case: CountyComplaint) -> Vec<CountyComplaint> {
    let (mut own, mut merged) = (Vec::new(), Vec::new());
    for step in case.steps {
        match step.what {
            What::Lead(other) => merged.push(*other),
            _ => own.push(step),
        }
    }
    merged.push(CountyComplaint { steps: own, ..case });
    merged
}

fn all(count: usize) -> Vec<CountyComplaint> {
    made(count).complaints.flat_map(with_merged).collect()
}

#[test]
fn the_numbers_are_those_of_a_county() {
    let county = made(400);
    let count = |kind: &str| county.units.iter().filter(|unit| unit.kind == kind).count();
    assert_eq!((count("bureau"), count("office")), (1, 15));
    assert_eq!(count("school") + count("kindergarten"), SCHOOLS);
    assert_eq!(county.members.len(), 10_000);
    assert_eq!(county.accounts.len(), 11);
    // The last one may bring another one with it that does not fit in any more.
    let cases = all(400).len();
    let fixed = 15 + life::COUNT + 3;
    assert!((400 + fixed..=401 + fixed).contains(&cases), "{cases}");
    assert_eq!(made(0).complaints.count(), 15);
}

#[test]
fn siblings_have_different_names_and_parents_stand_first() {
    let county = made(0);
    let names: BTreeSet<_> = county.units.iter().map(|unit| (unit.parent, &unit.name)).collect();
    assert_eq!(names.len(), county.units.len());
    assert!(
        county
            .units
            .iter()
            .enumerate()
            .all(|(at, unit)| unit.parent.is_none_or(|parent| parent < at))
    );
    assert_eq!(county.units[DEMO_SCHOOL].name, "清河县柳湾小学");
}

#[test]
fn nothing_happens_in_the_future_or_out_of_order() {
    for case in all(2_000) {
        let mut last = case.received_at;
        for step in case.steps {
            assert!(step.at >= last && step.at <= today());
            last = step.at;
        }
        assert!(case.title.chars().count() <= 100);
    }
}

#[test]
fn ten_years_pass_with_more_to_do_each_year_and_only_recent_cases_open() {
    let mut years: BTreeMap<i64, usize> = BTreeMap::new();
    let (mut open, mut units) = (0, BTreeSet::new());
    let (mut redone, mut supervised) = (0, 0);
    let mut last = None;
    for case in made(CASES).complaints.skip(15 + life::COUNT) {
        assert!(last.is_none_or(|last| case.received_at >= last), "oldest first");
        last = Some(case.received_at);
        let age = today() - case.received_at;
        *years.entry(age.num_days() / 365).or_default() += 1;
        units.extend(case.about);
        let has = |wanted: fn(&What) -> bool| case.steps.iter().any(|step| wanted(&step.what));
        redone += usize::from(has(|what| matches!(what, What::Redo { .. })));
        supervised += usize::from(has(|what| matches!(what, What::Plain(PastVerb::Supervise { .. }))));
        let is_over = case.steps.last().is_some_and(|step| {
            matches!(
                step.what,
                What::Plain(PastVerb::Conclude(_))
                    | What::Plain(PastVerb::Lapse)
                    | What::Plain(PastVerb::Rate { .. })
                    | What::Plain(PastVerb::Withdraw(_))
                    | What::Plain(PastVerb::NotAccept { .. })
            )
        });
        // What was answered lately waits for its complainant, however long it took.
        let waits = case.steps.last().is_some_and(|step| {
            matches!(step.what, What::Plain(PastVerb::Approve { send: true })) && today() - step.at < Duration::days(30)
        });
        if !is_over && !waits {
            open += 1;
            assert!(age < Duration::days(62), "{age}");
        }
    }
    assert_eq!(years.len(), 10);
    assert!(years[&0] > 2 * years[&8], "{years:?}");
    assert!((50..500).contains(&open), "{open}");
    assert_eq!(units.len(), SCHOOLS);
    assert!(redone > 30 && supervised > 30, "{redone} {supervised}");
}

#[test]
fn it_is_the_same_each_time() {
    let (a, b) = (made(50), made(50));
    assert_eq!(
        a.members.iter().map(|member| &member.name).collect::<Vec<_>>(),
        b.members.iter().map(|member| &member.name).collect::<Vec<_>>()
    );
    let texts = |county: County| -> Vec<String> {
        let line = |case: CountyComplaint| format!("{}{}{}", case.title, case.body, case.received_at);
        county.complaints.map(line).collect()
    };
    assert_eq!(texts(a), texts(b));
}

#[test]
fn nobody_holds_roles_that_are_kept_apart_and_deputies_are_away_for_a_while() {
    use liangnuo_domain::{Role, role_grants::LONGEST_DEPUTY};
    let county = made(0);
    for grant in &county.grants {
        let role = Role::from_code(grant.role).unwrap();
        let others = county.grants.iter().filter(|other| other.member == grant.member);
        for other in others {
            assert!(
                role.goes_with(Role::from_code(other.role).unwrap()),
                "{role:?} {}",
                other.role
            );
        }
        if let Some(holder) = grant.deputy_for.map(|at| &county.grants[at]) {
            assert_eq!((holder.role, holder.unit), (grant.role, grant.unit));
            let (Some(from), Some(to)) = grant.days else {
                panic!("a deputy without days")
            };
            assert!(u64::try_from((to - from).num_days()).unwrap() < LONGEST_DEPUTY);
        }
    }
    let deputies = county.grants.iter().filter(|grant| grant.deputy_for.is_some());
    assert_eq!(deputies.count(), 2);
}

#[test]
fn those_who_sign_in_are_different_people() {
    let county = made(0);
    let members: BTreeSet<usize> = county.accounts.iter().map(|account| account.member).collect();
    assert_eq!(members.len(), county.accounts.len());
}

#[test]
fn every_part_of_the_console_has_something_to_show() {
    let cases: Vec<CountyComplaint> = made(complaints::LIFE_FROM)
        .complaints
        .skip(15)
        .take(life::COUNT)
        .collect();
    let count = |wanted: fn(&What) -> bool| {
        let has = |case: &&CountyComplaint| case.steps.iter().any(|step| wanted(&step.what));
        cases.iter().filter(has).count()
    };
    assert_eq!(count(|what| matches!(what, What::Plain(PastVerb::MarkEmergency(_)))), 3);
    assert_eq!(
        count(|what| matches!(what, What::Plain(PastVerb::AskExtension { .. }))),
        3
    );
    assert_eq!(count(|what| matches!(what, What::Plain(PastVerb::Wait { .. }))), 3);
    assert_eq!(count(|what| matches!(what, What::Plain(PastVerb::Object(_)))), 3);
    assert_eq!(count(|what| matches!(what, What::Plain(PastVerb::Refer { .. }))), 3);
    assert_eq!(count(|what| matches!(what, What::Redo { .. })), 3);
    assert_eq!(count(|what| matches!(what, What::Lead(_))), 3);
    assert_eq!(count(|what| matches!(what, What::Plain(PastVerb::Supervise { .. }))), 3);
    let is_emergency = |case: CountyComplaint| {
        case.steps
            .iter()
            .any(|step| matches!(step.what, What::Plain(PastVerb::MarkEmergency(_))))
    };
    assert!(!made(complaints::LIFE_FROM - 1).complaints.any(is_emergency));
}
