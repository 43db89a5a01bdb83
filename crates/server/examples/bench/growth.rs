//! How much slower an answer is with more cases: the same requests to a small county and a large one, one at a time and
//! in turns.

use crate::{
    Settings, load,
    load::Pressure,
    report::{Goal, Row},
    work::{Desk, Work},
};

/// A county that is served.
pub struct Side<'a> {
    pub desk: &'a Desk,
    pub address: std::net::SocketAddr,
    pub cases: usize,
    pub works: Vec<Work>,
}

/// The rows of each work at two sizes.
pub async fn measure(settings: &Settings, database: &'static str, small: &Side<'_>, large: &Side<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for (few, many) in small.works.iter().zip(&large.works) {
        let name = format!("{}: p50 at {} beside {}", few.name, large.cases, small.cases);
        if !few.is_growing || !settings.wants(&name) {
            continue;
        }
        let (mut rounds, mut first) = (Vec::new(), [0, 0]);
        for _ in 0..settings.rounds {
            let mut waits = [0.0, 0.0];
            for (at, (side, work)) in [(large, many), (small, few)].into_iter().enumerate() {
                load::keep(&settings.requests, &side.desk.ready(&work.ours));
                let pressure = Pressure {
                    connections: 1,
                    seconds: settings.seconds / 2.0,
                };
                let done = load::run(side.address, &settings.requests, first[at], pressure).await;
                first[at] += done.sent;
                waits[at] = done.p50;
            }
            rounds.push((waits[0], waits[1]));
        }
        let row = Row::alone(database, name, "ms", 0.0).beside("the small county", &rounds);
        rows.push(row.with_goal(Goal::RatioAtMost(1.5)));
    }
    rows
}
