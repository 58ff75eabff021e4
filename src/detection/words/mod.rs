//! The words of a text that may stand for what it is about: stemmed, and never a name.
//!
//! Never kept: what is read here lives as long as one look. What leaves it are single words that several people used.
//!
//! No list knows every name, so a word counts only where several signs agree that it is none: nobody it belongs to is known, it
//! is no common given name, nobody was greeted, thanked or called by it, and somebody wrote it in small letters (or all of it in
//! capitals: `CI`). In a language that writes every noun with a capital that leaves few words: better one pattern too few than a
//! person in it.

mod function_words;
mod given_names;

use function_words::{LANGUAGES, Language};
use given_names::GIVEN_NAMES;
use rust_stemmers::Stemmer;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

/// Fewest letters of a word that counts; one in capitals may have two.
const LETTERS_MIN: usize = 3;
const CAPITALS_MIN: usize = 2;
/// How what stands for a person begins (see `people::identity`).
const PSEUDONYM: &str = "person-";
/// Words behind which a person is spoken to or of.
const BEFORE_NAMES: &[&str] = &[
    "hi", "hey", "hello", "morning", "welcome", "thanks", "thank", "thx", "cheers", "cc", "ping", "pinging", "ask", "asking", "asked",
    "told", "by", "danke", "hallo", "frag", "merci", "bonjour", "salut", "gracias", "hola", "obrigado", "obrigada", "oi", "mr", "ms",
    "mrs", "dr", "herr", "frau",
];
/// Words that follow the name with which somebody is called: `ana, can you …`.
const AFTER_NAMES: &[&str] = &[
    "can",
    "could",
    "would",
    "will",
    "do",
    "did",
    "does",
    "have",
    "are",
    "is",
    "you",
    "your",
    "please",
    "shall",
    "should",
    "kannst",
    "könntest",
    "hast",
    "bist",
    "du",
    "peux",
    "tu",
    "vous",
    "puedes",
    "tienes",
    "pode",
    "você",
];

/// The words of which a name is made, in small letters: `ana-lima` is `ana` and `lima`.
pub fn of_name(name: &str) -> impl Iterator<Item = String> {
    let parts = name.split(|c: char| !c.is_alphabetic()).filter(|part| part.chars().count() >= LETTERS_MIN);
    parts.map(str::to_lowercase)
}

/// A word of a text, as it was written in small letters, with its stem.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    pub stem: String,
    pub word: String,
}

/// A word on its way to become a [`Term`].
struct Written<'a> {
    raw: &'a str,
    is_called: bool,
}

/// What the texts of one place say about its words.
#[derive(Debug, Default)]
pub struct Usage {
    /// In how many texts each stem stands.
    texts: BTreeMap<String, usize>,
    /// Words that stood somewhere in small letters inside or at the beginning of a sentence, or in capitals throughout.
    plain: HashSet<String>,
    /// Words by which somebody was called.
    called: HashSet<String>,
}

impl Usage {
    /// Reads one more text.
    pub fn hear(&mut self, text: &str) {
        let written = written(text);
        let language = language(&written);
        let mut stems = BTreeSet::new();
        for word in &written {
            let lower = word.raw.to_lowercase();
            stems.insert(language.stem(&lower));
            let has_capital = word.raw.starts_with(char::is_uppercase);
            if !has_capital || is_capitals(word.raw) {
                self.plain.insert(lower.clone());
            }
            if word.is_called {
                self.called.insert(lower);
            }
        }
        for stem in stems {
            *self.texts.entry(stem).or_default() += 1;
        }
    }

    /// The stems that stand in so many texts that they say nothing: the most frequent hundredth. Of stems that are equally
    /// frequent none is among them where not all are.
    pub fn common(&self) -> HashSet<&str> {
        let mut counts: Vec<usize> = self.texts.values().copied().collect();
        counts.sort_unstable_by(|left, right| right.cmp(left));
        let most = counts.get(counts.len() / 100).copied().unwrap_or(0);
        self.texts.iter().filter(|(_, count)| **count > most).map(|(stem, _)| stem.as_str()).collect()
    }

    /// The words of `text` that may stand for what it is about, each stem once. `is_name` knows who is there.
    pub fn terms(&self, text: &str, is_name: &dyn Fn(&str) -> bool) -> BTreeSet<Term> {
        let written = written(text);
        let language = language(&written);
        let mut terms: HashMap<String, String> = HashMap::new();
        for word in written {
            let lower = word.raw.to_lowercase();
            let is_long = lower.chars().count() >= LETTERS_MIN || (is_capitals(word.raw) && word.raw.len() >= CAPITALS_MIN);
            let says_nothing = language.has(&lower) || LANGUAGES.first().is_some_and(|english| english.has(&lower));
            let may_be_a_name = !self.plain.contains(&lower) || self.called.contains(&lower) || GIVEN_NAMES.contains(lower.as_str());
            if is_long && !says_nothing && !may_be_a_name && !is_name(&lower) {
                terms.entry(language.stem(&lower)).or_insert(lower);
            }
        }
        terms.into_iter().map(|(stem, word)| Term { stem, word }).collect()
    }
}

fn is_capitals(word: &str) -> bool {
    word.chars().count() >= CAPITALS_MIN && word.chars().all(char::is_uppercase)
}

/// The words of a text, without quotes of others, links, mentions, placeholders, pseudonyms and numbers.
fn written(text: &str) -> Vec<Written<'_>> {
    let mut words: Vec<Written<'_>> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('>') && !line.starts_with("&gt;")) {
        let mut begins_sentence = true;
        let mut after_greeting = false;
        let mut chunks = prose(line).peekable();
        while let Some(chunk) = chunks.next() {
            let bare = chunk.trim_matches(|c: char| !c.is_alphanumeric());
            let is_vocative = begins_sentence
                && chunk.ends_with(',')
                && chunks
                    .peek()
                    .is_some_and(|next| AFTER_NAMES.contains(&next.to_lowercase().trim_matches(|c: char| !c.is_alphanumeric())));
            let is_called = after_greeting || is_vocative;
            after_greeting = BEFORE_NAMES.contains(&bare.to_lowercase().as_str());
            if is_word(chunk, bare) {
                for raw in bare.split(|c: char| !c.is_alphabetic() && c != '\'' && c != '\u{2019}') {
                    let raw = raw.split(['\'', '\u{2019}']).next().unwrap_or_default();
                    if !raw.is_empty() {
                        words.push(Written { raw, is_called });
                    }
                }
            }
            begins_sentence = chunk.ends_with(['.', '!', '?', ':', ';']);
        }
    }
    words
}

/// The chunks of a line between white space, without code and what stands in brackets for something that was cut.
fn prose(line: &str) -> impl Iterator<Item = &str> {
    let outside_code = line.split('`').step_by(2);
    let outside = outside_code.flat_map(|part| {
        let mut rest = Some(part);
        std::iter::from_fn(move || {
            let (before, after) = rest?.split_once('[').map_or((rest?, None), |(before, after)| (before, Some(after)));
            rest = after.and_then(|after| after.split_once(']')).map(|(_, after)| after);
            Some(before)
        })
    });
    outside.flat_map(str::split_whitespace)
}

/// Whether a chunk is made of words: no link, no mention, no pseudonym, nothing with digits.
fn is_word(chunk: &str, bare: &str) -> bool {
    let is_pointer = chunk.starts_with(['@', '#', '<', '~', '/']) || chunk.contains("://") || chunk.contains('@') || chunk.contains('|');
    let is_emoji = chunk.starts_with(':') && chunk.len() > 2 && chunk.trim_end_matches(['.', ',', '!']).ends_with(':');
    !is_pointer && !is_emoji && !bare.to_lowercase().starts_with(PSEUDONYM) && !bare.is_empty() && !bare.chars().any(char::is_numeric)
}

/// The language of a text, by its words that say nothing; English where they do not tell.
fn language(words: &[Written<'_>]) -> &'static Language {
    let hits = |language: &Language| words.iter().filter(|word| language.has(&word.raw.to_lowercase())).count();
    let mut best = (0, LANGUAGES.first());
    for language in LANGUAGES.iter() {
        let hits = hits(language);
        if hits > best.0 {
            best = (hits, Some(language));
        }
    }
    best.1.unwrap_or(&NO_LANGUAGE)
}

/// Stands in where there is none: nothing is a function word, and English endings are cut.
static NO_LANGUAGE: LazyLock<Language> = LazyLock::new(|| Language::new(rust_stemmers::Algorithm::English, ""));

impl Language {
    fn stem(&self, word: &str) -> String {
        Stemmer::create(self.algorithm()).stem(word).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nobody(_: &str) -> bool {
        false
    }

    fn words(texts: &[&str]) -> Vec<String> {
        let mut usage = Usage::default();
        for text in texts {
            usage.hear(text);
        }
        usage.terms(texts[0], &nobody).into_iter().map(|term| term.word).collect()
    }

    #[test]
    fn a_term_is_a_word_that_says_something() {
        assert_eq!(words(&["The gauge container is timing out again, and we retry it"]), ["container", "gauge", "retry", "timing"]);
        assert!(words(&["I think we should do that today, or is it not so?"]).is_empty());
        assert!(words(&["see <https://host/flaky|flaky> #42 @ana `flaky` [code removed] 12ms :flaky: [link]"]).is_empty());
        assert_eq!(words(&["> flaky gauge\nslow pipeline"]), ["pipeline", "slow"]);
    }

    #[test]
    fn one_stem_has_many_endings() {
        let mut usage = Usage::default();
        for text in ["deploys failed", "deploying fails", "a deploy failing"] {
            usage.hear(text);
        }
        let stems = |text: &str| usage.terms(text, &nobody).into_iter().map(|term| term.stem).collect::<Vec<_>>();
        assert_eq!(stems("deploys failed"), stems("deploying fails"));
        assert_eq!(stems("deploying fails"), stems("a deploy failing"));
    }

    #[test]
    fn other_languages_have_their_own_stems_and_empty_words() {
        let german = words(&["wir warten noch immer auf die rote pipeline und den langsamen runner"]);
        assert_eq!(
            german.iter().map(String::as_str).collect::<BTreeSet<_>>(),
            BTreeSet::from(["langsamen", "pipeline", "rote", "runner", "warten"])
        );
        let french = words(&["nous attendons encore les tests et la livraison pour le client"]);
        assert!(french.contains(&"livraison".to_owned()) && !french.contains(&"nous".to_owned()), "{french:?}");
    }

    #[test]
    fn what_may_be_a_name_is_no_term() {
        let texts = ["Okonkwo broke the gauge", "Today Okonkwo and Lindqvarn merged the gauge", "the gauge"];
        assert!(!words(&texts).contains(&"okonkwo".to_owned()), "never written in small letters");
        assert!(words(&["GAUGE red", "CI gauge"]).contains(&"gauge".to_owned()));
        assert!(words(&["CI is red"]).contains(&"ci".to_owned()), "all in capitals");
        for called in ["thanks okonkwo", "hey okonkwo!", "okonkwo, can you look", "asked okonkwo"] {
            assert!(!words(&["okonkwo and the gauge", called]).contains(&"okonkwo".to_owned()), "{called}");
        }
        assert!(!words(&["maria and the gauge"]).contains(&"maria".to_owned()), "a common given name");
        assert!(words(&["so, can you mend the gauge, please"]).contains(&"gauge".to_owned()));
        assert!(words(&["person-7f3k2 and the gauge"]).iter().all(|word| word == "gauge"));
        let mut usage = Usage::default();
        usage.hear("okonkwo and the gauge");
        let known = |word: &str| word == "okonkwo";
        assert!(usage.terms("okonkwo and the gauge", &known).iter().all(|term| term.word == "gauge"), "somebody who is known");
    }

    #[test]
    fn the_most_frequent_hundredth_says_nothing() {
        let letters = |n: u8| format!("word{}{}", char::from(b'a' + n / 26), char::from(b'a' + n % 26));
        let mut usage = Usage::default();
        for n in 0..=250_u8 {
            usage.hear(&format!("gauge {}", letters(n)));
            if n < 100 {
                usage.hear("basin");
            }
        }
        // More than 200 stems, and fewer than 300: the two most frequent of them.
        assert_eq!(usage.common(), HashSet::from(["gaug", "basin"]));
        let mut few = Usage::default();
        few.hear("gauge basin");
        few.hear("gauge");
        assert!(few.common().is_empty(), "of fewer than a hundred none");
    }
}
