//! Whether this installation can do its work.

use crate::base::clock::Instant;
use crate::base::error::{Code, Fault};
use crate::store::Store;
use serde::{Deserialize, Serialize};

/// What `/readyz` answers.
#[derive(Debug)]
pub enum Readiness {
    Ready,
    /// It cannot take deliveries. The words are for the operator's log: they name paths, and anybody may ask.
    NotReady(Fault),
}

/// What a running server says of itself, to the operator of its machine alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerHealth {
    pub version: String,
    pub pid: u32,
    pub started_at: Instant,
    /// By the server's own clock, which a sandbox may set.
    pub now: Instant,
    /// Where it listens, as a URL.
    pub url: String,
    /// Where it answers `/metrics`.
    pub metrics: Option<String>,
    /// Why it takes no deliveries, where that is so.
    pub not_ready: Option<String>,
    /// Writes that wait.
    pub waiting: usize,
    pub open_files: u64,
    pub is_dumpable: bool,
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

/// How many writes wait, in all databases together.
pub fn waiting(store: &Store) -> usize {
    let orgs = store.orgs().into_iter().filter_map(|id| store.org(id).ok().flatten());
    store.main().waiting() + orgs.map(|org| org.waiting()).sum::<usize>()
}
