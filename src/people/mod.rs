//! Who a handle belongs to, and what they asked of us.
//!
//! Never: a handle in the clear, or a number about a person. A person is found only by a keyed hash of what a tool calls
//! them; the handle itself lies sealed, for the one purpose of cutting it out of text.

pub mod identity;
pub mod opt_out;
mod sql;

pub use identity::{KnownName, Lookups};
pub use opt_out::OptOuts;
