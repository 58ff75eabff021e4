//! D1: what a change's wait is, its pure core at each edge, and whole histories.

use super::story::{REPOSITORY, Story, outcome, person};
use crate::base::calendar::Calendar;
use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::dial::Dial;
use crate::detection::candidate::{Candidate, Facts, PickupFacts};
use crate::detection::changes::PickUp;
use crate::detection::history::{History, Scope, Unheard};
use crate::detection::review_pickup::{
    BEFORE_MIN, LONGER_HOURS_MIN, RATIO_MIN, ReviewPickup, SINCE_MIN, Verdict, WEEKS_MAX, evidence_min, judge,
};
use crate::detection::stats::slowdown::{Slowdown, Timed};
use crate::detection::stats::survival::Lasted;
use crate::detection::{Detector, Outcome, Withheld};
use crate::signals::{ActorKind, ChangeTransition, Event, ReviewTransition, Signal};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// How the only change of a story was picked up, as is known at `when`, and with these gaps.
fn picked_up_with(story: &Story, when: &str, gaps: &[Window]) -> Option<PickUp> {
    let calendar = Calendar::default();
    let signals = story.signals();
    let history = History::new(&signals, &calendar);
    let view = history.view(at(when), Dial::Quiet);
    let place = REPOSITORY.place();
    view.changes(Scope { connection: None, place: &place }).first()?.picked_up(at(when), gaps, view.clock())
}

/// For how many working hours it waited, and whether somebody looked.
fn waited(story: &Story, when: &str) -> Option<(i64, bool)> {
    picked_up_with(story, when, &[]).map(|pick_up| (pick_up.waited.as_hours(), pick_up.reviewer.is_some()))
}

/// Monday at 9:00.
const MONDAY: &str = "2026-03-02T09:00:00Z";
/// Wednesday at 9:00, two working days later.
const WEDNESDAY: &str = "2026-03-04T09:00:00Z";

fn opened() -> Story {
    let mut story = Story::starting(MONDAY);
    story.open("1", 1);
    story
}

#[test]
fn a_change_waits_until_another_person_reviews_it() {
    let mut story = opened();
    assert_eq!(waited(&story, WEDNESDAY), Some((16, false)), "nobody has");
    story.after_hours(3).review("1", 2);
    story.after_hours(2).review("1", 3);
    assert_eq!(waited(&story, WEDNESDAY), Some((3, true)), "the first counts");
    assert_eq!(waited(&story, "2026-03-02T11:00:00Z"), Some((2, false)), "what comes later is not known yet");
    assert_eq!(waited(&story, "2026-03-02T12:00:00Z"), Some((3, true)), "at the very instant it is");
    assert_eq!(picked_up_with(&story, WEDNESDAY, &[]).unwrap().reviewer, Some(person(2)));
    assert_eq!(waited(&story, "2026-03-02T08:00:00Z"), None, "it is not there yet");
}

#[test]
fn the_authors_own_words_a_bots_and_a_dismissal_are_no_review() {
    let mut story = opened();
    story.after_hours(1).review("1", 1);
    story.after_hours(1).review("1", 2).last().actor_kind = ActorKind::Bot;
    story.review("1", 2).last().actor_kind = ActorKind::Unknown;
    let unnamed = story.review("1", 2).last();
    (unnamed.actor, unnamed.actor_kind) = (None, ActorKind::Human);
    if let Event::Review(review) = &mut story.review("1", 2).last().event {
        review.transition = ReviewTransition::Dismissed;
    }
    story.review("2", 2);
    assert_eq!(waited(&story, WEDNESDAY), Some((16, false)), "and what is said of another change is not said of it");
    for (hours, transition) in (3..).zip([ReviewTransition::Commented, ReviewTransition::ChangesRequested, ReviewTransition::Approved]) {
        let mut reviewed = story.clone();
        reviewed.at("2026-03-02T09:00:00Z").after_hours(hours).review("1", 2);
        if let Event::Review(review) = &mut reviewed.last().event {
            review.transition = transition;
        }
        assert_eq!(waited(&reviewed, WEDNESDAY), Some((hours, true)), "{transition}");
    }
}

#[test]
fn what_nobody_reviewed_has_waited_until_its_end() {
    let mut merged = opened();
    merged.after_hours(5).merge("1").after_hours(1).review("1", 2);
    assert_eq!(waited(&merged, WEDNESDAY), Some((5, false)), "a review after the end ended nothing");
    let mut at_once = opened();
    at_once.after_hours(5).review("1", 2).merge("1");
    assert_eq!(waited(&at_once, WEDNESDAY), Some((5, true)), "approved and merged in one second");
    let mut closed = opened();
    closed.after_hours(4).close("1").after_hours(24).reopen("1");
    assert_eq!(waited(&closed, WEDNESDAY), Some((4 + 4, false)), "from Tuesday at 13:00 it waits again");
}

#[test]
fn a_draft_waits_for_nobody_until_it_is_ready() {
    let mut story = Story::starting(MONDAY);
    story.draft("1", 1).after_hours(2).review("1", 2);
    assert_eq!(waited(&story, WEDNESDAY), None, "never ready");
    story.after_hours(22).ready("1").after_hours(2).back_to_draft("1").after_hours(2).review("1", 2);
    assert_eq!(waited(&story, WEDNESDAY), Some((2, false)), "looked at as a draft only");
    story.at("2026-03-03T15:00:00Z").ready("1").after_hours(1).review("1", 3);
    assert_eq!(waited(&story, WEDNESDAY), Some((2 + 1, true)));
    assert_eq!(picked_up_with(&story, WEDNESDAY, &[]).unwrap().ready_at, at("2026-03-03T09:00:00Z"));
}

#[test]
fn a_change_whose_opening_nobody_saw_has_no_wait() {
    let mut story = Story::starting(MONDAY);
    story.reopen("1").after_hours(1).review("1", 2);
    assert_eq!(waited(&story, WEDNESDAY), None);
}

#[test]
fn nobody_knows_what_was_reviewed_in_a_gap() {
    let mut story = opened();
    story.after_hours(30).review("1", 2);
    let gap = |from: &str, to: &str| [Window { from: at(&format!("2026-03-{from}:00:00Z")), to: at(&format!("2026-03-{to}:00:00Z")) }];
    let known =
        |gaps: &[Window]| picked_up_with(&story, WEDNESDAY, gaps).map(|pick_up| (pick_up.waited.as_hours(), pick_up.reviewer.is_some()));
    assert_eq!(known(&[]), Some((8 + 6, true)));
    assert_eq!(known(&gap("02T13", "02T14")), Some((4, false)), "it has waited until the gap, and nobody knows about the rest");
    assert_eq!(known(&gap("03T15", "03T20")), Some((8 + 6, true)), "the review came before");
    assert_eq!(known(&gap("02T01", "02T09")), Some((8 + 6, true)), "over when it was opened");
    assert_eq!(known(&gap("02T08", "02T10")), Some((0, false)), "opened while nobody listened");
    let two = [gap("03T10", "03T11"), gap("02T11", "02T12")].concat();
    assert_eq!(known(&two), Some((2, false)), "the first gap counts");
}

fn verdict(weeks: usize, evidence: f64) -> Verdict {
    let found = Slowdown { evidence, since: weeks - 2, ratio: 2.0, low: 1.5, high: 3.0 };
    Verdict { found, weeks, changes: SINCE_MIN, changes_before: BEFORE_MIN, unreviewed: 0, median_hours: None, usual_hours: 1.0 }
}

#[test]
fn each_condition_has_its_edge() {
    let enough = verdict(16, 9.0);
    assert!(enough.is_enough(), "two hours and not one: {LONGER_HOURS_MIN} longer");
    assert!(!Verdict { changes: SINCE_MIN - 1, ..enough.clone() }.is_enough());
    assert!(!Verdict { changes_before: BEFORE_MIN - 1, ..enough.clone() }.is_enough());
    assert!(!Verdict { usual_hours: 0.99, ..enough.clone() }.is_enough());
    let of_ratio = |ratio: f64| Verdict { found: Slowdown { ratio, ..enough.found }, usual_hours: 8.0, ..enough.clone() };
    assert!(of_ratio(RATIO_MIN).is_enough() && !of_ratio(RATIO_MIN - 0.01).is_enough());
}

#[test]
fn more_evidence_is_asked_for_where_more_weeks_are_tried() {
    let asked = |weeks: usize| {
        let least = evidence_min(Dial::Quiet);
        let holds = |evidence: f64| verdict(weeks, evidence).holds(least);
        (0..1000_u16).map(|step| 5.0 + f64::from(step) / 1000.0 * 2.0).find(|evidence| holds(*evidence)).unwrap()
    };
    let is_near = |left: f64, right: f64| (left - right).abs() < 0.0021;
    assert!(is_near(asked(10), 5.5) && is_near(asked(21), 5.5) && is_near(asked(WEEKS_MAX), 6.2));
    assert!(is_near(asked(22), 5.64) && is_near(asked(25), 6.06), "{} {}", asked(22), asked(25));
    let few = Verdict { changes: 0, ..verdict(16, 50.0) };
    assert!(!few.holds(evidence_min(Dial::Verbose)), "however strong the evidence");
    let stops = Dial::ALL.map(evidence_min);
    assert!(stops.is_sorted_by(|quieter, louder| quieter > louder), "{stops:?}");
}

#[test]
fn a_verdict_counts_the_two_sides() {
    let time = |week: usize, n: u8, is_open: bool| Timed {
        week,
        lasted: Lasted { hours: f64::from(n) * if week >= 12 { 4.0 } else { 1.0 }, is_open },
        author: usize::from(n % 3),
    };
    let times: Vec<Timed> = (0..16).flat_map(|week| (1..=5).map(move |n| time(week, n, week >= 12 && n == 5))).collect();
    let verdict = judge(&times, 16).unwrap();
    assert_eq!((verdict.found.since, verdict.changes, verdict.changes_before, verdict.unreviewed), (12, 20, 60, 4));
    assert_eq!((verdict.median_hours, verdict.usual_hours), (Some(12.0), 3.0));
    assert!(verdict.holds(evidence_min(Dial::Quiet)), "{verdict:?}");
    let open: Vec<Timed> = times
        .iter()
        .map(|time| if time.week < 12 { *time } else { Timed { lasted: Lasted { is_open: true, ..time.lasted }, ..*time } })
        .collect();
    assert_eq!(judge(&open, 16).unwrap().median_hours, None, "still to come");
    assert!(judge(&[], 16).is_none());
}

/// Two changes on each working day at 10:00 from 1 December on, by six people in turn, merged three working days later; each
/// is reviewed one to four hours after it was opened, and from `slows` on, as `slow` says, later.
fn team(slows: &str, slow: impl Fn(u16) -> Option<i64>) -> Story {
    let mut story = Story::starting("2025-12-01T10:00:00Z");
    let slows = at(&format!("{slows}T00:00:00Z"));
    let mut number = 0_u16;
    while story.now() < at("2026-04-03T00:00:00Z") {
        let morning = story.now();
        if Calendar::default().is_working_look(morning) {
            for _ in 0..2 {
                if number >= 6 {
                    story.merge(&format!("{}", number - 6));
                }
                let author = u8::try_from(number % 6).unwrap() + 1;
                story.open(&format!("{number}"), author);
                let hours = if morning < slows { Some(i64::from(number % 4) + 1) } else { slow(number) };
                if let Some(hours) = hours {
                    story.after_hours(hours).review(&format!("{number}"), author % 6 + 1).at_instant(morning);
                }
                number += 1;
            }
        }
        story.next_day();
    }
    story
}

const SLOWS: &str = "2026-03-02";
const NEVER: &str = "2027-01-01";

/// How many hours later a change is reviewed.
const A_DAY_LATER: fn(u16) -> Option<i64> = |number| Some(i64::from(number % 4) + 25);

/// What the detector says on each Monday.
fn mondays(history: &History<'_>, dial: Dial) -> Vec<(Instant, Outcome)> {
    let (first, last) = history.span().unwrap();
    let looks = history.calendar().looks(first, last).into_iter().filter(|look| history.calendar().is_monday_look(*look));
    looks
        .map(|look| {
            let view = history.view(look, dial);
            let place = REPOSITORY.place();
            (look, ReviewPickup.evaluate(Scope { connection: None, place: &place }, &view))
        })
        .collect()
}

fn first_fire(history: &History<'_>, dial: Dial) -> Option<(Instant, Candidate)> {
    mondays(history, dial).into_iter().find_map(|(look, says)| match says {
        Outcome::Fires(candidate) => Some((look, *candidate)),
        _ => None,
    })
}

fn told(signals: &[Signal]) -> Option<(String, Candidate)> {
    let calendar = Calendar::default();
    first_fire(&History::new(signals, &calendar), Dial::Quiet).map(|(look, candidate)| (look.to_string(), candidate))
}

fn facts(candidate: &Candidate) -> &PickupFacts {
    match &candidate.facts {
        Facts::ReviewPickup(facts) => facts,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_team_whose_changes_wait_longer_is_told_and_one_that_goes_on_is_not() {
    let (look, candidate) = told(&team(SLOWS, A_DAY_LATER).signals()).unwrap();
    assert_eq!(look, "2026-03-16T06:00:00Z", "two weeks later");
    let facts = facts(&candidate);
    // Of the first week, which began on Monday at 10:00, the first hours were not seen: the second is the first that counts.
    assert_eq!((facts.weeks, facts.weeks_before, facts.changes, facts.changes_before), (2, 12, 20, 120));
    // Of 1, 2, 3 and 4 hours, and a working day more; on Fridays, until the weekend.
    assert_eq!((facts.usual_hours, facts.median_hours, facts.unreviewed), (2.0, Some(10.0), 0));
    assert!(facts.ratio.value > 2.0 && facts.ratio.low > 1.5 && facts.ratio.high > facts.ratio.value, "{facts:?}");
    assert!(facts.evidence >= facts.evidence_min && (facts.evidence_min - 5.5).abs() < 1e-9 && !facts.reviews_may_be_unseen);
    let window = |from: &str, to: &str| Window { from: at(&format!("{from}T06:00:00Z")), to: at(&format!("{to}T06:00:00Z")) };
    assert_eq!(candidate.window, window(SLOWS, "2026-03-16"));
    assert_eq!(candidate.baseline, window("2025-12-08", SLOWS));
    let chart = &candidate.chart;
    assert_eq!((chart.points.len(), chart.told), (14, 2));
    assert_eq!(chart.points[0].at, at("2025-12-08T06:00:00Z"));
    assert!(chart.points[12..].iter().all(|point| point.value > chart.limit) && chart.points[..12].iter().all(|point| point.value <= 3.0));
    assert_eq!(candidate.sources_total, 20);

    let calendar = Calendar::default();
    for dial in Dial::ALL {
        assert!(first_fire(&History::new(&team(NEVER, A_DAY_LATER).signals(), &calendar), dial).is_none(), "{dial}");
    }
}

#[test]
fn changes_that_nobody_reviews_any_more_are_not_overlooked() {
    let mut signals = team(SLOWS, |number| (number % 5 == 0).then_some(60)).signals();
    signals.retain(|signal| {
        signal.occurred_at < at("2026-03-05T00:00:00Z")
            || !matches!(&signal.event, Event::Change(change) if change.transition == ChangeTransition::Merged)
    });
    let (_, candidate) = told(&signals).unwrap();
    let facts = facts(&candidate);
    assert!(facts.unreviewed * 2 > facts.changes && facts.median_hours.is_none(), "{facts:?}");
    assert_eq!(candidate.chart.told, 0, "a median that is still to come is not drawn");
}

#[test]
fn bots_changes_and_those_of_nobody_known_are_left_out() {
    for kind in [ActorKind::Bot, ActorKind::Unknown] {
        let mut signals = team(SLOWS, A_DAY_LATER).signals();
        for signal in signals.iter_mut().filter(|signal| signal.occurred_at >= at("2026-03-02T00:00:00Z")) {
            if matches!(&signal.event, Event::Change(change) if change.transition == ChangeTransition::Opened) {
                signal.actor_kind = kind;
            }
        }
        assert!(told(&signals).is_none(), "{kind}");
    }
}

#[test]
fn drafts_belong_to_the_week_in_which_they_are_ready() {
    // All that was slow had been opened as a draft weeks before; ready it waits as long.
    let mut signals = team(SLOWS, A_DAY_LATER).signals();
    let slow = |signal: &Signal| signal.occurred_at >= at("2026-03-02T00:00:00Z");
    let openings: Vec<Signal> = signals
        .iter()
        .filter(|signal| slow(signal) && signal.actor.is_some() && matches!(signal.event, Event::Change(_)))
        .cloned()
        .collect();
    for signal in signals.iter_mut().filter(|signal| slow(signal)) {
        if let Event::Change(change) = &mut signal.event
            && change.transition == ChangeTransition::Opened
        {
            change.transition = ChangeTransition::ReadyForReview;
        }
    }
    for mut draft in openings {
        draft.occurred_at = at("2026-01-12T12:00:00Z");
        if let Event::Change(change) = &mut draft.event {
            change.transition = ChangeTransition::OpenedDraft;
        }
        signals.push(draft);
    }
    let (look, candidate) = told(&signals).unwrap();
    assert_eq!((look.as_str(), facts(&candidate).weeks, facts(&candidate).changes), ("2026-03-16T06:00:00Z", 2, 20));
}

/// Signals with whoever acted named anew.
fn renamed(story: &Story, who: impl Fn(&Signal, u8) -> u8) -> Vec<Signal> {
    let mut signals = story.signals();
    for signal in &mut signals {
        signal.actor = signal.actor.map(|actor| person(who(signal, actor.as_bytes()[0])));
    }
    signals
}

fn says(signals: &[Signal], look: &str) -> Outcome {
    outcome(&ReviewPickup, signals, at(look))
}

#[test]
fn three_authors_and_three_reviewers_must_stand_behind_it() {
    let look = "2026-03-23T06:00:00Z";
    let story = team(SLOWS, A_DAY_LATER);
    assert!(matches!(says(&story.signals(), look), Outcome::Fires(_)));
    let is_review = |signal: &Signal| matches!(signal.event, Event::Review(_));
    let two_reviewers = renamed(&story, |signal, who| if is_review(signal) { 11 + who % 2 } else { who });
    assert!(matches!(says(&two_reviewers, look), Outcome::Withheld(Withheld::GroupTooSmall)), "two reviewers");
    let three_reviewers = renamed(&story, |signal, who| if is_review(signal) { 11 + who % 3 } else { who });
    assert!(matches!(says(&three_reviewers, look), Outcome::Fires(_)));
    let mostly_one = renamed(&story, |signal, who| if is_review(signal) && who > 2 { 11 } else { who });
    assert!(matches!(says(&mostly_one, look), Outcome::Withheld(Withheld::GroupTooSmall)), "one is behind most reviews");
    let authors = |count: u8| renamed(&story, move |signal, who| if is_review(signal) { who } else { who % count + 11 });
    assert!(matches!(says(&authors(2), look), Outcome::Withheld(Withheld::GroupTooSmall)), "two authors");
    assert!(matches!(says(&authors(3), look), Outcome::Fires(_)));
}

#[test]
fn a_slow_newcomer_is_not_taken_for_a_slow_team() {
    // From 2 March on a third of the changes is by somebody new, and waits a day longer.
    let story = team(SLOWS, |number| if number % 3 == 0 { A_DAY_LATER(number) } else { Some(i64::from(number % 4) + 1) });
    let newcomer = renamed(&story, |signal, who| {
        let is_slow = signal.occurred_at >= at("2026-03-02T00:00:00Z") && matches!(signal.event, Event::Change(_)) && who % 3 == 1;
        if is_slow { 9 } else { who }
    });
    assert!(told(&newcomer).is_none());
}

#[test]
fn the_slowest_are_shown_and_nobody_is_behind_more_than_a_third() {
    let signals = team(SLOWS, A_DAY_LATER).signals();
    let (look, candidate) = told(&signals).unwrap();
    assert_eq!(candidate.evidence.len(), 20);
    assert!(candidate.evidence.iter().all(|source| source.kind == "change" && candidate.window.contains(source.at)));

    // Of forty, those that wait longest are among the twenty.
    let (_, later) = match says(&signals, "2026-03-30T06:00:00Z") {
        Outcome::Fires(candidate) => (look, *candidate),
        other => panic!("{other:?}"),
    };
    assert_eq!((later.evidence.len(), later.sources_total), (20, 40));
    let numbers: Vec<u16> = later.evidence.iter().map(|source| source.id.rsplit(':').next().unwrap().parse().unwrap()).collect();
    assert!(numbers.iter().filter(|number| **number % 4 == 3).count() >= 5, "those of 12 hours: {numbers:?}");
}

fn unheard(from: &str, to: &str) -> Unheard {
    Unheard { of: None, during: Window { from: at(&format!("{from}:00:00Z")), to: at(&format!("{to}:00:00Z")) } }
}

/// Each working day from 2 March on the source is off from 10:30 until 18:00: what is opened is seen, its review is not.
fn afternoons_off(signals: &mut Vec<Signal>) -> Vec<Unheard> {
    let days = (0..32).map(|day| at("2026-03-02T10:30:00Z") + SignedDuration::from_hours(24 * day));
    let off: Vec<Window> = days.map(|from| Window { from, to: from + SignedDuration::from_mins(450) }).collect();
    signals.retain(|signal| !off.iter().any(|off| off.contains(signal.occurred_at)));
    off.into_iter().map(|during| Unheard { of: None, during }).collect()
}

#[test]
fn a_source_that_was_off_does_not_look_like_a_slow_review() {
    let calendar = Calendar::default();
    let mut signals = team(NEVER, A_DAY_LATER).signals();
    let off = afternoons_off(&mut signals);
    assert!(first_fire(&History::new(&signals, &calendar), Dial::Quiet).is_some(), "unknown, it does: no review arrives any more");
    assert!(first_fire(&History::new(&signals, &calendar).with_unheard(off), Dial::Verbose).is_none(), "known to be off");
}

#[test]
fn nothing_is_said_while_nobody_listens() {
    let calendar = Calendar::default();
    let signals = team(SLOWS, A_DAY_LATER).signals();
    let off = |from: &str, to: &str| {
        let history = History::new(&signals, &calendar).with_unheard(vec![unheard(from, to)]);
        mondays(&history, Dial::Quiet)
            .into_iter()
            .filter(|(_, says)| matches!(says, Outcome::Fires(_)))
            .map(|(look, _)| look.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(off("2026-03-16T05", "2026-03-16T07"), ["2026-03-23T06:00:00Z", "2026-03-30T06:00:00Z"]);
    assert_eq!(off("2026-03-16T05", "2026-03-16T06").len(), 3, "over at the look");
    // Five days of silence: renamed, or its deliveries do not arrive.
    let silent: Vec<Signal> = signals.iter().filter(|signal| signal.occurred_at < at("2026-03-19T00:00:00Z")).cloned().collect();
    assert!(matches!(says(&silent, "2026-03-23T06:00:00Z"), Outcome::Fires(_)), "two days");
    assert!(matches!(says(&silent, "2026-03-30T06:00:00Z"), Outcome::Nothing), "seven days");
}

#[test]
fn what_happened_before_a_place_came_to_the_team_is_no_history() {
    let calendar = Calendar::default();
    let signals = team(SLOWS, A_DAY_LATER).signals();
    let moved = |to: &str| {
        let during = Window { from: Instant::MIN, to: at(to) };
        let history = History::new(&signals, &calendar).with_unheard(vec![Unheard { of: None, during }]);
        let (look, candidate) = first_fire(&history, Dial::Quiet).unwrap();
        (look.to_string(), facts(&candidate).weeks_before)
    };
    assert_eq!(moved("2025-12-29T06:00:00Z"), ("2026-03-16T06:00:00Z".to_owned(), 8));
    assert_eq!(moved("2026-01-05T06:00:00Z"), ("2026-03-23T06:00:00Z".to_owned(), 8), "seven weeks are too few to compare with");
}

#[test]
fn it_is_said_that_reviews_may_be_unseen() {
    let calendar = Calendar::default();
    let signals = team(SLOWS, A_DAY_LATER).signals();
    let history = History::new(&signals, &calendar).with_someone_stepped_out(true);
    let (_, candidate) = first_fire(&history, Dial::Quiet).unwrap();
    assert!(facts(&candidate).reviews_may_be_unseen);
}
