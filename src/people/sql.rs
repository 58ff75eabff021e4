//! `identity` and `opt_out`.

use crate::audit::Audited;
use crate::base::error::Fault;
use crate::base::id::PersonId;
use crate::people::identity::{Lookup, Lookups, Named};
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
    Ok(())
}

pub(super) fn count_identities(reader: &impl Read) -> Result<u64, Fault> {
    reader.one("SELECT count(*) FROM identity", (), |row| row::count(row, 0))
}

/// Lookup, sealed handle, and whether the person stepped out.
pub(super) fn sealed_handles(reader: &impl Read) -> Result<Vec<(Lookup, Vec<u8>, bool)>, Fault> {
    reader.all(
        "SELECT lookup, handle, EXISTS (SELECT 1 FROM opt_out WHERE opt_out.lookup = identity.lookup)
         FROM identity WHERE handle IS NOT NULL",
        (),
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// Every lookup of a person, with connector and handle where the handle is known.
pub(super) fn names_of_person(reader: &impl Read, lookups: &Lookups, person: PersonId) -> Result<Vec<(Lookup, Option<Named>)>, Fault> {
    let rows: Vec<(Lookup, Option<Vec<u8>>)> =
        reader
            .all("SELECT lookup, handle FROM identity WHERE person_id = ?1", (person.as_bytes(),), |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.into_iter()
        .map(|(lookup, sealed)| Ok((lookup, sealed.map(|sealed| lookups.open_handle(&sealed, &lookup)).transpose()?.flatten())))
        .collect()
}

pub(super) fn opted_out(reader: &impl Read) -> Result<Vec<Lookup>, Fault> {
    reader.all("SELECT DISTINCT lookup FROM opt_out", (), |row| row.get(0))
}

pub(super) fn insert_opt_out(audited: &Audited<'_>, lookup: &Lookup, receipt_hash: &[u8; 32]) -> Result<(), Fault> {
    audited.tx().run(
        "INSERT INTO opt_out (lookup, receipt) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        (lookup.as_slice(), receipt_hash.as_slice()),
    )?;
    Ok(())
}

pub(super) fn count_opt_outs(reader: &impl Read) -> Result<u64, Fault> {
    reader.one("SELECT count(DISTINCT receipt) FROM opt_out", (), |row| row::count(row, 0))
}
