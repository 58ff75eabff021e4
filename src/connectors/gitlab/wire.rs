//! What is read of GitLab's payloads: allow-lists. A field that is not named here does not become a value, and one that is
//! does so only once its place was found open ([`Later`]).
//!
//! Never: a description, a comment, a diff, a commit message, a file's path, the name of a pipeline, its jobs and variables, a
//! label, assignees or reviewers. Links are built from ids ([`super::parse`]); of a payload's own links one alone is looked
//! at, for the commit id it ends with.

use super::moment::Moment;
use crate::connectors::json::{Later, Object};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// What is read of a kind that is read where the rest of it is not as it should be.
#[derive(Deserialize)]
pub(super) struct Peeked {
    pub(super) project: Object<PeekedProject>,
}

#[derive(Deserialize)]
pub(super) struct PeekedProject {
    pub(super) path_with_namespace: String,
}

/// What a system hook calls what it tells of.
#[derive(Deserialize)]
pub(super) struct OfSystem {
    pub(super) object_kind: Option<String>,
    pub(super) event_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Project<'d> {
    /// The project with its groups: beside the kind all that is decoded of a delivery before its place was found open.
    pub(super) path_with_namespace: String,
    pub(super) id: Option<Later<'d, u64>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct User<'d> {
    /// Missing before GitLab 13.
    pub(super) id: Option<Later<'d, u64>>,
    pub(super) username: Later<'d, String>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct MergeRequestEvent<'d> {
    pub(super) object_kind: String,
    pub(super) project: Object<Project<'d>>,
    /// Who acted.
    pub(super) user: Option<Object<User<'d>>>,
    #[serde(rename = "object_attributes")]
    pub(super) merge_request: Object<MergeRequest<'d>>,
    pub(super) changes: Option<Object<Changes<'d>>>,
}

/// What an `update` says was changed; the old values are not read.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Changes<'d> {
    pub(super) title: Option<IgnoredAny>,
    pub(super) draft: Option<Object<Draft<'d>>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Draft<'d> {
    pub(super) current: Later<'d, bool>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct MergeRequest<'d> {
    /// The number in the project; `id` is one of the whole installation.
    pub(super) iid: Later<'d, u64>,
    pub(super) title: Later<'d, String>,
    /// Who opened it. No payload tells more of them.
    pub(super) author_id: Later<'d, u64>,
    pub(super) source_branch: Later<'d, String>,
    pub(super) created_at: Later<'d, Moment>,
    pub(super) updated_at: Later<'d, Moment>,
    pub(super) action: Option<Later<'d, String>>,
    pub(super) draft: Option<Later<'d, bool>>,
    /// What `draft` was called before GitLab 15.
    pub(super) work_in_progress: Option<Later<'d, bool>>,
    /// There where commits were pushed, and only there.
    pub(super) oldrev: Option<IgnoredAny>,
    pub(super) merge_commit_sha: Option<Later<'d, String>>,
    pub(super) last_commit: Option<Object<LastCommit<'d>>>,
    /// Whether GitLab itself took approvals back, since 18.6.
    pub(super) system: Option<Later<'d, bool>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct LastCommit<'d> {
    pub(super) id: Later<'d, String>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct PipelineEvent<'d> {
    pub(super) object_kind: String,
    pub(super) project: Object<Project<'d>>,
    /// Who started it.
    pub(super) user: Option<Object<User<'d>>>,
    #[serde(rename = "object_attributes")]
    pub(super) pipeline: Object<Pipeline<'d>>,
    pub(super) merge_request: Option<Object<RunChange<'d>>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Pipeline<'d> {
    pub(super) id: Later<'d, u64>,
    #[serde(rename = "ref")]
    pub(super) reference: Later<'d, String>,
    pub(super) tag: Option<Later<'d, bool>>,
    pub(super) sha: Later<'d, String>,
    /// What started it: a push, a schedule, a merge request.
    pub(super) source: Option<Later<'d, String>>,
    pub(super) status: Later<'d, String>,
    pub(super) created_at: Later<'d, Moment>,
    pub(super) finished_at: Option<Later<'d, Moment>>,
}

/// The merge request that a pipeline was run for.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct RunChange<'d> {
    pub(super) iid: Later<'d, u64>,
    pub(super) target_project_id: Later<'d, u64>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct DeploymentEvent<'d> {
    pub(super) object_kind: String,
    pub(super) project: Object<Project<'d>>,
    /// Who deployed.
    pub(super) user: Option<Object<User<'d>>>,
    pub(super) status: Later<'d, String>,
    pub(super) status_changed_at: Later<'d, Moment>,
    pub(super) deployment_id: Later<'d, u64>,
    /// The job that deployed.
    pub(super) deployable_id: Option<Later<'d, u64>>,
    pub(super) environment: Later<'d, String>,
    pub(super) environment_tier: Option<Later<'d, String>>,
    pub(super) short_sha: Option<Later<'d, String>>,
    /// Ends with the whole id of the commit, which nothing else tells.
    pub(super) commit_url: Option<Later<'d, String>>,
}
