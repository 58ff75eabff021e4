//! Bitbucket Data Center's words into ours, and those of Bitbucket Server before it.
//!
//! The body names its event in `eventKey`: it must be the one that the header named, which is not signed.

use super::kinds::OfDataCenter;
use super::parse::{found, page_of_change, reviewed, whole};
use super::wire::data_center as wire;
use crate::base::clock::Instant;
use crate::base::text::{TITLE_CHARS_MAX, one_line};
use crate::connectors::delivery::Delivery;
use crate::connectors::forge::{NAME_CHARS_MAX, Read, given};
use crate::connectors::json::{self, Later};
use crate::connectors::{Account, Peek, Site};
use crate::signals::place::{Place, Repository};
use crate::signals::refusal::Refusal;
use crate::signals::{ActorKind, Change, ChangeTransition, Event, ReviewTransition};

pub(super) fn peek(delivery: &Delivery, kind: OfDataCenter) -> Result<Peek<'_>, Refusal> {
    match kind {
        OfDataCenter::Opened
        | OfDataCenter::Modified
        | OfDataCenter::FromRefUpdated
        | OfDataCenter::Merged
        | OfDataCenter::Declined
        | OfDataCenter::Deleted => {
            let read: fn(&wire::ChangeEvent<'_>) -> Result<Read, Refusal> = match kind {
                OfDataCenter::Opened => |event| change(event, OfDataCenter::Opened),
                OfDataCenter::Modified => |event| change(event, OfDataCenter::Modified),
                OfDataCenter::FromRefUpdated => |event| change(event, OfDataCenter::FromRefUpdated),
                OfDataCenter::Merged => |event| change(event, OfDataCenter::Merged),
                OfDataCenter::Declined => |event| change(event, OfDataCenter::Declined),
                _ => |event| change(event, OfDataCenter::Deleted),
            };
            found(delivery, |event: &wire::ChangeEvent<'_>| repository(&event.change.to), alone, read, url)
        }
        _ => {
            let read: fn(&wire::ReviewEvent<'_>) -> Result<Read, Refusal> = match kind {
                OfDataCenter::Approved => |event| review(event, OfDataCenter::Approved),
                OfDataCenter::NeedsWork => |event| review(event, OfDataCenter::NeedsWork),
                OfDataCenter::ChangesRequested => |event| review(event, OfDataCenter::ChangesRequested),
                _ => |event| review(event, OfDataCenter::Unapproved),
            };
            found(delivery, |event: &wire::ReviewEvent<'_>| repository(&event.change.to), alone, read, url)
        }
    }
}

fn alone(delivery: &Delivery) -> Result<Option<Repository>, Refusal> {
    json::read::<wire::Peeked>(delivery).map(|peeked| repository(&peeked.change.to))
}

fn repository(to: &wire::To) -> Option<Repository> {
    super::repository(&format!("{}/{}", to.repository.project.key, to.repository.slug))
}

/// Where a page of a repository is: of a project's under its key, of a person's own under their name.
fn url(site: &Site, place: &Place, page: &str) -> Option<String> {
    let (base, (project, slug)) = (site.base_url.as_deref()?, place.external_id().split_once('/')?);
    Some(match project.strip_prefix('~') {
        Some(user) => format!("{base}/users/{user}/repos/{slug}/{page}"),
        None => format!("{base}/projects/{}/repos/{slug}/{page}", project.to_ascii_uppercase()),
    })
}

fn named(key: &Later<'_, String>, kind: OfDataCenter) -> Result<(), Refusal> {
    if key.read()? == kind.as_str() { Ok(()) } else { Err(Refusal::Malformed) }
}

fn change(event: &wire::ChangeEvent<'_>, kind: OfDataCenter) -> Result<Read, Refusal> {
    named(&event.key, kind)?;
    let change = &event.change;
    let (id, title) = (change.id.read()?, change.title.read()?);
    let updated_at = instant(change.updated_date.read()?)?;
    let closed_at = given(change.closed_date.as_ref())?.map(instant).transpose()?;
    let (transition, occurred_at) = match kind {
        OfDataCenter::Opened => (ChangeTransition::Opened, Some(instant(change.created_date.read()?)?)),
        OfDataCenter::FromRefUpdated => (ChangeTransition::Updated, Some(updated_at)),
        OfDataCenter::Modified if given(event.previous_title.as_ref())?.is_some_and(|before| before != title) => {
            (ChangeTransition::Retitled, Some(updated_at))
        }
        OfDataCenter::Merged => (ChangeTransition::Merged, closed_at),
        OfDataCenter::Declined => (ChangeTransition::Closed, closed_at),
        // One that was merged or declined before is closed already.
        OfDataCenter::Deleted if change.state.read()? == "OPEN" => (ChangeTransition::Closed, Some(event.date.read()?)),
        _ => return Err(Refusal::NothingToKeep),
    };
    let merged_as = change.properties.as_ref().and_then(|properties| properties.merge_commit.as_ref());
    let sha = match transition {
        ChangeTransition::Merged => merged_as.map(|commit| commit.id.read()).transpose()?,
        _ => Some(change.from.sha.read()?),
    };
    // The change's author, whoever acted on it: what is said of a change is said of their work.
    let (author, author_kind) = account(change.author.as_ref().map(|author| &*author.user))?;
    Ok(Read {
        external_id: id.to_string(),
        occurred_at: occurred_at.ok_or(Refusal::Malformed)?,
        author,
        author_kind,
        page: page_of_change(id),
        event: Event::Change(Change {
            transition,
            title: Some(one_line(&title, TITLE_CHARS_MAX)),
            branch: Some(one_line(&change.from.branch.read()?, NAME_CHARS_MAX)),
            sha: sha.map(whole).transpose()?.flatten(),
        }),
    })
}

fn review(event: &wire::ReviewEvent<'_>, kind: OfDataCenter) -> Result<Read, Refusal> {
    named(&event.key, kind)?;
    let transition = match kind {
        OfDataCenter::Approved => ReviewTransition::Approved,
        OfDataCenter::NeedsWork | OfDataCenter::ChangesRequested => ReviewTransition::ChangesRequested,
        _ => ReviewTransition::Dismissed,
    };
    let at = event.date.read()?;
    Ok(reviewed(transition, event.change.id.read()?, (at, at.as_second()), account(Some(&*event.participant.user))?))
}

fn instant(milliseconds: i64) -> Result<Instant, Refusal> {
    Instant::from_millisecond(milliseconds).map_err(|_| Refusal::Malformed)
}

/// The account behind a user, and what kind of actor it is. A service's account is not handed on: it is never a person. A word
/// that we do not know keeps its account, so that its holder can step out.
fn account(user: Option<&wire::User<'_>>) -> Result<(Option<Account>, ActorKind), Refusal> {
    let Some(user) = user else { return Ok((None, ActorKind::Unknown)) };
    let account = Account { external_id: user.id.read()?.to_string(), handle: Some(user.name.read()?) };
    Ok(match given(user.kind.as_ref())?.as_deref() {
        Some("SERVICE") => (None, ActorKind::Bot),
        Some("NORMAL") => (Some(account), ActorKind::Human),
        _ => (Some(account), ActorKind::Unknown),
    })
}
