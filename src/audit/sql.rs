//! `audit_entry`, in `main.db` and in every organisation's file. Triggers forbid changing a leaf and deleting a row.

use crate::audit::Leaf;
use crate::audit::log::Kept;
use crate::audit::verify::Entry;
use crate::base::error::Fault;
use crate::store::{Read, Tx};

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

/// The newest `most` entries before `seq`, of acts that are called after one of `nouns` (each with a blank on both sides); of all where
/// it is empty. A leaf writes its act's name as `"act":"noun.verb"`.
pub(super) fn entries_before(reader: &impl Read, seq: i64, nouns: &str, most: u32) -> Result<Vec<Kept>, Fault> {
    reader.all(
        "WITH entry AS (SELECT seq, CAST(leaf AS TEXT) AS leaf, detail FROM audit_entry WHERE seq < ?1),
              named AS (SELECT seq, leaf, detail, substr(leaf, instr(leaf, '\"act\":\"') + 7) AS act FROM entry)
         SELECT seq, leaf, detail FROM named
         WHERE ?2 = '' OR instr(?2, ' ' || substr(act, 1, instr(act, '.') - 1) || ' ') > 0
         ORDER BY seq DESC LIMIT ?3",
        (seq, nouns, most),
        |row| Ok(Kept { seq: row.get(0)?, leaf: row.get(1)?, detail: row.get(2)? }),
    )
}

pub(super) fn entries_after(reader: &impl Read, seq: i64, most: u32) -> Result<Vec<Entry>, Fault> {
    reader.all("SELECT seq, leaf, leaf_hash, salt, detail FROM audit_entry WHERE seq > ?1 ORDER BY seq LIMIT ?2", (seq, most), |row| {
        Ok(Entry { seq: row.get(0)?, leaf: row.get(1)?, leaf_hash: row.get(2)?, salt: row.get(3)?, detail: row.get(4)? })
    })
}

/// The highest number that an entry ever had: SQLite keeps it apart (AUTOINCREMENT), so that a cut tail shows.
pub(super) fn last_seq_given(reader: &impl Read) -> Result<i64, Fault> {
    let given = reader.optional("SELECT seq FROM sqlite_sequence WHERE name = 'audit_entry'", (), |row| row.get(0))?;
    Ok(given.unwrap_or(0))
}

pub(super) fn triggers(reader: &impl Read) -> Result<Vec<String>, Fault> {
    reader.all("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit_entry'", (), |row| row.get(0))
}

#[cfg(test)]
pub(super) fn erase_detail(tx: &Tx<'_>, seq: i64) -> Result<(), Fault> {
    tx.run("UPDATE audit_entry SET salt = NULL, detail = NULL WHERE seq = ?1", (seq,)).map(drop)
}

/// What somebody who holds the key could do to a log of four entries, and what is then said.
#[cfg(test)]
pub(super) const TAMPERING: &[(&[&str], &str)] = &[
    (&["DROP TRIGGER audit_entry_leaf_is_final"], "audit_entry_leaf_is_final"),
    (&["DROP TRIGGER audit_entry_stays"], "audit_entry_stays"),
    (&["DROP TRIGGER audit_entry_leaf_is_final", "UPDATE audit_entry SET leaf = x'7b7d' WHERE seq = 2"], "the leaf of entry 2"),
    (&["DROP TRIGGER audit_entry_stays", "DELETE FROM audit_entry WHERE seq = 3"], "entry 3 is gone"),
    (&["DROP TRIGGER audit_entry_stays", "DELETE FROM audit_entry WHERE seq = 4"], "those after 3 are gone"),
    (&["UPDATE audit_entry SET detail = 'The team other was created.' WHERE seq = 1"], "the detail of entry 1"),
    (&["UPDATE audit_entry SET detail = NULL WHERE seq = 1"], "half gone"),
];
