//! What the platform knows and decides, free of any database, network, clock or randomness.
//!
//! Every rule of the product stands here as a pure function over plain values: who may do what ([`policy`]),
//! which step a complaint may take ([`complaints`]), by when ([`clocks`]). The persistence crate loads, asks this
//! crate, and saves; the HTTP crate translates. Times and identifiers come in as parameters.
#![warn(missing_docs)]

pub mod accounts;
pub mod actor;
pub mod attachments;
pub mod calendar;
pub mod cards;
pub mod categories;
pub mod clocks;
mod codes;
pub mod complaints;
pub mod error;
pub mod events;
pub mod identity;
pub mod ids;
pub mod imports;
pub mod log;
pub mod members;
pub mod passwords;
pub mod pinyin;
pub mod policy;
pub mod providers;
pub mod role_grants;
pub mod second_factor;
pub mod secret;
pub mod sessions;
pub mod settings;
pub mod statistics;
pub mod succession;
pub mod templates;
pub mod text;
pub mod time;
pub mod units;

pub use actor::{Actor, Doer, Grant, Principal, Role};
pub use error::{FieldError, Invalid, Message, Refusal};
pub use ids::*;
pub use secret::Secret;
pub use time::{Day, Timestamp};
