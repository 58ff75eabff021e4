//! Regular expressions that are part of the program.
//!
//! Never: an expression from outside. The engine takes linear time, so a shape can be wrong but not slow.

use regex::Regex;
use regex::bytes::{RegexSet, RegexSetBuilder};

/// The expression `pattern`, which is a literal of this program.
#[expect(
    clippy::expect_used,
    reason = "a literal that does not compile is a mistake of ours; the tests compile every one, and to go on without it would let text through"
)]
pub(super) fn shape(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a shape compiles")
}

/// The expressions `patterns`, each a literal of this program, looked for all at once. They see bytes, not characters:
/// what programs print and read is ASCII, and the tables for all of Unicode would take a hundred times the room.
#[expect(clippy::expect_used, reason = "as for a single shape")]
pub(super) fn shapes(patterns: &[&str]) -> RegexSet {
    RegexSetBuilder::new(patterns).unicode(false).build().expect("every shape compiles")
}
