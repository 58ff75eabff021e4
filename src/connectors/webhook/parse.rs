//! The documented fields into ours: one function for each kind.
//!
//! | field | deploy | incident | what |
//! |---|---|---|---|
//! | `kind` | required | required | `deploy` or `incident` |
//! | `repository` | one of | one of | `owner/name`, as the code host has it; where both are given it is the place |
//! | `service` | the two | the two | the name of a service |
//! | `id` | required | required | one word, the same for all states of one thing |
//! | `state` | required | required | `created`, `started`, `succeeded`, `failed`, `retired`; `opened`, `resolved` |
//! | `at` | required | required | when, in RFC 3339 with an offset |
//! | `environment` | required | | such as `production` |
//! | `sha` | | | the commit, in 40 or 64 hex digits |
//! | `ref` | | | the branch or tag; kept as a keyed mark |
//! | `title` | | | a few words; redacted |
//! | `deploy` | | | the `id` of the deploy that it came from |
//! | `url` | | | a page of it, below the connection's own address |
//!
//! All other fields are skipped.

use super::kinds::{self, Kind};
use super::wire::Notice;
use crate::base::text::{TITLE_CHARS_MAX, one_line};
use crate::connectors::Peek;
use crate::connectors::delivery::Delivery;
use crate::connectors::forge::{NAME_CHARS_MAX, commit, given};
use crate::connectors::json::{self, Later};
use crate::connectors::rollout::{self, Read};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{Deploy, DeployTransition, Event, Incident, IncidentTransition};
use serde::Deserialize;

pub(super) fn peek(delivery: &Delivery) -> Result<Peek<'_>, Refusal> {
    let notice: Notice<'_> = json::read(delivery)?;
    let kind = kinds::admit(&required(notice.kind.as_ref())?)?;
    let place = place(&notice)?;
    let read = match kind {
        Kind::Deploy => deploy,
        Kind::Incident => incident,
    };
    Ok(rollout::peek(delivery, &place, notice, read))
}

/// Where it stands: its repository, else its service. A repository that is none is refused: it must not be heard somewhere else.
fn place(notice: &Notice<'_>) -> Result<Place, Refusal> {
    if let Some(name) = given(notice.repository.as_ref())? {
        return rollout::repository(&name).ok_or(Refusal::Malformed);
    }
    rollout::place(&required(notice.service.as_ref())?).ok_or(Refusal::Malformed)
}

fn deploy(notice: &Notice<'_>) -> Result<Read, Refusal> {
    let transition = DeployTransition::parse(&required(notice.state.as_ref())?).ok_or(Refusal::Malformed)?;
    let environment = one_line(&required(notice.environment.as_ref())?, NAME_CHARS_MAX);
    if environment.is_empty() {
        return Err(Refusal::Malformed);
    }
    let branch = given(notice.reference.as_ref())?.map(|name| one_line(&name, NAME_CHARS_MAX)).filter(|name| !name.is_empty());
    let sha = given(notice.sha.as_ref())?.map(commit).transpose()?.map(|sha| sha.to_ascii_lowercase());
    read(notice, Event::Deploy(Deploy { transition, environment, production: None, branch, sha }))
}

fn incident(notice: &Notice<'_>) -> Result<Read, Refusal> {
    let transition = IncidentTransition::parse(&required(notice.state.as_ref())?).ok_or(Refusal::Malformed)?;
    let title = given(notice.title.as_ref())?.map(|title| one_line(&title, TITLE_CHARS_MAX)).filter(|title| !title.is_empty());
    let deploy = given(notice.deploy.as_ref())?.map(rollout::id).transpose()?;
    read(notice, Event::Incident(Incident { transition, title, deploy }))
}

fn read(notice: &Notice<'_>, event: Event) -> Result<Read, Refusal> {
    Ok(Read {
        external_id: rollout::id(required(notice.id.as_ref())?)?,
        occurred_at: required(notice.at.as_ref())?,
        link: given(notice.url.as_ref())?,
        event,
    })
}

/// A field without which the kind tells of nothing.
fn required<'d, T: Deserialize<'d>>(field: Option<&Later<'d, T>>) -> Result<T, Refusal> {
    given(field)?.ok_or(Refusal::Malformed)
}
