//! A worded candidate, not yet checked.

use crate::detection::candidate::{Candidate, EVIDENCE_MAX};

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

/// How many sources are shown, and of how many: no person may stand behind more than a third of them.
pub fn sources_in_words(shown: usize, total: usize) -> String {
    match (shown, total) {
        (EVIDENCE_MAX, total) if total > shown => format!("{shown} of {total} sources shown, the most that one can look through"),
        (shown, total) if total > shown => format!("{shown} of {total} sources shown: no person stands behind more than a third"),
        (shown, _) => format!("{shown} sources"),
    }
}

/// Something a team might consider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Remedy {
    /// Its lasting name, by which later outcomes are counted.
    pub id: &'static str,
    pub words: &'static str,
}

#[cfg(test)]
mod tests {
    use super::sources_in_words;

    #[test]
    fn it_is_said_where_sources_are_left_out() {
        assert_eq!(sources_in_words(5, 5), "5 sources");
        assert_eq!(sources_in_words(4, 5), "4 of 5 sources shown: no person stands behind more than a third");
        assert_eq!(sources_in_words(20, 31), "20 of 31 sources shown, the most that one can look through");
        assert_eq!(sources_in_words(20, 20), "20 sources");
    }
}
