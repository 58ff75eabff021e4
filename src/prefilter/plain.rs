//! A message as the scorer reads it: sentences of lower-case words; code, links and mentions are only marks.
//!
//! Never kept: a `Plain` lives as long as one call of the scorer.
//! Why a form of its own: a phrase then matches across punctuation and line breaks and only at word boundaries, and nothing
//! inside code, a link or someone else's quoted words can score.

use crate::base::text::is_invisible;

/// Stands for a fenced block or an inline span of code.
pub(super) const CODE: &str = "<code>";
/// Stands for a link.
pub(super) const LINK: &str = "<link>";
/// Stands for a mention of a person, a group or a channel, or for the name a message begins with (`name: text`).
pub(super) const MENTION: &str = "<mention>";

/// How much of a message is read, in bytes: ten times what a chat tool takes in one post; a longer one is a log.
const TEXT_BYTES_MAX: usize = 40_000;
/// Longest name at the start of a message that counts as addressing someone, in bytes (IRC networks allow 30).
const NAME_BYTES_MAX: usize = 32;

/// How a sentence ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Statement,
    Question,
    Exclamation,
}

/// The sentences of one message.
#[derive(Debug, Default)]
pub(super) struct Plain {
    /// Each word between two spaces (` like  this `), so that neighbouring phrases never share one.
    words: String,
    /// Where each sentence ends in `words`, and how.
    ends: Vec<(usize, End)>,
    /// A line ended; whether the sentence did depends on what follows.
    is_line_over: bool,
}

/// One sentence of a [`Plain`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Sentence<'a> {
    pub(super) text: &'a str,
    pub(super) end: End,
}

impl<'a> Sentence<'a> {
    pub(super) fn words(self) -> impl DoubleEndedIterator<Item = &'a str> {
        self.text.split_ascii_whitespace()
    }
}

impl Plain {
    pub(super) fn of(text: &str) -> Self {
        let text = cut(text);
        let mut plain = Self { words: String::with_capacity(text.len() + text.len() / 2), ..Self::default() };
        let mut is_fenced = false;
        for line in text.lines() {
            plain.read_line(line.trim(), &mut is_fenced);
        }
        plain.end(End::Statement);
        plain
    }

    pub(super) fn sentences(&self) -> impl Iterator<Item = Sentence<'_>> {
        let mut start = 0;
        self.ends.iter().map(move |&(at, end)| {
            let text = self.words.get(start..at).unwrap_or_default();
            start = at;
            Sentence { text, end }
        })
    }

    /// Quoted lines are someone else's words and are left out, except inside code, where `>` is code.
    fn read_line(&mut self, line: &str, is_fenced: &mut bool) {
        if !*is_fenced && (line.starts_with('>') || line.starts_with("&gt;")) {
            return;
        }
        let mut parts = line.split("```");
        if let Some(first) = parts.next()
            && !*is_fenced
        {
            self.read_prose(first);
        }
        for part in parts {
            *is_fenced = !*is_fenced;
            if *is_fenced {
                self.push_mark(CODE);
            } else {
                self.read_prose(part);
            }
        }
        self.is_line_over = true;
    }

    /// A span between two backticks is code; a backtick alone is punctuation.
    fn read_prose(&mut self, prose: &str) {
        let mut rest = prose;
        while let Some((before, after)) = rest.split_once('`') {
            self.read_chunks(before);
            rest = after;
            if let Some((_, beyond)) = after.split_once('`') {
                self.push_mark(CODE);
                rest = beyond;
            }
        }
        self.read_chunks(rest);
    }

    fn read_chunks(&mut self, prose: &str) {
        let mut rest = prose.trim_start();
        while !rest.is_empty() {
            let (chunk, after) = split_chunk(rest);
            self.read_chunk(chunk);
            rest = after.trim_start();
        }
    }

    fn read_chunk(&mut self, chunk: &str) {
        if let Some(mark) = mark_of(chunk) {
            self.push_mark(mark);
        } else if self.words.is_empty() && chunk.len() <= NAME_BYTES_MAX && chunk.ends_with(':') {
            self.push_mark(MENTION);
        } else {
            for word in chunk.split(is_inner_break) {
                self.push_word(word.trim_matches(|c: char| !c.is_alphanumeric()));
            }
        }
        if let Some(end) = end_of(chunk) {
            self.end(end);
        }
    }

    /// Marks carry a sentence over a line break: a block of code often stands in the middle of one.
    fn push_mark(&mut self, mark: &str) {
        self.is_line_over = false;
        self.push(mark.chars());
    }

    fn push_word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if self.is_line_over {
            self.end(End::Statement);
        }
        if word.is_ascii() {
            self.push(word.chars().map(|c| c.to_ascii_lowercase()));
        } else {
            let seen = word.chars().filter(|c| !is_invisible(*c));
            self.push(seen.flat_map(char::to_lowercase).map(|c| if c == '\u{2019}' { '\'' } else { c }));
        }
    }

    fn push(&mut self, word: impl Iterator<Item = char>) {
        self.words.push(' ');
        self.words.extend(word);
        self.words.push(' ');
    }

    /// Ends the open sentence; where none is open, a question mark that stands alone still makes the last one a question.
    fn end(&mut self, end: End) {
        self.is_line_over = false;
        let at = self.words.len();
        match self.ends.last_mut() {
            Some((last, how)) if *last == at => {
                if end == End::Question {
                    *how = end;
                }
            }
            None if at == 0 => {}
            _ => self.ends.push((at, end)),
        }
    }
}

/// At most [`TEXT_BYTES_MAX`] bytes of `text`, cut between characters.
fn cut(text: &str) -> &str {
    let end = (0..=TEXT_BYTES_MAX.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    text.get(..end).unwrap_or(text)
}

/// The next chunk up to white space, and what follows. Slack's `<https://host|words with spaces>` is one chunk.
fn split_chunk(text: &str) -> (&str, &str) {
    let is_markup = ["<http", "<@", "<#", "<!", "<mailto:"].iter().any(|open| text.starts_with(open));
    let from = if is_markup { text.find('>').unwrap_or(0) } else { 0 };
    let tail = text.get(from..).unwrap_or_default();
    let end = from + tail.find(char::is_whitespace).unwrap_or(tail.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn mark_of(chunk: &str) -> Option<&'static str> {
    let bare = chunk.trim_start_matches(['<', '(', '[', '"', '\'']);
    let is_slack = ["<@", "<#", "<!"].iter().any(|open| chunk.starts_with(open));
    if is_slack || (bare.starts_with('@') && bare.len() > 1) {
        return Some(MENTION);
    }
    let is_link = chunk.contains("://") || bare.starts_with("www.") || bare.starts_with("mailto:");
    is_link.then_some(LINK)
}

/// Characters that part two words without white space. An apostrophe and a full stop do not: `don't`, `v1.2`.
const fn is_inner_break(c: char) -> bool {
    matches!(
        c,
        '/' | '-' | ',' | '(' | ')' | '"' | '*' | '~' | '|' | '?' | '!' | '\u{2010}'..='\u{2015}' | '\u{2026}' | '\u{201C}' | '\u{201D}'
    )
}

/// How the sentence ends that ends with this chunk. A question mark before a closing quotation mark belongs to the words
/// that are quoted, not to the sentence.
fn end_of(chunk: &str) -> Option<End> {
    let end = chunk.trim_end_matches([')', ']', '*', '_', '>', '"', '\'', '\u{201D}', '\u{2019}', '\u{00BB}']);
    let is_quoted = chunk.get(end.len()..)?.contains(['"', '\u{201D}', '\u{00BB}']);
    let before = end.trim_end_matches(is_end_mark);
    let marks = end.get(before.len()..)?;
    if marks.contains(['?', '\u{FF1F}']) && !is_quoted {
        return Some(End::Question);
    }
    if marks.contains('!') {
        return Some(End::Exclamation);
    }
    (!marks.is_empty()).then_some(End::Statement)
}

const fn is_end_mark(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | ';' | '\u{FF1F}' | '\u{3002}' | '\u{2026}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, End)]) {
        let plain = Plain::of(text);
        let read: Vec<(String, End)> = plain.sentences().map(|s| (s.words().collect::<Vec<_>>().join(" "), s.end)).collect();
        let read: Vec<(&str, End)> = read.iter().map(|(words, end)| (words.as_str(), *end)).collect();
        assert_eq!(read, expected, "{text:?}");
    }

    #[test]
    fn sentences_are_lower_case_words_without_punctuation() {
        check("The Build's RED, again!", &[("the build's red again", End::Exclamation)]);
        check("Well... is it (really) down?", &[("well", End::Statement), ("is it really down", End::Question)]);
        check("It\u{2019}s re-run/restarted", &[("it's re run restarted", End::Statement)]);
        check("wait ?!", &[("wait", End::Question)]);
        check("", &[]);
        check(" \n ", &[]);
        check("?", &[]);
    }

    #[test]
    fn code_quotes_and_links_leave_only_marks() {
        check("see `broken_build()` at https://host/path?q=is+it+down", &[("see <code> at <link>", End::Statement)]);
        check("> is it down?\nno idea", &[("no idea", End::Statement)]);
        check("&gt; is it down?\nno idea", &[("no idea", End::Statement)]);
        check("what does\n```\nlet x = y?;\n```\nmean?", &[("what does <code>", End::Statement), ("mean", End::Question)]);
        check("what is\n```\nbroken?\n```\n?", &[("what is <code>", End::Question)]);
        check("<https://host/a?b|the words of a link> fails", &[("<link> fails", End::Statement)]);
        check("<@U123> @ana look", &[("<mention> <mention> look", End::Statement)]);
        check("```unclosed is broken?", &[("<code>", End::Statement)]);
        check("ana: why?", &[("<mention> why", End::Question)]);
    }

    #[test]
    fn a_quoted_question_is_not_asked() {
        check("he said \"who merges?\" again", &[("he said who merges", End::Statement), ("again", End::Statement)]);
    }

    #[test]
    fn a_lone_question_mark_belongs_to_the_words_before_it() {
        check("What is it ?", &[("what is it", End::Question)]);
        check("What is it. ?", &[("what is it", End::Question)]);
    }

    #[test]
    fn a_log_is_not_read_to_its_end() {
        let plain = Plain::of(&"é ".repeat(TEXT_BYTES_MAX));
        assert!(plain.words.len() <= 2 * TEXT_BYTES_MAX);
    }
}
