//! Why a command failed, and with which exit status.

use crate::base::error::{Code, Fault};
use crate::config::ConfigError;
use std::fmt;
use std::path::Path;

/// A check failed, or a problem was found and named.
pub(super) const PROBLEM: u8 = 1;
/// Wrong usage.
pub(super) const USAGE: u8 = 2;
/// Wrong configuration.
pub(super) const CONFIGURATION: u8 = 3;

/// What is printed, in one line, when a command fails.
#[derive(Debug)]
pub(super) enum CliError {
    Problem(String),
    Usage(String),
    Config(ConfigError),
    Fault(Fault),
}

impl CliError {
    pub(super) const fn exit_code(&self) -> u8 {
        match self {
            Self::Problem(_) => PROBLEM,
            Self::Usage(_) => USAGE,
            Self::Config(_) => CONFIGURATION,
            Self::Fault(fault) => match fault.code() {
                Code::Config | Code::WrongKey => CONFIGURATION,
                _ => PROBLEM,
            },
        }
    }
}

impl CliError {
    /// A problem that a command found and put in words.
    pub(super) fn said(problem: impl fmt::Display) -> Self {
        Self::Problem(problem.to_string())
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(words) | Self::Usage(words) => f.write_str(words),
            Self::Config(error) => error.fmt(f),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl From<Fault> for CliError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

/// A file that was named and cannot be read: wrong usage, since another name or other permissions mend it.
pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> CliError {
    CliError::Usage(format!("{}: cannot be read ({error}); check the name and its permissions", path.display()))
}

/// A fault of writing to standard output, or to wherever it leads.
pub(super) fn output_error(error: std::io::Error) -> CliError {
    CliError::Fault(Fault::new(Code::Io, "The output could not be written").because(error))
}
