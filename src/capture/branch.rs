//! What is kept of a branch's name: a keyed mark.
//!
//! Never: the name. It says who works on what (`ana-patch-1`), and now and then a secret; detectors only ask whether two are
//! the same, and whether one takes a change back.

use crate::base::error::Fault;
use crate::crypto::{Key, mac};
use crate::signals::place::Place;
use crate::signals::{REVERT_BRANCH, reverted_change};
use crate::store::OrgDb;

/// Bytes of a mark: 64 bits, so that two branches of one repository never share one by chance.
const MARK_BYTES: usize = 8;

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
        match reverted_change(branch) {
            Some(number) => format!("{REVERT_BRANCH}{number}-{mark}"),
            None => mark,
        }
    }
}
