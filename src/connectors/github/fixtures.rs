//! Deliveries in the shape GitHub sends, with a canary in everything that is not to be read.

use crate::connectors::conformance::{CANARY, Closed, Fixtures, Mention, Replay, Sample};
use crate::connectors::github::GitHub;
use serde_json::{Value, json};

pub(in crate::connectors) fn fixtures() -> Fixtures {
    Fixtures {
        connector: &GitHub,
        genuine: Sample::new("pull_request", &pull_request("opened")),
        direct_message: Closed::NonePossible("GitHub has no conversations outside of a repository"),
        contradiction: Closed::NonePossible("a delivery names its repository once"),
        guest: Closed::NonePossible("whoever works in a repository was let into it by its owner"),
        mention: Mention::NonePossible("a title is what a person typed: GitHub writes nothing into it"),
        replay: Replay::BodyAlone,
        code: vec![
            Sample::new("pull_request", &pull_request("opened")),
            Sample::new("pull_request_review", &review("submitted", "approved")),
            Sample::new("workflow_run", &run("completed")),
            Sample::new("deployment", &deployment()),
            Sample::new("deployment_status", &deployment_status("success")),
            Sample::new("push", &push()),
            Sample::new("pull_request_review_comment", &review_comment()),
            // A body under a false header, which GitHub does not sign.
            Sample::new("pull_request", &push()),
            Sample::new("pull_request", &review_comment()),
        ],
        comes_through: &[
            "/pull_request/title",
            "/pull_request/user/login",
            "/pull_request/head/ref",
            "/review/user/login",
            "/workflow/name",
            "/workflow_run/head_branch",
            "/workflow_run/triggering_actor/login",
            "/deployment/environment",
            "/deployment/ref",
            "/deployment/creator/login",
        ],
        scopes_never: &["contents", "push", "issues", "discussion"],
    }
}

pub(super) const SHA: &str = "0123456789abcdef0123456789abcdef01234567";
pub(super) const MERGE_SHA: &str = "fedcba9876543210fedcba9876543210fedcba98";

fn repository() -> Value {
    json!({
        "id": 900, "name": "web", "full_name": "acme/web", "private": true, "description": CANARY,
        "owner": {"login": "acme", "id": 1, "type": "Organization"}, "default_branch": "main", "html_url": CANARY,
    })
}

pub(super) fn user(id: u64, login: &str, kind: &str) -> Value {
    json!({"login": login, "id": id, "type": kind, "avatar_url": CANARY, "html_url": CANARY, "site_admin": false})
}

fn sender() -> Value {
    user(99, CANARY, "User")
}

fn change() -> Value {
    json!({
        "url": CANARY, "id": 5000, "number": 12, "state": "open", "locked": false, "title": "Retry the upload once",
        "user": user(7, "mira", "User"), "body": CANARY, "html_url": CANARY, "diff_url": CANARY, "patch_url": CANARY,
        "created_at": "2026-03-02T09:00:00Z", "updated_at": "2026-03-03T10:00:00Z", "closed_at": null, "merged_at": null,
        "merge_commit_sha": MERGE_SHA, "draft": false, "merged": false,
        "assignees": [user(98, CANARY, "User")], "requested_reviewers": [user(97, CANARY, "User")],
        "labels": [{"name": CANARY}], "milestone": {"title": CANARY},
        "head": {"label": CANARY, "ref": "retry-upload", "sha": SHA, "user": user(7, CANARY, "User"), "repo": repository()},
        "base": {"label": CANARY, "ref": "main", "sha": MERGE_SHA, "repo": repository()},
        "additions": 10, "deletions": 2, "changed_files": 1, "commits": 1,
    })
}

pub(super) fn pull_request(action: &str) -> Value {
    let mut payload = json!({
        "action": action, "number": 12, "pull_request": change(), "repository": repository(), "sender": sender(),
        "changes": {"body": {"from": CANARY}},
    });
    if action == "closed" {
        payload["pull_request"]["closed_at"] = json!("2026-03-04T11:00:00Z");
    }
    payload
}

pub(super) fn review(action: &str, state: &str) -> Value {
    json!({
        "action": action,
        "review": {
            "id": 800, "user": user(8, "jonas", "User"), "body": CANARY, "commit_id": SHA, "state": state,
            "submitted_at": "2026-03-02T15:00:00Z", "html_url": CANARY, "author_association": "MEMBER",
        },
        "pull_request": change(), "repository": repository(), "sender": sender(),
    })
}

pub(super) fn run(action: &str) -> Value {
    json!({
        "action": action,
        "workflow_run": {
            "id": 700, "name": "CI", "head_branch": "retry-upload", "head_sha": SHA, "path": CANARY, "display_title": CANARY,
            "run_number": 40, "event": "pull_request", "status": "completed", "conclusion": "failure", "workflow_id": 600,
            "created_at": "2026-03-02T09:01:00Z", "updated_at": "2026-03-02T09:30:00Z",
            "run_attempt": 2, "run_started_at": "2026-03-02T09:20:00Z", "html_url": CANARY,
            "actor": user(7, "mira", "User"), "triggering_actor": user(8, "jonas", "User"),
            "head_commit": {"id": SHA, "message": CANARY, "author": {"name": CANARY, "email": CANARY}},
            "pull_requests": [
                {"number": 3, "base": {"ref": "main", "sha": SHA, "repo": {"id": 901, "name": "fork"}}},
                {"number": 12, "base": {"ref": "main", "sha": SHA, "repo": {"id": 900, "name": "web"}}},
            ],
            "repository": repository(), "head_repository": repository(),
        },
        "workflow": {"id": 600, "name": "CI", "path": CANARY, "state": "active"},
        "repository": repository(), "sender": sender(),
    })
}

pub(super) fn deployment() -> Value {
    json!({
        "action": "created",
        "deployment": {
            "id": 500, "sha": SHA, "ref": "main", "task": CANARY, "payload": {"note": CANARY}, "environment": "live eu",
            "original_environment": "live eu", "production_environment": true, "description": CANARY,
            "creator": user(7, "mira", "User"), "created_at": "2026-03-05T08:00:00Z", "updated_at": "2026-03-05T08:09:00Z",
        },
        "workflow": null, "workflow_run": null, "repository": repository(), "sender": sender(),
    })
}

pub(super) fn deployment_status(state: &str) -> Value {
    let mut payload = deployment();
    payload["deployment_status"] = json!({
        "id": 501, "state": state, "creator": user(96, CANARY, "Bot"), "description": CANARY, "environment": "live eu",
        "target_url": CANARY, "log_url": CANARY, "created_at": "2026-03-05T08:09:00Z", "updated_at": "2026-03-05T08:09:00Z",
    });
    payload
}

fn push() -> Value {
    json!({
        "ref": "refs/heads/main", "before": SHA, "after": MERGE_SHA, "pusher": {"name": CANARY},
        "commits": [{"id": SHA, "message": CANARY, "added": [CANARY], "removed": [], "modified": []}],
        "repository": repository(), "sender": sender(),
    })
}

fn review_comment() -> Value {
    json!({
        "action": "created",
        "comment": {"id": 1, "diff_hunk": CANARY, "path": CANARY, "body": CANARY, "user": user(8, "jonas", "User")},
        "pull_request": change(), "repository": repository(), "sender": sender(),
    })
}
