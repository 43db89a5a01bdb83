//! What every handler shares.

use std::{
    net::IpAddr,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};

use liangnuo_domain::{UnitId, passwords::PasswordProfile, second_factor::Rule};
use liangnuo_persistence::Store;
use tokio::sync::{Notify, Semaphore};

use crate::{
    caller::CallerCache,
    challenge::Challenges,
    clock::Clock,
    keys::Keys,
    limits::Limits,
    passwords::Passwords,
    providers::{Provider, ProviderSettings},
    public_cache::PublicCache,
    scanner::Scanner,
    stopping::Stopping,
};

/// How the API is served.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// The county that the public pages show; the only one, if there is but one.
    pub public_region: Option<UnitId>,
    /// Whether browsers reach us over TLS: cookies then carry `Secure` and the `__Host-` prefix.
    pub is_secure: bool,
    /// How the public reaches us, such as `https://jy.example.gov.cn`; the `Origin` of our own pages. Not known: nothing
    /// is compared with it.
    pub origin: Option<String>,
    /// Whether tries are counted.
    pub has_limits: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Largest number of a proof of work.
    pub challenge_difficulty: u64,
    /// The built web app, if this process serves it.
    pub static_dir: Option<PathBuf>,
    /// Who must have a second factor.
    pub second_factor: Rule,
    /// Which rules passwords follow.
    pub password_profile: PasswordProfile,
    /// How long a caller's roles are believed.
    pub caller_cache: Duration,
    /// How old the public's pages may be.
    pub public_cache: Duration,
    /// What looks for viruses in files; nothing does where there is none.
    pub scanner: Option<Scanner>,
    /// Where staff may sign in, too.
    pub provider: Option<ProviderSettings>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            public_region: None,
            is_secure: false,
            origin: None,
            has_limits: true,
            trusted_proxies: Vec::new(),
            challenge_difficulty: 50_000,
            static_dir: None,
            second_factor: Rule::Leaders,
            password_profile: PasswordProfile::Mlps,
            caller_cache: Duration::from_secs(3),
            // With the time that making one takes, a page is never older than a second.
            public_cache: Duration::from_millis(900),
            scanner: None,
            provider: None,
        }
    }
}

/// Exports at a time in one process.
const EXPORTS: usize = 2;

/// What every handler shares. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The database.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// Everything secret.
    pub keys: Keys,
    /// Password hashes.
    pub passwords: Passwords,
    /// Proofs of work.
    pub challenges: Challenges,
    /// Counted tries.
    pub limits: Limits,
    /// Callers of the last seconds.
    pub callers: CallerCache,
    /// Where staff may sign in, too.
    pub provider: Option<Arc<Provider>>,
    /// How the API is served.
    pub settings: HttpSettings,
    /// Pages of the public.
    pub public_cache: PublicCache,
    /// The county of the public pages, once it is known: it never becomes another one.
    pub region: Arc<OnceLock<UnitId>>,
    /// Places for exports: a few at a time.
    pub exports: Arc<Semaphore>,
    /// Rung when there is work for the worker, so that it need not wait for its next round.
    pub worker_bell: Arc<Notify>,
    /// Rung when a file is whole.
    pub upload_bell: Arc<Notify>,
    /// When the process ends.
    pub stopping: Stopping,
}

impl AppState {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Store, clock: Clock, keys: Keys, passwords: Passwords, settings: HttpSettings) -> Self {
        let provider = settings.provider.clone().and_then(Provider::new);
        Self {
            store,
            clock,
            passwords,
            provider: provider.map(Arc::new),
            challenges: Challenges::new(&keys, settings.challenge_difficulty),
            limits: Limits::new(settings.has_limits, settings.trusted_proxies.clone()),
            callers: CallerCache::new(settings.caller_cache),
            public_cache: PublicCache::new(settings.public_cache),
            keys,
            settings,
            region: Arc::default(),
            exports: Arc::new(Semaphore::new(EXPORTS)),
            worker_bell: Arc::new(Notify::new()),
            upload_bell: Arc::new(Notify::new()),
            stopping: Stopping::default(),
        }
    }
}
