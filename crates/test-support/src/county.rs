//! A small county with somebody in each role at each unit.

use std::sync::atomic::{AtomicU64, Ordering};

use liangnuo_domain::{
    ComplaintId, MemberId, Role, UnitId,
    complaints::{Channel, Filing, Kind},
    members::{Member, MemberFields},
    units::{Unit, UnitFields, UnitKind},
};
use liangnuo_http::passwords::Passwords;
use liangnuo_persistence::{
    Store,
    accounts::NewAccount,
    callers::Caller,
    complaints::{NewCase, Proof},
    county::NewCounty,
};
use uuid::Uuid;

use crate::db::{at, key, now};

/// The password of every account.
pub const PASSWORD: &str = "a-long-test-password";

/// Since when everybody is there, in seconds before [`now`]: half a year.
const SINCE: i64 = -15_552_000;

/// A unit of the county.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spot {
    /// The bureau, root of the tree.
    Root,
    /// A school below the bureau.
    SchoolA,
    /// The window of school A.
    WindowA,
    /// Another school below the bureau.
    SchoolB,
    /// An office of the bureau.
    Office,
    /// A party branch below the bureau.
    Branch,
}

impl Spot {
    /// All of them, parents before children.
    pub const ALL: [Self; 6] = [
        Self::Root,
        Self::SchoolA,
        Self::WindowA,
        Self::SchoolB,
        Self::Office,
        Self::Branch,
    ];

    /// Its id, the same in each test.
    #[must_use]
    pub const fn id(self) -> UnitId {
        UnitId(id(1, self.number()))
    }

    const fn number(self) -> u128 {
        match self {
            Self::Root => 1,
            Self::SchoolA => 2,
            Self::WindowA => 3,
            Self::SchoolB => 4,
            Self::Office => 5,
            Self::Branch => 6,
        }
    }

    const fn parent(self) -> Option<Self> {
        match self {
            Self::Root => None,
            Self::SchoolA | Self::SchoolB | Self::Office | Self::Branch => Some(Self::Root),
            Self::WindowA => Some(Self::SchoolA),
        }
    }

    const fn names(self) -> (UnitKind, &'static str, &'static str) {
        match self {
            Self::Root => (UnitKind::Bureau, "清河县教育局", "Qinghe County Education Bureau"),
            Self::SchoolA => (UnitKind::School, "柳湾小学", "Liuwan Primary School"),
            Self::WindowA => (UnitKind::Window, "柳湾小学服务窗口", "Liuwan Service Window"),
            Self::SchoolB => (UnitKind::School, "东岭中学", "Dongling Secondary School"),
            Self::Office => (UnitKind::Office, "基础教育股", "Office of Basic Education"),
            Self::Branch => (UnitKind::Branch, "机关党支部", "Party Branch of the Bureau"),
        }
    }

    fn unit(self) -> Unit {
        let (kind, name, name_en) = self.names();
        Unit {
            id: self.id(),
            region: Self::Root.id(),
            parent: self.parent().map(Self::id),
            kind,
            fields: UnitFields {
                name: name.to_owned(),
                name_en: Some(name_en.to_owned()),
                ..UnitFields::default()
            },
            closed_at: None,
            version: 1,
        }
    }
}

/// Ids that say what they are when they turn up in a failing test, and have the form of the real ones (v7).
const fn id(kind: u128, number: u128) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + (kind << 32) + number)
}

/// The county: a bureau with two schools, one of which has a window, an office and a party branch; in each of these
/// units one member for each role, who has an account and no other role.
#[derive(Debug)]
pub struct County {
    store: Store,
    filed: AtomicU64,
}

impl County {
    /// Writes the county into an empty database.
    pub async fn new(store: &Store) -> Self {
        let hash = Passwords::cheap().hash(PASSWORD.to_owned()).await;
        let hash = hash.expect("the password is hashed");
        let everybody = || {
            Spot::ALL
                .into_iter()
                .flat_map(|spot| Role::ALL.map(|role| (role, spot)))
        };
        let county = NewCounty {
            region: Spot::Root.id(),
            units: Spot::ALL.map(Spot::unit).to_vec(),
            members: everybody().map(|(role, spot)| member(role, spot)).collect(),
            grants: everybody()
                // Everybody is a member at home, without a grant.
                .filter(|(role, _)| *role != Role::Member)
                .map(|(role, spot)| (Self::member_id(role, spot), role, spot.id()))
                .collect(),
            accounts: everybody()
                .map(|(role, spot)| NewAccount {
                    member: Self::member_id(role, spot),
                    login: Self::login(role, spot),
                    password_hash: hash.clone(),
                })
                .collect(),
            cases: Vec::new(),
            since: at(SINCE),
        };
        store
            .load_county(county, at(SINCE))
            .await
            .expect("the county is written");
        Self {
            store: store.clone(),
            filed: AtomicU64::new(0),
        }
    }

    /// The root unit, which stands for the county.
    #[must_use]
    pub const fn region(&self) -> UnitId {
        Spot::Root.id()
    }

    /// Who holds a role at a unit.
    #[must_use]
    pub fn member_id(role: Role, spot: Spot) -> MemberId {
        let place = Role::ALL.iter().take_while(|known| **known != role).count();
        let place = u128::try_from(place).unwrap_or_default();
        MemberId(id(2, spot.number() * 100 + place))
    }

    /// What they type to sign in.
    #[must_use]
    pub fn login(role: Role, spot: Spot) -> String {
        format!("{}.{spot:?}", role.code()).to_lowercase()
    }

    /// Signs in who holds a role at a unit, at [`now`].
    pub async fn actor(&self, role: Role, spot: Spot) -> Caller {
        let login = Self::login(role, spot);
        let account = self
            .store
            .account_for_login(&login)
            .await
            .expect("the database answers");
        let account = account.expect("the county has somebody for each role");
        let token = self.store.ids().bytes::<32>().to_vec();
        let session = self.store.open_session(account.id, token, now()).await;
        let session = session.expect("a session").session;
        self.store.caller_of(session, now()).await.expect("a caller")
    }

    /// Files a complaint about a unit, or about none.
    pub async fn file(&self, about: Option<UnitId>) -> ComplaintId {
        let number = self.filed.fetch_add(1, Ordering::SeqCst);
        let case = ComplaintId(self.store.ids().v4());
        let filing = Filing::parse(
            Kind::Grievance,
            Channel::Web,
            "食堂的菜太咸",
            "连续一周，学校食堂的菜都太咸。",
            about,
            None,
            true,
        );
        let new = NewCase {
            region: self.region(),
            id: case,
            receipt_hash: self.store.ids().bytes::<32>().to_vec(),
            filing: filing.expect("the texts can be taken"),
            contact: None,
        };
        let proof = Proof {
            challenge: format!("challenge {number}"),
            expires_at: at(600),
        };
        let key = key(id(3, number.into()).as_u128());
        let filed = self.store.file_complaint(new, key, Some(proof), now()).await;
        filed.expect("the complaint is filed").id
    }
}

fn member(role: Role, spot: Spot) -> Member {
    Member {
        id: County::member_id(role, spot),
        region: Spot::Root.id(),
        unit: spot.id(),
        fields: MemberFields {
            name: format!("{}的{}", spot.names().1, role.code()),
            name_en: Some(format!("{} {spot:?}", role.code())),
            ..MemberFields::default()
        },
        closed_at: None,
        version: 1,
    }
}
