//! Counts of what came to a connection, by reason, without content. In memory; written down now and then, and lost in part
//! when the process is killed: they are for people to look at, not for anything to rest on.

use crate::base::clock::Instant;
use crate::base::error::{Code, Fault};
use crate::base::id::{ConnectionId, OrgId};
use crate::capture::sql;
use crate::signals::refusal::Refusal;
use crate::store::OrgDb;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The reason under which a delivery that was seen before is counted.
pub const DUPLICATE: &str = "duplicate";
/// The word under which what was kept is counted.
pub const CAPTURED: &str = "captured";

/// Counts since the last time they were written down.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashMap<Key, Count>>);

/// A connection and a reason.
type Key = (ConnectionId, &'static str);

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
    /// The Unix epoch for those who stepped out.
    pub last_at: Instant,
}

impl Line {
    /// When the last of these came, where that is known.
    pub fn came_at(&self) -> Option<Instant> {
        (self.last_at != Instant::UNIX_EPOCH).then_some(self.last_at)
    }
}

impl Refusals {
    pub(super) fn count(&self, connection: ConnectionId, reason: &'static str, at: Instant) {
        // When somebody who stepped out wrote last is nobody's business.
        let at = if reason == Refusal::OptedOut.as_str() { Instant::UNIX_EPOCH } else { at };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((connection, reason)).or_insert(Count { n: 0, last_at: at });
        count.n = count.n.saturating_add(1);
        count.last_at = count.last_at.max(at);
    }

    /// Writes this organisation's counts down. Where that fails, they go on waiting.
    pub fn flush(&self, org: &OrgDb) -> Result<(), Fault> {
        let taken = self.take(org.id());
        if taken.is_empty() {
            return Ok(());
        }
        let lines: Vec<Line> = taken.iter().map(line).collect();
        let written = org.write(move |tx| lines.iter().try_for_each(|line| sql::add_connection_tally(tx, line)));
        written.inspect_err(|_| self.put_back(taken))
    }

    /// Every count of this organisation, written down first; a file that takes no more writes is read, with what waits for it on top.
    pub fn lines(&self, org: &OrgDb) -> Result<Vec<Line>, Fault> {
        self.flush(org).or_else(|fault| if fault.code() == Code::Fenced { Ok(()) } else { Err(fault) })?;
        let mut lines = org.read(|reader| sql::connection_tally(reader, org.id()))?;
        for waiting in self.waiting(org.id()).iter().map(line) {
            match lines.iter_mut().find(|line| line.connection == waiting.connection && line.reason == waiting.reason) {
                Some(line) => {
                    line.n = line.n.saturating_add(waiting.n);
                    line.last_at = line.last_at.max(waiting.last_at);
                }
                None => lines.push(waiting),
            }
        }
        Ok(lines)
    }

    fn waiting(&self, org: OrgId) -> Vec<(Key, Count)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().filter(|((connection, _), _)| connection.org() == org).map(|(key, count)| (*key, *count)).collect()
    }

    fn take(&self, org: OrgId) -> Vec<(Key, Count)> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.extract_if(|(connection, _), _| connection.org() == org).collect()
    }

    fn put_back(&self, taken: Vec<(Key, Count)>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, back) in taken {
            let count = counts.entry(key).or_insert(Count { n: 0, ..back });
            count.n = count.n.saturating_add(back.n);
            count.last_at = count.last_at.max(back.last_at);
        }
    }
}

fn line(((connection, reason), count): &(Key, Count)) -> Line {
    Line { connection: *connection, reason: (*reason).to_owned(), n: count.n, last_at: count.last_at }
}
