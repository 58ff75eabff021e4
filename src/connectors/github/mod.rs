//! GitHub: titles, times and states of changes, reviews, runs and deployments. Never code.
//!
//! `verify` proves the bytes, `kinds` says which of them are read, `wire` which fields, `parse` what they mean.

mod account;
pub mod kinds;
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
use crate::signals::place::{Place, Repository};
use crate::signals::refusal::Refusal;

/// Webhooks of a repository or an organisation on github.com or GitHub Enterprise Server.
pub struct GitHub;

static DISCLOSURE: Disclosure = Disclosure {
    reads: &[
        "Pull requests: number, title, author, branch (kept only as a keyed mark), head and merge commit ids, when opened, drafted, updated, merged, closed",
        "Reviews: reviewer, verdict (approved, changes requested, commented, dismissed), when",
        "Workflow runs: workflow name, branch (as a mark), commit id, attempt, result, who started it, when",
        "Deployments and their states: environment, reference (as a mark), commit id, creator, when",
    ],
    never: &[
        "Source code, diffs, patches, commit messages, paths of files",
        "Pushes, commit comments, review comments, check output, code and secret scanning: refused before they are parsed",
        "Descriptions, comments and the text of reviews",
        "Labels, assignees and requested reviewers",
        "Anything over GitHub’s API: there is no token, GitHub sends and nothing is asked",
    ],
    scopes: &["Webhook events only: Pull requests, Pull request reviews, Workflow runs, Deployments, Deployment statuses"],
    kept: &[("Changes, reviews, runs and deployments: title, times, states", "400 days")],
    prepare: &[
        "You need someone who may add a webhook to the repository, or to the whole organisation. The address and the secret for it come next.",
    ],
    setup: &[
        "Open the Settings of the repository or organisation, then Webhooks, then Add webhook.",
        "Payload URL: the address for deliveries.",
        "Content type: application/json.",
        "Secret: the secret.",
        "Let me select individual events: Pull requests, Pull request reviews, Workflow runs, Deployments, Deployment statuses; untick Pushes.",
        "Add webhook, then switch each repository on here: until then everything is refused.",
    ],
    hints: Hints {
        name: "For the people who manage connections here, for example “Product repositories”.",
        base_url_label: "Address of your own GitHub",
        base_url: "Only if you run GitHub Enterprise Server, such as https://git.acme.example.",
        secret: "Leave it empty and one is made for you.",
        place_label: "Repository",
        place: "As owner/name. Of https://github.com/acme/web it is acme/web.",
        label: "For pages and patterns, such as Web shop.",
    },
};

const NO_REPOSITORY: NoChoice = NoChoice("Write the repository as owner/name: of https://github.com/acme/web it is acme/web.");

/// The repository of this full name. GitHub tells no `Acme/Web` from `acme/web`: both are the place `acme/web`. It nests no owners.
fn repository(full_name: &str) -> Option<Repository> {
    Repository::parse(&full_name.to_ascii_lowercase()).filter(|repository| !repository.is_nested())
}

impl Connector for GitHub {
    fn name(&self) -> &'static str {
        "github"
    }

    fn title(&self) -> &'static str {
        "GitHub"
    }

    fn place(&self, external_id: &str) -> Option<Place> {
        repository(external_id).map(Place::Repository)
    }

    fn account(&self, text: &str) -> Option<String> {
        account::login(text)
    }

    fn account_hint(&self) -> &'static str {
        "Give the GitHub login, such as octocat: it stands on the person’s profile page and in its address. An e-mail address or a \
         display name would not do: GitHub does not send them with what is read here."
    }

    fn choose(&self, external_id: &str) -> Result<Place, NoChoice> {
        self.place(external_id).ok_or(NO_REPOSITORY)
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

    fn verify(&self, delivery: &Delivery, secret: &Secret<String>, _now: Instant) -> Result<(), Unverified> {
        verify::verify(delivery, secret)
    }

    fn sign(&self, body: &[u8], kind: Option<&str>, secret: &Secret<String>, _now: Instant) -> Vec<(String, String)> {
        let mut headers = vec![
            ("Content-Type".to_owned(), "application/json".to_owned()),
            (verify::SIGNATURE.to_owned(), verify::signature(body, secret)),
        ];
        headers.extend(kind.map(|kind| (parse::KIND.to_owned(), kind.to_owned())));
        headers
    }

    fn handshake(&self, _delivery: &Delivery) -> Option<String> {
        None
    }

    fn peek<'d>(&self, delivery: &'d Delivery) -> Result<Peek<'d>, Refusal> {
        parse::peek(delivery)
    }

    fn recorded(&self, payload: &[u8], hints: &[&str], _fresh_id: &str) -> Recorded {
        recorded::recorded(payload, hints)
    }
}
