//! The thread that wakes up, does what is due, and stops when told.

use crate::base::clock::{Clock, Instant, Pace, SignedDuration};
use crate::base::error::Fault;
use crate::capture::Desk;
use crate::jobs::housekeeping;
use crate::jobs::pipeline::{self, Ran};
use crate::members::orphans::Orphans;
use crate::orgs::unheard;
use crate::patterns::PatternIds;
use crate::store::Store;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often the worker wakes up: a look may come this much after 06:00.
const WAKE_EVERY: Duration = Duration::from_secs(20);
/// How often it sweeps up: retention is counted in days.
const SWEEP_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// Everything that is done in the background, by one at a time: the worker, or whoever moves a sandbox's clock.
pub struct Jobs {
    store: Store,
    desk: Arc<Desk>,
    clock: Clock,
    ids: PatternIds,
    turn: Mutex<Orphans>,
    is_over: AtomicBool,
}

impl Jobs {
    pub fn new(store: Store, desk: Arc<Desk>, clock: Clock, ids: PatternIds) -> Self {
        Self { store, desk, clock, ids, turn: Mutex::default(), is_over: AtomicBool::new(false) }
    }

    /// Whoever does what is due ends after the look that is being made, and nobody begins again: a backlog of years must not hold up the
    /// end of the process.
    pub fn stop(&self) {
        self.is_over.store(true, Ordering::SeqCst);
    }

    /// Does everything that is due by now: every missed look in order, and the sweeping up where it is due.
    pub fn run_due(&self, is_sweep_due: bool) -> Result<Ran, Fault> {
        let mut orphans = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        for id in self.store.orgs() {
            let Some(org) = self.store.org(id)? else { continue };
            if self.clock.is_the_machines() {
                unheard::beat(&org, now)?;
            }
            if pipeline::run_due(&org, now, self.ids, &|| self.is_over.load(Ordering::SeqCst))? == Ran::Stopped {
                return Ok(Ran::Stopped);
            }
            if is_sweep_due {
                housekeeping::sweep(&org, &self.desk, now)?;
                orphans.sweep(self.store.main(), &org, now)?;
            }
        }
        Ok(Ran::ToTheEnd)
    }
}

/// The running worker. Dropping it stops the thread and waits for it.
pub struct Worker {
    jobs: Arc<Jobs>,
    bell: Arc<Bell>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Bell {
    is_over: Mutex<bool>,
    rang: Condvar,
}

impl Worker {
    /// Starts the thread.
    pub fn start(jobs: Arc<Jobs>) -> Result<Self, Fault> {
        let bell = Arc::new(Bell::default());
        let (heard, done) = (Arc::clone(&bell), Arc::clone(&jobs));
        let thread = std::thread::Builder::new().name("jobs".to_owned()).spawn(move || work(&heard, &done)).map_err(|error| {
            Fault::new(crate::base::error::Code::Io, "The thread for background work could not be started").because(error)
        })?;
        Ok(Self { jobs, bell, thread: Some(thread) })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.jobs.stop();
        *self.bell.is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.rang.notify_all();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn work(bell: &Bell, jobs: &Jobs) {
    let mut swept_at: Option<Instant> = None;
    let mut pace = Pace::starting(&jobs.clock);
    let mut has_leapt = false;
    loop {
        let now = jobs.clock.now();
        let leaps = pace.has_leapt(now);
        if leaps && !has_leapt {
            tracing::warn!("the clock has leapt forward; nothing is deleted by its age until it is set back, or for a day");
        }
        has_leapt = leaps;
        let is_sweep_due = !has_leapt && swept_at.is_none_or(|at| now.duration_since(at) >= SWEEP_EVERY || now < at);
        match jobs.run_due(is_sweep_due) {
            Err(fault) => tracing::error!(code = fault.code().as_str(), "background work failed; it is tried again"),
            Ok(Ran::ToTheEnd) if is_sweep_due => swept_at = Some(now),
            Ok(_) => {}
        }
        let is_over = bell.is_over.lock().unwrap_or_else(PoisonError::into_inner);
        let (is_over, _) = bell.rang.wait_timeout_while(is_over, WAKE_EVERY, |is_over| !*is_over).unwrap_or_else(PoisonError::into_inner);
        if *is_over {
            return;
        }
    }
}
