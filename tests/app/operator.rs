//! `doctor`, `verify`, `/metrics`, the manual: what an operator has.

use crate::support::senders::{Slack, message};
use crate::support::{BIN, MONDAY, Sandbox, Server};
use serde_json::{Value, json};
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::process::Command;

/// [`MONDAY`], in seconds since the Unix epoch.
const NOW: i64 = 1_794_805_200;

fn report(sandbox: &Sandbox, arguments: &[&str]) -> (Option<i32>, Value) {
    let said = sandbox.command(arguments);
    let body: Value = serde_json::from_slice(&said.stdout).unwrap_or_default();
    assert!(!body.is_null(), "{}", String::from_utf8_lossy(&said.stderr));
    (said.status.code(), body)
}

fn check<'a>(body: &'a Value, id: &str) -> &'a Value {
    body["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).expect("a check of this id")
}

fn problems(body: &Value) -> Vec<&str> {
    let checks = body["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["ok"] == json!(false)).map(|check| check["id"].as_str().unwrap()).collect()
}

#[test]
fn a_doctor_finds_nothing_wrong_with_what_init_made_beside_its_server_and_without_it() {
    let sandbox = Sandbox::new();
    let (status, body) = report(&sandbox, &["doctor", "--json"]);
    assert_eq!((status, problems(&body)), (Some(0), vec![]), "{body}");
    assert!(body["checks"].as_array().unwrap().len() >= 25);
    assert_eq!(check(&body, "server.answers")["level"], "hint");
    let server = sandbox.serve(MONDAY);
    let (status, body) = report(&sandbox, &["doctor", "--json"]);
    assert_eq!((status, problems(&body)), (Some(0), vec![]), "{body}");
    assert!(check(&body, "server.answers")["detail"].as_str().unwrap().contains(&server.url), "{body}");
    assert_eq!(check(&body, "files.pages")["level"], "good");
    let (_, quick) = report(&sandbox, &["doctor", "--json", "--quick"]);
    assert_eq!(check(&quick, "files.pages")["level"], "skipped");
}

#[test]
fn rights_that_others_have_are_found_and_taken_away_and_nothing_else_is_touched() {
    let sandbox = Sandbox::new();
    let (key, main) = (sandbox.data().join("smartretro.key"), sandbox.data().join("main.db"));
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().mode() & 0o7777;
    fs::set_permissions(&main, Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(sandbox.data(), Permissions::from_mode(0o755)).unwrap();
    let before = fs::read(&main).unwrap();
    let (status, body) = report(&sandbox, &["doctor", "--json"]);
    assert_eq!((status, problems(&body)), (Some(1), vec!["data.mode", "data.file_modes"]), "{body}");
    assert!(check(&body, "data.mode")["remedy"].as_str().unwrap().contains("chmod 0700"));
    assert_eq!((mode(&main), mode(&sandbox.data())), (0o644, 0o755), "a look changes nothing");
    let (status, body) = report(&sandbox, &["doctor", "--json", "--fix"]);
    assert_eq!((status, problems(&body)), (Some(0), vec![]), "{body}");
    assert_eq!(body["mended"].as_array().unwrap().len(), 2, "{body}");
    assert_eq!((mode(&main), mode(&sandbox.data()), mode(&key)), (0o600, 0o700, 0o400));
    assert!(before == fs::read(&main).unwrap());
}

/// What is wrong, the checks that must say so, and how it comes about.
type Spoilt = (&'static str, &'static [&'static str], fn(&Sandbox));

#[test]
fn what_is_broken_is_named_with_what_to_do() {
    let spoil: [Spoilt; 4] = [
        ("a key that is gone", &["key.file", "files.readable"], |sandbox| fs::remove_file(sandbox.data().join("smartretro.key")).unwrap()),
        ("another key", &["key.fits", "files.readable"], |sandbox| {
            fs::remove_file(sandbox.data().join("smartretro.key")).unwrap();
            fs::write(sandbox.data().join("smartretro.key"), "ab".repeat(32)).unwrap();
            fs::set_permissions(sandbox.data().join("smartretro.key"), Permissions::from_mode(0o400)).unwrap();
        }),
        ("a damaged file", &["files.pages"], |sandbox| {
            let file = fs::read_dir(sandbox.data().join("orgs"))
                .unwrap()
                .map(|file| file.unwrap().path())
                .find(|file| file.extension().is_some_and(|end| end == "db"));
            let file = file.unwrap();
            let mut bytes = fs::read(&file).unwrap();
            let last = bytes.len() - 100;
            bytes[last] ^= 1;
            fs::write(&file, bytes).unwrap();
        }),
        ("no installation", &["data.directory", "key.file", "files.readable"], |sandbox| fs::remove_dir_all(sandbox.data()).unwrap()),
    ];
    for (what, expected, spoil) in spoil {
        let sandbox = Sandbox::new();
        spoil(&sandbox);
        let (status, body) = report(&sandbox, &["doctor", "--json"]);
        let found = problems(&body);
        assert_eq!(status, Some(1), "{what}");
        for id in expected {
            assert!(found.contains(id), "{what}: {found:?}");
            assert!(!check(&body, id)["remedy"].as_str().unwrap().is_empty());
        }
    }
}

#[test]
fn every_promise_that_exists_is_verified_beside_the_server_and_nothing_of_it_stays() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = Slack::connect(&server, NOW);
    assert_eq!(server.switch(&slack.id, "C0OPEN", true), 200);
    slack.say("Ev01", "C0OPEN", "U1", "1794804001.000100", "the build is red, who can help?");
    let summary = server.summary();
    let (status, body) = report(&sandbox, &["verify", "--json"]);
    let rows = body["promises"].as_array().unwrap();
    assert_eq!((status, rows.len()), (Some(0), 14), "{body}");
    for row in rows {
        let is_built = !["P4", "P14"].contains(&row["id"].as_str().unwrap());
        assert_eq!(row["holds"], if is_built { json!(true) } else { Value::Null }, "{row}");
        assert!(row["evidence"].as_str().is_some_and(|words| words.len() > 20) && row["checked_at"].is_string(), "{row}");
    }
    assert_eq!(server.summary(), summary, "what is the customer's is as it was");
    let told = server.api("GET", "/promises", &Value::Null).1;
    let holds = |body: &Value| body["promises"].as_array().unwrap().iter().map(|row| row["holds"].clone()).collect::<Vec<_>>();
    assert_eq!(holds(&told), holds(&body));
    let (status, one) = report(&sandbox, &["verify", "--json", "--only", "p2"]);
    assert_eq!((status, one["promises"].as_array().unwrap().len()), (Some(0), 1));
    assert_eq!(sandbox.command(&["verify", "--only", "P99"]).status.code(), Some(2));
    let words = sandbox.command(&["verify"]);
    assert!(String::from_utf8_lossy(&words.stdout).contains("not yet"), "{words:?}");
}

/// A server that logs as JSON, loudly, and answers metrics; with everything delivered to it that may be nowhere.
fn loud(sandbox: &Sandbox, metrics: &str) -> Server {
    let mut command = Command::new(BIN);
    command.env("SMARTRETRO_LOG", "debug").env("SMARTRETRO_LOG_FORMAT", "json").env("SMARTRETRO_METRICS_LISTEN", metrics);
    let server = Server::start_by(command, sandbox, &["--as-of", MONDAY]);
    let slack = Slack::connect(&server, NOW);
    assert_eq!(server.switch(&slack.id, "C0CANARYOPEN", true), 200);
    slack.say("Ev01", "C0CANARYOPEN", "U0CANARY", "1794804001.000100", "canary-words <@U0CANARY|canary-name>");
    slack.send(&message("Ev02", "D0CANARY", "im", "U0CANARY", "1794804002.000100", "canary-direct"));
    slack.send(&message("Ev03", "C0CANARYELSE", "channel", "U0CANARY", "1794804003.000100", "canary-elsewhere"));
    server.post(&format!("/hooks/slack/{}", slack.id), &[], b"{\"canary\":\"forged\"}");
    server.post("/hooks/slack/canary", &[], b"canary");
    server.get("/canary?canary=canary");
    server.api("PUT", "/patterns/canary/status", &json!({ "canary": "canary" }));
    server.api("POST", "/people/opt-outs", &json!({ "connector": "slack", "handle": "U0CANARY" }));
    slack.say("Ev04", "C0CANARYOPEN", "U0CANARY", "1794804004.000100", "canary-stepped-out");
    server
}

#[test]
fn metrics_are_answered_on_their_own_listener_and_neither_they_nor_the_log_hold_anything_that_anybody_said() {
    let sandbox = Sandbox::new();
    let socket = sandbox.path("metrics.sock");
    let server = loud(&sandbox, &format!("unix:{}", socket.display()));
    assert_eq!(server.get("/metrics").0, 404, "not at the door to the world");
    let scrape = |target: &str, host: &str| {
        use std::io::{Read as _, Write as _};
        let mut stream = std::os::unix::net::UnixStream::connect(&socket).unwrap();
        write!(stream, "GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let page = scrape("/metrics", "localhost");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    for line in [
        "smartretro_deliveries_total{connector=\"slack\",outcome=\"captured\"} 1",
        "smartretro_deliveries_total{connector=\"slack\",outcome=\"direct_message\"} 1",
        "smartretro_deliveries_total{connector=\"slack\",outcome=\"not_subscribed\"} 1",
        "smartretro_deliveries_total{connector=\"slack\",outcome=\"missing_signature\"} 1",
        "smartretro_signals_total{stage=\"captured\",kind=\"message\"} 1",
        "smartretro_http_requests_total{door=\"hooks\",status=\"2xx\"} 4",
        "smartretro_deliveries_total{connector=\"slack\",outcome=\"nothing_to_keep\"} 1",
        "smartretro_databases_fenced 0",
    ] {
        assert!(page.lines().any(|found| found == line), "no “{line}” in {page}");
    }
    assert!(!page.contains("opted_out"), "a series over time would be that of one person: {page}");
    assert!(scrape("/metrics", "rebound.example").starts_with("HTTP/1.1 403"));
    assert!(scrape("/", "localhost").starts_with("HTTP/1.1 404"));
    assert_eq!(fs::metadata(&socket).unwrap().mode() & 0o007, 0);
    let log = server.log.lock().unwrap().clone();
    assert!(log.lines().filter(|line| line.starts_with('{')).count() > 3, "{log}");
    for line in log.lines().filter(|line| line.starts_with('{')) {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert!(event["timestamp"].is_string() && event["level"].is_string() && event["message"].is_string(), "{line}");
    }
    for (what, text) in [("the log", &log), ("the metrics", &page)] {
        let text = text.to_lowercase();
        for word in ["canary", "acme"] {
            assert!(!text.contains(word), "{what} holds {word}: {text}");
        }
    }
    let (_, body) = report(&sandbox, &["doctor", "--json"]);
    assert_eq!(problems(&body), Vec::<&str>::new(), "{body}");
    server.kill();
}

#[test]
fn strangers_cannot_fill_the_log() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    // The server of a test says more than one that serves: what counts is what both say.
    let refused = || server.log.lock().unwrap().lines().filter(|line| line.contains(" INFO ") && line.contains("refused")).count();
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    for _ in 0..20 {
        for path in ["/nowhere", "/api/v1/members", "/join/made-up"] {
            let answer = agent.get(&format!("{}{path}", server.url)).call().unwrap();
            assert!(matches!(answer.status().as_u16(), 401 | 404), "{path}");
        }
        agent.post(&format!("{}/sign-in", server.url)).send("email=x").unwrap();
    }
    assert_eq!(server.get("/api/v1/patterns/nothing").0, 404, "of somebody who is known");
    let start = std::time::Instant::now();
    while refused() == 0 {
        assert!(start.elapsed() < std::time::Duration::from_secs(20), "what a member is refused is worth a line");
        std::thread::yield_now();
    }
    assert_eq!(refused(), 1);
    server.kill();
}

#[test]
fn the_manual_and_the_completions_know_every_command() {
    let said = |arguments: &[&str]| {
        let said = Command::new(BIN).args(arguments).output().unwrap();
        assert!(said.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).unwrap()
    };
    let help = said(&["--help"]);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() >= 12, "{help}");
    let manual = said(&["man"]);
    for shell in ["bash", "zsh", "fish"] {
        let completions = said(&["completions", shell]);
        for command in &commands {
            assert!(completions.contains(command), "{shell}: {command}");
        }
    }
    for command in commands {
        assert!(manual.contains(&format!("smartretro\\-{command}")) || manual.contains(&format!("smartretro-{command}")), "{command}");
    }
    assert!(manual.starts_with(".ie") || manual.contains(".TH smartretro 1"), "{}", &manual[..200]);
}
