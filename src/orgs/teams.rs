//! Teams: a slug, a zone, a dial, and the members who see its patterns.

use crate::audit::{self, Act, Actor, Audited};
use crate::base::calendar::Calendar;
use crate::base::clock::Instant;
use crate::base::dial::Dial;
use crate::base::error::Fault;
use crate::base::id::{MemberId, TeamId};
use crate::base::text::Slug;
use crate::crypto::random;
use crate::orgs::sql;
use crate::store::{OrgDb, Read, Tx};
use jiff::tz::TimeZone;

/// The zone of a team that nobody has given one.
const ZONE_DEFAULT: &str = "UTC";

/// A team.
#[derive(Clone, Debug)]
pub struct Team {
    pub id: TeamId,
    pub slug: Slug,
    /// An IANA name.
    pub zone: String,
    pub dial: Dial,
    /// The last look whose detectors ran for it.
    pub looked_at: Instant,
}

impl Team {
    /// The team's working time. An unknown zone, which no door lets in, counts as UTC.
    pub fn calendar(&self) -> Calendar {
        Calendar::in_zone(TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC))
    }
}

/// Every team, by slug.
pub fn list(org: &OrgDb) -> Result<Vec<Team>, Fault> {
    org.read(|reader| sql::teams(reader))
}

/// The teams this member belongs to.
pub fn of_member(reader: &impl Read, member: MemberId) -> Result<Vec<TeamId>, Fault> {
    sql::teams_of(reader, member)
}

/// Remembers how far the detectors have looked.
pub fn set_looked_at(tx: &Tx<'_>, team: TeamId, at: Instant) -> Result<(), Fault> {
    sql::set_looked_at(tx, team, at)
}

/// Sets a team's zone. Answers `false` for a name that is not in the bundled database.
pub fn set_zone(org: &OrgDb, slug: &Slug, zone: &str) -> Result<bool, Fault> {
    if TimeZone::get(zone).is_err() {
        return Ok(false);
    }
    let (slug, zone) = (slug.clone(), zone.to_owned());
    org.write(move |tx| sql::set_zone(tx, &slug, &zone))
}

/// The team of this slug, made on demand. Whoever makes a team is its first facilitator, so that somebody sees its patterns.
pub(super) fn find_or_create(tx: &Tx<'_>, slug: &Slug, by: Option<MemberId>, actor: Actor, now: Instant) -> Result<TeamId, Fault> {
    if let Some(team) = sql::team_by_slug(tx, slug)? {
        return Ok(team);
    }
    let team = Team {
        id: TeamId::new(now, random::bytes()?),
        slug: slug.clone(),
        zone: ZONE_DEFAULT.to_owned(),
        dial: Dial::Quiet,
        looked_at: now,
    };
    let audited = audit::record(tx, now, actor, &Act::TeamCreated { slug: slug.to_string() })?;
    sql::insert_team(&audited, &team, now)?;
    if let Some(member) = by {
        join(&audited, team.id, member)?;
    }
    Ok(team.id)
}

fn join(audited: &Audited<'_>, team: TeamId, member: MemberId) -> Result<(), Fault> {
    sql::insert_team_member(audited, team, member, true)
}
