//! D11 at each of its edges.

use super::story::{Story, fired, outcome};
use crate::detection::candidate::Facts;
use crate::detection::flaky_pipeline::FlakyPipeline;
use crate::detection::{Outcome, Withheld};
use crate::signals::{ActorKind, ChangeTransition, Conclusion, Event};

const LOOK: &str = "2026-03-16T06:00:00Z";

/// A team of six, and for each of `authors` a change of theirs whose commit failed and then passed.
fn flakes(authors: &[u8]) -> Story {
    let mut story = Story::starting("2026-03-09T10:00:00Z");
    story.team(6);
    for (number, author) in authors.iter().enumerate() {
        let (id, sha) = (format!("{number}"), format!("head-{number}"));
        story.open(&id, *author);
        story.run(&id, &sha, 1, Conclusion::Failure).after_hours(1);
        story.run(&id, &sha, 2, Conclusion::Success).after_hours(1);
    }
    story
}

/// The same with so many runs in all.
fn of_runs(authors: &[u8], runs: usize) -> Story {
    let mut story = flakes(authors);
    for number in authors.len()..runs {
        story.run(&format!("plain-{number}"), &format!("other-{number}"), 1, Conclusion::Success);
    }
    story
}

fn says(story: &Story) -> Outcome {
    outcome(&FlakyPipeline, &story.signals(), LOOK.parse().unwrap())
}

fn counted(story: &Story) -> (usize, usize) {
    match fired(&FlakyPipeline, story, LOOK).facts {
        Facts::FlakyPipeline(facts) => (facts.flakes, facts.runs),
        other => panic!("{other:?}"),
    }
}

#[test]
fn five_flakes_that_are_a_tenth_of_the_runs_fire() {
    assert_eq!(counted(&of_runs(&[1, 2, 3, 4, 5], 50)), (5, 50));
    assert!(matches!(says(&of_runs(&[1, 2, 3, 4, 5], 51)), Outcome::Nothing), "less than a tenth");
    assert!(matches!(says(&of_runs(&[1, 2, 3, 4], 5)), Outcome::Nothing), "four flakes");
}

#[test]
fn attempts_of_a_run_are_one_run_and_a_commit_flakes_once() {
    let mut story = flakes(&[1, 2, 3, 4, 5]);
    story.run("0", "head-0", 3, Conclusion::Failure).after_hours(1).run("0", "head-0", 4, Conclusion::Success);
    assert_eq!(counted(&story), (5, 5));
}

#[test]
fn another_run_of_the_workflow_on_the_commit_makes_a_flake_too() {
    let mut story = flakes(&[1, 2, 3, 4]);
    story.open("9", 5).run("a", "head-9", 1, Conclusion::TimedOut).after_hours(1).run("b", "head-9", 1, Conclusion::Success);
    assert_eq!(counted(&story), (5, 6));
}

#[test]
fn another_workflow_another_commit_or_a_success_first_makes_none() {
    let mut workflow = flakes(&[1, 2, 3, 4]);
    workflow.open("9", 5).run("a", "head-9", 1, Conclusion::Failure).after_hours(1).run("b", "head-9", 1, Conclusion::Success);
    if let Event::Run(run) = &mut workflow.last().event {
        run.workflow = "lint".to_owned();
    }
    assert!(matches!(says(&workflow), Outcome::Nothing));

    let mut commit = flakes(&[1, 2, 3, 4]);
    commit.open("9", 5).run("a", "head-9", 1, Conclusion::Failure).after_hours(1).run("b", "next-9", 1, Conclusion::Success);
    assert!(matches!(says(&commit), Outcome::Nothing));

    let mut order = flakes(&[1, 2, 3, 4]);
    order.open("9", 5).run("a", "head-9", 1, Conclusion::Success).after_hours(1).run("b", "head-9", 1, Conclusion::Failure);
    assert!(matches!(says(&order), Outcome::Nothing));

    let mut cancelled = flakes(&[1, 2, 3, 4]);
    cancelled.open("9", 5).run("a", "head-9", 1, Conclusion::Cancelled).after_hours(1).run("b", "head-9", 1, Conclusion::Success);
    assert!(matches!(says(&cancelled), Outcome::Nothing));
}

#[test]
fn runs_without_a_commit_are_compared_with_their_own_attempts() {
    let mut story = flakes(&[1, 2, 3, 4]);
    for (id, attempt, conclusion) in [("a", 1, Conclusion::Failure), ("b", 1, Conclusion::Success), ("a", 2, Conclusion::Success)] {
        story.after_hours(1).run(id, "", attempt, conclusion);
        if let Event::Run(run) = &mut story.last().event {
            run.sha = None;
        }
    }
    assert_eq!(counted(&story), (5, 6), "run a failed and passed; run b is another");
}

#[test]
fn a_flake_counts_in_the_fourteen_days_of_its_success() {
    let mut story = flakes(&[1, 2, 3, 4]);
    story.open("9", 5);
    story.at("2026-02-20T10:00:00Z").run("a", "head-9", 1, Conclusion::Failure);
    let mut inside = story.clone();
    inside.at("2026-03-02T06:00:00Z").run("a", "head-9", 2, Conclusion::Success);
    assert_eq!(counted(&inside), (5, 5));
    story.at("2026-03-02T05:59:59Z").run("a", "head-9", 2, Conclusion::Success);
    assert!(matches!(says(&story), Outcome::Nothing));
}

#[test]
fn one_author_may_be_behind_half_and_no_more() {
    assert!(matches!(says(&flakes(&[1, 1, 1, 2, 3, 4])), Outcome::Fires(_)));
    assert!(matches!(says(&flakes(&[1, 1, 1, 2, 3])), Outcome::Withheld(Withheld::GroupTooSmall)));
    assert!(matches!(says(&flakes(&[1, 1, 1, 2, 2, 2])), Outcome::Withheld(Withheld::GroupTooSmall)), "two authors");
}

#[test]
fn the_people_behind_it_are_the_authors_of_the_changes_not_who_started_the_runs() {
    let mut story = flakes(&[1, 2, 3, 4, 5]);
    let mut signals = story.signals();
    for signal in signals.iter_mut().filter(|signal| matches!(signal.event, Event::Run(_))) {
        signal.actor = Some(super::story::person(1));
        signal.actor_kind = ActorKind::Human;
    }
    assert!(matches!(outcome(&FlakyPipeline, &signals, LOOK.parse().unwrap()), Outcome::Fires(_)));

    // By the number of the change, where the commit is no head of one.
    story.open("20", 6).run("a", "unknown", 1, Conclusion::Failure);
    if let Event::Run(run) = &mut story.last().event {
        run.change = Some("20".to_owned());
    }
    story.after_hours(1).run("a", "unknown", 2, Conclusion::Success);
    assert_eq!(fired(&FlakyPipeline, &story, LOOK).cohort.contributors(), 6);
}

#[test]
fn a_merge_commit_leads_to_the_author_of_the_change() {
    let mut story = flakes(&[1, 2, 3, 4]);
    story.change("20", ChangeTransition::Opened, Some(6), None).after_hours(1).merge("20");
    story.run("a", "merge-20", 1, Conclusion::Failure).after_hours(1).run("a", "merge-20", 2, Conclusion::Success);
    assert_eq!(fired(&FlakyPipeline, &story, LOOK).cohort.contributors(), 5);
}

#[test]
fn the_source_of_a_flake_is_the_run_that_failed_first() {
    let mut story = flakes(&[1, 2, 3, 4]);
    story.open("9", 5).run("first", "head-9", 1, Conclusion::Failure).after_hours(1).run("second", "head-9", 1, Conclusion::Failure);
    story.after_hours(1).run("third", "head-9", 1, Conclusion::Success);
    let evidence = fired(&FlakyPipeline, &story, LOOK).evidence;
    let holds = |run: &str| evidence.iter().any(|source| source.id == format!("run:acme/web:{run}"));
    assert!(holds("first") && !holds("second"), "{evidence:?}");
}

#[test]
fn a_commit_is_its_first_changes_even_where_a_later_one_holds_it_too() {
    let mut story = flakes(&[1, 2, 3, 4, 5]);
    for number in 0..5 {
        story.change(&format!("backport-{number}"), ChangeTransition::Opened, Some(6), Some(&format!("head-{number}")));
    }
    assert_eq!(fired(&FlakyPipeline, &story, LOOK).cohort.contributors(), 5);
}

#[test]
fn changes_of_bots_count_for_no_one() {
    let mut story = flakes(&[1, 2]);
    for number in 10..14 {
        let (id, sha) = (format!("{number}"), format!("head-{number}"));
        story.open(&id, 3);
        story.last().actor_kind = ActorKind::Bot;
        story.run(&id, &sha, 1, Conclusion::Failure).after_hours(1).run(&id, &sha, 2, Conclusion::Success);
    }
    assert!(matches!(says(&story), Outcome::Withheld(Withheld::GroupTooSmall)));
}

#[test]
fn the_chart_ends_with_the_window_and_shows_quiet_weeks_before() {
    let mut story = flakes(&[1, 2, 3, 4, 5]);
    story.at("2026-02-10T10:00:00Z").run("old", "old", 1, Conclusion::Success);
    let candidate = fired(&FlakyPipeline, &story, LOOK);
    let points = candidate.chart.points.iter().map(|point| (point.at.to_string(), point.value));
    // Each point counts the 14 days before it, as the limit does, so the run of 10 February is in two of them.
    let expected = [("2026-02-16T06:00:00Z", 0.0), ("2026-02-23T06:00:00Z", 0.0), ("2026-03-16T06:00:00Z", 1.0)];
    assert_eq!(points.collect::<Vec<_>>(), expected.map(|(at, value)| (at.to_owned(), value)), "no point where nothing ran");
    assert!(matches!(candidate.facts, Facts::FlakyPipeline(facts) if facts.usual_share == Some(0.0)));
}
