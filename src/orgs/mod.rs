//! Organisations, their teams, what they connected, and which sources an admin switched on.

pub mod confirmations;
pub mod connections;
pub mod notices;
pub mod organisation;
pub mod production;
pub mod shadow;
pub mod sources;
pub mod team_members;
pub mod teams;
pub mod unheard;
mod sql;
