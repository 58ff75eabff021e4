//! `member`, `membership` and `session` in `main.db`; `role` and `api_token` in the organisation's file.

use crate::audit::Audited;
use crate::auth::Role;
use crate::auth::account::Email;
use crate::auth::session;
use crate::base::clock::{Instant, micros};
use crate::base::error::Fault;
use crate::base::id::{MemberId, OrgId};
use crate::crypto::token::TokenDigest;
use crate::store::{Read, Tx};

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
    audited.tx().run("INSERT INTO membership (member_id, org_id) VALUES (?1, ?2)", (member.as_bytes(), org.as_bytes()))?;
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
        "INSERT INTO session (token_hash, member_id, org_id, created_at, last_seen_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            digest.as_bytes().as_slice(),
            row.member.as_bytes(),
            row.org.as_bytes(),
            row.created_at.as_microsecond(),
            row.last_seen_at.as_microsecond(),
        ),
    )?;
    Ok(())
}

pub(super) fn session(reader: &impl Read, digest: &TokenDigest) -> Result<Option<session::Row>, Fault> {
    reader.optional(
        "SELECT member_id, org_id, created_at, last_seen_at FROM session WHERE token_hash = ?1",
        (digest.as_bytes().as_slice(),),
        |row| {
            Ok(session::Row {
                member: MemberId::from_bytes(row.get(0)?),
                org: OrgId::from_bytes(row.get(1)?),
                created_at: micros(row.get(2)?),
                last_seen_at: micros(row.get(3)?),
            })
        },
    )
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

pub(super) struct ApiToken {
    pub digest: TokenDigest,
    pub name: String,
    pub member: MemberId,
    pub scopes: String,
}

pub(super) fn insert_api_token(audited: &Audited<'_>, token: &ApiToken, now: Instant, expires_at: Instant) -> Result<(), Fault> {
    audited.tx().run(
        "INSERT INTO api_token (token_hash, name, member_id, scopes, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            token.digest.as_bytes().as_slice(),
            &token.name,
            token.member.as_bytes(),
            &token.scopes,
            now.as_microsecond(),
            expires_at.as_microsecond(),
        ),
    )?;
    Ok(())
}

pub(super) fn live_api_token(reader: &impl Read, digest: &TokenDigest, now: Instant) -> Result<Option<(MemberId, String)>, Fault> {
    reader.optional(
        "SELECT member_id, scopes FROM api_token WHERE token_hash = ?1 AND expires_at > ?2",
        (digest.as_bytes().as_slice(), now.as_microsecond()),
        |row| Ok((MemberId::from_bytes(row.get(0)?), row.get(1)?)),
    )
}
