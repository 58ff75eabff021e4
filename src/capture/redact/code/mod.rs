//! Code, diffs, traces and logs are cut: fenced, pasted, indented and inline.
//!
//! First the blocks that say where they begin ([`blocks`]), then whole lines ([`pasted`]), then what is left inside
//! sentences ([`inline`]). A line is judged by its shape ([`shapes`]), else by what it is made of ([`measure`], [`weigh`]),
//! and in the end by its neighbours. When in doubt a line goes; what reads as a sentence stays.

mod adjacent;
mod blocks;
mod inline;
mod line;
mod measure;
mod pasted;
mod shapes;
mod weigh;
pub(super) mod words;

use super::Removed;
use std::borrow::Cow;

/// Longest text that the quick look passes, in bytes: a sentence or two.
const QUICK_BYTES_MAX: usize = 400;

/// Cuts every piece of code out of `text`.
pub(super) fn cut<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    if is_plain_talk(text) {
        return Cow::Borrowed(text);
    }
    let unfenced = blocks::cut(text, removed);
    let unpasted = pasted::cut(&unfenced, removed);
    match inline::cut(&unpasted, removed) {
        Cow::Owned(changed) => Cow::Owned(changed),
        Cow::Borrowed(_) => match unpasted {
            Cow::Owned(changed) => Cow::Owned(changed),
            Cow::Borrowed(_) => match unfenced {
                Cow::Owned(changed) => Cow::Owned(changed),
                Cow::Borrowed(_) => Cow::Borrowed(text),
            },
        },
    }
}

/// One line of nothing but words and the marks of a sentence, that begins with no word of a program: most of a chat.
fn is_plain_talk(text: &str) -> bool {
    let is_mark_of_talk = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b',' | b'\'' | b'?' | b'!' | b'.') || byte >= 0x80;
    let first = text.split(' ').next().unwrap_or_default();
    text.len() <= QUICK_BYTES_MAX
        && text.bytes().all(is_mark_of_talk)
        && !text.contains("..")
        && first.starts_with(|c: char| c.is_alphabetic())
        && !is_shouted(first)
        && !words::is_command(first)
        && !words::is_statement_start(&first.to_ascii_lowercase())
        && !has_inner_dot(text)
}

/// A first word in capitals: a level of a log, or a statement of the languages that shout.
fn is_shouted(first: &str) -> bool {
    first.len() > 1 && first.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// `a.b`: the name of something, and not the end of a sentence.
fn has_inner_dot(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| matches!(pair, [b'.', next] if *next != b' '))
}
