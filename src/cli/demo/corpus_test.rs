//! The envelopes beside real ones: every field that a recorded delivery has, ours has too.
//!
//! Skipped where the corpus is absent.

use super::planted::Planted;
use super::scene::{Said, Speaker, What};
use super::story::sorted_scenes;
use super::wire::Writer;
use serde_json::Value;
use std::path::PathBuf;

/// Fields of recorded deliveries that ours lack, with the reason.
const NOT_OURS: [(&str, &str); 11] = [
    (".authed_users", "replaced by `authorizations`"),
    (".repository.master_branch", "a push has a repository of its own kind, and is refused unread"),
    (".repository.stargazers", "as above"),
    (".repository.owner.name", "as above"),
    (".repository.owner.email", "as above"),
    (".previous_message.bot_id", "there an app's message was deleted, here a person's"),
    (".previous_message.bot_profile", "as above"),
    (".message.thread_ts", "there the edited message stands in a thread"),
    (".message.parent_user_id", "as above"),
    (".previous_message.thread_ts", "as above"),
    (".previous_message.parent_user_id", "as above"),
];

fn corpus(path: &str) -> Option<Value> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(path);
    let bytes = std::fs::read(&file).ok()?;
    Some(serde_json::from_slice(&bytes).unwrap())
}

/// The paths of fields that `theirs` has and `ours` lacks; the first element of a list stands for all.
fn missing(theirs: &Value, ours: &Value, path: &str, found: &mut Vec<String>) {
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            for (name, theirs) in theirs {
                let path = format!("{path}.{name}");
                match ours.get(name) {
                    Some(ours) => missing(theirs, ours, &path, found),
                    None => found.push(path),
                }
            }
        }
        (Value::Array(theirs), Value::Array(ours)) => {
            if let (Some(theirs), Some(ours)) = (theirs.first(), ours.first()) {
                missing(theirs, ours, &format!("{path}[]"), found);
            }
        }
        _ => {}
    }
}

/// Compares our first delivery of a kind that `fits` with a recorded one.
fn check(path: &str, is_kind: impl Fn(&What) -> bool, fits: impl Fn(&Value) -> bool) {
    let Some(theirs) = corpus(path) else {
        println!("skipped: no corpus beside the sources");
        return;
    };
    let writer = Writer::new();
    let scenes = sorted_scenes(&Planted::all());
    let of_kind = scenes.iter().filter(|scene| is_kind(&scene.what));
    let ours = of_kind.map(|scene| serde_json::from_slice(&writer.write(scene).body).unwrap()).find(fits).unwrap();
    // A recorded bare event stands inside our envelope.
    let ours = if theirs.get("event").is_none() { ours.get("event").unwrap_or(&ours) } else { &ours };
    let mut found = Vec::new();
    missing(&theirs, ours, "", &mut found);
    found.retain(|path| !NOT_OURS.iter().any(|(known, _)| known == path));
    assert!(found.is_empty(), "{path}: ours lacks {found:?}");
}

fn github(path: &str, kind: fn(&What) -> bool, action: Option<&str>) {
    let path = format!("webhooks/github-octokit/{path}.payload.json");
    check(&path, kind, |body| action.is_none_or(|action| body["action"] == action));
}

#[test]
fn pull_requests_have_the_fields_of_recorded_ones() {
    let kind = |what: &What| matches!(what, What::Pull { .. });
    github("pull_request/opened.with-organization", kind, Some("opened"));
    github("pull_request/synchronize", kind, Some("synchronize"));
    github("pull_request/closed.with-organization", kind, Some("closed"));
    github("pull_request/ready_for_review.with-organization", kind, Some("ready_for_review"));
    github("pull_request/converted_to_draft.with-organization", kind, Some("converted_to_draft"));
    github("pull_request/review_requested", kind, Some("review_requested"));
}

#[test]
fn reviews_and_comments_have_the_fields_of_recorded_ones() {
    github("pull_request_review/submitted.with-organization", |what| matches!(what, What::Review { .. }), None);
    github("pull_request_review_comment/created.with-organization", |what| matches!(what, What::ReviewComment { .. }), None);
    github("issue_comment/created.with-organization", |what| matches!(what, What::Comment { .. }), None);
    github("push/with-organization", |what| matches!(what, What::Push(_)), None);
}

#[test]
fn runs_and_deployments_have_the_fields_of_recorded_ones() {
    let of_change = |what: &What| matches!(what, What::Run(run) if run.change.is_some());
    github("workflow_run/completed.with-pull-requests", of_change, None);
    github("deployment/with-installation", |what| matches!(what, What::Deployment(_)), None);
    github("deployment_status/with-installation", |what| matches!(what, What::DeploymentStatus { .. }), None);
}

#[test]
fn messages_have_the_fields_of_recorded_ones() {
    let folder = "slack/payloads-from-java-tests";
    let all = |_: &Value| true;
    let posted = |fits: fn(&Said) -> bool| move |what: &What| matches!(what, What::Posted(said) if fits(said));
    check(&format!("{folder}/019-message.channel.json"), posted(|said| said.text.starts_with("<@")), all);
    check(&format!("{folder}/034-message.channel.json"), posted(|said| said.speaker == Speaker::CiApp), all);
    check(&format!("{folder}/073-message.file_share.channel.json"), posted(|said| said.file.is_some()), all);
    check(&format!("{folder}/063-message.message_deleted.channel.json"), |what| matches!(what, What::Deleted(_)), all);
    check(&format!("{folder}/051-message.message_changed.channel.json"), |what| matches!(what, What::Edited { .. }), all);
}
