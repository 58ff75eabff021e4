//! `tls_identity` in `main.db`.

use crate::app::tls::Stored;
use crate::base::clock::micros;
use crate::base::error::Fault;
use crate::base::secret::Secret;
use crate::store::{Read, Tx};

pub(super) fn tls_identity(reader: &impl Read) -> Result<Option<Stored>, Fault> {
    reader.optional("SELECT certificate, private_key, ends_at FROM tls_identity", (), |row| {
        Ok(Stored { certificate: row.get(0)?, private_key: Secret::new(row.get(1)?), ends_at: micros(row.get(2)?) })
    })
}

pub(super) fn put_tls_identity(tx: &Tx<'_>, stored: &Stored) -> Result<(), Fault> {
    tx.run(
        "INSERT INTO tls_identity (only, certificate, private_key, ends_at) VALUES (1, ?1, ?2, ?3)
         ON CONFLICT (only) DO UPDATE SET
             certificate = excluded.certificate, private_key = excluded.private_key, ends_at = excluded.ends_at",
        (&stored.certificate, stored.private_key.reveal(), stored.ends_at.as_microsecond()),
    )?;
    Ok(())
}
