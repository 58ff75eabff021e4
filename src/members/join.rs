//! Joining by an invitation's link.
//!
//! Two files take part, each with a commit of its own. First the account, which opens nothing by itself; then, in the organisation's
//! file, the role and the end of the invitation in one commit: that a link works once does not rest on luck. Whoever is interrupted
//! between the two opens the link again, and proves that the account is theirs by its password; of whoever does not, the account is forgotten
//! ([`super::orphans`]).

use crate::audit::{self, Act, Actor};
use crate::auth::account::{self, AccountError, Email, NewAccount};
use crate::auth::sign_in::{Desk, SignInError};
use crate::auth::{Role, roles};
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::{MemberId, OrgId};
use crate::members::invitations::{self, Invitation};
use crate::members::sql;
use crate::orgs::{organisation, team_members, teams};
use crate::store::{OrgDb, Store};

/// What the page of a link says before anybody has proved anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub organisation: String,
    pub role: Role,
    pub team: Option<String>,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Open(Offer),
    /// It was accepted, revoked, or is too old.
    Over,
}

/// What somebody who joins has typed.
#[derive(Clone, Copy)]
pub struct Joining<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub password: &'a str,
}

/// Why nobody joined.
#[derive(Debug)]
pub enum JoinError {
    NoSuchInvitation,
    Over,
    /// The invitation is for another address.
    OtherEmail,
    NameMissing,
    /// What is wrong with the new password.
    Account(AccountError),
    /// There is an account of this address, and this is not its password.
    WrongPassword,
    ComeBack {
        after_s: u64,
    },
    Fault(Fault),
}

impl From<Fault> for JoinError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<SignInError> for JoinError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::WrongPassword,
            SignInError::ComeBack { after_s } => Self::ComeBack { after_s },
            SignInError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<AccountError> for JoinError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::EmailTaken => Self::WrongPassword,
            AccountError::Fault(fault) => Self::Fault(fault),
            error => Self::Account(error),
        }
    }
}

/// Where this link leads; `None` where it is none.
pub fn look(store: &Store, token: &str, now: Instant) -> Result<Option<Found>, Fault> {
    let Some((org, invitation)) = invitations::find(store, token)? else {
        return Ok(None);
    };
    if !invitation.is_open(now) {
        return Ok(Some(Found::Over));
    }
    let team = invitation.team.map(|team| org.read(|reader| teams::find(reader, team))).transpose()?.flatten();
    let organisation = organisation::name(&org)?;
    Ok(Some(Found::Open(Offer { organisation, role: invitation.role, team: team.map(|team| team.slug.to_string()) })))
}

/// Makes whoever holds the link a member, if they are the one it was made for. Tries are counted as those to sign in are: those at a link that
/// is none under one name for all of them, so that nobody can make the desk forget others by making links up.
pub fn join((store, desk): (&Store, &Desk), token: &str, typed: Joining<'_>, network: &str, now: Instant) -> Result<(), JoinError> {
    let found = invitations::find(store, token)?;
    let key = found.as_ref().map_or_else(|| "join".to_owned(), |(_, invitation)| format!("join {}", invitation.id));
    let mut refusal = JoinError::NoSuchInvitation;
    let found = desk.counted((&key, network), now, || {
        let Some((org, invitation)) = found else {
            return Ok(None);
        };
        if !invitation.is_open(now) {
            refusal = JoinError::Over;
            return Ok(None);
        }
        let email = Email::parse(typed.email).filter(|email| *email == invitation.email);
        if email.is_none() {
            refusal = JoinError::OtherEmail;
        }
        Ok::<_, SignInError>(email.map(|_| (org, invitation)))
    });
    let (org, invitation) = match found {
        Err(SignInError::Refused) => return Err(refusal),
        found => found?,
    };
    let member = account_for((store, desk), (&org, &invitation), typed, network, now)?;
    let accepted = accept(&org, &invitation, member, now);
    if accepted.is_err() && org.read(|reader| roles::of(reader, member))?.is_none() {
        // Nobody can be let in by it, and the address should be free for another try.
        account::forget(store.main(), member, org.id(), Actor::Member(member), now)?;
    }
    accepted
}

/// The account of whoever joins: theirs, proven by its password, or a new one. The address is the one that was invited.
fn account_for(
    (store, desk): (&Store, &Desk),
    (org, invitation): (&OrgDb, &Invitation),
    typed: Joining<'_>,
    network: &str,
    now: Instant,
) -> Result<MemberId, JoinError> {
    let (main, org, role): (_, OrgId, _) = (store.main(), org.id(), invitation.role);
    if account::exists(main, &invitation.email)? {
        let member = desk.identify(main, (&invitation.email, typed.password), network, now)?.member();
        account::join(main, member, org, role, now)?;
        return Ok(member);
    }
    let name = account::member_name(typed.name).ok_or(JoinError::NameMissing)?;
    account::check_password(typed.password)?;
    let new = desk.in_turn(|| NewAccount::prepare(&invitation.email, &name, typed.password, now))??;
    let member = new.member();
    main.write(move |tx| new.insert(tx, org, role, Actor::Member(member), now))?;
    Ok(member)
}

/// Gives the role, puts into the team and ends the invitation, in one commit.
fn accept(org: &OrgDb, invitation: &Invitation, member: MemberId, now: Instant) -> Result<(), JoinError> {
    let Invitation { id, role, team, .. } = *invitation;
    org.write(move |tx| {
        let is_open = sql::open_invitations(tx, now)?.iter().any(|open| open.id == id);
        if !is_open {
            return Err(JoinError::Over);
        }
        let actor = Actor::Member(member);
        let audited = audit::record(tx, now, actor, &Act::InvitationAccepted { invitation: id, member })?;
        sql::end_invitation(&audited, id, now)?;
        if roles::of(tx, member)?.is_none() {
            roles::set(&audited, member, role)?;
        }
        if let Some(team) = team {
            let audited = audit::record(tx, now, actor, &Act::TeamMemberPut { team, member, is_facilitator: false })?;
            team_members::add(&audited, team, member, now)?;
        }
        Ok(())
    })
}
