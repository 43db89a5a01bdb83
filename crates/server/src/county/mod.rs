//! The demo county: invented, life-like, and the same each time. Pure data; `demo` writes it.

mod complaints;
mod people;
mod random;
pub mod templates;
mod texts;
mod units;

use chrono::NaiveDateTime;
use random::Seeded;
use units::DEMO_SCHOOL;

/// A county as plain data; members, units and cases name each other by their places in these lists.
pub struct County {
    /// The root first, parents before children.
    pub units: Vec<CountyUnit>,
    pub members: Vec<CountyMember>,
    pub grants: Vec<CountyGrant>,
    pub accounts: Vec<CountyAccount>,
    pub complaints: Vec<CountyComplaint>,
}

pub struct CountyUnit {
    pub parent: Option<usize>,
    pub kind: &'static str,
    pub name: String,
    pub name_en: String,
    pub head: Option<String>,
    pub hotline: Option<String>,
    pub address: Option<String>,
    pub opening_hours: Option<String>,
}

pub struct CountyMember {
    pub unit: usize,
    pub branch: Option<usize>,
    pub name: String,
    pub name_en: String,
    pub post: String,
    pub post_en: String,
    pub is_party_member: bool,
}

pub struct CountyGrant {
    pub member: usize,
    pub role: &'static str,
    pub unit: usize,
}

pub struct CountyAccount {
    pub role: &'static str,
    pub login: &'static str,
    pub member: usize,
}

pub struct CountyComplaint {
    pub kind: &'static str,
    pub channel: &'static str,
    pub title: String,
    pub body: String,
    pub about: Option<usize>,
    /// Name and telephone number.
    pub contact: Option<(String, Option<String>)>,
    pub received_at: NaiveDateTime,
    pub steps: Vec<CountyStep>,
}

pub struct CountyStep {
    pub at: NaiveDateTime,
    /// None for the complainant.
    pub by: Option<usize>,
    pub what: What,
}

pub enum What {
    Accept,
    NotAccept {
        reason: String,
        where_to_go: String,
    },
    Assign {
        unit: usize,
        handler: usize,
    },
    Draft {
        request: String,
        facts: String,
        decision: String,
        basis: String,
        submit: bool,
    },
    Approve {
        send: bool,
    },
    Message(String),
    Add(String),
    Rate {
        level: i16,
        comment: Option<String>,
    },
    Conclude(Option<String>),
    Withdraw(Option<String>),
}

/// A unit with those who handle and approve its cases.
#[derive(Clone, Copy, Debug)]
struct Desk {
    unit: usize,
    handler: usize,
    head: usize,
}

const MEMBERS: usize = 10_000;
const CASES: usize = 400;

/// The county of a seed, as of `today`, with `scale` times the usual number of cases.
pub fn county(seed: u64, today: NaiveDateTime, scale: usize) -> County {
    let mut random = Seeded::new(seed);
    let mut units = units::units(&mut random);
    let members = members(&mut random, &units);
    for (at, unit) in units.iter_mut().enumerate() {
        let head = members.iter().find(|member| member.unit == at && is_head(&member.post));
        unit.head = head.map(|member| member.name.clone());
    }
    let staff = Staff::of(&units, &members);
    let inspectors = [staff.at(0, 6), staff.at(0, 2)];
    let root = Desk {
        unit: 0,
        handler: staff.at(0, 5),
        head: staff.at(0, 1),
    };
    let demo = Desk {
        unit: DEMO_SCHOOL,
        handler: staff.at(DEMO_SCHOOL, 4),
        head: staff.at(DEMO_SCHOOL, 0),
    };
    let desks: Vec<Desk> = (DEMO_SCHOOL..DEMO_SCHOOL + 61)
        .map(|unit| Desk {
            unit,
            handler: staff.at(unit, 4),
            head: staff.at(unit, 0),
        })
        .collect();
    let mut grants = Vec::new();
    let mut grant = |member, role, unit| grants.push(CountyGrant { member, role, unit });
    for desk in desks.iter().chain([&root]) {
        grant(desk.handler, "handler", desk.unit);
        grant(desk.head, "unit_head", desk.unit);
    }
    let supervisor = staff.at(DEMO_SCHOOL, 7);
    grant(staff.at(DEMO_SCHOOL, 5), "handler", DEMO_SCHOOL);
    grant(supervisor, "supervisor", DEMO_SCHOOL);
    let (leader, office, admin, audit) = (staff.at(0, 0), staff.at(15, 0), staff.at(0, 7), staff.at(14, 1));
    for (member, role) in [
        (leader, "leader"),
        (office, "campaign_office"),
        (inspectors[0], "inspector"),
        (inspectors[1], "inspector"),
        (admin, "admin"),
        (admin, "security_admin"),
        (audit, "audit_admin"),
    ] {
        grant(member, role, 0);
    }
    let accounts = [
        ("handler", "handler", demo.handler),
        ("unit_head", "head", demo.head),
        ("member", "member", staff.at(DEMO_SCHOOL, 6)),
        ("supervisor", "supervisor", supervisor),
        ("leader", "leader", leader),
        ("campaign_office", "office", office),
        ("inspector", "inspector", inspectors[0]),
        ("admin", "admin", admin),
        ("audit_admin", "audit", audit),
    ]
    .map(|(role, login, member)| CountyAccount { role, login, member })
    .into();
    let complaints = complaints::complaints(
        &mut random,
        today,
        &demo,
        &desks,
        &root,
        &inspectors[1..],
        CASES * scale,
    );
    County {
        units,
        members,
        grants,
        accounts,
        complaints,
    }
}

fn is_head(post: &str) -> bool {
    matches!(post, "校长" | "园长" | "股长" | "局长")
}

/// Who works where, by their order in a unit.
struct Staff(Vec<Vec<usize>>);

impl Staff {
    fn of(units: &[CountyUnit], members: &[CountyMember]) -> Self {
        let mut by_unit = vec![Vec::new(); units.len()];
        for (at, member) in members.iter().enumerate() {
            if let Some(unit) = by_unit.get_mut(member.unit) {
                unit.push(at);
            }
        }
        Self(by_unit)
    }

    fn at(&self, unit: usize, order: usize) -> usize {
        self.0
            .get(unit)
            .and_then(|members| members.get(order))
            .copied()
            .unwrap_or_default()
    }
}

/// Ten thousand members: eight at least in each school and office, the rest by chance and size.
fn members(random: &mut Seeded, units: &[CountyUnit]) -> Vec<CountyMember> {
    let working: Vec<usize> = units
        .iter()
        .enumerate()
        .filter(|(_, unit)| !matches!(unit.kind, "branch" | "window"))
        .map(|(at, _)| at)
        .collect();
    let mut homes: Vec<usize> = working.iter().flat_map(|unit| [*unit; 8]).collect();
    let big: Vec<usize> = working
        .iter()
        .copied()
        .filter(|at| units.get(*at).is_some_and(is_big))
        .collect();
    while homes.len() < MEMBERS {
        let from = if random.percent(55) { &big } else { &working };
        if let Some(unit) = random.pick(from).copied().filter(|at| *at > 15) {
            homes.push(unit);
        }
    }
    homes.truncate(MEMBERS);
    let branches: Vec<(usize, usize)> = units
        .iter()
        .enumerate()
        .filter(|(_, unit)| unit.kind == "branch")
        .filter_map(|(at, unit)| unit.parent.map(|parent| (parent, at)))
        .collect();
    let mut filled = vec![0_usize; units.len()];
    homes
        .into_iter()
        .map(|unit| {
            let order = filled.get(unit).copied().unwrap_or_default();
            if let Some(count) = filled.get_mut(unit) {
                *count += 1;
            }
            let kind = units.get(unit).map_or("school", |unit| unit.kind);
            let (name, name_en) = people::name(random);
            let (post, post_en) = people::post(kind, order, random);
            let is_party_member = random.percent(35);
            let branch = branches
                .iter()
                .find(|(parent, _)| *parent == unit)
                .map(|(_, branch)| *branch);
            CountyMember {
                unit,
                branch: branch.filter(|_| is_party_member),
                name,
                name_en,
                post: post.to_owned(),
                post_en: post_en.to_owned(),
                is_party_member,
            }
        })
        .collect()
}

fn is_big(unit: &CountyUnit) -> bool {
    unit.name.starts_with("清河县") || unit.name.contains("中心小学") || unit.name.contains("初级中学")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn made() -> County {
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23)
            .unwrap()
            .and_hms_opt(15, 0, 0)
            .unwrap();
        county(1, today, 1)
    }

    #[test]
    fn the_numbers_are_those_of_a_county() {
        let county = made();
        let count = |kind: &str| county.units.iter().filter(|unit| unit.kind == kind).count();
        assert_eq!((count("bureau"), count("office")), (1, 15));
        assert_eq!(count("school") + count("kindergarten"), 300);
        assert_eq!(county.members.len(), 10_000);
        assert_eq!(county.complaints.len(), CASES + 15);
        assert_eq!(county.accounts.len(), 9);
    }

    #[test]
    fn siblings_have_different_names_and_parents_stand_first() {
        let county = made();
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
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23)
            .unwrap()
            .and_hms_opt(15, 0, 0)
            .unwrap();
        for case in made().complaints {
            let mut last = case.received_at;
            for step in case.steps {
                assert!(step.at >= last && step.at <= today);
                last = step.at;
            }
            assert!(case.title.chars().count() <= 100);
        }
    }

    #[test]
    fn it_is_the_same_each_time() {
        let (a, b) = (made(), made());
        let texts = |county: &County| -> Vec<String> {
            county
                .complaints
                .iter()
                .map(|case| format!("{}{}{}", case.title, case.body, case.received_at))
                .collect()
        };
        assert_eq!(texts(&a), texts(&b));
        assert_eq!(
            a.members.iter().map(|member| &member.name).collect::<Vec<_>>(),
            b.members.iter().map(|member| &member.name).collect::<Vec<_>>()
        );
    }

    #[test]
    fn those_who_sign_in_are_different_people() {
        let county = made();
        let members: BTreeSet<usize> = county.accounts.iter().map(|account| account.member).collect();
        assert_eq!(members.len(), county.accounts.len());
    }
}
