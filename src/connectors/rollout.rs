//! What the connectors of deploys and incidents have in common: where something happened is a repository or a service, nobody is behind it, and it
//! is signed as [`standard_webhooks`](super::standard_webhooks) has it.
//!
//! **The place.** Whoever names a repository is heard there: its name is the one under which a code host tells of its changes, and change failures
//! are told of a repository, because only its changes say whose work was deployed. Who knows services alone is heard at the service's name, which
//! an admin switches on like any other; no detector looks there. Names have no case, as with git hosts, and a blank in one is a hyphen: a
//! pipeline called `Deploy shop` is `deploy-shop`.
//!
//! **Links.** The address of a payload could lead anywhere. It is kept only where it lies below the connection's own address, and dropped otherwise.
//!
//! Never: an account. Machines deploy; that a person pressed the button is not asked.

use super::delivery::Delivery;
use super::{NoChoice, Parsed, Peek, PlaceClaim, Site, Unread, plausible};
use crate::base::clock::Instant;
use crate::crypto::hash::sha256;
use crate::signals::place::{Deployed, Place, Repository};
use crate::signals::refusal::Refusal;
use crate::signals::{ActorKind, Event};

/// Longest id of a deployment, a run or an incident, in bytes: tools use UUIDs, numbers and paths.
const ID_BYTES_MAX: usize = 256;
/// Longest link, in bytes: what browsers and proxies are sure to take.
const LINK_BYTES_MAX: usize = 2_000;

pub(super) const NO_PLACE: NoChoice = NoChoice(
    "Write the repository as owner/name, or the service by its name: letters, digits, hyphens, dots and underscores. Of https://github.com/acme/web it is acme/web.",
);

pub(super) const NO_ACCOUNT: &str = "Nobody is named in what this tool sends: choose the tool in which you write or work, such as your code host or your chat, and \
     you are left out everywhere.";

/// The repository or service of this name.
pub(super) fn place(name: &str) -> Option<Place> {
    let name = name.trim().to_ascii_lowercase().replace(' ', "-");
    repository(&name).or_else(|| Deployed::parse(&name).map(Place::Service))
}

/// The repository of this name, where it is one of a repository.
pub(super) fn repository(name: &str) -> Option<Place> {
    Repository::parse(&name.to_ascii_lowercase()).map(Place::Repository)
}

/// What one event yields.
pub(super) struct Read {
    /// The thing's id inside its place.
    pub(super) external_id: String,
    pub(super) occurred_at: Instant,
    /// As the payload has it, of which nothing is believed.
    pub(super) link: Option<String>,
    pub(super) event: Event,
}

/// An event at `place`, of which `read` decodes the rest.
pub(super) fn peek<'d, E: 'd>(delivery: &'d Delivery, place: &Place, event: E, read: fn(&E) -> Result<Read, Refusal>) -> Peek<'d> {
    let place_id = place.external_id().to_owned();
    // As with a repository of a code host: those who work on it see it, and an admin switches each one on.
    Peek { place_id, claim: PlaceClaim::Open, workspace: None, unread: Box::new(Found { delivery, event, read }) }
}

/// An event of which nothing is decoded but where it belongs.
struct Found<'d, E> {
    delivery: &'d Delivery,
    event: E,
    read: fn(&E) -> Result<Read, Refusal>,
}

impl<E> Unread for Found<'_, E> {
    fn read(&self, place: Place, site: &Site, now: Instant) -> Result<Parsed, Refusal> {
        let read = (self.read)(&self.event)?;
        Ok(Parsed {
            place,
            external_id: read.external_id,
            occurred_at: plausible(read.occurred_at, now)?,
            author: None,
            author_kind: ActorKind::Unknown,
            url: read.link.filter(|link| is_below(site, link)),
            event: read.event,
            // Of the body and not the signed id of the delivery: a sender that always writes the same id loses nothing.
            dedupe_key: hex::encode(sha256(self.delivery.body())),
            others: Vec::new(),
        })
    }
}

/// An id as it is kept: one word, so that no sentence comes in its place.
pub(super) fn id(text: String) -> Result<String, Refusal> {
    let is_id = (1..=ID_BYTES_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_id { Ok(text) } else { Err(Refusal::Malformed) }
}

/// Whether a link leads to a page below the connection's own address, and a browser reads it as it is written.
fn is_below(site: &Site, link: &str) -> bool {
    let rest = site.base_url.as_deref().and_then(|base| link.strip_prefix(base));
    let Some(rest) = rest.filter(|_| link.len() <= LINK_BYTES_MAX) else { return false };
    // Another host may begin like this one: `https://ci.acme.example.evil.example`.
    let goes_on = rest.starts_with(['/', '?', '#']) || rest.is_empty();
    let is_plain = rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%/?#[]".contains(&byte));
    let path = rest.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase().replace("%2e", ".");
    goes_on && is_plain && !path.split('/').any(|step| step == "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_has_an_owner_and_all_else_is_a_service() {
        let of = |name: &str| place(name).map(|place| format!("{} {place}", place.kind()));
        for (name, expected) in [
            ("acme/web", Some("repository acme/web")),
            (" Acme/Web ", Some("repository acme/web")),
            ("Checkout", Some("service checkout")),
            ("Deploy shop", Some("service deploy-shop")),
            ("Dashboard", Some("service dashboard")),
            ("acme/shop/web", Some("repository acme/shop/web")),
            ("https://github.com/acme/web", None),
            ("", None),
            ("a?b", None),
            ("..", None),
        ] {
            assert_eq!(of(name).as_deref(), expected, "{name}");
        }
        assert_eq!(repository("checkout"), None);
    }

    #[test]
    fn a_link_is_kept_only_below_the_connections_own_address() {
        let site = Site { base_url: Some("https://ci.acme.example/jenkins".to_owned()) };
        for link in ["", "/job/web/42/", "?run=42", "#42", "/a%20b;c=d"] {
            assert!(is_below(&site, &format!("https://ci.acme.example/jenkins{link}")), "{link}");
        }
        let long = format!("https://ci.acme.example/jenkins/{}", "a".repeat(LINK_BYTES_MAX));
        for link in [
            "https://ci.acme.example",
            "https://ci.acme.example/jenkins-of-another",
            "https://ci.acme.example/jenkins.evil.example/",
            "http://ci.acme.example/jenkins/1",
            "https://evil.example/?https://ci.acme.example/jenkins",
            "https://ci.acme.example/jenkins/../secret",
            "https://ci.acme.example/jenkins/%2E%2e/secret",
            "https://ci.acme.example/jenkins/\\evil",
            "https://ci.acme.example/jenkins/a b",
            "https://ci.acme.example/jenkins/\"onclick",
            "https://ci.acme.example/jenkins/\u{202e}",
            "javascript:alert(1)",
            &long,
        ] {
            assert!(!is_below(&site, link), "{link}");
        }
        assert!(!is_below(&Site::default(), "https://ci.acme.example/jenkins/1"), "no address, no link");
    }

    #[test]
    fn an_id_is_one_word() {
        for good in ["4711", "a/b#7", "pkg:oci/x@1", "F4BD2B55-B6F6"] {
            assert_eq!(id(good.to_owned()).as_deref(), Ok(good));
        }
        for bad in ["", "two words", "a\nb", "caf\u{e9}", &"a".repeat(ID_BYTES_MAX + 1)] {
            assert_eq!(id(bad.to_owned()), Err(Refusal::Malformed), "{bad}");
        }
    }
}
