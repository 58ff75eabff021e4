//! Why a backtest gives no answer, in words that say what to do.

use crate::cli::error::{CliError, PROBLEM, USAGE};
use crate::signals::canonical::Problem;
use std::fmt;
use std::io;

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
    /// The answer could not be written.
    Write(io::Error),
}

impl BacktestError {
    /// The exit status: 1 where what was given holds a problem, 2 where the command was used wrongly.
    pub const fn exit_status(&self) -> u8 {
        match self {
            Self::Rows { .. } | Self::NotUtf8 { .. } | Self::Write(_) => PROBLEM,
            Self::Read { .. } | Self::UnknownZone { .. } | Self::BadTime { .. } | Self::EmptyTime => USAGE,
        }
    }
}

impl fmt::Display for BacktestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { file, source } => write!(f, "{file}: cannot be read ({source}); check the name and its permissions"),
            Self::NotUtf8 { file, line } => write!(f, "{file}, line {line}: not UTF-8; save the file as UTF-8"),
            Self::Rows { problems, total } => {
                let noun = if *total == 1 { "problem" } else { "problems" };
                write!(f, "{total} {noun} in the history; nothing was evaluated. Mend and run again:")?;
                for (file, problem) in problems {
                    write!(f, "\n  {file}, {problem}")?;
                }
                match total.saturating_sub(problems.len()) {
                    0 => Ok(()),
                    more => write!(f, "\n  and {more} more"),
                }
            }
            Self::UnknownZone { name } => write!(f, "--zone: `{name}` is no time zone; write one such as Europe/Zurich or UTC"),
            Self::BadTime { option, text } => {
                write!(f, "{option}: `{text}` is no time; write a day (2026-03-02) or a time with its zone (2026-03-02T09:00:00Z)")
            }
            Self::EmptyTime => f.write_str("--from must lie before --to; exchange them"),
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
