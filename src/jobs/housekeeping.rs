//! What is over its time goes, and counts are written down.

use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::capture::{Desk, retention};
use crate::orgs::unheard;
use crate::store::OrgDb;

/// Sweeps one organisation.
pub fn sweep(org: &OrgDb, desk: &Desk, now: Instant) -> Result<(), Fault> {
    desk.refusals.flush(org)?;
    unheard::sweep(org, now)?;
    retention::sweep(org, now)
}
