//! Signing in by password: the same answer, at the same cost, for an unknown address and a wrong password.

use crate::auth::account::Email;
use crate::auth::allowance::Allowance;
use crate::auth::throttle::Throttle;
use crate::auth::{Principal, Scope, session, sql};
use crate::base::clock::{Instant, SignedDuration};
use crate::base::error::Fault;
use crate::base::id::MemberId;
use crate::crypto::{password, token::Token};
use crate::store::{MainDb, Read};
use std::sync::{Condvar, Mutex, PoisonError};

/// Password hashes that are computed at once: each takes 19 MiB and a core.
const HASHES_AT_ONCE: usize = 2;
/// Sign-ins that may wait for their turn; more are told to come back.
const WAITING_MAX: usize = 16;
/// What a sign-in that finds no room is told to wait, in seconds: the queue drains in less than one.
const BUSY_RETRY_S: u64 = 2;

/// Requests to step out that a member may send in a day: theirs in several tools, and those of colleagues who asked them to. More would
/// be somebody who empties a team's history; who sees to privacy is not bounded.
const STEP_OUTS_MAX: u32 = 10;
/// Refused tries of one member that are written down in an hour: enough to see a pattern, too few to fill a disk.
const REFUSALS_MAX: u32 = 20;
/// Invitations that one member may make in a day: a whole department.
const INVITATIONS_MAX: u32 = 200;
/// Changes that one member may make in an hour: more than a person does in a day.
const CHANGES_MAX: u32 = 300;
const DAY: SignedDuration = SignedDuration::from_hours(24);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Who comes to the desk.
#[derive(Clone, Copy, Debug)]
pub struct Visitor<'a> {
    /// Where from, for the throttle only.
    pub network: &'a str,
    /// What with, in words, for the holder's list of sessions.
    pub device: &'a str,
}

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

/// A member who has just shown their password. It is worth something as long as that is their password: hashing takes its time, and in
/// that time it may be changed.
#[derive(Clone)]
pub struct Proven {
    member: MemberId,
    /// What is stored of the password that was shown.
    password: String,
}

impl Proven {
    /// Whoever has just chosen the password of this hash.
    pub(super) const fn by(member: MemberId, password: String) -> Self {
        Self { member, password }
    }

    pub const fn member(&self) -> MemberId {
        self.member
    }

    pub(super) fn holds(&self, reader: &impl Read) -> Result<bool, Fault> {
        Ok(sql::password_of(reader, self.member)?.is_some_and(|stored| stored == self.password))
    }
}

/// The desk at which people sign in: bounds the work and counts the failures.
#[derive(Debug)]
pub struct Desk {
    throttle: Throttle,
    step_outs: Allowance,
    changes: Allowance,
    pub(super) refusals: Allowance,
    pub invitations: Allowance,
    turns: Mutex<Turns>,
    freed: Condvar,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            throttle: Throttle::default(),
            step_outs: Allowance::of(STEP_OUTS_MAX, DAY),
            changes: Allowance::of(CHANGES_MAX, HOUR),
            refusals: Allowance::of(REFUSALS_MAX, HOUR),
            invitations: Allowance::of(INVITATIONS_MAX, DAY),
            turns: Mutex::default(),
            freed: Condvar::new(),
        }
    }
}

#[derive(Debug, Default)]
struct Turns {
    hashing: usize,
    waiting: usize,
}

impl Desk {
    /// Checks a password and begins a session.
    pub fn sign_in(&self, main: &MainDb, (email, given): (&str, &str), by: Visitor<'_>, now: Instant) -> Result<Token, SignInError> {
        let email = Email::parse(email);
        let account_key = email.as_ref().map_or("", Email::as_str);
        let (proven, org) = self.counted((account_key, by.network), now, || {
            let Some(proven) = self.check(main, email.as_ref(), given)? else {
                return Ok(None);
            };
            Ok::<_, SignInError>(main.read(|reader| sql::first_org_of(reader, proven.member))?.map(|org| (proven, org)))
        })?;
        session::begin(main, proven, org, by.device, now)?.ok_or(SignInError::Refused)
    }

    /// Whose account this is, by its address and password; counted as a try to sign in.
    pub fn identify(&self, main: &MainDb, (email, given): (&Email, &str), network: &str, now: Instant) -> Result<Proven, SignInError> {
        self.counted((email.as_str(), network), now, || self.check(main, Some(email), given))
    }

    /// Asks whoever is signed in for their password once more; counted as a try to sign in.
    pub fn prove(&self, main: &MainDb, member: MemberId, given: &str, network: &str, now: Instant) -> Result<Proven, SignInError> {
        let email = main.read(|reader| sql::email_of(reader, member))?.ok_or(SignInError::Refused)?;
        self.identify(main, (&email, given), network, now)
    }

    /// Lets whoever holds a link try it, so many times: `check` answers `None` where it was not right.
    pub fn counted<T, E: From<SignInError>>(
        &self,
        (key, network): (&str, &str),
        now: Instant,
        check: impl FnOnce() -> Result<Option<T>, E>,
    ) -> Result<T, E> {
        let counted = self.throttle.begin(key, network, now).map_err(|after_s| SignInError::ComeBack { after_s })?;
        match check() {
            Ok(Some(found)) => {
                counted.succeeded();
                Ok(found)
            }
            Ok(None) => Err(SignInError::Refused.into()),
            Err(unchecked) => {
                counted.take_back();
                Err(unchecked)
            }
        }
    }

    /// Whether this member may ask for somebody to step out now, or the seconds to wait.
    pub fn may_step_out(&self, who: &Principal, now: Instant) -> Result<(), u64> {
        let sees_to_privacy = who.role().allows(Scope::ReadMembers) && who.role().allows(Scope::ReadSignals);
        if sees_to_privacy { Ok(()) } else { self.step_outs.take(&who.member().to_string(), now) }
    }

    /// Whether this member may change something now, or the seconds to wait. Who runs the appliance is not bounded: a script of theirs may
    /// switch on hundreds of sources.
    pub fn may_change(&self, who: &Principal, now: Instant) -> Result<(), u64> {
        let runs_it = who.role().allows(Scope::WriteSources);
        if runs_it { Ok(()) } else { self.changes.take(&who.member().to_string(), now) }
    }

    /// Whose account this is; `None` where the address or the password is wrong. An error says nothing about either.
    fn check(&self, main: &MainDb, email: Option<&Email>, given: &str) -> Result<Option<Proven>, SignInError> {
        let account = match email {
            Some(email) => main.read(|reader| sql::account_by_email(reader, email))?,
            None => None,
        };
        let stored = account.as_ref().map(|account| account.password.as_str());
        // Also what is too long to be anybody's: a try that costs nothing would be a cheap way to push others out of the counts.
        let is_right = self.in_turn(|| password::is_right(given, stored))?;
        Ok(account.filter(|_| is_right).map(|account| Proven { member: account.member, password: account.password }))
    }

    /// Runs `hash` when fewer than [`HASHES_AT_ONCE`] are running.
    pub fn in_turn<T>(&self, hash: impl FnOnce() -> T) -> Result<T, SignInError> {
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
    use crate::audit::{self, Act, Actor};
    use crate::auth::account::NewAccount;
    use crate::auth::{Role, profile};
    use crate::base::clock::Clock;
    use crate::base::id::OrgId;
    use crate::crypto::keys::Kek;
    use crate::store::Store;
    use std::sync::Barrier;

    fn store_in(folder: &tempfile::TempDir) -> Store {
        Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &Clock::System, true).unwrap()
    }

    #[test]
    fn a_try_of_any_length_waits_for_its_turn_to_be_hashed() {
        let folder = tempfile::tempdir().unwrap();
        let (store, desk) = (store_in(&folder), Desk::default());
        let (is_busy, freed) = (Mutex::new(true), Condvar::new());
        let hold = || drop(freed.wait_while(is_busy.lock().unwrap(), |is_busy| *is_busy).unwrap());
        std::thread::scope(|scope| {
            for _ in 0..HASHES_AT_ONCE + WAITING_MAX {
                scope.spawn(|| desk.in_turn(hold).unwrap());
            }
            while { desk.turns.lock().unwrap().waiting } < WAITING_MAX {
                std::thread::yield_now();
            }
            let visitor = Visitor { network: "192.0.2.1", device: "a script" };
            let tried = [1, 2_000].map(|long| {
                let tried = desk.sign_in(store.main(), ("ana@acme.example", &"x".repeat(long)), visitor, Clock::System.now());
                matches!(tried, Err(SignInError::ComeBack { .. }))
            });
            *is_busy.lock().unwrap() = false;
            freed.notify_all();
            assert_eq!(tried, [true, true], "an overlong one cost nothing");
        });
    }

    #[test]
    fn what_a_former_password_proves_is_worth_nothing_however_late_it_is_proven() {
        let folder = tempfile::tempdir().unwrap();
        let (store, desk, now) = (store_in(&folder), Desk::default(), Clock::System.now());
        let email = Email::parse("ana@acme.example").unwrap();
        let account = NewAccount::prepare(&email, "Ana", "the former password", now).unwrap_or_else(|error| panic!("{error:?}"));
        let member = account.member();
        store.main().write(move |tx| account.insert(tx, OrgId::from_bytes([7; 16]), Role::Owner, Actor::Operator, now)).unwrap();
        let (is_busy, freed) = (Mutex::new(true), Condvar::new());
        let hold = || drop(freed.wait_while(is_busy.lock().unwrap(), |is_busy| *is_busy).unwrap());
        let by = Visitor { network: "192.0.2.1", device: "a script" };
        let late = std::thread::scope(|scope| {
            for _ in 0..HASHES_AT_ONCE {
                scope.spawn(|| desk.in_turn(hold).unwrap());
            }
            while { desk.turns.lock().unwrap().hashing } < HASHES_AT_ONCE {
                std::thread::yield_now();
            }
            let signs_in = scope.spawn(|| desk.sign_in(store.main(), (email.as_str(), "the former password"), by, now).is_ok());
            let moves = scope.spawn(|| {
                let (typed, of) = (("thief@evil.example", "the former password"), (by.network, Actor::Member(member)));
                profile::change_email((&desk, store.main()), member, typed, of, now).is_ok()
            });
            while { desk.turns.lock().unwrap().waiting } < 2 {
                std::thread::yield_now();
            }
            let other = password::hash("the present password").unwrap();
            let changed = store.main().write(move |tx| {
                let audited = audit::record(tx, now, Actor::Operator, &Act::PasswordChanged { member })?;
                sql::set_password(&audited, member, &other)
            });
            *is_busy.lock().unwrap() = false;
            freed.notify_all();
            changed.unwrap();
            [signs_in.join().unwrap(), moves.join().unwrap()]
        });
        assert_eq!(late, [false, false], "signed in, moved the address");
    }

    #[test]
    fn guesses_at_once_are_counted_before_they_are_hashed() {
        const AT_ONCE: usize = 60;
        let folder = tempfile::tempdir().unwrap();
        let store = store_in(&folder);
        let (desk, together, now) = (Desk::default(), Barrier::new(AT_ONCE), Clock::System.now());
        let visitor = Visitor { network: "192.0.2.1", device: "a script" };
        let guess = || {
            together.wait();
            matches!(desk.sign_in(store.main(), ("ana@acme.example", "a guess"), visitor, now), Err(SignInError::Refused))
        };
        let hashed = std::thread::scope(|scope| {
            let guesses: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(guess)).collect();
            guesses.into_iter().map(|guess| usize::from(guess.join().unwrap())).sum::<usize>()
        });
        assert!(hashed <= 8, "{hashed} of {AT_ONCE} were hashed");
        assert!(hashed > 0, "the desk was open");
    }
}
