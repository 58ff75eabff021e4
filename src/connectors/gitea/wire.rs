//! What is read of the payloads of Gitea and Forgejo: allow-lists. A field that is not named here does not become a value, and
//! one that is does so only once its place was found open ([`Later`]).
//!
//! Never: a body, a comment, the content of a review, a diff, a commit message, a file's path, a label, assignees, requested
//! reviewers, e-mail addresses, the event that a run began with, or the `secret` that old versions put into the body. The
//! structs are `modules/structs` of both projects, and `ActionRun` of Forgejo's.

use crate::base::clock::Instant;
use crate::connectors::json::{Later, Object};
use serde::Deserialize;

/// What is read of a kind that is read where the rest of it is not as it should be.
#[derive(Deserialize)]
pub(super) struct Peeked {
    pub(super) repository: Object<Repository>,
}

/// The same of a run of Forgejo's, which names its repository inside.
#[derive(Deserialize)]
pub(super) struct PeekedRun {
    pub(super) run: Object<Peeked>,
}

#[derive(Deserialize)]
pub(super) struct Repository {
    /// `owner/name`: all that is decoded of a delivery before its place was found open.
    pub(super) full_name: String,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct PullRequestEvent<'d> {
    pub(super) repository: Object<Repository>,
    pub(super) action: Later<'d, String>,
    pub(super) pull_request: Object<PullRequest<'d>>,
    pub(super) changes: Option<Object<Changes<'d>>>,
}

/// What an `edited` event says was changed.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Changes<'d> {
    pub(super) title: Option<Object<Before<'d>>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Before<'d> {
    /// Looked at for the mark of a draft, and forgotten.
    pub(super) from: Later<'d, String>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct PullRequest<'d> {
    pub(super) number: Later<'d, u64>,
    pub(super) title: Later<'d, String>,
    /// Not sent by older versions: there the title alone says so.
    pub(super) draft: Option<Later<'d, bool>>,
    pub(super) user: Option<Object<User<'d>>>,
    pub(super) created_at: Later<'d, Instant>,
    pub(super) updated_at: Later<'d, Instant>,
    pub(super) closed_at: Option<Later<'d, Instant>>,
    pub(super) merged: Option<Later<'d, bool>>,
    pub(super) merged_at: Option<Later<'d, Instant>>,
    pub(super) merge_commit_sha: Option<Later<'d, String>>,
    pub(super) head: Object<Head<'d>>,
}

/// The branch a change comes from, and its newest commit.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Head<'d> {
    #[serde(rename = "ref")]
    pub(super) branch: Later<'d, String>,
    pub(super) sha: Later<'d, String>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct User<'d> {
    /// Below 1 for what is no account: [`super::parse`] has the numbers.
    pub(super) id: Later<'d, i64>,
    pub(super) login: Later<'d, String>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct ReviewEvent<'d> {
    pub(super) repository: Object<Repository>,
    pub(super) action: Later<'d, String>,
    pub(super) review: Object<Review<'d>>,
    pub(super) pull_request: Object<ReviewedChange<'d>>,
    /// Who reviewed: of this event alone, the sender is (`PullRequestReview` in `services/webhook/notifier.go`).
    pub(super) sender: Option<Object<User<'d>>>,
}

/// A review has neither an id nor a time.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Review<'d> {
    #[serde(rename = "type")]
    pub(super) verdict: Later<'d, String>,
}

/// The change that was reviewed.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct ReviewedChange<'d> {
    pub(super) number: Later<'d, u64>,
    pub(super) updated_at: Later<'d, Instant>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct RunEvent<'d> {
    pub(super) action: Later<'d, String>,
    pub(super) workflow_run: Object<Run<'d>>,
    pub(super) workflow: Option<Object<Workflow<'d>>>,
    pub(super) repository: Object<RunRepository<'d>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct RunRepository<'d> {
    pub(super) id: Later<'d, u64>,
    pub(super) full_name: String,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Workflow<'d> {
    /// What it is called, else its file's name.
    pub(super) name: Option<Later<'d, String>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Run<'d> {
    pub(super) id: Later<'d, u64>,
    /// Its number in its repository.
    #[serde(rename = "run_number")]
    pub(super) number: Later<'d, u64>,
    /// 0 where it is not counted.
    #[serde(rename = "run_attempt")]
    pub(super) attempt: Option<Later<'d, u32>>,
    pub(super) head_branch: Option<Later<'d, String>>,
    pub(super) head_sha: Later<'d, String>,
    pub(super) conclusion: Option<Later<'d, String>>,
    pub(super) started_at: Option<Later<'d, Instant>>,
    pub(super) completed_at: Option<Later<'d, Instant>>,
    /// Who started this attempt; `actor` started the first one.
    pub(super) trigger_actor: Option<Object<User<'d>>>,
    pub(super) actor: Option<Object<User<'d>>>,
    /// Looked at for the number at its end, to choose one of the two above.
    pub(super) html_url: Option<Later<'d, String>>,
    pub(super) pull_requests: Option<Vec<Object<RunChange<'d>>>>,
}

/// A change whose head was run. For a fork it may be a change of another repository.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct RunChange<'d> {
    pub(super) number: Later<'d, u64>,
    pub(super) base: Object<RunChangeBase<'d>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct RunChangeBase<'d> {
    pub(super) repo: Object<RunChangeRepository<'d>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct RunChangeRepository<'d> {
    pub(super) id: Later<'d, u64>,
}

/// A run of Forgejo's that ended.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct ActionRunEvent<'d> {
    pub(super) action: Later<'d, String>,
    pub(super) run: Object<ActionRun<'d>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct ActionRun<'d> {
    pub(super) repository: Object<Repository>,
    pub(super) id: Later<'d, u64>,
    #[serde(rename = "index_in_repo")]
    pub(super) number: Later<'d, u64>,
    /// The name of the workflow's file.
    #[serde(rename = "workflow_id")]
    pub(super) workflow: Later<'d, String>,
    pub(super) trigger_user: Option<Object<User<'d>>>,
    /// A branch, a tag, or `#` and the number of a change.
    #[serde(rename = "prettyref")]
    pub(super) reference: Later<'d, String>,
    #[serde(rename = "commit_sha")]
    pub(super) sha: Later<'d, String>,
    pub(super) status: Later<'d, String>,
    pub(super) stopped: Option<Later<'d, Instant>>,
    /// Looked at for the number at its end, to choose one of the two above.
    pub(super) run_html_url: Option<Later<'d, String>>,
}
