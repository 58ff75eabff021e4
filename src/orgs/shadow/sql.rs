//! `shadow_tally`.

use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::orgs::shadow::Line;
use crate::store::{Read, Tx, row};

/// The zone of the team that a source belongs to.
pub(super) fn zone(reader: &impl Read, connection: ConnectionId, external_id: &str) -> Result<Option<String>, Fault> {
    reader.optional(
        "SELECT team.zone FROM source JOIN team ON team.id = source.team_id WHERE source.connection = ?1 AND source.external_id = ?2",
        (connection.number(), external_id),
        |row| row.get(0),
    )
}

pub(super) fn add(
    tx: &Tx<'_>,
    (connection, external_id): (ConnectionId, &str),
    day: &str,
    (what, which): (&str, &str),
) -> Result<(), Fault> {
    tx.run(
        "INSERT INTO shadow_tally (connection, external_id, day, what, which, n) VALUES (?1, ?2, ?3, ?4, ?5, 1)
         ON CONFLICT (connection, external_id, day, what, which) DO UPDATE SET n = n + 1",
        (connection.number(), external_id, day, what, which),
    )?;
    Ok(())
}

pub(super) fn lines(reader: &impl Read, connection: ConnectionId, external_id: &str) -> Result<Vec<Line>, Fault> {
    reader.all(
        "SELECT day, what, which, n FROM shadow_tally WHERE connection = ?1 AND external_id = ?2 ORDER BY day, what, which",
        (connection.number(), external_id),
        |row| Ok(Line { day: row.get(0)?, what: row.get(1)?, which: row.get(2)?, n: row::count(row, 3)? }),
    )
}

pub(super) fn delete(tx: &Tx<'_>, connection: ConnectionId, external_id: &str) -> Result<(), Fault> {
    tx.run("DELETE FROM shadow_tally WHERE connection = ?1 AND external_id = ?2", (connection.number(), external_id))?;
    Ok(())
}

pub(super) fn delete_ended_before(tx: &Tx<'_>, before: Instant) -> Result<(), Fault> {
    tx.run(
        "DELETE FROM shadow_tally WHERE EXISTS (
             SELECT 1 FROM source WHERE source.connection = shadow_tally.connection
                 AND source.external_id = shadow_tally.external_id AND source.shadow_until < ?1)",
        (before.as_microsecond(),),
    )?;
    Ok(())
}
