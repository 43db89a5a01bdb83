//! The API as its clients see it, on either database.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

mod accounts;
mod attachments;
mod auth;
mod authz;
mod by_phone;
mod cards;
mod catalogue;
mod complaints;
mod desk;
mod events;
mod exports;
mod filters;
mod identity;
mod imports;
mod lists;
mod log;
mod log_exports;
mod minors;
mod model;
mod openapi;
mod passwords;
mod people;
mod problems;
mod proof;
mod providers;
mod registering;
mod role_grants;
mod search;
mod second_factor;
mod secrecy;
mod sessions;
mod settings;
mod similar;
mod statistics;
mod watch;
