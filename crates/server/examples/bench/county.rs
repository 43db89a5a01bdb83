//! The data: the demo county with as many cases as are wanted, loaded by the binary's own command.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use liangnuo_domain::{
    UnitId,
    complaints::{Channel, Filing, Kind},
    sessions::Device,
};
use liangnuo_http::{clock::Clock, keys::Keys};
use liangnuo_persistence::{Settings, Store, callers::Caller, county::PastCase, second_factor::Proof};
use sea_orm::{ConnectionTrait as _, Database};

use crate::server::{binary, has_second_core};

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// A loaded county.
pub struct County {
    pub engine: Engine,
    pub url: String,
    /// With the secret, and SQLite's file.
    pub dir: PathBuf,
    pub cases: usize,
    /// How long the command took to load it.
    pub loading: f64,
}

/// A word of two letters that stands in a few cases, spread over the years.
pub const RARE: &str = "望远";

/// How many.
const RARE_CASES: i64 = 20;

/// Who is signed in.
pub struct SignedIn {
    pub login: &'static str,
    pub caller: Caller,
}

impl County {
    /// Loads a county into an empty database. `server` is the address of a PostgreSQL, without a database's name.
    pub async fn load(engine: Engine, server: Option<&str>, dir: &Path, cases: usize) -> Self {
        let dir = dir.join(format!("{}-{cases}", engine.name()));
        std::fs::create_dir_all(&dir).unwrap();
        let url = match (engine, server) {
            (Engine::Postgres, Some(server)) => new_database(server, &format!("bench_{cases}")).await,
            _ => format!("sqlite://{}", dir.join("liangnuo.db").display()),
        };
        let mut county = Self {
            engine,
            url,
            dir,
            cases,
            loading: 0.0,
        };
        let mut command = Command::new(binary());
        if has_second_core() {
            // Nothing is compared here: it may take both cores.
            command = Command::new("taskset");
            command.args(["-c", "0,1"]).arg(binary());
        }
        county.configure(&mut command);
        command
            .env("LIANGNUO_LOG_FILTER", "warn")
            .args(["demo", "--json", "--cases", &cases.to_string()])
            .stdout(Stdio::null());
        let started = Instant::now();
        let status = command.status().unwrap();
        assert!(status.success(), "the demo county was not loaded");
        county.loading = started.elapsed().as_secs_f64();
        county.add_rare_cases().await;
        county
    }

    /// Tells a command where this county is.
    pub fn configure(&self, command: &mut Command) {
        command
            .env_remove("LIANGNUO_CONFIG")
            .env("LIANGNUO_DATA_DIR", &self.dir)
            .env("LIANGNUO_DATABASE_URL", &self.url);
    }

    pub async fn store(&self) -> Store {
        Store::open(Settings::new(&self.url)).await.unwrap()
    }

    pub fn keys(&self) -> Keys {
        let secret = std::fs::read(self.dir.join("secret.key")).unwrap();
        Keys::new(secret.try_into().unwrap())
    }

    /// Signs a demo account in, without its password.
    pub async fn sign_in(&self, store: &Store, login: &'static str) -> SignedIn {
        let now = Clock::system().now();
        let account = store.account_for_login(login).await.unwrap().unwrap();
        let hash = Keys::token_hash(&Keys::random_token());
        let session = store
            .open_session(account.id, Proof::Password, hash, Device::UNKNOWN, now)
            .await
            .unwrap()
            .session;
        SignedIn {
            login,
            caller: store.caller_of(session, now).await.unwrap(),
        }
    }

    async fn add_rare_cases(&self) {
        let store = self.store().await;
        let now = Clock::system().now();
        let region = store.public_region(None).await.unwrap().unwrap().id;
        let rare = |number: i64| PastCase {
            filing: filing("观星活动的望远镜坏了", region),
            contact: None,
            received_at: now.plus_seconds(-(number * 180 + 1) * 86_400),
            steps: Vec::new(),
        };
        let cases = (0..RARE_CASES).map(rare).collect();
        store.load_past(region, cases, now).await.unwrap();
        store.rebuild_sums(now).await.unwrap();
        store.analyze().await.unwrap();
        store.close().await.unwrap();
    }
}

fn filing(title: &str, about: UnitId) -> Filing {
    let body = "社团活动时发现镜片松了，请修一下。";
    let (kind, channel) = (Kind::Suggestion, Channel::Web);
    Filing::parse(kind, channel, title, body, Some(about), None, true).unwrap()
}

async fn new_database(server: &str, name: &str) -> String {
    let admin = Database::connect(format!("{server}/postgres")).await.unwrap();
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    format!("{server}/{name}")
}
