//! Reads a ledger: as it is needed, each row by itself.

use std::fs::File;

use liangnuo_documents::{LedgerFile, LedgerRow, ReadError, RowCheck, RowProblem};
use liangnuo_domain::Timestamp;
use liangnuo_persistence::imports::{RowFailure, RowToImport, Rows, Run};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::{BATCH, Part, columns, mapping};
use crate::keys::Keys;

/// Reads the rows that are not done yet. An `Err` is the code of why the ledger as a whole can't be read; that is known
/// before the first row is handed over.
pub(super) fn read(
    run: &Run,
    file: File,
    keys: &Keys,
    now: Timestamp,
    parts: &mpsc::Sender<Part>,
) -> Result<(), String> {
    let code = |error: ReadError| error.code().to_owned();
    let mut ledger = LedgerFile::open(file, &run.file_name).map_err(code)?;
    let mapping = mapping(run, ledger.sheet())?;
    // Nobody listens any more when the worker was told to stop.
    if parts
        .blocking_send(Part::Columns(columns(run, ledger.sheet(), &mapping)))
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
        batch.push(checked);
        if batch.len() == BATCH && parts.blocking_send(part(std::mem::take(&mut batch), keys)).is_err() {
            return Ok(());
        }
    }
    if !batch.is_empty() {
        let _ = parts.blocking_send(part(batch, keys));
    }
    Ok(())
}

fn part(rows: Vec<Result<LedgerRow, Vec<RowProblem>>>, keys: &Keys) -> Part {
    let mut good = Vec::with_capacity(rows.len());
    let mut failures = Vec::new();
    for row in rows {
        match row {
            Ok(row) => good.push(to_import(row, keys)),
            Err(problems) => failures.extend(problems.into_iter().map(failure)),
        }
    }
    Part::Rows(Rows::Complaints(good), failures)
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
