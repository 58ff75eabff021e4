//! Whether this installation can do its work.

use crate::base::error::{Code, Fault};
use crate::store::Store;

/// What `/readyz` answers.
#[derive(Debug)]
pub enum Readiness {
    Ready,
    /// It cannot take deliveries. The words are for the operator's log: they name paths, and anybody may ask.
    NotReady(Fault),
}

/// Opens every file that belongs here, and asks each whether it takes writes.
pub fn readiness(store: &Store) -> Readiness {
    match first_problem(store) {
        Ok(None) => Readiness::Ready,
        Ok(Some(problem)) => Readiness::NotReady(problem),
        Err(fault) => Readiness::NotReady(fault),
    }
}

fn first_problem(store: &Store) -> Result<Option<Fault>, Fault> {
    if let Some(problem) = store.main().fenced() {
        return Ok(Some(Fault::new(Code::Fenced, problem)));
    }
    for id in store.orgs() {
        if let Some(problem) = store.org(id)?.and_then(|org| org.fenced()) {
            return Ok(Some(Fault::new(Code::Fenced, problem)));
        }
    }
    Ok(None)
}
