//! Every way to narrow a list of cases down.

use liangnuo_domain::{
    CategoryId, Role,
    clocks::Phase,
    complaints::{Channel, Kind, State},
    units::UnitKind,
};
use liangnuo_persistence::complaints::CaseFilter;
use liangnuo_test_support::NOW;

use super::CASES;
use crate::support::{World, at};

/// A filter with a name for the message.
pub type Named = (&'static str, CaseFilter);

/// A new filter fails to compile here, until it stands in one of the lists below.
const fn all_are_listed(filter: &CaseFilter) {
    let CaseFilter {
        q: _,
        states: _,
        phases: _,
        channels: _,
        kinds: _,
        unit: _,
        handler: _,
        category: _,
        received_from: _,
        received_to: _,
        replied_from: _,
        replied_to: _,
        due_before: _,
        days_to_reply_over: _,
        is_rated_unsatisfied: _,
        is_rated: _,
        is_replied: _,
        ended_from: _,
        ended_to: _,
        is_unit_alone: _,
        unit_kind: _,
        is_category_alone: _,
        has_category: _,
        year: _,
        is_emergency: _,
        is_supervised: _,
        is_redone: _,
        is_extension_asked: _,
        supervisor: _,
        report_due_before: _,
        has_handler: _,
        is_anonymous: _,
        satisfaction: _,
        due_from: _,
    } = filter;
}

/// A filter with one thing set.
macro_rules! with {
    ($($field:ident: $value:expr),+) => {
        CaseFilter { $($field: $value,)+ ..CaseFilter::default() }
    };
}

/// Every filter by itself, and some together.
pub fn filters(world: &World, category: CategoryId) -> Vec<Named> {
    let all = [
        words(),
        states(),
        places(world, category),
        times(),
        marks(world),
        together(world, category),
    ]
    .concat();
    all.iter().for_each(|(_, filter)| all_are_listed(filter));
    all
}

pub fn words() -> Vec<Named> {
    let word = |q: &str| with!(q: Some(q.to_owned()));
    vec![
        ("nothing", CaseFilter::default()),
        ("a word", word("望远镜")),
        ("two letters", word("望远")),
        ("a usual word", word("饭菜")),
        ("a usual word of many letters", word("孩子中午吃到")),
        ("a usual word and a rare one", word("饭菜 望远镜")),
        ("a word that nobody wrote", word("航空母舰")),
        ("one letter", word("饭")),
        ("a number", word("2025-000100-X")),
    ]
}

fn states() -> Vec<Named> {
    let states = |states: &[State]| with!(states: states.to_vec());
    let phase = |phase| with!(phases: vec![phase]);
    vec![
        ("a state", states(&[State::Accepted])),
        ("a usual state", states(&[State::Concluded])),
        ("a state that nothing is in", states(&[State::Received])),
        ("two states", states(&[State::Concluded, State::Accepted])),
        ("no clock", phase(Phase::None)),
        ("overdue", phase(Phase::Overdue)),
        ("long overdue", phase(Phase::LongOverdue)),
        ("due soon", phase(Phase::DueSoon)),
        ("on time", phase(Phase::OnTime)),
        ("due", with!(due_before: Some(NOW))),
        ("due later", with!(due_from: Some(NOW))),
    ]
}

fn places(world: &World, category: CategoryId) -> Vec<Named> {
    let county = &world.county;
    vec![
        ("a channel", with!(channels: vec![Channel::Email])),
        ("a kind", with!(kinds: vec![Kind::Inquiry])),
        (
            "several channels and kinds",
            with!(channels: vec![Channel::Email, Channel::Counter], kinds: vec![Kind::Inquiry, Kind::Suggestion]),
        ),
        ("a unit", with!(unit: Some(county.own))),
        ("the unit alone", with!(unit: Some(county.own), is_unit_alone: true)),
        ("the root", with!(unit: Some(county.root))),
        ("the root alone", with!(unit: Some(county.root), is_unit_alone: true)),
        ("a usual kind of unit", with!(unit_kind: Some(UnitKind::School))),
        ("a rare kind of unit", with!(unit_kind: Some(UnitKind::Office))),
        ("a kind of unit without cases", with!(unit_kind: Some(UnitKind::Branch))),
        ("a handler", with!(handler: Some(county.root_member(Role::Handler)))),
        ("nobody's", with!(handler: Some(county.member(Role::Handler)))),
        ("nobody's yet", with!(has_handler: Some(false))),
        ("somebody's", with!(has_handler: Some(true))),
        ("a rare category", with!(category: Some(category))),
        (
            "a rare category alone",
            with!(category: Some(category), is_category_alone: true),
        ),
        ("without a category", with!(has_category: Some(false))),
        ("with a category", with!(has_category: Some(true))),
    ]
}

fn times() -> Vec<Named> {
    let day = |days: i64| Some(at(-days * super::DAY).day());
    let year = at(-(CASES - 400) * super::DAY).day().format("%Y").to_string();
    vec![
        ("received long ago", with!(received_to: day(CASES - 30))),
        ("received lately", with!(received_from: day(30))),
        ("answered long ago", with!(replied_to: day(CASES - 30))),
        ("answered lately", with!(replied_from: day(60))),
        ("ended long ago", with!(ended_to: day(CASES - 30))),
        ("ended lately", with!(ended_from: day(60))),
        ("a year", with!(year: Some(year.parse().unwrap()))),
        ("answered late", with!(days_to_reply_over: Some(15.0))),
    ]
}

fn marks(world: &World) -> Vec<Named> {
    vec![
        ("not satisfied", with!(is_rated_unsatisfied: Some(true))),
        ("satisfied", with!(is_rated_unsatisfied: Some(false))),
        ("very dissatisfied", with!(satisfaction: vec![1])),
        ("best", with!(satisfaction: vec![5, 4])),
        ("anonymous", with!(is_anonymous: Some(true))),
        ("not anonymous", with!(is_anonymous: Some(false))),
        ("rated", with!(is_rated: Some(true))),
        ("not rated", with!(is_rated: Some(false))),
        ("answered", with!(is_replied: Some(true))),
        ("not answered", with!(is_replied: Some(false))),
        ("an emergency", with!(is_emergency: Some(true))),
        ("no emergency", with!(is_emergency: Some(false))),
        ("supervised", with!(is_supervised: Some(true))),
        ("not supervised", with!(is_supervised: Some(false))),
        (
            "supervised by one",
            with!(supervisor: Some(world.county.root_member(Role::Leader))),
        ),
        (
            "report due",
            with!(report_due_before: Some(at(super::DAY)), handler: Some(world.county.root_member(Role::Handler))),
        ),
        ("done again", with!(is_redone: Some(true))),
        ("not done again", with!(is_redone: Some(false))),
        ("more time asked", with!(is_extension_asked: Some(true))),
        ("no more time asked", with!(is_extension_asked: Some(false))),
    ]
}

/// What people narrow down by two things: each has an index of one of them.
fn together(world: &World, category: CategoryId) -> Vec<Named> {
    let own = Some(world.county.own);
    let usual = || Some("饭菜".to_owned());
    vec![
        (
            "a unit and a usual state",
            with!(unit: own, states: vec![State::Concluded]),
        ),
        (
            "a unit and a state that nothing is in",
            with!(unit: own, states: vec![State::Received]),
        ),
        ("a unit and a usual word", with!(unit: own, q: usual())),
        (
            "a rare category and a usual word",
            with!(category: Some(category), q: usual()),
        ),
        (
            "a handler and a usual word",
            with!(handler: Some(world.county.member(Role::Handler)), q: usual()),
        ),
        (
            "open and a usual word",
            with!(states: vec![State::Accepted], q: usual()),
        ),
        (
            "not satisfied, of a unit",
            with!(unit: own, is_rated_unsatisfied: Some(true)),
        ),
    ]
}

/// What the figures are narrowed down by, of which sums are kept.
pub fn kept(world: &World, category: CategoryId) -> Vec<Named> {
    let year = Some(at(-400 * super::DAY).day().format("%Y").to_string().parse().unwrap());
    vec![
        ("all", CaseFilter::default()),
        ("a unit", with!(unit: Some(world.county.own))),
        ("a kind of unit", with!(unit_kind: Some(UnitKind::School))),
        ("a category", with!(category: Some(category))),
        ("without a category", with!(has_category: Some(false))),
        ("a channel", with!(channels: vec![Channel::Web])),
        ("a kind", with!(kinds: vec![Kind::Grievance])),
        ("a year", with!(year: year)),
        ("a unit and a year", with!(unit: Some(world.county.sibling), year: year)),
    ]
}

/// What the figures are counted of, since no sums are kept: that costs what is selected, and no more.
pub fn counted(world: &World, category: CategoryId) -> Vec<Named> {
    let own = Some(world.county.own);
    vec![
        ("a unit and a kind", with!(unit: own, kinds: vec![Kind::Grievance])),
        (
            "a rare category and a channel",
            with!(category: Some(category), channels: vec![Channel::Web]),
        ),
        ("a rare word", with!(q: Some("望远镜".to_owned()))),
        ("a few days", with!(received_from: Some(at(-9 * super::DAY).day()))),
        ("not satisfied", with!(is_rated_unsatisfied: Some(true))),
    ]
}
