//! How many deliveries of one organisation are at work at once, between the last byte of their body and their commit.
//!
//! A crowd of senders is not taken in to wait together: those that are at work are not slowed by it. Some tools send once and never again
//! (GitHub does), so whoever comes when enough are at work first waits a moment for a place, in the order in which they came, and only then is told
//! to come back. A body that is still coming is not counted, so that a slow sender holds nobody up; and where the disk of one organisation's file
//! stalls, the others go on.

use crate::base::error::{Code, Fault};
use crate::base::id::OrgId;
use crate::http::limits::Limits;
use actix_web::rt::time::timeout;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Places for deliveries that are at work.
#[derive(Debug)]
pub struct Admission {
    most: usize,
    wait: Duration,
    /// Of the organisations that were ever sent something.
    places: Mutex<HashMap<OrgId, Arc<Semaphore>>>,
}

/// One delivery's place, free again once this is dropped.
#[derive(Debug)]
pub struct Turn(#[expect(dead_code, reason = "held until it is dropped")] OwnedSemaphorePermit);

impl Admission {
    pub fn new(limits: &Limits) -> Self {
        Self { most: limits.deliveries_at_work, wait: limits.admission_wait, places: Mutex::default() }
    }

    /// # Errors
    /// [`Code::Overloaded`] where all places of an organisation that exists stay taken.
    pub async fn admit(&self, org: OrgId) -> Result<Turn, Fault> {
        let full = || Fault::new(Code::Overloaded, "As many deliveries are at work as there may be");
        let places = {
            let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(places.entry(org).or_insert_with(|| Arc::new(Semaphore::new(self.most))))
        };
        // They are never closed.
        let permit = timeout(self.wait, places.acquire_owned()).await.map_err(|_| full())?.map_err(|_| full())?;
        Ok(Turn(permit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn org(number: u8) -> OrgId {
        OrgId::from_bytes([number; 16])
    }

    #[actix_web::test]
    async fn whoever_finds_no_place_is_told_to_come_back_and_other_organisations_have_theirs() {
        let limits = Limits { deliveries_at_work: 2, admission_wait: Duration::ZERO, ..Limits::default() };
        let admission = Admission::new(&limits);
        let (first, second) = (admission.admit(org(1)).await.unwrap(), admission.admit(org(1)).await.unwrap());
        assert_eq!(admission.admit(org(1)).await.map_err(|fault| fault.code()).err(), Some(Code::Overloaded));
        assert!(admission.admit(org(2)).await.is_ok());
        drop(first);
        let third = admission.admit(org(1)).await;
        assert!(third.is_ok() && admission.admit(org(1)).await.is_err());
        drop((second, third));
    }
}
