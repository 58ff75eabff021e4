//! Bitbucket's signature: `X-Hub-Signature: sha256=` and the hex HMAC-SHA-256 of the raw body, of Cloud and of Data Center alike
//! (Atlassian Support, 'Manage webhooks', 'Secure webhooks'; Bitbucket Data Center documentation, 'Manage webhooks').
//!
//! The `SHA-1` that other tools put into a header of this name has another scheme, and is none here. No time and no delivery id
//! is signed: there is no replay window, and what recognises a repetition is the proof itself, never `X-Request-UUID`.

use crate::base::secret::Secret;
use crate::connectors::delivery::Delivery;
use crate::connectors::{Unverified, proof};
use crate::crypto::mac::TAG_BYTES;

pub(super) const SIGNATURE: &str = "X-Hub-Signature";
const SCHEME: &str = "sha256=";

pub(super) fn verify(delivery: &Delivery, secret: &Secret<String>) -> Result<(), Unverified> {
    let given = given(delivery).ok_or(Unverified::MissingSignature)?;
    if proof::holds(secret, &[delivery.body()], &given) { Ok(()) } else { Err(Unverified::BadSignature) }
}

/// What a repetition of this delivery is recognised by: of one that was proven it is the HMAC-SHA-256 of its body.
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

    /// The example of Atlassian's 'Manage webhooks'.
    const SECRET: &str = "It's a Secret to Everybody";
    const BODY: &[u8] = b"Hello World!";
    const PROOF: &str = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";

    fn checked(headers: &[(&str, &str)], body: &[u8]) -> Result<(), Unverified> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        verify(&Delivery::new(headers, body.to_vec()), &Secret::new(SECRET.to_owned()))
    }

    #[test]
    fn the_documented_example_holds_and_a_changed_byte_does_not() {
        assert_eq!(checked(&[("x-hub-signature", PROOF)], BODY), Ok(()));
        assert_eq!(signature(BODY, &Secret::new(SECRET.to_owned())), PROOF);
        assert_eq!(checked(&[(SIGNATURE, PROOF)], b"Hello World?"), Err(Unverified::BadSignature));
        assert_eq!(checked(&[(SIGNATURE, &PROOF.replace("a477", "a478"))], BODY), Err(Unverified::BadSignature));
    }

    #[test]
    fn what_is_no_signature_is_missing() {
        for bad in ["", "sha256=", &PROOF[..70], "sha1=a4771c39fbe90f317c7824e83ddef3caae9cb3d9", &PROOF["sha256=".len()..]] {
            assert_eq!(checked(&[(SIGNATURE, bad)], BODY), Err(Unverified::MissingSignature), "{bad}");
        }
        assert_eq!(checked(&[], BODY), Err(Unverified::MissingSignature));
        assert_eq!(checked(&[(SIGNATURE, PROOF), (SIGNATURE, PROOF)], BODY), Err(Unverified::MissingSignature), "given twice");
        assert_eq!(checked(&[("X-Hub-Signature-256", PROOF)], BODY), Err(Unverified::MissingSignature), "no header of Bitbucket's");
    }
}
