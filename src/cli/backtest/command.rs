//! `backtest` as it is typed.

use super::{BacktestError, Options, read, run};
use crate::base::dial::Dial;
use clap::Args;
use std::io;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(in crate::cli) struct Flags {
    /// Canonical history of one team: CSV or JSON lines; `-` is standard input
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    events: Vec<PathBuf>,
    /// Only looks after this day or time
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Only looks up to this day or time, and no later event
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// How easily it speaks: quiet, normal or verbose
    #[arg(long, value_name = "STOP", default_value_t = Dial::Quiet, value_parser = parse_dial)]
    dial: Dial,
    /// The team's time zone
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    zone: String,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

fn parse_dial(word: &str) -> Result<Dial, UnknownStop> {
    Dial::parse(word).ok_or(UnknownStop)
}

/// No stop of the dial.
#[derive(Clone, Copy, Debug)]
struct UnknownStop;

impl std::fmt::Display for UnknownStop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("write quiet, normal or verbose")
    }
}

impl std::error::Error for UnknownStop {}

/// Reads the files, makes the looks, prints the answer.
pub(in crate::cli) fn execute(flags: &Flags) -> Result<(), BacktestError> {
    let options = Options::parse(flags.from.as_deref(), flags.to.as_deref(), flags.dial, Some(&flags.zone))?;
    let report = run(&read(&flags.events)?, &options);
    let mut out = io::stdout().lock();
    if let (Err(error), true) = (&report, flags.json) {
        error.write_json(&mut out)?;
    }
    let report = report?;
    if flags.json { report.write_json(&mut out) } else { report.write_text(&mut out) }
}
