//! GitHub's words into ours: one function for each kind that is read, one table for each of their vocabularies.

use super::kinds::{self, Kind};
use super::wire;
use crate::base::clock::Instant;
use crate::base::text::{TITLE_CHARS_MAX, one_line};
use crate::connectors::delivery::Delivery;
use crate::connectors::json::{self, Object};
use crate::connectors::{Account, Parsed, Peek, PlaceClaim, Site, plausible, proof};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{
    ActorKind, Change, ChangeTransition, Conclusion, Deploy, DeployTransition, Event, Review, ReviewTransition, Run, RunTransition,
};
use std::fmt::Write;

/// The header that names the kind. It is not signed: a body under a false kind lacks what that kind must carry.
pub(super) const KIND: &str = "X-GitHub-Event";
/// Longest name of a branch, a workflow or an environment: git allows a reference of 255 bytes, GitHub an environment of
/// 255 characters.
const NAME_CHARS_MAX: usize = 255;
/// How the login of an app's account ends. No person can choose such a login.
const BOT_SUFFIX: &str = "[bot]";
/// Where GitHub's own pages are.
const PUBLIC_SITE: &str = "https://github.com";

pub(super) fn peek(delivery: &Delivery) -> Result<Peek, Refusal> {
    let kind = kinds::admit(delivery.header(KIND).ok_or(Refusal::Malformed)?)?;
    let peeked: wire::Peeked = json::read(delivery)?;
    let repository = super::repository(&peeked.repository.0.full_name).ok_or(Refusal::Malformed)?;
    let place_id = Place::Repository(repository).external_id().to_owned();
    // A private repository is as open as a public one to the team that works in it; an admin switches each one on.
    Ok(Peek { kind: kind.as_str(), place_id, claim: PlaceClaim::Open, workspace: None })
}

pub(super) fn parse(delivery: &Delivery, peek: &Peek, place: Place, site: &Site, now: Instant) -> Result<Parsed, Refusal> {
    let read = match Kind::parse(peek.kind).ok_or(Refusal::KindNotRead)? {
        Kind::PullRequest => change(json::read(delivery)?),
        Kind::PullRequestReview => review(json::read(delivery)?),
        Kind::WorkflowRun => run(json::read(delivery)?),
        Kind::Deployment => deployment(json::read(delivery)?),
        Kind::DeploymentStatus => deployment_status(json::read(delivery)?),
    }?;
    let (author, author_kind) = account(read.author);
    let base = site.base_url.as_deref().unwrap_or(PUBLIC_SITE);
    Ok(Parsed {
        url: Some(format!("{base}/{}/{}", place.external_id(), read.page)),
        place,
        external_id: read.external_id,
        occurred_at: plausible(read.occurred_at, now)?,
        author,
        author_kind,
        event: read.event,
        dedupe_key: proof::digest_of(delivery.body()),
        others: Vec::new(),
    })
}

/// What one kind yields.
struct Read {
    external_id: String,
    occurred_at: Instant,
    author: Option<Object<wire::User>>,
    /// The thing's page, below the repository's.
    page: String,
    event: Event,
}

fn change(wire: wire::PullRequestEvent) -> Result<Read, Refusal> {
    let change = wire.pull_request.0;
    let is_merged = change.merged == Some(true) || change.merged_at.is_some();
    let is_draft = change.draft == Some(true);
    let retitled = wire.changes.is_some_and(|changes| changes.title.is_some());
    let (transition, occurred_at) = match wire.action.as_str() {
        "opened" if is_draft => (ChangeTransition::OpenedDraft, Some(change.created_at)),
        "opened" => (ChangeTransition::Opened, Some(change.created_at)),
        "reopened" => (ChangeTransition::Reopened, Some(change.updated_at)),
        "ready_for_review" => (ChangeTransition::ReadyForReview, Some(change.updated_at)),
        "converted_to_draft" => (ChangeTransition::ConvertedToDraft, Some(change.updated_at)),
        "synchronize" => (ChangeTransition::Updated, Some(change.updated_at)),
        "edited" if retitled => (ChangeTransition::Retitled, Some(change.updated_at)),
        "closed" if is_merged => (ChangeTransition::Merged, change.merged_at),
        "closed" => (ChangeTransition::Closed, change.closed_at),
        _ => return Err(Refusal::NothingToKeep),
    };
    let head = change.head.0;
    let sha = if transition == ChangeTransition::Merged { change.merge_commit_sha } else { Some(head.sha) };
    Ok(Read {
        external_id: change.number.to_string(),
        occurred_at: occurred_at.ok_or(Refusal::Malformed)?,
        // The change's author, whoever acted on it: what is said of a change is said of their work.
        author: change.user,
        page: format!("pull/{}", change.number),
        event: Event::Change(Change {
            transition,
            title: Some(one_line(&change.title, TITLE_CHARS_MAX)),
            branch: Some(one_line(&head.branch, NAME_CHARS_MAX)),
            sha: sha.map(commit).transpose()?,
        }),
    })
}

fn review(wire: wire::ReviewEvent) -> Result<Read, Refusal> {
    let review = wire.review.0;
    let (transition, occurred_at) = match (wire.action.as_str(), review.state.as_str()) {
        ("submitted", "approved") => (ReviewTransition::Approved, review.submitted_at),
        ("submitted", "changes_requested") => (ReviewTransition::ChangesRequested, review.submitted_at),
        ("submitted", "commented") => (ReviewTransition::Commented, review.submitted_at),
        // `submitted_at` stays the time of the review; its dismissal is an update of the change.
        ("dismissed", _) => (ReviewTransition::Dismissed, Some(wire.pull_request.updated_at)),
        _ => return Err(Refusal::NothingToKeep),
    };
    Ok(Read {
        external_id: review.id.to_string(),
        occurred_at: occurred_at.ok_or(Refusal::Malformed)?,
        author: review.user,
        page: format!("pull/{}#pullrequestreview-{}", wire.pull_request.number, review.id),
        event: Event::Review(Review { transition, change: wire.pull_request.number.to_string() }),
    })
}

fn run(wire: wire::RunEvent) -> Result<Read, Refusal> {
    let run = wire.workflow_run.0;
    let (transition, occurred_at, conclusion) = match wire.action.as_str() {
        // Both tell of one beginning: the second is recognised as the same signal by its time.
        "requested" | "in_progress" => (RunTransition::Started, run.started_at.unwrap_or(run.created_at), None),
        "completed" => (RunTransition::Completed, run.updated_at, run.conclusion.as_deref().and_then(Conclusion::parse)),
        _ => return Err(Refusal::NothingToKeep),
    };
    let names = [wire.workflow.and_then(|workflow| workflow.0.name), run.name];
    let workflow = names.into_iter().flatten().map(|name| one_line(&name, NAME_CHARS_MAX)).find(|name| !name.is_empty());
    let repository = wire.repository.id;
    let attempt = run.attempt.unwrap_or(1).max(1);
    Ok(Read {
        external_id: run.id.to_string(),
        occurred_at,
        author: run.triggering_actor.or(run.actor),
        page: format!("actions/runs/{}/attempts/{attempt}", run.id),
        event: Event::Run(Run {
            transition,
            workflow: workflow.unwrap_or_else(|| format!("workflow {}", run.workflow_id)),
            branch: run.head_branch.map(|branch| one_line(&branch, NAME_CHARS_MAX)),
            sha: Some(commit(run.head_sha)?),
            conclusion,
            attempt,
            change: run.pull_requests.iter().find(|change| change.base.repo.id == repository).map(|change| change.number.to_string()),
        }),
    })
}

fn deployment(wire: wire::DeploymentEvent) -> Result<Read, Refusal> {
    if wire.action != "created" {
        return Err(Refusal::NothingToKeep);
    }
    let occurred_at = wire.deployment.created_at;
    deploy(wire.deployment.0, DeployTransition::Created, occurred_at)
}

fn deployment_status(wire: wire::DeploymentStatusEvent) -> Result<Read, Refusal> {
    let transition = match (wire.action.as_str(), wire.deployment_status.state.as_str()) {
        ("created", "in_progress") => DeployTransition::Started,
        ("created", "success") => DeployTransition::Succeeded,
        ("created", "failure" | "error") => DeployTransition::Failed,
        ("created", "inactive") => DeployTransition::Retired,
        // Queued, pending, waiting: nothing has happened to what runs.
        _ => return Err(Refusal::NothingToKeep),
    };
    deploy(wire.deployment.0, transition, wire.deployment_status.created_at)
}

/// A deployment is its creator's, whoever reports on it: that is mostly a bot.
fn deploy(deployment: wire::Deployment, transition: DeployTransition, occurred_at: Instant) -> Result<Read, Refusal> {
    let environment = one_line(&deployment.environment, NAME_CHARS_MAX);
    if environment.is_empty() {
        return Err(Refusal::Malformed);
    }
    let names_branch = deployment.reference != deployment.sha;
    Ok(Read {
        external_id: deployment.id.to_string(),
        occurred_at,
        author: deployment.creator,
        // A single deployment has no page of its own; this is the one that GitHub's API names as an environment's.
        page: format!("deployments/activity_log?environments_filter={}", percent_encoded(&environment)),
        event: Event::Deploy(Deploy {
            transition,
            environment,
            production: deployment.production_environment,
            branch: names_branch.then(|| one_line(&deployment.reference, NAME_CHARS_MAX)),
            sha: Some(commit(deployment.sha)?),
        }),
    })
}

/// The account behind a user, and what kind of actor it is. A bot's account is not handed on: it is never a person. Only
/// GitHub's own word makes one a bot, because for a bot nobody is asked: a login that merely looks like one, and a word
/// that we do not know, keep their account, so that its holder can still step out.
fn account(user: Option<Object<wire::User>>) -> (Option<Account>, ActorKind) {
    let Some(Object(user)) = user else { return (None, ActorKind::Unknown) };
    let kind = match user.kind.as_deref() {
        Some("Bot") => return (None, ActorKind::Bot),
        Some("Organization") => return (None, ActorKind::Unknown),
        _ if user.login.ends_with(BOT_SUFFIX) => ActorKind::Unknown,
        // A mannequin stands for a person whose history was imported.
        Some("User" | "Mannequin" | "EnterpriseUserAccount") => ActorKind::Human,
        _ => ActorKind::Unknown,
    };
    (Some(Account { external_id: user.id.to_string(), handle: Some(user.login) }), kind)
}

/// A commit's id: 40 hex digits, or 64 where the repository uses SHA-256.
fn commit(sha: String) -> Result<String, Refusal> {
    let is_id = matches!(sha.len(), 40 | 64) && sha.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { Ok(sha) } else { Err(Refusal::Malformed) }
}

/// `text` as the value of a query (RFC 3986, 2.3: what is unreserved stays).
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}
