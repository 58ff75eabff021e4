//! Look, word, check, surface: each missed look in its order, each in one commit.

use crate::analysis::{self, Dropped};
use crate::base::clock::{Instant, SignedDuration};
use crate::base::error::Fault;
use crate::base::id::{ConnectionId, TeamId};
use crate::detection::DETECTORS;
use crate::detection::history::History;
use crate::detection::look::{Look, look};
use crate::orgs::sources;
use crate::orgs::teams::{self, Team};
use crate::people::OptOuts;
use crate::signals::{Signal, SignalKind};
use crate::store::OrgDb;
use crate::{capture, patterns};

/// Days of changes and reviews that a look needs: a change may have been open for as long as it is kept.
const CHANGE_DAYS: i64 = 400;
/// Days of everything else: the longest baseline is 90 days before a window of 28.
const OTHER_DAYS: i64 = 130;

/// Evaluates every look that has become due for every team of an organisation.
pub fn run_due(org: &OrgDb, now: Instant) -> Result<(), Fault> {
    for team in teams::list(org)? {
        let calendar = team.calendar();
        let due = calendar.looks(team.looked_at, now);
        let Some(first) = due.first() else { continue };
        let signals = load(org, &team, *first)?;
        let someone_stepped_out = !org.read(|reader| OptOuts::load(reader))?.is_empty();
        let heard = signals.iter().map(|(connection, signal)| (Some(*connection), signal));
        let history = History::heard(heard, &calendar).with_someone_stepped_out(someone_stepped_out);
        for at in due {
            let standings = org.read(|reader| patterns::standings(reader, org.id(), team.id))?;
            let found = look(DETECTORS, &history, at, team.dial, &standings);
            surface(org, team.id, found)?;
        }
    }
    Ok(())
}

/// A team's signals, each with the connection over which it was heard.
fn load(org: &OrgDb, team: &Team, first: Instant) -> Result<Vec<(ConnectionId, Signal)>, Fault> {
    let from = |days: i64| first.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Instant::MIN);
    org.read(|reader| {
        let mut signals = Vec::new();
        for place in sources::places_of_team(reader, org.id(), team.id)? {
            let changes = capture::load(reader, &place, &[SignalKind::Change, SignalKind::Review], from(CHANGE_DAYS))?;
            let other = [SignalKind::Message, SignalKind::Run, SignalKind::Deploy, SignalKind::Incident];
            let other = capture::load(reader, &place, &other, from(OTHER_DAYS))?;
            signals.extend(changes.into_iter().chain(other).map(|signal| (place.connection, signal)));
        }
        Ok(signals)
    })
}

/// Words and checks what was found, and records it together with how far the team has been looked at.
fn surface(org: &OrgDb, team: TeamId, found: Look) -> Result<(), Fault> {
    org.write(move |tx| {
        patterns::take_look(tx, team, &found)?;
        for held in &found.withheld {
            capture::count(tx, "withheld", held.why.as_str())?;
        }
        let at = found.at;
        for candidate in found.fired {
            match analysis::analyse(candidate) {
                Ok(cleared) => {
                    patterns::record(tx, team, cleared)?;
                }
                Err(dropped) => count_dropped(tx, dropped)?,
            }
        }
        teams::set_looked_at(tx, team, at)
    })
}

fn count_dropped(tx: &crate::store::Tx<'_>, dropped: Dropped) -> Result<(), Fault> {
    capture::count(tx, "dropped", dropped.as_str())
}
