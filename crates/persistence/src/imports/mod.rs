//! Imports of ledgers: a file is handed in, a worker goes through its rows, and everything that becomes of a row is
//! kept: the case, or why there is none.
//!
//! Rows go in by batches, each in one transaction with its events and the progress of the run, so that a worker that is
//! killed leaves a run that another one takes up where it stood.

mod batch;
mod rows;
mod runs;

pub use rows::{Columns, RowFailure, RowToImport};
pub use runs::{ImportError, ImportJob, NewImport, Run, TOPIC};
