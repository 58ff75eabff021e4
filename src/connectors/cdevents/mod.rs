//! CDEvents (cdevents.dev, specification 0.2 to 0.6) over CloudEvents HTTP, in both of its modes: deploys, incidents, runs and changes.
//!
//! Neither CDEvents nor CloudEvents has a signature, so a delivery is proven by the headers of Standard Webhooks ([`standard_webhooks`]), which sign
//! the body. `kinds` says which events are read, `wire` which fields, `parse` what they mean; [`rollout`] what it shares with the generic endpoint,
//! and where a deploy belongs.

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

/// CDEvents of Tekton, Jenkins, Spinnaker, Keptn and whatever else speaks them.
pub struct CdEvents;

static DISCLOSURE: Disclosure = Disclosure {
    reads: &[
        "Services deployed, upgraded, rolled back, removed: environment, event id, digest of the artifact, when",
        "Incidents detected, reported, resolved: id, service, the id of the event they came from, when",
        "Pipeline and task runs started and finished: id, name, outcome, when",
        "Changes created, updated, reviewed, merged, abandoned: id, repository, when",
        "Of customData the repository, the commit id and a link, and no more",
        "A link to any of them, where it lies below the address given here",
    ],
    never: &[
        "Descriptions, error texts, reasons, tags, the rest of customData",
        "People: no creator, reviewer, approver or reporter is read",
        "Artifacts, builds, tests, branches, repositories, environments, tickets, approvals: refused before they are parsed",
        "Links to anywhere else",
        "Anything by asking: the sender sends, and nothing is asked of it",
    ],
    scopes: &["None: the sender holds the secret of this connection and no right here, and nothing here holds a right there"],
    kept: &[("Deploys, incidents, runs and changes: times, states, names and ids as they are written", "400 days")],
    prepare: &["You need a sender of CDEvents that can sign, or a small relay before it. The address and the secret for it come next."],
    setup: &[
        "Give the sender the address for deliveries and the secret, as secrets of its own.",
        "Send CloudEvents over HTTP, structured or binary, one event a request, of the specification 0.2 to 0.6. Batches are refused.",
        "CDEvents have no signature of their own: sign each delivery as Standard Webhooks has it, with the headers webhook-id, webhook-timestamp and webhook-signature. Libraries for it are listed at standardwebhooks.com.",
        "Only the body is signed, so no ce- header is read: in binary mode too, the body must hold the whole CDEvent with its context.",
        "To have deploys counted with the changes they brought, name repository, commit and page: \"customData\": {\"repository\": \"owner/name\", \"sha\": \"…\", \"url\": \"…\"}. A pattern shows its sources: of deploys without a page none is made.",
        "Then switch each service, pipeline or repository on here: until then everything is refused.",
    ],
    hints: Hints {
        name: "For the people who manage connections here, for example “Delivery events”.",
        base_url_label: "Address of the sender’s pages",
        base_url: "Links are kept only where they begin with it, such as https://tekton.acme.example. Leave it empty, and none is.",
        secret: "Leave it empty and one is made for you.",
        place_label: "Service, pipeline or repository",
        place: "The name as the events have it (a blank is written as a hyphen), or owner/name for a repository.",
        label: "For pages and patterns, such as Web shop.",
    },
};

impl Connector for CdEvents {
    fn name(&self) -> &'static str {
        "cdevents"
    }

    fn title(&self) -> &'static str {
        "CDEvents"
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
        headers.push(("Content-Type".to_owned(), "application/cdevents+json".to_owned()));
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
