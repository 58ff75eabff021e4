//! What each event means, in each version of the specification and in both modes of CloudEvents.

use super::CdEvents;
use super::fixtures::{DIGEST, SHA, VERSIONS, change, deployed, enveloped, event, incident, run, service};
use crate::connectors::conformance::{arrival, delivery, secret, take};
use crate::connectors::delivery::Delivery;
use crate::connectors::places::Places;
use crate::connectors::{Connector, Parsed, Site};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{
    ActorKind, Change, ChangeTransition, Conclusion, Deploy, DeployTransition, Event, Incident, IncidentTransition, Review,
    ReviewTransition, Run, RunTransition,
};
use serde_json::{Value, json};

fn read(payload: &Value) -> Result<Parsed, Refusal> {
    take(&CdEvents, &delivery(&CdEvents, None, payload.to_string().as_bytes()), &mut Places::default())
}

#[test]
fn a_deploy_is_the_same_in_every_version_and_both_modes() {
    for version in VERSIONS {
        for payload in [deployed(version), enveloped(&deployed(version))] {
            let parsed = read(&payload).unwrap_or_else(|refusal| panic!("{version}: {refusal}"));
            assert_eq!(parsed.place, Place::parse("service", "checkout").unwrap());
            assert_eq!(parsed.external_id, "271069a8-fc18-44f1-b38f-9d70a1695819", "a service has no id for each deploy");
            assert_eq!(parsed.occurred_at.to_string(), "2026-03-05T08:09:00.315384Z");
            assert_eq!((parsed.author, parsed.author_kind, parsed.url), (None, ActorKind::Unknown, None));
            let expected = Deploy {
                transition: DeployTransition::Succeeded,
                environment: "production".to_owned(),
                production: None,
                branch: None,
                sha: Some(DIGEST.to_owned()),
            };
            assert_eq!(parsed.event, Event::Deploy(expected), "{version}");
        }
    }
}

#[test]
fn other_versions_and_none_are_refused() {
    for version in ["0.1.2", "0.7.0", "1.0.0", "draft"] {
        let mut payload = deployed("0.6.0-draft");
        payload["context"]["specversion"] = json!(version);
        assert_eq!(read(&payload).err(), Some(Refusal::KindNotRead), "{version}");
    }
    let mut payload = deployed("0.6.0-draft");
    payload["context"].as_object_mut().unwrap().remove("specversion");
    assert_eq!(read(&payload).err(), Some(Refusal::Malformed));
}

#[test]
fn what_happens_to_a_service_is_a_state_of_its_deploy() {
    for (predicate, transition) in [
        ("deployed", DeployTransition::Succeeded),
        ("upgraded", DeployTransition::Succeeded),
        ("rolledback", DeployTransition::Failed),
        ("removed", DeployTransition::Retired),
    ] {
        for version in VERSIONS {
            assert_eq!(read(&service(predicate, version)).unwrap().event.transition(), transition.as_str(), "{predicate} {version}");
        }
    }
    assert_eq!(read(&service("published", "0.5.0")).err(), Some(Refusal::NothingToKeep));
    let mut payload = deployed("0.5.0");
    payload["subject"]["content"].as_object_mut().unwrap().remove("environment");
    assert_eq!(read(&payload).err(), Some(Refusal::Malformed), "nobody knows where to");
}

#[test]
fn only_a_digest_names_a_version() {
    for (artifact, expected) in [
        (format!("pkg:oci/shop@sha256:{DIGEST}"), Some(DIGEST)),
        (format!("pkg:github/acme/web@{}#sub", SHA.to_uppercase()), Some(SHA)),
        ("pkg:golang/acme.example/shop@234fd47e07d1004f0aed9c".to_owned(), None),
        ("pkg:oci/shop@v1.2.3".to_owned(), None),
        (format!("pkg:oci/shop?digest=@{DIGEST}"), None),
        (String::new(), None),
    ] {
        let mut payload = deployed("0.5.0");
        payload["subject"]["content"]["artifactId"] = json!(artifact);
        let Event::Deploy(deploy) = read(&payload).unwrap().event else { panic!("a deploy") };
        assert_eq!(deploy.sha.as_deref(), expected, "{artifact}");
    }
}

#[test]
fn a_sender_may_name_the_repository_and_the_commit() {
    for payload in [deployed("0.4.1"), run("pipelinerun", "finished", "0.6.0-draft"), incident("detected", "0.5.0")] {
        for (custom, place) in [
            (json!({"repository": "Acme/Web", "sha": SHA}), Some("acme/web")),
            (json!({"repository": "https://github.com/acme/web"}), None),
            (json!({"repository": ["acme/web"], "sha": 7}), None),
            (json!("acme/web"), None),
            (json!([]), None),
            (Value::Null, None),
        ] {
            for is_enveloped in [false, true] {
                let mut payload = payload.clone();
                payload["customData"] = custom.clone();
                let parsed = read(&if is_enveloped { enveloped(&payload) } else { payload }).unwrap();
                assert_eq!(parsed.place.kind(), if place.is_some() { "repository" } else { "service" }, "{custom}");
                assert!(place.is_none_or(|place| parsed.place.external_id() == place), "{custom}");
                let sha = match parsed.event {
                    Event::Deploy(deploy) => deploy.sha.filter(|sha| sha != DIGEST),
                    Event::Run(run) => run.sha,
                    _ => place.map(|_| SHA.to_owned()),
                };
                assert_eq!(sha.is_some(), place.is_some(), "{custom}");
            }
        }
    }
}

#[test]
fn an_incident_stands_at_its_service_and_names_what_it_came_from() {
    for (predicate, transition) in
        [("detected", IncidentTransition::Opened), ("reported", IncidentTransition::Opened), ("resolved", IncidentTransition::Resolved)]
    {
        let parsed = read(&incident(predicate, "0.6.0-draft")).unwrap();
        assert_eq!((parsed.place.to_string().as_str(), parsed.external_id.as_str()), ("checkout", "incident-123"));
        let deploy = (transition == IncidentTransition::Opened).then(|| "5328c37f-bb7e-4bb7-84ea-9f5f85e4a7ce".to_owned());
        assert_eq!(parsed.event, Event::Incident(Incident { transition, title: None, deploy }), "{predicate}");
    }
    let mut payload = incident("detected", "0.3.0");
    let Event::Incident(found) = read(&payload).unwrap().event else { panic!("an incident") };
    assert_eq!(found.deploy, None, "there were no links yet");
    payload["subject"]["content"].as_object_mut().unwrap().remove("service");
    assert_eq!(read(&payload).err(), Some(Refusal::UnknownPlace), "nobody knows of what");
}

#[test]
fn only_a_link_to_a_trigger_names_what_an_incident_came_from() {
    for (sort, kind) in [("RELATION", "COMPOSITION"), ("PATH", "TRIGGER"), ("END", "TRIGGER")] {
        let mut payload = incident("detected", "0.6.0-draft");
        payload["context"]["links"][1]["linkType"] = json!(sort);
        payload["context"]["links"][1]["linkKind"] = json!(kind);
        let Event::Incident(found) = read(&payload).unwrap().event else { panic!("an incident") };
        assert_eq!(found.deploy, None, "{sort} {kind}");
    }
}

#[test]
fn runs_are_heard_at_their_pipeline_or_task() {
    for version in VERSIONS {
        for subject in ["pipelinerun", "taskrun"] {
            let started = read(&run(subject, "started", version)).unwrap();
            let finished = read(&run(subject, "finished", version)).unwrap();
            assert_eq!((started.place.external_id(), &started.external_id), ("deploy-shop", &finished.external_id), "{version}");
            let expected = |transition, conclusion| {
                let workflow = "Deploy shop".to_owned();
                Event::Run(Run { transition, workflow, branch: None, sha: None, conclusion, attempt: 1, change: None })
            };
            assert_eq!(started.event, expected(RunTransition::Started, None));
            assert_eq!(finished.event, expected(RunTransition::Completed, Some(Conclusion::Failure)));
        }
    }
    assert_eq!(read(&run("pipelinerun", "queued", "0.5.0")).err(), Some(Refusal::NothingToKeep));
    for (outcome, expected) in [
        ("success", Some(Conclusion::Success)),
        ("error", Some(Conclusion::Failure)),
        ("cancel", Some(Conclusion::Cancelled)),
        ("a word of next year", None),
    ] {
        let mut payload = run("taskrun", "finished", "0.6.0-draft");
        payload["subject"]["content"]["outcome"] = json!(outcome);
        let Event::Run(run) = read(&payload).unwrap().event else { panic!("a run") };
        assert_eq!(run.conclusion, expected, "{outcome}");
    }
}

#[test]
fn a_change_is_heard_in_its_repository_without_words() {
    for version in VERSIONS {
        for (predicate, transition) in [
            ("created", ChangeTransition::Opened),
            ("updated", ChangeTransition::Updated),
            ("merged", ChangeTransition::Merged),
            ("abandoned", ChangeTransition::Closed),
        ] {
            let parsed = read(&change(predicate, version)).unwrap();
            assert_eq!((parsed.place.external_id(), parsed.external_id.as_str()), ("acme/web", "12"));
            assert_eq!(parsed.event, Event::Change(Change { transition, title: None, branch: None, sha: None }), "{predicate} {version}");
        }
        let reviewed = read(&change("reviewed", version)).unwrap().event;
        assert_eq!(reviewed, Event::Review(Review { transition: ReviewTransition::Commented, change: "12".to_owned() }));
    }
    let mut payload = change("created", "0.2.0");
    payload["subject"]["content"] = json!({});
    assert_eq!(read(&payload).err(), Some(Refusal::UnknownPlace));
}

#[test]
fn other_subjects_are_not_read_whatever_is_in_them() {
    for (subject, predicate) in [
        ("artifact", "published"),
        ("branch", "created"),
        ("build", "finished"),
        ("environment", "created"),
        ("repository", "modified"),
        ("testsuiterun", "finished"),
        ("ticket", "created"),
        ("approval", "closed"),
    ] {
        let mut payload = event(subject, predicate, "0.6.0-draft", "x", &json!({}));
        payload["subject"] = json!([{"not": "an object"}]);
        assert_eq!(read(&payload).err(), Some(Refusal::KindNotRead), "{subject}.{predicate}");
    }
}

#[test]
fn an_envelope_and_its_event_must_say_the_same() {
    let genuine = enveloped(&deployed("0.5.0"));
    let with = |field: &str, value: Value| {
        let mut payload = genuine.clone();
        payload[field] = value;
        read(&payload).err()
    };
    assert_eq!(with("type", json!("dev.cdevents.service.removed.0.2.0")), Some(Refusal::Malformed));
    assert_eq!(with("type", Value::Null), Some(Refusal::Malformed));
    assert_eq!(with("context", deployed("0.5.0")["context"].clone()), Some(Refusal::Malformed), "two events in one");
    assert_eq!(with("data", json!("PHg+")), Some(Refusal::Malformed));
    let batch = Value::Array(vec![genuine.clone()]);
    assert_eq!(read(&batch).err(), Some(Refusal::Malformed), "one event a delivery");
}

#[test]
fn no_header_decides_what_an_event_is() {
    let body = deployed("0.5.0").to_string().into_bytes();
    let mut headers = CdEvents.sign(&body, None, &secret(), arrival());
    for (name, value) in [
        ("ce-specversion", "1.0"),
        ("ce-type", "dev.cdevents.incident.detected.0.3.0"),
        ("ce-id", "another"),
        ("ce-source", "/another"),
        ("ce-subject", "another"),
        ("ce-time", "2007-01-01T00:00:00Z"),
    ] {
        headers.push((name.to_owned(), value.to_owned()));
    }
    headers.retain(|(name, _)| name != "Content-Type");
    headers.push(("Content-Type".to_owned(), "application/cloudevents+json".to_owned()));
    let forged = Delivery::new(headers, body.clone());
    assert_eq!(CdEvents.verify(&forged, &secret(), arrival()), Ok(()));
    let plain = delivery(&CdEvents, None, &body);
    assert_eq!(take(&CdEvents, &forged, &mut Places::default()), take(&CdEvents, &plain, &mut Places::default()));
}

#[test]
fn a_link_is_kept_where_the_admin_said_that_its_pages_are() {
    let mut payload = run("pipelinerun", "finished", "0.5.0");
    payload["subject"]["content"]["uri"] = json!("https://tekton.acme.example/runs/42");
    let delivery = delivery(&CdEvents, None, payload.to_string().as_bytes());
    let site = Site { base_url: Some("https://tekton.acme.example".to_owned()) };
    let peek = CdEvents.peek(&delivery).unwrap();
    let place = || CdEvents.place("Deploy shop").unwrap();
    assert_eq!(peek.read(place(), &site, arrival()).unwrap().url.as_deref(), Some("https://tekton.acme.example/runs/42"));
    assert_eq!(peek.read(place(), &Site::default(), arrival()).unwrap().url, None);
    // A deploy has no field for one: its sender has.
    for (url, expected) in [("https://tekton.acme.example/d/1", true), ("https://elsewhere.example/d/1", false)] {
        let mut payload = deployed("0.6.0-draft");
        payload["customData"] = json!({"url": url});
        let delivery = Delivery::new(Vec::new(), payload.to_string().into_bytes());
        let parsed = CdEvents.peek(&delivery).unwrap().read(CdEvents.place("checkout").unwrap(), &site, arrival()).unwrap();
        assert_eq!(parsed.url.as_deref(), expected.then_some(url));
    }
}

#[test]
fn a_time_that_cannot_be_is_refused() {
    let mut payload = deployed("0.5.0");
    payload["context"]["timestamp"] = json!("2026-06-01T12:10:01Z");
    assert_eq!(read(&payload).err(), Some(Refusal::AbsurdTime));
}
