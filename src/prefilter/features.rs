//! What a window shows: which words, in how many messages, from how many voices.
//!
//! Never which voice: authors are compared with each other and forgotten.

use super::Line;
use super::explain::{Reason, Score};
use super::kind::KindSums;
use super::lexicon::{FAMILIES, MESSAGES_MAX};
use super::pairs::{SUBJECTS, TROUBLE};
use super::plain::{Plain, Sentence};
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

/// Words before a phrase in which a negation takes it back. Three reach over an article and an adverb (`not really a
/// blocker`) and seldom into another thought.
const NEGATION_WORDS: usize = 3;

/// Words that take back what follows.
const NEGATIONS: &[&str] = &[
    "not", "no", "never", "without", "isn't", "aren't", "wasn't", "weren't", "don't", "doesn't", "didn't", "won't", "nicht", "kein",
    "keine", "keinen", "pas", "sans", "sin", "não", "sem",
];

/// Each message that names the team's work, whatever it says about it: such a window is about the team's own work and not
/// someone's homework.
const WORK_TALK: (&str, i32) = ("work_talk", 30);
const WORK_TALK_MESSAGES_MAX: i32 = 6;
/// Messages that name a part of the work and count for its kind.
const NAMED_MESSAGES_MAX: i32 = 6;
/// Each message with a word of trouble.
const TROUBLE_TALK: (&str, i32) = ("trouble_talk", 20);
const TROUBLE_TALK_MESSAGES_MAX: i32 = 4;
/// Two people say something telling.
const TWO_VOICES: (&str, i32) = ("two_voices", 50);
/// Three people or more do.
const THREE_VOICES: (&str, i32) = ("three_voices", 100);
/// Everything is said by one person: an announcement, or a question nobody took up.
const ONE_VOICE: (&str, i32) = ("one_voice", -60);

/// What a pattern of the automaton belongs to.
#[derive(Clone, Copy)]
enum Meaning {
    Family(usize),
    Subject(usize),
    Trouble,
}

/// Every phrase as one immutable automaton, and what each means.
struct Phrases {
    automaton: Option<AhoCorasick>,
    meanings: Vec<Meaning>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let families =
        FAMILIES.iter().enumerate().flat_map(|(index, family)| split(family.phrases).map(move |phrase| (phrase, Meaning::Family(index))));
    let subjects =
        SUBJECTS.iter().enumerate().flat_map(|(index, subject)| split(subject.words).map(move |phrase| (phrase, Meaning::Subject(index))));
    let trouble = split(TROUBLE).map(|phrase| (phrase, Meaning::Trouble));
    let (patterns, meanings): (Vec<String>, Vec<Meaning>) =
        families.chain(subjects).chain(trouble).map(|(phrase, meaning)| (pattern_of(phrase), meaning)).unzip();
    // Building fails only beyond sizes that no table of ours reaches; a test holds that it does not.
    Phrases { automaton: AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(patterns).ok(), meanings }
});

/// The phrases of a table row.
fn split(phrases: &'static str) -> impl Iterator<Item = &'static str> {
    phrases.split(',').map(str::trim)
}

/// A phrase in the form of a [`Plain`]: each word between two spaces; a last `*` leaves the last word open.
fn pattern_of(phrase: &str) -> String {
    let mut pattern = String::new();
    for word in phrase.split(' ') {
        pattern.push(' ');
        pattern.push_str(word.trim_end_matches('*'));
        if !word.ends_with('*') {
            pattern.push(' ');
        }
    }
    pattern
}

/// What one message, or a whole window, holds: counts of messages by feature.
struct Counts {
    families: Vec<i32>,
    subjects: Vec<i32>,
    pairs: Vec<i32>,
    work: i32,
    trouble: i32,
}

impl Counts {
    fn new() -> Self {
        Self { families: vec![0; FAMILIES.len()], subjects: vec![0; SUBJECTS.len()], pairs: vec![0; SUBJECTS.len()], work: 0, trouble: 0 }
    }
}

/// What one sentence says, as sets of table rows.
#[derive(Clone, Copy, Default)]
struct Said {
    families: u64,
    subjects: u64,
    pairs: u64,
    has_trouble: bool,
}

impl Said {
    fn and(self, other: Self) -> Self {
        Self {
            families: self.families | other.families,
            subjects: self.subjects | other.subjects,
            pairs: self.pairs | other.pairs,
            has_trouble: self.has_trouble || other.has_trouble,
        }
    }

    fn is_telling(self) -> bool {
        self.pairs != 0 || FAMILIES.iter().enumerate().any(|(index, family)| has(self.families, index) && family.first > 0)
    }

    fn names_work(self) -> bool {
        SUBJECTS.iter().enumerate().any(|(index, subject)| has(self.subjects, index) && subject.is_team_work)
    }
}

const fn has(set: u64, index: usize) -> bool {
    set >> index & 1 == 1
}

/// The score of a window and its reasons, in the order of the tables.
pub(super) fn weigh(window: &[Line<'_>]) -> Score {
    let mut counts = Counts::new();
    let mut voices: Vec<&str> = Vec::new();
    let mut telling: Vec<&str> = Vec::new();
    for line in window {
        let said = Plain::of(line.text).sentences().map(read).fold(Said::default(), Said::and);
        count(&mut counts, said);
        if line.author.is_empty() {
            continue;
        }
        if !voices.contains(&line.author) {
            voices.push(line.author);
        }
        if said.is_telling() && !telling.contains(&line.author) {
            telling.push(line.author);
        }
    }
    let mut kinds = KindSums::default();
    let mut why = word_reasons(&counts, &mut kinds);
    why.push(Reason { feature: WORK_TALK.0, points: WORK_TALK.1 * counts.work.min(WORK_TALK_MESSAGES_MAX) });
    why.push(Reason { feature: TROUBLE_TALK.0, points: TROUBLE_TALK.1 * counts.trouble.min(TROUBLE_TALK_MESSAGES_MAX) });
    why.extend(voice_reason(voices.len(), telling.len()));
    Score::of(why, kinds)
}

/// One reason for each row of the tables whose words were said; what they say about the kinds goes into `kinds`.
fn word_reasons(counts: &Counts, kinds: &mut KindSums) -> Vec<Reason> {
    let mut why = Vec::new();
    for (row, &count) in FAMILIES.iter().zip(&counts.families).filter(|&(_, &count)| count > 0) {
        let points = points_of(row.first, row.further, count);
        why.push(Reason { feature: row.name, points });
        if let Some(kind) = row.kind {
            kinds.add(kind, points);
        }
    }
    for (row, &count) in SUBJECTS.iter().zip(&counts.pairs).filter(|&(_, &count)| count > 0) {
        let points = points_of(row.first, row.further, count);
        why.push(Reason { feature: row.name, points });
        kinds.add(row.kind, points);
    }
    for (row, &count) in SUBJECTS.iter().zip(&counts.subjects) {
        kinds.add(row.kind, row.named * count.min(NAMED_MESSAGES_MAX));
    }
    why
}

/// Points for `count` messages, at least one.
fn points_of(first: i32, further: i32, count: i32) -> i32 {
    first + further * (count.min(MESSAGES_MAX) - 1)
}

fn voice_reason(voices: usize, telling: usize) -> Option<Reason> {
    let (feature, points) = match (voices, telling) {
        (1, _) => ONE_VOICE,
        (_, 2) => TWO_VOICES,
        (_, 3..) => THREE_VOICES,
        _ => return None,
    };
    Some(Reason { feature, points })
}

fn count(counts: &mut Counts, said: Said) {
    for (index, count) in counts.families.iter_mut().enumerate() {
        *count += i32::from(has(said.families, index));
    }
    for (index, count) in counts.subjects.iter_mut().enumerate() {
        *count += i32::from(has(said.subjects, index));
    }
    for (index, count) in counts.pairs.iter_mut().enumerate() {
        *count += i32::from(has(said.pairs, index));
    }
    counts.work += i32::from(said.names_work());
    counts.trouble += i32::from(said.has_trouble);
}

/// What a sentence says.
fn read(sentence: Sentence<'_>) -> Said {
    let mut said = Said::default();
    let Some(automaton) = &PHRASES.automaton else { return said };
    for found in automaton.find_iter(sentence.text) {
        let Some(&meaning) = PHRASES.meanings.get(found.pattern().as_usize()) else { continue };
        let is_taken_back = || is_negated(sentence.text.get(..found.start()).unwrap_or_default());
        match meaning {
            Meaning::Subject(index) => said.subjects |= 1 << index,
            Meaning::Family(index) if !is_taken_back() => said.families |= 1 << index,
            Meaning::Trouble if !is_taken_back() => said.has_trouble = true,
            _ => {}
        }
    }
    if said.has_trouble {
        said.pairs = said.subjects;
    }
    said
}

/// Whether one of the last [`NEGATION_WORDS`] words is a negation.
fn is_negated(before: &str) -> bool {
    before.split_ascii_whitespace().rev().take(NEGATION_WORDS).any(|word| NEGATIONS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::dial::Dial;
    use std::collections::HashSet;

    fn weighed(messages: &[(&str, &str)]) -> Score {
        let window: Vec<Line<'_>> = messages.iter().map(|&(author, text)| Line { author, text }).collect();
        weigh(&window)
    }

    fn features(text: &str) -> Vec<&'static str> {
        weighed(&[("a", text), ("b", "")]).why().iter().map(|reason| reason.feature).collect()
    }

    #[test]
    fn the_tables_are_well_formed() {
        assert!(PHRASES.automaton.is_some(), "the automaton builds");
        assert!(FAMILIES.len() <= 64 && SUBJECTS.len() <= 64, "a row is a bit of a set");
        let mut names = HashSet::new();
        let constants = [WORK_TALK.0, TROUBLE_TALK.0, TWO_VOICES.0, THREE_VOICES.0, ONE_VOICE.0, "floor", "ceiling"];
        for name in FAMILIES.iter().map(|row| row.name).chain(SUBJECTS.iter().map(|row| row.name)).chain(constants) {
            assert!(names.insert(name), "{name} names two features");
            let about_people = ["person", "author", "member", "mood", "sentiment"];
            assert!(about_people.iter().all(|word| !name.contains(word)), "{name}: no feature is about a person");
        }
        assert!(names.len() <= 45, "so many features that nobody reads them: {}", names.len());
    }

    #[test]
    fn each_phrase_is_written_the_way_messages_are_read_and_stands_once() {
        let mut seen = HashSet::new();
        let phrases = FAMILIES.iter().map(|row| row.phrases).chain(SUBJECTS.iter().map(|row| row.words));
        for phrase in phrases.chain([TROUBLE]).flat_map(split) {
            let plain = Plain::of(phrase.trim_end_matches('*'));
            let read: Vec<String> = plain.sentences().map(|sentence| sentence.text.to_owned()).collect();
            let written = pattern_of(phrase.trim_end_matches('*'));
            assert_eq!(read, [written], "{phrase:?} can never match");
            assert!(seen.insert(phrase), "{phrase:?} stands twice, and only one would count");
        }
    }

    #[test]
    fn a_phrase_is_found_whatever_its_case_and_punctuation() {
        for text in ["The build is broken", "THE BUILD IS BROKEN!", "(the build is, um, red) the build is broken.", "the *build is broken*"]
        {
            assert!(features(text).contains(&"build_broken"), "{text}");
        }
        for text in ["rebuild is brokenhearted", "the build. is broken", "`the build is broken`", "> the build is broken"] {
            assert!(!features(text).contains(&"build_broken"), "{text}");
        }
    }

    #[test]
    fn a_negation_takes_back_what_stands_within_three_words() {
        assert!(features("this is flaky").contains(&"flaky"));
        assert!(!features("this is not at all flaky").contains(&"flaky"));
        assert!(!features("das ist nicht wackelig").contains(&"flaky"));
        assert!(features("it is not, as you may have feared, flaky").contains(&"flaky"), "too far away");
        assert!(features("I did not. It is flaky").contains(&"flaky"), "another sentence");
    }

    #[test]
    fn a_part_of_the_work_and_trouble_count_only_in_one_sentence() {
        assert!(features("the wiki is a mess").contains(&"docs_trouble"));
        assert!(!features("see the wiki. my desk is a mess").contains(&"docs_trouble"));
    }

    #[test]
    fn every_language_of_the_lexicon_reaches_its_kind() {
        use super::super::kind::Kind;
        for (kind, texts) in [
            (
                Kind::Delivery,
                [
                    "still waiting for review",
                    "wir warten auf das Review",
                    "on attend la revue",
                    "esperando por la revisión",
                    "aguardando revisão",
                ],
            ),
            (Kind::Ci, ["the pipeline is red", "die Pipeline ist rot", "la CI est cassée", "falla el build", "pipeline quebrou"]),
            (
                Kind::Ownership,
                ["who owns this?", "wer ist zuständig?", "qui s'occupe de ça ?", "¿quién se encarga?", "quem é responsável?"],
            ),
        ] {
            for text in texts {
                assert_eq!(weighed(&[("a", text), ("b", "ok")]).kinds().largest(), Some(kind), "{text}");
            }
        }
    }

    #[test]
    fn trouble_that_three_people_share_passes_quiet_and_small_talk_passes_nowhere() {
        let shared = weighed(&[
            ("ana", "CI is red again, third time this week"),
            ("ben", "same here, the tests are flaky, I keep restarting the job"),
            ("cleo", "we should fix this, it slows us down: no release until it is green"),
        ]);
        assert!(shared.passes(Dial::Quiet), "{shared:?}");
        assert_eq!(shared.kinds().largest(), Some(super::super::kind::Kind::Ci));
        let small_talk = weighed(&[("ana", "good morning"), ("ben", "morning! how was your weekend?"), ("ana", "great, thanks")]);
        assert!(!small_talk.passes(Dial::Verbose), "{small_talk:?}");
    }

    #[test]
    fn an_author_who_is_not_known_is_no_voice() {
        let voices = |authors: [&'static str; 3]| {
            let score = weighed(&authors.map(|author| (author, "this is flaky")));
            score.why().iter().map(|reason| reason.feature).find(|name| name.ends_with("_voices") || name.ends_with("_voice"))
        };
        assert_eq!(voices(["ana", "ben", "cleo"]), Some("three_voices"));
        assert_eq!(voices(["ana", "ben", ""]), Some("two_voices"));
        assert_eq!(voices(["ana", "", "ana"]), Some("one_voice"));
        assert_eq!(voices(["", "", ""]), None);
    }

    #[test]
    fn nothing_said_scores_nothing() {
        assert_eq!(weigh(&[]).points(), 0);
        assert_eq!(weighed(&[("a", "")]).points(), 0);
    }
}
