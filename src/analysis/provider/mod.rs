//! Who words a pattern. Without a model of the customer's own, [`builtin`] does.

pub mod builtin;
mod remedies;
