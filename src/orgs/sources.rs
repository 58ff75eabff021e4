//! Sources: the channels and repositories of a connection. Each is off until an admin switches it on.

use crate::audit::{self, Act, Actor};
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::{ConnectionId, MemberId, OrgId, TeamId};
use crate::base::text::{Slug, one_line};
use crate::orgs::{sql, teams};
use crate::store::{OrgDb, Read};

/// A channel or repository, as an admin sees it.
#[derive(Clone, Debug)]
pub struct Source {
    pub external_id: String,
    /// `channel` or `repository`.
    pub place_kind: String,
    /// What people call it, where an admin said so.
    pub label: Option<String>,
    pub is_subscribed: bool,
    pub team: TeamId,
    pub team_slug: String,
    pub changed_at: Instant,
}

/// An admin's wish about one source. The door has checked that the external id names a place that may be read.
#[derive(Clone, Debug)]
pub struct Switch {
    pub connection: ConnectionId,
    pub external_id: String,
    pub place_kind: &'static str,
    /// The id as the admin wrote it: the label where there is no other, and the tool's own spelling differs.
    pub as_written: String,
    /// What people call it; kept as it is where it is not given.
    pub label: Option<String>,
    pub is_subscribed: bool,
    /// The team it belongs to from now on; made on demand. Where it is not given, the source's present team, else [`TEAM_DEFAULT`].
    pub team: Option<Slug>,
}

/// The team of sources for which no other is named.
pub const TEAM_DEFAULT: &str = "team";

/// Every source of a connection that was ever switched, by external id.
pub fn list(org: &OrgDb, connection: ConnectionId) -> Result<Vec<Source>, Fault> {
    org.read(|reader| sql::sources(reader, connection))
}

/// Whether this source is on, and for which team.
pub fn subscription(reader: &impl Read, connection: ConnectionId, external_id: &str) -> Result<Option<TeamId>, Fault> {
    sql::subscription(reader, connection, external_id)
}

/// Whether an admin ever switched this source, on or off.
pub fn is_known(reader: &impl Read, connection: ConnectionId, external_id: &str) -> Result<bool, Fault> {
    Ok(sql::source(reader, connection, external_id)?.is_some())
}

/// A place that a team listens to. Its id is unique on its connection only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamPlace {
    pub connection: ConnectionId,
    pub place_kind: String,
    pub external_id: String,
    /// When it came to this team from another. What was said before is the other team's, and whoever moves a source joins the team that
    /// it goes to: so this team is told nothing of it.
    pub moved_at: Option<Instant>,
}

/// The places that a team listens to, each with its connection: another team may listen to a place of the same id
/// elsewhere. A source that is off is not among them, whatever is still kept of it.
pub fn places_of_team(reader: &impl Read, org: OrgId, team: TeamId) -> Result<Vec<TeamPlace>, Fault> {
    sql::places_of_team(reader, org, team)
}

/// Longest label of a source, in characters: one line of a table.
pub const LABEL_CHARS_MAX: usize = 80;

/// What people call a place of this connection, where an admin said so.
pub fn label(reader: &impl Read, connection: ConnectionId, external_id: &str) -> Result<Option<String>, Fault> {
    sql::label(reader, connection, external_id)
}

/// Switches a source on or off, and answers how it now stands. Switching to what already is changes nothing and leaves no leaf.
pub fn switch(org: &OrgDb, wish: Switch, by: Option<MemberId>, actor: Actor, now: Instant) -> Result<Source, Fault> {
    org.write(move |tx| {
        let before = sql::source(tx, wish.connection, &wish.external_id)?;
        let team = match (&wish.team, &before) {
            (Some(slug), _) => teams::find_or_create(tx, slug, by, actor, now)?,
            (None, Some(source)) => source.team,
            (None, None) => match Slug::parse(TEAM_DEFAULT) {
                Some(slug) => teams::find_or_create(tx, &slug, by, actor, now)?,
                None => return Err(Fault::new(crate::base::error::Code::Internal, "the default team has no valid name")),
            },
        };
        let label = wish.label.as_deref().map(|label| one_line(label, LABEL_CHARS_MAX)).filter(|label| !label.is_empty());
        let label = label.or_else(|| before.as_ref().and_then(|source| source.label.clone()));
        let label = label.or_else(|| (wish.as_written != wish.external_id).then(|| one_line(&wish.as_written, LABEL_CHARS_MAX)));
        let was_on = before.as_ref().is_some_and(|source| source.is_subscribed);
        if let Some(source) = before
            && source.is_subscribed == wish.is_subscribed
            && source.team == team
            && source.label == label
        {
            return Ok(source);
        }
        let slug = sql::team_slug(tx, team)?;
        let (connection, external_id) = (wish.connection, wish.external_id.clone());
        let act = if wish.is_subscribed {
            Act::SourceSwitchedOn { connection, external_id, team: slug.clone() }
        } else {
            Act::SourceSwitchedOff { connection, external_id }
        };
        let audited = audit::record(tx, now, actor, &act)?;
        sql::put_source(&audited, &wish, label.as_deref(), team, now)?;
        match (was_on, wish.is_subscribed) {
            (true, false) => sql::begin_unheard(&audited, wish.connection, &wish.external_id, now)?,
            (false, true) => sql::end_unheard(&audited, wish.connection, &wish.external_id, now)?,
            _ => {}
        }
        Ok(Source {
            external_id: wish.external_id.clone(),
            place_kind: wish.place_kind.to_owned(),
            label,
            is_subscribed: wish.is_subscribed,
            team,
            team_slug: slug,
            changed_at: now,
        })
    })
}
