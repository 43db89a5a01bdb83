//! The crate's integration tests.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails says where by panicking"
)]

mod csv_file;
mod data;
mod hostile;
mod ledger;
mod mapping;
mod memory;
mod properties;
mod write;
