//! The members of an organisation, what they are, and how they cease to be.

use crate::audit::{self, Act};
use crate::auth::{Principal, Role, Scope, account, roles};
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::MemberId;
use crate::members::invitations;
use crate::orgs::team_members;
use crate::store::{OrgDb, Store, Tx};
use std::collections::HashMap;

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub id: MemberId,
    pub name: String,
    pub email: String,
    pub role: Role,
}

/// Why nobody's standing was changed.
#[derive(Debug)]
pub enum RosterError {
    NoSuchMember,
    /// Whoever asks may not give or take this role.
    NotAllowed,
    /// Somebody must be left who may do everything.
    LastOwner,
    Fault(Fault),
}

impl From<Fault> for RosterError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Everybody who can sign in to this organisation, by name.
pub fn list(store: &Store, org: &OrgDb) -> Result<Vec<Member>, Fault> {
    let roles: HashMap<MemberId, Role> = org.read(|reader| roles::all(reader))?.into_iter().collect();
    let accounts = account::of_org(store.main(), org.id())?;
    let member = |(id, profile): (MemberId, _)| roles.get(&id).map(|role| of(id, profile, *role));
    Ok(accounts.into_iter().filter_map(member).collect())
}

fn of(id: MemberId, profile: crate::auth::profile::Profile, role: Role) -> Member {
    Member { id, name: profile.name, email: profile.email, role }
}

/// One of them; `None` where nobody of this id can sign in here.
pub fn find(store: &Store, org: &OrgDb, id: MemberId) -> Result<Option<Member>, Fault> {
    Ok(list(store, org)?.into_iter().find(|member| member.id == id))
}

/// Makes somebody something else. What they can give no more, open invitations of theirs do not give either.
pub fn set_role(org: &OrgDb, by: &Principal, member: MemberId, to: Role, now: Instant) -> Result<(), RosterError> {
    let by = by.clone();
    org.write(move |tx| {
        let from = roles::of(tx, member)?.ok_or(RosterError::NoSuchMember)?;
        expect_to_govern(tx, &by, &[from, to])?;
        if from == to {
            return Ok(());
        }
        expect_an_owner_left(tx, from)?;
        let act = Act::MemberRoleChanged { member, from: from.words(), to: to.words() };
        let audited = audit::record(tx, now, by.actor(), &act)?;
        roles::set(&audited, member, to)?;
        team_members::obey_role(&audited, member, to)?;
        Ok(invitations::end_beyond(tx, member, Some(to), by.actor(), now)?)
    })
}

/// Ends somebody's membership: their role, tokens, invitations and places in teams in one commit, after which nothing of theirs opens anything; then
/// their sessions, and their account where they are a member nowhere else. Anybody may end their own.
pub fn remove(store: &Store, org: &OrgDb, by: &Principal, member: MemberId, now: Instant) -> Result<(), RosterError> {
    let (asking, actor) = (by.clone(), by.actor());
    org.write(move |tx| {
        let role = roles::of(tx, member)?.ok_or(RosterError::NoSuchMember)?;
        if member != asking.member() {
            expect_to_govern(tx, &asking, &[role])?;
        }
        expect_an_owner_left(tx, role)?;
        let audited = audit::record(tx, now, actor, &Act::MemberRemoved { member })?;
        roles::strip(&audited, member)?;
        team_members::remove_everywhere(&audited, member)?;
        Ok::<_, RosterError>(invitations::end_beyond(tx, member, None, actor, now)?)
    })?;
    Ok(account::forget(store.main(), member, org.id(), actor, now)?)
}

/// Goes on only where whoever asks may give and take each of these roles, as of this very transaction: a role that was lost a moment
/// ago gives nothing.
pub(super) fn expect_to_govern(tx: &Tx<'_>, by: &Principal, over: &[Role]) -> Result<(), RosterError> {
    let role = roles::of(tx, by.member())?.filter(|role| role.allows(Scope::WriteMembers) && by.may(Scope::WriteMembers));
    if role.is_some_and(|role| over.iter().all(|other| role.may_give(*other))) { Ok(()) } else { Err(RosterError::NotAllowed) }
}

/// Goes on unless the one who stops being `role` is the last owner.
fn expect_an_owner_left(tx: &Tx<'_>, role: Role) -> Result<(), RosterError> {
    if role == Role::Owner && roles::owners(tx)? <= 1 { Err(RosterError::LastOwner) } else { Ok(()) }
}
