//! GitLab's words into ours: one function for each kind that is read, one table for each of their vocabularies.

use super::kinds::{self, Kind};
use super::{account, verify, wire};
use crate::base::text::{TITLE_CHARS_MAX, one_line};
use crate::connectors::delivery::Delivery;
use crate::connectors::forge::{self, NAME_CHARS_MAX, Read, commit, given};
use crate::connectors::json::{self, Later, Object};
use crate::connectors::{Account, Peek, Site};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{
    ActorKind, Change, ChangeTransition, Conclusion, Deploy, DeployTransition, Event, Review, ReviewTransition, Run, RunTransition,
};
use serde::Deserialize;

/// Where GitLab's own pages are.
const PUBLIC_SITE: &str = "https://gitlab.com";
/// The tier of an environment that GitLab calls production.
const PRODUCTION: &str = "production";
/// What starts a pipeline (`Enums::Ci::Pipeline.sources`): a project has one configuration of its pipelines, and what it runs
/// differs by this. A pipeline's own name is not read: it may quote a commit message.
const SOURCES: &[&str] = &[
    "api",
    "chat",
    "external",
    "external_pull_request_event",
    "merge_request_event",
    "parent_pipeline",
    "pipeline",
    "push",
    "schedule",
    "security_orchestration_policy",
    "trigger",
    "web",
    "webide",
];

pub(super) fn peek(delivery: &Delivery) -> Result<Peek<'_>, Refusal> {
    let kind = if let Some(kind) = kinds::admit(delivery.header(kinds::HEADER).ok_or(Refusal::Malformed)?)? {
        kind
    } else {
        let named: wire::OfSystem = json::read(delivery)?;
        kinds::admit_of_system(named.object_kind.as_deref(), named.event_name.as_deref())?
    };
    match kind {
        Kind::MergeRequest => {
            found(delivery, kind, |event: &wire::MergeRequestEvent<'_>| (&event.object_kind, path(&event.project)), merge_request)
        }
        Kind::Pipeline => found(delivery, kind, |event: &wire::PipelineEvent<'_>| (&event.object_kind, path(&event.project)), pipeline),
        Kind::Deployment => {
            found(delivery, kind, |event: &wire::DeploymentEvent<'_>| (&event.object_kind, path(&event.project)), deployment)
        }
    }
}

fn path<'e>(project: &'e Object<wire::Project<'_>>) -> &'e String {
    &project.0.path_with_namespace
}

/// Finds the fields of an event, and decodes where it belongs. A body that calls itself something else than its header does is
/// refused: the header is not signed.
fn found<'d, E: Deserialize<'d> + 'd>(
    delivery: &'d Delivery,
    kind: Kind,
    named: fn(&E) -> (&String, &String),
    read: fn(&E) -> Result<Read, Refusal>,
) -> Result<Peek<'d>, Refusal> {
    let event: Result<E, Refusal> = json::read(delivery);
    let project = match &event {
        Ok(event) => {
            let (object_kind, path) = named(event);
            if object_kind != kind.object_kind() {
                return Err(Refusal::Malformed);
            }
            super::project(path)
        }
        // Where it belongs is told first, also of one that lacks what its kind must have.
        Err(_) => super::project(&json::read::<wire::Peeked>(delivery)?.project.path_with_namespace),
    };
    Ok(forge::peek(project.ok_or(Refusal::Malformed)?, verify::dedupe_key(delivery), event, read, url))
}

/// Where a page of a project is.
#[expect(clippy::unnecessary_wraps, reason = "where other code hosts are is not always known")]
fn url(site: &Site, place: &Place, page: &str) -> Option<String> {
    Some(format!("{}/{}/-/{page}", site.base_url.as_deref().unwrap_or(PUBLIC_SITE), place.external_id()))
}

fn merge_request(wire: &wire::MergeRequestEvent<'_>) -> Result<Read, Refusal> {
    match given(wire.merge_request.action.as_ref())?.as_deref() {
        // The last of the approvals that are required, or one before it.
        Some("approved" | "approval") => review(wire, ReviewTransition::Approved),
        Some("unapproved" | "unapproval") => review(wire, ReviewTransition::Dismissed),
        Some(action) => change(wire, action),
        // A system hook tells of some things without a word for them.
        None => Err(Refusal::NothingToKeep),
    }
}

fn change(wire: &wire::MergeRequestEvent<'_>, action: &str) -> Result<Read, Refusal> {
    let change = &wire.merge_request;
    let (number, created_at, updated_at) = (change.iid.read()?, change.created_at.read()?.0, change.updated_at.read()?.0);
    let is_draft = given(change.draft.as_ref().or(change.work_in_progress.as_ref()))? == Some(true);
    let (transition, occurred_at) = match action {
        "open" if is_draft => (ChangeTransition::OpenedDraft, created_at),
        "open" => (ChangeTransition::Opened, created_at),
        "reopen" => (ChangeTransition::Reopened, updated_at),
        "update" => (updated(wire)?, updated_at),
        "merge" => (ChangeTransition::Merged, updated_at),
        "close" => (ChangeTransition::Closed, updated_at),
        _ => return Err(Refusal::NothingToKeep),
    };
    let head = change.last_commit.as_ref().map(|commit| commit.id.read()).transpose()?;
    let merge_sha = if transition == ChangeTransition::Merged { given(change.merge_commit_sha.as_ref())? } else { None };
    let is_authors = is_by(change.author_id.read()?, wire.user.as_ref())?;
    // What another did to it is told without its title and branch: whoever stepped out by name could not be told by a number.
    let (author, author_kind) = if is_authors { actor(wire.user.as_ref())? } else { (None, ActorKind::Unknown) };
    if transition == ChangeTransition::Retitled && !is_authors {
        return Err(Refusal::NothingToKeep);
    }
    Ok(Read {
        external_id: number.to_string(),
        occurred_at,
        author,
        author_kind,
        page: page_of_change(number),
        event: Event::Change(Change {
            transition,
            title: Some(one_line(&change.title.read()?, TITLE_CHARS_MAX)).filter(|_| is_authors),
            branch: filled(&change.source_branch.read()?).filter(|_| is_authors),
            // Where it was merged by moving the branch, its head is what was merged.
            sha: merge_sha.or(head).map(commit).transpose()?,
        }),
    })
}

/// What was updated, of what is kept. To be ready, or no more so, is told beside a new title; it says more.
fn updated(wire: &wire::MergeRequestEvent<'_>) -> Result<ChangeTransition, Refusal> {
    let draft = wire.changes.as_ref().and_then(|changes| changes.draft.as_ref()).map(|draft| draft.current.read()).transpose()?;
    let is_retitled = wire.changes.as_ref().is_some_and(|changes| changes.title.is_some());
    match draft {
        Some(true) => Ok(ChangeTransition::ConvertedToDraft),
        Some(false) => Ok(ChangeTransition::ReadyForReview),
        None if wire.merge_request.oldrev.is_some() => Ok(ChangeTransition::Updated),
        None if is_retitled => Ok(ChangeTransition::Retitled),
        None => Err(Refusal::NothingToKeep),
    }
}

fn review(wire: &wire::MergeRequestEvent<'_>, transition: ReviewTransition) -> Result<Read, Refusal> {
    let (number, at) = (wire.merge_request.iid.read()?, wire.merge_request.updated_at.read()?.0);
    let is_of_system = given(wire.merge_request.system.as_ref())? == Some(true);
    // Nobody took back what GitLab took back itself, whoever pushed.
    let (author, author_kind) = if is_of_system { (None, ActorKind::Unknown) } else { actor(wire.user.as_ref())? };
    Ok(Read {
        // An approval has neither an id nor a time of its own here: the change's last second stands for both. Who gave it must not.
        external_id: format!("{number}.{}", at.as_second()),
        occurred_at: at,
        author,
        author_kind,
        page: page_of_change(number),
        event: Event::Review(Review { transition, change: number.to_string() }),
    })
}

fn page_of_change(number: u64) -> String {
    format!("merge_requests/{number}")
}

fn pipeline(wire: &wire::PipelineEvent<'_>) -> Result<Read, Refusal> {
    let run = &wire.pipeline;
    let (id, created_at) = (run.id.read()?, run.created_at.read()?.0);
    let finished_at = given(run.finished_at.as_ref())?.map(|at| at.0);
    let conclusion = match run.status.read()?.as_str() {
        "success" => Some(Conclusion::Success),
        "failed" => Some(Conclusion::Failure),
        "canceled" => Some(Conclusion::Cancelled),
        "skipped" => Some(Conclusion::Skipped),
        // When it began to run is not told: it was made then.
        "running" => None,
        // It waits, for a runner, a person or its hour.
        _ => return Err(Refusal::NothingToKeep),
    };
    let (transition, occurred_at) =
        if conclusion.is_some() { (RunTransition::Completed, finished_at) } else { (RunTransition::Started, Some(created_at)) };
    let is_tag = given(run.tag.as_ref())? == Some(true);
    let (author, author_kind) = actor(wire.user.as_ref())?;
    Ok(Read {
        external_id: id.to_string(),
        occurred_at: occurred_at.ok_or(Refusal::Malformed)?,
        author,
        author_kind,
        page: format!("pipelines/{id}"),
        event: Event::Run(Run {
            transition,
            workflow: workflow(given(run.source.as_ref())?.as_deref()),
            branch: if is_tag { None } else { filled(&run.reference.read()?) },
            sha: Some(commit(run.sha.read()?)?),
            conclusion,
            // Jobs are run again under the same pipeline; how often is not told.
            attempt: 1,
            change: change_of_run(wire)?,
        }),
    })
}

fn workflow(source: Option<&str>) -> String {
    let source = source.and_then(|source| SOURCES.iter().find(|known| **known == source));
    source.map_or_else(|| "pipeline".to_owned(), |source| format!("pipeline ({source})"))
}

/// The number of the merge request that was run, where it is one of this project.
fn change_of_run(wire: &wire::PipelineEvent<'_>) -> Result<Option<String>, Refusal> {
    let Some(change) = &wire.merge_request else { return Ok(None) };
    let is_of_here = given(wire.project.id.as_ref())? == Some(change.target_project_id.read()?);
    let number = change.iid.read()?;
    Ok(is_of_here.then(|| number.to_string()))
}

fn deployment(wire: &wire::DeploymentEvent<'_>) -> Result<Read, Refusal> {
    let transition = match wire.status.read()?.as_str() {
        "created" => DeployTransition::Created,
        "running" => DeployTransition::Started,
        "success" => DeployTransition::Succeeded,
        "failed" => DeployTransition::Failed,
        // Cancelled, blocked, skipped: nothing has happened to what runs, or nobody knows what.
        _ => return Err(Refusal::NothingToKeep),
    };
    let tier = given(wire.environment_tier.as_ref())?;
    let job = given(wire.deployable_id.as_ref())?;
    let (author, author_kind) = actor(wire.user.as_ref())?;
    Ok(Read {
        external_id: wire.deployment_id.read()?.to_string(),
        occurred_at: wire.status_changed_at.read()?.0,
        author,
        author_kind,
        // A deployment's own page is called by the environment's id, which is not told.
        page: job.map_or_else(|| "environments".to_owned(), |id| format!("jobs/{id}")),
        event: Event::Deploy(Deploy {
            transition,
            environment: filled(&wire.environment.read()?).ok_or(Refusal::Malformed)?,
            production: tier.map(|tier| tier == PRODUCTION),
            branch: None,
            sha: deployed(wire.short_sha.as_ref(), wire.commit_url.as_ref())?,
        }),
    })
}

/// The commit that was deployed: the id with which its link ends, where that begins as the short one does.
fn deployed(short: Option<&Later<'_, String>>, link: Option<&Later<'_, String>>) -> Result<Option<String>, Refusal> {
    let Some((short, link)) = given(short)?.zip(given(link)?) else { return Ok(None) };
    let last = link.rsplit('/').next().filter(|last| !short.is_empty() && last.starts_with(&short));
    Ok(last.and_then(|last| commit(last.to_owned()).ok()))
}

/// A name that is not empty.
fn filled(name: &str) -> Option<String> {
    let name = one_line(name, NAME_CHARS_MAX);
    (!name.is_empty()).then_some(name)
}

/// Whether `user` is the author of a change, who is told by number alone.
fn is_by(author: u64, user: Option<&Object<wire::User<'_>>>) -> Result<bool, Refusal> {
    let id = user.map(|user| given(user.id.as_ref())).transpose()?.flatten();
    Ok(id == Some(author))
}

/// The account behind a user, and what kind of actor it is. No payload says whether an account is a bot's: only a name that
/// GitLab made up for a token is, because for a bot nobody is asked. One that merely looks like it keeps its account, so that
/// its holder can still step out.
fn actor(user: Option<&Object<wire::User<'_>>>) -> Result<(Option<Account>, ActorKind), Refusal> {
    let Some(user) = user else { return Ok((None, ActorKind::Unknown)) };
    let (id, username) = (given(user.id.as_ref())?, user.username.read()?);
    if account::is_bot(&username) {
        return Ok((None, ActorKind::Bot));
    }
    let kind = if account::is_like_a_bot(&username) { ActorKind::Unknown } else { ActorKind::Human };
    // Where there is no number the name stands for it, with a sign that no number has.
    let external_id = id.map_or_else(|| format!("@{}", username.to_ascii_lowercase()), |id| id.to_string());
    Ok((Some(Account { external_id, handle: Some(username) }), kind))
}
