//! What a conversation may be about, as a team would write it on a sticky note.
//!
//! Never a mood and never a person: the nine kinds name conditions of the work.

use crate::signals::words;

words! {
    /// The kind of pattern that the words of a conversation point at.
    Kind {
        /// Waiting, blocked, slow review, stalled or overloaded work.
        Delivery = "delivery",
        /// Build and tests: broken, flaky, slow.
        Ci = "ci",
        /// Releases, deploys, outages, incidents.
        Release = "release",
        /// Nobody knows who owns or decides something, or what is wanted.
        Ownership = "ownership",
        /// Regressions, reverts, work lost or done twice.
        Rework = "rework",
        /// Tools, environments and documentation that get in the way.
        Tooling = "tooling",
        /// The same question again; only one person knows.
        Knowledge = "knowledge",
        /// Meetings, process, communication.
        Process = "process",
        /// A way of working that worked and is worth keeping.
        Positive = "positive",
    }
}

impl Kind {
    const fn index(self) -> usize {
        self as usize
    }
}

/// Points that the words of a window gave to each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindSums([i32; Kind::ALL.len()]);

impl KindSums {
    pub(super) fn add(&mut self, kind: Kind, points: i32) {
        if let Some(sum) = self.0.get_mut(kind.index()) {
            *sum = sum.saturating_add(points);
        }
    }

    /// Points of `kind`, in thousandths of the score.
    pub fn of(&self, kind: Kind) -> i32 {
        self.0.get(kind.index()).copied().unwrap_or(0)
    }

    /// The kind with most points; the earlier one in [`Kind::ALL`] on a tie; `None` where no word pointed anywhere.
    pub fn largest(&self) -> Option<Kind> {
        let most = self.0.iter().copied().max().filter(|&points| points > 0)?;
        Kind::ALL.iter().copied().find(|&kind| self.of(kind) == most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_own_sum() {
        for (position, kind) in Kind::ALL.iter().enumerate() {
            assert_eq!(kind.index(), position);
        }
    }

    #[test]
    fn the_largest_sum_names_the_kind_and_silence_names_none() {
        let mut sums = KindSums::default();
        assert_eq!(sums.largest(), None);
        sums.add(Kind::Process, 50);
        sums.add(Kind::Ci, 80);
        sums.add(Kind::Process, 40);
        assert_eq!(sums.largest(), Some(Kind::Process));
        sums.add(Kind::Ci, 10);
        assert_eq!(sums.largest(), Some(Kind::Ci), "a tie goes to the earlier kind");
    }
}
