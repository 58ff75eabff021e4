//! The only randomness of the program: the operating system's, through `ring`.
//!
//! Never: a seedable generator. A test that needs known bytes hands them in as an argument.

use super::{KEY_BYTES, Key};
use crate::base::error::{Code, Fault};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

/// Fills `bytes` with random bytes.
///
/// # Errors
/// Where the operating system gives none; nothing may go on without them.
pub fn fill(bytes: &mut [u8]) -> Result<(), Fault> {
    SystemRandom::new()
        .fill(bytes)
        .map_err(|_| Fault::new(Code::Internal, "the operating system gave no random numbers; check that getrandom(2) is permitted"))
}

/// `N` random bytes: ten for a time-ordered id, eight for a connection, sixteen for a random id.
///
/// # Errors
/// As [`fill`].
pub fn bytes<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0_u8; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// A new random key.
///
/// # Errors
/// As [`fill`].
pub fn key() -> Result<Key, Fault> {
    let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
    fill(bytes.as_mut_slice())?;
    Ok(Key::new(*bytes))
}
