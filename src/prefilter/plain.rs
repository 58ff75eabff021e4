//! A message as the scorer reads it: lower-case words and sentence ends; code, quotes, links and mentions are only marks.
//!
//! Never kept: a `Plain` lives as long as one call of the scorer.
//! Why a form of its own: a phrase then matches across punctuation and line breaks and only at word boundaries, and nothing
//! inside code, a link or someone else's quoted words can score.

use crate::base::text::is_invisible;

/// Stands for a fenced block or an inline span of code.
pub(super) const CODE: &str = "<code>";
/// Stands for a link.
pub(super) const LINK: &str = "<link>";
/// Stands for a mention of a person, a group or a channel.
pub(super) const MENTION: &str = "<mention>";

/// Longest message that is read to its end, in bytes: ten times what a chat tool accepts in one post (Slack: 4,000
/// characters before it cuts); the rest of a longer one adds nothing to its meaning.
const TEXT_BYTES_MAX: usize = 40_000;

/// The words of one message, each between two spaces (` like  this `), so that neighbouring phrases never share one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plain(String);

impl Plain {
    pub(super) fn of(text: &str) -> Self {
        let mut plain = Self(String::with_capacity(text.len().min(TEXT_BYTES_MAX) + text.len() / 4));
        let mut is_fenced = false;
        for line in cut(text).lines() {
            plain.read_line(line, &mut is_fenced);
        }
        plain
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn words(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split_ascii_whitespace()
    }

    fn read_line(&mut self, line: &str, is_fenced: &mut bool) {
        let mut rest = line.trim();
        if !*is_fenced && (rest.starts_with('>') || rest.starts_with("&gt;")) {
            return;
        }
        loop {
            let (before, after) = match rest.split_once("```") {
                Some((before, after)) => (before, Some(after)),
                None => (rest, None),
            };
            if !*is_fenced {
                self.read_prose(before);
            }
            let Some(after) = after else { break };
            if !*is_fenced {
                self.push(CODE);
            }
            *is_fenced = !*is_fenced;
            rest = after;
        }
        if !*is_fenced && !line.trim().is_empty() {
            self.push_stop(".");
        }
    }

    /// Prose of one line; spans between single backticks are code, an unpaired backtick is punctuation.
    fn read_prose(&mut self, prose: &str) {
        let mut rest = prose;
        while let Some((before, after)) = rest.split_once('`') {
            self.read_words(before);
            match after.split_once('`') {
                Some((_, beyond)) => {
                    self.push(CODE);
                    rest = beyond;
                }
                None => rest = after,
            }
        }
        self.read_words(rest);
    }

    fn read_words(&mut self, prose: &str) {
        let mut rest = prose.trim_start();
        while !rest.is_empty() {
            let (chunk, after) = split_chunk(rest);
            self.read_chunk(chunk);
            rest = after.trim_start();
        }
    }

    fn read_chunk(&mut self, chunk: &str) {
        if let Some(mark) = mark_of(chunk) {
            self.push(mark);
            if let Some(stop) = stop_of(chunk) {
                self.push_stop(stop);
            }
            return;
        }
        for part in chunk.split(['/', '-', '\u{2013}', '\u{2014}', '\u{2026}', ',', '(', ')', '"', '\u{201C}', '\u{201D}', '*']) {
            let word = part.trim_matches(|c: char| !c.is_alphanumeric());
            if !word.is_empty() {
                self.push_folded(word);
            }
        }
        if let Some(stop) = stop_of(chunk) {
            self.push_stop(stop);
        }
    }

    fn push(&mut self, word: &str) {
        self.0.push(' ');
        self.0.push_str(word);
        self.0.push(' ');
    }

    /// Two sentence ends in a row are one; a question wins over a full stop.
    fn push_stop(&mut self, stop: &str) {
        if self.0.ends_with(" . ") && stop == "?" {
            self.0.truncate(self.0.len() - " . ".len());
        }
        let has_stop = [" . ", " ? ", " ! "].iter().any(|end| self.0.ends_with(end));
        if !has_stop && !self.0.is_empty() {
            self.push(stop);
        }
    }

    fn push_folded(&mut self, word: &str) {
        self.0.push(' ');
        if word.is_ascii() {
            self.0.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        } else {
            let seen = word.chars().filter(|c| !is_invisible(*c));
            self.0.extend(seen.flat_map(char::to_lowercase).map(|c| if c == '\u{2019}' { '\'' } else { c }));
        }
        self.0.push(' ');
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
    let end = if is_markup { text.find('>').map(|at| at + 1) } else { None };
    let end = end.unwrap_or(0);
    let tail = text.get(end..).unwrap_or_default();
    let end = end + tail.find(char::is_whitespace).unwrap_or(tail.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn mark_of(chunk: &str) -> Option<&'static str> {
    let bare = chunk.trim_start_matches(['<', '(', '[', '"', '\'']);
    if chunk.starts_with("<@") || chunk.starts_with("<#") || chunk.starts_with("<!") || (bare.starts_with('@') && bare.len() > 1) {
        return Some(MENTION);
    }
    let is_link = chunk.contains("://") || bare.starts_with("www.") || bare.starts_with("mailto:");
    is_link.then_some(LINK)
}

/// The sentence end that a chunk carries at its own end, behind brackets and quotes.
fn stop_of(chunk: &str) -> Option<&'static str> {
    let end = chunk.trim_end_matches([')', ']', '"', '\'', '*', '_', '\u{201D}', '>']);
    let before = end.trim_end_matches(is_stop);
    let marks = end.get(before.len()..)?;
    if marks.contains(['?', '\u{FF1F}']) {
        return Some("?");
    }
    if marks.contains('!') {
        return Some("!");
    }
    (!marks.is_empty()).then_some(".")
}

const fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | ';' | '\u{FF1F}' | '\u{3002}' | '\u{2026}')
}
