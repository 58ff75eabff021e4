//! The second defence against forged requests: a token in each form that only this program could have made for this browser.
//!
//! The token is a keyed digest of the cookie's secret value. Whoever can read the cookie needs no forgery; whoever cannot
//! is unable to compute the token, and the token does not give the cookie away.

use crate::crypto::mac;
use std::fmt;

/// Separates this use of the cookie's value from every other.
const LABEL: &[u8] = b"smartretro form token v1";

/// What a form carries to prove that it was made for this browser.
#[derive(Clone)]
pub struct FormToken(String);

impl FormToken {
    /// The token of every form that is shown to the holder of `cookie`.
    pub fn of(cookie: &str) -> Self {
        Self(hex::encode(mac::hmac_sha256(cookie.as_bytes(), &[LABEL])))
    }
}

/// Whether `given` is the token of `cookie`. Takes the same time wherever they differ.
pub fn is_token_of(cookie: &str, given: &str) -> bool {
    hex::decode(given).is_ok_and(|tag| mac::is_authentic(cookie.as_bytes(), &[LABEL], &tag))
}

impl fmt::Display for FormToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for FormToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FormToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_of_one_cookie_and_does_not_hold_it() {
        let token = FormToken::of("ana's cookie").to_string();
        assert!(is_token_of("ana's cookie", &token));
        assert!(!is_token_of("ben's cookie", &token));
        assert!(!is_token_of("ana's cookie", ""));
        assert!(!is_token_of("ana's cookie", &token[2..]));
        assert!(!token.contains("cookie"));
    }
}
