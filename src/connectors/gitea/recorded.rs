//! A recorded payload of Gitea or Forgejo, made ready to be sent again: which kind it is when no header says so.

use super::kinds::named;
use crate::connectors::Recorded;
use crate::connectors::json::{self, Loose};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Top-level fields that tell the kinds apart. But for two closed words, only their presence is read.
#[derive(Deserialize)]
struct Shape {
    action: Option<String>,
    comment: Option<IgnoredAny>,
    commits: Option<IgnoredAny>,
    context: Option<IgnoredAny>,
    forkee: Option<IgnoredAny>,
    issue: Option<IgnoredAny>,
    package: Option<IgnoredAny>,
    page: Option<IgnoredAny>,
    prior_status: Option<IgnoredAny>,
    pull_request: Option<IgnoredAny>,
    pusher: Option<IgnoredAny>,
    pusher_type: Option<IgnoredAny>,
    ref_type: Option<IgnoredAny>,
    release: Option<IgnoredAny>,
    repository: Option<IgnoredAny>,
    #[serde(default)]
    review: Loose<Review>,
    run: Option<IgnoredAny>,
    workflow_job: Option<IgnoredAny>,
    workflow_run: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Review {
    #[serde(rename = "type")]
    verdict: String,
}

pub(super) fn recorded(payload: &[u8], hints: &[&str]) -> Recorded {
    match hints.iter().find_map(|hint| named(hint)).or_else(|| by_shape(payload)) {
        Some(kind) => Recorded::Event { kind: Some(kind.to_owned()), body: payload.to_vec() },
        None => Recorded::NotAnEvent,
    }
}

/// The kind by its shape. A payload that might carry code counts as one that does.
fn by_shape(payload: &[u8]) -> Option<&'static str> {
    let shape: Shape = json::read_bytes(payload).ok()?;
    let has_action = shape.action.is_some();
    Some(match () {
        () if shape.commits.is_some() || shape.pusher.is_some() => "push",
        () if shape.context.is_some() => "status",
        // A run may hold the change beside what it is about, and a remark on a change is one on its issue.
        () if shape.workflow_run.is_some() && has_action => "workflow_run",
        () if shape.workflow_job.is_some() => "workflow_job",
        () if shape.run.is_some() && shape.prior_status.is_some() => of_action_run(shape.action.as_deref()?)?,
        () if shape.comment.is_some() && shape.issue.is_some() => "issue_comment",
        () if shape.pull_request.is_some() && has_action => shape.review.0.map_or("pull_request", |review| of_review(&review.verdict)),
        () if shape.issue.is_some() && has_action => "issues",
        () if shape.release.is_some() => "release",
        () if shape.page.is_some() => "wiki",
        () if shape.package.is_some() => "package",
        () if shape.forkee.is_some() => "fork",
        () if shape.ref_type.is_some() && shape.pusher_type.is_some() => "delete",
        () if shape.ref_type.is_some() => "create",
        () if shape.repository.is_some() && has_action => "repository",
        () => return None,
    })
}

fn of_action_run(action: &str) -> Option<&'static str> {
    match action {
        "failure" => Some("action_run_failure"),
        "recover" => Some("action_run_recover"),
        "success" => Some("action_run_success"),
        _ => None,
    }
}

fn of_review(verdict: &str) -> &'static str {
    match verdict {
        "pull_request_review_approved" | "pull_request_approved" => "pull_request_approved",
        "pull_request_review_rejected" | "pull_request_rejected" => "pull_request_rejected",
        _ => "pull_request_comment",
    }
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
        assert_eq!(kind(payload, &["gitea", "push", "issues.json"]).as_deref(), Some("push"));
        assert_eq!(kind("not JSON", &["push"]).as_deref(), Some("push"), "what is wrong with it, the parser says");
    }

    #[test]
    fn without_a_hint_the_shape_decides() {
        for (payload, expected) in [
            (r#"{"ref":"","commits":[],"pusher":{}}"#, Some("push")),
            (r#"{"context":"ci","state":"","commit":{}}"#, Some("status")),
            (r#"{"action":"","pull_request":{},"review":null}"#, Some("pull_request")),
            (r#"{"action":"","pull_request":{},"review":{"type":"pull_request_review_approved"}}"#, Some("pull_request_approved")),
            (r#"{"action":"","pull_request":{},"review":{"type":"pull_request_rejected"}}"#, Some("pull_request_rejected")),
            (r#"{"action":"","pull_request":{},"review":{"type":"pull_request_review_comment"}}"#, Some("pull_request_comment")),
            (r#"{"action":"","issue":{},"comment":{},"is_pull":true}"#, Some("issue_comment")),
            (r#"{"action":"","issue":{}}"#, Some("issues")),
            (r#"{"action":"completed","workflow_run":{},"pull_request":{}}"#, Some("workflow_run")),
            (r#"{"action":"","workflow_job":{}}"#, Some("workflow_job")),
            (r#"{"action":"failure","run":{},"prior_status":""}"#, Some("action_run_failure")),
            (r#"{"action":"recover","run":{},"prior_status":""}"#, Some("action_run_recover")),
            (r#"{"action":"explode","run":{},"prior_status":""}"#, None),
            (r#"{"action":"","release":{},"repository":{}}"#, Some("release")),
            (r#"{"action":"","page":"","comment":""}"#, Some("wiki")),
            (r#"{"action":"","package":{}}"#, Some("package")),
            (r#"{"forkee":{},"repository":{}}"#, Some("fork")),
            (r#"{"ref":"","ref_type":"branch","pusher_type":"user"}"#, Some("delete")),
            (r#"{"ref":"","ref_type":"branch","sha":""}"#, Some("create")),
            (r#"{"action":"","repository":{},"organization":{}}"#, Some("repository")),
            (r#"{"total_count":1,"items":[]}"#, None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(kind(payload, &[]).as_deref(), expected, "{payload}");
        }
    }
}
