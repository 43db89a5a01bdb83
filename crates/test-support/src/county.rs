//! A small county with a member for each role, at the school "own"; a unit below it, one beside it, and the root above.

use liangnuo_domain::{
    AccountId, Actor, Grant, MemberId, Role, RoleGrantId, SessionId, Timestamp, UnitId,
    complaints::{Channel, Filing, Kind},
    members::{Member, MemberFields, PublicCard},
    role_grants::{self, Place},
    units::{Unit, UnitFields, UnitKind},
};
use liangnuo_persistence::{
    Store,
    accounts::NewAccount,
    callers::Caller,
    county::{NewCounty, PastCase, PastStep},
};

/// Where something stands, seen from the school where the roles are held.
pub const PLACES: [&str; 4] = ["own", "child", "sibling", "parent"];

/// The county's ids.
#[derive(Clone, Debug)]
pub struct TestCounty {
    /// The root.
    pub root: UnitId,
    /// The school where the roles are held.
    pub own: UnitId,
    /// A unit below it.
    pub child: UnitId,
    /// Another school.
    pub sibling: UnitId,
    /// A branch below the school.
    pub branch: UnitId,
    /// The member who holds a role at the school.
    pub at_own: Vec<(Role, MemberId)>,
    /// The member who holds a role at the root.
    pub at_root: Vec<(Role, MemberId)>,
}

/// A unit for a test.
#[must_use]
pub fn unit(region: UnitId, id: UnitId, parent: Option<UnitId>, kind: UnitKind, name: &str) -> Unit {
    let fields = UnitFields {
        name: name.to_owned(),
        name_en: Some(format!("{name} en")),
        ..UnitFields::default()
    };
    Unit {
        id,
        region,
        parent,
        kind,
        fields,
        closed_at: None,
        version: 1,
    }
}

fn member(region: UnitId, id: MemberId, home: UnitId, name: &str) -> Member {
    let fields = MemberFields {
        name: name.to_owned(),
        post: Some("教师".to_owned()),
        ..MemberFields::default()
    };
    Member {
        id,
        region,
        unit: home,
        fields,
        card: PublicCard::default(),
        closed_at: None,
        version: 1,
    }
}

/// A grievance about a unit.
#[must_use]
pub fn grievance(about: Option<UnitId>) -> Filing {
    filing(Kind::Grievance, about)
}

/// A filing of a kind about a unit.
#[must_use]
pub fn filing(kind: Kind, about: Option<UnitId>) -> Filing {
    Filing::parse(
        kind,
        Channel::Web,
        "食堂饭菜偏凉",
        "孩子中午吃到的饭菜是凉的。",
        about,
        None,
        true,
    )
    .unwrap()
}

/// A case that came in a while ago.
#[must_use]
pub fn past(filing: Filing, received_at: Timestamp, steps: Vec<PastStep>) -> PastCase {
    PastCase {
        filing,
        contact: None,
        received_at,
        steps,
    }
}

impl TestCounty {
    /// Loads the county into an empty store. Every member has an account with the login `<role>` (at the school) or
    /// `root_<role>` (at the root) and the given password hash.
    pub async fn load(store: &Store, password_hash: &str, cases: Vec<PastCase>, now: Timestamp) -> Self {
        Self::load_with(store, password_hash, |_| cases, now).await
    }

    /// As [`TestCounty::load`], with cases that name the county's units.
    pub async fn load_with(
        store: &Store,
        password_hash: &str,
        cases: impl FnOnce(&Self) -> Vec<PastCase>,
        now: Timestamp,
    ) -> Self {
        Self::load_named(store, "", password_hash, cases, now).await
    }

    /// As [`TestCounty::load_with`], beside another county in the same database: logins are unique in all of it, so these
    /// begin with `name`.
    pub async fn load_named(
        store: &Store,
        name: &str,
        password_hash: &str,
        cases: impl FnOnce(&Self) -> Vec<PastCase>,
        now: Timestamp,
    ) -> Self {
        let since = now.plus_seconds(-365 * 86_400);
        let id = || UnitId(store.ids().v7(since));
        let (root, own, child, sibling, branch) = (id(), id(), id(), id(), id());
        let mut county = Self {
            root,
            own,
            child,
            sibling,
            branch,
            at_own: Vec::new(),
            at_root: Vec::new(),
        };
        let mut new = NewCounty {
            region: root,
            units: vec![
                unit(root, root, None, UnitKind::Bureau, "清河县教育局"),
                unit(root, own, Some(root), UnitKind::School, "柳湾小学"),
                unit(root, child, Some(own), UnitKind::Office, "柳湾小学教学点"),
                unit(root, sibling, Some(root), UnitKind::School, "石桥镇中心小学"),
                unit(root, branch, Some(own), UnitKind::Branch, "党支部"),
            ],
            members: Vec::new(),
            grants: Vec::new(),
            accounts: Vec::new(),
            cases: Vec::new(),
            templates: Vec::new(),
            since,
        };
        for (home, prefix) in [(own, ""), (root, "root_")] {
            for role in Role::ALL {
                let who = MemberId(store.ids().v7(since));
                new.members
                    .push(member(root, who, home, &format!("{prefix}{}", role.code())));
                if role != Role::Member {
                    let place = Place {
                        region: root,
                        unit: home,
                        role,
                    };
                    let id = RoleGrantId(store.ids().v7(since));
                    new.grants.push(role_grants::first(id, who, place, since));
                }
                let login = format!("{name}{prefix}{}", role.code());
                new.accounts.push(NewAccount {
                    member: who,
                    login,
                    password_hash: password_hash.to_owned(),
                    is_exempt: true,
                });
                if home == own {
                    county.at_own.push((role, who))
                } else {
                    county.at_root.push((role, who))
                }
            }
        }
        new.cases = cases(&county);
        store.load_county(new, now).await.unwrap();
        county
    }

    /// The unit at a place.
    #[must_use]
    pub fn place(&self, place: &str) -> UnitId {
        match place {
            "own" => self.own,
            "child" => self.child,
            "sibling" => self.sibling,
            _ => self.root,
        }
    }

    /// The member with a role at the school.
    #[must_use]
    pub fn member(&self, role: Role) -> MemberId {
        self.at_own.iter().find(|(held, _)| *held == role).unwrap().1
    }

    /// The member with a role at the root.
    #[must_use]
    pub fn root_member(&self, role: Role) -> MemberId {
        self.at_root.iter().find(|(held, _)| *held == role).unwrap().1
    }

    /// A caller with a role at the school.
    #[must_use]
    pub fn caller(&self, role: Role) -> Caller {
        self.caller_of(self.member(role), self.own, &[(role, self.own)])
    }

    /// A caller with a role at the root.
    #[must_use]
    pub fn root_caller(&self, role: Role) -> Caller {
        self.caller_of(self.root_member(role), self.root, &[(role, self.root)])
    }

    /// A caller with any roles.
    #[must_use]
    pub fn caller_of(&self, member: MemberId, home_unit: UnitId, roles: &[(Role, UnitId)]) -> Caller {
        let member_role = Grant::own(Role::Member, home_unit);
        let grants = roles.iter().map(|(role, unit)| Grant::own(*role, *unit));
        Caller::new(Actor {
            region: self.root,
            member,
            account: AccountId(member.0),
            session: SessionId(member.0),
            home_unit,
            branch: None,
            grants: std::iter::once(member_role).chain(grants).collect(),
            stands_for: Vec::new(),
        })
    }
}
