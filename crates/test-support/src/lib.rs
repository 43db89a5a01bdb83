//! What tests share: a database of their own, a small county, and the API in this process. Never part of the product.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test that can't be set up shall fail loudly"
)]

pub mod api;
pub mod attacker;
pub mod authenticator;
pub mod cases;
pub mod county;
pub mod database;
pub mod files;

pub use api::{Answer, TestApp, test_app};
pub use authenticator::Authenticator;
pub use county::TestCounty;
pub use database::TestDb;

use liangnuo_domain::Timestamp;

/// Monday, 23 November 2026, 15:30 in the county: the day on which tests take place.
pub const NOW: Timestamp = Timestamp::from_micros(1_795_419_000_000_000);
