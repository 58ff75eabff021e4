//! Who is asking, and what they may do.

use crate::audit::Actor;
use crate::auth::{Human, human, session, sql};
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::{ApiTokenId, MemberId, OrgId};
use crate::store::OrgDb;

/// What a member is in an organisation. From a role follow rights over the organisation; a team's patterns belong to the team's
/// members and facilitators, whatever their role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything, and alone: makes and unmakes owners.
    Owner,
    /// Runs the appliance: connections, sources, members, teams.
    Admin,
    /// Sees what is connected, what was taken in and refused, who can sign in, and what was done; changes none of it.
    PrivacyOfficer,
    /// Holds retrospectives: may be made a facilitator of teams, and looks after who is in those.
    Facilitator,
    /// Sees the patterns of their teams, and decides on them with the others.
    Member,
}

impl Role {
    pub const ALL: [Self; 5] = [Self::Owner, Self::Admin, Self::PrivacyOfficer, Self::Facilitator, Self::Member];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::PrivacyOfficer => "privacy_officer",
            Self::Facilitator => "facilitator",
            Self::Member => "member",
        }
    }

    /// The role in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::PrivacyOfficer => "privacy officer",
            _ => self.as_str(),
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// What the role allows. The table of routes by roles in `tests/snapshots/access.md` follows from this.
    pub const fn allows(self, scope: Scope) -> bool {
        match self {
            Self::Owner | Self::Admin => true,
            Self::PrivacyOfficer => {
                Self::everybody(scope)
                    || matches!(scope, Scope::ReadConnections | Scope::ReadSignals | Scope::ReadMembers | Scope::ReadAudit)
            }
            Self::Facilitator => Self::everybody(scope) || matches!(scope, Scope::ReadMembers | Scope::LeadTeams),
            Self::Member => Self::everybody(scope),
        }
    }

    /// Stepping somebody out takes no role: who wants to leave must not have to ask somebody who has power over them, and a request
    /// too many errs on the side of privacy. How often one member may ask is bounded instead.
    const fn everybody(scope: Scope) -> bool {
        matches!(scope, Scope::ReadPatterns | Scope::Decide | Scope::StepOut | Scope::ReadOptOuts | Scope::ReadTeams | Scope::WriteTokens)
    }

    /// Whether one of this role may give somebody `other`, or take it: only owners make and unmake owners.
    pub const fn may_give(self, other: Self) -> bool {
        match self {
            Self::Owner => true,
            Self::Admin => !matches!(other, Self::Owner),
            _ => false,
        }
    }

    /// Whether one of this role may be a facilitator of teams.
    pub const fn may_facilitate(self) -> bool {
        self.allows(Scope::LeadTeams)
    }
}

/// One thing that can be allowed: to a role, and separately to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    ReadConnections,
    WriteConnections,
    WriteSources,
    ReadSignals,
    ReadPatterns,
    /// To act as the person the token is bound to.
    Decide,
    StepOut,
    /// To learn how many stepped out; nobody can learn who.
    ReadOptOuts,
    /// To see who can sign in, and as what.
    ReadMembers,
    /// To invite, to give roles, to remove.
    WriteMembers,
    /// To see one's own teams; who may also write them sees all.
    ReadTeams,
    /// To look after who is in the teams that one facilitates.
    LeadTeams,
    /// To make teams, and to look after every team.
    WriteTeams,
    /// To make and revoke API tokens of one's own.
    WriteTokens,
    /// To read the log of administrative acts.
    ReadAudit,
    /// To set the clock of a sandbox.
    SetClock,
}

impl Scope {
    pub const ALL: [Self; 16] = [
        Self::ReadConnections,
        Self::WriteConnections,
        Self::WriteSources,
        Self::ReadSignals,
        Self::ReadPatterns,
        Self::Decide,
        Self::StepOut,
        Self::ReadOptOuts,
        Self::ReadMembers,
        Self::WriteMembers,
        Self::ReadTeams,
        Self::LeadTeams,
        Self::WriteTeams,
        Self::WriteTokens,
        Self::ReadAudit,
        Self::SetClock,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadConnections => "connections:read",
            Self::WriteConnections => "connections:write",
            Self::WriteSources => "sources:write",
            Self::ReadSignals => "signals:read",
            Self::ReadPatterns => "patterns:read",
            Self::Decide => "decide",
            Self::StepOut => "opt-outs:write",
            Self::ReadOptOuts => "opt-outs:read",
            Self::ReadMembers => "members:read",
            Self::WriteMembers => "members:write",
            Self::ReadTeams => "teams:read",
            Self::LeadTeams => "teams:lead",
            Self::WriteTeams => "teams:write",
            Self::WriteTokens => "tokens:write",
            Self::ReadAudit => "audit:read",
            Self::SetClock => "sandbox:clock",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
}

/// How a principal came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Via {
    Session { began_at: Instant },
    Token { id: ApiTokenId, scopes: Vec<Scope>, ends_at: Instant },
}

/// A member of an organisation who is asking for something.
#[derive(Clone, Debug)]
pub struct Principal {
    member: MemberId,
    org: OrgId,
    role: Role,
    via: Via,
}

impl Principal {
    /// The principal behind a proven session or token; `None` where the member holds no role here.
    pub(super) fn load(org: &OrgDb, member: MemberId, via: Via) -> Result<Option<Self>, Fault> {
        let role = org.known("role", member.as_bytes(), |reader| sql::role_of(reader, member))?;
        Ok(role.map(|role| Self { member, org: org.id(), role, via }))
    }

    pub const fn member(&self) -> MemberId {
        self.member
    }

    pub const fn org(&self) -> OrgId {
        self.org
    }

    pub const fn role(&self) -> Role {
        self.role
    }

    /// Whether the role, and where a token was used also the token, allows `scope`.
    pub fn may(&self, scope: Scope) -> bool {
        let token_allows = match &self.via {
            Via::Session { .. } => true,
            Via::Token { scopes, .. } => scopes.contains(&scope),
        };
        token_allows && self.role.allows(scope)
    }

    /// The token that was used, and when it ends; `None` for a session.
    pub(super) const fn token(&self) -> Option<(ApiTokenId, Instant)> {
        match self.via {
            Via::Session { .. } => None,
            Via::Token { id, ends_at, .. } => Some((id, ends_at)),
        }
    }

    /// Whether the password was shown so short a while ago that rights may be handed on without showing it again. A token was made by
    /// somebody who had, and is bounded by itself.
    pub fn has_just_signed_in(&self, now: Instant) -> bool {
        match self.via {
            Via::Session { began_at } => session::is_fresh(began_at, now),
            Via::Token { .. } => true,
        }
    }

    /// The person, where a decision may be made: a live session, or a member's token with the scope `decide`.
    pub fn human(&self) -> Option<Human> {
        self.may(Scope::Decide).then(|| human::mint(self.member, matches!(self.via, Via::Token { .. })))
    }

    /// How the audit log names whoever is asking.
    pub fn actor(&self) -> Actor {
        match self.via {
            Via::Session { .. } => Actor::Member(self.member),
            Via::Token { .. } => Actor::MemberViaToken(self.member),
        }
    }
}
