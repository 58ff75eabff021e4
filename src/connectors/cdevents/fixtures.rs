//! CDEvents of each version of the specification, with a canary in everything that is not to be read.
//!
//! Written from the specification's facts (cdevents/spec: `spec.md`, `core.md`, `continuous-deployment.md`, `continuous-operations.md`,
//! `source-code-version-control.md`, `links.md`, 'CloudEvents Binding'; the versions of the types from its SDKs' constants):
//!
//! | specification | its version stands in | service, incident, run | change | subject has `type` | `links` |
//! |---|---|---|---|---|---|
//! | 0.2, 0.3 | `version` | 0.1.0 | 0.1.1, 0.1.2 | yes | no |
//! | 0.4 | `version` | 0.1.0, 0.1.1, 0.2.0 | 0.1.2, 0.2.0, 0.3.0 | yes | yes |
//! | 0.5 | `specversion` | 0.2.0, 0.3.0 | 0.3.0, 0.4.0 | no | yes |
//! | 0.6 | `specversion` | 0.3.0 | 0.3.0, 0.4.0 | no | yes |

use crate::connectors::cdevents::CdEvents;
use crate::connectors::conformance::{CANARY, Closed, Fixtures, Mention, Replay, Sample};
use serde_json::{Value, json};

/// The versions whose events are read.
pub(super) const VERSIONS: [&str; 5] = ["0.2.0", "0.3.0", "0.4.1", "0.5.0", "0.6.0-draft"];

pub(in crate::connectors) fn fixtures() -> Fixtures {
    Fixtures {
        connector: &CdEvents,
        genuine: Sample::bare(&deployed("0.6.0-draft")),
        direct_message: Closed::NonePossible("it tells of deliveries of software, and of no conversation"),
        contradiction: Closed::NonePossible("where the sender names a repository of its own accord, that is the place"),
        guest: Closed::NonePossible("nobody is named"),
        mention: Mention::NonePossible("no text that a person writes is read"),
        replay: Replay::Window,
        code: vec![
            Sample::bare(&deployed("0.4.1")),
            Sample::bare(&deployed("0.6.0-draft")),
            Sample::bare(&enveloped(&deployed("0.5.0"))),
            Sample::bare(&incident("detected", "0.6.0-draft")),
            Sample::bare(&run("pipelinerun", "finished", "0.5.0")),
            Sample::bare(&run("taskrun", "started", "0.3.0")),
            Sample::bare(&change("created", "0.6.0-draft")),
            Sample::bare(&change("reviewed", "0.2.0")),
            // Not read at all.
            Sample::bare(&event("testcaserun", "finished", "0.6.0-draft", "t1", &json!({"reason": CANARY, "outcome": "fail"}))),
        ],
        // The id in a link to what triggered an incident comes too; the kit fills whole links with one word, and then it is no such link.
        comes_through: &[
            "/context/id",
            "/subject/id",
            "/subject/content/environment/id",
            "/subject/content/pipelineName",
            "/subject/content/taskName",
            "/data/context/id",
            "/data/subject/content/environment/id",
        ],
        scopes_never: &["read", "write", "admin"],
    }
}

pub(super) const DIGEST: &str = "0b31b1c02ff458ad9b7b81cbdf8f028bd54699fa151f221d1e8de6817db93427";
pub(super) const SHA: &str = "0123456789abcdef0123456789abcdef01234567";

/// An event as this version of the specification has it.
pub(super) fn event(subject: &str, predicate: &str, version: &str, id: &str, content: &Value) -> Value {
    let is_new = version.starts_with("0.5") || version.starts_with("0.6");
    let type_version = match (version, subject) {
        ("0.2.0", "change") => "0.1.1",
        ("0.3.0", "change") => "0.1.2",
        ("0.2.0" | "0.3.0", _) => "0.1.0",
        ("0.4.1" | "0.5.0", _) => "0.2.0",
        _ => "0.3.0",
    };
    let mut event = json!({
        "context": {
            "id": "271069a8-fc18-44f1-b38f-9d70a1695819", "source": CANARY,
            "type": format!("dev.cdevents.{subject}.{predicate}.{type_version}"), "timestamp": "2026-03-05T08:09:00.315384Z",
        },
        "subject": {"id": id, "source": CANARY, "content": content},
        "customData": {"note": CANARY, "author": {"email": CANARY}},
        "customDataContentType": "application/json",
    });
    event["context"][if is_new { "specversion" } else { "version" }] = json!(version);
    if !is_new {
        event["subject"]["type"] = json!(subject);
    }
    if is_new || version.starts_with("0.4") {
        event["context"]["chainId"] = json!("4c8cb7dd-3448-41de-8768-eec704e2829b");
        event["context"]["links"] = json!([
            {"linkType": "PATH", "from": {"contextId": CANARY}, "tags": {"note": CANARY}},
            {"linkType": "RELATION", "linkKind": "TRIGGER", "target": {"contextId": "5328c37f-bb7e-4bb7-84ea-9f5f85e4a7ce"}, "tags": {"note": CANARY}},
        ]);
    }
    event
}

fn artifact() -> String {
    format!("pkg:oci/shop@sha256%3A{DIGEST}?repository_url=registry.acme.example")
}

pub(super) fn service(predicate: &str, version: &str) -> Value {
    let environment = json!({"id": "production", "source": CANARY, "name": CANARY});
    event("service", predicate, version, "Checkout", &json!({"environment": environment, "artifactId": artifact()}))
}

pub(super) fn deployed(version: &str) -> Value {
    service("deployed", version)
}

pub(super) fn incident(predicate: &str, version: &str) -> Value {
    let content = json!({
        "description": CANARY, "environment": {"id": "production"}, "service": {"id": "checkout", "source": CANARY}, "artifactId": artifact(),
        "ticketURI": CANARY,
    });
    event("incident", predicate, version, "incident-123", &content)
}

pub(super) fn run(subject: &str, predicate: &str, version: &str) -> Value {
    let mut content = json!({"uri": CANARY, "url": CANARY, "errors": CANARY});
    content[if subject == "taskrun" { "taskName" } else { "pipelineName" }] = json!("Deploy shop");
    if subject == "taskrun" {
        content["pipelineRun"] = json!({"id": CANARY});
    }
    if predicate == "finished" {
        content["outcome"] = json!("failure");
    }
    event(subject, predicate, version, "run-42", &content)
}

pub(super) fn change(predicate: &str, version: &str) -> Value {
    let content = json!({"description": CANARY, "repository": {"id": "Acme/Web", "source": CANARY}});
    event("change", predicate, version, "12", &content)
}

/// The same in the envelope of CloudEvents' structured mode.
pub(super) fn enveloped(event: &Value) -> Value {
    json!({
        "specversion": "1.0", "id": event["context"]["id"], "source": event["context"]["source"], "type": event["context"]["type"],
        "subject": event["subject"]["id"], "time": event["context"]["timestamp"], "datacontenttype": "application/cdevents+json", "data": event,
    })
}
