//! From a delivery to the one of the two products that sent it; and what both write in the same way.

use super::kinds::{self, Kind};
use super::{cloud, data_center, verify};
use crate::base::clock::Instant;
use crate::connectors::delivery::Delivery;
use crate::connectors::forge::{self, Read, commit};
use crate::connectors::json;
use crate::connectors::{Account, Peek, Site};
use crate::signals::place::{Place, Repository};
use crate::signals::refusal::Refusal;
use crate::signals::{ActorKind, Event, Review, ReviewTransition};
use serde::Deserialize;

/// Shortest abbreviation of a commit's id that git makes.
const ABBREVIATED_MIN: usize = 7;

pub(super) fn peek(delivery: &Delivery) -> Result<Peek<'_>, Refusal> {
    match kinds::admit(delivery.header(kinds::KEY).ok_or(Refusal::Malformed)?)? {
        Kind::Cloud(kind) => cloud::peek(delivery, kind),
        Kind::DataCenter(kind) => data_center::peek(delivery, kind),
    }
}

/// Finds the fields of an event, and decodes where it belongs. That is told first, also of one that lacks what its kind must have: `alone` finds it.
pub(super) fn found<'d, E: Deserialize<'d> + 'd>(
    delivery: &'d Delivery,
    of: fn(&E) -> Option<Repository>,
    alone: fn(&Delivery) -> Result<Option<Repository>, Refusal>,
    read: fn(&E) -> Result<Read, Refusal>,
    url: fn(&Site, &Place, &str) -> Option<String>,
) -> Result<Peek<'d>, Refusal> {
    let event: Result<E, Refusal> = json::read(delivery);
    let repository = match &event {
        Ok(event) => of(event),
        Err(_) => alone(delivery)?,
    };
    let key = verify::dedupe_key(delivery).ok_or(Refusal::Malformed)?;
    Ok(forge::peek(repository.ok_or(Refusal::Malformed)?, key, event, read, url))
}

/// A review. It has no id of its own: its change and `moment` tell it from others; who wrote it must not.
pub(super) fn reviewed(
    transition: ReviewTransition,
    change: u64,
    (at, moment): (Instant, i64),
    (author, author_kind): (Option<Account>, ActorKind),
) -> Read {
    Read {
        external_id: format!("{change}.{moment}"),
        occurred_at: at,
        author,
        author_kind,
        page: page_of_change(change),
        event: Event::Review(Review { transition, change: change.to_string() }),
    }
}

pub(super) fn page_of_change(id: u64) -> String {
    format!("pull-requests/{id}")
}

/// A commit's whole id. One that is abbreviated is dropped: it equals no id that anything else tells of that commit.
pub(super) fn whole(sha: String) -> Result<Option<String>, Refusal> {
    let is_abbreviated = (ABBREVIATED_MIN..40).contains(&sha.len()) && sha.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_abbreviated { Ok(None) } else { commit(sha).map(Some) }
}
