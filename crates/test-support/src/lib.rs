//! What the tests of every crate stand on: a database of its own for each test, a clock that stands, identifiers from
//! a seed, and a small county with somebody in each role.
//!
//! The same test runs on SQLite, or on PostgreSQL where `TEST_DATABASE_URL` names a server: [`TestDb::new`] is the only
//! place that knows. For development only; nothing of the product depends on this crate.
#![warn(missing_docs)]
#![expect(clippy::expect_used, reason = "a test that can't be set up says so by panicking")]

mod county;
mod db;
mod postgres;

pub use county::{County, PASSWORD, Spot};
pub use db::{Event, TestDb, at, key, now};
