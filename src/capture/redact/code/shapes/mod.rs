//! Lines that only a machine, or a person writing for one, writes: told by their shape alone.
//!
//! A shape is specific enough that a line which has it is cut wherever it stands, but for those of [`faint`]. What is merely
//! likely is weighed in [`super::weigh`]. Shapes are tried on a line without its indentation and without the marks of a quote.

mod diff;
pub(super) mod embedded;
mod faint;
mod log;
mod single;
mod statement;
mod trace;

use crate::capture::redact::Kind;
use crate::capture::redact::shape::Lines;
use std::sync::LazyLock;

static TRACE: LazyLock<Lines> = LazyLock::new(|| Lines::new(trace::SHAPES));
static DIFF: LazyLock<Lines> = LazyLock::new(|| Lines::new(diff::SHAPES));
static LOG: LazyLock<Lines> = LazyLock::new(|| Lines::new(log::SHAPES));
static STATEMENT: LazyLock<Lines> = LazyLock::new(|| {
    let single: Vec<&str> = single::ROWS.iter().map(|(shape, _)| *shape).collect();
    Lines::new(&[statement::SHAPES, &single].concat())
});
static FAINT: LazyLock<Lines> = LazyLock::new(|| Lines::new(&faint::ROWS.iter().map(|(shape, _)| *shape).collect::<Vec<_>>()));

/// The kind whose shape `line` has.
pub(super) fn kind_of(line: &str) -> Option<Kind> {
    if TRACE.is_match(line) {
        Some(Kind::Trace)
    } else if DIFF.is_match(line) {
        Some(Kind::Diff)
    } else if LOG.is_match(line) {
        Some(Kind::Log)
    } else if STATEMENT.is_match(line) {
        Some(Kind::Code)
    } else {
        None
    }
}

/// Whether `line` has a shape that counts only where nothing in it is talk.
pub(super) fn is_faint(line: &str) -> bool {
    FAINT.is_match(line)
}
