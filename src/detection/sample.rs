//! The sources that stand for a pattern: a sample balanced over people, so that it never becomes a list about one of them.
//!
//! Never: a person's id in the result, or an order that follows people.

use super::candidate::{EVIDENCE_MAX, EVIDENCE_MIN, Evidence};
use crate::base::id::PersonId;
use crate::signals::Signal;
use std::collections::{HashMap, HashSet};

/// No one may stand behind more than one in this many sources (DECISIONS, 'People').
const PART_OF_SAMPLE: usize = 3;

/// One thing that counts towards a pattern: what to show for it, and who is behind it.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    pub signal: &'a Signal,
    pub person: Option<PersonId>,
}

/// The sources that are shown, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// In order of time.
    pub evidence: Vec<Evidence>,
    /// Everything that could have been shown, each thing once.
    pub total: usize,
}

/// The largest sample of at most [`EVIDENCE_MAX`] in which no person is behind more than a third, preferring what comes
/// first in `items`; in order of time. People nobody knows are treated as one person. `None` where fewer than
/// [`EVIDENCE_MIN`] sources are left.
pub fn balanced(items: &[Item<'_>]) -> Option<Sample> {
    let mut known = HashSet::new();
    let mut open: Vec<(Evidence, Option<PersonId>)> = Vec::new();
    for item in items {
        if let Some(evidence) = Evidence::of(item.signal).filter(|evidence| known.insert(evidence.id.clone())) {
            open.push((evidence, item.person));
        }
    }
    let total = open.len();
    let mut counts: HashMap<Option<PersonId>, usize> = HashMap::new();
    for (_, person) in &open {
        *counts.entry(*person).or_default() += 1;
    }
    let fits = |size: &usize| counts.values().map(|count| (*count).min(size / PART_OF_SAMPLE)).sum::<usize>() >= *size;
    let size = (EVIDENCE_MIN..=EVIDENCE_MAX.min(total)).rev().find(fits)?;

    let mut taken: HashMap<Option<PersonId>, usize> = HashMap::new();
    let mut sample: Vec<Evidence> = Vec::with_capacity(size);
    for (evidence, person) in open {
        let count = taken.entry(person).or_default();
        if sample.len() < size && *count < size / PART_OF_SAMPLE {
            *count += 1;
            sample.push(evidence);
        }
    }
    sample.sort_by(|left, right| (left.at, &left.id).cmp(&(right.at, &right.id)));
    Some(Sample { evidence: sample, total })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detection::tests::story::{Story, person};
    use proptest::prelude::*;

    fn sample_of(people: &[u8]) -> Option<Vec<PersonId>> {
        let mut story = Story::starting("2026-03-02T09:00:00Z");
        for (number, person) in people.iter().enumerate() {
            story.open(&format!("{number}"), *person);
        }
        let signals = story.signals();
        let items: Vec<Item<'_>> = signals.iter().map(|signal| Item { signal, person: signal.actor }).collect();
        let number = |evidence: &Evidence| evidence.id.rsplit(':').next().unwrap().parse::<usize>().unwrap();
        Some(balanced(&items)?.evidence.iter().map(|evidence| person(people[number(evidence)])).collect())
    }

    #[test]
    fn one_busy_person_fills_no_more_than_a_third() {
        assert_eq!(sample_of(&[1, 1, 1, 1, 2, 3]), Some([1, 2, 3].map(person).to_vec()));
        assert_eq!(sample_of(&[1, 1, 1, 2, 2, 3, 3]), Some([1, 1, 2, 2, 3, 3].map(person).to_vec()));
        assert_eq!(sample_of(&[1, 1, 2, 2]), None, "two people cannot be balanced");
    }

    #[test]
    fn what_is_not_shown_is_counted() {
        let mut story = Story::starting("2026-03-02T09:00:00Z");
        for (number, person) in [1, 1, 1, 1, 2, 3].into_iter().enumerate() {
            story.open(&format!("{number}"), person);
        }
        let signals = story.signals();
        let once: Vec<Item<'_>> = signals.iter().map(|signal| Item { signal, person: signal.actor }).collect();
        let twice = [once.clone(), once].concat();
        let sample = balanced(&twice).unwrap();
        assert_eq!((sample.evidence.len(), sample.total), (3, 6), "each thing once");
    }

    proptest! {
        #[test]
        fn no_one_is_behind_more_than_a_third(people in proptest::collection::vec(1_u8..8, 0..60)) {
            if let Some(sample) = sample_of(&people) {
                prop_assert!(sample.len() >= EVIDENCE_MIN && sample.len() <= EVIDENCE_MAX);
                for person in &sample {
                    let behind = sample.iter().filter(|other| *other == person).count();
                    prop_assert!(behind * 3 <= sample.len(), "{behind} of {}", sample.len());
                }
            }
        }

        #[test]
        fn three_people_always_make_a_sample(mut people in proptest::collection::vec(1_u8..8, 0..60)) {
            people.extend([1, 2, 3]);
            prop_assert!(sample_of(&people).is_some());
        }
    }
}
