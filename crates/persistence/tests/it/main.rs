//! The crate's integration tests. They run on SQLite, and on PostgreSQL where `TEST_DATABASE_URL` names a server.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails says where by panicking"
)]

mod accounts;
mod attachments;
mod backends;
mod events;
mod explain;
mod handing_over;
mod log;
mod log_plans;
mod members;
mod names;
mod objects;
mod past;
mod plans;
mod public_cards;
mod public_figures;
mod readings;
mod registering;
mod role_grants;
mod second_factor;
mod spread;
mod statistics;
mod succession;
mod support;
mod units;
mod upgrades;
mod usual_words;
mod vault;
