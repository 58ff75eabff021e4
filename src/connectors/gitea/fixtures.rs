//! Deliveries in the shapes Gitea and Forgejo send, with a canary in everything that is not to be read.

use crate::connectors::conformance::{CANARY, Closed, Fixtures, Mention, Replay, Sample};
use crate::connectors::gitea::Gitea;
use serde_json::{Value, json};

pub(in crate::connectors) fn fixtures() -> Fixtures {
    Fixtures {
        connector: &Gitea,
        genuine: Sample::new("pull_request", &pull_request("opened")),
        direct_message: Closed::NonePossible("Gitea has no conversations outside of a repository"),
        contradiction: Closed::NonePossible("a delivery names its repository once"),
        guest: Closed::NonePossible("whoever works in a repository was let into it by its owner"),
        mention: Mention::NonePossible("a title is what a person typed: Gitea writes nothing into it"),
        replay: Replay::BodyAlone,
        code: vec![
            Sample::new("pull_request", &pull_request("opened")),
            Sample::new("pull_request", &retitled("WIP: before", "After")),
            Sample::new("pull_request_approved", &review("pull_request_review_approved")),
            Sample::new("workflow_run", &run("completed")),
            Sample::new("action_run_failure", &action_run("failure", "failure")),
            Sample::new("push", &push()),
            Sample::new("issue_comment", &comment()),
            // A body under a false header, which is not signed.
            Sample::new("pull_request", &push()),
            Sample::new("pull_request", &comment()),
            Sample::new("pull_request_approved", &pull_request("opened")),
            Sample::new("pull_request", &review("pull_request_review_approved")),
            Sample::new("workflow_run", &action_run("failure", "failure")),
        ],
        comes_through: &[
            "/pull_request/title",
            "/pull_request/user/login",
            "/pull_request/head/ref",
            "/sender/login",
            "/workflow/name",
            "/workflow_run/head_branch",
            "/workflow_run/trigger_actor/login",
            "/run/workflow_id",
            "/run/prettyref",
            "/run/trigger_user/login",
        ],
        scopes_never: &["push", "issue", "repository", "wiki", "release", "token"],
    }
}

pub(super) const SHA: &str = "0123456789abcdef0123456789abcdef01234567";
pub(super) const MERGE_SHA: &str = "fedcba9876543210fedcba9876543210fedcba98";

fn repository() -> Value {
    json!({
        "id": 900, "name": "web", "full_name": "acme/web", "private": true, "description": CANARY,
        "owner": {"login": CANARY, "id": 1}, "default_branch": "main", "html_url": CANARY, "website": CANARY, "topics": [CANARY],
    })
}

pub(super) fn user(id: i64, login: &str) -> Value {
    json!({
        "id": id, "login": login, "login_name": CANARY, "full_name": CANARY, "email": CANARY, "avatar_url": CANARY,
        "username": CANARY, "website": CANARY, "location": CANARY, "description": CANARY, "is_admin": false,
    })
}

fn change() -> Value {
    json!({
        "id": 5000, "number": 12, "user": user(7, "mira"), "title": "Retry the upload once", "body": CANARY, "labels": [{"name": CANARY}],
        "url": CANARY, "html_url": CANARY, "diff_url": CANARY, "patch_url": CANARY, "milestone": {"title": CANARY},
        "assignee": user(98, CANARY), "assignees": [user(98, CANARY)], "requested_reviewers": [user(97, CANARY)],
        "requested_reviewers_teams": [{"name": CANARY}], "state": "open", "draft": false, "is_locked": false, "comments": 0,
        "mergeable": true, "merged": false, "merged_at": null, "merge_commit_sha": null, "merged_by": null, "merge_base": MERGE_SHA,
        "created_at": "2026-03-02T10:00:00+01:00", "updated_at": "2026-03-03T11:00:00+01:00", "closed_at": null,
        "base": {"label": CANARY, "ref": "main", "sha": MERGE_SHA, "repo_id": 900, "repo": repository()},
        "head": {"label": CANARY, "ref": "retry-upload", "sha": SHA, "repo_id": 900, "repo": repository()},
    })
}

pub(super) fn pull_request(action: &str) -> Value {
    let mut payload = json!({
        "secret": CANARY, "action": action, "number": 12, "pull_request": change(), "requested_reviewer": user(97, CANARY),
        "repository": repository(), "sender": user(99, CANARY), "commit_id": "", "review": null,
        "changes": {"body": {"from": CANARY}, "ref": {"from": CANARY}},
    });
    if action == "closed" {
        payload["pull_request"]["state"] = json!("closed");
        payload["pull_request"]["closed_at"] = json!("2026-03-04T12:00:00+01:00");
    }
    payload
}

pub(super) fn retitled(before: &str, after: &str) -> Value {
    let mut payload = pull_request("edited");
    payload["changes"]["title"] = json!({"from": format!("{before} {CANARY}")});
    payload["pull_request"]["title"] = json!(after);
    payload
}

pub(super) fn review(verdict: &str) -> Value {
    let mut payload = pull_request("reviewed");
    payload["review"] = json!({"type": verdict, "content": CANARY});
    payload["sender"] = user(8, "jonas");
    payload["changes"] = Value::Null;
    payload
}

pub(super) fn run(action: &str) -> Value {
    json!({
        "action": action,
        "workflow": {"id": "ci.yml", "name": "CI", "path": CANARY, "state": "active", "html_url": CANARY},
        "workflow_run": {
            "id": 700, "url": CANARY, "html_url": "https://git.acme.example/acme/web/actions/runs/40", "display_title": CANARY,
            "path": CANARY, "event": "pull_request", "run_attempt": 2, "run_number": 40, "head_sha": SHA, "head_branch": "retry-upload",
            "status": "completed", "conclusion": if action == "completed" { "failure" } else { "" },
            "started_at": "2026-03-02T10:20:00+01:00",
            "completed_at": if action == "completed" { "2026-03-02T10:30:00+01:00" } else { "1970-01-01T01:00:00+01:00" },
            "actor": user(7, "mira"), "trigger_actor": user(8, "jonas"), "repository": repository(),
            "pull_requests": [
                {"id": 1, "number": 3, "url": CANARY, "head": {"ref": CANARY}, "base": {"ref": CANARY, "repo": {"id": 901, "name": CANARY}}},
                {"id": 2, "number": 12, "url": CANARY, "head": {"ref": CANARY}, "base": {"ref": CANARY, "repo": {"id": 900, "name": CANARY}}},
            ],
        },
        "pull_request": change(), "repository": repository(), "sender": user(99, CANARY),
    })
}

pub(super) fn action_run(action: &str, status: &str) -> Value {
    let run = json!({
        "id": 700, "title": CANARY, "repository": repository(), "workflow_id": "ci.yml", "index_in_repo": 40,
        "trigger_user": user(8, "jonas"), "ScheduleID": 0, "prettyref": "retry-upload", "is_ref_deleted": false, "commit_sha": SHA,
        "event": "push", "event_payload": CANARY, "trigger_event": "push", "status": status,
        "started": "2026-03-02T10:20:00+01:00", "stopped": "2026-03-02T10:30:00+01:00", "created": "2026-03-02T10:19:00+01:00",
        "duration": 600_000_000_000_u64, "run_html_url": "https://git.acme.example/acme/web/actions/runs/40",
    });
    json!({"action": action, "run": run, "last_run": {"title": CANARY, "event_payload": CANARY}, "prior_status": "running"})
}

fn push() -> Value {
    json!({
        "secret": CANARY, "ref": "refs/heads/main", "before": SHA, "after": MERGE_SHA, "compare_url": CANARY,
        "commits": [{"id": SHA, "message": CANARY, "added": [CANARY], "removed": [], "modified": []}],
        "head_commit": {"id": SHA, "message": CANARY}, "repository": repository(), "pusher": user(7, CANARY), "sender": user(7, CANARY),
    })
}

fn comment() -> Value {
    json!({
        "action": "created", "issue": {"id": 1, "title": CANARY, "body": CANARY}, "comment": {"id": 2, "body": CANARY, "path": CANARY},
        "repository": repository(), "sender": user(8, CANARY), "is_pull": true,
    })
}
