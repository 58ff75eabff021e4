//! API tokens: scoped, expiring, bound to a member, stored only as a hash.
//!
//! A token's text is `srt_<organisation, 32 hex digits>_<random>`: it names its organisation, so no routing table exists.

use crate::audit::{self, Act, Actor};
use crate::auth::principal::Via;
use crate::auth::{Principal, Scope, sql};
use crate::base::clock::{Instant, SignedDuration};
use crate::base::error::Fault;
use crate::base::id::{MemberId, OrgId};
use crate::crypto::token::{Token, TokenDigest};
use crate::store::{OrgDb, Store};

/// How long a token lives unless asked otherwise (DECISIONS, 'Formats').
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 90);
const PREFIX: &str = "srt_";

/// Makes a token and answers its text, which is kept nowhere.
pub fn create(org: &OrgDb, (member, name): (MemberId, &str), scopes: &[Scope], actor: Actor, now: Instant) -> Result<Token, Fault> {
    let token = Token::generate(&format!("{PREFIX}{}_", hex::encode(org.id().as_bytes())))?;
    let words = scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ");
    let row = sql::ApiToken { digest: token.digest(), name: name.to_owned(), member, scopes: words };
    org.write(move |tx| {
        let act = Act::TokenCreated { name: row.name.clone(), scopes: row.scopes.clone() };
        let audited = audit::record(tx, now, actor, &act)?;
        sql::insert_api_token(&audited, &row, now, now + LIFETIME)
    })?;
    Ok(token)
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
    let Some((member, scopes)) = org.read(|reader| sql::live_api_token(reader, &digest, now))? else {
        return Ok(None);
    };
    let scopes = scopes.split(' ').filter_map(Scope::parse).collect();
    Ok(Principal::load(&org, member, Via::Token(scopes))?.map(|principal| (principal, org)))
}

fn org_of(text: &str) -> Option<OrgId> {
    let (org, _) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let mut bytes = [0_u8; 16];
    hex::decode_to_slice(org, &mut bytes).ok()?;
    Some(OrgId::from_bytes(bytes))
}
