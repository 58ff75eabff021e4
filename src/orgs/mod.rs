//! Organisations, their teams, what they connected, and which sources an admin switched on.

pub mod connections;
pub mod notices;
pub mod organisation;
pub mod shadow;
pub mod sources;
pub mod teams;
pub mod unheard;
mod sql;
