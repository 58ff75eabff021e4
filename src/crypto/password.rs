//! Passwords: argon2id with pinned costs.
//!
//! Never: a cheaper path for a name that does not exist. [`is_right`] takes an `Option`, so the equal cost cannot be forgotten.

use super::random;
use crate::base::error::{Code, Fault};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

/// Memory of one hash: 19 MiB, the OWASP Password Storage Cheat Sheet's first choice for argon2id (with two passes, one lane).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Salt of 16 bytes, as RFC 9106 recommends.
const SALT_BYTES: usize = 16;
/// Highest memory that a stored hash may ask for: a hash from a tampered backup must not exhaust the machine.
const MEMORY_KIB_MAX: u32 = 128 * 1024;
/// Most passes that a stored hash may ask for, for the same reason.
const PASSES_MAX: u32 = 8;
/// Compared with where no such account exists: same costs as a real one, and no password is known for it (its 32 bytes
/// of output were drawn at random, not computed).
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$uR6GWL5ePOsmoT4DXlQE3g$AjADMtK7dNaTEstUyc8nMH4StV6hzvAha+41FviOQcM";

/// The text that is stored for `password`, in PHC format with its salt and costs.
///
/// # Errors
/// Where there is no randomness or memory.
pub fn hash(password: &str) -> Result<String, Fault> {
    let salt: [u8; SALT_BYTES] = random::bytes()?;
    let hashed: PasswordHash = hasher()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(|_| not_hashed())?;
    Ok(hashed.to_string())
}

/// Whether `password` is the one behind `stored`, which is `None` where no such account exists: the answer then is `false` and costs
/// the same. A stored text that is no argon2id hash, or asks for more than this program ever would, is treated the same way.
#[must_use]
pub fn is_right(password: &str, stored: Option<&str>) -> bool {
    let stored = stored.and_then(acceptable);
    let is_known = stored.is_some();
    let Some(against) = stored.or_else(|| acceptable(NOBODY)) else { return false };
    let Ok(hasher) = hasher() else { return false };
    hasher.verify_password(password.as_bytes(), &against).is_ok() && is_known
}

/// Whether `stored` was made with other costs than today's: hash the password anew at the next successful sign-in.
pub fn is_outdated(stored: &str) -> bool {
    let today = params().ok();
    acceptable(stored).and_then(|hash| Params::try_from(&hash).ok()).is_none_or(|params| {
        today.is_none_or(|today| (params.m_cost(), params.t_cost(), params.p_cost()) != (today.m_cost(), today.t_cost(), today.p_cost()))
    })
}

fn acceptable(text: &str) -> Option<PasswordHash> {
    let hash = PasswordHash::new(text).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let is_ours = hash.algorithm == argon2::ARGON2ID_IDENT && hash.hash.is_some() && hash.salt.is_some();
    let is_affordable = params.m_cost() <= MEMORY_KIB_MAX && params.t_cost() <= PASSES_MAX && params.p_cost() <= LANES;
    (is_ours && is_affordable).then_some(hash)
}

fn hasher() -> Result<Argon2<'static>, Fault> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params()?))
}

fn params() -> Result<Params, Fault> {
    Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| not_hashed())
}

fn not_hashed() -> Fault {
    Fault::new(Code::Internal, "a password could not be hashed; check that 19 MiB of memory are free")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_is_right() {
        let stored = hash("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "the costs are pinned: {stored}");
        assert!(is_right("correct horse", Some(&stored)));
        assert!(!is_right("correct horsf", Some(&stored)));
        assert!(!is_right("", Some(&stored)));
        assert!(!is_outdated(&stored));
    }

    #[test]
    fn nobody_has_no_password_and_the_same_costs() {
        assert!(!is_right("", None));
        assert!(acceptable(NOBODY).is_some(), "else an unknown name would cost nothing");
        assert!(!is_outdated(NOBODY), "else an unknown name would cost something else");
        assert_eq!(PasswordHash::new(NOBODY).unwrap().hash.map(|hash| hash.len()), Some(32));
    }

    #[test]
    fn a_stored_hash_cannot_ask_for_the_machine() {
        for greedy in ["m=4194304,t=2,p=1", "m=19456,t=4000000,p=1", "m=19456,t=2,p=64"] {
            let stored = NOBODY.replace("m=19456,t=2,p=1", greedy);
            assert!(acceptable(&stored).is_none(), "{greedy}");
            assert!(is_outdated(&stored));
        }
        assert!(!is_right("x", Some("no hash")));
    }

    #[test]
    fn weaker_costs_are_outdated_and_still_verify() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8 * 1024, 1, 1, None).unwrap());
        let stored = weak.hash_password_with_salt(b"old", b"sixteen bytes ok").map(|hash: PasswordHash| hash.to_string()).unwrap();
        assert!(is_outdated(&stored));
        assert!(is_right("old", Some(&stored)));
    }
}
