//! Deliveries in the shapes GitLab sends, with a canary in everything that is not to be read.

use crate::connectors::conformance::{CANARY, Closed, Fixtures, Mention, Replay, Sample};
use crate::connectors::gitlab::GitLab;
use serde_json::{Value, json};

pub(in crate::connectors) fn fixtures() -> Fixtures {
    Fixtures {
        connector: &GitLab,
        genuine: Sample::new("Merge Request Hook", &merge_request("open")),
        direct_message: Closed::NonePossible("GitLab has no conversations outside of a project or group"),
        contradiction: Closed::NonePossible("a delivery names the project it belongs to once"),
        guest: Closed::NonePossible("whoever works in a project was let into it by its owner"),
        mention: Mention::NonePossible("a title is what a person typed: GitLab writes nothing into it"),
        replay: Replay::Window,
        code: vec![
            Sample::new("Merge Request Hook", &merge_request("open")),
            Sample::new("Merge Request Hook", &merge_request("approved")),
            Sample::new("System Hook", &merge_request("merge")),
            Sample::new("Pipeline Hook", &pipeline("success")),
            Sample::new("Deployment Hook", &deployment("success")),
            Sample::new("Push Hook", &push()),
            Sample::new("System Hook", &push()),
            Sample::new("Note Hook", &note()),
            // A body under a false header, which GitLab does not sign.
            Sample::new("Merge Request Hook", &push()),
            Sample::new("Merge Request Hook", &note()),
            Sample::new("Pipeline Hook", &merge_request("open")),
        ],
        comes_through: &[
            "/object_attributes/title",
            "/object_attributes/source_branch",
            "/object_attributes/ref",
            "/user/username",
            "/environment",
        ],
        scopes_never: &["push", "comment", "note", "issue", "job", "wiki", "release", "confidential", "token"],
    }
}

pub(super) const SHA: &str = "0123456789abcdef0123456789abcdef01234567";
pub(super) const MERGE_SHA: &str = "fedcba9876543210fedcba9876543210fedcba98";

fn project() -> Value {
    json!({
        "id": 900, "name": CANARY, "description": CANARY, "web_url": CANARY, "avatar_url": null, "git_ssh_url": CANARY,
        "git_http_url": CANARY, "namespace": CANARY, "visibility_level": 0, "path_with_namespace": "Acme/shop/web",
        "default_branch": "main", "ci_config_path": CANARY, "homepage": CANARY, "url": CANARY, "ssh_url": CANARY, "http_url": CANARY,
    })
}

pub(super) fn user(id: u64, username: &str) -> Value {
    json!({"id": id, "name": CANARY, "username": username, "avatar_url": CANARY, "email": CANARY})
}

fn last_commit() -> Value {
    json!({
        "id": SHA, "message": CANARY, "title": CANARY, "timestamp": "2026-03-02T10:55:00+02:00", "url": CANARY,
        "author": {"name": CANARY, "email": CANARY},
    })
}

/// Opened by mira, who acts here; approved and merged by jonas.
pub(super) fn merge_request(action: &str) -> Value {
    let by_author = ["open", "update", "reopen", "close"].contains(&action);
    let merge_sha = if action == "merge" { json!(MERGE_SHA) } else { Value::Null };
    json!({
        "object_kind": "merge_request", "event_type": "merge_request",
        "user": if by_author { user(7, "mira") } else { user(8, "jonas") },
        "project": project(),
        "repository": {"name": CANARY, "url": CANARY, "description": CANARY, "homepage": CANARY},
        "object_attributes": {
            "id": 5000, "iid": 12, "target_branch": "main", "source_branch": "retry-upload", "source_project_id": 900,
            "target_project_id": 900, "author_id": 7, "assignee_ids": [98], "assignee_id": 98, "reviewer_ids": [97],
            "title": "Retry the upload once", "description": CANARY, "created_at": "2026-03-02T09:00:00Z",
            "updated_at": "2026-03-03 10:00:00 UTC", "last_edited_at": null, "milestone_id": 3, "state_id": 1, "state": "opened",
            "work_in_progress": false, "draft": false, "merge_status": "unchecked", "merge_error": CANARY,
            "merge_params": {"commit_message": CANARY}, "merge_commit_sha": merge_sha, "url": CANARY, "source": project(),
            "target": project(), "last_commit": last_commit(), "labels": [{"title": CANARY, "description": CANARY}],
            "action": action, "detailed_merge_status": "mergeable",
        },
        "labels": [{"title": CANARY}],
        "changes": {
            "updated_at": {"previous": "2026-03-02 09:00:00 UTC", "current": "2026-03-03 10:00:00 UTC"},
            "description": {"previous": CANARY, "current": CANARY}, "labels": {"previous": [{"title": CANARY}], "current": []},
        },
        "assignees": [user(98, CANARY)], "reviewers": [user(97, CANARY)],
    })
}

pub(super) fn pipeline(status: &str) -> Value {
    let is_running = status == "running";
    json!({
        "object_kind": "pipeline",
        "object_attributes": {
            "id": 99, "iid": 3, "name": CANARY, "ref": "retry-upload", "tag": false, "sha": SHA, "before_sha": SHA,
            "source": "merge_request_event", "status": status, "detailed_status": CANARY, "stages": [CANARY],
            "created_at": "2026-03-02 09:01:00 UTC",
            "finished_at": if is_running { Value::Null } else { json!("2026-03-02 09:30:00 UTC") },
            "duration": 63, "variables": [{"key": CANARY, "value": CANARY}], "url": CANARY,
        },
        "merge_request": {
            "id": 5000, "iid": 12, "title": CANARY, "source_branch": CANARY, "source_project_id": 901, "target_branch": CANARY,
            "target_project_id": 900, "state": "opened", "url": CANARY,
        },
        "user": user(8, "jonas"), "project": project(), "commit": last_commit(),
        "builds": [{
            "id": 380, "stage": CANARY, "name": CANARY, "status": "success", "failure_reason": CANARY, "user": user(96, CANARY),
            "runner": {"description": CANARY, "tags": [CANARY]}, "artifacts_file": {"filename": CANARY},
            "environment": {"name": CANARY, "action": "start", "deployment_tier": "production"},
        }],
    })
}

pub(super) fn deployment(status: &str) -> Value {
    json!({
        "object_kind": "deployment", "status": status, "status_changed_at": "2026-03-05 10:09:00 +0200", "deployment_id": 500,
        "deployable_id": 796, "deployable_url": CANARY, "environment": "live eu", "environment_tier": "production",
        "environment_slug": CANARY, "environment_external_url": CANARY, "project": project(), "short_sha": &SHA[..8],
        "user": user(7, "mira"), "user_url": CANARY, "commit_url": format!("https://gitlab.com/{CANARY}/-/commit/{SHA}"),
        "commit_title": CANARY,
    })
}

pub(super) fn push() -> Value {
    json!({
        "object_kind": "push", "event_name": "push", "ref": "refs/heads/main", "before": SHA, "after": MERGE_SHA, "user_name": CANARY,
        "commits": [{"id": SHA, "message": CANARY, "title": CANARY, "added": [CANARY], "removed": [], "modified": []}],
        "project": project(),
    })
}

pub(super) fn note() -> Value {
    let mut payload = merge_request("open");
    payload["object_kind"] = json!("note");
    payload["merge_request"] = payload["object_attributes"].take();
    payload["object_attributes"] = json!({"id": 1, "note": CANARY, "st_diff": {"diff": CANARY, "new_path": CANARY}, "action": "create"});
    payload
}
