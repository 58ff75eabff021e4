//! What an operator types.
//!
//! Every command that reports takes `--json` and prints one JSON document on standard output; messages for people go to
//! standard error. Exit status: 0 done or holds; 1 a problem was found and named; 2 wrong usage; 3 wrong configuration.

pub mod backtest;
mod configuration;
pub mod demo;
mod doctor;
mod error;
mod init;
mod input;
pub mod lines;
mod manual;
mod replay;
pub mod redact;
pub mod score;
mod serve;
mod verify;

use crate::config::{self, Overrides};
use clap::{Args, Parser, Subcommand};
use error::CliError;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Patterns about how a team works, for its retrospective: self-hosted, on the signals the team agreed to share.
#[derive(Debug, Parser)]
#[command(name = "smartretro", version, propagate_version = true, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    place: PlaceFlags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct PlaceFlags {
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help = "The configuration file [env: SMARTRETRO_CONFIG] [default: /etc/smartretro/smartretro.toml]"
    )]
    config: Option<PathBuf>,
    #[arg(long, global = true, value_name = "DIR", help = "The data directory [env: SMARTRETRO_DATA]")]
    data: Option<PathBuf>,
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help = "The master key's file [env: SMARTRETRO_KEY_FILE] [default: smartretro.key beside the configuration file]"
    )]
    key_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the master key, the databases, the first organisation and its owner
    Init(init::Flags),
    /// Run the appliance
    Serve(serve::Flags),
    /// Run a throw-away sandbox with a sample organisation, and show its patterns
    Demo(demo::command::Flags),
    /// Sign recorded deliveries and feed them through the whole capture path
    Replay(replay::Flags),
    /// Score conversations with the pre-filter alone
    Score(FilesFlags),
    /// Cut code, logs, secrets and names out of messages, as capture does
    Redact(FilesFlags),
    /// Say what it would have told a team, from its history in files
    Backtest(backtest::command::Flags),
    /// Check the configuration, or show it with where each value came from
    Config(configuration::Flags),
    /// Look the installation over, and say what to do; exit status 1 where there is a problem
    Doctor(doctor::Flags),
    /// Check every promise against this very installation; exit status 1 where one is broken
    Verify(verify::Flags),
    /// Write completions for a shell
    Completions(manual::Flags),
    /// Write the manual, in the form of man(7)
    Man,
}

#[derive(Debug, Args)]
struct FilesFlags {
    /// Files of JSON lines; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            drop(error.print());
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(error::USAGE));
        }
    };
    match dispatch(cli) {
        Ok(code) => code,
        Err(error) => {
            drop(writeln!(std::io::stderr(), "smartretro: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

fn dispatch(cli: Cli) -> Result<ExitCode, CliError> {
    let said = Overrides { config: cli.place.config, data: cli.place.data, key_file: cli.place.key_file, ..Overrides::default() };
    match cli.command {
        Command::Init(flags) => init::run(&flags, &config::load(said)?),
        Command::Serve(flags) => serve::run(&flags, said),
        Command::Demo(flags) => demo::command::run(&flags),
        Command::Doctor(flags) => doctor::run(&flags, said),
        Command::Verify(flags) => verify::run(&flags, &config::load(said)?),
        Command::Completions(flags) => manual::completions(&flags),
        Command::Man => manual::man(),
        Command::Config(flags) => configuration::run(&flags, said),
        Command::Replay(flags) => replay::run(&flags, &config::load(said)?),
        Command::Score(flags) => {
            score::run(input::open(&flags.files)?, &mut std::io::stdout().lock()).map_err(CliError::said)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Redact(flags) => {
            redact::run(input::open(&flags.files)?, &mut std::io::stdout().lock()).map_err(CliError::said)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Backtest(flags) => {
            backtest::command::execute(&flags)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
