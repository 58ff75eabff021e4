//! Which events of Gitea and Forgejo are read, which carry code, and which are named only to be recognised.
//!
//! The header `X-Gitea-Event` or `X-Forgejo-Event` decides; of a kind that is not read, not one byte of the body is parsed.
//! The words are those of `HookEventType.Event` in `modules/webhook/type.go`. `X-Gitea-Event-Type`, which tells more of them
//! apart (`pull_request_sync`, `pull_request_label` …), is not read: the signed body says the same in `action`. Neither header
//! is signed, so what an event means is taken from the body alone.

use crate::connectors::delivery::Delivery;
use crate::signals::refusal::Refusal;
use crate::signals::words;

pub(super) const GITEA: &str = "X-Gitea-Event";
const FORGEJO: &str = "X-Forgejo-Event";

words! {
    /// The events that are read.
    Kind {
        PullRequest = "pull_request",
        Approved = "pull_request_approved",
        Rejected = "pull_request_rejected",
        /// A review with neither verdict; a remark outside of a review is an `issue_comment`.
        Commented = "pull_request_comment",
        /// A run of Gitea's own, since 1.25.
        WorkflowRun = "workflow_run",
        /// A run of Forgejo's own that ended.
        RunFailed = "action_run_failure",
        /// Sent beside [`Self::RunSucceeded`] where the run before had failed.
        RunRecovered = "action_run_recover",
        RunSucceeded = "action_run_success",
    }
}

/// Events that exist to carry code, or quote it, with what they carry. Never read.
pub const CARRY_CODE: &[(&str, &str)] = &[
    ("push", "commit messages and the paths of changed files; the test delivery of a new hook is one too"),
    ("status", "a commit with its message and the paths of changed files"),
];

/// Every other event that Gitea or Forgejo names. Not read; listed so that a recorded payload's folder or file name is
/// recognised.
const OTHERS: &[&str] = &[
    "create",
    "delete",
    "fork",
    "issue_comment",
    "issues",
    "package",
    "release",
    "repository",
    "schedule",
    "wiki",
    "workflow_dispatch",
    "workflow_job",
];

/// The kind that the headers name, or why it is not read. Forgejo sends both headers: where they do not say the same, or one
/// is given twice, no kind is named.
pub(super) fn admit(delivery: &Delivery) -> Result<Kind, Refusal> {
    let mut named = None;
    for name in [GITEA, FORGEJO].into_iter().filter(|name| delivery.has(name)) {
        let said = delivery.header(name).ok_or(Refusal::Malformed)?;
        if named.is_some_and(|other| other != said) {
            return Err(Refusal::Malformed);
        }
        named = Some(said);
    }
    let named = named.ok_or(Refusal::Malformed)?;
    let carries_code = CARRY_CODE.iter().any(|(name, _)| *name == named);
    Kind::parse(named).ok_or(if carries_code { Refusal::CarriesCode } else { Refusal::KindNotRead })
}

/// The event's name that `hint` is, or begins with before its first dot: `pull_request`, `pull_request.opened.json`.
pub(super) fn named(hint: &str) -> Option<&'static str> {
    let word = hint.split('.').next()?;
    let read = Kind::ALL.iter().map(|kind| kind.as_str());
    let code = CARRY_CODE.iter().map(|(name, _)| *name);
    read.chain(code).chain(OTHERS.iter().copied()).find(|name| *name == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn said(headers: &[(&str, &str)]) -> Result<Kind, Refusal> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        admit(&Delivery::new(headers, Vec::new()))
    }

    #[test]
    fn every_kind_stands_in_one_list() {
        let read = Kind::ALL.iter().map(|kind| kind.as_str());
        let names: Vec<&str> = read.chain(CARRY_CODE.iter().map(|(name, _)| *name)).chain(OTHERS.iter().copied()).collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        for name in names {
            assert_eq!(named(name), Some(name));
        }
    }

    #[test]
    fn either_family_names_the_kind_and_both_must_agree() {
        assert_eq!(said(&[("x-gitea-event", "pull_request")]), Ok(Kind::PullRequest));
        assert_eq!(said(&[(FORGEJO, "pull_request_approved")]), Ok(Kind::Approved));
        assert_eq!(said(&[(FORGEJO, "workflow_run"), (GITEA, "workflow_run")]), Ok(Kind::WorkflowRun));
        for bad in [
            &[][..],
            &[(FORGEJO, "pull_request"), (GITEA, "push")],
            &[(GITEA, "pull_request"), (GITEA, "pull_request")],
            &[("X-GitHub-Event", "pull_request")],
            &[("X-Gitea-Event-Type", "pull_request")],
        ] {
            assert_eq!(said(bad), Err(Refusal::Malformed), "{bad:?}");
        }
    }

    #[test]
    fn what_carries_code_is_refused_as_such() {
        for (kind, expected) in [
            ("push", Refusal::CarriesCode),
            ("status", Refusal::CarriesCode),
            ("issue_comment", Refusal::KindNotRead),
            ("wiki", Refusal::KindNotRead),
            ("an_event_of_next_year", Refusal::KindNotRead),
            ("Pull_Request", Refusal::KindNotRead),
        ] {
            assert_eq!(said(&[(GITEA, kind)]), Err(expected), "{kind}");
        }
    }
}
