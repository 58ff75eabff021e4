//! The clock of a sandbox, and the looks that fall due when it moves.

use crate::support::{MONDAY, Sandbox, Server};
use serde_json::json;
use smartretro::base::clock::Instant;
use smartretro::crypto::keys::Kek;
use smartretro::orgs::teams;
use smartretro::store::Store;
use std::process::Command;

/// Looks of 241 years on: a debug build makes them in minutes.
const FAR: &str = "2267-11-16T05:00:00Z";

/// Up to when the one team was looked at, once no server runs.
fn looked_at(sandbox: &Sandbox) -> Instant {
    let store = Store::open(&sandbox.data(), &Kek::read_file(&sandbox.data().join("smartretro.key")).unwrap()).unwrap();
    let org = store.org(store.orgs()[0]).unwrap().unwrap();
    teams::list(&org).unwrap()[0].looked_at
}

fn with_a_team(sandbox: &Sandbox) -> Server {
    let server = sandbox.serve(MONDAY);
    let (connection, _) = server.connect("github", None);
    assert_eq!(server.switch(&connection, "acme/web", true), 200);
    server
}

#[test]
fn the_clock_moves_no_further_at_once_than_its_looks_can_be_waited_for() {
    let sandbox = Sandbox::new();
    let server = with_a_team(&sandbox);
    for far in [FAR, "1926-11-16T05:00:00Z", "9999-12-30T22:00:00Z", "-009999-01-02T01:59:59Z"] {
        let (status, problem) = server.api("PUT", "/sandbox/clock", &json!({ "at": far }));
        assert_eq!(status, 422, "{far}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains("in steps of at most 1,000 days"), "{problem}");
    }
    for near in ["2024-02-22T05:00:00Z", MONDAY, "2029-08-11T05:00:00Z"] {
        assert_eq!(server.api("PUT", "/sandbox/clock", &json!({ "at": near })), (200, json!({ "at": near })), "{near}");
    }
}

#[test]
fn a_server_ends_when_it_is_told_to_whatever_is_due() {
    let sandbox = Sandbox::new();
    with_a_team(&sandbox).kill();
    let server = sandbox.serve(FAR);
    assert_eq!(server.get("/livez").0, 200, "it listens to what it is told");
    assert!(Command::new("kill").arg(server.pid().to_string()).status().unwrap().success());
    server.wait();
    assert!(looked_at(&sandbox) < "2267-01-01T00:00:00Z".parse().unwrap(), "it ended before it was done");
}
