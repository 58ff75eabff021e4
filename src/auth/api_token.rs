//! API tokens: scoped, expiring, bound to a member, stored only as a hash.
//!
//! A token's text is `srt_<organisation, 32 hex digits>_<random>`: it names its organisation, so no routing table exists. What a token
//! may do is never more than its member may at that moment, nor than the token that made it.

use crate::audit::{self, Act, Actor};
use crate::auth::principal::Via;
use crate::auth::{Principal, Scope, sql};
use crate::base::clock::{Instant, SignedDuration};
use crate::base::error::{Code, Fault};
use crate::base::id::{ApiTokenId, MemberId, OrgId};
use crate::base::text::one_line;
use crate::crypto::random;
use crate::crypto::token::{Token, TokenDigest};
use crate::store::{OrgDb, Store};

/// How long a token lives unless asked otherwise, in days (DECISIONS, 'Formats').
pub const LIFETIME_DAYS: i64 = 90;
/// Longest life of a token, in days: a year, so that each is looked at once in a while.
pub const LIFETIME_DAYS_MAX: i64 = 365;
/// Longest name of a token, in characters: one cell of a list.
pub const NAME_CHARS_MAX: usize = 80;
/// Most live tokens of one member: a list that can be read.
pub const TOKENS_MAX: usize = 50;
/// The last use is written down at most this often: a call must not cost a commit.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(10);
const PREFIX: &str = "srt_";

/// A token, as its holder sees it.
#[derive(Clone, Debug)]
pub struct ApiToken {
    pub id: ApiTokenId,
    pub name: String,
    pub member: MemberId,
    pub scopes: Vec<Scope>,
    pub created_at: Instant,
    pub expires_at: Instant,
    /// Rounded down to ten minutes.
    pub last_used_at: Option<Instant>,
}

/// What a new token should be.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub name: String,
    pub scopes: Vec<Scope>,
    pub days: i64,
}

/// Why no token was made.
#[derive(Debug)]
pub enum TokenError {
    NameMissing,
    NoScope,
    /// A scope that whoever asks does not have.
    NotHeld,
    BadLifetime,
    TooMany,
    Fault(Fault),
}

impl From<Fault> for TokenError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Makes a token for whoever asks and answers its text, which is kept nowhere.
pub fn issue(org: &OrgDb, who: &Principal, wish: &NewToken, now: Instant) -> Result<(Token, ApiToken), TokenError> {
    let name = one_line(&wish.name, NAME_CHARS_MAX);
    if name.is_empty() {
        return Err(TokenError::NameMissing);
    }
    if wish.scopes.is_empty() {
        return Err(TokenError::NoScope);
    }
    if !wish.scopes.iter().all(|scope| who.may(*scope)) {
        return Err(TokenError::NotHeld);
    }
    if !(1..=LIFETIME_DAYS_MAX).contains(&wish.days) {
        return Err(TokenError::BadLifetime);
    }
    if list(org, Some(who.member()), now)?.len() >= TOKENS_MAX {
        return Err(TokenError::TooMany);
    }
    let ends_at = now + SignedDuration::from_hours(24 * wish.days);
    let ends_at = who.ends_at().map_or(ends_at, |parent| parent.min(ends_at));
    Ok(make(org, (who.member(), &name), &wish.scopes, (who.actor(), ends_at), now)?)
}

/// Makes a token for a member, on behalf of whoever runs the machine.
pub fn create(org: &OrgDb, of: (MemberId, &str), scopes: &[Scope], actor: Actor, now: Instant) -> Result<Token, Fault> {
    Ok(make(org, of, scopes, (actor, now + SignedDuration::from_hours(24 * LIFETIME_DAYS)), now)?.0)
}

fn make(
    org: &OrgDb,
    (member, name): (MemberId, &str),
    scopes: &[Scope],
    (actor, expires_at): (Actor, Instant),
    now: Instant,
) -> Result<(Token, ApiToken), Fault> {
    let token = Token::generate(&format!("{PREFIX}{}_", hex::encode(org.id().as_bytes())))?;
    let (id, digest) = (ApiTokenId::new(now, random::bytes()?), token.digest());
    let made = ApiToken { id, name: name.to_owned(), member, scopes: scopes.to_vec(), created_at: now, expires_at, last_used_at: None };
    let row = made.clone();
    org.write(move |tx| {
        let act = Act::TokenCreated { name: row.name.clone(), scopes: words(&row.scopes) };
        let audited = audit::record(tx, now, actor, &act)?;
        sql::delete_api_tokens_ended(&audited, now)?;
        sql::insert_api_token(&audited, &digest, &row)
    })?;
    Ok((token, made))
}

/// The scopes as they are stored, and as the log says them.
pub(super) fn words(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

/// The live tokens of a member, or of everybody; the newest first.
pub fn list(org: &OrgDb, of: Option<MemberId>, now: Instant) -> Result<Vec<ApiToken>, Fault> {
    let all = org.read(|reader| sql::live_api_tokens(reader, now))?;
    Ok(all.into_iter().filter(|token| of.is_none_or(|member| token.member == member)).collect())
}

/// Ends a token of one's own, or of anybody where one may remove members. `false` where there is none that one may see.
pub fn revoke(org: &OrgDb, who: &Principal, id: ApiTokenId, now: Instant) -> Result<bool, Fault> {
    let (member, actor, sees_all) = (who.member(), who.actor(), who.may(Scope::WriteMembers));
    org.write(move |tx| {
        let found = sql::live_api_tokens(tx, now)?.into_iter().find(|token| token.id == id && (sees_all || token.member == member));
        let Some(token) = found else {
            return Ok(false);
        };
        let audited = audit::record(tx, now, actor, &Act::TokenRevoked { name: token.name, member: token.member })?;
        sql::delete_api_token(&audited, id)?;
        Ok(true)
    })
}

/// The principal behind a token, with the organisation's file; `None` for an unknown or expired one.
pub fn resume(store: &Store, text: &str, now: Instant) -> Result<Option<(Principal, OrgDb)>, Fault> {
    let Some(org) = org_of(text) else {
        return Ok(None);
    };
    let Some(org) = store.org(org)? else {
        return Ok(None);
    };
    let digest = TokenDigest::of(text);
    let Some(token) = org.read(|reader| sql::live_api_token(reader, &digest, now))? else {
        return Ok(None);
    };
    if token.last_used_at.is_none_or(|at| now.duration_since(at) >= TOUCH_EVERY) {
        let touched = org.write(move |tx| sql::touch_api_token(tx, &digest, now));
        // While nothing can be written, what is asked may still be read.
        touched.or_else(|fault: Fault| if fault.code() == Code::Fenced { Ok(()) } else { Err(fault) })?;
    }
    let via = Via::Token { scopes: token.scopes, ends_at: token.expires_at };
    Ok(Principal::load(&org, token.member, via)?.map(|principal| (principal, org)))
}

/// The organisation that a token's text names.
fn org_of(text: &str) -> Option<OrgId> {
    let (org, _) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let mut bytes = [0_u8; 16];
    hex::decode_to_slice(org, &mut bytes).ok()?;
    Some(OrgId::from_bytes(bytes))
}
