//! One run over a file: a thread reads it row by row, the rows go in by batches. Called by the worker.

mod ledger;
mod lists;

use std::{ops::ControlFlow, time::Duration};

use liangnuo_documents::{Form, Mapping, Sheet};
use liangnuo_domain::{ImportId, RegionId, imports::ImportKind};
use liangnuo_persistence::{
    StoreError,
    imports::{Columns, RowFailure, Rows, Run},
};
use tokio::sync::mpsc;

use crate::{state::AppState, v1::imports::files};

/// Rows in a transaction: large enough to be fast, small enough that others get their turn.
const BATCH: usize = 500;

/// How often a worker is asked whether it goes on while a file is read: well within its lease.
const ASKING: Duration = Duration::from_secs(5);

/// How a worker's part in a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The run has ended: every row was looked at, or the file as a whole can't be read.
    Finished,
    /// Another worker has taken over.
    LostLease,
    /// The process ends; the next worker goes on.
    Stopping,
    /// It has to be done again, after so long.
    Later(Duration),
}

/// Goes through a file, from the start or where an earlier worker left it. `may_go_on` is asked before each batch and
/// while the file is read.
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
    // Two batches wait at the most: a ledger is never in memory as a whole.
    let (sender, mut parts) = mpsc::channel(2);
    let reading = tokio::task::spawn_blocking(move || match job.kind {
        ImportKind::Complaints => ledger::read(&job, file, &keys, now, &sender),
        ImportKind::Units => lists::read_units(&job, file, &sender),
        ImportKind::Members => lists::read_members(&job, file, &sender),
    });
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
        let (rows, failures) = match part {
            None => break,
            Some(Part::Columns(found)) => {
                columns = found;
                continue;
            }
            Some(Part::Done(rows)) => {
                state.store.recall_rows(&mut run, rows, now).await?;
                continue;
            }
            Some(Part::Rows(rows, failures)) => (rows, failures),
        };
        if let ControlFlow::Break(outcome) = may_go_on().await? {
            return Ok(outcome);
        }
        let now = state.clock.now();
        let batch = state.store.import_batch(&mut run, rows, failures, columns.clone(), now);
        if !batch.await? {
            return Ok(Outcome::LostLease);
        }
    }
    let read = reading.await;
    let failure = read
        .map_err(|_panic| StoreError::Bug("a file could not be read"))?
        .err();
    state.store.finish_run(region, id, failure, state.clock.now()).await?;
    Ok(Outcome::Finished)
}

/// What the reading thread hands over.
enum Part {
    /// Where the columns are; first of all.
    Columns(Columns),
    /// Rows of a list that an earlier worker has done.
    Done(Rows),
    /// The next rows, and those among them that could not be read.
    Rows(Rows, Vec<RowFailure>),
}

/// What a run's rows are, to who reads them.
#[must_use]
pub const fn form_of(kind: ImportKind) -> Form {
    match kind {
        ImportKind::Complaints => Form::Ledger,
        ImportKind::Units => Form::Units,
        ImportKind::Members => Form::Members,
    }
}

fn mapping(run: &Run, sheet: &Sheet) -> Result<Mapping, String> {
    let pairs: std::collections::BTreeMap<String, String> =
        serde_json::from_str(&run.mapping).map_err(|_malformed| "malformed_mapping".to_owned())?;
    let pairs = pairs.iter().map(|(heading, field)| (heading.as_str(), field.as_str()));
    Mapping::resolve(form_of(run.kind), sheet, pairs).map_err(|problems| {
        let first = problems.first();
        first.map_or("malformed_mapping", |problem| problem.code()).to_owned()
    })
}

fn columns(run: &Run, sheet: &Sheet, mapping: &Mapping) -> Columns {
    let fields = form_of(run.kind).fields().iter();
    let letters = fields.filter_map(|field| {
        let heading = sheet.headings().get(mapping.column(*field)?)?;
        Some((field.as_str(), heading.column.clone()))
    });
    Columns(letters.collect())
}
