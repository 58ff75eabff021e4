//! The gate between what a tool said and what is kept.

use crate::base::clock::Instant;
use crate::base::id::PersonId;
use crate::base::text::{TITLE_CHARS_MAX, one_line};
use crate::capture::branch::BranchMarks;
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

/// Cuts code, logs and secrets out of every text of a delivery, puts pseudonyms for names, and marks for branches.
pub fn redact(admitted: Admitted, names: &Names, branches: &BranchMarks) -> Redacted {
    let parsed = admitted.into_parsed();
    let place = &parsed.place;
    let mut url = parsed.url;
    let clean = |raw: &str| redact::text(raw, names).text;
    let title = |raw: String| one_line(&clean(&raw), TITLE_CHARS_MAX);
    let label = |raw: &str| one_line(&redact::label(raw, names), TITLE_CHARS_MAX);
    let mark = |branch: String| branches.mark(place, &branch);
    let event = match parsed.event {
        Event::Message(message) => Event::Message(Message { text: message.text.as_deref().map(clean), ..message }),
        Event::Change(mut change) => {
            change.title = change.title.map(title);
            change.branch = change.branch.map(mark);
            Event::Change(change)
        }
        Event::Incident(mut incident) => {
            incident.title = incident.title.map(title);
            Event::Incident(incident)
        }
        Event::Run(mut run) => {
            run.workflow = label(&run.workflow);
            run.branch = run.branch.map(mark);
            Event::Run(run)
        }
        Event::Deploy(mut deploy) => {
            let environment = label(&deploy.environment);
            if environment != deploy.environment {
                url = url.map(|url| without_query(&url).to_owned());
            }
            deploy.environment = environment;
            deploy.branch = deploy.branch.map(mark);
            Event::Deploy(deploy)
        }
        // Numbers and closed words only.
        Event::Review(review) => Event::Review(review),
    };
    Redacted {
        place: parsed.place,
        external_id: parsed.external_id,
        occurred_at: parsed.occurred_at,
        author: parsed.author,
        author_kind: parsed.author_kind,
        url,
        event,
        dedupe_key: parsed.dedupe_key,
    }
}

/// A link to more than was asked for: what is filtered by may be a name.
pub(in crate::capture) fn without_query(url: &str) -> &str {
    url.split_once('?').map_or(url, |(page, _)| page)
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

    /// What names the delivery when it comes again, and the time it tells of.
    pub fn delivery(&self) -> (&str, Instant) {
        (&self.dedupe_key, self.occurred_at)
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
