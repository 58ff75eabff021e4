//! What was acknowledged is there, once, however the process ended; and nothing is acknowledged before it is on disk.

use crate::store_bytes;
use crate::support::senders::{message, slack_headers};
use crate::support::{BIN, MONDAY, Sandbox, Server};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// [`MONDAY`], in seconds since the Unix epoch.
const NOW: i64 = 1_794_805_200;
/// How often it is killed, where the environment's `KILLS` says nothing else.
const KILLS: usize = 100;
const SENDERS: usize = 16;
/// Most acknowledged deliveries after which a round is cut off: each round another number, from the first one on.
const ACKNOWLEDGED_PER_ROUND: usize = 40;

/// Sends one message over a connection that is kept, and answers whether it was acknowledged.
fn send(stream: &mut TcpStream, (path, secret): (&str, &str), ts: &str) -> bool {
    let body = message(&format!("Ev{ts}"), "C0OPEN", "channel", "U1", ts, "is the build green again?").to_string();
    let mut request = format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in slack_headers(secret, NOW, body.as_bytes()) {
        write!(request, "{name}: {value}\r\n").unwrap();
    }
    request.push_str("\r\n");
    request.push_str(&body);
    if stream.write_all(request.as_bytes()).is_err() {
        return false;
    }
    let mut answer = Vec::new();
    let mut chunk = [0_u8; 2048];
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut chunk) {
            Ok(n) if n > 0 => answer.extend_from_slice(&chunk[..n]),
            _ => return false,
        }
    }
    answer.starts_with(b"HTTP/1.1 202")
}

fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.url.trim_start_matches("http://")).unwrap()
}

#[test]
fn no_acknowledged_delivery_is_lost_or_doubled_however_often_it_is_killed() {
    let kills = std::env::var("KILLS").map_or(KILLS, |kills| kills.parse().expect("KILLS is a number"));
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let (connection, secret) = server.connect("slack", None);
    assert_eq!(server.switch(&connection, "C0OPEN", true), 200);
    server.kill();
    let path = format!("/hooks/slack/{connection}");
    let (next, acknowledged) = (Arc::new(AtomicU64::new(1)), Arc::new(Mutex::new(Vec::<String>::new())));
    let mut longest_start = Duration::ZERO;
    for round in 0..kills {
        let from = Instant::now();
        let server = sandbox.serve(MONDAY);
        longest_start = longest_start.max(from.elapsed());
        let before = acknowledged.lock().unwrap().len();
        let senders: Vec<_> = (0..SENDERS)
            .map(|_| {
                let (mut stream, path, secret) = (connect(&server), path.clone(), secret.clone());
                let (next, acknowledged) = (Arc::clone(&next), Arc::clone(&acknowledged));
                std::thread::spawn(move || {
                    loop {
                        let ts = format!("1794804000.{:06}", next.fetch_add(1, Ordering::SeqCst));
                        if !send(&mut stream, (&path, &secret), &ts) {
                            return;
                        }
                        acknowledged.lock().unwrap().push(ts);
                    }
                })
            })
            .collect();
        while acknowledged.lock().unwrap().len() < before + 1 + round % ACKNOWLEDGED_PER_ROUND {
            std::thread::yield_now();
        }
        server.kill();
        for sender in senders {
            sender.join().unwrap();
        }
    }
    let acknowledged = acknowledged.lock().unwrap().clone();
    assert!(acknowledged.len() >= kills);
    // Opened once more by the product, which recovers what the last kill left.
    sandbox.serve(MONDAY).kill();
    let mut stored: HashMap<String, usize> = HashMap::new();
    for id in store_bytes::message_ids(&sandbox.data()) {
        *stored.entry(id).or_default() += 1;
    }
    let lost: Vec<&String> = acknowledged.iter().filter(|ts| !stored.contains_key(*ts)).collect();
    assert!(lost.is_empty(), "{} of {} acknowledged are lost", lost.len(), acknowledged.len());
    assert!(stored.values().all(|count| *count == 1), "some are there twice");
    println!(
        "{kills} kills, {} acknowledged, {} stored, 0 lost, 0 doubled; longest start {longest_start:?}",
        acknowledged.len(),
        stored.len()
    );
}

/// One system call of the trace: at which of its lines it began and ended, its name, and its text.
struct Call {
    began: usize,
    ended: usize,
    name: String,
    text: String,
}

/// Reads `strace -f -yy` lines; calls that were interrupted by another thread's are put together again. What came first is told by
/// the order of the lines: a clock may be set while it is read.
fn calls(trace: &str) -> Vec<Call> {
    let mut open: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    let mut calls = Vec::new();
    for (line, text) in trace.lines().enumerate() {
        let Some((thread, text)) = text.split_once(' ') else { continue };
        let text = text.trim_start();
        let (began, whole) = if let Some(head) = text.strip_suffix("<unfinished ...>") {
            open.insert(thread, (line, head));
            continue;
        } else if text.starts_with("<... ") {
            let Some((began, head)) = open.remove(thread) else { continue };
            (began, format!("{head}{text}"))
        } else {
            (line, text.to_owned())
        };
        let name = whole.split('(').next().unwrap_or_default().to_owned();
        calls.push(Call { began, ended: line, name, text: whole });
    }
    calls
}

/// The binary, watched over by strace, which writes into `output`. `None`, with the reason said, where nothing may be traced. It starts
/// what it traces: a running process may not be attached to everywhere.
fn traced(output: &Path, pid: &Path) -> Option<Command> {
    match Command::new("strace").args(["-f", "-o", "/dev/null", BIN, "--version"]).output() {
        Err(_) => println!("skipped: strace is not installed"),
        Ok(tried) if !tried.status.success() => println!("skipped: {}", String::from_utf8_lossy(&tried.stderr)),
        Ok(_) => {
            let mut command = Command::new("strace");
            command
                .args(["-f", "-yy", "-s", "40", "-e", "trace=pwrite64,write,writev,sendto,recvfrom,read,fdatasync,fsync", "-o"])
                .arg(output)
                .args(["sh", "-c", "echo $$ >\"$0\" && exec \"$@\""])
                .arg(pid)
                .arg(BIN);
            return Some(command);
        }
    }
    None
}

#[test]
fn no_answer_is_written_before_the_sync_that_covers_it() {
    let sandbox = Sandbox::new();
    let (output, pid) = (sandbox.path("trace"), sandbox.path("pid"));
    let Some(command) = traced(&output, &pid) else { return };
    let server = Server::start_by(command, &sandbox, &["--as-of", MONDAY]);
    let (connection, secret) = server.connect("slack", None);
    assert_eq!(server.switch(&connection, "C0OPEN", true), 200);
    let path = format!("/hooks/slack/{connection}");
    let mut stream = connect(&server);
    for n in 0..20 {
        assert!(send(&mut stream, (&path, &secret), &format!("1794804001.{n:06}")));
    }
    drop(stream);
    let pid = std::fs::read_to_string(pid).unwrap();
    assert!(Command::new("kill").arg(pid.trim()).status().unwrap().success());
    server.wait();
    let trace = std::fs::read_to_string(&output).unwrap();
    let answers = check_trace(&calls(&trace), &sandbox.data());
    assert_eq!(answers, 20, "every delivery's answer is in the trace");
}

/// For each answer 202: after its request was read, the log was written, then synced, and only then the answer began.
fn check_trace(calls: &[Call], data: &Path) -> usize {
    let orgs = data.join("orgs");
    let of_log = |call: &Call| call.text.contains(orgs.to_str().unwrap()) && call.text.contains("-wal>");
    let mut answers = 0;
    for answer in calls.iter().filter(|call| call.text.contains("HTTP/1.1 202")) {
        let is_before = |call: &&Call| call.ended < answer.began;
        let asked = calls.iter().filter(is_before).filter(|call| call.text.contains("POST /hooks")).map(|call| call.began).max().unwrap();
        let written = calls.iter().filter(is_before).filter(|call| call.name == "pwrite64" && of_log(call) && call.began > asked);
        let last_written = written.map(|call| call.ended).max().expect("nothing was written between a request and its answer");
        let synced = calls.iter().filter(is_before).any(|call| {
            matches!(call.name.as_str(), "fdatasync" | "fsync") && of_log(call) && call.began > last_written && call.text.contains("= 0")
        });
        assert!(synced, "an answer was written before the sync of what it answers for");
        answers += 1;
    }
    answers
}
