//! What is read of Slack's payloads: allow-lists. A field that is not named here does not become a value.
//!
//! Never: files, attachments, blocks, profiles, the text before an edit, the text of what was deleted, reactions.

use crate::connectors::json::{Loose, Object};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// What a delivery is at all.
#[derive(Deserialize)]
pub(super) struct Outer {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) event: Option<Object<OuterEvent>>,
}

#[derive(Deserialize)]
pub(super) struct OuterEvent {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
}

/// Where a message was posted, and whose people are there. Read before its text.
#[derive(Deserialize)]
pub(super) struct Peeked {
    /// Set by Slack for a channel that another organisation is in.
    pub(super) is_ext_shared_channel: Option<bool>,
    /// The workspace in which it happened.
    pub(super) team_id: Option<String>,
    /// The organisation that this workspace belongs to, on Enterprise Grid.
    pub(super) enterprise_id: Option<String>,
    pub(super) context_enterprise_id: Option<String>,
    pub(super) event: Object<PeekedEvent>,
}

#[derive(Deserialize)]
pub(super) struct PeekedEvent {
    pub(super) channel: String,
    pub(super) channel_type: Option<String>,
    pub(super) team: Option<String>,
    pub(super) user_team: Option<String>,
    pub(super) source_team: Option<String>,
    #[serde(default)]
    pub(super) message: Loose<PeekedMessage>,
    #[serde(default)]
    pub(super) previous_message: Loose<PeekedMessage>,
}

/// A message inside an event that changed it: it may say once more where it stands and whose it is.
#[derive(Deserialize)]
pub(super) struct PeekedMessage {
    pub(super) channel: Option<String>,
    pub(super) channel_type: Option<String>,
    pub(super) team: Option<String>,
    pub(super) user_team: Option<String>,
    pub(super) source_team: Option<String>,
}

/// The envelope around an event.
#[derive(Deserialize)]
pub(super) struct Envelope<T> {
    pub(super) event_id: String,
    pub(super) team_id: Option<String>,
    pub(super) event: Object<T>,
}

/// What kind of message event it is. Read before its text.
#[derive(Deserialize)]
pub(super) struct Subtyped {
    pub(super) subtype: Option<String>,
}

/// A message, in the event that posted it or inside the one that changed it.
#[derive(Deserialize)]
pub(super) struct Message {
    pub(super) subtype: Option<String>,
    pub(super) user: Option<String>,
    /// One of these is set where an app posted it, in its own name or a person's.
    pub(super) bot_id: Option<IgnoredAny>,
    pub(super) bot_profile: Option<IgnoredAny>,
    pub(super) app_id: Option<IgnoredAny>,
    pub(super) text: Option<String>,
    pub(super) ts: String,
    pub(super) thread_ts: Option<String>,
    /// Set once a person changed the text.
    pub(super) edited: Option<IgnoredAny>,
}

impl Message {
    pub(super) const fn is_of_an_app(&self) -> bool {
        self.bot_id.is_some() || self.bot_profile.is_some() || self.app_id.is_some()
    }
}

/// `message_changed`: the message as it is now.
#[derive(Deserialize)]
pub(super) struct Changed {
    /// When it was changed.
    pub(super) ts: String,
    pub(super) message: Object<Message>,
    #[serde(default)]
    pub(super) previous_message: Loose<Gone>,
}

/// `message_deleted`.
#[derive(Deserialize)]
pub(super) struct Deleted {
    /// When it was deleted.
    pub(super) ts: String,
    /// The id of the message that is gone.
    #[serde(rename = "deleted_ts")]
    pub(super) id: String,
    #[serde(default)]
    pub(super) previous_message: Loose<Gone>,
}

/// Who wrote what is gone, and where it stood; not what it said.
#[derive(Deserialize)]
pub(super) struct Gone {
    pub(super) subtype: Option<String>,
    pub(super) user: Option<String>,
    /// One of these is set where an app posted it, in its own name or a person's.
    pub(super) bot_id: Option<IgnoredAny>,
    pub(super) bot_profile: Option<IgnoredAny>,
    pub(super) app_id: Option<IgnoredAny>,
    pub(super) thread_ts: Option<String>,
}

impl Gone {
    pub(super) const fn is_of_an_app(&self) -> bool {
        self.bot_id.is_some() || self.bot_profile.is_some() || self.app_id.is_some()
    }
}

/// The challenge that Slack sends once, when a request URL is entered.
#[derive(Deserialize)]
pub(super) struct Challenge {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) challenge: String,
}
