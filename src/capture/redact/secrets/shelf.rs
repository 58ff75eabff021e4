//! Many shapes, of which a text needs few: each is compiled when first needed, and tried only where a piece of it occurs.
//!
//! One pass of an automaton over the text finds the pieces of all shapes. That keeps the first message as fast as the
//! thousandth, and keeps shapes with counted repetitions, which are slow to search for, away from ordinary talk.

use crate::capture::redact::shape::shape;
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::sync::OnceLock;

/// Whether the case of a hint matters. Only ASCII has a case here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Matters,
    Ignored,
}

/// A table of shapes.
pub(super) struct Shelf {
    hints: Option<AhoCorasick>,
    /// The shape of each hint, and whether the hint is a whole word.
    owners: Vec<(usize, bool)>,
    shapes: Vec<(String, OnceLock<Regex>)>,
}

impl Shelf {
    /// Each row is a shape, and pieces one of which is in every text of that shape. `<piece>` counts only as a whole word, or
    /// with an `s` behind it.
    pub(super) fn new(rows: impl Iterator<Item = (Vec<&'static str>, String)>, case: Case) -> Self {
        let (mut hints, mut owners, mut shapes) = (Vec::new(), Vec::new(), Vec::new());
        for (at, (of_row, shape)) in rows.enumerate() {
            for hint in of_row {
                let word = hint.strip_prefix('<').and_then(|word| word.strip_suffix('>'));
                owners.push((at, word.is_some()));
                hints.push(word.unwrap_or(hint));
            }
            shapes.push((shape, OnceLock::new()));
        }
        // The only ways to fail are more than 2^31 hints and a hint of that length; without the automaton every shape is tried.
        let hints = AhoCorasick::builder().ascii_case_insensitive(case == Case::Ignored).build(hints).ok();
        Self { hints, owners, shapes }
    }

    /// Whether any shape may be in `text`.
    pub(super) fn is_hinted(&self, text: &str) -> bool {
        self.hints.is_none() || self.rows_in(text).next().is_some()
    }

    /// The row of every hint that is in `text`.
    fn rows_in(&self, text: &str) -> impl Iterator<Item = usize> {
        let hits = self.hints.iter().flat_map(move |hints| hints.find_overlapping_iter(text));
        hits.filter_map(move |hit| {
            let (row, is_word) = *self.owners.get(hit.pattern().as_usize())?;
            (!is_word || is_whole_word(text, hit.start(), hit.end())).then_some(row)
        })
    }

    /// The shapes that may be in `text`, with their rows, in the order of the rows.
    pub(super) fn shapes_for<'s>(&'s self, text: &str) -> impl Iterator<Item = (usize, &'s Regex)> + use<'s> {
        let mut is_wanted = vec![self.hints.is_none(); self.shapes.len()];
        for row in self.rows_in(text) {
            if let Some(wanted) = is_wanted.get_mut(row) {
                *wanted = true;
            }
        }
        let wanted = is_wanted.into_iter().zip(&self.shapes).enumerate().filter(|(_, (is_wanted, _))| *is_wanted);
        wanted.map(|(at, (_, (pattern, compiled)))| (at, compiled.get_or_init(|| shape(pattern))))
    }
}

/// Whether no letter of ASCII stands on either side, but for an `s`.
fn is_whole_word(text: &str, from: usize, to: usize) -> bool {
    let before = text.get(..from).and_then(|before| before.bytes().next_back());
    let after = text.get(to..).unwrap_or_default();
    let after = after.strip_prefix(['s', 'S']).unwrap_or(after).bytes().next();
    ![before, after].iter().flatten().any(u8::is_ascii_alphabetic)
}
