//! A recorded payload of GitHub, made ready to be sent again: which kind it is when no header says so.

use super::kinds::named;
use crate::connectors::Recorded;
use crate::connectors::json;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Top-level fields that tell the kinds apart; only their presence is read.
#[derive(Deserialize)]
struct Shape {
    action: Option<IgnoredAny>,
    comment: Option<IgnoredAny>,
    commits: Option<IgnoredAny>,
    deployment: Option<IgnoredAny>,
    deployment_status: Option<IgnoredAny>,
    issue: Option<IgnoredAny>,
    pull_request: Option<IgnoredAny>,
    pusher: Option<IgnoredAny>,
    review: Option<IgnoredAny>,
    thread: Option<IgnoredAny>,
    workflow_run: Option<IgnoredAny>,
    zen: Option<IgnoredAny>,
}

pub(super) fn recorded(payload: &[u8], hints: &[&str]) -> Recorded {
    match hints.iter().find_map(|hint| named(hint)).or_else(|| by_shape(payload)) {
        Some(kind) => Recorded::Event { kind: Some(kind.to_owned()), body: payload.to_vec() },
        None => Recorded::NotAnEvent,
    }
}

/// The kind by its shape. A payload that might carry a diff counts as one that does.
fn by_shape(payload: &[u8]) -> Option<&'static str> {
    let shape: Shape = json::read_bytes(payload).ok()?;
    let has_action = shape.action.is_some();
    let has_change = shape.pull_request.is_some();
    Some(match () {
        () if shape.zen.is_some() => "ping",
        () if shape.commits.is_some() || shape.pusher.is_some() => "push",
        () if has_change && shape.comment.is_some() => "pull_request_review_comment",
        () if has_change && shape.thread.is_some() => "pull_request_review_thread",
        () if shape.comment.is_some() && shape.issue.is_some() => "issue_comment",
        () if shape.comment.is_some() => "commit_comment",
        () if has_change && shape.review.is_some() => "pull_request_review",
        () if shape.deployment_status.is_some() => "deployment_status",
        // Both of these may hold a run beside what they are about.
        () if shape.deployment.is_some() => "deployment",
        () if shape.workflow_run.is_some() && has_action => "workflow_run",
        () if has_change && has_action => "pull_request",
        () if shape.issue.is_some() && has_action => "issues",
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
        let payload = r#"{"action":"opened","pull_request":{}}"#;
        assert_eq!(kind(payload, &["nothing", "push", "issues.json"]).as_deref(), Some("push"));
        assert_eq!(kind("not JSON", &["push"]).as_deref(), Some("push"), "what is wrong with it, the parser says");
    }

    #[test]
    fn without_a_hint_the_shape_decides() {
        for (payload, expected) in [
            (r#"{"zen":"","hook":{}}"#, Some("ping")),
            (r#"{"ref":"","commits":[],"pusher":{}}"#, Some("push")),
            (r#"{"action":"","pull_request":{},"number":1}"#, Some("pull_request")),
            (r#"{"action":"","pull_request":{},"review":{}}"#, Some("pull_request_review")),
            (r#"{"action":"","pull_request":{},"comment":{}}"#, Some("pull_request_review_comment")),
            (r#"{"action":"","pull_request":{},"thread":{}}"#, Some("pull_request_review_thread")),
            (r#"{"action":"","comment":{}}"#, Some("commit_comment")),
            (r#"{"action":"","workflow_run":{},"workflow":{}}"#, Some("workflow_run")),
            (r#"{"action":"","workflow_run":{},"deployment":{}}"#, Some("deployment")),
            (r#"{"action":"","deployment_status":{},"deployment":{}}"#, Some("deployment_status")),
            (r#"{"total_count":1,"items":[]}"#, None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(kind(payload, &[]).as_deref(), expected, "{payload}");
        }
    }
}
