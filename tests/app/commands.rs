//! What an operator reads when something that was typed is wrong: one line, what to do, the right status, nothing left behind.

use crate::support::senders::GitHub;
use crate::support::{BIN, EMAIL, MONDAY, PASSWORD, Sandbox};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const WRONG_USAGE: i32 = 2;
const WRONG_CONFIGURATION: i32 = 3;

/// A folder in which commands are typed, with a password in it.
struct Folder(tempfile::TempDir);

/// What a command answered.
struct Said {
    status: i32,
    out: String,
    err: String,
}

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("password", PASSWORD);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(self.0.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn say(&self, arguments: &[&str]) -> Said {
        self.say_with(arguments, "")
    }

    /// Types a command, with `input` on its standard input.
    fn say_with(&self, arguments: &[&str], input: &str) -> Said {
        let mut child = Command::new(BIN)
            .args(arguments)
            .current_dir(self.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let answer = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said { status: answer.status.code().unwrap(), out: text(answer.stdout), err: text(answer.stderr) }
    }

    fn init(&self, more: &[&str]) -> Said {
        self.say(&[&["init", "--org", "Acme", "--admin-email", EMAIL, "--password-file", "password"], more].concat())
    }
}

impl Said {
    /// Refused with this status, in one line that holds all of `words`.
    #[track_caller]
    fn is_refused(&self, status: i32, words: &[&str]) {
        assert_eq!((self.status, self.err.lines().count()), (status, 1), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "no “{word}” in: {}", self.err);
        }
    }
}

#[test]
fn what_init_says_to_do_next_works_as_it_is_written() {
    let folder = Folder::new();
    let made = folder.init(&["--data", "the data", "--key-file", "the owner's key"]);
    assert_eq!(made.status, 0, "{}", made.err);
    let next = made.err.lines().find_map(|line| line.strip_prefix("Next: smartretro ")).expect("the next step");
    let mut server = Command::new("sh")
        .args(["-c", &format!("exec \"$0\" {next} --listen 127.0.0.1:0"), BIN])
        .current_dir(folder.0.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    for line in BufReader::new(server.stderr.take().unwrap()).lines().map_while(Result::ok) {
        said.push_str(&line);
        said.push('\n');
        if line.starts_with("listening on ") {
            break;
        }
    }
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(said.contains("listening on https://"), "{next}: {said}");
}

#[test]
fn a_key_file_that_is_not_there_is_wrong_configuration_and_says_which_to_name() {
    let folder = Folder::new();
    assert_eq!(folder.init(&["--data", "d", "--key-file", "k"]).status, 0);
    let remedy = ["key file", "--key-file", "SMARTRETRO_KEY_FILE", "init"];
    folder.say(&["serve", "--data", "d", "--key-file", "elsewhere"]).is_refused(WRONG_CONFIGURATION, &remedy);
}

#[test]
fn an_init_that_fails_leaves_nothing_behind() {
    let folder = Folder::new();
    let wrong = ["--data", "d", "--key-file", "k", "--token-file", "nowhere/token"];
    folder.init(&wrong).is_refused(WRONG_USAGE, &["nowhere/token", "--token-file"]);
    assert_eq!(folder.names(), ["password"]);
    fs::create_dir(folder.path("d")).unwrap();
    folder.init(&wrong).is_refused(WRONG_USAGE, &["nowhere/token"]);
    assert_eq!(folder.names(), ["d", "password"], "a directory that was there stays");
    folder.write("d/mine", "words");
    folder.init(&["--data", "d", "--key-file", "k", "--token-file", "t"]).is_refused(WRONG_CONFIGURATION, &["is not empty"]);
    assert_eq!(folder.names(), ["d", "password"], "neither a token nor a key for what was not made");
    assert_eq!(fs::read_to_string(folder.path("d/mine")).unwrap(), "words");
    fs::remove_file(folder.path("d/mine")).unwrap();
    let made = folder.init(&["--data", "d", "--key-file", "k", "--token-file", "t"]);
    assert_eq!(made.status, 0, "{}", made.err);
    assert_eq!(fs::metadata(folder.path("t")).unwrap().permissions().mode() & 0o7777, 0o600);
    assert!(fs::read_to_string(folder.path("t")).unwrap().trim().len() > 40);
}

#[test]
fn a_sandbox_whose_key_cannot_be_kept_leaves_nothing_behind() {
    let folder = Folder::new();
    let said = folder.init(&["--sandbox", "--data", "d", "--key-file", "d/main.db", "--token-file", "t"]);
    assert_ne!(said.status, 0);
    assert_eq!(folder.names(), ["password"], "{}", said.err);
}

#[test]
fn a_file_that_is_not_there_is_wrong_usage_whatever_the_command() {
    let folder = Folder::new();
    let id = "0".repeat(48);
    for arguments in [
        &["init", "--org", "Acme", "--admin-email", EMAIL, "--data", "d", "--key-file", "k", "--password-file", "none"][..],
        &["score", "none"],
        &["redact", "none"],
        &["backtest", "--events", "none"],
        &["replay", "--connection", &id, "--data", "d", "none"],
    ] {
        folder.say(arguments).is_refused(WRONG_USAGE, &["none", "check the name"]);
    }
    for arguments in [&["score", "."][..], &["redact", "."], &["backtest", "--events", "."]] {
        folder.say(arguments).is_refused(WRONG_USAGE, &[".", "check the name"]);
    }
}

const HEADER: &str = "at,kind,source,id,transition\n";
const ROW: &str = "2026-03-09T09:00:00Z,change,acme/web,1,opened\n";

#[test]
fn backtest_reads_standard_input_and_tells_its_first_problem_in_one_line() {
    let folder = Folder::new();
    let history = format!("{HEADER}{ROW}");
    let fine = folder.say_with(&["backtest", "--json", "--events", "-"], &history);
    assert_eq!((fine.status, fine.out.contains("\"patterns\"")), (0, true), "{}", fine.err);
    let wrong = format!("{HEADER}{ROW}x,change,acme/web,1,opened\ny,change,acme/web,1,opened\n");
    let said = folder.say_with(&["backtest", "--events", "-"], &wrong);
    said.is_refused(1, &["standard input, line 3: column `at`", "1 more", "--json"]);
    assert_eq!(said.out, "");
    let said = folder.say_with(&["backtest", "--json", "--events", "-"], &wrong);
    said.is_refused(1, &["standard input, line 3: column `at`"]);
    let listed: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((&listed["problems_total"], &listed["problems"][1]["line"]), (&json!(2), &json!(4)), "{listed}");
    assert_eq!((&listed["problems"][0]["file"], &listed["problems"][0]["column"]), (&json!("standard input"), &json!("at")), "{listed}");
}

#[test]
fn a_time_outside_of_the_history_is_refused() {
    let folder = Folder::new();
    folder.write("h.csv", &format!("{HEADER}{ROW}"));
    folder.say(&["backtest", "--events", "h.csv", "--from", "2030-01-01"]).is_refused(WRONG_USAGE, &["--from", "2026-03-10"]);
    folder.say(&["backtest", "--events", "h.csv", "--to", "2020-01-01"]).is_refused(WRONG_USAGE, &["--to", "2026-03-09"]);
}

/// A delivery that would lie in the future of the machine's own clock.
fn later() -> Value {
    json!({ "headers": { "X-GitHub-Event": "pull_request" }, "body": {
        "action": "opened", "number": 1,
        "pull_request": {
            "number": 1, "title": "Faster", "draft": false, "user": { "id": 1001, "login": "ana", "type": "User" },
            "created_at": "2095-01-03T09:00:00Z", "updated_at": "2095-01-03T09:00:00Z",
            "head": { "ref": "topic", "sha": "0123456789012345678901234567890123456789" },
        },
        "repository": { "full_name": "acme/web" },
    } })
}

#[test]
fn replay_into_a_sandbox_that_is_not_served_takes_its_own_time() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let id = GitHub::connect(&server).id;
    assert_eq!(server.switch(&id, "acme/web", true), 200);
    fs::write(sandbox.path("later.jsonl"), later().to_string()).unwrap();
    let file = sandbox.path("later.jsonl");
    let replay = |more: &[&str]| {
        let answer = sandbox.command(&[&["replay", "--connection", &id, file.to_str().unwrap()], more].concat());
        (answer.status.code().unwrap(), String::from_utf8(answer.stdout).unwrap() + &String::from_utf8(answer.stderr).unwrap())
    };
    let (status, words) = replay(&["--as-of", "2095-01-03T10:00:00Z"]);
    assert!(status == 1 && words.contains("leave --as-of out"), "a running server has a clock of its own: {words}");
    server.kill();
    assert!(replay(&[]).1.contains("refused (absurd_time)"), "the machine's clock");
    let (status, words) = replay(&["--as-of", "2095-01-03T10:00:00Z"]);
    assert!(status == 0 && words.contains("captured (change)"), "{words}");
}

#[test]
fn replay_takes_its_own_time_in_a_sandbox_only() {
    let folder = Folder::new();
    assert_eq!(folder.init(&["--data", "d", "--key-file", "k"]).status, 0);
    folder.write("later.jsonl", &later().to_string());
    let connection = "0".repeat(48);
    let arguments =
        ["replay", "--data", "d", "--key-file", "k", "--connection", &connection, "--as-of", "2095-01-03T10:00:00Z", "later.jsonl"];
    folder.say(&arguments).is_refused(WRONG_USAGE, &["--as-of", "sandbox"]);
}

#[test]
fn what_cannot_be_used_is_said_with_what_can() {
    let folder = Folder::new();
    fs::create_dir(folder.path("empty")).unwrap();
    for data in ["nowhere/d", "password"] {
        folder.init(&["--data", data, "--key-file", "k"]).is_refused(WRONG_CONFIGURATION, &[data, "could not be made", "--data"]);
    }
    assert_eq!(folder.names(), ["empty", "password"]);
    folder.say(&["serve", "--data", "password"]).is_refused(WRONG_CONFIGURATION, &["no installation", "init"]);
    folder.say(&["serve", "--config", "none"]).is_refused(WRONG_CONFIGURATION, &["none", "--config"]);
    let connection = "0".repeat(48);
    folder.say(&["replay", "--data", "d", "--connection", &connection, "empty"]).is_refused(WRONG_USAGE, &[".json"]);
    let said = folder.say(&["serve", "--data", "d", "--as-of", "soon"]);
    assert!(said.status == WRONG_USAGE && said.err.contains("such as 2026-03-02T09:00:00Z"), "{}", said.err);
}

#[test]
fn the_demo_says_at_once_that_its_port_is_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let said = Folder::new().say(&["demo", "--listen", &taken.local_addr().unwrap().to_string()]);
    said.is_refused(1, &["--listen"]);
    assert!(!said.err.contains("26 weeks"), "nothing was fed before: {}", said.err);
}

#[test]
fn what_a_file_holds_is_never_repeated_in_an_error() {
    let folder = Folder::new();
    let id = "0".repeat(48);
    for (arguments, content, place) in [
        (&["replay", "--connection", &id, "--data", "d", "in.jsonl"][..], "{\"headers\":\"canary words\",\"body\":{}}", "in.jsonl:1"),
        (&["replay", "--connection", &id, "--data", "d", "in.jsonl"], "{\"headers\":{},\"body\":canary}", "in.jsonl:1"),
        (&["score", "in.jsonl"], "{\"id\":\"canary\",\"messages\":\"canary\"}", "in.jsonl, line 1"),
        (&["redact", "in.jsonl"], "{\"id\":1,\"text\":{\"canary\":1}}", "in.jsonl, line 1"),
        (&["redact", "in.jsonl"], "canary", "in.jsonl, line 1"),
        (&["backtest", "--events", "in.csv"], "canary,change,acme/web,1,opened", "in.csv, line 2: column `at`"),
        (&["backtest", "--events", "in.csv"], "2026-03-09T09:00:00Z,canary,acme/web,1,opened", "in.csv, line 2: column `kind`"),
        (&["backtest", "--events", "in.csv"], "2026-03-09T09:00:00Z,change,canary words,1,opened", "in.csv, line 2: column `source`"),
        (&["backtest", "--events", "in.csv"], "2026-03-09T09:00:00Z,change,acme/web,1,canary", "in.csv, line 2: column `transition`"),
    ] {
        folder.write("in.jsonl", content);
        folder.write("in.csv", &format!("{HEADER}{content}\n"));
        let said = folder.say(arguments);
        assert!(said.status != 0 && said.err.contains(place), "{arguments:?}: {}", said.err);
        assert!(!said.err.contains("canary") && !said.out.contains("canary"), "{arguments:?}: {} {}", said.err, said.out);
    }
}
