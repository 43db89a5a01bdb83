//! Complaints: commands that move them, and queries that show them.

mod commands;
mod filing;
mod lists;
mod rows;
pub(crate) mod save;
mod view;

pub use commands::Assignment;
pub use filing::{Filed, NewCase, Proof, Tracked};
pub(crate) use lists::filtered;
pub use lists::{Assignee, CaseFilter, CaseSort, CaseSummary};
pub use view::CaseDetail;
