//! Complaints: commands that move them, and queries that show them.

mod assignees;
mod dispatch;
pub(crate) mod duplicates;
mod filing;
mod handing_over;
mod lists;
pub(crate) mod past;
mod places;
mod registering;
mod relevance;
pub(crate) mod rows;
pub(crate) mod save;
pub(crate) mod search;
mod similar;
mod steps;
mod succession;
mod summary;
mod view;
mod wake;

pub use assignees::Assignee;
pub use dispatch::Assignment;
pub use duplicates::CaseName;
pub use filing::{Filed, NewCase, Proof, Tracked};
pub use handing_over::{CasesHandedOver, KeptCase};
pub(crate) use handing_over::{all_of, hand_over, seen_of, supervised_by};
pub use lists::{CaseFilter, CaseSort};
pub(crate) use lists::{categories_of, escape_like, filtered, narrowed, units_of};
pub use registering::Registered;
pub use similar::SimilarCase;
pub use steps::CaseStep;
pub(crate) use steps::open_case;
pub(crate) use succession::{accuse_successors, succeed};
pub use summary::CaseSummary;
pub(crate) use summary::summaries;
pub use view::{CaseDetail, Limits};
pub use wake::{Failure, Recomputed, Woken};
