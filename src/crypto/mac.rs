//! HMAC-SHA256 (RFC 2104), compared in constant time.

use ring::hmac::{Context, HMAC_SHA256, Key, Tag, sign, verify};

/// Length of a tag, in bytes.
pub const TAG_BYTES: usize = 32;

/// HMAC-SHA256 under `key` of the concatenation of `parts`.
///
/// The parts are joined as they are, because tools define their signatures so (`v0:` timestamp `:` body) and a body must not be
/// copied for it. Where the cut between parts matters, hand in a separator or use [`super::hash::in_domain`] first.
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; TAG_BYTES] {
    let mut tag = [0_u8; TAG_BYTES];
    tag.copy_from_slice(tag_of(&Key::new(HMAC_SHA256, key), parts).as_ref());
    tag
}

/// Whether `tag` is the HMAC-SHA256 of `parts` under `key`. Takes the same time wherever a wrong tag differs.
///
/// Both tags are hashed once more under the same key and `ring` compares those: its constant-time comparison is reached
/// without copying the parts together, and without a comparison of our own.
#[must_use]
pub fn is_authentic(key: &[u8], parts: &[&[u8]], tag: &[u8]) -> bool {
    is_one_authentic(key, parts, [tag])
}

/// Whether one of `tags` is the HMAC-SHA256 of `parts` under `key`, as [`is_authentic`]: `parts` are read once, however many tags there are.
#[must_use]
pub fn is_one_authentic<'t>(key: &[u8], parts: &[&[u8]], tags: impl IntoIterator<Item = &'t [u8]>) -> bool {
    let key = Key::new(HMAC_SHA256, key);
    let expected = sign(&key, tag_of(&key, parts).as_ref());
    tags.into_iter().any(|tag| verify(&key, tag, expected.as_ref()).is_ok())
}

fn tag_of(key: &Key, parts: &[&[u8]]) -> Tag {
    let mut context = Context::with_key(key);
    for part in parts {
        context.update(part);
    }
    context.sign()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_rfc_4231_holds_however_the_message_is_cut() {
        // RFC 4231, test case 2.
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex::encode(hmac_sha256(b"Jefe", &[b"what do ya want ", b"for nothing?"])), expected);
    }

    #[test]
    fn githubs_published_vector_is_authentic_and_every_neighbour_is_not() {
        let tag = hex::decode("757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17").unwrap_or_default();
        let key = b"It's a Secret to Everybody";
        assert!(is_authentic(key, &[b"Hello, ", b"World!"], &tag));
        assert!(!is_authentic(key, &[b"Hello, World?"], &tag));
        assert!(!is_authentic(b"another", &[b"Hello, World!"], &tag));
        assert!(!is_authentic(key, &[b"Hello, World!"], &tag[..31]), "a shortened tag");
        assert!(!is_authentic(key, &[b"Hello, World!"], &[]), "no tag");
        for at in 0..tag.len() {
            let mut forged = tag.clone();
            forged[at] ^= 1;
            assert!(!is_authentic(key, &[b"Hello, World!"], &forged), "byte {at}");
        }
    }

    #[test]
    fn one_right_tag_among_others_is_enough_and_none_is_not() {
        let right = hmac_sha256(b"key", &[b"abc"]);
        let wrong = [0_u8; TAG_BYTES];
        assert!(is_one_authentic(b"key", &[b"a", b"bc"], [&wrong[..], &right, &wrong]));
        assert!(!is_one_authentic(b"key", &[b"abc"], [&wrong[..], &right[1..]]));
        assert!(!is_one_authentic(b"key", &[b"abc"], []));
    }
}
