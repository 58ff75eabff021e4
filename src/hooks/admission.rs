//! How many deliveries are at work at once, between the last byte of their body and their commit.
//!
//! A crowd of senders is not taken in to wait together: whoever comes when enough are at work is told at once when to come back, and those that
//! are at work are not slowed by the crowd. A body that is still coming is not counted, so that a slow sender holds nobody up.

use crate::base::error::{Code, Fault};
use crate::http::limits::Limits;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Places for deliveries that are at work.
#[derive(Debug)]
pub struct Admission {
    free: AtomicUsize,
}

/// One delivery's place, free again once this is dropped.
#[derive(Debug)]
pub struct Turn(Arc<Admission>);

impl Admission {
    pub const fn new(limits: &Limits) -> Self {
        Self { free: AtomicUsize::new(limits.deliveries_at_work) }
    }

    /// # Errors
    /// [`Code::Overloaded`] where all places are taken.
    pub fn admit(self: &Arc<Self>) -> Result<Turn, Fault> {
        let taken = self.free.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |free| free.checked_sub(1));
        taken.map(|_| Turn(Arc::clone(self))).map_err(|_| Fault::new(Code::Overloaded, "As many deliveries are at work as there may be"))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.free.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_comes_when_enough_are_at_work_is_told_to_come_back() {
        let admission = Arc::new(Admission::new(&Limits { deliveries_at_work: 2, ..Limits::default() }));
        let (first, second) = (admission.admit().unwrap(), admission.admit().unwrap());
        assert_eq!(admission.admit().map_err(|fault| fault.code()).err(), Some(Code::Overloaded));
        drop(first);
        let third = admission.admit();
        assert!(third.is_ok() && admission.admit().is_err());
        drop((second, third));
    }
}
