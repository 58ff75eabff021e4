//! D2: its pure core at each edge, and whole histories.

use super::story::{Story, outcome};
use crate::base::calendar::Calendar;
use crate::base::clock::{Instant, Window};
use crate::base::dial::Dial;
use crate::detection::ageing_changes::{AgeingChanges, LOOKS, LOOKS_MIN, RUNNING, judge};
use crate::detection::candidate::{Candidate, Facts};
use crate::detection::history::{History, Unheard};
use crate::detection::{Detector, Outcome, Withheld};
use crate::signals::{ActorKind, ChangeTransition, Event, Signal};

/// A round number near the threshold, for edges that can be read.
const DEVIATIONS: f64 = 4.0;

/// Looks at which ten changes were 1 to 10 hours old: the line is at 9 hours, one is older, and it never varies.
fn steady(looks: usize) -> Vec<Vec<f64>> {
    vec![(1..=10).map(f64::from).collect(); looks]
}

/// So many changes older than the line, of so many open ones.
fn now(older: usize, open: usize) -> Vec<f64> {
    let mut ages = vec![20.0; older];
    ages.resize(open, 1.0);
    ages
}

#[test]
fn the_count_must_be_above_the_limit() {
    let six = judge(&steady(LOOKS), &now(6, 10)).unwrap();
    assert_eq!((six.line, six.mean, six.sd, six.limit(DEVIATIONS)), (9.0, 1.0, 0.0, 5.0));
    assert!(six.holds(DEVIATIONS));
    assert!(!judge(&steady(LOOKS), &now(5, 10)).unwrap().holds(DEVIATIONS), "five is the limit, not above it");
}

#[test]
fn the_old_ones_must_be_a_fifth_of_the_open_ones() {
    assert!(judge(&steady(LOOKS), &now(6, 30)).unwrap().holds(DEVIATIONS));
    assert!(!judge(&steady(LOOKS), &now(6, 31)).unwrap().holds(DEVIATIONS));
}

#[test]
fn fewer_than_three_are_never_told() {
    let before = vec![vec![5.0; 4]; LOOKS];
    assert!(judge(&before, &now(3, 4)).unwrap().holds(2.0));
    assert!(!judge(&before, &now(2, 4)).unwrap().holds(1.0));
}

#[test]
fn a_young_history_asks_for_more_and_a_shorter_one_says_nothing() {
    assert_eq!(judge(&steady(LOOKS_MIN - 1), &now(9, 10)), None);
    let young = judge(&steady(LOOKS - 1), &now(6, 10)).unwrap();
    assert!((young.limit(DEVIATIONS) - 5.75).abs() < 1e-9);
    assert!(young.holds(DEVIATIONS));
    assert!(!young.holds(4.5), "5.0 deviations, less 0.75");
}

#[test]
fn counts_that_vary_raise_the_limit() {
    let mut before = steady(LOOKS);
    for ages in before.iter_mut().step_by(2) {
        *ages = now(6, 10);
    }
    assert!(!judge(&before, &now(6, 10)).unwrap().holds(DEVIATIONS), "six old ones are seen every other day");
}

#[test]
fn looks_without_open_changes_say_nothing() {
    assert_eq!(judge(&vec![Vec::new(); LOOKS], &now(6, 10)), None);
}

/// From 1 December on, on each working day two changes are opened at 10:00, one merged a day later, the other three working
/// days later; from `stops` on nothing is merged any more. Six people take turns.
fn team(stops: &str, until: &str) -> Story {
    let mut story = Story::starting("2025-12-01T10:00:00Z");
    let (stops, until): (Instant, Instant) = (stops.parse().unwrap(), until.parse().unwrap());
    let calendar = Calendar::default();
    let mut open: Vec<(String, u32)> = Vec::new();
    let mut days = 0_u32;
    while story.now() < until {
        if calendar.is_working_look(story.now()) {
            days += 1;
            if story.now() < stops {
                for (number, _) in open.extract_if(.., |(_, due)| *due <= days) {
                    story.merge(&number);
                }
            }
            for lasts in [1, 3] {
                let number = format!("{days}{lasts}");
                story.open(&number, u8::try_from(days % 6).unwrap() + 1);
                open.push((number, days + lasts));
            }
        }
        story.next_day();
    }
    story
}

const STOPS: &str = "2026-03-16T00:00:00Z";

/// The first look on a working day at which the detector fires, and what it says.
fn first_fire(signals: &[Signal], calendar: &Calendar) -> Option<(Instant, Candidate)> {
    first_fire_in(&History::new(signals, calendar), calendar)
}

fn first_fire_in(history: &History<'_>, calendar: &Calendar) -> Option<(Instant, Candidate)> {
    let (first, last) = history.span()?;
    let looks = calendar.looks(first, last).into_iter().filter(|look| calendar.is_working_look(*look));
    looks.into_iter().find_map(|at| {
        let view = history.view(at, Dial::Quiet);
        match AgeingChanges.evaluate(*view.scopes(AgeingChanges.about().scopes).first()?, &view) {
            Outcome::Fires(candidate) => Some((at, *candidate)),
            _ => None,
        }
    })
}

#[test]
fn a_team_whose_changes_stop_being_merged_is_told_and_one_that_goes_on_is_not() {
    let calendar = Calendar::default();
    let (at, candidate) = first_fire(&team(STOPS, "2026-04-10T10:00:00Z").signals(), &calendar).unwrap();
    let Facts::AgeingChanges(facts) = candidate.facts else { panic!("wrong facts") };
    assert!((facts.line_hours - 23.0).abs() < 1e-9, "the oldest that is usual is 23 working hours, at the third look");
    assert!(facts.older > 4 && facts.older * 5 >= facts.open, "{facts:?}");
    assert_eq!(facts.looks, LOOKS);
    // Nothing is merged from Monday on. On Thursday 4 are older than the line, on Friday 6, on Monday 8, on Tuesday 10.
    assert_eq!(at, "2026-03-24T06:00:00Z".parse::<Instant>().unwrap());
    let chart = &candidate.chart;
    assert_eq!((chart.points.len(), chart.told), (30, RUNNING));
    // What the chart shows of each look is what was judged: the three that are told lie above their own limits, none before does.
    let is_above: Vec<bool> = chart.points.iter().map(|point| point.value > point.limit.unwrap()).collect();
    assert_eq!(is_above.iter().filter(|above| **above).count(), RUNNING, "{:?}", chart.points);
    assert!(is_above.iter().rev().take(RUNNING).all(|above| *above), "{:?}", chart.points);
    assert_eq!(chart.points.iter().rev().take(4).map(|point| point.value).collect::<Vec<_>>(), [10.0, 8.0, 6.0, 4.0]);

    assert!(first_fire(&team("2027-01-01T00:00:00Z", "2026-04-10T10:00:00Z").signals(), &calendar).is_none());
}

#[test]
fn it_must_hold_at_three_looks_running() {
    let calendar = Calendar::default();
    let signals = team(STOPS, "2026-04-10T10:00:00Z").signals();
    let (at, _) = first_fire(&signals, &calendar).unwrap();
    let history = History::new(&signals, &calendar);
    // On their own, the two looks before find too many as well.
    let view = history.view(at, Dial::Quiet);
    let mut looks = view.working_looks_before(LOOKS + RUNNING - 1);
    looks.push(at);
    let ages: Vec<Vec<f64>> = looks
        .iter()
        .map(|look| {
            let waited =
                view.changes(view.scopes(AgeingChanges.about().scopes)[0]).iter().filter_map(|change| change.waited(*look, view.clock()));
            waited.map(crate::detection::work_clock::hours).collect()
        })
        .collect();
    let holds = |back: usize| {
        let end = ages.len() - back;
        judge(&ages[end.saturating_sub(LOOKS + 1)..end - 1], &ages[end - 1]).is_some_and(|verdict| verdict.holds(DEVIATIONS))
    };
    assert!(holds(0) && holds(1) && holds(2));
    assert!(!holds(3));
}

#[test]
fn drafts_and_bots_changes_are_not_counted() {
    let calendar = Calendar::default();
    let story = team(STOPS, "2026-04-10T10:00:00Z");
    let stops: Instant = STOPS.parse().unwrap();
    let begun = "2026-03-10T00:00:00Z".parse::<Instant>().unwrap();

    let mut drafts = story.signals();
    for signal in drafts.iter_mut().filter(|signal| signal.occurred_at >= begun) {
        if let Event::Change(change) = &mut signal.event
            && change.transition == ChangeTransition::Opened
        {
            change.transition = ChangeTransition::OpenedDraft;
        }
    }
    assert!(first_fire(&drafts, &calendar).is_none());

    let mut bots = story.signals();
    for signal in bots.iter_mut().filter(|signal| signal.occurred_at >= stops) {
        signal.actor_kind = ActorKind::Bot;
    }
    // What people opened before the stop still waits, but that is only four changes.
    assert!(first_fire(&bots, &calendar).is_none());
}

#[test]
fn one_authors_pile_is_withheld() {
    let mut signals = team(STOPS, "2026-04-10T10:00:00Z").signals();
    let stops: Instant = "2026-03-11T00:00:00Z".parse().unwrap();
    for signal in signals.iter_mut().filter(|signal| signal.occurred_at >= stops && signal.actor.is_some()) {
        signal.actor = Some(super::story::person(1));
    }
    let says = outcome(&AgeingChanges, &signals, "2026-03-26T06:00:00Z".parse().unwrap());
    assert!(matches!(says, Outcome::Withheld(Withheld::GroupTooSmall)), "{says:?}");
}

/// Three changes on each working day, each merged three working days later, by six people; what happened in `lost` did not
/// arrive. At the end somebody says something, so that looks are made until then.
fn steady_team(lost: &[Window]) -> Vec<Signal> {
    let mut story = Story::starting("2025-11-03T10:00:00Z");
    let calendar = Calendar::default();
    let mut day = 0_u16;
    while story.now() < "2026-04-17T00:00:00Z".parse().unwrap() {
        if calendar.is_working_look(story.now()) {
            for number in 3 * day..3 * day + 3 {
                if day >= 3 {
                    story.merge(&format!("{}", number - 9));
                }
                story.open(&format!("{number}"), u8::try_from(number % 6).unwrap() + 1);
            }
            day += 1;
        }
        story.next_day();
    }
    story.say("bye", 1);
    let mut signals = story.signals();
    signals.retain(|signal| !lost.iter().any(|lost| lost.contains(signal.occurred_at)));
    signals
}

fn days(from: &str, to: &str) -> Window {
    Window { from: format!("{from}T00:00:00Z").parse().unwrap(), to: format!("{to}T00:00:00Z").parse().unwrap() }
}

#[test]
fn changes_that_were_merged_while_nobody_listened_do_not_stay_open() {
    let calendar = Calendar::default();
    let fires = |lost: &[Window], is_known: bool| {
        let signals = steady_team(lost);
        let known = lost.iter().filter(|_| is_known).map(|during| Unheard { of: None, during: *during });
        let history = History::new(&signals, &calendar).with_unheard(known.collect());
        first_fire_in(&history, &calendar).map(|(at, _)| at.to_string())
    };
    let twice_off = [days("2026-03-09", "2026-03-10"), days("2026-03-11", "2026-03-12")];
    assert!(fires(&twice_off, false).is_some(), "a day is too short to be noticed: six merged changes look open");
    assert_eq!(fires(&twice_off, true), None, "known to be off");
    assert_eq!(fires(&[days("2026-03-09", "2026-03-14")], false), None, "five days of silence are noticed");
    assert_eq!(fires(&[days("2026-03-09", "2026-05-01")], false), None, "renamed: nothing comes under this name any more");
    assert_eq!(fires(&[], false), None, "nothing is lost");
}

#[test]
fn a_gap_leaves_the_detector_as_able_as_it_was() {
    let calendar = Calendar::default();
    let signals = team(STOPS, "2026-04-10T10:00:00Z").signals();
    let (without, _) = first_fire(&signals, &calendar).unwrap();
    let off = Unheard { of: None, during: days("2026-02-02", "2026-02-07") };
    let history = History::new(&signals, &calendar).with_unheard(vec![off]);
    let (with, candidate) = first_fire_in(&history, &calendar).unwrap();
    assert_eq!(with, without);
    assert!(
        matches!(candidate.facts, Facts::AgeingChanges(facts) if facts.looks == LOOKS),
        "earlier looks stand in for those inside of it"
    );
}

#[test]
fn ages_do_not_jump_when_the_clocks_change() {
    // In Zurich the clocks move on Sunday 29 March 2026. What is opened at 10:00 UTC is opened at 11:00 there before, and
    // at 12:00 after: six and five hours of work before the next look.
    let calendar = Calendar::in_zone(jiff::tz::TimeZone::get("Europe/Zurich").unwrap());
    let signals = team("2027-01-01T00:00:00Z", "2026-04-10T10:00:00Z").signals();
    let history = History::new(&signals, &calendar);
    let expected = [
        ("2026-03-27T05:00:00Z", [6.0, 6.0, 14.0, 22.0]),
        ("2026-03-30T04:00:00Z", [6.0, 6.0, 14.0, 22.0]),
        ("2026-03-31T04:00:00Z", [5.0, 5.0, 14.0, 22.0]),
        ("2026-04-01T04:00:00Z", [5.0, 5.0, 13.0, 22.0]),
        ("2026-04-02T04:00:00Z", [5.0, 5.0, 13.0, 21.0]),
    ];
    for (look, expected) in expected {
        let at: Instant = look.parse().unwrap();
        let view = history.view(at, Dial::Quiet);
        let waited = view.changes(view.scopes(AgeingChanges.about().scopes)[0]).iter().filter_map(|change| change.waited(at, view.clock()));
        let mut ages: Vec<f64> = waited.map(crate::detection::work_clock::hours).collect();
        ages.sort_by(f64::total_cmp);
        assert_eq!(ages, expected, "{look}");
    }
    assert!(first_fire(&signals, &calendar).is_none());
}
