//! What a window shows: which families of words, how many messages and voices.
//!
//! Never which voice: authors are compared with each other and forgotten.

use super::Line;
use super::explain::{Reason, Score};
use super::kind::KindSums;
use super::lexicon::{FAMILIES, MESSAGES_MAX};
use super::plain::Plain;
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

/// Words before a phrase in which a negation takes it back (Pang, Lee and Vaithyanathan 2002 use up to the next
/// punctuation; three words is what the design measured).
const NEGATION_WORDS: usize = 3;

/// Words that take back what follows.
const NEGATIONS: &[&str] = &[
    "not", "no", "never", "without", "nothing", "isn't", "wasn't", "don't", "doesn't", "didn't", "nicht", "kein", "keine", "pas", "sans",
    "sin", "não", "sem",
];

/// The phrases as one immutable automaton, and the family of each.
struct Phrases {
    automaton: Option<AhoCorasick>,
    family_of: Vec<usize>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let mut patterns = Vec::new();
    let mut family_of = Vec::new();
    for (index, family) in FAMILIES.iter().enumerate() {
        for phrase in family.phrases {
            patterns.push(pattern_of(phrase));
            family_of.push(index);
        }
    }
    let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(patterns).ok();
    Phrases { automaton, family_of }
});

/// A phrase in the form of a [`Plain`]: each word between two spaces; a last `*` leaves the last word open.
fn pattern_of(phrase: &str) -> String {
    let mut pattern = String::new();
    for word in phrase.split(' ') {
        pattern.push(' ');
        match word.strip_suffix('*') {
            Some(stem) => pattern.push_str(stem),
            None => {
                pattern.push_str(word);
                pattern.push(' ');
            }
        }
    }
    pattern
}

pub(super) fn weigh(window: &[Line<'_>]) -> Score {
    let mut messages = vec![0_i32; FAMILIES.len()];
    for line in window {
        let plain = Plain::of(line.text);
        for index in families_in(&plain) {
            if let Some(count) = messages.get_mut(index) {
                *count += 1;
            }
        }
    }
    let mut kinds = KindSums::default();
    let mut why = Vec::new();
    for (family, &count) in FAMILIES.iter().zip(&messages).filter(|&(_, &count)| count > 0) {
        let points = family.first + family.further * (count.min(MESSAGES_MAX) - 1);
        kinds.add(family.kind, points);
        why.push(Reason { feature: family.name, points });
    }
    Score::of(why, kinds)
}

/// The families that the words of a message belong to, each once.
fn families_in(plain: &Plain) -> Vec<usize> {
    let text = plain.as_str();
    let mut families = Vec::new();
    let Some(automaton) = &PHRASES.automaton else { return families };
    for found in automaton.find_iter(text) {
        let Some(&family) = PHRASES.family_of.get(found.pattern().as_usize()) else { continue };
        if !families.contains(&family) && !is_negated(text.get(..found.start()).unwrap_or_default()) {
            families.push(family);
        }
    }
    families
}

/// Whether one of the last [`NEGATION_WORDS`] words of the same sentence is a negation.
fn is_negated(before: &str) -> bool {
    before
        .split_ascii_whitespace()
        .rev()
        .take_while(|word| !matches!(*word, "." | "?" | "!"))
        .take(NEGATION_WORDS)
        .any(|word| NEGATIONS.contains(&word))
}
