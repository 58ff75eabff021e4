//! `organisation`, `team`, `team_member`, `connection`, `source`, `unheard`, `heartbeat`, `confirmation`.

use crate::audit::Audited;
use crate::base::clock::{Instant, Window, micros};
use crate::base::dial::Dial;
use crate::base::error::Fault;
use crate::base::id::{ConnectionId, MemberId, OrgId, TeamId};
use crate::base::text::Slug;
use crate::orgs::connections::Connection;
use crate::orgs::sources::{Ear, Source, TeamPlace};
use crate::orgs::team_members::TeamMember;
use crate::orgs::teams::Team;
use crate::orgs::unheard::Stretch;
use crate::store::{Read, Tx, row};
use rusqlite::Row;

pub(super) fn insert_organisation(audited: &Audited<'_>, id: OrgId, name: &str, now: Instant) -> Result<(), Fault> {
    audited.tx().run("INSERT INTO organisation (id, name, created_at) VALUES (?1, ?2, ?3)", (id.as_bytes(), name, now.as_microsecond()))?;
    Ok(())
}

pub(super) fn organisation_name(reader: &impl Read) -> Result<String, Fault> {
    reader.one("SELECT name FROM organisation", (), |row| row.get(0))
}

pub(super) fn production(reader: &impl Read) -> Result<Option<String>, Fault> {
    Ok(reader.optional("SELECT production FROM organisation", (), |row| row.get(0))?.flatten())
}

pub(super) fn set_production(audited: &Audited<'_>, names: &str) -> Result<(), Fault> {
    audited.tx().run("UPDATE organisation SET production = ?1", (names,)).map(drop)
}

pub(super) fn insert_team(audited: &Audited<'_>, team: &Team, now: Instant) -> Result<(), Fault> {
    audited.tx().run(
        "INSERT INTO team (id, slug, zone, dial, created_at, looked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (team.id.as_bytes(), team.slug.as_str(), &team.zone, team.dial.as_str(), now.as_microsecond(), team.looked_at.as_microsecond()),
    )?;
    Ok(())
}

fn team_of(row: &Row<'_>) -> rusqlite::Result<Option<Team>> {
    let (slug, dial): (String, String) = (row.get(1)?, row.get(3)?);
    let Some(slug) = Slug::parse(&slug) else { return Ok(None) };
    let dial = Dial::parse(&dial).unwrap_or_default();
    Ok(Some(Team { id: TeamId::from_bytes(row.get(0)?), slug, zone: row.get(2)?, dial, looked_at: micros(row.get(4)?) }))
}

pub(super) fn teams(reader: &impl Read) -> Result<Vec<Team>, Fault> {
    let rows = reader.all("SELECT id, slug, zone, dial, looked_at FROM team ORDER BY slug", (), team_of)?;
    Ok(rows.into_iter().flatten().collect())
}

pub(super) fn team(reader: &impl Read, id: TeamId) -> Result<Option<Team>, Fault> {
    Ok(reader.optional("SELECT id, slug, zone, dial, looked_at FROM team WHERE id = ?1", (id.as_bytes(),), team_of)?.flatten())
}

/// Answers `false`, and changes nothing, where another team is called so.
pub(super) fn set_slug(audited: &Audited<'_>, team: TeamId, slug: &Slug) -> Result<bool, Fault> {
    audited.tx().insert_new("UPDATE team SET slug = ?2 WHERE id = ?1", (team.as_bytes(), slug.as_str()))
}

pub(super) fn team_by_slug(reader: &impl Read, slug: &Slug) -> Result<Option<TeamId>, Fault> {
    reader.optional("SELECT id FROM team WHERE slug = ?1", (slug.as_str(),), |row| Ok(TeamId::from_bytes(row.get(0)?)))
}

pub(super) fn team_slug(reader: &impl Read, team: TeamId) -> Result<String, Fault> {
    reader.one("SELECT slug FROM team WHERE id = ?1", (team.as_bytes(),), |row| row.get(0))
}

pub(super) fn set_looked_at(tx: &Tx<'_>, team: TeamId, at: Instant) -> Result<(), Fault> {
    tx.run("UPDATE team SET looked_at = ?2 WHERE id = ?1", (team.as_bytes(), at.as_microsecond()))?;
    Ok(())
}

pub(super) fn set_zone(tx: &Tx<'_>, slug: &Slug, zone: &str) -> Result<bool, Fault> {
    Ok(tx.run("UPDATE team SET zone = ?2 WHERE slug = ?1", (slug.as_str(), zone))? == 1)
}

pub(super) fn team_members(reader: &impl Read, team: TeamId) -> Result<Vec<TeamMember>, Fault> {
    reader.all(
        "SELECT member_id, is_facilitator, added_at FROM team_member WHERE team_id = ?1 ORDER BY is_facilitator DESC, added_at, member_id",
        (team.as_bytes(),),
        |row| Ok(TeamMember { member: MemberId::from_bytes(row.get(0)?), is_facilitator: row.get(1)?, added_at: micros(row.get(2)?) }),
    )
}

pub(super) fn put_team_member(
    audited: &Audited<'_>,
    team: TeamId,
    member: MemberId,
    is_facilitator: bool,
    now: Instant,
) -> Result<(), Fault> {
    audited.tx().run(
        "INSERT INTO team_member (team_id, member_id, is_facilitator, added_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (team_id, member_id) DO UPDATE SET is_facilitator = excluded.is_facilitator",
        (team.as_bytes(), member.as_bytes(), is_facilitator, now.as_microsecond()),
    )?;
    Ok(())
}

pub(super) fn delete_team_member(audited: &Audited<'_>, team: TeamId, member: MemberId) -> Result<(), Fault> {
    audited.tx().run("DELETE FROM team_member WHERE team_id = ?1 AND member_id = ?2", (team.as_bytes(), member.as_bytes()))?;
    Ok(())
}

pub(super) fn delete_team_member_everywhere(audited: &Audited<'_>, member: MemberId) -> Result<(), Fault> {
    audited.tx().run("DELETE FROM team_member WHERE member_id = ?1", (member.as_bytes(),))?;
    Ok(())
}

pub(super) fn end_facilitation(audited: &Audited<'_>, member: MemberId) -> Result<(), Fault> {
    audited.tx().run("UPDATE team_member SET is_facilitator = 0 WHERE member_id = ?1", (member.as_bytes(),))?;
    Ok(())
}

pub(super) fn teams_of(reader: &impl Read, member: MemberId) -> Result<Vec<TeamId>, Fault> {
    reader.all("SELECT team_id FROM team_member WHERE member_id = ?1", (member.as_bytes(),), |row| Ok(TeamId::from_bytes(row.get(0)?)))
}

pub(super) fn insert_connection(audited: &Audited<'_>, connection: &Connection, sealed: &[u8]) -> Result<(), Fault> {
    audited.tx().run(
        "INSERT INTO connection (number, connector, name, base_url, secret, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            connection.id.number(),
            &connection.connector,
            &connection.name,
            &connection.base_url,
            sealed,
            connection.created_at.as_microsecond(),
        ),
    )?;
    Ok(())
}

/// Whether there is, or ever was, a connection of this number.
pub(super) fn is_taken(reader: &impl Read, id: ConnectionId) -> Result<bool, Fault> {
    Ok(reader.optional("SELECT 1 FROM connection WHERE number = ?1", (id.number(),), |row| row.get::<_, i64>(0))?.is_some())
}

pub(super) fn set_removed(audited: &Audited<'_>, id: ConnectionId, now: Instant) -> Result<(), Fault> {
    audited.tx().run("UPDATE connection SET removed_at = ?2, secret = x'' WHERE number = ?1", (id.number(), now.as_microsecond()))?;
    Ok(())
}

pub(super) fn set_secret(audited: &Audited<'_>, id: ConnectionId, sealed: &[u8]) -> Result<(), Fault> {
    audited.tx().run("UPDATE connection SET secret = ?2 WHERE number = ?1", (id.number(), sealed))?;
    Ok(())
}

fn connection_of(row: &Row<'_>, org: OrgId) -> rusqlite::Result<Connection> {
    Ok(Connection {
        id: ConnectionId::new(org, row.get(0)?),
        connector: row.get(1)?,
        name: row.get(2)?,
        base_url: row.get(3)?,
        created_at: micros(row.get(4)?),
    })
}

pub(super) fn connections(reader: &impl Read, org: OrgId) -> Result<Vec<Connection>, Fault> {
    reader.all(
        "SELECT number, connector, name, base_url, created_at FROM connection WHERE removed_at IS NULL ORDER BY created_at, number",
        (),
        |row| connection_of(row, org),
    )
}

pub(super) fn connection(reader: &impl Read, id: ConnectionId) -> Result<Option<(Connection, Vec<u8>)>, Fault> {
    reader.optional(
        "SELECT number, connector, name, base_url, created_at, secret FROM connection WHERE number = ?1 AND removed_at IS NULL",
        (id.number(),),
        |row| Ok((connection_of(row, id.org())?, row.get(5)?)),
    )
}

pub(super) fn workspace(reader: &impl Read, id: ConnectionId) -> Result<Option<String>, Fault> {
    let row = reader.optional("SELECT workspace FROM connection WHERE number = ?1", (id.number(),), |row| row.get(0))?;
    Ok(row.flatten())
}

pub(super) fn set_workspace(tx: &Tx<'_>, id: ConnectionId, workspace: &str) -> Result<(), Fault> {
    tx.run("UPDATE connection SET workspace = ?2 WHERE number = ?1", (id.number(), workspace))?;
    Ok(())
}

fn source_of(row: &Row<'_>) -> rusqlite::Result<Source> {
    let shadow = row::instant_or_null(row, 7)?.zip(row::instant_or_null(row, 8)?);
    Ok(Source {
        external_id: row.get(0)?,
        place_kind: row.get(1)?,
        label: row.get(2)?,
        is_subscribed: row.get(3)?,
        shadow: shadow.map(|(from, to)| Window { from, to }),
        team: TeamId::from_bytes(row.get(4)?),
        team_slug: row.get(5)?,
        changed_at: micros(row.get(6)?),
    })
}

pub(super) fn sources(reader: &impl Read, connection: ConnectionId) -> Result<Vec<Source>, Fault> {
    reader.all(
        "SELECT source.external_id, source.place_kind, source.label, source.is_subscribed, source.team_id, team.slug, source.changed_at,
                source.shadow_from, source.shadow_until
         FROM source JOIN team ON team.id = source.team_id
         WHERE source.connection = ?1 ORDER BY source.external_id",
        (connection.number(),),
        source_of,
    )
}

pub(super) fn source(reader: &impl Read, connection: ConnectionId, external_id: &str) -> Result<Option<Source>, Fault> {
    reader.optional(
        "SELECT source.external_id, source.place_kind, source.label, source.is_subscribed, source.team_id, team.slug, source.changed_at,
                source.shadow_from, source.shadow_until
         FROM source JOIN team ON team.id = source.team_id
         WHERE source.connection = ?1 AND source.external_id = ?2",
        (connection.number(), external_id),
        source_of,
    )
}

pub(super) fn subscription(reader: &impl Read, connection: ConnectionId, external_id: &str) -> Result<Option<TeamId>, Fault> {
    reader.optional(
        "SELECT team_id FROM source WHERE connection = ?1 AND external_id = ?2 AND is_subscribed",
        (connection.number(), external_id),
        |row| Ok(TeamId::from_bytes(row.get(0)?)),
    )
}

pub(super) fn ear(reader: &impl Read, connection: ConnectionId, external_id: &str) -> Result<Option<Ear>, Fault> {
    reader.optional(
        "SELECT team_id, is_subscribed, shadow_until FROM source WHERE connection = ?1 AND external_id = ?2",
        (connection.number(), external_id),
        |row| {
            let shadow_until: Option<i64> = row.get(2)?;
            Ok(Ear { team: TeamId::from_bytes(row.get(0)?), is_subscribed: row.get(1)?, shadow_until: shadow_until.map(micros) })
        },
    )
}

pub(super) fn places_of_team(reader: &impl Read, org: OrgId, team: TeamId) -> Result<Vec<TeamPlace>, Fault> {
    reader.all(
        "SELECT connection, place_kind, external_id, moved_at FROM source WHERE team_id = ?1 AND is_subscribed
         ORDER BY connection, external_id",
        (team.as_bytes(),),
        |row| {
            let moved_at: Option<i64> = row.get(3)?;
            Ok(TeamPlace {
                connection: ConnectionId::new(org, row.get(0)?),
                place_kind: row.get(1)?,
                external_id: row.get(2)?,
                moved_at: moved_at.map(micros),
            })
        },
    )
}

pub(super) fn put_source(audited: &Audited<'_>, connection: ConnectionId, source: &Source) -> Result<(), Fault> {
    audited.tx().run(
        "INSERT INTO source (connection, external_id, place_kind, label, is_subscribed, team_id, shadow_from, shadow_until, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (connection, external_id) DO UPDATE SET
             label = excluded.label, is_subscribed = excluded.is_subscribed, team_id = excluded.team_id, changed_at = excluded.changed_at,
             shadow_from = excluded.shadow_from, shadow_until = excluded.shadow_until,
             moved_at = CASE WHEN source.team_id = excluded.team_id THEN source.moved_at ELSE excluded.changed_at END",
        (
            connection.number(),
            &source.external_id,
            &source.place_kind,
            &source.label,
            source.is_subscribed,
            source.team.as_bytes(),
            source.shadow.map(|shadow| shadow.from.as_microsecond()),
            source.shadow.map(|shadow| shadow.to.as_microsecond()),
            source.changed_at.as_microsecond(),
        ),
    )?;
    Ok(())
}

pub(super) fn label(reader: &impl Read, connection: ConnectionId, external_id: &str) -> Result<Option<String>, Fault> {
    reader.optional(
        "SELECT label FROM source WHERE connection = ?1 AND external_id = ?2 AND label IS NOT NULL",
        (connection.number(), external_id),
        |row| row.get(0),
    )
}

pub(super) fn begin_unheard(audited: &Audited<'_>, connection: ConnectionId, external_id: &str, now: Instant) -> Result<(), Fault> {
    audited.tx().run(
        "INSERT INTO unheard (connection, external_id, from_at) VALUES (?1, ?2, ?3)",
        (connection.number(), external_id, now.as_microsecond()),
    )?;
    Ok(())
}

pub(super) fn end_unheard(audited: &Audited<'_>, connection: ConnectionId, external_id: &str, now: Instant) -> Result<(), Fault> {
    audited.tx().run(
        "UPDATE unheard SET to_at = ?3 WHERE connection = ?1 AND external_id = ?2 AND to_at IS NULL",
        (connection.number(), external_id, now.as_microsecond()),
    )?;
    Ok(())
}

pub(super) fn insert_outage(tx: &Tx<'_>, during: Window) -> Result<(), Fault> {
    tx.run("INSERT INTO unheard (from_at, to_at) VALUES (?1, ?2)", (during.from.as_microsecond(), during.to.as_microsecond()))?;
    Ok(())
}

/// Brings what lies after `now` back to it.
pub(super) fn cut_unheard(tx: &Tx<'_>, now: Instant) -> Result<(), Fault> {
    // The scalar min() of SQLite is NULL where an argument is: what goes on goes on.
    tx.run("UPDATE unheard SET from_at = min(from_at, ?1), to_at = min(to_at, ?1)", (now.as_microsecond(),))?;
    Ok(())
}

pub(super) fn unheard(reader: &impl Read, org: OrgId) -> Result<Vec<Stretch>, Fault> {
    reader.all("SELECT connection, external_id, from_at, to_at FROM unheard ORDER BY from_at", (), |row| {
        let (connection, external_id): (Option<[u8; 8]>, Option<String>) = (row.get(0)?, row.get(1)?);
        let to: Option<i64> = row.get(3)?;
        Ok(Stretch {
            of: connection.map(|number| ConnectionId::new(org, number)).zip(external_id),
            during: Window { from: micros(row.get(2)?), to: to.map_or(Instant::MAX, micros) },
        })
    })
}

pub(super) fn delete_unheard_before(tx: &Tx<'_>, ended_before: Instant) -> Result<(), Fault> {
    tx.run("DELETE FROM unheard WHERE to_at < ?1", (ended_before.as_microsecond(),))?;
    Ok(())
}

pub(super) fn heartbeat(reader: &impl Read) -> Result<Option<Instant>, Fault> {
    reader.optional("SELECT at FROM heartbeat", (), |row| Ok(micros(row.get(0)?)))
}

pub(super) fn put_heartbeat(tx: &Tx<'_>, now: Instant) -> Result<(), Fault> {
    tx.run("INSERT INTO heartbeat (only, at) VALUES (1, ?1) ON CONFLICT (only) DO UPDATE SET at = excluded.at", (now.as_microsecond(),))?;
    Ok(())
}

pub(super) fn confirmation(reader: &impl Read, what: &str) -> Result<Option<Instant>, Fault> {
    reader.optional("SELECT at FROM confirmation WHERE what = ?1", (what,), |row| Ok(micros(row.get(0)?)))
}

pub(super) fn put_confirmation(audited: &Audited<'_>, what: &str, now: Instant) -> Result<(), Fault> {
    audited.tx().run(
        "INSERT INTO confirmation (what, at) VALUES (?1, ?2) ON CONFLICT (what) DO UPDATE SET at = excluded.at",
        (what, now.as_microsecond()),
    )?;
    Ok(())
}
