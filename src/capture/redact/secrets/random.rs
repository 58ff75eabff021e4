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

/// A link or a path (left as it is), or a run that may be random.
static RUN: LazyLock<Regex> =
    LazyLock::new(|| shape(r"(?P<link>[A-Za-z][A-Za-z0-9+.-]{1,20}://\S+)|(?P<run>[A-Za-z0-9+/_=-]{20,})(?P<more>[.:][A-Za-z0-9])?"));

pub(super) fn cut<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    RUN.replace_all(text, |found: &Captures<'_>| {
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        let run = found.name("run").map_or("", |run| run.as_str());
        let more = found.name("more").map_or("", |more| more.as_str());
        let is_path = run.matches('/').count() >= 2 || run.starts_with('/') || (run.contains('/') && !more.is_empty());
        if is_aws_secret(run) || (!is_path && is_random(run)) { format!("{}{more}", placeholder(removed)) } else { whole.to_owned() }
    })
}

/// Whether `run` looks like a key and not like the name of something.
pub(super) fn is_random(run: &str) -> bool {
    // `name=value` is looked at as its value; the padding of base 64 is no part of it.
    let run = run.trim_end_matches('=');
    let run = run.rsplit('=').next().unwrap_or(run);
    if run.len() < RANDOM_BYTES_MIN || is_uuid(run) {
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

fn is_uuid(run: &str) -> bool {
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
