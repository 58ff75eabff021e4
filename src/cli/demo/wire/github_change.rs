//! A pull request as it stands inside an event.
//!
//! Names and shapes of the fields: GitHub's REST reference, 'Pulls'.

use super::github_piece::{Pieces, api_of, node_id, stamp};
use super::json::{Json, Object};
use crate::cli::demo::places::{GITHUB_ORG, RepoRef};
use crate::cli::demo::scene::{Account, ChangeNow};
use crate::cli::demo::splitmix::Key;

impl Pieces {
    /// A pull request in full, as its own events carry it.
    pub(super) fn pull_request(&self, change: &ChangeNow) -> Json {
        let merge = change.closing.as_ref().and_then(|closing| closing.merge.as_ref());
        let is_open = change.closing.is_none();
        let size = Key::of("size").with(change.repo.name).at(change.number);
        self.fields_everywhere(change)
            .plain("merged", merge.is_some())
            .plain("mergeable", if is_open { "true" } else { "null" })
            .null("rebaseable")
            .text("mergeable_state", if is_open { "blocked" } else { "unknown" })
            .put("merged_by", merge.map_or(&self.nothing, |(who, _)| self.account(Account::Human(who))))
            .plain("comments", size.at(0).below(4))
            .plain("review_comments", size.at(1).below(6))
            .plain("maintainer_can_modify", false)
            .plain("commits", change.commits)
            .plain("additions", 4 + size.at(2).below(260))
            .plain("deletions", size.at(3).below(120))
            .plain("changed_files", 1 + size.at(4).below(14))
            .end()
    }

    /// The form inside a review, which has neither counters nor a state of merging.
    pub(super) fn pull_request_in_review(&self, change: &ChangeNow) -> Json {
        self.fields_everywhere(change).end()
    }

    fn fields_everywhere(&self, change: &ChangeNow) -> Object {
        let api = pull_api(change.repo, change.number);
        let page = pull_page(change.repo, change.number);
        let issue = format!("{}/issues/{}", api_of(change.repo), change.number);
        let statuses = format!("{}/statuses/{}", api_of(change.repo), change.head);
        let closing = change.closing.as_ref();
        let merge = closing.and_then(|closing| closing.merge.as_ref());
        let closed_at = closing.map(|closing| stamp(closing.at));
        let body = Some(change.body.as_str()).filter(|body| !body.is_empty());
        Object::new()
            .text("url", &api)
            .plain("id", pull_id(change.repo, change.number))
            .text("node_id", &node_id("PullRequest", pull_id(change.repo, change.number)))
            .text("html_url", &page)
            .text("diff_url", &format!("{page}.diff"))
            .text("patch_url", &format!("{page}.patch"))
            .text("issue_url", &issue)
            .plain("number", change.number)
            .text("state", if closing.is_some() { "closed" } else { "open" })
            .plain("locked", false)
            .text("title", &change.title)
            .put("user", self.account(change.author))
            .put("body", &Json::text_or_null(body))
            .text("created_at", &stamp(change.opened_at))
            .text("updated_at", &stamp(change.updated_at))
            .put("closed_at", &Json::text_or_null(closed_at.as_deref()))
            .put("merged_at", &Json::text_or_null(closed_at.as_deref().filter(|_| merge.is_some())))
            .put("merge_commit_sha", &Json::text_or_null(merge.map(|(_, sha)| sha.as_str())))
            .null("assignee")
            .put("assignees", &Json::list([]))
            .put("requested_reviewers", &Json::list(change.reviewers.iter().map(|who| self.account(Account::Human(who)).clone())))
            .put("requested_teams", &Json::list([]))
            .put("labels", &Json::list([]))
            .null("milestone")
            .plain("draft", change.is_draft)
            .text("commits_url", &format!("{api}/commits"))
            .text("review_comments_url", &format!("{api}/comments"))
            .text("review_comment_url", &format!("{}/pulls/comments{{/number}}", api_of(change.repo)))
            .text("comments_url", &format!("{issue}/comments"))
            .text("statuses_url", &statuses)
            .put("head", &self.end_of(change.repo, &change.branch, &change.head))
            .put("base", &self.end_of(change.repo, "main", &change.base))
            .put("_links", &links(change, &statuses))
            .text("author_association", if matches!(change.author, Account::Human(_)) { "MEMBER" } else { "CONTRIBUTOR" })
            .null("auto_merge")
            .null("active_lock_reason")
    }

    /// One end of a change: a branch of the repository.
    fn end_of(&self, repo: RepoRef, branch: &str, sha: &str) -> Json {
        Object::new()
            .text("label", &format!("{GITHUB_ORG}:{branch}"))
            .text("ref", branch)
            .text("sha", sha)
            .put("user", &self.owner)
            .put("repo", self.repository(repo))
            .end()
    }

    /// The form inside a workflow run: numbers and both ends.
    pub(super) fn pull_request_in_run(repo: RepoRef, number: u64, head: (&str, &str), base_sha: &str) -> Json {
        let short = Object::new().plain("id", repo.id).text("url", &api_of(repo)).text("name", repo.name).end();
        let end_of = |branch: &str, sha: &str| Object::new().text("ref", branch).text("sha", sha).put("repo", &short).end();
        Object::new()
            .text("url", &pull_api(repo, number))
            .plain("id", pull_id(repo, number))
            .plain("number", number)
            .put("head", &end_of(head.0, head.1))
            .put("base", &end_of("main", base_sha))
            .end()
    }
}

fn links(change: &ChangeNow, statuses: &str) -> Json {
    let api = pull_api(change.repo, change.number);
    let issue = format!("{}/issues/{}", api_of(change.repo), change.number);
    let link = |href: &str| Object::new().text("href", href).end();
    Object::new()
        .put("self", &link(&api))
        .put("html", &link(&pull_page(change.repo, change.number)))
        .put("issue", &link(&issue))
        .put("comments", &link(&format!("{issue}/comments")))
        .put("review_comments", &link(&format!("{api}/comments")))
        .put("review_comment", &link(&format!("{}/pulls/comments{{/number}}", api_of(change.repo))))
        .put("commits", &link(&format!("{api}/commits")))
        .put("statuses", &link(statuses))
        .end()
}

pub(super) fn pull_api(repo: RepoRef, number: u64) -> String {
    format!("{}/pulls/{number}", api_of(repo))
}

pub(super) fn pull_page(repo: RepoRef, number: u64) -> String {
    format!("{}/pull/{number}", repo.html_url())
}

/// The id of a change over all repositories.
fn pull_id(repo: RepoRef, number: u64) -> u64 {
    2_480_000_000 + Key::of("pull").with(repo.name).at(number).below(90_000_000)
}
