//! Stepping out.

use crate::support::senders::Slack;
use crate::support::{MONDAY, Sandbox};
use serde_json::{Value, json};

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
