//! Slack's words into ours: where a message stands, and what happened to it.
//!
//! The text is handed on as Slack writes it: `&amp;`, `&lt;` and `&gt;` stay escaped, and so do the entities `<@U…>`,
//! `<#C…|name>` and `<url|label>`. The redactor reads them; to unescape here would let typed text pass for an entity.

use super::wire;
use crate::base::clock::Instant;
use crate::connectors::delivery::Delivery;
use crate::connectors::json;
use crate::connectors::{Account, Parsed, Peek, PlaceClaim, Site, Unread, plausible};
use crate::signals::place::{Channel, Place};
use crate::signals::refusal::Refusal;
use crate::signals::{ActorKind, Event, Message, MessageTransition};

/// The kind of event that is read, with all its subtypes.
const MESSAGE: &str = "message";
/// The envelope of the Events API.
pub(super) const ENVELOPE: &str = "event_callback";
/// Speaks for Slack itself, in reminders and notices.
const SLACKBOT: &str = "USLACKBOT";
/// Longest id of a user, a team or an event, in bytes: Slack's have 9 to 15 characters.
const ID_BYTES_MAX: usize = 64;
/// Longest challenge that is answered, in bytes: Slack sends 52.
const CHALLENGE_BYTES_MAX: usize = 256;

pub(super) fn handshake(delivery: &Delivery) -> Option<String> {
    let wire: wire::Challenge = json::read(delivery).ok()?;
    let is_plain = is_id(&wire.challenge, CHALLENGE_BYTES_MAX);
    // Plain characters need no escape in JSON.
    (wire.kind == "url_verification" && is_plain).then(|| format!(r#"{{"challenge":"{}"}}"#, wire.challenge))
}

pub(super) fn peek(delivery: &Delivery) -> Result<Peek<'_>, Refusal> {
    let outer: wire::Outer = json::read(delivery)?;
    match outer.kind.as_deref() {
        Some(ENVELOPE) => {}
        // Slack leaves events out: that tells of us, not of a team.
        Some("app_rate_limited") => return Err(Refusal::KindNotRead),
        _ => return Err(Refusal::NotAnEvent),
    }
    if outer.event.and_then(|event| event.0.kind).ok_or(Refusal::Malformed)? != MESSAGE {
        return Err(Refusal::KindNotRead);
    }
    let peeked: wire::Peeked = json::read(delivery)?;
    let is_shared = peeked.is_ext_shared_channel == Some(true) || has_guests(&peeked);
    let event = &peeked.event;
    let mut holds = claim(&event.channel, event.channel_type.as_deref())?;
    for inner in [&event.message.0, &event.previous_message.0].into_iter().flatten() {
        holds = holds.and(claim_inside(&event.channel, inner)?);
    }
    let holds = holds.and(if is_shared { PlaceClaim::Shared } else { PlaceClaim::Silent });
    let workspace = peeked.team_id.as_deref().filter(|id| is_team(id)).map(str::to_owned);
    Ok(Peek { place_id: peeked.event.0.channel, claim: holds, workspace, unread: Box::new(Found { delivery, claim: holds }) })
}

/// Whether a delivery names people of more than one workspace: then outsiders are in the channel, whether or not Slack says
/// that it is shared. Where a workspace belongs to an organisation on Enterprise Grid, its people may be named by that.
fn has_guests(peeked: &wire::Peeked) -> bool {
    let event = &peeked.event;
    let inner = [&event.message.0, &event.previous_message.0].into_iter().flatten();
    let teams = inner.flat_map(|message| [&message.team, &message.user_team, &message.source_team]);
    let mut teams = [&peeked.team_id, &event.team, &event.user_team, &event.source_team]
        .into_iter()
        .chain(teams)
        .filter_map(|id| id.as_deref().filter(|id| is_team(id)));
    let Some(home) = teams.next() else { return false };
    let organisations = [peeked.enterprise_id.as_deref(), peeked.context_enterprise_id.as_deref()];
    teams.any(|team| team != home && !organisations.contains(&Some(team)))
}

/// What the message inside an event says about the channel that the event names. Only the event itself can open a place;
/// the message can close it, and where it names another one, the delivery contradicts itself and nothing of it is believed.
fn claim_inside(channel: &str, message: &wire::PeekedMessage) -> Result<PlaceClaim, Refusal> {
    let channel_type = message.channel_type.as_deref().filter(|said| !said.is_empty());
    let said = message.channel.as_deref().filter(|said| !said.is_empty()).unwrap_or(channel);
    let inside = claim(said, channel_type)?;
    let closed = if inside > PlaceClaim::Open { inside } else { PlaceClaim::Silent };
    if said == channel { Ok(closed) } else { Err(closed.refusal().unwrap_or(Refusal::UnknownPlace)) }
}

/// What a delivery says about a channel. The id of a direct message overrules its type, and of several words the strictest
/// holds. A type that we do not know opens nothing, whatever was said of the channel before.
fn claim(channel: &str, channel_type: Option<&str>) -> Result<PlaceClaim, Refusal> {
    if channel.starts_with(['D', 'd']) {
        return Ok(PlaceClaim::Direct);
    }
    if Channel::parse(channel).is_none() {
        return Err(Refusal::Malformed);
    }
    match channel_type {
        None => Ok(PlaceClaim::Silent),
        Some("channel") => Ok(PlaceClaim::Open),
        Some("group") => Ok(PlaceClaim::Private),
        Some("mpim") => Ok(PlaceClaim::Group),
        Some("im" | "app_home") => Ok(PlaceClaim::Direct),
        Some(_) => Err(Refusal::UnknownPlace),
    }
}

/// A message of which only the place was read.
struct Found<'d> {
    delivery: &'d Delivery,
    claim: PlaceClaim,
}

impl Unread for Found<'_> {
    fn read(&self, place: Place, site: &Site, now: Instant) -> Result<Parsed, Refusal> {
        // The caller decides by what holds of the place; a claim that says otherwise is refused here once more.
        if self.claim > PlaceClaim::Open {
            return Err(self.claim.refusal().unwrap_or(Refusal::UnknownPlace));
        }
        let subtyped: wire::Envelope<wire::Subtyped> = json::read(self.delivery)?;
        let read = match subtyped.event.subtype.as_deref() {
            Some("message_changed") => changed(json::read::<wire::Envelope<wire::Changed>>(self.delivery)?.event.0),
            Some("message_deleted") => deleted(json::read::<wire::Envelope<wire::Deleted>>(self.delivery)?.event.0),
            Some("bot_message") => Err(Refusal::BotMessage),
            subtype if is_written(subtype) => posted(json::read::<wire::Envelope<wire::Message>>(self.delivery)?.event.0),
            // Joins, topics, archivings: a channel's own notices.
            _ => Err(Refusal::NothingToKeep),
        }?;
        let dedupe_key = subtyped.event_id;
        if !is_id(&dedupe_key, ID_BYTES_MAX) {
            return Err(Refusal::Malformed);
        }
        let thread = read.thread.filter(|thread| *thread != read.id);
        Ok(Parsed {
            url: Some(link(site, place.external_id(), subtyped.team_id.as_deref(), &read.id, thread.as_ref())),
            place,
            external_id: read.id.0,
            occurred_at: plausible(read.occurred_at, now)?,
            author_kind: if read.author.is_some() { ActorKind::Human } else { ActorKind::Unknown },
            author: read.author,
            event: Event::Message(Message {
                transition: read.transition,
                thread: thread.map(|stamp| stamp.0),
                text: read.text,
                question: 0.0,
            }),
            dedupe_key,
            others: Vec::new(),
        })
    }
}

/// What one message event yields.
struct Read {
    id: Stamp,
    occurred_at: Instant,
    author: Option<Account>,
    transition: MessageTransition,
    thread: Option<Stamp>,
    text: Option<String>,
}

fn posted(message: wire::Message) -> Result<Read, Refusal> {
    let is_of_an_app = message.is_of_an_app();
    let (id, occurred_at) = Stamp::parse(message.ts)?;
    Ok(Read {
        id,
        occurred_at,
        author: Some(writer(is_of_an_app, message.user)?),
        transition: MessageTransition::Posted,
        thread: thread(message.thread_ts)?,
        text: Some(message.text.ok_or(Refusal::Malformed)?),
    })
}

/// A changed message: edited by its author, or a deleted thread's first message of which a stone is left. A preview of a
/// link, a reply's count or a pin changes a message too, but not its text: then nothing says `edited`. Once a message was
/// edited, such a change comes as one more edit to the same text, which is harmless; the other way, by the time in
/// `edited`, two edits within a second would be one and the older text could stay.
fn changed(event: wire::Changed) -> Result<Read, Refusal> {
    let message = event.message.0;
    if message.subtype.as_deref() == Some("tombstone") {
        return gone(message.ts, event.ts, event.previous_message.0);
    }
    if message.subtype.as_deref() == Some("bot_message") {
        return Err(Refusal::BotMessage);
    }
    if !is_written(message.subtype.as_deref()) || message.edited.is_none() {
        return Err(Refusal::NothingToKeep);
    }
    let (_, occurred_at) = Stamp::parse(event.ts)?;
    Ok(Read { occurred_at, transition: MessageTransition::Edited, ..posted(message)? })
}

fn deleted(event: wire::Deleted) -> Result<Read, Refusal> {
    gone(event.id, event.ts, event.previous_message.0)
}

/// A message that is gone, with its author as far as Slack says: of a person who stepped out not even this is kept.
fn gone(id: String, at: String, previous: Option<wire::Gone>) -> Result<Read, Refusal> {
    let (id, _) = Stamp::parse(id)?;
    let (_, occurred_at) = Stamp::parse(at)?;
    let (author, thread_ts) = match previous {
        Some(previous) if previous.subtype.as_deref() == Some("bot_message") => return Err(Refusal::BotMessage),
        Some(previous) if !is_written(previous.subtype.as_deref()) => return Err(Refusal::NothingToKeep),
        Some(previous) if previous.user.is_some() => (Some(writer(previous.is_of_an_app(), previous.user)?), previous.thread_ts),
        Some(_) | None => (None, None),
    };
    Ok(Read { id, occurred_at, author, transition: MessageTransition::Deleted, thread: thread(thread_ts)?, text: None })
}

/// Whether a message of this subtype is something that someone wrote. Of a message with files, only its words are read.
fn is_written(subtype: Option<&str>) -> bool {
    matches!(subtype, None | Some("file_share" | "me_message" | "thread_broadcast"))
}

/// The person who wrote a message. Without one, nobody could have stepped out: that is malformed, never anonymous.
fn writer(is_of_an_app: bool, user: Option<String>) -> Result<Account, Refusal> {
    if is_of_an_app || user.as_deref() == Some(SLACKBOT) {
        return Err(Refusal::BotMessage);
    }
    let external_id = user.filter(|user| is_id(user, ID_BYTES_MAX)).ok_or(Refusal::Malformed)?;
    Ok(Account { external_id, handle: None })
}

fn thread(stamp: Option<String>) -> Result<Option<Stamp>, Refusal> {
    stamp.map(|stamp| Stamp::parse(stamp).map(|(stamp, _)| stamp)).transpose()
}

/// A message's id in its channel, which is its time: seconds since 1970, a dot, six digits of microseconds.
#[derive(PartialEq)]
struct Stamp(String);

impl Stamp {
    /// Digits are read as what they are, never as a floating-point number: that would move ids by microseconds.
    fn parse(text: String) -> Result<(Self, Instant), Refusal> {
        let is_number = |digits: &str, lengths: std::ops::RangeInclusive<usize>| {
            lengths.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let (seconds, micros) = text.split_once('.').ok_or(Refusal::Malformed)?;
        if !is_number(seconds, 1..=12) || !is_number(micros, 6..=6) {
            return Err(Refusal::Malformed);
        }
        let total: i64 = format!("{seconds}{micros}").parse().map_err(|_| Refusal::Malformed)?;
        let at = Instant::from_microsecond(total).map_err(|_| Refusal::AbsurdTime)?;
        Ok((Self(text), at))
    }
}

/// Where a member can look at a message. With the workspace's address, Slack's permalink. Without, Slack's own redirect to
/// the channel, the most precise link it documents that needs no address ('Deep linking into Slack').
fn link(site: &Site, channel: &str, team: Option<&str>, id: &Stamp, thread: Option<&Stamp>) -> String {
    if let Some(base) = &site.base_url {
        let digits = id.0.replace('.', "");
        let reply = thread.map(|thread| format!("?thread_ts={}&cid={channel}", thread.0)).unwrap_or_default();
        return format!("{base}/archives/{channel}/p{digits}{reply}");
    }
    let team = team.filter(|team| is_team(team)).map(|team| format!("&team={team}")).unwrap_or_default();
    format!("https://slack.com/app_redirect?channel={channel}{team}")
}

/// Whether `id` names a workspace (`T…`) or an organisation of several (`E…`).
fn is_team(id: &str) -> bool {
    id.starts_with(['T', 'E']) && is_id(id, ID_BYTES_MAX)
}

/// Whether `text` can be an id or a token of Slack's: plain letters, digits and a few marks.
fn is_id(text: &str, bytes_max: usize) -> bool {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    !text.is_empty() && text.len() <= bytes_max && is_plain
}
