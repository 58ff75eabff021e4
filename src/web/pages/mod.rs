//! The pages, one file per noun.

pub mod connections;
pub mod home;
pub mod opt_outs;
pub mod pattern_statuses;
pub mod patterns;
pub mod problems;
pub mod sessions;
pub mod sources;
