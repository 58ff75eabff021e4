//! What a team sees, with its evidence.
//!
//! Never: a pattern without sources, a decision without a person, a pattern shown outside its team. A role in the
//! organisation opens no team's patterns.

pub mod decide;
pub mod details;
mod ids;
mod record;
mod show;
mod sql;
mod status;

pub use details::Details;
pub use ids::{PatternIds, derived_id};
pub use record::{record, standings, take_look, turn_back};
pub use show::{Decision, Pattern, Summary, list, show};
pub use status::Status;

use crate::base::error::Fault;
use crate::capture::StoredKey;
use crate::detection::candidate::EVIDENCE_MIN;
use crate::store::Tx;

/// Drops the links to what is gone. A pattern that is left with fewer sources than it needs goes with them.
pub fn forget(tx: &Tx<'_>, gone: &[StoredKey]) -> Result<(), Fault> {
    for key in gone {
        sql::delete_evidence(tx, key)?;
    }
    if !gone.is_empty() {
        sql::delete_without_evidence(tx, EVIDENCE_MIN)?;
    }
    Ok(())
}
