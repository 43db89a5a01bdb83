//! What holds for every operation, found from the OpenAPI document: an id of somebody else's thing opens nothing
//! ([`swap`]), and the same request sent many times at once has one effect ([`at_once`]). A new operation fails both until
//! it has a plan in [`plans`].

mod at_once;
mod deputies;
mod document;
mod plans;
mod requests;
mod second_factor;
mod stage;
mod swap;
