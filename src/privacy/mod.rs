//! The person's rights, across every table.

use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::secret::Secret;
use crate::base::text::one_line;
use crate::people::{Lookups, opt_out};
use crate::store::OrgDb;
use crate::{capture, patterns};

/// Longest handle, in characters: the longest that any tool allows, with room.
const HANDLE_CHARS_MAX: usize = 100;

/// How often the log is tried to be emptied at once; after that the hourly sweep does it. Each try waits for readers as long as any
/// statement waits for a lock.
const SCRUB_TRIES: u32 = 5;

/// A handle, login or id as a person would type it; `None` where nothing is left of it.
pub fn handle(text: &str) -> Option<String> {
    let handle = one_line(text, HANDLE_CHARS_MAX);
    let handle = handle.trim_start_matches('@').trim();
    (!handle.is_empty()).then(|| handle.to_owned())
}

/// A person steps out: from this commit on nothing of theirs is taken in, and what was kept of them is gone from every
/// table, in the same transaction. Answers the receipt, which is shown once.
pub fn step_out(org: &OrgDb, (connector, handle): (&str, &str), now: Instant) -> Result<Secret<String>, Fault> {
    let lookups = Lookups::of(org)?;
    let (connector, handle) = (connector.to_owned(), handle.to_owned());
    let receipt = org.write(move |tx| {
        let gone = opt_out::record(tx, &lookups, (&connector, &handle), now)?;
        let keys = capture::forget(tx, &gone.people, &gone.pseudonyms)?;
        patterns::forget(tx, &keys)?;
        Ok::<_, Fault>(gone.receipt)
    })?;
    scrub(org)?;
    Ok(receipt)
}

/// Empties the log of what was there a moment ago. A reader may need it for the length of a query.
fn scrub(org: &OrgDb) -> Result<(), Fault> {
    for _ in 0..SCRUB_TRIES {
        if org.scrub()? {
            break;
        }
    }
    Ok(())
}
