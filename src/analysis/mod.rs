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

/// Words a candidate on this machine and checks the words. `is_name` knows what people are called, in lower case.
///
/// The gate is given those names that stand among the words of people in the candidate. The other words of
/// [`provider::builtin`] are fixed and can hold none, and a handle that is an ordinary word (`open`) would drop every
/// pattern. Words of a model are checked against all.
pub fn analyse(candidate: Candidate, is_name: &dyn Fn(&str) -> bool) -> Result<Cleared, Dropped> {
    let words: Vec<String> = candidate.facts.words().iter().filter(|word| is_name(&word.to_lowercase())).cloned().collect();
    let names: Vec<&str> = words.iter().map(String::as_str).collect();
    gate::cleared::clear(provider::builtin::word(candidate), &names)
}
