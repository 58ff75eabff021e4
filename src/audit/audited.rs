//! The only way to an administrative table.

use crate::audit::leaf::{Leaf, SALT_BYTES, leaf_hash};
use crate::audit::{Act, Actor, sql};
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::crypto::random;
use crate::store::Tx;

/// A transaction in which an administrative act has just left its leaf.
///
/// Only [`record`] makes one. SQL that changes an administrative table asks for it, so the leaf and the act commit together.
pub struct Audited<'tx>(&'tx Tx<'tx>);

impl<'tx> Audited<'tx> {
    /// The transaction that carries both.
    pub const fn tx(&self) -> &'tx Tx<'tx> {
        self.0
    }
}

/// Appends the leaf of `act`, and opens the administrative tables for the rest of this transaction's closure.
pub fn record<'tx>(tx: &'tx Tx<'tx>, at: Instant, actor: Actor, act: &Act) -> Result<Audited<'tx>, Fault> {
    let mut salt = [0_u8; SALT_BYTES];
    random::fill(&mut salt)?;
    let leaf = Leaf::new(at, actor, act, salt);
    sql::append(tx, &leaf, &leaf_hash(&leaf.bytes))?;
    Ok(Audited(tx))
}
