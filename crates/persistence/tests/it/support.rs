//! What the tests of units, members and accounts share: the small county in a database of its own.

use std::{future::Future, sync::Arc};

use liangnuo_domain::{
    ComplaintId, MemberId, Role, SessionId, Timestamp, UnitId, complaints::Filing, sessions::Device, units::UnitFields,
    units::UnitKind,
};
use liangnuo_persistence::{
    Store, StoreError,
    accounts::KnownAccount,
    callers::Caller,
    complaints::{Assignment, CaseStep, NewCase, Proof},
    db::Database,
    idempotency::IdempotencyKey,
    second_factor,
    units::UnitView,
};
use liangnuo_test_support::{NOW, TestCounty, TestDb, county::grievance};
use uuid::Uuid;

/// The hash of nobody's password.
pub const HASH: &str = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA";

/// The county in its database.
pub struct World {
    pub db: TestDb,
    pub county: TestCounty,
}

/// An event as it stands in the log: action, kind of actor, detail.
pub type Logged = (String, String, serde_json::Value);

/// So many seconds after [`NOW`].
pub const fn at(seconds: i64) -> Timestamp {
    NOW.plus_seconds(seconds)
}

/// The idempotency key of a number.
pub fn key(number: u128) -> IdempotencyKey {
    IdempotencyKey::new("test", Uuid::from_u128(number), "create", b"")
}

/// Fields with this name.
pub fn named(name: &str) -> UnitFields {
    UnitFields {
        name: name.to_owned(),
        ..UnitFields::default()
    }
}

/// Begins all of these at once, each in a task of its own, and waits for the answers.
pub async fn at_once<T, F>(count: u128, work: impl Fn(u128) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let usize_count = usize::try_from(count).unwrap();
    let gate = Arc::new(tokio::sync::Barrier::new(usize_count));
    let tasks: Vec<_> = (0..count)
        .map(|number| {
            let (gate, future) = (gate.clone(), work(number));
            tokio::spawn(async move {
                gate.wait().await;
                future.await
            })
        })
        .collect();
    let mut answers = Vec::with_capacity(usize_count);
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

/// The pointers and codes of fields that could not be taken.
pub fn field_errors<T: std::fmt::Debug>(outcome: Result<T, StoreError>) -> Vec<(String, &'static str)> {
    match outcome.unwrap_err() {
        StoreError::Refused(liangnuo_domain::Refusal::Invalid(invalid)) => {
            invalid.0.into_iter().map(|error| (error.pointer, error.code)).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// The code of a refusal.
pub fn refusal<T: std::fmt::Debug>(outcome: Result<T, StoreError>) -> &'static str {
    match outcome.unwrap_err() {
        StoreError::Refused(refusal) => refusal.code(),
        other => panic!("{other:?}"),
    }
}

impl World {
    pub async fn new() -> Self {
        let db = TestDb::new().await;
        let county = TestCounty::load(&db.store, HASH, Vec::new(), NOW).await;
        Self { db, county }
    }

    pub fn store(&self) -> &Store {
        &self.db.store
    }

    /// The county's administrator.
    pub fn admin(&self) -> Caller {
        self.county.root_caller(Role::Admin)
    }

    /// Creates a school.
    pub async fn school(&self, parent: UnitId, name: &str) -> UnitView {
        let key = IdempotencyKey::new("school", self.store().ids().v4(), "create", b"");
        let created = self
            .store()
            .create_unit(self.admin(), key, parent, UnitKind::School, named(name), NOW);
        created.await.unwrap().0
    }

    /// Signs in who has this login, with the token `hash`.
    pub async fn sign_in(&self, login: &str, hash: &[u8], now: Timestamp) -> (KnownAccount, SessionId) {
        let account = self.store().account_for_login(login).await.unwrap().unwrap();
        let opened = self
            .store()
            .open_session(
                account.id,
                second_factor::Proof::Password,
                hash.to_vec(),
                Device::UNKNOWN,
                now,
            )
            .await
            .unwrap();
        (account, opened.session)
    }

    /// A signed-in caller, out of the database.
    pub async fn caller(&self, login: &str) -> Caller {
        let (_, session) = self.sign_in(login, self.store().ids().v4().as_bytes(), NOW).await;
        self.store().caller_of(session, NOW).await.unwrap()
    }

    /// An id as this database spells it.
    pub fn id(&self, id: Uuid) -> String {
        match self.store().database() {
            Database::Sqlite => format!("X'{}'", id.simple()),
            Database::Postgres => format!("'{id}'::uuid"),
        }
    }

    /// A column of ids as text.
    pub fn hex(&self, column: &str) -> String {
        match self.store().database() {
            Database::Sqlite => format!("lower(hex({column}))"),
            Database::Postgres => format!("replace({column}::text, '-', '')"),
        }
    }

    /// Everything that happened to a thing, oldest first.
    pub async fn log_of(&self, subject: Uuid) -> Vec<Logged> {
        let sql = format!(
            "SELECT e.action || ' ' || e.actor_kind || ' ' || d.json FROM events e
             JOIN event_details d ON d.event_id = e.id WHERE e.subject_id = {} ORDER BY e.at, e.position",
            self.id(subject)
        );
        let lines = self.db.texts(&sql).await;
        let parse = |line: &String| {
            let mut parts = line.splitn(3, ' ');
            let action = parts.next().unwrap().to_owned();
            let actor = parts.next().unwrap().to_owned();
            (action, actor, serde_json::from_str(parts.next().unwrap()).unwrap())
        };
        lines.iter().map(parse).collect()
    }

    /// The actions of [`World::log_of`].
    pub async fn actions_of(&self, subject: Uuid) -> Vec<String> {
        self.log_of(subject).await.into_iter().map(|event| event.0).collect()
    }

    /// How many events there are in all.
    pub async fn events(&self) -> i64 {
        self.db.number("SELECT COUNT(*) FROM events").await
    }

    /// The member with a role at the school.
    pub fn member(&self, role: Role) -> MemberId {
        self.county.member(role)
    }
}

impl World {
    /// Files a complaint.
    pub async fn file(&self, about: Option<UnitId>) -> ComplaintId {
        self.file_at(about, NOW).await
    }

    /// Files a complaint at another time.
    pub async fn file_at(&self, about: Option<UnitId>, now: Timestamp) -> ComplaintId {
        self.file_as(grievance(about), now).await
    }

    /// Files what was written.
    pub async fn file_as(&self, filing: Filing, now: Timestamp) -> ComplaintId {
        self.try_to_file(filing, now).await.unwrap()
    }

    /// Files what was written, if that can be.
    pub async fn try_to_file(&self, filing: Filing, now: Timestamp) -> Result<ComplaintId, StoreError> {
        let ids = self.store().ids();
        let new = NewCase {
            region: self.county.root,
            id: ComplaintId(ids.v4()),
            receipt_hash: ids.bytes::<32>().to_vec(),
            filing,
            contact: None,
            files: Vec::new(),
        };
        let proof = Proof {
            challenge: ids.v4().to_string(),
            expires_at: now.plus_seconds(600),
        };
        let key = IdempotencyKey::new("public", ids.v4(), "file_complaint", b"");
        let filed = self.store().file_complaint(new, key, Some(proof), now).await;
        Ok(filed?.id)
    }

    /// Accepts a complaint that was just filed.
    pub async fn settle(&self, case: ComplaintId, now: Timestamp) {
        let office = self.county.root_caller(Role::CampaignOffice);
        self.store()
            .step_case(office, case, 1, CaseStep::Accept, now)
            .await
            .unwrap();
    }

    /// Accepts a complaint and gives it to a handler of its unit.
    pub async fn assign(&self, case: ComplaintId, unit: UnitId, handler: MemberId) -> Result<(), StoreError> {
        let office = self.county.root_caller(Role::CampaignOffice);
        let store = self.store();
        store.step_case(office.clone(), case, 1, CaseStep::Accept, NOW).await?;
        let to = Assignment {
            unit,
            handler: Some(handler),
            note: None,
        };
        store.assign_case(office, case, 2, to, NOW).await.map(drop)
    }

    /// Ends a case that was just filed.
    pub async fn end(&self, case: ComplaintId) {
        let office = self.county.root_caller(Role::CampaignOffice);
        let version = self.store().case(&office, case, NOW).await.unwrap().complaint.version;
        let ended = self.store().step_case(
            office,
            case,
            version,
            CaseStep::Withdraw {
                reason: "来电撤回".to_owned(),
            },
            NOW,
        );
        ended.await.unwrap();
    }
}
