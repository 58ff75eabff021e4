//! Keyed hashes by which an account is recognised, and the pseudonym that stands for it in text.

use crate::base::error::Fault;
use crate::base::id::PersonId;
use crate::base::secret::Secret;
use crate::crypto::{Key, mac, random, seal};
use crate::people::sql;
use crate::store::{OrgDb, Read, Tx};

/// Characters of a pseudonym's tail: 30 bits, so that two people of one organisation rarely share one.
const PSEUDONYM_CHARS: usize = 6;
/// Letters and digits that are not mistaken for one another (Crockford's base 32, in lower case).
const PSEUDONYM_ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The keyed hash of one name of an account.
pub type Lookup = [u8; 32];

/// Computes lookups and pseudonyms with the organisation's own keys.
pub struct Lookups {
    lookup: Key,
    pseudonym: Key,
    handle: Key,
}

impl Lookups {
    pub fn of(org: &OrgDb) -> Result<Self, Fault> {
        Ok(Self { lookup: org.subkey("person lookup")?, pseudonym: org.subkey("pseudonym")?, handle: org.subkey("person handle")? })
    }

    /// By the tool's own lasting id.
    pub fn by_id(&self, connector: &str, external_id: &str) -> Lookup {
        mac::hmac_sha256(self.lookup.reveal(), &[b"id\0", connector.as_bytes(), b"\0", external_id.as_bytes()])
    }

    /// By what people type, in any tool and in any case: the same handle elsewhere is suspected to be the same person.
    pub fn by_handle(&self, handle: &str) -> Lookup {
        let handle = handle.trim().trim_start_matches('@').to_lowercase();
        mac::hmac_sha256(self.lookup.reveal(), &[b"handle\0", handle.as_bytes()])
    }

    /// What stands for an account in redacted text: `person-` and six characters, the same for the same name within one
    /// organisation, and telling nothing to whoever has not its key.
    pub fn pseudonym(&self, connector: &str, name: &str) -> String {
        let digest = mac::hmac_sha256(self.pseudonym.reveal(), &[connector.as_bytes(), b"\0", name.to_lowercase().as_bytes()]);
        let tail = digest.iter().take(PSEUDONYM_CHARS).map(|byte| {
            let place = usize::from(byte & 31);
            PSEUDONYM_ALPHABET.get(place).copied().map_or('0', char::from)
        });
        format!("person-{}", tail.collect::<String>())
    }

    /// The account and its handle, from under the seal.
    pub(super) fn open_handle(&self, sealed: &[u8], lookup: &Lookup) -> Result<Option<Named>, Fault> {
        let opened = seal::open_text(&self.handle, lookup, sealed)?;
        let mut parts = opened.reveal().splitn(3, '\0').map(str::to_owned);
        Ok(match (parts.next(), parts.next(), parts.next()) {
            (Some(connector), Some(external_id), Some(handle)) => Some(Named { connector, external_id, handle }),
            _ => None,
        })
    }

    fn seal_handle(&self, handle: &str, lookup: &Lookup) -> Result<Vec<u8>, Fault> {
        seal::seal(&self.handle, lookup, handle.as_bytes())
    }
}

/// An account that was seen, for cutting what it is called out of text.
pub struct KnownName {
    pub connector: String,
    pub external_id: String,
    pub handle: Secret<String>,
    /// What a mention is found by again once the person steps out.
    pub pseudonym: String,
    pub has_stepped_out: bool,
}

/// What lies sealed beside a person: which account, and what it is called.
pub(super) struct Named {
    pub connector: String,
    pub external_id: String,
    pub handle: String,
}

/// The person behind an account; a new one where it was never seen. `handle` is kept, sealed, for redaction only.
pub fn resolve(tx: &Tx<'_>, lookups: &Lookups, connector: &str, (external_id, handle): (&str, Option<&str>)) -> Result<PersonId, Fault> {
    let lookup = lookups.by_id(connector, external_id);
    if let Some(person) = sql::person_of(tx, &lookup)? {
        return Ok(person);
    }
    let person = PersonId::from_bytes(random::bytes()?);
    let sealed = handle.map(|handle| lookups.seal_handle(&format!("{connector}\0{external_id}\0{handle}"), &lookup)).transpose()?;
    sql::insert_identity(tx, &lookup, person, sealed.as_deref())?;
    if let Some(handle) = handle {
        sql::insert_identity(tx, &lookups.by_handle(handle), person, None)?;
    }
    Ok(person)
}

/// How many identities there are: a cache of known names is stale when this moves.
pub fn count(reader: &impl Read) -> Result<u64, Fault> {
    sql::count_identities(reader)
}

/// Every handle that was seen, opened.
pub fn known_names(reader: &impl Read, lookups: &Lookups) -> Result<Vec<KnownName>, Fault> {
    let mut names = Vec::new();
    for (lookup, sealed, has_stepped_out) in sql::sealed_handles(reader)? {
        if let Some(Named { connector, external_id, handle }) = lookups.open_handle(&sealed, &lookup)? {
            let pseudonym = lookups.pseudonym(&connector, &handle);
            names.push(KnownName { connector, external_id, handle: Secret::new(handle), pseudonym, has_stepped_out });
        }
    }
    Ok(names)
}
