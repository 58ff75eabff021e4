//! From deliveries to a pattern, and a person's decision about it.

use crate::support::senders::{GitHub, Slack};
use crate::support::{Sandbox, Server};
use serde_json::{Value, json};

const REPOSITORY: &str = "acme/web";
pub(crate) const AUTHORS: [&str; 5] = ["ana", "ben", "cleo", "dan", "eva"];

/// Two weeks in which six runs failed and then passed on the same commit, by five authors.
pub(crate) fn feed_flaky_weeks(github: &GitHub<'_>, authors: [&str; 5]) {
    for day in 2..14_u64 {
        let author = authors[usize::try_from(day).unwrap() % authors.len()];
        let sha = format!("{day:040x}");
        assert_eq!(github.send("pull_request", &change(day, author, &sha)), 202);
        let flaky = day % 2 == 0;
        if flaky {
            assert_eq!(github.send("workflow_run", &run(day, author, &sha, 1, "failure")), 202);
        }
        assert_eq!(github.send("workflow_run", &run(day, author, &sha, if flaky { 2 } else { 1 }, "success")), 202);
    }
}

fn at(day: u64, hour: u64) -> String {
    format!("2026-11-{day:02}T{hour:02}:00:00Z")
}

fn user(login: &str) -> Value {
    json!({ "login": login, "id": 100 + login.len() * 7 + usize::from(login.as_bytes()[0]), "type": "User" })
}

fn change(day: u64, author: &str, sha: &str) -> Value {
    json!({
        "action": "opened", "number": day,
        "pull_request": {
            "number": day, "title": format!("Change {day}"), "draft": false, "user": user(author),
            "created_at": at(day, 9), "updated_at": at(day, 9), "head": { "ref": format!("topic-{day}"), "sha": sha },
        },
        "repository": { "full_name": REPOSITORY },
    })
}

fn run(day: u64, author: &str, sha: &str, attempt: u64, conclusion: &str) -> Value {
    json!({
        "action": "completed",
        "workflow_run": {
            "id": 5000 + day, "workflow_id": 77, "name": "checks", "head_branch": format!("topic-{day}"), "head_sha": sha, "status": "completed",
            "conclusion": conclusion, "run_attempt": attempt, "created_at": at(day, 10), "updated_at": at(day, 10 + attempt),
            "run_started_at": at(day, 9 + attempt), "pull_requests": [{ "number": day, "base": { "repo": { "id": 1 } } }], "actor": user(author), "triggering_actor": user(author),
        },
        "repository": { "id": 1, "full_name": REPOSITORY },
    })
}

fn flaky(sandbox: &Sandbox) -> Server {
    let server = sandbox.serve("2026-11-13T23:00:00Z");
    let github = GitHub::connect(&server);
    assert_eq!(server.switch(&github.id, REPOSITORY, true), 200);
    feed_flaky_weeks(&github, AUTHORS);
    server.set_clock("2026-11-16T07:00:00Z");
    server
}

#[test]
fn deliveries_become_a_pattern_with_links_that_a_person_decides_about() {
    let sandbox = Sandbox::new();
    let server = flaky(&sandbox);
    let patterns = server.patterns();
    assert_eq!(patterns.len(), 1, "{patterns:?}");
    let pattern = &patterns[0];
    assert_eq!(
        (&pattern["detector"], &pattern["status"], &pattern["scope"]),
        (&json!("flaky_pipeline"), &json!("open"), &json!(REPOSITORY))
    );
    let evidence = pattern["evidence"].as_array().unwrap();
    assert!(evidence.len() >= 3);
    for source in evidence {
        assert!(source["url"].as_str().unwrap().starts_with("https://github.com/acme/web/actions/runs/"), "{source}");
    }
    for name in AUTHORS {
        assert!(!pattern.to_string().contains(&format!("\"{name}\"")), "{name} is named");
    }
    let path = format!("/patterns/{}", pattern["id"].as_str().unwrap());
    assert_eq!(server.api("PUT", &format!("{path}/status"), &json!({ "status": "lapsed" })).0, 422, "nobody can choose that");
    assert_eq!(server.api("PUT", &format!("{path}/status"), &json!({ "status": "acknowledged" })).1["status"], "acknowledged");
    assert_eq!(server.api("PUT", &format!("{path}/status"), &json!({ "status": "dismissed", "note": "known" })).1["status"], "dismissed");
    assert_eq!(server.api("PUT", &format!("{path}/status"), &json!({ "status": "addressed" })).0, 409, "it is closed");
    server.set_clock("2026-11-18T07:00:00Z");
    assert_eq!(server.patterns().len(), 1, "a dismissed pattern does not come back within four weeks");
}

#[test]
fn a_pattern_outlives_a_restart_and_a_foreign_id_is_like_a_missing_one() {
    let sandbox = Sandbox::new();
    let server = flaky(&sandbox);
    let id = server.patterns()[0]["id"].as_str().unwrap().to_owned();
    server.kill();
    let server = sandbox.serve("2026-11-16T08:00:00Z");
    let (status, pattern) = server.api("GET", &format!("/patterns/{id}"), &Value::Null);
    assert_eq!((status, pattern["status"].as_str()), (200, Some("open")));
    let missing = server.api("GET", "/patterns/01a2016a-2976-79c1-9fdc-b3302c5f728f", &Value::Null);
    assert_eq!((missing.0, server.api("GET", "/patterns/nonsense", &Value::Null)), (404, missing));
}

#[test]
fn the_sources_of_someone_who_steps_out_go_and_a_pattern_that_rests_on_too_few_goes_too() {
    let sandbox = Sandbox::new();
    let server = flaky(&sandbox);
    let before = server.patterns()[0]["evidence"].as_array().unwrap().len();
    for name in &AUTHORS[..4] {
        assert_eq!(server.api("POST", "/people/opt-outs", &json!({ "connector": "github", "handle": name })).0, 201);
    }
    let left = server.patterns();
    assert!(left.is_empty() || left[0]["evidence"].as_array().unwrap().len() < before);
    assert!(left.iter().all(|pattern| pattern["evidence"].as_array().unwrap().len() >= 3));
}

#[test]
fn a_source_that_is_off_is_told_about_no_more_whatever_is_kept_of_it() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve("2026-11-13T23:00:00Z");
    let github = GitHub::connect(&server);
    assert_eq!(server.switch(&github.id, REPOSITORY, true), 200);
    feed_flaky_weeks(&github, AUTHORS);
    assert_eq!(server.switch(&github.id, REPOSITORY, false), 200);
    server.set_clock("2026-11-16T07:00:00Z");
    assert_eq!(server.patterns(), Vec::<Value>::new());

    assert_eq!(server.switch(&github.id, REPOSITORY, true), 200);
    server.set_clock("2026-11-17T07:00:00Z");
    assert_eq!(server.patterns()[0]["status"], "open");
    assert_eq!(server.switch(&github.id, REPOSITORY, false), 200);
    server.set_clock("2026-11-18T07:00:00Z");
    assert_eq!(server.patterns()[0]["status"], "lapsed");
}

#[test]
fn a_team_that_is_given_a_source_is_told_nothing_of_what_it_said_before() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve("2026-11-13T23:00:00Z");
    let github = GitHub::connect(&server);
    assert_eq!(server.switch(&github.id, REPOSITORY, true), 200);
    feed_flaky_weeks(&github, AUTHORS);
    let path = format!("/connections/{}/sources/acme%2Fweb", github.id);
    let give = |team: &str| assert_eq!(server.api("PUT", &path, &json!({ "subscribed": true, "team": team })).0, 200);
    give("newcomers");
    server.set_clock("2026-11-16T07:00:00Z");
    assert_eq!(server.patterns(), Vec::<Value>::new(), "whoever moves a source joins its new team, and must not read the old one's weeks");
    // Nor does the way back lead to what was said in between, or before.
    give("web");
    server.set_clock("2026-11-17T07:00:00Z");
    assert_eq!(server.patterns(), Vec::<Value>::new());
}

#[test]
fn a_clock_that_was_ahead_for_a_while_does_not_silence_a_team() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve("2026-11-13T23:00:00Z");
    let github = GitHub::connect(&server);
    assert_eq!(server.switch(&github.id, REPOSITORY, true), 200);
    server.set_clock("2027-02-13T23:00:00Z");
    server.set_clock("2026-11-13T23:00:00Z");
    feed_flaky_weeks(&github, AUTHORS);
    server.set_clock("2026-11-16T07:00:00Z");
    assert_eq!(server.patterns().len(), 1);
}

/// 2026-11-09T16:00:00Z, a Monday, in seconds since the Unix epoch.
const ASKED: i64 = 1_794_240_000;

#[test]
fn a_message_that_is_deleted_is_no_source_any_more() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve("2026-11-09T16:00:00Z");
    let mut slack = Slack::connect(&server, ASKED);
    assert_eq!(server.switch(&slack.id, "C0HELP", true), 200);
    for hour in 1..=6 {
        let (ts, text) =
            (format!("{}.000100", ASKED - hour * 3_600), format!("Does anyone know how the {hour} o'clock release is started?"));
        assert_eq!(slack.say(&format!("Ev{hour}"), "C0HELP", &format!("U{hour}"), &ts, &text), 202);
    }
    server.set_clock("2026-11-12T07:00:00Z");
    let links = |server: &Server| links(&server.patterns()[0]).iter().map(|&link| link.to_owned()).collect::<Vec<_>>();
    let before = links(&server);
    assert_eq!(before.len(), 6, "{before:?}");

    slack.now = ASKED + 63 * 3_600;
    let gone = format!("{}.000100", ASKED - 3_600);
    let event = json!({
        "type": "message", "subtype": "message_deleted", "channel": "C0HELP", "channel_type": "channel", "deleted_ts": gone,
        "ts": format!("{}.000200", slack.now), "previous_message": { "type": "message", "user": "U1", "text": "x", "ts": gone },
    });
    assert_eq!(slack.send(&json!({ "type": "event_callback", "event_id": "Ev9", "event": event })), 202);
    let after = links(&server);
    assert_eq!(after.len(), 5, "{after:?}");
    assert!(after.iter().all(|link| before.contains(link) && !link.contains(&gone.replace('.', ""))), "{after:?}");
}

/// People of another installation, with accounts of their own.
const OTHERS: [&str; 5] = ["fay-at-hr", "gil-at-hr", "hal-at-hr", "ida-at-hr", "joe-at-hr"];
const OTHER_SITE: &str = "https://git.hr.example";

/// Two installations, each with a repository of the same name: the first listened to by the team `web`, the second by `hr`.
fn two_installations(server: &Server) -> (GitHub<'_>, GitHub<'_>) {
    let (ours, theirs) = (GitHub::connect(server), GitHub::connect_at(server, Some(OTHER_SITE)));
    assert_eq!(server.switch(&ours.id, REPOSITORY, true), 200);
    let path = format!("/connections/{}/sources/{}", theirs.id, REPOSITORY.replace('/', "%2F"));
    let wish = json!({ "subscribed": true, "team": "hr", "name": "the other one" });
    assert_eq!(server.api("PUT", &path, &wish).0, 200);
    (ours, theirs)
}

fn links(pattern: &Value) -> Vec<&str> {
    pattern["evidence"].as_array().unwrap().iter().map(|source| source["url"].as_str().unwrap()).collect()
}

#[test]
fn what_one_connection_hears_says_nothing_about_a_place_of_the_same_name_on_another() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve("2026-11-13T23:00:00Z");
    let (_, theirs) = two_installations(&server);
    feed_flaky_weeks(&theirs, OTHERS);
    server.set_clock("2026-11-16T07:00:00Z");
    let patterns = server.patterns();
    assert_eq!(patterns.len(), 1, "only the team whose repository it is is told: {patterns:?}");
    assert!(links(&patterns[0]).iter().all(|url| url.starts_with(OTHER_SITE)), "{patterns:?}");
    assert!(patterns[0]["title"].as_str().unwrap().contains("the other one"), "each connection has its own names: {patterns:?}");
}

#[test]
fn two_places_of_one_name_are_two_patterns_and_stepping_out_of_one_leaves_the_other() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve("2026-11-13T23:00:00Z");
    let (ours, theirs) = two_installations(&server);
    feed_flaky_weeks(&ours, AUTHORS);
    feed_flaky_weeks(&theirs, OTHERS);
    server.set_clock("2026-11-16T07:00:00Z");
    let of = |patterns: &[Value], is_theirs: bool| {
        let found = patterns.iter().filter(|pattern| links(pattern).iter().all(|url| url.starts_with(OTHER_SITE) == is_theirs));
        found.map(|pattern| links(pattern).len()).collect::<Vec<_>>()
    };
    let before = server.patterns();
    assert_eq!((before.len(), of(&before, true).len(), of(&before, false).len()), (2, 1, 1), "{before:?}");
    for name in AUTHORS {
        assert_eq!(server.api("POST", "/people/opt-outs", &json!({ "connector": "github", "handle": name })).0, 201);
    }
    let after = server.patterns();
    assert_eq!((of(&after, true), of(&after, false)), (of(&before, true), Vec::new()));
}

#[test]
fn whoever_was_renamed_takes_the_sources_of_both_names_along() {
    let sandbox = Sandbox::new();
    let server = flaky(&sandbox);
    let before = server.patterns()[0]["evidence"].as_array().unwrap().len();
    let github = GitHub::connect(&server);
    assert_eq!(server.switch(&github.id, REPOSITORY, true), 200);
    for (number, name) in AUTHORS[..4].iter().enumerate() {
        let new = format!("{name}-renamed");
        // Nobody has seen the new login yet; the next delivery tells whose it is, and is refused.
        assert_eq!(server.api("POST", "/people/opt-outs", &json!({ "connector": "github", "handle": new })).0, 201);
        let mut renamed = change(15, name, &format!("{number:040x}"));
        renamed["pull_request"]["user"] = json!({ "login": new, "id": user(name)["id"], "type": "User" });
        assert_eq!(github.send("pull_request", &renamed), 202);
    }
    assert_eq!(server.summary()["refused"]["opted_out"], 4);
    let left = server.patterns();
    assert!(left.is_empty() || left[0]["evidence"].as_array().unwrap().len() < before, "{left:?}");
}
