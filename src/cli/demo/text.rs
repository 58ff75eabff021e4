//! The words of the half-year: sentences of our own in `lines/`, with slots, dealt like cards.
//!
//! A line beginning with `#` explains its file; `[name]` begins a section.

use super::people::Who;
use super::splitmix::Key;

/// How often a title with a slot may be used, each time for another part.
const USES_OF_A_TITLE: usize = 5;
/// Longest name of a branch after its prefix, in words.
const BRANCH_WORDS: usize = 5;

/// The lines of a file, or of one of its sections.
pub(super) fn lines(source: &'static str, section: Option<&str>) -> Vec<&'static str> {
    let mut current = None;
    let mut found = Vec::new();
    for line in source.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(name) => current = Some(name),
            None if current == section => found.push(line),
            None => {}
        }
    }
    found
}

/// A question and what followed.
pub(super) struct Thread {
    pub(super) question: &'static str,
    pub(super) replies: Vec<Reply>,
}

pub(super) struct Reply {
    pub(super) is_by_asker: bool,
    pub(super) text: &'static str,
}

/// The threads of a file: `?` asks, `>` is somebody else, `<` the one who asked.
pub(super) fn threads(source: &'static str) -> Vec<Thread> {
    let mut found: Vec<Thread> = Vec::new();
    for line in lines(source, None) {
        match (line.split_once(' '), found.last_mut()) {
            (Some(("?", question)), _) => found.push(Thread { question, replies: Vec::new() }),
            (Some((mark @ (">" | "<"), text)), Some(thread)) => thread.replies.push(Reply { is_by_asker: mark == "<", text }),
            _ => {}
        }
    }
    found
}

/// Deals its cards one after the other, shuffled anew each time they are through.
pub(super) struct Deck<T> {
    key: Key,
    cards: Vec<T>,
    dealt: usize,
    order: Vec<usize>,
}

impl<T> Deck<T> {
    pub(super) const fn new(key: Key, cards: Vec<T>) -> Self {
        Self { key, cards, dealt: 0, order: Vec::new() }
    }

    /// The next card; `None` from an empty deck.
    pub(super) fn deal(&mut self) -> Option<&T> {
        let count = self.cards.len();
        let place = self.dealt.checked_rem(count)?;
        if place == 0 {
            self.order = self.key.at((self.dealt / count) as u64).shuffled(count);
        }
        self.dealt += 1;
        self.order.get(place).and_then(|card| self.cards.get(*card))
    }
}

/// What the slots of a line stand for; an empty one means that a line with it cannot be used.
#[derive(Default)]
pub(super) struct Slots {
    pub(super) part: String,
    /// A first name.
    pub(super) name: String,
    /// A change of somebody else, as a link.
    pub(super) pr: String,
    /// A change of the writer, as a link.
    pub(super) own: String,
    pub(super) n: String,
    pub(super) ver: String,
    pub(super) day: String,
}

impl Slots {
    /// `line` with its slots filled, beginning with a capital letter; `None` where one of them is empty.
    pub(super) fn fill(&self, line: &str) -> Option<String> {
        let slots = [
            ("{part}", &self.part),
            ("{name}", &self.name),
            ("{pr}", &self.pr),
            ("{own}", &self.own),
            ("{n}", &self.n),
            ("{ver}", &self.ver),
            ("{day}", &self.day),
        ];
        let mut text = line.to_owned();
        for (slot, value) in slots {
            if text.contains(slot) {
                if value.is_empty() {
                    return None;
                }
                text = text.replace(slot, value);
            }
        }
        Some(capitalised(&text))
    }
}

/// `text` with a capital first letter.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Every title that the lines of a file make with the parts of a repository, each once.
pub(super) fn titles(source: &'static str, parts: &[&'static str]) -> Vec<String> {
    let mut found = Vec::new();
    for line in lines(source, None) {
        if !line.contains("{part}") {
            found.push(line.to_owned());
            continue;
        }
        let order = Key::of("parts").with(line).shuffled(parts.len());
        for part in order.iter().take(USES_OF_A_TITLE).filter_map(|n| parts.get(*n)) {
            // 'The tide card: bigger touch targets' reads better without its article.
            let part = if line.starts_with("{part}") { part.trim_start_matches("the ") } else { part };
            found.push(capitalised(&line.replace("{part}", part)));
        }
    }
    found
}

/// The branch on which `who` makes a change with this title.
pub(super) fn branch(who: Who, title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() > 2 && *word != "the");
    let slug: Vec<String> = words.take(BRANCH_WORDS).map(str::to_ascii_lowercase).collect();
    format!("{}{}", who.branch_prefix, slug.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::demo::people::ANNIKA;
    use std::collections::HashSet;

    #[test]
    fn a_deck_deals_every_card_before_any_comes_again() {
        let mut deck = Deck::new(Key::of("deck"), (0..7).collect());
        let mut round = || (0..7).filter_map(|_| deck.deal().copied()).collect::<Vec<i32>>();
        let (first, second) = (round(), round());
        let set = |cards: Vec<i32>| cards.into_iter().collect::<HashSet<i32>>();
        assert_ne!(first, second);
        assert_eq!((set(first), set(second)), (set((0..7).collect()), set((0..7).collect())));
        assert_eq!(Deck::<i32>::new(Key::of("empty"), Vec::new()).deal(), None);
    }

    #[test]
    fn a_line_whose_slot_is_empty_is_not_used() {
        let slots = Slots { part: "the map".to_owned(), ..Slots::default() };
        assert_eq!(slots.fill("{part} is done"), Some("The map is done".to_owned()));
        assert_eq!(slots.fill("{own} is done"), None);
    }

    #[test]
    fn sections_and_threads_are_read_as_written() {
        let source = "# why\n[a]\none\n[b]\ntwo\n";
        assert_eq!(lines(source, Some("b")), ["two"]);
        let read = threads("# why\n? Where?\n> here\n< thanks\n\n? Who?\n> me\n");
        assert_eq!(read.len(), 2);
        assert!(read[0].replies[1].is_by_asker);
        assert_eq!(read[1].replies[0].text, "me");
    }

    #[test]
    fn a_branch_is_made_of_the_first_words_of_its_title() {
        assert_eq!(branch(&ANNIKA, "Return 409 when the tide import collides with itself"), "annika/return-409-when-tide-import");
    }
}
