//! `notice`.

use crate::audit::Audited;
use crate::base::clock::{Instant, Window};
use crate::base::error::Fault;
use crate::base::id::{ConnectionId, MemberId, OrgId};
use crate::orgs::notices::{Change, Due, Notice, Posted};
use crate::orgs::sources::Mode;
use crate::store::{Read, Tx, row};
use rusqlite::Row;

pub(super) fn put(audited: &Audited<'_>, connection: ConnectionId, external_id: &str, due: &Due) -> Result<(), Fault> {
    audited.tx().run(
        "INSERT INTO notice (connection, external_id, change, mode, due_at, since_at, is_after_reading, by_member)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (connection, external_id) DO UPDATE SET
             change = excluded.change, mode = excluded.mode, due_at = excluded.due_at, since_at = excluded.since_at,
             is_after_reading = excluded.is_after_reading, by_member = excluded.by_member, posted_at = NULL, posted_by = NULL, told = NULL",
        (
            connection.number(),
            external_id,
            due.change.as_str(),
            due.mode.as_str(),
            due.at.as_microsecond(),
            due.since.as_microsecond(),
            due.is_after_reading,
            due.by.as_ref().map(MemberId::as_bytes),
        ),
    )?;
    Ok(())
}

pub(super) fn set_posted(audited: &Audited<'_>, connection: ConnectionId, external_id: &str, posted: &Posted) -> Result<(), Fault> {
    audited.tx().run(
        "UPDATE notice SET posted_at = ?3, posted_by = ?4, told = ?5 WHERE connection = ?1 AND external_id = ?2",
        (connection.number(), external_id, posted.at.as_microsecond(), posted.by.as_bytes(), posted.told.as_slice()),
    )?;
    Ok(())
}

/// What of a notice is known from its own row.
pub(super) fn due(tx: &Tx<'_>, connection: ConnectionId, external_id: &str) -> Result<Option<(Due, bool)>, Fault> {
    tx.optional(
        "SELECT change, mode, due_at, since_at, is_after_reading, by_member, posted_at IS NOT NULL FROM notice
         WHERE connection = ?1 AND external_id = ?2",
        (connection.number(), external_id),
        |row| Ok((due_of(row)?, row.get(6)?)),
    )
}

/// The first six columns.
fn due_of(row: &Row<'_>) -> rusqlite::Result<Due> {
    Ok(Due {
        change: row::word(row, 0, Change::parse)?,
        mode: row::word(row, 1, Mode::parse)?,
        at: row::instant(row, 2)?,
        since: row::instant(row, 3)?,
        is_after_reading: row.get(4)?,
        by: row::array_or_null(row, 5)?.map(MemberId::from_bytes),
    })
}

/// Every notice with its source and connection, the newest first.
pub(super) fn list(reader: &impl Read, org: OrgId) -> Result<Vec<Notice>, Fault> {
    reader.all(
        "SELECT notice.change, notice.mode, notice.due_at, notice.since_at, notice.is_after_reading, notice.by_member,
                notice.posted_at, notice.posted_by, notice.told,
                notice.connection, notice.external_id, source.place_kind, source.label, source.is_subscribed,
                source.shadow_from, source.shadow_until, team.slug, team.zone, connection.connector, connection.name
             FROM notice
             JOIN source ON source.connection = notice.connection AND source.external_id = notice.external_id
             JOIN team ON team.id = source.team_id
             JOIN connection ON connection.number = notice.connection
             ORDER BY notice.due_at DESC, notice.connection, notice.external_id",
        (),
        |row| notice_of(row, org),
    )
}

fn notice_of(row: &Row<'_>, org: OrgId) -> rusqlite::Result<Notice> {
    let posted = (row::instant_or_null(row, 6)?, row::array_or_null(row, 7)?, row::array_or_null(row, 8)?);
    let posted = match posted {
        (Some(at), Some(by), Some(told)) => Some(Posted { at, by: MemberId::from_bytes(by), told }),
        _ => None,
    };
    let shadow = row::instant_or_null(row, 14)?.zip(row::instant_or_null(row, 15)?);
    Ok(Notice {
        due: due_of(row)?,
        posted,
        connection: ConnectionId::new(org, row.get(9)?),
        external_id: row.get(10)?,
        place_kind: row.get(11)?,
        label: row.get(12)?,
        is_subscribed: row.get(13)?,
        shadow: shadow.map(|(from, to): (Instant, Instant)| Window { from, to }),
        team_slug: row.get(16)?,
        zone: row.get(17)?,
        connector: row.get(18)?,
        connection_name: row.get(19)?,
    })
}
