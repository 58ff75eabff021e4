//! The only reader of the wall clock.
//!
//! Time comes in through a [`Clock`] that is handed down, so that a test, the demo and a sandbox can drive it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

pub use jiff::{SignedDuration, Timestamp as Instant};

/// Where `now` comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's own clock.
    System,
    /// The machine's clock moved by an amount, in microseconds: a sandbox, whose clock may be set.
    Offset(Arc<AtomicI64>),
    /// Stands still until it is set: the demo and the tests. Microseconds since the Unix epoch.
    Stepped(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at` until [`Clock::set`] moves it.
    pub fn stepped(at: Instant) -> Self {
        Self::Stepped(Arc::new(AtomicI64::new(at.as_microsecond())))
    }

    /// A clock that reads `at` now and runs on; without `at`, the present.
    pub fn sandbox(at: Option<Instant>) -> Self {
        let clock = Self::Offset(Arc::new(AtomicI64::new(0)));
        if let Some(at) = at {
            clock.set(at);
        }
        clock
    }

    /// The present instant, cut to whole microseconds (what the store keeps).
    pub fn now(&self) -> Instant {
        match self {
            Self::System => micros(Instant::now().as_microsecond()),
            Self::Offset(by) => micros(Instant::now().as_microsecond().saturating_add(by.load(Ordering::SeqCst))),
            Self::Stepped(at) => micros(at.load(Ordering::SeqCst)),
        }
    }

    /// Makes the clock read `to` now. The machine's own clock answers `false` and stays.
    pub fn set(&self, to: Instant) -> bool {
        match self {
            Self::System => return false,
            Self::Offset(by) => by.store(to.as_microsecond().saturating_sub(Instant::now().as_microsecond()), Ordering::SeqCst),
            Self::Stepped(at) => at.store(to.as_microsecond(), Ordering::SeqCst),
        }
        true
    }
}

/// The instant `us` microseconds after the Unix epoch; the end of time where that is out of range.
pub fn micros(us: i64) -> Instant {
    Instant::from_microsecond(us).unwrap_or(Instant::MAX)
}

/// A half-open stretch of time: `from` belongs to it, `to` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Window {
    pub from: Instant,
    pub to: Instant,
}

impl Window {
    /// The `days` days of 24 hours that end at `to`.
    pub fn days_before(to: Instant, days: i64) -> Self {
        Self { from: to.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Instant::MIN), to }
    }

    pub fn contains(&self, at: Instant) -> bool {
        self.from <= at && at < self.to
    }
}
