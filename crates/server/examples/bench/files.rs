//! What goes out and comes in by files, how fast, and what memory it takes; and what the process takes by itself.

use std::{fmt::Write as _, time::Duration};

use liangnuo_documents::sample::sample_ledger;

use crate::{
    Settings,
    county::County,
    load,
    report::{Goal, Row, median},
    server::{Server, Workers},
    work::{Desk, get_as},
};

/// How much more memory a long file may take than a short one, and still be called flat.
const FLAT: f64 = 1.25;

/// Whole lists as files, from a small county and a large one. Each from a server that was just started, since what a
/// process once took it does not all give back.
pub async fn exports(settings: &Settings, small: (&County, &Desk), large: (&County, &Desk)) -> Vec<Row> {
    let database = small.0.engine.name();
    let mut rows = Vec::new();
    for format in ["csv", "csv-gb18030", "xlsx"] {
        let name = format!("export {format}");
        if !settings.wants(&name) {
            continue;
        }
        let (mut rates, mut peaks) = (Vec::new(), Vec::new());
        for _ in 0..settings.rounds {
            let (many, few) = (export(large, format).await, export(small, format).await);
            rates.push((many.rate, few.rate));
            peaks.push((many.peak, few.peak));
            println!(
                "{database}: {name}: {} cases in {:.1} s, idle at {:.1} MB",
                large.0.cases, many.seconds, many.idle
            );
        }
        let sizes = format!("{} cases beside {}", large.0.cases, small.0.cases);
        rows.push(Row::alone(database, format!("{name}, {sizes}"), "rows/s", 0.0).beside("the small county", &rates));
        let row = Row::alone(database, format!("{name}, peak memory, {sizes}"), "MB", 0.0);
        rows.push(
            row.beside("the small county", &peaks)
                .with_goal(Goal::RatioAtMost(FLAT)),
        );
    }
    rows
}

struct Export {
    rate: f64,
    seconds: f64,
    idle: f64,
    peak: f64,
}

async fn export((county, desk): (&County, &Desk), format: &str) -> Export {
    let server = Server::start(county, Workers::Usual).await;
    let list = get_as(&desk.office, "/api/v1/complaints?limit=20");
    load::fetch(server.address, desk.ready(&[list])[0].as_bytes()).await;
    let idle = server.memory().now;
    server.forget_peak();
    let path = format!("/api/v1/complaints/export?format={format}");
    let request = desk.ready(&[get_as(&desk.office, &path)]);
    let drained = load::drain(server.address, request[0].as_bytes()).await;
    assert!(drained.bytes > county.cases, "the file is short");
    Export {
        rate: county.cases as f64 / drained.seconds,
        seconds: drained.seconds,
        idle,
        peak: server.memory().peak,
    }
}

/// Ledgers that come in: one of the size of a real one, and one of 200,000 rows.
pub async fn imports(settings: &Settings, county: &County, desk: &Desk) -> Vec<Row> {
    let database = county.engine.name();
    let mut rows = Vec::new();
    if !settings.wants("import") {
        return rows;
    }
    let server = Server::start(county, Workers::Usual).await;
    let idle = server.memory().now;
    let ledgers = [
        (1_408, "xlsx", sample_ledger(1_408).unwrap().bytes),
        (settings.import_rows, "csv", long_ledger(settings.import_rows)),
    ];
    let mut peaks = Vec::new();
    for (count, extension, content) in ledgers {
        server.forget_peak();
        let megabytes = content.len() as f64 / 1_048_576.0;
        let seconds = import(&server, desk, extension, content).await;
        let peak = server.memory().peak;
        peaks.push(peak);
        println!("{database}: {count} rows ({megabytes:.1} MB) imported in {seconds:.1} s, {idle:.1} MB before");
        let name = format!("import {count} rows of {extension}");
        let rate = Row::alone(database, name.clone(), "rows/s", count as f64 / seconds);
        rows.push(rate.with_goal(Goal::AtLeast(1_000.0)));
        rows.push(Row::alone(database, format!("{name}, peak memory"), "MB", peak));
    }
    let name = "import, peak memory, the long ledger beside the short one";
    let row = Row::alone(database, name, "MB", 0.0).beside("the short ledger", &[(peaks[1], peaks[0])]);
    rows.push(row.with_goal(Goal::RatioAtMost(FLAT)));
    rows
}

/// A ledger of as many rows as fit into the largest file that is taken.
fn long_ledger(rows: usize) -> Vec<u8> {
    let mut text = "编号,留言主题,留言时间,留言详情\n".to_owned();
    for number in 0..rows {
        let (month, day) = (number % 12 + 1, number % 28 + 1);
        writeln!(
            text,
            "{number},路灯不亮{},2019-{month:02}-{day:02} 08:30,路口第{}盏灯不亮。",
            number % 97,
            number % 89
        )
        .unwrap();
    }
    text.into_bytes()
}

/// Hands a ledger in and waits until it is done.
async fn import(server: &Server, desk: &Desk, extension: &str, content: Vec<u8>) -> f64 {
    let boundary = "----bench";
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"source\"\r\n\r\nbench-{extension}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"ledger.{extension}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend(content);
    body.extend(format!("\r\n--{boundary}--\r\n").into_bytes());
    let head = format!(
        "POST /api/v1/imports/complaints HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer @office\r\n\
         Idempotency-Key: {}\r\nContent-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {}\r\n\r\n",
        desk.store.ids().v4(),
        body.len()
    );
    let mut request = desk.ready(&[head])[0].clone().into_bytes();
    request.extend(body);
    let started = std::time::Instant::now();
    let answer = load::fetch(server.address, &request).await;
    let job: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let path = format!("/api/v1/imports/{}", job["id"].as_str().unwrap());
    loop {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let ask = desk.ready(&[get_as(&desk.office, &path)]);
        let answer = load::fetch(server.address, ask[0].as_bytes()).await;
        let job: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        match job["state"].as_str().unwrap() {
            "succeeded" => return started.elapsed().as_secs_f64(),
            "failed" => panic!("{job}"),
            _ => {}
        }
    }
}

/// How long a start takes, and what memory a server takes that nobody asks.
pub async fn starts(settings: &Settings, county: &County) -> Vec<Row> {
    let database = county.engine.name();
    let (mut ready, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..settings.rounds.max(3) {
        let server = Server::start(county, Workers::Usual).await;
        ready.push(server.ready.as_secs_f64() * 1e3);
        tokio::time::sleep(Duration::from_secs(3)).await;
        idle.push(server.memory().now);
    }
    vec![
        Row::alone(database, "ready after start", "ms", median(ready)).with_goal(Goal::AtMost(300.0)),
        Row::alone(database, "memory, idle", "MB", median(idle)).with_goal(Goal::AtMost(40.0)),
    ]
}
