//! Shadow mode: what is counted, what is not kept, when it ends; and the notices about it.

use crate::store_bytes;
use crate::support::senders::{GitHub, Slack, message};
use crate::support::{MONDAY, Sandbox, Server};
use serde_json::{Value, json};

/// [`MONDAY`] in seconds since the Unix epoch.
const NOW: i64 = 1_794_805_200;
const QUESTION: &str = "Does anybody know why the staging deploy is broken again? I am blocked and waiting since yesterday.";

fn put(server: &Server, connection: &str, external_id: &str, wish: &Value) -> (u16, Value) {
    server.api("PUT", &format!("/connections/{connection}/sources/{}", external_id.replace('/', "%2F")), wish)
}

fn try_out(server: &Server, connection: &str, external_id: &str) {
    let (status, source) = put(server, connection, external_id, &json!({ "subscribed": false, "shadow_days": 7, "team": "web" }));
    assert_eq!((status, &source["mode"]), (200, &json!("shadow")), "{source}");
}

fn source(server: &Server, connection: &str, external_id: &str) -> Value {
    let (_, found) = server.api("GET", &format!("/connections/{connection}/sources"), &Value::Null);
    let sources = found["sources"].as_array().unwrap();
    sources.iter().find(|source| source["external_id"] == external_id).unwrap().clone()
}

fn at(second: u32) -> String {
    format!("17948040{second:02}.000100")
}

fn change(number: u64, login: &str, title: &str) -> Value {
    let when = "2026-11-16T04:00:00Z";
    json!({
        "action": "opened", "number": number,
        "pull_request": {
            "number": number, "title": title, "draft": false, "user": { "login": login, "id": 700 + number, "type": "User" },
            "created_at": when, "updated_at": when, "head": { "ref": "topic", "sha": "0123456789012345678901234567890123456789" },
        },
        "repository": { "full_name": "acme/web" },
    })
}

#[test]
fn a_source_in_shadow_is_counted_as_it_would_be_taken_and_nothing_of_it_is_captured() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let (slack, github) = (Slack::connect(&server, NOW), GitHub::connect(&server));
    try_out(&server, &slack.id, "C0TRIAL");
    try_out(&server, &github.id, "acme/web");
    slack.say("Ev1", "C0TRIAL", "U1", &at(1), QUESTION);
    slack.say("Ev2", "C0TRIAL", "U2", &at(2), "lunch at noon");
    // Twice over: as a delivery, and as a transition.
    slack.say("Ev2", "C0TRIAL", "U2", &at(2), "lunch at noon");
    slack.say("Ev3", "C0TRIAL", "U2", &at(2), "lunch at noon");
    slack.send(&json!({
        "type": "event_callback", "event_id": "Ev4", "team_id": "T1", "event": {
            "type": "message", "subtype": "bot_message", "bot_id": "B1", "channel": "C0TRIAL", "channel_type": "channel", "ts": at(4), "text": "beep",
        },
    }));
    github.send("pull_request", &change(1, "ana", "Faster cart"));
    let trial = source(&server, &slack.id, "C0TRIAL");
    let shadow = &trial["shadow"];
    assert_eq!(shadow["captured"], json!({ "message": 2 }), "{trial}");
    assert_eq!((&shadow["scored"], &shadow["refused"]), (&json!(2), &json!({ "bot_message": 1 })), "{trial}");
    assert_eq!(shadow["passes"], json!({ "verbose": 1 }), "{trial}");
    assert_eq!(shadow["stopped_locally"], 1, "{trial}");
    assert_eq!(
        shadow["days"],
        json!([{ "day": "2026-11-16", "captured": { "message": 2 }, "scored": 2, "stopped_locally": 1,
        "refused": { "bot_message": 1 }, "passes": { "verbose": 1 } }])
    );
    let unanswered = shadow["estimate"]["detectors"].as_array().unwrap().iter().find(|one| one["detector"] == "unanswered_questions");
    assert_eq!(unanswered.unwrap()["came"], 1, "{trial}");
    assert_eq!(source(&server, &github.id, "acme/web")["shadow"]["captured"], json!({ "change": 1 }));
    let summary = server.summary();
    assert_eq!((&summary["captured"], &summary["scored"], &summary["refused"]["shadow"]), (&json!({}), &json!(0), &json!(3)), "{summary}");
    server.kill();
    let left = [
        "SELECT count(*) FROM signal",
        "SELECT count(*) FROM delivery_seen",
        "SELECT count(*) FROM identity",
        "SELECT count(*) FROM place_claim",
        "SELECT count(workspace) FROM connection",
        "SELECT count(*) FROM tally",
    ];
    assert_eq!(store_bytes::counts(&sandbox.data(), &left), [0; 6], "{left:?}");
}

#[test]
fn of_a_shadow_nothing_is_at_rest_or_in_an_answer() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let (slack, github) = (Slack::connect(&server, NOW), GitHub::connect(&server));
    try_out(&server, &slack.id, "C0TRIAL");
    try_out(&server, &github.id, "acme/web");
    assert_eq!(server.switch(&slack.id, "C0OPEN", true), 200);
    assert_eq!(server.api("POST", "/people/opt-outs", &json!({ "connector": "slack", "handle": "U0GONE" })).0, 201);
    slack.say("Ev00control", "C0OPEN", "U0CONTROL", &at(1), "kept-control-words");
    slack.say("EvCanary01", "C0TRIAL", "U0CANARY", &at(2), &format!("canary-text {QUESTION} <@U1CANARY|canary-name>"));
    slack.say("EvCanary02", "C0TRIAL", "U0GONE", &at(3), "canary-opted-out");
    slack.send(&message("EvCanary03", "C0TRIAL", "channel", "U0CANARY", "1794804044.canary", "canary-malformed"));
    slack.send(&json!({
        "type": "event_callback", "event_id": "EvCanary04", "team_id": "T0CANARY", "event": {
            "type": "message", "subtype": "message_changed", "channel": "C0TRIAL", "channel_type": "channel", "ts": at(20),
            "message": { "type": "message", "user": "U0CANARY", "text": "canary-after-edit", "ts": at(2), "edited": { "user": "U0CANARY", "ts": at(20) } },
            "previous_message": { "type": "message", "user": "U0CANARY", "text": "canary-before-edit", "ts": at(2) },
        },
    }));
    github.send("pull_request", &change(77, "canary-login", "canary-title"));
    github.send("workflow_run", &json!({
        "action": "completed",
        "workflow_run": {
            "id": 9, "name": "canary-workflow", "workflow_id": 3, "head_branch": "canary-branch", "head_sha": "0123456789012345678901234567890123456789",
            "conclusion": "failure", "run_attempt": 1, "run_started_at": "2026-11-16T04:00:00Z", "created_at": "2026-11-16T04:00:00Z",
            "updated_at": "2026-11-16T04:00:00Z", "pull_requests": [], "html_url": "https://github.com/acme/web/actions/runs/canary",
            "triggering_actor": { "login": "canary-actor", "id": 1, "type": "User" },
        },
        "repository": { "full_name": "acme/web", "id": 5 },
    }));
    // A look, with everything that is due.
    server.set_clock("2026-11-17T06:30:00Z");
    let counted = (source(&server, &slack.id, "C0TRIAL"), source(&server, &github.id, "acme/web"));
    assert_eq!(counted.0["shadow"]["captured"], json!({ "message": 1 }), "{counted:?}");
    assert_eq!(counted.1["shadow"]["captured"], json!({ "change": 1, "run": 1 }), "{counted:?}");
    let answers = ["/connections", "/patterns", "/signals/summary", "/notices", "/people/opt-outs"]
        .map(|path| server.api("GET", path, &Value::Null).1.to_string());
    let log = server.log.lock().unwrap().clone();
    server.kill();
    let mut bytes = store_bytes::everything(&sandbox.data());
    let holds =
        |bytes: &[u8], word: &str| aho_corasick::AhoCorasick::builder().ascii_case_insensitive(true).build([word]).unwrap().is_match(bytes);
    assert!(holds(&bytes, "kept-control-words") && holds(&bytes, &at(1)), "the search sees what is kept");
    bytes.extend(log.bytes());
    bytes.extend(answers.concat().bytes());
    bytes.extend(format!("{counted:?}").bytes());
    // A time of a message is its id.
    for trace in ["canary", "EvCanary", &at(2), "acme/web/pull/77"] {
        assert!(!holds(&bytes, trace), "{trace}");
    }
    assert_eq!(store_bytes::message_ids(&sandbox.data()), [at(1)]);
    let people = store_bytes::counts(&sandbox.data(), &["SELECT count(*) FROM identity", "SELECT count(*) FROM delivery_seen"]);
    assert_eq!(people, [1, 1], "the people and deliveries of the source that is on, and of no other");
}

#[test]
fn whoever_stepped_out_is_not_counted_at_all() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = Slack::connect(&server, NOW);
    try_out(&server, &slack.id, "C0TRIAL");
    assert_eq!(server.api("POST", "/people/opt-outs", &json!({ "connector": "slack", "handle": "U0GONE" })).0, 201);
    slack.say("Ev1", "C0TRIAL", "U0GONE", &at(1), QUESTION);
    let shadow = source(&server, &slack.id, "C0TRIAL")["shadow"].clone();
    assert_eq!((&shadow["captured"], &shadow["refused"], &shadow["days"]), (&json!({}), &json!({}), &json!([])), "{shadow}");
    assert_eq!(server.summary()["refused"], json!({}), "nor by the connection: with one source that would be the same count");
}

#[test]
fn what_people_say_among_themselves_is_not_even_counted() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = Slack::connect(&server, NOW);
    try_out(&server, &slack.id, "C0TRIAL");
    slack.say("Ev1", "C0TRIAL", "U1", &at(1), "one");
    for (event, kind) in [("Ev2", "mpim"), ("Ev3", "im")] {
        slack.send(&message(event, "C0TRIAL", kind, "U1", &at(2), "between us"));
    }
    slack.say("Ev4", "C0TRIAL", "U1", &at(4), "in what turned out to be a conversation of a few");
    let shadow = source(&server, &slack.id, "C0TRIAL")["shadow"].clone();
    assert_eq!((&shadow["captured"], &shadow["refused"]), (&json!({ "message": 1 }), &json!({})), "{shadow}");
}

#[test]
fn places_that_are_never_read_are_not_counted_either_and_cannot_be_tried_out() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = Slack::connect(&server, NOW);
    let wish = json!({ "subscribed": false, "shadow_days": 7 });
    for closed in ["D024BE91L", "G024BE91L"] {
        assert_eq!(put(&server, &slack.id, closed, &wish).0, 422, "{closed}");
    }
    try_out(&server, &slack.id, "C0TRIAL");
    slack.say("Ev1", "C0TRIAL", "U1", &at(1), "one");
    slack.send(&message("Ev2", "C0TRIAL", "group", "U1", &at(2), "it became private"));
    slack.say("Ev3", "C0TRIAL", "U1", &at(3), "three");
    let shadow = source(&server, &slack.id, "C0TRIAL")["shadow"].clone();
    assert_eq!((&shadow["captured"], &shadow["refused"]), (&json!({ "message": 1 }), &json!({ "private_channel": 2 })), "{shadow}");
    assert_eq!(put(&server, &slack.id, "C0TRIAL", &json!({ "subscribed": true, "team": "web" })).0, 200);
    slack.say("Ev4", "C0TRIAL", "U1", &at(4), "four");
    assert_eq!(server.summary()["captured"], json!({}), "what its shadow learnt of the place holds when it is on");
}

#[test]
fn a_shadow_ends_by_itself_and_the_source_is_off_until_a_person_makes_it_real() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let github = GitHub::connect(&server);
    try_out(&server, &github.id, "acme/web");
    github.send("pull_request", &change(1, "ana", "one"));
    server.set_clock("2026-11-23T05:30:00Z");
    let over = source(&server, &github.id, "acme/web");
    assert_eq!((&over["mode"], &over["subscribed"]), (&json!("off"), &json!(false)), "{over}");
    assert_eq!(over["shadow"]["captured"], json!({ "change": 1 }), "what was counted can still be looked at");
    github.send("pull_request", &change(2, "ana", "two"));
    assert_eq!(server.summary()["refused"], json!({ "not_subscribed": 1, "shadow": 1 }));
    // Stopped early: it is off at once, and what was counted stands.
    try_out(&server, &github.id, "acme/web");
    github.send("pull_request", &change(5, "ana", "five"));
    let (_, stopped) = put(&server, &github.id, "acme/web", &json!({ "subscribed": false }));
    assert_eq!((&stopped["mode"], &stopped["shadow"]["captured"]), (&json!("off"), &json!({ "change": 1 })), "{stopped}");
    assert_eq!((&stopped["notice"]["change"], &stopped["notice"]["mode"]), (&json!("stops"), &json!("shadow")), "{stopped}");
    github.send("pull_request", &change(6, "ana", "six"));
    assert_eq!(server.summary()["refused"], json!({ "not_subscribed": 2, "shadow": 2 }));
    // Again, and longer: a new shadow begins at nothing, one that runs goes on.
    try_out(&server, &github.id, "acme/web");
    assert_eq!(source(&server, &github.id, "acme/web")["shadow"]["captured"], json!({}));
    github.send("pull_request", &change(3, "ana", "three"));
    let (_, longer) = put(&server, &github.id, "acme/web", &json!({ "subscribed": false, "shadow_days": 30 }));
    assert!(longer["shadow"]["until"].as_str().unwrap().starts_with("2026-12-23T05:30"), "{longer}");
    assert_eq!(longer["shadow"]["captured"], json!({ "change": 1 }), "{longer}");
    let (_, on) = put(&server, &github.id, "acme/web", &json!({ "subscribed": true }));
    assert_eq!((&on["mode"], &on["shadow"]), (&json!("on"), &Value::Null), "{on}");
    assert_eq!(server.summary()["captured"], json!({}), "nothing of the shadow is made up for");
    github.send("pull_request", &change(4, "ana", "four"));
    assert_eq!(server.summary()["captured"], json!({ "change": 1 }), "it hears from that moment on");
    for (wish, why) in [
        (json!({ "subscribed": true, "shadow_days": 7 }), "both at once"),
        (json!({ "subscribed": false, "shadow_days": 0 }), "no days"),
        (json!({ "subscribed": false, "shadow_days": 91 }), "too many"),
        (json!({ "subscribed": false, "shadow_days": -1 }), "fewer than none"),
    ] {
        assert_eq!(put(&server, &github.id, "acme/web", &wish).0, 422, "{why}");
    }
}

#[test]
fn a_restart_in_the_middle_keeps_the_counts_and_the_end() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let github = GitHub::connect(&server);
    try_out(&server, &github.id, "acme/web");
    github.send("pull_request", &change(1, "ana", "one"));
    let until = source(&server, &github.id, "acme/web")["shadow"]["until"].clone();
    let (id, secret) = (github.id.clone(), github.secret.clone());
    server.kill();
    let server = sandbox.serve("2026-11-18T05:00:00Z");
    let github = GitHub { server: &server, id, secret };
    github.send("pull_request", &change(2, "ana", "two"));
    let found = source(&server, &github.id, "acme/web");
    assert_eq!((&found["mode"], &found["shadow"]["until"]), (&json!("shadow"), &until), "{found}");
    assert_eq!(found["shadow"]["captured"], json!({ "change": 2 }), "{found}");
    assert_eq!(found["shadow"]["days"].as_array().unwrap().len(), 2, "a day each: {found}");
}

#[test]
fn a_source_that_is_on_can_be_put_into_shadow_and_is_read_no_more() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let github = GitHub::connect(&server);
    assert_eq!(server.switch(&github.id, "acme/web", true), 200);
    github.send("pull_request", &change(1, "ana", "kept"));
    try_out(&server, &github.id, "acme/web");
    github.send("pull_request", &change(1, "ana", "kept"));
    github.send("pull_request", &change(2, "ana", "counted"));
    assert_eq!(server.summary()["captured"], json!({ "change": 1 }));
    let found = source(&server, &github.id, "acme/web");
    assert_eq!(found["shadow"]["captured"], json!({ "change": 1 }), "what was kept before is no news: {found}");
}

#[test]
fn each_change_of_reading_makes_a_notice_due_until_a_person_says_that_it_is_posted() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = Slack::connect(&server, NOW);
    let notice = || source(&server, &slack.id, "C0TRIAL")["notice"].clone();
    let path = format!("/notices/{}/C0TRIAL", slack.id);
    let confirm = |due_at: &Value| server.api("PUT", &path, &json!({ "posted": true, "due_at": due_at })).0;
    try_out(&server, &slack.id, "C0TRIAL");
    let first = notice();
    assert_eq!((&first["change"], &first["mode"], &first["due"]), (&json!("starts"), &json!("shadow"), &json!(true)), "{first}");
    assert!(first["text"].as_str().unwrap().contains("on trial, until 23 November 2026"), "{first}");
    // Made real before anybody was told: it is still a beginning.
    assert_eq!(put(&server, &slack.id, "C0TRIAL", &json!({ "subscribed": true, "name": "#trial" })).0, 200);
    let second = notice();
    assert_eq!((&second["change"], &second["mode"]), (&json!("starts"), &json!("on")), "{second}");
    let text = second["text"].as_str().unwrap();
    for part in ["Since 16 November 2026 SmartRetro reads #trial for the team web", "35 days", "step out", "never of a person"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("127.0.0.1"), "an address that only this machine knows is no way out: {text}");
    assert_eq!(confirm(&first["due_at"]), 409, "that text is not what is so now");
    assert_eq!(server.api("PUT", &path, &json!({ "posted": false, "due_at": second["due_at"] })).0, 422);
    assert_eq!(confirm(&second["due_at"]), 204);
    let told = notice();
    assert_eq!((&told["due"], told["posted_at"].is_string(), told["posted_by"].is_string()), (&json!(false), true, true), "{told}");
    // A new label is no news; another team is.
    assert_eq!(put(&server, &slack.id, "C0TRIAL", &json!({ "subscribed": true, "name": "#trials" })).0, 200);
    assert_eq!(notice()["due"], false);
    assert_eq!(put(&server, &slack.id, "C0TRIAL", &json!({ "subscribed": true, "team": "other" })).0, 200);
    let moved = notice();
    assert_eq!((&moved["change"], &moved["due"]), (&json!("changes"), &json!(true)), "{moved}");
    assert!(moved["text"].as_str().unwrap().contains("for the team other"), "{moved}");
    assert_eq!(confirm(&moved["due_at"]), 204);
    // The end is told too, where the whole connection goes.
    assert_eq!(server.api("DELETE", &format!("/connections/{}", slack.id), &Value::Null).0, 204);
    let (_, found) = server.api("GET", "/notices", &Value::Null);
    let last = &found["notices"][0];
    assert_eq!((&last["change"], &last["due"]), (&json!("stops"), &json!(true)), "{found}");
    assert!(last["text"].as_str().unwrap().contains("no longer reads #trials. It had listened since 16 November 2026"), "{found}");
    assert_eq!(confirm(&last["due_at"]), 204);
    for (missing, at) in [("C0OTHER", &last["due_at"]), ("C0TRIAL%2F", &last["due_at"])] {
        let path = format!("/notices/{}/{missing}", slack.id);
        assert_eq!(server.api("PUT", &path, &json!({ "posted": true, "due_at": at })).0, 404, "{missing}");
    }
    server.kill();
    let acts: Vec<String> = store_bytes::audit_log(&sandbox.data())
        .into_iter()
        .filter_map(|(leaf, _)| leaf.split(r#""act":""#).nth(1)?.split('"').next().map(str::to_owned))
        .filter(|act| act.starts_with("source.") || act.starts_with("notice."))
        .collect();
    let expected = ["source.shadowed", "source.switched_on", "notice.posted", "source.switched_on", "source.switched_on", "notice.posted"];
    assert_eq!(acts, [&expected[..], &["source.switched_off", "notice.posted"]].concat());
}

#[test]
fn readers_who_were_told_late_are_told_since_when_and_what_was_read_of_them_before() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = Slack::connect(&server, NOW);
    let text = || {
        let notice = source(&server, &slack.id, "C0TRIAL")["notice"].clone();
        (notice["change"].as_str().unwrap().to_owned(), notice["text"].as_str().unwrap().to_owned())
    };
    let on = |team: &str| put(&server, &slack.id, "C0TRIAL", &json!({ "subscribed": true, "team": team })).0;
    assert_eq!(on("web"), 200);
    server.set_clock("2026-11-18T05:00:00Z");
    assert_eq!(on("other"), 200);
    let (change, words) = text();
    assert_eq!(change, "starts", "nobody was told yet");
    assert!(words.contains("Since 18 November 2026 SmartRetro reads C0TRIAL for the team other"), "{words}");
    assert!(words.contains("since 16 November 2026"), "it was read from the first day on: {words}");
    // Only counted from now on; what was read before is kept for its own time all the same.
    try_out(&server, &slack.id, "C0TRIAL");
    let kept = "35 days; then only time, place, thread, score and link stay";
    let (change, words) = text();
    assert_eq!(change, "starts");
    assert!(words.contains("on trial") && words.contains("since 16 November 2026") && words.contains(kept), "{words}");
    server.set_clock("2026-11-20T05:00:00Z");
    assert_eq!(put(&server, &slack.id, "C0TRIAL", &json!({ "subscribed": false })).0, 200);
    let (change, words) = text();
    assert_eq!(change, "stops");
    assert!(words.contains("no longer counts in C0TRIAL. It had listened since 16 November 2026"), "{words}");
    assert!(words.contains(kept) && words.contains("step out"), "what was read is kept, and may be taken back: {words}");
    // Nobody was told of that either: a new beginning is told with it.
    server.set_clock("2026-11-21T05:00:00Z");
    assert_eq!(on("web"), 200);
    let (change, words) = text();
    assert_eq!(change, "starts");
    assert!(words.contains("Since 21 November 2026 SmartRetro reads") && words.contains("since 16 November 2026"), "{words}");
    // Once they know, a trial of its own is what it always was.
    assert_eq!(put(&server, &slack.id, "C0TRIAL", &json!({ "subscribed": false })).0, 200);
    let due_at = source(&server, &slack.id, "C0TRIAL")["notice"]["due_at"].clone();
    let path = format!("/notices/{}/C0TRIAL", slack.id);
    assert_eq!(server.api("PUT", &path, &json!({ "posted": true, "due_at": due_at })).0, 204);
    try_out(&server, &slack.id, "C0TRIAL");
    assert_eq!(put(&server, &slack.id, "C0TRIAL", &json!({ "subscribed": false })).0, 200);
    let (_, words) = text();
    assert!(!words.contains(kept) && words.contains("nothing was kept"), "{words}");
}
