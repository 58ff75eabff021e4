//! API tokens: scoped, expiring, bound to a member, stored only as a hash.
//!
//! A token's text is `srt_<organisation, 32 hex digits>_<random>`: it names its organisation, so no routing table exists. What a token
//! may do is never more than its member may at that moment, nor than the token that made it; and it ends with that one.

use crate::audit::{self, Act, Actor};
use crate::auth::principal::Via;
use crate::auth::{Principal, Scope, sql};
use crate::base::clock::{Instant, SignedDuration};
use crate::base::error::{Code, Fault};
use crate::base::id::{ApiTokenId, MemberId, OrgId};
use crate::base::text::one_line;
use crate::crypto::random;
use crate::crypto::token::{Token, TokenDigest};
use crate::store::{OrgDb, Store, Tx};

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
    /// The token that made it; no value: a session, or whoever runs the machine.
    pub made_with: Option<ApiTokenId>,
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
    /// Longer than [`NAME_CHARS_MAX`].
    NameTooLong,
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
    let name = one_line(&wish.name, NAME_CHARS_MAX + 1);
    if name.is_empty() {
        return Err(TokenError::NameMissing);
    }
    if name.chars().count() > NAME_CHARS_MAX {
        return Err(TokenError::NameTooLong);
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
    let ends_at = now + SignedDuration::from_hours(24 * wish.days);
    let (made_with, ends_at) = who.token().map_or((None, ends_at), |(parent, ends)| (Some(parent), ends.min(ends_at)));
    let wish = Wish { member: who.member(), name, scopes: wish.scopes.clone(), made_with, ends_at };
    make(org, wish, who.actor(), now, move |tx, token| {
        let role = sql::role_of(tx, token.member)?;
        let live: Vec<ApiToken> = sql::live_api_tokens(tx, now)?.into_iter().filter(|other| other.member == token.member).collect();
        let is_held = role.is_some_and(|role| token.scopes.iter().all(|scope| role.allows(*scope)));
        if !is_held || token.made_with.is_some_and(|parent| live.iter().all(|other| other.id != parent)) {
            return Err(TokenError::NotHeld);
        }
        if live.len() >= TOKENS_MAX { Err(TokenError::TooMany) } else { Ok(()) }
    })
}

/// Makes a token for a member, on behalf of whoever runs the machine.
pub fn create(org: &OrgDb, of: (MemberId, &str), scopes: &[Scope], actor: Actor, now: Instant) -> Result<Token, Fault> {
    let ends_at = now + SignedDuration::from_hours(24 * LIFETIME_DAYS);
    let wish = Wish { member: of.0, name: of.1.to_owned(), scopes: scopes.to_vec(), made_with: None, ends_at };
    Ok(make(org, wish, actor, now, |_, _| Ok::<_, Fault>(()))?.0)
}

/// A token that is to be.
struct Wish {
    member: MemberId,
    name: String,
    scopes: Vec<Scope>,
    made_with: Option<ApiTokenId>,
    ends_at: Instant,
}

/// Makes it where `check` finds nothing against it, in the very transaction that writes it.
fn make<E: From<Fault> + Send + 'static>(
    org: &OrgDb,
    wish: Wish,
    actor: Actor,
    now: Instant,
    check: impl FnOnce(&Tx<'_>, &ApiToken) -> Result<(), E> + Send + 'static,
) -> Result<(Token, ApiToken), E> {
    let token = Token::generate(&format!("{PREFIX}{}_", hex::encode(org.id().as_bytes())))?;
    let (id, digest) = (ApiTokenId::new(now, random::bytes()?), token.digest());
    let Wish { member, name, scopes, made_with, ends_at } = wish;
    let made = ApiToken { id, name, member, scopes, made_with, created_at: now, expires_at: ends_at, last_used_at: None };
    let row = made.clone();
    org.write(move |tx| {
        check(tx, &row)?;
        let act = Act::TokenCreated { name: row.name.clone(), scopes: words(&row.scopes) };
        let audited = audit::record(tx, now, actor, &act)?;
        sql::delete_api_tokens_ended(&audited, now)?;
        Ok::<_, E>(sql::insert_api_token(&audited, &digest, &row)?)
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

/// Ends a token of one's own, or of anybody where one may remove members, and whatever was made with it: whoever took it may have made others
/// to keep. `false` where there is none that one may see.
pub fn revoke(org: &OrgDb, who: &Principal, id: ApiTokenId, now: Instant) -> Result<bool, Fault> {
    let (member, actor, sees_all) = (who.member(), who.actor(), who.may(Scope::WriteMembers));
    org.write(move |tx| {
        let live = sql::live_api_tokens(tx, now)?;
        if !live.iter().any(|token| token.id == id && (sees_all || token.member == member)) {
            return Ok(false);
        }
        for token in with_descendants(live, id) {
            let audited = audit::record(tx, now, actor, &Act::TokenRevoked { name: token.name, member: token.member })?;
            sql::delete_api_token(&audited, token.id)?;
        }
        Ok(true)
    })
}

/// The token of this id, and those that were made with it, or with one of those.
fn with_descendants(live: Vec<ApiToken>, id: ApiTokenId) -> impl Iterator<Item = ApiToken> {
    let (mut ids, mut asked) = (vec![id], 0);
    while let Some(parent) = ids.get(asked).copied() {
        ids.extend(live.iter().filter(|token| token.made_with == Some(parent)).map(|token| token.id));
        asked += 1;
    }
    live.into_iter().filter(move |token| ids.contains(&token.id))
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
    let token = org.known("token", digest.as_bytes(), |reader| sql::api_token(reader, &digest))?;
    let Some(token) = token.as_ref().as_ref().filter(|token| token.expires_at > now) else {
        return Ok(None);
    };
    if token.last_used_at.is_none_or(|at| now.duration_since(at) >= TOUCH_EVERY) {
        let touched = org.write(move |tx| sql::touch_api_token(tx, &digest, now));
        // While nothing can be written, what is asked may still be read.
        touched.or_else(|fault: Fault| if fault.code() == Code::Fenced { Ok(()) } else { Err(fault) })?;
    }
    let via = Via::Token { id: token.id, scopes: token.scopes.clone(), ends_at: token.expires_at };
    Ok(Principal::load(&org, token.member, via)?.map(|principal| (principal, org)))
}

/// The organisation that a token's text names.
fn org_of(text: &str) -> Option<OrgId> {
    let (org, _) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let mut bytes = [0_u8; 16];
    hex::decode_to_slice(org, &mut bytes).ok()?;
    Some(OrgId::from_bytes(bytes))
}
