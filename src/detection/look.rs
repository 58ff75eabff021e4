//! One look at one team: which patterns are new, which still hold, which are over.
//!
//! The running product, the demo and `backtest` all call [`look`]; they differ only in where they keep [`Standing`]s. The
//! rules here are about how often a team is told something, never about what is true:
//! - one open instance for each detector and scope, a scope being a place of one connection;
//! - after a person closed one, 28 days of silence about it;
//! - an open one whose condition held at no look for 28 days lapses, and a new one may open; one about a place that is no
//!   longer read lapses at the next look;
//! - in a week no more new ones than the dial allows, the strongest first. One that must wait is found again at the next
//!   look, if it still holds.

use super::candidate::Candidate;
use super::history::{History, Scope, View};
use super::{Cadence, Detector, Outcome, Withheld};
use crate::base::calendar::Calendar;
use crate::base::clock::{Instant, Window};
use crate::base::dial::Dial;
use crate::base::id::ConnectionId;
use crate::signals::place::Place;

/// Days of silence about a detector and scope after a person closed a pattern of them.
pub const COOL_DOWN_DAYS: i64 = 28;
/// Days after which an open pattern lapses, where its condition held at no look.
pub const LAPSE_DAYS: i64 = 28;
/// The week of the dial's limit on new patterns: the day of the look and the six before.
const WEEK_DAYS: i32 = 7;

/// What is kept of a pattern so that the next look knows of it: plain data for the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// [`crate::detection::About::id`].
    pub detector: String,
    pub connection: Option<ConnectionId>,
    pub scope: Place,
    pub opened_at: Instant,
    /// The last look at which its condition held.
    pub last_seen_at: Instant,
    /// When a person dismissed or addressed it.
    pub closed_at: Option<Instant>,
    /// When it lapsed.
    pub lapsed_at: Option<Instant>,
}

impl Standing {
    /// What a candidate becomes when it is told.
    pub fn opened(candidate: &Candidate) -> Self {
        Self {
            detector: candidate.detector.to_owned(),
            connection: candidate.connection,
            scope: candidate.scope.clone(),
            opened_at: candidate.at,
            last_seen_at: candidate.at,
            closed_at: None,
            lapsed_at: None,
        }
    }

    /// Whether it was open at `at`: told, and neither closed nor lapsed.
    pub fn is_open(&self, at: Instant) -> bool {
        self.opened_at <= at && self.closed_at.is_none_or(|closed| closed > at) && self.lapsed_at.is_none_or(|lapsed| lapsed > at)
    }

    fn is_cooling(&self, at: Instant) -> bool {
        self.closed_at.is_some_and(|closed| closed <= at && Window::days_before(at, COOL_DOWN_DAYS).from < closed)
    }

    fn subject(&self, detector: &'static str) -> Subject {
        Subject { detector, connection: self.connection, scope: self.scope.clone() }
    }

    fn is_of(&self, detector: &str, scope: Scope<'_>) -> bool {
        self.detector == detector && self.connection == scope.connection && self.scope == *scope.place
    }
}

/// A detector and what it looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub detector: &'static str,
    pub connection: Option<ConnectionId>,
    pub scope: Place,
}

impl Subject {
    const fn scope(&self) -> Scope<'_> {
        Scope { connection: self.connection, place: &self.scope }
    }
}

/// A condition that held, but may not be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub subject: Subject,
    pub why: Withheld,
}

/// What one look found.
#[derive(Clone, Debug)]
pub struct Look {
    pub at: Instant,
    /// New patterns to word, check and tell, the strongest first. Whoever tells one keeps its [`Standing::opened`].
    pub fired: Vec<Candidate>,
    /// Open patterns whose condition holds: their `last_seen_at` becomes [`Look::at`].
    pub still_seen: Vec<Subject>,
    /// Open patterns that are over: their `lapsed_at` becomes [`Look::at`].
    pub lapsed: Vec<Subject>,
    /// Conditions that held but may not be told. Counted, never shown.
    pub withheld: Vec<Held>,
    /// New patterns that must wait, because the week is full.
    pub held_back: usize,
}

impl Look {
    /// Brings standings kept in memory up to this look. Patterns that were told are added by whoever told them.
    pub fn update(&self, standings: &mut [Standing]) {
        for standing in standings.iter_mut().filter(|standing| standing.is_open(self.at)) {
            let is_among = |subjects: &[Subject]| subjects.iter().any(|subject| standing.is_of(subject.detector, subject.scope()));
            let (is_seen, is_over) = (is_among(&self.still_seen), is_among(&self.lapsed));
            if is_seen {
                standing.last_seen_at = self.at;
            }
            if is_over {
                standing.lapsed_at = Some(self.at);
            }
        }
    }
}

/// Looks at a team's history at `at`, one of [`Calendar::looks`].
pub fn look(detectors: &[&dyn Detector], history: &History<'_>, at: Instant, dial: Dial, standings: &[Standing]) -> Look {
    let mut look = Look { at, fired: Vec::new(), still_seen: Vec::new(), lapsed: Vec::new(), withheld: Vec::new(), held_back: 0 };
    let due: Vec<&dyn Detector> =
        detectors.iter().copied().filter(|detector| is_due(detector.about().cadence, history.calendar(), at)).collect();
    if due.is_empty() {
        return look;
    }
    let view = history.view(at, dial);
    for detector in due {
        let scopes = view.scopes(detector.about().scopes);
        for scope in &scopes {
            look_at_scope(&mut look, detector, *scope, &view, standings);
        }
        let open = standings.iter().filter(|standing| standing.detector == detector.id() && standing.is_open(at));
        let unread = open.filter(|standing| !scopes.iter().any(|scope| standing.is_of(detector.id(), *scope)));
        look.lapsed.extend(unread.map(|standing| standing.subject(detector.id())));
    }
    keep_strongest(&mut look, history.calendar(), dial, standings);
    look
}

fn is_due(cadence: Cadence, calendar: &Calendar, at: Instant) -> bool {
    match cadence {
        Cadence::WorkingDays => calendar.is_working_look(at),
        Cadence::Mondays => calendar.is_monday_look(at),
    }
}

fn look_at_scope(look: &mut Look, detector: &dyn Detector, scope: Scope<'_>, view: &View<'_, '_>, standings: &[Standing]) {
    let at = view.at();
    let mut own = standings.iter().filter(|standing| standing.is_of(detector.id(), scope));
    let open = own.clone().find(|standing| standing.is_open(at));
    let subject = || Subject { detector: detector.id(), connection: scope.connection, scope: scope.place.clone() };
    match (detector.evaluate(scope, view), open) {
        (Outcome::Fires(_), Some(_)) => look.still_seen.push(subject()),
        (Outcome::Fires(candidate), None) => {
            if !own.any(|standing| standing.is_cooling(at)) {
                look.fired.push(*candidate);
            }
        }
        (Outcome::Nothing, Some(standing)) => lapse(look, standing, subject()),
        (Outcome::Withheld(why), open) => {
            look.withheld.push(Held { subject: subject(), why });
            if let Some(standing) = open {
                lapse(look, standing, subject());
            }
        }
        (Outcome::Nothing, None) => {}
    }
}

fn lapse(look: &mut Look, standing: &Standing, subject: Subject) {
    if standing.last_seen_at <= Window::days_before(look.at, LAPSE_DAYS).from {
        look.lapsed.push(subject);
    }
}

/// Leaves as many new patterns as the week still has room for.
fn keep_strongest(look: &mut Look, calendar: &Calendar, dial: Dial, standings: &[Standing]) {
    let today = calendar.date(look.at);
    let is_this_week = |opened: Instant| {
        let days = calendar.date(opened).until(today).map_or(i32::MAX, |span| span.get_days());
        opened <= look.at && (0..WEEK_DAYS).contains(&days)
    };
    let told = standings.iter().filter(|standing| is_this_week(standing.opened_at)).count();
    let room = dial.new_patterns_per_week().saturating_sub(told);
    let key = |candidate: &Candidate| (candidate.detector, candidate.scope.clone(), candidate.connection);
    look.fired.sort_by(|left, right| right.strength.total_cmp(&left.strength).then_with(|| key(left).cmp(&key(right))));
    look.held_back = look.fired.len().saturating_sub(room);
    look.fired.truncate(room);
}
