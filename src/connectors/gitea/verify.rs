//! Gitea's signature: the hex HMAC-SHA-256 of the raw body, the same one under several names.
//!
//! `X-Gitea-Signature` since Gitea 1.9, bare hex; newer versions send `X-Hub-Signature-256` beside it, with `sha256=` before it
//! (`services/webhook/deliver.go`). Forgejo sends both, and `X-Forgejo-Signature` (`AddDefaultHeaders` in its
//! `services/webhook/shared/payloader.go`). Each that is given must hold, so that no header can speak against another. `X-Gogs-Signature` and the SHA-1 of `X-Hub-Signature` are not read. Where a hook has no secret, all of them are
//! empty; where it sends a form, they are of the payload and not of the body, and do not hold.
//!
//! No time and no delivery id is signed: there is no replay window, and what recognises a repetition is the proof itself.

use crate::base::secret::Secret;
use crate::connectors::delivery::Delivery;
use crate::connectors::{Unverified, proof};
use crate::crypto::mac::TAG_BYTES;

pub(super) const GITEA: &str = "X-Gitea-Signature";
const FORGEJO: &str = "X-Forgejo-Signature";
pub(super) const HUB: &str = "X-Hub-Signature-256";
/// Each header with what stands before its hex digits.
const SIGNATURES: [(&str, &str); 3] = [(GITEA, ""), (FORGEJO, ""), (HUB, HUB_SCHEME)];
const HUB_SCHEME: &str = "sha256=";

pub(super) fn verify(delivery: &Delivery, secret: &Secret<String>) -> Result<(), Unverified> {
    let mut proven = None;
    for (name, scheme) in SIGNATURES.iter().filter(|(name, _)| delivery.has(name)) {
        let given = given(delivery, name, scheme).ok_or(Unverified::MissingSignature)?;
        // Two that are the same are checked once.
        if proven != Some(given) && !proof::holds(secret, &[delivery.body()], &given) {
            return Err(Unverified::BadSignature);
        }
        proven = Some(given);
    }
    proven.map(|_| ()).ok_or(Unverified::MissingSignature)
}

/// What a repetition of this delivery is recognised by. Of one that was proven it is the HMAC-SHA-256 of its body, whichever
/// header it stands in.
pub(super) fn dedupe_key(delivery: &Delivery) -> Option<String> {
    SIGNATURES.iter().find_map(|(name, scheme)| given(delivery, name, scheme)).map(hex::encode)
}

fn given(delivery: &Delivery, name: &str, scheme: &str) -> Option<[u8; TAG_BYTES]> {
    proof::tag_of(delivery.header(name)?.strip_prefix(scheme)?)
}

/// The headers that both families send for `body`.
pub(super) fn headers(body: &[u8], secret: &Secret<String>) -> Vec<(String, String)> {
    let digits = proof::hex_of(secret, &[body]);
    vec![(HUB.to_owned(), format!("{HUB_SCHEME}{digits}")), (GITEA.to_owned(), digits)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "It's a Secret to Everybody";
    const BODY: &[u8] = b"Hello, World!";
    /// As GitHub documents it for the same secret and body: the algorithm is the same one.
    const PROOF: &str = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    fn checked(headers: &[(&str, &str)]) -> Result<(), Unverified> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        verify(&Delivery::new(headers, BODY.to_vec()), &Secret::new(SECRET.to_owned()))
    }

    #[test]
    fn each_family_proves_itself() {
        let hub = format!("sha256={PROOF}");
        assert_eq!(checked(&[("x-gitea-signature", PROOF)]), Ok(()), "an older Gitea");
        assert_eq!(checked(&[(GITEA, PROOF), (HUB, &hub)]), Ok(()));
        assert_eq!(checked(&[(FORGEJO, PROOF), (GITEA, PROOF), (HUB, &hub)]), Ok(()));
        assert_eq!(checked(&[(FORGEJO, PROOF)]), Ok(()));
        assert_eq!(checked(&[(HUB, &hub)]), Ok(()), "a proxy may let no other through");
    }

    #[test]
    fn one_that_does_not_hold_outweighs_all_that_do() {
        let other = PROOF.replace("7571", "7572");
        let hub = format!("sha256={PROOF}");
        for (name, value) in [(GITEA, other.clone()), (FORGEJO, other.clone()), (HUB, format!("sha256={other}"))] {
            let all = [(GITEA, PROOF), (FORGEJO, PROOF), (HUB, hub.as_str())];
            let headers = all.map(|(known, proof)| (known, if known == name { value.as_str() } else { proof }));
            assert_eq!(checked(&headers), Err(Unverified::BadSignature), "{name}");
        }
    }

    #[test]
    fn what_is_no_signature_is_missing_whatever_else_holds() {
        let hub = format!("sha256={PROOF}");
        assert_eq!(checked(&[]), Err(Unverified::MissingSignature));
        for bad in ["", &PROOF[..62], &hub, &format!(" {PROOF}")] {
            assert_eq!(checked(&[(GITEA, bad), (HUB, &hub)]), Err(Unverified::MissingSignature), "{bad}");
        }
        assert_eq!(checked(&[(HUB, PROOF), (GITEA, PROOF)]), Err(Unverified::MissingSignature), "without its scheme");
        assert_eq!(checked(&[(GITEA, PROOF), (GITEA, PROOF), (HUB, &hub)]), Err(Unverified::MissingSignature), "given twice");
        for unread in ["X-Gogs-Signature", "X-Hub-Signature"] {
            assert_eq!(checked(&[(unread, PROOF)]), Err(Unverified::MissingSignature), "{unread}");
        }
    }
}
