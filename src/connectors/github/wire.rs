//! What is read of GitHub's payloads: allow-lists. A field that is not named here does not become a value.
//!
//! Never: a body, a comment, a diff, a commit message, a file's path, a label, the sender, assignees or requested
//! reviewers. Links are built from ids ([`super::parse`]), so no link of a payload is read either.

use crate::base::clock::Instant;
use crate::connectors::json::Object;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// What is read before anything else of a kind that is read.
#[derive(Deserialize)]
pub(super) struct Peeked {
    pub(super) repository: Object<PeekedRepository>,
}

#[derive(Deserialize)]
pub(super) struct PeekedRepository {
    /// `owner/name`.
    pub(super) full_name: String,
}

#[derive(Deserialize)]
pub(super) struct PullRequestEvent {
    pub(super) action: String,
    pub(super) pull_request: Object<PullRequest>,
    pub(super) changes: Option<Object<Changes>>,
}

/// What an `edited` event says was changed; the old values are not read.
#[derive(Deserialize)]
pub(super) struct Changes {
    pub(super) title: Option<IgnoredAny>,
}

#[derive(Deserialize)]
pub(super) struct PullRequest {
    pub(super) number: u64,
    pub(super) title: String,
    pub(super) draft: Option<bool>,
    pub(super) user: Option<Object<User>>,
    pub(super) created_at: Instant,
    pub(super) updated_at: Instant,
    pub(super) closed_at: Option<Instant>,
    pub(super) merged: Option<bool>,
    pub(super) merged_at: Option<Instant>,
    pub(super) merge_commit_sha: Option<String>,
    pub(super) head: Object<Head>,
}

/// The branch a change comes from, and its newest commit.
#[derive(Deserialize)]
pub(super) struct Head {
    #[serde(rename = "ref")]
    pub(super) branch: String,
    pub(super) sha: String,
}

#[derive(Deserialize)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) login: String,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ReviewEvent {
    pub(super) action: String,
    pub(super) review: Object<Review>,
    pub(super) pull_request: Object<ReviewedChange>,
}

#[derive(Deserialize)]
pub(super) struct Review {
    pub(super) id: u64,
    pub(super) state: String,
    pub(super) submitted_at: Option<Instant>,
    pub(super) user: Option<Object<User>>,
}

/// The change that was reviewed.
#[derive(Deserialize)]
pub(super) struct ReviewedChange {
    pub(super) number: u64,
    pub(super) updated_at: Instant,
}

#[derive(Deserialize)]
pub(super) struct RunEvent {
    pub(super) action: String,
    pub(super) workflow_run: Object<Run>,
    pub(super) workflow: Option<Object<Workflow>>,
    pub(super) repository: Object<RunRepository>,
}

#[derive(Deserialize)]
pub(super) struct RunRepository {
    pub(super) id: u64,
}

#[derive(Deserialize)]
pub(super) struct Workflow {
    pub(super) name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Run {
    pub(super) id: u64,
    pub(super) name: Option<String>,
    pub(super) workflow_id: u64,
    pub(super) head_branch: Option<String>,
    pub(super) head_sha: String,
    pub(super) conclusion: Option<String>,
    #[serde(rename = "run_attempt")]
    pub(super) attempt: Option<u32>,
    /// When this attempt began; `created_at` is when the first one did.
    #[serde(rename = "run_started_at")]
    pub(super) started_at: Option<Instant>,
    pub(super) created_at: Instant,
    pub(super) updated_at: Instant,
    /// Who started this attempt; `actor` started the first one.
    pub(super) triggering_actor: Option<Object<User>>,
    pub(super) actor: Option<Object<User>>,
    #[serde(default)]
    pub(super) pull_requests: Vec<Object<RunChange>>,
}

/// A change whose head was run. For a fork it may be a change of another repository.
#[derive(Deserialize)]
pub(super) struct RunChange {
    pub(super) number: u64,
    pub(super) base: Object<RunChangeBase>,
}

#[derive(Deserialize)]
pub(super) struct RunChangeBase {
    pub(super) repo: Object<RunRepository>,
}

#[derive(Deserialize)]
pub(super) struct DeploymentEvent {
    pub(super) action: String,
    pub(super) deployment: Object<Deployment>,
}

#[derive(Deserialize)]
pub(super) struct DeploymentStatusEvent {
    pub(super) action: String,
    pub(super) deployment: Object<Deployment>,
    pub(super) deployment_status: Object<DeploymentStatus>,
}

#[derive(Deserialize)]
pub(super) struct Deployment {
    pub(super) id: u64,
    /// A branch, a tag, or the commit itself.
    #[serde(rename = "ref")]
    pub(super) reference: String,
    pub(super) sha: String,
    pub(super) environment: String,
    pub(super) production_environment: Option<bool>,
    pub(super) created_at: Instant,
    pub(super) creator: Option<Object<User>>,
}

#[derive(Deserialize)]
pub(super) struct DeploymentStatus {
    pub(super) state: String,
    pub(super) created_at: Instant,
}
