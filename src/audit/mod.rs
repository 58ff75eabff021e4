//! Append-only record of every administrative act.
//!
//! Never: a leaf without its act, or an act without its leaf. Both commit in one transaction, because SQL that touches an
//! administrative table takes an [`Audited`], and only [`record`] makes one. A leaf commits to its detail through a salted
//! hash, so that a detail can be erased one day while the log still verifies.

mod act;
mod audited;
mod leaf;
mod log;
pub mod merkle;
mod sql;
mod verify;

pub use act::{Act, Actor, SUBJECTS};
pub use audited::{Audited, record};
pub use leaf::{Leaf, leaf_hash};
pub use log::{By, LogEntry, Said, newest};
pub use verify::{Verdict, root_of_first, verify};

/// The whole log, for tests of other rooms: each leaf with its detail.
#[cfg(test)]
pub fn entries(reader: &impl crate::store::Read) -> Result<Vec<(String, String)>, crate::base::error::Fault> {
    sql::entries(reader)
}
