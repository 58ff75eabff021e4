//! The closed list of administrative acts, each with a stable name and a plain sentence.

use crate::base::clock::Instant;
use crate::base::id::{ConnectionId, MemberId, PatternId};
use std::fmt;

/// Who acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person with a live session.
    Member(MemberId),
    /// A person through an API token that is bound to them.
    MemberViaToken(MemberId),
    /// Whoever may run commands on the machine.
    Operator,
}

impl Actor {
    /// The member, where one acted.
    pub const fn member(self) -> Option<MemberId> {
        match self {
            Self::Member(id) | Self::MemberViaToken(id) => Some(id),
            Self::Operator => None,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(id) => write!(f, "member:{id}"),
            Self::MemberViaToken(id) => write!(f, "member:{id} via token"),
            Self::Operator => f.write_str("operator"),
        }
    }
}

/// What was done. A new administrative act is a new variant here.
#[derive(Clone, Debug)]
pub enum Act {
    OrganisationCreated {
        name: String,
    },
    MemberAdded {
        member: MemberId,
        role: &'static str,
    },
    TokenCreated {
        name: String,
        scopes: String,
    },
    TeamCreated {
        slug: String,
    },
    ConnectionCreated {
        connection: ConnectionId,
        connector: String,
        name: String,
    },
    ConnectionRemoved {
        connection: ConnectionId,
    },
    ConnectionSecretReplaced {
        connection: ConnectionId,
    },
    SourceSwitchedOn {
        connection: ConnectionId,
        external_id: String,
        team: String,
    },
    /// From now on it is counted, and nothing of it is kept.
    SourceShadowed {
        connection: ConnectionId,
        external_id: String,
        team: String,
        until: Instant,
    },
    SourceSwitchedOff {
        connection: ConnectionId,
        external_id: String,
    },
    /// A person says so.
    NoticePosted {
        connection: ConnectionId,
        external_id: String,
        change: &'static str,
    },
    /// Carries no identity: whoever asked is named as the actor, and may have asked for another.
    PersonSteppedOut,
    PatternDecided {
        pattern: PatternId,
        status: &'static str,
    },
}

impl Act {
    /// The stable name, as it stands in the leaf.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OrganisationCreated { .. } => "organisation.created",
            Self::MemberAdded { .. } => "member.added",
            Self::TokenCreated { .. } => "token.created",
            Self::TeamCreated { .. } => "team.created",
            Self::ConnectionCreated { .. } => "connection.created",
            Self::ConnectionRemoved { .. } => "connection.removed",
            Self::ConnectionSecretReplaced { .. } => "connection.secret_replaced",
            Self::SourceSwitchedOn { .. } => "source.switched_on",
            Self::SourceShadowed { .. } => "source.shadowed",
            Self::SourceSwitchedOff { .. } => "source.switched_off",
            Self::NoticePosted { .. } => "notice.posted",
            Self::PersonSteppedOut => "person.stepped_out",
            Self::PatternDecided { .. } => "pattern.decided",
        }
    }

    /// The detail that the leaf commits to, in words.
    pub fn detail(&self) -> String {
        match self {
            Self::OrganisationCreated { name } => format!("The organisation “{name}” was created."),
            Self::MemberAdded { member, role } => format!("Member {member} was added as {role}."),
            Self::TokenCreated { name, scopes } => format!("The API token “{name}” was created with the scopes {scopes}."),
            Self::TeamCreated { slug } => format!("The team {slug} was created."),
            Self::ConnectionCreated { connection, connector, name } => {
                format!("The {connector} connection “{name}” ({connection}) was created.")
            }
            Self::ConnectionRemoved { connection } => format!("The connection {connection} was removed, and its secret with it."),
            Self::ConnectionSecretReplaced { connection } => format!("The secret of connection {connection} was replaced."),
            Self::SourceSwitchedOn { connection, external_id, team } => {
                format!("Reading of {external_id} on connection {connection} was switched on for the team {team}.")
            }
            Self::SourceSwitchedOff { connection, external_id } => {
                format!("Reading of {external_id} on connection {connection} was switched off.")
            }
            Self::SourceShadowed { connection, external_id, team, until } => {
                format!("Until {until}, what {external_id} on connection {connection} sends is counted for the team {team}, and not kept.")
            }
            Self::NoticePosted { connection, external_id, change } => {
                format!("The notice that reading of {external_id} on connection {connection} {change} was said to be posted.")
            }
            Self::PersonSteppedOut => "A person stepped out.".to_owned(),
            Self::PatternDecided { pattern, status } => format!("Pattern {pattern} was {status}."),
        }
    }
}
