//! Look, word, check, surface: each missed look in its order, each in one commit.

use crate::analysis::{self, Dropped};
use crate::base::calendar::Calendar;
use crate::base::clock::{Instant, Window};
use crate::base::error::Fault;
use crate::base::id::{ConnectionId, OrgId, TeamId};
use crate::capture::{self, StoredKey};
use crate::detection::DETECTORS;
use crate::detection::history::{CHANGE_DAYS, History, OTHER_DAYS, Unheard};
use crate::detection::look::{Look, look};
use crate::detection::words;
use crate::orgs::production::{self, Names};
use crate::orgs::sources::{self, TeamPlace};
use crate::orgs::teams::{self, Team};
use crate::orgs::unheard;
use crate::patterns::{self, PatternIds};
use crate::people::{Lookups, OptOuts, identity};
use crate::signals::{Signal, SignalKind};
use crate::store::{OrgDb, Read, Tx};
use std::collections::HashSet;

/// How often a backlog is begun anew because somebody stepped out or a source was switched off during its looks. After that
/// it goes on when the worker wakes up next.
const TRIES_MAX: u32 = 4;

/// How far the work that was due came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ran {
    ToTheEnd,
    /// It was told to stop; what is left is due at the next start.
    Stopped,
}

/// Evaluates every look that has become due for every team of an organisation, until `is_over` says that it is time to end. Each look is
/// whole by itself: the next start goes on where this ended.
pub fn run_due(org: &OrgDb, now: Instant, ids: PatternIds, is_over: &dyn Fn() -> bool) -> Result<Ran, Fault> {
    for team in teams::list(org)?.iter() {
        let mut team = team.clone();
        if team.looked_at > now {
            turn_back(org, &mut team, now)?;
        }
        for _ in 0..TRIES_MAX {
            match look_at(org, &mut team, now, ids, is_over)? {
                Progress::Done => break,
                Progress::Overtaken => {}
                Progress::Stopped => return Ok(Ran::Stopped),
            }
        }
    }
    Ok(Ran::ToTheEnd)
}

/// The clock was ahead for a while. What was looked at and told then counts as of now; else the team would hear nothing until
/// the clock has caught up.
fn turn_back(org: &OrgDb, team: &mut Team, now: Instant) -> Result<(), Fault> {
    tracing::warn!("the clock stands before the last look at a team; looks go on from now");
    team.looked_at = now;
    let id = team.id;
    org.write(move |tx| {
        patterns::turn_back(tx, id, now)?;
        teams::set_looked_at(tx, id, now)
    })
}

/// How far the looks at a team came.
enum Progress {
    Done,
    /// What may be shown has changed since the signals were read: read again.
    Overtaken,
    /// It was time to end.
    Stopped,
}

/// What says which signals may be shown. Where it has changed since signals were read, nothing may be told from them.
#[derive(Clone, PartialEq, Eq)]
struct Gate {
    opt_outs: OptOuts,
    places: Vec<TeamPlace>,
}

impl Gate {
    fn load(reader: &impl Read, org: OrgId, team: TeamId) -> Result<Self, Fault> {
        Ok(Self { opt_outs: OptOuts::load(reader)?, places: sources::places_of_team(reader, org, team)? })
    }
}

/// Makes the looks that are due for a team, in their order, from one reading of its signals.
fn look_at(org: &OrgDb, team: &mut Team, now: Instant, ids: PatternIds, is_over: &dyn Fn() -> bool) -> Result<Progress, Fault> {
    let calendar = team.calendar();
    let due = calendar.looks(team.looked_at, now);
    let Some(first) = due.first() else { return Ok(Progress::Done) };
    let reading = load(org, team.id, *first)?;
    let history = reading.history(&calendar);
    let Reading { gate, names, .. } = &reading;
    for at in due {
        if is_over() {
            return Ok(Progress::Stopped);
        }
        let standings = org.read(|reader| patterns::standings(reader, org.id(), team.id))?;
        let found = look(DETECTORS, &history, at, team.dial, &standings);
        if let Progress::Overtaken = surface(org, team.id, found, (gate.clone(), names.clone()), ids)? {
            return Ok(Progress::Overtaken);
        }
        team.looked_at = at;
    }
    Ok(Progress::Done)
}

/// What the looks at a team are made from.
struct Reading {
    gate: Gate,
    /// Each with the connection over which it was heard.
    signals: Vec<(ConnectionId, Signal)>,
    unheard: Vec<Unheard>,
    /// Words of which the names of people are made.
    names: HashSet<String>,
    /// What the organisation calls production.
    production: Option<Names>,
}

impl Reading {
    fn history<'a>(&'a self, calendar: &'a Calendar) -> History<'a> {
        let heard = self.signals.iter().map(|(connection, signal)| (Some(*connection), signal));
        let history = History::heard(heard, calendar)
            .with_someone_stepped_out(!self.gate.opt_outs.is_empty())
            .with_unheard(self.unheard.clone())
            .with_names(self.names.clone());
        match &self.production {
            Some(names) => history.with_production(names.as_slice()),
            None => history,
        }
    }
}

fn load(org: &OrgDb, team: TeamId, first: Instant) -> Result<Reading, Fault> {
    let from = |days: i64| Window::days_before(first, days).from;
    let lookups = Lookups::of(org)?;
    org.read(|reader| {
        let gate = Gate::load(reader, org.id(), team)?;
        let names = identity::known_names(reader, &lookups)?.iter().flat_map(|name| words::of_name(name.handle.reveal())).collect();
        let mut signals = Vec::new();
        for place in &gate.places {
            let long = [SignalKind::Change, SignalKind::Review, SignalKind::Deploy, SignalKind::Incident];
            let changes = capture::load(reader, place, &long, from(CHANGE_DAYS))?;
            let other = capture::load(reader, place, &[SignalKind::Message, SignalKind::Run], from(OTHER_DAYS))?;
            signals.extend(changes.into_iter().chain(other).map(|signal| (place.connection, signal)));
        }
        let unheard = unheard::list(reader, org.id())?;
        let unheard = unheard.into_iter().map(|stretch| Unheard { of: stretch.of, during: stretch.during });
        let unheard = unheard.chain(gate.places.iter().filter_map(before_it_came)).collect();
        Ok(Reading { gate, signals, unheard, names, production: production::names(reader)? })
    })
}

/// What was said in a place before it came to the team was not said to it.
fn before_it_came(place: &TeamPlace) -> Option<Unheard> {
    let during = Window { from: Instant::MIN, to: place.moved_at? };
    Some(Unheard { of: Some((place.connection, place.external_id.clone())), during })
}

/// Words and checks what was found, and records it together with how far the team has been looked at; nothing of it where
/// somebody has stepped out, a source was switched off or a message was deleted since the signals were read.
fn surface(org: &OrgDb, team: TeamId, found: Look, (seen, names): (Gate, HashSet<String>), ids: PatternIds) -> Result<Progress, Fault> {
    let id = org.id();
    org.write(move |tx| {
        if Gate::load(tx, id, team)? != seen || is_any_source_gone(tx, &found)? {
            return Ok(Progress::Overtaken);
        }
        patterns::take_look(tx, team, &found)?;
        for held in &found.withheld {
            capture::count(tx, "withheld", held.why.as_str())?;
        }
        let at = found.at;
        for candidate in found.fired {
            match analysis::analyse(candidate, &|word| names.contains(word)) {
                Ok(cleared) => {
                    patterns::record(tx, team, cleared, ids)?;
                }
                Err(dropped) => count_dropped(tx, dropped)?,
            }
        }
        teams::set_looked_at(tx, team, at)?;
        Ok(Progress::Done)
    })
}

fn is_any_source_gone(tx: &Tx<'_>, found: &Look) -> Result<bool, Fault> {
    for candidate in &found.fired {
        let Some(connection) = candidate.connection else { continue };
        for evidence in &candidate.evidence {
            if capture::is_gone(tx, &StoredKey { connection: *connection.number(), key: evidence.id.clone() })? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn count_dropped(tx: &Tx<'_>, dropped: Dropped) -> Result<(), Fault> {
    capture::count(tx, "dropped", dropped.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Actor;
    use crate::auth::account::{Email, NewAccount};
    use crate::base::clock::Clock;
    use crate::base::dial::Dial;
    use crate::base::text::Slug;
    use crate::connectors::{connector, new_connection};
    use crate::crypto::keys::Kek;
    use crate::detection::flaky_pipeline::FlakyPipeline;
    use crate::detection::tests::conformance::candidate;
    use crate::orgs::connections;
    use crate::orgs::organisation;
    use crate::orgs::sources::Switch;
    use crate::privacy;
    use crate::signals::{Deploy, DeployTransition};
    use crate::store::Store;

    struct Fixture {
        org: OrgDb,
        team: TeamId,
        connection: ConnectionId,
        now: Instant,
        _folder: tempfile::TempDir,
    }

    impl Fixture {
        /// An organisation with one team that listens to the repository of the detectors' stories.
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let clock = Clock::stepped("2026-03-24T06:00:00Z".parse().unwrap());
            let now = clock.now();
            let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &clock, true).unwrap();
            let owner = NewAccount::prepare(&Email::parse("a@acme.example").unwrap(), "a", "correct horse battery staple", now).unwrap();
            let (org, _) = organisation::found(&store, &clock, "Acme", owner, Actor::Operator).unwrap();
            let wish = new_connection(connector("github").unwrap(), "Code");
            let connection = connections::create(&org, wish, Actor::Operator, now).unwrap().connection.id;
            let team = switch(&org, connection, true, now);
            Self { org, team, connection, now, _folder: folder }
        }

        fn gate(&self) -> Gate {
            self.org.read(|reader| Gate::load(reader, self.org.id(), self.team)).unwrap()
        }

        /// A look that found a flaky pipeline.
        fn found(&self) -> Look {
            let mut candidate = candidate(&FlakyPipeline);
            candidate.connection = Some(self.connection);
            let none = Vec::new;
            Look { at: self.now, fired: vec![candidate], still_seen: none(), lapsed: none(), withheld: Vec::new(), held_back: 0 }
        }

        /// Whether what a look found from a reading of that gate is told.
        fn is_told(&self, seen: Gate) -> bool {
            let progress = surface(&self.org, self.team, self.found(), (seen, HashSet::new()), PatternIds::Random).unwrap();
            let told = self.org.read(|reader| patterns::standings(reader, self.org.id(), self.team)).unwrap();
            assert_eq!(matches!(progress, Progress::Done), !told.is_empty());
            !told.is_empty()
        }
    }

    fn switch(org: &OrgDb, connection: ConnectionId, is_subscribed: bool, now: Instant) -> TeamId {
        let wish = Switch {
            connection,
            external_id: "acme/web".to_owned(),
            place_kind: "repository",
            as_written: "acme/web".to_owned(),
            label: None,
            is_subscribed,
            team: Slug::parse("web"),
        };
        sources::switch(org, wish, None, Actor::Operator, now).unwrap().team
    }

    #[test]
    fn what_was_read_before_somebody_stepped_out_is_not_told() {
        let fixture = Fixture::new();
        let seen = fixture.gate();
        let asked = privacy::Asked::parse(&crate::connectors::github::GitHub, "someone").unwrap();
        privacy::step_out(&fixture.org, asked, fixture.now).unwrap();
        assert!(!fixture.is_told(seen));
        assert!(fixture.is_told(fixture.gate()), "read again, it is");
    }

    #[test]
    fn what_was_read_before_its_source_was_switched_off_is_not_told() {
        let fixture = Fixture::new();
        let seen = fixture.gate();
        switch(&fixture.org, fixture.connection, false, fixture.now);
        assert!(!fixture.is_told(seen));
    }

    #[test]
    fn looks_go_by_what_the_organisation_calls_production() {
        let fixture = Fixture::new();
        let is_production = |name: &str| {
            let (reading, calendar) = (load(&fixture.org, fixture.team, fixture.now).unwrap(), Calendar::default());
            let environment = name.to_owned();
            let deploy = Deploy { transition: DeployTransition::Succeeded, environment, production: None, branch: None, sha: None };
            reading.history(&calendar).view(fixture.now, Dial::Quiet).is_production(&deploy)
        };
        assert_eq!(["Prod EU", "live"].map(is_production), [false, true], "nobody said anything");
        production::give(&fixture.org, Names::parse(&["Prod EU"]).unwrap(), Actor::Operator, fixture.now).unwrap();
        assert_eq!(["prod eu", "live"].map(is_production), [true, false]);
    }

    #[test]
    fn a_backlog_ends_between_two_looks_and_goes_on_from_there() {
        let fixture = Fixture::new();
        let (looked_at, far) = (|| teams::list(&fixture.org).unwrap()[0].looked_at, "2267-03-24T06:00:00Z".parse().unwrap());
        for day in ["2026-03-27T06:00:00Z", "2026-03-30T06:00:00Z"] {
            let left = std::cell::Cell::new(3);
            let ran = run_due(&fixture.org, far, PatternIds::Random, &|| left.replace(left.get() - 1) == 0).unwrap();
            assert_eq!((ran, looked_at()), (Ran::Stopped, day.parse().unwrap()));
        }
    }

    #[test]
    fn a_clock_that_was_ahead_and_is_set_back_does_not_silence_a_team() {
        let fixture = Fixture::new();
        assert!(fixture.is_told(fixture.gate()));
        let ahead: Instant = "2027-03-24T06:00:00Z".parse().unwrap();
        run_due(&fixture.org, ahead, PatternIds::Random, &|| false).unwrap();
        let looked_at = || teams::list(&fixture.org).unwrap()[0].looked_at;
        assert_eq!(looked_at(), ahead);
        let back: Instant = "2026-03-25T12:00:00Z".parse().unwrap();
        run_due(&fixture.org, back, PatternIds::Random, &|| false).unwrap();
        assert_eq!(looked_at(), back);
        let told = fixture.org.read(|reader| patterns::standings(reader, fixture.org.id(), fixture.team)).unwrap();
        assert!(told.iter().all(|standing| standing.lapsed_at.is_none_or(|at| at <= back) && standing.last_seen_at <= back), "{told:?}");
        run_due(&fixture.org, "2026-03-26T12:00:00Z".parse().unwrap(), PatternIds::Random, &|| false).unwrap();
        assert_eq!(looked_at().to_string(), "2026-03-26T06:00:00Z", "the looks go on");
    }
}
