//! A recorded payload of Bitbucket, made ready to be sent again: which kind it is when no header says so.

use super::kinds::{self, named};
use crate::connectors::Recorded;
use crate::connectors::json::{self, Loose};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Top-level fields that tell the kinds apart. But for closed words, only their presence is read.
#[derive(Deserialize)]
struct Shape {
    approval: Option<IgnoredAny>,
    changes: Option<IgnoredAny>,
    changes_request: Option<IgnoredAny>,
    comment: Option<IgnoredAny>,
    commit: Option<IgnoredAny>,
    commit_status: Option<IgnoredAny>,
    #[serde(rename = "eventKey")]
    event_key: Option<String>,
    fork: Option<IgnoredAny>,
    issue: Option<IgnoredAny>,
    #[serde(default)]
    pullrequest: Loose<Change>,
    push: Option<IgnoredAny>,
    repository: Option<IgnoredAny>,
    test: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Change {
    state: Option<String>,
}

pub(super) fn recorded(payload: &[u8], hints: &[&str]) -> Recorded {
    match hints.iter().find_map(|hint| named(hint)).or_else(|| by_shape(payload)) {
        Some(kind) => Recorded::Event { kind: Some(kind.to_owned()), body: payload.to_vec() },
        None => Recorded::NotAnEvent,
    }
}

/// The kind by its shape. A payload that might carry code counts as one that does; what Cloud does not tell apart is an update.
fn by_shape(payload: &[u8]) -> Option<&'static str> {
    let shape: Shape = json::read_bytes(payload).ok()?;
    Some(match () {
        () if shape.event_key.is_some() => named(&shape.event_key?)?,
        () if shape.push.is_some() => "repo:push",
        () if shape.comment.is_some() && shape.pullrequest.0.is_some() => "pullrequest:comment_created",
        () if shape.comment.is_some() && shape.issue.is_some() => "issue:comment_created",
        () if shape.comment.is_some() && shape.commit.is_some() => "repo:commit_comment_created",
        () if shape.approval.is_some() => "pullrequest:approved",
        () if shape.changes_request.is_some() => "pullrequest:changes_request_created",
        () if shape.pullrequest.0.is_some() => match shape.pullrequest.0?.state.as_deref() {
            Some("MERGED") => "pullrequest:fulfilled",
            Some("DECLINED" | "SUPERSEDED") => "pullrequest:rejected",
            _ => "pullrequest:updated",
        },
        () if shape.commit_status.is_some() => "repo:commit_status_updated",
        () if shape.fork.is_some() => "repo:fork",
        () if shape.issue.is_some() && shape.changes.is_some() => "issue:updated",
        () if shape.issue.is_some() => "issue:created",
        () if shape.changes.is_some() && shape.repository.is_some() => "repo:updated",
        () if shape.test.is_some() => kinds::PING,
        () => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(payload: &str, hints: &[&str]) -> Option<String> {
        match recorded(payload.as_bytes(), hints) {
            Recorded::Event { kind, .. } => kind,
            Recorded::NotAnEvent => None,
        }
    }

    #[test]
    fn the_first_hint_that_names_a_kind_wins_over_the_shape() {
        let payload = r#"{"pullrequest":{"state":"MERGED"}}"#;
        assert_eq!(kind(payload, &["bitbucket", "repo-push.json", "issue:created"]).as_deref(), Some("repo:push"));
        assert_eq!(kind("not JSON", &["pr:opened"]).as_deref(), Some("pr:opened"), "what is wrong with it, the parser says");
    }

    #[test]
    fn without_a_hint_the_shape_decides() {
        for (payload, expected) in [
            (r#"{"eventKey":"pr:reviewer:approved","pullRequest":{}}"#, Some("pr:reviewer:approved")),
            (r#"{"eventKey":"of:next_year","pullRequest":{}}"#, None),
            (r#"{"test":true}"#, Some("diagnostics:ping")),
            (r#"{"push":{},"repository":{}}"#, Some("repo:push")),
            (r#"{"pullrequest":{"state":"OPEN"}}"#, Some("pullrequest:updated")),
            (r#"{"pullrequest":{"state":"MERGED"}}"#, Some("pullrequest:fulfilled")),
            (r#"{"pullrequest":{"state":"SUPERSEDED"}}"#, Some("pullrequest:rejected")),
            (r#"{"pullrequest":{},"approval":{}}"#, Some("pullrequest:approved")),
            (r#"{"pullrequest":{},"changes_request":{}}"#, Some("pullrequest:changes_request_created")),
            (r#"{"pullrequest":{},"comment":{}}"#, Some("pullrequest:comment_created")),
            (r#"{"commit":{},"comment":{}}"#, Some("repo:commit_comment_created")),
            (r#"{"issue":{},"comment":{},"changes":{}}"#, Some("issue:comment_created")),
            (r#"{"issue":{},"changes":{}}"#, Some("issue:updated")),
            (r#"{"issue":{}}"#, Some("issue:created")),
            (r#"{"commit_status":{},"repository":{}}"#, Some("repo:commit_status_updated")),
            (r#"{"fork":{},"repository":{}}"#, Some("repo:fork")),
            (r#"{"changes":{},"repository":{}}"#, Some("repo:updated")),
            (r#"{"total_count":1,"items":[]}"#, None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(kind(payload, &[]).as_deref(), expected, "{payload}");
        }
    }
}
