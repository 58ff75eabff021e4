//! Which of GitHub's events are read, which carry code, and which are named only to be recognised.
//!
//! The header `X-GitHub-Event` alone decides; of a kind that is not read, not one byte of the body is parsed.

use crate::signals::refusal::Refusal;
use crate::signals::words;

words! {
    /// The events that are read.
    Kind {
        PullRequest = "pull_request",
        PullRequestReview = "pull_request_review",
        WorkflowRun = "workflow_run",
        Deployment = "deployment",
        DeploymentStatus = "deployment_status",
    }
}

/// Events that exist to carry code, or quote it, with what they carry. Never read.
///
/// `workflow_run` and `deployment_review` hold a commit message too, in a field that no struct of ours names.
pub const CARRY_CODE: &[(&str, &str)] = &[
    ("check_run", "output of a linter or test: its text quotes code and logs"),
    ("check_suite", "the head commit's message"),
    ("code_scanning_alert", "paths and lines of files, and a message that quotes them"),
    ("commit_comment", "a path and line of a file, and a remark about it"),
    ("dependabot_alert", "paths of manifest files"),
    ("merge_group", "the head commit's message"),
    ("pull_request_review_comment", "a diff hunk"),
    ("pull_request_review_thread", "diff hunks"),
    ("push", "commit messages and the paths of changed files"),
    ("secret_scanning_alert", "the kind of a secret that was found in code"),
    ("secret_scanning_alert_location", "the path and lines of a secret in code"),
    ("status", "a commit with its message"),
];

/// Every other event that the corpus or the documentation names. Not read; listed so that a recorded payload's folder or
/// file name is recognised, and so that the disclosure can be complete.
const OTHERS: &[&str] = &[
    "branch_protection_configuration",
    "branch_protection_rule",
    "create",
    "custom_property",
    "custom_property_values",
    "delete",
    "deploy_key",
    "deployment_protection_rule",
    "deployment_review",
    "discussion",
    "discussion_comment",
    "fork",
    "github_app_authorization",
    "gollum",
    "installation",
    "installation_repositories",
    "installation_target",
    "issue_comment",
    "issues",
    "label",
    "marketplace_purchase",
    "member",
    "membership",
    "meta",
    "milestone",
    "org_block",
    "organization",
    "package",
    "page_build",
    "personal_access_token_request",
    "project",
    "project_card",
    "project_column",
    "projects_v2",
    "projects_v2_item",
    "projects_v2_status_update",
    "public",
    "registry_package",
    "release",
    "repository",
    "repository_advisory",
    "repository_dispatch",
    "repository_import",
    "repository_ruleset",
    "repository_vulnerability_alert",
    "secret_scanning_scan",
    "security_advisory",
    "security_and_analysis",
    "sponsorship",
    "star",
    "sub_issues",
    "team",
    "team_add",
    "watch",
    "workflow_dispatch",
    "workflow_job",
];

/// The test message that GitHub sends when a hook is set up: it tells of a hook, not of work.
pub(super) const PING: &str = "ping";

/// The kind that the header names, or why it is not read. A kind nobody knows yet is not read either.
pub(super) fn admit(header: &str) -> Result<Kind, Refusal> {
    if let Some(kind) = Kind::parse(header) {
        return Ok(kind);
    }
    if header == PING {
        return Err(Refusal::NotAnEvent);
    }
    let carries_code = CARRY_CODE.iter().any(|(name, _)| *name == header);
    Err(if carries_code { Refusal::CarriesCode } else { Refusal::KindNotRead })
}

/// The event's name that `hint` is, or begins with before its first dot: `pull_request`, `pull_request.opened.json`.
pub(super) fn named(hint: &str) -> Option<&'static str> {
    let word = hint.split('.').next()?;
    let read = Kind::ALL.iter().map(|kind| kind.as_str());
    let code = CARRY_CODE.iter().map(|(name, _)| *name);
    read.chain(code).chain(OTHERS.iter().copied()).chain([PING]).find(|name| *name == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_kind_stands_in_one_list() {
        let names: Vec<&str> = Kind::ALL
            .iter()
            .map(|kind| kind.as_str())
            .chain(CARRY_CODE.iter().map(|(name, _)| *name))
            .chain(OTHERS.iter().copied())
            .collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        for name in names {
            assert_eq!(named(name), Some(name));
        }
    }

    #[test]
    fn what_carries_code_is_refused_as_such() {
        assert_eq!(admit("push"), Err(Refusal::CarriesCode));
        assert_eq!(admit("pull_request_review_comment"), Err(Refusal::CarriesCode));
        assert_eq!(admit("ping"), Err(Refusal::NotAnEvent));
        assert_eq!(admit("issues"), Err(Refusal::KindNotRead));
        assert_eq!(admit("an_event_of_next_year"), Err(Refusal::KindNotRead));
        assert_eq!(admit("Pull_Request"), Err(Refusal::KindNotRead));
    }

    #[test]
    fn a_hint_is_a_whole_word() {
        assert_eq!(named("pull_request.opened.json"), Some("pull_request"));
        assert_eq!(named("pull_request_review"), Some("pull_request_review"));
        assert_eq!(named("pull_request-1.json"), None);
        assert_eq!(named("payload.json"), None);
        assert_eq!(named(""), None);
    }
}
