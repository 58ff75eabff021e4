//! `member`, `membership` and `session` in `main.db`; `role` and `api_token` in the organisation's file.

use crate::audit::Audited;
use crate::auth::account::Email;
use crate::auth::api_token::{self, ApiToken};
use crate::auth::profile::Profile;
use crate::auth::session;
use crate::auth::{Role, Scope};
use crate::base::clock::{Instant, micros};
use crate::base::error::Fault;
use crate::base::id::{ApiTokenId, MemberId, OrgId, SessionId};
use crate::crypto::token::TokenDigest;
use crate::store::{Read, Tx};
use rusqlite::Row;

pub(super) struct Account {
    pub member: MemberId,
    pub email: Email,
    pub name: String,
    pub password: String,
}

/// Answers `false`, and writes nothing, where the address is taken.
pub(super) fn insert_account(audited: &Audited<'_>, account: &Account, now: Instant) -> Result<bool, Fault> {
    let inserted = audited.tx().run(
        "INSERT INTO member (id, email, name, password, created_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (email) DO NOTHING",
        (account.member.as_bytes(), account.email.as_str(), &account.name, &account.password, now.as_microsecond()),
    )?;
    Ok(inserted == 1)
}

pub(super) fn insert_membership(audited: &Audited<'_>, member: MemberId, org: OrgId) -> Result<(), Fault> {
    audited
        .tx()
        .run("INSERT INTO membership (member_id, org_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING", (member.as_bytes(), org.as_bytes()))?;
    Ok(())
}

pub(super) fn delete_membership(audited: &Audited<'_>, member: MemberId, org: OrgId) -> Result<(), Fault> {
    let of_both = (member.as_bytes(), org.as_bytes());
    audited.tx().run("DELETE FROM membership WHERE member_id = ?1 AND org_id = ?2", of_both)?;
    audited.tx().run("DELETE FROM session WHERE member_id = ?1 AND org_id = ?2", of_both)?;
    Ok(())
}

pub(super) fn delete_account_without_membership(audited: &Audited<'_>, member: MemberId) -> Result<(), Fault> {
    audited
        .tx()
        .run("DELETE FROM member WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM membership WHERE member_id = ?1)", (member.as_bytes(),))?;
    Ok(())
}

pub(super) fn profile(reader: &impl Read, member: MemberId) -> Result<Option<Profile>, Fault> {
    reader.optional("SELECT name, email FROM member WHERE id = ?1", (member.as_bytes(),), |row| {
        Ok(Profile { name: row.get(0)?, email: row.get(1)? })
    })
}

pub(super) fn profiles_of_org(reader: &impl Read, org: OrgId) -> Result<Vec<(MemberId, Profile)>, Fault> {
    reader.all(
        "SELECT member.id, member.name, member.email FROM membership JOIN member ON member.id = membership.member_id
         WHERE membership.org_id = ?1 ORDER BY member.name COLLATE NOCASE, member.email",
        (org.as_bytes(),),
        |row| Ok((MemberId::from_bytes(row.get(0)?), Profile { name: row.get(1)?, email: row.get(2)? })),
    )
}

pub(super) fn email_of(reader: &impl Read, member: MemberId) -> Result<Option<Email>, Fault> {
    let text: Option<String> = reader.optional("SELECT email FROM member WHERE id = ?1", (member.as_bytes(),), |row| row.get(0))?;
    Ok(text.as_deref().and_then(Email::parse))
}

pub(super) fn set_name(audited: &Audited<'_>, member: MemberId, name: &str) -> Result<(), Fault> {
    audited.tx().run("UPDATE member SET name = ?2 WHERE id = ?1", (member.as_bytes(), name))?;
    Ok(())
}

/// Answers `false`, and changes nothing, where the address is taken.
pub(super) fn set_email(audited: &Audited<'_>, member: MemberId, email: &Email) -> Result<bool, Fault> {
    audited.tx().insert_new("UPDATE member SET email = ?2 WHERE id = ?1", (member.as_bytes(), email.as_str()))
}

pub(super) fn password_of(reader: &impl Read, member: MemberId) -> Result<Option<String>, Fault> {
    reader.optional("SELECT password FROM member WHERE id = ?1", (member.as_bytes(),), |row| row.get(0))
}

pub(super) fn set_password(audited: &Audited<'_>, member: MemberId, hash: &str) -> Result<(), Fault> {
    audited.tx().run("UPDATE member SET password = ?2 WHERE id = ?1", (member.as_bytes(), hash))?;
    Ok(())
}

pub(super) fn account_by_email(reader: &impl Read, email: &Email) -> Result<Option<Account>, Fault> {
    let email = email.clone();
    reader.optional("SELECT id, name, password FROM member WHERE email = ?1", (email.as_str(),), |row| {
        Ok(Account { member: MemberId::from_bytes(row.get(0)?), email: email.clone(), name: row.get(1)?, password: row.get(2)? })
    })
}

pub(super) fn name_of(reader: &impl Read, member: MemberId) -> Result<Option<String>, Fault> {
    reader.optional("SELECT name FROM member WHERE id = ?1", (member.as_bytes(),), |row| row.get(0))
}

pub(super) fn first_org_of(reader: &impl Read, member: MemberId) -> Result<Option<OrgId>, Fault> {
    reader.optional("SELECT org_id FROM membership WHERE member_id = ?1 ORDER BY org_id LIMIT 1", (member.as_bytes(),), |row| {
        Ok(OrgId::from_bytes(row.get(0)?))
    })
}

pub(super) fn insert_session(tx: &Tx<'_>, digest: &TokenDigest, row: &session::Row) -> Result<(), Fault> {
    tx.run(
        "INSERT INTO session (token_hash, id, member_id, org_id, device, created_at, last_seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            digest.as_bytes().as_slice(),
            row.id.as_bytes(),
            row.member.as_bytes(),
            row.org.as_bytes(),
            &row.device,
            row.created_at.as_microsecond(),
            row.last_seen_at.as_microsecond(),
        ),
    )?;
    Ok(())
}

fn session_of(row: &Row<'_>) -> rusqlite::Result<session::Row> {
    Ok(session::Row {
        id: SessionId::from_bytes(row.get(0)?),
        member: MemberId::from_bytes(row.get(1)?),
        org: OrgId::from_bytes(row.get(2)?),
        device: row.get(3)?,
        created_at: micros(row.get(4)?),
        last_seen_at: micros(row.get(5)?),
    })
}

pub(super) fn session(reader: &impl Read, digest: &TokenDigest) -> Result<Option<session::Row>, Fault> {
    reader.optional(
        "SELECT id, member_id, org_id, device, created_at, last_seen_at FROM session WHERE token_hash = ?1",
        (digest.as_bytes().as_slice(),),
        session_of,
    )
}

/// Each with the digest of its cookie.
pub(super) fn sessions_of(reader: &impl Read, member: MemberId) -> Result<Vec<([u8; 32], session::Row)>, Fault> {
    reader.all(
        "SELECT id, member_id, org_id, device, created_at, last_seen_at, token_hash FROM session WHERE member_id = ?1
         ORDER BY last_seen_at DESC, id DESC",
        (member.as_bytes(),),
        |row| Ok((row.get(6)?, session_of(row)?)),
    )
}

pub(super) fn has_session(reader: &impl Read, member: MemberId, id: SessionId) -> Result<bool, Fault> {
    let found = reader.optional("SELECT 1 FROM session WHERE id = ?1 AND member_id = ?2", (id.as_bytes(), member.as_bytes()), |row| {
        row.get::<_, i64>(0)
    })?;
    Ok(found.is_some())
}

pub(super) fn delete_session_by_id(audited: &Audited<'_>, member: MemberId, id: SessionId) -> Result<(), Fault> {
    audited.tx().run("DELETE FROM session WHERE id = ?1 AND member_id = ?2", (id.as_bytes(), member.as_bytes()))?;
    Ok(())
}

pub(super) fn delete_other_sessions(audited: &Audited<'_>, member: MemberId, keep: &TokenDigest) -> Result<(), Fault> {
    audited.tx().run("DELETE FROM session WHERE member_id = ?1 AND token_hash <> ?2", (member.as_bytes(), keep.as_bytes().as_slice()))?;
    Ok(())
}

pub(super) fn delete_sessions_of(audited: &Audited<'_>, member: MemberId) -> Result<usize, Fault> {
    audited.tx().run("DELETE FROM session WHERE member_id = ?1", (member.as_bytes(),))
}

pub(super) fn touch_session(tx: &Tx<'_>, digest: &TokenDigest, now: Instant) -> Result<(), Fault> {
    tx.run("UPDATE session SET last_seen_at = ?2 WHERE token_hash = ?1", (digest.as_bytes().as_slice(), now.as_microsecond()))?;
    Ok(())
}

pub(super) fn delete_session(tx: &Tx<'_>, digest: &TokenDigest) -> Result<(), Fault> {
    tx.run("DELETE FROM session WHERE token_hash = ?1", (digest.as_bytes().as_slice(),))?;
    Ok(())
}

pub(super) fn delete_sessions_before(tx: &Tx<'_>, created_before: Instant) -> Result<(), Fault> {
    tx.run("DELETE FROM session WHERE created_at < ?1", (created_before.as_microsecond(),))?;
    Ok(())
}

/// All sessions of this member but so many that were seen last.
pub(super) fn delete_sessions_beyond(tx: &Tx<'_>, member: MemberId, most: usize) -> Result<(), Fault> {
    tx.run(
        "DELETE FROM session WHERE member_id = ?1 AND token_hash NOT IN
            (SELECT token_hash FROM session WHERE member_id = ?1 ORDER BY last_seen_at DESC, id DESC LIMIT ?2)",
        (member.as_bytes(), i64::try_from(most).unwrap_or(i64::MAX)),
    )?;
    Ok(())
}

pub(super) fn set_role(audited: &Audited<'_>, member: MemberId, role: Role) -> Result<(), Fault> {
    audited.tx().run(
        "INSERT INTO role (member_id, role) VALUES (?1, ?2) ON CONFLICT (member_id) DO UPDATE SET role = excluded.role",
        (member.as_bytes(), role.as_str()),
    )?;
    Ok(())
}

pub(super) fn role_of(reader: &impl Read, member: MemberId) -> Result<Option<Role>, Fault> {
    let word: Option<String> = reader.optional("SELECT role FROM role WHERE member_id = ?1", (member.as_bytes(),), |row| row.get(0))?;
    Ok(word.as_deref().and_then(Role::parse))
}

pub(super) fn roles(reader: &impl Read) -> Result<Vec<(MemberId, Role)>, Fault> {
    let rows: Vec<(MemberId, String)> = reader
        .all("SELECT member_id, role FROM role ORDER BY member_id", (), |row| Ok((MemberId::from_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(rows.into_iter().filter_map(|(member, word)| Role::parse(&word).map(|role| (member, role))).collect())
}

pub(super) fn owners(reader: &impl Read) -> Result<i64, Fault> {
    reader.one("SELECT count(*) FROM role WHERE role = 'owner'", (), |row| row.get(0))
}

pub(super) fn delete_role(audited: &Audited<'_>, member: MemberId) -> Result<(), Fault> {
    audited.tx().run("DELETE FROM role WHERE member_id = ?1", (member.as_bytes(),))?;
    Ok(())
}

pub(super) fn insert_api_token(audited: &Audited<'_>, digest: &TokenDigest, token: &ApiToken) -> Result<(), Fault> {
    audited.tx().run(
        "INSERT INTO api_token (token_hash, id, name, member_id, scopes, made_with, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            digest.as_bytes().as_slice(),
            token.id.as_bytes(),
            &token.name,
            token.member.as_bytes(),
            api_token::words(&token.scopes),
            token.made_with.map(|parent| *parent.as_bytes()),
            token.created_at.as_microsecond(),
            token.expires_at.as_microsecond(),
        ),
    )?;
    Ok(())
}

fn api_token_of(row: &Row<'_>) -> rusqlite::Result<ApiToken> {
    let (scopes, last_used_at, made_with): (String, Option<i64>, Option<[u8; 16]>) = (row.get(3)?, row.get(6)?, row.get(7)?);
    Ok(ApiToken {
        id: ApiTokenId::from_bytes(row.get(0)?),
        name: row.get(1)?,
        member: MemberId::from_bytes(row.get(2)?),
        scopes: scopes.split(' ').filter_map(Scope::parse).collect(),
        made_with: made_with.map(ApiTokenId::from_bytes),
        created_at: micros(row.get(4)?),
        expires_at: micros(row.get(5)?),
        last_used_at: last_used_at.map(micros),
    })
}

pub(super) fn api_token(reader: &impl Read, digest: &TokenDigest) -> Result<Option<ApiToken>, Fault> {
    reader.optional(
        "SELECT id, name, member_id, scopes, created_at, expires_at, last_used_at, made_with FROM api_token
         WHERE token_hash = ?1",
        (digest.as_bytes().as_slice(),),
        api_token_of,
    )
}

pub(super) fn live_api_tokens(reader: &impl Read, now: Instant) -> Result<Vec<ApiToken>, Fault> {
    reader.all(
        "SELECT id, name, member_id, scopes, created_at, expires_at, last_used_at, made_with FROM api_token WHERE expires_at > ?1
         ORDER BY created_at DESC, id DESC",
        (now.as_microsecond(),),
        api_token_of,
    )
}

pub(super) fn touch_api_token(tx: &Tx<'_>, digest: &TokenDigest, now: Instant) -> Result<(), Fault> {
    tx.run("UPDATE api_token SET last_used_at = ?2 WHERE token_hash = ?1", (digest.as_bytes().as_slice(), now.as_microsecond()))?;
    Ok(())
}

pub(super) fn delete_api_token(audited: &Audited<'_>, id: ApiTokenId) -> Result<(), Fault> {
    audited.tx().run("DELETE FROM api_token WHERE id = ?1", (id.as_bytes(),))?;
    Ok(())
}

pub(super) fn delete_api_tokens_of(audited: &Audited<'_>, member: MemberId) -> Result<(), Fault> {
    audited.tx().run("DELETE FROM api_token WHERE member_id = ?1", (member.as_bytes(),))?;
    Ok(())
}

pub(super) fn delete_api_tokens_ended(audited: &Audited<'_>, now: Instant) -> Result<(), Fault> {
    audited.tx().run("DELETE FROM api_token WHERE expires_at <= ?1", (now.as_microsecond(),))?;
    Ok(())
}
