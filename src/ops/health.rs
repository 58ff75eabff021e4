//! Whether this installation can do its work.

use crate::base::error::Fault;
use crate::store::Store;

/// What `/readyz` answers.
#[derive(Debug, PartialEq, Eq)]
pub enum Readiness {
    Ready,
    /// It cannot take deliveries; why, for the operator.
    NotReady(String),
}

/// Opens every file that belongs here, and asks each whether it takes writes.
pub fn readiness(store: &Store) -> Readiness {
    match first_problem(store) {
        Ok(None) => Readiness::Ready,
        Ok(Some(problem)) => Readiness::NotReady(problem),
        Err(fault) => Readiness::NotReady(fault.to_string()),
    }
}

fn first_problem(store: &Store) -> Result<Option<String>, Fault> {
    if let Some(problem) = store.main().fenced() {
        return Ok(Some(problem));
    }
    for id in store.orgs() {
        if let Some(problem) = store.org(id)?.and_then(|org| org.fenced()) {
            return Ok(Some(problem));
        }
    }
    Ok(None)
}
