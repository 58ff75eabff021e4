//! Cookie sessions: random, stored only as a hash, with an idle and an absolute end.

use crate::audit::{self, Act, Actor};
use crate::auth::principal::Via;
use crate::auth::sign_in::Proven;
use crate::auth::{Principal, sql};
use crate::base::clock::{Instant, SignedDuration};
use crate::base::error::{Code, Fault};
use crate::base::id::{MemberId, OrgId, SessionId};
use crate::base::text::one_line;
use crate::crypto::random;
use crate::crypto::token::{Token, TokenDigest};
use crate::store::{MainDb, OrgDb, Store};

/// A session ends this long after its last request: a forgotten tab on a shared desk (OWASP ASVS 3.3.2).
pub const IDLE_MAX: SignedDuration = SignedDuration::from_mins(30);
/// A session ends this long after it began, whatever happens: one working day.
pub const ABSOLUTE_MAX: SignedDuration = SignedDuration::from_hours(12);
/// For so long after it began a session hands on rights without the password: a person who signs in to make a token makes it within minutes,
/// and whoever finds an open browser later should not be able to stay (OWASP ASVS 3.7.1).
pub const FRESH_MAX: SignedDuration = SignedDuration::from_mins(15);
/// The last request is written down at most this often: a page must not cost a commit.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// How far the clock may be set back under a session: a correction of a clock that runs badly. Who signed in later than that after now did so
/// by a clock that was wrong, and their session would outlast its bounds by as much.
const SET_BACK_MAX: SignedDuration = SignedDuration::from_mins(5);
/// Most sessions of one member; beyond, the one that was seen the longest ago ends. A person has a handful of devices, and a script that signs
/// in for every request must not fill the disk.
const SESSIONS_MAX: usize = 50;

/// Longest words for a device, in characters: one cell of a list.
const DEVICE_CHARS_MAX: usize = 60;

/// A session's row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub id: SessionId,
    pub member: MemberId,
    pub org: OrgId,
    pub device: String,
    pub created_at: Instant,
    pub last_seen_at: Instant,
}

impl Row {
    fn is_live(&self, now: Instant) -> bool {
        let is_within = |since: Instant, most| (-SET_BACK_MAX..most).contains(&now.duration_since(since));
        is_within(self.last_seen_at, IDLE_MAX) && is_within(self.created_at, ABSOLUTE_MAX)
    }
}

/// A session, as its holder sees it.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub device: String,
    pub began_at: Instant,
    pub last_seen_at: Instant,
    /// When it ends, whatever happens.
    pub ends_at: Instant,
    /// When it ends if nothing more is asked with it.
    pub idle_ends_at: Instant,
    /// Whether it is the one that is asking.
    pub is_this: bool,
}

/// Begins a session and answers the cookie's value, which is kept nowhere. `None` where the password that was shown is not theirs any more: a
/// change of password ends what was about to begin, too.
pub(super) fn begin(main: &MainDb, by: Proven, org: OrgId, device: &str, now: Instant) -> Result<Option<Token>, Fault> {
    let token = Token::generate("")?;
    let digest = token.digest();
    let id = SessionId::new(now, random::bytes()?);
    let row = Row { id, member: by.member(), org, device: one_line(device, DEVICE_CHARS_MAX), created_at: now, last_seen_at: now };
    let has_begun = main.write(move |tx| {
        if !by.holds(tx)? {
            return Ok::<_, Fault>(false);
        }
        sql::delete_sessions_before(tx, now - ABSOLUTE_MAX)?;
        sql::delete_sessions_beyond(tx, row.member, SESSIONS_MAX - 1)?;
        sql::insert_session(tx, &digest, &row)?;
        Ok(true)
    })?;
    Ok(has_begun.then_some(token))
}

/// The principal behind a cookie, with the organisation's file; `None` for an unknown, idle or ended session.
pub fn resume(store: &Store, cookie: &str, now: Instant) -> Result<Option<(Principal, OrgDb)>, Fault> {
    let digest = TokenDigest::of(cookie);
    let row = store.main().known("session", digest.as_bytes(), |reader| sql::session(reader, &digest))?;
    let Some(row) = row.as_ref() else {
        return Ok(None);
    };
    if !row.is_live(now) {
        let deleted = store.main().write(move |tx| sql::delete_session(tx, &digest));
        return where_it_can_be_written(deleted).map(|()| None);
    }
    if now.duration_since(row.last_seen_at) >= TOUCH_EVERY {
        where_it_can_be_written(store.main().write(move |tx| sql::touch_session(tx, &digest, now)))?;
    }
    let Some(org) = store.org(row.org)? else {
        return Ok(None);
    };
    Ok(Principal::load(&org, row.member, Via::Session { began_at: row.created_at })?.map(|principal| (principal, org)))
}

/// Whether a session that began then is younger than [`FRESH_MAX`].
pub(super) fn is_fresh(began_at: Instant, now: Instant) -> bool {
    (-SET_BACK_MAX..FRESH_MAX).contains(&now.duration_since(began_at))
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

/// The member's live sessions, the last seen first. `cookie` is that of whoever asks.
pub fn list(main: &MainDb, member: MemberId, cookie: &str, now: Instant) -> Result<Vec<Session>, Fault> {
    let this = TokenDigest::of(cookie);
    let rows = main.read(|reader| sql::sessions_of(reader, member))?;
    let live = rows.into_iter().filter(|(_, row)| row.is_live(now));
    Ok(live
        .map(|(digest, row)| Session {
            id: row.id,
            began_at: row.created_at,
            last_seen_at: row.last_seen_at,
            ends_at: row.created_at + ABSOLUTE_MAX,
            idle_ends_at: (row.last_seen_at + IDLE_MAX).min(row.created_at + ABSOLUTE_MAX),
            is_this: digest == *this.as_bytes(),
            device: row.device,
        })
        .collect())
}

/// Ends one session of this member. `false` where they have none of this id: another's is as if it did not exist.
pub fn revoke(main: &MainDb, member: MemberId, id: SessionId, actor: Actor, now: Instant) -> Result<bool, Fault> {
    main.write(move |tx| {
        if !sql::has_session(tx, member, id)? {
            return Ok(false);
        }
        let audited = audit::record(tx, now, actor, &Act::SessionsEnded { member, sessions: 1 })?;
        sql::delete_session_by_id(&audited, member, id)?;
        Ok(true)
    })
}

/// Ends all sessions of this member but the one of `cookie`; answers how many.
pub fn revoke_others(main: &MainDb, member: MemberId, cookie: &str, actor: Actor, now: Instant) -> Result<u64, Fault> {
    let keep = TokenDigest::of(cookie);
    main.write(move |tx| {
        let others = sql::sessions_of(tx, member)?.iter().filter(|(digest, _)| digest != keep.as_bytes()).count() as u64;
        if others > 0 {
            let audited = audit::record(tx, now, actor, &Act::SessionsEnded { member, sessions: others })?;
            sql::delete_other_sessions(&audited, member, &keep)?;
        }
        Ok(others)
    })
}
