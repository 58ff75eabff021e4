//! The sources that stand for a pattern: a sample balanced over people, so that it never becomes a list about one of them.
//!
//! Never: a person's id in the result, or an order that follows people.

use super::candidate::{EVIDENCE_MAX, EVIDENCE_MIN, Evidence, number};
use crate::base::id::PersonId;
use crate::signals::Signal;
use std::collections::{HashMap, HashSet};

/// No one may stand behind more than one in this many sources (DECISIONS, 'People').
const PART_OF_SAMPLE: f64 = 3.0;
/// Thirds and fifths do not add up to a whole exactly.
const ROUNDING: f64 = 1e-9;

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

/// One thing that counts towards a pattern and is the work of several: each stands behind an equal part of it.
#[derive(Clone, Copy, Debug)]
pub struct Joint<'a> {
    pub signal: &'a Signal,
    /// Each once; empty where nobody is known.
    pub people: &'a [PersonId],
}

/// The largest sample of at most [`EVIDENCE_MAX`] in which no person is behind more than a third, preferring what comes
/// first in `items`; in order of time. People nobody knows are treated as one person. `None` where fewer than
/// [`EVIDENCE_MIN`] sources are left.
pub fn balanced(items: &[Item<'_>]) -> Option<Sample> {
    pick(items.iter().map(|item| (item.signal, vec![item.person])))
}

/// The same of what is the work of several: who stands behind a source with others counts for their part of it.
pub fn balanced_jointly(items: &[Joint<'_>]) -> Option<Sample> {
    let people = |item: &Joint<'_>| match item.people {
        [] => vec![None],
        people => people.iter().copied().map(Some).collect(),
    };
    pick(items.iter().map(|item| (item.signal, people(item))))
}

fn pick<'a>(items: impl Iterator<Item = (&'a Signal, Vec<Option<PersonId>>)>) -> Option<Sample> {
    let mut known = HashSet::new();
    let mut open: Vec<(Evidence, Vec<Option<PersonId>>)> = Vec::new();
    for (signal, people) in items {
        if let Some(evidence) = Evidence::of(signal).filter(|evidence| known.insert(evidence.id.clone())) {
            open.push((evidence, people));
        }
    }
    let total = open.len();
    let mut evidence = (EVIDENCE_MIN..=EVIDENCE_MAX.min(total)).rev().find_map(|size| of_size(&open, size))?;
    evidence.sort_by(|left, right| (left.at, &left.id).cmp(&(right.at, &right.id)));
    Some(Sample { evidence, total })
}

/// The first so many sources in which no person is behind more than a third; `None` where there are not so many.
fn of_size(open: &[(Evidence, Vec<Option<PersonId>>)], size: usize) -> Option<Vec<Evidence>> {
    let most = number(size) / PART_OF_SAMPLE + ROUNDING;
    let mut behind: HashMap<Option<PersonId>, f64> = HashMap::new();
    let mut sample = Vec::with_capacity(size);
    for (evidence, people) in open {
        let part = 1.0 / number(people.len().max(1));
        let has_room = people.iter().all(|person| behind.get(person).copied().unwrap_or(0.0) + part <= most);
        if has_room && sample.len() < size {
            for person in people {
                *behind.entry(*person).or_default() += part;
            }
            sample.push(evidence.clone());
        }
    }
    (sample.len() == size).then_some(sample)
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

    #[test]
    fn who_works_with_others_stands_behind_a_part() {
        let mut story = Story::starting("2026-03-02T09:00:00Z");
        for number in 0..6 {
            story.open(&format!("{number}"), 1);
        }
        let signals = story.signals();
        let size_of = |people: &[&[u8]]| {
            let people: Vec<Vec<PersonId>> = people.iter().map(|people| people.iter().map(|number| person(*number)).collect()).collect();
            let items: Vec<Joint<'_>> = signals.iter().zip(&people).map(|(signal, people)| Joint { signal, people }).collect();
            balanced_jointly(&items).map(|sample| sample.evidence.len())
        };
        assert_eq!(size_of(&[&[1], &[2], &[3]]), Some(3), "as one by one");
        assert_eq!(size_of(&[&[1, 2], &[2, 3], &[1, 3]]), Some(3), "each behind two halves of three");
        assert_eq!(size_of(&[&[1, 2, 3, 4, 5], &[1, 2, 3, 4, 5], &[1, 2, 3, 4, 5]]), Some(3), "everyone behind a fifth of each");
        assert_eq!(size_of(&[&[1, 2], &[1, 3], &[1, 4]]), None, "one behind half of all");
        assert_eq!(size_of(&[&[], &[], &[]]), None, "nobody knows who");
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
