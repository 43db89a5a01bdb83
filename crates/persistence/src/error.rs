//! Why the store says no.

use liangnuo_domain::{Invalid, Refusal};
use sea_orm::{DbErr, SqlErr};

/// What can go wrong in a command or query.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such thing, or the caller may not know of it.
    #[error("not found")]
    NotFound,
    /// The caller may know of the thing, but not do this.
    #[error("forbidden")]
    Forbidden,
    /// The thing has changed since the caller read it.
    #[error("stale version")]
    Stale {
        /// The version it has now.
        current: i64,
    },
    /// A rule of the domain refuses.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// A name or key that must be unique is taken.
    #[error("taken: {pointer}")]
    Taken {
        /// Pointer to the field.
        pointer: &'static str,
    },
    /// An idempotency key was used before for something else.
    #[error("idempotency key reused")]
    KeyReused,
    /// A cursor that this list did not give out.
    #[error("bad cursor")]
    BadCursor,
    /// A proof of work that was spent before.
    #[error("challenge spent")]
    ChallengeSpent,
    /// A one-time set-up link that is used, expired or unknown.
    #[error("bootstrap closed")]
    BootstrapClosed,
    /// A link into an account that is used, taken back, expired or unknown.
    #[error("link closed")]
    LinkClosed,
    /// A code, or recovery code, that was used before.
    #[error("code used")]
    CodeUsed,
    /// The password alone is not enough: the account has a second factor.
    #[error("code needed")]
    CodeNeeded,
    /// The credentials or the session can't be taken.
    #[error("session ended")]
    SessionEnded,
    /// A row that no version of this program can have written.
    #[error("inconsistent {table}.{column}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A piece of a file that begins somewhere else than where the file ends so far.
    #[error("the file goes on at {is}")]
    Offset {
        /// Where it ends so far.
        is: i64,
    },
    /// Something was done as often today as it may be.
    #[error("as often as may be, for {seconds} seconds")]
    TooOften {
        /// Until it may be done again.
        seconds: u64,
    },
    /// The store of objects does not answer, or not as it should; trying again later may help.
    #[error("store of objects")]
    Objects(#[source] object_store::Error),
    /// The keys of contact data and the database do not belong together.
    #[error(transparent)]
    Vault(#[from] crate::vault::VaultError),
    /// A write that left no event, or another mistake of ours.
    #[error("bug: {0}")]
    Bug(&'static str),
    /// The database is busy or away; trying again later may help.
    #[error("database busy")]
    Busy(#[source] DbErr),
    /// The database refuses for another reason.
    #[error("database error")]
    Db(#[source] DbErr),
}

impl From<Invalid> for StoreError {
    fn from(invalid: Invalid) -> Self {
        Self::Refused(invalid.into())
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if is_passing(&error) {
            Self::Busy(error)
        } else {
            Self::Db(error)
        }
    }
}

impl StoreError {
    /// Whether a unique key was violated.
    pub(crate) fn is_unique_violation(error: &DbErr) -> bool {
        matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
    }
}

/// Whether the same request may succeed later: no connection, a lock that was not to be had in time, a deadlock, a
/// server that is going down.
fn is_passing(error: &DbErr) -> bool {
    if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) {
        return true;
    }
    let text = error.to_string();
    const SIGNS: [&str; 15] = [
        "database is locked",
        "(code: 5)",
        "deadlock detected",
        "could not serialize",
        "lock timeout",
        "statement timeout",
        "terminating connection",
        // Whatever sqlx meets on a connection that is gone.
        "error communicating with database",
        "the database system is",
        "Connection refused",
        "Broken pipe",
        "connection closed",
        "unexpected end of file",
        "early eof",
        "Connection reset",
    ];
    SIGNS.iter().any(|sign| text.contains(sign))
}
