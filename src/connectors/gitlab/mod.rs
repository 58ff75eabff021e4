//! GitLab: titles, times and states of changes, approvals, pipelines and deployments. Never code, never a comment.
//!
//! `verify` proves who sends, `kinds` says which events are read, `wire` which fields, `moment` when, `parse` what they mean.

mod account;
pub mod kinds;
mod moment;
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

/// Webhooks of a project, a group or a whole installation of GitLab, on gitlab.com or self-managed.
pub struct GitLab;

static DISCLOSURE: Disclosure = Disclosure {
    reads: &[
        "Merge requests: number, title and author (only of what authors do themselves), branch (kept only as a keyed mark), head and merge commit ids, when opened, drafted, retitled, updated, merged, closed",
        "Approvals given and taken back: by whom, when",
        "Pipelines: what started them, branch (as a mark), commit id, result, who started it, when",
        "Deployments: environment and its tier, commit id, who deployed, state, when",
    ],
    never: &[
        "Source code, diffs, patches, commit messages, paths of files",
        "Pushes, tags, comments, jobs, releases, vulnerabilities: refused before they are parsed",
        "Issues and wiki pages, confidential or not; descriptions",
        "Names of pipelines (they may quote a commit message), their jobs and variables",
        "Labels, assignees and reviewers; e-mail addresses",
        "Anything over GitLab’s API: there is no token, GitLab sends and nothing is asked",
    ],
    scopes: &["Webhook triggers only: Merge request events, Pipeline events, Deployment events"],
    kept: &[("Changes, approvals, pipelines and deployments: title, times, states", "400 days")],
    prepare: &[
        "You need a Maintainer of the project, or an Owner of the group, who may add a webhook. The address and the secret for it come next.",
        "A signing token proves every byte of a delivery, and when it was sent. The older secret token travels along as it is: it says who sends, and is no evidence that \
         a delivery was not changed or sent again on its way. Take the signing token wherever your GitLab offers one.",
    ],
    setup: &[
        "Open the Settings of the project or group, then Webhooks, then Add new webhook.",
        "URL: the address for deliveries.",
        "With a signing token: let GitLab generate it, and give it here as this connection’s new secret, from whsec_ on.",
        "Without one: Secret token: the secret. Never set one and the same secret in both fields.",
        "Trigger: Merge request events, Pipeline events, Deployment events; untick Push events and everything else. Leave the custom template empty, SSL verification on.",
        "Add webhook, then switch each project on here: until then everything is refused.",
    ],
    hints: Hints {
        name: "For the people who manage connections here, for example “Product projects”.",
        base_url_label: "Address of your own GitLab",
        base_url: "Only if you run GitLab yourself, such as https://gitlab.acme.example.",
        secret: "The signing token that GitLab generated; or leave it empty, and one is made for you.",
        place_label: "Project",
        place: "With its groups. Of https://gitlab.com/acme/shop/web it is acme/shop/web.",
        label: "For pages and patterns, such as Web shop.",
    },
};

const NO_PROJECT: NoChoice = NoChoice("Write the project with its groups: of https://gitlab.com/acme/shop/web it is acme/shop/web.");

/// The project of this path. GitLab tells no `Acme/Web` from `acme/web`: both are the place `acme/web`. No group or project
/// begins with a hyphen or a tilde (GitLab Docs, 'Reserved project and group names'): `/-/` parts a project from its pages.
fn project(path: &str) -> Option<Repository> {
    if path.split('/').any(|part| part.starts_with(['-', '~'])) { None } else { Repository::parse(&path.to_ascii_lowercase()) }
}

impl Connector for GitLab {
    fn name(&self) -> &'static str {
        "gitlab"
    }

    fn title(&self) -> &'static str {
        "GitLab"
    }

    fn place(&self, external_id: &str) -> Option<Place> {
        project(external_id).map(Place::Repository)
    }

    fn account(&self, text: &str) -> Option<String> {
        account::named(text)
    }

    fn account_hint(&self) -> &'static str {
        "Give the GitLab username, such as ana.lima, or the user ID, a number: both stand on the person’s profile page. An e-mail address or a full \
         name would not do: they are not read."
    }

    fn choose(&self, external_id: &str) -> Result<Place, NoChoice> {
        self.place(external_id).ok_or(NO_PROJECT)
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
        verify::verify(delivery, secret, now)
    }

    fn sign(&self, body: &[u8], kind: Option<&str>, secret: &Secret<String>, now: Instant) -> Vec<(String, String)> {
        let mut headers = verify::headers(body, secret, now);
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        headers.extend(kind.map(|kind| (kinds::HEADER.to_owned(), kind.to_owned())));
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
