//! Where things are kept: SQLite inside the process, or PostgreSQL, from one set of migrations and one code.
//!
//! A *command* loads, asks the domain, and saves in one transaction; a *query* may return what a page needs straight
//! from SQL. Every finder takes the caller's scope first, so that an unscoped query can't be written by mistake.
//! Writing goes through [`Store::write`] alone: it runs in a task that a client's disconnect can't cancel.

pub mod accounts;
pub mod attachments;
pub mod callers;
pub mod cards;
pub mod categories;
pub mod complaints;
pub mod county;
pub mod db;
mod entity;
pub mod error;
pub mod events;
pub mod exports;
pub mod idempotency;
pub mod identity;
pub mod ids;
pub mod imports;
mod join;
pub mod log;
pub mod members;
mod migration;
pub mod names;
pub mod notices;
mod numbers;
pub mod objects;
pub mod outbox;
pub mod page;
mod readings;
pub mod role_grants;
pub mod saved_views;
pub mod schema;
mod sealed;
pub mod second_factor;
pub mod settings;
pub mod statistics;
pub mod templates;
pub mod tx;
pub mod units;
pub mod vault;
pub mod visible;

pub use db::{Database, Settings, Store};
pub use error::StoreError;
pub use page::{Page, PageRequest};
pub use tx::By;
