//! What is listened to for a member's teams, since when, and what came of it in a week.
//!
//! Whoever is in a team may know what it listens to, whatever their role: the channels and repositories were shared by the team.
//! What other teams listen to is told to those who look after connections, on other pages.

use crate::base::clock::{Instant, Window};
use crate::base::error::Fault;
use crate::base::id::{ConnectionId, TeamId};
use crate::capture;
use crate::detection::DETECTORS;
use crate::orgs::sources::{Mode, Source};
use crate::orgs::teams::Team;
use crate::orgs::{connections, sources};
use crate::patterns::Summary;
use crate::signals::SignalKind;
use crate::store::OrgDb;
use crate::web::format;
use crate::web::pages::patterns::Teams;
use crate::web::pages::week::WEEK_DAYS;
use crate::web::words;
use std::collections::BTreeMap;

/// Days for which a shadow that ended is a matter for somebody: two weeks, so that nobody's holiday hides it.
const ENDED_DAYS: i64 = 14;

/// Every source of an organisation with its connection.
pub struct Sources(Vec<(ConnectionId, Source)>);

/// A source that is listened to.
pub struct Heard {
    pub name: String,
    pub note: String,
    pub word: &'static str,
    pub tone: &'static str,
}

/// What was looked at where nothing stood out.
pub struct Quiet {
    pub came: String,
    pub looked: String,
    pub kinds: String,
}

/// A source whose shadow ended, and nobody said yet what becomes of it.
pub struct Ended {
    pub name: String,
    pub on: String,
    pub connection: ConnectionId,
}

impl Sources {
    pub fn of(org: &OrgDb) -> Result<Self, Fault> {
        let mut all = Vec::new();
        for connection in connections::list(org)? {
            all.extend(sources::list(org, connection.id)?.iter().map(|source| (connection.id, source.clone())));
        }
        Ok(Self(all))
    }

    /// Those that are on, whatever their team.
    pub fn on(&self) -> usize {
        self.0.iter().filter(|(_, source)| source.is_subscribed).count()
    }

    /// Those that these teams listen to, in the order of their names.
    pub fn heard(&self, own: &[TeamId], teams: &Teams, now: Instant) -> Vec<Heard> {
        let own = self.0.iter().filter(|(_, source)| own.contains(&source.team) && source.mode(now) != Mode::Off);
        let mut heard: Vec<Heard> = own.map(|(_, source)| row(source, teams, now)).collect();
        heard.sort_by(|one, other| one.name.cmp(&other.name));
        heard
    }

    /// Whether the place of a pattern is listened to for its team.
    pub fn hears(&self, pattern: &Summary) -> bool {
        self.0.iter().any(|(connection, source)| {
            (*connection, source.team) == (pattern.connection, pattern.team)
                && source.is_subscribed
                && source.external_id == pattern.scope.external_id()
        })
    }

    /// Those whose shadow ended by itself a short while ago.
    pub fn ended(&self, teams: &Teams, now: Instant) -> Vec<Ended> {
        let since = Window::days_before(now, ENDED_DAYS).from;
        let ended = |source: &Source| source.shadow.filter(|shadow| source.changed_at < shadow.to && (since..=now).contains(&shadow.to));
        let all = self.0.iter().filter(|(_, source)| !source.is_subscribed);
        let row = |(connection, source): &(ConnectionId, Source)| {
            let on = format::day(ended(source)?.to, &teams.zone(source.team));
            Some(Ended { name: name(source), on, connection: *connection })
        };
        all.filter_map(row).collect()
    }
}

fn name(source: &Source) -> String {
    source.label.clone().unwrap_or_else(|| source.external_id.clone())
}

fn row(source: &Source, teams: &Teams, now: Instant) -> Heard {
    let day = |at: Instant| format::day(at, &teams.zone(source.team));
    let (word, tone, since) = match (source.mode(now), source.shadow) {
        (Mode::Shadow, Some(shadow)) => {
            ("Shadow", "plain", format!("counted, not kept, since {} until {}", day(shadow.from), day(shadow.to)))
        }
        _ => ("On", "good", format!("since {}", day(source.changed_at))),
    };
    Heard { name: name(source), note: format!("team {}, {since}", source.team_slug), word, tone }
}

/// What was looked at for these teams in the last week.
pub fn quiet(org: &OrgDb, own: &[&Team], now: Instant) -> Result<Quiet, Fault> {
    let week = Window::days_before(now, WEEK_DAYS).from;
    let (mut counts, mut places) = (BTreeMap::new(), 0_u64);
    org.read(|reader| {
        for team in own {
            for place in sources::places_of_team(reader, org.id(), team.id)? {
                places += 1;
                for (kind, n) in capture::heard(reader, &place, week)? {
                    *counts.entry(kind.as_str()).or_insert(0) += n;
                }
            }
        }
        Ok::<_, Fault>(())
    })?;
    let parts: Vec<String> =
        SignalKind::ALL.iter().filter_map(|kind| counts.get(kind.as_str()).map(|n| words::signals(*kind, *n))).collect();
    let what = if parts.is_empty() { "Nothing".to_owned() } else { words::listed(&parts) };
    Ok(Quiet {
        came: format!("{what} came from {} in the last {WEEK_DAYS} days.", format::count(places, "source", "sources")),
        looked: looked(own),
        kinds: words::listed(&DETECTORS.iter().map(|detector| words::kind(detector.id()).to_lowercase()).collect::<Vec<_>>()),
    })
}

/// When these teams were last looked at.
fn looked(own: &[&Team]) -> String {
    let last = own.iter().filter(|team| was_looked_at(team)).max_by_key(|team| team.looked_at);
    last.map_or_else(
        || "The first look is the next morning at six.".to_owned(),
        |team| format!("The last look was on {}.", format::moment(team.looked_at, team.calendar().zone()).words),
    )
}

/// A team that was just made stands at that time, which is no look.
fn was_looked_at(team: &Team) -> bool {
    let calendar = team.calendar();
    calendar.look_on(calendar.date(team.looked_at)) == team.looked_at
}
