//! The binary: configuration, logging, and one command after the other. No business rule stands here.

mod config;
mod county;
#[cfg(test)]
mod deploy_tests;
mod generate;
mod people;
mod secret;
mod serve;
mod vault_keys;
mod verify;
mod worker;

use std::{io, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use liangnuo_persistence::StoreError;
use uuid::Uuid;

use crate::config::{Config, ConfigError, LogFormat};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("file: {0}")]
    Io(#[from] io::Error),
    #[error("can't listen on {address}: {source}. Is another server running there?")]
    Listen { address: String, source: io::Error },
    #[error("TLS: {0}")]
    Tls(String),
    #[error("database: {}", chain(.0))]
    Store(#[from] StoreError),
    #[error("{0}")]
    Refused(String),
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

/// Liangnuo 亮诺: standards, complaints and their answers of a county's education system.
#[derive(Debug, Parser)]
#[command(name = "liangnuo", version)]
struct Arguments {
    /// Configuration file (TOML).
    #[arg(long, global = true, env = "LIANGNUO_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API, and the web app if `static_dir` is set.
    Serve {
        /// Certificate chain in PEM.
        #[arg(long, requires = "tls_key")]
        tls_cert: Option<String>,
        /// Private key in PEM.
        #[arg(long, requires = "tls_cert")]
        tls_key: Option<String>,
    },
    /// Bring the database's schema up to date, and seal contact data that an older version left in the clear.
    Migrate,
    /// Write openapi.json, operations.txt, problems.md and the state diagrams.
    Openapi {
        /// Directory for openapi.json, operations.txt and problems.md.
        #[arg(long, default_value = "openapi")]
        out: PathBuf,
        /// Directory for the diagrams.
        #[arg(long, default_value = "docs/diagrams")]
        diagrams: PathBuf,
    },
    /// Write the schema that the migrations make.
    Schema {
        /// Directory for sqlite.sql and postgres.sql.
        #[arg(long, default_value = "crates/persistence/schema")]
        out: PathBuf,
        /// An empty PostgreSQL database to migrate and dump.
        #[arg(long)]
        postgres: String,
    },
    /// Load the invented demo county into an empty database and print its accounts.
    Demo {
        /// Print one JSON array of {role, login, password} and nothing else.
        #[arg(long)]
        json: bool,
        /// How many times the usual number of complaints, which is 10,000.
        #[arg(long, default_value_t = 1)]
        scale: u32,
        /// The number of complaints beside the demo school's own, instead of a scale. 0 is quickest.
        #[arg(long, conflicts_with = "scale")]
        cases: Option<usize>,
    },
    /// Read the whole sealed log again and say what is wrong with it; fails if anything is.
    VerifyLog {
        /// A checkpoint that was kept outside: the log must still begin as it says.
        #[arg(long)]
        checkpoint: Option<PathBuf>,
    },
    /// Print what is sealed of an event, and the hash by which anybody can have it proved.
    LogLeaf {
        /// The event's id.
        event: Uuid,
    },
    /// Look after the server.
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// Print a one-time link with which the first administrator is set up.
    Bootstrap,
    /// Take the second factor of a login away, where no security administrator is left who could.
    RemoveSecondFactor {
        /// What is typed to sign in.
        login: String,
    },
    /// Build the sums that the statistics read anew from the cases.
    RebuildStatistics,
    /// Make a new key for contact data. Servers that run pass everything on to it.
    RotateKeys,
    /// Print a key for contact data, for a store of secrets; nothing is changed.
    NewKey,
    /// Give up the older keys that seal nothing any more.
    RetireKeys,
}

#[actix_web::main]
async fn main() -> ExitCode {
    // Two crypto back ends are in the tree; whoever asks for the default gets this one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            complain(&failure);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the last word to the person at the terminal")]
fn complain(failure: &Failure) {
    eprintln!("liangnuo: {failure}");
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        Command::Openapi { out, diagrams } => generate::openapi(&out, &diagrams),
        Command::Schema { out, postgres } => generate::schema(&out, &postgres).await,
        command => {
            let mut config = Config::load(arguments.config)?;
            if let Command::Serve {
                tls_cert: Some(cert),
                tls_key: Some(key),
            } = &command
            {
                config.tls_cert.clone_from(cert);
                config.tls_key.clone_from(key);
            }
            start_logging(&config);
            run_configured(&config, command).await
        }
    }
}

async fn run_configured(config: &Config, command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve { .. } => serve::serve(config).await,
        Command::Migrate => serve::open(config).await?.close().await.map_err(Into::into),
        Command::Demo { json, scale, cases } => people::demo(config, json, people::Amount { scale, cases }).await,
        Command::VerifyLog { checkpoint } => verify::verify(config, checkpoint.as_deref()).await,
        Command::LogLeaf { event } => verify::leaf(config, event).await,
        Command::Admin { command } => match command {
            AdminCommand::Bootstrap => people::bootstrap(config).await,
            AdminCommand::RemoveSecondFactor { login } => people::remove_second_factor(config, &login).await,
            AdminCommand::RebuildStatistics => people::rebuild_statistics(config).await,
            AdminCommand::RotateKeys => vault_keys::rotate(config).await,
            AdminCommand::NewKey => {
                vault_keys::print_new();
                Ok(())
            }
            AdminCommand::RetireKeys => vault_keys::retire(config).await,
        },
        Command::Openapi { .. } | Command::Schema { .. } => Ok(()),
    }
}

fn start_logging(config: &Config) {
    use tracing_subscriber::{EnvFilter, fmt};
    let mut filter = EnvFilter::try_new(&config.log_filter).unwrap_or_else(|_| EnvFilter::new("info"));
    // Finer than this the HTTP library writes paths and queries, whatever somebody typed into them.
    for part in ["actix_web", "actix_http", "actix_multipart", "actix_files"] {
        if let Ok(directive) = format!("{part}=info").parse() {
            filter = filter.add_directive(directive);
        }
    }
    let builder = fmt().with_env_filter(filter).with_writer(io::stderr);
    match config.log_format {
        LogFormat::Json => builder.json().flatten_event(true).init(),
        LogFormat::Text => builder.init(),
    }
}
