//! Gitea and Forgejo: titles, times and states of changes, reviews and runs. Never code.
//!
//! One connector for both: Forgejo sends what Gitea sends, under headers of both names, and its runs in a shape of its own.
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

/// Webhooks of a repository, an organisation or a whole installation of Gitea or Forgejo.
pub struct Gitea;

static DISCLOSURE: Disclosure = Disclosure {
    reads: &[
        "Pull requests: number, title, author, branch (kept only as a keyed mark), head and merge commit ids, when opened, retitled, updated, merged, closed",
        "The title before an edit: only whether it marked a draft",
        "Reviews: reviewer, verdict (approved, changes requested, commented), when",
        "Runs of Actions: the workflow’s name (in Forgejo its file’s name), branch (as a mark), commit id, attempt, result, who started it, when",
    ],
    never: &[
        "Source code, diffs, patches, commit messages, paths of files",
        "Pushes and commit states: refused before they are parsed",
        "Descriptions, comments and the text of reviews; issues, releases, wiki pages, packages",
        "Labels, milestones, assignees and requested reviewers; e-mail addresses",
        "Anything over the API: there is no token, the tool sends and nothing is asked",
    ],
    scopes: &["Webhook events only: Pull Request, Pull Request Synchronized, Pull Request Reviewed, and the runs of Actions"],
    kept: &[("Changes, reviews and runs: title, times, states", "400 days")],
    prepare: &[
        "You need someone who may add a webhook to the repository, or to the whole organisation. The address and the secret for it come next.",
        "An installation sends only to hosts that its administrator allows: ALLOWED_HOST_LIST in the section webhook of its app.ini must let this address through.",
    ],
    setup: &[
        "Open the Settings of the repository or organisation, then Webhooks, then Add Webhook, and choose Gitea (or Forgejo).",
        "Target URL: the address for deliveries. HTTP method: POST. Content type: application/json; a form’s signature does not fit its bytes.",
        "Secret: the secret.",
        "Trigger on Custom Events: Pull Request, Pull Request Reviewed, Pull Request Synchronized; of the Workflow or Action events those of whole runs; untick Push.",
        "Leave the authorization header empty, and add the webhook. Its test delivery is a push: it is answered, and counted as refused.",
        "Switch each repository on here: until then everything is refused.",
    ],
    hints: Hints {
        name: "For the people who manage connections here, for example “Product repositories”.",
        base_url_label: "Address of your Gitea or Forgejo",
        base_url: "Such as https://git.acme.example, or https://codeberg.org. Links are made with it.",
        secret: "Leave it empty and one is made for you.",
        place_label: "Repository",
        place: "As owner/name. Of https://git.acme.example/acme/web it is acme/web.",
        label: "For pages and patterns, such as Web shop.",
    },
};

const NO_REPOSITORY: NoChoice = NoChoice("Write the repository as owner/name: of https://git.acme.example/acme/web it is acme/web.");

/// The repository of this full name. Neither tool tells `Acme/Web` from `acme/web`: both are the place `acme/web`.
fn repository(full_name: &str) -> Option<Repository> {
    // There are no groups inside of owners here.
    Repository::parse(&full_name.to_ascii_lowercase()).filter(|repository| !repository.is_nested())
}

impl Connector for Gitea {
    fn name(&self) -> &'static str {
        "gitea"
    }

    fn title(&self) -> &'static str {
        "Gitea and Forgejo"
    }

    fn place(&self, external_id: &str) -> Option<Place> {
        repository(external_id).map(Place::Repository)
    }

    fn account(&self, text: &str) -> Option<String> {
        account::login(text)
    }

    fn account_hint(&self) -> &'static str {
        "Give the login at Gitea or Forgejo, such as ana.lima: it stands on the person’s profile page and in its address. An e-mail \
         address or a full name would not do: they are not read."
    }

    fn choose(&self, external_id: &str) -> Result<Place, NoChoice> {
        self.place(external_id).ok_or(NO_REPOSITORY)
    }

    fn secret_maker(&self) -> SecretMaker {
        SecretMaker::Us
    }

    fn needs_base_url(&self) -> bool {
        true
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
        let mut headers = verify::headers(body, secret);
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        headers.extend(kind.map(|kind| (kinds::GITEA.to_owned(), kind.to_owned())));
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
