//! What the value of a secret looks like, and what a word of prose in its place looks like.
//!
//! The shapes of [`super::named`] find where a secret would stand; these tell whether one stands there.

use crate::capture::redact::code::words::{self, Word};

/// Fewest characters of what may be a password without anything in front that says so for certain.
const TYPED_BYTES_MIN: usize = 5;
/// Fewest words of a passphrase.
const PHRASE_WORDS_MIN: usize = 3;
/// Of this many words of a phrase one may be a word of talk: the lists for recovery phrases hold `about` and `good`.
const PHRASE_WORDS_PER_TALK: usize = 4;
/// Letters of a name in front of a number that make it the name of a technique, a version or a step, and no password.
#[rustfmt::skip]
const TECHNIQUES: &[&str] = &[
    "aes", "angular", "api", "argon", "base", "bcrypt", "chapter", "client", "day", "debian", "demo", "dev", "ec", "es", "go", "http", "ipv",
    "java", "jdk", "k", "level", "log", "md", "mp", "node", "oauth", "option", "page", "part", "pbkdf", "phase", "php", "pr", "prod", "python",
    "q", "release", "round", "rsa", "s", "section", "server", "sha", "sprint", "sql", "stage", "step", "tls", "ubuntu", "utf", "v", "version",
    "vue", "web", "week", "windows", "x", "zone",
];
/// What a password is said to be, or to be set to, without being told.
#[rustfmt::skip]
const STATES: &[&str] = &[
    "accepted", "allowed", "blank", "blocked", "broken", "cached", "case-sensitive", "changed", "cleared", "compromised", "correct", "default",
    "defaults", "disabled", "displayed", "empty", "enabled", "encrypted", "expire", "expired", "false", "gone", "hashed", "hidden", "ignored",
    "incorrect", "invalid", "leaked", "locked", "logged", "lost", "mandatory", "masked", "match", "minimum", "missing", "never", "nil", "none",
    "null", "optional", "outdated", "plaintext", "production", "protected", "prompted", "random", "rejected", "required", "reset", "rotate",
    "rotated", "saved", "sent", "set", "shared", "short", "staging", "static", "stolen", "stored", "strong", "temporary", "true", "unchanged",
    "undefined", "unknown", "unset", "valid", "visible", "weak", "wrong",
];
/// Accounts beside which anything is a password.
const LOGINS: &[&str] = &["admin", "administrator", "demo", "guest", "postgres", "root", "sa", "test", "user", "username"];

/// After `password:` everything is a password, but an opening bracket or a mention.
pub(super) fn any(value: &str) -> bool {
    value.len() >= 3 && !value.starts_with(['[', '<', '@', '('])
}

/// A word of prose has small letters, one capital in front, a hyphen or an apostrophe. All else may be a secret.
pub(super) fn is_no_word(value: &str) -> bool {
    let mut letters = value.chars();
    let first_is_odd = letters.next().is_some_and(|c| !c.is_alphabetic());
    let rest_is_odd =
        letters.any(|c| !(c.is_lowercase() || matches!(c, '-' | '\'' | '’' | '/') || (c.is_alphabetic() && !c.is_uppercase())));
    value.len() >= 4 && (first_is_odd || rest_is_odd || is_hyphened_phrase(value)) && any(value)
}

/// Where no sign says that a value follows: digits and letters mixed, or a sign inside.
pub(super) fn is_key_like(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let signs = value.bytes().filter(|byte| is_sign(*byte)).count();
    value.len() >= 6 && digits > 0 && letters > 0 && (digits + signs >= 2) && any(value)
}

/// What a person types for a password: letters, and a digit or a sign behind or between them. `oauth2` and `step3` are none.
pub(super) fn is_typed(value: &str) -> bool {
    let value = value.trim_end_matches(['.', ',', '!', '?', ';', ':', ')']);
    let head = value.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '_')).to_ascii_lowercase();
    let is_technique = head != value && (TECHNIQUES.contains(&head.as_str()) || words::look_up(&head) != Word::Other);
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let marks = value.bytes().filter(|byte| byte.is_ascii_digit() || is_sign(*byte)).count();
    let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || is_sign(byte) || matches!(byte, b'-' | b'_' | b'.' | b'?'));
    value.len() >= TYPED_BYTES_MIN && letters >= 3 && marks >= 1 && is_plain && !is_technique && !is_issue(value)
}

/// A word that is neither talk nor said of passwords all day.
pub(super) fn is_unlisted(value: &str) -> bool {
    let word = value.trim_end_matches(['.', ',', '!', '?', ';', ':']);
    let is_listed = words::look_up(word) != Word::Other || STATES.contains(&word.to_ascii_lowercase().as_str());
    word.len() >= 4 && !is_listed && any(word)
}

/// `name / password`, `name:password`: what stands behind the mark is typed, or what stands before it is an account.
pub(super) fn is_pair(value: &str) -> bool {
    let Some((name, password)) = value.rsplit_once(['/', '|', ':']) else { return false };
    let (name, password) = (name.trim(), password.trim());
    is_typed(password) || (LOGINS.contains(&name.to_ascii_lowercase().as_str()) && is_unlisted(password))
}

/// Words that make no sentence.
pub(super) fn is_phrase(value: &str) -> bool {
    let parts = || value.split([' ', '\t', '-']).filter(|part| !part.is_empty());
    parts().count() >= PHRASE_WORDS_MIN && parts().all(|word| words::look_up(word) == Word::Other)
}

/// The same where a sign says that they are the secret: a few words of talk are in the lists they are drawn from.
pub(super) fn is_drawn_phrase(value: &str) -> bool {
    let parts = || value.split([' ', '\t', '-']).filter(|part| !part.is_empty());
    let talk = parts().filter(|word| words::look_up(word) != Word::Other).count();
    parts().count() >= PHRASE_WORDS_MIN && talk <= parts().count() / PHRASE_WORDS_PER_TALK
}

/// Between quotation marks after `the password is`: all but a word for its state, and a sentence.
pub(super) fn is_quoted(value: &str) -> bool {
    let words = value.split_whitespace().count();
    if words <= 1 { is_unlisted(value) || is_no_word(value) } else { is_phrase(value) || value.split_whitespace().any(is_typed) }
}

/// Letters and digits mixed over at least eight places without a hyphen: `AbCd1234EfGh5678`, and not `PROJ-1234`.
pub(super) fn is_mixed(value: &str) -> bool {
    const PIECE_BYTES_MIN: usize = 8;
    value.split(|c: char| !c.is_ascii_alphanumeric()).any(|piece| {
        let digits = piece.bytes().filter(u8::is_ascii_digit).count();
        piece.len() >= PIECE_BYTES_MIN && digits >= 2 && piece.len() - digits >= 2
    }) && !value.contains('/')
}

/// Codes to type: four digits at least in all.
pub(super) fn is_code(value: &str) -> bool {
    value.bytes().filter(u8::is_ascii_digit).count() >= 4
}

fn is_hyphened_phrase(value: &str) -> bool {
    value.matches('-').count() >= 2 && value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') && is_phrase(value)
}

const fn is_sign(byte: u8) -> bool {
    matches!(byte, b'!' | b'$' | b'%' | b'^' | b'&' | b'*' | b'#' | b'@' | b'+' | b'~')
}

/// `PROJ-1234`, `#1234`.
fn is_issue(value: &str) -> bool {
    let (name, number) = value.rsplit_once(['-', '#']).unwrap_or(("", ""));
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && name.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Either of the two.
pub(super) fn is_typed_or_key(value: &str) -> bool {
    is_typed(value) || is_key_like(value)
}
