//! The sealed log, for the person who runs the server: read again from its first entry, and what is sealed of one event.

use std::{io::IsTerminal as _, path::Path, time::Instant};

use liangnuo_domain::log::{FaultKind, hex, merkle::leaf_hash};
use liangnuo_http::clock::Clock;
use liangnuo_persistence::log::{Fault, Flaw, Report};

use uuid::Uuid;

use crate::{Failure, config::Config, serve};

/// Verifies the log and prints what was found.
///
/// # Errors
/// Any fault; a file that can't be read; a database that does not answer.
pub async fn verify(config: &Config, outside: Option<&Path>) -> Result<(), Failure> {
    let outside = outside.map(std::fs::read_to_string).transpose()?;
    let outside = outside.map(|kept| note(&kept));
    let store = serve::open(config).await?;
    let began = Instant::now();
    let shown = std::io::stderr().is_terminal();
    let report = store
        .verify_log(outside.as_deref(), Clock::system().now(), |done, of| {
            if shown {
                show_progress(done, of);
            }
        })
        .await?;
    store.close().await?;
    print(&report, began.elapsed().as_secs_f64());
    if report.is_whole() {
        return Ok(());
    }
    Err(Failure::Refused(format!(
        "日志有 {0} 处不符 / the log has {0} faults",
        report.faults()
    )))
}

/// Prints the canonical text of an event and the hash of it that stands in the log.
///
/// # Errors
/// An event that is not there; a database that does not answer.
#[expect(clippy::print_stdout, reason = "what the command is for")]
pub async fn leaf(config: &Config, event: Uuid) -> Result<(), Failure> {
    let store = serve::open(config).await?;
    let canonical = store.canonical_event(event).await?;
    store.close().await?;
    println!("{canonical}");
    println!("{}", hex(&leaf_hash(canonical.as_bytes())));
    Ok(())
}

/// The signed note in what somebody kept: the API's answer, or the note alone.
fn note(kept: &str) -> String {
    let answer: Option<serde_json::Value> = serde_json::from_str(kept).ok();
    let note = answer.as_ref().and_then(|answer| answer.get("note")?.as_str());
    // An editor may have taken the last line feed away, or put in those of the other system.
    let lines = note.unwrap_or(kept).replace('\r', "");
    format!("{}\n", lines.trim_end_matches('\n'))
}

#[expect(clippy::print_stderr, reason = "for the person who waits")]
fn show_progress(done: u64, of: u64) {
    eprint!("\r{done} / {of}");
    if done == of {
        eprintln!();
    }
}

#[expect(clippy::print_stdout, reason = "what the command is for")]
fn print(report: &Report, seconds: f64) {
    let Report {
        size,
        events,
        checkpoints,
        ..
    } = report;
    println!("日志 {size} 项，其中事件 {events} 项，检查点 {checkpoints} 个，用时 {seconds:.1} 秒");
    println!("{size} entries, {events} of them events; {checkpoints} checkpoints; {seconds:.1} s");
    println!("根 / root {}", hex(&report.root));
    for fault in &report.named {
        println!("{}", line(fault));
    }
    let unnamed = report.faults() - u64::try_from(report.named.len()).unwrap_or(0);
    if unnamed > 0 {
        println!("另有 {unnamed} 处 / and {unnamed} more");
    }
    if report.is_whole() {
        println!("日志完好 / the log is whole");
    }
}

fn line(fault: &Fault) -> String {
    let (zh, en) = words(fault.kind());
    let place = match fault {
        Fault::Changed { place, event } | Fault::DetailChanged { place, event } | Fault::Gone { place, event } => {
            format!("{place} {event}")
        }
        Fault::Gap { place } => place.to_string(),
        Fault::Node { level, index } => format!("{level}/{index}"),
        Fault::Checkpoint { number, flaw } => format!("{number} {}", flaw_words(*flaw)),
        Fault::Head(flaw) | Fault::Outside(flaw) => flaw_words(*flaw).to_owned(),
        Fault::Unknown { event } | Fault::Late { event } | Fault::Lost { event } => event.to_string(),
    };
    format!("{zh} / {en}: {place}")
}

const fn words(kind: FaultKind) -> (&'static str, &'static str) {
    match kind {
        FaultKind::EventChanged => ("事件被改", "event changed"),
        FaultKind::DetailChanged => ("事件详情被改", "detail changed"),
        FaultKind::EventGone => ("事件被删", "event gone"),
        FaultKind::EntryGone => ("日志项缺失", "entry gone"),
        FaultKind::Tree => ("散列树不符", "hash of the tree is wrong"),
        FaultKind::Checkpoint => ("检查点不符", "checkpoint is wrong"),
        FaultKind::Head => ("日志末端不符", "head is wrong"),
        FaultKind::Outside => ("与外存检查点不符", "checkpoint from outside does not fit"),
        FaultKind::EventUnknown => ("事件未入日志", "event without a place"),
        FaultKind::EventLate => ("事件等待入日志过久", "event waits too long"),
        FaultKind::EventLost => ("等待入日志的事件缺失", "waiting event gone"),
    }
}

const fn flaw_words(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Signature => "签名 / signature",
        Flaw::Size => "项数 / size",
        Flaw::Root => "根 / root",
        Flaw::Chain => "前后不接 / chain",
        Flaw::Columns => "列值 / columns",
        Flaw::Nodes => "子树散列数 / hashes of subtrees",
    }
}
