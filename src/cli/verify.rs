//! `verify`: the live check of every promise, against this very installation.

use crate::base::clock::Clock;
use crate::base::text::counted;
use crate::cli::error::{CliError, PROBLEM, output_error};
use crate::config::Settings;
use crate::crypto::keys::Kek;
use crate::ops::process;
use crate::privacy::commitments::{self, Audience, Row};
use crate::store::{Glance, Store};
use clap::Args;
use std::io::Write as _;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Flags {
    /// Check this promise alone
    #[arg(long, value_name = "ID")]
    only: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(super) fn run(flags: &Flags, settings: &Settings) -> Result<ExitCode, CliError> {
    if let Some(unknown) = flags.only.as_deref().filter(|id| !commitments::is_known(id)) {
        return Err(CliError::Usage(format!("there is no promise “{unknown}”: they are P1 to P{}", commitments::PROMISES.len())));
    }
    process::protect();
    let data = settings.data()?;
    let kek = Kek::read_file(&settings.key_file(Store::is_sandbox_at(&data)?)?)?;
    let rows = commitments::verify(&Glance::open(&data, &kek)?, flags.only.as_deref(), &Clock::System, Audience::Operator);
    report(&rows, flags.json)?;
    Ok(if rows.iter().any(|row| row.holds == Some(false)) { ExitCode::from(PROBLEM) } else { ExitCode::SUCCESS })
}

fn report(rows: &[Row], as_json: bool) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    if as_json {
        return writeln!(out, "{}", serde_json::json!({ "promises": rows })).map_err(output_error);
    }
    for row in rows {
        let word = match row.holds {
            Some(true) => "holds",
            Some(false) => "BROKEN",
            None => "not yet",
        };
        writeln!(out, "{:<4} {word:<8} {}\n{:<13} {}\n{:<13} Yourself: {}", row.id, row.promise, "", row.evidence, "", row.how)
            .map_err(output_error)?;
    }
    let of = |holds: Option<bool>, one, many| counted(rows.iter().filter(|row| row.holds == holds).count() as u64, one, many);
    let (held, broken, not_yet) = (of(Some(true), "holds", "hold"), of(Some(false), "is", "are"), of(None, "is", "are"));
    let promises = counted(rows.len() as u64, "promise", "promises");
    writeln!(std::io::stderr(), "{promises}: {held}, {broken} broken, {not_yet} not built yet").map_err(output_error)
}
