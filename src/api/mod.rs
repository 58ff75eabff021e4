//! JSON for machines; the same domain calls as the console, and no code shared with it.

mod caller;
mod json;
pub mod openapi;
mod v1;
pub mod routes;

pub use v1::patterns::view as pattern_view;
