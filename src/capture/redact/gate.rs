//! The gate between what a tool said and what is kept.

use crate::base::clock::Instant;
use crate::base::id::PersonId;
use crate::base::text::{TITLE_CHARS_MAX, one_line};
use crate::capture::consent::Admitted;
use crate::capture::redact::{self, Names};
use crate::connectors::Account;
use crate::signals::place::Place;
use crate::signals::{ActorKind, Event, Message, Signal};

/// What may be written down: text and titles without code, logs, secrets and names.
///
/// Only [`redact()`] makes one. The account behind it is still here, in memory, to be turned into a person at the store.
pub struct Redacted {
    place: Place,
    external_id: String,
    occurred_at: Instant,
    author: Option<Account>,
    author_kind: ActorKind,
    url: Option<String>,
    event: Event,
    dedupe_key: String,
}

/// Cuts code, logs and secrets out of every text of a delivery, and puts pseudonyms for names.
pub fn redact(admitted: Admitted, names: &Names) -> Redacted {
    let parsed = admitted.into_parsed();
    let clean = |raw: &str| redact::text(raw, names).text;
    let title = |raw: String| one_line(&clean(&raw), TITLE_CHARS_MAX);
    let event = match parsed.event {
        Event::Message(message) => Event::Message(Message { text: message.text.as_deref().map(clean), ..message }),
        Event::Change(mut change) => {
            change.title = change.title.map(title);
            Event::Change(change)
        }
        Event::Incident(mut incident) => {
            incident.title = incident.title.map(title);
            Event::Incident(incident)
        }
        other @ (Event::Review(_) | Event::Run(_) | Event::Deploy(_)) => other,
    };
    Redacted {
        place: parsed.place,
        external_id: parsed.external_id,
        occurred_at: parsed.occurred_at,
        author: parsed.author,
        author_kind: parsed.author_kind,
        url: parsed.url,
        event,
        dedupe_key: parsed.dedupe_key,
    }
}

impl Redacted {
    pub const fn place(&self) -> &Place {
        &self.place
    }

    pub const fn author(&self) -> Option<&Account> {
        self.author.as_ref()
    }

    pub fn dedupe_key(&self) -> &str {
        &self.dedupe_key
    }

    pub const fn event(&self) -> &Event {
        &self.event
    }

    /// The signal to store, with the person the store found for the account and the pre-filter's question score.
    pub(in crate::capture) fn signal(&self, person: Option<PersonId>, question: f64) -> Signal {
        let event = match &self.event {
            Event::Message(message) => Event::Message(Message { question, ..message.clone() }),
            other => other.clone(),
        };
        Signal {
            place: self.place.clone(),
            external_id: self.external_id.clone(),
            occurred_at: self.occurred_at,
            actor: person,
            actor_kind: self.author_kind,
            url: self.url.clone(),
            event,
        }
    }
}
