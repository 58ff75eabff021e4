//! `replay`: recorded deliveries, signed and fed through the whole path.

use crate::app;
use crate::base::clock::{Clock, Instant};
use crate::base::error::{Code, Fault};
use crate::base::id::ConnectionId;
use crate::capture::Desk;
use crate::capture::replay::{Recording, Replayed, feed};
use crate::cli::error::{CliError, output_error, unreadable};
use crate::cli::serve;
use crate::config::Settings;
use crate::patterns;
use crate::store::Store;
use clap::Args;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Folders inside folders that are looked into: deep enough for any sorted collection, and no endless loop of links.
const DEPTH_MAX: usize = 8;
/// Headers that name an event's kind, in whatever case.
const KIND_HEADERS: [&str; 4] = ["x-event-key", "x-forgejo-event", "x-gitea-event", "x-github-event"];

#[derive(Debug, Args)]
pub(super) struct Flags {
    /// The connection whose secret signs them
    #[arg(long, value_name = "ID")]
    connection: String,
    /// Files of JSON lines `{"headers":{…},"body":…}`, payload files, or folders of payload files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Feed them into a sandbox at this instant, while no server runs on it (a server has a clock of its own)
    #[arg(long, value_name = "TIME", value_parser = serve::parse_time)]
    as_of: Option<Instant>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(super) fn run(flags: &Flags, settings: &Settings) -> Result<ExitCode, CliError> {
    let connection: ConnectionId = flags
        .connection
        .parse()
        .map_err(|_| CliError::Usage(format!("“{}” is no connection's id: `GET /api/v1/connections` lists them", flags.connection)))?;
    let mut recordings = Vec::new();
    for path in &flags.paths {
        read_path(path, 0, &mut recordings)?;
    }
    if recordings.is_empty() {
        return Err(CliError::Usage("Nothing there is a recorded delivery: name .json or .jsonl files, or a folder of them".to_owned()));
    }
    let data = settings.data()?;
    let lines = match flags.as_of {
        Some(at) => feed_here(Some(at), settings, connection, &recordings).map_err(|error| when_served(error, &data))?,
        None => match ask(&data, connection, &recordings)? {
            Some(lines) => lines,
            None => feed_here(None, settings, connection, &recordings)?,
        },
    };
    if lines.iter().any(|line| line.reason.as_deref() == Some("unknown_connection")) {
        return Err(CliError::Problem(format!(
            "There is no connection {connection} in {}: `GET /api/v1/connections` lists them",
            data.display()
        )));
    }
    report(&lines, flags.json)?;
    Ok(ExitCode::SUCCESS)
}

/// Through the running server, if there is one.
fn ask(data: &Path, connection: ConnectionId, recordings: &[Recording]) -> Result<Option<Vec<Replayed>>, Fault> {
    let mut lines = Vec::with_capacity(recordings.len());
    let asked = app::ask(data, connection, recordings.iter().cloned(), |line| {
        lines.push(line);
        Ok(())
    })?;
    Ok(asked.map(|()| lines))
}

/// Says why a directory that is in use takes no time of the caller's own.
fn when_served(error: CliError, data: &Path) -> CliError {
    match error {
        CliError::Fault(fault) if fault.code() == Code::DirectoryInUse => CliError::Problem(format!(
            "{} is in use, by a server that has a clock of its own: leave --as-of out, or stop the server",
            data.display()
        )),
        other => other,
    }
}

/// Without a running server: opens the files, feeds, and closes them again. A sandbox takes them as if it were `as_of`.
fn feed_here(
    as_of: Option<Instant>,
    settings: &Settings,
    connection: ConnectionId,
    recordings: &[Recording],
) -> Result<Vec<Replayed>, CliError> {
    let data = settings.data()?;
    let desk = Desk::new(patterns::forget);
    let store = serve::open(settings, &data, Store::is_sandbox_at(&data)?)?;
    let clock = match as_of {
        None => Clock::System,
        Some(_) if !store.sandbox() => return Err(serve::no_sandbox("--as-of is", &data)),
        at => Clock::sandbox(at),
    };
    let Some(org) = store.org(connection.org())? else {
        return Ok(recordings.iter().map(|recording| Replayed::rejected(recording.source.clone(), "unknown_connection")).collect());
    };
    let lines = recordings.iter().map(|recording| feed(&desk, &org, &clock, connection, recording)).collect::<Result<Vec<_>, Fault>>()?;
    desk.refusals.flush(&org)?;
    Ok(lines)
}

fn report(lines: &[Replayed], as_json: bool) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    if as_json {
        let body = serde_json::json!({ "deliveries": lines });
        return writeln!(out, "{body}").map_err(output_error);
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines {
        let why = line.kind.as_deref().or(line.reason.as_deref()).unwrap_or_default();
        writeln!(out, "{}: {} ({why})", line.source, line.outcome).map_err(output_error)?;
        *counts.entry(&line.outcome).or_default() += 1;
    }
    let summary = counts.iter().map(|(outcome, n)| format!("{n} {outcome}")).collect::<Vec<_>>().join(", ");
    writeln!(std::io::stderr(), "{} deliveries: {summary}", lines.len()).map_err(output_error)
}

/// Reads a file, or a folder's files in the order of their names.
fn read_path(path: &Path, depth: usize, into: &mut Vec<Recording>) -> Result<(), CliError> {
    let meta = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if !meta.is_dir() {
        return read_file(path, into);
    }
    if depth >= DEPTH_MAX {
        return Err(CliError::Problem(format!("{} lies more than {DEPTH_MAX} folders deep", path.display())));
    }
    let entries = fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(|error| unreadable(path, &error))?;
    let mut names: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    names.sort();
    for name in names.iter().filter(|name| name.is_dir() || is_payload(name)) {
        read_path(name, depth + 1, into)?;
    }
    Ok(())
}

fn is_payload(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json" || extension == "jsonl")
}

fn read_file(path: &Path, into: &mut Vec<Recording>) -> Result<(), CliError> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
    if path.extension().is_some_and(|extension| extension == "jsonl") {
        return read_lines(path, &bytes, into);
    }
    let hints = hints_beside(path);
    into.push(Recording { source: path.display().to_string(), hints, payload: bytes });
    Ok(())
}

/// What may name the event's kind: a header file beside the payload, the parent folder, the file's name.
fn hints_beside(path: &Path) -> Vec<String> {
    let headers = fs::read_to_string(path.with_extension("headers")).unwrap_or_default();
    let named = headers.lines().filter_map(|line| line.split_once(':')).filter(|(name, _)| is_kind_header(name));
    let mut hints: Vec<String> = named.map(|(_, value)| value.trim().to_owned()).collect();
    let folder = path.parent().and_then(Path::file_name);
    hints.extend([folder, path.file_stem()].into_iter().flatten().map(|name| name.to_string_lossy().into_owned()));
    hints
}

fn is_kind_header(name: &str) -> bool {
    KIND_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name.trim()))
}

fn read_lines(path: &Path, bytes: &[u8], into: &mut Vec<Recording>) -> Result<(), CliError> {
    let numbered = bytes.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    for (index, line) in numbered {
        let source = format!("{}:{}", path.display(), index + 1);
        into.push(read_line(source, line)?);
    }
    Ok(())
}

#[derive(serde::Deserialize)]
struct RecordedLine<'a> {
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(borrow)]
    body: &'a serde_json::value::RawValue,
}

fn read_line(source: String, line: &[u8]) -> Result<Recording, CliError> {
    let recorded: RecordedLine<'_> = serde_json::from_slice(line).map_err(|error| {
        // The parser's own words may quote what it stumbled over, so only the place of the problem is told.
        let column = error.column();
        CliError::Problem(format!("{source}: not a recorded delivery (column {column}); write {{\"headers\":{{…}},\"body\":…}}"))
    })?;
    let hints = recorded.headers.into_iter().filter(|(name, _)| is_kind_header(name)).map(|(_, value)| value).collect();
    // A body may be written as it was sent, in a string, or as the JSON value it is.
    let payload = serde_json::from_str::<String>(recorded.body.get()).unwrap_or_else(|_| recorded.body.get().to_owned()).into_bytes();
    Ok(Recording { source, hints, payload })
}
