//! What a number may be about, and how many people must stand behind it.

use crate::base::id::PersonId;
use std::collections::HashMap;

/// Fewest people who were active in a team before anything is said about it (DECISIONS, 'People').
pub const ACTIVE_MEMBERS_MIN: usize = 5;
/// Fewest distinct people whose signals make up a pattern.
pub const CONTRIBUTORS_MIN: usize = 3;

/// What a number may be about: a team, a channel, a repository.
///
/// Sealed. A person is not here, so a person cannot be measured, ranked or predicted.
pub trait Subject: sealed::Sealed {}

impl Subject for crate::base::id::TeamId {}
impl sealed::Sealed for crate::base::id::TeamId {}

/// Closed to the crate: whoever adds a subject does it in plain sight of the promise that it is no person.
pub(crate) mod sealed {
    pub trait Sealed {}
}

/// A group that is large enough to be spoken of.
///
/// Only [`Cohort::of`] makes one; it holds sizes, never people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cohort {
    active: usize,
    contributors: usize,
}

impl Cohort {
    /// The cohort of a pattern, or `None` where the group is too small: fewer than [`ACTIVE_MEMBERS_MIN`] active, fewer
    /// than [`CONTRIBUTORS_MIN`] distinct contributors, or one person behind more than half of the items.
    ///
    /// `items` has one entry per item of evidence; an item nobody known stands behind is `None` and counts for no one.
    pub fn of(active: usize, items: impl IntoIterator<Item = Option<PersonId>>) -> Option<Self> {
        let mut counts: HashMap<PersonId, usize> = HashMap::new();
        let mut total = 0_usize;
        for person in items.into_iter().flatten() {
            *counts.entry(person).or_default() += 1;
            total += 1;
        }
        let largest = counts.values().copied().max().unwrap_or(0);
        let is_large = active >= ACTIVE_MEMBERS_MIN && counts.len() >= CONTRIBUTORS_MIN && largest * 2 <= total;
        is_large.then_some(Self { active, contributors: counts.len() })
    }

    pub const fn contributors(&self) -> usize {
        self.contributors
    }

    pub const fn active(&self) -> usize {
        self.active
    }
}
