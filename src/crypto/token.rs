//! Bearer tokens: sessions, API tokens, invitations. Shown once, stored only as a digest.
//!
//! A token has 256 random bits, so its digest needs no salt and no slow hash: there is nothing to guess.

use super::{hash, mac, random};
use crate::base::error::Fault;
use crate::base::secret::Secret;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

const TOKEN_BYTES: usize = 32;
const DOMAIN: &str = "smartretro/token/v1";

/// How a secret begins that stands for the bytes of a key, in base64 (Standard Webhooks 1.0.0, 'Signature scheme').
pub const SIGNING_SECRET_PREFIX: &str = "whsec_";

/// A new secret for a tool to sign its deliveries with: 32 random bytes as Standard Webhooks writes them. A tool that decodes no secret
/// takes it as the text that it is.
///
/// # Errors
/// Where there is no randomness.
pub fn signing_secret() -> Result<Secret<String>, Fault> {
    encoded(SIGNING_SECRET_PREFIX, &STANDARD).map(Secret::new)
}

/// `prefix`, then [`TOKEN_BYTES`] random bytes.
fn encoded(prefix: &str, engine: &impl base64::Engine) -> Result<String, Fault> {
    let mut bytes = Zeroizing::new([0_u8; TOKEN_BYTES]);
    random::fill(bytes.as_mut_slice())?;
    // Encoded into a string of its final length: growing would leave copies behind in freed memory.
    let mut text = String::with_capacity(prefix.len() + TOKEN_BYTES.div_ceil(3) * 4);
    text.push_str(prefix);
    engine.encode_string(bytes.as_slice(), &mut text);
    Ok(text)
}

/// A token as its bearer sees it. Not printable; [`Token::reveal`] hands it out for the one answer that shows it.
pub struct Token(Secret<String>);

impl Token {
    /// A new token: `prefix`, then 32 random bytes in base64url without padding (43 characters).
    ///
    /// The prefix is public. It says what kind of token this is and may embed an organisation's id; it takes part in the
    /// digest.
    ///
    /// # Errors
    /// Where there is no randomness.
    pub fn generate(prefix: &str) -> Result<Self, Fault> {
        encoded(prefix, &URL_SAFE_NO_PAD).map(|text| Self(Secret::new(text)))
    }

    /// The token's text.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }

    /// What is stored in its place.
    pub fn digest(&self) -> TokenDigest {
        TokenDigest::of(self.reveal())
    }
}

/// What is stored of a token. Looked up by equality: whoever can time the index learns about digests, not about tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenDigest([u8; hash::DIGEST_BYTES]);

impl TokenDigest {
    /// The digest of what a caller presented, whatever it is.
    pub fn of(presented: &str) -> Self {
        Self(hash::in_domain(DOMAIN, &[presented.as_bytes()]))
    }

    /// Whether this is the digest of `presented`. Takes the same time wherever they differ: for a token that is held in memory, with no
    /// index between it and who guesses.
    #[must_use]
    pub fn is_of(&self, presented: &str) -> bool {
        let key = Self::of(presented).0;
        mac::is_authentic(DOMAIN.as_bytes(), &[&key], &mac::hmac_sha256(DOMAIN.as_bytes(), &[&self.0]))
    }

    /// The bytes of the column.
    pub const fn as_bytes(&self) -> &[u8; hash::DIGEST_BYTES] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;

    #[test]
    fn a_signing_secret_stands_for_a_key_of_32_bytes() {
        let secret = signing_secret().unwrap();
        let key = STANDARD.decode(secret.reveal().strip_prefix(SIGNING_SECRET_PREFIX).unwrap()).unwrap();
        assert_eq!(key.len(), TOKEN_BYTES);
        assert_ne!(signing_secret().unwrap().reveal(), secret.reveal());
    }

    #[test]
    fn a_token_is_found_again_by_its_digest_and_by_nothing_near_it() {
        let token = Token::generate("srt_").unwrap();
        assert_eq!(token.reveal().len(), "srt_".len() + 43);
        assert_eq!(TokenDigest::of(token.reveal()), token.digest());
        assert_ne!(TokenDigest::of(token.reveal().trim_start_matches("srt_")), token.digest());
        assert_ne!(Token::generate("srt_").unwrap().digest(), token.digest());
        assert!(token.digest().is_of(token.reveal()));
        assert!(!token.digest().is_of("") && !token.digest().is_of(&token.reveal()[1..]));
    }
}
