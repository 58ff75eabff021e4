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
    if text.trim().is_empty() {
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
