//! The markup in which tools wrap mentions, channels and links becomes plain words.
//!
//! `<@U123|ana>` (Slack) and `@**Ana Lopez|12**` (Zulip) become a pseudonym, `<#C123|general>` becomes `#general`,
//! `<https://host/|label>` becomes `label (https://host/)`, `<!here>` becomes `@here`.
//! Formats: Slack, "Formatting text for app surfaces"; Zulip, "Message formatting".

use super::names::Names;
use super::shape::shape;
use super::{Kind, Removed};
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

static SLACK: LazyLock<Regex> = LazyLock::new(|| {
    shape(concat!(
        r"<(?:@(?P<person>[A-Za-z0-9]{2,})(?:\|(?P<handle>[^<>\n]*))?",
        r"|#(?P<channel>[A-Z0-9]{2,})(?:\|(?P<name>[^<>\n]*))?",
        r"|!(?P<special>[A-Za-z]+)(?:\^[^<>|\n]*)?(?:\|(?P<fallback>[^<>\n]*))?",
        r"|(?P<link>(?:https?|ftp|mailto|tel|slack):[^<>|\s]+)(?:\|(?P<label>[^<>\n]*))?)>",
    ))
});
static ZULIP: LazyLock<Regex> = LazyLock::new(|| shape(r"@_?\*\*(?P<name>[^*|\n]{1,100})(?:\|(?P<id>\d{1,12}))?\*\*"));

/// Opens the tools' own markup in `text`.
pub(super) fn open<'a>(text: &'a str, names: &Names, removed: &mut Removed) -> Cow<'a, str> {
    let opened = if text.contains('<') { open_slack(text, names, removed) } else { Cow::Borrowed(text) };
    if opened.contains("**") && opened.contains('@') { Cow::Owned(open_zulip(&opened, names, removed)) } else { opened }
}

fn open_slack<'a>(text: &'a str, names: &Names, removed: &mut Removed) -> Cow<'a, str> {
    SLACK.replace_all(text, |found: &Captures<'_>| {
        let part = |name: &str| found.name(name).map(|part| part.as_str());
        if let Some(id) = part("person") {
            removed.add(Kind::Name);
            return names.stand_in(id, part("handle"));
        }
        if let Some(id) = part("channel") {
            return format!("#{}", part("name").filter(|name| !name.is_empty()).unwrap_or(id));
        }
        if let Some(word) = part("special") {
            return match part("fallback").filter(|fallback| !fallback.is_empty()) {
                Some(fallback) => fallback.trim_start_matches('@').to_owned(),
                None => format!("@{word}"),
            };
        }
        open_link(part("link").unwrap_or_default(), part("label").unwrap_or_default())
    })
}

fn open_link(link: &str, label: &str) -> String {
    let address = link.trim_start_matches("mailto:").trim_start_matches("tel:");
    if label.is_empty() || label == address || link.ends_with(label) { address.to_owned() } else { format!("{label} ({address})") }
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
