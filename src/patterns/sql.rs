//! `pattern`, `evidence`, `decision`.

use crate::analysis::Finding;
use crate::audit::Audited;
use crate::auth::Human;
use crate::base::clock::{Instant, micros};
use crate::base::error::Fault;
use crate::base::id::{ConnectionId, MemberId, OrgId, PatternId, TeamId};
use crate::capture::StoredKey;
use crate::detection::candidate::Evidence;
use crate::detection::look::{Standing, Subject};
use crate::patterns::{Decision, Status, Summary};
use crate::signals::place::Place;
use crate::store::{Read, Tx};
use rusqlite::Row;

pub(super) fn insert_pattern(
    tx: &Tx<'_>,
    id: PatternId,
    (team, connection): (TeamId, ConnectionId),
    finding: &Finding,
    json: &str,
) -> Result<(), Fault> {
    let candidate = &finding.candidate;
    let at = candidate.at.as_microsecond();
    tx.run(
        "INSERT INTO pattern (id, team_id, detector, connection, place_kind, place_id, title, statement, finding, dial, status, surfaced_at, last_seen_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'open', ?11, ?11)",
        (
            id.as_bytes(),
            team.as_bytes(),
            candidate.detector,
            connection.number(),
            candidate.scope.kind(),
            candidate.scope.external_id(),
            &finding.title,
            &finding.statement,
            json,
            candidate.dial.as_str(),
            at,
        ),
    )?;
    Ok(())
}

pub(super) fn insert_evidence(tx: &Tx<'_>, id: PatternId, connection: ConnectionId, evidence: &Evidence) -> Result<(), Fault> {
    tx.run(
        "INSERT INTO evidence (pattern_id, connection, signal_key, kind, url, occurred_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (id.as_bytes(), connection.number(), &evidence.id, &evidence.kind, &evidence.url, evidence.at.as_microsecond()),
    )?;
    Ok(())
}

pub(super) fn standings(reader: &impl Read, org: OrgId, team: TeamId) -> Result<Vec<Standing>, Fault> {
    let rows = reader.all(
        "SELECT detector, place_kind, place_id, status, surfaced_at, last_seen_at, closed_at, connection FROM pattern WHERE team_id = ?1",
        (team.as_bytes(),),
        |row| {
            let (kind, external_id, status): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
            let closed: Option<i64> = row.get(6)?;
            let closed = closed.map(micros);
            let is_lapsed = Status::parse(&status) == Some(Status::Lapsed);
            let connection = Some(ConnectionId::new(org, row.get(7)?));
            let (detector, opened_at, last_seen_at) = (row.get(0)?, micros(row.get(4)?), micros(row.get(5)?));
            Ok(Place::parse(&kind, &external_id).map(|scope| Standing {
                detector,
                connection,
                scope,
                opened_at,
                last_seen_at,
                closed_at: closed.filter(|_| !is_lapsed),
                lapsed_at: closed.filter(|_| is_lapsed),
            }))
        },
    )?;
    Ok(rows.into_iter().flatten().collect())
}

pub(super) fn set_last_seen(tx: &Tx<'_>, team: TeamId, subject: &Subject, at: Instant) -> Result<(), Fault> {
    change_open(
        tx,
        "UPDATE pattern SET last_seen_at = ?6
         WHERE team_id = ?1 AND detector = ?2 AND connection = ?3 AND place_kind = ?4 AND place_id = ?5 AND closed_at IS NULL",
        (team, subject, at),
    )
}

pub(super) fn set_lapsed(tx: &Tx<'_>, team: TeamId, subject: &Subject, at: Instant) -> Result<(), Fault> {
    change_open(
        tx,
        "UPDATE pattern SET status = 'lapsed', closed_at = ?6
         WHERE team_id = ?1 AND detector = ?2 AND connection = ?3 AND place_kind = ?4 AND place_id = ?5 AND closed_at IS NULL",
        (team, subject, at),
    )
}

/// Runs a change of the one pattern about a subject that is not closed.
fn change_open(tx: &Tx<'_>, sql: &'static str, (team, subject, at): (TeamId, &Subject, Instant)) -> Result<(), Fault> {
    let connection = subject.connection.as_ref().map(ConnectionId::number);
    let (kind, id) = (subject.scope.kind(), subject.scope.external_id());
    tx.run(sql, (team.as_bytes(), subject.detector, connection, kind, id, at.as_microsecond()))?;
    Ok(())
}

pub(super) fn turn_back(tx: &Tx<'_>, team: TeamId, now: Instant) -> Result<(), Fault> {
    // The scalar min() of SQLite is NULL where an argument is: what is open stays open.
    tx.run(
        "UPDATE pattern SET surfaced_at = min(surfaced_at, ?2), last_seen_at = min(last_seen_at, ?2), closed_at = min(closed_at, ?2)
         WHERE team_id = ?1",
        (team.as_bytes(), now.as_microsecond()),
    )?;
    Ok(())
}

/// `None` for a row whose words this version does not know.
fn summary_of(row: &Row<'_>, org: OrgId) -> rusqlite::Result<Option<Summary>> {
    let (kind, external_id, status): (String, String, String) = (row.get(3)?, row.get(4)?, row.get(7)?);
    let (Some(scope), Some(status)) = (Place::parse(&kind, &external_id), Status::parse(&status)) else {
        return Ok(None);
    };
    Ok(Some(Summary {
        id: PatternId::from_bytes(row.get(0)?),
        team: TeamId::from_bytes(row.get(1)?),
        detector: row.get(2)?,
        scope,
        connection: ConnectionId::new(org, row.get(11)?),
        scope_label: None,
        title: row.get(5)?,
        statement: row.get(6)?,
        status,
        surfaced_at: micros(row.get(8)?),
        last_seen_at: micros(row.get(9)?),
        sources: row.get::<_, u32>(10)?.try_into().unwrap_or(usize::MAX),
        closed_at: row.get::<_, Option<i64>>(12)?.map(micros),
        sources_total: row.get::<_, Option<u32>>(13)?.unwrap_or_default().try_into().unwrap_or(usize::MAX),
    }))
}

pub(super) fn summaries(reader: &impl Read, org: OrgId, team: TeamId) -> Result<Vec<Summary>, Fault> {
    let rows = reader.all(
        "SELECT id, team_id, detector, place_kind, place_id, title, statement, status, surfaced_at, last_seen_at,
             (SELECT count(*) FROM evidence WHERE evidence.pattern_id = pattern.id), connection, closed_at,
             json_extract(finding, '$.sources_total')
         FROM pattern WHERE team_id = ?1",
        (team.as_bytes(),),
        |row| summary_of(row, org),
    )?;
    Ok(rows.into_iter().flatten().collect())
}

pub(super) fn pattern(reader: &impl Read, org: OrgId, id: PatternId) -> Result<Option<(Summary, String)>, Fault> {
    let row = reader.optional(
        "SELECT id, team_id, detector, place_kind, place_id, title, statement, status, surfaced_at, last_seen_at,
             (SELECT count(*) FROM evidence WHERE evidence.pattern_id = pattern.id), connection, closed_at,
             json_extract(finding, '$.sources_total'), finding
         FROM pattern WHERE id = ?1",
        (id.as_bytes(),),
        |row| Ok((summary_of(row, org)?, row.get(14)?)),
    )?;
    Ok(row.and_then(|(summary, finding)| Some((summary?, finding))))
}

pub(super) fn evidence(reader: &impl Read, id: PatternId) -> Result<Vec<Evidence>, Fault> {
    reader.all(
        "SELECT signal_key, kind, url, occurred_at FROM evidence WHERE pattern_id = ?1 ORDER BY occurred_at, signal_key",
        (id.as_bytes(),),
        |row| Ok(Evidence { id: row.get(0)?, kind: row.get(1)?, url: row.get(2)?, at: micros(row.get(3)?) }),
    )
}

pub(super) fn decisions(reader: &impl Read, id: PatternId) -> Result<Vec<Decision>, Fault> {
    let rows = reader.all(
        "SELECT decided_at, status, by_member, note FROM decision WHERE pattern_id = ?1 ORDER BY decided_at",
        (id.as_bytes(),),
        |row| {
            let status: String = row.get(1)?;
            let (at, by, note) = (micros(row.get(0)?), MemberId::from_bytes(row.get(2)?), row.get(3)?);
            Ok(Status::parse(&status).map(|status| Decision { at, status, by, note }))
        },
    )?;
    Ok(rows.into_iter().flatten().collect())
}

pub(super) fn team_and_status(reader: &impl Read, id: PatternId) -> Result<Option<(TeamId, Status)>, Fault> {
    let row: Option<([u8; 16], String)> =
        reader.optional("SELECT team_id, status FROM pattern WHERE id = ?1", (id.as_bytes(),), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(row.and_then(|(team, status)| Some((TeamId::from_bytes(team), Status::parse(&status)?))))
}

/// Two decisions at one instant are one: the later word counts.
pub(super) fn insert_decision(
    audited: &Audited<'_>,
    id: PatternId,
    status: Status,
    by: &Human,
    note: Option<&str>,
    now: Instant,
) -> Result<(), Fault> {
    audited.tx().run(
        "INSERT INTO decision (pattern_id, decided_at, status, by_member, note) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (pattern_id, decided_at) DO UPDATE SET
             status = excluded.status, by_member = excluded.by_member, note = excluded.note",
        (id.as_bytes(), now.as_microsecond(), status.as_str(), by.member().as_bytes(), note),
    )?;
    Ok(())
}

pub(super) fn set_status(audited: &Audited<'_>, id: PatternId, status: Status, now: Instant) -> Result<(), Fault> {
    let closed_at = status.closes().then(|| now.as_microsecond());
    audited.tx().run("UPDATE pattern SET status = ?2, closed_at = ?3 WHERE id = ?1", (id.as_bytes(), status.as_str(), closed_at))?;
    Ok(())
}

pub(super) fn delete_evidence(tx: &Tx<'_>, of: &StoredKey) -> Result<(), Fault> {
    tx.run("DELETE FROM evidence WHERE connection = ?1 AND signal_key = ?2", (of.connection, &of.key))?;
    Ok(())
}

pub(super) fn delete_without_evidence(tx: &Tx<'_>, least: usize) -> Result<(), Fault> {
    let least = u32::try_from(least).unwrap_or(u32::MAX);
    tx.run("DELETE FROM pattern WHERE (SELECT count(*) FROM evidence WHERE evidence.pattern_id = pattern.id) < ?1", (least,))?;
    Ok(())
}
