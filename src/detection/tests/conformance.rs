//! What every detector must hold, whatever it looks for. A new detector needs a story here.

use super::story::{CHANNEL, REPOSITORY, Story, outcome, person};
use crate::base::calendar::Calendar;
use crate::base::clock::{Instant, SignedDuration};
use crate::base::dial::Dial;
use crate::base::id::PersonId;
use crate::detection::candidate::{Candidate, EVIDENCE_MAX, EVIDENCE_MIN};
use crate::detection::history::History;
use crate::detection::look::look;
use crate::detection::{DETECTORS, Detector, Outcome, Withheld};
use crate::signals::{
    ActorKind, Change, ChangeTransition, Conclusion, Deploy, DeployTransition, Event, Message, MessageTransition, Review, ReviewTransition,
    Run, RunTransition, Signal,
};
use proptest::prelude::*;
use std::collections::HashSet;

/// A Monday, on which every detector is asked.
const LOOK: &str = "2026-03-23T06:00:00Z";

fn at() -> Instant {
    LOOK.parse().unwrap()
}

/// A history in which each detector fires at [`LOOK`]: by eight people, and more of everything than is needed.
pub(crate) fn story(detector: &dyn Detector) -> Story {
    let mut story = Story::starting("2026-03-16T09:00:00Z");
    match detector.id() {
        "ageing_changes" => ageing(&mut story),
        "change_failures" => deploys(&mut story),
        "flaky_pipeline" => {
            for number in 1..=8_u8 {
                let (id, sha) = (format!("{number}"), format!("head-{number}"));
                story.open(&id, number).run(&id, &sha, 1, Conclusion::Failure).after_hours(1);
                story.run(&id, &sha, 2, Conclusion::Success).after_hours(1);
            }
        }
        "review_pickup" => pickup(&mut story),
        "unanswered_questions" => {
            for number in 1..=8_u8 {
                story.ask(&format!("q{number}"), number);
            }
        }
        "conversation_pattern" => conversations(&mut story),
        other => panic!("give {other} a story in which it fires"),
    }
    story
}

/// Two changes a working day, gone after a day; from 16 March on they stay.
fn ageing(story: &mut Story) {
    story.at("2025-12-01T10:00:00Z");
    let stops: Instant = "2026-03-16T00:00:00Z".parse().unwrap();
    let mut day = 0_u8;
    while story.now() < at() {
        if Calendar::default().is_working_look(story.now()) {
            for number in [2 * day, 2 * day + 1] {
                if story.now() < stops && day > 0 {
                    story.merge(&format!("{}", number - 2));
                }
                story.open(&format!("{number}"), number % 8 + 1);
            }
            day += 1;
        }
        story.next_day();
    }
}

/// Each day a change goes to production; from 9 March on every second fails.
fn deploys(story: &mut Story) {
    story.at("2025-12-01T09:00:00Z");
    for day in 0..112_u8 {
        let (id, sha) = (format!("d{day}"), format!("merge-c{day}"));
        story.land(&format!("c{day}"), day / 2 % 8 + 1).after_hours(1);
        let ends = if day >= 98 && day % 2 == 0 { DeployTransition::Failed } else { DeployTransition::Succeeded };
        story.deploy(&id, &sha, DeployTransition::Created).deploy(&id, &sha, ends).after_hours(23);
    }
}

/// Two changes a working day, gone after three days, each reviewed one to four hours after it was opened; from 2 March on
/// a day later.
fn pickup(story: &mut Story) {
    story.at("2025-12-01T10:00:00Z");
    let slows: Instant = "2026-03-02T00:00:00Z".parse().unwrap();
    let mut day = 0_u8;
    while story.now() < at() {
        let morning = story.now();
        if Calendar::default().is_working_look(morning) {
            for number in [2 * day, 2 * day + 1] {
                if day >= 3 {
                    story.merge(&format!("{}", number - 6));
                }
                let later = i64::from(number % 4) + if morning < slows { 1 } else { 25 };
                story.open(&format!("{number}"), number % 8 + 1);
                story.after_hours(later).review(&format!("{number}"), (number + 1) % 8 + 1).at_instant(morning);
            }
            day += 1;
        }
        story.next_day();
    }
}

/// On four days three people each speak of the same.
fn conversations(story: &mut Story) {
    let says = [
        "the build is broken again, the gauge container times out",
        "same here, flaky gauge container, I had to restart the build",
        "it slows us down every time, we need a stable gauge container",
    ];
    for day in 0..4_u8 {
        let root = format!("c{day}");
        for (turn, words) in (0_u8..).zip(says) {
            let id = if turn == 0 { root.clone() } else { format!("c{day}-{turn}") };
            let thread = (turn > 0).then_some(root.as_str());
            story.words(&id, (3 * day + turn) % 8 + 1, thread, words).after_minutes(3);
        }
        story.next_day();
    }
}

/// What each detector finds in its story.
pub(crate) fn candidate(detector: &dyn Detector) -> Candidate {
    match outcome(detector, &story(detector).signals(), at()) {
        Outcome::Fires(candidate) => *candidate,
        other => panic!("{} should fire in its story, and says {other:?}", detector.id()),
    }
}

#[test]
fn names_are_lasting_and_differ() {
    let ids: HashSet<&str> = DETECTORS.iter().map(|detector| detector.id()).collect();
    let numbers: HashSet<&str> = DETECTORS.iter().map(|detector| detector.about().number).collect();
    assert_eq!((ids.len(), numbers.len()), (DETECTORS.len(), DETECTORS.len()));
    assert!(ids.iter().all(|id| id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
    assert!(DETECTORS.iter().all(|detector| crate::detection::detector(detector.id()).is_some()));
}

#[test]
fn no_person_leaves_a_detector() {
    for detector in DETECTORS {
        let candidate = candidate(*detector);
        let (debug, json) = (format!("{candidate:?}"), serde_json::to_string(&candidate).unwrap());
        for number in 1..=8 {
            let person: PersonId = person(number);
            let hex = person.to_string().replace('-', "");
            for output in [&debug, &json] {
                assert!(!output.contains(&person.to_string()) && !output.contains(&hex), "{}", detector.id());
            }
        }
        assert!(!debug.contains("PersonId"), "{}", detector.id());
    }
}

#[test]
fn every_candidate_has_its_sources_windows_and_points() {
    for detector in DETECTORS {
        let candidate = candidate(*detector);
        assert!((EVIDENCE_MIN..=EVIDENCE_MAX).contains(&candidate.evidence.len()));
        assert!(candidate.evidence.iter().all(|source| !source.url.is_empty() && source.at <= candidate.at));
        assert!(candidate.evidence.is_sorted_by_key(|source| source.at));
        assert!(candidate.window.from < candidate.window.to && candidate.window.to <= candidate.at);
        assert!(candidate.baseline.from < candidate.baseline.to);
        assert!(candidate.chart.points.iter().all(|point| point.value.is_finite() && point.at <= candidate.at));
        assert!(candidate.strength.is_finite() && candidate.strength >= 1.0);
    }
}

#[test]
fn nothing_is_said_about_fewer_than_five_active() {
    for detector in DETECTORS {
        let mut signals = story(*detector).signals();
        for signal in &mut signals {
            // Eight people become four; each is still behind a quarter of it.
            signal.actor = signal.actor.map(|who| person(who.as_bytes()[0] % 4 + 1));
        }
        let says = outcome(*detector, &signals, at());
        assert!(matches!(says, Outcome::Withheld(Withheld::GroupTooSmall)), "{}: {says:?}", detector.id());
    }
}

#[test]
fn those_who_were_active_longer_ago_do_not_count() {
    let mut story = story(&crate::detection::unanswered_questions::UnansweredQuestions);
    let mut signals = story.signals();
    for signal in &mut signals {
        signal.actor = signal.actor.map(|who| person(who.as_bytes()[0] % 4 + 1));
    }
    let five_with = |when: &str, story: &mut Story| {
        story.at(when).say("hello", 9);
        let mut signals = signals.clone();
        signals.push(story.last().clone());
        outcome(&crate::detection::unanswered_questions::UnansweredQuestions, &signals, at())
    };
    assert!(matches!(five_with("2026-02-23T06:00:00Z", &mut story), Outcome::Fires(_)), "28 days ago");
    assert!(matches!(five_with("2026-02-23T05:59:59Z", &mut story), Outcome::Withheld(_)));
}

#[test]
fn identities_in_two_tools_are_not_added_up() {
    let mut story = Story::starting("2026-03-16T09:00:00Z");
    for number in 1..=4_u8 {
        story.ask(&format!("q{number}"), number);
        story.open(&format!("{number}"), number + 100);
    }
    let says = outcome(&crate::detection::unanswered_questions::UnansweredQuestions, &story.signals(), at());
    assert!(matches!(says, Outcome::Withheld(Withheld::GroupTooSmall)), "four here and four there are perhaps the same four: {says:?}");
}

#[test]
fn a_weekend_look_asks_no_detector_of_working_days() {
    for detector in DETECTORS {
        let signals = story(*detector).signals();
        let calendar = Calendar::default();
        let history = History::new(&signals, &calendar);
        let saturday = "2026-03-28T06:00:00Z".parse().unwrap();
        assert!(look(DETECTORS, &history, saturday, Dial::Quiet, &[]).fired.is_empty());
        assert_eq!(look(DETECTORS, &history, at(), Dial::Quiet, &[]).fired.len(), 1, "{}", detector.id());
    }
}

#[test]
fn the_same_numbers_hold_at_every_stop_of_the_dial_or_looser_ones() {
    for detector in DETECTORS {
        let signals = story(*detector).signals();
        let calendar = Calendar::default();
        let history = History::new(&signals, &calendar);
        for dial in Dial::ALL {
            assert_eq!(look(&[*detector], &history, at(), dial, &[]).fired.len(), 1, "{} at {dial}", detector.id());
        }
    }
}

/// Something that happens in the place of a story, at a minute of it; times and things are few, so that they collide.
fn noise() -> impl Strategy<Value = Signal> {
    let minutes = (0_i64..60 * 24 * 20).prop_map(|minute| minute / 30 * 30);
    let actor = (1_u8..=8, prop_oneof![Just(ActorKind::Human), Just(ActorKind::Bot), Just(ActorKind::Unknown)]);
    let change = (0..ChangeTransition::ALL.len(), 0_u8..12).prop_map(|(step, number)| {
        let event = Change { transition: ChangeTransition::ALL[step], title: None, branch: None, sha: Some(format!("head-{number}")) };
        (REPOSITORY.place(), format!("{number}"), Event::Change(event))
    });
    let run = (0..Conclusion::ALL.len(), 0_u8..12, 1_u32..4).prop_map(|(conclusion, number, attempt)| {
        let event = Run {
            transition: RunTransition::Completed,
            workflow: "ci".to_owned(),
            branch: None,
            sha: Some(format!("head-{}", number % 6)),
            conclusion: Some(Conclusion::ALL[conclusion]),
            attempt,
            change: None,
        };
        (REPOSITORY.place(), format!("{number}"), Event::Run(event))
    });
    let deploy = (0..DeployTransition::ALL.len(), 0_u8..12).prop_map(|(step, number)| {
        let (transition, sha) = (DeployTransition::ALL[step], Some(format!("head-{}", number % 6)));
        let event = Deploy { transition, environment: "Prod".to_owned(), production: None, branch: None, sha };
        (REPOSITORY.place(), format!("{number}"), Event::Deploy(event))
    });
    let review = (0..ReviewTransition::ALL.len(), 0_u8..12, 0_u8..40).prop_map(|(step, number, id)| {
        let event = Review { transition: ReviewTransition::ALL[step], change: format!("{number}") };
        (REPOSITORY.place(), format!("review-{id}"), Event::Review(event))
    });
    let message = (0..MessageTransition::ALL.len(), 0_u8..12, proptest::option::of(0_u8..12), 0.0_f64..1.0).prop_map(
        |(step, number, thread, question)| {
            let thread = thread.map(|thread| format!("q{thread}"));
            let event = Message { transition: MessageTransition::ALL[step], thread, text: None, question };
            (CHANNEL.place(), format!("q{number}"), Event::Message(event))
        },
    );
    (minutes, actor, prop_oneof![change, review, run, deploy, message]).prop_map(
        |(minute, (who, actor_kind), (place, external_id, event))| Signal {
            url: Some(format!("https://tool.example/{external_id}")),
            place,
            external_id,
            occurred_at: "2026-03-10T09:00:00Z".parse::<Instant>().unwrap() + SignedDuration::from_mins(minute),
            actor: (actor_kind == ActorKind::Human).then(|| person(who)),
            actor_kind,
            event,
        },
    )
}

fn all_say(signals: &[Signal]) -> Vec<String> {
    DETECTORS.iter().map(|detector| format!("{:?}", outcome(*detector, signals, at()))).collect()
}

fn stories_and(noise: Vec<Signal>) -> Vec<Signal> {
    DETECTORS.iter().flat_map(|detector| story(*detector).signals()).chain(noise).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_signals_plays_no_part(
        (signals, shuffled) in proptest::collection::vec(noise(), 0..60).prop_map(stories_and)
            .prop_flat_map(|signals| (Just(signals.clone()), Just(signals).prop_shuffle())),
    ) {
        prop_assert_eq!(all_say(&signals), all_say(&shuffled));
    }

    #[test]
    fn what_happens_later_plays_no_part(noise in proptest::collection::vec(noise(), 0..80)) {
        let signals = stories_and(noise);
        let known: Vec<Signal> = signals.iter().filter(|signal| signal.occurred_at <= at()).cloned().collect();
        prop_assert_eq!(all_say(&signals), all_say(&known));
    }

    #[test]
    fn a_signal_that_comes_twice_counts_once(noise in proptest::collection::vec(noise(), 0..40)) {
        let signals = stories_and(noise);
        let twice: Vec<Signal> = signals.iter().chain(&signals).cloned().collect();
        prop_assert_eq!(all_say(&signals), all_say(&twice));
    }
}
