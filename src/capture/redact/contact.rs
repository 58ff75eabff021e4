//! Mail addresses, telephone numbers and network addresses are cut.
//!
//! `git@host:` stays: it names a machine, not a person.

use super::shape::shape;
use super::{Kind, Removed};
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

/// A letter, a digit or `_`. Beyond ASCII it takes whole blocks of letters: the table of all letters would make the expression a
/// megabyte large, and what else is in those blocks stands in no address.
const WORD: &str =
    r"A-Za-z0-9_\x{AA}\x{B5}\x{BA}\x{C0}-\x{1FFF}\x{2C00}-\x{2DFF}\x{3040}-\x{D7FF}\x{F900}-\x{FDFF}\x{10000}-\x{1F000}\x{20000}-\x{3FFFF}";
static EMAIL: LazyLock<Regex> = LazyLock::new(|| shape(&format!(r"(?P<local>[{WORD}.%+-]+)@[{WORD}-]+(?:\.[{WORD}-]+)+")));
static IPV4: LazyLock<Regex> = LazyLock::new(|| shape(r"(?-u:\b)[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?-u:\b)"));
static IPV6: LazyLock<Regex> = LazyLock::new(|| shape(r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.[0-9]{1,3}){0,3}"));
/// International, North American, national with a leading zero, and whatever follows a word for a telephone.
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    shape(concat!(
        r"(?P<before>^|[^\w.+/=-])(?P<number>",
        r"\+[1-9][0-9 ().\x{2011}-]{6,20}[0-9]",
        r"|(?:1[ .-])?\([2-9][0-9]{2}\) ?[0-9]{3}[ .-][0-9]{4}|(?:1[ .-])?[2-9][0-9]{2}([ .-])[0-9]{3}[ .-][0-9]{4}",
        r"|\(?0[1-9][0-9]{1,4}\)?[ /-]{1,3}[0-9]{2,8}(?:[ -][0-9]{2,6}){0,4}|0[1-9](?:[ .][0-9]{2}){4}",
        r"|00[1-9][0-9]{1,2}[ -]?[0-9][0-9 -]{6,14}[0-9]",
        r")(?-u:\b)",
    ))
});
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    shape(
        r"(?i)(?P<before>\b(?:tel|phone|telephone|mobile|cell|fax|call me (?:at|on)|handy|telefon|mobil|tél|téléphone|teléfono|telefone|whatsapp|sms)\b\.?(?: (?:is|number|no|nr|at|on))?\.?[ :#]{1,3})(?P<number>[0-9(][0-9 ()/.-]{4,18}[0-9])",
    )
});

/// Fewest and most digits of a telephone number (ITU-T E.164 allows 15).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

pub(super) fn cut<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    let mut text = Cow::Borrowed(text);
    if text.contains('@') {
        text = over(text, |text| EMAIL.replace_all(text, |found: &Captures<'_>| email(found, removed)));
    }
    if text.bytes().filter(u8::is_ascii_digit).take(2).count() < 2 {
        return text;
    }
    text = over(text, |text| {
        IPV4.replace_all(text, |found: &Captures<'_>| address(text, found, removed, |word| word.parse::<Ipv4Addr>().is_ok()))
    });
    if text.contains(':') {
        text = over(text, |text| IPV6.replace_all(text, |found: &Captures<'_>| address(text, found, removed, is_ipv6_or_hardware)));
    }
    text = over(text, |text| PHONE.replace_all(text, |found: &Captures<'_>| phone(found, removed, is_phone)));
    over(text, |text| CALLED.replace_all(text, |found: &Captures<'_>| phone(found, removed, |_| true)))
}

/// What a redactor makes of `text`; a text it does not change is not copied.
fn over(text: Cow<'_, str>, redactor: impl FnOnce(&str) -> Cow<'_, str>) -> Cow<'_, str> {
    match redactor(&text) {
        Cow::Owned(changed) => Cow::Owned(changed),
        Cow::Borrowed(_) => text,
    }
}

fn email(found: &Captures<'_>, removed: &mut Removed) -> String {
    if found.name("local").is_some_and(|local| local.as_str() == "git") {
        return found.get(0).map_or("", |whole| whole.as_str()).to_owned();
    }
    removed.add(Kind::Email);
    Kind::Email.placeholder().to_owned()
}

fn address(text: &str, found: &Captures<'_>, removed: &mut Removed, is_address: fn(&str) -> bool) -> String {
    let Some(whole) = found.get(0) else { return String::new() };
    let is_in_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let before = text.get(..whole.start()).and_then(|before| before.chars().next_back());
    let after = text.get(whole.end()..).and_then(|after| after.chars().next());
    if is_in_word(before) || is_in_word(after) || !is_address(whole.as_str()) {
        return whole.as_str().to_owned();
    }
    removed.add(Kind::Address);
    Kind::Address.placeholder().to_owned()
}

/// `12:30:45` is a time; a hardware address has six pairs. `a::b` is a name with a path.
fn is_ipv6_or_hardware(word: &str) -> bool {
    if !word.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let pairs = word.split(':').filter(|pair| pair.len() == 2).count();
    (word.len() > 4 && word.parse::<Ipv6Addr>().is_ok()) || (pairs == 6 && word.len() == 17)
}

fn phone(found: &Captures<'_>, removed: &mut Removed, is_phone: fn(&str) -> bool) -> String {
    let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
    if !is_phone(part("number")) {
        return found.get(0).map_or("", |whole| whole.as_str()).to_owned();
    }
    removed.add(Kind::Phone);
    format!("{}{}", part("before"), Kind::Phone.placeholder())
}

fn is_phone(number: &str) -> bool {
    PHONE_DIGITS.contains(&number.bytes().filter(u8::is_ascii_digit).count())
}
