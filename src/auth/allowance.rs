//! How often somebody may do a thing that costs others, in bounded memory, forgotten at restart.

use crate::auth::ledger::{Ledger, Since};
use crate::base::clock::{Instant, SignedDuration};
use std::sync::{Mutex, PoisonError};

/// Keys that are remembered: as many as a large organisation has members.
const KEYS_MAX: usize = 10_000;

/// So many times in a span of time, for each key.
#[derive(Debug)]
pub struct Allowance {
    most: u32,
    span: SignedDuration,
    used: Mutex<Ledger<String>>,
}

impl Allowance {
    pub(super) fn of(most: u32, span: SignedDuration) -> Self {
        Self { most, span, used: Mutex::new(Ledger::new(KEYS_MAX, span, Since::First)) }
    }

    /// Uses it once, or answers the seconds to wait.
    pub fn take(&self, key: &str, now: Instant) -> Result<(), u64> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = used.get(key, now).filter(|entry| entry.count >= self.most) {
            let left = used.left(&entry, now).unwrap_or(self.span);
            return Err(u64::try_from(left.as_secs()).unwrap_or(0).max(1));
        }
        used.add(key.to_owned(), now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_up_comes_back_with_time() {
        let allowance = Allowance::of(2, SignedDuration::from_hours(1));
        let at = |minute: i64| "2026-01-01T00:00:00Z".parse::<Instant>().unwrap() + SignedDuration::from_mins(minute);
        assert_eq!([0, 1].map(|minute| allowance.take("ana", at(minute))), [Ok(()), Ok(())]);
        assert_eq!(allowance.take("ana", at(2)), Err(58 * 60));
        assert_eq!(allowance.take("ben", at(2)), Ok(()), "another's is their own");
        assert_eq!(allowance.take("ana", at(60)), Ok(()));
    }
}
