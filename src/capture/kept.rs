//! What is kept, as other rooms ask for it: signals of a place, and counts of what came.

use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::capture::{StoredKey, sql};
use crate::orgs::sources::TeamPlace;
use crate::signals::{Signal, SignalKind};
use crate::store::{Read, Tx};

/// Whether a message was deleted at its source.
pub fn is_gone(reader: &impl Read, what: &StoredKey) -> Result<bool, Fault> {
    match what.key.splitn(3, ':').collect::<Vec<_>>().as_slice() {
        [kind, place, external_id] if *kind == SignalKind::Message.as_str() => sql::is_deleted(reader, what.connection, place, external_id),
        _ => Ok(false),
    }
}

/// The signals of this place and these kinds that are kept and whose authors have not stepped out, from `from` on; none that came in
/// before the place came to the team.
pub fn load(reader: &impl Read, place: &TeamPlace, kinds: &[SignalKind], from: Instant) -> Result<Vec<Signal>, Fault> {
    let mut signals = Vec::new();
    for kind in kinds {
        signals.extend(sql::load(reader, place, *kind, from)?);
    }
    Ok(signals)
}

/// How many signals of each kind this place brought from `from` on, as far as they are kept. None of somebody who stepped out is kept.
pub fn heard(reader: &impl Read, place: &TeamPlace, from: Instant) -> Result<Vec<(SignalKind, u64)>, Fault> {
    sql::heard(reader, place, from)
}

/// Counts of what was captured, scored and stopped here, by kind, as of the last commit.
pub fn tally(reader: &impl Read, what: &str) -> Result<Vec<(String, u64)>, Fault> {
    sql::tally(reader, what)
}

/// Adds one to a count.
pub fn count(tx: &Tx<'_>, what: &str, which: &str) -> Result<(), Fault> {
    sql::count(tx, what, which)
}
