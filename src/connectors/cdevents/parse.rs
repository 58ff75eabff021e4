//! CDEvents into our words: where an event stands, and what it tells of.
//!
//! Both modes of CloudEvents over HTTP are told apart by the signed body: an envelope has `data`, an event by itself has `context`. Neither
//! `Content-Type` nor a `ce-*` header is believed, because none of them is signed: what they say stands in the body too (CDEvents specification,
//! 'CloudEvents Binding'), and a body that says it twice must say the same. Batches are refused.
//!
//! | event | is | where |
//! |---|---|---|
//! | `service.deployed`, `.upgraded` | a deploy that succeeded | the service (`subject.id`) |
//! | `service.rolledback` | a deploy that failed | the service |
//! | `service.removed` | a deploy that was retired | the service |
//! | `incident.detected`, `.reported`, `.resolved` | an incident, opened and resolved | `content.service` |
//! | `pipelinerun.*`, `taskrun.*` | a run | `content.pipelineName`, `content.taskName` |
//! | `change.*` | a change or a review of it, without title and author | `content.repository` |
//!
//! Where `customData.repository` is an `owner/name`, the place is that repository instead ([`rollout`] says why), `customData.sha` the commit, and
//! `customData.url` its page.
//!
//! A service that was rolled back runs an older version again. That is a failure of the newer one: where the event names the newer version it is the
//! same deploy, failed; where it names one that was there before, the detector sees its environment go back and blames the last one
//! ([`crate::detection::deploys`]).

use super::kinds::{self, Kind};
use super::wire::{Body, Content, Context, Custom, Reference, Subject};
use crate::base::text::one_line;
use crate::connectors::Peek;
use crate::connectors::delivery::Delivery;
use crate::connectors::forge::{NAME_CHARS_MAX, commit, given};
use crate::connectors::json::{self, Later, Object};
use crate::connectors::rollout::{self, Read};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{
    Change, ChangeTransition, Conclusion, Deploy, DeployTransition, Event, Incident, IncidentTransition, Review, ReviewTransition, Run,
    RunTransition,
};
use serde::Deserialize;

/// The link of an event to the one that it came from (CDEvents specification, 'Links').
const CAUSED_BY: (&str, &str) = ("RELATION", "TRIGGER");

/// An event whose kind and place are known.
struct Found<'d> {
    kind: Kind,
    context: Object<Context<'d>>,
    subject: Object<Subject<'d>>,
    custom: Option<Custom<'d>>,
}

pub(super) fn peek(delivery: &Delivery) -> Result<Peek<'_>, Refusal> {
    let body: Body<'_> = json::read(delivery)?;
    let (context, subject, custom) = match body.data {
        Some(data) => {
            let event = data.read()?.0;
            let (said, of) = (required(body.kind.as_ref())?, event.context.read()?);
            if body.context.is_some() || of.kind.read()? != said {
                return Err(Refusal::Malformed);
            }
            (of, event.subject, event.custom)
        }
        None => (required(body.context.as_ref())?, body.subject.ok_or(Refusal::Malformed)?, body.custom),
    };
    let version = given(context.specversion.as_ref())?.or(given(context.version.as_ref())?).ok_or(Refusal::Malformed)?;
    let kind = kinds::admit(&context.kind.read()?)?;
    if !kinds::is_known_version(&version) {
        return Err(Refusal::KindNotRead);
    }
    let custom = given(custom.as_ref())?.and_then(|custom| custom.0);
    let event = Found { kind, context, subject: subject.read()?, custom };
    let place = place(&event)?;
    Ok(rollout::peek(delivery, &place, event, read))
}

/// The repository that the sender names, else what the event is about. An event that names neither has no place.
fn place(event: &Found<'_>) -> Result<Place, Refusal> {
    // The sender's own data has no form: what is no name of a repository is none.
    let named = event.custom.as_ref().and_then(|custom| custom.repository.as_ref()).and_then(|name| name.read().ok());
    if let Some(place) = named.as_deref().and_then(rollout::repository) {
        return Ok(place);
    }
    let content = event.subject.content.as_deref();
    let name = match event.kind {
        Kind::ServiceDeployed | Kind::ServiceUpgraded | Kind::ServiceRolledBack | Kind::ServiceRemoved => given(event.subject.id.as_ref())?,
        Kind::IncidentDetected | Kind::IncidentReported | Kind::IncidentResolved => {
            id_of(content.and_then(|content| content.service.as_ref()))?
        }
        Kind::PipelineRunStarted | Kind::PipelineRunFinished => given(content.and_then(|content| content.pipeline.as_ref()))?,
        Kind::TaskRunStarted | Kind::TaskRunFinished => given(content.and_then(|content| content.task.as_ref()))?,
        Kind::ChangeCreated | Kind::ChangeUpdated | Kind::ChangeReviewed | Kind::ChangeMerged | Kind::ChangeAbandoned => {
            id_of(content.and_then(|content| content.repository.as_ref()))?
        }
    };
    name.as_deref().and_then(rollout::place).ok_or(Refusal::UnknownPlace)
}

fn read(event: &Found<'_>) -> Result<Read, Refusal> {
    let content = event.subject.content.as_deref().ok_or(Refusal::Malformed)?;
    let occurred_at = required(event.context.timestamp.as_ref())?;
    let of_subject = || rollout::id(required(event.subject.id.as_ref())?);
    // A service has no id for each time that it is deployed, and a change none for each review: the event's own stands for it.
    let of_event = || rollout::id(required(event.context.id.as_ref())?);
    let (external_id, what) = match event.kind {
        Kind::ServiceDeployed | Kind::ServiceUpgraded => (of_event()?, deploy(event, content, DeployTransition::Succeeded)?),
        Kind::ServiceRolledBack => (of_event()?, deploy(event, content, DeployTransition::Failed)?),
        Kind::ServiceRemoved => (of_event()?, deploy(event, content, DeployTransition::Retired)?),
        Kind::IncidentDetected | Kind::IncidentReported => (of_subject()?, incident(&event.context, IncidentTransition::Opened)?),
        Kind::IncidentResolved => (of_subject()?, incident(&event.context, IncidentTransition::Resolved)?),
        Kind::PipelineRunStarted => (of_subject()?, run(event, content.pipeline.as_ref(), None)?),
        Kind::TaskRunStarted => (of_subject()?, run(event, content.task.as_ref(), None)?),
        Kind::PipelineRunFinished => (of_subject()?, run(event, content.pipeline.as_ref(), Some(content))?),
        Kind::TaskRunFinished => (of_subject()?, run(event, content.task.as_ref(), Some(content))?),
        Kind::ChangeCreated => (of_subject()?, change(ChangeTransition::Opened)),
        Kind::ChangeUpdated => (of_subject()?, change(ChangeTransition::Updated)),
        Kind::ChangeMerged => (of_subject()?, change(ChangeTransition::Merged)),
        Kind::ChangeAbandoned => (of_subject()?, change(ChangeTransition::Closed)),
        // The verdict has no field: of a review no more is known than that it was given.
        Kind::ChangeReviewed => (of_event()?, Event::Review(Review { transition: ReviewTransition::Commented, change: of_subject()? })),
    };
    let of_sender = event.custom.as_ref().and_then(|custom| custom.url.as_ref()).and_then(|url| url.read().ok());
    let link = of_sender.or(given(content.uri.as_ref())?).or(given(content.ticket.as_ref())?);
    Ok(Read { external_id, occurred_at, link, event: what })
}

fn deploy(event: &Found<'_>, content: &Content<'_>, transition: DeployTransition) -> Result<Event, Refusal> {
    let environment = id_of(content.environment.as_ref())?.map(|id| one_line(&id, NAME_CHARS_MAX)).filter(|id| !id.is_empty());
    let artifact = given(content.artifact.as_ref())?;
    Ok(Event::Deploy(Deploy {
        transition,
        environment: environment.ok_or(Refusal::Malformed)?,
        production: None,
        branch: None,
        sha: sha(event).or_else(|| artifact.as_deref().and_then(digest)),
    }))
}

/// The commit that the sender names in data of its own; what is none there is not read as one.
fn sha(event: &Found<'_>) -> Option<String> {
    let named = event.custom.as_ref()?.sha.as_ref()?.read().ok()?;
    commit(named.to_ascii_lowercase()).ok()
}

/// The digest in an artifact's package URL (`pkg:oci/shop@sha256%3A…`, `pkg:github/acme/web@<commit>`), which tells one version from another as a commit does.
fn digest(artifact: &str) -> Option<String> {
    let (_, version) = artifact.split(['?', '#']).next()?.rsplit_once('@')?;
    let version = version.to_ascii_lowercase().replace("%3a", ":");
    let hex = version.strip_prefix("sha256:").unwrap_or(&version);
    commit(hex.to_owned()).ok()
}

fn incident(context: &Context<'_>, transition: IncidentTransition) -> Result<Event, Refusal> {
    let deploy = if transition == IncidentTransition::Opened { cause(context)? } else { None };
    // What is called a description there is free text of any length: it is not read, and there is no title.
    Ok(Event::Incident(Incident { transition, title: None, deploy }))
}

/// The id of the event that this one came from.
fn cause(context: &Context<'_>) -> Result<Option<String>, Refusal> {
    for link in given(context.links.as_ref())?.unwrap_or_default() {
        let is = |field: Option<&Later<'_, String>>, word: &str| Ok::<_, Refusal>(given(field)?.is_some_and(|said| said == word));
        if is(link.sort.as_ref(), CAUSED_BY.0)? && is(link.kind.as_ref(), CAUSED_BY.1)? {
            let target = given(link.target.as_ref().and_then(|target| target.context_id.as_ref()))?;
            return target.map(rollout::id).transpose();
        }
    }
    Ok(None)
}

fn run(event: &Found<'_>, name: Option<&Later<'_, String>>, finished: Option<&Content<'_>>) -> Result<Event, Refusal> {
    let workflow = one_line(&required(name)?, NAME_CHARS_MAX);
    if workflow.is_empty() {
        return Err(Refusal::Malformed);
    }
    let outcome = given(finished.and_then(|content| content.outcome.as_ref()))?;
    Ok(Event::Run(Run {
        transition: if finished.is_some() { RunTransition::Completed } else { RunTransition::Started },
        workflow,
        branch: None,
        sha: sha(event),
        conclusion: outcome.as_deref().and_then(conclusion),
        attempt: 1,
        change: None,
    }))
}

/// `error` is a run that could not be carried out; both are red to whoever waits for it.
fn conclusion(outcome: &str) -> Option<Conclusion> {
    match outcome {
        "success" => Some(Conclusion::Success),
        "failure" | "error" => Some(Conclusion::Failure),
        "cancel" => Some(Conclusion::Cancelled),
        _ => None,
    }
}

const fn change(transition: ChangeTransition) -> Event {
    Event::Change(Change { transition, title: None, branch: None, sha: None })
}

fn id_of(reference: Option<&Object<Reference<'_>>>) -> Result<Option<String>, Refusal> {
    given(reference.and_then(|reference| reference.id.as_ref()))
}

/// A field without which the kind tells of nothing.
fn required<'d, T: Deserialize<'d>>(field: Option<&Later<'d, T>>) -> Result<T, Refusal> {
    given(field)?.ok_or(Refusal::Malformed)
}
