//! What can be wrong with the log.

use liangnuo_domain::log::FaultKind;
use uuid::Uuid;

/// Something wrong with the log, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An event says something else than when it was sealed, or its entry does.
    Changed {
        /// The place in the log.
        place: u64,
        /// The event.
        event: Uuid,
    },
    /// The detail of an event is another one than was written with it.
    DetailChanged {
        /// The place in the log.
        place: u64,
        /// The event.
        event: Uuid,
    },
    /// An event that was sealed is not there any more.
    Gone {
        /// The place in the log.
        place: u64,
        /// The event.
        event: Uuid,
    },
    /// A place in the log without an entry.
    Gap {
        /// The place in the log.
        place: u64,
    },
    /// The hash of a complete subtree is not the one of its leaves, or not kept.
    Node {
        /// The subtree has 2^level leaves.
        level: u8,
        /// Which of its level, from 0.
        index: u64,
    },
    /// A checkpoint.
    Checkpoint {
        /// Its number.
        number: i64,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// The signed statement of how the log stands now.
    Head(Flaw),
    /// The checkpoint that was kept outside.
    Outside(Flaw),
    /// An event that has no place, and does not wait for one.
    Unknown {
        /// The event.
        event: Uuid,
    },
    /// An event that waits for its place for longer than it takes.
    Late {
        /// The event.
        event: Uuid,
    },
    /// Something waits for a place, but there is no such event.
    Lost {
        /// The event that was.
        event: Uuid,
    },
}

/// What is wrong with a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// This log's key did not sign it.
    Signature,
    /// The log has fewer entries, or others beside them.
    Size,
    /// The entries have another root.
    Root,
    /// It does not follow the one before, or the one before is not there.
    Chain,
    /// What stands beside the signed text is something else.
    Columns,
    /// There are more or fewer hashes of subtrees than the tree has.
    Nodes,
}

impl Fault {
    /// What kind of fault it is.
    #[must_use]
    pub const fn kind(&self) -> FaultKind {
        match self {
            Self::Changed { .. } => FaultKind::EventChanged,
            Self::DetailChanged { .. } => FaultKind::DetailChanged,
            Self::Gone { .. } => FaultKind::EventGone,
            Self::Gap { .. } => FaultKind::EntryGone,
            Self::Node { .. } => FaultKind::Tree,
            Self::Checkpoint { .. } => FaultKind::Checkpoint,
            Self::Head(_) => FaultKind::Head,
            Self::Outside(_) => FaultKind::Outside,
            Self::Unknown { .. } => FaultKind::EventUnknown,
            Self::Late { .. } => FaultKind::EventLate,
            Self::Lost { .. } => FaultKind::EventLost,
        }
    }

    /// The same statement at fault for another reason.
    pub(super) const fn with(self, flaw: Flaw) -> Self {
        match self {
            Self::Checkpoint { number, .. } => Self::Checkpoint { number, flaw },
            Self::Head(_) => Self::Head(flaw),
            Self::Outside(_) => Self::Outside(flaw),
            other => other,
        }
    }
}
