//! A disk that is full or fails: no 2xx for what is not durable, everything says so, nothing acknowledged is lost, and a restart with room
//! goes on by itself.
//!
//! Three ways to bring it about. A limit on the size of files works everywhere. strace refuses chosen system calls of chosen files, where it may
//! trace what it starts. A file system that is really full needs a namespace of one's own. What cannot be had is skipped, and said.

use crate::store_bytes;
use crate::support::senders::{message, slack_headers};
use crate::support::{BIN, EMAIL, MONDAY, Sandbox, Server};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;

/// [`MONDAY`], in seconds since the Unix epoch.
const NOW: i64 = 1_794_805_200;
const SENDERS: usize = 4;
/// Deliveries of one sender at most; the trouble comes long before.
const TRIES_MAX: usize = 1_000;
/// Deliveries that a sender still tries after the first that was not taken.
const TRIES_AFTER: usize = 5;
/// From so many acknowledged deliveries on, it was the running server that met the trouble.
const WELL_BEGUN: usize = 11;
/// How often opening a file syncs it at most: once when what the last run left is written back, once when a migration is.
const SYNCS_OF_AN_OPENING: usize = 2;
/// Must be found in no log line.
const TEXT: &str = "is the canary build green again?";
const AUTHOR: &str = "U0CANARY7";

/// An installation that reads one channel, and an owner who is signed in.
struct Ready {
    sandbox: Sandbox,
    connection: String,
    secret: String,
    session: String,
}

impl Ready {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        let server = sandbox.serve(MONDAY);
        let (connection, secret) = server.connect("slack", None);
        assert_eq!(server.switch(&connection, "C0OPEN", true), 200);
        let session = server.sign_in().1.expect("signed in");
        stop(server, &sandbox);
        Self { sandbox, connection, secret, session }
    }

    fn send(&self, server: &Server, body: &Value) -> (u16, String) {
        let body = body.to_string();
        let headers = slack_headers(&self.secret, NOW, body.as_bytes());
        server.post(&format!("/hooks/slack/{}", self.connection), &headers, body.as_bytes())
    }

    fn say(&self, server: &Server, ts: &str) -> (u16, String) {
        self.send(server, &message(&format!("Ev{ts}"), "C0OPEN", "channel", AUTHOR, ts, TEXT))
    }

    fn page(&self, server: &Server, path: &str) -> u16 {
        let answer = Server::agent().get(format!("{}{path}", server.url)).header("cookie", &self.session).call().unwrap();
        answer.status().as_u16()
    }

    /// The one file of an organisation, or what lies beside it.
    fn org_file(&self, suffix: &str) -> PathBuf {
        let files = std::fs::read_dir(self.sandbox.data().join("orgs")).unwrap();
        let file = files.map(|entry| entry.unwrap().path()).find(|path| path.extension().is_some_and(|end| end == "db")).unwrap();
        PathBuf::from(format!("{}{suffix}", file.display()))
    }
}

impl Drop for Ready {
    /// A test that fails kills what it started, which is not always the server.
    fn drop(&mut self) {
        if let Some(pid) = pid_of_another(&self.sandbox) {
            drop(Command::new("kill").args(["-9", &pid]).output());
        }
    }
}

/// Where a server leaves its process id that is not itself what the test has started.
fn pid_of_another(sandbox: &Sandbox) -> Option<String> {
    Some(std::fs::read_to_string(sandbox.path("pid")).ok()?.trim().to_owned())
}

/// Tells the server to end, and waits until it has; answers all that it said.
fn stop(server: Server, sandbox: &Sandbox) -> String {
    let pid = pid_of_another(sandbox).unwrap_or_else(|| server.pid().to_string());
    assert!(Command::new("kill").arg(pid).status().unwrap().success());
    drop(std::fs::remove_file(sandbox.path("pid")));
    let log = std::sync::Arc::clone(&server.log);
    server.wait();
    std::mem::take(&mut *log.lock().unwrap())
}

/// A shell that runs `before`, leaves its process id, and becomes the server.
fn shell(sandbox: &Sandbox, before: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{before} echo $$ >\"$0\"; exec \"$@\"")).arg(sandbox.path("pid")).arg(BIN);
    command
}

/// The server under strace, which answers some calls on one file in the kernel's place. `None`, with the reason said, where nothing may be traced.
fn refusing(sandbox: &Sandbox, file: &std::path::Path, inject: &str) -> Option<Command> {
    match Command::new("strace").args(["-f", "-o", "/dev/null", BIN, "--version"]).output() {
        Err(_) => println!("skipped: strace is not installed"),
        Ok(tried) if !tried.status.success() => println!("skipped: {}", String::from_utf8_lossy(&tried.stderr)),
        Ok(_) => {
            let mut command = Command::new("strace");
            command.args(["-f", "-qqq", "-o"]).arg(sandbox.path("trace")).arg("-P").arg(file).arg("-e").arg(format!("inject={inject}"));
            command.args(["sh", "-c", "echo $$ >\"$0\" && exec \"$@\""]).arg(sandbox.path("pid")).arg(BIN);
            return Some(command);
        }
    }
    None
}

/// What each sender sent, and the status it was answered with.
type Sent = Vec<(String, u16)>;

fn send_until_it_fails(ready: &Ready, server: &Server) -> Sent {
    let one = |sender: usize| {
        let (mut sent, mut refused) = (Vec::new(), 0);
        for n in 0.. {
            assert!(n < TRIES_MAX, "the disk took everything");
            let ts = format!("17948040{sender:02}.{n:06}");
            let (status, body) = ready.say(server, &ts);
            if status == 202 {
                assert_eq!(refused, 0, "nothing is taken after the first that was not");
            } else {
                assert_eq!(status, 503, "{body}");
                let problem: Value = serde_json::from_str(&body).unwrap();
                assert!(problem["detail"].as_str().unwrap().contains("try again later"), "{body}");
                assert_eq!(problem["code"], "fenced", "{}", server.log.lock().unwrap());
                refused += 1;
            }
            sent.push((ts, status));
            if refused > TRIES_AFTER {
                break;
            }
        }
        sent
    };
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS).map(|sender| scope.spawn(move || one(sender))).collect();
        senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect()
    })
}

fn by_status(sent: &Sent, wanted: u16) -> Vec<&String> {
    sent.iter().filter(|(_, status)| *status == wanted).map(|(ts, _)| ts).collect()
}

/// Strangers read the kind of trouble; which file it is and what to do stands in the log.
fn is_not_ready(server: &Server) {
    let (status, why) = server.get("/readyz");
    assert!(status == 503 && why.contains(r#""code":"fenced""#) && !why.contains(".db"), "{why}");
}

/// While the organisation's file takes nothing.
fn says_so_and_goes_on_reading(ready: &Ready, server: &Server, acknowledged: usize) {
    assert_eq!(server.get("/livez").0, 200);
    is_not_ready(server);
    // A refusal needs nothing durable, and is counted.
    let direct = message("EvDM", "D0DIRECT", "im", AUTHOR, "1794804999.000001", TEXT);
    assert_eq!(ready.send(server, &direct).0, 202);
    let (status, summary) = server.api("GET", "/signals/summary", &Value::Null);
    // A kind of which nothing was captured is not listed.
    let captured = summary["captured"]["message"].as_u64().unwrap_or(0);
    assert_eq!((status, captured), (200, acknowledged as u64), "nobody sees what was not acknowledged");
    assert_eq!(summary["refused"]["direct_message"], json!(1), "{summary}");
    assert_eq!(server.api("GET", "/patterns", &Value::Null).0, 200);
    for path in ["/", "/connections", "/patterns"] {
        assert_eq!(ready.page(server, path), 200, "{path}");
    }
    // Every act that would have to be kept.
    assert_eq!(server.switch(&ready.connection, "C0MORE", true), 503);
    assert_eq!(server.api("POST", "/people/opt-outs", &json!({ "connector": "slack", "handle": AUTHOR })).0, 503);
    let taken_back = json!({
        "token": "x", "team_id": "T1", "api_app_id": "A1", "type": "event_callback", "event_id": "EvBack", "event_time": 1,
        "event": { "type": "message", "subtype": "message_deleted", "hidden": true, "channel": "C0OPEN", "channel_type": "channel",
                   "ts": "1794804998.000001", "event_ts": "1794804998.000001", "deleted_ts": "1794804000.000000" },
    });
    assert_eq!(ready.send(server, &taken_back).0, 503);
}

fn says_what_to_do_and_no_content(ready: &Ready, log: &str) {
    let line = log.lines().find(|line| line.contains("takes no more writes")).expect("it is said");
    assert!(line.contains("ERROR") && line.contains(".db") && line.contains("free or repair it, then restart"), "{line}");
    assert!(!log.contains("panicked"), "{log}");
    for secret in [TEXT, "canary", AUTHOR, &ready.secret, &ready.sandbox.token, &ready.session, "1794804000.0000", EMAIL] {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
}

/// How often each message is stored.
fn stored(ready: &Ready) -> HashMap<String, usize> {
    let mut stored = HashMap::new();
    for id in store_bytes::message_ids(&ready.sandbox.data()) {
        *stored.entry(id).or_default() += 1;
    }
    stored
}

/// Starts anew with room: everything acknowledged is there, and whatever was not is taken when it is sent again.
fn goes_on_by_itself(ready: &Ready, sent: &Sent, may_keep_unacknowledged: bool) {
    let server = ready.sandbox.serve(MONDAY);
    assert_eq!(server.get("/readyz").0, 200);
    stop(server, &ready.sandbox);
    let found = stored(ready);
    let acknowledged = by_status(sent, 202);
    assert!(acknowledged.iter().all(|ts| found.get(*ts) == Some(&1)), "each acknowledged one is there, once");
    let more = found.len() - acknowledged.len();
    // A commit whose sync failed may have reached the disk all the same, whole; nobody was told that it had.
    assert!(if may_keep_unacknowledged { more <= SENDERS } else { more == 0 }, "{more} that were refused are there");
    let server = ready.sandbox.serve(MONDAY);
    for ts in by_status(sent, 503) {
        assert_eq!(ready.say(&server, ts).0, 202);
    }
    assert_eq!(server.summary()["captured"]["message"], json!(sent.len()));
    assert_eq!(server.switch(&ready.connection, "C0MORE", true), 200);
    stop(server, &ready.sandbox);
    let found = stored(ready);
    assert_eq!(found.len(), sent.len());
    assert!(found.values().all(|count| *count == 1), "each is there once");
}

/// The whole story, on a server that `command` starts and whose organisation's file will fail once it has taken a few.
fn bear(ready: &Ready, command: Command, may_keep_unacknowledged: bool) {
    let acknowledged = bear_whenever(ready, command, may_keep_unacknowledged);
    assert!(acknowledged >= WELL_BEGUN, "it began well: {acknowledged}");
}

/// The same wherever the file fails, the opening included; answers how many were acknowledged before.
fn bear_whenever(ready: &Ready, command: Command, may_keep_unacknowledged: bool) -> usize {
    let server = Server::start_by(command, &ready.sandbox, &["--as-of", MONDAY]);
    let sent = send_until_it_fails(ready, &server);
    let acknowledged = by_status(&sent, 202).len();
    says_so_and_goes_on_reading(ready, &server, acknowledged);
    assert_eq!(server.sign_in().0, 303, "another file is not concerned");
    let log = stop(server, &ready.sandbox);
    says_what_to_do_and_no_content(ready, &log);
    goes_on_by_itself(ready, &sent, may_keep_unacknowledged);
    println!("{acknowledged} acknowledged and kept, {} refused and taken later", sent.len() - acknowledged);
    acknowledged
}

#[test]
fn a_file_that_may_not_grow_loses_nothing_acknowledged() {
    let ready = Ready::new();
    // Blocks of 512 or of 1,024 bytes, as the shell likes: the log meets it long before it would be written back.
    let command = shell(&ready.sandbox, "trap '' XFSZ; ulimit -f 1500;");
    bear(&ready, command, false);
}

#[test]
fn a_log_that_cannot_be_written_or_synced_loses_nothing_acknowledged() {
    // The second sync would succeed: it must not be asked, since the first has cost what it should have kept.
    let cases =
        [("pwrite64:error=ENOSPC:when=400+", false), ("pwrite64:error=EIO:when=400", false), ("fsync,fdatasync:error=EIO:when=20", true)];
    for (inject, may_keep_unacknowledged) in cases {
        let ready = Ready::new();
        let Some(command) = refusing(&ready.sandbox, &ready.org_file("-wal"), inject) else { return };
        println!("{inject}");
        bear(&ready, command, may_keep_unacknowledged);
    }
}

#[test]
fn a_file_that_cannot_be_written_back_to_loses_nothing_acknowledged() {
    let ready = Ready::new();
    // Opening the file writes back what the last run left: those writes are let through.
    let Some(command) = refusing(&ready.sandbox, &ready.org_file(""), "pwrite64:error=ENOSPC:when=60+") else { return };
    bear(&ready, command, false);
}

#[test]
fn a_file_that_cannot_be_synced_loses_nothing_acknowledged() {
    // Where the last run left a log, opening the file writes it back, and that sync is the first that fails: borne as well, and then the
    // next one is tried.
    for nth in 1..=SYNCS_OF_AN_OPENING + 1 {
        let ready = Ready::new();
        let inject = format!("fsync,fdatasync:error=EIO:when={nth}");
        let Some(command) = refusing(&ready.sandbox, &ready.org_file(""), &inject) else { return };
        println!("{inject}");
        if bear_whenever(&ready, command, false) >= WELL_BEGUN {
            return;
        }
    }
    panic!("every sync that failed was one of the opening");
}

#[test]
fn accounts_that_cannot_be_written_stop_no_delivery_and_no_reader() {
    let ready = Ready::new();
    let log = ready.sandbox.data().join("main.db-wal");
    let Some(command) = refusing(&ready.sandbox, &log, "pwrite64:error=ENOSPC:when=1+") else { return };
    let server = Server::start_by(command, &ready.sandbox, &["--as-of", MONDAY]);
    assert_eq!(server.sign_in().0, 503, "a session that is not durable is not begun");
    assert_eq!(ready.say(&server, "1794804000.000001").0, 202);
    is_not_ready(&server);
    // The session's last request would now be written down.
    server.set_clock("2026-11-16T05:02:00Z");
    assert_eq!(ready.page(&server, "/patterns"), 200);
    let said = stop(server, &ready.sandbox);
    says_what_to_do_and_no_content(&ready, &said);
    assert!(said.contains("writing main.db failed"), "{said}");
    let server = ready.sandbox.serve(MONDAY);
    assert_eq!((server.get("/readyz").0, server.sign_in().0), (200, 303));
}

#[test]
fn a_file_system_that_is_full_loses_nothing_acknowledged() {
    let own = ["--user", "--map-root-user", "--mount"];
    let may = Command::new("unshare").args(own).args(["sh", "-c", "mount -t tmpfs none /mnt"]).output();
    if !may.is_ok_and(|tried| tried.status.success()) {
        println!("skipped: no file system can be mounted in a namespace of one's own here");
        return;
    }
    let ready = Ready::new();
    let (data, seed, pid) = (ready.sandbox.data(), ready.sandbox.path("seed"), ready.sandbox.path("pid"));
    // The server's directory is a small file system of its own; what is in it when the server has ended is brought out.
    let script = "cp -a \"$0\" \"$1\" && mount -t tmpfs -o size=1500k,mode=700 none \"$0\" && cp -a \"$1/.\" \"$0/\" || exit 1
        data=$0 seed=$1 pid=$2; shift 2
        \"$@\" & echo $! >\"$pid\"; wait; rm -r \"$seed\"; cp -a \"$data\" \"$seed\"";
    let mut command = Command::new("unshare");
    command.args(own).args(["sh", "-c", script]).args([&data, &seed, &pid]).arg(BIN);
    let server = Server::start_by(command, &ready.sandbox, &["--as-of", MONDAY]);
    let sent = send_until_it_fails(&ready, &server);
    let acknowledged = by_status(&sent, 202).len();
    assert!(acknowledged >= WELL_BEGUN, "it began well: {acknowledged}");
    says_so_and_goes_on_reading(&ready, &server, acknowledged);
    assert_eq!(server.sign_in().0, 503, "no file has room");
    says_what_to_do_and_no_content(&ready, &stop(server, &ready.sandbox));
    std::fs::remove_dir_all(&data).unwrap();
    std::fs::rename(&seed, &data).unwrap();
    goes_on_by_itself(&ready, &sent, false);
    println!("{acknowledged} acknowledged and kept, {} refused and taken later", sent.len() - acknowledged);
}

#[test]
fn an_installation_that_cannot_be_made_says_so_in_one_line() {
    let sandbox = Sandbox::new();
    let arguments = ["init", "--sandbox", "--org", "Acme", "--admin-email", EMAIL, "--data"];
    let made = shell(&sandbox, "trap '' XFSZ; ulimit -f 16;")
        .args(arguments)
        .arg(sandbox.path("other"))
        .arg("--password-file")
        .arg(sandbox.path("password"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&made.stderr);
    assert_eq!(made.status.code(), Some(1), "{said}");
    let last = said.lines().last().unwrap();
    assert!(last.contains("full") && !said.contains("panicked"), "{said}");
}
