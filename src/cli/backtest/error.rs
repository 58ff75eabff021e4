//! Why a backtest gives no answer, in words that say what to do.

use crate::base::clock::Instant;
use crate::cli::error::{CliError, PROBLEM, USAGE};
use crate::signals::canonical::Problem;
use std::fmt;
use std::io::{self, Write};

/// Why there is no answer.
#[derive(Debug)]
pub enum BacktestError {
    /// A file could not be read.
    Read { file: String, source: io::Error },
    /// A file is not text.
    NotUtf8 { file: String, line: usize },
    /// Rows are wrong: the first problems of each file, and how many there are in all.
    Rows { problems: Vec<(String, Problem)>, total: usize },
    /// `--zone` names no zone.
    UnknownZone { name: String },
    /// `--from` or `--to` is no time.
    BadTime { option: &'static str, text: String },
    /// `--from` does not lie before `--to`.
    EmptyTime,
    /// `--from` does not lie before the last look at the history.
    AfterHistory { last_look: Instant },
    /// `--to` lies before the history's first event.
    BeforeHistory { first: Instant },
    /// The answer could not be written.
    Write(io::Error),
}

impl BacktestError {
    /// The exit status: 1 where what was given holds a problem, 2 where the command was used wrongly.
    pub const fn exit_status(&self) -> u8 {
        match self {
            Self::Rows { .. } | Self::NotUtf8 { .. } | Self::Write(_) => PROBLEM,
            Self::Read { .. }
            | Self::UnknownZone { .. }
            | Self::BadTime { .. }
            | Self::EmptyTime
            | Self::AfterHistory { .. }
            | Self::BeforeHistory { .. } => USAGE,
        }
    }

    /// Where rows are wrong: the same as one JSON document, with all of the problems that were kept. Otherwise nothing.
    pub(super) fn write_json(&self, out: &mut impl Write) -> Result<(), Self> {
        let Self::Rows { problems, total } = self else { return Ok(()) };
        let problems = problems.iter().map(|(file, problem)| {
            let (line, column, message) = (problem.line, problem.column, problem.message());
            serde_json::json!({ "file": file, "line": line, "column": column, "message": message })
        });
        let document = serde_json::json!({ "problems": problems.collect::<Vec<_>>(), "problems_total": total });
        writeln!(out, "{document:#}").map_err(BacktestError::Write)
    }
}

impl fmt::Display for BacktestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { file, source } => write!(f, "{file}: cannot be read ({source}); check the name and its permissions"),
            Self::NotUtf8 { file, line } => write!(f, "{file}, line {line}: not UTF-8; save the file as UTF-8"),
            Self::Rows { problems, total } => {
                let Some((file, first)) = problems.first() else { return write!(f, "{total} rows are wrong") };
                write!(f, "{file}, {first}")?;
                match total.saturating_sub(1) {
                    0 => Ok(()),
                    1 => f.write_str(" (and 1 more problem, which --json lists)"),
                    more => write!(f, " (and {more} more problems, which --json lists)"),
                }
            }
            Self::UnknownZone { name } => write!(f, "--zone: `{name}` is no time zone; write one such as Europe/Zurich or UTC"),
            Self::BadTime { option, text } => {
                write!(f, "{option}: `{text}` is no time; write a day (2026-03-02) or a time with its zone (2026-03-02T09:00:00Z)")
            }
            Self::EmptyTime => f.write_str("--from must lie before --to; exchange them"),
            Self::AfterHistory { last_look } => write!(f, "--from: the last look at this history is at {last_look}; give an earlier time"),
            Self::BeforeHistory { first } => write!(f, "--to: this history begins at {first}; give a later time"),
            Self::Write(source) => write!(f, "the answer could not be written ({source})"),
        }
    }
}

impl std::error::Error for BacktestError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { source, .. } | Self::Write(source) => Some(source),
            _ => None,
        }
    }
}

impl From<BacktestError> for CliError {
    fn from(error: BacktestError) -> Self {
        if error.exit_status() == PROBLEM { Self::said(error) } else { Self::Usage(error.to_string()) }
    }
}
