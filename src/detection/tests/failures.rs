//! D7 at each of its edges.

use super::story::{REPOSITORY, Story, fired, outcome, person};
use crate::base::calendar::Calendar;
use crate::base::clock::{Instant, Window};
use crate::base::dial::Dial;
use crate::base::id::{ConnectionId, OrgId};
use crate::detection::candidate::{ChangeFailureFacts, Facts};
use crate::detection::change_failures::{ChangeFailures, Count, judge};
use crate::detection::deploys::{Failure, deploys};
use crate::detection::history::{History, Scope, Unheard};
use crate::detection::{Detector, Outcome, Withheld};
use crate::signals::DeployTransition::{Created, Failed, Started, Succeeded};
use crate::signals::{ActorKind, Event, Signal};

const LOOK: &str = "2026-03-23T06:00:00Z";

/// A team of eight that brings one change to production a day, at nine, from 2 March on: as `fails` says of each.
fn daily(fails: &[bool]) -> Story {
    let mut story = Story::starting("2026-03-02T09:00:00Z");
    story.team(8);
    for (day, fails) in fails.iter().enumerate() {
        let author = u8::try_from(day % 8).unwrap() + 1;
        story.land(&format!("{day}"), author).deploy(&format!("d{day}"), &format!("merge-{day}"), Created);
        let ends = if *fails { Failed } else { Succeeded };
        story.after_hours(1).deploy(&format!("d{day}"), &format!("merge-{day}"), ends).after_hours(23);
    }
    story
}

/// So many deploys of which the first `failures` fail, and nothing before.
fn plain(failures: usize, all: usize) -> Story {
    daily(&(0..all).map(|day| day < failures).collect::<Vec<_>>())
}

/// The same after twelve weeks in which a deploy a day went well.
fn of(failures: usize, all: usize) -> Story {
    let mut story = plain(failures, all);
    went_well(&mut story);
    story
}

fn went_well(story: &mut Story) {
    story.at("2025-12-01T09:00:00Z");
    for day in 0..84_u8 {
        story.land(&format!("w{day}"), day % 8 + 1).deploy(&format!("w{day}"), &format!("merge-w{day}"), Succeeded).after_hours(24);
    }
}

/// Deploys that say nothing of each other.
const fn count(failures: usize, deploys: usize) -> Count {
    Count { failures, deploys, neighbours: 0 }
}

fn says_of(story: &Story) -> Outcome {
    outcome(&ChangeFailures, &story.signals(), LOOK.parse().unwrap())
}

fn facts(story: &Story) -> ChangeFailureFacts {
    match fired(&ChangeFailures, story, LOOK).facts {
        Facts::ChangeFailures(facts) => facts,
        other => panic!("{other:?}"),
    }
}

/// Each deploy by its source, with why it failed, and how many wrote what it brought.
fn known(signals: &[Signal], unheard: &[(&str, &str)]) -> Vec<(String, Option<&'static str>, usize)> {
    let calendar = Calendar::default();
    let during = |(from, to): &(&str, &str)| Window { from: from.parse().unwrap(), to: to.parse().unwrap() };
    let unheard = unheard.iter().map(|gap| Unheard { of: None, during: during(gap) }).collect();
    let history = History::new(signals, &calendar).with_unheard(unheard);
    let view = history.view(LOOK.parse().unwrap(), Dial::Quiet);
    let place = REPOSITORY.place();
    let word = |failure| match failure {
        Failure::Reported => "reported",
        Failure::WentBack => "went back",
        Failure::Reverted(_) => "reverted",
        Failure::Incident(_) => "incident",
    };
    let all = deploys(Scope { connection: None, place: &place }, &view);
    all.iter().map(|deploy| (deploy.shown.external_id.clone(), deploy.failure.map(word), deploy.authors.len())).collect()
}

fn failed(story: &Story) -> Vec<(String, &'static str)> {
    known(&story.signals(), &[]).into_iter().filter_map(|(id, why, _)| Some((id, why?))).collect()
}

fn ids(story: &Story) -> Vec<String> {
    known(&story.signals(), &[]).into_iter().map(|(id, ..)| id).collect()
}

#[test]
fn the_lower_bound_of_the_share_must_lie_above_what_is_usual() {
    // (2 + 2) of (20 + 20) is 10 %. Wilson's lower bound at z = 2.576 of 5 of 16 is 0.113, of 4 of 16 it is 0.078.
    assert!(judge(count(2, 20), count(5, 16)).is_some());
    assert!(judge(count(2, 20), count(4, 16)).is_none());
}

#[test]
fn three_failures_and_ten_deploys_are_the_least_and_ten_before() {
    let holds = |failures, deploys| judge(count(0, 1_000), count(failures, deploys)).is_some();
    assert!(holds(3, 10) && holds(3, 28));
    assert!(!holds(2, 10) && !holds(9, 9));
    assert!(judge(count(0, 10), count(9, 10)).is_some() && judge(count(0, 9), count(9, 10)).is_none());
}

#[test]
fn so_many_failures_must_be_unlikely_where_nothing_changed() {
    // By the beta-binomial distribution of 16 deploys after 60 of which none failed, and 4 assumed of which 0.4 did.
    let chance = |before, now| judge(before, now).unwrap();
    assert!((chance(count(0, 60), count(4, 16)) - 0.000_250_300).abs() < 1e-9);
    assert!(chance(count(3, 60), count(6, 16)) > chance(count(0, 60), count(6, 16)), "what failed before is usual");
    assert!(chance(count(0, 30), count(4, 16)) > chance(count(0, 60), count(4, 16)), "less is known of what is usual");
    let of_one_week = |deploys: usize| deploys * (deploys - 1);
    assert!(chance(count(0, 60), Count { neighbours: of_one_week(16), ..count(4, 16) }) > 0.002, "one bad week");
    assert!(
        chance(Count { neighbours: 5 * of_one_week(12), ..count(0, 60) }, count(4, 16)) > 0.000_7,
        "twelve a week say less than twelve weeks"
    );
}

#[test]
fn deploys_of_one_week_are_neighbours() {
    assert_eq!(Count::of([(0, true), (0, false), (0, false), (3, true)]), Count { failures: 2, deploys: 4, neighbours: 6 });
    assert_eq!(Count::of([]), Count::default());
}

#[test]
fn how_unlikely_is_for_the_dial_to_say() {
    // Told, or withheld because these few failures are of too few people.
    let holds_at = |dial: Dial, failures: usize| {
        let signals = of(failures, 16).signals();
        let calendar = Calendar::default();
        let place = REPOSITORY.place();
        let history = History::new(&signals, &calendar);
        let says = ChangeFailures.evaluate(Scope { connection: None, place: &place }, &history.view(LOOK.parse().unwrap(), dial));
        !matches!(says, Outcome::Nothing)
    };
    // Of 16 deploys after 84 that went well, at least 5 fail by a chance of 0.0002, 4 by one of 0.0008, 3 by one of 0.0035.
    assert!(holds_at(Dial::Quiet, 5) && !holds_at(Dial::Quiet, 4));
    assert!(holds_at(Dial::Normal, 3));
    assert_eq!(facts(&of(6, 16)).limit, 5);
}

#[test]
fn deploys_of_the_ninety_days_before_are_what_it_is_compared_with() {
    let mut story = of(8, 16);
    for (day, at) in ["2025-11-25T05:59:59Z", "2025-11-25T06:00:00Z", "2026-02-23T05:59:59Z"].into_iter().enumerate() {
        story.at(at).deploy(&format!("old{day}"), &format!("old{day}"), Failed);
    }
    let facts = facts(&story);
    assert_eq!((facts.failures, facts.deploys), (8, 16));
    assert_eq!((facts.usual_failures, facts.usual_deploys), (2, 86), "from the 118th day on, up to the 28th");
    assert!((facts.usual_share - 4.0 / 106.0).abs() < 1e-9);
}

#[test]
fn a_deploy_of_the_twenty_eighth_day_is_inside() {
    let with = |at: &str| {
        let mut story = of(8, 16);
        story.at(at).deploy("edge", "edge", Failed);
        facts(&story).failures
    };
    assert_eq!((with("2026-02-23T05:59:59Z"), with("2026-02-23T06:00:00Z"), with("2026-03-23T05:59:59Z")), (8, 9, 9));
    assert_eq!(with("2026-03-23T06:00:00Z"), 8, "the look itself belongs to the next window");
}

#[test]
fn only_production_counts() {
    let named = |environment: &str, production: Option<bool>| {
        let mut signals = plain(5, 16).signals();
        for signal in &mut signals {
            if let Event::Deploy(deploy) = &mut signal.event {
                (deploy.environment, deploy.production) = (environment.to_owned(), production);
            }
        }
        known(&signals, &[]).len()
    };
    assert_eq!((named("staging", None), named("staging", Some(false)), named("preview/prod", None)), (0, 0, 0));
    assert_eq!((named("harbour", Some(true)), named("Prod", None), named("LIVE", Some(false))), (16, 16, 16));
}

#[test]
fn an_organisation_may_call_production_otherwise() {
    let mut signals = of(5, 16).signals();
    for signal in &mut signals {
        if let Event::Deploy(deploy) = &mut signal.event {
            (deploy.environment, deploy.production) = ("Main-Stage".to_owned(), None);
        }
    }
    let calendar = Calendar::default();
    let place = REPOSITORY.place();
    let scope = Scope { connection: None, place: &place };
    let evaluated = |names: &[&str]| {
        let history = History::new(&signals, &calendar).with_production(names);
        ChangeFailures.evaluate(scope, &history.view(LOOK.parse().unwrap(), Dial::Quiet))
    };
    assert!(matches!(evaluated(&["production"]), Outcome::Nothing));
    assert!(matches!(evaluated(&["production", "main-stage"]), Outcome::Fires(_)));
}

#[test]
fn a_deployment_that_is_repeated_is_one_deploy_and_fails_once() {
    let mut story = Story::starting("2026-03-02T09:00:00Z");
    story.deploy("a", "one", Failed).after_hours(1).deploy("b", "one", Failed).after_hours(22).deploy("c", "one", Succeeded);
    assert_eq!(failed(&story), [("a".to_owned(), "reported")]);
    assert_eq!(ids(&story), ["a"]);
    story.after_hours(1).deploy("d", "one", Succeeded);
    assert_eq!(ids(&story), ["a", "d"], "a day after the first it is another deploy");
}

#[test]
fn one_commit_for_two_environments_is_one_deploy() {
    let mut story = Story::starting("2026-03-02T09:00:00Z");
    story.deploy("east", "one", Succeeded).after_hours(1).deploy("west", "one", Failed);
    if let Event::Deploy(deploy) = &mut story.last().event {
        deploy.environment = "live".to_owned();
    }
    assert_eq!(failed(&story), [("west".to_owned(), "reported")], "what failed is what is shown");
    assert_eq!(ids(&story).len(), 1);
}

#[test]
fn a_deployment_that_failed_and_then_succeeded_or_the_other_way_has_failed() {
    let mut story = Story::starting("2026-03-02T09:00:00Z");
    story.deploy("a", "one", Created).deploy("a", "one", Failed).after_hours(1).deploy("a", "one", Succeeded);
    story.after_hours(1).deploy("b", "two", Succeeded).after_hours(1).deploy("b", "two", Failed);
    assert_eq!(failed(&story), [("a".to_owned(), "reported"), ("b".to_owned(), "reported")]);
}

#[test]
fn what_never_said_how_it_ended_is_not_counted() {
    let mut story = Story::starting("2026-03-02T09:00:00Z");
    story.deploy("a", "one", Created).after_hours(1).deploy("a", "one", Started);
    assert!(ids(&story).is_empty());
}

#[test]
fn an_older_version_within_a_day_takes_a_deploy_back_and_is_none_itself() {
    let back_after = |hours: i64| {
        let mut story = Story::starting("2026-03-02T09:00:00Z");
        story.deploy("a", "one", Succeeded).after_hours(48).deploy("b", "two", Succeeded).after_hours(1).deploy("c", "three", Succeeded);
        story.after_hours(hours).deploy("back", "one", Succeeded);
        story
    };
    assert_eq!(failed(&back_after(24)), [("c".to_owned(), "went back")], "the one that was running");
    assert_eq!(ids(&back_after(24)), ["a", "b", "c"]);
    assert!(failed(&back_after(25)).is_empty());

    let mut forward = back_after(2);
    forward.after_hours(1).deploy("again", "three", Succeeded).after_hours(1).deploy("d", "four", Succeeded);
    assert_eq!(failed(&forward), [("c".to_owned(), "went back")], "forward again takes nothing back");
    assert_eq!(ids(&forward), ["a", "b", "c", "d"]);
}

#[test]
fn another_environment_has_its_own_order() {
    let mut story = Story::starting("2026-03-02T09:00:00Z");
    story.deploy("a", "one", Succeeded).after_hours(1).deploy("b", "two", Succeeded).after_hours(1).deploy("c", "one", Succeeded);
    if let Event::Deploy(deploy) = &mut story.last().event {
        deploy.environment = "live".to_owned();
    }
    assert!(failed(&story).is_empty(), "it had nothing before");
}

/// Change 1 goes live on Monday with deploy `a`, change 2 on Tuesday with `b`.
fn two_changes() -> Story {
    let mut story = Story::starting("2026-03-02T09:00:00Z");
    story.land("1", 1).after_hours(1).deploy("a", "merge-1", Succeeded).after_hours(23);
    story.land("2", 2).after_hours(1).deploy("b", "merge-2", Succeeded).after_hours(1);
    story
}

#[test]
fn a_revert_blames_the_last_deploy_that_holds_what_it_takes_back() {
    let reverted = |title: &str, branch: Option<&str>| {
        let mut story = two_changes();
        story.revert("9", 3, title, branch);
        failed(&story).into_iter().map(|(id, why)| format!("{id} {why}")).collect::<Vec<_>>()
    };
    assert_eq!(reverted("Revert \"Faster tides\"", Some("revert-2-tides")), ["b reverted"]);
    assert_eq!(reverted("Take the tides back", Some("revert-1-tides")), ["b reverted"], "change 1 is in both; the last one counts");
    assert_eq!(reverted("Revert \"Something\"", None), ["b reverted"], "nobody knows what: the last deploy before");
    assert!(reverted("Reverting to type", Some("reverts")).is_empty());
    assert!(reverted("Reapply \"Faster tides\"", Some("revert-2-tides")).is_empty());
    assert!(reverted("Revert \"Revert \"Faster tides\"\"", None).is_empty(), "it comes in again");
}

#[test]
fn what_was_never_deployed_or_is_known_by_its_title_is_not_blamed_on_another() {
    let mut story = two_changes();
    story.land("3", 3);
    if let Event::Change(change) = &mut story.last().event {
        change.title = Some("Third".to_owned());
    }
    story.after_hours(1).revert("9", 3, "Revert \"Third\"", None);
    assert!(failed(&story).is_empty(), "change 3 was merged after the last deploy");
    story.after_hours(1).revert("10", 3, "Back", Some("revert-3-third"));
    assert!(failed(&story).is_empty());
}

#[test]
fn a_deploy_of_an_older_commit_does_not_hold_what_was_merged_after_it() {
    let mut story = two_changes();
    // A deploy of the commit of change 1 for another environment, after change 2 was merged.
    story.deploy("c", "merge-1", Succeeded);
    if let Event::Deploy(deploy) = &mut story.last().event {
        deploy.environment = "live".to_owned();
    }
    story.after_hours(1).revert("9", 3, "Back", Some("revert-2-x"));
    assert_eq!(failed(&story), [("b".to_owned(), "reverted")]);
}

#[test]
fn a_revert_of_a_revert_by_its_number_blames_nobody() {
    let mut story = two_changes();
    story.after_hours(24).revert("3", 3, "Revert \"Faster tides\"", Some("revert-2-tides"));
    story.revert("4", 3, "Once more", Some("revert-3-revert-2-tides"));
    assert!(failed(&story).is_empty());
}

#[test]
fn a_revert_later_than_a_day_blames_nobody_and_a_deploy_fails_once() {
    let mut late = two_changes();
    late.after_hours(23).revert("9", 3, "Back", Some("revert-2-x"));
    assert_eq!(failed(&late), [("b".to_owned(), "reverted")], "a day to the minute");
    let mut later = two_changes();
    later.after_hours(24).revert("9", 3, "Back", Some("revert-2-x"));
    assert!(failed(&later).is_empty());

    let mut twice = two_changes();
    twice.revert("8", 3, "Back", Some("revert-2-x")).revert("9", 3, "Back", Some("revert-1-x")).deploy("back", "merge-1", Succeeded);
    assert_eq!(failed(&twice).len(), 1);
}

#[test]
fn an_incident_that_names_a_deployment_is_its_failure() {
    let mut story = two_changes();
    story.after_hours(400).incident("i1", Some("a")).incident("i2", None).incident("i3", Some("other"));
    assert_eq!(failed(&story), [("a".to_owned(), "incident")]);
}

#[test]
fn what_nobody_heard_is_blamed_on_no_deploy() {
    let mut story = two_changes();
    story.revert("9", 3, "Back", Some("revert-2-x")).after_hours(1);
    story.deploy("c", "three", Created).deploy("c", "three", Succeeded).after_hours(2);
    story.deploy("back", "merge-2", Created).deploy("back", "merge-2", Succeeded);
    let because = |gaps: &[(&str, &str)]| {
        let all = known(&story.signals(), gaps);
        all.into_iter().filter_map(|(id, why, _)| why.map(|why| format!("{id} {why}"))).collect::<Vec<_>>()
    };
    assert_eq!(because(&[]), ["b reverted", "c went back"]);
    assert_eq!(because(&[("2026-03-03T10:30:00Z", "2026-03-03T10:40:00Z")]), ["c went back"], "another deploy may have come between");
    assert_eq!(because(&[("2026-03-03T13:00:00Z", "2026-03-03T13:30:00Z")]), ["b reverted"]);
}

#[test]
fn a_deploy_that_was_under_way_in_a_gap_is_left_out() {
    let mut story = Story::starting("2026-03-02T09:00:00Z");
    story.deploy("a", "one", Created).after_hours(2).deploy("a", "one", Failed).after_hours(1).deploy("b", "two", Failed);
    let left = |gaps: &[(&str, &str)]| known(&story.signals(), gaps).len();
    assert_eq!(left(&[]), 2);
    assert_eq!(left(&[("2026-03-02T10:00:00Z", "2026-03-02T10:10:00Z")]), 0, "of b nobody knows when it began");
    assert_eq!(left(&[("2026-03-01T08:00:00Z", "2026-03-01T09:00:00Z")]), 2);
    assert_eq!(left(&[("2026-03-02T11:30:00Z", "2026-03-02T11:40:00Z")]), 1);
}

#[test]
fn a_source_that_was_off_for_the_baseline_has_nothing_to_be_compared_with() {
    let signals = of(14, 16).signals();
    let calendar = Calendar::default();
    let connection = ConnectionId::new(OrgId::from_bytes([1; 16]), [1; 8]);
    let place = REPOSITORY.place();
    let says = |unheard: Vec<Unheard>| {
        let history = History::heard(signals.iter().map(|signal| (Some(connection), signal)), &calendar).with_unheard(unheard);
        ChangeFailures.evaluate(Scope { connection: Some(connection), place: &place }, &history.view(LOOK.parse().unwrap(), Dial::Quiet))
    };
    let off = Unheard {
        of: Some((connection, place.external_id().to_owned())),
        during: Window { from: Instant::MIN, to: "2026-03-02T08:00:00Z".parse().unwrap() },
    };
    assert!(matches!(says(Vec::new()), Outcome::Fires(_)));
    assert!(matches!(says(vec![off]), Outcome::Nothing));
    assert!(matches!(says_of(&plain(16, 16)), Outcome::Nothing), "and neither has one that was just connected");
}

#[test]
fn the_people_behind_it_wrote_what_was_deployed_whoever_deployed_it() {
    let mut signals = of(5, 16).signals();
    for signal in signals.iter_mut().filter(|signal| matches!(signal.event, Event::Deploy(_))) {
        (signal.actor, signal.actor_kind) = (Some(person(1)), ActorKind::Human);
    }
    let Outcome::Fires(candidate) = outcome(&ChangeFailures, &signals, LOOK.parse().unwrap()) else { panic!("it fires") };
    assert_eq!(candidate.cohort.contributors(), 5);
}

#[test]
fn a_deploy_brings_all_that_was_merged_since_the_last_one_that_stayed() {
    let mut story = Story::starting("2026-03-02T09:00:00Z");
    story.land("1", 1).after_hours(1).deploy("a", "merge-1", Succeeded).after_hours(23);
    story.land("2", 2).after_hours(1).land("3", 3).after_hours(1).deploy("b", "merge-3", Failed).after_hours(22);
    story.land("4", 3).after_hours(1).deploy("c", "merge-4", Succeeded).after_hours(1).deploy("back", "merge-1", Succeeded);
    story.after_hours(22).land("5", 5).after_hours(1).deploy("d", "of no change that is known", Succeeded);
    let people: Vec<(String, usize)> = known(&story.signals(), &[]).into_iter().map(|(id, _, people)| (id, people)).collect();
    // b holds 2 and 3; c too, since b failed, and 4 by one of them; d all since a, since c was taken back.
    assert_eq!(people, [("a", 1), ("b", 2), ("c", 2), ("d", 3)].map(|(id, people)| (id.to_owned(), people)));
}

#[test]
fn one_author_may_be_behind_half_and_no_more() {
    let by = |authors: &[u8]| {
        let mut story = Story::starting("2026-03-02T09:00:00Z");
        story.team(6);
        for (day, author) in authors.iter().enumerate() {
            story.land(&format!("{day}"), *author).after_hours(1);
            story.deploy(&format!("d{day}"), &format!("merge-{day}"), Failed).after_hours(23);
            // The next one brings it again; so that each has only its own, it is repeated at once.
            story.deploy(&format!("e{day}"), &format!("merge-{day}"), Succeeded);
        }
        for plain in 0..5 {
            story.deploy(&format!("p{plain}"), &format!("plain-{plain}"), Succeeded).after_hours(1);
        }
        went_well(&mut story);
        story
    };
    assert!(matches!(says_of(&by(&[1, 1, 1, 2, 3, 4])), Outcome::Fires(_)));
    assert!(matches!(says_of(&by(&[1, 1, 1, 2, 3])), Outcome::Withheld(Withheld::GroupTooSmall)));
    assert!(matches!(says_of(&by(&[1, 1, 1, 2, 2, 2])), Outcome::Withheld(Withheld::GroupTooSmall)), "two authors");
}

#[test]
fn deploys_of_changes_that_nobody_known_wrote_are_not_told() {
    let mut signals = of(5, 16).signals();
    for signal in signals.iter_mut().filter(|signal| matches!(signal.event, Event::Change(_))) {
        (signal.actor, signal.actor_kind) = (None, ActorKind::Bot);
    }
    assert!(matches!(outcome(&ChangeFailures, &signals, LOOK.parse().unwrap()), Outcome::Withheld(Withheld::GroupTooSmall)));
}

#[test]
fn the_chart_shows_each_week_with_the_share_that_would_have_been_too_much() {
    let candidate = fired(&ChangeFailures, &of(5, 16), LOOK);
    let points: Vec<(String, f64)> = candidate.chart.points.iter().map(|point| (point.at.to_string(), point.value)).collect();
    // Up to the look of 16 March there were 14 deploys on 2 to 15 March, and 7 before; the weeks before, none failed.
    assert_eq!(points.iter().filter(|(_, share)| *share > 0.0).count(), 3);
    assert_eq!(points[points.len() - 2..], [("2026-03-16T06:00:00Z".to_owned(), 5.0 / 21.0), (LOOK.to_owned(), 5.0 / 16.0)]);
    assert_eq!(points.first().map(|(at, _)| at.as_str()), Some("2026-01-12T06:00:00Z"), "before, less than 10 deploys to compare with");
    assert_eq!(candidate.chart.points.last().unwrap().limit, Some(candidate.chart.limit));
    assert!((candidate.chart.limit - 5.0 / 16.0).abs() < 1e-9);
}

/// Each signal with the connection over which it is heard: deploys over `deploys`, all else over the other.
fn over_two(story: &Story, deploys: ConnectionId, changes: &[ConnectionId]) -> Vec<(Option<ConnectionId>, Signal)> {
    let of = |signal: Signal| match signal.event {
        Event::Deploy(_) => vec![(Some(deploys), signal)],
        _ => changes.iter().map(|connection| (Some(*connection), signal.clone())).collect(),
    };
    story.signals().into_iter().flat_map(of).collect()
}

#[test]
fn who_wrote_what_another_tool_deployed_is_known_by_the_changes_of_that_repository() {
    let id = |number: u8| ConnectionId::new(OrgId::from_bytes([1; 16]), [number; 8]);
    let (calendar, place) = (Calendar::default(), REPOSITORY.place());
    let evaluated = |heard: &[(Option<ConnectionId>, Signal)]| {
        let history = History::heard(heard.iter().map(|(connection, signal)| (*connection, signal)), &calendar);
        let view = history.view(LOOK.parse().unwrap(), Dial::Quiet);
        ChangeFailures.evaluate(Scope { connection: Some(id(1)), place: &place }, &view)
    };
    let story = of(7, 12);
    let Outcome::Fires(candidate) = evaluated(&over_two(&story, id(1), &[id(2)])) else { panic!("it fires") };
    assert_eq!(candidate.connection, Some(id(1)));
    assert!(candidate.evidence.iter().all(|evidence| evidence.kind == "deploy"), "all sources are of its own connection");
    let unknown = |outcome: Outcome| matches!(outcome, Outcome::Withheld(Withheld::GroupTooSmall));
    assert!(unknown(evaluated(&over_two(&story, id(1), &[id(2), id(3)]))), "nobody knows which of two was deployed");
    let elsewhere = story.signals().into_iter().map(|mut signal| {
        let is_deploy = matches!(signal.event, Event::Deploy(_));
        if !is_deploy && signal.place == place {
            signal.place = crate::signals::place::Place::from_external_id("acme/api").unwrap();
        }
        (Some(if is_deploy { id(1) } else { id(2) }), signal)
    });
    assert!(unknown(evaluated(&elsewhere.collect::<Vec<_>>())), "changes of another repository");
}
