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

    /// By one name of one account: found again when the same account is met under the same name.
    fn by_name_of(&self, connector: &str, external_id: &str, handle: &str) -> Lookup {
        let handle = handle.to_lowercase();
        let parts = [b"name\0", connector.as_bytes(), b"\0", external_id.as_bytes(), b"\0", handle.as_bytes()];
        mac::hmac_sha256(self.lookup.reveal(), &parts)
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
    fn open_handle(&self, sealed: &[u8], lookup: &Lookup) -> Result<Option<Named>, Fault> {
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
    pub(super) person: PersonId,
}

/// What lies sealed beside a person: which account, and what it is called.
struct Named {
    connector: String,
    external_id: String,
    handle: String,
}

/// The person behind an account of which this name is known; as of the last commit, from memory.
pub fn known(
    org: &OrgDb,
    lookups: &Lookups,
    connector: &str,
    (external_id, handle): (&str, Option<&str>),
) -> Result<Option<PersonId>, Fault> {
    let id = lookups.by_id(connector, external_id);
    let name = handle.map(|handle| lookups.by_name_of(connector, external_id, handle));
    let about = [id.as_slice(), name.as_ref().map_or(&[], Lookup::as_slice)].concat();
    let person = org.known("person", &about, |reader| {
        let is_known = name.map_or(Ok(true), |name| sql::person_of(reader, &name).map(|person| person.is_some()))?;
        if is_known { sql::person_of(reader, &id) } else { Ok::<_, Fault>(None) }
    })?;
    Ok(*person)
}

/// The person behind an account; a new one where it was never seen. Every name it goes by is kept, sealed, for redaction and
/// so that a person who was renamed is found by each of their names.
pub fn resolve(tx: &Tx<'_>, lookups: &Lookups, connector: &str, (external_id, handle): (&str, Option<&str>)) -> Result<PersonId, Fault> {
    let lookup = lookups.by_id(connector, external_id);
    let person = if let Some(person) = sql::person_of(tx, &lookup)? {
        person
    } else {
        let person = PersonId::from_bytes(random::bytes()?);
        sql::insert_identity(tx, &lookup, person, None)?;
        person
    };
    if let Some(handle) = handle {
        learn_name(tx, lookups, person, (connector, external_id, handle))?;
    }
    Ok(person)
}

/// Writes down that an account goes by this name, where that is news. Names are passed on: the lookup by handle alone stays
/// with whom it was first seen with, the sealed name is each account's own.
fn learn_name(tx: &Tx<'_>, lookups: &Lookups, person: PersonId, (connector, external_id, handle): (&str, &str, &str)) -> Result<(), Fault> {
    let lookup = lookups.by_name_of(connector, external_id, handle);
    if sql::person_of(tx, &lookup)?.is_some() {
        return Ok(());
    }
    let sealed = lookups.seal_handle(&format!("{connector}\0{external_id}\0{handle}"), &lookup)?;
    sql::insert_identity(tx, &lookup, person, Some(&sealed))?;
    sql::insert_identity(tx, &lookups.by_handle(handle), person, None)
}

/// How many identities there are: a cache of known names is stale when this moves.
pub fn count(org: &OrgDb) -> Result<u64, Fault> {
    org.known("identities", &[], |reader| sql::count_identities(reader)).map(|count| *count)
}

/// Every name that was seen, opened.
pub fn known_names(reader: &impl Read, lookups: &Lookups) -> Result<Vec<KnownName>, Fault> {
    let mut names = Vec::new();
    for sealed in sql::sealed_names(reader)? {
        if let Some(Named { connector, external_id, handle }) = lookups.open_handle(&sealed.handle, &sealed.lookup)? {
            let pseudonym = lookups.pseudonym(&connector, &handle);
            let handle = Secret::new(handle);
            names.push(KnownName {
                connector,
                external_id,
                handle,
                pseudonym,
                has_stepped_out: sealed.has_stepped_out,
                person: sealed.person,
            });
        }
    }
    Ok(names)
}
