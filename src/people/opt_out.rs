//! Stepping out: the snapshot that each gate is handed, and the act of a person.
//!
//! Who stepped out is nobody's business: what is kept are keyed hashes without a time or an actor, and lists show counts.

use crate::audit::{self, Act, Actor};
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::PersonId;
use crate::base::secret::Secret;
use crate::crypto::token::Token;
use crate::people::identity::{Lookup, Lookups};
use crate::people::sql;
use crate::store::{Read, Tx};
use std::collections::HashSet;

/// Everybody who stepped out, as of one instant. All three gates must be handed one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptOuts(HashSet<Lookup>);

impl OptOuts {
    /// The snapshot of this reading.
    pub fn load(reader: &impl Read) -> Result<Self, Fault> {
        Ok(Self(sql::opted_out(reader)?.into_iter().collect()))
    }

    /// Whether an account stepped out, by its id or, in whatever tool, by its handle.
    pub fn includes(&self, lookups: &Lookups, connector: &str, external_id: &str, handle: Option<&str>) -> bool {
        if self.0.is_empty() {
            return false;
        }
        self.0.contains(&lookups.by_id(connector, external_id))
            || self.0.contains(&lookups.by_handle(external_id))
            || handle.is_some_and(|handle| self.0.contains(&lookups.by_handle(handle)))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What a person who stepped out takes with them.
pub struct SteppedOut {
    /// The receipt, shown once: with it they can later show that they asked.
    pub receipt: Secret<String>,
    /// The people whose signals must go now.
    pub people: Vec<PersonId>,
    /// What stood for them in text that is kept.
    pub pseudonyms: Vec<String>,
}

/// Records that whoever `connector` calls `handle` (an id or a handle) stepped out, in every tool where that name is met.
/// Stored data is the caller's to purge, in the same transaction.
pub fn record(tx: &Tx<'_>, lookups: &Lookups, (connector, handle): (&str, &str), now: Instant) -> Result<SteppedOut, Fault> {
    let asked = [lookups.by_id(connector, handle), lookups.by_handle(handle)];
    let receipt = Token::generate("stepped-out-")?;
    let receipt_hash = *receipt.digest().as_bytes();
    let audited = audit::record(tx, now, Actor::Unnamed, &Act::PersonSteppedOut)?;
    let mut people = Vec::new();
    for lookup in &asked {
        people.extend(sql::person_of(tx, lookup)?);
        sql::insert_opt_out(&audited, lookup, &receipt_hash)?;
    }
    people.sort_unstable();
    people.dedup();
    let mut pseudonyms = vec![lookups.pseudonym(connector, handle)];
    for person in &people {
        for (lookup, name) in sql::names_of_person(tx, lookups, *person)? {
            sql::insert_opt_out(&audited, &lookup, &receipt_hash)?;
            if let Some(name) = name {
                pseudonyms.push(lookups.pseudonym(&name.connector, &name.handle));
                pseudonyms.push(lookups.pseudonym(&name.connector, &name.external_id));
            }
        }
    }
    Ok(SteppedOut { receipt: Secret::new(receipt.reveal().to_owned()), people, pseudonyms })
}

/// How many times people stepped out. Lists show this and nothing else.
pub fn count(reader: &impl Read) -> Result<u64, Fault> {
    sql::count_opt_outs(reader)
}
