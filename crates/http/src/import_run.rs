//! One run over a ledger: the workbook is read, its rows go in by batches. Called by the worker.

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

/// Goes through a ledger, from the start or where an earlier worker left it. `alive` is asked after each batch; `false`
/// means that another worker has taken over.
///
/// # Errors
/// When the database does not answer; the run can then be taken up again.
pub async fn run<F, Fut>(state: &AppState, region: RegionId, id: ImportId, mut alive: F) -> Result<(), StoreError>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = bool>,
{
    let now = state.clock.now();
    let Some(run) = state.store.begin_run(region, id, now).await? else {
        return Ok(());
    };
    let keys = state.keys.clone();
    let job = run.clone();
    let parsed = tokio::task::spawn_blocking(move || parse(&job, &keys, now)).await;
    let parsed = parsed.map_err(|_panic| StoreError::Bug("a ledger could not be parsed"))?;
    let (columns, entries) = match parsed {
        Ok(parsed) => parsed,
        Err(failure) => return state.store.finish_run(&run, Some(failure), state.clock.now()).await,
    };
    let done = usize::try_from(run.rows_done).unwrap_or(0);
    let mut entries = entries.into_iter().skip(done).peekable();
    while entries.peek().is_some() {
        let mut good = Vec::with_capacity(BATCH);
        let mut failures = Vec::new();
        for entry in entries.by_ref().take(BATCH) {
            match entry {
                Ok(row) => good.push(row),
                Err(problems) => failures.extend(problems),
            }
        }
        state
            .store
            .import_batch(&run, good, failures, columns.clone(), state.clock.now())
            .await?;
        if !alive().await {
            return Ok(());
        }
    }
    state.store.finish_run(&run, None, state.clock.now()).await
}

type Entry = Result<RowToImport, Vec<RowFailure>>;

/// Reads all rows. An `Err` is the code of why the ledger as a whole can't be read.
fn parse(run: &Run, keys: &Keys, now: Timestamp) -> Result<(Columns, Vec<Entry>), String> {
    let sheet = Sheet::open(&run.content, &run.file_name).map_err(|error: ReadError| error.code().to_owned())?;
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
