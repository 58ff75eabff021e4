//! Deliveries at the door: what is genuine, what is not, and what is no delivery at all.

use crate::support::senders::{GitHub, Slack, github_headers, message, slack_headers};
use crate::support::{MONDAY, Sandbox, Server};
use serde_json::{Value, json};

/// [`MONDAY`], in seconds since the Unix epoch.
const NOW: i64 = 1_794_805_200;

fn slack(server: &Server) -> Slack<'_> {
    let slack = Slack::connect(server, NOW);
    assert_eq!(server.switch(&slack.id, "C0OPEN", true), 200);
    slack
}

fn refused(server: &Server, reason: &str) -> u64 {
    server.summary()["refused"][reason].as_u64().unwrap_or(0)
}

fn captured(server: &Server) -> Value {
    server.summary()["captured"].clone()
}

#[test]
fn a_message_is_captured_once_however_often_it_is_delivered() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = slack(&server);
    for _ in 0..3 {
        assert_eq!(slack.say("Ev1", "C0OPEN", "U1", "1794804000.000100", "is the deploy done?"), 202);
    }
    assert_eq!(slack.say("Ev2", "C0OPEN", "U1", "1794804000.000100", "is the deploy done?"), 202, "the same message under another id");
    assert_eq!(captured(&server), json!({ "message": 1 }));
    assert_eq!(refused(&server, "duplicate"), 3);
}

#[test]
fn a_forged_or_stale_delivery_is_turned_away_and_counted() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = slack(&server);
    let path = format!("/hooks/slack/{}", slack.id);
    let body = message("Ev1", "C0OPEN", "channel", "U1", "1794804000.000100", "hello").to_string();
    let body = body.as_bytes();
    assert_eq!(server.post(&path, &slack_headers("another secret altogether", NOW, body), body).0, 401);
    assert_eq!(server.post(&path, &slack_headers(&slack.secret, NOW - 3_600, body), body).0, 401, "an hour old");
    assert_eq!(server.post(&path, &slack_headers(&slack.secret, NOW + 3_600, body), body).0, 401, "from the future");
    assert_eq!(server.post(&path, &[], body).0, 401, "unsigned");
    let github = GitHub::connect(&server);
    let path = format!("/hooks/github/{}", github.id);
    assert_eq!(server.post(&path, &github_headers("wrong", "pull_request", body), body).0, 401);
    assert_eq!((refused(&server, "bad_signature"), refused(&server, "stale_timestamp"), refused(&server, "missing_signature")), (2, 2, 1));
    assert_eq!(captured(&server), json!({}));
}

#[test]
fn an_unknown_connection_is_not_there_whoever_asks() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = slack(&server);
    let unknown = format!("{}{}", &slack.id[..32], "0000000000000000");
    let elsewhere = format!("{}{}", "0".repeat(32), &slack.id[32..]);
    for path in [
        "/hooks/slack/nonsense".to_owned(),
        format!("/hooks/slack/{unknown}"),
        format!("/hooks/slack/{elsewhere}"),
        format!("/hooks/github/{}", slack.id),
        format!("/hooks/gitmail/{}", slack.id),
    ] {
        let body = b"{}";
        assert_eq!(server.post(&path, &slack_headers(&slack.secret, NOW, body), body).0, 404, "{path}");
    }
}

#[test]
fn what_is_no_delivery_gets_a_clear_status_and_leaves_nothing() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = slack(&server);
    let path = format!("/hooks/slack/{}", slack.id);
    let whole = message("Ev1", "C0OPEN", "channel", "U1", "1794804000.000100", "hello").to_string();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let signed = |body: &[u8]| server.post(&path, &slack_headers(&slack.secret, NOW, body), body).0;
    for (body, expected, what) in [
        (whole.as_bytes()[..whole.len() / 2].to_vec(), 400, "truncated"),
        (deep.into_bytes(), 400, "deeply nested"),
        (b"\xFF\xFE{}".to_vec(), 400, "not UTF-8"),
        (Vec::new(), 400, "empty"),
        (b"null".to_vec(), 400, "null"),
        (br#"{"type":"event_callback","event_id":"Ev9","event":{"type":"message"}}"#.to_vec(), 400, "no channel, no time"),
        (br#"{"type":"block_actions"}"#.to_vec(), 202, "an interaction"),
        (br#"{"type":"event_callback","event_id":"Ev9","event":{"type":"user_huddle_changed"}}"#.to_vec(), 202, "an unknown kind"),
    ] {
        assert_eq!(signed(&body), expected, "{what}");
    }
    for (ts, what) in [("9999999999.000100", "in the year 2286"), ("12.000100", "in 1970"), ("1794806000.000100", "13 minutes from now")] {
        assert_eq!(signed(message("Ev3", "C0OPEN", "channel", "U1", ts, "hello").to_string().as_bytes()), 202, "{what}");
    }
    assert_eq!(refused(&server, "absurd_time"), 3);
    let huge = vec![b' '; 10 * 1024 * 1024];
    assert_eq!(signed(&huge), 413, "ten megabytes");
    let mut form = slack_headers(&slack.secret, NOW, whole.as_bytes());
    form.push(("content-type".into(), "application/x-www-form-urlencoded".into()));
    let answer = ureq::Agent::config_builder().http_status_as_error(false).build();
    let mut request = ureq::Agent::from(answer).post(format!("{}{path}", server.url));
    for (name, value) in &form {
        request = request.header(name, value);
    }
    assert_eq!(request.send(whole.as_bytes()).unwrap().status().as_u16(), 415, "the wrong content type");
    assert_eq!(captured(&server), json!({}));
    assert_eq!(server.get("/readyz").0, 200);
}

#[test]
fn the_handshake_of_slack_is_answered() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = slack(&server);
    let body = json!({ "token": "x", "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P", "type": "url_verification" })
        .to_string();
    let (status, answer) =
        server.post(&format!("/hooks/slack/{}", slack.id), &slack_headers(&slack.secret, NOW, body.as_bytes()), body.as_bytes());
    assert_eq!(status, 200);
    assert!(answer.contains("3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"));
}

#[test]
fn a_repository_is_heard_however_its_name_is_written() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let github = GitHub::connect(&server);
    let path = format!("/connections/{}/sources/Acme%2FWeb", github.id);
    let (status, source) = server.api("PUT", &path, &json!({ "subscribed": true }));
    assert_eq!((status, &source["external_id"], &source["name"]), (200, &json!("acme/web"), &json!("Acme/Web")));
    let payload = |number: u64, name: &str| {
        let at = "2026-11-16T04:00:00Z";
        let change = json!({ "number": number, "title": "t", "draft": false, "created_at": at, "updated_at": at,
            "user": { "id": 7, "login": "ana", "type": "User" }, "head": { "ref": "topic", "sha": "a".repeat(40) } });
        json!({ "action": "opened", "number": number, "pull_request": change, "repository": { "full_name": name } })
    };
    assert_eq!(github.send("pull_request", &payload(1, "acme/web")), 202);
    assert_eq!(github.send("pull_request", &payload(2, "ACME/Web")), 202);
    assert_eq!(captured(&server), json!({ "change": 2 }));
    assert_eq!(server.switch(&github.id, "acme/web", false), 200);
    assert_eq!(github.send("pull_request", &payload(3, "Acme/Web")), 202);
    assert_eq!(refused(&server, "not_subscribed"), 1);
}

#[test]
fn a_source_that_is_switched_off_is_silent_at_once() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = slack(&server);
    assert_eq!(slack.say("Ev1", "C0OPEN", "U1", "1794804000.000100", "one"), 202);
    assert_eq!(server.switch(&slack.id, "C0OPEN", false), 200);
    assert_eq!(slack.say("Ev2", "C0OPEN", "U1", "1794804001.000100", "two"), 202);
    assert_eq!(captured(&server), json!({ "message": 1 }));
    assert_eq!(refused(&server, "not_subscribed"), 1);
}

#[test]
fn what_was_once_said_of_a_place_holds_when_it_is_switched_on_later_and_its_id_is_not_kept() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = slack(&server);
    for (channel, kind) in [("C0ONCEGROUP", "mpim"), ("C0ONCEPRIVATE", "group"), ("C0ONCEDIRECT", "im"), ("C0NEVERSWITCHED", "group")] {
        assert_eq!(slack.send(&message(&format!("Ev{channel}"), channel, kind, "U1", "1794804000.000100", "hello")), 202);
    }
    for channel in ["C0NEVERSWITCHED", "C0ONCEGROUP"] {
        assert!(!server.summary().to_string().contains(channel));
    }
    let (id, secret) = (slack.id, slack.secret);
    server.kill();
    let bytes = crate::store_bytes::everything(&sandbox.data());
    let holds = |id: &str| bytes.windows(id.len()).any(|window| window == id.as_bytes());
    assert!(holds("C0OPEN"), "the search sees the places that were switched on");
    for channel in ["C0ONCEGROUP", "C0ONCEPRIVATE", "C0ONCEDIRECT", "C0NEVERSWITCHED"] {
        assert!(!holds(channel), "{channel} was never switched on");
    }
    let server = sandbox.serve(MONDAY);
    let slack = Slack { server: &server, id, secret, now: NOW };
    for (channel, reason) in [("C0ONCEGROUP", "group_message"), ("C0ONCEPRIVATE", "private_channel"), ("C0ONCEDIRECT", "direct_message")] {
        let before = refused(&server, reason);
        assert_eq!(server.switch(&slack.id, channel, true), 200);
        assert_eq!(slack.say(&format!("EvB{channel}"), channel, "U1", "1794804001.000100", "hello again"), 202);
        assert_eq!(refused(&server, reason), before + 1, "{channel}");
    }
    assert_eq!(captured(&server), json!({}));
}

/// How many messages were captured.
fn messages(server: &Server) -> u64 {
    captured(server)["message"].as_u64().unwrap_or(0)
}

#[test]
fn the_people_of_another_workspace_are_not_heard() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = slack(&server);
    for channel in ["C0GUESTS", "C0LATER"] {
        assert_eq!(server.switch(&slack.id, channel, true), 200);
    }
    assert_eq!(slack.say("Ev1", "C0OPEN", "U1", "1794804000.000100", "ours"), 202);
    for (index, field) in ["team", "user_team", "source_team"].iter().enumerate() {
        for shared in [Value::Null, json!(false)] {
            let event_id = format!("EvG{index}{shared}");
            let mut guests = message(&event_id, "C0GUESTS", "channel", "U9", "1794804001.000100", "of another organisation");
            guests["is_ext_shared_channel"] = shared;
            guests["event"][*field] = json!("T999");
            assert_eq!(slack.send(&guests), 202);
        }
    }
    assert_eq!(slack.say("Ev2", "C0GUESTS", "U1", "1794804002.000100", "ours, where guests are"), 202);
    assert_eq!(refused(&server, "shared_channel"), 7);
    let mut elsewhere = message("Ev3", "C0LATER", "channel", "U9", "1794804003.000100", "the same app, installed elsewhere");
    elsewhere["team_id"] = json!("T999");
    assert_eq!(slack.send(&elsewhere), 202);
    assert_eq!((refused(&server, "other_workspace"), messages(&server)), (1, 1));
}

#[test]
fn a_message_that_contradicts_itself_about_its_place_or_its_author_is_not_heard() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = slack(&server);
    assert_eq!(slack.say("Ev1", "C0OPEN", "U1", "1794804000.000100", "before"), 202);
    for (event_id, field, said) in
        [("Ev2", "channel", "D999"), ("Ev3", "channel", "C0OTHER"), ("Ev4", "app_id", "A1"), ("Ev5", "bot_profile", "B1")]
    {
        let mut edit = message(event_id, "C0OPEN", "channel", "U1", "1794804009.000100", "");
        edit["event"]["subtype"] = json!("message_changed");
        edit["event"]["message"] = json!({ "type": "message", "user": "U1", "text": "after", "ts": "1794804000.000100", "edited": {} });
        edit["event"]["message"][field] = json!(said);
        assert_eq!(slack.send(&edit), 202);
    }
    assert_eq!((refused(&server, "direct_message"), refused(&server, "unknown_place"), refused(&server, "bot_message")), (1, 1, 2));
    assert_eq!(messages(&server), 1);
    assert_eq!(slack.say("Ev6", "C0OPEN", "U1", "1794804010.000100", "the channel itself stays open"), 202);
    assert_eq!(messages(&server), 2);
}
