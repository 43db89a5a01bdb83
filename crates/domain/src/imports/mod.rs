//! Imports: a run over a file, row by row. Of a ledger each row is a case; of a list of units or members each row is one of
//! them, as it shall be.

pub mod members;
mod order;
mod said;
pub mod units;

pub use order::in_order;
pub use said::Said;

use crate::codes::codes;

codes! {
    /// What the rows of a file are.
    ImportKind {
        /// Cases, from a ledger.
        Complaints = "complaints",
        /// Units of the tree.
        Units = "units",
        /// Members of units.
        Members = "members",
    }
}

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

codes! {
    /// What became of one row.
    RowOutcome {
        /// It is new.
        Created = "created",
        /// It is known, and says something new.
        Updated = "updated",
        /// It is known, and says nothing new.
        Unchanged = "unchanged",
    }
}

/// What a row of a list does to what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<T, E> {
    /// It is new.
    Created(T),
    /// It becomes another one.
    Updated {
        /// As it was.
        before: T,
        /// As it becomes.
        next: T,
        /// What happens to it, as if it were done by hand.
        events: Vec<E>,
    },
    /// It stays as it is: nothing is written.
    Unchanged,
}

impl<T, E> Change<T, E> {
    /// What becomes of the row.
    pub const fn outcome(&self) -> RowOutcome {
        match self {
            Self::Created(_) => RowOutcome::Created,
            Self::Updated { .. } => RowOutcome::Updated,
            Self::Unchanged => RowOutcome::Unchanged,
        }
    }
}

/// What happened to an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody handed a file in.
    Requested {
        /// What its rows are.
        kind: ImportKind,
        /// Nothing is to be written.
        is_dry_run: bool,
    },
    /// The run ended.
    Finished {
        /// How.
        state: JobState,
        /// New ones.
        created: i64,
        /// Changed ones.
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
