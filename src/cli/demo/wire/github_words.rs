//! GitHub's events that carry people's words or code: comments and pushes. The demo sends them so that they are refused.
//!
//! Names and shapes of the fields: GitHub's documentation, 'Webhook events and payloads'.

use super::github_change::{pull_api, pull_page};
use super::github_event::signed_off;
use super::github_piece::{Pieces, api_of, node_id, stamp};
use super::json::{Json, Object};
use crate::base::clock::Instant;
use crate::cli::demo::people::Who;
use crate::cli::demo::scene::{Account, ChangeNow, Push};

fn reactions(of: &str) -> Json {
    let counted = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"];
    let start = Object::new().text("url", &format!("{of}/reactions")).plain("total_count", 0);
    counted.iter().fold(start, |object, name| object.plain(name, 0)).end()
}

/// A comment on a line of a change, with the lines around it.
pub(super) fn review_comment(
    pieces: &Pieces,
    change: &ChangeNow,
    by: Who,
    (id, at): (u64, Instant),
    (body, hunk, path): (&str, &str, &str),
) -> Json {
    let url = format!("{}/pulls/comments/{id}", api_of(change.repo));
    let page = format!("{}#discussion_r{id}", pull_page(change.repo, change.number));
    let pull = pull_api(change.repo, change.number);
    let link = |href: &str| Object::new().text("href", href).end();
    let comment = Object::new()
        .text("url", &url)
        .plain("pull_request_review_id", id + 1)
        .plain("id", id)
        .text("node_id", &node_id("PullRequestReviewComment", id))
        .text("diff_hunk", hunk)
        .text("path", path)
        .text("commit_id", &change.head)
        .text("original_commit_id", &change.head)
        .put("user", pieces.account(Account::Human(by)))
        .text("body", body)
        .text("created_at", &stamp(at))
        .text("updated_at", &stamp(at))
        .text("html_url", &page)
        .text("pull_request_url", &pull)
        .text("author_association", "MEMBER")
        .put("_links", &Object::new().put("self", &link(&url)).put("html", &link(&page)).put("pull_request", &link(&pull)).end())
        .put("reactions", &reactions(&url))
        .null("start_line")
        .null("original_start_line")
        .null("start_side")
        .plain("line", 41)
        .plain("original_line", 41)
        .text("side", "RIGHT")
        .plain("original_position", 6)
        .plain("position", 6)
        .text("subject_type", "line")
        .end();
    let event = Object::new().text("action", "created").put("comment", &comment);
    signed_off(pieces, event.put("pull_request", &pieces.pull_request_in_review(change)), change, Account::Human(by))
}

/// A comment below a change: the git host sends it as a comment of an issue.
pub(super) fn comment(pieces: &Pieces, change: &ChangeNow, by: Who, (id, at): (u64, Instant), body: &str) -> Json {
    let issue_url = format!("{}/issues/{}", api_of(change.repo), change.number);
    let page = pull_page(change.repo, change.number);
    let url = format!("{}/issues/comments/{id}", api_of(change.repo));
    let pull = Object::new()
        .text("url", &pull_api(change.repo, change.number))
        .text("html_url", &page)
        .text("diff_url", &format!("{page}.diff"))
        .text("patch_url", &format!("{page}.patch"))
        .null("merged_at")
        .end();
    let issue = Object::new()
        .text("url", &issue_url)
        .text("repository_url", &api_of(change.repo))
        .text("labels_url", &format!("{issue_url}/labels{{/name}}"))
        .text("comments_url", &format!("{issue_url}/comments"))
        .text("events_url", &format!("{issue_url}/events"))
        .text("html_url", &page)
        .plain("id", id + 7)
        .text("node_id", &node_id("Issue", id + 7))
        .plain("number", change.number)
        .text("title", &change.title)
        .put("user", pieces.account(change.author))
        .put("labels", &Json::list([]))
        .text("state", "open")
        .plain("locked", false)
        .null("assignee")
        .put("assignees", &Json::list([]))
        .null("milestone")
        .plain("comments", 1)
        .text("created_at", &stamp(change.opened_at))
        .text("updated_at", &stamp(at))
        .null("closed_at")
        .text("author_association", "MEMBER")
        .null("active_lock_reason")
        .plain("draft", change.is_draft)
        .put("pull_request", &pull)
        .text("body", &change.body)
        .put("reactions", &reactions(&issue_url))
        .text("timeline_url", &format!("{issue_url}/timeline"))
        .null("performed_via_github_app")
        .null("state_reason")
        .end();
    let comment = Object::new()
        .text("url", &url)
        .text("html_url", &format!("{page}#issuecomment-{id}"))
        .text("issue_url", &issue_url)
        .plain("id", id)
        .text("node_id", &node_id("IssueComment", id))
        .put("user", pieces.account(Account::Human(by)))
        .text("created_at", &stamp(at))
        .text("updated_at", &stamp(at))
        .text("author_association", "MEMBER")
        .text("body", body)
        .put("reactions", &reactions(&url))
        .null("performed_via_github_app")
        .end();
    let event = Object::new().text("action", "created").put("issue", &issue).put("comment", &comment);
    signed_off(pieces, event, change, Account::Human(by))
}

/// A push, with the words and files of its commits.
pub(super) fn pushed(pieces: &Pieces, at: Instant, push: &Push) -> Json {
    let page = push.repo.html_url();
    let email = format!("{}+{}@users.noreply.github.com", push.by.github_id, push.by.login);
    let author = Object::new().text("name", push.by.name).text("email", &email).text("username", push.by.login).end();
    let commit = Object::new()
        .text("id", &push.after)
        .text("tree_id", &push.before)
        .plain("distinct", true)
        .text("message", &push.message)
        .text("timestamp", &stamp(at))
        .text("url", &format!("{page}/commit/{}", push.after))
        .put("author", &author)
        .put("committer", &author)
        .put("added", &Json::list([]))
        .put("removed", &Json::list([]))
        .put("modified", &Json::list([Json::text(&push.file)]))
        .end();
    Object::new()
        .text("ref", &format!("refs/heads/{}", push.branch))
        .text("before", &push.before)
        .text("after", &push.after)
        .put("repository", pieces.repository(push.repo))
        .put("pusher", &Object::new().text("name", push.by.login).text("email", &email).end())
        .put("organization", &pieces.organization)
        .put("sender", pieces.account(Account::Human(push.by)))
        .put("installation", &pieces.installation)
        .plain("created", false)
        .plain("deleted", false)
        .plain("forced", false)
        .null("base_ref")
        .text("compare", &format!("{page}/compare/{:.12}...{:.12}", push.before, push.after))
        .put("commits", &Json::list([commit.clone()]))
        .put("head_commit", &commit)
        .end()
}
