//! What is read of GitHub's payloads: allow-lists. A field that is not named here does not become a value, and one that is does so only once
//! its place was found open ([`Later`]).
//!
//! Never: a body, a comment, a diff, a commit message, a file's path, a label, the sender, assignees or requested
//! reviewers. Links are built from ids ([`super::parse`]), so no link of a payload is read either.

use crate::base::clock::Instant;
use crate::connectors::json::{Later, Object};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// What is read of a kind that is read where the rest of it is not as it should be.
#[derive(Deserialize)]
pub(super) struct Peeked {
    pub(super) repository: Object<Repository>,
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
    pub(super) changes: Option<Object<Changes>>,
}

/// What an `edited` event says was changed; the old values are not read.
#[derive(Deserialize)]
pub(super) struct Changes {
    pub(super) title: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct PullRequest<'d> {
    pub(super) number: Later<'d, u64>,
    pub(super) title: Later<'d, String>,
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
    pub(super) id: Later<'d, u64>,
    pub(super) login: Later<'d, String>,
    #[serde(rename = "type")]
    pub(super) kind: Option<Later<'d, String>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct ReviewEvent<'d> {
    pub(super) repository: Object<Repository>,
    pub(super) action: Later<'d, String>,
    pub(super) review: Object<Review<'d>>,
    pub(super) pull_request: Object<ReviewedChange<'d>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Review<'d> {
    pub(super) id: Later<'d, u64>,
    pub(super) state: Later<'d, String>,
    pub(super) submitted_at: Option<Later<'d, Instant>>,
    pub(super) user: Option<Object<User<'d>>>,
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
    pub(super) name: Option<Later<'d, String>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Run<'d> {
    pub(super) id: Later<'d, u64>,
    pub(super) name: Option<Later<'d, String>>,
    pub(super) workflow_id: Later<'d, u64>,
    pub(super) head_branch: Option<Later<'d, String>>,
    pub(super) head_sha: Later<'d, String>,
    pub(super) conclusion: Option<Later<'d, String>>,
    #[serde(rename = "run_attempt")]
    pub(super) attempt: Option<Later<'d, u32>>,
    /// When this attempt began; `created_at` is when the first one did.
    #[serde(rename = "run_started_at")]
    pub(super) started_at: Option<Later<'d, Instant>>,
    pub(super) created_at: Later<'d, Instant>,
    pub(super) updated_at: Later<'d, Instant>,
    /// Who started this attempt; `actor` started the first one.
    pub(super) triggering_actor: Option<Object<User<'d>>>,
    pub(super) actor: Option<Object<User<'d>>>,
    #[serde(default)]
    pub(super) pull_requests: Vec<Object<RunChange<'d>>>,
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

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct DeploymentEvent<'d> {
    /// Only a report on a deployment has one: the kind is not signed, and one body must not tell of two things.
    pub(super) deployment_status: Option<IgnoredAny>,
    pub(super) repository: Object<Repository>,
    pub(super) action: Later<'d, String>,
    pub(super) deployment: Object<Deployment<'d>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct DeploymentStatusEvent<'d> {
    pub(super) repository: Object<Repository>,
    pub(super) action: Later<'d, String>,
    pub(super) deployment: Object<Deployment<'d>>,
    pub(super) deployment_status: Object<DeploymentStatus<'d>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Deployment<'d> {
    pub(super) id: Later<'d, u64>,
    /// A branch, a tag, or the commit itself.
    #[serde(rename = "ref")]
    pub(super) reference: Later<'d, String>,
    pub(super) sha: Later<'d, String>,
    pub(super) environment: Later<'d, String>,
    pub(super) production_environment: Option<Later<'d, bool>>,
    pub(super) created_at: Later<'d, Instant>,
    pub(super) creator: Option<Object<User<'d>>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct DeploymentStatus<'d> {
    pub(super) state: Later<'d, String>,
    pub(super) created_at: Later<'d, Instant>,
}
