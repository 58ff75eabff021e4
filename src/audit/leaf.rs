//! The bytes of a leaf. They are final from the first version on: a later log tree is built over the very same bytes.

use crate::audit::{Act, Actor};
use crate::base::clock::Instant;
use crate::crypto::hash;

/// Bytes of salt before the detail: as many as the digest, so that a short detail cannot be guessed from its hash.
pub(super) const SALT_BYTES: usize = 32;

/// One leaf and what it commits to.
#[derive(Debug)]
pub struct Leaf {
    pub bytes: Vec<u8>,
    pub salt: [u8; SALT_BYTES],
    pub detail: String,
}

impl Leaf {
    /// The leaf of `act`. One JSON object with its keys in this order and no spaces; `detail` is the SHA-256, in hex, of the
    /// salt followed by the detail's UTF-8 bytes.
    pub(super) fn new(at: Instant, actor: Actor, act: &Act, salt: [u8; SALT_BYTES]) -> Self {
        let detail = act.detail();
        let commitment = hash::sha256(&[salt.as_slice(), detail.as_bytes()].concat());
        let bytes = format!(r#"{{"v":1,"at":"{at}","actor":"{actor}","act":"{}","detail":"{}"}}"#, act.name(), hex::encode(commitment))
            .into_bytes();
        Self { bytes, salt, detail }
    }
}

/// The Merkle leaf hash of `bytes`: SHA-256 of a zero byte and the leaf (RFC 6962, 2.1).
pub fn leaf_hash(bytes: &[u8]) -> [u8; 32] {
    hash::sha256(&[&[0], bytes].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_is_these_bytes_and_no_others() {
        let at: Instant = "2026-11-22T06:00:00Z".parse().unwrap();
        let leaf = Leaf::new(at, Actor::Operator, &Act::TeamCreated { slug: "web".into() }, [1; SALT_BYTES]);
        assert_eq!(
            String::from_utf8(leaf.bytes).unwrap(),
            r#"{"v":1,"at":"2026-11-22T06:00:00Z","actor":"operator","act":"team.created","detail":"PINNED"}"#
                .replace("PINNED", &hex::encode(hash::sha256(&[[1_u8; SALT_BYTES].as_slice(), b"The team web was created."].concat())))
        );
    }
}
