//! Words for where people read: what is posted to a team, and what is said there about the product itself.
//!
//! Nothing here opens a socket or knows how words travel: whoever posts them, a person or a later door out, is handed a text.

pub mod notice;
