//! One newtype per noun that has an identity. Ids are random or time-ordered bytes that the caller hands in:
//! this file draws no randomness and reads no clock.

use crate::base::clock::Instant;
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A UUIDv7: ordered by `at`, unguessable by the ten `random` bytes (RFC 9562, 5.7).
            pub fn new(at: Instant, random: [u8; 10]) -> Self {
                let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// The id that these sixteen bytes are.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
            }
        }
    };
}

id! {
    /// An organisation: one encrypted file, one key.
    OrgId
}
id! {
    /// A team inside an organisation.
    TeamId
}
id! {
    /// Someone who can sign in.
    MemberId
}
id! {
    /// A human in the tools. Random; found again only through a keyed hash of the tool's own id.
    PersonId
}
id! {
    /// What a team sees.
    PatternId
}
id! {
    /// A session, as its holder sees it in a list; says nothing about the cookie.
    SessionId
}
id! {
    /// An API token, as its holder sees it in a list; says nothing about its text.
    ApiTokenId
}
id! {
    /// An invitation, as an admin sees it in a list; says nothing about its link.
    InvitationId
}

/// The text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id")
    }
}

impl std::error::Error for NotAnId {}

/// An installed connection of an organisation. Its text form embeds the organisation's id, so that a delivery finds its
/// file without a routing table: 32 hex digits of the organisation, 16 of the connection.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId {
    org: OrgId,
    number: [u8; 8],
}

impl ConnectionId {
    pub const fn new(org: OrgId, random: [u8; 8]) -> Self {
        Self { org, number: random }
    }

    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// The connection's own eight bytes, inside its organisation.
    pub const fn number(&self) -> &[u8; 8] {
        &self.number
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", hex::encode(self.org.as_bytes()), hex::encode(self.number))
    }
}

impl fmt::Debug for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConnectionId({self})")
    }
}

impl FromStr for ConnectionId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let mut bytes = [0_u8; 24];
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(NotAnId);
        }
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotAnId)?;
        let (org, number) = bytes.split_at(16);
        Ok(Self { org: OrgId::from_bytes(org.try_into().map_err(|_| NotAnId)?), number: number.try_into().map_err(|_| NotAnId)? })
    }
}

impl serde::Serialize for ConnectionId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_id_carries_its_organisation_through_text() {
        let org = OrgId::from_bytes([7; 16]);
        let id = ConnectionId::new(org, [9; 8]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.org(), org);
        assert_eq!("x".parse::<ConnectionId>(), Err(NotAnId));
    }
}
