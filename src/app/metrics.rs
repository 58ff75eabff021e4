//! `/metrics` on a listener of its own: on this machine alone, plain HTTP, one request a connection.
//!
//! Never reachable from another machine, nor for a page in a browser here that calls itself by another name. A client that is slow holds up
//! nobody: others are answered beside it, and its time is bounded.

use crate::app::Parts;
use crate::app::listen::patient;
use crate::base::clock::{Instant, Stopwatch};
use crate::base::error::{Code, Fault};
use crate::base::url::WebAddress;
use crate::config::MetricsAddress;
use crate::ops::metrics::{self, Traffic};
use std::fs::Permissions;
use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Clients that are answered at once: a scraper or two, and somebody who looks.
const CLIENTS_AT_ONCE: usize = 4;
/// How long a client may stay silent, and how long it may leave an answer unread.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a client may take to ask, however it spreads its bytes: a scraper sends its head in one piece.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// Longest head of a request, in bytes: a scraper's has some 300.
const HEAD_BYTES_MAX: usize = 8 * 1024;
/// The owner and the group: a scraper of the same group may read.
const SOCKET_MODE: u32 = 0o660;

/// The listening door. Dropping it removes a socket's file; its threads end with the process.
pub(super) struct Metrics {
    socket: Option<PathBuf>,
    /// Where it is answered.
    pub(super) url: String,
}

/// What is told.
#[derive(Clone)]
pub(super) struct Told {
    pub(super) parts: Parts,
    pub(super) traffic: Arc<Traffic>,
    pub(super) started_at: Instant,
}

impl Metrics {
    /// Listens at `address`, in place of a socket that an earlier process left behind.
    pub(super) fn start(address: &MetricsAddress, told: &Told) -> Result<Self, Fault> {
        match address {
            MetricsAddress::Loopback(wanted) => {
                let cannot = |error| cannot_listen(&wanted.to_string(), error);
                let listener = TcpListener::bind(wanted).map_err(cannot)?;
                let url = format!("http://{}/metrics", listener.local_addr().map_err(cannot)?);
                spawn(listener, told, |listener, told| {
                    for stream in patient(listener.incoming()) {
                        let is_patient = stream.set_read_timeout(Some(PATIENCE)).and(stream.set_write_timeout(Some(PATIENCE)));
                        drop(is_patient.and_then(|()| answer(&stream, &stream, told)));
                    }
                })?;
                Ok(Self { socket: None, url })
            }
            MetricsAddress::Unix(path) => {
                let cannot = |error| cannot_listen(&path.display().to_string(), error);
                remove_socket(path).map_err(cannot)?;
                let listener = UnixListener::bind(path).map_err(cannot)?;
                std::fs::set_permissions(path, Permissions::from_mode(SOCKET_MODE)).map_err(cannot)?;
                spawn(listener, told, |listener, told| {
                    for stream in patient(listener.incoming()) {
                        let is_patient = stream.set_read_timeout(Some(PATIENCE)).and(stream.set_write_timeout(Some(PATIENCE)));
                        drop(is_patient.and_then(|()| answer(&stream, &stream, told)));
                    }
                })?;
                Ok(Self { socket: Some(path.clone()), url: format!("unix:{}", path.display()) })
            }
        }
    }
}

impl Drop for Metrics {
    fn drop(&mut self) {
        if let Some(socket) = &self.socket {
            drop(std::fs::remove_file(socket));
        }
    }
}

/// Has each of the threads answer one client after the other.
fn spawn<L: Send + Sync + 'static>(listener: L, told: &Told, work: fn(&L, &Told)) -> Result<(), Fault> {
    let listener = Arc::new(listener);
    for _ in 0..CLIENTS_AT_ONCE {
        let (listener, told) = (Arc::clone(&listener), told.clone());
        let started = std::thread::Builder::new().name("metrics".to_owned()).spawn(move || work(&listener, &told));
        started.map(drop).map_err(|error| Fault::new(Code::Io, "A thread for metrics could not be started").because(error))?;
    }
    Ok(())
}

/// Only a socket is removed: whatever else was named by mistake stays.
fn remove_socket(path: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(meta) if meta.file_type().is_socket() => std::fs::remove_file(path),
        _ => Ok(()),
    }
}

fn cannot_listen(place: &str, error: io::Error) -> Fault {
    let words = format!("It is not possible to answer /metrics at {place}; choose another place (metrics_listen)");
    Fault::new(Code::Io, words).because(error)
}

/// Reads one request and answers it.
fn answer(mut from: impl Read, mut to: impl Write, told: &Told) -> io::Result<()> {
    let head = read_head(&mut from, HEAD_TIME)?;
    let (status, body) = match judge(&head) {
        Asked::Metrics => {
            match metrics::render(&told.parts.store, &told.parts.desk, &told.traffic, (told.started_at, told.parts.clock.now())) {
                Ok(page) => ("200 OK", page),
                Err(fault) => {
                    tracing::warn!(code = fault.code().as_str(), "metrics could not be gathered");
                    ("503 Service Unavailable", "the metrics could not be gathered; see the log\n".to_owned())
                }
            }
        }
        Asked::Other(status) => (status, format!("{status}\n")),
    };
    // In one piece: a client that reads slowly is waited for once.
    let whole = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; version=0.0.4; charset=utf-8\r\ncontent-length: {}\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    to.write_all(whole.as_bytes())?;
    to.flush()
}

fn read_head(from: &mut impl Read, time: Duration) -> io::Result<String> {
    let (mut head, mut piece, since) = (Vec::new(), [0; 1024], Stopwatch::start());
    while since.elapsed() < time {
        let n = from.read(&mut piece)?;
        head.extend_from_slice(piece.get(..n).unwrap_or_default());
        if n == 0 || head.len() > HEAD_BYTES_MAX || head.windows(4).any(|end| end == b"\r\n\r\n") {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Metrics,
    /// Nothing that is answered here, with the status to say so.
    Other(&'static str),
}

/// A page in a browser on this machine may reach the listener under a name of its own; then that name is in `Host`.
fn judge(head: &str) -> Asked {
    if !head.contains("\r\n\r\n") {
        return Asked::Other("400 Bad Request");
    }
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let hosts = lines.filter_map(|line| line.split_once(':')).filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    let is_ours = hosts
        .map(|(_, host)| host.trim())
        .all(|host| host.is_empty() || WebAddress::parse_origin(&format!("http://{host}")).is_some_and(|address| address.is_loopback()));
    match (is_ours, path, method) {
        (false, ..) => Asked::Other("403 Forbidden"),
        (true, "/metrics", "GET") => Asked::Metrics,
        (true, "/metrics", _) => Asked::Other("405 Method Not Allowed"),
        (true, ..) => Asked::Other("404 Not Found"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Clock;
    use crate::crypto::keys::Kek;
    use crate::store::Store;
    use std::os::unix::net::UnixStream;

    #[test]
    fn only_a_get_of_metrics_under_a_name_of_this_machine_is_answered() {
        for host in ["127.0.0.1:9464", "localhost", "[::1]:9464", ""] {
            assert_eq!(judge(&format!("GET /metrics HTTP/1.1\r\nHost: {host}\r\n\r\n")), Asked::Metrics, "{host}");
        }
        for (head, status) in [
            ("GET /metrics HTTP/1.1\r\nHost: rebound.example\r\n\r\n", "403 Forbidden"),
            ("GET /metrics HTTP/1.1\r\nhost: localhost\r\nHost: rebound.example\r\n\r\n", "403 Forbidden"),
            ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "404 Not Found"),
            ("POST /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "405 Method Not Allowed"),
            ("GET /metrics HTTP/1.1\r\nHost: localhost\r\n", "400 Bad Request"),
            ("", "400 Bad Request"),
            ("\r\n\r\n", "404 Not Found"),
        ] {
            assert_eq!(judge(head), Asked::Other(status), "{head:?}");
        }
    }

    /// A client that sends byte by byte.
    struct Trickle;
    impl Read for Trickle {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            into[0] = b'x';
            Ok(1)
        }
    }

    #[test]
    fn a_client_that_says_nothing_holds_up_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &Clock::System, true).unwrap();
        let told = Told { parts: Parts::new(store, Clock::System), traffic: Arc::default(), started_at: Clock::System.now() };
        let path = folder.path().join("metrics.sock");
        let metrics = Metrics::start(&MetricsAddress::Unix(path.clone()), &told).unwrap();
        let silent: Vec<UnixStream> = (1..CLIENTS_AT_ONCE).map(|_| UnixStream::connect(&path).unwrap()).collect();
        let (mut asking, mut answer) = (UnixStream::connect(&path).unwrap(), String::new());
        asking.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").unwrap();
        asking.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        for mut client in silent {
            client.set_nonblocking(true).unwrap();
            let read = client.read(&mut [0]).map_err(|error| error.kind());
            assert_eq!(read, Err(io::ErrorKind::WouldBlock), "nobody had to be given up first");
        }
        drop(metrics);
    }

    #[test]
    fn a_client_that_sends_without_end_is_read_to_a_bound() {
        let endless = read_head(&mut io::repeat(b'x'), Duration::MAX).unwrap();
        assert!(endless.len() <= HEAD_BYTES_MAX + 1024);
        assert_eq!(read_head(&mut Trickle, Duration::ZERO).unwrap(), "", "its time is up");
        assert_eq!(read_head(&mut Trickle, Duration::MAX).unwrap().len(), HEAD_BYTES_MAX + 1);
    }
}
