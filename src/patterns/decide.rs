//! A person acknowledges, addresses or dismisses a pattern. Nothing else changes what it stands at, but time.

use crate::audit::{self, Act};
use crate::auth::Human;
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::PatternId;
use crate::base::text::one_line;
use crate::orgs::teams;
use crate::patterns::{Status, sql};
use crate::store::OrgDb;

/// Longest note to a decision, in characters.
pub const NOTE_CHARS_MAX: usize = 500;

/// Why nothing was decided.
#[derive(Debug)]
pub enum DecideError {
    /// There is no such pattern, or it is another team's: the same answer.
    NoSuchPattern,
    /// It is closed already.
    Closed,
    /// A person cannot choose this status.
    NotADecision,
    Fault(Fault),
}

impl From<Fault> for DecideError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Writes down what a person decided about a pattern of one of their teams. The proof that they are there is used up by it.
pub fn decide(org: &OrgDb, by: Human, id: PatternId, status: Status, note: Option<&str>, now: Instant) -> Result<(), DecideError> {
    if !status.is_decision() {
        return Err(DecideError::NotADecision);
    }
    let note = note.map(|note| one_line(note, NOTE_CHARS_MAX)).filter(|note| !note.is_empty());
    org.write(move |tx| {
        let (team, present) = sql::team_and_status(tx, id)?.ok_or(DecideError::NoSuchPattern)?;
        if !teams::of_member(tx, by.member())?.contains(&team) {
            return Err(DecideError::NoSuchPattern);
        }
        if present.closes() {
            return Err(DecideError::Closed);
        }
        let audited = audit::record(tx, now, by.actor(), &Act::PatternDecided { pattern: id, status: status.as_str() })?;
        sql::insert_decision(&audited, id, status, &by, note.as_deref(), now)?;
        sql::set_status(&audited, id, status, now)?;
        Ok(())
    })
}
