//! Imports: a file is handed in, a worker goes through its rows, and everything that becomes of a row is kept: the case, unit
//! or member, or why there is none. One machinery for ledgers and for lists of units and members.
//!
//! Rows go in by batches, each in one transaction with its events and the progress of the run, so that a worker that is
//! killed leaves a run that another one takes up where it stood.

mod batch;
mod complaints;
mod files;
mod lists;
mod rows;
mod runs;

/// Days for which the file of a run with rows that failed is kept, for the workbook of those rows. A run without such
/// rows needs its file no longer when it ends.
pub const FILE_KEPT_DAYS: i64 = 30;

pub(crate) use files::delete_old_files;

pub use files::PIECE_BYTES;
pub use lists::ImportChange;
pub use rows::{Columns, RowFailure, RowToImport, Rows};
pub use runs::{ImportError, ImportJob, NewImport, Run, TOPIC};
