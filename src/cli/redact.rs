//! `redact FILE…`: redaction alone, over messages in files. No database, no network, no known names.
//!
//! Never echoes what it cut, nor a word of a line that it cannot read: an error names the file and the line.

use crate::capture::redact::{self, Names, Redaction};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::io::{self, BufRead, Write};
use std::sync::{Mutex, PoisonError};

/// Longest line that is read, in bytes: a message of 40,000 characters takes a thirtieth of it, whatever its escapes.
const LINE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Why not everything was redacted.
#[derive(Debug)]
pub enum RedactError {
    /// A file could not be read on.
    Read { file: String, source: io::Error },
    /// These lines are not messages; all others were redacted.
    Lines(Vec<BadLine>),
    /// The output could not be written.
    Write(io::Error),
}

/// A line that is not a message, and where it is. `line` counts from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    pub file: String,
    pub line: usize,
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    NotUtf8,
    /// Not JSON from this column on.
    NotJson {
        column: usize,
    },
    /// JSON of another shape, noticed at this column.
    WrongShape {
        column: usize,
    },
    TooLong,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 => f.write_str("not UTF-8; save the file as UTF-8"),
            Self::NotJson { column } => write!(f, "not valid JSON at column {column}; each line must be one JSON object"),
            Self::WrongShape { column } => write!(f, "not a message (column {column}); write {{\"id\":\"…\",\"text\":\"…\"}}"),
            Self::TooLong => write!(f, "longer than {LINE_BYTES_MAX} bytes; split the text"),
        }
    }
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: {}", self.file, self.line, self.problem)
    }
}

impl fmt::Display for RedactError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { file, source } => write!(f, "{file}: cannot be read ({source}); check the name and its permissions"),
            Self::Lines(lines) => match lines.as_slice() {
                [line] => line.fmt(f),
                [first, others @ ..] => write!(f, "{first} (and {} more lines like it)", others.len()),
                [] => f.write_str("a line is not a message"),
            },
            Self::Write(source) => write!(f, "the redacted text could not be written ({source})"),
        }
    }
}

impl std::error::Error for RedactError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { source, .. } | Self::Write(source) => Some(source),
            Self::Lines(_) => None,
        }
    }
}

/// A line of input. Other keys are ignored.
#[derive(Deserialize)]
struct Message {
    id: Id,
    text: String,
}

/// An id is given back as it came.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

/// A line of output.
#[derive(Serialize)]
struct Redacted {
    id: Id,
    text: String,
    removed: Vec<Counted>,
}

#[derive(Serialize)]
struct Counted {
    kind: &'static str,
    count: u32,
}

/// Redacts each message of `files` (a name for messages, and its lines), one line of JSON each to `out`, in order. Empty
/// lines are passed over. A line that is not a message is told at the end; it keeps no other line from being redacted.
pub fn run<R: BufRead>(files: impl IntoIterator<Item = (String, R)>, out: &mut impl Write) -> Result<(), RedactError> {
    let names = numbered();
    let mut bad = Vec::new();
    for (file, mut lines) in files {
        let mut line = 0;
        while let Some(read) = next_line(&mut lines).map_err(|source| RedactError::Read { file: file.clone(), source })? {
            line += 1;
            match read.and_then(|bytes| parse(&bytes, line == 1)) {
                Ok(Some(message)) => write_line(out, message, &names).map_err(RedactError::Write)?,
                Ok(None) => {}
                Err(problem) => bad.push(BadLine { file: file.clone(), line, problem }),
            }
        }
    }
    out.flush().map_err(RedactError::Write)?;
    if bad.is_empty() { Ok(()) } else { Err(RedactError::Lines(bad)) }
}

/// People are numbered in the order in which they are first mentioned; the numbers hold for one run.
fn numbered() -> Names {
    let seen: Mutex<HashMap<String, usize>> = Mutex::default();
    Names::none(move |handle| {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        let next = seen.len() + 1;
        let number = *seen.entry(handle.to_owned()).or_insert(next);
        format!("person-{number}")
    })
}

/// The next line without its end, `None` at the end. A line that is too long is passed over without being kept.
fn next_line(lines: &mut impl BufRead) -> io::Result<Option<Result<Vec<u8>, Problem>>> {
    let mut line = Vec::new();
    let (mut is_empty, mut is_too_long) = (true, false);
    loop {
        let chunk = lines.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        is_empty = false;
        let (piece, used, ended) = match chunk.iter().position(|byte| *byte == b'\n') {
            Some(end) => (chunk.split_at(end).0, end + 1, true),
            None => (chunk, chunk.len(), false),
        };
        is_too_long = is_too_long || line.len() + piece.len() > LINE_BYTES_MAX;
        if !is_too_long {
            line.extend_from_slice(piece);
        }
        lines.consume(used);
        if ended {
            break;
        }
    }
    Ok((!is_empty).then_some(if is_too_long { Err(Problem::TooLong) } else { Ok(line) }))
}

fn parse(bytes: &[u8], is_first: bool) -> Result<Option<Message>, Problem> {
    let bytes = if is_first { bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes) } else { bytes };
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::NotUtf8)?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    // serde's own words may quote the input, so only the place of the problem is told.
    serde_json::from_str(text).map(Some).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Problem::WrongShape { column: error.column() },
        _ => Problem::NotJson { column: error.column() },
    })
}

fn write_line(out: &mut impl Write, message: Message, names: &Names) -> io::Result<()> {
    let Redaction { text, removed } = redact::text(&message.text, names);
    let removed = removed.iter().map(|(kind, count)| Counted { kind: kind.as_str(), count }).collect();
    serde_json::to_writer(&mut *out, &Redacted { id: message.id, text, removed })?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(files: &[(&str, &[u8])]) -> (String, Result<(), RedactError>) {
        let mut out = Vec::new();
        let result = run(files.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)), &mut out);
        (String::from_utf8(out).expect("the output is text"), result)
    }

    #[test]
    fn a_message_comes_back_without_its_code_and_with_what_was_cut() {
        let (out, result) = redacted(&[("a.jsonl", br#"{"id":"m1","text":"see ```let x = secret_thing();```","user":"U1"}"#)]);
        assert_eq!(out, "{\"id\":\"m1\",\"text\":\"see [code removed]\",\"removed\":[{\"kind\":\"code\",\"count\":1}]}\n");
        assert!(result.is_ok());
    }

    #[test]
    fn an_id_comes_back_as_it_was_written() {
        let (out, _) = redacted(&[("a", b"{\"id\":7,\"text\":\"hello\"}\n\n")]);
        assert_eq!(out, "{\"id\":7,\"text\":\"hello\",\"removed\":[]}\n");
    }

    #[test]
    fn the_same_person_has_the_same_number_in_a_run() {
        let (out, _) = redacted(&[("a", b"{\"id\":1,\"text\":\"@ana ask @ben\"}\n{\"id\":2,\"text\":\"thanks @Ana\"}")]);
        assert!(out.contains("person-1 ask person-2") && out.contains("thanks person-1"), "{out}");
    }

    #[test]
    fn bad_lines_are_told_by_file_and_line_and_cost_no_other_line() {
        let long = [br#"{"id":3,"text":""#.as_slice(), &vec![b'x'; LINE_BYTES_MAX], b"\"}\n"].concat();
        let first = [b"not json, with canary-7\n{\"id\":1,\"text\":\"kept\"}\n{\"id\":2}\n\xFF\n".as_slice(), &long].concat();
        let (out, result) = redacted(&[("a.jsonl", &first), ("b.jsonl", b"[]\n{\"id\":4,\"text\":\"kept too\"}")]);
        assert_eq!(out.lines().count(), 2, "{out}");
        let Err(RedactError::Lines(bad)) = result else { panic!("the bad lines were not told") };
        let told: Vec<String> = bad.iter().map(ToString::to_string).collect();
        let places: Vec<(&str, usize)> = bad.iter().map(|bad| (bad.file.as_str(), bad.line)).collect();
        assert_eq!(places, [("a.jsonl", 1), ("a.jsonl", 3), ("a.jsonl", 4), ("a.jsonl", 5), ("b.jsonl", 1)], "{told:?}");
        assert!(!told.concat().contains("canary"), "{told:?}");
        assert!(told[0].starts_with("a.jsonl, line 1: not valid JSON at column"), "{told:?}");
    }
}
