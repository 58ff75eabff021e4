//! Signing in by password: the same answer, at the same cost, for an unknown address and a wrong password.

use crate::auth::account::{Email, PASSWORD_BYTES_MAX};
use crate::auth::throttle::Throttle;
use crate::auth::{session, sql};
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::{MemberId, OrgId};
use crate::crypto::{password, token::Token};
use crate::store::MainDb;
use std::sync::{Condvar, Mutex, PoisonError};

/// Password hashes that are computed at once: each takes 19 MiB and a core.
const HASHES_AT_ONCE: usize = 2;
/// Sign-ins that may wait for their turn; more are told to come back.
const WAITING_MAX: usize = 16;
/// What a sign-in that finds no room is told to wait, in seconds: the queue drains in less than one.
const BUSY_RETRY_S: u64 = 2;

/// Why nobody was signed in.
#[derive(Debug)]
pub enum SignInError {
    /// The address or the password is wrong; which one is not said.
    Refused,
    /// Too many tries, or too many at once.
    ComeBack {
        after_s: u64,
    },
    Fault(Fault),
}

impl From<Fault> for SignInError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The desk at which people sign in: bounds the work and counts the failures.
#[derive(Debug, Default)]
pub struct Desk {
    throttle: Throttle,
    turns: Mutex<Turns>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct Turns {
    hashing: usize,
    waiting: usize,
}

impl Desk {
    /// Checks a password and begins a session. `network` is the caller's, for the throttle only.
    pub fn sign_in(&self, main: &MainDb, (email, given): (&str, &str), network: &str, now: Instant) -> Result<Token, SignInError> {
        let email = Email::parse(email);
        let account_key = email.as_ref().map_or("", Email::as_str);
        let counted = self.throttle.begin(account_key, network, now).map_err(|after_s| SignInError::ComeBack { after_s })?;
        match self.check(main, email.as_ref(), given) {
            Ok(Some((member, org))) => {
                counted.succeeded();
                Ok(session::begin(main, member, org, now)?)
            }
            Ok(None) => Err(SignInError::Refused),
            Err(unchecked) => {
                counted.take_back();
                Err(unchecked)
            }
        }
    }

    /// Who signs in, and where; `None` where the address or the password is wrong. An error says nothing about either.
    fn check(&self, main: &MainDb, email: Option<&Email>, given: &str) -> Result<Option<(MemberId, OrgId)>, SignInError> {
        let account = match email {
            Some(email) => main.read(|reader| sql::account_by_email(reader, email))?,
            None => None,
        };
        let stored = account.as_ref().map(|account| account.password.as_str());
        let is_right = given.len() <= PASSWORD_BYTES_MAX && self.in_turn(|| password::is_right(given, stored))?;
        match account {
            Some(account) if is_right => {
                Ok(main.read(|reader| sql::first_org_of(reader, account.member))?.map(|org| (account.member, org)))
            }
            _ => Ok(None),
        }
    }

    /// Runs `hash` when fewer than [`HASHES_AT_ONCE`] are running.
    fn in_turn<T>(&self, hash: impl FnOnce() -> T) -> Result<T, SignInError> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.waiting >= WAITING_MAX {
            return Err(SignInError::ComeBack { after_s: BUSY_RETRY_S });
        }
        turns.waiting += 1;
        turns = self.freed.wait_while(turns, |turns| turns.hashing >= HASHES_AT_ONCE).unwrap_or_else(PoisonError::into_inner);
        turns.waiting -= 1;
        turns.hashing += 1;
        drop(turns);
        let result = hash();
        self.turns.lock().unwrap_or_else(PoisonError::into_inner).hashing -= 1;
        self.freed.notify_one();
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Clock;
    use crate::crypto::keys::Kek;
    use crate::store::Store;
    use std::sync::Barrier;

    #[test]
    fn guesses_at_once_are_counted_before_they_are_hashed() {
        const AT_ONCE: usize = 60;
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &Clock::System, true).unwrap();
        let (desk, together, now) = (Desk::default(), Barrier::new(AT_ONCE), Clock::System.now());
        let guess = || {
            together.wait();
            matches!(desk.sign_in(store.main(), ("ana@acme.example", "a guess"), "192.0.2.1", now), Err(SignInError::Refused))
        };
        let hashed = std::thread::scope(|scope| {
            let guesses: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(guess)).collect();
            guesses.into_iter().map(|guess| usize::from(guess.join().unwrap())).sum::<usize>()
        });
        assert!(hashed <= 8, "{hashed} of {AT_ONCE} were hashed");
        assert!(hashed > 0, "the desk was open");
    }
}
