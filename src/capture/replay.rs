//! Recorded payloads, signed with the connection's own secret and sent through the whole path like any delivery.

use crate::base::clock::Clock;
use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::capture::{Desk, Outcome, capture};
use crate::connectors::delivery::Delivery;
use crate::connectors::{Recorded, connector};
use crate::crypto::random;
use crate::orgs::connections;
use crate::signals::refusal::Refusal;
use crate::store::OrgDb;

/// A recorded payload.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Recording {
    /// Where it was read from, for the report.
    pub source: String,
    /// What was found beside it that may name the event's kind, the strongest first.
    pub hints: Vec<String>,
    #[serde(with = "base64_text")]
    pub payload: Vec<u8>,
}

/// A payload need not be UTF-8, and a list of numbers would be four times as long.
mod base64_text {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Replayed {
    pub source: String,
    /// `captured`, `refused`, `duplicate` or `rejected`.
    pub outcome: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Replayed {
    /// A line about something that did not get as far as the path.
    pub fn rejected(source: String, reason: &str) -> Self {
        Self { source, outcome: "rejected".to_owned(), kind: None, reason: Some(reason.to_owned()) }
    }
}

/// Feeds one recording.
pub fn feed(desk: &Desk, org: &OrgDb, clock: &Clock, connection: ConnectionId, recording: &Recording) -> Result<Replayed, Fault> {
    let source = recording.source.clone();
    let Some((found, secret)) = connections::find_with_secret(org, connection)? else {
        return Ok(Replayed::rejected(source, "unknown_connection"));
    };
    let Some(tool) = connector(&found.connector) else {
        return Ok(Replayed::rejected(source, "no_connector"));
    };
    let fresh_id = hex::encode(random::bytes::<8>()?);
    let hints: Vec<&str> = recording.hints.iter().map(String::as_str).collect();
    let (kind, body) = match tool.recorded(&recording.payload, &hints, &fresh_id) {
        Recorded::Event { kind, body } => (kind, body),
        Recorded::NotAnEvent => return Ok(line(source, &Outcome::Refused(Refusal::NotAnEvent))),
    };
    let headers = tool.sign(&body, kind.as_deref(), &secret, clock.now());
    let outcome = capture(desk, org, clock, (tool.name(), connection), &Delivery::new(headers, body))?;
    Ok(line(source, &outcome))
}

fn line(source: String, outcome: &Outcome) -> Replayed {
    let (outcome, kind, reason) = match outcome {
        Outcome::Captured(kind) => ("captured", Some(kind.as_str().to_owned()), None),
        Outcome::Duplicate => ("duplicate", None, Some("seen_before".to_owned())),
        Outcome::Refused(refusal) => ("refused", None, Some(refusal.as_str().to_owned())),
        Outcome::Unseen => ("refused", None, Some(Refusal::OptedOut.as_str().to_owned())),
        Outcome::Handshake(_) => ("refused", None, Some(Refusal::NotAnEvent.as_str().to_owned())),
        Outcome::Unverified(reason) => ("rejected", None, Some(reason.as_str().to_owned())),
        Outcome::UnknownConnection => ("rejected", None, Some("unknown_connection".to_owned())),
    };
    Replayed { source, outcome: outcome.to_owned(), kind, reason }
}
