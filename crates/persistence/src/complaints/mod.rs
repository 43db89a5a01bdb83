//! Complaints: commands that move them, and queries that show them.

mod commands;
mod filing;
mod lists;
pub(crate) mod rows;
pub(crate) mod save;
mod view;

pub use commands::Assignment;
pub use filing::{Filed, NewCase, Proof, Tracked};
pub use lists::{Assignee, CaseFilter, CaseSort, CaseSummary};
pub(crate) use lists::{escape_like, filtered};
pub use view::CaseDetail;
