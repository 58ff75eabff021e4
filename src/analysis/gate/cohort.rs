//! The small-group rule, once more: a provider between detector and gate changes nothing about it.

use super::Dropped;
use crate::analysis::finding::Finding;
use crate::base::subject::{ACTIVE_MEMBERS_MIN, CONTRIBUTORS_MIN};

pub(super) fn check(finding: &Finding) -> Result<(), Dropped> {
    let cohort = finding.candidate.cohort;
    if cohort.active() >= ACTIVE_MEMBERS_MIN && cohort.contributors() >= CONTRIBUTORS_MIN { Ok(()) } else { Err(Dropped::GroupTooSmall) }
}
