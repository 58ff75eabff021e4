//! The closed list of administrative acts, each with a stable name and a plain sentence.

use crate::base::clock::Instant;
use crate::base::id::{ConnectionId, InvitationId, MemberId, PatternId, TeamId};
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
    /// Whoever it was: the act is one of which nobody is to know who did it.
    Withheld,
}

impl Actor {
    /// The member, where one acted.
    pub const fn member(self) -> Option<MemberId> {
        match self {
            Self::Member(id) | Self::MemberViaToken(id) => Some(id),
            Self::Operator | Self::Withheld => None,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(id) => write!(f, "member:{id}"),
            Self::MemberViaToken(id) => write!(f, "member:{id} via token"),
            Self::Operator => f.write_str("operator"),
            Self::Withheld => f.write_str("withheld"),
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
    MemberRoleChanged {
        member: MemberId,
        from: &'static str,
        to: &'static str,
    },
    MemberRemoved {
        member: MemberId,
    },
    /// Says that something was changed, not to what: a corrected name must not live on in a log.
    ProfileChanged {
        member: MemberId,
        what: &'static str,
    },
    PasswordChanged {
        member: MemberId,
    },
    SessionsEnded {
        member: MemberId,
        sessions: u64,
    },
    InvitationCreated {
        invitation: InvitationId,
        role: &'static str,
        team: Option<String>,
    },
    InvitationRevoked {
        invitation: InvitationId,
    },
    InvitationAccepted {
        invitation: InvitationId,
        member: MemberId,
    },
    TokenCreated {
        name: String,
        scopes: String,
    },
    TokenRevoked {
        name: String,
        member: MemberId,
    },
    /// A form or call that our own pages would not have offered to this member.
    AccessRefused {
        what: String,
    },
    TeamCreated {
        slug: String,
    },
    TeamRenamed {
        from: String,
        to: String,
    },
    TeamMemberPut {
        team: TeamId,
        member: MemberId,
        is_facilitator: bool,
    },
    TeamMemberRemoved {
        team: TeamId,
        member: MemberId,
    },
    /// What environments are called that are production, from the next look on.
    ProductionNamed {
        names: String,
    },
    /// A member says that a copy of the master key lies in a safe place.
    KeyCopyConfirmed,
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
    /// Carries no identity, of whoever asked neither: it comes with [`Actor::Withheld`], and with a day instead of an instant.
    PersonSteppedOut,
    PatternDecided {
        pattern: PatternId,
        status: &'static str,
    },
}

/// Every noun that an act is called after, in groups that are read together: what the group is called in an address, and its nouns.
pub const SUBJECTS: [(&str, &[&str]); 6] = [
    ("reading", &["connection", "source", "notice"]),
    ("people", &["member", "invitation", "team"]),
    ("access", &["session", "token", "access"]),
    ("patterns", &["pattern"]),
    ("stepping-out", &["person"]),
    ("installation", &["organisation", "key"]),
];

impl Act {
    /// The stable name, as it stands in the leaf.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OrganisationCreated { .. } => "organisation.created",
            Self::MemberAdded { .. } => "member.added",
            Self::MemberRoleChanged { .. } => "member.role_changed",
            Self::MemberRemoved { .. } => "member.removed",
            Self::ProfileChanged { .. } => "member.profile_changed",
            Self::PasswordChanged { .. } => "member.password_changed",
            Self::SessionsEnded { .. } => "session.ended",
            Self::InvitationCreated { .. } => "invitation.created",
            Self::InvitationRevoked { .. } => "invitation.revoked",
            Self::InvitationAccepted { .. } => "invitation.accepted",
            Self::TokenCreated { .. } => "token.created",
            Self::TokenRevoked { .. } => "token.revoked",
            Self::AccessRefused { .. } => "access.refused",
            Self::TeamCreated { .. } => "team.created",
            Self::TeamRenamed { .. } => "team.renamed",
            Self::TeamMemberPut { .. } => "team.member_put",
            Self::TeamMemberRemoved { .. } => "team.member_removed",
            Self::ProductionNamed { .. } => "organisation.production_named",
            Self::KeyCopyConfirmed => "key.copy_confirmed",
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
            Self::MemberRoleChanged { member, from, to } => format!("Member {member}, who was {from}, is {to} now."),
            Self::MemberRemoved { member } => format!("Member {member} was removed, with their tokens, sessions and places in teams."),
            Self::ProfileChanged { member, what } => format!("Member {member} changed their {what}."),
            Self::PasswordChanged { member } => format!("Member {member} changed their password; all their sessions ended."),
            Self::SessionsEnded { member, sessions: 1 } => format!("A session of member {member} was ended."),
            Self::SessionsEnded { member, sessions } => format!("{sessions} sessions of member {member} were ended."),
            Self::InvitationCreated { invitation, role, team: None } => format!("Invitation {invitation} was made, to join as {role}."),
            Self::InvitationCreated { invitation, role, team: Some(team) } => {
                format!("Invitation {invitation} was made, to join as {role} and in the team {team}.")
            }
            Self::InvitationRevoked { invitation } => format!("Invitation {invitation} was revoked."),
            Self::InvitationAccepted { invitation, member } => format!("Invitation {invitation} was accepted by member {member}."),
            Self::TokenCreated { name, scopes } => format!("The API token “{name}” was created with the scopes {scopes}."),
            Self::TokenRevoked { name, member } => format!("The API token “{name}” of member {member} was revoked."),
            Self::AccessRefused { what } => format!("{what} was tried without the right to, and refused."),
            Self::TeamCreated { slug } => format!("The team {slug} was created."),
            Self::TeamRenamed { from, to } => format!("The team {from} is called {to} now."),
            Self::TeamMemberPut { team, member, is_facilitator: false } => format!("Member {member} is a member of the team {team} now."),
            Self::TeamMemberPut { team, member, is_facilitator: true } => {
                format!("Member {member} is a facilitator of the team {team} now.")
            }
            Self::TeamMemberRemoved { team, member } => format!("Member {member} was taken out of the team {team}."),
            Self::ProductionNamed { names } => format!("Production is what is called {names} now."),
            Self::KeyCopyConfirmed => "A copy of the master key was said to lie in a safe place.".to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The names as they stand in this file: an act that is new is looked at here too.
    #[test]
    fn every_act_belongs_to_one_subject() {
        let names: Vec<&str> = include_str!("act.rs")
            .lines()
            .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once("=> \"")?.1.split_once('"'))
            .filter(|(name, rest)| *rest == "," && !name.contains(' '))
            .map(|(name, _)| name)
            .collect();
        assert!(names.len() >= 27, "{names:?}");
        for name in names {
            let noun = name.split('.').next().unwrap();
            let groups = SUBJECTS.iter().filter(|(_, nouns)| nouns.contains(&noun)).count();
            assert_eq!(groups, 1, "{name}");
        }
    }
}
