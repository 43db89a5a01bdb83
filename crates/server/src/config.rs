//! Configuration: defaults, then a TOML file, then the environment (`LIANGNUO_` and the key in capitals). Unknown keys
//! are refused, so that a typing mistake does not go unnoticed.

use std::{net::IpAddr, path::PathBuf};

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use liangnuo_domain::{Secret, UnitId, passwords::PasswordProfile, providers::ProviderKind, second_factor::Rule};
use liangnuo_http::{providers::ProviderSettings, scanner::Scanner};
use liangnuo_persistence::objects::Bucket;
use serde::{Deserialize, Serialize};

/// Environment variables of the same prefix that are not configuration.
const NOT_CONFIGURATION: [&str; 4] = ["test_data", "config", "e2e_url", "e2e_accounts"];

/// Whether tries are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// Yes.
    On,
    /// No: for tests only.
    Off,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// A JSON object a line.
    Json,
    /// For a person at a terminal.
    Text,
}

/// Every key. `liangnuo.sample.toml` documents them and a test compares it with these defaults.
// No `Debug`: keys may stand in it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `sqlite://path` or `postgres://user@host/name`; empty means SQLite in the data directory.
    pub database_url: String,
    /// Most connections to the database.
    pub database_connections: u32,
    /// Address and port.
    pub listen: String,
    /// Where the embedded database, the secret key and the vault's keys are kept.
    pub data_dir: PathBuf,
    /// The vault's keys themselves, a line each; empty means those in `vault_keys_file`.
    pub vault_keys: String,
    /// The file with the vault's keys; empty means `vault.keys` in the data directory.
    pub vault_keys_file: String,
    /// The folder with the content of attached files; empty means `attachments` in the data directory.
    pub attachments_dir: String,
    /// URL of a server that speaks S3 and keeps the content of attached files; empty means the folder above.
    pub s3_endpoint: String,
    /// The bucket there.
    pub s3_bucket: String,
    /// The region of the bucket.
    pub s3_region: String,
    /// Who may use it.
    pub s3_key_id: String,
    /// By what secret.
    pub s3_secret: String,
    /// Where clamd listens; empty means that nothing looks for viruses in attached files.
    pub scanner: String,
    /// The built web app; empty if it is served elsewhere.
    pub static_dir: String,
    /// How the public reaches this server; also decides whether cookies are `Secure`, and which site may use
    /// them.
    pub public_url: String,
    /// The county of the public pages, where the database holds several; empty for the only one.
    pub public_region: String,
    /// Certificate chain in PEM; empty for plain HTTP behind a proxy.
    pub tls_cert: String,
    /// Private key in PEM.
    pub tls_key: String,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Whether tries at log-in, receipts and filing are counted.
    pub rate_limits: Switch,
    /// Who must have a second factor.
    pub second_factor: Rule,
    /// Which rules passwords follow.
    pub password_profile: PasswordProfile,
    /// Where staff may sign in, beside their password.
    pub provider: ProviderKind,
    /// Its address: of OpenID Connect the issuer; of WeCom empty, or another address of its API.
    pub provider_url: String,
    /// Who we are to it: the client id, or the corporation's id.
    pub provider_client_id: String,
    /// The secret that goes with it.
    pub provider_client_secret: String,
    /// WeCom's number of the application.
    pub provider_agent_id: String,
    /// What people call it, in Chinese.
    pub provider_name: String,
    /// In English.
    pub provider_name_en: String,
    /// Largest number of a proof of work; the work is half of it on average.
    pub challenge_difficulty: u64,
    /// Worker threads; 0 for one a core.
    pub workers: usize,
    /// Seconds that requests have to end after a signal to stop; what takes longer, such as an export, is broken off.
    pub shutdown_seconds: u64,
    /// `json` or `text`.
    pub log_format: LogFormat,
    /// What is logged, such as `info` or `liangnuo_http=debug,info`.
    pub log_filter: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database_url: String::new(),
            database_connections: 10,
            listen: "127.0.0.1:8080".to_owned(),
            data_dir: PathBuf::from("data"),
            vault_keys: String::new(),
            vault_keys_file: String::new(),
            attachments_dir: String::new(),
            s3_endpoint: String::new(),
            s3_bucket: String::new(),
            s3_region: "us-east-1".to_owned(),
            s3_key_id: String::new(),
            s3_secret: String::new(),
            scanner: String::new(),
            static_dir: String::new(),
            public_url: String::new(),
            public_region: String::new(),
            tls_cert: String::new(),
            tls_key: String::new(),
            trusted_proxies: Vec::new(),
            rate_limits: Switch::On,
            second_factor: Rule::Leaders,
            password_profile: PasswordProfile::Mlps,
            provider: ProviderKind::None,
            provider_url: String::new(),
            provider_client_id: String::new(),
            provider_client_secret: String::new(),
            provider_agent_id: String::new(),
            provider_name: "统一身份认证".to_owned(),
            provider_name_en: "single sign-on".to_owned(),
            challenge_difficulty: 50_000,
            workers: 0,
            shutdown_seconds: 15,
            log_format: LogFormat::Json,
            log_filter: "info".to_owned(),
        }
    }
}

/// Why the configuration can't be taken.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file, key or value.
    #[error("configuration: {0}")]
    Unreadable(#[from] Box<figment::Error>),
    /// One value that does not fit the others.
    #[error("configuration: {0}")]
    Refused(&'static str),
}

impl Config {
    /// Reads file and environment.
    ///
    /// # Errors
    /// An unknown key, a value of the wrong kind, values that do not fit each other.
    pub fn load(file: Option<PathBuf>) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            figment = figment.merge(Toml::file_exact(file));
        }
        let config: Self = figment
            .merge(Env::prefixed("LIANGNUO_").ignore(&NOT_CONFIGURATION))
            .extract()
            .map_err(Box::new)?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        if self.tls_cert.is_empty() != self.tls_key.is_empty() {
            return Err(ConfigError::Refused("tls_cert and tls_key go together"));
        }
        if self.tls_cert.is_empty() && self.is_secure() && self.trusted_proxies.is_empty() {
            return Err(ConfigError::Refused(
                "public_url is https:// and there is no certificate here, so a proxy speaks TLS: put its address into \
                 trusted_proxies, or else all visitors count as one and the limits on tries lock everybody out (or give \
                 tls_cert and tls_key)",
            ));
        }
        if !self.vault_keys.is_empty() && !self.vault_keys_file.is_empty() {
            return Err(ConfigError::Refused("give vault_keys or vault_keys_file, not both"));
        }
        if !self.s3_endpoint.is_empty() {
            let needed = [&self.s3_bucket, &self.s3_region, &self.s3_key_id, &self.s3_secret];
            if needed.iter().any(|value| value.is_empty()) || !self.attachments_dir.is_empty() {
                return Err(ConfigError::Refused(
                    "s3_endpoint goes together with s3_bucket, s3_region, s3_key_id and s3_secret, and without attachments_dir",
                ));
            }
        }
        if !self.scanner.is_empty() && Scanner::parse(&self.scanner).is_none() {
            return Err(ConfigError::Refused(
                "scanner must be tcp://host:port or unix:///path of clamd's socket",
            ));
        }
        if !self.public_region.is_empty() && self.public_region.parse::<UnitId>().is_err() {
            return Err(ConfigError::Refused("public_region must be the id of a root unit"));
        }
        self.check_provider()?;
        if !(1_000..=1_000_000).contains(&self.challenge_difficulty) {
            return Err(ConfigError::Refused(
                "challenge_difficulty must be between 1000 and 1000000",
            ));
        }
        Ok(())
    }

    fn check_provider(&self) -> Result<(), ConfigError> {
        let is_safe = |url: &str| {
            url.starts_with("https://") || url.starts_with("http://127.0.0.1") || url.starts_with("http://localhost")
        };
        let refusal = match self.provider {
            ProviderKind::None => return Ok(()),
            _ if self.public_url.is_empty() => Some("a provider sends people back to public_url: give it"),
            _ if self.provider_client_id.is_empty() => Some("a provider needs provider_client_id"),
            ProviderKind::Oidc if !is_safe(&self.provider_url) => {
                Some("provider_url must be the issuer's address, and begin with https://")
            }
            ProviderKind::Wecom if self.provider_client_secret.is_empty() || self.provider_agent_id.is_empty() => {
                Some("WeCom needs provider_client_secret and provider_agent_id")
            }
            ProviderKind::Wecom if !self.provider_url.is_empty() && !is_safe(&self.provider_url) => {
                Some("provider_url must begin with https://")
            }
            ProviderKind::Oidc | ProviderKind::Wecom => None,
        };
        refusal.map_or(Ok(()), |why| Err(ConfigError::Refused(why)))
    }

    /// How the identity provider is reached, if there is one.
    #[must_use]
    pub fn provider(&self) -> Option<ProviderSettings> {
        if self.provider == ProviderKind::None {
            return None;
        }
        Some(ProviderSettings {
            kind: self.provider,
            url: self.provider_url.clone(),
            client_id: self.provider_client_id.clone(),
            client_secret: Secret::new(self.provider_client_secret.clone()),
            agent_id: self.provider_agent_id.clone(),
            name: self.provider_name.clone(),
            name_en: self.provider_name_en.clone(),
            redirect_uri: format!("{}/console/sign-in/provider", self.public_url.trim_end_matches('/')),
        })
    }

    /// The database's URL.
    #[must_use]
    pub fn database_url(&self) -> String {
        if self.database_url.is_empty() {
            format!("sqlite://{}", self.data_dir.join("liangnuo.db").display())
        } else {
            self.database_url.clone()
        }
    }

    /// Where the vault's keys are kept, unless they are given as a value.
    #[must_use]
    pub fn vault_keys_path(&self) -> PathBuf {
        if self.vault_keys_file.is_empty() {
            self.data_dir.join("vault.keys")
        } else {
            PathBuf::from(&self.vault_keys_file)
        }
    }

    /// Where the content of attached files is kept.
    #[must_use]
    pub fn attachments_path(&self) -> PathBuf {
        if self.attachments_dir.is_empty() {
            self.data_dir.join("attachments")
        } else {
            PathBuf::from(&self.attachments_dir)
        }
    }

    /// The bucket in its stead, if there is one.
    #[must_use]
    pub fn bucket(&self) -> Option<Bucket> {
        (!self.s3_endpoint.is_empty()).then(|| Bucket {
            endpoint: self.s3_endpoint.clone(),
            name: self.s3_bucket.clone(),
            region: self.s3_region.clone(),
            key_id: self.s3_key_id.clone(),
            secret: self.s3_secret.clone(),
        })
    }

    /// Whether browsers reach us over TLS, here or at a proxy.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        !self.tls_cert.is_empty() || self.public_url.starts_with("https://")
    }

    /// What a browser calls the site of `public_url`: scheme and host, and the port if it is not the usual one.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        let (scheme, rest) = self.public_url.split_once("://")?;
        let origin = format!("{scheme}://{}", rest.split('/').next()?).to_ascii_lowercase();
        let usual = if scheme.eq_ignore_ascii_case("https") {
            ":443"
        } else {
            ":80"
        };
        Some(origin.strip_suffix(usual).unwrap_or(&origin).to_owned())
    }

    /// The address to tell people.
    #[must_use]
    pub fn address(&self) -> String {
        if self.public_url.is_empty() {
            let scheme = if self.tls_cert.is_empty() { "http" } else { "https" };
            format!("{scheme}://{}", self.listen)
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../../../liangnuo.sample.toml");

    #[test]
    fn the_sample_is_the_defaults() {
        let sample: Config = toml::from_str(SAMPLE).unwrap();
        assert!(sample == Config::default());
    }

    #[test]
    fn the_sample_explains_every_key() {
        let defaults = toml::Table::try_from(Config::default()).unwrap();
        for key in defaults.keys() {
            let at = SAMPLE
                .find(&format!("\n{key} = "))
                .unwrap_or_else(|| panic!("{key} is not in the sample"));
            let before = SAMPLE[..at].lines().next_back().unwrap_or_default();
            assert!(before.starts_with('#'), "{key} has no explanation above it");
        }
    }

    #[test]
    fn an_unknown_key_is_refused() {
        assert!(toml::from_str::<Config>("databse_url = \"x\"").is_err());
    }

    #[test]
    fn values_that_do_not_fit_are_refused() {
        let half = Config {
            tls_cert: "a.pem".into(),
            ..Config::default()
        };
        assert!(half.check().is_err());
        let twice = Config {
            vault_keys: "a b".into(),
            vault_keys_file: "vault.keys".into(),
            ..Config::default()
        };
        assert!(twice.check().is_err());
        let region = Config {
            public_region: "qinghe".into(),
            ..Config::default()
        };
        assert!(region.check().is_err());
        let half_a_bucket = Config {
            s3_endpoint: "https://s3.example.gov.cn".into(),
            s3_bucket: "liangnuo".into(),
            ..Config::default()
        };
        assert!(half_a_bucket.check().is_err());
        let scanner = Config {
            scanner: "localhost:3310".into(),
            ..Config::default()
        };
        assert!(scanner.check().is_err());
        assert!(Config::default().check().is_ok());
    }

    #[test]
    fn a_provider_is_named_in_full_or_not_at_all() {
        let oidc = Config {
            provider: ProviderKind::Oidc,
            public_url: "https://jy.example".into(),
            trusted_proxies: vec!["10.0.0.1".parse().unwrap()],
            provider_url: "https://id.example".into(),
            provider_client_id: "liangnuo".into(),
            ..Config::default()
        };
        assert!(oidc.check().is_ok());
        let back = oidc.provider().unwrap().redirect_uri;
        assert_eq!(back, "https://jy.example/console/sign-in/provider");
        for wrong in [
            Config {
                public_url: String::new(),
                trusted_proxies: Vec::new(),
                ..oidc.clone()
            },
            Config {
                provider_url: "http://id.example".into(),
                ..oidc.clone()
            },
            Config {
                provider_client_id: String::new(),
                ..oidc.clone()
            },
            Config {
                provider: ProviderKind::Wecom,
                ..oidc
            },
        ] {
            assert!(wrong.check().is_err());
        }
    }

    #[test]
    fn a_proxy_that_speaks_tls_must_be_named() {
        let behind = |proxies: &[&str]| Config {
            public_url: "https://jy.example.gov.cn".into(),
            trusted_proxies: proxies.iter().map(|address| address.parse().unwrap()).collect(),
            ..Config::default()
        };
        let refused = behind(&[]).check().unwrap_err().to_string();
        assert!(refused.contains("trusted_proxies"), "{refused}");
        assert!(behind(&["127.0.0.1"]).check().is_ok());
        let own_tls = Config {
            tls_cert: "a.pem".into(),
            tls_key: "a.key".into(),
            ..behind(&[])
        };
        assert!(own_tls.check().is_ok());
    }

    #[test]
    fn the_origin_is_what_a_browser_sends() {
        let origin = |url: &str| {
            let config = Config {
                public_url: url.into(),
                ..Config::default()
            };
            config.origin()
        };
        assert_eq!(origin(""), None);
        for (url, sent) in [
            ("https://JY.example.gov.cn/", "https://jy.example.gov.cn"),
            ("https://jy.example.gov.cn:443", "https://jy.example.gov.cn"),
            ("http://10.0.0.5:8088/x", "http://10.0.0.5:8088"),
        ] {
            assert_eq!(origin(url).as_deref(), Some(sent));
        }
    }
}
