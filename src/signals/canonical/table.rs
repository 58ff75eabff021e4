//! From CSV (RFC 4180) to records: a header that names the columns, then one row for each record.
//!
//! The `csv` crate takes what it gets: a quote that never closes swallows the rest of a file without a word. So each row's
//! own text is looked at once more before it counts.

use super::read::{Reading, What, likely, trimmed};
use super::record::{Column, Record};
use csv::StringRecord;

/// What spreadsheets of other countries and habits put between cells, with its name.
const OTHER_SEPARATORS: [(char, &str); 3] = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")];

pub(super) fn records(text: &str) -> Reading<(u64, Record)> {
    let mut reading = Reading::new();
    let mut rows = Rows::new(text);
    let mut header = StringRecord::new();
    // Nothing but blank lines: that there is no row at all is said by the caller.
    let Some(next) = rows.read(&mut header) else { return reading };
    header.trim();
    let columns: Vec<Option<Column>> = header.iter().map(Column::parse).collect();
    match next.problem {
        Some(problem) => reading.blame(next.line, None, problem),
        None => check_header(next.line, &header, &columns, &mut reading),
    }
    if reading.problems_total > 0 {
        return reading;
    }
    let mut row = StringRecord::new();
    while let Some(next) = rows.read(&mut row) {
        if let Some(problem) = next.problem {
            reading.blame(next.line, None, problem);
            continue;
        }
        let mut record = Record::default();
        for (column, cell) in columns.iter().zip(row.iter()) {
            if let Some(column) = column {
                record.set(*column, trimmed(*column, cell));
            }
        }
        reading.rows.push((next.line, record));
    }
    reading
}

/// Rows with the lines in which they begin. The reader's own position of a row is the end of the row before, however many
/// blank lines lie between.
struct Rows<'a> {
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    /// Up to where the lines are counted, and how many there are.
    counted: usize,
    line: u64,
}

struct Row {
    line: u64,
    problem: Option<What>,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str) -> Self {
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(false).from_reader(text.as_bytes());
        Self { text, reader, counted: 0, line: 1 }
    }

    fn at(&self) -> usize {
        usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX)
    }

    /// The next row; `None` at the end.
    fn read(&mut self, row: &mut StringRecord) -> Option<Row> {
        let rest = self.text.get(self.at()..).unwrap_or_default();
        let from = self.text.len() - rest.trim_start_matches(['\r', '\n']).len();
        let read = self.reader.read_record(row);
        if matches!(read, Ok(false)) {
            return None;
        }
        self.line += self.text.get(self.counted..from).map_or(0, |passed| passed.bytes().fold(0, |n, byte| n + u64::from(byte == b'\n')));
        self.counted = from;
        let own = self.text.get(from..self.at()).unwrap_or_default();
        let problem = if has_loose_quote(own) { Some(What::LooseQuote) } else { read.err().map(|_| What::Ragged) };
        Some(Row { line: self.line, problem })
    }
}

/// Whether a quoted cell does not close within its row, or goes on after its closing quote.
fn has_loose_quote(row: &str) -> bool {
    #[derive(Clone, Copy, PartialEq)]
    enum In {
        NewCell,
        PlainCell,
        Quotes,
        /// After a quote that closes the cell, unless it is the first of two.
        Closing,
    }
    let mut place = In::NewCell;
    for byte in row.bytes() {
        place = match (place, byte) {
            (In::Quotes, b'"') | (In::Closing, b'\r' | b'\n') => In::Closing,
            (In::NewCell | In::Closing, b'"') | (In::Quotes, _) => In::Quotes,
            (_, b',') => In::NewCell,
            (In::Closing, _) => return true,
            (In::NewCell | In::PlainCell, _) => In::PlainCell,
        };
    }
    place == In::Quotes
}

fn check_header(line: u64, header: &StringRecord, columns: &[Option<Column>], reading: &mut Reading<(u64, Record)>) {
    if let Some(found) = other_separator(header) {
        return reading.blame(line, None, What::Separator { found });
    }
    let missing: Vec<Column> = Column::ALL.iter().copied().filter(|column| !columns.contains(&Some(*column))).collect();
    for (name, column) in header.iter().zip(columns) {
        if let (None, Some(likely)) = (column, likely(name, &missing)) {
            reading.blame(line, None, What::Misspelt { likely: likely.as_str() });
        }
    }
    for column in super::REQUIRED.iter().filter(|column| missing.contains(column)) {
        reading.blame(line, Some(*column), What::NoColumn);
    }
    for column in Column::ALL.iter().filter(|column| columns.iter().filter(|named| **named == Some(**column)).count() > 1) {
        reading.blame(line, Some(*column), What::Twice);
    }
}

/// The separator of a header that is one single cell to a reader of commas, and several known columns to one of this.
fn other_separator(header: &StringRecord) -> Option<&'static str> {
    let cell = header.get(0).filter(|_| header.len() == 1)?;
    let splits = |separator: char| cell.split(separator).filter(|name| Column::parse(name.trim_matches([' ', '"'])).is_some()).count() > 1;
    OTHER_SEPARATORS.into_iter().find(|(separator, _)| splits(*separator)).map(|(_, name)| name)
}
