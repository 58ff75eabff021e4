//! What the checks ask of the databases: counts and times, and the names of sources, which an operator can read anyway.

use super::facts::{ConnectionFacts, SourceFacts, TeamFacts};
use crate::base::clock::{Instant, micros};
use crate::base::error::Fault;
use crate::base::id::{ConnectionId, OrgId};
use crate::store::{Read, row};

/// The latest instant at which anything was written down, by the clock of that time.
pub(super) fn last_written(reader: &impl Read) -> Result<Option<Instant>, Fault> {
    let beat: Option<i64> = reader.optional("SELECT at FROM heartbeat", (), |row| row.get(0))?;
    let heard: Option<i64> = reader.one("SELECT max(received_at) FROM signal", (), |row| row.get(0))?;
    Ok(beat.max(heard).map(micros))
}

/// When the text that has been kept the longest came in.
pub(super) fn oldest_text(reader: &impl Read) -> Result<Option<Instant>, Fault> {
    let oldest: Option<i64> = reader.one("SELECT min(received_at) FROM signal WHERE text IS NOT NULL", (), |row| row.get(0))?;
    Ok(oldest.map(micros))
}

pub(super) fn owners(reader: &impl Read) -> Result<u64, Fault> {
    reader.one("SELECT count(*) FROM role WHERE role = 'owner'", (), |row| row::count(row, 0))
}

/// How many tokens still live at `now` and end before `soon`.
pub(super) fn tokens_that_end(reader: &impl Read, now: Instant, soon: Instant) -> Result<u64, Fault> {
    let between = (now.as_microsecond(), soon.as_microsecond());
    reader.one("SELECT count(*) FROM api_token WHERE expires_at > ?1 AND expires_at <= ?2", between, |row| row::count(row, 0))
}

pub(super) fn teams(reader: &impl Read) -> Result<Vec<TeamFacts>, Fault> {
    reader.all(
        "SELECT slug, zone, looked_at, EXISTS (SELECT 1 FROM source WHERE source.team_id = team.id AND is_subscribed) FROM team ORDER BY slug",
        (),
        |row| Ok(TeamFacts { slug: row.get(0)?, zone: row.get(1)?, looked_at: row::instant(row, 2)?, has_sources: row.get(3)? }),
    )
}

/// The sources that are on, and when each was last heard.
pub(super) fn sources(reader: &impl Read, org: OrgId) -> Result<Vec<SourceFacts>, Fault> {
    reader.all(
        "SELECT source.connection, source.external_id, source.changed_at,
             (SELECT max(received_at) FROM signal WHERE signal.connection = source.connection AND signal.place_id = source.external_id)
         FROM source JOIN connection ON connection.number = source.connection
         WHERE source.is_subscribed AND connection.removed_at IS NULL ORDER BY source.connection, source.external_id",
        (),
        |row| {
            Ok(SourceFacts {
                connection: ConnectionId::new(org, row.get(0)?).to_string(),
                external_id: row.get(1)?,
                changed_at: row::instant(row, 2)?,
                heard_at: row::instant_or_null(row, 3)?,
            })
        },
    )
}

/// The connections, with what came over each: how often and when last, by reason.
pub(super) fn connections(reader: &impl Read, org: OrgId) -> Result<Vec<ConnectionFacts>, Fault> {
    let found: Vec<([u8; 8], String, Instant)> = reader.all(
        "SELECT number, connector, created_at FROM connection WHERE removed_at IS NULL ORDER BY created_at, number",
        (),
        |row| Ok((row.get(0)?, row.get(1)?, row::instant(row, 2)?)),
    )?;
    let with_tally = |(number, connector, created_at): ([u8; 8], String, Instant)| {
        let came = reader.all("SELECT reason, last_at FROM connection_tally WHERE connection = ?1", (number,), |row| {
            Ok((row.get(0)?, row::instant(row, 1)?))
        })?;
        Ok(ConnectionFacts { id: ConnectionId::new(org, number).to_string(), connector, created_at, came })
    };
    found.into_iter().map(with_tally).collect()
}

/// When the certificate that the installation signed itself ends.
pub(super) fn certificate_ends(reader: &impl Read) -> Result<Option<Instant>, Fault> {
    reader.optional("SELECT ends_at FROM tls_identity", (), |row| row::instant(row, 0))
}
