//! Who is in a team. Whoever is sees its patterns; nobody else does, whatever their role.
//!
//! Owners and admins look after every team; who holds the role of facilitator looks after the teams they facilitate. Each change leaves
//! a leaf, and each member of the team sees who else is in it, since when: somebody who adds themselves is seen to.

use crate::audit::{self, Act, Audited};
use crate::auth::{Principal, Role, Scope, roles};
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::{MemberId, TeamId};
use crate::orgs::sql;
use crate::store::{OrgDb, Read, Tx};

/// Somebody in a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TeamMember {
    pub member: MemberId,
    pub is_facilitator: bool,
    pub added_at: Instant,
}

/// Why a team was not changed.
#[derive(Debug)]
pub enum TeamError {
    /// There is none, or none that whoever asks may know of: the same answer.
    NoSuchTeam,
    NotAllowed,
    /// Another team is called so.
    NameTaken,
    /// Nobody of this organisation, or not in the team.
    NoSuchMember,
    /// Their role does not let them facilitate.
    MayNotFacilitate,
    Fault(Fault),
}

impl From<Fault> for TeamError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Everybody in a team, facilitators first, then by how long they are in it.
pub fn list(reader: &impl Read, team: TeamId) -> Result<Vec<TeamMember>, Fault> {
    sql::team_members(reader, team)
}

/// Puts somebody into a team, as a facilitator or not; or changes which of the two they are.
pub fn put(org: &OrgDb, by: &Principal, (team, member, is_facilitator): (TeamId, MemberId, bool), now: Instant) -> Result<(), TeamError> {
    let by = by.clone();
    org.write(move |tx| {
        expect_to_look_after(tx, &by, team)?;
        let role = roles::of(tx, member)?.ok_or(TeamError::NoSuchMember)?;
        if is_facilitator && !role.may_facilitate() {
            return Err(TeamError::MayNotFacilitate);
        }
        if sql::team_members(tx, team)?.iter().any(|in_it| in_it.member == member && in_it.is_facilitator == is_facilitator) {
            return Ok(());
        }
        let audited = audit::record(tx, now, by.actor(), &Act::TeamMemberPut { team, member, is_facilitator })?;
        Ok(sql::put_team_member(&audited, team, member, is_facilitator, now)?)
    })
}

/// Takes somebody out of a team. Anybody may take out themselves.
pub fn remove(org: &OrgDb, by: &Principal, (team, member): (TeamId, MemberId), now: Instant) -> Result<(), TeamError> {
    let by = by.clone();
    org.write(move |tx| {
        let is_in_it = sql::team_members(tx, team)?.iter().any(|in_it| in_it.member == member);
        if !(is_in_it && member == by.member()) {
            expect_to_look_after(tx, &by, team)?;
        }
        if !is_in_it {
            return Err(TeamError::NoSuchMember);
        }
        let audited = audit::record(tx, now, by.actor(), &Act::TeamMemberRemoved { team, member })?;
        Ok(sql::delete_team_member(&audited, team, member)?)
    })
}

/// Puts somebody who was invited into the team into it.
pub fn add(audited: &Audited<'_>, team: TeamId, member: MemberId, now: Instant) -> Result<(), Fault> {
    sql::put_team_member(audited, team, member, false, now)
}

/// Takes a member out of every team: they were removed.
pub fn remove_everywhere(audited: &Audited<'_>, member: MemberId) -> Result<(), Fault> {
    sql::delete_team_member_everywhere(audited, member)
}

/// A member whose role does not let them facilitate any more stays in their teams, as one of the others.
pub fn obey_role(audited: &Audited<'_>, member: MemberId, role: Role) -> Result<(), Fault> {
    if role.may_facilitate() { Ok(()) } else { sql::end_facilitation(audited, member) }
}

/// Whether this member may see who is in the team.
pub fn may_see(reader: &impl Read, who: &Principal, team: TeamId) -> Result<bool, Fault> {
    Ok(who.may(Scope::WriteTeams) || sql::team_members(reader, team)?.iter().any(|in_it| in_it.member == who.member()))
}

/// Whether this member may change who is in the team.
pub fn may_look_after(reader: &impl Read, who: &Principal, team: TeamId) -> Result<bool, Fault> {
    let role = roles::of(reader, who.member())?;
    let may = |scope: Scope| who.may(scope) && role.is_some_and(|role| role.allows(scope));
    let leads = || sql::team_members(reader, team).map(|all| all.iter().any(|in_it| in_it.member == who.member() && in_it.is_facilitator));
    Ok(may(Scope::WriteTeams) || (may(Scope::LeadTeams) && leads()?))
}

/// Goes on only for who may change the team. To others it is forbidden where they see it, and else not there.
pub(super) fn expect_to_look_after(tx: &Tx<'_>, by: &Principal, team: TeamId) -> Result<(), TeamError> {
    if sql::team(tx, team)?.is_none() || !may_see(tx, by, team)? {
        return Err(TeamError::NoSuchTeam);
    }
    if may_look_after(tx, by, team)? { Ok(()) } else { Err(TeamError::NotAllowed) }
}
