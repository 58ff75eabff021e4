//! How a new pattern is named.

use crate::base::error::Fault;
use crate::base::id::PatternId;
use crate::crypto::{hash, random};
use crate::detection::candidate::Candidate;

/// Where the ids of new patterns come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternIds {
    /// The operating system's randomness.
    Random,
    /// See [`derived_id`]: for the demo, whose runs can then be compared byte by byte. Nothing else of it is predictable.
    Derived,
}

impl PatternIds {
    pub(super) fn next(self, candidate: &Candidate) -> Result<PatternId, Fault> {
        match self {
            Self::Random => Ok(PatternId::new(candidate.at, random::bytes()?)),
            Self::Derived => Ok(derived_id(candidate)),
        }
    }
}

/// An id made of what was found, where and when: the same history gives the same ids. Whoever knows a history knows its ids,
/// so it is not for an installation that holds anything real; nor for one that reads the same place through two connections.
pub fn derived_id(candidate: &Candidate) -> PatternId {
    let parts = [candidate.detector.as_bytes(), candidate.scope.external_id().as_bytes()];
    let digest = hash::in_domain("smartretro/pattern-id/v1", &parts);
    PatternId::new(candidate.at, digest.first_chunk().copied().unwrap_or_default())
}
