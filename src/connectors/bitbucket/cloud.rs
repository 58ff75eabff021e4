//! Bitbucket Cloud's words into ours.
//!
//! The body does not name its event, and the header that does is not signed. So what the body says of the change's state has a
//! veto: what was merged was not declined, and what is open was neither. The same bytes are taken once, under whatever key.

use super::account::uuid;
use super::kinds::OfCloud;
use super::parse::{found, page_of_change, reviewed, whole};
use super::wire::cloud as wire;
use crate::base::text::{TITLE_CHARS_MAX, one_line};
use crate::connectors::delivery::Delivery;
use crate::connectors::forge::{NAME_CHARS_MAX, Read, given};
use crate::connectors::json::{self, Object};
use crate::connectors::{Account, Peek, Site};
use crate::signals::place::{Place, Repository};
use crate::signals::refusal::Refusal;
use crate::signals::{ActorKind, Change, ChangeTransition, Event, ReviewTransition};

/// Where Bitbucket Cloud's own pages are.
const PUBLIC_SITE: &str = "https://bitbucket.org";

pub(super) fn peek(delivery: &Delivery, kind: OfCloud) -> Result<Peek<'_>, Refusal> {
    let change = |read: fn(&wire::ChangeEvent<'_>) -> Result<Read, Refusal>| {
        found(delivery, |event: &wire::ChangeEvent<'_>| super::repository(&event.repository.full_name), alone, read, url)
    };
    let approval = |read: fn(&wire::ApprovalEvent<'_>) -> Result<Read, Refusal>| {
        found(delivery, |event: &wire::ApprovalEvent<'_>| super::repository(&event.repository.full_name), alone, read, url)
    };
    let request = |read: fn(&wire::ChangesRequestEvent<'_>) -> Result<Read, Refusal>| {
        found(delivery, |event: &wire::ChangesRequestEvent<'_>| super::repository(&event.repository.full_name), alone, read, url)
    };
    match kind {
        OfCloud::Created => change(created),
        OfCloud::Updated => change(updated),
        OfCloud::Fulfilled => change(fulfilled),
        OfCloud::Rejected => change(rejected),
        OfCloud::Approved => approval(|event| review(event.change.id.read()?, &event.verdict, ReviewTransition::Approved)),
        OfCloud::Unapproved => approval(|event| review(event.change.id.read()?, &event.verdict, ReviewTransition::Dismissed)),
        OfCloud::ChangesRequested => request(|event| review(event.change.id.read()?, &event.verdict, ReviewTransition::ChangesRequested)),
        OfCloud::ChangesUnrequested => request(|event| review(event.change.id.read()?, &event.verdict, ReviewTransition::Dismissed)),
    }
}

fn alone(delivery: &Delivery) -> Result<Option<Repository>, Refusal> {
    json::read::<wire::Peeked>(delivery).map(|peeked| super::repository(&peeked.repository.full_name))
}

/// Where a page of a repository is.
#[expect(clippy::unnecessary_wraps, reason = "where a Data Center is is not always known")]
fn url(site: &Site, place: &Place, page: &str) -> Option<String> {
    Some(format!("{}/{}/{page}", site.base_url.as_deref().unwrap_or(PUBLIC_SITE), place.external_id()))
}

/// Where a change stands, by the body's own word.
#[derive(PartialEq)]
enum State {
    Open,
    Merged,
    Declined,
    /// A word that we do not know: it speaks for nothing, and against nothing.
    Other,
}

fn state(event: &wire::ChangeEvent<'_>) -> Result<State, Refusal> {
    Ok(match event.change.state.read()?.as_str() {
        "OPEN" | "DRAFT" => State::Open,
        "MERGED" => State::Merged,
        "DECLINED" | "SUPERSEDED" => State::Declined,
        _ => State::Other,
    })
}

fn created(event: &wire::ChangeEvent<'_>) -> Result<Read, Refusal> {
    if matches!(state(event)?, State::Merged | State::Declined) {
        return Err(Refusal::Malformed);
    }
    let is_draft = given(event.change.draft.as_ref())? == Some(true);
    let transition = if is_draft { ChangeTransition::OpenedDraft } else { ChangeTransition::Opened };
    Ok(Read { occurred_at: event.change.created_on.read()?, ..change(event, transition)? })
}

/// An update does not say what changed: a title, a reviewer, a commit, or whether it is a draft. It is told as what holds
/// after it, which for a change that was ready before says nothing new.
fn updated(event: &wire::ChangeEvent<'_>) -> Result<Read, Refusal> {
    if matches!(state(event)?, State::Merged | State::Declined) {
        return Err(Refusal::NothingToKeep);
    }
    let transition = match given(event.change.draft.as_ref())? {
        Some(true) => ChangeTransition::ConvertedToDraft,
        Some(false) => ChangeTransition::ReadyForReview,
        None => ChangeTransition::Updated,
    };
    change(event, transition)
}

fn fulfilled(event: &wire::ChangeEvent<'_>) -> Result<Read, Refusal> {
    if matches!(state(event)?, State::Open | State::Declined) {
        return Err(Refusal::Malformed);
    }
    change(event, ChangeTransition::Merged)
}

fn rejected(event: &wire::ChangeEvent<'_>) -> Result<Read, Refusal> {
    if matches!(state(event)?, State::Open | State::Merged) {
        return Err(Refusal::Malformed);
    }
    change(event, ChangeTransition::Closed)
}

/// What is told of a change by each of its events, when it was updated.
fn change(event: &wire::ChangeEvent<'_>, transition: ChangeTransition) -> Result<Read, Refusal> {
    let change = &event.change;
    let id = change.id.read()?;
    let commit = if transition == ChangeTransition::Merged { change.merge_commit.as_ref() } else { change.source.commit.as_ref() };
    let sha = commit.map(|commit| commit.hash.read()).transpose()?;
    let branch = change.source.branch.as_ref().map(|branch| branch.name.read()).transpose()?;
    // The change's author, whoever acted on it: what is said of a change is said of their work.
    let (author, author_kind) = account(change.author.as_ref())?;
    Ok(Read {
        external_id: id.to_string(),
        occurred_at: change.updated_on.read()?,
        author,
        author_kind,
        page: page_of_change(id),
        event: Event::Change(Change {
            transition,
            title: Some(one_line(&change.title.read()?, TITLE_CHARS_MAX)),
            branch: branch.map(|name| one_line(&name, NAME_CHARS_MAX)),
            sha: sha.map(whole).transpose()?.flatten(),
        }),
    })
}

fn review(change: u64, verdict: &wire::Verdict<'_>, transition: ReviewTransition) -> Result<Read, Refusal> {
    let at = verdict.date.read()?;
    Ok(reviewed(transition, change, (at, at.as_microsecond()), account(verdict.user.as_ref())?))
}

/// The account behind a user, and what kind of actor it is. An app's account is not handed on: it is never a person. A word
/// that we do not know keeps its account, so that its holder can step out.
fn account(user: Option<&Object<wire::User<'_>>>) -> Result<(Option<Account>, ActorKind), Refusal> {
    let Some(user) = user else { return Ok((None, ActorKind::Unknown)) };
    let id = uuid(&user.uuid.read()?).ok_or(Refusal::Malformed)?;
    let account = Account { external_id: id, handle: given(user.nickname.as_ref())? };
    Ok(match given(user.kind.as_ref())?.as_deref() {
        Some("app_user") => (None, ActorKind::Bot),
        Some("team") => (None, ActorKind::Unknown),
        // Payloads of some years ago have no word for it: every account was a person's or a team's.
        Some("user") | None => (Some(account), ActorKind::Human),
        _ => (Some(account), ActorKind::Unknown),
    })
}
