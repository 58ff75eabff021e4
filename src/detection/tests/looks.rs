//! How often a team is told something: one open instance, cool-down, lapse, the week's limit.

use super::story::{CHANNEL, Story};
use crate::base::calendar::Calendar;
use crate::base::clock::{Instant, Window};
use crate::base::dial::Dial;
use crate::base::id::{ConnectionId, OrgId};
use crate::base::subject::Cohort;
use crate::detection::candidate::{Candidate, Chart, Estimate, Facts, FlakyFacts, Unit};
use crate::detection::foresight::Least;
use crate::detection::history::{History, Scope, View};
use crate::detection::look::{Look, Standing, look};
use crate::detection::{About, Cadence, Detector, Outcome, ScopeKind, Withheld};
use crate::signals::countable::Countable;
use crate::signals::place::Place;

/// Fires on the days it is told to.
struct Scripted {
    id: &'static str,
    cadence: Cadence,
    strength: f64,
    holds: fn(day: &str) -> bool,
}

const ALWAYS: Scripted = Scripted { id: "always", cadence: Cadence::WorkingDays, strength: 1.0, holds: |_| true };

impl Detector for Scripted {
    fn about(&self) -> About {
        About {
            id: self.id,
            number: "D0",
            version: 1,
            cadence: self.cadence,
            scopes: ScopeKind::Channels,
            least: Least { of: Countable::Message, at_least: 1, in_days: 1, history_days: 0 },
        }
    }

    fn evaluate(&self, scope: Scope<'_>, view: &View<'_, '_>) -> Outcome {
        if self.id == "withheld" {
            return Outcome::Withheld(Withheld::GroupTooSmall);
        }
        if !(self.holds)(&view.calendar().date(view.at()).to_string()) {
            return Outcome::Nothing;
        }
        let people = (1..=3).map(|number| Some(super::story::person(number)));
        let share = Estimate { value: 0.5, low: 0.4, high: 0.6 };
        Outcome::Fires(Box::new(Candidate {
            detector: self.id,
            number: "D0",
            version: 1,
            connection: scope.connection,
            scope: scope.place.clone(),
            at: view.at(),
            window: Window::days_before(view.at(), 14),
            baseline: Window::days_before(view.at(), 90),
            dial: view.dial(),
            facts: Facts::FlakyPipeline(FlakyFacts { flakes: 5, runs: 10, share, usual_share: None, workflows: 1, days: 14 }),
            chart: Chart { title: String::new(), unit: Unit::Count, points: Vec::new(), told: 0, usual: None, limit: 1.0 },
            evidence: Vec::new(),
            sources_total: 0,
            parameters: Vec::new(),
            cohort: Cohort::of(5, people).unwrap(),
            strength: self.strength,
        }))
    }
}

fn at(day: &str) -> Instant {
    format!("{day}T06:00:00Z").parse().unwrap()
}

fn one_look(detectors: &[&dyn Detector], day: &str, dial: Dial, standings: &[Standing]) -> Look {
    let signals = Story::starting("2026-01-01T09:00:00Z").team(6).signals();
    let calendar = Calendar::default();
    look(detectors, &History::new(&signals, &calendar), at(day), dial, standings)
}

fn standing(detector: &str, opened: &str) -> Standing {
    Standing {
        detector: detector.to_owned(),
        connection: None,
        scope: CHANNEL.place(),
        opened_at: at(opened),
        last_seen_at: at(opened),
        closed_at: None,
        lapsed_at: None,
    }
}

/// Every look from `from` to `to`, as the product makes them; gives the days on which something was told.
fn told_days(detectors: &[&dyn Detector], from: &str, to: &str, dial: Dial, standings: &mut Vec<Standing>) -> Vec<String> {
    let calendar = Calendar::default();
    let mut days = Vec::new();
    for now in calendar.looks(at(from), at(to)) {
        let day = calendar.date(now).to_string();
        let look = one_look(detectors, &day, dial, standings);
        look.update(standings);
        standings.extend(look.fired.iter().map(Standing::opened));
        days.extend(look.fired.iter().map(|_| day.clone()));
    }
    days
}

#[test]
fn a_pattern_that_holds_on_is_told_once() {
    let mut standings = Vec::new();
    assert_eq!(told_days(&[&ALWAYS], "2026-02-01", "2026-06-01", Dial::Quiet, &mut standings), ["2026-02-02"]);
    assert_eq!(standings[0].last_seen_at, at("2026-06-01"));
}

#[test]
fn after_it_was_closed_there_are_28_days_of_silence() {
    let mut closed = standing("always", "2026-02-02");
    closed.closed_at = Some("2026-02-10T15:00:00Z".parse().unwrap());
    let days = told_days(&[&ALWAYS], "2026-02-10", "2026-04-01", Dial::Quiet, &mut vec![closed.clone()]);
    // 28 days end on Tuesday 10 March at 15:00; the next look is on Wednesday.
    assert_eq!(days, ["2026-03-11"]);

    let mut at_a_look = closed;
    at_a_look.closed_at = Some(at("2026-02-10"));
    let days = told_days(&[&ALWAYS], "2026-02-10", "2026-04-01", Dial::Quiet, &mut vec![at_a_look]);
    assert_eq!(days, ["2026-03-10"], "exactly 28 days");
}

#[test]
fn an_open_one_that_no_longer_holds_lapses_after_28_days_and_a_new_one_may_open() {
    let gone = Scripted { holds: |day| !("2026-02-11".."2026-03-05").contains(&day), ..ALWAYS };
    let mut standings = Vec::new();
    // Last seen on 10 February; it holds again from 5 March on, in time to go on.
    assert_eq!(told_days(&[&gone], "2026-02-01", "2026-06-01", Dial::Quiet, &mut standings), ["2026-02-02"]);

    let longer = Scripted { holds: |day| !("2026-02-11".."2026-03-12").contains(&day), ..ALWAYS };
    let mut standings = Vec::new();
    assert_eq!(told_days(&[&longer], "2026-02-01", "2026-06-01", Dial::Quiet, &mut standings), ["2026-02-02", "2026-03-12"]);
    assert_eq!(standings[0].lapsed_at, Some(at("2026-03-10")), "28 days after it was last seen");
    assert_eq!(standings.len(), 2);
}

#[test]
fn a_week_holds_three_new_ones_at_quiet_five_at_normal_ten_at_verbose_the_strongest_first() {
    const IDS: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
    let scripted: Vec<Scripted> =
        IDS.iter().zip(1_u8..).map(|(id, strength)| Scripted { id, strength: f64::from(strength), ..ALWAYS }).collect();
    let detectors: Vec<&dyn Detector> = scripted.iter().map(|detector| detector as &dyn Detector).collect();
    for (dial, most) in [(Dial::Quiet, 3), (Dial::Normal, 5), (Dial::Verbose, 10)] {
        let look = one_look(&detectors, "2026-02-02", dial, &[]);
        assert_eq!((look.fired.len(), look.held_back), (most, 12 - most), "{dial}");
        assert_eq!(look.fired[0].detector, "l", "the strongest");
    }
    let mut standings = Vec::new();
    let days = told_days(&detectors, "2026-02-01", "2026-02-28", Dial::Quiet, &mut standings);
    let each = |day: &str| days.iter().filter(|told| *told == day).count();
    assert_eq!((each("2026-02-02"), each("2026-02-09"), each("2026-02-16"), each("2026-02-23")), (3, 3, 3, 3));
    assert_eq!(days.len(), 12);
}

#[test]
fn a_pattern_that_was_closed_still_counts_in_its_week() {
    let mut closed: Vec<Standing> = ["x", "y", "z"].into_iter().map(|id| standing(id, "2026-02-02")).collect();
    for standing in &mut closed {
        standing.closed_at = Some("2026-02-02T10:00:00Z".parse().unwrap());
    }
    assert_eq!(one_look(&[&ALWAYS], "2026-02-06", Dial::Quiet, &closed).held_back, 1);
    assert_eq!(one_look(&[&ALWAYS], "2026-02-09", Dial::Quiet, &closed).fired.len(), 1);
}

#[test]
fn what_is_withheld_is_counted_and_neither_told_nor_kept_open() {
    let withheld = Scripted { id: "withheld", ..ALWAYS };
    let look = one_look(&[&withheld], "2026-02-02", Dial::Quiet, &[]);
    assert_eq!((look.fired.len(), look.withheld.len()), (0, 1));
    let look = one_look(&[&withheld], "2026-03-03", Dial::Quiet, &[standing("withheld", "2026-02-02")]);
    assert_eq!((look.still_seen.len(), look.lapsed.len()), (0, 1), "an open one does not live on what may not be told");
}

#[test]
fn an_open_one_about_a_place_that_is_no_longer_read_lapses_at_once() {
    let mut unread = standing("always", "2026-02-02");
    unread.scope = Place::from_external_id("C0SWITCHEDOFF").unwrap();
    let mut closed = unread.clone();
    closed.closed_at = Some(at("2026-02-02"));
    let look = one_look(&[&ALWAYS], "2026-02-03", Dial::Quiet, &[standing("always", "2026-02-02"), unread.clone(), closed]);
    assert_eq!(look.lapsed.iter().map(|subject| &subject.scope).collect::<Vec<_>>(), [&unread.scope]);
    assert_eq!(look.still_seen.len(), 1);
}

#[test]
fn a_monday_detector_is_asked_on_mondays() {
    let mondays = Scripted { cadence: Cadence::Mondays, ..ALWAYS };
    assert!(one_look(&[&mondays], "2026-02-03", Dial::Quiet, &[]).fired.is_empty());
    assert_eq!(one_look(&[&mondays], "2026-02-09", Dial::Quiet, &[]).fired.len(), 1);
}

#[test]
fn another_scope_or_detector_is_another_instance() {
    let mut other_scope = standing("always", "2026-01-05");
    other_scope.scope = crate::signals::place::Place::from_external_id("C0OTHER").unwrap();
    let mut other_connection = standing("always", "2026-01-05");
    other_connection.connection = Some(ConnectionId::new(OrgId::from_bytes([1; 16]), [2; 8]));
    let standings = [other_scope, other_connection, standing("never", "2026-01-05")];
    assert_eq!(one_look(&[&ALWAYS], "2026-02-02", Dial::Quiet, &standings).fired.len(), 1);
}
