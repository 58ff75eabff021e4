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

    /// Whether it is the machine's own: in a sandbox time is made up.
    pub const fn is_the_machines(&self) -> bool {
        matches!(self, Self::System)
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

/// How far the clock may run ahead of the time that passes before it is said to have leapt: more than any correction of a
/// clock that runs badly.
const LEAP_MIN: SignedDuration = SignedDuration::from_hours(1);
/// After so much time without being set back, a clock that leapt is believed: a machine that slept leaps too.
const BELIEVED_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Compares the clock with the time that passes, as the machine counts it whatever its clock is set to.
#[derive(Debug)]
pub struct Pace {
    began: std::time::Instant,
    judged: Judged,
}

/// What a [`Pace`] remembers: pure, so that it can be tested.
#[derive(Debug)]
struct Judged {
    /// What the clock showed when so much time had passed.
    anchor: (Instant, SignedDuration),
    leapt_after: Option<SignedDuration>,
}

impl Pace {
    pub fn starting(clock: &Clock) -> Self {
        Self { began: std::time::Instant::now(), judged: Judged { anchor: (clock.now(), SignedDuration::ZERO), leapt_after: None } }
    }

    /// Whether the clock, which shows `now`, has leapt forward further than the time that passed explains. It is believed
    /// again when it was set back, or after a day.
    pub fn has_leapt(&mut self, now: Instant) -> bool {
        let passed = SignedDuration::try_from(self.began.elapsed()).unwrap_or(SignedDuration::MAX);
        self.judged.has_leapt(now, passed)
    }
}

impl Judged {
    fn has_leapt(&mut self, now: Instant, passed: SignedDuration) -> bool {
        let (shown, then) = self.anchor;
        let lead = shown.duration_until(now).saturating_sub(passed.saturating_sub(then));
        let is_believed = self.leapt_after.is_some_and(|leapt| passed.saturating_sub(leapt) >= BELIEVED_AFTER);
        if lead <= LEAP_MIN || is_believed {
            self.leapt_after = None;
            if lead < SignedDuration::ZERO || is_believed {
                self.anchor = (now, passed);
            }
            return false;
        }
        self.leapt_after.get_or_insert(passed);
        true
    }
}

/// Measures how long something takes, whatever the clock is set to.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    pub fn elapsed(&self) -> std::time::Duration {
        self.0.elapsed()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_leaps_is_not_believed_until_it_is_set_back_or_a_day_has_passed() {
        let start: Instant = "2026-03-02T09:00:00Z".parse().unwrap();
        let hours = SignedDuration::from_hours;
        let mut judged = Judged { anchor: (start, SignedDuration::ZERO), leapt_after: None };
        assert!(!judged.has_leapt(start + hours(100), hours(99)), "an hour ahead after four days");
        assert!(judged.has_leapt(start + hours(102), hours(100)));
        assert!(judged.has_leapt(start + hours(5_000), hours(123)));
        assert!(!judged.has_leapt(start + hours(124), hours(124)), "it was set back");
        assert!(judged.has_leapt(start + hours(5_000), hours(125)), "a second leap begins anew");
        assert!(judged.has_leapt(start + hours(5_023), hours(148)));
        assert!(!judged.has_leapt(start + hours(5_024), hours(149)), "a day later it is believed");
        assert!(!judged.has_leapt(start + hours(5_100), hours(225)));
        assert!(judged.has_leapt(start + hours(5_200), hours(226)));

        let mut ahead_at_the_start = Judged { anchor: (start + hours(9_000), SignedDuration::ZERO), leapt_after: None };
        assert!(!ahead_at_the_start.has_leapt(start + hours(1), hours(1)), "set back: counted from there");
        assert!(ahead_at_the_start.has_leapt(start + hours(9_000), hours(2)));
    }
}
