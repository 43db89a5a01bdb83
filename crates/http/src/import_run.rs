//! One run over a ledger: a thread reads it row by row, the rows go in by batches. Called by the worker.

use std::{fs::File, ops::ControlFlow, time::Duration};

use liangnuo_documents::{Field, LedgerFile, LedgerRow, Mapping, ReadError, RowCheck, RowProblem, Sheet};
use liangnuo_domain::{ImportId, RegionId, Timestamp};
use liangnuo_persistence::{
    StoreError,
    imports::{Columns, RowFailure, RowToImport, Run},
};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use crate::{keys::Keys, state::AppState, v1::imports::files};

/// Rows in a transaction: large enough to be fast, small enough that others get their turn.
const BATCH: usize = 500;

/// How often a worker is asked whether it goes on while a ledger is read: well within its lease.
const ASKING: Duration = Duration::from_secs(5);

/// How a worker's part in a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The run has ended: every row was looked at, or the ledger as a whole can't be read.
    Finished,
    /// Another worker has taken over.
    LostLease,
    /// The process ends; the next worker goes on.
    Stopping,
    /// It has to be done again, after so long.
    Later(Duration),
}

/// Goes through a ledger, from the start or where an earlier worker left it. `may_go_on` is asked before each batch and
/// while the ledger is read.
///
/// # Errors
/// When the database does not answer; the run can then be taken up again.
pub async fn run<F, Fut>(state: &AppState, region: RegionId, id: ImportId, may_go_on: F) -> Result<Outcome, StoreError>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<ControlFlow<Outcome>, StoreError>>,
{
    let now = state.clock.now();
    let Some(mut run) = state.store.begin_run(region, id, now).await? else {
        return Ok(Outcome::Finished);
    };
    let file = files::fetch(&state.store, region, id).await?;
    let (keys, job) = (state.keys.clone(), run.clone());
    // Two batches wait at the most: the ledger is never in memory as a whole.
    let (sender, mut parts) = mpsc::channel(2);
    let reading = tokio::task::spawn_blocking(move || read(&job, file, &keys, now, &sender));
    let mut columns = Columns::default();
    loop {
        let part = tokio::select! {
            part = parts.recv() => part,
            () = tokio::time::sleep(ASKING) => {
                if let ControlFlow::Break(outcome) = may_go_on().await? {
                    return Ok(outcome);
                }
                continue;
            }
        };
        let entries = match part {
            None => break,
            Some(Part::Columns(found)) => {
                columns = found;
                continue;
            }
            Some(Part::Rows(entries)) => entries,
        };
        if let ControlFlow::Break(outcome) = may_go_on().await? {
            return Ok(outcome);
        }
        let mut good = Vec::with_capacity(entries.len());
        let mut failures = Vec::new();
        for entry in entries {
            match entry {
                Ok(row) => good.push(row),
                Err(problems) => failures.extend(problems),
            }
        }
        let now = state.clock.now();
        let batch = state.store.import_batch(&mut run, good, failures, columns.clone(), now);
        if !batch.await? {
            return Ok(Outcome::LostLease);
        }
    }
    let read = reading.await;
    let failure = read
        .map_err(|_panic| StoreError::Bug("a ledger could not be read"))?
        .err();
    state.store.finish_run(region, id, failure, state.clock.now()).await?;
    Ok(Outcome::Finished)
}

type Entry = Result<RowToImport, Vec<RowFailure>>;

/// What the reading thread hands over.
enum Part {
    /// Where the columns are; first of all.
    Columns(Columns),
    /// The next rows.
    Rows(Vec<Entry>),
}

/// Reads the rows that are not done yet. An `Err` is the code of why the ledger as a whole can't be read; that is known
/// before the first row is handed over.
fn read(run: &Run, file: File, keys: &Keys, now: Timestamp, parts: &mpsc::Sender<Part>) -> Result<(), String> {
    let code = |error: ReadError| error.code().to_owned();
    let mut ledger = LedgerFile::open(file, &run.file_name).map_err(code)?;
    let mapping = mapping(run, ledger.sheet())?;
    // Nobody listens any more when the worker was told to stop.
    if parts
        .blocking_send(Part::Columns(columns(ledger.sheet(), &mapping)))
        .is_err()
    {
        return Ok(());
    }
    let done = usize::try_from(run.rows_done).unwrap_or(0);
    let mut check = RowCheck::new(ledger.sheet(), mapping, now.utc());
    let mut batch = Vec::with_capacity(BATCH);
    for (index, row) in ledger.rows().map_err(code)?.enumerate() {
        // What is done is gone through all the same: whether a number stands twice shows only so.
        let checked = check.row(&row.map_err(code)?);
        if index < done {
            continue;
        }
        batch.push(match checked {
            Ok(row) => Ok(to_import(row, keys)),
            Err(problems) => Err(problems.into_iter().map(failure).collect()),
        });
        if batch.len() == BATCH && parts.blocking_send(Part::Rows(std::mem::take(&mut batch))).is_err() {
            return Ok(());
        }
    }
    if !batch.is_empty() {
        let _ = parts.blocking_send(Part::Rows(batch));
    }
    Ok(())
}

fn mapping(run: &Run, sheet: &Sheet) -> Result<Mapping, String> {
    let pairs: std::collections::BTreeMap<String, String> =
        serde_json::from_str(&run.mapping).map_err(|_malformed| "malformed_mapping".to_owned())?;
    let pairs = pairs.iter().map(|(heading, field)| (heading.as_str(), field.as_str()));
    Mapping::resolve(sheet, pairs).map_err(|problems| {
        let first = problems.first();
        first.map_or("malformed_mapping", |problem| problem.code()).to_owned()
    })
}

fn columns(sheet: &Sheet, mapping: &Mapping) -> Columns {
    let letter = |field| {
        let at = mapping.column(field)?;
        sheet.headings().get(at).map(|heading| heading.column.clone())
    };
    Columns {
        kind: letter(Field::Kind),
        category: letter(Field::Category),
        unit: letter(Field::Unit),
        external_ref: letter(Field::ExternalRef),
    }
}

fn failure(problem: RowProblem) -> RowFailure {
    RowFailure {
        row: i64::from(problem.row),
        column: problem.column,
        code: problem.code.into_owned(),
        detail_zh: problem.detail_zh,
        detail_en: problem.detail_en,
    }
}

fn to_import(row: LedgerRow, keys: &Keys) -> RowToImport {
    let row_hash = row_hash(&row);
    let replied_at = row.replied_at.map(Timestamp::from_local);
    RowToImport {
        row: i64::from(row.row),
        external_ref: row.external_ref,
        author_hash: row.author.as_deref().map(|author| keys.author_hash(author)),
        kind: row.kind,
        title: row.title,
        body: row.body,
        received_at: Timestamp::from_local(row.received_at),
        reply: row.reply.zip(replied_at),
        category: row.category,
        unit: row.unit,
        row_hash,
    }
}

/// Of all that the row says, but not of where it stands.
fn row_hash(row: &LedgerRow) -> Vec<u8> {
    let LedgerRow {
        row: _,
        external_ref,
        author,
        title,
        received_at,
        body,
        reply,
        replied_at,
        kind,
        category,
        unit,
    } = row;
    let said = (
        external_ref,
        author,
        title,
        received_at,
        body,
        reply,
        replied_at,
        kind,
        category,
        unit,
    );
    Sha256::digest(format!("{said:?}").as_bytes()).to_vec()
}
