//! Slows down guessing, in bounded memory, forgotten at restart.
//!
//! A try is counted *before* its password is hashed, so that tries at once are no way around the count; one that turns out right, or was
//! not made, is taken back. Three counts stand side by side:
//!
//! - an account from one network: few, then a wait;
//! - a network: more, whatever accounts it tries;
//! - an account from everywhere: never a lock, which would let anybody shut its owner out. Strangers, together, may try less and less often,
//!   and a network from which the account was signed in to before is not held up by them.
//!
//! So to keep an owner out takes somebody in their own network, or a network they were never signed in from and a flood that lasts.

use crate::auth::ledger::{Ledger, Since};
use crate::base::clock::{Instant, SignedDuration};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Failures of one account from one network before it has to wait.
const PAIR_FAILURES_MAX: u32 = 8;
/// Failures from one network before it has to wait: an office sits behind one address.
const NETWORK_FAILURES_MAX: u32 = 50;
/// How long failures are remembered, and so how long the wait is.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Failures of one account, from everywhere, before strangers are slowed down: four networks that are each at their own end.
const STRANGERS_FREE: u32 = 32;
/// After so many more, the time between two strangers' tries doubles.
const STRANGERS_STEP: u32 = 8;
/// The time between two strangers' tries is at most two to this power, in seconds: 64, which leaves 1,350 guesses a day to all of them.
const STRANGERS_DOUBLINGS_MAX: u32 = 6;
/// How long a network is known after the account was signed in to from there.
const KNOWN: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Entries of each kind that are kept. To push one out takes as many tries that were hashed.
const ENTRIES_MAX: usize = 10_000;

/// Counts of tries to sign in.
#[derive(Debug)]
pub struct Throttle(Mutex<Counts>);

/// An account, and the network it is tried from.
type Pair = (String, String);

#[derive(Debug)]
struct Counts {
    pairs: Ledger<Pair>,
    networks: Ledger<String>,
    accounts: Ledger<String>,
    known: Ledger<Pair>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self(Mutex::new(Counts {
            pairs: Ledger::new(ENTRIES_MAX, WINDOW, Since::First),
            networks: Ledger::new(ENTRIES_MAX, WINDOW, Since::First),
            accounts: Ledger::new(ENTRIES_MAX, WINDOW, Since::Last),
            known: Ledger::new(ENTRIES_MAX, KNOWN, Since::Last),
        }))
    }
}

impl Throttle {
    /// Lets a try through and counts it, or answers the seconds to wait.
    pub(super) fn begin(&self, account: &str, network: &str, now: Instant) -> Result<Try<'_>, u64> {
        let mut counts = self.counts();
        let pair = (account.to_owned(), network.to_owned());
        if let Some(wait) = counts.wait(&pair, now) {
            return Err(u64::try_from(wait.as_secs()).unwrap_or(0).max(1));
        }
        counts.networks.add(pair.1.clone(), now);
        counts.accounts.add(pair.0.clone(), now);
        counts.pairs.add(pair.clone(), now);
        Ok(Try { throttle: self, pair, at: now })
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn wait(&self, pair: &Pair, now: Instant) -> Option<SignedDuration> {
        let of_pair = self.pairs.get(pair, now).filter(|entry| entry.count >= PAIR_FAILURES_MAX);
        let of_network = self.networks.get(&pair.1, now).filter(|entry| entry.count >= NETWORK_FAILURES_MAX);
        let waits = [
            of_pair.and_then(|entry| self.pairs.left(&entry, now)),
            of_network.and_then(|entry| self.networks.left(&entry, now)),
            self.strangers_pause(pair, now),
        ];
        waits.into_iter().flatten().max()
    }

    /// What is left of the pause between two tries of strangers; `None` for who is none.
    fn strangers_pause(&self, pair: &Pair, now: Instant) -> Option<SignedDuration> {
        if self.known.get(pair, now).is_some() {
            return None;
        }
        let entry = self.accounts.get(&pair.0, now)?;
        let over = entry.count.checked_sub(STRANGERS_FREE)?;
        let pause = SignedDuration::from_secs(1 << (over / STRANGERS_STEP).min(STRANGERS_DOUBLINGS_MAX));
        let left = pause - now.duration_since(entry.last);
        left.is_positive().then_some(left)
    }
}

/// A try that was let through. It counts as a failure unless it is told otherwise.
#[derive(Debug)]
pub(super) struct Try<'a> {
    throttle: &'a Throttle,
    pair: Pair,
    at: Instant,
}

impl Try<'_> {
    /// The password was right: what was mistyped here before is forgotten, and the network is known from now on.
    pub(super) fn succeeded(self) {
        let mut counts = self.throttle.counts();
        counts.pairs.forget(&self.pair);
        counts.known.add(self.pair.clone(), self.at);
        drop(counts);
        self.take_back();
    }

    /// No password was looked at.
    pub(super) fn take_back(self) {
        let mut counts = self.throttle.counts();
        counts.pairs.take_back(&self.pair);
        counts.accounts.take_back(&self.pair.0);
        counts.networks.take_back(&self.pair.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Instant {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    /// How many of `tries` are let through, from networks of which each does so many.
    fn let_through(throttle: &Throttle, tries: u32, each: u32, now: Instant) -> u32 {
        (0..tries).map(|n| u32::from(throttle.begin("ana", &format!("192.0.2.{}", n / each), now).is_ok())).sum()
    }

    #[test]
    fn guessing_at_one_account_has_to_wait_and_others_do_not() {
        let throttle = Throttle::default();
        assert_eq!(let_through(&throttle, 100, 100, start()), PAIR_FAILURES_MAX);
        assert_eq!(throttle.begin("ana", "192.0.2.0", start()).err(), Some(900));
        assert!(throttle.begin("ben", "192.0.2.0", start()).is_ok(), "another account");
        assert!(throttle.begin("ana", "192.0.2.0", start() + WINDOW).is_ok(), "the wait is over");
    }

    #[test]
    fn a_network_that_tries_many_accounts_has_to_wait() {
        let throttle = Throttle::default();
        let tried = (0..100).filter(|n| throttle.begin(&format!("member {n}"), "192.0.2.0", start()).is_ok()).count();
        assert_eq!(u32::try_from(tried), Ok(NETWORK_FAILURES_MAX));
        assert!(throttle.begin("ana", "192.0.2.1", start()).is_ok());
    }

    #[test]
    fn an_owner_is_not_locked_out_by_failures_elsewhere() {
        let throttle = Throttle::default();
        throttle.begin("ana", "198.51.100.1", start()).unwrap().succeeded();
        let_through(&throttle, 2_000, PAIR_FAILURES_MAX, start());
        assert!(throttle.begin("ana", "198.51.100.1", start()).is_ok(), "at once, from where she signed in before");
        let pause = throttle.begin("ana", "198.51.100.2", start()).err().unwrap();
        assert!(pause <= 64, "{pause} s from anywhere else");
        assert!(throttle.begin("ana", "198.51.100.2", start() + SignedDuration::from_secs(64)).is_ok());
    }

    #[test]
    fn strangers_together_try_less_and_less_often() {
        let throttle = Throttle::default();
        let day = SignedDuration::from_hours(24).as_secs();
        let tried: u32 = (0..day)
            .map(|second| start() + SignedDuration::from_secs(second))
            .zip(0_u32..)
            .map(|(now, n)| u32::from(throttle.begin("ana", &format!("2001:db8:{n:x}::"), now).is_ok()))
            .sum();
        assert!((1_000..1_500).contains(&tried), "{tried} guesses in a day, each from a network of its own");
    }

    #[test]
    fn who_signs_in_or_was_not_looked_at_has_failed_nothing() {
        let throttle = Throttle::default();
        for _ in 0..200 {
            throttle.begin("ana", "192.0.2.0", start()).unwrap().succeeded();
            throttle.begin("ben", "192.0.2.0", start()).unwrap().take_back();
        }
    }
}
