//! The binary as an operator runs it, and the workspace as an architect wants it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

mod binary;
mod canaries;
mod crash;
mod dependencies;
mod vault;
