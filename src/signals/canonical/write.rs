//! From signals to the text of a file. What is written is read back as the same signals, but for the two facts that the
//! format does not hold (see the module's documentation).

use super::record::{Column, Record};
use crate::signals::Signal;

/// The signals as CSV, with a header.
pub fn to_csv<'a>(signals: impl IntoIterator<Item = &'a Signal>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut is_written = writer.write_record(Column::ALL.iter().map(|column| column.as_str())).is_ok();
    for signal in signals {
        let record = Record::of(signal);
        is_written &= writer.write_record(Column::ALL.iter().map(|column| record.get(*column).unwrap_or_default())).is_ok();
    }
    let bytes = writer.into_inner().unwrap_or_default();
    debug_assert!(is_written, "writing rows of equal length to memory does not fail");
    String::from_utf8(bytes).unwrap_or_default()
}

/// The signals as JSON lines; a cell that says nothing is left out.
pub fn to_json_lines<'a>(signals: impl IntoIterator<Item = &'a Signal>) -> String {
    let mut lines = String::new();
    for signal in signals {
        let record = Record::of(signal);
        let said = Column::ALL.iter().filter_map(|column| record.get(*column).map(|value| (column.as_str(), value)));
        let object: serde_json::Map<String, serde_json::Value> =
            said.map(|(name, value)| (name.to_owned(), serde_json::Value::String(value.to_owned()))).collect();
        lines.push_str(&serde_json::Value::Object(object).to_string());
        lines.push('\n');
    }
    lines
}
