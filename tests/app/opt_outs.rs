//! Stepping out.

use crate::store_bytes;
use crate::support::senders::{GitHub, Slack};
use crate::support::{MONDAY, Sandbox, Server};
use serde_json::{Value, json};
use smartretro::auth::{Scope, api_token};
use smartretro::base::clock::Clock;
use smartretro::crypto::keys::Kek;
use smartretro::store::Store;

/// [`MONDAY`] in seconds since the Unix epoch.
const NOW: i64 = 1_794_805_200;
const REPOSITORY: &str = "acme/web";

/// A server with one open channel and one repository.
fn listening(sandbox: &Sandbox) -> Server {
    sandbox.serve(MONDAY)
}

fn sources(server: &Server) -> (Slack<'_>, GitHub<'_>) {
    let (slack, github) = (Slack::connect(server, NOW), GitHub::connect(server));
    assert_eq!(server.switch(&slack.id, "C0OPEN", true), 200);
    assert_eq!(server.switch(&github.id, REPOSITORY, true), 200);
    (slack, github)
}

fn step_out(server: &Server, connector: &str, handle: &str) -> u16 {
    server.api("POST", "/people/opt-outs", &json!({ "connector": connector, "handle": handle })).0
}

/// A change that was opened, as its author (login and lasting id) had it at the time.
fn change(number: u64, (login, id): (&str, u64), title: &str, branch: &str) -> Value {
    let at = format!("2026-11-16T04:{number:02}:00Z");
    json!({
        "action": "opened", "number": number,
        "pull_request": {
            "number": number, "title": title, "draft": false, "user": { "login": login, "id": id, "type": "User" },
            "created_at": at, "updated_at": at, "head": { "ref": branch, "sha": "0123456789012345678901234567890123456789" },
        },
        "repository": { "full_name": REPOSITORY, "id": 5 },
    })
}

fn run(id: u64, workflow: &str, branch: &str) -> Value {
    let at = "2026-11-16T04:00:00Z";
    json!({
        "action": "completed",
        "workflow_run": {
            "id": id, "name": workflow, "workflow_id": 3, "head_branch": branch, "head_sha": "0123456789012345678901234567890123456789",
            "conclusion": "failure", "run_attempt": 1, "run_started_at": at, "created_at": at, "updated_at": at, "pull_requests": [],
            "triggering_actor": { "login": "github-actions[bot]", "id": 1, "type": "Bot" },
        },
        "repository": { "full_name": REPOSITORY, "id": 5 },
    })
}

fn deployment(id: u64, environment: &str, branch: &str) -> Value {
    json!({
        "action": "created",
        "deployment": {
            "id": id, "ref": branch, "sha": "0123456789012345678901234567890123456789", "environment": environment,
            "created_at": "2026-11-16T04:00:00Z", "creator": { "login": "release[bot]", "id": 1, "type": "Bot" },
        },
        "repository": { "full_name": REPOSITORY, "id": 5 },
    })
}

/// Which of these words stand anywhere at rest, once the server is gone; `kept` shows that the search can see.
fn left_at_rest<'w>(sandbox: &Sandbox, server: Server, kept: &str, words: &[&'w str]) -> Vec<&'w str> {
    server.kill();
    let bytes = store_bytes::everything(&sandbox.data()).to_ascii_lowercase();
    let holds = |word: &str| aho_corasick::AhoCorasick::new([word.to_ascii_lowercase()]).unwrap().is_match(&bytes);
    assert!(holds(kept), "{kept} was kept");
    words.iter().copied().filter(|word| holds(word)).collect()
}

#[test]
fn who_stepped_out_is_told_to_nobody() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let (status, made) = server.api("POST", "/people/opt-outs", &json!({ "connector": "github", "handle": "@Ana" }));
    assert_eq!(status, 201);
    assert!(made["receipt"].as_str().unwrap().len() > 20);
    assert_eq!(server.api("GET", "/people/opt-outs", &Value::Null), (200, json!({ "count": 1 })));
    assert_eq!(server.api("POST", "/people/opt-outs", &json!({ "connector": "fax", "handle": "x" })).0, 422);
    assert_eq!(server.api("POST", "/people/opt-outs", &json!({ "connector": "slack", "handle": "  @ " })).0, 422);
}

#[test]
fn it_holds_across_tools_by_the_same_name() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let slack = Slack::connect(&server, 1_794_805_200);
    assert_eq!(server.switch(&slack.id, "C0OPEN", true), 200);
    assert_eq!(server.api("POST", "/people/opt-outs", &json!({ "connector": "github", "handle": "u0ana" })).0, 201);
    assert_eq!(slack.say("Ev1", "C0OPEN", "U0ANA", "1794804000.000100", "hello"), 202);
    assert_eq!(server.summary()["refused"]["opted_out"], 1);
}

#[test]
fn a_name_that_could_not_be_obeyed_is_not_taken() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let (status, problem) = server.api("POST", "/people/opt-outs", &json!({ "connector": "slack", "handle": "@carolzzz" }));
    assert_eq!(status, 422, "Slack sends ids, never handles: {problem}");
    assert!(problem["detail"].as_str().unwrap().contains("Copy member ID"), "{problem}");
    for (connector, unknown) in [
        ("slack", "@ursula"),
        ("slack", "carol@acme.example"),
        ("slack", "C0OPEN"),
        ("github", "Ana Lima"),
        ("github", "a/b"),
        ("github", "x[bot]"),
    ] {
        assert_eq!(step_out(&server, connector, unknown), 422, "{unknown}");
    }
    for (connector, known) in [
        ("slack", "U0CAROL1"),
        ("slack", " w0carol2 "),
        ("slack", "<@U0CAROL3|carol>"),
        ("slack", "https://acme.slack.com/team/U0CAROL4"),
        ("github", "Octo-Cat"),
        ("github", "@octocat_acme"),
        ("github", "https://github.com/octocat2"),
    ] {
        assert_eq!(step_out(&server, connector, known), 201, "{known}");
    }
}

#[test]
fn a_member_id_counts_in_any_case_and_for_what_was_kept_before() {
    let sandbox = Sandbox::new();
    let server = listening(&sandbox);
    let (slack, _) = sources(&server);
    slack.say("Ev1", "C0OPEN", "U0DAVE99", "1794804000.000100", "words-of-dave");
    slack.say("Ev2", "C0OPEN", "U0EVE", "1794804001.000100", "kept-words");
    assert_eq!(step_out(&server, "slack", "u0dave99"), 201);
    slack.say("Ev3", "C0OPEN", "U0DAVE99", "1794804002.000100", "later-words-of-dave");
    assert_eq!(server.summary()["refused"]["opted_out"], 1);
    assert_eq!(left_at_rest(&sandbox, server, "kept-words", &["words-of-dave"]), [""; 0]);
}

#[test]
fn who_was_renamed_takes_everything_along_and_stays_out_under_the_next_name() {
    let sandbox = Sandbox::new();
    let server = listening(&sandbox);
    let (_, github) = sources(&server);
    github.send("pull_request", &change(1, ("oldlogin", 77), "Renamed first", "a"));
    github.send("pull_request", &change(2, ("newlogin", 77), "Renamed second", "b"));
    github.send("pull_request", &change(3, ("bobby", 78), "Kept title, ask oldlogin or newlogin", "c"));
    assert_eq!(server.summary()["captured"]["change"], 3);
    assert_eq!(step_out(&server, "github", "NewLogin"), 201);
    github.send("pull_request", &change(4, ("thirdlogin", 77), "Renamed third", "d"));
    github.send("pull_request", &change(5, ("bobby", 78), "Later title, ask thirdlogin", "e"));
    assert_eq!(server.summary()["refused"]["opted_out"], 1, "the lasting id is known as theirs");
    let gone = ["Renamed", "oldlogin", "newlogin", "thirdlogin"];
    assert_eq!(left_at_rest(&sandbox, server, "Kept title, ask [someone] or [someone]", &gone), [""; 0]);
}

#[test]
fn a_name_that_turns_out_to_be_theirs_takes_what_was_kept_under_another() {
    let sandbox = Sandbox::new();
    let server = listening(&sandbox);
    let (slack, github) = sources(&server);
    github.send("pull_request", &change(1, ("firstlogin", 88), "Unnoticed first", "a"));
    github.send("pull_request", &change(2, ("bobby", 78), "Kept title", "b"));
    slack.say("Ev1", "C0OPEN", "U2", "1794804000.000100", "kept-words: firstlogin knows");
    assert_eq!(step_out(&server, "github", "laterlogin"), 201);
    github.send("pull_request", &change(3, ("laterlogin", 88), "Unnoticed second", "c"));
    assert_eq!(server.summary()["refused"]["opted_out"], 1);
    github.send("pull_request", &change(4, ("lastlogin", 88), "Unnoticed third", "d"));
    assert_eq!(server.summary()["refused"]["opted_out"], 2);
    assert_eq!(server.api("GET", "/people/opt-outs", &Value::Null).1["count"], 1, "it is still one person's request");
    assert_eq!(left_at_rest(&sandbox, server, "kept-words: [someone] knows", &["Unnoticed", "firstlogin"]), [""; 0]);
}

#[test]
fn no_name_and_no_secret_stands_in_a_branch_a_workflow_an_environment_or_a_link() {
    let sandbox = Sandbox::new();
    let server = listening(&sandbox);
    let (_, github) = sources(&server);
    let token = concat!("ghp_", "1234567890abcdefghijABCDEFGHIJ123456");
    assert_eq!(step_out(&server, "github", "frankopt"), 201);
    // Known, named before the account was seen, and stepping out later.
    github.send("workflow_run", &run(8, "Nightly of gustav9", "gustav9-patch-1"));
    github.send("deployment", &deployment(8, "review/gustav9", "gustav9-patch-1"));
    github.send("pull_request", &change(1, ("gustav9", 90), "Own title", "gustav9/fix"));
    github.send("pull_request", &change(2, ("bobby55", 78), "Kept title", "frankopt-patch-1"));
    github.send("pull_request", &change(3, ("bobby55", 78), "Other", &format!("fix/{token}")));
    github.send("pull_request", &change(4, ("bobby55", 78), "Other", "bobby55_fix"));
    github.send("workflow_run", &run(9, "kept-workflow for frankopt password=hunter2hunter2", "frankopt-patch-1"));
    github.send("deployment", &deployment(9, &format!("review_frankopt {token}"), "frankopt-patch-1"));
    github.send("deployment", &deployment(10, "frankopt-preview", "main"));
    assert_eq!(server.summary()["captured"], json!({ "change": 4, "run": 2, "deploy": 3 }), "{}", server.summary());
    assert_eq!(step_out(&server, "github", "gustav9"), 201);
    let left = left_at_rest(&sandbox, server, "kept-workflow", &["frankopt", "ghp_1234", "hunter2hunter2", "gustav9", "bobby55"]);
    assert_eq!(left, [""; 0]);
}

#[test]
fn a_plain_name_goes_whenever_its_owner_was_first_seen() {
    let sandbox = Sandbox::new();
    let server = listening(&sandbox);
    let (slack, github) = sources(&server);
    // Never seen at all.
    assert_eq!(step_out(&server, "github", "neverseen77"), 201);
    github.send("pull_request", &change(1, ("other1", 92), "Blame NeverSeen77 for kept-one", "a"));
    slack.say("Ev1", "C0OPEN", "U2", "1794804001.000100", "ask neverseen77, @neverseen77, _neverseen77_ or neverseen77-bot");
    // Named before the account was seen.
    slack.say("Ev2", "C0OPEN", "U2", "1794804002.000100", "Kilian55 broke it, (kilian55) again");
    github.send("pull_request", &change(2, ("other1", 92), "Undo the work of kilian55", "b"));
    github.send("pull_request", &change(3, ("kilian55", 93), "Mine", "c"));
    assert_eq!(step_out(&server, "github", "kilian55"), 201);
    // Named by themselves, in the delivery that makes them known.
    github.send("pull_request", &change(4, ("zoltan9x", 94), "zoltan9x: first", "d"));
    assert_eq!(server.summary()["captured"], json!({ "change": 4, "message": 2 }));
    assert_eq!(left_at_rest(&sandbox, server, "kept-one", &["neverseen77", "kilian55", "zoltan9x"]), [""; 0]);
}

#[test]
fn the_log_says_that_somebody_asked_on_a_day_and_nothing_else() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    assert_eq!(step_out(&server, "github", "quietperson"), 201);
    server.kill();
    let log = store_bytes::audit_log(&sandbox.data());
    let (leaf, detail) = log.last().unwrap();
    let (said, _) = leaf.split_once(r#","detail":"#).unwrap();
    assert_eq!(said, r#"{"v":1,"at":"2026-11-16T00:00:00Z","actor":"withheld","act":"person.stepped_out""#);
    assert_eq!(detail, "A person stepped out.");
    let verified = sandbox.command(&["verify", "--only", "P7"]);
    assert!(verified.status.success(), "the log is whole: {}", String::from_utf8_lossy(&verified.stdout));
}

#[test]
fn a_token_steps_out_and_counts_only_where_its_scopes_say_so() {
    let mut sandbox = Sandbox::new();
    let token = {
        let store = Store::open(&sandbox.data(), &Kek::read_file(&sandbox.data().join("smartretro.key")).unwrap()).unwrap();
        let (owner, org) = api_token::resume(&store, &sandbox.token, Clock::System.now()).unwrap().unwrap();
        let scopes = [Scope::ReadPatterns, Scope::ReadConnections, Scope::ReadSignals, Scope::Decide];
        api_token::create(&org, (owner.member(), "narrow"), &scopes, owner.actor(), "2026-11-16T04:00:00Z".parse().unwrap()).unwrap()
    };
    token.reveal().clone_into(&mut sandbox.token);
    let server = sandbox.serve(MONDAY);
    assert_eq!(server.api("GET", "/patterns", &Value::Null).0, 200, "the token is good");
    assert_eq!(server.api("GET", "/people/opt-outs", &Value::Null).0, 403);
    assert_eq!(step_out(&server, "github", "ana"), 403);
    server.kill();
    let log = store_bytes::audit_log(&sandbox.data());
    assert!(log.iter().all(|(_, detail)| !detail.contains("/people/opt-outs")), "who tried would mostly be who wants to leave: {log:?}");
}
