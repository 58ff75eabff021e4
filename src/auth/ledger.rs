//! Counts by key, each with its time, in bounded memory.

use crate::base::clock::{Instant, SignedDuration};
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// How far the clock may be set back under an entry: tries at once are not counted in the order of their times. An entry from later than that
/// after now was made by a clock that was wrong, and would be remembered until that clock was right.
const SET_BACK_MAX: SignedDuration = SignedDuration::from_mins(1);

/// From when on the time of an entry runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// The first count: a steady trickle never adds up.
    First,
    /// The last count: what goes on is remembered as long as it goes on.
    Last,
}

/// Entries that are over count as absent; when there are too many, the one that was touched the longest ago goes.
#[derive(Debug)]
pub(super) struct Ledger<K> {
    entries: HashMap<K, Entry>,
    most: usize,
    span: SignedDuration,
    since: Since,
}

/// What is known under one key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub count: u32,
    pub first: Instant,
    pub last: Instant,
}

impl<K: Eq + Hash + Clone> Ledger<K> {
    pub(super) fn new(most: usize, span: SignedDuration, since: Since) -> Self {
        Self { entries: HashMap::new(), most, span, since }
    }

    /// What is remembered of `key`.
    pub(super) fn get<Q>(&self, key: &Q, now: Instant) -> Option<Entry>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.entries.get(key).copied().filter(|entry| self.left(entry, now).is_some())
    }

    /// How long an entry is still remembered.
    pub(super) fn left(&self, entry: &Entry, now: Instant) -> Option<SignedDuration> {
        let began = if self.since == Since::First { entry.first } else { entry.last };
        let passed = now.duration_since(began);
        (-SET_BACK_MAX..self.span).contains(&passed).then(|| self.span - passed)
    }

    pub(super) fn add(&mut self, key: K, now: Instant) {
        let before = self.get(&key, now);
        if before.is_none() && self.entries.len() >= self.most {
            self.make_room();
        }
        let (count, first) = before.map_or((0, now), |entry| (entry.count, entry.first));
        self.entries.insert(key, Entry { count: count.saturating_add(1), first, last: now });
    }

    pub(super) fn take_back(&mut self, key: &K) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.count = entry.count.saturating_sub(1);
            if entry.count == 0 {
                self.entries.remove(key);
            }
        }
    }

    pub(super) fn forget(&mut self, key: &K) {
        self.entries.remove(key);
    }

    /// Entries that are over were touched longer ago than any that is not, or nearly so: the oldest is the one to spare.
    fn make_room(&mut self) {
        let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.last).map(|(key, _)| key.clone());
        if let Some(oldest) = oldest {
            self.entries.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: SignedDuration = SignedDuration::from_mins(15);

    fn at(minute: i64) -> Instant {
        "2026-01-01T00:00:00Z".parse::<Instant>().unwrap() + SignedDuration::from_mins(minute)
    }

    #[test]
    fn a_full_ledger_forgets_the_oldest_alone() {
        let mut ledger = Ledger::new(3, SPAN, Since::First);
        for (minute, key) in [(0, "a"), (1, "b"), (2, "c"), (3, "a"), (4, "d")] {
            ledger.add(key, at(minute));
        }
        assert_eq!(["a", "b", "c", "d"].map(|key| ledger.get(key, at(4)).map(|entry| entry.count)), [Some(2), None, Some(1), Some(1)]);
    }

    #[test]
    fn an_entry_is_over_after_its_time() {
        for (since, is_kept) in [(Since::First, false), (Since::Last, true)] {
            let mut ledger = Ledger::new(3, SPAN, since);
            ledger.add("a", at(0));
            ledger.add("a", at(10));
            assert_eq!(ledger.get("a", at(14)).map(|entry| entry.count), Some(2));
            assert_eq!(ledger.get("a", at(15)).is_some(), is_kept);
            assert!(ledger.get("a", at(25)).is_none());
            ledger.add("a", at(30));
            assert_eq!(ledger.get("a", at(30)).map(|entry| entry.count), Some(1), "it begins anew");
        }
    }

    #[test]
    fn a_clock_that_is_set_back_makes_nobody_wait_until_it_comes_round() {
        for since in [Since::First, Since::Last] {
            let mut ledger = Ledger::new(3, SPAN, since);
            ledger.add("a", at(60 * 24));
            assert!(ledger.get("a", at(60 * 24 - 1)).is_some(), "tries at once may be counted out of order");
            assert!(ledger.get("a", at(0)).is_none());
        }
    }

    #[test]
    fn what_is_taken_back_was_never_there() {
        let mut ledger = Ledger::new(3, SPAN, Since::First);
        ledger.add("a", at(0));
        ledger.add("a", at(0));
        ledger.take_back(&"a");
        assert_eq!(ledger.get("a", at(0)).map(|entry| entry.count), Some(1));
        ledger.take_back(&"a");
        ledger.take_back(&"b");
        assert!(ledger.entries.is_empty());
    }
}
