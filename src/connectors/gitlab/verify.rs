//! GitLab's two proofs: the signing token, by the rules of Standard Webhooks, and the older secret token, which is the secret
//! itself in `X-Gitlab-Token` (GitLab Docs, 'Webhooks'; the signed form came with merge request 230944 of gitlab-org/gitlab).
//!
//! Where a delivery is signed, the signature alone decides: a right token does not make up for a wrong one. The token proves
//! who sends, and nothing about the bytes: with it there is neither evidence of tampering nor a replay window, and a
//! repetition is recognised by a digest of the body.

use crate::base::clock::Instant;
use crate::base::secret::Secret;
use crate::connectors::delivery::Delivery;
use crate::connectors::{Unverified, standard_webhooks};
use crate::crypto::hash::sha256;
use crate::crypto::token::TokenDigest;

pub(super) const TOKEN: &str = "X-Gitlab-Token";

pub(super) fn verify(delivery: &Delivery, secret: &Secret<String>, now: Instant) -> Result<(), Unverified> {
    // The id alone is no sign of a signature: GitLab sends one as `Idempotency-Key`, and proxies copy headers.
    if delivery.has(standard_webhooks::SIGNATURE) {
        return standard_webhooks::verify(delivery, secret, now);
    }
    let token = delivery.header(TOKEN).filter(|token| !token.is_empty()).ok_or(Unverified::MissingSignature)?;
    // Two digests are compared, in constant time: what differs in length takes no other time either.
    if !secret.reveal().is_empty() && TokenDigest::of(secret.reveal()).is_of(token) { Ok(()) } else { Err(Unverified::BadSignature) }
}

/// The headers that prove `body` at `now`: the signed form.
pub(super) fn headers(body: &[u8], secret: &Secret<String>, now: Instant) -> Vec<(String, String)> {
    standard_webhooks::headers(body, secret, now)
}

/// What a repetition is recognised by, in either form.
pub(super) fn dedupe_key(delivery: &Delivery) -> String {
    hex::encode(sha256(delivery.body()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=";
    const BODY: &[u8] = br#"{"object_kind":"pipeline"}"#;

    fn now() -> Instant {
        "2026-06-01T12:00:00Z".parse().unwrap()
    }

    fn checked(headers: &[(String, String)]) -> Result<(), Unverified> {
        verify(&Delivery::new(headers.to_vec(), BODY.to_vec()), &Secret::new(SECRET.to_owned()), now())
    }

    fn token(value: &str) -> (String, String) {
        (TOKEN.to_owned(), value.to_owned())
    }

    fn signed() -> Vec<(String, String)> {
        headers(BODY, &Secret::new(SECRET.to_owned()), now())
    }

    #[test]
    fn the_token_is_the_secret_and_nothing_near_it() {
        assert_eq!(checked(&[token(SECRET)]), Ok(()));
        assert_eq!(checked(&[("x-gitlab-token".to_owned(), SECRET.to_owned())]), Ok(()));
        for wrong in ["whsec_", &SECRET[1..], &SECRET[..SECRET.len() - 1], &format!("{SECRET} "), &SECRET.to_lowercase()] {
            assert_eq!(checked(&[token(wrong)]), Err(Unverified::BadSignature), "{wrong}");
        }
        assert_eq!(checked(&[token("")]), Err(Unverified::MissingSignature));
        assert_eq!(checked(&[token(SECRET), token(SECRET)]), Err(Unverified::MissingSignature), "given twice");
        assert_eq!(checked(&[]), Err(Unverified::MissingSignature));
    }

    #[test]
    fn an_empty_secret_proves_nothing() {
        let naked = Delivery::new(vec![token("anything")], BODY.to_vec());
        assert_eq!(verify(&naked, &Secret::new(String::new()), now()), Err(Unverified::BadSignature));
    }

    #[test]
    fn where_there_is_a_signature_it_alone_decides() {
        assert_eq!(checked(&signed()), Ok(()));
        assert_eq!(checked(&[signed(), vec![token("a wrong token")]].concat()), Ok(()), "the token is not looked at");
        let mut broken = signed();
        broken[2].1.replace_range(3..7, "AAAA");
        assert_eq!(checked(&[broken, vec![token(SECRET)]].concat()), Err(Unverified::BadSignature));
        let doubled = [signed(), signed(), vec![token(SECRET)]].concat();
        assert_eq!(checked(&doubled), Err(Unverified::MissingSignature));
        let no_scheme = [(standard_webhooks::SIGNATURE.to_owned(), String::new()), token(SECRET)];
        assert_eq!(checked(&no_scheme), Err(Unverified::MissingSignature));
    }

    #[test]
    fn an_id_without_a_signature_leaves_it_to_the_token() {
        assert_eq!(checked(&[signed()[0].clone(), signed()[1].clone(), token(SECRET)]), Ok(()));
        assert_eq!(checked(&signed()[..2]), Err(Unverified::MissingSignature));
    }

    #[test]
    fn a_signature_is_stale_after_five_minutes() {
        let delivery = Delivery::new(signed(), BODY.to_vec());
        let later = now() + crate::base::clock::SignedDuration::from_secs(301);
        assert_eq!(verify(&delivery, &Secret::new(SECRET.to_owned()), later), Err(Unverified::StaleTimestamp));
    }
}
