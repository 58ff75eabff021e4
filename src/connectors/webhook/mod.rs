//! One signed endpoint for deploys and incidents, for whatever can send JSON: Jenkins, Argo CD, PagerDuty, a shell script.
//!
//! Proven as Standard Webhooks has it ([`standard_webhooks`]): the specification is public, and libraries for it exist in most languages. `kinds` says
//! what is read, `wire` which fields, `parse` what they mean; [`rollout`] what it shares with CDEvents, and where a deploy belongs.

pub mod kinds;
mod parse;
mod recorded;
mod wire;

#[cfg(test)]
pub(super) mod fixtures;
#[cfg(test)]
mod tests;

use super::delivery::Delivery;
use super::{Connector, Disclosure, Hints, Markup, NoChoice, Peek, Recorded, Unverified, rollout, standard_webhooks};
use crate::base::clock::Instant;
use crate::base::secret::Secret;
use crate::orgs::connections::SecretMaker;
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;

/// Deliveries in our own documented form.
pub struct Webhook;

static DISCLOSURE: Disclosure = Disclosure {
    reads: &[
        "Deploys: id, repository or service, environment, state (created, started, succeeded, failed, retired), commit id, reference (kept only as a keyed mark), when",
        "Incidents: id, repository or service, state (opened, resolved), title (redacted), the id of the deploy it came from, when",
        "A link to either, where it lies below the address given here",
    ],
    never: &[
        "Who deployed, or who was called: no field for a person exists",
        "Descriptions, logs, change lists: every field that is not listed above is skipped before it becomes a value",
        "Links to anywhere else",
        "Anything by asking: the sender sends, and nothing is asked of it",
    ],
    scopes: &["None: the sender holds the secret of this connection and no right here, and nothing here holds a right there"],
    kept: &[("Deploys and incidents: title, times, states, ids as they are written", "400 days")],
    prepare: &[
        "You need a sender that can sign: a step of a pipeline or a script. The README has one of ten lines for a shell. The address and the secret for it come next.",
    ],
    setup: &[
        "Give the sender the address for deliveries and the secret, as secrets of its own.",
        "Send JSON with POST: kind, id, repository (owner/name) or service, state, at; for a deploy environment, and sha and ref where they are known; for an incident title and deploy.",
        "Sign each delivery as Standard Webhooks has it: the headers webhook-id, webhook-timestamp and webhook-signature. Libraries for it are listed at standardwebhooks.com.",
        "Name the repository as your code host does, so that deploys are counted with the changes that they brought; and send url, a page of each. A pattern shows its sources: of deploys without a page none is made.",
        "Then switch each repository or service on here: until then everything is refused.",
    ],
    hints: Hints {
        name: "For the people who manage connections here, for example “Deploys of Jenkins”.",
        base_url_label: "Address of the sender’s pages",
        base_url: "Links are kept only where they begin with it, such as https://ci.acme.example. Leave it empty, and none is.",
        secret: "Leave it empty and one is made for you.",
        place_label: "Repository or service",
        place: "As owner/name, or the name that the sender writes as service.",
        label: "For pages and patterns, such as Web shop.",
    },
};

impl Connector for Webhook {
    fn name(&self) -> &'static str {
        "webhook"
    }

    fn title(&self) -> &'static str {
        "Signed webhook"
    }

    fn place(&self, external_id: &str) -> Option<Place> {
        rollout::place(external_id)
    }

    fn account(&self, _text: &str) -> Option<String> {
        None
    }

    fn account_hint(&self) -> &'static str {
        rollout::NO_ACCOUNT
    }

    fn choose(&self, external_id: &str) -> Result<Place, NoChoice> {
        self.place(external_id).ok_or(rollout::NO_PLACE)
    }

    fn secret_maker(&self) -> SecretMaker {
        SecretMaker::Us
    }

    fn needs_base_url(&self) -> bool {
        false
    }

    fn markup(&self) -> Markup {
        Markup::Markdown
    }

    fn disclosure(&self) -> &'static Disclosure {
        &DISCLOSURE
    }

    fn verify(&self, delivery: &Delivery, secret: &Secret<String>, now: Instant) -> Result<(), Unverified> {
        standard_webhooks::verify(delivery, secret, now)
    }

    fn sign(&self, body: &[u8], _kind: Option<&str>, secret: &Secret<String>, now: Instant) -> Vec<(String, String)> {
        let mut headers = standard_webhooks::headers(body, secret, now);
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        headers
    }

    fn handshake(&self, _delivery: &Delivery) -> Option<String> {
        None
    }

    fn peek<'d>(&self, delivery: &'d Delivery) -> Result<Peek<'d>, Refusal> {
        parse::peek(delivery)
    }

    fn recorded(&self, payload: &[u8], _hints: &[&str], _fresh_id: &str) -> Recorded {
        recorded::recorded(payload)
    }
}
