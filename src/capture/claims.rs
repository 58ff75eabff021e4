//! What was said of the places of a connection, kept so that the strictest word ever said of one wins (DECISIONS, 'Formats').
//!
//! It must be known also of a place that nobody has switched on yet: a channel that was private yesterday holds messages of
//! people who were not told. But who talks with whom in which conversation is not ours to list. So a place is found here by
//! a keyed hash of its id and by nothing else, and of places that no admin ever switched only so many are kept.

use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::capture::sql;
use crate::connectors::PlaceClaim;
use crate::crypto::{Key, mac};
use crate::orgs::sources;
use crate::store::OrgDb;

/// Most places of a connection that are remembered without ever having been switched on. None of them is read, remembered
/// or not; with the rights we ask for a tool tells of hardly any. Whoever grants more must not fill the file with it.
const UNSWITCHED_MAX: u64 = 10_000;

/// The keyed hash of a place's id.
pub(super) type Lookup = [u8; mac::TAG_BYTES];

/// The claims about the places of one connection.
pub(super) struct Claims {
    key: Key,
    connection: ConnectionId,
}

impl Claims {
    pub(super) fn of(org: &OrgDb, connection: ConnectionId) -> Result<Self, Fault> {
        Ok(Self { key: org.subkey("place lookup")?, connection })
    }

    /// The strictest word that was said of a place; [`PlaceClaim::Silent`] where none is known.
    pub(super) fn known(&self, org: &OrgDb, place_id: &str) -> Result<PlaceClaim, Fault> {
        let lookup = self.lookup(place_id);
        let about = [self.connection.number().as_slice(), &lookup].concat();
        org.known("place claim", &about, |reader| sql::place_claim(reader, self.connection, &lookup)).map(|claim| *claim)
    }

    /// Adds a word about a place. Where it is news, it is written down before this answers.
    pub(super) fn remember(&self, org: &OrgDb, place_id: &str, claim: PlaceClaim) -> Result<(), Fault> {
        let known = self.known(org, place_id)?;
        if known.and(claim) == known {
            return Ok(());
        }
        let (connection, lookup) = (self.connection, self.lookup(place_id));
        let has_room = known != PlaceClaim::Silent
            || org.read(|reader| {
                Ok::<_, Fault>(
                    sources::is_known(reader, connection, place_id)? || sql::count_place_claims(reader, connection)? < UNSWITCHED_MAX,
                )
            })?;
        if !has_room {
            return Ok(());
        }
        org.write(move |tx| {
            let holds = sql::place_claim(tx, connection, &lookup)?.and(claim);
            sql::put_place_claim(tx, connection, &lookup, holds)
        })
    }

    pub(super) fn lookup(&self, place_id: &str) -> Lookup {
        mac::hmac_sha256(self.key.reveal(), &[self.connection.number(), place_id.as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Actor;
    use crate::base::clock::Clock;
    use crate::base::text::Slug;
    use crate::connectors::{connector, new_connection};
    use crate::crypto::keys::Kek;
    use crate::orgs::connections::{self, NewConnection, SecretMaker};
    use crate::store::Store;

    #[test]
    fn places_that_nobody_switched_on_are_remembered_up_to_a_bound_and_others_always() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stepped("2026-03-02T09:00:00Z".parse().unwrap());
        let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &clock, true).unwrap();
        let org = store.create_org::<Fault>(&clock, |_, _| Ok(()), |_, _| Ok(())).unwrap();
        let chat = new_connection(connector("slack").unwrap(), "Chat");
        let wish = NewConnection { secret_maker: SecretMaker::Us, needs_base_url: false, ..chat };
        let connection = connections::create(&org, wish, Actor::Operator, clock.now()).unwrap().connection.id;
        let claims = Claims::of(&org, connection).unwrap();
        let known = |place: &str| claims.known(&org, place).unwrap();

        claims.remember(&org, "C0FIRST", PlaceClaim::Private).unwrap();
        org.write(move |tx| {
            (1..UNSWITCHED_MAX).try_for_each(|number| {
                let lookup = mac::hmac_sha256(b"filler", &[&number.to_le_bytes()]);
                sql::put_place_claim(tx, connection, &lookup, PlaceClaim::Group)
            })
        })
        .unwrap();
        claims.remember(&org, "C0MORE", PlaceClaim::Group).unwrap();
        assert_eq!(known("C0MORE"), PlaceClaim::Silent, "no room, and no way to fill the file");
        claims.remember(&org, "C0FIRST", PlaceClaim::Direct).unwrap();
        assert_eq!(known("C0FIRST"), PlaceClaim::Direct, "what is known still grows stricter");

        let switch = sources::Switch {
            connection,
            external_id: "C0MORE".to_owned(),
            place_kind: "channel",
            as_written: "C0MORE".to_owned(),
            label: None,
            is_subscribed: true,
            team: Slug::parse("web"),
        };
        sources::switch(&org, switch, None, Actor::Operator, clock.now()).unwrap();
        claims.remember(&org, "C0MORE", PlaceClaim::Group).unwrap();
        claims.remember(&org, "C0MORE", PlaceClaim::Open).unwrap();
        assert_eq!(known("C0MORE"), PlaceClaim::Group, "the strictest word about a source always stays");
    }
}
