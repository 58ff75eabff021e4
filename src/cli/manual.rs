//! `completions` and `man`: made from the very definition of the command line.

use super::Cli;
use crate::cli::error::{CliError, output_error};
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use std::io::Write as _;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Flags {
    /// bash, zsh, fish, elvish or powershell
    shell: Shell,
}

/// Writes what makes `shell` complete our commands.
pub(super) fn completions(flags: &Flags) -> Result<ExitCode, CliError> {
    let mut text = Vec::new();
    clap_complete::generate(flags.shell, &mut Cli::command(), "smartretro", &mut text);
    put(&text)
}

/// Writes the manual: the page of the program, then that of each command.
pub(super) fn man() -> Result<ExitCode, CliError> {
    let mut root = Cli::command();
    // Names the pages of the commands: smartretro-serve.
    root.build();
    let mut text = Vec::new();
    clap_mangen::Man::new(root.clone()).render(&mut text).map_err(output_error)?;
    for command in root.get_subcommands() {
        clap_mangen::Man::new(command.clone()).render(&mut text).map_err(output_error)?;
    }
    put(&text)
}

fn put(text: &[u8]) -> Result<ExitCode, CliError> {
    std::io::stdout().lock().write_all(text).map_err(output_error)?;
    Ok(ExitCode::SUCCESS)
}
