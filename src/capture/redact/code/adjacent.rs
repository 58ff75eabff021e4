//! Lines that only the lines beside them tell: those of a diff without its header, and the rows of a table.

use super::pasted::Judged;
use crate::capture::redact::Kind;
use std::ops::Range;

/// Fewest rows of a table.
const ROWS_MIN: usize = 2;
/// Fewest separators in each row of a table.
const SEPARATORS_MIN: usize = 2;

/// Marks every line that its neighbours give away.
pub(super) fn mark(lines: &mut [Judged<'_>]) {
    hunks(lines);
    replacements(lines);
    rows(lines);
}

/// The lines of a hunk, and `> ` lines beside `< ` lines.
fn hunks(lines: &mut [Judged<'_>]) {
    let mut in_hunk = false;
    let mut in_normal = false;
    for line in lines.iter_mut().filter(|line| !line.line.is_blank()) {
        let raw = line.line.raw.trim_start();
        if line.kind == Some(Kind::Diff) {
            in_hunk = raw.starts_with("@@");
            in_normal = !in_hunk && raw.starts_with(|c: char| c.is_ascii_digit());
        } else if (in_hunk && line.line.raw.starts_with(['+', '-', ' ', '\\']))
            || (in_normal && (raw.starts_with(['<', '>']) || raw == "---"))
            || raw.starts_with("< ")
        {
            line.take(Kind::Diff);
            in_normal = in_normal || raw.starts_with("< ");
        } else {
            in_hunk = false;
            in_normal = false;
        }
    }
}

/// Lines that begin with `-`, and right behind them lines that begin with `+`. A list has one kind of bullet; one of what
/// speaks for and against something begins with what speaks for it.
fn replacements(lines: &mut [Judged<'_>]) {
    for old in stretches(lines, |body| is_change(body, '-').then_some(())) {
        let after = lines.get(old.end..).unwrap_or_default();
        let new = after.iter().take_while(|line| is_change(line.line.raw, '+')).count();
        if new > 0 {
            let (from, to) = (old.start, old.end + new);
            lines.iter_mut().take(to).skip(from).for_each(|line| line.take(Kind::Diff));
        }
    }
}

/// `+1` is a vote, `- [ ] task` is a list's.
fn is_change(raw: &str, mark: char) -> bool {
    raw.strip_prefix(mark).is_some_and(|rest| {
        let word = rest.trim();
        !word.is_empty() && !word.starts_with([mark, '[']) && !word.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Rows with the same number of the same separators, as spreadsheets and databases write them.
fn rows(lines: &mut [Judged<'_>]) {
    for separator in [',', ';', '\t'] {
        for table in stretches(lines, |raw| separators(raw, separator)) {
            if table.len() >= ROWS_MIN {
                lines.iter_mut().take(table.end).skip(table.start).for_each(|line| line.take(Kind::Log));
            }
        }
    }
}

/// How many `separator` a row has; `None` for a line that is none. In a sentence a space follows the comma.
fn separators(raw: &str, separator: char) -> Option<usize> {
    let row = raw.trim();
    let count = row.matches(separator).count();
    let is_spaced = separator != '\t' && row.split(separator).skip(1).any(|cell| cell.starts_with(' '));
    (count >= SEPARATORS_MIN && !is_spaced).then_some(count)
}

/// The stretches of neighbouring lines for which `look` gives the same answer.
fn stretches<T: PartialEq>(lines: &[Judged<'_>], look: impl Fn(&str) -> Option<T>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut before: Option<T> = None;
    for (at, line) in lines.iter().enumerate() {
        let seen = look(line.line.raw);
        match found.last_mut() {
            Some(stretch) if seen.is_some() && seen == before => stretch.end = at + 1,
            _ if seen.is_some() => found.push(at..at + 1),
            _ => {}
        }
        before = seen;
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::capture::redact::{Names, text};

    fn redacted(raw: &str) -> String {
        text(raw, &Names::none(|_| "person-0".to_owned())).text
    }

    #[test]
    fn changed_lines_without_a_header_go() {
        assert_eq!(
            redacted("we changed it to this:\n- the old text of readme\n+ the new text of readme\nok?"),
            "we changed it to this:\n[diff removed]\nok?"
        );
        assert_eq!(redacted("see\n-    we have the price\n-    and the rest\n+    we have the total"), "see\n[diff removed]");
    }

    #[test]
    fn rows_of_a_table_go() {
        assert_eq!(redacted("this is the export:\nid,email,plan\n1,a@b.c,gold\n2,d@e.f,free"), "this is the export:\n[log removed]");
        assert_eq!(redacted("we have\nname\tplan\tsince\nAna Lopez\tgold\tlast week"), "we have\n[log removed]");
    }

    #[test]
    fn lists_and_sentences_stay() {
        for list in [
            "plan:\n- write the tests\n- merge it\n- tell the team",
            "+ it is fast\n+ it is ours\n- nobody knows it",
            "- [ ] write the tests\n- [x] merge it",
            "first, we do this, then that\nthen, we do that, and this",
            "* one thing\n* another thing",
        ] {
            assert_eq!(redacted(list), list);
        }
    }
}
