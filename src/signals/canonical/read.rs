//! From the text of a file to records and signals. Every problem is collected with its line, so that a file is mended in
//! one go; reading never stops at the first.

use super::Format;
use super::record::{Column, Record, Wrong};
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
    /// A CSV row has more or fewer cells than the header, or its quotes do not close.
    Ragged,
    /// The header lacks this column, which every row needs.
    NoColumn,
    /// A column that looks like a slip in the name of one that is missing.
    Misspelt {
        likely: &'static str,
    },
    /// There is not a single row.
    Empty,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        if let Some(column) = self.column {
            write!(f, "column `{column}` ")?;
        }
        match &self.what {
            What::Cell(wrong) => wrong.fmt(f),
            What::NotAnObject { character } => {
                write!(f, "is not one JSON object (see character {character}); write one object for each line")
            }
            What::NotPlain => f.write_str("holds a list or an object; write a text or a number"),
            What::Ragged => f.write_str("does not fit the header; write as many cells as it names and close every quote"),
            What::NoColumn => f.write_str("is missing from the header; every row must have it"),
            What::Misspelt { likely } => write!(f, "an unknown column looks like `{likely}`, which is missing; correct its name"),
            What::Empty => f.write_str("the file holds no row; give it a header line (CSV) and at least one row"),
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
    const fn new() -> Self {
        Self { rows: Vec::new(), problems: Vec::new(), problems_total: 0 }
    }

    fn blame(&mut self, line: u64, column: Option<Column>, what: What) {
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
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    match format {
        Format::Csv => csv_records(text),
        Format::JsonLines => json_records(text),
    }
}

fn csv_records(text: &str) -> Reading<(u64, Record)> {
    let mut reading = Reading::new();
    let mut reader = csv::ReaderBuilder::new().has_headers(true).flexible(false).trim(csv::Trim::Headers).from_reader(text.as_bytes());
    let Ok(header) = reader.headers().cloned() else {
        reading.blame(1, None, What::Ragged);
        return reading;
    };
    let columns: Vec<Option<Column>> = header.iter().map(Column::parse).collect();
    check_header(&header, &columns, &mut reading);
    if reading.problems_total > 0 {
        return reading;
    }
    for row in reader.records() {
        match row {
            Ok(row) => {
                let line = row.position().map_or(0, csv::Position::line);
                let mut record = Record::default();
                for (column, cell) in columns.iter().zip(row.iter()) {
                    if let Some(column) = column {
                        record.set(*column, trimmed(*column, cell));
                    }
                }
                reading.rows.push((line, record));
            }
            Err(error) => reading.blame(error.position().map_or(0, csv::Position::line), None, What::Ragged),
        }
    }
    reading
}

fn check_header(header: &csv::StringRecord, columns: &[Option<Column>], reading: &mut Reading<(u64, Record)>) {
    let missing: Vec<Column> = Column::ALL.iter().copied().filter(|column| !columns.contains(&Some(*column))).collect();
    for (name, column) in header.iter().zip(columns) {
        if let (None, Some(likely)) = (column, likely(name, &missing)) {
            reading.blame(1, None, What::Misspelt { likely: likely.as_str() });
        }
    }
    for column in super::REQUIRED.iter().filter(|column| missing.contains(column)) {
        reading.blame(1, Some(*column), What::NoColumn);
    }
}

fn json_records(text: &str) -> Reading<(u64, Record)> {
    let mut reading = Reading::new();
    for (line, row) in (1_u64..).zip(text.lines()) {
        if row.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(row) {
            Ok(object) => {
                let mut record = Record::default();
                fill(&mut record, line, &object, &mut reading);
                reading.rows.push((line, record));
            }
            Err(error) => reading.blame(line, None, What::NotAnObject { character: error.column() }),
        }
    }
    reading
}

fn fill(record: &mut Record, line: u64, object: &serde_json::Map<String, serde_json::Value>, reading: &mut Reading<(u64, Record)>) {
    let missing: Vec<Column> = Column::ALL.iter().copied().filter(|column| !object.contains_key(column.as_str())).collect();
    for (name, value) in object {
        let Some(column) = Column::parse(name) else {
            if let Some(likely) = likely(name, &missing) {
                reading.blame(line, None, What::Misspelt { likely: likely.as_str() });
            }
            continue;
        };
        match value {
            serde_json::Value::Null => {}
            serde_json::Value::String(text) => record.set(column, trimmed(column, text)),
            serde_json::Value::Number(number) => record.set(column, number.to_string()),
            serde_json::Value::Bool(_) | serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
                reading.blame(line, Some(column), What::NotPlain);
            }
        }
    }
}

/// The missing column that `name` is probably meant to be.
fn likely(name: &str, missing: &[Column]) -> Option<Column> {
    let name = name.trim().to_ascii_lowercase();
    missing.iter().copied().find(|column| strsim::jaro_winkler(&name, column.as_str()) >= SLIP_LIKENESS_MIN)
}

/// Spaces around a word are a slip; inside a text they are the author's.
fn trimmed(column: Column, cell: &str) -> &str {
    if matches!(column, Column::Text | Column::Title) { cell } else { cell.trim() }
}
