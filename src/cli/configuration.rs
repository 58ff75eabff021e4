//! `config`: whether the configuration makes sense, what it is, and which of its sources said so.
//!
//! Never prints a secret: the settings hold none, only the name of the key's file.

use crate::cli::error::{CONFIGURATION, CliError, output_error};
use crate::config::{self, Loaded, Origin, Overrides, SETTINGS, Shown};
use crate::store::Store;
use clap::{Args, Subcommand};
use std::io::Write as _;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Flags {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Say whether the configuration makes sense; exit status 3 where it does not
    Check {
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Print every setting with its value
    Show {
        /// Say where each value came from: a flag, the environment, a systemd credential, a line of the file, the default
        #[arg(long)]
        origin: bool,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Print a configuration file with every setting, its default and what it does
    Example,
}

pub(super) fn run(flags: &Flags, said: Overrides) -> Result<ExitCode, CliError> {
    match flags.verb {
        Verb::Check { json } => check(said, json),
        Verb::Show { origin, json } => show(&config::load_with_origins(said)?, origin, json),
        Verb::Example => example(),
    }
}

fn check(said: Overrides, as_json: bool) -> Result<ExitCode, CliError> {
    let problems = match config::load_with_origins(said) {
        Ok(loaded) => problems(&loaded),
        Err(error) => vec![error.to_string()],
    };
    let is_right = problems.is_empty();
    if as_json {
        let body = serde_json::json!({ "ok": is_right, "problems": problems });
        writeln!(std::io::stdout(), "{body}").map_err(output_error)?;
    } else if is_right {
        writeln!(std::io::stderr(), "The configuration makes sense.").map_err(output_error)?;
    }
    for problem in problems.iter().filter(|_| !as_json) {
        writeln!(std::io::stderr(), "smartretro: {problem}").map_err(output_error)?;
    }
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::from(CONFIGURATION) })
}

/// What is wrong beyond what cannot even be read.
pub(super) fn problems(loaded: &Loaded) -> Vec<String> {
    let mut found = loaded.settings.contradictions();
    found.extend(
        loaded
            .unknown_variables
            .iter()
            .map(|name| format!("the variable {name} means nothing here; `smartretro config show` lists what does")),
    );
    if loaded.settings.data().is_err() {
        found.extend(loaded.settings.data().err().map(|error| error.to_string()));
    }
    found
}

fn show(loaded: &Loaded, with_origin: bool, as_json: bool) -> Result<ExitCode, CliError> {
    let lines: Vec<Shown> = loaded.shown.iter().map(|shown| as_it_acts(shown, loaded)).collect();
    let mut out = std::io::stdout().lock();
    if as_json {
        let rows: Vec<_> = lines
            .iter()
            .map(|shown| serde_json::json!({ "key": shown.setting, "value": shown.value, "origin": shown.origin.to_string() }))
            .collect();
        writeln!(out, "{}", serde_json::json!({ "settings": rows })).map_err(output_error)?;
        return Ok(ExitCode::SUCCESS);
    }
    for shown in &lines {
        let origin = if with_origin { format!("  # {}", shown.origin) } else { String::new() };
        writeln!(out, "{} = {}{origin}", shown.setting, shown.value).map_err(output_error)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A sandbox keeps its key inside unless told otherwise: then that is the value in force.
fn as_it_acts(shown: &Shown, loaded: &Loaded) -> Shown {
    let data = loaded.settings.data().ok();
    let is_sandbox = data.is_some_and(|data| Store::is_sandbox_at(&data).unwrap_or(false));
    match loaded.settings.key_file(is_sandbox) {
        Ok(file) if shown.setting == "key_file" && shown.origin == Origin::Default => {
            Shown { value: file.display().to_string(), ..shown.clone() }
        }
        _ => shown.clone(),
    }
}

fn example() -> Result<ExitCode, CliError> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "# SmartRetro. Flags and the environment go before this file; what is not said here keeps its default.")
        .map_err(output_error)?;
    for setting in SETTINGS {
        let value = match setting.default {
            "true" | "false" => setting.default.to_owned(),
            other => format!("\"{other}\""),
        };
        writeln!(out, "\n# {} [{}]\n#{} = {value}", setting.doc, setting.env, setting.key).map_err(output_error)?;
    }
    Ok(ExitCode::SUCCESS)
}
