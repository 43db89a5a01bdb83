//! One run over a ledger: the workbook is read, its rows go in by batches. Called by the worker.

use std::{ops::ControlFlow, time::Duration};

use liangnuo_documents::{Field, LedgerRow, Mapping, ReadError, RowProblem, Sheet, rows};
use liangnuo_domain::{ImportId, RegionId, Timestamp};
use liangnuo_persistence::{
    StoreError,
    imports::{Columns, RowFailure, RowToImport, Run},
};
use sha2::{Digest, Sha256};

use crate::{keys::Keys, state::AppState};

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
    let Some((mut run, content)) = state.store.begin_run(region, id, now).await? else {
        return Ok(Outcome::Finished);
    };
    let (keys, job) = (state.keys.clone(), run.clone());
    let mut parsing = tokio::task::spawn_blocking(move || parse(&job, &content, &keys, now));
    let parsed = loop {
        tokio::select! {
            parsed = &mut parsing => break parsed.map_err(|_panic| StoreError::Bug("a ledger could not be parsed"))?,
            () = tokio::time::sleep(ASKING) => {
                if let ControlFlow::Break(outcome) = may_go_on().await? {
                    return Ok(outcome);
                }
            }
        }
    };
    let (columns, entries) = match parsed {
        Ok(parsed) => parsed,
        Err(failure) => {
            let failed = state.store.finish_run(region, id, Some(failure), state.clock.now());
            return failed.await.map(|()| Outcome::Finished);
        }
    };
    let done = usize::try_from(run.rows_done).unwrap_or(0);
    let mut entries = entries.into_iter().skip(done).peekable();
    while entries.peek().is_some() {
        if let ControlFlow::Break(outcome) = may_go_on().await? {
            return Ok(outcome);
        }
        let mut good = Vec::with_capacity(BATCH);
        let mut failures = Vec::new();
        for entry in entries.by_ref().take(BATCH) {
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
    state.store.finish_run(region, id, None, state.clock.now()).await?;
    Ok(Outcome::Finished)
}

type Entry = Result<RowToImport, Vec<RowFailure>>;

/// Reads all rows. An `Err` is the code of why the ledger as a whole can't be read.
fn parse(run: &Run, content: &[u8], keys: &Keys, now: Timestamp) -> Result<(Columns, Vec<Entry>), String> {
    let sheet = Sheet::open(content, &run.file_name).map_err(|error: ReadError| error.code().to_owned())?;
    let pairs: std::collections::BTreeMap<String, String> =
        serde_json::from_str(&run.mapping).map_err(|_malformed| "malformed_mapping".to_owned())?;
    let mapping = Mapping::resolve(
        &sheet,
        pairs.iter().map(|(heading, field)| (heading.as_str(), field.as_str())),
    )
    .map_err(|problems| {
        problems
            .first()
            .map_or("malformed_mapping", |problem| problem.code())
            .to_owned()
    })?;
    let letter = |field| {
        let at = mapping.column(field)?;
        sheet.headings().get(at).map(|heading| heading.column.clone())
    };
    let columns = Columns {
        kind: letter(Field::Kind),
        category: letter(Field::Category),
        unit: letter(Field::Unit),
        external_ref: letter(Field::ExternalRef),
    };
    let entries = rows(&sheet, &mapping, now.utc())
        .map(|row| {
            row.map(|row| to_import(row, keys))
                .map_err(|problems| problems.into_iter().map(failure).collect::<Vec<_>>())
        })
        .collect();
    Ok((columns, entries))
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
