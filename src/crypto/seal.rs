//! Seals small values (a column, a wrapped key) with XChaCha20-Poly1305.
//!
//! A sealed value is `1` (one byte, the format), a random nonce of 24 bytes, the ciphertext, a tag of 16 bytes. 24 random
//! bytes do not collide in any number of seals that one key will see, so no counter has to survive a crash.

use super::{Key, random};
use crate::base::error::{Code, Fault};
use crate::base::secret::Secret;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

const FORMAT: u8 = 1;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
/// How much longer a sealed value is than what it holds, in bytes.
pub const OVERHEAD_BYTES: usize = 1 + NONCE_BYTES + TAG_BYTES;

/// Seals `plain` under `key`.
///
/// `context` is not stored: it says where the value belongs (table, column, row) and must be the same at [`open`], so that
/// a sealed value cannot be moved to another row.
///
/// # Errors
/// [`Code::Internal`] without randomness, [`Code::Seal`] for a value beyond the cipher's limit of 256 GiB.
pub fn seal(key: &Key, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, Fault> {
    let nonce: [u8; NONCE_BYTES] = random::bytes()?;
    let ciphertext = XChaCha20Poly1305::new(key.reveal().into())
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: context })
        .map_err(|_| Fault::new(Code::Seal, "a value is too long to be sealed"))?;
    let mut sealed = Vec::with_capacity(OVERHEAD_BYTES + plain.len());
    sealed.push(FORMAT);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&ciphertext);
    Ok(sealed)
}

/// Opens what [`seal`] made under the same key and context.
///
/// # Errors
/// [`Code::Seal`]: another key, another context, or a changed byte. Which of them, the cipher cannot tell.
pub fn open(key: &Key, context: &[u8], sealed: &[u8]) -> Result<Secret<Vec<u8>>, Fault> {
    try_open(key, context, sealed).ok_or_else(|| {
        Fault::new(Code::Seal, "a sealed value does not open: it was sealed with another key or for another place, or it is damaged")
    })
}

/// Opens a sealed text.
///
/// # Errors
/// As [`open`]; [`Code::Seal`] also where it holds no UTF-8, which [`seal`] was never given.
pub fn open_text(key: &Key, context: &[u8], sealed: &[u8]) -> Result<Secret<String>, Fault> {
    let opened = open(key, context, sealed)?;
    let text = std::str::from_utf8(opened.reveal()).map_err(|_| Fault::new(Code::Seal, "a sealed value is no text"))?;
    Ok(Secret::new(text.to_owned()))
}

fn try_open(key: &Key, context: &[u8], sealed: &[u8]) -> Option<Secret<Vec<u8>>> {
    let (format, rest) = sealed.split_first()?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>()?;
    if *format != FORMAT {
        return None;
    }
    let cipher = XChaCha20Poly1305::new(key.reveal().into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: ciphertext, aad: context }).ok().map(Secret::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(byte: u8) -> Key {
        Key::new([byte; 32])
    }

    #[test]
    fn the_cipher_is_the_one_of_the_draft() {
        // draft-irtf-cfrg-xchacha-03, appendix A.3.1.
        let key = Key::new(std::array::from_fn(|at| 0x80 + u8::try_from(at).unwrap_or(0)));
        let nonce: [u8; 24] = std::array::from_fn(|at| 0x40 + u8::try_from(at).unwrap_or(0));
        let aad = hex::decode("50515253c0c1c2c3c4c5c6c7").unwrap();
        let plain = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
        let ciphertext = hex::decode(concat!(
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb",
            "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452",
            "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9",
            "21f9664c97637da9768812f615c68b13b52e",
            "c0875924c1c7987947deafd8780acf49"
        ))
        .unwrap();
        let sealed = [&[FORMAT][..], &nonce, &ciphertext].concat();
        assert_eq!(open(&key, &aad, &sealed).unwrap().reveal().as_slice(), plain);
    }

    #[test]
    fn the_same_value_sealed_twice_looks_different() {
        assert_ne!(seal(&key(1), b"", b"x").unwrap(), seal(&key(1), b"", b"x").unwrap());
    }

    proptest! {
        #[test]
        fn a_seal_opens_only_whole_under_its_own_key_and_context(plain: Vec<u8>, context: Vec<u8>, at: prop::sample::Index, bit in 0_u8..8) {
            let sealed = seal(&key(1), &context, &plain).unwrap();
            prop_assert_eq!(sealed.len(), plain.len() + OVERHEAD_BYTES);
            let opened = open(&key(1), &context, &sealed).unwrap();
            prop_assert_eq!(opened.reveal(), &plain);
            prop_assert!(open(&key(2), &context, &sealed).is_err());
            prop_assert!(open(&key(1), &[&context[..], b"+"].concat(), &sealed).is_err());
            prop_assert!(open(&key(1), &context, &sealed[..at.index(sealed.len())]).is_err());
            let mut flipped = sealed.clone();
            flipped[at.index(sealed.len())] ^= 1 << bit;
            prop_assert!(open(&key(1), &context, &flipped).is_err());
        }
    }
}
