//! From JSON lines to records: one object for each line.

use super::read::{Reading, What, likely, trimmed};
use super::record::{Column, Record};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// The keys and values of an object as they stand in the line: a map would keep the last of two that are equal, and say nothing.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

pub(super) fn records(text: &str) -> Reading<(u64, Record)> {
    let mut reading = Reading::new();
    for (line, row) in (1_u64..).zip(text.lines()) {
        if row.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Object>(row) {
            Ok(object) => {
                let record = record(line, &object, &mut reading);
                reading.rows.push((line, record));
            }
            Err(error) => reading.blame(line, None, What::NotAnObject { character: error.column().max(1) }),
        }
    }
    reading
}

fn record(line: u64, Object(members): &Object, reading: &mut Reading<(u64, Record)>) -> Record {
    let mut record = Record::default();
    let mut said: Vec<Column> = Vec::new();
    let missing: Vec<Column> =
        Column::ALL.iter().copied().filter(|column| members.iter().all(|(name, _)| name != column.as_str())).collect();
    for (name, value) in members {
        let Some(column) = Column::parse(name) else {
            if let Some(likely) = likely(name, &missing) {
                reading.blame(line, None, What::Misspelt { likely: likely.as_str() });
            }
            continue;
        };
        if said.contains(&column) {
            reading.blame(line, Some(column), What::Twice);
            continue;
        }
        said.push(column);
        match value {
            Value::Null => {}
            Value::String(text) => record.set(column, trimmed(column, text)),
            Value::Number(number) => record.set(column, number.to_string()),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => reading.blame(line, Some(column), What::NotPlain),
        }
    }
    record
}
