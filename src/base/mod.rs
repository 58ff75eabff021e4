//! Words that every room uses. Imports nothing of ours.

pub mod calendar;
pub mod clock;
pub mod dial;
pub mod error;
pub mod id;
pub mod secret;
pub mod subject;
pub mod text;
pub mod url;
