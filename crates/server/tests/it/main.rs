//! The binary as an operator runs it, and the workspace as an architect wants it.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

mod binary;
mod dependencies;
