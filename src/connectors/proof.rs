//! Proof that bytes come from the tool: HMAC-SHA-256 (RFC 2104) in constant time, and the digest of a body.

use crate::base::secret::Secret;
use ring::{digest, hmac};
use zeroize::Zeroizing;

/// Whether `proof` is the HMAC-SHA-256 of all `parts` in a row under `secret`. An empty secret proves nothing.
pub(super) fn holds(secret: &Secret<String>, parts: &[&[u8]], proof: &[u8]) -> bool {
    let message = Zeroizing::new(parts.concat());
    !secret.reveal().is_empty() && hmac::verify(&key(secret), &message, proof).is_ok()
}

/// The HMAC-SHA-256 of all `parts` in a row under `secret`, as lower-case hex.
pub(super) fn hex_of(secret: &Secret<String>, parts: &[&[u8]]) -> String {
    let mut context = hmac::Context::with_key(&key(secret));
    for part in parts {
        context.update(part);
    }
    hex::encode(context.sign())
}

/// The SHA-256 of `body`, as lower-case hex.
pub(super) fn digest_of(body: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, body))
}

/// The 32 bytes that a signature's hex digits stand for.
pub(super) fn bytes_of(digits: &str) -> Option<[u8; digest::SHA256_OUTPUT_LEN]> {
    let mut bytes = [0_u8; digest::SHA256_OUTPUT_LEN];
    hex::decode_to_slice(digits, &mut bytes).ok().map(|()| bytes)
}

fn key(secret: &Secret<String>) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.reveal().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_holds_for_its_bytes_and_its_secret_alone() {
        let secret = Secret::new("k".to_owned());
        let proof = bytes_of(&hex_of(&secret, &[b"ab", b"c"])).unwrap();
        assert!(holds(&secret, &[b"abc"], &proof), "parts are one message");
        assert!(!holds(&secret, &[b"abd"], &proof));
        assert!(!holds(&Secret::new("K".to_owned()), &[b"abc"], &proof));
        assert!(!holds(&secret, &[b"abc"], &proof[..31]));
    }

    #[test]
    fn an_empty_secret_proves_nothing() {
        let empty = Secret::new(String::new());
        let proof = bytes_of(&hex_of(&empty, &[b"abc"])).unwrap();
        assert!(!holds(&empty, &[b"abc"], &proof));
    }

    #[test]
    fn only_sixty_four_hex_digits_are_a_signature() {
        for bad in ["", "00", &"0".repeat(63), &"0".repeat(65), &"0".repeat(66), &"g".repeat(64)] {
            assert!(bytes_of(bad).is_none(), "{bad}");
        }
    }
}
