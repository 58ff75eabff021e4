//! Files that a command reads line by line.

use crate::cli::error::{CliError, unreadable};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// An opened file with the name by which errors call it.
pub(super) type Input = (String, Box<dyn BufRead>);

/// Opens every file before the first is read, so that a slip in the last name is told at once. `-` is standard input.
pub(super) fn open(files: &[PathBuf]) -> Result<Vec<Input>, CliError> {
    files.iter().map(|file| open_one(file)).collect()
}

fn open_one(file: &Path) -> Result<Input, CliError> {
    if file == Path::new("-") {
        return Ok(("standard input".to_owned(), Box::new(BufReader::new(std::io::stdin()))));
    }
    let opened = File::open(file).and_then(not_a_directory).map_err(|error| unreadable(file, &error))?;
    Ok((file.display().to_string(), Box::new(BufReader::new(opened))))
}

/// A directory opens like a file, and only its first reading fails.
fn not_a_directory(opened: File) -> std::io::Result<File> {
    if opened.metadata()?.is_dir() { Err(std::io::ErrorKind::IsADirectory.into()) } else { Ok(opened) }
}
