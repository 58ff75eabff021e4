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
    /// The machine's clock moved by a fixed amount: a sandbox started with `--as-of`.
    Offset(SignedDuration),
    /// Stands still until it is stepped: the demo and the tests. Microseconds since the Unix epoch.
    Stepped(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at` until [`Clock::step_to`] moves it.
    pub fn stepped(at: Instant) -> Self {
        Self::Stepped(Arc::new(AtomicI64::new(at.as_microsecond())))
    }

    /// A clock that reads `at` now and runs on.
    pub fn starting_at(at: Instant) -> Self {
        Self::Offset(Instant::now().duration_until(at))
    }

    /// The present instant, cut to whole microseconds (what the store keeps).
    pub fn now(&self) -> Instant {
        let now = match self {
            Self::System => Instant::now(),
            Self::Offset(by) => Instant::now().saturating_add(*by).unwrap_or(Instant::MAX),
            Self::Stepped(at) => return micros(at.load(Ordering::SeqCst)),
        };
        micros(now.as_microsecond())
    }

    /// Moves a stepped clock; every other kind answers `false` and stays.
    pub fn step_to(&self, to: Instant) -> bool {
        match self {
            Self::Stepped(at) => {
                at.store(to.as_microsecond(), Ordering::SeqCst);
                true
            }
            Self::System | Self::Offset(_) => false,
        }
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
