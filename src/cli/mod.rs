//! What an operator types.

pub mod score;
