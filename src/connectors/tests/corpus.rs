//! The corpus's payloads against `tests/fixtures/corpus_outcomes.tsv`, which was written by reading the payloads and the
//! rules, before the parser saw one of them. Without the corpus these tests say that they were skipped.

use crate::connectors::conformance::{Fixtures, arrival, delivery, secret, take, text_that_comes_through};
use crate::connectors::places::Places;
use crate::connectors::{Connector, Recorded, bitbucket, cdevents, gitea, github, gitlab, slack};
use crate::signals::refusal::Refusal;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

const TABLE: &str = include_str!("../../../tests/fixtures/corpus_outcomes.tsv");
const GITHUB: &str = "webhooks/github-octokit/";
const BITBUCKET: &str = "webhooks/go-playground/bitbucket/";
const BITBUCKET_DATA_CENTER: &str = "webhooks/go-playground/bitbucket-server/";
const GITEA: &str = "webhooks/go-playground/gitea/";
const GITLAB: &str = "webhooks/go-playground/gitlab/";
const SLACK: &str = "slack/payloads-from-java-tests/";
const CDEVENTS: &str = "deploy/cdevents/";

/// Each connector with its payloads, by what their paths begin with.
fn connectors() -> Vec<(Fixtures, &'static str)> {
    vec![
        (github::fixtures::fixtures(), GITHUB),
        (gitea::fixtures::fixtures(), GITEA),
        (bitbucket::fixtures::fixtures(), BITBUCKET),
        (bitbucket::fixtures::fixtures(), BITBUCKET_DATA_CENTER),
        (gitlab::fixtures::fixtures(), GITLAB),
        (slack::fixtures::fixtures(), SLACK),
        (cdevents::fixtures::fixtures(), CDEVENTS),
    ]
}

/// A line of the table: what becomes of one payload when every source is switched on and all of a connector's payloads
/// are fed in the order of their paths.
#[derive(Debug, PartialEq)]
struct Row {
    path: String,
    outcome: String,
    kind: String,
    reason: String,
}

fn rows(prefix: &str) -> Vec<Row> {
    let fields = |line: &str| -> Row {
        let mut fields = line.split('\t').map(str::to_owned);
        let mut next = || fields.next().unwrap();
        Row { path: next(), outcome: next(), kind: next(), reason: next() }
    };
    TABLE.lines().skip(1).map(fields).filter(|row| row.path.starts_with(prefix)).collect()
}

fn corpus() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !root.is_dir() {
        println!("skipped: no corpus beside the project");
        return None;
    }
    Some(root)
}

/// A recorded payload as it would be sent, its file as the id of a delivery that has none.
fn recorded(connector: &dyn Connector, path: &str, payload: &[u8]) -> Recorded {
    let mut parts = path.rsplit('/');
    let (file, folder) = (parts.next().unwrap(), parts.next().unwrap());
    connector.recorded(payload, &[folder, file], file)
}

/// Feeds every payload in the order of the table: each as a row, and what is known of the places at the end.
fn replay(connector: &dyn Connector, prefix: &str, root: &std::path::Path) -> (Vec<Row>, Places) {
    let mut places = Places::default();
    let mut keys = HashSet::new();
    let mut transitions = HashSet::new();
    let mut outcomes = Vec::new();
    for row in rows(prefix) {
        let payload = std::fs::read(root.join(&row.path)).unwrap();
        let taken = match recorded(connector, &row.path, &payload) {
            Recorded::NotAnEvent => Err(Refusal::NotAnEvent),
            Recorded::Event { kind, body } => {
                let delivery = delivery(connector, kind.as_deref(), &body);
                assert_eq!(connector.verify(&delivery, &secret(), arrival()), Ok(()));
                take(connector, &delivery, &mut places)
            }
        };
        let (outcome, kind, reason) = match taken {
            Err(refusal) => ("refused", "-", refusal.as_str()),
            Ok(parsed) => {
                let kind = parsed.event.kind().as_str();
                let transition = (kind, parsed.place, parsed.external_id, parsed.event.transition(), parsed.occurred_at);
                let is_new = !keys.contains(&parsed.dedupe_key) && !transitions.contains(&transition);
                if is_new {
                    keys.insert(parsed.dedupe_key);
                    transitions.insert(transition);
                }
                (if is_new { "captured" } else { "duplicate" }, kind, "-")
            }
        };
        outcomes.push(Row { path: row.path, outcome: outcome.to_owned(), kind: kind.to_owned(), reason: reason.to_owned() });
    }
    (outcomes, places)
}

/// How often each outcome, with its kind or reason, stands in the rows.
fn counted(rows: &[Row]) -> BTreeMap<String, usize> {
    rows.iter().fold(BTreeMap::new(), |mut counts, row| {
        let detail = if row.reason == "-" { &row.kind } else { &row.reason };
        *counts.entry(format!("{} {detail}", row.outcome)).or_default() += 1;
        counts
    })
}

#[test]
fn the_table_says_how_many_must_be_captured() {
    let summary = |prefix| counted(&rows(prefix)).into_iter().collect::<Vec<_>>();
    let expect = |counts: &[(&str, usize)]| counts.iter().map(|(what, count)| ((*what).to_owned(), *count)).collect::<Vec<_>>();
    assert_eq!(
        summary(GITHUB),
        expect(&[
            ("captured change", 6),
            ("captured deploy", 4),
            ("captured review", 2),
            ("captured run", 2),
            ("duplicate change", 8),
            ("duplicate deploy", 2),
            ("duplicate review", 1),
            ("duplicate run", 2),
            ("refused carries_code", 44),
            ("refused kind_not_read", 185),
            ("refused not_an_event", 3),
            ("refused nothing_to_keep", 14),
        ])
    );
    assert_eq!(
        summary(GITEA),
        expect(&[
            ("captured change", 1),
            ("captured review", 1),
            ("refused carries_code", 1),
            ("refused kind_not_read", 11),
            ("refused nothing_to_keep", 3),
        ])
    );
    assert_eq!(
        summary(BITBUCKET),
        expect(&[
            ("captured change", 2),
            ("captured review", 1),
            ("duplicate change", 2),
            ("duplicate review", 1),
            ("refused carries_code", 5),
            ("refused kind_not_read", 7),
        ])
    );
    assert_eq!(
        summary(BITBUCKET_DATA_CENTER),
        expect(&[
            ("captured change", 4),
            ("captured review", 3),
            ("refused carries_code", 7),
            ("refused kind_not_read", 3),
            ("refused nothing_to_keep", 1),
        ])
    );
    assert_eq!(
        summary(GITLAB),
        expect(&[
            ("captured change", 1),
            ("captured deploy", 1),
            ("captured run", 1),
            ("refused carries_code", 12),
            ("refused kind_not_read", 23),
            ("refused nothing_to_keep", 1),
        ])
    );
    assert_eq!(
        summary(SLACK),
        expect(&[
            ("captured message", 5),
            ("duplicate message", 1),
            ("refused direct_message", 7),
            ("refused group_message", 2),
            ("refused kind_not_read", 16),
            ("refused malformed", 9),
            ("refused not_an_event", 32),
            ("refused nothing_to_keep", 2),
            ("refused private_channel", 2),
            ("refused shared_channel", 16),
            ("refused unknown_place", 4),
        ])
    );
    assert_eq!(
        summary(CDEVENTS),
        expect(&[
            ("captured change", 4),
            ("captured deploy", 3),
            ("captured incident", 2),
            ("captured review", 1),
            ("captured run", 4),
            ("duplicate deploy", 1),
            ("duplicate incident", 1),
            ("refused kind_not_read", 30),
            ("refused not_an_event", 1),
            ("refused nothing_to_keep", 2),
        ])
    );
}

#[test]
fn each_payload_stands_in_the_table_once_and_ends_in_one_way() {
    let all = rows("");
    assert_eq!(all.len(), 273 + 39 + 17 + 18 + 18 + 96 + 49);
    for (_, connector) in connectors() {
        assert!(rows(connector).windows(2).all(|pair| pair[0].path < pair[1].path), "in the order of their paths");
    }
    for row in all {
        assert!(row.reason == "-" || Refusal::parse(&row.reason).is_some(), "{row:?}");
        assert_eq!(row.reason == "-", row.outcome != "refused", "{row:?}");
    }
}

#[test]
fn the_outcome_of_every_payload_is_the_reviewed_one() {
    let Some(root) = corpus() else { return };
    for (fixtures, prefix) in connectors() {
        let (found, _) = replay(fixtures.connector, prefix, &root);
        for (found, reviewed) in found.iter().zip(rows(prefix)) {
            assert_eq!(*found, reviewed);
        }
    }
}

/// The events of the Slack payloads that are messages, in their envelopes.
fn messages(root: &std::path::Path) -> Vec<(String, Value)> {
    let event_of = |row: Row| match recorded(&slack::Slack, &row.path, &std::fs::read(root.join(&row.path)).unwrap()) {
        Recorded::Event { body, .. } => Some((row.path, serde_json::from_slice::<Value>(&body).unwrap())),
        Recorded::NotAnEvent => None,
    };
    rows(SLACK).into_iter().filter_map(event_of).filter(|(_, body)| body["event"]["type"] == "message").collect()
}

fn refusal(body: &Value, places: &mut Places) -> Option<Refusal> {
    take(&slack::Slack, &delivery(&slack::Slack, None, body.to_string().as_bytes()), places).err()
}

#[test]
fn a_closed_conversation_is_refused_with_its_type_and_without() {
    let Some(root) = corpus() else { return };
    let (_, mut learnt) = replay(&slack::Slack, SLACK, &root);
    let mut closed = 0;
    for (path, mut body) in messages(&root) {
        let says_closed = body["event"]["channel_type"].as_str().is_some_and(|said| ["im", "mpim", "group", "app_home"].contains(&said));
        let is_direct = body["event"]["channel"].as_str().is_some_and(|id| id.starts_with('D'));
        if !says_closed && !is_direct {
            continue;
        }
        closed += 1;
        assert!(refusal(&body, &mut Places::default()).is_some(), "{path}");
        body["event"].as_object_mut().unwrap().remove("channel_type");
        assert!(refusal(&body, &mut Places::default()).is_some(), "{path}, untyped");
        assert!(refusal(&body, &mut learnt).is_some(), "{path}, untyped, with all that was said before");
    }
    assert_eq!(closed, 14, "5 im, 2 mpim, 5 group, 1 app_home, and one D that says it is a channel");
}

#[test]
fn every_message_is_refused_where_its_channel_is_a_direct_one() {
    let Some(root) = corpus() else { return };
    for (path, mut body) in messages(&root) {
        for channel_type in ["channel", "group", "im"] {
            body["event"]["channel"] = Value::from("D024BE91L");
            body["event"]["channel_type"] = Value::from(channel_type);
            assert_eq!(refusal(&body, &mut Places::default()), Some(Refusal::DirectMessage), "{path}");
        }
    }
}

#[test]
fn no_payload_panics_when_it_is_cut() {
    let Some(root) = corpus() else { return };
    for (Fixtures { connector, .. }, prefix) in connectors() {
        for row in rows(prefix) {
            let payload = std::fs::read(root.join(&row.path)).unwrap();
            for twelfth in 0..12 {
                let cut = &payload[..payload.len() * twelfth / 12];
                if let Recorded::Event { kind, body } = recorded(connector, &row.path, cut) {
                    assert!(take(connector, &delivery(connector, kind.as_deref(), &body), &mut Places::default()).is_err(), "{}", row.path);
                }
            }
        }
    }
}

#[test]
fn no_text_of_a_captured_payload_comes_through_but_what_the_fixtures_name() {
    let Some(root) = corpus() else { return };
    for (fixtures, prefix) in connectors() {
        let mut seen = 0;
        let mut kinds = HashSet::new();
        for row in rows(prefix).into_iter().filter(|row| row.outcome == "captured") {
            let payload = std::fs::read(root.join(&row.path)).unwrap();
            let Recorded::Event { kind, body } = recorded(fixtures.connector, &row.path, &payload) else { continue };
            // One of each kind that has a name: they have hundreds of fields, and the same ones.
            if kind.is_some() && !kinds.insert(kind.clone()) {
                continue;
            }
            let payload = serde_json::from_slice(&body).unwrap();
            for pointer in text_that_comes_through(fixtures.connector, kind.as_deref(), &payload) {
                assert!(fixtures.comes_through.contains(&pointer.as_str()), "{}: {pointer}", row.path);
                seen += 1;
            }
        }
        assert!(seen >= 4, "the test looks at nothing");
    }
}
