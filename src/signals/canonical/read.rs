//! From the text of a file to records and signals. Every problem is collected with its line, so that a file is mended in
//! one go; reading never stops at the first.

use super::record::{Column, Record, Wrong};
use super::{BYTE_ORDER_MARK, Format, objects, table};
use crate::base::id::PersonId;
use crate::signals::Signal;
use std::fmt;

/// Most problems that are kept with their words; more are only counted. Twenty fill a screen, and the next reading of the
/// mended file shows the rest.
const PROBLEMS_MAX: usize = 20;
/// How alike an unknown column must be to a missing one to be called a slip of the pen (Jaro-Winkler, 0 to 1).
const SLIP_LIKENESS_MIN: f64 = 0.85;

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1, the header included.
    pub line: u64,
    /// The column, where one cell is to blame.
    pub column: Option<&'static str>,
    pub what: What,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Cell(Wrong),
    /// Not one JSON object; the place in the line.
    NotAnObject {
        character: usize,
    },
    /// A cell of a JSON object is a list or an object.
    NotPlain,
    /// A CSV row has more or fewer cells than the header.
    Ragged,
    /// A quote in a CSV row does not close, or closes before its cell ends.
    LooseQuote,
    /// The cells of a table are not separated by commas, but by these.
    Separator {
        found: &'static str,
    },
    /// A column or a key that counts comes twice.
    Twice,
    /// The header lacks this column, which every row needs.
    NoColumn,
    /// A column that looks like a slip in the name of one that is missing.
    Misspelt {
        likely: &'static str,
    },
    /// There is not a single row.
    Empty,
}

impl Problem {
    /// What is wrong and what to do, without the line.
    pub fn message(&self) -> String {
        self.column.map_or_else(|| self.what.to_string(), |column| format!("column `{column}` {}", self.what))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message())
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cell(wrong) => wrong.fmt(f),
            Self::NotAnObject { character } => {
                write!(f, "is not one JSON object (see character {character}); write one object for each line")
            }
            Self::NotPlain => f.write_str("holds a list or an object; write a text or a number"),
            Self::Ragged => f.write_str("does not fit the header; write as many cells as it names"),
            Self::LooseQuote => {
                f.write_str("has a quote that does not end with its cell; close every quote, and write one inside of a text twice (\"\")")
            }
            Self::Separator { found } => write!(f, "the cells are separated by {found}; separate them by commas"),
            Self::Twice => f.write_str("comes twice; leave one"),
            Self::NoColumn => f.write_str("is missing from the header; every row must have it"),
            Self::Misspelt { likely } => write!(f, "an unknown column looks like `{likely}`, which is missing; correct its name"),
            Self::Empty => f.write_str("the file holds no row; give it a header line (CSV) and at least one row"),
        }
    }
}

/// What reading a file gave: what could be read, and what could not.
#[derive(Clone, Debug)]
pub struct Reading<T> {
    pub rows: Vec<T>,
    /// The first twenty problems, in the order of their lines.
    pub problems: Vec<Problem>,
    /// How many there were in all.
    pub problems_total: usize,
}

impl<T> Reading<T> {
    pub(super) const fn new() -> Self {
        Self { rows: Vec::new(), problems: Vec::new(), problems_total: 0 }
    }

    pub(super) fn blame(&mut self, line: u64, column: Option<Column>, what: What) {
        self.problems_total += 1;
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(Problem { line, column: column.map(Column::as_str), what });
        }
    }
}

/// The signals of a file; `person` knows which human an actor's name belongs to.
pub fn parse(text: &str, format: Format, person: &dyn Fn(&str) -> PersonId) -> Reading<Signal> {
    let records = records(text, format);
    let mut reading =
        Reading { rows: Vec::with_capacity(records.rows.len()), problems: records.problems, problems_total: records.problems_total };
    for (line, record) in records.rows {
        match record.signal(person) {
            Ok(signal) => reading.rows.push(signal),
            Err(wrong) => {
                for (column, reason) in wrong {
                    reading.blame(line, Some(column), What::Cell(reason));
                }
            }
        }
    }
    if reading.rows.is_empty() && reading.problems.is_empty() {
        reading.blame(1, None, What::Empty);
    }
    reading.problems.sort_by_key(|problem| problem.line);
    reading
}

/// The rows of a file with their lines, each still to be read as a signal.
pub fn records(text: &str, format: Format) -> Reading<(u64, Record)> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    match format {
        Format::Csv => table::records(text),
        Format::JsonLines => objects::records(text),
    }
}

/// The missing column that `name` is probably meant to be.
pub(super) fn likely(name: &str, missing: &[Column]) -> Option<Column> {
    let name = name.trim().to_ascii_lowercase();
    missing.iter().copied().find(|column| strsim::jaro_winkler(&name, column.as_str()) >= SLIP_LIKENESS_MIN)
}

/// Spaces around a word are a slip; inside a text they are the author's.
pub(super) fn trimmed(column: Column, cell: &str) -> &str {
    if matches!(column, Column::Text | Column::Title) { cell } else { cell.trim() }
}
