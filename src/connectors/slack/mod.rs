//! Slack: messages of open channels that an admin switched on. Never a direct or group message.
//!
//! `verify` proves the bytes, `wire` says which fields are read, `parse` where a message stands and what happened to it.

mod account;
mod parse;
mod recorded;
mod verify;
mod wire;

#[cfg(test)]
pub(super) mod fixtures;
#[cfg(test)]
mod tests;

use super::delivery::Delivery;
use super::{Connector, Disclosure, Hints, Markup, NoChoice, Peek, Recorded, Unverified};
use crate::base::clock::Instant;
use crate::base::secret::Secret;
use crate::orgs::connections::SecretMaker;
use crate::signals::place::{Channel, Place};
use crate::signals::refusal::Refusal;

/// The Events API of a Slack app that is installed in one workspace.
pub struct Slack;

const NO_CHANNEL_ID: NoChoice = NoChoice(
    "Write the channel’s id, such as C0123ABCD, not its name. In Slack, click the channel’s name: the id stands at the end of its details.",
);

static DISCLOSURE: Disclosure = Disclosure {
    reads: &[
        "Messages of public channels that were switched on: text, author’s id, time, thread",
        "That a message was edited, with its new text, or deleted",
    ],
    never: &[
        "Direct messages, group messages, private channels, channels shared with another organisation",
        "Files, snippets, attachments, link previews, reactions",
        "Messages of bots and apps",
        "Names, e-mail addresses and profiles",
        "Anything over Slack’s API: there is no token, Slack sends and nothing is asked",
    ],
    scopes: &["channels:history"],
    kept: &[("Text of messages, with code, secrets and names taken out", "35 days; then only time, place, thread, score and link stay")],
    prepare: &[
        "At api.slack.com/apps, create an app from scratch in your workspace.",
        "In the app, open Basic Information, App Credentials, and copy the Signing Secret into the form below. Slack issues it, and signs every message with it.",
    ],
    setup: &[
        "In your Slack app, open Event Subscriptions, switch it on, and enter the address for deliveries as the Request URL. Slack tries it at once.",
        "Subscribe to bot events: message.channels, and no other.",
        "Install the app to the workspace.",
        "Invite the app to each channel it shall hear, then switch the channel on here: until then everything is refused.",
    ],
    hints: Hints {
        name: "For the people who manage connections here, for example “Slack of the product teams”.",
        base_url_label: "Address of the workspace",
        base_url: "Such as https://acme.slack.com. Links to messages are made with it.",
        secret: "From your Slack app: Basic Information, App Credentials, Signing Secret.",
        place_label: "Channel id",
        place: "Such as C0123ABCD. In Slack, click the channel’s name: the id stands at the end of its details.",
        label: "For pages and patterns, such as #payments-help.",
    },
};

impl Connector for Slack {
    fn name(&self) -> &'static str {
        "slack"
    }

    fn title(&self) -> &'static str {
        "Slack"
    }

    fn place(&self, external_id: &str) -> Option<Place> {
        Channel::parse(external_id).map(Place::Channel)
    }

    fn account(&self, text: &str) -> Option<String> {
        account::member_id(text)
    }

    fn account_hint(&self) -> &'static str {
        "Give the Slack member ID, such as U0123ABCD: in Slack, open the person’s profile, then ⋮ (More) and “Copy member ID”. A name \
         or handle would not do: Slack does not send it with what a person writes."
    }

    fn choose(&self, external_id: &str) -> Result<Place, NoChoice> {
        let is_id = external_id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        match external_id.bytes().next() {
            Some(b'D') if is_id => Err(NoChoice("That is a direct message. Direct messages are never read.")),
            Some(b'G') if is_id => Err(NoChoice(
                "That is a private channel or a group message. A group message is never read; a private channel only where an admin \
                     proves that they are in it, and nothing here can ask Slack for that yet.",
            )),
            Some(_) if is_id => self.place(external_id).ok_or(NO_CHANNEL_ID),
            _ => Err(NO_CHANNEL_ID),
        }
    }

    fn secret_maker(&self) -> SecretMaker {
        SecretMaker::Tool
    }

    fn needs_base_url(&self) -> bool {
        true
    }

    fn markup(&self) -> Markup {
        Markup::Lines
    }

    fn disclosure(&self) -> &'static Disclosure {
        &DISCLOSURE
    }

    fn verify(&self, delivery: &Delivery, secret: &Secret<String>, now: Instant) -> Result<(), Unverified> {
        verify::verify(delivery, secret, now)
    }

    fn sign(&self, body: &[u8], _kind: Option<&str>, secret: &Secret<String>, now: Instant) -> Vec<(String, String)> {
        let mut headers = verify::headers(body, secret, now);
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        headers
    }

    fn handshake(&self, delivery: &Delivery) -> Option<String> {
        parse::handshake(delivery)
    }

    fn peek<'d>(&self, delivery: &'d Delivery) -> Result<Peek<'d>, Refusal> {
        parse::peek(delivery)
    }

    fn recorded(&self, payload: &[u8], _hints: &[&str], fresh_id: &str) -> Recorded {
        recorded::recorded(payload, fresh_id)
    }
}
