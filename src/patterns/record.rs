//! How a look's findings become patterns.

use crate::analysis::Cleared;
use crate::base::clock::Instant;
use crate::base::error::{Code, Fault};
use crate::base::id::{OrgId, PatternId, TeamId};
use crate::detection::look::{Look, Standing};
use crate::patterns::{Details, PatternIds, sql};
use crate::store::{Read, Tx};

/// Records a cleared finding as an open pattern of a team. There is no other way to a pattern.
pub fn record(tx: &Tx<'_>, team: TeamId, cleared: Cleared, ids: PatternIds) -> Result<PatternId, Fault> {
    let finding = cleared.into_finding();
    let id = ids.next(&finding.candidate)?;
    let json = serde_json::to_string(&Details::of(&finding))
        .map_err(|error| Fault::new(Code::Internal, "A finding cannot be written as JSON").because(error))?;
    let connection = finding.candidate.connection;
    let connection =
        connection.ok_or_else(|| Fault::new(Code::Internal, "A finding of this organisation's signals names no connection"))?;
    sql::insert_pattern(tx, id, (team, connection), &finding, &json)?;
    for evidence in &finding.candidate.evidence {
        sql::insert_evidence(tx, id, connection, evidence)?;
    }
    Ok(id)
}

/// What the next look of a team has to know of its patterns.
pub fn standings(reader: &impl Read, org: OrgId, team: TeamId) -> Result<Vec<Standing>, Fault> {
    sql::standings(reader, org, team)
}

/// Brings what was told while the clock was ahead back to `now`.
pub fn turn_back(tx: &Tx<'_>, team: TeamId, now: Instant) -> Result<(), Fault> {
    sql::turn_back(tx, team, now)
}

/// Brings a team's patterns up to a look: what was seen again, and what is over.
pub fn take_look(tx: &Tx<'_>, team: TeamId, look: &Look) -> Result<(), Fault> {
    for subject in &look.still_seen {
        sql::set_last_seen(tx, team, subject, look.at)?;
    }
    for subject in &look.lapsed {
        sql::set_lapsed(tx, team, subject, look.at)?;
    }
    Ok(())
}
