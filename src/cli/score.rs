//! `score FILE…`: the pre-filter alone, over conversations in files. No database, no network.
//!
//! Never echoes a word of a conversation: a line of output holds the id, the score and the names of its reasons; an error
//! names the file and the line.

use crate::base::dial::Dial;
use crate::prefilter::{self, Line};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::{self, BufRead, Read, Write};

/// Longest line that is read, in bytes: 25 messages of 40,000 characters, with room for JSON's escapes.
const LINE_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Why scoring stopped.
#[derive(Debug)]
pub enum ScoreError {
    /// A file could not be read.
    Read { file: String, source: io::Error },
    /// A line is not a conversation. `line` counts from 1.
    Line { file: String, line: usize, problem: Problem },
    /// The output could not be written.
    Write(io::Error),
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
            Self::WrongShape { column } => {
                write!(
                    f,
                    "not a conversation (column {column}); write {{\"id\":\"…\",\"messages\":[{{\"ts\":\"…\",\"user\":\"…\",\"text\":\"…\"}}]}}"
                )
            }
            Self::TooLong => write!(f, "longer than {LINE_BYTES_MAX} bytes; split the conversation"),
        }
    }
}

impl fmt::Display for ScoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { file, source } => write!(f, "{file}: cannot be read ({source}); check the name and its permissions"),
            Self::Line { file, line, problem } => write!(f, "{file}, line {line}: {problem}"),
            Self::Write(source) => write!(f, "the scores could not be written ({source})"),
        }
    }
}

impl std::error::Error for ScoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { source, .. } | Self::Write(source) => Some(source),
            Self::Line { .. } => None,
        }
    }
}

/// A line of input. Other keys are ignored.
#[derive(Deserialize)]
struct Conversation {
    id: Id,
    messages: Vec<Message>,
}

/// An id is given back as it came.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    user: Option<String>,
    text: String,
}

/// A line of output.
#[derive(Serialize)]
struct Scored {
    id: Id,
    score: f64,
    passes: Passes,
    why: Vec<Weighted>,
}

#[derive(Serialize)]
struct Passes {
    quiet: bool,
    normal: bool,
    verbose: bool,
}

#[derive(Serialize)]
struct Weighted {
    feature: &'static str,
    weight: f64,
}

/// Scores each conversation of `files` (a name for messages, and its lines), one line of JSON each to `out`, in order.
/// Empty lines are passed over. Stops at the first line that is not a conversation; what came before it is written.
pub fn run<R: BufRead>(files: impl IntoIterator<Item = (String, R)>, out: &mut impl Write) -> Result<(), ScoreError> {
    for (file, mut lines) in files {
        let mut line = 0;
        while let Some(bytes) = next_line(&mut lines).map_err(|source| ScoreError::Read { file: file.clone(), source })? {
            line += 1;
            let bytes = if line == 1 { bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes) } else { &bytes };
            let conversation = parse(bytes).map_err(|problem| ScoreError::Line { file: file.clone(), line, problem })?;
            if let Some(conversation) = conversation {
                write_line(out, &scored(conversation)).map_err(ScoreError::Write)?;
            }
        }
    }
    out.flush().map_err(ScoreError::Write)
}

/// The next line without its end, one byte more than allowed where it is too long; `None` at the end.
fn next_line(lines: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = lines.take(LINE_BYTES_MAX + 1).read_until(b'\n', &mut bytes)?;
    Ok((read > 0).then_some(bytes))
}

fn parse(bytes: &[u8]) -> Result<Option<Conversation>, Problem> {
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LINE_BYTES_MAX) {
        return Err(Problem::TooLong);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::NotUtf8)?;
    let text = text.trim_end();
    if text.is_empty() {
        return Ok(None);
    }
    // serde's own words may quote the input, so only the place of the problem is told.
    serde_json::from_str(text).map(Some).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Problem::WrongShape { column: error.column() },
        _ => Problem::NotJson { column: error.column() },
    })
}

fn scored(conversation: Conversation) -> Scored {
    let window: Vec<Line<'_>> = conversation
        .messages
        .iter()
        .map(|message| Line { author: message.user.as_deref().unwrap_or_default(), text: &message.text })
        .collect();
    let score = prefilter::score(&window);
    Scored {
        id: conversation.id,
        score: score.value(),
        passes: Passes { quiet: score.passes(Dial::Quiet), normal: score.passes(Dial::Normal), verbose: score.passes(Dial::Verbose) },
        why: score.why().iter().map(|reason| Weighted { feature: reason.feature, weight: reason.weight() }).collect(),
    }
}

fn write_line(out: &mut impl Write, scored: &Scored) -> io::Result<()> {
    serde_json::to_writer(&mut *out, scored)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_on(files: &[(&str, &[u8])]) -> (String, Result<(), ScoreError>) {
        let mut out = Vec::new();
        let result = run(files.iter().map(|&(name, bytes)| (name.to_owned(), bytes)), &mut out);
        (String::from_utf8(out).expect("JSON is UTF-8"), result)
    }

    fn error_of(bytes: &[u8]) -> String {
        run_on(&[("in.jsonl", bytes)]).1.expect_err("a bad line").to_string()
    }

    #[test]
    fn each_conversation_is_answered_in_order_with_reasons_that_sum_to_its_score() {
        let first = r#"{"id":"a#1","topic":"x","messages":[
            {"n":1,"ts":"2026-03-02T09:00:00Z","user":"ana","text":"CI is red again"},
            {"ts":1772442000.5,"user":"ben","text":"same here, the tests are flaky"}]}"#
            .replace('\n', "");
        let second = r#"{"id":7,"messages":[{"text":"hi","user":null}]}"#;
        let (out, result) = run_on(&[("one", format!("\u{feff}{first}\r\n\n{second}").as_bytes()), ("two", b"")]);
        assert!(result.is_ok(), "{result:?}");
        let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let ids: Vec<&serde_json::Value> = lines.iter().map(|line| &line["id"]).collect();
        assert_eq!(ids, [&serde_json::json!("a#1"), &serde_json::json!(7)], "an id is given back as it came");
        assert_eq!(lines[0]["passes"], serde_json::json!({"quiet": true, "normal": true, "verbose": true}), "{out}");
        assert_eq!(lines[1]["passes"], serde_json::json!({"quiet": false, "normal": false, "verbose": false}));
        let weights: f64 = lines[0]["why"].as_array().expect("why").iter().filter_map(|why| why["weight"].as_f64()).sum();
        assert!((weights - lines[0]["score"].as_f64().expect("score")).abs() < 1e-9, "{out}");
    }

    #[test]
    fn a_bad_line_is_named_with_its_file_and_never_quoted() {
        let good = r#"{"id":"a","messages":[]}"#;
        assert_eq!(
            error_of(format!("{good}\n\n{{\"id\":\"sesame\"\n").as_bytes()),
            "in.jsonl, line 3: not valid JSON at column 14; each line must be one JSON object"
        );
        for line in [
            r#"{"id":"a"}"#,
            r#"{"id":"a","messages":"sesame"}"#,
            r#"{"id":"a","messages":[{"user":"x"}]}"#,
            r#"["sesame"]"#,
            r#"{"id":{},"messages":[]}"#,
        ] {
            let error = error_of(line.as_bytes());
            assert!(error.starts_with("in.jsonl, line 1: not a conversation"), "{error}");
            assert!(!error.contains("sesame"), "{error}");
        }
        assert_eq!(error_of(b"{\"id\":\"\xff\"}"), "in.jsonl, line 1: not UTF-8; save the file as UTF-8");
        assert!(error_of(&b"[".repeat(100_000)).contains("not valid JSON"), "nested beyond what is read");
    }

    #[test]
    fn what_came_before_a_bad_line_is_written() {
        let (out, result) = run_on(&[("in.jsonl", b"{\"id\":\"a\",\"messages\":[]}\nx\n{\"id\":\"b\",\"messages\":[]}\n")]);
        assert!(matches!(result, Err(ScoreError::Line { line: 2, .. })), "{result:?}");
        assert_eq!(out.lines().count(), 1);
    }

    #[test]
    fn a_line_without_an_end_is_refused_before_it_fills_the_memory() {
        let endless = io::BufReader::new(io::repeat(b' '));
        let result = run([("endless".to_owned(), endless)], &mut Vec::new());
        assert!(matches!(result, Err(ScoreError::Line { line: 1, problem: Problem::TooLong, .. })), "{result:?}");
    }
}
