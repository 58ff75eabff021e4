//! SHA-256, plain and domain-separated.

use ring::digest::{Context, SHA256};

/// Length of a digest, in bytes.
pub const DIGEST_BYTES: usize = 32;

/// SHA-256 of `bytes`, as FIPS 180-4 defines it: where another party computes the same digest.
pub fn sha256(bytes: &[u8]) -> [u8; DIGEST_BYTES] {
    let mut context = Context::new(&SHA256);
    context.update(bytes);
    finish(context)
}

/// SHA-256 of `parts` for one purpose of our own.
///
/// The domain and each part are preceded by their length (eight bytes, little-endian), so that no two lists of parts and
/// no two domains share an input, however their bytes are cut.
pub fn in_domain(domain: &str, parts: &[&[u8]]) -> [u8; DIGEST_BYTES] {
    let mut context = Context::new(&SHA256);
    for part in std::iter::once(domain.as_bytes()).chain(parts.iter().copied()) {
        context.update(&(part.len() as u64).to_le_bytes());
        context.update(part);
    }
    finish(context)
}

fn finish(context: Context) -> [u8; DIGEST_BYTES] {
    let mut digest = [0_u8; DIGEST_BYTES];
    digest.copy_from_slice(context.finish().as_ref());
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_digest_is_that_of_the_standard() {
        // FIPS 180-4, the example for "abc".
        assert_eq!(hex::encode(sha256(b"abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn where_a_part_ends_and_which_domain_it_is_changes_the_digest() {
        assert_ne!(in_domain("d", &[b"ab", b"c"]), in_domain("d", &[b"a", b"bc"]));
        assert_ne!(in_domain("d", &[b"ab"]), in_domain("da", &[b"b"]));
        assert_ne!(in_domain("d", &[b"a"]), in_domain("d", &[b"a", b""]));
    }
}
