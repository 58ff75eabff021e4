//! Cookie sessions: random, stored only as a hash, with an idle and an absolute end.

use crate::auth::principal::Via;
use crate::auth::{Principal, sql};
use crate::base::clock::{Instant, SignedDuration};
use crate::base::error::{Code, Fault};
use crate::base::id::{MemberId, OrgId};
use crate::crypto::token::{Token, TokenDigest};
use crate::store::{MainDb, OrgDb, Store};

/// A session ends this long after its last request: a forgotten tab on a shared desk (OWASP ASVS 3.3.2).
const IDLE_MAX: SignedDuration = SignedDuration::from_mins(60);
/// A session ends this long after it began, whatever happens: one working day.
const ABSOLUTE_MAX: SignedDuration = SignedDuration::from_hours(12);
/// The last request is written down at most this often: a page must not cost a commit.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// A session's row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub member: MemberId,
    pub org: OrgId,
    pub created_at: Instant,
    pub last_seen_at: Instant,
}

/// Begins a session and answers the cookie's value, which is kept nowhere.
pub(super) fn begin(main: &MainDb, member: MemberId, org: OrgId, now: Instant) -> Result<Token, Fault> {
    let token = Token::generate("")?;
    let digest = token.digest();
    let row = Row { member, org, created_at: now, last_seen_at: now };
    main.write(move |tx| {
        sql::delete_sessions_before(tx, now - ABSOLUTE_MAX)?;
        sql::insert_session(tx, &digest, &row)
    })?;
    Ok(token)
}

/// The principal behind a cookie, with the organisation's file; `None` for an unknown, idle or ended session.
pub fn resume(store: &Store, cookie: &str, now: Instant) -> Result<Option<(Principal, OrgDb)>, Fault> {
    let digest = TokenDigest::of(cookie);
    let Some(row) = store.main().read(|reader| sql::session(reader, &digest))? else {
        return Ok(None);
    };
    let is_live = now.duration_since(row.last_seen_at) < IDLE_MAX && now.duration_since(row.created_at) < ABSOLUTE_MAX;
    if !is_live {
        let deleted = store.main().write(move |tx| sql::delete_session(tx, &digest));
        return where_it_can_be_written(deleted).map(|()| None);
    }
    if now.duration_since(row.last_seen_at) >= TOUCH_EVERY {
        where_it_can_be_written(store.main().write(move |tx| sql::touch_session(tx, &digest, now)))?;
    }
    let Some(org) = store.org(row.org)? else {
        return Ok(None);
    };
    Ok(Principal::load(&org, row.member, Via::Session)?.map(|principal| (principal, org)))
}

/// While nothing can be written, pages can still be read: a session is then over whether or not its row can go, and ends earlier than it would
/// have where its last request cannot be written down.
fn where_it_can_be_written(written: Result<(), Fault>) -> Result<(), Fault> {
    written.or_else(|fault| if fault.code() == Code::Fenced { Ok(()) } else { Err(fault) })
}

/// Ends the session of this cookie. An unknown one is ended already.
pub fn end(main: &MainDb, cookie: &str) -> Result<(), Fault> {
    let digest = TokenDigest::of(cookie);
    main.write(move |tx| sql::delete_session(tx, &digest))
}
