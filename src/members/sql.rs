//! `invitation`.

use crate::audit::Audited;
use crate::auth::Role;
use crate::auth::account::Email;
use crate::base::clock::{Instant, micros};
use crate::base::error::Fault;
use crate::base::id::{InvitationId, MemberId, TeamId};
use crate::crypto::token::TokenDigest;
use crate::members::invitations::Invitation;
use crate::store::Read;
use rusqlite::Row;

pub(super) fn insert_invitation(audited: &Audited<'_>, digest: &TokenDigest, row: &Invitation) -> Result<(), Fault> {
    audited.tx().run(
        "INSERT INTO invitation (id, token_hash, email, role, team_id, invited_by, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            row.id.as_bytes(),
            digest.as_bytes().as_slice(),
            row.email.as_str(),
            row.role.as_str(),
            row.team.map(|team| *team.as_bytes()),
            row.invited_by.as_bytes(),
            row.created_at.as_microsecond(),
            row.expires_at.as_microsecond(),
        ),
    )?;
    Ok(())
}

fn invitation_of(row: &Row<'_>) -> rusqlite::Result<Option<Invitation>> {
    let (email, role, team, ended_at): (String, String, Option<[u8; 16]>, Option<i64>) =
        (row.get(1)?, row.get(2)?, row.get(3)?, row.get(7)?);
    let (Some(email), Some(role)) = (Email::parse(&email), Role::parse(&role)) else { return Ok(None) };
    Ok(Some(Invitation {
        id: InvitationId::from_bytes(row.get(0)?),
        email,
        role,
        team: team.map(TeamId::from_bytes),
        invited_by: MemberId::from_bytes(row.get(4)?),
        created_at: micros(row.get(5)?),
        expires_at: micros(row.get(6)?),
        ended_at: ended_at.map(micros),
    }))
}

pub(super) fn invitation(reader: &impl Read, digest: &TokenDigest) -> Result<Option<Invitation>, Fault> {
    let found = reader.optional(
        "SELECT id, email, role, team_id, invited_by, created_at, expires_at, ended_at FROM invitation WHERE token_hash = ?1",
        (digest.as_bytes().as_slice(),),
        invitation_of,
    )?;
    Ok(found.flatten())
}

pub(super) fn open_invitations(reader: &impl Read, now: Instant) -> Result<Vec<Invitation>, Fault> {
    let rows = reader.all(
        "SELECT id, email, role, team_id, invited_by, created_at, expires_at, ended_at FROM invitation
         WHERE ended_at IS NULL AND expires_at > ?1 ORDER BY created_at DESC, id DESC",
        (now.as_microsecond(),),
        invitation_of,
    )?;
    Ok(rows.into_iter().flatten().collect())
}

pub(super) fn end_invitation(audited: &Audited<'_>, id: InvitationId, now: Instant) -> Result<(), Fault> {
    audited.tx().run("UPDATE invitation SET ended_at = ?2 WHERE id = ?1", (id.as_bytes(), now.as_microsecond()))?;
    Ok(())
}

pub(super) fn delete_invitations_expired(audited: &Audited<'_>, before: Instant) -> Result<(), Fault> {
    audited.tx().run("DELETE FROM invitation WHERE expires_at < ?1", (before.as_microsecond(),))?;
    Ok(())
}
