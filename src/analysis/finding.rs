//! A worded candidate, not yet checked.

use crate::detection::candidate::Candidate;

/// A candidate and the words for it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Where every number and source comes from; a provider never changes it.
    pub candidate: Candidate,
    /// One line.
    pub title: String,
    /// What was found, with its numbers.
    pub statement: String,
    /// Why it was told: the rule that it met.
    pub why: String,
    /// What would make it go away.
    pub goes_away: String,
    /// What a team might consider; people decide.
    pub options: Vec<Remedy>,
    /// The provider that worded it.
    pub worded_by: &'static str,
}

/// Something a team might consider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Remedy {
    /// Its lasting name, by which later outcomes are counted.
    pub id: &'static str,
    pub words: &'static str,
}
