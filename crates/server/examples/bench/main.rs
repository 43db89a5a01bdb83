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

use rows::Side;

/// What one row says.
struct Outcome {
    database: &'static str,
    work: &'static str,
    ours: f64,
    yardstick: f64,
    goal: f64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let seconds: f64 = value(&arguments, "--seconds").unwrap_or(3.0);
    let cases: usize = value(&arguments, "--cases").unwrap_or(10_000);
    let runtime = actix_web::rt::System::new();
    let outcomes = runtime.block_on(async move {
        let mut outcomes = Vec::new();
        let dir = tempfile::tempdir().unwrap();
        let sqlite = format!("sqlite://{}", dir.path().join("bench.db").display());
        outcomes.extend(measure("sqlite", sqlite, cases, seconds).await);
        match std::env::var("TEST_DATABASE_URL") {
            Ok(server) => outcomes.extend(measure("postgres", rows::new_database(&server).await, cases, seconds).await),
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

async fn measure(database: &'static str, url: String, cases: usize, seconds: f64) -> Vec<Outcome> {
    println!("{database}: loading {cases} cases");
    let prepared = rows::prepare(&url, cases).await;
    let ours = prepared.serve().await;
    let bare = yardstick::serve(&url, &prepared).await;
    let is_postgres = database == "postgres";
    let mut outcomes = Vec::new();
    for (work, goal) in [
        ("get a case", if is_postgres { 0.7 } else { 0.4 }),
        ("list 20 cases", if is_postgres { 0.7 } else { 0.4 }),
        ("file a complaint", 0.5),
    ] {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            a.push(load::run(ours, prepared.requests(work, Side::Liangnuo), seconds).await);
            b.push(load::run(bare, prepared.requests(work, Side::Yardstick), seconds).await);
        }
        outcomes.push(Outcome {
            database,
            work,
            ours: median(a),
            yardstick: median(b),
            goal,
        });
    }
    let rate = prepared.import_rate().await;
    outcomes.push(Outcome {
        database,
        work: "import rows",
        ours: rate,
        yardstick: 0.0,
        goal: 1_000.0,
    });
    outcomes
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
