//! What all batches share: they move the run on, keep why rows were not taken, and count what became of the others.

use liangnuo_domain::{Timestamp, imports::RowOutcome};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};

use super::{
    Run,
    rows::{Columns, RowFailure, Rows},
};
use crate::{
    db::Store,
    entity::{import_errors, imports},
    error::StoreError,
    tx::Tx,
};

/// What became of the rows of a batch.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) created: i64,
    pub(super) updated: i64,
    pub(super) unchanged: i64,
    pub(super) failed: i64,
}

impl Tally {
    pub(super) const fn count(&mut self, outcome: RowOutcome) {
        match outcome {
            RowOutcome::Created => self.created += 1,
            RowOutcome::Updated => self.updated += 1,
            RowOutcome::Unchanged => self.unchanged += 1,
        }
    }
}

impl Store {
    /// Takes a batch of rows in. `failures` are rows of the batch that could not even be read. `false` if another worker
    /// has gone on with the run since, or ended it; nothing is then written.
    ///
    /// # Errors
    /// When the database does not answer; nothing of the batch is then written.
    pub async fn import_batch(
        &self,
        run: &mut Run,
        rows: Rows,
        failures: Vec<RowFailure>,
        columns: Columns,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        match rows {
            Rows::Complaints(rows) => self.complaint_batch(run, rows, failures, columns, now).await,
            list => self.list_batch(run, list, columns, now).await,
        }
    }
}

pub(super) fn distinct_rows(failures: &[RowFailure]) -> i64 {
    let mut rows: Vec<i64> = failures.iter().map(|failure| failure.row).collect();
    rows.sort_unstable();
    rows.dedup();
    i64::try_from(rows.len()).unwrap_or(i64::MAX)
}

pub(super) async fn save_failures(tx: &Tx, run: &Run, failures: Vec<RowFailure>) -> Result<(), StoreError> {
    let rows: Vec<_> = failures
        .into_iter()
        .enumerate()
        .map(|(nth, failure)| import_errors::ActiveModel {
            region_id: Set(run.region.0),
            import_id: Set(run.id.0),
            // In the order of the rows; a row has few failures.
            position: Set(failure.row * 1_000 + i64::try_from(nth % 1_000).unwrap_or(0)),
            row_number: Set(failure.row),
            column_letter: Set(failure.column),
            code: Set(failure.code),
            detail_zh: Set(failure.detail_zh),
            detail_en: Set(failure.detail_en),
        })
        .collect();
    for chunk in rows.chunks(1_000) {
        import_errors::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// Moves the run on, unless another worker did: the first statement of a batch, so that the second of two workers waits
/// for the first and then finds that its rows are done.
pub(super) async fn claim(tx: &Tx, run: &Run, done: i64) -> Result<bool, StoreError> {
    use imports::Column::{FinishedAt, Id, RegionId, RowsDone};
    let moved = imports::Entity::update_many()
        .col_expr(RowsDone, Expr::value(run.rows_done + done))
        .filter(RegionId.eq(run.region.0))
        .filter(Id.eq(run.id.0))
        .filter(RowsDone.eq(run.rows_done))
        .filter(FinishedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(moved.rows_affected == 1)
}

pub(super) async fn save_tally(tx: &Tx, run: &Run, tally: &Tally) -> Result<(), StoreError> {
    let plus = |column: imports::Column, more: i64| Expr::col(column).add(more);
    use imports::Column::{RowsCreated, RowsFailed, RowsUnchanged, RowsUpdated};
    imports::Entity::update_many()
        .col_expr(RowsCreated, plus(RowsCreated, tally.created))
        .col_expr(RowsUpdated, plus(RowsUpdated, tally.updated))
        .col_expr(RowsUnchanged, plus(RowsUnchanged, tally.unchanged))
        .col_expr(RowsFailed, plus(RowsFailed, tally.failed))
        .filter(imports::Column::RegionId.eq(run.region.0))
        .filter(imports::Column::Id.eq(run.id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}
