//! Teams: a slug, a zone, a dial, and the members who see its patterns.

use crate::audit::{self, Act, Actor};
use crate::auth::{Principal, Scope, roles};
use crate::base::calendar::Calendar;
use crate::base::clock::Instant;
use crate::base::dial::Dial;
use crate::base::error::Fault;
use crate::base::id::{MemberId, TeamId};
use crate::base::text::Slug;
use crate::crypto::random;
use crate::orgs::sql;
use crate::orgs::team_members::{TeamError, expect_to_look_after};
use crate::store::{OrgDb, Read, Tx};
use jiff::tz::TimeZone;
use std::sync::Arc;

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
    /// The team's zone. An unknown one, which no door lets in, counts as UTC.
    pub fn time_zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    /// The team's working time.
    pub fn calendar(&self) -> Calendar {
        Calendar::in_zone(self.time_zone())
    }
}

/// Every team, by slug.
pub fn list(org: &OrgDb) -> Result<Arc<Vec<Team>>, Fault> {
    org.known("teams", &[], |reader| sql::teams(reader))
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

/// One team; `None` where there is none of this id.
pub fn find(reader: &impl Read, id: TeamId) -> Result<Option<Team>, Fault> {
    sql::team(reader, id)
}

/// Makes a team, whose first facilitator is whoever makes it.
pub fn create(org: &OrgDb, by: &Principal, slug: &Slug, now: Instant) -> Result<TeamId, TeamError> {
    let (by, slug) = (by.clone(), slug.clone());
    org.write(move |tx| {
        let role = roles::of(tx, by.member())?;
        if !by.may(Scope::WriteTeams) || !role.is_some_and(|role| role.allows(Scope::WriteTeams)) {
            return Err(TeamError::NotAllowed);
        }
        if sql::team_by_slug(tx, &slug)?.is_some() {
            return Err(TeamError::NameTaken);
        }
        Ok(find_or_create(tx, &slug, Some(by.member()), by.actor(), now)?)
    })
}

/// Calls a team otherwise. Its sources, patterns and members stay what they are.
pub fn rename(org: &OrgDb, by: &Principal, team: TeamId, slug: &Slug, now: Instant) -> Result<(), TeamError> {
    let (by, slug) = (by.clone(), slug.clone());
    org.write(move |tx| {
        expect_to_look_after(tx, &by, team)?;
        let from = sql::team_slug(tx, team)?;
        if from == slug.as_str() {
            return Ok(());
        }
        let audited = audit::record(tx, now, by.actor(), &Act::TeamRenamed { from, to: slug.to_string() })?;
        if sql::set_slug(&audited, team, &slug)? { Ok(()) } else { Err(TeamError::NameTaken) }
    })
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
        let put = Act::TeamMemberPut { team: team.id, member, is_facilitator: true };
        let audited = audit::record(tx, now, actor, &put)?;
        sql::put_team_member(&audited, team.id, member, true, now)?;
    }
    Ok(team.id)
}
