//! The gate in front of every pattern.

use super::{Dropped, cohort, person, size, sources};
use crate::analysis::finding::Finding;

/// A finding that may be told.
///
/// Only [`clear`] makes one. If you need a `Cleared` elsewhere, you need this gate.
#[derive(Clone, Debug)]
pub struct Cleared(Finding);

/// Lets a finding through that has its sources, speaks of a large enough group and of no person, and fits a page.
pub fn clear(finding: Finding, names: &[&str]) -> Result<Cleared, Dropped> {
    sources::check(&finding)?;
    cohort::check(&finding)?;
    size::check(&finding)?;
    person::check(&finding, names)?;
    Ok(Cleared(finding))
}

impl Cleared {
    pub const fn finding(&self) -> &Finding {
        &self.0
    }

    /// The finding itself, to be recorded.
    pub fn into_finding(self) -> Finding {
        self.0
    }
}
