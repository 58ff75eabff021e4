//! One folder per tool: bytes in, canonical words out. No database, no sockets.
//!
//! A new tool is one folder and one line in [`CONNECTORS`]; the conformance kit then says what is missing.

pub mod bitbucket;
pub mod cdevents;
pub mod delivery;
pub mod gitea;
pub mod github;
pub mod gitlab;
pub mod places;
pub mod slack;
pub mod standard_webhooks;
pub mod webhook;

#[cfg(test)]
pub(crate) mod conformance;
mod forge;
mod json;
mod proof;
mod rollout;
#[cfg(test)]
mod tests;

use crate::base::clock::{Instant, SignedDuration};
use crate::base::secret::Secret;
use crate::orgs::connections::{NewConnection, SecretMaker};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{ActorKind, Event};
use delivery::Delivery;
use std::fmt;

/// Every tool that can be connected. There is no other way in.
pub static CONNECTORS: &[&dyn Connector] =
    &[&github::GitHub, &gitlab::GitLab, &gitea::Gitea, &bitbucket::Bitbucket, &slack::Slack, &cdevents::CdEvents, &webhook::Webhook];

/// How far in the future an event may claim to lie: clocks differ (DECISIONS, 'Time and looks').
pub const FUTURE_MINUTES_MAX: i64 = 10;

/// No event lies before 2007-01-01T00:00:00Z: none of the tools that are read existed.
pub const EARLIEST: Instant = Instant::constant(1_167_609_600, 0);

/// The kind of tool: how its deliveries are proven, peeked at and read.
pub trait Connector: Sync {
    /// The name in URLs, tables and documentation: `github`.
    fn name(&self) -> &'static str;

    /// The name for people: `GitHub`.
    fn title(&self) -> &'static str;

    /// The place that an admin means by an external id; `None` where this tool has no such place, or it may never be read.
    fn place(&self, external_id: &str) -> Option<Place>;

    /// The account that a person means by `text`, in the one spelling by which it is recognised in deliveries; `None` where
    /// no delivery could ever be recognised by it.
    fn account(&self, text: &str) -> Option<String>;

    /// What [`Self::account`] takes, and where a person finds it.
    fn account_hint(&self) -> &'static str;

    /// The place that an admin asks to be read; else one sentence about what to write instead.
    fn choose(&self, external_id: &str) -> Result<Place, NoChoice>;

    /// Who makes the secret that deliveries are signed with.
    fn secret_maker(&self) -> SecretMaker;

    /// Whether links cannot be made without the address of the tool.
    fn needs_base_url(&self) -> bool;

    /// How a list is written where people of this tool read.
    fn markup(&self) -> Markup;

    /// What an admin reads before switching a source on.
    fn disclosure(&self) -> &'static Disclosure;

    /// Checks the signature, and where the tool signs a time, the replay window, on the raw bytes. Nothing is parsed before.
    fn verify(&self, delivery: &Delivery, secret: &Secret<String>, now: Instant) -> Result<(), Unverified>;

    /// The headers that make `body` a genuine delivery of this tool at `now`, with `kind` as the tool would name the event.
    /// For `replay`, the demo and tests; it needs the connection's secret as any sender does.
    fn sign(&self, body: &[u8], kind: Option<&str>, secret: &Secret<String>, now: Instant) -> Vec<(String, String)>;

    /// A hand-shake that the tool expects an answer to: the body to answer with.
    fn handshake(&self, delivery: &Delivery) -> Option<String>;

    /// Reads kind and place, and nothing else: no text is deserialised here. A kind that is not read is refused here, and so
    /// is a delivery that contradicts itself about its place; a
    /// place that is not open is left to the caller, who also knows what was said of it before ([`places::Places`]).
    fn peek<'d>(&self, delivery: &'d Delivery) -> Result<Peek<'d>, Refusal>;

    /// For `replay`: a recorded payload as the tool would send it (a bare event is wrapped in its envelope, with
    /// `fresh_id` as its delivery's id). `hints` are words found beside it, the strongest first (a header, the parent
    /// folder's name, the file's name): the first that names an event kind does so, else the payload's shape.
    fn recorded(&self, payload: &[u8], hints: &[&str], fresh_id: &str) -> Recorded;
}

/// What an admin wrote names no place that may be read: one sentence about what to write instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoChoice(pub &'static str);

/// How plain words are laid out in a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Lines as they stand, with bullets: what is pasted into a message is not read as markup.
    Lines,
    /// Markdown, where a list needs a blank line before it and names stand in backticks.
    Markdown,
}

/// What an admin and an auditor read about a connector.
pub struct Disclosure {
    /// What is read, a line each.
    pub reads: &'static [&'static str],
    /// What is never read, a line each.
    pub never: &'static [&'static str],
    /// The least rights the tool must grant.
    pub scopes: &'static [&'static str],
    /// What is kept of it and for how long, a pair each.
    pub kept: &'static [(&'static str, &'static str)],
    /// What to do in the tool before it is connected here, step by step.
    pub prepare: &'static [&'static str],
    /// What to do in the tool afterwards.
    pub setup: &'static [&'static str],
    pub hints: Hints,
}

/// The words beside the fields of an admin's forms.
pub struct Hints {
    /// An example of a connection's name.
    pub name: &'static str,
    pub base_url_label: &'static str,
    pub base_url: &'static str,
    pub secret: &'static str,
    pub place_label: &'static str,
    pub place: &'static str,
    /// An example of what people call a place.
    pub label: &'static str,
}

/// The bytes are not proven to come from the tool, or come too late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unverified {
    /// A header that carries the proof is missing, doubled or ill-formed.
    MissingSignature,
    /// The proof does not fit the bytes.
    BadSignature,
    /// The signed time is outside the replay window.
    StaleTimestamp,
}

impl Unverified {
    /// The reason as it is counted and printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissingSignature => "missing_signature",
            Self::BadSignature => "bad_signature",
            Self::StaleTimestamp => "stale_timestamp",
        }
    }
}

/// A delivery of which no more is read than where it belongs.
pub struct Peek<'d> {
    /// The place's id as the tool writes it.
    pub place_id: String,
    /// What the delivery says about the place.
    pub claim: PlaceClaim,
    /// The workspace it comes from, where the tool has such a thing: a connection hears the first one only.
    pub workspace: Option<String>,
    unread: Box<dyn Unread + 'd>,
}

impl Peek<'_> {
    /// Reads the allow-listed fields, of a delivery whose place was found open and switched on; `now` is when it arrived.
    pub fn read(&self, place: Place, site: &Site, now: Instant) -> Result<Parsed, Refusal> {
        self.unread.read(place, site, now)
    }
}

impl fmt::Debug for Peek<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Peek({:?})", self.claim)
    }
}

/// The rest of a delivery: bytes, until somebody who may reads them.
trait Unread {
    /// As [`Peek::read`].
    fn read(&self, place: Place, site: &Site, now: Instant) -> Result<Parsed, Refusal>;
}

/// What a delivery says about its place, from open to strict: the strictest that was ever seen for an id wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceClaim {
    /// It says nothing.
    Silent,
    /// A repository, or a channel that every member of the workspace can join.
    Open,
    Private,
    /// Shared with another organisation or with guests.
    Shared,
    Group,
    Direct,
}

impl PlaceClaim {
    /// The refusal that a place of this kind meets; `None` where it is open.
    pub const fn refusal(self) -> Option<Refusal> {
        match self {
            Self::Open => None,
            Self::Silent => Some(Refusal::UnknownPlace),
            Self::Private => Some(Refusal::PrivateChannel),
            Self::Shared => Some(Refusal::SharedChannel),
            Self::Group => Some(Refusal::GroupMessage),
            Self::Direct => Some(Refusal::DirectMessage),
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Open => "open",
            Self::Private => "private",
            Self::Shared => "shared",
            Self::Group => "group",
            Self::Direct => "direct",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Silent, Self::Open, Self::Private, Self::Shared, Self::Group, Self::Direct].into_iter().find(|claim| claim.as_str() == word)
    }
}

/// Where the tool's pages are: `https://acme.slack.com`, or the host of an installation of one's own.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Without a slash at its end; `None` where the admin gave none.
    pub base_url: Option<String>,
}

/// An account in one tool.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    /// The tool's own lasting id.
    pub external_id: String,
    /// The name that people type: a login, a handle; where the delivery carries it.
    pub handle: Option<String>,
}

/// One delivery, read: still with raw text and accounts, in memory only. It can be printed by tests alone.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub struct Parsed {
    pub place: Place,
    pub external_id: String,
    pub occurred_at: Instant,
    /// The account behind it, unless that is a bot: a bot is never a person.
    pub author: Option<Account>,
    pub author_kind: ActorKind,
    pub url: Option<String>,
    /// With raw text and title inside, until the redactor has seen them.
    pub event: Event,
    /// The delivery's own name for recognising a repetition: a signed id, or a digest of the body that proves it.
    pub dedupe_key: String,
    /// Set where the delivery names accounts beside the author: owners of links, reviewers, people quoted.
    pub others: Vec<Account>,
}

/// A recorded payload made ready to be sent again.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub enum Recorded {
    /// The event's kind as [`Connector::sign`] takes it, and the body.
    Event { kind: Option<String>, body: Vec<u8> },
    /// Not an event: an interaction, a command, a reply of an API.
    NotAnEvent,
}

/// The names of all tools.
pub fn names() -> Vec<&'static str> {
    CONNECTORS.iter().map(|connector| connector.name()).collect()
}

/// What an admin asks for who connects this tool: its rules, and nothing more yet than a name.
pub fn new_connection(tool: &'static dyn Connector, name: impl Into<String>) -> NewConnection {
    NewConnection {
        id: None,
        connector: tool.name(),
        secret_maker: tool.secret_maker(),
        needs_base_url: tool.needs_base_url(),
        name: name.into(),
        base_url: None,
        secret: None,
    }
}

/// The connector of this name.
pub fn connector(name: &str) -> Option<&'static dyn Connector> {
    CONNECTORS.iter().copied().find(|connector| connector.name() == name)
}

/// `at` itself, unless it lies more than [`FUTURE_MINUTES_MAX`] after `now` or before [`EARLIEST`].
pub fn plausible(at: Instant, now: Instant) -> Result<Instant, Refusal> {
    let latest = now.saturating_add(SignedDuration::from_mins(FUTURE_MINUTES_MAX)).unwrap_or(Instant::MAX);
    if EARLIEST <= at && at <= latest { Ok(at) } else { Err(Refusal::AbsurdTime) }
}
