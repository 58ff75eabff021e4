//! Passwords: argon2id with pinned costs.
//!
//! Never: a cheaper path for a name that does not exist. [`is_right`] takes an `Option`, so the equal cost cannot be forgotten.

use super::random;
use crate::base::error::{Code, Fault};
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

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
/// Least memory that is asked for at once, of which a hash touches what it needs. The C library gives back what is freed only where it was mapped by
/// itself, and after the first hash it does that from as much as 32 MiB on (`M_MMAP_THRESHOLD` in `mallopt(3)`): with less, each thread that ever
/// hashed would keep its 19 MiB.
const MAPPED_KIB: usize = 33 * 1024;
/// Compared with where no such account exists: same costs as a real one, and no password is known for it (its 32 bytes
/// of output were drawn at random, not computed).
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$uR6GWL5ePOsmoT4DXlQE3g$AjADMtK7dNaTEstUyc8nMH4StV6hzvAha+41FviOQcM";

/// The text that is stored for `password`, in PHC format with its salt and costs.
///
/// # Errors
/// Where there is no randomness or memory.
pub fn hash(password: &str) -> Result<String, Fault> {
    let salt: [u8; SALT_BYTES] = random::bytes()?;
    let params = params()?;
    let hash = output(password, &salt, Version::V0x13, &params).ok_or_else(not_hashed)?;
    let hashed = PasswordHash {
        algorithm: argon2::ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(|_| not_hashed())?,
        salt: Some(Salt::new(&salt).map_err(|_| not_hashed())?),
        hash: Some(hash),
    };
    Ok(hashed.to_string())
}

/// Whether `password` is the one behind `stored`, which is `None` where no such account exists: the answer then is `false` and costs
/// the same. A stored text that is no argon2id hash, or asks for more than this program ever would, is treated the same way.
#[must_use]
pub fn is_right(password: &str, stored: Option<&str>) -> bool {
    let stored = stored.and_then(acceptable);
    let is_known = stored.is_some();
    let Some(against) = stored.or_else(|| acceptable(NOBODY)) else { return false };
    is_behind(password, &against).unwrap_or(false) && is_known
}

/// Compared in constant time by [`Output`]; `None` where the hash could not be computed.
fn is_behind(password: &str, stored: &PasswordHash) -> Option<bool> {
    let version = stored.version.map_or(Ok(Version::V0x13), Version::try_from).ok()?;
    let computed = output(password, stored.salt.as_ref()?, version, &Params::try_from(stored).ok()?)?;
    Some(stored.hash.as_ref() == Some(&computed))
}

/// What argon2id makes of `password`, in memory that is given back at once.
fn output(password: &str, salt: &[u8], version: Version, params: &Params) -> Option<Output> {
    let mut memory: Vec<Block> = Vec::new();
    memory.try_reserve_exact(params.block_count().max(MAPPED_KIB)).ok()?;
    memory.resize(params.block_count(), Block::default());
    let mut bytes = [0; Output::MAX_LENGTH];
    let bytes = bytes.get_mut(..params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN))?;
    Argon2::new(Algorithm::Argon2id, version, params.clone())
        .hash_password_into_with_memory(password.as_bytes(), salt, bytes, &mut memory)
        .ok()?;
    Output::new(bytes).ok()
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

fn params() -> Result<Params, Fault> {
    Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| not_hashed())
}

fn not_hashed() -> Fault {
    Fault::new(Code::Internal, "a password could not be hashed; check that 33 MiB of memory are free")
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::PasswordHasher as _;

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
