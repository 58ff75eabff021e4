//! The recorded payloads of others, through `replay` and the whole path.

use crate::store_bytes;
use crate::support::{MONDAY, Sandbox, Server, corpus};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const TABLE: &str = include_str!("../fixtures/corpus_outcomes.tsv");
const CONNECTORS: [(&str, &str, usize); 7] = [
    ("github", "webhooks/github-octokit", 273),
    ("slack", SLACK, 96),
    ("gitea", "webhooks/go-playground/gitea", 17),
    ("bitbucket", "webhooks/go-playground/bitbucket/", 18),
    ("bitbucket", "webhooks/go-playground/bitbucket-server/", 18),
    ("cdevents", "deploy/cdevents", 49),
    ("gitlab", "webhooks/go-playground/gitlab/", 39),
];
const SLACK: &str = "slack/payloads-from-java-tests";

struct Row {
    path: &'static str,
    outcome: &'static str,
    kind: &'static str,
    reason: &'static str,
}

fn rows(folder: &str) -> Vec<Row> {
    let rows = TABLE.lines().skip(1).map(|line| {
        let mut fields = line.split('\t');
        let mut next = || fields.next().expect("a row has four fields");
        Row { path: next(), outcome: next(), kind: next(), reason: next() }
    });
    rows.filter(|row| row.path.starts_with(folder)).collect()
}

fn replay(sandbox: &Sandbox, connection: &str, path: &Path) -> Vec<Value> {
    let out = sandbox.command(&["replay", "--json", "--connection", connection, path.to_str().unwrap()]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let body: Value = serde_json::from_slice(&out.stdout).unwrap();
    body["deliveries"].as_array().unwrap().clone()
}

/// Every place that any payload names: repositories, channels that may be switched on, services and pipelines.
fn places(folder: &Path) -> BTreeSet<String> {
    fn collect(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                // Bitbucket Data Center names a repository in two fields.
                if let (Some(slug), Some(key)) = (value["slug"].as_str(), value["project"]["key"].as_str()) {
                    into.insert(format!("{key}/{slug}"));
                }
                for (name, member) in members {
                    match (name.as_str(), member) {
                        ("full_name" | "path_with_namespace", Value::String(id)) if id.contains('/') => drop(into.insert(id.clone())),
                        ("channel" | "pipelineName" | "taskName", Value::String(id)) if !id.is_empty() => drop(into.insert(id.clone())),
                        ("subject" | "service" | "repository", Value::Object(thing)) => {
                            into.extend(thing.get("id").and_then(Value::as_str).map(str::to_owned));
                            collect(member, into);
                        }
                        _ => collect(member, into),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    for file in files(folder) {
        if let Ok(value) = serde_json::from_slice(&std::fs::read(file).unwrap()) {
            collect(&value, &mut found);
        }
    }
    found
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|end| end == "json") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn connected(server: &Server, connector: &str) -> String {
    let address = match connector {
        "slack" => Some("https://acme.slack.com"),
        "gitea" => Some("https://git.acme.example"),
        _ => None,
    };
    server.connect(connector, address).0
}

#[test]
fn with_every_source_off_nothing_is_captured() {
    let Some(corpus) = corpus() else { return };
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    for (connector, folder, count) in CONNECTORS {
        let connection = connected(&server, connector);
        let lines = replay(&sandbox, &connection, &corpus.join(folder));
        assert_eq!(lines.len(), count);
        assert!(lines.iter().all(|line| line["outcome"] == "refused" && line["reason"].is_string()), "{connector}");
    }
    assert_eq!(server.summary()["captured"], json!({}));
}

#[test]
fn with_every_source_on_each_payload_ends_as_the_reviewed_table_says() {
    let Some(corpus) = corpus() else { return };
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    for (connector, folder, count) in CONNECTORS {
        let connection = connected(&server, connector);
        for place in places(&corpus.join(folder)) {
            let status = server.switch(&connection, &place, true);
            assert!(status == 200 || status == 422, "{place}: {status}");
            assert!(!place.starts_with('D') || status == 422, "a direct message can be switched on: {place}");
        }
        let lines = replay(&sandbox, &connection, &corpus.join(folder));
        let got: BTreeMap<String, (String, String, String)> = lines
            .iter()
            .map(|line| {
                let source = Path::new(line["source"].as_str().unwrap()).strip_prefix(&corpus).unwrap().to_str().unwrap().to_owned();
                let word = |name: &str| line[name].as_str().unwrap_or("-").to_owned();
                (source, (word("outcome"), word("kind"), word("reason")))
            })
            .collect();
        let rows = rows(folder);
        assert_eq!((rows.len(), got.len()), (count, count));
        let mut wrong = Vec::new();
        for row in rows {
            let (outcome, kind, reason) = &got[row.path];
            let is_same = match row.outcome {
                "captured" => outcome == "captured" && kind == row.kind,
                "refused" => outcome == "refused" && reason == row.reason,
                expected => outcome == expected,
            };
            if !is_same {
                wrong.push(format!("{}: {outcome} {kind} {reason}, not {} {} {}", row.path, row.outcome, row.kind, row.reason));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// Every message event, as it is and as a bare event in an envelope of ours, by its channel and type.
#[test]
fn direct_and_group_messages_are_refused_with_their_type_and_without() {
    let Some(corpus) = corpus() else { return };
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let mut tried = 0;
    for file in files(&corpus.join(SLACK)) {
        let Ok(payload) = serde_json::from_slice::<Value>(&std::fs::read(&file).unwrap()) else { continue };
        let event = if payload["event"].is_object() { payload["event"].clone() } else { payload };
        let is_closed = ["im", "mpim", "group", "app_home"].iter().any(|kind| event["channel_type"] == *kind);
        if event["type"] != "message" || !is_closed {
            continue;
        }
        for without_type in [false, true] {
            let mut event = event.clone();
            if without_type {
                event.as_object_mut().unwrap().remove("channel_type");
            }
            // A connection of its own: nothing is known of any place.
            let connection = connected(&server, "slack");
            let _ = server.switch(&connection, event["channel"].as_str().unwrap(), true);
            let recorded = sandbox.path("one.json");
            std::fs::write(&recorded, json!({ "type": "event_callback", "event_id": "Ev1", "event": event }).to_string()).unwrap();
            let line = &replay(&sandbox, &connection, &recorded)[0];
            assert_eq!(line["outcome"], "refused", "{} without type: {without_type}", file.display());
            tried += 1;
        }
        for claimed in ["channel", "group", "mpim", "im", "public", ""] {
            let mut event = event.clone();
            event["channel"] = json!("D0CANARY1");
            event["channel_type"] = json!(claimed);
            let connection = connected(&server, "slack");
            let recorded = sandbox.path("one.json");
            std::fs::write(&recorded, json!({ "type": "event_callback", "event_id": "Ev2", "event": event }).to_string()).unwrap();
            assert_eq!(replay(&sandbox, &connection, &recorded)[0]["outcome"], "refused", "D… as “{claimed}”");
        }
    }
    assert_eq!(tried, 26, "13 messages of closed conversations, each twice");
    assert_eq!(server.summary()["captured"], json!({}));
}

#[derive(serde::Deserialize)]
struct CodeCase {
    case: String,
    text: String,
}

/// A marked piece of a case, and whether it is long enough to be looked for by itself.
fn marked(text: &str, case: &str) -> Vec<(usize, String)> {
    let marks = [include_str!("../fixtures/code_marks_a.tsv"), include_str!("../fixtures/code_marks_b.tsv")];
    let lines: Vec<&str> = text.split('\n').collect();
    let mut pieces = Vec::new();
    for row in marks.iter().flat_map(|marks| marks.lines().skip(1)) {
        let fields: Vec<&str> = row.split('\t').collect();
        if fields[0] != case || fields[4] == "none" {
            continue;
        }
        let number = |index: usize| fields[index].parse::<usize>().unwrap();
        let (line, from, to) = (number(1), number(2), number(3));
        pieces.push((line, lines[line - 1].chars().skip(from).take(to - from).collect()));
    }
    pieces
}

#[test]
fn no_marked_line_of_code_or_log_is_at_rest_anywhere() {
    let Some(corpus) = corpus() else { return };
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = crate::support::senders::Slack::connect(&server, 1_763_270_400 + 365 * 86_400);
    assert_eq!(server.switch(&slack.id, "C0CODE", true), 200);
    server.set_clock("2026-11-16T05:20:00Z");
    let now = "2026-11-16T05:20:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
    let slack = crate::support::senders::Slack { now, ..slack };
    let cases = std::fs::read_to_string(corpus.join("code/code_cases_dev.jsonl")).unwrap();
    let mut pieces = Vec::new();
    for (index, line) in cases.lines().enumerate() {
        let case: CodeCase = serde_json::from_str(line).unwrap();
        let ts = format!("{}.{index:06}", now - 600);
        // Slack sends these three characters escaped (its reference, 'Formatting text').
        let escaped = case.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        assert_eq!(slack.say(&format!("EvC{index}"), "C0CODE", "U1", &ts, &format!("{escaped}\n\nkept-control-{index}-words")), 202);
        pieces.extend(marked(&case.text, &case.case).into_iter().map(|(line, piece)| (case.case.clone(), line, piece)));
    }
    assert_eq!(server.summary()["captured"]["message"], 83);
    let log = server.log.lock().unwrap().clone();
    server.kill();
    let bytes = store_bytes::everything(&sandbox.data());
    let holds = |needle: &str| memchr_find(&bytes, needle.as_bytes()) || log.contains(needle);
    // The control: what is meant to be kept is found, so the search sees the text that is stored.
    let kept = (0..83).filter(|index| holds(&format!("kept-control-{index}-words"))).count();
    assert!(kept >= 60, "the search finds only {kept} of 83 control lines");
    let hits: Vec<String> = pieces
        .iter()
        .filter(|(_, _, piece)| piece.trim().chars().count() >= 12 && holds(piece.trim()))
        .map(|(case, line, _)| format!("{case}:{line}"))
        .collect();
    assert!(hits.is_empty(), "{} marked lines are at rest: {}", hits.len(), hits.join(" "));
}

fn memchr_find(haystack: &[u8], needle: &[u8]) -> bool {
    aho_corasick::AhoCorasick::new([needle]).unwrap().is_match(haystack)
}
