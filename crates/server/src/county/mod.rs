//! The demo county: invented, life-like, and the same each time. Pure data; `demo` writes it.

mod complaints;
mod life;
pub mod openings;
mod people;
mod random;
pub mod templates;
mod texts;
mod units;

use chrono::{Duration, NaiveDate, NaiveDateTime};
use complaints::Desks;
use liangnuo_persistence::county::PastVerb;
use random::Seeded;
use units::{DEMO_SCHOOL, SCHOOLS};

pub use complaints::{Cases, DAYS};

/// A county as plain data; members, units and cases name each other by their places in these lists.
pub struct County {
    /// The root first, parents before children.
    pub units: Vec<CountyUnit>,
    pub members: Vec<CountyMember>,
    pub grants: Vec<CountyGrant>,
    pub accounts: Vec<CountyAccount>,
    pub complaints: Cases,
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
    /// First and last day; from the beginning and without an end where there is none.
    pub days: (Option<NaiveDate>, Option<NaiveDate>),
    /// Why, and who gave it.
    pub given: Option<(&'static str, usize)>,
    /// For the holder of which grant in the list a deputy stands in.
    pub deputy_for: Option<usize>,
}

impl CountyGrant {
    const fn of_old(member: usize, role: &'static str, unit: usize) -> Self {
        Self {
            member,
            role,
            unit,
            days: (None, None),
            given: None,
            deputy_for: None,
        }
    }
}

pub struct CountyAccount {
    pub role: &'static str,
    pub login: &'static str,
    pub member: usize,
}

pub struct CountyComplaint {
    pub kind: &'static str,
    /// The path of its category among the default ones.
    pub category: Option<&'static str>,
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

/// What happened, where it names units, members or cases by their places; anything else as it is written.
pub enum What {
    Assign {
        unit: usize,
        handler: usize,
    },
    Redo {
        reason: String,
        not_by: usize,
    },
    /// Another case that is merged into this one.
    Lead(Box<CountyComplaint>),
    Plain(PastVerb),
}

impl From<PastVerb> for What {
    fn from(verb: PastVerb) -> Self {
        Self::Plain(verb)
    }
}

/// A unit with those who handle and approve its cases.
#[derive(Clone, Copy, Debug)]
pub struct Desk {
    unit: usize,
    handler: usize,
    /// Who handles what was not done well.
    second: usize,
    head: usize,
}

const MEMBERS: usize = 10_000;

/// The usual number of cases beside the demo school's own.
pub const CASES: usize = 10_000;

/// The county of a seed, as of `today`, with `count` cases beside the demo school's own.
pub fn county(seed: u64, today: NaiveDateTime, count: usize) -> County {
    let mut random = Seeded::new(seed);
    let mut units = units::units(&mut random);
    let members = members(&mut random, &units);
    for (at, unit) in units.iter_mut().enumerate() {
        let head = members.iter().find(|member| member.unit == at && is_head(&member.post));
        unit.head = head.map(|member| member.name.clone());
    }
    let staff = Staff::of(&units, &members);
    let inspectors = [staff.at(0, 6), staff.at(0, 2)];
    let desk = |unit| Desk {
        unit,
        handler: staff.at(unit, 4),
        second: staff.at(unit, 5),
        head: staff.at(unit, 0),
    };
    let root = Desk {
        unit: 0,
        handler: staff.at(0, 5),
        second: staff.at(0, 4),
        head: staff.at(0, 1),
    };
    let inspection = Desk {
        unit: 0,
        handler: inspectors[1],
        second: inspectors[1],
        head: inspectors[0],
    };
    let demo = desk(DEMO_SCHOOL);
    let schools: Vec<Desk> = (DEMO_SCHOOL..DEMO_SCHOOL + SCHOOLS).map(desk).collect();
    let mut grants = Vec::new();
    let mut grant = |member, role, unit| grants.push(CountyGrant::of_old(member, role, unit));
    for desk in schools.iter().chain([&root]) {
        grant(desk.handler, "handler", desk.unit);
        grant(desk.second, "handler", desk.unit);
        grant(desk.head, "unit_head", desk.unit);
    }
    let supervisor = staff.at(DEMO_SCHOOL, 7);
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
    grants.extend(dated(&staff, &grants, today.date(), admin));
    let accounts = [
        ("handler", "handler", demo.handler),
        ("handler", "handler2", demo.second),
        ("unit_head", "head", demo.head),
        ("member", "member", staff.at(DEMO_SCHOOL, 6)),
        ("supervisor", "supervisor", supervisor),
        ("leader", "leader", leader),
        ("campaign_office", "office", office),
        ("inspector", "inspector", inspectors[0]),
        // Who filed a case is opened by two of them.
        ("inspector", "inspector2", inspectors[1]),
        ("admin", "admin", admin),
        ("audit_admin", "audit", audit),
    ]
    .map(|(role, login, member)| CountyAccount { role, login, member })
    .into();
    let desks = Desks {
        demo,
        schools,
        root,
        inspection,
        leader,
    };
    let complaints = Cases::new(random, today, desks, count);
    County {
        units,
        members,
        grants,
        accounts,
        complaints,
    }
}

/// Grants of the last and the next months: one that is over, one for a school year, one to come, and deputies of two who are
/// away.
fn dated(staff: &Staff, grants: &[CountyGrant], today: NaiveDate, by: usize) -> Vec<CountyGrant> {
    let day = |days: i64| Some(today + Duration::days(days));
    let place_of = |role, unit| grants.iter().position(|grant| grant.role == role && grant.unit == unit);
    let new = |member, role, unit, days, reason| CountyGrant {
        days,
        given: Some((reason, by)),
        ..CountyGrant::of_old(member, role, unit)
    };
    let deputy = |member, role, unit, days, reason| CountyGrant {
        deputy_for: place_of(role, unit),
        ..new(member, role, unit, days, reason)
    };
    let next = DEMO_SCHOOL + 1;
    vec![
        new(
            staff.at(DEMO_SCHOOL, 3),
            "handler",
            DEMO_SCHOOL,
            (day(-300), day(-120)),
            "暑期值班",
        ),
        new(
            staff.at(next, 3),
            "handler",
            next,
            (day(-60), day(305)),
            "本学年协助办理来件",
        ),
        new(
            staff.at(DEMO_SCHOOL, 3),
            "handler",
            DEMO_SCHOOL,
            (day(20), None),
            "接替调离的同事",
        ),
        deputy(
            staff.at(DEMO_SCHOOL, 1),
            "unit_head",
            DEMO_SCHOOL,
            (day(-3), day(11)),
            "校长外出培训",
        ),
        deputy(staff.at(next, 1), "unit_head", next, (day(14), day(21)), "校长年休假"),
    ]
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
#[path = "tests.rs"]
mod tests;
