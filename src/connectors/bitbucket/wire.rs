//! What is read of Bitbucket's payloads: allow-lists. A field that is not named here does not become a value, and one that is does so only once
//! its place was found open ([`Later`]).
//!
//! Never: a description, a comment, a commit message, a file's path, a reason for declining, who acted, participants, reviewers,
//! display names or e-mail addresses. Links are built from ids ([`super::parse`]), so no link of a payload is read either.

use crate::connectors::json::{Later, Object};
use serde::Deserialize;

/// What Bitbucket Cloud sends.
pub(super) mod cloud {
    use super::{Deserialize, Later, Object};
    use crate::base::clock::Instant;

    /// What is read of a kind that is read where the rest of it is not as it should be.
    #[derive(Deserialize)]
    pub(in super::super) struct Peeked {
        pub(in super::super) repository: Object<Repository>,
    }

    #[derive(Deserialize)]
    pub(in super::super) struct Repository {
        /// `workspace/name`: all that is decoded of a delivery before its place was found open.
        pub(in super::super) full_name: String,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct ChangeEvent<'d> {
        pub(in super::super) repository: Object<Repository>,
        #[serde(rename = "pullrequest")]
        pub(in super::super) change: Object<Change<'d>>,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct Change<'d> {
        pub(in super::super) id: Later<'d, u64>,
        pub(in super::super) title: Later<'d, String>,
        pub(in super::super) state: Later<'d, String>,
        pub(in super::super) draft: Option<Later<'d, bool>>,
        pub(in super::super) author: Option<Object<User<'d>>>,
        pub(in super::super) created_on: Later<'d, Instant>,
        pub(in super::super) updated_on: Later<'d, Instant>,
        pub(in super::super) source: Object<Source<'d>>,
        pub(in super::super) merge_commit: Option<Object<Commit<'d>>>,
    }

    /// Where a change comes from. A branch that is gone is null.
    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct Source<'d> {
        pub(in super::super) branch: Option<Object<Branch<'d>>>,
        pub(in super::super) commit: Option<Object<Commit<'d>>>,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct Branch<'d> {
        pub(in super::super) name: Later<'d, String>,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct Commit<'d> {
        /// Mostly its first 12 digits.
        pub(in super::super) hash: Later<'d, String>,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct User<'d> {
        pub(in super::super) uuid: Later<'d, String>,
        pub(in super::super) nickname: Option<Later<'d, String>>,
        #[serde(rename = "type")]
        pub(in super::super) kind: Option<Later<'d, String>>,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct ApprovalEvent<'d> {
        pub(in super::super) repository: Object<Repository>,
        #[serde(rename = "pullrequest")]
        pub(in super::super) change: Object<ReviewedChange<'d>>,
        #[serde(rename = "approval")]
        pub(in super::super) verdict: Object<Verdict<'d>>,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct ChangesRequestEvent<'d> {
        pub(in super::super) repository: Object<Repository>,
        #[serde(rename = "pullrequest")]
        pub(in super::super) change: Object<ReviewedChange<'d>>,
        #[serde(rename = "changes_request")]
        pub(in super::super) verdict: Object<Verdict<'d>>,
    }

    /// The change that was reviewed.
    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct ReviewedChange<'d> {
        pub(in super::super) id: Later<'d, u64>,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct Verdict<'d> {
        pub(in super::super) date: Later<'d, Instant>,
        pub(in super::super) user: Option<Object<User<'d>>>,
    }
}

/// What Bitbucket Data Center sends. Its times are milliseconds of the Unix era, but for the event's own.
pub(super) mod data_center {
    use super::{Deserialize, Later, Object};
    use crate::base::clock::Instant;

    /// What is read of a kind that is read where the rest of it is not as it should be.
    #[derive(Deserialize)]
    pub(in super::super) struct Peeked {
        #[serde(rename = "pullRequest")]
        pub(in super::super) change: Object<PeekedChange>,
    }

    #[derive(Deserialize)]
    pub(in super::super) struct PeekedChange {
        #[serde(rename = "toRef")]
        pub(in super::super) to: Object<To>,
    }

    /// Where a change goes to.
    #[derive(Deserialize)]
    pub(in super::super) struct To {
        pub(in super::super) repository: Object<Repository>,
    }

    /// All that is decoded of a delivery before its place was found open.
    #[derive(Deserialize)]
    pub(in super::super) struct Repository {
        pub(in super::super) slug: String,
        pub(in super::super) project: Object<Project>,
    }

    #[derive(Deserialize)]
    pub(in super::super) struct Project {
        pub(in super::super) key: String,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct ChangeEvent<'d> {
        #[serde(rename = "eventKey")]
        pub(in super::super) key: Later<'d, String>,
        /// When the event happened, to the second.
        pub(in super::super) date: Later<'d, Instant>,
        #[serde(rename = "pullRequest")]
        pub(in super::super) change: Object<Change<'d>>,
        /// What a `pr:modified` was called before: looked at for whether it is the same, and forgotten.
        #[serde(rename = "previousTitle")]
        pub(in super::super) previous_title: Option<Later<'d, String>>,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"), rename_all = "camelCase")]
    pub(in super::super) struct Change<'d> {
        pub(in super::super) id: Later<'d, u64>,
        pub(in super::super) title: Later<'d, String>,
        pub(in super::super) state: Later<'d, String>,
        pub(in super::super) created_date: Later<'d, i64>,
        pub(in super::super) updated_date: Later<'d, i64>,
        pub(in super::super) closed_date: Option<Later<'d, i64>>,
        #[serde(rename = "fromRef")]
        pub(in super::super) from: Object<From<'d>>,
        #[serde(rename = "toRef")]
        pub(in super::super) to: Object<To>,
        pub(in super::super) author: Option<Object<Participant<'d>>>,
        pub(in super::super) properties: Option<Object<Properties<'d>>>,
    }

    /// The branch a change comes from, and its newest commit.
    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct From<'d> {
        #[serde(rename = "displayId")]
        pub(in super::super) branch: Later<'d, String>,
        #[serde(rename = "latestCommit")]
        pub(in super::super) sha: Later<'d, String>,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct Properties<'d> {
        #[serde(rename = "mergeCommit")]
        pub(in super::super) merge_commit: Option<Object<Commit<'d>>>,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct Commit<'d> {
        pub(in super::super) id: Later<'d, String>,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct Participant<'d> {
        pub(in super::super) user: Object<User<'d>>,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct User<'d> {
        pub(in super::super) id: Later<'d, i64>,
        pub(in super::super) name: Later<'d, String>,
        #[serde(rename = "type")]
        pub(in super::super) kind: Option<Later<'d, String>>,
    }

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct ReviewEvent<'d> {
        #[serde(rename = "eventKey")]
        pub(in super::super) key: Later<'d, String>,
        /// When the event happened, to the second: a change's own times say nothing of its reviews.
        pub(in super::super) date: Later<'d, Instant>,
        #[serde(rename = "pullRequest")]
        pub(in super::super) change: Object<ReviewedChange<'d>>,
        /// Who reviewed.
        pub(in super::super) participant: Object<Participant<'d>>,
    }

    /// The change that was reviewed.
    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'd"))]
    pub(in super::super) struct ReviewedChange<'d> {
        pub(in super::super) id: Later<'d, u64>,
        #[serde(rename = "toRef")]
        pub(in super::super) to: Object<To>,
    }
}
