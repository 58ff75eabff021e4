//! Counts of what came to a connection, by reason, without content. In memory; written down now and then, and lost in part
//! when the process is killed: they are for people to look at, not for anything to rest on.

use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::capture::sql;
use crate::store::OrgDb;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The reason under which a delivery that was seen before is counted.
pub const DUPLICATE: &str = "duplicate";
/// The word under which what was kept is counted.
pub const CAPTURED: &str = "captured";

/// Counts since the last time they were written down.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashMap<(ConnectionId, &'static str), Count>>);

#[derive(Clone, Copy, Debug)]
struct Count {
    n: u64,
    last_at: Instant,
}

/// One line of a connection's health.
#[derive(Clone, Debug)]
pub struct Line {
    pub connection: ConnectionId,
    pub reason: String,
    pub n: u64,
    pub last_at: Instant,
}

impl Refusals {
    pub(super) fn count(&self, connection: ConnectionId, reason: &'static str, at: Instant) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((connection, reason)).or_insert(Count { n: 0, last_at: at });
        count.n = count.n.saturating_add(1);
        count.last_at = count.last_at.max(at);
    }

    /// Writes this organisation's counts down.
    pub fn flush(&self, org: &OrgDb) -> Result<(), Fault> {
        let taken: Vec<Line> = {
            let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let keys: Vec<_> = counts.keys().filter(|(connection, _)| connection.org() == org.id()).copied().collect();
            keys.into_iter()
                .filter_map(|key| {
                    let count = counts.remove(&key)?;
                    Some(Line { connection: key.0, reason: key.1.to_owned(), n: count.n, last_at: count.last_at })
                })
                .collect()
        };
        if taken.is_empty() {
            return Ok(());
        }
        org.write(move |tx| taken.iter().try_for_each(|line| sql::add_connection_tally(tx, line)))
    }

    /// Every count of this organisation, written down first.
    pub fn lines(&self, org: &OrgDb) -> Result<Vec<Line>, Fault> {
        self.flush(org)?;
        org.read(|reader| sql::connection_tally(reader, org.id()))
    }
}
