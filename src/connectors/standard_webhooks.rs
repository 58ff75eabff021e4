//! The signature of Standard Webhooks 1.0.0: `webhook-signature` holds `v1,` and the base64 HMAC-SHA-256 of
//! `{webhook-id}.{webhook-timestamp}.{raw body}`, several of them behind blanks while a secret is being replaced (the specification's
//! 'Verifying webhook authenticity' and its reference libraries). GitLab signs so, and many senders of deploys and incidents.
//!
//! Never: the asymmetric `v1a`, a parse of the body, or an answer that tells which part of a proof was wrong.
//! The time and the id are signed: a recorded delivery is worth nothing after five minutes, and an id recognises a repetition.

use super::delivery::Delivery;
use super::{Unverified, proof};
use crate::base::clock::Instant;
use crate::base::secret::Secret;
use crate::crypto::hash::sha256;
use crate::crypto::mac::{TAG_BYTES, hmac_sha256, is_one_authentic};
use crate::crypto::token::SIGNING_SECRET_PREFIX;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub const ID: &str = "webhook-id";
pub const TIMESTAMP: &str = "webhook-timestamp";
pub const SIGNATURE: &str = "webhook-signature";
const SCHEME: &str = "v1,";

/// Longest id that is taken, in bytes: senders use UUIDs and `msg_` with 27 characters; an id is kept to recognise repetitions.
const ID_BYTES_MAX: usize = 256;
/// Most signatures of one header that are looked at: two while a secret is being replaced, and some of schemes to come.
const SIGNATURES_MAX: usize = 16;
/// Fewest and most bytes of a key that is written in base64, as the specification has them.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// Checks the signature, then the time, so that `stale_timestamp` counts true replays and no forgery.
///
/// # Errors
/// Whatever of the three headers is missing, doubled or ill-formed is [`Unverified::MissingSignature`].
pub fn verify(delivery: &Delivery, secret: &Secret<String>, now: Instant) -> Result<(), Unverified> {
    let (id, stamp) = id(delivery).zip(delivery.header(TIMESTAMP)).ok_or(Unverified::MissingSignature)?;
    let signed_at = proof::seconds(stamp).ok_or(Unverified::MissingSignature)?;
    let given = delivery.header(SIGNATURE).map(tags).filter(|tags| !tags.is_empty()).ok_or(Unverified::MissingSignature)?;
    let parts = [id.as_bytes(), b".", stamp.as_bytes(), b".", delivery.body()];
    if !key(secret).is_some_and(|key| is_one_authentic(key.reveal(), &parts, given.iter().map(<[u8; TAG_BYTES]>::as_slice))) {
        return Err(Unverified::BadSignature);
    }
    if proof::is_fresh(signed_at, now) { Ok(()) } else { Err(Unverified::StaleTimestamp) }
}

/// The id that the sender gave the event, the same for each attempt to deliver it. It proves nothing before [`verify`] has.
///
/// Printable, without a full stop: that divides what is signed, and an id with one could be read as another id and time.
pub fn id(delivery: &Delivery) -> Option<&str> {
    let is_id = |id: &&str| (1..=ID_BYTES_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'.');
    delivery.header(ID).filter(is_id)
}

/// The headers that prove `body` at `now`. The id is a digest of the body: the same body sent again is the same event.
pub fn headers(body: &[u8], secret: &Secret<String>, now: Instant) -> Vec<(String, String)> {
    let (id, stamp) = (format!("msg_{}", hex::encode(sha256(body))), now.as_second().to_string());
    // A secret that stands for no key proves nothing, so what is signed without one is no proof either.
    let key = key(secret).unwrap_or_else(|| Secret::new(Vec::new()));
    let tag = hmac_sha256(key.reveal(), &[id.as_bytes(), b".", stamp.as_bytes(), b".", body]);
    let signature = format!("{SCHEME}{}", STANDARD.encode(tag));
    vec![(ID.to_owned(), id), (TIMESTAMP.to_owned(), stamp), (SIGNATURE.to_owned(), signature)]
}

/// The key that a secret stands for: what is decoded behind `whsec_`, or the text itself, as the reference libraries take it in their
/// 'raw' format. An empty key proves nothing, and neither does one that is not as the specification has it.
fn key(secret: &Secret<String>) -> Option<Secret<Vec<u8>>> {
    let text = secret.reveal();
    match text.strip_prefix(SIGNING_SECRET_PREFIX) {
        Some(encoded) => STANDARD.decode(encoded).ok().map(Secret::new).filter(|key| KEY_BYTES.contains(&key.reveal().len())),
        None => (!text.is_empty()).then(|| Secret::new(text.as_bytes().to_vec())),
    }
}

/// The tags of version 1 among the signatures of a header; what is of another version, or no tag, is passed over.
fn tags(header: &str) -> Vec<[u8; TAG_BYTES]> {
    header.split(' ').take(SIGNATURES_MAX).filter_map(|signature| tag(signature.strip_prefix(SCHEME)?)).collect()
}

fn tag(encoded: &str) -> Option<[u8; TAG_BYTES]> {
    STANDARD.decode(encoded).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example of the specification's reference libraries ('sign function works').
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const MESSAGE: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const STAMP: &str = "1614265330";
    const AT: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const PROOF: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    /// Well-formed, and of nothing (the same libraries, 'multi sig payload is valid').
    const OTHER: &str = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";

    fn at(second: i64) -> Instant {
        Instant::from_second(second).unwrap()
    }

    fn text(secret: &str) -> Secret<String> {
        Secret::new(secret.to_owned())
    }

    fn delivery(headers: &[(&str, &str)], body: &[u8]) -> Delivery {
        Delivery::new(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(), body.to_vec())
    }

    fn checked(id: &str, stamp: &str, proof: &str, now: i64) -> Result<(), Unverified> {
        verify(&delivery(&[(ID, id), (TIMESTAMP, stamp), (SIGNATURE, proof)], BODY), &text(SECRET), at(now))
    }

    #[test]
    fn the_reference_example_holds_for_five_minutes_either_way() {
        for (now, expected) in [
            (AT, Ok(())),
            (AT + 300, Ok(())),
            (AT - 300, Ok(())),
            (AT + 301, Err(Unverified::StaleTimestamp)),
            (AT - 301, Err(Unverified::StaleTimestamp)),
        ] {
            assert_eq!(checked(MESSAGE, STAMP, PROOF, now), expected, "{now}");
        }
    }

    #[test]
    fn header_names_have_no_case() {
        let headers = [("Webhook-Id", MESSAGE), ("Webhook-Timestamp", STAMP), ("Webhook-Signature", PROOF)];
        assert_eq!(verify(&delivery(&headers, BODY), &text(SECRET), at(AT)), Ok(()));
    }

    #[test]
    fn id_time_and_body_are_part_of_the_proof() {
        let bad = Err(Unverified::BadSignature);
        assert_eq!(checked("msg_p5jXN8AQM9LWM0D4loKWxJel", STAMP, PROOF, AT), bad);
        assert_eq!(checked(MESSAGE, "1614265331", PROOF, AT), bad);
        assert_eq!(checked(MESSAGE, "01614265330", PROOF, AT), bad);
        assert_eq!(checked(MESSAGE, STAMP, OTHER, AT), bad);
        assert_eq!(checked(MESSAGE, STAMP, OTHER, AT + 301), bad, "a forgery is no replay");
        let headers = [(ID, MESSAGE), (TIMESTAMP, STAMP), (SIGNATURE, PROOF)];
        assert_eq!(verify(&delivery(&headers, br#"{"test":2432232314}"#), &text(SECRET), at(AT)), bad);
    }

    #[test]
    fn one_right_signature_among_several_is_enough() {
        let v2 = PROOF.replace("v1,", "v2,");
        let v1a = PROOF.replace("v1,", "v1a,");
        assert_eq!(checked(MESSAGE, STAMP, &format!("{OTHER} {v2} {PROOF} {OTHER}"), AT), Ok(()));
        assert_eq!(checked(MESSAGE, STAMP, &format!("{v1a} v1,short {PROOF}"), AT), Ok(()));
        assert_eq!(checked(MESSAGE, STAMP, &format!("{OTHER} {v2} {v1a}"), AT), Err(Unverified::BadSignature));
        assert_eq!(checked(MESSAGE, STAMP, &format!("{v2} {v1a}"), AT), Err(Unverified::MissingSignature), "of no version that is known");
        let many = |before: usize| format!("{}{PROOF}", format!("{OTHER} ").repeat(before));
        assert_eq!(checked(MESSAGE, STAMP, &many(SIGNATURES_MAX - 1), AT), Ok(()));
        assert_eq!(checked(MESSAGE, STAMP, &many(SIGNATURES_MAX), AT), Err(Unverified::BadSignature));
    }

    #[test]
    fn what_is_no_proof_is_missing() {
        let missing = Err(Unverified::MissingSignature);
        for id in ["", "msg.1", "msg 1", "msg_\u{e9}", &"m".repeat(ID_BYTES_MAX + 1)] {
            assert_eq!(checked(id, STAMP, PROOF, AT), missing, "{id}");
        }
        for stamp in ["", "hello", "-1614265330", "1614265330.0", "+1614265330", " 1614265330", "99999999999999999999"] {
            assert_eq!(checked(MESSAGE, stamp, PROOF, AT), missing, "{stamp}");
        }
        let hex = format!("v1,{}", "0".repeat(64));
        for proof in ["", "v1", "v1,", &PROOF[..8], "v1,dawfeoifkpqwoekfpqoekf", &PROOF[3..], &PROOF.replace("v1,", "V1,"), &hex] {
            assert_eq!(checked(MESSAGE, STAMP, proof, AT), missing, "{proof}");
        }
        let all = [(ID, MESSAGE), (TIMESTAMP, STAMP), (SIGNATURE, PROOF)];
        for left_out in 0..all.len() {
            let headers: Vec<_> = all.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, header)| *header).collect();
            assert_eq!(verify(&delivery(&headers, BODY), &text(SECRET), at(AT)), missing, "{headers:?}");
            let doubled = [&all[..], &all[left_out..=left_out]].concat();
            assert_eq!(verify(&delivery(&doubled, BODY), &text(SECRET), at(AT)), missing, "{doubled:?}");
        }
    }

    #[test]
    fn a_secret_is_a_key_in_base64_or_the_text_itself() {
        let key_of = |secret: &str| key(&text(secret)).map(|key| key.reveal().clone());
        assert_eq!(key_of(SECRET).map(|key| key.len()), Some(24));
        assert_eq!(key_of("a secret of our own").as_deref(), Some(&b"a secret of our own"[..]));
        let encoded = |bytes: usize| format!("whsec_{}", STANDARD.encode(vec![7; bytes]));
        for bytes in [24, 32, 64] {
            assert_eq!(key_of(&encoded(bytes)), Some(vec![7; bytes]));
        }
        for bad in ["", "whsec_", "whsec_not base64 at all, whatever", &encoded(23), &encoded(65), &SECRET[..SECRET.len() - 1]] {
            assert_eq!(key_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_secret_without_a_key_proves_nothing() {
        for secret in ["", "whsec_", "whsec_bm90IGVub3VnaA=="].map(text) {
            let delivery = Delivery::new(headers(BODY, &secret, at(AT)), BODY.to_vec());
            assert_eq!(verify(&delivery, &secret, at(AT)), Err(Unverified::BadSignature));
        }
    }

    proptest! {
        #[test]
        fn what_is_signed_here_is_proven_here_and_nothing_near_it(
            body in prop::collection::vec(any::<u8>(), 0..200), secret in "[ -~]{16,60}", bit in any::<prop::sample::Index>(),
        ) {
            prop_assume!(!secret.starts_with(SIGNING_SECRET_PREFIX));
            let headers = headers(&body, &text(&secret), at(AT));
            let mut forged = body.clone();
            prop_assert_eq!(verify(&Delivery::new(headers.clone(), body), &text(&secret), at(AT)), Ok(()));
            if forged.is_empty() { forged.push(0) } else { let at = bit.index(forged.len() * 8); forged[at / 8] ^= 1 << (at % 8) }
            prop_assert_eq!(verify(&Delivery::new(headers, forged), &text(&secret), at(AT)), Err(Unverified::BadSignature));
        }

        #[test]
        fn arbitrary_headers_never_hold(id in "[ -~]{0,40}", stamp in "[ -~]{0,20}|16142653[0-9]{2}", proof in "(v1,)?[ -~]{0,60}") {
            prop_assert!(checked(&id, &stamp, &proof, AT).is_err());
        }
    }
}
