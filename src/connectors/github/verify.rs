//! GitHub's signature: `X-Hub-Signature-256: sha256=` and the hex HMAC-SHA-256 of the raw body
//! (GitHub Docs, 'Validating webhook deliveries').
//!
//! GitHub signs no time and no delivery id: there is no replay window, and what recognises a repetition is the proof itself, a
//! keyed digest of the body that is computed already, never `X-GitHub-Delivery`.

use crate::base::secret::Secret;
use crate::connectors::delivery::Delivery;
use crate::connectors::{Unverified, proof};
use crate::crypto::mac::TAG_BYTES;

pub(super) const SIGNATURE: &str = "X-Hub-Signature-256";
const SCHEME: &str = "sha256=";

pub(super) fn verify(delivery: &Delivery, secret: &Secret<String>) -> Result<(), Unverified> {
    let given = given(delivery).ok_or(Unverified::MissingSignature)?;
    if proof::holds(secret, &[delivery.body()], &given) { Ok(()) } else { Err(Unverified::BadSignature) }
}

/// What a repetition of this delivery is recognised by. Of one that was proven it is the HMAC-SHA-256 of its body: under one secret no two bodies
/// share it, and it saves hashing the body once more. After a change of the secret a repeated event is recognised by what it tells, as long as that is kept.
pub(super) fn dedupe_key(delivery: &Delivery) -> Option<String> {
    given(delivery).map(hex::encode)
}

fn given(delivery: &Delivery) -> Option<[u8; TAG_BYTES]> {
    proof::tag_of(delivery.header(SIGNATURE)?.strip_prefix(SCHEME)?)
}

/// The value of [`SIGNATURE`] for `body`.
pub(super) fn signature(body: &[u8], secret: &Secret<String>) -> String {
    format!("{SCHEME}{}", proof::hex_of(secret, &[body]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of GitHub's documentation.
    const SECRET: &str = "It's a Secret to Everybody";
    const BODY: &[u8] = b"Hello, World!";
    const PROOF: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    fn checked(headers: &[(&str, &str)], body: &[u8]) -> Result<(), Unverified> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        verify(&Delivery::new(headers, body.to_vec()), &Secret::new(SECRET.to_owned()))
    }

    #[test]
    fn the_documented_example_holds() {
        assert_eq!(checked(&[("x-hub-signature-256", PROOF)], BODY), Ok(()));
        assert_eq!(signature(BODY, &Secret::new(SECRET.to_owned())), PROOF);
    }

    #[test]
    fn a_changed_byte_does_not() {
        assert_eq!(checked(&[(SIGNATURE, PROOF)], b"Hello, World?"), Err(Unverified::BadSignature));
        assert_eq!(checked(&[(SIGNATURE, &PROOF.replace("7571", "7572"))], BODY), Err(Unverified::BadSignature));
    }

    #[test]
    fn what_is_no_signature_is_missing() {
        for bad in ["", "sha256=", &PROOF[..70], "sha1=757107ea", &PROOF.replace("sha256=", "SHA256="), &format!(" {PROOF}")] {
            assert_eq!(checked(&[(SIGNATURE, bad)], BODY), Err(Unverified::MissingSignature), "{bad}");
        }
        assert_eq!(checked(&[], BODY), Err(Unverified::MissingSignature));
        assert_eq!(checked(&[(SIGNATURE, PROOF), (SIGNATURE, PROOF)], BODY), Err(Unverified::MissingSignature), "given twice");
        assert_eq!(checked(&[("X-Hub-Signature", PROOF)], BODY), Err(Unverified::MissingSignature), "the SHA-1 header is not read");
    }
}
