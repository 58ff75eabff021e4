//! Invitations: a link that lets one person join, once, within a week, as what was chosen for them.
//!
//! A link's token is `<organisation, 32 hex digits>_<random>`; only its hash is kept. It is bound to an address, which its page does not
//! show: whoever finds a link does not learn for whom it is, and cannot use it.

use crate::audit::{self, Act, Actor};
use crate::auth::account::Email;
use crate::auth::{Principal, Role, Scope};
use crate::base::clock::{Instant, SignedDuration};
use crate::base::error::Fault;
use crate::base::id::{InvitationId, MemberId, OrgId, TeamId};
use crate::crypto::random;
use crate::crypto::token::{Token, TokenDigest};
use crate::members::roster::{self, RosterError, expect_to_govern};
use crate::members::sql;
use crate::orgs::teams;
use crate::store::{OrgDb, Read, Store, Tx};

/// How long a link works.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How long after that its page says that it is over, rather than that there is none; then its address is forgotten.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Most invitations that are open at once: a list that can be read.
pub const OPEN_MAX: usize = 200;

/// An invitation, as an admin sees it.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: InvitationId,
    pub email: Email,
    pub role: Role,
    pub team: Option<TeamId>,
    pub invited_by: MemberId,
    pub created_at: Instant,
    pub expires_at: Instant,
    /// When it was accepted or revoked.
    pub ended_at: Option<Instant>,
}

impl Invitation {
    pub fn is_open(&self, now: Instant) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// Whom to invite, as what, and into which team.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    pub email: Email,
    pub role: Role,
    pub team: Option<TeamId>,
}

/// Why nobody was invited.
#[derive(Debug)]
pub enum InviteError {
    /// Whoever asks may not give this role.
    NotAllowed,
    NoSuchTeam,
    /// They can sign in already.
    IsMember,
    TooMany,
    Fault(Fault),
}

impl From<Fault> for InviteError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<RosterError> for InviteError {
    fn from(error: RosterError) -> Self {
        match error {
            RosterError::Fault(fault) => Self::Fault(fault),
            _ => Self::NotAllowed,
        }
    }
}

/// Makes an invitation and answers its link's token, which is kept nowhere. An earlier one to the same address is over with it.
pub fn invite(store: &Store, org: &OrgDb, by: &Principal, wish: NewInvitation, now: Instant) -> Result<(Token, Invitation), InviteError> {
    if roster::list(store, org)?.iter().any(|member| member.email == wish.email.as_str()) {
        return Err(InviteError::IsMember);
    }
    let token = Token::generate(&format!("{}_", hex::encode(org.id().as_bytes())))?;
    let (digest, by) = (token.digest(), by.clone());
    let made = Invitation {
        id: InvitationId::new(now, random::bytes()?),
        email: wish.email,
        role: wish.role,
        team: wish.team,
        invited_by: by.member(),
        created_at: now,
        expires_at: now + LIFETIME,
        ended_at: None,
    };
    let row = made.clone();
    org.write(move |tx| {
        expect_to_govern(tx, &by, &[row.role])?;
        // With the team come its patterns: a token that may invite is none that may look after teams.
        if row.team.is_some() && !by.may(Scope::WriteTeams) {
            return Err(InviteError::NotAllowed);
        }
        let team = row.team.map(|team| teams::find(tx, team)).transpose()?;
        if team.as_ref().is_some_and(Option::is_none) {
            return Err(InviteError::NoSuchTeam);
        }
        let open = sql::open_invitations(tx, now)?;
        let (replaced, others): (Vec<_>, Vec<_>) = open.into_iter().partition(|earlier| earlier.email == row.email);
        if others.len() >= OPEN_MAX {
            return Err(InviteError::TooMany);
        }
        for earlier in replaced {
            expect_to_govern(tx, &by, &[earlier.role])?;
            end(tx, earlier.id, by.actor(), now)?;
        }
        let slug = team.flatten().map(|team| team.slug.to_string());
        let audited =
            audit::record(tx, now, by.actor(), &Act::InvitationCreated { invitation: row.id, role: row.role.words(), team: slug })?;
        sql::delete_invitations_expired(&audited, now - REMEMBERED)?;
        Ok(sql::insert_invitation(&audited, &digest, &row)?)
    })?;
    Ok((token, made))
}

/// Every invitation that can still be accepted, the newest first.
pub fn list(reader: &impl Read, now: Instant) -> Result<Vec<Invitation>, Fault> {
    sql::open_invitations(reader, now)
}

/// Ends an invitation before it is accepted. `false` where none of this id is open.
pub fn revoke(org: &OrgDb, by: &Principal, id: InvitationId, now: Instant) -> Result<bool, RosterError> {
    let by = by.clone();
    org.write(move |tx| {
        let Some(found) = sql::open_invitations(tx, now)?.into_iter().find(|invitation| invitation.id == id) else {
            return Ok(false);
        };
        expect_to_govern(tx, &by, &[found.role])?;
        end(tx, id, by.actor(), now)?;
        Ok(true)
    })
}

/// Ends the open invitations of a member that they could not make any more as what they are now, `None` where they are nothing: a link that
/// was kept must not give back what was taken.
pub(super) fn end_beyond(tx: &Tx<'_>, of: MemberId, now_is: Option<Role>, actor: Actor, now: Instant) -> Result<(), Fault> {
    let still_may = |role: Role| now_is.is_some_and(|now_is| now_is.allows(Scope::WriteMembers) && now_is.may_give(role));
    for open in sql::open_invitations(tx, now)?.into_iter().filter(|open| open.invited_by == of && !still_may(open.role)) {
        end(tx, open.id, actor, now)?;
    }
    Ok(())
}

fn end(tx: &Tx<'_>, id: InvitationId, actor: Actor, now: Instant) -> Result<(), Fault> {
    let audited = audit::record(tx, now, actor, &Act::InvitationRevoked { invitation: id })?;
    sql::end_invitation(&audited, id, now)
}

/// The invitation behind a link's token, open or over, with the organisation it leads to; `None` where there is none.
pub(super) fn find(store: &Store, token: &str) -> Result<Option<(OrgDb, Invitation)>, Fault> {
    let Some(org) = org_of(token).map(|id| store.org(id)).transpose()?.flatten() else {
        return Ok(None);
    };
    let digest = TokenDigest::of(token);
    let found = org.read(|reader| sql::invitation(reader, &digest))?;
    Ok(found.map(|invitation| (org, invitation)))
}

fn org_of(token: &str) -> Option<OrgId> {
    let (org, _) = token.split_once('_')?;
    let mut bytes = [0_u8; 16];
    hex::decode_to_slice(org, &mut bytes).ok()?;
    Some(OrgId::from_bytes(bytes))
}
