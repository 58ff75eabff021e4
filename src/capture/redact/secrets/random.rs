//! Runs of characters that nobody writes by hand.
//!
//! What is looked at is how often the kind of character changes: `getElementById` changes at each word, a random string of
//! the same letters at every second character. Commit ids (40 hexadecimal digits), shorter abbreviations of them, and UUIDs
//! are no secrets.

use super::placeholder;
use crate::capture::redact::Removed;
use crate::capture::redact::shape::shape;
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Shorter runs are names of things: 20 characters of base 62 hold 119 bits, fewer are rarely used for a key.
const RANDOM_BYTES_MIN: usize = 20;
/// The longest run without a separator that a readable name has.
const SEGMENT_BYTES_MIN: usize = 12;
/// A commit id of git.
const COMMIT_ID_BYTES: usize = 40;
/// An AWS secret key is exactly this long, and a `/` may stand in it.
const AWS_SECRET_BYTES: usize = 40;
/// Changes of kind between neighbours, in percent of all pairs. Random base 62 has 45, camel case at most 20.
const CHANGES_PERCENT_MIXED: usize = 22;
/// The same between letters and digits alone. Random base 36 has 40.
const CHANGES_PERCENT_PLAIN: usize = 25;

/// Lengths of shared secrets for one-time codes (RFC 6238) in base 32: 10, 16, 20, 32 and 64 bytes, and what issuers make of them.
const BASE32_BYTES: &[usize] = &[16, 24, 26, 32, 40, 48, 52, 56, 64];

/// A link (left as it is), or a run that may be random, or the same in groups of four.
static RUN: LazyLock<Regex> = LazyLock::new(|| {
    shape(concat!(
        r"(?P<link>[A-Za-z][A-Za-z0-9+.-]{1,20}://\S+)|(?P<run>[A-Za-z0-9+/_=-]{16,})(?P<more>[.:][A-Za-z0-9])?",
        r"|(?-u:\b)(?P<groups>[A-Z2-7]{4}(?:[ -][A-Z2-7]{4}){3,15})(?-u:\b)",
    ))
});

pub(super) fn cut<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    RUN.replace_all(text, |found: &Captures<'_>| {
        let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
        let (run, more) = (part("run"), part("more"));
        let is_path = run.matches('/').count() >= 2 || run.starts_with('/') || (run.contains('/') && !more.is_empty());
        let is_secret = if is_path { run.split('/').any(is_random) } else { is_random(run) || is_base32(run) };
        if is_secret || is_aws_secret(run) || is_base32(&part("groups").replace([' ', '-'], "")) {
            format!("{}{more}", placeholder(removed))
        } else {
            found.get(0).map_or("", |whole| whole.as_str()).to_owned()
        }
    })
}

/// A shared secret for one-time codes: capitals and the digits 2 to 7, mixed.
fn is_base32(run: &str) -> bool {
    let runs = Runs::of(run);
    BASE32_BYTES.contains(&run.len())
        && run.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'))
        && runs.upper > runs.digits
        && runs.letter_digit_changes >= 2
}

/// Whether `run` looks like a key and not like the name of something.
pub(super) fn is_random(run: &str) -> bool {
    // `name=value` is looked at as its value; the padding of base 64 is no part of it.
    let run = run.trim_end_matches('=');
    let run = run.rsplit('=').next().unwrap_or(run);
    if run.len() < RANDOM_BYTES_MIN || is_uuid(run) || is_comparison(run) {
        return false;
    }
    if run.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return run.len() != COMMIT_ID_BYTES
            && run.bytes().any(|byte| byte.is_ascii_digit())
            && run.bytes().any(|b| b.is_ascii_alphabetic());
    }
    let runs = Runs::of(run);
    runs.is_mixed() || runs.is_plain()
}

fn is_aws_secret(run: &str) -> bool {
    run.len() == AWS_SECRET_BYTES && !run.contains(['-', '_', '=']) && Runs::of(run).is_mixed()
}

/// `id...id`, as the hosts write the comparison of two commits.
fn is_comparison(run: &str) -> bool {
    let is_commit = |id: &str| id.len() <= COMMIT_ID_BYTES && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    run.split_once("..").is_some_and(|(from, to)| is_commit(from) && is_commit(to.trim_start_matches('.')))
}

pub(super) fn is_uuid(run: &str) -> bool {
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    run.len() == 36 && run.bytes().enumerate().all(|(at, byte)| if HYPHENS.contains(&at) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

/// What a run is made of.
#[derive(Default)]
struct Runs {
    lower: usize,
    upper: usize,
    digits: usize,
    /// Pairs of neighbours with no separator between them.
    pairs: usize,
    /// Pairs of different kinds, but a capital before a small letter: that is how a word begins.
    changes: usize,
    letter_digit_changes: usize,
    longest_segment: usize,
}

impl Runs {
    fn of(run: &str) -> Self {
        let mut runs = Self::default();
        let mut before = Class::Separator;
        let mut segment = 0;
        for byte in run.bytes() {
            let class = Class::of(byte);
            match class {
                Class::Lower => runs.lower += 1,
                Class::Upper => runs.upper += 1,
                Class::Digit => runs.digits += 1,
                Class::Separator => {}
            }
            segment = if class == Class::Separator { 0 } else { segment + 1 };
            runs.longest_segment = runs.longest_segment.max(segment);
            if class != Class::Separator && before != Class::Separator {
                runs.pairs += 1;
                runs.changes += usize::from(class != before && !(before == Class::Upper && class == Class::Lower));
                runs.letter_digit_changes += usize::from((class == Class::Digit) != (before == Class::Digit));
            }
            before = class;
        }
        runs
    }

    fn is_mixed(&self) -> bool {
        self.lower >= 2
            && self.upper >= 2
            && self.digits >= 1
            && self.longest_segment >= SEGMENT_BYTES_MIN
            && self.changes * 100 >= self.pairs * CHANGES_PERCENT_MIXED
    }

    fn is_plain(&self) -> bool {
        self.digits >= 3
            && self.lower + self.upper >= 3
            && self.longest_segment >= RANDOM_BYTES_MIN
            && self.letter_digit_changes * 100 >= self.pairs * CHANGES_PERCENT_PLAIN
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Digit,
    Separator,
}

impl Class {
    const fn of(byte: u8) -> Self {
        match byte {
            b'a'..=b'z' => Self::Lower,
            b'A'..=b'Z' => Self::Upper,
            b'0'..=b'9' => Self::Digit,
            _ => Self::Separator,
        }
    }
}
