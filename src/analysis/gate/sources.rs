//! No pattern without sources that a person can open.

use super::Dropped;
use crate::analysis::finding::Finding;
use crate::detection::candidate::{EVIDENCE_MAX, EVIDENCE_MIN, Evidence};
use std::collections::HashSet;

pub(super) fn check(finding: &Finding) -> Result<(), Dropped> {
    let evidence = &finding.candidate.evidence;
    let distinct: HashSet<&str> = evidence.iter().map(|source| source.id.as_str()).collect();
    let is_sourced =
        (EVIDENCE_MIN..=EVIDENCE_MAX).contains(&evidence.len()) && distinct.len() == evidence.len() && evidence.iter().all(has_link);
    if is_sourced { Ok(()) } else { Err(Dropped::Sources) }
}

/// A link that a browser opens as a page: never `javascript:` or a file.
fn has_link(source: &Evidence) -> bool {
    let is_web = source.url.starts_with("https://") || source.url.starts_with("http://");
    is_web && !source.url.chars().any(|c| c.is_whitespace() || c.is_control())
}
