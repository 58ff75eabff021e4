//! GitHub's words into ours: one function for each kind that is read, one table for each of their vocabularies.

use super::kinds::{self, Kind};
use super::{verify, wire};
use crate::base::clock::Instant;
use crate::base::text::{TITLE_CHARS_MAX, one_line};
use crate::connectors::delivery::Delivery;
use crate::connectors::forge::{self, NAME_CHARS_MAX, Read, commit, given, percent_encoded};
use crate::connectors::json::{self, Object};
use crate::connectors::{Account, Peek, Site};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{
    ActorKind, Change, ChangeTransition, Conclusion, Deploy, DeployTransition, Event, Review, ReviewTransition, Run, RunTransition,
};
use serde::Deserialize;

/// The header that names the kind. It is not signed: a body under a false kind lacks what that kind must carry.
pub(super) const KIND: &str = "X-GitHub-Event";
/// How the login of an app's account ends. No person can choose such a login.
const BOT_SUFFIX: &str = "[bot]";
/// Where GitHub's own pages are.
const PUBLIC_SITE: &str = "https://github.com";

pub(super) fn peek(delivery: &Delivery) -> Result<Peek<'_>, Refusal> {
    match kinds::admit(delivery.header(KIND).ok_or(Refusal::Malformed)?)? {
        Kind::PullRequest => found(delivery, |event: &wire::PullRequestEvent<'_>| &event.repository.full_name, change),
        Kind::PullRequestReview => found(delivery, |event: &wire::ReviewEvent<'_>| &event.repository.full_name, review),
        Kind::WorkflowRun => found(delivery, |event: &wire::RunEvent<'_>| &event.repository.full_name, run),
        Kind::Deployment => found(delivery, |event: &wire::DeploymentEvent<'_>| &event.repository.full_name, deployment),
        Kind::DeploymentStatus => found(delivery, |event: &wire::DeploymentStatusEvent<'_>| &event.repository.full_name, deployment_status),
    }
}

/// Finds the fields of an event, and decodes where it belongs.
fn found<'d, E: Deserialize<'d> + 'd>(
    delivery: &'d Delivery,
    full_name: fn(&E) -> &String,
    read: fn(&E) -> Result<Read, Refusal>,
) -> Result<Peek<'d>, Refusal> {
    let event: Result<E, Refusal> = json::read(delivery);
    let repository = match &event {
        Ok(event) => super::repository(full_name(event)),
        // Where it belongs is told first, also of one that lacks what its kind must have.
        Err(_) => super::repository(&json::read::<wire::Peeked>(delivery)?.repository.full_name),
    };
    let key = verify::dedupe_key(delivery).ok_or(Refusal::Malformed)?;
    Ok(forge::peek(repository.ok_or(Refusal::Malformed)?, key, event, read, url))
}

/// Where a page of a repository is.
#[expect(clippy::unnecessary_wraps, reason = "where other code hosts are is not always known")]
fn url(site: &Site, place: &Place, page: &str) -> Option<String> {
    Some(format!("{}/{}/{page}", site.base_url.as_deref().unwrap_or(PUBLIC_SITE), place.external_id()))
}

fn change(wire: &wire::PullRequestEvent<'_>) -> Result<Read, Refusal> {
    let change = &wire.pull_request;
    let (number, created_at, updated_at) = (change.number.read()?, change.created_at.read()?, change.updated_at.read()?);
    let merged_at = given(change.merged_at.as_ref())?;
    let is_merged = given(change.merged.as_ref())? == Some(true) || merged_at.is_some();
    let is_draft = given(change.draft.as_ref())? == Some(true);
    let retitled = wire.changes.as_ref().is_some_and(|changes| changes.title.is_some());
    let (transition, occurred_at) = match wire.action.read()?.as_str() {
        "opened" if is_draft => (ChangeTransition::OpenedDraft, Some(created_at)),
        "opened" => (ChangeTransition::Opened, Some(created_at)),
        "reopened" => (ChangeTransition::Reopened, Some(updated_at)),
        "ready_for_review" => (ChangeTransition::ReadyForReview, Some(updated_at)),
        "converted_to_draft" => (ChangeTransition::ConvertedToDraft, Some(updated_at)),
        "synchronize" => (ChangeTransition::Updated, Some(updated_at)),
        "edited" if retitled => (ChangeTransition::Retitled, Some(updated_at)),
        "closed" if is_merged => (ChangeTransition::Merged, merged_at),
        "closed" => (ChangeTransition::Closed, given(change.closed_at.as_ref())?),
        _ => return Err(Refusal::NothingToKeep),
    };
    let merge_sha = given(change.merge_commit_sha.as_ref())?;
    let sha = if transition == ChangeTransition::Merged { merge_sha } else { Some(change.head.sha.read()?) };
    // The change's author, whoever acted on it: what is said of a change is said of their work.
    let (author, author_kind) = account(change.user.as_ref())?;
    Ok(Read {
        external_id: number.to_string(),
        occurred_at: occurred_at.ok_or(Refusal::Malformed)?,
        author,
        author_kind,
        page: format!("pull/{number}"),
        event: Event::Change(Change {
            transition,
            title: Some(one_line(&change.title.read()?, TITLE_CHARS_MAX)),
            branch: Some(one_line(&change.head.branch.read()?, NAME_CHARS_MAX)),
            sha: sha.map(commit).transpose()?,
        }),
    })
}

fn review(wire: &wire::ReviewEvent<'_>) -> Result<Read, Refusal> {
    let (review, change) = (&wire.review, &wire.pull_request);
    let (id, number) = (review.id.read()?, change.number.read()?);
    let (submitted_at, updated_at) = (given(review.submitted_at.as_ref())?, change.updated_at.read()?);
    let (transition, occurred_at) = match (wire.action.read()?.as_str(), review.state.read()?.as_str()) {
        ("submitted", "approved") => (ReviewTransition::Approved, submitted_at),
        ("submitted", "changes_requested") => (ReviewTransition::ChangesRequested, submitted_at),
        ("submitted", "commented") => (ReviewTransition::Commented, submitted_at),
        // `submitted_at` stays the time of the review; its dismissal is an update of the change.
        ("dismissed", _) => (ReviewTransition::Dismissed, Some(updated_at)),
        _ => return Err(Refusal::NothingToKeep),
    };
    let (author, author_kind) = account(review.user.as_ref())?;
    Ok(Read {
        external_id: id.to_string(),
        occurred_at: occurred_at.ok_or(Refusal::Malformed)?,
        author,
        author_kind,
        page: format!("pull/{number}#pullrequestreview-{id}"),
        event: Event::Review(Review { transition, change: number.to_string() }),
    })
}

fn run(wire: &wire::RunEvent<'_>) -> Result<Read, Refusal> {
    let run = &wire.workflow_run;
    let (id, created_at, updated_at) = (run.id.read()?, run.created_at.read()?, run.updated_at.read()?);
    let conclusion = given(run.conclusion.as_ref())?;
    let (transition, occurred_at, conclusion) = match wire.action.read()?.as_str() {
        // Both tell of one beginning: the second is recognised as the same signal by its time.
        "requested" | "in_progress" => (RunTransition::Started, given(run.started_at.as_ref())?.unwrap_or(created_at), None),
        "completed" => (RunTransition::Completed, updated_at, conclusion.as_deref().and_then(Conclusion::parse)),
        _ => return Err(Refusal::NothingToKeep),
    };
    let of_workflow = wire.workflow.as_ref().and_then(|workflow| workflow.name.as_ref());
    let names = [given(of_workflow)?, given(run.name.as_ref())?];
    let workflow = names.into_iter().flatten().map(|name| one_line(&name, NAME_CHARS_MAX)).find(|name| !name.is_empty());
    let workflow_id = run.workflow_id.read()?;
    let attempt = given(run.attempt.as_ref())?.unwrap_or(1).max(1);
    let (author, author_kind) = account(run.triggering_actor.as_ref().or(run.actor.as_ref()))?;
    Ok(Read {
        external_id: id.to_string(),
        occurred_at,
        author,
        author_kind,
        page: format!("actions/runs/{id}/attempts/{attempt}"),
        event: Event::Run(Run {
            transition,
            workflow: workflow.unwrap_or_else(|| format!("workflow {workflow_id}")),
            branch: given(run.head_branch.as_ref())?.map(|branch| one_line(&branch, NAME_CHARS_MAX)),
            sha: Some(commit(run.head_sha.read()?)?),
            conclusion,
            attempt,
            change: change_of_run(wire)?,
        }),
    })
}

/// The number of the change whose head was run, where it is one of this repository.
fn change_of_run(wire: &wire::RunEvent<'_>) -> Result<Option<String>, Refusal> {
    let repository = wire.repository.id.read()?;
    let mut of_here = None;
    for change in &wire.workflow_run.pull_requests {
        let (number, of) = (change.number.read()?, change.base.repo.id.read()?);
        if of == repository && of_here.is_none() {
            of_here = Some(number.to_string());
        }
    }
    Ok(of_here)
}

fn deployment(wire: &wire::DeploymentEvent<'_>) -> Result<Read, Refusal> {
    if wire.action.read()? != "created" || wire.deployment_status.is_some() {
        return Err(Refusal::NothingToKeep);
    }
    deploy(&wire.deployment, DeployTransition::Created, wire.deployment.created_at.read()?)
}

fn deployment_status(wire: &wire::DeploymentStatusEvent<'_>) -> Result<Read, Refusal> {
    let transition = match (wire.action.read()?.as_str(), wire.deployment_status.state.read()?.as_str()) {
        ("created", "in_progress") => DeployTransition::Started,
        ("created", "success") => DeployTransition::Succeeded,
        ("created", "failure" | "error") => DeployTransition::Failed,
        ("created", "inactive") => DeployTransition::Retired,
        // Queued, pending, waiting: nothing has happened to what runs.
        _ => return Err(Refusal::NothingToKeep),
    };
    deploy(&wire.deployment, transition, wire.deployment_status.created_at.read()?)
}

/// A deployment is its creator's, whoever reports on it: that is mostly a bot.
fn deploy(deployment: &wire::Deployment<'_>, transition: DeployTransition, occurred_at: Instant) -> Result<Read, Refusal> {
    let environment = one_line(&deployment.environment.read()?, NAME_CHARS_MAX);
    if environment.is_empty() {
        return Err(Refusal::Malformed);
    }
    let (reference, sha) = (deployment.reference.read()?, deployment.sha.read()?);
    let names_branch = reference != sha;
    let (author, author_kind) = account(deployment.creator.as_ref())?;
    Ok(Read {
        external_id: deployment.id.read()?.to_string(),
        occurred_at,
        author,
        author_kind,
        // A single deployment has no page of its own; this is the one that GitHub's API names as an environment's.
        page: format!("deployments/activity_log?environments_filter={}", percent_encoded(&environment)),
        event: Event::Deploy(Deploy {
            transition,
            environment,
            production: given(deployment.production_environment.as_ref())?,
            branch: names_branch.then(|| one_line(&reference, NAME_CHARS_MAX)),
            sha: Some(commit(sha)?),
        }),
    })
}

/// The account behind a user, and what kind of actor it is. A bot's account is not handed on: it is never a person. Only
/// GitHub's own word makes one a bot, because for a bot nobody is asked: a login that merely looks like one, and a word
/// that we do not know, keep their account, so that its holder can still step out.
fn account(user: Option<&Object<wire::User<'_>>>) -> Result<(Option<Account>, ActorKind), Refusal> {
    let Some(user) = user else { return Ok((None, ActorKind::Unknown)) };
    let (id, login) = (user.id.read()?, user.login.read()?);
    let kind = match given(user.kind.as_ref())?.as_deref() {
        Some("Bot") => return Ok((None, ActorKind::Bot)),
        Some("Organization") => return Ok((None, ActorKind::Unknown)),
        _ if login.ends_with(BOT_SUFFIX) => ActorKind::Unknown,
        // A mannequin stands for a person whose history was imported.
        Some("User" | "Mannequin" | "EnterpriseUserAccount") => ActorKind::Human,
        _ => ActorKind::Unknown,
    };
    Ok((Some(Account { external_id: id.to_string(), handle: Some(login) }), kind))
}
