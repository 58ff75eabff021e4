//! Text as a reader would see it: one kind of line end, nothing invisible, no entities, no more than the cap.
//!
//! A zero-width character inside a fence or a key would hide it from every shape behind this file, so it goes first; so does
//! a foreign letter that only looks like the one it stands for ([`lookalike`]).

use super::{Kind, Removed, TEXT_CHARS_MAX, lookalike};
use crate::base::text::is_invisible;
use std::borrow::Cow;

/// Cuts what lies beyond [`TEXT_CHARS_MAX`], back to the last space: half a key is no longer seen as a key.
pub(super) fn shorten<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    if text.len() <= TEXT_CHARS_MAX || text.chars().nth(TEXT_CHARS_MAX).is_none() {
        return Cow::Borrowed(text);
    }
    removed.add(Kind::Cut);
    let marker = Kind::Cut.placeholder();
    let room = TEXT_CHARS_MAX - marker.len() - 1;
    let end = text.char_indices().nth(room).map_or(text.len(), |(at, _)| at);
    let head = text.get(..end).unwrap_or_default();
    let kept = head.rfind(char::is_whitespace).and_then(|at| head.get(..at)).unwrap_or_default();
    Cow::Owned(format!("{}\n{marker}", kept.trim_end()))
}

/// Line ends become `\n`, terminal colours and invisible characters go, and `&lt;`, `&gt;`, `&amp;` (which is how Slack
/// sends `<`, `>`, `&`) become what they stand for.
pub(super) fn normalise(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte == b'\n' || (byte != b'&' && (0x20..0x7f).contains(&byte))) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (piece, consumed) = match c {
            '\r' => (Some('\n'), if rest.starts_with("\r\n") { 2 } else { 1 }),
            '\u{000B}' | '\u{000C}' | '\u{0085}' | '\u{2028}' | '\u{2029}' => (Some('\n'), c.len_utf8()),
            '\u{00A0}' | '\u{202F}' => (Some(' '), c.len_utf8()),
            '\u{001B}' => (None, escape_sequence_length(rest)),
            '&' => entity(rest),
            '\u{200C}' | '\u{200D}' => (is_joint(&out, rest).then_some(c), c.len_utf8()),
            '\u{FE0E}' | '\u{FE0F}' => (is_symbol(out.chars().next_back()).then_some(c), c.len_utf8()),
            '\n' | '\t' => (Some(c), 1),
            _ if c.is_control() || is_invisible(c) => (None, c.len_utf8()),
            _ => (Some(c), c.len_utf8()),
        };
        out.extend(piece);
        rest = rest.get(consumed..).unwrap_or_default();
    }
    match lookalike::fold(&out) {
        Cow::Owned(folded) => Cow::Owned(folded),
        Cow::Borrowed(_) => Cow::Owned(out),
    }
}

/// The length of a terminal's control sequence (`ESC [ … letter`) at the start of `rest`; 1 for a lone escape.
fn escape_sequence_length(rest: &str) -> usize {
    let Some(parameters) = rest.strip_prefix("\u{1b}[") else { return 1 };
    let length = parameters.bytes().take_while(|byte| (0x20..0x40).contains(byte)).count();
    let ends_in_letter = parameters.as_bytes().get(length).is_some_and(|byte| (0x40..0x7f).contains(byte));
    2 + length + usize::from(ends_in_letter)
}

/// The character that an entity at the start of `rest` stands for, and its length. `&amp;lt;` is `<` as well: decoding
/// until nothing is left to decode means that redacting twice changes nothing.
fn entity(rest: &str) -> (Option<char>, usize) {
    let mut length = 1;
    while rest.get(length..).is_some_and(|tail| tail.starts_with("amp;")) {
        length += "amp;".len();
    }
    match rest.get(length..) {
        Some(tail) if tail.starts_with("lt;") => (Some('<'), length + "lt;".len()),
        Some(tail) if tail.starts_with("gt;") => (Some('>'), length + "gt;".len()),
        _ => (Some('&'), length),
    }
}

/// A variation selector says how an emoji is drawn; inside a word it hides.
fn is_symbol(before: Option<char>) -> bool {
    before.is_some_and(|c| !c.is_ascii() && !c.is_alphanumeric())
}

/// Whether a joiner stands between two letters of a script that needs it (Persian, Hindi) or inside an emoji.
fn is_joint(before: &str, joiner_and_rest: &str) -> bool {
    let is_foreign = |c: Option<char>| c.is_some_and(|c| !c.is_ascii());
    is_foreign(before.chars().next_back()) && is_foreign(joiner_and_rest.chars().nth(1))
}
