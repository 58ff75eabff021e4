//! Sources: the channels and repositories of a connection. Each is off until an admin switches it on, or tries it out in shadow
//! mode ([`crate::orgs::shadow`]). None goes on by itself.

use crate::audit::{self, Act, Actor};
use crate::base::clock::{Instant, Window};
use crate::base::error::Fault;
use crate::base::id::{ConnectionId, MemberId, OrgId, TeamId};
use crate::base::text::{Slug, one_line};
use crate::orgs::notices::{self, Change};
use crate::orgs::shadow::{self, Days};
use crate::orgs::{sql, teams};
use crate::store::{OrgDb, Read, Tx};
use std::sync::Arc;

/// A channel or repository, as an admin sees it.
#[derive(Clone, Debug)]
pub struct Source {
    pub external_id: String,
    /// `channel` or `repository`.
    pub place_kind: String,
    /// What people call it, where an admin said so.
    pub label: Option<String>,
    /// Whether it is on.
    pub is_subscribed: bool,
    /// The last stretch in shadow mode, running or over; `None` where there was none since it was last on.
    pub shadow: Option<Window>,
    pub team: TeamId,
    pub team_slug: String,
    pub changed_at: Instant,
}

impl Source {
    /// How it stands at `now`.
    pub fn mode(&self, now: Instant) -> Mode {
        Mode::of(self.is_subscribed, self.shadow, now)
    }
}

/// What becomes of the signals of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They are refused.
    Off,
    /// They are counted, and nothing of them is kept.
    Shadow,
    /// They are kept.
    On,
}

impl Mode {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Shadow => "shadow",
            Self::On => "on",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Off, Self::Shadow, Self::On].into_iter().find(|mode| mode.as_str() == word)
    }

    /// A shadow ends by time alone: nobody has to be awake for it, and what comes after it is refused.
    pub(super) fn of(is_subscribed: bool, shadow: Option<Window>, now: Instant) -> Self {
        if is_subscribed {
            return Self::On;
        }
        if shadow.is_some_and(|shadow| now < shadow.to) { Self::Shadow } else { Self::Off }
    }
}

/// Who hears a source that is on or in shadow mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hearing {
    pub team: TeamId,
    /// Nothing of what is heard may be kept.
    pub is_shadow: bool,
}

/// How a source is listened to, whenever that is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ear {
    pub(super) team: TeamId,
    pub(super) is_subscribed: bool,
    pub(super) shadow_until: Option<Instant>,
}

impl Ear {
    fn at(self, now: Instant) -> Option<Hearing> {
        let is_shadow = !self.is_subscribed;
        let is_open = self.is_subscribed || self.shadow_until.is_some_and(|until| until > now);
        is_open.then_some(Hearing { team: self.team, is_shadow })
    }
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

/// Why a source cannot be switched.
#[derive(Debug)]
pub enum SwitchError {
    /// There is no such connection, or it was removed a moment ago: what nothing can be heard over is never said to be listened to.
    NoSuchConnection,
    Fault(Fault),
}

impl From<Fault> for SwitchError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The team of sources for which no other is named.
pub const TEAM_DEFAULT: &str = "team";

/// Every source of a connection that was ever switched, by external id.
pub fn list(org: &OrgDb, connection: ConnectionId) -> Result<Arc<Vec<Source>>, Fault> {
    org.known("sources", connection.number(), |reader| sql::sources(reader, connection))
}

/// Whether this source is on, and for which team.
pub fn subscription(reader: &impl Read, connection: ConnectionId, external_id: &str) -> Result<Option<TeamId>, Fault> {
    sql::subscription(reader, connection, external_id)
}

/// Whether this source is listened to at `now`, for which team, and whether that is kept.
pub fn hearing(reader: &impl Read, connection: ConnectionId, external_id: &str, now: Instant) -> Result<Option<Hearing>, Fault> {
    Ok(sql::ear(reader, connection, external_id)?.and_then(|ear| ear.at(now)))
}

/// The same, as of the last commit.
pub fn known_hearing(org: &OrgDb, connection: ConnectionId, external_id: &str, now: Instant) -> Result<Option<Hearing>, Fault> {
    let about = [connection.number(), external_id.as_bytes()].concat();
    let ear = org.known("ear", &about, |reader| sql::ear(reader, connection, external_id))?;
    Ok(ear.as_ref().as_ref().and_then(|ear| ear.at(now)))
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
pub fn switch(org: &OrgDb, wish: Switch, by: Option<MemberId>, actor: Actor, now: Instant) -> Result<Source, SwitchError> {
    org.write(move |tx| set_of_connection(tx, &wish, None, (by, actor), now))
}

/// Tries a source out for so many days from `now`: in shadow mode its signals are counted, and nothing of them is kept. A shadow that
/// runs already goes on with its counts until then; another begins at nothing. Whatever is on stops being read.
pub fn try_out(org: &OrgDb, wish: Switch, days: Days, by: Option<MemberId>, actor: Actor, now: Instant) -> Result<Source, SwitchError> {
    let wish = Switch { is_subscribed: false, ..wish };
    org.write(move |tx| set_of_connection(tx, &wish, Some(days), (by, actor), now))
}

fn set_of_connection(
    tx: &Tx<'_>,
    wish: &Switch,
    days: Option<Days>,
    by: (Option<MemberId>, Actor),
    now: Instant,
) -> Result<Source, SwitchError> {
    sql::connection(tx, wish.connection)?.ok_or(SwitchError::NoSuchConnection)?;
    Ok(set(tx, wish, days, by, now)?)
}

fn set(tx: &Tx<'_>, wish: &Switch, days: Option<Days>, (by, actor): (Option<MemberId>, Actor), now: Instant) -> Result<Source, Fault> {
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
    let was = before.as_ref().map_or(Mode::Off, |source| source.mode(now));
    let shadow = shadow_of(before.as_ref(), wish, days, now);
    let is_same_for_readers =
        before.as_ref().is_some_and(|source| source.is_subscribed == wish.is_subscribed && source.shadow == shadow && source.team == team);
    if let Some(source) = &before
        && is_same_for_readers
        && source.label == label
    {
        return Ok(source.clone());
    }
    let source = Source {
        external_id: wish.external_id.clone(),
        place_kind: wish.place_kind.to_owned(),
        label,
        is_subscribed: wish.is_subscribed,
        shadow,
        team,
        team_slug: sql::team_slug(tx, team)?,
        changed_at: now,
    };
    let is = source.mode(now);
    let told = notices::Before::of(tx, wish.connection, &wish.external_id)?;
    let audited = audit::record(tx, now, actor, &act(wish.connection, &source))?;
    sql::put_source(&audited, wish.connection, &source)?;
    match (was, is) {
        (Mode::On, Mode::Off | Mode::Shadow) => sql::begin_unheard(&audited, wish.connection, &wish.external_id, now)?,
        (Mode::Off | Mode::Shadow, Mode::On) => sql::end_unheard(&audited, wish.connection, &wish.external_id, now)?,
        _ => {}
    }
    if shadow.is_none_or(|shadow| shadow.from == now) {
        shadow::forget(tx, wish.connection, &wish.external_id)?;
    }
    if let Some(change) = Change::between(was, is, is_same_for_readers) {
        let about = if is == Mode::Off { was } else { is };
        told.fall_due(&audited, (wish.connection, &wish.external_id), (change, was, about), by, now)?;
    }
    Ok(source)
}

/// The last stretch in shadow mode, once the wish is fulfilled.
fn shadow_of(before: Option<&Source>, wish: &Switch, days: Option<Days>, now: Instant) -> Option<Window> {
    let last = before.and_then(|source| source.shadow);
    let running = last.filter(|shadow| now < shadow.to);
    match days {
        Some(days) => Some(Window { from: running.map_or(now, |shadow| shadow.from), to: days.after(now) }),
        None if wish.is_subscribed => None,
        None => last.map(|shadow| Window { to: shadow.to.min(now), ..shadow }),
    }
}

fn act(connection: ConnectionId, source: &Source) -> Act {
    let (external_id, team) = (source.external_id.clone(), source.team_slug.clone());
    match (source.mode(source.changed_at), source.shadow) {
        (Mode::On, _) => Act::SourceSwitchedOn { connection, external_id, team },
        (Mode::Shadow, Some(shadow)) => Act::SourceShadowed { connection, external_id, team, until: shadow.to },
        _ => Act::SourceSwitchedOff { connection, external_id },
    }
}

/// Switches off whatever of a connection is listened to, as it is removed.
pub(super) fn switch_all_off(
    tx: &Tx<'_>,
    connection: ConnectionId,
    (by, actor): (Option<MemberId>, Actor),
    now: Instant,
) -> Result<(), Fault> {
    for source in sql::sources(tx, connection)?.into_iter().filter(|source| source.mode(now) != Mode::Off) {
        let place_kind = match source.place_kind.as_str() {
            "channel" => "channel",
            "service" => "service",
            _ => "repository",
        };
        let (external_id, as_written) = (source.external_id.clone(), source.external_id);
        let wish = Switch { connection, external_id, place_kind, as_written, label: None, is_subscribed: false, team: None };
        set(tx, &wish, None, (by, actor), now)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Clock;
    use crate::crypto::keys::Kek;
    use crate::orgs::connections::{self, NewConnection, SecretMaker};
    use crate::store::Store;

    #[test]
    fn what_cannot_be_heard_any_more_is_not_said_to_be_listened_to() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stepped("2026-03-02T09:00:00Z".parse().unwrap());
        let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &clock, true).unwrap();
        let org = store.create_org::<Fault>(&clock, |_, _| Ok(()), |_, _| Ok(())).unwrap();
        let wish = NewConnection {
            id: None,
            connector: "github",
            secret_maker: SecretMaker::Us,
            needs_base_url: false,
            name: "Code".to_owned(),
            base_url: None,
            secret: None,
        };
        let connection = connections::create(&org, wish, Actor::Operator, clock.now()).unwrap().connection.id;
        let wish = Switch {
            connection,
            external_id: "acme/web".to_owned(),
            place_kind: "repository",
            as_written: "acme/web".to_owned(),
            label: None,
            is_subscribed: true,
            team: None,
        };
        // Somebody removes the connection while somebody else has its page of sources open.
        assert!(connections::remove(&org, connection, Actor::Operator, clock.now()).unwrap());
        let switched = switch(&org, wish.clone(), None, Actor::Operator, clock.now());
        assert!(matches!(switched, Err(SwitchError::NoSuchConnection)), "{switched:?}");
        let tried_out = try_out(&org, wish, Days::default(), None, Actor::Operator, clock.now());
        assert!(matches!(tried_out, Err(SwitchError::NoSuchConnection)), "{tried_out:?}");
        assert!(list(&org, connection).unwrap().is_empty() && notices::list(&org).unwrap().is_empty());
    }
}
