//! JSON lines from files, a thing each, for the commands that answer line by line.
//!
//! Never echoes a word of a line that it cannot read: an error names the file, the line and the column, for a parser's own
//! words may quote what it stumbled over. A bad line keeps no other line from being answered; it is told at the end.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::{self, BufRead};

/// Longest line that is read, in bytes: 25 messages of 40,000 characters, with room for JSON's escapes.
pub const LINE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What each line must be, for those who wrote another thing.
#[derive(Debug, PartialEq, Eq)]
pub struct Wanted {
    /// A noun: `message`.
    pub name: &'static str,
    /// Its shape, as an example.
    pub example: &'static str,
}

/// An id is given back as it came.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
pub enum Id {
    Text(String),
    Number(serde_json::Number),
}

/// Why not every line was answered.
#[derive(Debug)]
pub enum LinesError {
    /// A file could not be read on.
    Read { file: String, source: io::Error },
    /// Lines are not what they must be: the first, and how many more. All others were answered.
    Bad { first: BadLine, more: usize },
    /// The output could not be written.
    Write(io::Error),
}

/// A line that is not what it must be, and where it is. `line` counts from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    pub file: String,
    pub line: usize,
    pub problem: Problem,
    pub wanted: &'static Wanted,
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

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: ", self.file, self.line)?;
        match self.problem {
            Problem::NotUtf8 => f.write_str("not UTF-8; save the file as UTF-8"),
            Problem::NotJson { column } => write!(f, "not valid JSON at column {column}; each line must be one JSON object"),
            Problem::WrongShape { column } => write!(f, "not a {} (column {column}); write {}", self.wanted.name, self.wanted.example),
            Problem::TooLong => write!(f, "longer than {LINE_BYTES_MAX} bytes; split the {}", self.wanted.name),
        }
    }
}

impl fmt::Display for LinesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { file, source } => write!(f, "{file}: cannot be read ({source}); check the name and its permissions"),
            Self::Bad { first, more: 0 } => first.fmt(f),
            Self::Bad { first, more } => write!(f, "{first} (and {more} more lines like it)"),
            Self::Write(source) => write!(f, "the answer could not be written ({source})"),
        }
    }
}

impl std::error::Error for LinesError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { source, .. } | Self::Write(source) => Some(source),
            Self::Bad { .. } => None,
        }
    }
}

/// Hands each line of `files` (a name for messages, and its lines) to `answer`, in order. Empty lines are passed over.
pub fn each<T: DeserializeOwned, R: BufRead>(
    files: impl IntoIterator<Item = (String, R)>,
    wanted: &'static Wanted,
    mut answer: impl FnMut(T) -> io::Result<()>,
) -> Result<(), LinesError> {
    let mut bad: Option<(BadLine, usize)> = None;
    for (file, mut lines) in files {
        let mut line = 0;
        while let Some(read) = next_line(&mut lines).map_err(|source| LinesError::Read { file: file.clone(), source })? {
            line += 1;
            match read.and_then(|bytes| parse(&bytes, line == 1)) {
                Ok(Some(thing)) => answer(thing).map_err(LinesError::Write)?,
                Ok(None) => {}
                Err(problem) => match &mut bad {
                    Some((_, more)) => *more += 1,
                    None => bad = Some((BadLine { file: file.clone(), line, problem, wanted }, 0)),
                },
            }
        }
    }
    bad.map_or(Ok(()), |(first, more)| Err(LinesError::Bad { first, more }))
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

/// What a line holds; `None` for an empty one.
fn parse<T: DeserializeOwned>(bytes: &[u8], is_first: bool) -> Result<Option<T>, Problem> {
    let bytes = if is_first { bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes) } else { bytes };
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::NotUtf8)?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    serde_json::from_str(text).map(Some).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Problem::WrongShape { column: error.column() },
        _ => Problem::NotJson { column: error.column() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    static WORD: Wanted = Wanted { name: "word", example: "{\"word\":\"…\"}" };

    #[derive(Deserialize)]
    struct Word {
        word: String,
    }

    fn words(files: &[(&str, &[u8])]) -> (Vec<String>, Option<String>) {
        let mut read = Vec::new();
        let result = each(files.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)), &WORD, |Word { word }| {
            read.push(word);
            Ok(())
        });
        (read, result.err().map(|error| error.to_string()))
    }

    #[test]
    fn each_line_is_read_in_order_and_empty_ones_are_passed_over() {
        let first = "\u{feff}{\"word\":\"a\",\"more\":1}\r\n\n  \n{\"word\":\"b\"}";
        assert_eq!(
            words(&[("one", first.as_bytes()), ("two", b""), ("three", br#"{"word":"c"}"#)]),
            (vec!["a".into(), "b".into(), "c".into()], None)
        );
    }

    #[test]
    fn a_bad_line_is_named_by_its_place_never_quoted_and_costs_no_other_line() {
        let long = [br#"{"word":""#.as_slice(), &vec![b'x'; LINE_BYTES_MAX], b"\"}"].concat();
        for (bad, expected) in [
            (br#"{"word":"sesame"#.as_slice(), "in, line 2: not valid JSON at column 15; each line must be one JSON object"),
            (b"sesame", "in, line 2: not valid JSON at column 1; each line must be one JSON object"),
            (br#"{"word":7}"#, "in, line 2: not a word (column 9); write {\"word\":\"…\"}"),
            (b"[]", "in, line 2: not a word"),
            (br#""sesame""#, "in, line 2: not a word (column 8)"),
            (b"{\"word\":\"\xff\"}", "in, line 2: not UTF-8; save the file as UTF-8"),
            (&b"[".repeat(100_000), "in, line 2: not a word (column 1)"),
            (&long, "in, line 2: longer than 8388608 bytes; split the word"),
        ] {
            let file = [b"{\"word\":\"a\"}\n".as_slice(), bad, b"\n{\"word\":\"b\"}\n"].concat();
            let (read, told) = words(&[("in", &file)]);
            let told = told.unwrap();
            assert_eq!(read, ["a", "b"], "{told}");
            assert!(told.starts_with(expected) && !told.contains("sesame"), "{told}");
        }
        let (_, told) = words(&[("one", b"x\ny\n"), ("two", b"z")]);
        assert!(told.unwrap().ends_with("(and 2 more lines like it)"));
    }

    #[test]
    fn a_line_without_an_end_does_not_fill_the_memory() {
        let lines = io::BufReader::new(io::Read::take(io::repeat(b' '), 5 * LINE_BYTES_MAX as u64));
        let result = each([("endless".to_owned(), lines)], &WORD, |Word { .. }| Ok(()));
        assert!(matches!(result, Err(LinesError::Bad { first: BadLine { problem: Problem::TooLong, .. }, more: 0 })), "{result:?}");
    }
}
