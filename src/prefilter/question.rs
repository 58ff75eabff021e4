//! Whether a message asks the team something and expects an answer.
//!
//! Never a judgement of who asks. Unanswered questions (D12) rest on it, so it would rather miss one than invent one: a
//! greeting, a roll call, an item of an agenda, a quoted question and a link's query string are none.

use super::asking::{ADDRESSES, ANSWERS, ASKING, CALLS, CLUELESS, HEDGES, LEAD_INS, PHATICS, PRESENCES, START_WORDS_MAX, STARTS, TAGS};
use super::plain::{CODE, End, LINK, MENTION, Plain, Sentence};
use std::collections::HashSet;

/// From here on a message is a question.
pub const QUESTION_MIN: f64 = 0.5;

/// A question mark behind an asking start (`does …`, `who …`): as sure as words alone can be.
const ASKED: f64 = 0.9;
/// A question mark, and someone is spoken to or asked for (`… you …`, `… anyone …`).
const ADDRESSED: f64 = 0.8;
/// A question mark behind a whole sentence that starts like a statement.
const MARKED: f64 = 0.65;
/// A statement that asks to be confirmed (`…, right?`).
const CONFIRMED: f64 = 0.6;
/// An asking phrase whose question mark is missing.
const UNMARKED: f64 = 0.55;
/// A guess with a question mark behind it (`maybe it's the cache?`): whoever knows better may say so, nobody has to.
const HEDGED: f64 = 0.4;
/// A word or two and a question mark: an echo, a name, an item of an agenda.
const FRAGMENT: f64 = 0.35;
/// A greeting, a roll call, a turn of phrase.
const PHATIC: f64 = 0.1;
/// What answers itself in its next words.
const SELF_ANSWERED: f64 = 0.2;

/// Fewest words that make a sentence of its own with a question mark and no asking start.
const MARKED_WORDS_MIN: usize = 4;
/// Fewest words of an asking phrase that is believed without its question mark.
const UNMARKED_WORDS_MIN: usize = 4;

/// Most words of a sentence that starts like small talk and is no more than that (`anyone around?`, but not `is anyone around
/// who could restart the runner of the release branch?`).
const PHATIC_WORDS_MAX: usize = 7;
/// Most words of a call for a person.
const CALL_WORDS_MAX: usize = 4;

/// How sure it is that `text` is a question to the team that expects an answer, 0 to 1.
///
/// The surest sentence decides; a sentence that the next one answers decides nothing.
pub fn question(text: &str) -> f64 {
    let plain = Plain::of(text);
    let mut sentences = plain.sentences().peekable();
    let mut surest = 0.0_f64;
    while let Some(sentence) = sentences.next() {
        let is_answered = sentences.peek().is_some_and(|next| answers(*next));
        let sure = asks(sentence);
        surest = surest.max(if is_answered { sure.min(SELF_ANSWERED) } else { sure });
    }
    surest
}

/// Whether a sentence starts as an answer and asks nothing itself. `No idea` is no answer.
fn answers(sentence: Sentence<'_>) -> bool {
    let mut words = sentence.words();
    let starts = words.next().is_some_and(|word| ANSWERS.contains(&word));
    let is_clueless = words.next().is_some_and(|word| CLUELESS.contains(&word));
    starts && !is_clueless && sentence.end != End::Question
}

fn asks(sentence: Sentence<'_>) -> f64 {
    let said: Vec<&str> = sentence.words().skip_while(|word| LEAD_INS.contains(word)).collect();
    let words = said.iter().filter(|word| ![CODE, LINK, MENTION].contains(word)).count();
    let is_small_talk = words <= PHATIC_WORDS_MAX && starts_with_one_of(&said, &PHATICS);
    match (sentence.end, is_small_talk || is_roll_call(&said)) {
        (End::Question, true) => PHATIC,
        (End::Question, false) => asks_with_mark(&said, words),
        (_, false) if words >= UNMARKED_WORDS_MIN && starts_with_one_of(&said, &ASKING) => UNMARKED,
        _ => 0.0,
    }
}

/// How sure a sentence with a question mark is; `words` of those `said` are no marks.
fn asks_with_mark(said: &[&str], words: usize) -> f64 {
    let asks_first = said.first().is_some_and(|word| STARTS.contains(word));
    let addresses = said.iter().any(|word| ADDRESSES.contains(word));
    let confirms = said.last().is_some_and(|word| TAGS.contains(word));
    match (asks_first, addresses, confirms) {
        (_, false, false) if starts_with_one_of(said, &HEDGES) => HEDGED,
        (true, ..) if words >= 2 => ASKED,
        (_, true, _) if words >= MARKED_WORDS_MIN => ADDRESSED,
        (_, _, true) if words >= MARKED_WORDS_MIN => CONFIRMED,
        _ if words >= MARKED_WORDS_MIN => MARKED,
        _ if words >= 1 => FRAGMENT,
        _ => PHATIC,
    }
}

/// `is NAME around?` and its like: a call for a person, answered by presence.
fn is_roll_call(said: &[&str]) -> bool {
    let calls = said.first().is_some_and(|word| CALLS.contains(word));
    let asks_presence = said.last().is_some_and(|word| PRESENCES.contains(word));
    said.len() <= CALL_WORDS_MAX && calls && asks_presence
}

fn starts_with_one_of(said: &[&str], starts: &HashSet<&str>) -> bool {
    let mut start = String::new();
    said.iter().take(START_WORDS_MAX).any(|word| {
        if !start.is_empty() {
            start.push(' ');
        }
        start.push_str(word);
        starts.contains(start.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_to_the_team_is_one() {
        for text in [
            "Does anyone know why staging is slow?",
            "does anyone know why staging is slow",
            "Who owns the billing service?",
            "Hi all, how do we rotate the keys?",
            "ana: did you see the alert?",
            "<@U123> can you review 42?",
            "Is there a way to skip the cache? It takes ages.",
            "The deploy hangs at 80 %. Any idea?",
            "What's the output of\n```\nlet x = 1;\n```\n?",
            "we merge on Friday, right?",
            "Why does the cache fill up? No idea what to look at.",
            "anyone else seeing time-outs on the runner?",
            "is anyone around who could restart the runner of the release branch?",
            "Weiß jemand, wer den Server betreut?",
            "Wer kümmert sich um das Backup?",
            "Est-ce que quelqu'un sait où est la doc ?",
            "¿Alguien sabe por qué falla el build?",
            "Alguém sabe quem cuida do deploy?",
        ] {
            assert!(question(text) >= QUESTION_MIN, "{text}: {}", question(text));
        }
    }

    #[test]
    fn what_only_looks_like_a_question_is_none() {
        for text in [
            "",
            "?",
            "How are you?",
            "How's it going, team?",
            "is ana around?",
            "anyone here?",
            "Anything else?",
            "any questions?",
            "who cares?",
            "code discussion?",
            "see https://host/search?q=why&x=1",
            "<https://host/a?b=c|what is this?>",
            "`is_ready()?`",
            "```\nlet x = f()?;\n```",
            "> does anyone know why?\nno idea, sorry",
            "she asked \"who merges this?\"",
            "For the wallet? Yes, by Friday.",
            "will it break? no, we tested it",
            "maybe it's the cache?",
            "What a day.",
            "what we need is a better test",
            "I know how it works.",
            "Wie geht's?",
            "ça va ?",
        ] {
            assert!(question(text) < QUESTION_MIN, "{text}: {}", question(text));
        }
    }
}
