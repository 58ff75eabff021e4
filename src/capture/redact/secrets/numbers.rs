//! Numbers that are money: payment cards and bank accounts, told by their check digits.
//!
//! Sources: ISO/IEC 7812-1 annex B (Luhn), ISO 13616-1 (IBAN).

use super::placeholder;
use crate::capture::redact::Removed;
use crate::capture::redact::shape::shape;
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// 13 to 19 digits, alone or in groups.
static CARD: LazyLock<Regex> = LazyLock::new(|| shape(r"(?-u:\b)[2-6](?:[ -]?[0-9]){12,18}(?-u:\b)"));
static IBAN: LazyLock<Regex> = LazyLock::new(|| shape(r"(?-u:\b)[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}(?-u:\b)"));

pub(super) fn cut<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    let cards = CARD.replace_all(text, |found: &Captures<'_>| replace(found, removed, is_card));
    match IBAN.replace_all(&cards, |found: &Captures<'_>| replace(found, removed, is_iban)) {
        Cow::Owned(changed) => Cow::Owned(changed),
        Cow::Borrowed(_) => cards,
    }
}

fn replace(found: &Captures<'_>, removed: &mut Removed, is_secret: fn(&str) -> bool) -> String {
    let number = found.get(0).map_or("", |number| number.as_str());
    if is_secret(number) { placeholder(removed).to_owned() } else { number.to_owned() }
}

fn is_card(number: &str) -> bool {
    let digits = || number.chars().rev().filter_map(|c| c.to_digit(10));
    let sum: u32 =
        digits().enumerate().map(|(at, digit)| if at % 2 == 0 { digit } else { digit * 2 - if digit > 4 { 9 } else { 0 } }).sum();
    sum.is_multiple_of(10) && digits().any(|digit| Some(digit) != digits().next())
}

fn is_iban(number: &str) -> bool {
    let compact: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    let (Some(head), Some(tail)) = (compact.get(..4), compact.get(4..)) else { return false };
    let remainder = tail.chars().chain(head.chars()).filter_map(|c| c.to_digit(36)).fold(0, |rest, digit| {
        let shifted = if digit < 10 { rest * 10 } else { rest * 100 };
        (shifted + digit) % 97
    });
    remainder == 1
}
