//! `audit_entry`, in `main.db` and in every organisation's file. Triggers forbid changing a leaf and deleting a row.

use crate::audit::Leaf;
use crate::base::error::Fault;
use crate::store::Tx;

pub(super) fn append(tx: &Tx<'_>, leaf: &Leaf, leaf_hash: &[u8; 32]) -> Result<(), Fault> {
    tx.run(
        "INSERT INTO audit_entry (leaf, leaf_hash, salt, detail) VALUES (?1, ?2, ?3, ?4)",
        (&leaf.bytes, leaf_hash.as_slice(), leaf.salt.as_slice(), &leaf.detail),
    )?;
    Ok(())
}

/// Each leaf with its detail, as they were written.
#[cfg(test)]
pub(super) fn entries(reader: &impl crate::store::Read) -> Result<Vec<(String, String)>, Fault> {
    reader.all("SELECT CAST(leaf AS TEXT), detail FROM audit_entry ORDER BY seq", (), |row| Ok((row.get(0)?, row.get(1)?)))
}
