//! One line of a text, and what stands in front of it: quote marks, a list's bullet, white space.

use crate::capture::redact::Kind;

/// Width of a tab, in columns.
const TAB_COLUMNS: usize = 4;

/// A line as it is judged.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// The whole line, without its line end.
    pub(super) raw: &'a str,
    /// The line without quote marks and indentation.
    pub(super) body: &'a str,
    /// Columns of white space between the quote marks and the body.
    pub(super) indent: usize,
    /// Whether a list's bullet or number stands in front; it is part of the body.
    pub(super) is_item: bool,
}

impl<'a> Line<'a> {
    pub(super) fn new(raw: &'a str) -> Self {
        let unquoted = unquote(raw);
        let body = unquoted.trim();
        let indent = columns(unquoted);
        Self { raw, body, indent, is_item: after_bullet(body).is_some() }
    }

    pub(super) const fn is_blank(&self) -> bool {
        self.body.is_empty()
    }

    /// Whether the line is only what an earlier step put in place of something.
    pub(super) fn is_placeholder(&self) -> bool {
        self.body.starts_with('[') && Kind::ALL.iter().any(|kind| !kind.placeholder().is_empty() && self.body == kind.placeholder())
    }

    /// The body without the bullet.
    pub(super) fn content(&self) -> &'a str {
        after_bullet(self.body).unwrap_or(self.body)
    }
}

fn columns(text: &str) -> usize {
    let mut columns = 0;
    for c in text.chars() {
        match c {
            ' ' => columns += 1,
            '\t' => columns += TAB_COLUMNS,
            _ => break,
        }
    }
    columns
}

/// Takes quote marks (`> `, `>> `, and a gutter `| `) away. `>>> ` is a prompt of Python, not a quote of a quote of a quote.
fn unquote(raw: &str) -> &str {
    let mut rest = raw;
    loop {
        let trimmed = rest.trim_start();
        if trimmed.starts_with(">>>") {
            return rest;
        }
        let inner = trimmed
            .strip_prefix('>')
            .or_else(|| trimmed.strip_prefix('|').filter(|_| !trimmed.trim_end().ends_with('|') && !trimmed.starts_with("||")));
        match inner {
            Some(inner) => rest = inner.strip_prefix(' ').unwrap_or(inner),
            None => return rest,
        }
    }
}

fn after_bullet(body: &str) -> Option<&str> {
    if let Some(rest) = body.strip_prefix(['-', '*', '•', '◦', '‣', '·']) {
        return rest.strip_prefix([' ', '\t']).map(str::trim_start);
    }
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let rest = body.get(digits..)?.strip_prefix(['.', ')'])?;
    ((1..=2).contains(&digits)).then_some(rest).and_then(|rest| rest.strip_prefix(' ')).map(str::trim_start)
}
