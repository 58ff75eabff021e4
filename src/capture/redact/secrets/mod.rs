//! Keys, tokens, passwords and card numbers are cut.
//!
//! Three ways to see one: a known prefix ([`known`]), a word that says what follows ([`named`]), or a run of characters
//! that nobody writes by hand ([`random`]). Commit ids and UUIDs are no secrets; a link may be one as a whole ([`link`]).

mod known;
mod link;
mod named;
mod numbers;
mod random;
mod shelf;
mod values;

use super::{Kind, Removed};
use std::borrow::Cow;

/// No secret is shorter: what has no digit, no sign and no word of this length needs no second look.
const LONG_WORD_BYTES: usize = 16;

/// Cuts secrets out of `text`.
pub(super) fn cut<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    if !may_hold_secret(text) {
        return Cow::Borrowed(text);
    }
    let mut text = Cow::Borrowed(text);
    for redactor in [known::cut, link::cut, named::cut, random::cut, numbers::cut] {
        if let Cow::Owned(changed) = redactor(&text, removed) {
            text = Cow::Owned(changed);
        }
    }
    text
}

/// Whether a longer look is worth its time. Plain sentences have none of what a secret needs.
fn may_hold_secret(text: &str) -> bool {
    let mut run = 0;
    for byte in text.bytes() {
        if byte.is_ascii_digit() || matches!(byte, b'=' | b':' | b'"' | b'\'' | b'`' | b'@') {
            return true;
        }
        run = if byte.is_ascii_alphanumeric() { run + 1 } else { 0 };
        if run >= LONG_WORD_BYTES {
            return true;
        }
    }
    text.len() > LONG_WORD_BYTES && named::is_mentioned(text)
}

/// What stands in place of a secret; counts it.
fn placeholder(removed: &mut Removed) -> &'static str {
    removed.add(Kind::Secret);
    Kind::Secret.placeholder()
}

/// Whether `value` is what an earlier redactor, or an earlier pass, put there.
fn is_placeholder(value: &str) -> bool {
    let value = value.trim_start_matches(['"', '\'', '`', '*', '_', ' ']);
    Kind::ALL.iter().any(|kind| {
        let word = kind.placeholder().split(' ').next().unwrap_or_default();
        !word.is_empty() && value.starts_with(word)
    })
}
