//! The half-year has the shape that it claims: order, envelopes, ids, words, and canaries only where they were planted.

use super::calendar::{begins, ends};
use super::canary::CANARIES;
use super::people::TEAM;
use super::places::SOURCES;
use super::planted::{Plant, Planted};
use super::scene::{Said, Scene, Speaker, What};
use super::story::{half_year, sorted_scenes};
use super::wire::Writer;
use crate::base::clock::{Instant, SignedDuration};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Most deliveries that the demo feeds.
const DELIVERIES_MAX: usize = 12_000;

/// The window of the detectors of flakes and of questions.
const FORTNIGHT: SignedDuration = SignedDuration::from_hours(24 * 14);

fn read(scene: &Scene, writer: &Writer) -> Value {
    serde_json::from_slice(&writer.write(scene).body).unwrap()
}

fn posted(scenes: &[Scene]) -> Vec<&Said> {
    let said = |scene| match scene {
        &Scene { what: What::Posted(ref said), .. } => Some(said),
        _ => None,
    };
    scenes.iter().filter_map(said).collect()
}

#[test]
fn deliveries_come_in_order_and_within_the_half_year() {
    let mut last = begins();
    let mut count = 0;
    for delivery in half_year(&Planted::all()) {
        assert!(last <= delivery.at && delivery.at < ends());
        assert_eq!(delivery.kind.is_some(), delivery.connector == "github");
        last = delivery.at;
        count += 1;
    }
    assert!((6_000..DELIVERIES_MAX).contains(&count), "{count}");
}

#[test]
fn the_same_half_year_is_told_each_time() {
    assert_eq!(sorted_scenes(&Planted::all()), sorted_scenes(&Planted::all()));
}

#[test]
fn every_body_is_json_with_what_its_kind_must_carry() {
    let writer = Writer::new();
    let (mut events, mut kinds) = (HashSet::new(), HashMap::new());
    for scene in sorted_scenes(&Planted::all()) {
        let delivery = writer.write(&scene);
        let body: Value = serde_json::from_slice(&delivery.body).unwrap();
        *kinds.entry(delivery.kind.unwrap_or("message")).or_insert(0) += 1;
        if delivery.connector == "github" {
            assert!(SOURCES.iter().any(|(_, id)| body["repository"]["full_name"] == *id));
            assert!(body["sender"]["login"].is_string() && body["installation"]["id"].is_u64());
            assert!(body["action"].is_string() || delivery.kind == Some("push"));
        } else {
            assert_eq!(body["type"], "event_callback");
            assert!(events.insert(body["event_id"].as_str().unwrap().to_owned()), "an event id comes twice");
            assert_eq!(body["event"]["type"], "message");
            assert_eq!(body["event_time"], scene.at.as_second());
            for field in ["channel", "channel_type", "ts", "event_ts"] {
                assert!(body["event"][field].is_string(), "{field}");
            }
        }
    }
    let expected = [
        "deployment",
        "deployment_status",
        "issue_comment",
        "message",
        "pull_request",
        "pull_request_review",
        "pull_request_review_comment",
        "push",
        "workflow_run",
    ];
    let mut kinds: Vec<&str> = kinds.into_keys().collect();
    kinds.sort_unstable();
    assert_eq!(kinds, expected);
}

#[test]
fn a_run_belongs_to_a_commit_of_its_change_and_a_repetition_to_its_run() {
    let writer = Writer::new();
    let mut heads: HashSet<(String, u64, String)> = HashSet::new();
    let mut attempts: HashMap<u64, Vec<u64>> = HashMap::new();
    for scene in sorted_scenes(&Planted::all()) {
        match &scene.what {
            What::Pull { .. } => {
                let body = read(&scene, &writer);
                let change = &body["pull_request"];
                let repo = body["repository"]["full_name"].as_str().unwrap().to_owned();
                heads.insert((repo, change["number"].as_u64().unwrap(), change["head"]["sha"].as_str().unwrap().to_owned()));
                assert_eq!(change["merged"].as_bool().unwrap(), change["merged_at"].is_string());
                assert_eq!(change["state"] == "closed", body["action"] == "closed");
            }
            What::Run(run) => {
                let body = read(&scene, &writer);
                attempts.entry(run.id).or_default().push(run.attempt);
                let run = &body["workflow_run"];
                assert_eq!(run["previous_attempt_url"].is_string(), run["run_attempt"].as_u64().unwrap() > 1);
                if run["head_branch"] == "main" {
                    assert_eq!(run["pull_requests"].as_array().unwrap().len(), 0);
                    continue;
                }
                let change = &run["pull_requests"][0];
                assert_eq!(change["head"]["sha"], run["head_sha"]);
                let repo = body["repository"]["full_name"].as_str().unwrap().to_owned();
                let head = (repo, change["number"].as_u64().unwrap(), run["head_sha"].as_str().unwrap().to_owned());
                assert!(heads.contains(&head), "a run of a commit that was never pushed");
            }
            _ => {}
        }
    }
    assert!(attempts.values().all(|attempts| attempts == &[1] || attempts == &[1, 2]));
    assert!(attempts.values().filter(|attempts| attempts.len() == 2).count() > 10);
}

#[test]
fn an_answer_follows_the_first_message_of_its_thread() {
    let mut seen: HashSet<(&str, Instant)> = HashSet::new();
    let scenes = sorted_scenes(&Planted::all());
    for said in posted(&scenes) {
        assert!(seen.insert((said.room.id, said.at)), "two messages with one id");
        if let Some((root, _)) = said.thread {
            assert!(seen.contains(&(said.room.id, root)));
        }
    }
}

/// Questions of the twin that nobody but the asker answered.
fn left_open(scenes: &[Scene]) -> Vec<&Said> {
    let said = posted(scenes);
    let is_answered = |question: &Said| {
        said.iter().any(|other| other.thread.is_some_and(|(root, _)| root == question.at) && other.speaker != question.speaker)
    };
    said.iter().copied().filter(|said| said.thread.is_none() && said.text.contains('?') && !is_answered(said)).collect()
}

#[test]
fn the_twin_leaves_few_questions_open() {
    let scenes = sorted_scenes(&Planted::none());
    let open = left_open(&scenes);
    for first in &open {
        let near =
            open.iter().filter(|other| other.room == first.room && first.at <= other.at && first.at.duration_until(other.at) < FORTNIGHT);
        assert!(near.count() <= 2, "{} {}", first.at, first.room.name);
    }
    assert!(!open.is_empty(), "no team answers everything");
}

#[test]
fn people_do_not_say_the_same_all_the_time() {
    let scenes = sorted_scenes(&Planted::none());
    let mut times: HashMap<&str, usize> = HashMap::new();
    let said: Vec<&Said> = posted(&scenes).into_iter().filter(|said| said.speaker != Speaker::CiApp).collect();
    for said in &said {
        *times.entry(&said.text).or_default() += 1;
    }
    assert!(times.len() * 3 > said.len(), "{} different of {}", times.len(), said.len());
    let titles: HashSet<String> = scenes
        .iter()
        .filter_map(|scene| match &scene.what {
            What::Pull { change, .. } => Some(change.title.clone()),
            _ => None,
        })
        .collect();
    assert!(titles.len() > 300, "{}", titles.len());
    for who in TEAM {
        let mine = said.iter().filter(|said| said.speaker == Speaker::Human(who)).count();
        assert!(mine * 4 < said.len() && mine * 20 > said.len(), "{} says {mine} of {}", who.login, said.len());
    }
}

/// The needles in what a scene is told as.
fn needles(writer: &Writer, stems: &HashSet<&str>, scene: &Scene) -> Vec<&'static (&'static str, &'static str)> {
    let body = String::from_utf8(writer.write(scene).body).unwrap();
    // Most bodies hold none: few beginnings are looked for before all needles are.
    let is_suspect = stems.iter().any(|stem| body.contains(stem));
    CANARIES.iter().filter(|(_, needle)| is_suspect && body.contains(needle)).collect()
}

#[test]
fn a_plant_taken_out_takes_its_canaries_along_and_moves_nothing_elsewhere() {
    let writer = Writer::new();
    let stems: HashSet<&str> = CANARIES.iter().map(|(_, needle)| &needle[..6]).collect();
    let mut hits: HashMap<Scene, Vec<&(&str, &str)>> = HashMap::new();
    let mut hits_of = |scene: &Scene| hits.entry(scene.clone()).or_insert_with_key(|scene| needles(&writer, &stems, scene)).clone();
    assert_eq!(sorted_scenes(&Planted::none()).iter().flat_map(&mut hits_of).next(), None, "the twin holds a canary");
    let all: HashSet<Scene> = sorted_scenes(&Planted::all()).into_iter().collect();
    let planted: HashSet<&str> = all.iter().flat_map(&mut hits_of).map(|(_, needle)| *needle).collect();
    assert_eq!(planted.len(), CANARIES.len(), "each needle is planted");
    for plant in Plant::ALL {
        let without: HashSet<Scene> = sorted_scenes(&Planted::all().minus(*plant)).into_iter().collect();
        let hit = without.iter().flat_map(&mut hits_of).find(|(name, _)| *name == plant.as_str());
        assert_eq!(hit, None, "without {plant}");
        let elsewhere: &[&str] = match plant {
            Plant::AgeingBerth | Plant::FlakyBerth | Plant::PickupBerth | Plant::QuestionsBerth | Plant::ConversationBerth => {
                &["skipper-app", "skipper-dev", "harbour-infra", "crew"]
            }
            Plant::AgeingSkipper | Plant::FlakySkipper | Plant::QuestionsSkipper | Plant::FailuresSkipper => {
                &["berth-api", "berth-dev", "harbour-infra", "crew"]
            }
            _ => &[],
        };
        let changed: Vec<&Scene> = all.symmetric_difference(&without).collect();
        assert!((1..700).contains(&changed.len()), "{plant} changes {} scenes", changed.len());
        let moved = changed.iter().find(|scene| elsewhere.contains(&place_of(&scene.what)));
        assert!(moved.is_none(), "{plant} moves {moved:?}");
    }
}

#[test]
fn the_twin_repeats_few_runs() {
    let repeated: Vec<(Instant, &str)> = sorted_scenes(&Planted::none())
        .into_iter()
        .filter_map(|scene| match scene.what {
            What::Run(run) if run.attempt == 2 => Some((scene.at, run.repo.name)),
            _ => None,
        })
        .collect();
    for (first, repo) in &repeated {
        let near = repeated.iter().filter(|(at, other)| other == repo && first <= at && first.duration_until(*at) < FORTNIGHT);
        assert!(near.count() <= 2, "{repo} from {first}");
    }
    assert!(repeated.len() > 3, "no pipeline is perfect");
}

fn place_of(what: &What) -> &'static str {
    match what {
        What::Pull { change, .. } | What::Review { change, .. } | What::ReviewComment { change, .. } | What::Comment { change, .. } => {
            change.repo.name
        }
        What::Push(push) => push.repo.name,
        What::Run(run) => run.repo.name,
        What::Deployment(deployment) | What::DeploymentStatus { deployment, .. } => deployment.repo.name,
        What::Posted(said) | What::Deleted(said) => said.room.name,
        What::Edited { before, .. } => before.room.name,
    }
}
