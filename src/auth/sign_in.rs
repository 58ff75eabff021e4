//! Signing in by password: the same answer, at the same cost, for an unknown address and a wrong password.

use crate::auth::account::{Email, PASSWORD_BYTES_MAX};
use crate::auth::throttle::Throttle;
use crate::auth::{session, sql};
use crate::base::clock::Instant;
use crate::base::error::Fault;
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
    /// Checks a password and begins a session. `peer` is the caller's address, for the throttle only.
    pub fn sign_in(&self, main: &MainDb, (email, given): (&str, &str), peer: &str, now: Instant) -> Result<Token, SignInError> {
        let email = Email::parse(email);
        let account_key = email.as_ref().map_or("", Email::as_str);
        if let Some(after_s) = self.throttle.refuses(account_key, peer, now) {
            return Err(SignInError::ComeBack { after_s });
        }
        let account = match &email {
            Some(email) => main.read(|reader| sql::account_by_email(reader, email))?,
            None => None,
        };
        let stored = account.as_ref().map(|account| account.password.as_str());
        let is_right = given.len() <= PASSWORD_BYTES_MAX && self.in_turn(|| password::is_right(given, stored))?;
        let place = match account {
            Some(account) if is_right => main.read(|reader| sql::first_org_of(reader, account.member))?.map(|org| (account.member, org)),
            _ => None,
        };
        let Some((member, org)) = place else {
            self.throttle.failed(account_key, peer, now);
            return Err(SignInError::Refused);
        };
        self.throttle.succeeded(account_key);
        Ok(session::begin(main, member, org, now)?)
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
