//! Stepping out: the snapshot that each gate is handed, and the act of a person.
//!
//! Who stepped out is nobody's business: what is kept are keyed hashes without a time or an actor, and lists show counts. The
//! audit log says on which day somebody asked; never who, which would mostly be for whom.

use crate::audit::{self, Act, Actor};
use crate::base::clock::{Instant, micros};
use crate::base::error::Fault;
use crate::base::id::PersonId;
use crate::base::secret::Secret;
use crate::crypto::token::Token;
use crate::people::identity::{self, Lookup, Lookups};
use crate::people::sql;
use crate::store::{OrgDb, Read, Tx};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// Of its instant the leaf keeps the day: within minutes there is often one session or token that was used at all.
const DAY_US: i64 = 24 * 60 * 60 * 1_000_000;

/// Everybody who stepped out, as of one instant. All three gates must be handed one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptOuts(HashSet<Lookup>);

impl OptOuts {
    /// The snapshot as of the last commit.
    pub fn known(org: &OrgDb) -> Result<Arc<Self>, Fault> {
        org.known("opt-outs", &[], |reader| Self::load(reader))
    }

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

    /// Whether one of an account's names is not known as stepped out yet: an account that steps out by one goes by all.
    pub fn has_more_to_learn(&self, lookups: &Lookups, connector: &str, external_id: &str, handle: Option<&str>) -> bool {
        !self.0.contains(&lookups.by_id(connector, external_id))
            || handle.is_some_and(|handle| !self.0.contains(&lookups.by_handle(handle)))
    }

    /// Whether somebody of this name stepped out, in whatever tool.
    pub fn includes_name(&self, lookups: &Lookups, name: &str) -> bool {
        !self.is_empty() && self.0.contains(&lookups.by_handle(name))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What leaves with a person who stepped out.
pub struct Leaving {
    /// The people whose signals must go.
    pub people: Vec<PersonId>,
    /// What they are called: it must go from the text of others.
    pub names: Vec<Secret<String>>,
    /// What stood for them in text that is kept.
    pub pseudonyms: Vec<String>,
}

/// An account as a tool or a person names it, in an organisation with these tools.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    pub connector: &'a str,
    pub external_id: &'a str,
    /// What it is called. Whoever asks names an account by one word, which may be either.
    pub handle: Option<&'a str>,
    /// Every tool that can be connected: a mention in another tool stands for the same person.
    pub tools: &'a [&'a str],
}

impl Named<'_> {
    fn lookups(&self, lookups: &Lookups) -> Vec<Lookup> {
        let mut all = vec![lookups.by_id(self.connector, self.external_id)];
        all.extend(self.handle.map(|handle| lookups.by_handle(handle)));
        all
    }
}

/// Records that whoever `asked` names (by an id or a handle) stepped out, in every tool where that name is met. Answers the
/// receipt, shown once: with it they can later show that they asked. The leaf says that it was asked, on the day of `now` in UTC.
/// Stored data is the caller's to purge, in the same transaction.
pub fn record(tx: &Tx<'_>, lookups: &Lookups, asked: Named<'_>, now: Instant) -> Result<(Secret<String>, Leaving), Fault> {
    let receipt = Token::generate("stepped-out-")?;
    let receipt_hash = *receipt.digest().as_bytes();
    let audited = audit::record(tx, day_of(now), Actor::Withheld, &Act::PersonSteppedOut)?;
    for lookup in asked.lookups(lookups) {
        sql::insert_opt_out(&audited, &lookup, &receipt_hash)?;
    }
    let leaving = take_along(tx, lookups, asked, &receipt_hash)?;
    Ok((Secret::new(receipt.reveal().to_owned()), leaving))
}

/// Midnight before `now`, in UTC.
fn day_of(now: Instant) -> Instant {
    let now = now.as_microsecond();
    micros(now - now.rem_euclid(DAY_US))
}

/// Somebody who stepped out was met under a name or an id that was not known as theirs: from now on it is. `None` where
/// nobody who stepped out goes by any of these. Stored data is the caller's to purge, in the same transaction.
pub fn follow(tx: &Tx<'_>, lookups: &Lookups, met: Named<'_>) -> Result<Option<Leaving>, Fault> {
    let all = met.lookups(lookups);
    let mut receipts = Vec::new();
    // An id may have been given as a name, in another tool.
    for lookup in all.iter().chain([&lookups.by_handle(met.external_id)]) {
        receipts.extend(sql::receipts_of(tx, lookup)?);
    }
    let Some(receipt_hash) = receipts.first() else { return Ok(None) };
    for lookup in &all {
        sql::extend_opt_out(tx, lookup, receipt_hash)?;
    }
    take_along(tx, lookups, met, receipt_hash).map(Some)
}

/// Everyone who was ever seen under one of the names, and under their other names, and so on: another account of the same
/// name is suspected to be theirs. Each of their names counts as stepped out from now on.
fn take_along(tx: &Tx<'_>, lookups: &Lookups, whom: Named<'_>, receipt_hash: &[u8; 32]) -> Result<Leaving, Fault> {
    let known = identity::known_names(tx, lookups)?;
    let mut people = Vec::new();
    for lookup in whom.lookups(lookups) {
        people.extend(sql::person_of(tx, &lookup)?);
    }
    let mut names: BTreeSet<String> = whom.handle.into_iter().map(str::to_lowercase).collect();
    let mut done = 0;
    // Ends: each round adds a person or a name of a finite list, or is the last.
    while done < people.len() + names.len() {
        done = people.len() + names.len();
        for name in &known {
            let folded = name.handle.reveal().to_lowercase();
            if people.contains(&name.person) || names.contains(&folded) {
                names.insert(folded);
                if !people.contains(&name.person) {
                    people.push(name.person);
                }
            }
        }
    }
    people.sort_unstable();
    people.dedup();
    for person in &people {
        for lookup in sql::lookups_of_person(tx, *person)? {
            sql::extend_opt_out(tx, &lookup, receipt_hash)?;
        }
    }
    for name in &names {
        sql::extend_opt_out(tx, &lookups.by_handle(name), receipt_hash)?;
    }
    let ids = known.iter().filter(|name| people.contains(&name.person)).map(|name| name.external_id.to_lowercase());
    let spoken: BTreeSet<String> = names.iter().cloned().chain(ids).collect();
    let pseudonyms = spoken.iter().flat_map(|name| whom.tools.iter().map(|tool| lookups.pseudonym(tool, name))).collect();
    Ok(Leaving { people, names: names.into_iter().map(Secret::new).collect(), pseudonyms })
}

/// How many times people stepped out. Lists show this and nothing else.
pub fn count(reader: &impl Read) -> Result<u64, Fault> {
    sql::count_opt_outs(reader)
}
