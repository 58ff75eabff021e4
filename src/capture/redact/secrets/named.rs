//! Secrets that a word in front of them gives away: `password=…`, `token: …`, `the passcode is …`.
//!
//! After an unmistakable word and a sign (`password:`), whatever follows is cut. After a word with other uses (`token`,
//! `key`), and where a sentence says `is`, only what does not look like a plain word: "the password is wrong" stays.

use super::{is_placeholder, placeholder};
use crate::capture::redact::Removed;
use crate::capture::redact::shape::shape;
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Words for a password, in the languages of the teams we know of. They count inside a longer name too: `DB_PASSWORD`.
const PASSWORD: &str = r"pass(?:word|wd|code|phrase|[ _-]phrase)|passwort|kennwort|zugangscode|mot de passe|contraseña|wachtwoord|lösenord|пароль|şifre|密码|密碼|パスワード|비밀번호";
/// Short words for the same, which count only on their own: `pin` is in `shipping`.
const SHORT: &str = r"pw|pwd|psw|pass|mdp|clave|senha|hasło|parola|pin|pin[ _-]code|otp|tan";
/// Words with other uses.
const KEY: &str = r"secret|token|api[ _-]?key|(?:access|private|client|signing|encryption|license|account|shared|auth|app|host|service|deploy)[ _-]?(?:key|secret|token)|credentials?|authorization|bearer|cookie|session[ _-]?id|(?:2fa|login|verification)[ _-]code|zugangsdaten";

static BY_SIGN: LazyLock<Regex> = LazyLock::new(|| {
    shape(&format!(
        r#"(?i)(?P<before>(?:(?P<password>[\w.-]*(?:{PASSWORD})[\w-]*|\b(?:[\w.-]*[_.-])?(?:{SHORT}))|[\w.-]*(?:{KEY})[\w-]*)(?:\([^()\n]{{0,30}}\))?["'*_`]{{0,3}}[ \t]*(?:[:=]+>?|->|→|：)[ \t]*["'*_`]{{0,3}})(?P<value>[^\s"'`,;]{{3,}})"#
    ))
});
static BY_SENTENCE: LazyLock<Regex> = LazyLock::new(|| {
    shape(&format!(
        r#"(?i)(?P<before>\b(?:{PASSWORD}|{SHORT}|{KEY})s?\b[^\n.?!:=]{{0,40}}?[ \t](?:is|was|ist|lautet|est|es|è|é|to|are|будет|—|-)[ \t]+["'*_`]{{0,3}})(?P<value>[^\s"'`,;]{{4,}})"#
    ))
});
static BESIDE: LazyLock<Regex> = LazyLock::new(|| {
    shape(&format!(r#"(?i)(?P<before>\b(?:{PASSWORD}|{SHORT}|{KEY}|basic)[ \t]+["'`*_]{{0,3}})(?P<value>[^\s"'`,;]{{4,}})"#))
});
static MENTIONED: LazyLock<Regex> = LazyLock::new(|| shape(&format!(r"(?i){PASSWORD}|\b(?:{SHORT}|basic)\b|[_.-](?:{SHORT})|{KEY}")));

/// Whether any of the words is in `text`.
pub(super) fn is_mentioned(text: &str) -> bool {
    MENTIONED.is_match(text)
}

pub(super) fn cut<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    if !is_mentioned(text) {
        return Cow::Borrowed(text);
    }
    let by_sign = BY_SIGN.replace_all(text, |found: &Captures<'_>| {
        let is_sure = found.name("password").is_some() || found.name("before").is_some_and(|before| before.as_str().contains('='));
        replace(found, removed, if is_sure { any_value } else { is_no_word })
    });
    let by_sentence = BY_SENTENCE.replace_all(&by_sign, |found: &Captures<'_>| replace(found, removed, is_no_word)).into_owned();
    Cow::Owned(BESIDE.replace_all(&by_sentence, |found: &Captures<'_>| replace(found, removed, is_key_like)).into_owned())
}

fn replace(found: &Captures<'_>, removed: &mut Removed, is_secret: fn(&str) -> bool) -> String {
    let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
    let (before, value) = (part("before"), part("value"));
    let bare = value.trim_end_matches(['.', '!', '?', ')', ']', '}', '*', '_']);
    if is_placeholder(value) || value.starts_with("removed]") || value.starts_with("http") || !is_secret(bare) {
        return format!("{before}{value}");
    }
    let after = value.get(bare.len()..).unwrap_or_default();
    format!("{before}{}{after}", placeholder(removed))
}

/// After `password:` everything is a password, but an opening bracket or a mention.
fn any_value(value: &str) -> bool {
    value.len() >= 3 && !value.starts_with(['[', '<', '@', '('])
}

/// A word of prose has small letters, one capital in front, a hyphen or an apostrophe. All else may be a secret.
fn is_no_word(value: &str) -> bool {
    let mut letters = value.chars();
    let first_is_odd = letters.next().is_some_and(|c| !c.is_alphabetic());
    let rest_is_odd =
        letters.any(|c| !(c.is_lowercase() || matches!(c, '-' | '\'' | '’' | '/') || (c.is_alphabetic() && !c.is_uppercase())));
    value.len() >= 4 && (first_is_odd || rest_is_odd) && any_value(value)
}

/// Where no sign says that a value follows: digits and letters mixed, or a sign inside.
fn is_key_like(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let signs = value.bytes().filter(|byte| matches!(byte, b'!' | b'$' | b'%' | b'^' | b'&' | b'*' | b'#' | b'@' | b'+' | b'~')).count();
    value.len() >= 6 && digits > 0 && letters > 0 && (digits + signs >= 2) && any_value(value)
}
