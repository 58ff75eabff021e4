//! The markup in which tools wrap mentions, channels and links becomes plain words.
//!
//! `<@U123|ana>` (Slack) and `@**Ana Lopez|12**` (Zulip) become a pseudonym, `<https://host/|label>` becomes
//! `label (https://host/)`, `<!here>` becomes `@here`, `<!date^1772442000^…|…>` becomes `2026-03-02`.
//!
//! Never: what the tool tells of a place that nobody switched on. It writes the name of a private channel into any message
//! that mentions it, and the id of a direct message into a link to it. So a channel is `[channel]`, a group of people
//! `[group]`, a link into the chat `[link]`; and where the tool puts a text of its own beside an entity, that text goes.
//! Formats: Slack, "Formatting text for app surfaces" and "Deep linking into Slack"; Zulip, "Message formatting".

use super::names::Names;
use super::shape::shape;
use super::{Kind, Removed};
use crate::base::clock::Instant;
use jiff::tz::TimeZone;
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// An entity may end with the text: a message that is too long was cut there.
static SLACK: LazyLock<Regex> = LazyLock::new(|| {
    shape(concat!(
        r"<(?:@(?P<person>[A-Za-z0-9]{2,})(?:\|(?P<handle>[^<>\n]*))?",
        r"|#(?P<channel>[A-Za-z0-9]{2,})(?:\|[^<>\n]*)?",
        r"|!(?P<special>[A-Za-z]+)(?:\^(?P<argument>[^<>|^\n]*))?(?:\^[^<>|\n]*)?(?:\|[^<>\n]*)?",
        r"|(?P<link>(?:https?|ftp|mailto|tel|slack):[^<>|\s]+)(?:\|(?P<label>[^<>\n]*))?)(?:>|\z)",
    ))
});
/// A page of Slack's, or a deep link; its front page says nothing and stays.
static SLACK_LINK: LazyLock<Regex> = LazyLock::new(|| {
    shape(r"(?i)\b(?:slack:/|(?:https?://)?(?:[a-z0-9-]+\.)*slack(?:-gov|-redir)?\.(?:com|net)(?::\d+)?)(?:/|%2f)[^\s<>()|]+")
});
/// What ends a sentence after a link, and is not part of it.
const SENTENCE_ENDS: &[char] = &['.', ',', ';', ':', '!', '?'];
static ZULIP: LazyLock<Regex> = LazyLock::new(|| shape(r"@_?\*\*(?P<name>[^*|\n]{1,100})(?:\|(?P<id>\d{1,12}))?\*\*"));
static ZULIP_CHANNEL: LazyLock<Regex> = LazyLock::new(|| shape(r"#\*\*[^*\n]{1,200}\*\*"));

/// Opens the tools' own markup in `text`.
pub(super) fn open<'a>(text: &'a str, names: &Names, removed: &mut Removed) -> Cow<'a, str> {
    let mut opened = if text.contains('<') { open_slack(text, names, removed) } else { Cow::Borrowed(text) };
    if opened.contains(['/', '%']) && SLACK_LINK.is_match(&opened) {
        opened = Cow::Owned(cut_slack_links(&opened, removed));
    }
    if !opened.contains("**") {
        return opened;
    }
    let unplaced = ZULIP_CHANNEL.replace_all(&opened, |_: &Captures<'_>| stand_in(Kind::Channel, removed)).into_owned();
    Cow::Owned(if unplaced.contains('@') { open_zulip(&unplaced, names, removed) } else { unplaced })
}

fn stand_in(kind: Kind, removed: &mut Removed) -> String {
    removed.add(kind);
    kind.placeholder().to_owned()
}

fn open_slack<'a>(text: &'a str, names: &Names, removed: &mut Removed) -> Cow<'a, str> {
    SLACK.replace_all(text, |found: &Captures<'_>| {
        let part = |name: &str| found.name(name).map(|part| part.as_str());
        if let Some(id) = part("person") {
            removed.add(Kind::Name);
            return names.stand_in(id, part("handle"));
        }
        if part("channel").is_some() {
            return stand_in(Kind::Channel, removed);
        }
        match part("special") {
            Some("date") => part("argument").and_then(date).unwrap_or_else(|| "[date]".to_owned()),
            Some(word) if super::names::is_everyone(word) => format!("@{word}"),
            Some(_) => stand_in(Kind::Group, removed),
            None => open_link(part("link").unwrap_or_default(), part("label").unwrap_or_default()),
        }
    })
}

/// The day of a time in seconds since 1970, as `2026-03-02`.
fn date(seconds: &str) -> Option<String> {
    let at = Instant::from_second(seconds.parse().ok()?).ok()?;
    Some(at.to_zoned(TimeZone::UTC).date().to_string())
}

fn open_link(link: &str, label: &str) -> String {
    let address = link.trim_start_matches("mailto:").trim_start_matches("tel:");
    if label.is_empty() || label == address || link.ends_with(label) { address.to_owned() } else { format!("{label} ({address})") }
}

fn cut_slack_links(text: &str, removed: &mut Removed) -> String {
    SLACK_LINK
        .replace_all(text, |found: &Captures<'_>| {
            let link = found.get(0).map_or("", |link| link.as_str());
            let end = link.trim_end_matches(SENTENCE_ENDS).len();
            format!("{}{}", stand_in(Kind::Link, removed), link.get(end..).unwrap_or_default())
        })
        .into_owned()
}

fn open_zulip(text: &str, names: &Names, removed: &mut Removed) -> String {
    ZULIP
        .replace_all(text, |found: &Captures<'_>| {
            let name = found.name("name").map_or("", |name| name.as_str());
            if super::names::is_everyone(name) {
                return format!("@{name}");
            }
            removed.add(Kind::Name);
            names.stand_in(found.name("id").map_or(name, |id| id.as_str()), Some(name))
        })
        .into_owned()
}
