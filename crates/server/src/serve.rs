//! Serving: the database is migrated, the worker started, the port opened; on a signal everything ends in order.

use std::{path::PathBuf, sync::Arc, time::Duration};

use actix_web::{HttpServer, dev::ServerHandle};
use liangnuo_domain::UnitId;
use liangnuo_http::{
    AppState, HttpSettings, app, clock::Clock, keys::Keys, passwords::Passwords, scanner::Scanner, stopping::Stopping,
};
use liangnuo_persistence::{Settings, Store, objects::Objects, vault::KeyFile};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};

use crate::{
    Failure,
    config::{Config, Switch},
    secret,
    vault_keys::{KeysGiven, KeysInFile},
    worker,
};

/// Opens the database of a configuration, brings its schema up to date, and opens its vault: from here on no contact data
/// stand in the clear.
///
/// # Errors
/// When the data directory or the database can't be used, or a key of the vault is missing or wrong.
pub async fn open(config: &Config) -> Result<Store, Failure> {
    std::fs::create_dir_all(&config.data_dir)?;
    let keys = Keys::new(secret::load_or_make(&config.data_dir)?);
    let settings = Settings {
        max_connections: config.database_connections,
        cursor_key: keys.cursor_key(),
        log_seed: keys.log_seed(),
        second_factor_key: keys.second_factor_key(),
        vault_keys: vault_keys(config),
        objects: match config.bucket() {
            Some(bucket) => Objects::in_bucket(&bucket)?,
            None => Objects::in_folder(&config.attachments_path())?,
        },
        ..Settings::new(config.database_url())
    };
    let store = Store::open(settings).await?;
    store.migrate().await?;
    store.unlock(Clock::system().now()).await?;
    Ok(store)
}

fn vault_keys(config: &Config) -> Arc<dyn KeyFile> {
    if config.vault_keys.is_empty() {
        Arc::new(KeysInFile::new(config.vault_keys_path()))
    } else {
        Arc::new(KeysGiven::new(config.vault_keys.clone()))
    }
}

/// What the handlers share.
///
/// # Errors
/// When the secret can't be read.
pub fn state(config: &Config, store: Store) -> Result<AppState, Failure> {
    let keys = Keys::new(secret::load_or_make(&config.data_dir)?);
    let settings = HttpSettings {
        public_region: config.public_region.parse::<UnitId>().ok(),
        is_secure: config.is_secure(),
        origin: config.origin(),
        has_limits: config.rate_limits == Switch::On,
        trusted_proxies: config.trusted_proxies.clone(),
        challenge_difficulty: config.challenge_difficulty,
        second_factor: config.second_factor,
        scanner: Scanner::parse(&config.scanner),
        password_profile: config.password_profile,
        provider: config.provider(),
        static_dir: (!config.static_dir.is_empty()).then(|| PathBuf::from(&config.static_dir)),
        ..HttpSettings::default()
    };
    Ok(AppState::new(store, Clock::system(), keys, Passwords::new(), settings))
}

/// Serves until a signal comes.
///
/// # Errors
/// A port that is taken, a certificate that can't be read.
pub async fn serve(config: &Config) -> Result<(), Failure> {
    let store = open(config).await?;
    let state = state(config, store.clone())?;
    let worker = worker::start(state.clone());
    let shared = state.clone();
    let mut server = HttpServer::new(move || app(&shared))
        // A head that dribbles in is cut off; a slow body is by the extractors.
        .client_request_timeout(Duration::from_secs(10))
        .client_disconnect_timeout(Duration::from_secs(5))
        .keep_alive(Duration::from_secs(75))
        .max_connections(10_000)
        .disable_signals()
        .shutdown_timeout(config.shutdown_seconds + AFTER_THE_END);
    if config.workers > 0 {
        server = server.workers(config.workers);
    }
    let bound = if config.tls_cert.is_empty() {
        server.bind(&config.listen)
    } else {
        server.bind_rustls_0_23(&config.listen, tls(config)?)
    };
    let server = bound.map_err(|source| Failure::Listen {
        address: config.listen.clone(),
        source,
    })?;
    // Whoever reads that it is ready may end it.
    let signals = Signals::new()?;
    announce(config);
    let server = server.run();
    let grace = Duration::from_secs(config.shutdown_seconds);
    let ending = tokio::spawn(end(signals, server.handle(), state.stopping, grace));
    server.await?;
    ending.abort();
    worker.stop().await;
    store.close().await?;
    Ok(())
}

/// Seconds that those have who are told that the time is over.
const AFTER_THE_END: u64 = 5;

/// What asks a process to end.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    /// From here on they are heard, whether somebody waits for them already or not.
    #[cfg(unix)]
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    #[cfg(not(unix))]
    fn new() -> std::io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// Waits for a signal. Nothing new begins then; what runs has its time of grace, which a second signal cuts short.
async fn end(mut signals: Signals, server: ServerHandle, stopping: Stopping, grace: Duration) {
    signals.next().await;
    tracing::info!("server.stopping");
    // It goes on waiting by itself; when it is done, so is the server.
    let stopped = server.stop(true);
    tokio::select! {
        () = tokio::time::sleep(grace) => {}
        () = signals.next() => {}
    }
    stopping.end();
    stopped.await;
}

#[expect(clippy::print_stdout, reason = "the person who starts the server reads it")]
fn announce(config: &Config) {
    let address = config.address();
    println!("Liangnuo is ready / 亮诺已启动");
    if !config.static_dir.is_empty() {
        println!("  public / 公众页面      {address}/");
        println!("  console / 工作台       {address}/console/");
    }
    println!("  API / 接口             {address}/docs/");
    tracing::info!(listen = config.listen, "server.ready");
}

fn tls(config: &Config) -> Result<rustls::ServerConfig, Failure> {
    let unreadable = |what: &str| Failure::Tls(format!("{what} can't be read"));
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&config.tls_cert)
        .and_then(Iterator::collect)
        .map_err(|_broken| unreadable(&config.tls_cert))?;
    let key = PrivateKeyDer::from_pem_file(&config.tls_key).map_err(|_broken| unreadable(&config.tls_key))?;
    rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| Failure::Tls(error.to_string()))
}
