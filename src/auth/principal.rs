//! Who is asking, and what they may do.

use crate::audit::Actor;
use crate::auth::{Human, human, sql};
use crate::base::error::Fault;
use crate::base::id::{MemberId, OrgId};
use crate::store::OrgDb;

/// What a member is in an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Owner,
    Admin,
    Member,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Owner, Self::Admin, Self::Member];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// What the role allows. A team's patterns are not in here: they belong to the team's members, whatever their role.
    pub const fn allows(self, scope: Scope) -> bool {
        match self {
            Self::Owner | Self::Admin => true,
            Self::Member => matches!(scope, Scope::ReadPatterns | Scope::Decide | Scope::StepOut | Scope::ReadOptOuts),
        }
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
    /// To set the clock of a sandbox.
    SetClock,
}

impl Scope {
    pub const ALL: [Self; 9] = [
        Self::ReadConnections,
        Self::WriteConnections,
        Self::WriteSources,
        Self::ReadSignals,
        Self::ReadPatterns,
        Self::Decide,
        Self::StepOut,
        Self::ReadOptOuts,
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
    Session,
    Token(Vec<Scope>),
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
        let role = org.read(|reader| sql::role_of(reader, member))?;
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
            Via::Session => true,
            Via::Token(scopes) => scopes.contains(&scope),
        };
        token_allows && self.role.allows(scope)
    }

    /// The person, where a decision may be made: a live session, or a member's token with the scope `decide`.
    pub fn human(&self) -> Option<Human> {
        self.may(Scope::Decide).then(|| human::mint(self.member, self.via != Via::Session))
    }

    /// How the audit log names whoever is asking.
    pub fn actor(&self) -> Actor {
        match self.via {
            Via::Session => Actor::Member(self.member),
            Via::Token(_) => Actor::MemberViaToken(self.member),
        }
    }
}
