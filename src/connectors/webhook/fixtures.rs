//! Deliveries in the documented form, with a canary in everything that is not to be read.

use crate::connectors::conformance::{CANARY, Closed, Fixtures, Mention, Replay, Sample};
use crate::connectors::webhook::Webhook;
use serde_json::{Value, json};

pub(in crate::connectors) fn fixtures() -> Fixtures {
    let mut by_service = deploy("failed");
    by_service.as_object_mut().unwrap().remove("repository");
    Fixtures {
        connector: &Webhook,
        genuine: Sample::bare(&deploy("succeeded")),
        direct_message: Closed::NonePossible("it tells of deploys and incidents, and of no conversation"),
        contradiction: Closed::NonePossible("where a repository and a service are named, the repository is the place"),
        guest: Closed::NonePossible("nobody is named"),
        mention: Mention::NonePossible("a title is what a tool or a person wrote: nothing is written into it here"),
        replay: Replay::Window,
        code: vec![Sample::bare(&deploy("succeeded")), Sample::bare(&by_service), Sample::bare(&incident("opened"))],
        comes_through: &["/id", "/environment", "/ref", "/title", "/deploy"],
        scopes_never: &["read", "write", "admin"],
    }
}

pub(super) const SHA: &str = "0123456789abcdef0123456789abcdef01234567";

pub(super) fn deploy(state: &str) -> Value {
    json!({
        "kind": "deploy", "id": "4711", "repository": "acme/web", "service": "checkout", "environment": "production", "state": state,
        "sha": SHA, "ref": "main", "at": "2026-03-05T08:09:00+01:00", "url": CANARY,
        "description": CANARY, "user": {"name": CANARY, "email": CANARY}, "log": CANARY, "changes": [{"message": CANARY, "files": [CANARY]}],
    })
}

pub(super) fn incident(state: &str) -> Value {
    json!({
        "kind": "incident", "id": "PD-17", "service": "checkout", "state": state, "title": "Checkout answers slowly", "deploy": "4711",
        "at": "2026-03-05T09:00:00Z", "url": CANARY, "body": {"details": CANARY}, "assignees": [{"summary": CANARY}],
    })
}
