//! GitHub's events: what stands around the objects, and the name that goes into `X-GitHub-Event`.
//!
//! Names and shapes of the fields: GitHub's documentation, 'Webhook events and payloads'.

use super::github_change::{pull_api, pull_page};
use super::github_deploy::{deployed, deployment_status};
use super::github_piece::{Pieces, node_id, stamp};
use super::github_run::workflow_run;
use super::github_words::{comment, pushed, review_comment};
use super::json::{Json, Object};
use crate::base::clock::Instant;
use crate::cli::demo::scene::{Account, ChangeNow, PullAct, ReviewNow, What};

/// The event's name and body; `None` for what did not happen at the git host.
pub(super) fn write(pieces: &Pieces, at: Instant, what: &What) -> Option<(&'static str, Json)> {
    Some(match what {
        What::Pull { act, change, by } => ("pull_request", pull(pieces, act, change, *by)),
        What::Review { change, review } => ("pull_request_review", submitted(pieces, change, review)),
        What::ReviewComment { change, by, id, body, hunk, path } => {
            ("pull_request_review_comment", review_comment(pieces, change, by, (*id, at), (body, hunk, path)))
        }
        What::Comment { change, by, id, body } => ("issue_comment", comment(pieces, change, by, (*id, at), body)),
        What::Push(push) => ("push", pushed(pieces, at, push)),
        What::Run(run) => ("workflow_run", workflow_run(pieces, run)),
        What::Deployment(deployment) => ("deployment", deployed(pieces, deployment)),
        What::DeploymentStatus { deployment, id, state } => ("deployment_status", deployment_status(pieces, at, deployment, *id, state)),
        What::Posted(_) | What::Edited { .. } | What::Deleted(_) => return None,
    })
}

/// The fields that end an event about a change.
pub(super) fn signed_off(pieces: &Pieces, event: Object, change: &ChangeNow, sender: Account) -> Json {
    event
        .put("repository", pieces.repository(change.repo))
        .put("organization", &pieces.organization)
        .put("sender", pieces.account(sender))
        .put("installation", &pieces.installation)
        .end()
}

fn pull(pieces: &Pieces, act: &PullAct, change: &ChangeNow, by: Account) -> Json {
    let event = Object::new();
    let event = match act {
        PullAct::Opened => event.text("action", "opened"),
        PullAct::ReadyForReview => event.text("action", "ready_for_review"),
        PullAct::ConvertedToDraft => event.text("action", "converted_to_draft"),
        PullAct::Synchronize { before } => event.text("action", "synchronize").text("before", before).text("after", &change.head),
        PullAct::Edited { title_before } => {
            let title = Object::new().text("from", title_before).end();
            event.text("action", "edited").put("changes", &Object::new().put("title", &title).end())
        }
        PullAct::ReviewRequested(who) => {
            event.text("action", "review_requested").put("requested_reviewer", pieces.account(Account::Human(who)))
        }
        PullAct::Closed => event.text("action", "closed"),
    };
    let event = event.plain("number", change.number).put("pull_request", &pieces.pull_request(change));
    signed_off(pieces, event, change, by)
}

fn submitted(pieces: &Pieces, change: &ChangeNow, review: &ReviewNow) -> Json {
    let page = format!("{}#pullrequestreview-{}", pull_page(change.repo, change.number), review.id);
    let api = pull_api(change.repo, change.number);
    let links = Object::new()
        .put("html", &Object::new().text("href", &page).end())
        .put("pull_request", &Object::new().text("href", &api).end())
        .end();
    let review_object = Object::new()
        .plain("id", review.id)
        .text("node_id", &node_id("PullRequestReview", review.id))
        .put("user", pieces.account(Account::Human(review.by)))
        .put("body", &Json::text_or_null(review.body.as_deref()))
        .text("commit_id", &change.head)
        .text("submitted_at", &stamp(review.at))
        .text("state", review.state)
        .text("html_url", &page)
        .text("pull_request_url", &api)
        .text("author_association", "MEMBER")
        .put("_links", &links)
        .text("updated_at", &stamp(review.at))
        .end();
    let event = Object::new().text("action", "submitted").put("review", &review_object);
    let event = event.put("pull_request", &pieces.pull_request_in_review(change));
    signed_off(pieces, event, change, Account::Human(review.by))
}
