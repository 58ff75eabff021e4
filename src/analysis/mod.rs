//! From a candidate to a finding that may be told: worded by a provider, then checked by the gate.
//!
//! The only provider so far is [`provider::builtin`]: it words a pattern from its detector's own numbers, on this machine.
//! Whatever words a finding, only the gate makes a [`Cleared`] of it, and only a [`Cleared`] becomes a pattern.

pub mod finding;
pub mod gate;
pub mod provider;
#[cfg(test)]
mod tests;

use crate::detection::candidate::Candidate;
pub use finding::{Finding, sources_in_words};
pub use gate::Dropped;
pub use gate::cleared::Cleared;

/// Words a candidate on this machine and checks the words.
///
/// The gate is given no names of people here: the words of [`provider::builtin`] are fixed and can hold none, and a handle
/// that is an ordinary word (`open`) would drop every pattern. Words of a model are checked against them.
pub fn analyse(candidate: Candidate) -> Result<Cleared, Dropped> {
    gate::cleared::clear(provider::builtin::word(candidate), &[])
}
