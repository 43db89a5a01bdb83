//! `script/bench`: the API beside yardsticks that do the same work without it, in the same run and on the same machine.
//!
//! A figure by itself says little here; the ratio does. Each row runs the two sides in turns, several rounds, and takes
//! the medians. Both sides are served by one actix worker over a socket on the loopback, with the same load.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a measuring program: it may fail loudly and print"
)]

mod load;
mod rows;
mod yardstick;

use std::path::Path;

/// What one row says.
struct Outcome {
    database: &'static str,
    work: &'static str,
    ours: f64,
    yardstick: f64,
    goal: f64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|word| word == "load") {
        return load::main(&arguments[1..]);
    }
    let only: Option<String> = value(&arguments, "--only");
    let seconds: f64 = value(&arguments, "--seconds").unwrap_or(3.0);
    let cases: usize = value(&arguments, "--cases").unwrap_or(10_000);
    let runtime = actix_web::rt::System::new();
    let outcomes = runtime.block_on(async move {
        let mut outcomes = Vec::new();
        let dir = tempfile::tempdir().unwrap();
        let run = Run {
            cases,
            seconds,
            only,
            requests: dir.path().join("requests"),
        };
        let sqlite = format!("sqlite://{}", dir.path().join("bench.db").display());
        outcomes.extend(run.measure("sqlite", sqlite).await);
        match std::env::var("TEST_DATABASE_URL") {
            Ok(server) => outcomes.extend(run.measure("postgres", rows::new_database(&server).await).await),
            Err(_) => println!("no TEST_DATABASE_URL: SQLite only"),
        }
        outcomes
    });
    println!("\n| database | work | Liangnuo /s | yardstick /s | ratio | goal |");
    println!("| --- | --- | ---: | ---: | ---: | ---: |");
    for row in outcomes {
        let ratio = if row.yardstick > 0.0 {
            format!("{:.2}", row.ours / row.yardstick)
        } else {
            "-".to_owned()
        };
        let goal = if row.yardstick > 0.0 {
            format!("{:.2}", row.goal)
        } else {
            format!("{:.0}/s", row.goal)
        };
        let Outcome {
            database,
            work,
            ours,
            yardstick,
            ..
        } = row;
        println!("| {database} | {work} | {ours:.0} | {yardstick:.0} | {ratio} | {goal} |");
    }
}

fn value<T: std::str::FromStr>(arguments: &[String], name: &str) -> Option<T> {
    let at = arguments.iter().position(|argument| argument == name)?;
    arguments.get(at + 1)?.parse().ok()
}

/// How much is measured.
struct Run {
    cases: usize,
    seconds: f64,
    /// The first words of the rows that are wanted.
    only: Option<String>,
    requests: std::path::PathBuf,
}

impl Run {
    fn wants(&self, work: &str) -> bool {
        self.only.as_deref().is_none_or(|only| work.starts_with(only))
    }

    async fn measure(&self, database: &'static str, url: String) -> Vec<Outcome> {
        println!("{database}: loading {} cases", self.cases);
        let prepared = rows::prepare(&url, self.cases).await;
        let ours = prepared.serve().await;
        let bare = yardstick::serve(&url, &prepared).await;
        let is_postgres = database == "postgres";
        let reading = if is_postgres { 0.7 } else { 0.4 };
        let mut outcomes = Vec::new();
        for (work, goal) in [
            ("get a case", reading),
            ("list 20 cases", reading),
            ("file a complaint", 0.5),
        ] {
            if !self.wants(work) {
                continue;
            }
            load::keep(&self.requests, &prepared.requests(work));
            let (ours, yardstick) = self.compare(ours, bare, &self.requests).await;
            outcomes.push(Outcome {
                database,
                work,
                ours,
                yardstick,
                goal,
            });
        }
        if self.wants("import rows") {
            outcomes.push(Outcome {
                database,
                work: "import rows",
                ours: prepared.import_rate().await,
                yardstick: 0.0,
                goal: 1_000.0,
            });
        }
        outcomes
    }

    /// Medians of three rounds in turns.
    async fn compare(&self, ours: std::net::SocketAddr, bare: std::net::SocketAddr, requests: &Path) -> (f64, f64) {
        let (mut a, mut b, mut first) = (Vec::new(), Vec::new(), 0);
        for _ in 0..3 {
            let done = load::run(ours, requests, first, self.seconds).await;
            // What was sent once counts once.
            first += done.sent;
            a.push(done.rate);
            b.push(load::run(bare, requests, 0, self.seconds).await.rate);
        }
        (median(a), median(b))
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
