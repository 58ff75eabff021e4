//! Words fit where they are shown, and hold nothing that is not seen.

use super::Dropped;
use crate::analysis::finding::Finding;
use crate::base::text::is_invisible;

/// A title is one line of a list.
const TITLE_CHARS_MAX: usize = 160;
/// A statement is read in one breath; the rest is in the numbers and the sources.
const STATEMENT_CHARS_MAX: usize = 700;
/// Why it was told, what would make it go away, an option: a sentence or two.
const SENTENCE_CHARS_MAX: usize = 400;
/// Options to choose from, not a catalogue.
const OPTIONS: std::ops::RangeInclusive<usize> = 1..=5;

pub(super) fn check(finding: &Finding) -> Result<(), Dropped> {
    let fits = is_plain(&finding.title, TITLE_CHARS_MAX)
        && is_plain(&finding.statement, STATEMENT_CHARS_MAX)
        && is_plain(&finding.why, SENTENCE_CHARS_MAX)
        && is_plain(&finding.goes_away, SENTENCE_CHARS_MAX)
        && OPTIONS.contains(&finding.options.len())
        && finding.options.iter().all(|option| is_plain(option.words, SENTENCE_CHARS_MAX));
    if fits { Ok(()) } else { Err(Dropped::Size) }
}

fn is_plain(words: &str, chars_max: usize) -> bool {
    !words.trim().is_empty() && words.chars().count() <= chars_max && !words.chars().any(|c| c.is_control() || is_invisible(c))
}
