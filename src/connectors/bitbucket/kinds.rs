//! Which of Bitbucket's events are read, which carry code, and which are named only to be recognised.
//!
//! The header `X-Event-Key` alone decides; of a kind that is not read, not one byte of the body is parsed. The keys of Cloud
//! (`pullrequest:…`) and of Data Center (`pr:…`) share no word, so that a key tells which of the two has sent (Atlassian
//! Support, 'Event payloads'; Bitbucket Data Center documentation, 'Event payload').

use crate::signals::refusal::Refusal;
use crate::signals::words;

pub(super) const KEY: &str = "X-Event-Key";

words! {
    /// The events of Bitbucket Cloud that are read.
    OfCloud {
        Created = "pullrequest:created",
        Updated = "pullrequest:updated",
        Fulfilled = "pullrequest:fulfilled",
        Rejected = "pullrequest:rejected",
        Approved = "pullrequest:approved",
        Unapproved = "pullrequest:unapproved",
        ChangesRequested = "pullrequest:changes_request_created",
        ChangesUnrequested = "pullrequest:changes_request_removed",
    }
}

words! {
    /// The events of Bitbucket Data Center, and of Server before it, that are read.
    OfDataCenter {
        Opened = "pr:opened",
        Modified = "pr:modified",
        FromRefUpdated = "pr:from_ref_updated",
        Merged = "pr:merged",
        Declined = "pr:declined",
        Deleted = "pr:deleted",
        Approved = "pr:reviewer:approved",
        NeedsWork = "pr:reviewer:needs_work",
        /// The newer word for the same.
        ChangesRequested = "pr:reviewer:changes_requested",
        Unapproved = "pr:reviewer:unapproved",
    }
}

/// What a key that is read names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Cloud(OfCloud),
    DataCenter(OfDataCenter),
}

/// Events that exist to carry code, or quote it, with what they carry. Never read.
pub const CARRY_CODE: &[(&str, &str)] = &[
    ("pr:comment:added", "a path and line of a file, and a remark about it"),
    ("pr:comment:deleted", "a path and line of a file, and a remark about it"),
    ("pr:comment:edited", "a path and line of a file, and a remark about it"),
    ("pullrequest:comment_created", "a path and line of a file, and a remark about it"),
    ("pullrequest:comment_deleted", "a path and line of a file, and a remark about it"),
    ("pullrequest:comment_reopened", "a path and line of a file, and a remark about it"),
    ("pullrequest:comment_resolved", "a path and line of a file, and a remark about it"),
    ("pullrequest:comment_updated", "a path and line of a file, and a remark about it"),
    ("repo:comment:added", "a commit, a path and line of a file, and a remark about it"),
    ("repo:comment:deleted", "a commit, a path and line of a file, and a remark about it"),
    ("repo:comment:edited", "a commit, a path and line of a file, and a remark about it"),
    ("repo:commit_comment_created", "a commit, a path and line of a file, and a remark about it"),
    ("repo:push", "commits with their messages"),
    ("repo:refs_changed", "commits, with their messages in newer versions"),
    ("repo:secret_detected", "paths and lines of secrets in code"),
];

/// Every other event that the corpus or the documentation names. Not read; listed so that a recorded payload's folder or file
/// name is recognised.
///
/// A commit's build status is no run: it has neither an id nor attempts, is overwritten in place, names its commit in a link
/// alone, and carries what a build tool wished to say. Runs of such tools have a door of their own.
const OTHERS: &[&str] = &[
    "issue:comment_created",
    "issue:created",
    "issue:updated",
    "mirror:repo_synchronized",
    "pr:reviewer:updated",
    "pr:to_ref_updated",
    "project:modified",
    "project:updated",
    "repo:commit_status_created",
    "repo:commit_status_updated",
    "repo:deleted",
    "repo:fork",
    "repo:forked",
    "repo:imported",
    "repo:modified",
    "repo:transfer",
    "repo:updated",
];

/// The test that Data Center sends when a hook is set up: it tells of a hook, not of work.
pub(super) const PING: &str = "diagnostics:ping";

/// The kind that the header names, or why it is not read. A kind nobody knows yet is not read either.
pub(super) fn admit(key: &str) -> Result<Kind, Refusal> {
    if let Some(kind) = OfCloud::parse(key).map(Kind::Cloud).or_else(|| OfDataCenter::parse(key).map(Kind::DataCenter)) {
        return Ok(kind);
    }
    if key == PING {
        return Err(Refusal::NotAnEvent);
    }
    let carries_code = CARRY_CODE.iter().any(|(name, _)| *name == key);
    Err(if carries_code { Refusal::CarriesCode } else { Refusal::KindNotRead })
}

/// How people write what an event key means, in file names; the same words apart from these need no line.
const SPOKEN: &[(&str, &str)] = &[
    ("commit-comment-created", "repo:commit_comment_created"),
    ("pull-request-approval-removed", "pullrequest:unapproved"),
    ("pull-request-declined", "pullrequest:rejected"),
    ("pull-request-merged", "pullrequest:fulfilled"),
];

/// The event's key that `hint` is, or begins with before its first dot: `pr:opened`, `pr-opened.json`,
/// `pull-request-created.json`. A file's name has hyphens where a key has colons and underscores.
pub(super) fn named(hint: &str) -> Option<&'static str> {
    let word = hint.split('.').next()?;
    let cloud = OfCloud::ALL.iter().map(|kind| kind.as_str());
    let data_center = OfDataCenter::ALL.iter().map(|kind| kind.as_str());
    let code = CARRY_CODE.iter().map(|(name, _)| *name);
    let mut keys = cloud.chain(data_center).chain(code).chain(OTHERS.iter().copied()).chain([PING]);
    let spoken = || SPOKEN.iter().find(|(spoken, _)| *spoken == word).map(|(_, key)| *key);
    let plain = word.replacen("pull-request-", "pullrequest-", 1);
    keys.find(|key| *key == word || key.replace([':', '_'], "-") == plain).or_else(spoken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_kind_stands_in_one_list_and_no_two_are_written_alike() {
        let cloud = OfCloud::ALL.iter().map(|kind| kind.as_str());
        let data_center = OfDataCenter::ALL.iter().map(|kind| kind.as_str());
        let code = CARRY_CODE.iter().map(|(name, _)| *name);
        let names: Vec<&str> = cloud.chain(data_center).chain(code).chain(OTHERS.iter().copied()).chain([PING]).collect();
        assert_eq!(names.iter().map(|name| name.replace([':', '_'], "-")).collect::<HashSet<_>>().len(), names.len());
        for name in names {
            assert_eq!(named(name), Some(name));
        }
    }

    #[test]
    fn what_carries_code_is_refused_as_such() {
        for (key, expected) in [
            ("repo:push", Refusal::CarriesCode),
            ("repo:refs_changed", Refusal::CarriesCode),
            ("pullrequest:comment_created", Refusal::CarriesCode),
            ("diagnostics:ping", Refusal::NotAnEvent),
            ("repo:commit_status_updated", Refusal::KindNotRead),
            ("issue:created", Refusal::KindNotRead),
            ("an:event_of_next_year", Refusal::KindNotRead),
            ("PR:opened", Refusal::KindNotRead),
        ] {
            assert_eq!(admit(key), Err(expected), "{key}");
        }
        assert_eq!(admit("pullrequest:created"), Ok(Kind::Cloud(OfCloud::Created)));
        assert_eq!(admit("pr:opened"), Ok(Kind::DataCenter(OfDataCenter::Opened)));
    }

    #[test]
    fn a_hint_is_a_key_or_what_people_call_it() {
        for (hint, expected) in [
            ("pr-reviewer-needs-work.json", Some("pr:reviewer:needs_work")),
            ("pull-request-created.json", Some("pullrequest:created")),
            ("pull-request-merged", Some("pullrequest:fulfilled")),
            ("pull-request-approval-removed.json", Some("pullrequest:unapproved")),
            ("repo-commit-status-created.json", Some("repo:commit_status_created")),
            ("bitbucket", None),
            ("pull-request", None),
            ("payload.json", None),
            ("", None),
        ] {
            assert_eq!(named(hint), expected, "{hint}");
        }
    }
}
