//! Bitbucket Cloud and Bitbucket Data Center: titles, times and states of changes and reviews. Never code.
//!
//! One connector for two products that share a header, a signature and a name, and not one field: the event key tells which
//! has sent, and each is read by structs of its own. `verify` proves the bytes, `kinds` says which of them are read, `wire`
//! which fields, `cloud` and `data_center` what they mean.

mod account;
mod cloud;
mod data_center;
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

/// Webhooks of a repository or a workspace on bitbucket.org, or of a repository or a project of a Data Center.
pub struct Bitbucket;

static DISCLOSURE: Disclosure = Disclosure {
    reads: &[
        "Pull requests: number, title, author, branch (kept only as a keyed mark), head and merge commit ids, when opened, drafted, updated, merged, declined",
        "The title before an edit, in Data Center: only whether it is the same",
        "Reviews: reviewer, verdict (approved, changes requested, taken back), when",
    ],
    never: &[
        "Source code, diffs, patches, commit messages, paths of files",
        "Pushes and comments: refused before they are parsed",
        "Descriptions, reasons for declining, issues, build statuses",
        "Participants and requested reviewers; display names and e-mail addresses",
        "Anything over Bitbucket’s API: there is no token, Bitbucket sends and nothing is asked",
    ],
    scopes: &["Webhook events only: of pull requests all but comments"],
    kept: &[("Changes and reviews: title, times, states", "400 days")],
    prepare: &[
        "You need someone who may add a webhook: an admin of the repository, of the workspace (Cloud), or of the project (Data Center). The address and the secret for it come next.",
    ],
    setup: &[
        "Open the settings of the repository, the workspace or the project, then Webhooks, and add one.",
        "URL: the address for deliveries. Secret: the secret. In Data Center leave the authentication empty.",
        "In Cloud choose from the full list of triggers, under Pull request: Created, Updated, Approved, Approval removed, Changes Request created, Changes Request removed, Merged, Declined; untick Push.",
        "In Data Center choose under Pull request: Opened, Source branch updated, Modified, Approved, Unapproved, Changes requested (Needs work in older versions), Merged, Declined, Deleted; untick Push.",
        "Its test of the connection is answered, and counted as no event.",
        "Switch each repository on here: until then everything is refused.",
    ],
    hints: Hints {
        name: "For the people who manage connections here, for example “Product repositories”.",
        base_url_label: "Address of your own Bitbucket",
        base_url: "Only if you run Bitbucket Data Center, such as https://git.acme.example. Links are made with it.",
        secret: "Leave it empty and one is made for you.",
        place_label: "Repository",
        place: "In Cloud as workspace/name: of https://bitbucket.org/acme/web it is acme/web. In Data Center as PROJECT/name: of \
                …/projects/SHOP/repos/web it is SHOP/web, and of …/users/ana/repos/web it is ~ana/web.",
        label: "For pages and patterns, such as Web shop.",
    },
};

const NO_REPOSITORY: NoChoice = NoChoice(
    "Write the repository as workspace/name, such as acme/web; of a Data Center as PROJECT/name, such as SHOP/web, or ~ana/web \
     where it is a person’s own.",
);

/// The repository of this full name. Neither product tells `SHOP/Web` from `shop/web`: both are the place `shop/web`.
fn repository(full_name: &str) -> Option<Repository> {
    // There are no groups inside of workspaces and projects.
    Repository::parse(&full_name.to_ascii_lowercase()).filter(|repository| !repository.is_nested())
}

impl Connector for Bitbucket {
    fn name(&self) -> &'static str {
        "bitbucket"
    }

    fn title(&self) -> &'static str {
        "Bitbucket"
    }

    fn place(&self, external_id: &str) -> Option<Place> {
        repository(external_id).map(Place::Repository)
    }

    fn account(&self, text: &str) -> Option<String> {
        account::account(text)
    }

    fn account_hint(&self) -> &'static str {
        "Of Bitbucket Cloud give the account’s id, {…}: it stands in the address of the person’s profile; a nickname finds whoever \
         has it. Of Data Center give the user name. An e-mail address or a display name would not do: they are not read."
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
        headers.extend(kind.map(|kind| (kinds::KEY.to_owned(), kind.to_owned())));
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
