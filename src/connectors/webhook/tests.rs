//! What each documented field means, and what is missed where it is missing.

use super::Webhook;
use super::fixtures::{SHA, deploy, incident};
use crate::connectors::conformance::{arrival, delivery, take};
use crate::connectors::places::Places;
use crate::connectors::{Connector, Parsed, Site};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{ActorKind, Deploy, DeployTransition, Event, Incident, IncidentTransition};
use serde_json::{Value, json};

fn read(payload: &Value) -> Result<Parsed, Refusal> {
    take(&Webhook, &delivery(&Webhook, None, payload.to_string().as_bytes()), &mut Places::default())
}

fn with(mut payload: Value, field: &str, value: Value) -> Value {
    payload[field] = value;
    payload
}

fn without(mut payload: Value, field: &str) -> Value {
    payload.as_object_mut().unwrap().remove(field);
    payload
}

#[test]
fn a_deploy_that_names_its_repository_stands_there() {
    let parsed = read(&deploy("succeeded")).unwrap();
    assert_eq!(parsed.place, Place::parse("repository", "acme/web").unwrap());
    assert_eq!((parsed.external_id.as_str(), parsed.occurred_at.to_string().as_str()), ("4711", "2026-03-05T07:09:00Z"));
    assert_eq!((parsed.author, parsed.author_kind, parsed.others), (None, ActorKind::Unknown, Vec::new()));
    assert_eq!(parsed.url, None, "a link to nowhere that an admin named");
    assert_eq!(
        parsed.event,
        Event::Deploy(Deploy {
            transition: DeployTransition::Succeeded,
            environment: "production".to_owned(),
            production: None,
            branch: Some("main".to_owned()),
            sha: Some(SHA.to_owned()),
        })
    );
}

#[test]
fn each_state_of_a_deploy_has_its_transition() {
    for state in DeployTransition::ALL {
        assert_eq!(read(&deploy(state.as_str())).unwrap().event.transition(), state.as_str());
    }
    for state in ["Succeeded", "success", "pending", "opened", ""] {
        assert_eq!(read(&deploy(state)).err(), Some(Refusal::Malformed), "{state}");
    }
}

#[test]
fn who_knows_no_repository_names_a_service() {
    let parsed = read(&with(without(deploy("failed"), "repository"), "service", json!("Checkout API"))).unwrap();
    assert_eq!(parsed.place, Place::parse("service", "checkout-api").unwrap());
    let parsed = read(&with(deploy("failed"), "repository", Value::Null)).unwrap();
    assert_eq!(parsed.place.kind(), "service", "null is as good as nothing");
    for (field, value) in [("repository", "web"), ("repository", "a//c"), ("repository", ""), ("service", ""), ("service", "a?b")] {
        let payload = if field == "service" { without(deploy("failed"), "repository") } else { deploy("failed") };
        assert_eq!(read(&with(payload, field, json!(value))).err(), Some(Refusal::Malformed), "{field}={value}");
    }
    assert_eq!(Webhook.choose("Acme/Web").unwrap(), Place::parse("repository", "acme/web").unwrap());
    assert_eq!(Webhook.choose("Dashboard").unwrap(), Place::parse("service", "dashboard").unwrap());
    assert!(Webhook.choose("https://github.com/acme/web").unwrap_err().0.contains("owner/name"));
}

#[test]
fn an_incident_may_name_the_deploy_that_it_came_from() {
    let parsed = read(&incident("opened")).unwrap();
    assert_eq!((parsed.place.to_string().as_str(), parsed.external_id.as_str()), ("checkout", "PD-17"));
    let expected = Incident {
        transition: IncidentTransition::Opened,
        title: Some("Checkout answers slowly".to_owned()),
        deploy: Some("4711".to_owned()),
    };
    assert_eq!(parsed.event, Event::Incident(expected));
    let bare = without(without(incident("resolved"), "deploy"), "title");
    let expected = Incident { transition: IncidentTransition::Resolved, title: None, deploy: None };
    assert_eq!(read(&bare).unwrap().event, Event::Incident(expected));
    assert_eq!(read(&incident("acknowledged")).err(), Some(Refusal::Malformed));
}

#[test]
fn what_a_kind_must_have_is_missed_and_the_rest_is_not() {
    let missing = |payload: Value, field: &str| read(&without(payload, field)).err();
    for field in ["kind", "id", "environment", "state", "at"] {
        assert_eq!(missing(deploy("failed"), field), Some(Refusal::Malformed), "{field}");
    }
    for field in ["service", "sha", "ref", "url"] {
        assert_eq!(missing(deploy("failed"), field), None, "{field}");
    }
    for field in ["kind", "id", "service", "state", "at"] {
        assert_eq!(missing(incident("opened"), field), Some(Refusal::Malformed), "{field}");
    }
    for (field, value) in
        [("sha", "abc"), ("at", "2026-03-05 08:09"), ("at", "2026-03-05T08:09:00"), ("environment", " "), ("id", "two words")]
    {
        assert_eq!(read(&with(deploy("failed"), field, json!(value))).err(), Some(Refusal::Malformed), "{field}={value}");
    }
    assert_eq!(read(&with(deploy("failed"), "at", json!("2026-06-01T12:10:01Z"))).err(), Some(Refusal::AbsurdTime));
    assert_eq!(read(&with(deploy("failed"), "kind", json!("release"))).err(), Some(Refusal::KindNotRead));
}

#[test]
fn a_link_is_kept_where_the_admin_said_that_its_pages_are() {
    let payload = with(deploy("failed"), "url", json!("https://ci.acme.example/job/web/42")).to_string();
    let delivery = delivery(&Webhook, None, payload.as_bytes());
    let read = |base: &str| {
        let site = Site { base_url: Some(base.to_owned()) };
        Webhook.peek(&delivery).unwrap().read(Place::from_external_id("acme/web").unwrap(), &site, arrival()).unwrap().url
    };
    assert_eq!(read("https://ci.acme.example").as_deref(), Some("https://ci.acme.example/job/web/42"));
    assert_eq!(read("https://ci.acme.examp"), None);
}

#[test]
fn where_a_delivery_belongs_is_told_before_what_it_lacks() {
    let payload = with(with(deploy("failed"), "at", json!([])), "environment", json!(7)).to_string();
    let delivery = delivery(&Webhook, None, payload.as_bytes());
    let peek = Webhook.peek(&delivery).unwrap();
    assert_eq!(peek.place_id, "acme/web");
    assert_eq!(peek.read(Place::from_external_id("acme/web").unwrap(), &Site::default(), arrival()).err(), Some(Refusal::Malformed));
}

#[test]
fn nobody_can_be_meant_by_a_name_here() {
    assert_eq!(Webhook.account("octo-cat"), None);
}
