//! `doctor`: looks the installation over, beside a running server or without one, and says what to do.

use crate::app;
use crate::base::clock::Clock;
use crate::cli::error::{CliError, PROBLEM, output_error};
use crate::config::{self, Loaded, Overrides};
use crate::ops::doctor::{self, Depth, Facts, Finding, Port, Server};
use clap::Args;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Flags {
    /// Take rights away that nobody but the owner of a file should have; change nothing else
    #[arg(long)]
    fix: bool,
    /// Leave out what reads whole databases
    #[arg(long)]
    quick: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(super) fn run(flags: &Flags, said: Overrides) -> Result<ExitCode, CliError> {
    let loaded = config::load_with_origins(said)?;
    let depth = if flags.quick { Depth::Quick } else { Depth::Whole };
    let mut facts = look(&loaded, depth)?;
    let mended = if flags.fix { doctor::mend(&facts) } else { Vec::new() };
    if !mended.is_empty() {
        facts = look(&loaded, depth)?;
    }
    let findings = doctor::judge(&facts);
    report(&findings, &mended, flags.json)?;
    Ok(if findings.iter().all(|finding| finding.ok) { ExitCode::SUCCESS } else { ExitCode::from(PROBLEM) })
}

fn look(loaded: &Loaded, depth: Depth) -> Result<Facts, CliError> {
    let data = loaded.settings.data()?;
    Ok(doctor::gather(loaded, server(&data, &loaded.settings), Clock::System.now(), depth)?)
}

fn server(data: &Path, settings: &config::Settings) -> Server {
    match app::health(data) {
        Some(health) => Server::Running(Box::new(health)),
        None if doctor::is_held(data) => Server::Silent,
        None => Server::Stopped(app::try_address(&settings.listen).map_or_else(|fault| Port::Refused(fault.to_string()), |()| Port::Free)),
    }
}

fn report(findings: &[Finding], mended: &[String], as_json: bool) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    if as_json {
        let body = serde_json::json!({ "checks": findings, "mended": mended });
        return writeln!(out, "{body}").map_err(output_error);
    }
    for line in mended {
        writeln!(out, "mended   {line}").map_err(output_error)?;
    }
    for finding in findings {
        writeln!(out, "{:<8} {:<22} {}", finding.level, finding.id, finding.detail).map_err(output_error)?;
        if !finding.remedy.is_empty() {
            writeln!(out, "{:<8} {:<22} → {}", "", "", finding.remedy).map_err(output_error)?;
        }
    }
    let count = |level: &str| findings.iter().filter(|finding| finding.level == level).count();
    writeln!(
        std::io::stderr(),
        "{} checks: {} good, {} hints, {} problems, {} skipped",
        findings.len(),
        count("good"),
        count("hint"),
        count("problem"),
        count("skipped")
    )
    .map_err(output_error)
}
