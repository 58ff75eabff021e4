//! The pages, one file per noun.

pub mod audit;
pub mod checklist;
pub mod connection_removals;
pub mod connection_secrets;
pub mod connections;
pub mod home;
pub mod invitations;
pub mod joins;
pub mod listening;
pub mod members;
pub mod new_connections;
pub mod notices;
pub mod opt_outs;
pub mod pattern_statuses;
pub mod patterns;
pub mod problems;
pub mod production;
pub mod profile;
pub mod sessions;
pub mod set_ups;
pub mod sources;
pub mod teams;
pub mod tokens;
pub mod trials;
pub mod trust;
pub mod week;
