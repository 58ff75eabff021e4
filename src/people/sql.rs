//! `identity` and `opt_out`.

use crate::audit::Audited;
use crate::base::error::Fault;
use crate::base::id::PersonId;
use crate::people::identity::Lookup;
use crate::store::{Read, Tx, row};

pub(super) fn person_of(reader: &impl Read, lookup: &Lookup) -> Result<Option<PersonId>, Fault> {
    reader.optional("SELECT person_id FROM identity WHERE lookup = ?1", (lookup.as_slice(),), |row| Ok(PersonId::from_bytes(row.get(0)?)))
}

/// A name that is known already keeps the person it has.
pub(super) fn insert_identity(tx: &Tx<'_>, lookup: &Lookup, person: PersonId, handle: Option<&[u8]>) -> Result<(), Fault> {
    tx.run(
        "INSERT INTO identity (lookup, person_id, handle) VALUES (?1, ?2, ?3) ON CONFLICT (lookup) DO NOTHING",
        (lookup.as_slice(), person.as_bytes(), handle),
    )?;
    tx.set_news();
    Ok(())
}

pub(super) fn count_identities(reader: &impl Read) -> Result<u64, Fault> {
    reader.one("SELECT count(*) FROM identity", (), |row| row::count(row, 0))
}

/// A name under seal.
pub(super) struct SealedName {
    pub(super) lookup: Lookup,
    pub(super) handle: Vec<u8>,
    pub(super) person: PersonId,
    /// Whether its owner stepped out, under whatever name.
    pub(super) has_stepped_out: bool,
}

pub(super) fn sealed_names(reader: &impl Read) -> Result<Vec<SealedName>, Fault> {
    reader.all(
        "SELECT lookup, handle, person_id, EXISTS (
             SELECT 1 FROM identity AS own JOIN opt_out ON opt_out.lookup = own.lookup WHERE own.person_id = identity.person_id)
         FROM identity WHERE handle IS NOT NULL",
        (),
        |row| {
            let person = PersonId::from_bytes(row.get(2)?);
            Ok(SealedName { lookup: row.get(0)?, handle: row.get(1)?, person, has_stepped_out: row.get(3)? })
        },
    )
}

pub(super) fn lookups_of_person(reader: &impl Read, person: PersonId) -> Result<Vec<Lookup>, Fault> {
    reader.all("SELECT lookup FROM identity WHERE person_id = ?1", (person.as_bytes(),), |row| row.get(0))
}

pub(super) fn opted_out(reader: &impl Read) -> Result<Vec<Lookup>, Fault> {
    reader.all("SELECT DISTINCT lookup FROM opt_out", (), |row| row.get(0))
}

pub(super) fn insert_opt_out(audited: &Audited<'_>, lookup: &Lookup, receipt_hash: &[u8; 32]) -> Result<(), Fault> {
    extend_opt_out(audited.tx(), lookup, receipt_hash)
}

/// One more name of somebody who stepped out. It follows from their request, which has its leaf.
pub(super) fn extend_opt_out(tx: &Tx<'_>, lookup: &Lookup, receipt_hash: &[u8; 32]) -> Result<(), Fault> {
    tx.run("INSERT INTO opt_out (lookup, receipt) VALUES (?1, ?2) ON CONFLICT DO NOTHING", (lookup.as_slice(), receipt_hash.as_slice()))?;
    Ok(())
}

/// The receipts of the requests that hold for this name.
pub(super) fn receipts_of(reader: &impl Read, lookup: &Lookup) -> Result<Vec<[u8; 32]>, Fault> {
    reader.all("SELECT receipt FROM opt_out WHERE lookup = ?1", (lookup.as_slice(),), |row| row.get(0))
}

pub(super) fn count_opt_outs(reader: &impl Read) -> Result<u64, Fault> {
    reader.one("SELECT count(DISTINCT receipt) FROM opt_out", (), |row| row::count(row, 0))
}
