//! Who belongs to an organisation: what each is in it, how they came, how they leave.
//!
//! Never: an organisation without an owner; a right that whoever gives it does not hold over it; a link that works twice.

pub mod invitations;
pub mod join;
pub mod orphans;
pub mod roster;
mod sql;
