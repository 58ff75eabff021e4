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
use super::{Connector, Disclosure, Parsed, Peek, Recorded, Site, Unverified};
use crate::base::clock::Instant;
use crate::base::secret::Secret;
use crate::signals::place::{Channel, Place};
use crate::signals::refusal::Refusal;

/// The Events API of a Slack app that is installed in one workspace.
pub struct Slack;

static DISCLOSURE: Disclosure = Disclosure {
    reads: &[
        "Messages of public channels that were switched on: text, author's id, time, thread",
        "That a message was edited, with its new text, or deleted",
    ],
    never: &[
        "Direct messages, group messages, private channels, channels shared with another organisation",
        "Files, snippets, attachments, link previews, reactions",
        "Messages of bots and apps",
        "Names, e-mail addresses and profiles",
        "Anything over Slack's API: there is no token, Slack sends and nothing is asked",
    ],
    scopes: &["channels:history"],
    setup: &[
        "At api.slack.com/apps, create an app from scratch in your workspace",
        "Basic Information, App Credentials: copy the Signing Secret into this connection's secret",
        "Event Subscriptions: switch on, and enter the address shown with this connection as the Request URL",
        "Subscribe to bot events: message.channels, and no other",
        "Install the app to the workspace",
        "Invite the app to each channel it shall hear, then switch the channel on here: until then everything is refused",
    ],
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
        "Give the Slack member ID, such as U0123ABCD: in Slack, open the person's profile, then ⋮ (More) and “Copy member ID”. A name \
         or handle would not do: Slack does not send it with what a person writes."
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

    fn peek(&self, delivery: &Delivery) -> Result<Peek, Refusal> {
        parse::peek(delivery)
    }

    fn parse(&self, delivery: &Delivery, peek: &Peek, place: Place, site: &Site, now: Instant) -> Result<Parsed, Refusal> {
        parse::parse(delivery, peek, place, site, now)
    }

    fn recorded(&self, payload: &[u8], _hints: &[&str], fresh_id: &str) -> Recorded {
        recorded::recorded(payload, fresh_id)
    }
}
