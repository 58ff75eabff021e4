//! The latest result of a server's own checks for each organisation: they read whole logs, so they are not carried out for each that asks.

use super::{Audience, Row, verify};
use crate::base::clock::{Clock, Stopwatch};
use crate::base::error::{Code, Fault};
use crate::base::id::OrgId;
use crate::store::Store;
use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How old a result may be.
const FRESH: Duration = Duration::from_mins(10);
/// How many may wait for a check, which takes a thread of each: a team that opens the page together. More are told to come back.
const WAITING_MAX: usize = 16;

/// What was found last, and when.
#[derive(Debug, Default)]
pub struct Latest {
    known: Mutex<Known>,
    checked: Condvar,
}

#[derive(Debug, Default)]
struct Known {
    found: HashMap<OrgId, (Stopwatch, Vec<Row>)>,
    /// Somebody checks: one at a time in the whole installation.
    is_checking: bool,
    waiting: usize,
}

impl Latest {
    /// The rows of every promise as the members of `org` are told them, checked now or a short while ago. Whoever asks while they are being
    /// checked waits for the same answer.
    ///
    /// # Errors
    /// Where the installation cannot be looked at; [`Code::Overloaded`] where too many wait already.
    pub fn rows(&self, store: &Store, org: OrgId, clock: &Clock) -> Result<Vec<Row>, Fault> {
        self.rows_by(org, || Ok(verify(&store.glance()?, None, clock, Audience::MembersOf(org))))
    }

    fn rows_by(&self, org: OrgId, check: impl FnOnce() -> Result<Vec<Row>, Fault>) -> Result<Vec<Row>, Fault> {
        let mut known = self.lock();
        loop {
            if let Some((_, rows)) = known.found.get(&org).filter(|(since, _)| since.elapsed() < FRESH) {
                return Ok(rows.clone());
            }
            if !known.is_checking {
                break;
            }
            if known.waiting >= WAITING_MAX {
                return Err(Fault::new(Code::Overloaded, "The promises are being checked, and many wait for it already"));
            }
            known.waiting += 1;
            known = self.checked.wait(known).unwrap_or_else(PoisonError::into_inner);
            known.waiting -= 1;
        }
        known.is_checking = true;
        drop(known);
        let turn = Turn(self);
        let rows = check()?;
        self.lock().found.insert(org, (Stopwatch::start(), rows.clone()));
        drop(turn);
        Ok(rows)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to check. Dropping it, however the check ended, hands it on.
struct Turn<'a>(&'a Latest);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.lock().is_checking = false;
        self.0.checked.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    const OURS: OrgId = OrgId::from_bytes([1; 16]);
    const THEIRS: OrgId = OrgId::from_bytes([2; 16]);

    fn refused(found: Result<Vec<Row>, Fault>) -> Option<Code> {
        found.err().map(|fault| fault.code())
    }

    #[test]
    fn nobody_who_finds_an_answer_waits_for_a_check() {
        let latest = Latest::default();
        assert_eq!(latest.rows_by(OURS, || Ok(Vec::new())).ok(), Some(Vec::new()));
        let ((release, wait), (tell, began)) = (channel::<()>(), channel());
        std::thread::scope(|scope| {
            let checks = scope.spawn(|| {
                latest.rows_by(THEIRS, move || {
                    tell.send(()).unwrap();
                    wait.recv().unwrap();
                    Ok(Vec::new())
                })
            });
            began.recv().unwrap();
            assert_eq!(latest.rows_by(OURS, || panic!("it is known")).ok(), Some(Vec::new()));
            let waiters: Vec<_> =
                (0..WAITING_MAX).map(|_| scope.spawn(|| latest.rows_by(THEIRS, || panic!("it is being found")))).collect();
            while latest.lock().waiting < WAITING_MAX {
                std::thread::yield_now();
            }
            assert_eq!(refused(latest.rows_by(THEIRS, || panic!("it is being found"))), Some(Code::Overloaded));
            release.send(()).unwrap();
            assert_eq!(checks.join().unwrap().ok(), Some(Vec::new()));
            assert!(waiters.into_iter().all(|waiter| waiter.join().unwrap().is_ok_and(|rows| rows.is_empty())));
        });
    }

    #[test]
    fn a_check_that_fails_or_panics_leaves_its_turn_to_the_next() {
        let latest = Latest::default();
        assert_eq!(refused(latest.rows_by(OURS, || Err(Fault::new(Code::Io, "no disk")))), Some(Code::Io));
        let panics = || latest.rows_by(OURS, || panic!("a bug"));
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
        assert_eq!(latest.rows_by(OURS, || Ok(Vec::new())).ok(), Some(Vec::new()));
    }
}
