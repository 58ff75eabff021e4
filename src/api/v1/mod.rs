//! Version 1: one file per noun.

pub(super) mod connections;
pub(super) mod invitations;
pub(super) mod members;
pub(super) mod notices;
pub(super) mod opt_outs;
pub(super) mod patterns;
pub(super) mod production;
pub(super) mod promises;
pub(super) mod sandbox;
pub(super) mod signals;
pub(super) mod sources;
pub(super) mod teams;
pub(super) mod tokens;
