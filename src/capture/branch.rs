//! What is kept of a branch's name: a keyed mark.
//!
//! Never: the name. It says who works on what (`ana-patch-1`), and now and then a secret; detectors only ask whether two are
//! the same, and whether one takes a change back.

use crate::base::error::Fault;
use crate::crypto::{Key, mac};
use crate::signals::place::Place;
use crate::store::OrgDb;

/// Bytes of a mark: 64 bits, so that two branches of one repository never share one by chance.
const MARK_BYTES: usize = 8;
/// How GitHub calls the branch of a change that takes back another: `revert-<number>-<branch>`.
const REVERT: &str = "revert-";

/// Makes marks with the organisation's own key.
pub struct BranchMarks(Key);

impl BranchMarks {
    pub fn of(org: &OrgDb) -> Result<Self, Fault> {
        Ok(Self(org.subkey("branch")?))
    }

    /// The mark of a branch: the same for the same name in the same place.
    pub fn mark(&self, place: &Place, branch: &str) -> String {
        let digest = mac::hmac_sha256(self.0.reveal(), &[place.external_id().as_bytes(), b"\0", branch.as_bytes()]);
        let mark = hex::encode(digest.get(..MARK_BYTES).unwrap_or(&digest));
        match reverted(branch) {
            Some(number) => format!("{REVERT}{number}-{mark}"),
            None => mark,
        }
    }
}

/// The number of the change that a branch takes back.
fn reverted(branch: &str) -> Option<u64> {
    let (number, _) = branch.strip_prefix(REVERT)?.split_once('-')?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_is_taken_from_the_name() {
        assert_eq!(reverted("revert-12-fix/cart"), Some(12));
        for branch in ["revert-12", "revert-ana-12", "revert--fix", "x-revert-12-y", "revert-+1-x", "main"] {
            assert_eq!(reverted(branch), None, "{branch}");
        }
    }
}
