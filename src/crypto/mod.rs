//! Thin named wrappers over audited primitives; the only source of randomness.
//!
//! Never: a cipher, a hash or a comparison of our own. HMAC, SHA-256, HKDF and random numbers come from `ring`, the
//! extended-nonce AEAD from `chacha20poly1305`, password hashing from `argon2`. What this folder adds is names, domain
//! separation and types that cannot be printed, so that a caller cannot hold a primitive by the wrong end.

pub mod random;
pub mod hash;
pub mod mac;
pub mod seal;
pub mod keys;
pub mod token;
pub mod password;

use crate::base::secret::Secret;

/// Length of every symmetric key here, in bytes.
pub const KEY_BYTES: usize = 32;

/// A symmetric key: wiped when dropped, never printed.
pub type Key = Secret<[u8; KEY_BYTES]>;
