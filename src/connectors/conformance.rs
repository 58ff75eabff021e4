//! What every connector must stand: forged and replayed deliveries, direct messages, contradictions, guests, code,
//! arbitrary bytes; and the mentions of other places that it may bring, which the redactor must know.
//!
//! A new connector adds its fixtures to [`kits`]; until then the first test here fails.

use super::delivery::Delivery;
use super::places::Places;
use super::{
    CONNECTORS, Connector, Parsed, PlaceClaim, Recorded, Site, Unverified, bitbucket, cdevents, gitea, github, gitlab, slack, webhook,
};
use crate::base::clock::{Instant, SignedDuration};
use crate::base::secret::Secret;
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

/// Stands wherever a payload holds what is not to be read: code, descriptions, names, links.
pub(super) const CANARY: &str = "canary_7c1e(&mut self) -> Result<(), Leak>";

const SECRET: &str = "the secret of a test";

fn kits() -> Vec<Fixtures> {
    vec![
        github::fixtures::fixtures(),
        gitlab::fixtures::fixtures(),
        gitea::fixtures::fixtures(),
        bitbucket::fixtures::fixtures(),
        slack::fixtures::fixtures(),
        cdevents::fixtures::fixtures(),
        webhook::fixtures::fixtures(),
    ]
}

/// What a connector brings along.
pub(super) struct Fixtures {
    pub(super) connector: &'static dyn Connector,
    /// A delivery that is captured.
    pub(super) genuine: Sample,
    pub(super) direct_message: Closed,
    /// Deliveries that say two things about where they stand.
    pub(super) contradiction: Closed,
    /// Deliveries of people from outside, in a place that is open and not said to be shared.
    pub(super) guest: Closed,
    pub(super) mention: Mention,
    pub(super) replay: Replay,
    /// Deliveries with [`CANARY`] in everything that is not read; refused or not, it never comes through.
    pub(super) code: Vec<Sample>,
    /// The text fields that can come through, as JSON pointers with `*` for an index: all of them, and no other.
    pub(super) comes_through: &'static [&'static str],
    /// What must not stand in the rights it asks for.
    pub(super) scopes_never: &'static [&'static str],
}

/// What a tool may send and is never read.
pub(super) enum Closed {
    /// The tool cannot send it; the reason.
    NonePossible(&'static str),
    /// Each of these is refused before its text is read.
    Refused(Vec<Sample>),
}

impl Closed {
    fn samples(&self) -> &[Sample] {
        match self {
            Self::NonePossible(reason) => {
                assert!(!reason.is_empty());
                &[]
            }
            Self::Refused(samples) => {
                assert!(!samples.is_empty());
                samples
            }
        }
    }
}

/// How a tool writes another place into a text: that may be one which nobody switched on, with a name that says much.
pub(super) enum Mention {
    /// It writes none of its own accord; the reason.
    NonePossible(&'static str),
    /// Each of these has `canary` in the place's id and in its name.
    Written(&'static [&'static str]),
}

/// Every mention that a connector may bring, for the redactor's own test: none may leave an id or a name behind.
pub(crate) fn mentions() -> Vec<&'static str> {
    let written = kits().into_iter().flat_map(|kit| match kit.mention {
        Mention::NonePossible(reason) => {
            assert!(!reason.is_empty());
            &[]
        }
        Mention::Written(texts) => texts,
    });
    written.copied().collect()
}

/// What makes an old delivery worthless.
#[derive(PartialEq)]
pub(super) enum Replay {
    /// The tool signs the time.
    Window,
    /// The tool signs the body alone: the same bytes are recognised.
    BodyAlone,
}

/// A body and the kind it is sent as.
pub(super) struct Sample {
    kind: Option<&'static str>,
    body: Vec<u8>,
}

impl Sample {
    pub(super) fn new(kind: &'static str, payload: &Value) -> Self {
        Self { kind: Some(kind), body: payload.to_string().into_bytes() }
    }

    pub(super) fn bare(payload: &Value) -> Self {
        Self { kind: None, body: payload.to_string().into_bytes() }
    }
}

/// When every delivery here arrives.
pub(super) fn arrival() -> Instant {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

pub(super) fn secret() -> Secret<String> {
    Secret::new(SECRET.to_owned())
}

/// The genuine delivery of `body`, sent now.
pub(super) fn delivery(connector: &dyn Connector, kind: Option<&str>, body: &[u8]) -> Delivery {
    Delivery::new(connector.sign(body, kind, &secret(), arrival()), body.to_vec())
}

/// What capture does with a delivery whose source is switched on, up to and without the store.
pub(super) fn take(connector: &dyn Connector, delivery: &Delivery, places: &mut Places) -> Result<Parsed, Refusal> {
    let peek = connector.peek(delivery)?;
    if let Some(refusal) = places.learn(&peek.place_id, peek.claim).refusal() {
        return Err(refusal);
    }
    let place = connector.place(&peek.place_id).ok_or(Refusal::UnknownPlace)?;
    peek.read(place, &Site::default(), arrival())
}

fn taken(connector: &dyn Connector, sample: &Sample) -> Result<Parsed, Refusal> {
    take(connector, &delivery(connector, sample.kind, &sample.body), &mut Places::default())
}

#[test]
fn every_connector_has_fixtures() {
    let with_fixtures: Vec<&str> = kits().iter().map(|kit| kit.connector.name()).collect();
    let listed: Vec<&str> = CONNECTORS.iter().map(|connector| connector.name()).collect();
    assert_eq!(with_fixtures, listed);
}

#[test]
fn a_genuine_delivery_is_proven_and_read() {
    for kit in kits() {
        let delivery = delivery(kit.connector, kit.genuine.kind, &kit.genuine.body);
        assert_eq!(kit.connector.verify(&delivery, &secret(), arrival()), Ok(()));
        assert!(taken(kit.connector, &kit.genuine).is_ok(), "{}", kit.connector.name());
        assert_eq!(kit.connector.handshake(&delivery), None);
        let hints: Vec<&str> = kit.genuine.kind.into_iter().collect();
        let expected = Recorded::Event { kind: kit.genuine.kind.map(str::to_owned), body: kit.genuine.body.clone() };
        assert_eq!(kit.connector.recorded(&kit.genuine.body, &hints, "fresh"), expected, "a recorded delivery is sent as it is");
    }
}

#[test]
fn a_forged_delivery_is_not_proven() {
    for kit in kits() {
        let connector = kit.connector;
        let headers = connector.sign(&kit.genuine.body, kit.genuine.kind, &secret(), arrival());
        for at in 0..kit.genuine.body.len() {
            let mut body = kit.genuine.body.clone();
            body[at] ^= 1;
            let forged = Delivery::new(headers.clone(), body);
            assert_eq!(connector.verify(&forged, &secret(), arrival()), Err(Unverified::BadSignature), "{} byte {at}", connector.name());
        }
        let genuine = || Delivery::new(headers.clone(), kit.genuine.body.clone());
        assert_eq!(connector.verify(&genuine(), &Secret::new("another".to_owned()), arrival()), Err(Unverified::BadSignature));
        assert_eq!(connector.verify(&genuine(), &Secret::new(String::new()), arrival()), Err(Unverified::BadSignature));
        let naked = Delivery::new(Vec::new(), kit.genuine.body.clone());
        assert_eq!(connector.verify(&naked, &secret(), arrival()), Err(Unverified::MissingSignature));
        let doubled = Delivery::new([headers.clone(), headers.clone()].concat(), kit.genuine.body.clone());
        assert_eq!(connector.verify(&doubled, &secret(), arrival()), Err(Unverified::MissingSignature));
    }
}

#[test]
fn a_replayed_delivery_is_stale_or_recognised() {
    for kit in kits() {
        let replayed = delivery(kit.connector, kit.genuine.kind, &kit.genuine.body);
        for hours in [-1, 1, 24 * 365] {
            let later = arrival() + SignedDuration::from_hours(hours);
            let expected = if kit.replay == Replay::Window { Err(Unverified::StaleTimestamp) } else { Ok(()) };
            assert_eq!(kit.connector.verify(&replayed, &secret(), later), expected, "{}", kit.connector.name());
        }
        let key = || taken(kit.connector, &kit.genuine).map(|parsed| parsed.dedupe_key).ok();
        assert!(key().is_some_and(|key| !key.is_empty()));
        assert_eq!(key(), key(), "the same bytes have the same key");
    }
}

#[test]
fn a_direct_message_is_refused_before_its_text_is_read() {
    for kit in kits() {
        for sample in kit.direct_message.samples() {
            let delivery = delivery(kit.connector, sample.kind, &sample.body);
            let peek = kit.connector.peek(&delivery).unwrap();
            assert!(peek.claim.refusal().is_some(), "{peek:?}");
            // Even if a caller forgot to ask: a claim that says more than nothing is refused by the parser too.
            if peek.claim > PlaceClaim::Open {
                let place = Place::from_external_id("C0OTHER").unwrap();
                assert_eq!(peek.read(place, &Site::default(), arrival()).err(), peek.claim.refusal());
            }
        }
    }
}

/// What becomes of a delivery where everything before it was genuine, and its place was found open.
fn taken_where_open(kit: &Fixtures, sample: &Sample) -> Result<Parsed, Refusal> {
    let mut places = Places::default();
    take(kit.connector, &delivery(kit.connector, kit.genuine.kind, &kit.genuine.body), &mut places).unwrap();
    take(kit.connector, &delivery(kit.connector, sample.kind, &sample.body), &mut places)
}

#[test]
fn a_contradiction_is_refused_and_the_stricter_word_is_the_reason() {
    for kit in kits() {
        for sample in kit.contradiction.samples() {
            let refusal = taken_where_open(&kit, sample).err();
            assert!(refusal.is_some_and(|refusal| refusal != Refusal::Malformed), "{}: {refusal:?}", String::from_utf8_lossy(&sample.body));
        }
    }
}

#[test]
fn a_place_with_guests_is_a_shared_place_from_then_on() {
    for kit in kits() {
        for sample in kit.guest.samples() {
            assert_eq!(taken_where_open(&kit, sample).err(), Some(Refusal::SharedChannel), "{}", String::from_utf8_lossy(&sample.body));
            let mut places = Places::default();
            assert!(take(kit.connector, &delivery(kit.connector, sample.kind, &sample.body), &mut places).is_err());
            let after = take(kit.connector, &delivery(kit.connector, kit.genuine.kind, &kit.genuine.body), &mut places);
            assert_eq!(after.err(), Some(Refusal::SharedChannel), "what was said of the place stays");
        }
    }
}

#[test]
fn every_mention_of_a_place_carries_a_canary() {
    assert!(!mentions().is_empty());
    for mention in mentions() {
        assert!(mention.to_lowercase().contains("canary"), "{mention}");
    }
}

#[test]
fn code_never_comes_through() {
    for kit in kits() {
        assert!(!kit.code.is_empty());
        let mut read = 0;
        for sample in &kit.code {
            assert!(String::from_utf8_lossy(&sample.body).contains("canary_7c1e"), "the fixture holds the canary");
            if let Ok(parsed) = taken(kit.connector, sample) {
                read += 1;
                assert!(!format!("{parsed:?}").contains("canary_7c1e"), "{parsed:?}");
                assert_eq!(parsed.others, Vec::new(), "no account beside the author is read");
            }
        }
        assert!(read > 0, "{}: the test looks at nothing", kit.connector.name());
    }
}

/// A word that fits wherever a text does.
const WORD: &str = "Ccanary7c1e";

/// Replaces all texts in `value` by [`WORD`].
fn mark(value: &mut Value) {
    match value {
        Value::String(text) => WORD.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(mark),
        Value::Object(fields) => fields.values_mut().for_each(mark),
        _ => {}
    }
}

/// The text fields of a payload that come through when they are replaced by [`WORD`], as [`Fixtures::comes_through`] has
/// them. Whole branches first: where nothing of a branch comes through and nothing of it is missed, its leaves need no look.
pub(super) fn text_that_comes_through(connector: &dyn Connector, kind: Option<&str>, payload: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut branches = vec![String::new()];
    while let Some(pointer) = branches.pop() {
        let mut marked = payload.clone();
        mark(marked.pointer_mut(&pointer).unwrap());
        let taken = take(connector, &delivery(connector, kind, marked.to_string().as_bytes()), &mut Places::default());
        let comes_through = taken.as_ref().is_ok_and(|parsed| format!("{parsed:?}").contains(WORD));
        if taken.is_ok() && !comes_through {
            continue;
        }
        match payload.pointer(&pointer).unwrap() {
            Value::Array(items) => branches.extend((0..items.len()).map(|index| format!("{pointer}/{index}"))),
            Value::Object(fields) => branches.extend(fields.keys().map(|name| format!("{pointer}/{name}"))),
            _ if comes_through => {
                let steps = pointer.split('/').map(|step| if step.parse::<usize>().is_ok() { "*" } else { step });
                found.insert(steps.collect::<Vec<_>>().join("/"));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn exactly_the_disclosed_text_fields_come_through() {
    for kit in kits() {
        let through = |sample: &Sample| text_that_comes_through(kit.connector, sample.kind, &serde_json::from_slice(&sample.body).unwrap());
        let found: BTreeSet<String> = kit.code.iter().flat_map(through).collect();
        let expected: BTreeSet<String> = kit.comes_through.iter().map(|pointer| (*pointer).to_owned()).collect();
        assert_eq!(found, expected, "{}", kit.connector.name());
    }
}

#[test]
fn the_disclosure_is_complete_and_asks_for_no_more_than_it_needs() {
    for kit in kits() {
        let disclosure = kit.connector.disclosure();
        for lines in [disclosure.reads, disclosure.never, disclosure.scopes, disclosure.prepare, disclosure.setup] {
            assert!(!lines.is_empty(), "{}", kit.connector.name());
            assert!(lines.iter().all(|line| !line.is_empty() && line.trim() == *line));
        }
        for scope in disclosure.scopes {
            let scope = scope.to_lowercase();
            assert!(kit.scopes_never.iter().all(|never| !scope.contains(never)), "{scope}");
        }
    }
}

#[test]
fn a_missing_field_or_a_wrong_type_is_refused_not_guessed() {
    fn holed(value: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
        if let Value::Object(fields) = value {
            for (name, inner) in fields {
                path.push(name.clone());
                found.push(path.clone());
                holed(inner, path, found);
                path.pop();
            }
        }
    }
    for kit in kits() {
        let payload: Value = serde_json::from_slice(&kit.genuine.body).unwrap();
        let mut paths = Vec::new();
        holed(&payload, &mut Vec::new(), &mut paths);
        let mut refused = 0;
        for path in paths {
            for replacement in [None, Some(Value::Null), Some(Value::from(7)), Some(Value::from("")), Some(serde_json::json!([{}]))] {
                let mut holed = payload.clone();
                let (last, parents) = path.split_last().unwrap();
                let parent = parents.iter().fold(&mut holed, |value, name| &mut value[name.as_str()]).as_object_mut().unwrap();
                match replacement {
                    None => parent.remove(last),
                    Some(value) => parent.insert(last.clone(), value),
                };
                let sample = Sample { kind: kit.genuine.kind, body: holed.to_string().into_bytes() };
                refused += usize::from(taken(kit.connector, &sample).is_err());
            }
        }
        assert!(refused > 20, "{}: {refused}", kit.connector.name());
    }
}

#[test]
fn a_cut_delivery_is_malformed() {
    for kit in kits() {
        for end in 0..kit.genuine.body.len() {
            let sample = Sample { kind: kit.genuine.kind, body: kit.genuine.body[..end].to_vec() };
            assert_eq!(taken(kit.connector, &sample).err(), Some(Refusal::Malformed), "{} cut at {end}", kit.connector.name());
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(body in prop::collection::vec(any::<u8>(), 0..600), header in "[ -~]{0,80}") {
        for kit in kits() {
            let headers = kit.connector.sign(&body, kit.genuine.kind, &secret(), arrival()).into_iter();
            let forged = headers.map(|(name, _)| (name, header.clone())).collect();
            prop_assert!(kit.connector.verify(&Delivery::new(forged, body.clone()), &secret(), arrival()).is_err());
            let delivery = delivery(kit.connector, kit.genuine.kind, &body);
            prop_assert!(take(kit.connector, &delivery, &mut Places::default()).is_err());
            prop_assert!(kit.connector.handshake(&delivery).is_none());
            let _ = kit.connector.recorded(&body, &[&header], "fresh");
        }
    }

    #[test]
    fn a_delivery_with_a_wrong_byte_never_panics(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        for kit in kits() {
            for sample in kit.code.iter().chain([&kit.genuine]) {
                let mut body = sample.body.clone();
                body[at.index(sample.body.len())] = byte;
                let _ = taken(kit.connector, &Sample { kind: sample.kind, body });
            }
        }
    }
}
