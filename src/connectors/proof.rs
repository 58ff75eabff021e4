//! Proof that bytes come from the tool, in the hex that tools write it in, and the time that some sign with it.

use crate::base::clock::{Instant, SignedDuration};
use crate::base::secret::Secret;
use crate::crypto::mac::{TAG_BYTES, hmac_sha256, is_authentic};

/// How far a signed time may lie from now, either way, in seconds: what Slack's documentation and the libraries of Standard Webhooks use.
const WINDOW_SECONDS: i64 = 300;
/// Most digits of a timestamp: seconds since 1970 have ten until the year 2286.
const TIMESTAMP_DIGITS_MAX: usize = 12;

/// Whether `proof` is the HMAC-SHA-256 of all `parts` in a row under `secret`. An empty secret proves nothing: everyone
/// knows it.
pub(super) fn holds(secret: &Secret<String>, parts: &[&[u8]], proof: &[u8]) -> bool {
    let key = secret.reveal().as_bytes();
    !key.is_empty() && is_authentic(key, parts, proof)
}

/// The HMAC-SHA-256 of all `parts` in a row under `secret`, as lower-case hex.
pub(super) fn hex_of(secret: &Secret<String>, parts: &[&[u8]]) -> String {
    hex::encode(hmac_sha256(secret.reveal().as_bytes(), parts))
}

/// The tag that a signature's hex digits stand for.
pub(super) fn tag_of(digits: &str) -> Option<[u8; TAG_BYTES]> {
    let mut tag = [0_u8; TAG_BYTES];
    hex::decode_to_slice(digits, &mut tag).ok().map(|()| tag)
}

/// The instant of a signed timestamp: decimal digits and nothing else.
pub(super) fn seconds(stamp: &str) -> Option<Instant> {
    let is_plain = !stamp.is_empty() && stamp.len() <= TIMESTAMP_DIGITS_MAX && stamp.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| stamp.parse().ok()).flatten().and_then(|seconds| Instant::from_second(seconds).ok())
}

/// Whether what was signed at this time is not too old at `now`, and not of the future.
pub(super) fn is_fresh(signed_at: Instant, now: Instant) -> bool {
    now.duration_since(signed_at).abs() <= SignedDuration::from_secs(WINDOW_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_secret_proves_nothing() {
        let empty = Secret::new(String::new());
        let proof = tag_of(&hex_of(&empty, &[b"abc"])).unwrap();
        assert!(is_authentic(b"", &[b"abc"], &proof), "the proof itself is right");
        assert!(!holds(&empty, &[b"abc"], &proof));
    }

    #[test]
    fn only_sixty_four_hex_digits_are_a_tag() {
        for bad in ["", "00", &"0".repeat(63), &"0".repeat(65), &"0".repeat(66), &"g".repeat(64)] {
            assert!(tag_of(bad).is_none(), "{bad}");
        }
    }
}
