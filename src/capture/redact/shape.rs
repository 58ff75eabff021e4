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

/// The same where `\w`, `\d` and `\b` mean ASCII alone, as in the names and numbers of programs: their tables for all of Unicode
/// make an expression ten times as large.
pub(super) fn ascii_shape(pattern: &str) -> Regex {
    let mut ascii = String::with_capacity(pattern.len() * 2);
    let (mut is_escaped, mut in_class) = (false, false);
    for c in pattern.chars() {
        match (is_escaped, c) {
            (false, '\\') => {
                is_escaped = true;
                continue;
            }
            (true, 'w') => ascii.push_str(if in_class { "A-Za-z0-9_" } else { "[A-Za-z0-9_]" }),
            (true, 'd') => ascii.push_str(if in_class { "0-9" } else { "[0-9]" }),
            (true, 'b') => ascii.push_str(r"(?-u:\b)"),
            (true, c) => ascii.extend(['\\', c]),
            (false, c) => {
                in_class = (in_class || c == '[') && c != ']';
                ascii.push(c);
            }
        }
        is_escaped = false;
    }
    shape(&ascii)
}

/// The expressions `patterns`, each a literal of this program, looked for all at once. They see bytes, not characters:
/// what programs print and read is ASCII, and the tables for all of Unicode would take a hundred times the room.
#[expect(clippy::expect_used, reason = "as for a single shape")]
pub(super) fn shapes<S: AsRef<str>>(patterns: &[S]) -> RegexSet {
    RegexSetBuilder::new(patterns).unicode(false).build().expect("every shape compiles")
}

/// Shapes of lines, in two sets: those that begin where the line begins, and those that may be anywhere in it.
///
/// Together they would be one automaton that has to follow every line to its end, in states that are hardly ever seen
/// twice. Apart, the first is done with most lines after a few characters, and the second is small.
pub(super) struct Lines {
    anchored: RegexSet,
    anywhere: RegexSet,
}

impl Lines {
    pub(super) fn new(patterns: &[&str]) -> Self {
        let (anchored, anywhere): (Vec<String>, Vec<String>) =
            patterns.iter().flat_map(|pattern| alternatives(pattern)).partition(|shape| shape.trim_start_matches("(?i)").starts_with('^'));
        Self { anchored: shapes(&anchored), anywhere: shapes(&anywhere) }
    }

    pub(super) fn is_match(&self, line: &str) -> bool {
        self.anchored.is_match(line.as_bytes()) || self.anywhere.is_match(line.as_bytes())
    }
}

/// `a|^b|(c|d)` as `a`, `^b` and `(c|d)`; flags in front hold for each.
fn alternatives(pattern: &str) -> Vec<String> {
    let (flags, pattern) = pattern.strip_prefix("(?i)").map_or(("", pattern), |rest| ("(?i)", rest));
    let mut parts = vec![flags.to_owned()];
    let (mut depth, mut is_escaped, mut in_class) = (0_usize, false, false);
    for c in pattern.chars() {
        let is_plain = !is_escaped;
        match c {
            '[' if is_plain => in_class = true,
            ']' if is_plain => in_class = false,
            '(' if is_plain && !in_class => depth += 1,
            ')' if is_plain && !in_class => depth = depth.saturating_sub(1),
            '|' if is_plain && !in_class && depth == 0 => {
                parts.push(flags.to_owned());
                continue;
            }
            _ => {}
        }
        is_escaped = is_plain && c == '\\';
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_are_split_where_they_stand_alone() {
        assert_eq!(alternatives(r"(?i)^a(b|c)|[|]d\||^e[^|]\(|f"), [r"(?i)^a(b|c)", r"(?i)[|]d\|", r"(?i)^e[^|]\(", "(?i)f"]);
    }

    #[test]
    fn an_ascii_shape_sees_ascii_words_only() {
        let found = |pattern: &str, text: &str| ascii_shape(pattern).find(text).map(|found| found.as_str().to_owned());
        assert_eq!(found(r"\b\w+[\w.]+\d\]", "ä a.b1]").as_deref(), Some("a.b1]"));
        assert_eq!(found(r"^\w", "ä"), None);
    }

    #[test]
    fn lines_see_what_their_shapes_see() {
        let lines = Lines::new(&["^begin|end$", "(?i)Mid+le"]);
        assert!(["begin x", "x end", "a MIDDLE b"].iter().all(|line| lines.is_match(line)));
        assert!(["x begin", "end x"].iter().all(|line| !lines.is_match(line)));
    }
}
