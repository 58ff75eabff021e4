//! Gitea's and Forgejo's words into ours: one function for each shape that is read, one table for each of their vocabularies.

use super::kinds::{self, Kind};
use super::{verify, wire};
use crate::base::clock::Instant;
use crate::base::text::{TITLE_CHARS_MAX, one_line};
use crate::connectors::delivery::Delivery;
use crate::connectors::forge::{self, NAME_CHARS_MAX, Read, commit, given};
use crate::connectors::json::{self, Later, Object};
use crate::connectors::{Account, Peek, Site};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{ActorKind, Change, ChangeTransition, Conclusion, Event, Review, ReviewTransition, Run, RunTransition};
use serde::Deserialize;

/// The account under which runs act (`ActionsUserID` in `models/user/user_system.go`). The others below 1 stand for somebody
/// who is gone, or for a server.
const ACTIONS_ID: i64 = -2;
/// How the title of a draft begins unless an installation says otherwise (`WORK_IN_PROGRESS_PREFIXES`), in lower case.
const DRAFT_MARKS: [&str; 2] = ["wip:", "[wip]"];

pub(super) fn peek(delivery: &Delivery) -> Result<Peek<'_>, Refusal> {
    match kinds::admit(delivery)? {
        Kind::PullRequest => found(delivery, |event: &wire::PullRequestEvent<'_>| &event.repository.full_name, at_top, change),
        Kind::Approved | Kind::Rejected | Kind::Commented => {
            found(delivery, |event: &wire::ReviewEvent<'_>| &event.repository.full_name, at_top, review)
        }
        Kind::WorkflowRun => found(delivery, |event: &wire::RunEvent<'_>| &event.repository.full_name, at_top, run),
        Kind::RunFailed | Kind::RunRecovered | Kind::RunSucceeded => {
            found(delivery, |event: &wire::ActionRunEvent<'_>| &event.run.repository.full_name, in_run, action_run)
        }
    }
}

/// Finds the fields of an event, and decodes where it belongs.
fn found<'d, E: Deserialize<'d> + 'd>(
    delivery: &'d Delivery,
    full_name: fn(&E) -> &String,
    alone: fn(&Delivery) -> Result<String, Refusal>,
    read: fn(&E) -> Result<Read, Refusal>,
) -> Result<Peek<'d>, Refusal> {
    let event: Result<E, Refusal> = json::read(delivery);
    let repository = match &event {
        Ok(event) => super::repository(full_name(event)),
        // Where it belongs is told first, also of one that lacks what its kind must have.
        Err(_) => super::repository(&alone(delivery)?),
    };
    let key = verify::dedupe_key(delivery).ok_or(Refusal::Malformed)?;
    Ok(forge::peek(repository.ok_or(Refusal::Malformed)?, key, event, read, url))
}

fn at_top(delivery: &Delivery) -> Result<String, Refusal> {
    json::read::<wire::Peeked>(delivery).map(|peeked| peeked.repository.0.full_name)
}

fn in_run(delivery: &Delivery) -> Result<String, Refusal> {
    json::read::<wire::PeekedRun>(delivery).map(|peeked| peeked.run.0.repository.0.full_name)
}

/// Where a page of a repository is.
fn url(site: &Site, place: &Place, page: &str) -> Option<String> {
    site.base_url.as_deref().map(|base| format!("{base}/{}/{page}", place.external_id()))
}

fn change(wire: &wire::PullRequestEvent<'_>) -> Result<Read, Refusal> {
    let change = &wire.pull_request;
    let (number, created_at, updated_at) = (change.number.read()?, change.created_at.read()?, change.updated_at.read()?);
    let title = change.title.read()?;
    let merged_at = given(change.merged_at.as_ref())?;
    let is_merged = given(change.merged.as_ref())? == Some(true) || merged_at.is_some();
    let is_draft = given(change.draft.as_ref())?.unwrap_or_else(|| is_marked(&title));
    let (transition, occurred_at) = match wire.action.read()?.as_str() {
        "opened" if is_draft => (ChangeTransition::OpenedDraft, Some(created_at)),
        "opened" => (ChangeTransition::Opened, Some(created_at)),
        "reopened" => (ChangeTransition::Reopened, Some(updated_at)),
        "synchronized" => (ChangeTransition::Updated, Some(updated_at)),
        "edited" => (retitled(wire, is_draft)?, Some(updated_at)),
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
        page: format!("pulls/{number}"),
        event: Event::Change(Change {
            transition,
            title: Some(one_line(&title, TITLE_CHARS_MAX)),
            branch: filled(&change.head.branch.read()?),
            sha: sha.filter(|sha| !sha.is_empty()).map(commit).transpose()?,
        }),
    })
}

/// What a new title means. A draft is one by its title, so that there is no event for it to become one, or to be ready.
fn retitled(wire: &wire::PullRequestEvent<'_>, is_draft: bool) -> Result<ChangeTransition, Refusal> {
    let before = wire.changes.as_ref().and_then(|changes| changes.title.as_ref()).ok_or(Refusal::NothingToKeep)?;
    Ok(match (is_marked(&before.from.read()?), is_draft) {
        (true, false) => ChangeTransition::ReadyForReview,
        (false, true) => ChangeTransition::ConvertedToDraft,
        _ => ChangeTransition::Retitled,
    })
}

fn is_marked(title: &str) -> bool {
    DRAFT_MARKS.iter().any(|mark| title.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))
}

fn review(wire: &wire::ReviewEvent<'_>) -> Result<Read, Refusal> {
    if wire.action.read()? != "reviewed" {
        return Err(Refusal::NothingToKeep);
    }
    let (number, at) = (wire.pull_request.number.read()?, wire.pull_request.updated_at.read()?);
    // The event's name or its type, by version.
    let transition = match wire.review.verdict.read()?.as_str() {
        "pull_request_review_approved" | "pull_request_approved" => ReviewTransition::Approved,
        "pull_request_review_rejected" | "pull_request_rejected" => ReviewTransition::ChangesRequested,
        "pull_request_review_comment" | "pull_request_comment" => ReviewTransition::Commented,
        _ => return Err(Refusal::NothingToKeep),
    };
    let (author, author_kind) = account(wire.sender.as_ref())?;
    Ok(Read {
        // A review has no id of its own here. Its change and its second tell it from others; who wrote it must not.
        external_id: format!("{number}.{}", at.as_second()),
        occurred_at: at,
        author,
        author_kind,
        page: format!("pulls/{number}"),
        event: Event::Review(Review { transition, change: number.to_string() }),
    })
}

/// A run of Gitea's own.
fn run(wire: &wire::RunEvent<'_>) -> Result<Read, Refusal> {
    let run = &wire.workflow_run;
    let (id, number, conclusion) = (run.id.read()?, run.number.read()?, given(run.conclusion.as_ref())?);
    let (transition, occurred_at, conclusion) = match wire.action.read()?.as_str() {
        "in_progress" => (RunTransition::Started, moment(run.started_at.as_ref())?, None),
        "completed" => {
            let conclusion = conclusion.as_deref().and_then(Conclusion::parse);
            (RunTransition::Completed, moment(run.completed_at.as_ref())?, conclusion)
        }
        // It waits: nothing has begun, and no time is told.
        _ => return Err(Refusal::NothingToKeep),
    };
    let workflow = given(wire.workflow.as_ref().and_then(|workflow| workflow.name.as_ref()))?.and_then(|name| filled(&name));
    let branch = given(run.head_branch.as_ref())?.and_then(|name| filled(&name));
    let (author, author_kind) = account(run.trigger_actor.as_ref().or(run.actor.as_ref()))?;
    Ok(Read {
        external_id: id.to_string(),
        occurred_at: occurred_at.ok_or(Refusal::Malformed)?,
        author,
        author_kind,
        page: page_of_run(id, number, run.html_url.as_ref())?,
        event: Event::Run(Run {
            transition,
            workflow: workflow.unwrap_or_else(|| "workflow".to_owned()),
            branch,
            sha: Some(commit(run.head_sha.read()?)?),
            conclusion,
            attempt: given(run.attempt.as_ref())?.unwrap_or(1).max(1),
            change: change_of_run(wire)?,
        }),
    })
}

/// The number of the change whose head was run, where it is one of this repository.
fn change_of_run(wire: &wire::RunEvent<'_>) -> Result<Option<String>, Refusal> {
    let repository = wire.repository.id.read()?;
    let mut of_here = None;
    for change in wire.workflow_run.pull_requests.iter().flatten() {
        let (number, of) = (change.number.read()?, change.base.repo.id.read()?);
        if of == repository && of_here.is_none() {
            of_here = Some(number.to_string());
        }
    }
    Ok(of_here)
}

/// A run of Forgejo's own, which tells of its end alone. Attempts are not counted: a further one has another end.
fn action_run(wire: &wire::ActionRunEvent<'_>) -> Result<Read, Refusal> {
    let run = &wire.run;
    let (id, number) = (run.id.read()?, run.number.read()?);
    // That it recovered is told beside its success, of the same instant: the second is recognised.
    let has_succeeded = match wire.action.read()?.as_str() {
        "success" | "recover" => true,
        "failure" => false,
        _ => return Err(Refusal::NothingToKeep),
    };
    // 'failure' is said of one that was cancelled too.
    let conclusion = Conclusion::parse(&run.status.read()?).ok_or(Refusal::Malformed)?;
    if has_succeeded != (conclusion == Conclusion::Success) {
        return Err(Refusal::Malformed);
    }
    let reference = run.reference.read()?;
    let change = reference.strip_prefix('#').filter(|number| number.parse::<u64>().is_ok());
    let (author, author_kind) = account(run.trigger_user.as_ref())?;
    Ok(Read {
        external_id: id.to_string(),
        occurred_at: moment(run.stopped.as_ref())?.ok_or(Refusal::Malformed)?,
        author,
        author_kind,
        page: page_of_run(id, number, run.run_html_url.as_ref())?,
        event: Event::Run(Run {
            transition: RunTransition::Completed,
            workflow: filled(&run.workflow.read()?).ok_or(Refusal::Malformed)?,
            branch: if change.is_none() { filled(&reference) } else { None },
            sha: Some(commit(run.sha.read()?)?),
            conclusion: Some(conclusion),
            attempt: 1,
            change: change.map(str::to_owned),
        }),
    })
}

/// The page of a run is called by its number in the repository, in newest versions by its id: the payload's own link tells
/// which, and no more is taken from it.
fn page_of_run(id: u64, number: u64, link: Option<&Later<'_, String>>) -> Result<String, Refusal> {
    let link = given(link)?;
    let named = link.as_deref().and_then(|link| link.rsplit('/').next()?.parse::<u64>().ok());
    Ok(format!("actions/runs/{}", if named == Some(id) { id } else { number }))
}

/// A time that may not have come yet: it is written as zero, of the Unix era or of Go's.
fn moment(at: Option<&Later<'_, Instant>>) -> Result<Option<Instant>, Refusal> {
    Ok(given(at)?.filter(|at| *at > Instant::UNIX_EPOCH))
}

/// A name that is not empty: what is missing is written so.
fn filled(name: &str) -> Option<String> {
    let name = one_line(name, NAME_CHARS_MAX);
    (!name.is_empty()).then_some(name)
}

/// The account behind a user, and what kind of actor it is. No payload says whether an account is a bot's: each is taken for
/// a person's, so that whoever holds it can step out, but for the one under which runs act.
fn account(user: Option<&Object<wire::User<'_>>>) -> Result<(Option<Account>, ActorKind), Refusal> {
    let Some(user) = user else { return Ok((None, ActorKind::Unknown)) };
    let (id, login) = (user.id.read()?, user.login.read()?);
    Ok(match id {
        ACTIONS_ID => (None, ActorKind::Bot),
        1.. => (Some(Account { external_id: id.to_string(), handle: Some(login) }), ActorKind::Human),
        _ => (None, ActorKind::Unknown),
    })
}
