//! Slows down guessing: per account and per address, in bounded memory, forgotten at restart.

use crate::base::clock::{Instant, SignedDuration};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Failures of one account before it has to wait.
const ACCOUNT_FAILURES_MAX: u32 = 8;
/// Failures from one address before it has to wait: an office sits behind one.
const PEER_FAILURES_MAX: u32 = 50;
/// How long failures are remembered, and so how long the wait is.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Entries that are kept; when full, the ones that are over are dropped, and if none is, all are.
const ENTRIES_MAX: usize = 10_000;

/// Counts of failed sign-ins.
#[derive(Debug, Default)]
pub struct Throttle {
    failures: Mutex<HashMap<String, Failures>>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    since: Instant,
}

impl Throttle {
    /// The seconds to wait, where a try may not be made now.
    pub(super) fn refuses(&self, account: &str, peer: &str, now: Instant) -> Option<u64> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = |key: &str, max: u32| {
            let entry = failures.get(key)?;
            let passed = now.duration_since(entry.since);
            (entry.count >= max && passed < WINDOW).then(|| u64::try_from((WINDOW - passed).as_secs()).unwrap_or(0).max(1))
        };
        wait(&account_key(account), ACCOUNT_FAILURES_MAX).max(wait(&peer_key(peer), PEER_FAILURES_MAX))
    }

    pub(super) fn failed(&self, account: &str, peer: &str, now: Instant) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= ENTRIES_MAX {
            failures.retain(|_, entry| now.duration_since(entry.since) < WINDOW);
            if failures.len() >= ENTRIES_MAX {
                failures.clear();
            }
        }
        for key in [account_key(account), peer_key(peer)] {
            let entry = failures.entry(key).or_insert(Failures { count: 0, since: now });
            if now.duration_since(entry.since) >= WINDOW {
                *entry = Failures { count: 0, since: now };
            }
            entry.count = entry.count.saturating_add(1);
        }
    }

    pub(super) fn succeeded(&self, account: &str) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(&account_key(account));
    }
}

fn account_key(account: &str) -> String {
    format!("account {account}")
}

fn peer_key(peer: &str) -> String {
    format!("peer {peer}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_at_one_account_has_to_wait_and_others_do_not() {
        let throttle = Throttle::default();
        let start: Instant = "2026-01-01T00:00:00Z".parse().unwrap();
        for _ in 0..ACCOUNT_FAILURES_MAX {
            assert_eq!(throttle.refuses("ana", "1", start), None);
            throttle.failed("ana", "1", start);
        }
        assert_eq!(throttle.refuses("ana", "2", start), Some(900));
        assert_eq!(throttle.refuses("ben", "1", start), None);
        assert_eq!(throttle.refuses("ana", "1", start + WINDOW), None, "the wait is over");
    }
}
