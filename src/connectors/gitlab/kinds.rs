//! Which of GitLab's events are read, which carry code, and which are named only to be recognised.
//!
//! The header `X-Gitlab-Event` decides; of a kind that is not read, not one byte of the body is parsed. It is not signed, so
//! the body's own `object_kind` must say the same. A system hook has one name for all it sends: there the body alone tells
//! (GitLab Docs, 'Webhook events' and 'System hooks').

use crate::signals::refusal::Refusal;
use crate::signals::words;

/// The header that names the kind.
pub(super) const HEADER: &str = "X-Gitlab-Event";
/// What a hook of a whole installation calls everything.
pub(super) const SYSTEM: &str = "System Hook";

words! {
    /// The events that are read.
    Kind {
        MergeRequest = "Merge Request Hook",
        Pipeline = "Pipeline Hook",
        Deployment = "Deployment Hook",
    }
}

impl Kind {
    /// What the body of such an event calls itself.
    pub(super) const fn object_kind(self) -> &'static str {
        match self {
            Self::MergeRequest => "merge_request",
            Self::Pipeline => "pipeline",
            Self::Deployment => "deployment",
        }
    }
}

/// Events that exist to carry code, or quote it, with what they carry. Never read.
///
/// Merge requests and pipelines hold a commit message too, in a field that no struct of ours names.
pub const CARRY_CODE: &[(&str, &str)] = &[
    ("Build Hook", "the commit's message; the old name of a Job Hook"),
    ("Confidential Note Hook", "a comment that not everybody may read"),
    ("Emoji Hook", "the comment that was reacted to, with its diff"),
    ("Job Hook", "the commit's message"),
    ("Note Hook", "a comment, with the diff it stands at, or the content of a snippet"),
    ("Push Hook", "commit messages and the paths of changed files"),
    ("Release Hook", "the commit's message"),
    ("Tag Push Hook", "commit messages and the paths of changed files"),
    ("Vulnerability Hook", "the path and lines of what was found in code"),
];

/// Every other event that the documentation names. Not read; listed so that a recorded payload is recognised.
const OTHERS: &[&str] = &[
    "Access Token Hook",
    "Confidential Issue Hook",
    "Confidential Work Item Hook",
    "Deploy Token Hook",
    "Feature Flag Hook",
    "Issue Hook",
    "Member Hook",
    "Milestone Hook",
    "Project Hook",
    "Resource Access Token Hook",
    "Resource Deploy Token Hook",
    "Service Hook",
    "Subgroup Hook",
    "Wiki Page Hook",
    "Work Item Hook",
];

/// What the body of an event calls itself, and the header it comes under.
const OBJECT_KINDS: &[(&str, &str)] = &[
    ("access_token", "Resource Access Token Hook"),
    ("build", "Job Hook"),
    ("confidential_issue", "Confidential Issue Hook"),
    ("confidential_note", "Confidential Note Hook"),
    ("deployment", "Deployment Hook"),
    ("emoji", "Emoji Hook"),
    ("feature_flag", "Feature Flag Hook"),
    ("issue", "Issue Hook"),
    ("merge_request", "Merge Request Hook"),
    ("milestone", "Milestone Hook"),
    ("note", "Note Hook"),
    ("pipeline", "Pipeline Hook"),
    ("push", "Push Hook"),
    ("release", "Release Hook"),
    ("tag_push", "Tag Push Hook"),
    ("vulnerability", "Vulnerability Hook"),
    ("wiki_page", "Wiki Page Hook"),
    ("work_item", "Work Item Hook"),
];

/// The kind that the header names; `None` where it is a system hook, and the body must tell. A kind nobody knows yet is not read.
pub(super) fn admit(header: &str) -> Result<Option<Kind>, Refusal> {
    if header == SYSTEM {
        return Ok(None);
    }
    Kind::parse(header).map(Some).ok_or_else(|| refusal(header))
}

/// The kind of what a system hook tells of: a merge request is read, and nothing else of it. Where the body has two names for
/// itself, either may say that it carries code.
pub(super) fn admit_of_system(object_kind: Option<&str>, event_name: Option<&str>) -> Result<Kind, Refusal> {
    match object_kind {
        Some(named) if named == Kind::MergeRequest.object_kind() => Ok(Kind::MergeRequest),
        _ => {
            let carries_code = |word: Option<&str>| word.and_then(header_of).is_some_and(|header| refusal(header) == Refusal::CarriesCode);
            Err(if carries_code(object_kind) || carries_code(event_name) { Refusal::CarriesCode } else { Refusal::KindNotRead })
        }
    }
}

fn refusal(header: &str) -> Refusal {
    let carries_code = CARRY_CODE.iter().any(|(name, _)| *name == header);
    if carries_code { Refusal::CarriesCode } else { Refusal::KindNotRead }
}

/// The header under which a body that calls itself so comes.
pub(super) fn header_of(object_kind: &str) -> Option<&'static str> {
    OBJECT_KINDS.iter().find(|(word, _)| *word == object_kind).map(|(_, header)| *header)
}

/// The event's header that `hint` is, or whose body's name it begins with before its first dot.
pub(super) fn named(hint: &str) -> Option<&'static str> {
    let read = Kind::ALL.iter().map(|kind| kind.as_str());
    let code = CARRY_CODE.iter().map(|(name, _)| *name);
    let known = read.chain(code).chain(OTHERS.iter().copied()).chain([SYSTEM]).find(|name| *name == hint);
    known.or_else(|| header_of(hint.split('.').next()?))
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
        for name in &names {
            assert_eq!(named(name), Some(*name));
        }
        for (word, header) in OBJECT_KINDS {
            assert!(names.contains(header), "{header}");
            assert_eq!(named(&format!("{word}.json")), Some(*header));
        }
        for kind in Kind::ALL {
            assert_eq!(header_of(kind.object_kind()), Some(kind.as_str()));
        }
    }

    #[test]
    fn what_carries_code_is_refused_as_such() {
        for header in ["Push Hook", "Tag Push Hook", "Note Hook", "Confidential Note Hook", "Job Hook"] {
            assert_eq!(admit(header), Err(Refusal::CarriesCode), "{header}");
        }
        for header in
            ["Issue Hook", "Confidential Issue Hook", "Wiki Page Hook", "merge_request", "merge request hook", "A Hook of Next Year", ""]
        {
            assert_eq!(admit(header), Err(Refusal::KindNotRead), "{header}");
        }
        assert_eq!(admit("Pipeline Hook"), Ok(Some(Kind::Pipeline)));
        assert_eq!(admit(SYSTEM), Ok(None));
    }

    #[test]
    fn of_a_system_hook_a_merge_request_alone_is_read() {
        assert_eq!(admit_of_system(Some("merge_request"), None), Ok(Kind::MergeRequest));
        assert_eq!(admit_of_system(Some("push"), Some("push")), Err(Refusal::CarriesCode));
        assert_eq!(admit_of_system(None, Some("tag_push")), Err(Refusal::CarriesCode));
        for event in ["user_create", "repository_update", "merge_request", "project_create"] {
            assert_eq!(admit_of_system(None, Some(event)), Err(Refusal::KindNotRead), "{event}");
        }
        assert_eq!(admit_of_system(Some("pipeline"), None), Err(Refusal::KindNotRead));
        assert_eq!(admit_of_system(None, None), Err(Refusal::KindNotRead));
    }
}
