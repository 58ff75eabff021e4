//! The local socket in the data directory, by which a command reaches the running server.
//!
//! Whoever may open it owns the data directory. It takes two kinds of line: a recording to replay, and a question after the server's health.

use crate::app::Parts;
use crate::app::listen::patient;
use crate::base::clock::Instant;
use crate::base::error::{Code, Fault};
use crate::base::id::ConnectionId;
use crate::capture::replay::{self, Recording, Replayed};
use crate::ops::health::{self, Readiness, ServerHealth};
use crate::ops::process;
use serde::{Deserialize, Serialize};
use std::fs::{File, Permissions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The socket's name inside the data directory.
const SOCKET: &str = "control.sock";
/// Owner only.
const SOCKET_MODE: u32 = 0o600;
/// Longest path by which the kernel binds a socket, in bytes: `sun_path` holds 108, the closing zero among them (unix(7)).
const SOCKET_PATH_BYTES_MAX: usize = 107;
/// Commands that are served at once: a replay or two, and beside them whoever asks how the server is.
const CALLERS_AT_ONCE: usize = 4;
/// How long a command may stay silent, and how long it may leave an answer unread: a replay reads its next file in between.
const SILENCE_MAX: Duration = Duration::from_secs(30);
/// How long the server may take to say how it is: as many replays as are served at once may be before us.
const HEALTH_PATIENCE: Duration = Duration::from_secs(5);
/// Where Linux shows the open files of a process to itself (proc(5)).
const OPEN_FILES: &str = "/proc/self/fd";

/// What a command asks.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Question {
    Replay(Line),
    Health { health: bool },
}

#[derive(Serialize, Deserialize)]
struct Line {
    connection: String,
    recording: Recording,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Replayed(Replayed),
    Health(Box<ServerHealth>),
    Failed { words: String },
}

/// What the server says of itself when it is asked.
#[derive(Clone)]
pub(super) struct Standing {
    pub(super) url: String,
    pub(super) metrics: Option<String>,
    /// By the machine's clock.
    pub(super) started_at: Instant,
}

/// The listening socket. Dropping it removes the socket's file; its threads end with the process.
pub(super) struct Control(PathBuf);

impl Control {
    /// Listens, in place of a socket that an earlier process left behind.
    pub(super) fn start(parts: &Parts, standing: &Standing) -> Result<Self, Fault> {
        let path = parts.store.root().join(SOCKET);
        let fault = |error| {
            Fault::new(
                Code::Io,
                format!("The local socket {} cannot be opened; check the directory's permissions and free space", path.display()),
            )
            .because(error)
        };
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(fault(error)),
            _ => {}
        }
        let listener = at_short_path(parts.store.root(), |short| UnixListener::bind(short)).map_err(fault)?;
        // The umask may leave more; until this line the directory, which is its owner's alone, keeps others out.
        std::fs::set_permissions(&path, Permissions::from_mode(SOCKET_MODE)).map_err(fault)?;
        let listener = Arc::new(listener);
        for _ in 0..CALLERS_AT_ONCE {
            let (listener, parts, standing) = (Arc::clone(&listener), parts.clone(), standing.clone());
            std::thread::Builder::new().name("control".to_owned()).spawn(move || listen(&listener, &parts, &standing)).map_err(fault)?;
        }
        Ok(Self(path))
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// Binds or connects the socket of `data` by its path; by a shorter one, through the open directory, where the kernel would not
/// take so long a path.
fn at_short_path<T>(data: &Path, open: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    let path = data.join(SOCKET);
    if path.as_os_str().len() <= SOCKET_PATH_BYTES_MAX {
        return open(&path);
    }
    if !Path::new(OPEN_FILES).is_dir() {
        return Err(io::Error::other(format!(
            "its path is longer than {SOCKET_PATH_BYTES_MAX} bytes: mount /proc, or choose a shorter one"
        )));
    }
    let directory = File::open(data)?;
    open(&Path::new(OPEN_FILES).join(directory.as_raw_fd().to_string()).join(SOCKET))
}

/// One caller after the other, on each of the threads: these are commands of the machine's own operator.
fn listen(listener: &UnixListener, parts: &Parts, standing: &Standing) {
    for stream in patient(listener.incoming()) {
        if let Err(error) = serve(&stream, parts, standing, SILENCE_MAX) {
            tracing::warn!(kind = %error.kind(), "a command on the local socket broke off");
        }
    }
}

fn serve(stream: &UnixStream, parts: &Parts, standing: &Standing, silence_max: Duration) -> io::Result<()> {
    stream.set_read_timeout(Some(silence_max))?;
    stream.set_write_timeout(Some(silence_max))?;
    let mut answers = stream;
    for line in BufReader::new(stream).lines() {
        let mut text = serde_json::to_vec(&answer(&line?, parts, standing))?;
        text.push(b'\n');
        answers.write_all(&text)?;
    }
    Ok(())
}

fn answer(line: &str, parts: &Parts, standing: &Standing) -> Answer {
    let answered = match serde_json::from_str(line) {
        Ok(Question::Replay(line)) => replay_line(&line, parts).map(Answer::Replayed),
        Ok(Question::Health { .. }) => Ok(Answer::Health(Box::new(health_of(parts, standing)))),
        Err(error) => Err(Fault::new(Code::Internal, "The command cannot be read").because(error)),
    };
    answered.unwrap_or_else(|fault| Answer::Failed { words: fault.to_string() })
}

fn health_of(parts: &Parts, standing: &Standing) -> ServerHealth {
    ServerHealth {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        started_at: standing.started_at,
        now: parts.clock.now(),
        url: standing.url.clone(),
        metrics: standing.metrics.clone(),
        not_ready: match health::readiness(&parts.store) {
            Readiness::Ready => None,
            Readiness::NotReady(fault) => Some(fault.to_string()),
        },
        waiting: health::waiting(&parts.store),
        open_files: process::open_files() as u64,
        is_dumpable: process::is_dumpable(),
    }
}

fn replay_line(line: &Line, parts: &Parts) -> Result<Replayed, Fault> {
    let known = line.connection.parse::<ConnectionId>().ok();
    let Some((connection, org)) = known.map(|id| Ok::<_, Fault>((id, parts.store.org(id.org())?))).transpose()? else {
        return Ok(Replayed::rejected(line.recording.source.clone(), "unknown_connection"));
    };
    match org {
        Some(org) => replay::feed(&parts.desk, &org, &parts.clock, connection, &line.recording),
        None => Ok(Replayed::rejected(line.recording.source.clone(), "unknown_connection")),
    }
}

/// What the server that runs on `data` says of itself; `None` where none runs, or it does not answer in time.
pub fn health(data: &Path) -> Option<ServerHealth> {
    let stream = at_short_path(data, |short| UnixStream::connect(short)).ok()?;
    stream.set_read_timeout(Some(HEALTH_PATIENCE)).and(stream.set_write_timeout(Some(HEALTH_PATIENCE))).ok()?;
    let mut question = serde_json::to_vec(&Question::Health { health: true }).ok()?;
    question.push(b'\n');
    (&stream).write_all(&question).ok()?;
    let mut text = String::new();
    BufReader::new(&stream).read_line(&mut text).ok()?;
    match serde_json::from_str(&text).ok()? {
        Answer::Health(health) => Some(*health),
        _ => None,
    }
}

/// Asks the server that runs on `data` to replay, one recording after the other. `None` where none runs.
pub fn ask(
    data: &Path,
    connection: ConnectionId,
    recordings: impl Iterator<Item = Recording>,
    mut each: impl FnMut(Replayed) -> Result<(), Fault>,
) -> Result<Option<()>, Fault> {
    let Ok(stream) = at_short_path(data, |short| UnixStream::connect(short)) else {
        return Ok(None);
    };
    let broke = |error: io::Error| Fault::new(Code::Io, "The running server broke off the conversation; see its log").because(error);
    let (mut requests, mut answers) = (&stream, BufReader::new(&stream));
    for recording in recordings {
        let line = Question::Replay(Line { connection: connection.to_string(), recording });
        let mut request = serde_json::to_vec(&line).map_err(|error| broke(error.into()))?;
        request.push(b'\n');
        requests.write_all(&request).map_err(broke)?;
        let mut text = String::new();
        answers.read_line(&mut text).map_err(broke)?;
        match serde_json::from_str(&text).map_err(|error| broke(error.into()))? {
            Answer::Replayed(replayed) => each(replayed)?,
            Answer::Failed { words } => return Err(Fault::new(Code::Internal, words)),
            Answer::Health(_) => return Err(Fault::new(Code::Internal, "The running server answered another question")),
        }
    }
    Ok(Some(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Clock;
    use crate::base::id::OrgId;
    use crate::crypto::keys::Kek;
    use crate::store::Store;
    use std::fs;
    use std::io::Read as _;
    use std::os::unix::fs::MetadataExt as _;

    fn standing() -> Standing {
        Standing { url: "https://here".to_owned(), metrics: None, started_at: Clock::System.now() }
    }

    #[test]
    fn the_local_socket_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &Clock::System, true).unwrap();
        let parts = Parts::new(store, Clock::System);
        let control = Control::start(&parts, &standing()).unwrap();
        assert_eq!(fs::symlink_metadata(&control.0).unwrap().mode() & 0o7777, 0o600);
    }

    #[test]
    fn a_caller_that_says_nothing_holds_up_nobody_and_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let parts = Parts::new(Store::create(&data, &Kek::generate().unwrap(), &Clock::System, true).unwrap(), Clock::System);
        let _control = Control::start(&parts, &standing()).unwrap();
        let silent: Vec<UnixStream> =
            (1..CALLERS_AT_ONCE).map(|_| at_short_path(&data, |short| UnixStream::connect(short)).unwrap()).collect();
        assert!(health(&data).is_some(), "another is answered");
        for caller in &silent {
            caller.set_nonblocking(true).unwrap();
            assert_eq!(
                (&mut &*caller).read(&mut [0]).map_err(|error| error.kind()),
                Err(io::ErrorKind::WouldBlock),
                "and they are there still"
            );
        }
        let (here, _there) = UnixStream::pair().unwrap();
        let given_up = serve(&here, &parts, &standing(), Duration::from_millis(10));
        assert_eq!(given_up.map_err(|error| error.kind()), Err(io::ErrorKind::WouldBlock));
    }

    #[test]
    fn a_data_directory_of_any_length_has_its_socket() {
        for length in [1, 60, 107, 200] {
            let folder = tempfile::tempdir().unwrap();
            let data = folder.path().join("d".repeat(length));
            let parts = Parts::new(Store::create(&data, &Kek::generate().unwrap(), &Clock::System, true).unwrap(), Clock::System);
            assert_eq!(health(&data), None, "nothing runs yet");
            let control = Control::start(&parts, &standing()).unwrap();
            assert!(health(&data).is_some_and(|health| health.url == "https://here" && health.not_ready.is_none()));
            assert!(data.join(SOCKET).exists());
            let recording = Recording { source: "one".to_owned(), hints: Vec::new(), payload: b"{}".to_vec() };
            let mut answers = Vec::new();
            let nobodys = ConnectionId::new(OrgId::from_bytes([7; 16]), [9; 8]);
            let asked = ask(&data, nobodys, std::iter::once(recording), |line| {
                answers.push(line.reason);
                Ok(())
            });
            assert_eq!((asked.unwrap(), answers), (Some(()), vec![Some("unknown_connection".to_owned())]), "{length}");
            drop(control);
            assert!(!data.join(SOCKET).exists());
        }
    }
}
