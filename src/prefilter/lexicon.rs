//! The words that point at a condition of the team's work, by family, with their points.
//!
//! Set by hand in this version: a family's points say how often its words meant such a condition when read, not how loud
//! they sound. Never a word about a person or a mood.

use super::kind::Kind;

/// Phrases that mean the same condition.
pub(super) struct Family {
    /// The feature's name in an explanation.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Thousandths for the first message that holds one of the phrases.
    pub(super) first: i32,
    /// Thousandths for each further message, up to [`MESSAGES_MAX`].
    pub(super) further: i32,
    /// Lower-case words with one space between them; a last `*` lets the last word go on.
    pub(super) phrases: &'static [&'static str],
}

/// Messages of a window that count for one family: a word said four times is not four times as telling.
pub(super) const MESSAGES_MAX: i32 = 3;

pub(super) static FAMILIES: &[Family] = &[Family {
    name: "waiting",
    kind: Kind::Delivery,
    first: 250,
    further: 60,
    phrases: &["waiting on", "waiting for", "still waiting", "blocked by", "blocked on"],
}];
