//! What the connectors of code hosts have in common: an event of a repository, of which nothing is decoded before the repository was found open.

use super::json::Later;
use super::{Account, Parsed, Peek, PlaceClaim, Site, Unread, plausible};
use crate::base::clock::Instant;
use crate::signals::place::{Place, Repository};
use crate::signals::refusal::Refusal;
use crate::signals::{ActorKind, Event};
use serde::Deserialize;
use std::fmt::Write;

/// Longest name of a branch, a workflow or an environment: git allows a reference of 255 bytes, GitHub an environment of
/// 255 characters.
pub(super) const NAME_CHARS_MAX: usize = 255;

/// What one event yields.
pub(super) struct Read {
    /// The thing's id inside its repository.
    pub(super) external_id: String,
    pub(super) occurred_at: Instant,
    pub(super) author: Option<Account>,
    pub(super) author_kind: ActorKind,
    /// The rest of its page's address, behind the repository's.
    pub(super) page: String,
    pub(super) event: Event,
}

/// An event of `repository`, found in one pass over the body: a repetition is recognised by `dedupe_key`, `read` decodes it, `url` says where a page of
/// its repository is, where that is known.
pub(super) fn peek<'d, E: 'd>(
    repository: Repository,
    dedupe_key: String,
    event: Result<E, Refusal>,
    read: fn(&E) -> Result<Read, Refusal>,
    url: fn(&Site, &Place, &str) -> Option<String>,
) -> Peek<'d> {
    let place_id = Place::Repository(repository).external_id().to_owned();
    // A private repository is as open as a public one to the team that works in it; an admin switches each one on.
    Peek { place_id, claim: PlaceClaim::Open, workspace: None, unread: Box::new(Found { dedupe_key, event, read, url }) }
}

/// An event of which nothing is decoded.
struct Found<E> {
    dedupe_key: String,
    event: Result<E, Refusal>,
    read: fn(&E) -> Result<Read, Refusal>,
    url: fn(&Site, &Place, &str) -> Option<String>,
}

impl<E> Unread for Found<E> {
    fn read(&self, place: Place, site: &Site, now: Instant) -> Result<Parsed, Refusal> {
        let read = (self.read)(self.event.as_ref().map_err(|refusal| *refusal)?)?;
        Ok(Parsed {
            url: (self.url)(site, &place, &read.page),
            place,
            external_id: read.external_id,
            occurred_at: plausible(read.occurred_at, now)?,
            author: read.author,
            author_kind: read.author_kind,
            event: read.event,
            dedupe_key: self.dedupe_key.clone(),
            others: Vec::new(),
        })
    }
}

/// A field that may be missing, or null.
pub(super) fn given<'d, T: Deserialize<'d>>(field: Option<&Later<'d, T>>) -> Result<Option<T>, Refusal> {
    field.map(Later::read).transpose()
}

/// A commit's id: 40 hex digits, or 64 where the repository uses SHA-256.
pub(super) fn commit(sha: String) -> Result<String, Refusal> {
    let is_id = matches!(sha.len(), 40 | 64) && sha.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { Ok(sha) } else { Err(Refusal::Malformed) }
}

/// `text` as the value of a query (RFC 3986, 2.3: what is unreserved stays).
pub(super) fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}
