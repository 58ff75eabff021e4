//! Words planted where nothing may be read or kept, looked for in every byte at rest and every answer.

use crate::store_bytes;
use crate::support::senders::{GitHub, Slack, message};
use crate::support::{BIN, MONDAY, Sandbox};
use serde_json::json;
use std::process::{Command, Stdio};

const NOW: i64 = 1_794_805_200;

fn change(repository: &str, number: u64, login: &str, title: &str) -> serde_json::Value {
    json!({
        "action": "opened",
        "number": number,
        "pull_request": {
            "number": number, "title": title, "draft": false, "body": "canary-body-of-change",
            "diff_url": "https://github.com/canary-diff-url",
            "user": { "id": 1000 + number, "login": login, "type": "User" },
            "created_at": "2026-11-16T04:00:00Z", "updated_at": "2026-11-16T04:00:00Z",
            "head": { "ref": "topic", "sha": "0123456789012345678901234567890123456789" },
        },
        "repository": { "full_name": repository },
    })
}

#[test]
fn nothing_that_may_not_be_read_is_at_rest_or_in_an_answer() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = Slack::connect(&server, NOW);
    let github = GitHub::connect(&server);
    assert_eq!(server.switch(&slack.id, "C0OPEN", true), 200);
    assert_eq!(server.switch(&github.id, "acme/web", true), 200);
    assert_eq!(server.api("POST", "/people/opt-outs", &json!({ "connector": "slack", "handle": "U0GONE" })).0, 201);
    let at = |second: u32| format!("17948040{second:02}.000100");
    slack.say("Ev01", "C0OPEN", "U1", &at(1), "kept-control-words");
    slack.send(&message("Ev02", "D0DIRECT", "im", "U1", &at(2), "canary-direct"));
    slack.send(&message("Ev03", "G0GROUP", "mpim", "U1", &at(3), "canary-group"));
    slack.send(&message("Ev04", "C0PRIVATE", "group", "U1", &at(4), "canary-private"));
    slack.send(&message("Ev05", "C0ELSEWHERE", "channel", "U1", &at(5), "canary-elsewhere"));
    slack.say("Ev06", "C0OPEN", "U0GONE", &at(6), "canary-opted-out");
    slack.say("Ev07", "C0OPEN", "U2", &at(7), "ask <@U0GONE|canary-name> about it");
    slack.say("Ev08", "C0OPEN", "U2", &at(8), "look:\n```\nlet canary_in_code = 1;\n```\nthanks");
    slack.say("Ev09", "C0OPEN", "U2", &at(9), concat!("the token is ghp", "_canarycanarycanarycanarycanarycana01"));
    slack.say("Ev10", "C0OPEN", "U2", &at(10), "canary-before-edit");
    slack.send(&json!({
        "type": "event_callback", "event_id": "Ev11", "event": {
            "type": "message", "subtype": "message_changed", "channel": "C0OPEN", "channel_type": "channel", "ts": at(20),
            "message": { "type": "message", "user": "U2", "text": "after-edit-words", "ts": at(10), "edited": { "user": "U2", "ts": at(20) } },
            "previous_message": { "type": "message", "user": "U2", "text": "canary-before-edit", "ts": at(10) },
        },
    }));
    slack.say("Ev12", "C0OPEN", "U2", &at(12), "canary-before-deletion");
    slack.send(&json!({
        "type": "event_callback", "event_id": "Ev13", "event": {
            "type": "message", "subtype": "message_deleted", "channel": "C0OPEN", "channel_type": "channel", "ts": at(22), "deleted_ts": at(12),
            "previous_message": { "type": "message", "user": "U2", "text": "canary-before-deletion", "ts": at(12) },
        },
    }));
    github.send("pull_request", &change("acme/web", 1, "ana", "Make the cart faster"));
    github.send("pull_request", &change("acme/canary-other-repository", 2, "ana", "canary-title-elsewhere"));
    github.send(
        "push",
        &json!({ "repository": { "full_name": "acme/web" }, "commits": [{ "message": "canary-commit", "added": ["canary-path"] }] }),
    );
    github.send(
        "pull_request_review_comment",
        &json!({ "action": "created", "repository": { "full_name": "acme/web" }, "comment": { "diff_hunk": "@@ canary-hunk" } }),
    );
    slack.say("Ev16", "C0OPEN", "U2", &at(16), "ask in <#C0canary|canary-private-channel> or <!subteam^S0canary|@canary-group>");
    slack.say("Ev17", "C0OPEN", "U2", &at(17), "see <https://acme.slack.com/archives/D0canary/p1> or https://acme.slack.com/team/U0canary");
    slack.say("Ev18", "C0OPEN", "U2", &at(18), "since <!date^1794804000^{date} by canary|canary left>");
    assert_eq!(server.summary()["captured"], json!({ "change": 1, "message": 11 }), "{}", server.summary());
    // Leaving everything: a second opt-out of someone whose message was kept.
    slack.say("Ev14", "C0OPEN", "U0LATER", &at(14), "canary-left-later");
    slack.say("Ev15", "C0OPEN", "U3", &at(15), "thanks <@U0LATER>, that helped");
    assert_eq!(server.api("POST", "/people/opt-outs", &json!({ "connector": "slack", "handle": "U0LATER" })).0, 201);
    let answers = ["/connections", "/patterns", "/signals/summary", "/people/opt-outs"]
        .map(|path| server.api("GET", path, &json!(null)).1.to_string());
    let log = server.log.lock().unwrap().clone();
    server.kill();
    let mut bytes = store_bytes::everything(&sandbox.data());
    assert!(holds(&bytes, "kept-control-words") && holds(&bytes, "after-edit-words"), "the search sees what is kept");
    for plain in walk(&sandbox.data()) {
        bytes.extend(std::fs::read(plain).unwrap());
    }
    bytes.extend(log.bytes());
    bytes.extend(answers.concat().bytes());
    let search = aho_corasick::AhoCorasick::new(["canary"]).unwrap();
    let hits = search.find_iter(&bytes).map(|hit| {
        let shown = bytes[hit.start().saturating_sub(20)..(hit.end() + 30).min(bytes.len())].to_vec();
        String::from_utf8_lossy(&shown).into_owned()
    });
    let hits: Vec<String> = hits.collect();
    assert!(hits.is_empty(), "{hits:?}");
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    aho_corasick::AhoCorasick::new([needle]).unwrap().is_match(bytes)
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else if path.is_file() {
            found.push(path);
        }
    }
    found
}

#[test]
fn the_demo_shows_its_patterns_and_none_of_its_canaries_and_its_twin_shows_none() {
    let demo = || Command::new(BIN).args(["demo", "--once", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (told, again) = (demo(), demo());
    let (told, again) = (told.wait_with_output().unwrap(), again.wait_with_output().unwrap());
    assert!(told.stdout == again.stdout, "two runs print the same bytes, ids included");
    let body: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    let patterns = body["patterns"].as_array().unwrap();
    assert!(patterns.len() >= 5, "{}", patterns.len());
    for pattern in patterns {
        assert!(pattern["evidence"].as_array().unwrap().len() >= 3, "{pattern}");
    }
    let detectors: std::collections::BTreeSet<&str> = patterns.iter().map(|pattern| pattern["detector"].as_str().unwrap()).collect();
    assert_eq!(detectors.len(), smartretro::detection::DETECTORS.len(), "each has something to say: {detectors:?}");
    for (name, needle) in smartretro::cli::demo::canary::CANARIES {
        assert!(!holds(&told.stdout, needle) && !holds(&told.stderr, needle), "{name}");
    }
    let twin = Command::new(BIN).args(["demo", "--once", "--json", "--twin"]).output().unwrap();
    let body: serde_json::Value = serde_json::from_slice(&twin.stdout).unwrap();
    assert_eq!(body["patterns"], json!([]));
}
