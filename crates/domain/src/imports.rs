//! Imports: a run over a ledger.

use crate::codes::codes;

codes! {
    /// Where a run stands.
    JobState {
        /// It waits for a worker.
        Queued = "queued",
        /// A worker is at it.
        Running = "running",
        /// Every row was looked at; rows that could not be read are reported.
        Succeeded = "succeeded",
        /// The run as a whole could not be done.
        Failed = "failed",
    }
}

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    /// A new complaint.
    Created,
    /// A known row whose content had changed.
    Updated,
    /// A known row, as before.
    Unchanged,
}

/// What happened to an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody handed a ledger in.
    Requested {
        /// Nothing is to be written.
        is_dry_run: bool,
    },
    /// The run ended.
    Finished {
        /// How.
        state: JobState,
        /// New complaints.
        created: i64,
        /// Changed complaints.
        updated: i64,
        /// Rows that could not be read.
        failed: i64,
    },
}

impl Event {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "requested",
            Self::Finished { .. } => "finished",
        }
    }
}
