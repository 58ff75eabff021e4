//! Slack's signature, version 0: `X-Slack-Signature: v0=` and the hex HMAC-SHA-256 of `v0:{timestamp}:{raw body}`, with the
//! timestamp of `X-Slack-Request-Timestamp` (Slack's documentation, 'Verifying requests from Slack').
//!
//! The time is signed, so a recorded delivery is worth nothing after five minutes.

use crate::base::clock::Instant;
use crate::base::secret::Secret;
use crate::connectors::delivery::Delivery;
use crate::connectors::{Unverified, proof};

const SIGNATURE: &str = "X-Slack-Signature";
const TIMESTAMP: &str = "X-Slack-Request-Timestamp";
const SCHEME: &str = "v0=";

/// The signature is checked before the time, so that `stale_timestamp` counts true replays and no forgery.
pub(super) fn verify(delivery: &Delivery, secret: &Secret<String>, now: Instant) -> Result<(), Unverified> {
    let given = delivery.header(SIGNATURE).and_then(|value| value.strip_prefix(SCHEME)).and_then(proof::tag_of);
    let given = given.ok_or(Unverified::MissingSignature)?;
    let stamp = delivery.header(TIMESTAMP).ok_or(Unverified::MissingSignature)?;
    let signed_at = proof::seconds(stamp).ok_or(Unverified::MissingSignature)?;
    if !proof::holds(secret, &[b"v0:", stamp.as_bytes(), b":", delivery.body()], &given) {
        return Err(Unverified::BadSignature);
    }
    if proof::is_fresh(signed_at, now) { Ok(()) } else { Err(Unverified::StaleTimestamp) }
}

/// The headers that prove `body` at `now`.
pub(super) fn headers(body: &[u8], secret: &Secret<String>, now: Instant) -> Vec<(String, String)> {
    let stamp = now.as_second().to_string();
    let proof = proof::hex_of(secret, &[b"v0:", stamp.as_bytes(), b":", body]);
    vec![(TIMESTAMP.to_owned(), stamp), (SIGNATURE.to_owned(), format!("{SCHEME}{proof}"))]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Slack's documentation.
    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const BODY: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V\
        &channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=\
        https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=\
        398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const STAMP: &str = "1531420618";
    const PROOF: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

    fn checked(proof: &str, stamp: &str, now: i64) -> Result<(), Unverified> {
        let headers = vec![("x-slack-signature".to_owned(), proof.to_owned()), ("x-slack-request-timestamp".to_owned(), stamp.to_owned())];
        let delivery = Delivery::new(headers, BODY.as_bytes().to_vec());
        verify(&delivery, &Secret::new(SECRET.to_owned()), Instant::from_second(now).unwrap())
    }

    #[test]
    fn the_documented_example_holds_for_five_minutes_either_way() {
        let at: i64 = STAMP.parse().unwrap();
        for (now, expected) in [
            (at, Ok(())),
            (at + 300, Ok(())),
            (at - 300, Ok(())),
            (at + 301, Err(Unverified::StaleTimestamp)),
            (at - 301, Err(Unverified::StaleTimestamp)),
        ] {
            assert_eq!(checked(PROOF, STAMP, now), expected, "{now}");
        }
    }

    #[test]
    fn the_time_is_part_of_the_proof() {
        assert_eq!(checked(PROOF, "1531420619", 1_531_420_619), Err(Unverified::BadSignature));
        assert_eq!(checked(PROOF, "01531420618", 1_531_420_618), Err(Unverified::BadSignature));
        assert_eq!(checked(&PROOF.replace("a2", "a3"), STAMP, 1_531_420_618), Err(Unverified::BadSignature));
    }

    #[test]
    fn what_is_no_proof_is_missing() {
        for stamp in ["", "-1531420618", "1531420618.0", "0x5b479", "99999999999999999999", "1531420618 ", "now"] {
            assert_eq!(checked(PROOF, stamp, 1_531_420_618), Err(Unverified::MissingSignature), "{stamp}");
        }
        for proof in ["", "v0=", "v1=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503", "v0=a2"] {
            assert_eq!(checked(proof, STAMP, 1_531_420_618), Err(Unverified::MissingSignature), "{proof}");
        }
    }

    #[test]
    fn what_is_signed_here_is_proven_here() {
        let secret = Secret::new(SECRET.to_owned());
        let now = Instant::from_second(1_531_420_618).unwrap();
        let headers = headers(BODY.as_bytes(), &secret, now);
        assert!(headers.iter().any(|(_, value)| value == PROOF));
        assert_eq!(verify(&Delivery::new(headers, BODY.as_bytes().to_vec()), &secret, now), Ok(()));
    }
}
