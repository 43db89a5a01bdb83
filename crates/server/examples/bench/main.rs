//! `script/bench`: the release binary beside yardsticks that do the same work without it, in the same run and on the same
//! machine.
//!
//! A figure by itself says little here; the ratio does. Each row runs the two sides in turns, several rounds, and takes
//! the middle of the rounds' ratios. Both sides have one actix worker and the same load.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a measuring program: it may fail loudly and print"
)]

mod county;
mod files;
mod growth;
mod load;
mod report;
mod server;
mod work;
mod yardstick;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use actix_web::HttpServer;
use liangnuo_http::{AppState, HttpSettings, app, clock::Clock, passwords::Passwords};

use crate::{
    county::{County, Engine},
    growth::Side as Growing,
    load::{Done, Pressure},
    report::{Goal, Row},
    server::{Server, Workers},
    work::{Desk, Side, Work},
};

/// How much is measured; `script/bench` says what each means.
pub struct Settings {
    only: Option<String>,
    seconds: f64,
    rounds: usize,
    cases: usize,
    small: usize,
    import_rows: usize,
    database: Option<String>,
    requests: PathBuf,
}

impl Settings {
    fn read(arguments: &[String], requests: PathBuf) -> Self {
        let text = |name: &str| {
            let at = arguments.iter().position(|argument| argument == name)?;
            Some(arguments.get(at + 1).unwrap_or_else(|| panic!("{name} what?")).clone())
        };
        let number =
            |name: &str| text(name).map(|text| text.parse::<f64>().unwrap_or_else(|_| panic!("{name} {text}?")));
        Self {
            only: text("--only"),
            seconds: number("--seconds").unwrap_or(2.0),
            rounds: number("--rounds").unwrap_or(3.0) as usize,
            cases: number("--cases").unwrap_or(200_000.0) as usize,
            small: number("--small").unwrap_or(10_000.0) as usize,
            import_rows: number("--import").unwrap_or(200_000.0) as usize,
            database: text("--database"),
            requests,
        }
    }

    /// Whether a row of this name is wanted.
    pub fn wants(&self, work: &str) -> bool {
        self.only
            .as_deref()
            .is_none_or(|only| only.split(',').any(|part| work.contains(part.trim())))
    }

    fn pressure(&self) -> Pressure {
        Pressure {
            connections: 16,
            seconds: self.seconds,
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|word| word == "load") {
        return load::main(&arguments[1..]);
    }
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings::read(&arguments, dir.path().join("requests"));
    let postgres = std::env::var("TEST_DATABASE_URL").ok();
    let rows = actix_web::rt::System::new().block_on(async {
        let mut rows = Vec::new();
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let is_asked = settings.database.as_deref().is_none_or(|name| name == engine.name());
            if is_asked && (engine == Engine::Sqlite || postgres.is_some()) {
                rows.extend(measure(&settings, engine, postgres.as_deref(), dir.path()).await);
            }
        }
        rows
    });
    report::print(&rows);
    let said = serde_json::json!({
        "cases": settings.cases, "small": settings.small, "rounds": settings.rounds, "seconds": settings.seconds,
        "cores": std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
    });
    report::write(&rows, &said);
}

/// All rows of one database.
async fn measure(settings: &Settings, engine: Engine, postgres: Option<&str>, dir: &std::path::Path) -> Vec<Row> {
    println!(
        "{}: loading {} and {} cases",
        engine.name(),
        settings.small,
        settings.cases
    );
    let small = County::load(engine, postgres, dir, settings.small).await;
    let large = County::load(engine, postgres, dir, settings.cases).await;
    let mut rows = Vec::new();
    for county in [&small, &large] {
        let name = format!("demo county of {} cases", county.cases);
        let row = Row::alone(engine.name(), name, "s", county.loading);
        rows.push(row.with_goal(Goal::AtMost(300.0)));
    }
    let (few, many) = (Desk::new(&small).await, Desk::new(&large).await);
    if settings.wants("start") || settings.wants("memory") {
        rows.extend(files::starts(settings, &large).await);
    }
    rows.extend(rates_and_growth(settings, (&small, &few), (&large, &many)).await);
    rows.extend(files::exports(settings, (&small, &few), (&large, &many)).await);
    rows.extend(files::imports(settings, &small, &few).await);
    rows
}

/// Rates beside the yardstick at the large county, and the growth from the small one.
async fn rates_and_growth(settings: &Settings, small: (&County, &Desk), large: (&County, &Desk)) -> Vec<Row> {
    let database = large.0.engine.name();
    let (one, other) = (
        Server::start(small.0, Workers::One).await,
        Server::start(large.0, Workers::One).await,
    );
    let mut bare = large.1.bare(large.0);
    let works = large.1.works(&other, &mut bare).await;
    let mut nobody = small.1.bare(small.0);
    let few = small.1.works(&one, &mut nobody).await;
    let (bare, cold) = (bare.serve().await, serve_cold(large.0).await);
    other.forget_peak();
    let mut rows = Vec::new();
    for work in &works {
        rows.extend(beside(settings, database, large.1, work, (&other, cold, bare)).await);
    }
    if settings.wants("file a complaint") {
        let filing = large.1.filing();
        rows.extend(beside(settings, database, large.1, &filing, (&other, cold, bare)).await);
    }
    let peak = other.memory().peak;
    rows.push(Row::alone(database, "memory, peak under load", "MB", peak).with_goal(Goal::AtMost(80.0)));
    let side = |(county, desk): (&County, _), address, mut works: Vec<Work>, filing: Option<Work>| {
        works.extend(filing);
        Growing {
            desk,
            address,
            cases: county.cases,
            works,
        }
    };
    let filing = |desk: &Desk| settings.wants("file a complaint").then(|| desk.filing());
    let few = side(small, one.address, few, filing(small.1));
    let many = side(large, other.address, works, filing(large.1));
    rows.extend(growth::measure(settings, database, &few, &many).await);
    rows
}

/// One row: our side and the yardstick in turns.
async fn beside(
    settings: &Settings,
    database: &'static str,
    desk: &Desk,
    work: &Work,
    (server, cold, bare): (&Server, SocketAddr, SocketAddr),
) -> Option<Row> {
    if !settings.wants(&work.name) || work.bare.is_empty() {
        return None;
    }
    let ours = if work.side == Side::Cold { cold } else { server.address };
    let (mut rounds, mut first, mut last) = (Vec::new(), 0, None::<(f64, Done)>);
    for _ in 0..settings.rounds {
        load::keep(&settings.requests, &desk.ready(&work.ours));
        let before = server.cpu();
        let done = load::run(ours, &settings.requests, first, settings.pressure()).await;
        last = Some(((server.cpu() - before) * 1e6 / done.sent as f64, done));
        // What was sent once counts once.
        first += done.sent;
        load::keep(&settings.requests, &work.bare);
        let yardstick = load::run(bare, &settings.requests, 0, settings.pressure()).await;
        rounds.push((done.rate, yardstick.rate));
    }
    if let Some((micros, done)) = last {
        println!(
            "{database}: {}: p50 {:.2} ms, p99 {:.2} ms, {micros:.0} us of the server's process",
            work.name, done.p50, done.p99
        );
    }
    let row = Row::alone(database, work.name.clone(), "/s", 0.0).beside("the yardstick", &rounds);
    Some(match work.goal {
        Some(goal) => row.with_goal(Goal::RatioAtLeast(goal)),
        None => row,
    })
}

/// The application in this process, on one worker, with a cache for the public that keeps nothing.
async fn serve_cold(county: &County) -> SocketAddr {
    let settings = HttpSettings {
        has_limits: false,
        public_cache: Duration::ZERO,
        ..HttpSettings::default()
    };
    let (store, keys) = (county.store().await, county.keys());
    let state = AppState::new(store, Clock::system(), keys, Passwords::cheap(), settings);
    let server = HttpServer::new(move || app(&state))
        .workers(1)
        .bind(("127.0.0.1", 0))
        .unwrap();
    let address = server.addrs()[0];
    actix_web::rt::spawn(server.run());
    address
}
