//! Deliveries in the shapes Bitbucket Cloud and Data Center send, with a canary in everything that is not to be read.

use crate::connectors::bitbucket::Bitbucket;
use crate::connectors::conformance::{CANARY, Closed, Fixtures, Mention, Replay, Sample};
use serde_json::{Value, json};

pub(in crate::connectors) fn fixtures() -> Fixtures {
    Fixtures {
        connector: &Bitbucket,
        genuine: Sample::new("pullrequest:created", &pullrequest("OPEN")),
        direct_message: Closed::NonePossible("Bitbucket has no conversations outside of a repository"),
        contradiction: Closed::NonePossible("a delivery names its repository once"),
        guest: Closed::NonePossible("whoever works in a repository was let into it by its owner"),
        mention: Mention::NonePossible("a title is what a person typed: Bitbucket writes nothing into it"),
        replay: Replay::BodyAlone,
        code: vec![
            Sample::new("pullrequest:created", &pullrequest("OPEN")),
            Sample::new("pullrequest:fulfilled", &pullrequest("MERGED")),
            Sample::new("pullrequest:approved", &verdict("approval")),
            Sample::new("pullrequest:changes_request_created", &verdict("changes_request")),
            Sample::new("pr:opened", &pr("pr:opened")),
            Sample::new("pr:modified", &modified(CANARY)),
            Sample::new("pr:reviewer:approved", &reviewer("pr:reviewer:approved")),
            Sample::new("repo:push", &push()),
            Sample::new("pullrequest:comment_created", &comment()),
            // A body under a false header, which is not signed.
            Sample::new("pullrequest:created", &push()),
            Sample::new("pullrequest:updated", &comment()),
            Sample::new("pr:opened", &pullrequest("OPEN")),
            Sample::new("pullrequest:created", &pr("pr:opened")),
        ],
        comes_through: &[
            "/pullrequest/title",
            "/pullrequest/author/nickname",
            "/pullrequest/source/branch/name",
            "/approval/user/nickname",
            "/changes_request/user/nickname",
            "/pullRequest/title",
            "/pullRequest/author/user/name",
            "/pullRequest/fromRef/displayId",
            "/participant/user/name",
        ],
        scopes_never: &["push", "contents", "issue", "write", "admin", "account"],
    }
}

pub(super) const SHA: &str = "0123456789abcdef0123456789abcdef01234567";
pub(super) const MERGE_SHA: &str = "fedcba9876543210fedcba9876543210fedcba98";
pub(super) const MIRA: &str = "{00000000-0000-4000-8000-000000000007}";
pub(super) const JONAS: &str = "{00000000-0000-4000-8000-000000000008}";

fn links() -> Value {
    json!({"self": {"href": CANARY}, "html": {"href": CANARY}, "diff": {"href": CANARY}, "commits": {"href": CANARY}})
}

pub(super) fn user(uuid: &str, nickname: &str, kind: &str) -> Value {
    json!({
        "type": kind, "uuid": uuid, "nickname": nickname, "account_id": CANARY, "display_name": CANARY, "links": links(),
    })
}

fn cloud_repository() -> Value {
    json!({
        "type": "repository", "full_name": "acme/web", "name": CANARY, "uuid": CANARY, "is_private": true, "scm": "git", "links": links(),
        "website": CANARY, "owner": user(MIRA, CANARY, "team"), "workspace": {"slug": CANARY}, "project": {"key": CANARY, "name": CANARY},
    })
}

/// A pull request of Cloud where its state is this.
pub(super) fn pullrequest(state: &str) -> Value {
    let change = json!({
        "type": "pullrequest", "id": 12, "title": "Retry the upload once", "description": CANARY, "state": state, "draft": false,
        "rendered": {"title": {"raw": CANARY, "html": CANARY}}, "summary": {"raw": CANARY}, "reason": CANARY, "links": links(),
        "author": user(MIRA, "mira", "user"), "closed_by": user(JONAS, CANARY, "user"), "close_source_branch": true,
        "source": {"branch": {"name": "retry-upload"}, "commit": {"hash": SHA, "links": links()}, "repository": cloud_repository()},
        "destination": {"branch": {"name": CANARY}, "commit": {"hash": CANARY}, "repository": cloud_repository()},
        "merge_commit": if state == "MERGED" { json!({"hash": MERGE_SHA, "links": links()}) } else { Value::Null },
        "participants": [{"user": user(JONAS, CANARY, "user"), "role": "REVIEWER", "approved": true, "state": "approved"}],
        "reviewers": [user(JONAS, CANARY, "user")], "comment_count": 0, "task_count": 0,
        "created_on": "2026-03-02T09:00:00.123456+00:00", "updated_on": "2026-03-03T10:00:00.654321+00:00",
    });
    json!({"pullrequest": change, "repository": cloud_repository(), "actor": user(JONAS, CANARY, "user")})
}

/// A review of Cloud's: an `approval` or a `changes_request`.
pub(super) fn verdict(name: &str) -> Value {
    let mut payload = pullrequest("OPEN");
    payload[name] = json!({"date": "2026-03-02T15:00:00.500000+00:00", "user": user(JONAS, "jonas", "user")});
    payload
}

pub(super) fn person(id: i64, name: &str, kind: &str) -> Value {
    json!({
        "id": id, "name": name, "type": kind, "emailAddress": CANARY, "displayName": CANARY, "slug": CANARY, "active": true,
        "links": {"self": [{"href": CANARY}]},
    })
}

fn repository() -> Value {
    json!({
        "id": 900, "slug": "web", "name": CANARY, "description": CANARY, "scmId": "git", "state": "AVAILABLE", "statusMessage": CANARY,
        "project": {"id": 9, "key": "SHOP", "name": CANARY, "description": CANARY, "type": "NORMAL", "links": {"self": [{"href": CANARY}]}},
        "links": {"clone": [{"href": CANARY, "name": "ssh"}], "self": [{"href": CANARY}]},
    })
}

/// A pull request of Data Center under this event key.
pub(super) fn pr(key: &str) -> Value {
    let state = match key {
        "pr:merged" => "MERGED",
        "pr:declined" => "DECLINED",
        _ => "OPEN",
    };
    let mut change = json!({
        "id": 12, "version": 0, "title": "Retry the upload once", "description": CANARY, "state": state, "open": state == "OPEN",
        "closed": state != "OPEN", "createdDate": 1_772_442_000_123_i64, "updatedDate": 1_772_532_000_456_i64, "locked": false,
        "fromRef": {"id": CANARY, "displayId": "retry-upload", "latestCommit": SHA, "repository": repository()},
        "toRef": {"id": CANARY, "displayId": CANARY, "latestCommit": MERGE_SHA, "repository": repository()},
        "author": {"user": person(7, "mira", "NORMAL"), "role": "AUTHOR", "approved": false, "status": "UNAPPROVED"},
        "reviewers": [{"user": person(8, CANARY, "NORMAL"), "role": "REVIEWER", "approved": true, "status": "APPROVED"}],
        "participants": [{"user": person(9, CANARY, "NORMAL")}], "links": {"self": [{"href": CANARY}]},
    });
    if state != "OPEN" {
        change["closedDate"] = json!(1_772_622_000_789_i64);
        change["properties"] = json!({"mergeCommit": {"id": MERGE_SHA, "displayId": CANARY, "message": CANARY}});
    }
    json!({"eventKey": key, "date": "2026-03-04T12:00:01+0100", "actor": person(8, CANARY, "NORMAL"), "pullRequest": change})
}

pub(super) fn modified(before: &str) -> Value {
    let mut payload = pr("pr:modified");
    payload["previousTitle"] = json!(before);
    payload["previousDescription"] = json!(CANARY);
    payload["previousTarget"] = json!({"id": CANARY, "displayId": CANARY, "latestCommit": CANARY});
    payload
}

pub(super) fn reviewer(key: &str) -> Value {
    let mut payload = pr(key);
    payload["participant"] = json!({
        "user": person(8, "jonas", "NORMAL"), "lastReviewedCommit": CANARY, "role": "REVIEWER", "approved": true, "status": CANARY,
    });
    payload["previousStatus"] = json!(CANARY);
    payload
}

fn push() -> Value {
    json!({
        "push": {"changes": [{"new": {"name": CANARY, "target": {"hash": SHA, "message": CANARY}}, "commits": [{"message": CANARY}]}]},
        "repository": cloud_repository(), "actor": user(MIRA, CANARY, "user"),
    })
}

fn comment() -> Value {
    let mut payload = pullrequest("MERGED");
    payload["comment"] = json!({"id": 1, "content": {"raw": CANARY}, "inline": {"path": CANARY, "from": 1, "to": 2}});
    payload
}
