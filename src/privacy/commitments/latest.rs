//! The latest result of a server's own checks: they read whole logs, so they are not carried out for each that asks.

use super::{Audience, Row, verify};
use crate::base::clock::{Clock, Stopwatch};
use crate::base::error::Fault;
use crate::store::Store;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How old a result may be.
const FRESH: Duration = Duration::from_mins(10);

/// What was found last, and when.
#[derive(Debug, Default)]
pub struct Latest(Mutex<Option<(Stopwatch, Vec<Row>)>>);

impl Latest {
    /// The rows of every promise, checked now or a short while ago. Whoever asks meanwhile waits for the same answer.
    ///
    /// # Errors
    /// Where the installation cannot be looked at.
    pub fn rows(&self, store: &Store, clock: &Clock) -> Result<Vec<Row>, Fault> {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, rows)) = latest.as_ref().filter(|(since, _)| since.elapsed() < FRESH) {
            return Ok(rows.clone());
        }
        let rows = verify(&store.glance()?, None, clock, Audience::Member);
        *latest = Some((Stopwatch::start(), rows.clone()));
        Ok(rows)
    }
}
