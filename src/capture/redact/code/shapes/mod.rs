//! Lines that only a machine, or a person writing for one, writes: told by their shape alone.
//!
//! A shape is specific enough that a line which has it is cut wherever it stands. What is merely likely is weighed in
//! [`super::weigh`]. Shapes are tried on a line without its indentation and without the marks of a quote.

mod diff;
mod log;
mod statement;
mod trace;

use crate::capture::redact::Kind;
use crate::capture::redact::shape::shapes;
use regex::bytes::RegexSet;
use std::sync::LazyLock;

static TRACE: LazyLock<RegexSet> = LazyLock::new(|| shapes(trace::SHAPES));
static DIFF: LazyLock<RegexSet> = LazyLock::new(|| shapes(diff::SHAPES));
static LOG: LazyLock<RegexSet> = LazyLock::new(|| shapes(log::SHAPES));
static STATEMENT: LazyLock<RegexSet> = LazyLock::new(|| shapes(statement::SHAPES));

/// The kind whose shape `line` has.
pub(super) fn kind_of(line: &str) -> Option<Kind> {
    if TRACE.is_match(line.as_bytes()) {
        Some(Kind::Trace)
    } else if DIFF.is_match(line.as_bytes()) {
        Some(Kind::Diff)
    } else if LOG.is_match(line.as_bytes()) {
        Some(Kind::Log)
    } else if STATEMENT.is_match(line.as_bytes()) {
        Some(Kind::Code)
    } else {
        None
    }
}
